//! The rules of the authorization server (OAuth 2), without HTTP.
//!
//! An *application* asks a person, or an administrator for the whole company, for a *grant*
//! ([`authorize`]). A grant is a family of token *pairs*: the exchange of the code gives the first one, every
//! refresh another ([`token`]). [`revoke`] ends a family, [`grants`] shows people what they let in, and
//! [`TokenSource`] turns an access token into a principal.
//!
//! Every function runs inside a transaction of its caller and takes the secrets that it hands out as
//! arguments, because a transaction may run again. A refusal that leaves a trace (a stolen token, an entry
//! in an application's log) is `Ok(Err(_))`, so that the transaction is kept.

pub mod application;
pub mod authorize;
mod clean;
mod client;
mod error;
mod family;
pub mod grants;
mod pkce;
pub mod records;
mod redirect;
pub mod revoke;
mod schema;
mod settings;
mod source;
pub mod token;

pub use clean::clean;
pub use client::{Client, ClientCredentials, Clients};
pub use error::{Error, Invalid, ProtocolError};
pub use family::Pair;
pub use pkce::Challenge;
pub use records::{Application, Grant};
pub use redirect::{OUT_OF_BAND, ResponseMode, redirect_location};
pub use schema::MIGRATIONS;
pub use settings::Settings;
pub use source::TokenSource;
