//! Identifiers.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// The identifier of a `T`: 64 bits, assigned by the database, never reused.
///
/// How it is written on the wire (number or string) is a matter of the API version.
pub struct Id<T>(i64, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// Wraps a number that is known to identify a `T`.
    pub const fn new(value: i64) -> Self {
        Self(value, PhantomData)
    }

    /// The bare number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// A company: the tenant that every row belongs to.
#[derive(Debug)]
pub enum Company {}

/// A person who can log in, in any number of companies.
#[derive(Debug)]
pub enum User {}

/// A person's membership in one company; it carries the permission group.
#[derive(Debug)]
pub enum Access {}

/// A person's record as somebody who works for a company.
#[derive(Debug)]
pub enum Employee {}

// Written by hand because a derive would ask the same of `T`.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
