//! What to do about an error of the library: the hints that only the command line can give.

use limbeck::dialect::{ConnectError, DatabaseError};
use limbeck::migrate::{MigrateError, TargetError};
use limbeck::registry::RegistryError;

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

/// Models that cannot be used.
pub(crate) fn registry(error: &RegistryError) -> Failure {
    match error {
        RegistryError::Empty => Failure::new("no models are registered")
            .why("nothing here derives `limbeck::Table`, or the crate that does is not linked")
            .next("write a struct with #[derive(limbeck::Table)]")
            .next("name the crate that has the models: limbeck::models!(my_models);"),
        error => Failure::from_error(error),
    }
}

/// A run of migrations that stopped.
pub(crate) fn migrate(error: &MigrateError, command: &dyn Fn(&str) -> String) -> Failure {
    match error {
        MigrateError::Failed { id, message, about, source } => {
            let failure = Failure::new(format!("migration `{id}` ({message}) failed and was rolled back whole"))
                .why(format!("cannot {about}"))
                .because(&source.source);
            let failure = match &source.sql {
                Some(sql) => failure.why(format!("in: {sql}")),
                None => failure,
            };
            failure.next("mend the migration, or the rows, and run it again")
        }
        MigrateError::Database(error) => database(error),
        MigrateError::Connect(ConnectError::Database(error)) => database(error),
        MigrateError::Registry(error) => registry(error),
        MigrateError::Target(TargetError::SeveralHeads(_)) => {
            Failure::from_error(error).next(command("merge")).next(command("rebase")).next(command("upgrade heads"))
        }
        MigrateError::Target(_) | MigrateError::Unknown { .. } => Failure::from_error(error).next(command("history")),
        MigrateError::Placeholder { id, .. } => Failure::from_error(error).next(command(&format!("edit {id}"))),
        MigrateError::Loss { id, .. } => {
            Failure::from_error(error).next(command("upgrade --plan")).next(command(&format!("edit {id}")))
        }
        MigrateError::Uncertain { .. } => Failure::from_error(error)
            .next(command("upgrade --interrupted done"))
            .next(command("upgrade --interrupted again")),
        MigrateError::Edited { .. } | MigrateError::Behind { .. } => {
            Failure::from_error(error).next(command("upgrade"))
        }
        error => Failure::from_error(error),
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
