//! Companies, people who log in, sessions, invitations, API keys, and the audit log.
//!
//! Everything here is a synchronous function over a transaction, without an effect outside of it, because a
//! storage thread may run it again. So what is random (tokens) or slow (passwords) is made by the caller
//! and passed in. Whether somebody may do what he asks for is the caller's question, too.

pub mod api_keys;
pub mod audit;
pub mod company;
mod credentials;
mod error;
pub mod groups;
pub mod housekeeping;
mod links;
pub mod mail;
pub mod members;
pub mod outside;
pub mod password;
pub mod records;
pub mod recovery;
mod schema;
mod secret;
pub mod session;
mod text;
pub mod throttle;
mod vault;

pub use api_keys::ApiKeySource;
pub use audit::Actor;
pub use company::{Founded, SignUp};
pub use credentials::{
    AuthError, CompanyIdentity, CredentialKind, Credentials, Found, Identity, PersonIdentity, Profile,
    Rejection, Source, company_identity, group_of, person_identity, person_of_employee, persons_of,
};
pub use error::{Error, Problem};
pub use mail::Mailroom;
pub use schema::MIGRATIONS;
pub use secret::{Hash, Presented, Secret, digest, hash, hex, random, same};
pub use session::{Preview, SessionSource, SessionView};
pub use text::{is_email, normal_email};
pub use vault::{Vault, hmac};
