//! What every handler needs of HTTP, and no handler of its own.

pub(crate) mod address;
pub(crate) mod assets;
pub(crate) mod cookies;
pub(crate) mod fields;
pub(crate) mod frame;
pub(crate) mod problem;
pub(crate) mod upload;

pub(crate) use fields::Fields;
pub(crate) use problem::Problem;
