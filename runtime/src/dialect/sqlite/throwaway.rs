//! A file of its own, for trying things out.

use crate::dialect::DatabaseError;
use crate::dialect::throwaway::Throwaway;

/// Makes one. The file comes with the first connection.
pub(in crate::dialect) fn throwaway() -> Result<Throwaway, DatabaseError> {
    let made = tempfile::Builder::new().prefix("limbeck-throwaway-").tempdir();
    let folder =
        made.map_err(|error| DatabaseError::new("make a folder for a database to try things out", error.into()))?;
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("throwaway.db").display());
    Ok(Throwaway::new(url, move || {
        Box::pin(async move {
            folder
                .close()
                .map_err(|error| DatabaseError::new("remove the database for trying things out", error.into()))
        })
    }))
}
