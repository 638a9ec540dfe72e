//! The rules of time off, as plain functions of facts: nothing here reads or writes.
//!
//! - [`count`]: what each day of a leave costs, and why.
//! - [`overlap`]: which leaves of one person get in each other's way.
//! - [`request`]: what a leave type asks of a request.
//! - [`blocked`]: days on which some people cannot be away.
//! - [`cycle`]: from when to when an allowance runs.
//! - [`accrual`]: how many units it grants, and when.
//! - [`ledger`]: the balance of an allowance on any day, from scratch.
//! - [`timeline`]: which policy somebody is under.

pub mod accrual;
pub mod blocked;
pub mod count;
pub mod cycle;
pub mod ledger;
pub mod overlap;
pub mod request;
pub mod timeline;
