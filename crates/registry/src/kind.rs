//! What a value on the wire can be.

use crate::{Access, Company, Employee, Id, Instant, User, Version};

/// The kind of a value, told apart as the wire tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An identifier: a JSON integer before `2026-07-01`, a JSON string from then on.
    Id(Reference),
    /// Text.
    Text,
    /// A 64-bit integer.
    Integer,
    /// A number with a fraction.
    Number,
    /// True or false.
    Bool,
    /// A day, `2026-11-23`.
    Date,
    /// A time of day, `09:00`.
    Time,
    /// A point in time, `2026-11-23T09:30:00.123Z`.
    Instant,
    /// Any JSON value.
    Any,
    /// A JSON object whose members are not fixed.
    Map,
    /// An uploaded file (`multipart/form-data`).
    File,
    /// One of some texts.
    Choice(&'static [&'static str]),
    /// Values of one kind, in order.
    List(&'static Kind),
    /// A nested object.
    Object(&'static [Member]),
}

/// What an identifier identifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// A resource, by its path.
    Resource(&'static str),
    /// A row of a table that is no resource of the API.
    Table(&'static str),
    /// What another field of the same object says, or what only its maker knows.
    Anything,
}

/// A member of an object: a field of a resource, of a nested object, or of an action's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// As on the wire.
    pub name: &'static str,
    /// What it means, for the public documentation.
    pub doc: &'static str,
    /// What it can be.
    pub kind: Kind,
    /// Whether it may be null or left out.
    pub nullable: bool,
    /// The first version that has it; `None`: all have.
    pub since: Option<Version>,
    /// The last version that has it; `None`: it is still there.
    pub until: Option<Version>,
}

impl Member {
    /// Whether a version has it.
    pub fn lives_in(&self, version: Version) -> bool {
        lives(self.since, self.until, version)
    }
}

/// Whether a version lies between two, both included.
pub(crate) fn lives(since: Option<Version>, until: Option<Version>, version: Version) -> bool {
    since.is_none_or(|first| first <= version) && until.is_none_or(|last| version <= last)
}

/// A Rust type that has a form on the wire.
pub trait Typed {
    /// That form.
    const KIND: Kind;
    /// Whether it may be null or left out.
    const NULLABLE: bool = false;
}

/// What an identifier can identify.
pub trait Target {
    /// Where it is found.
    const REFERENCE: Reference;
}

/// What is identified depends on another field of the same object, or is known to its maker only.
#[derive(Debug)]
pub enum Anything {}

/// Any JSON value.
#[derive(Debug)]
pub enum Json {}

/// A JSON object whose members are not fixed.
#[derive(Debug)]
pub enum Map {}

/// An uploaded file.
#[derive(Debug)]
pub enum File {}

macro_rules! typed {
    ($($kind:ty: $form:expr),+ $(,)?) => {
        $(impl Typed for $kind { const KIND: Kind = $form; })+
    };
}

typed! {
    String: Kind::Text,
    i64: Kind::Integer,
    f64: Kind::Number,
    bool: Kind::Bool,
    jiff::civil::Date: Kind::Date,
    jiff::civil::Time: Kind::Time,
    Instant: Kind::Instant,
    Json: Kind::Any,
    Map: Kind::Map,
    File: Kind::File,
}

impl<T: Target> Typed for Id<T> {
    const KIND: Kind = Kind::Id(T::REFERENCE);
}

impl<T: Typed> Typed for Option<T> {
    const KIND: Kind = T::KIND;
    const NULLABLE: bool = true;
}

impl<T: Typed> Typed for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);
}

impl Target for Anything {
    const REFERENCE: Reference = Reference::Anything;
}

impl Target for User {
    const REFERENCE: Reference = Reference::Table("users");
}

impl Target for Access {
    const REFERENCE: Reference = Reference::Table("accesses");
}

impl Target for Company {
    const REFERENCE: Reference = Reference::Table("companies");
}

impl Target for Employee {
    const REFERENCE: Reference = Reference::Resource("employees/employees");
}

/// Declares an enum and the texts that the wire has for its values.
///
/// `registry::choice! { pub enum HalfDay { BeginningOfDay = "beginning_of_day", EndOfDay = "end_of_day" } }`
#[macro_export]
macro_rules! choice {
    ($($(#[$meta:meta])* $visibility:vis enum $name:ident {
        $($(#[$value_meta:meta])* $value:ident = $text:literal),+ $(,)?
    })+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            #[allow(missing_docs, reason = "the values are named as the API names them")]
            $visibility enum $name { $($(#[$value_meta])* $value),+ }

            impl $name {
                /// The values as on the wire.
                pub const TEXTS: &'static [&'static str] = &[$($text),+];

                /// As on the wire.
                pub fn text(self) -> &'static str {
                    Self::TEXTS[self as usize]
                }
            }

            impl $crate::Typed for $name {
                const KIND: $crate::Kind = $crate::Kind::Choice(Self::TEXTS);
            }
        )+
    };
}
