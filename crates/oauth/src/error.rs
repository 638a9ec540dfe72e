//! What can go wrong: on the wire, in a form, and in the program.

use std::fmt;

use accounts::Problem;

/// A refusal in the words of the protocol (RFC 6749 sections 4.1.2.1 and 5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtocolError {
    /// The code that programs read.
    pub code: &'static str,
    /// An explanation for developers, in the characters that RFC 6749 allows.
    pub description: String,
    /// The HTTP status, where the error is an answer of its own.
    pub status: u16,
}

/// The longest description, in characters.
const DESCRIPTION: usize = 300;

impl ProtocolError {
    /// The description may hold what a client sent: it ends up in headers, so all but the characters of
    /// RFC 6749 section 5.2 is replaced.
    fn new(code: &'static str, status: u16, description: &str) -> Self {
        let printable = |c| match c {
            ' '..='!' | '#'..='[' | ']'..='~' => c,
            '"' => '\'',
            _ => '?',
        };
        Self { code, status, description: description.chars().take(DESCRIPTION).map(printable).collect() }
    }

    /// The request is malformed: something is missing, doubled or of the wrong form.
    pub fn invalid_request(description: &str) -> Self {
        Self::new("invalid_request", 400, description)
    }

    /// The client did not authenticate. One text for every reason, so that guesses learn nothing.
    pub fn invalid_client() -> Self {
        Self::new(
            "invalid_client",
            401,
            "Client authentication failed: the client is unknown, sent no valid credentials, or used a method \
             that is not supported.",
        )
    }

    /// The code or refresh token is not good.
    pub fn invalid_grant(description: &str) -> Self {
        Self::new("invalid_grant", 400, description)
    }

    /// The grant type is none that this server has.
    pub fn unsupported_grant_type() -> Self {
        Self::new(
            "unsupported_grant_type",
            400,
            "This server supports the grant types authorization_code and refresh_token.",
        )
    }

    /// The scope is unknown, or more than the application may have.
    pub fn invalid_scope(description: &str) -> Self {
        Self::new("invalid_scope", 400, description)
    }

    /// The person said no, or may not say yes.
    pub fn access_denied(description: &str) -> Self {
        Self::new("access_denied", 400, description)
    }

    /// The response type is not `code`.
    pub fn unsupported_response_type() -> Self {
        Self::new("unsupported_response_type", 400, "This server supports the response type code only.")
    }

    /// The redirect URI is not one of the application's (the name is that of RFC 7591 section 3.2.2).
    pub fn invalid_redirect_uri() -> Self {
        Self::new(
            "invalid_redirect_uri",
            400,
            "The redirect URI is not registered for this application; it must be the same, character by \
             character.",
        )
    }

    /// The resource is not on this server (RFC 8707 section 2).
    pub fn invalid_target() -> Self {
        Self::new("invalid_target", 400, "The resource is not one that this server issues tokens for.")
    }

    /// The token is not the client's to revoke; 403 rather than 401, as clients of the platform know it.
    pub fn not_your_token() -> Self {
        Self::new("unauthorized_client", 403, "Only the application that holds a token may revoke it.")
    }
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.description)
    }
}

impl std::error::Error for ProtocolError {}

/// All that is wrong with a form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" "))]
pub struct Invalid(pub Vec<Problem>);

/// Why an action of a person was not done. Nothing was changed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
    /// The input is not good.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is no such thing, or it belongs to another company.
    #[error("it does not exist")]
    NotFound,
    /// The current state does not allow it; the sentence says what to do first.
    #[error("{0}")]
    Conflict(&'static str),
    /// Only an administrator may.
    #[error("only an administrator may do this")]
    Forbidden,
}

/// Ends a request inside the crate: a refusal keeps the transaction, a failure of storage does not.
pub(crate) enum Stop {
    Refused(Refusal),
    Storage(storage::Error),
}

/// A refusal with what only the application's own log says.
pub(crate) struct Refusal {
    pub(crate) error: ProtocolError,
    /// More than the client is told; the client's description where empty.
    pub(crate) reason: String,
    /// What was sent.
    pub(crate) sent: String,
}

impl ProtocolError {
    /// Adds what the application's developer should know beyond what the client is told.
    pub(crate) fn because(self, reason: impl Into<String>, sent: &str) -> Refusal {
        Refusal { error: self, reason: reason.into(), sent: sent.to_owned() }
    }
}

impl From<ProtocolError> for Refusal {
    fn from(error: ProtocolError) -> Self {
        error.because("", "")
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Stop::Refused(refusal)
    }
}

impl From<ProtocolError> for Stop {
    fn from(error: ProtocolError) -> Self {
        Stop::Refused(error.into())
    }
}

impl From<storage::Error> for Stop {
    fn from(error: storage::Error) -> Self {
        Stop::Storage(error)
    }
}

#[cfg(test)]
mod tests {
    use super::ProtocolError;

    #[test]
    fn a_description_is_safe_in_a_header() {
        let error = ProtocolError::invalid_scope("no \"x\\y\"\r\nSet-Cookie: é");
        assert_eq!(error.description, "no 'x?y'??Set-Cookie: ?");
    }
}
