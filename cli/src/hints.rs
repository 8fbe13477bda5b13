//! What to do about an error of the library: the hints that only the command line can give.

use limbeck::dialect::{ConnectError, DatabaseError};

use crate::failure::Failure;

/// A database that cannot be reached.
pub(crate) fn connect(place: &str, error: &ConnectError) -> Failure {
    match error {
        ConnectError::Scheme { known, .. } => Failure::new(format!("cannot use the database `{place}`"))
            .because(error)
            .next(format!("name one that begins with {}", known.join(" or "))),
        ConnectError::NotBuilt { feature, .. } => Failure::new(format!("cannot use the database `{place}`"))
            .because(error)
            .next(format!("add the feature `{feature}` to limbeck and to limbeck-cli in Cargo.toml")),
        ConnectError::Database(error) => {
            let failure = Failure::new(format!("cannot connect to `{place}`")).because(&error.source);
            if place.starts_with("sqlite") {
                failure.next("check the path; with ?mode=rwc at its end the file is created")
            } else {
                failure.next("check that the server runs, or name another database with --database-url")
            }
        }
    }
}

/// Anything else that a database said no to.
pub(crate) fn database(error: &DatabaseError) -> Failure {
    let doing = &error.doing;
    let what = if doing.starts_with("cannot ") { doing.clone() } else { format!("cannot {doing}") };
    let failure = Failure::new(what).because(&error.source);
    match &error.sql {
        Some(sql) => failure.why(format!("in: {sql}")),
        None => failure,
    }
}
