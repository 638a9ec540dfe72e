//! One database over SQLite (embedded, the default) or PostgreSQL.
//!
//! Business code is synchronous: [`Database::read`] and [`Database::write`] run a closure on a storage
//! thread that owns a connection, inside one transaction. Every statement is made by sea-query from a
//! [`Record`] and names the company it is bound to ([`Tx::company`]) or says why it is not
//! ([`Tx::instance`]).

mod clock;
mod database;
mod declared;
mod error;
mod postgres;
mod record;
mod rows;
mod schema;
mod snapshot;
mod sqlite;
mod stale;
mod statement;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;

pub use clock::Clock;
pub use database::{Database, Options, Target};
pub use declared::tables;
pub use error::Error;
pub use record::{Cell, Column, Condition, Field, InCompany, Record, Row, Select, Set, column_name};
pub use rows::{Among, Datum, Look, Page, Rows};
pub use schema::{Dialect, Has, Migration, OnDelete, Table, Type, ddl};
pub use stale::Stale;
pub use tx::{Anywhere, Bound, Tx};

#[doc(hidden)]
pub use registry::Id as Key;
