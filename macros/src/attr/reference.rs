//! The reference page of all attributes, made from their doc comments.

use super::arguments::Arguments;
use super::{ColumnAttr, ColumnOn, ColumnTypeAttr, DbEnumAttr, TableAttr, VariantAttr, parts, table};

/// The page, as `attributes.md` beside Cargo.toml holds it.
fn page() -> String {
    let mut page = String::from("# Attributes\n");
    section::<TableAttr>(&mut page, "`#[table(…)]` on a struct");
    section::<table::TableOn>(&mut page, "`#[table(postgres(…), sqlite(…))]`");
    section::<ColumnAttr>(&mut page, "`#[column(…)]` on a field");
    section::<ColumnOn>(&mut page, "`#[column(postgres(…), sqlite(…))]`");
    section::<parts::IndexOptions>(
        &mut page,
        "Options of `index`, `unique`, `primary_key` and `exclude`, behind a semicolon",
    );
    section::<parts::ForeignKeyOptions>(&mut page, "Options of `foreign_key`, behind a semicolon");
    section::<parts::CheckOptions>(&mut page, "Options of `check`, behind a semicolon");
    section::<parts::IdentityPart>(&mut page, "`identity(…)`");
    section::<DbEnumAttr>(&mut page, "`#[db_enum(…)]` on an enum");
    section::<VariantAttr>(&mut page, "`#[db_enum(…)]` on a variant");
    section::<ColumnTypeAttr>(&mut page, "`#[column_type(…)]` on a newtype");
    page
}

fn section<A: Arguments>(page: &mut String, title: &str) {
    page.push_str(&format!("\n## {title}\n\n"));
    for (word, doc) in A::REFERENCE {
        let text = doc.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        page.push_str(&format!("- **`{word}`**: {}\n", text.trim()));
    }
}

#[test]
fn the_page_is_what_the_doc_comments_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/attributes.md");
    if std::env::var_os("LIMBECK_BLESS").is_some() {
        std::fs::write(path, page()).expect("the page can be written");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == page(), "run `LIMBECK_BLESS=1 cargo test -p limbeck-macros` to write attributes.md anew");
}
