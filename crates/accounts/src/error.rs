//! What can go wrong in accounts.

/// Why something was not done. Whatever the reason, nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
    /// The input is wrong; every wrong field is named.
    #[error("the input is not valid")]
    Invalid(Vec<Problem>),
    /// There is no such thing, or it belongs to somebody else.
    #[error("not found")]
    NotFound,
    /// Known, but not allowed; the code says why.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// Too many attempts.
    #[error("too many attempts; try again in {retry_after_seconds} s")]
    Throttled {
        /// Seconds after which another attempt is looked at.
        retry_after_seconds: i64,
    },
    /// It does not fit the current state; the code says how.
    #[error("conflict: {0}")]
    Conflict(&'static str),
}

/// What is wrong with one field of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Name of the field.
    pub field: &'static str,
    /// A stable code, for programs.
    pub code: &'static str,
    /// A sentence, for people.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self { field, code, message: message.into() }
    }
}
