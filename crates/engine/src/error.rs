//! Why an operation was not done.

use access::Denied;

/// Why an operation was not done. Nothing was changed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Storage(storage::Error),
    /// There is no such row, as far as the caller may know.
    #[error("there is nothing at this address")]
    NotFound,
    /// A scope or a permission is missing.
    #[error("this is not allowed")]
    Denied(Denied),
    /// Parameters or members of the body are not what the declaration says; every one of them is named.
    #[error("some of the input is wrong")]
    Invalid(Vec<Problem>),
    /// A deletion of what others refer to: the fields that do, each with its resource.
    #[error("others refer to it")]
    Referred(Vec<String>),
    /// Another row has what only one may have.
    #[error("another has the same")]
    Taken,
    /// A rule of the business says no to what a member of the body, or a parameter, says.
    #[error("{}", .0.message)]
    Broken(Problem),
    /// What a member of the body, or a parameter, says does not go together with how things are now.
    #[error("{}", .0.message)]
    Conflict(Problem),
    /// The server does not do this yet.
    #[error("{0}")]
    NotYet(String),
}

impl Error {
    /// One member or parameter that is not what it should be.
    pub fn invalid(field: &str, message: &str) -> Self {
        Self::Invalid(vec![Problem::new(field, "invalid", message)])
    }

    /// A rule says no to what a member of the body says. `id` is the object itself, whether the body or the address names it.
    pub fn rule(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self::Broken(Problem::new(field, code, message))
    }

    /// What a member says does not go together with how things are now. `id` is the object itself, as in [`Self::rule`].
    pub fn conflict(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict(Problem::new(field, code, message))
    }

    /// The same refusal, of an operation whose input says in another member what it is about.
    #[must_use]
    pub fn about(mut self, field: &str) -> Self {
        if let Self::Broken(problem) | Self::Conflict(problem) = &mut self {
            field.clone_into(&mut problem.field);
        }
        self
    }
}

/// What the database refuses is a conflict, whatever the statement was for.
impl From<storage::Error> for Error {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Reference => Self::Referred(Vec::new()),
            storage::Error::Duplicate => Self::Taken,
            error => Self::Storage(error),
        }
    }
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

/// What is wrong with one parameter or member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its name; members of nested objects with dots.
    pub field: String,
    /// Stable, for programs.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
}

impl Problem {
    /// With a sentence.
    pub fn new(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), code, message: message.into() }
    }
}
