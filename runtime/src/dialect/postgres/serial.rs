//! Columns that count, and their sequences.

use super::types::limits;
use crate::schema::{Auto, Column, QualifiedName, Sequence, SequenceOptions, Type, tokens};

/// Whether a default is `nextval` of this sequence.
pub(super) fn reads(sql: &str, sequence: &str) -> bool {
    let tokens = tokens(sql);
    let name = |text: &str| text.rsplit('.').next().unwrap_or_default().trim_matches('"').replace("\"\"", "\"");
    tokens.first().is_some_and(|t| t.is_word("nextval")) && tokens.get(2).is_some_and(|t| name(&t.value()) == sequence)
}

/// A column that reads a sequence of its own.
pub(super) fn serial(table: &QualifiedName, column: &Column, sequence: &Sequence) -> Auto {
    let usual = super::render::serial_name(table, &column.name, None);
    let mut options = sequence.options.clone();
    // A sequence that counts further than its column, or less far, says so by its limit.
    let (low, high) = limits(&sequence.ty);
    if sequence.ty != column.ty {
        if options.increment.is_some_and(|step| step < 0) {
            options.min = options.min.or(Some(low));
        } else {
            options.max = options.max.or(Some(high));
        }
    }
    let sequence = (usual != sequence.name).then(|| sequence.name.name.clone());
    Auto::Serial { sequence, options }
}

/// Options without what is the default (manual, `CREATE SEQUENCE`).
pub(super) fn unsaid(
    ty: &Type,
    start: i64,
    increment: i64,
    min: i64,
    max: i64,
    cache: i64,
    cycle: bool,
) -> SequenceOptions {
    let (low, high) = limits(ty);
    let (usual_min, usual_max) = if increment > 0 { (1, high) } else { (low, -1) };
    let usual_start = if increment > 0 { min } else { max };
    let said = |value: i64, usual: i64| (value != usual).then_some(value);
    SequenceOptions {
        start: said(start, usual_start),
        increment: said(increment, 1),
        min: said(min, usual_min),
        max: said(max, usual_max),
        cache: said(cache, 1),
        cycle,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_default_is_recognised() {
        assert!(reads("nextval('t_id_seq'::regclass)", "t_id_seq"));
        assert!(reads("nextval('auth.\"T_id_seq\"'::regclass)", "T_id_seq"));
        assert!(!reads("nextval('other'::regclass)", "t_id_seq"));
    }
}
