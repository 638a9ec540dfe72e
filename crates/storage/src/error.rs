//! What can go wrong below the business.

/// A failure of the database or of the way to it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The database was written by a later version of this program.
    #[error(
        "the database holds the migration {0:?}, which this version of muster does not know: \
         it was used by a newer version. Run that version, or restore a backup made before the upgrade"
    )]
    NewerSchema(String),
    /// The database cannot be reached or opened.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// A row with the same unique values exists.
    #[error("a row with these values exists already")]
    Duplicate,
    /// A foreign key forbids the change.
    #[error("another row refers to this one, or the one referred to is missing")]
    Reference,
    /// A concurrent transaction won; the storage thread runs the closure again.
    #[error("the transaction met a concurrent one")]
    Serialization,
    /// A cell does not hold what the record declares.
    #[error("column {column} of {table} cannot be read")]
    Unreadable {
        /// Table of the record.
        table: &'static str,
        /// Column of the record.
        column: &'static str,
    },
    /// Anything else that the driver reports. Never holds values of parameters.
    #[error("database error: {0}")]
    Driver(String),
    /// The storage threads have ended.
    #[error("the database is closed")]
    Closed,
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ffi;
        match &error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.extended_code {
                ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => Error::Duplicate,
                ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Error::Reference,
                ffi::SQLITE_BUSY_SNAPSHOT => Error::Serialization,
                _ => Error::Driver(error.to_string()),
            },
            _ => Error::Driver(error.to_string()),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        match error.code() {
            Some(&SqlState::UNIQUE_VIOLATION) => Error::Duplicate,
            Some(&SqlState::FOREIGN_KEY_VIOLATION) => Error::Reference,
            // Memory runs out first where locks are kept that tell concurrent transactions apart; they go with these.
            Some(
                &SqlState::T_R_SERIALIZATION_FAILURE
                | &SqlState::T_R_DEADLOCK_DETECTED
                | &SqlState::LOCK_NOT_AVAILABLE
                | &SqlState::OUT_OF_MEMORY,
            ) => Error::Serialization,
            Some(code) => {
                // The detail of a server error may quote values, so only code and message are kept.
                let message = error.as_db_error().map_or("", |e| e.message());
                let message = format!("{message} ({})", code.code());
                // Connections, resources, and what its operator does: none is the fault of a statement.
                match code.code().get(..2) {
                    Some("08" | "53" | "57") => Error::Unavailable(message),
                    _ => Error::Driver(message),
                }
            }
            None => Error::Unavailable(error.to_string()),
        }
    }
}
