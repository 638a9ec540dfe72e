//! Announcements.

pub mod comment;
pub mod group;
pub mod post;

pub use comment::Comment;
pub use group::Group;
pub use post::Post;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<Comment>(), Entry::of::<Group>().action::<group::Archive>(), Entry::of::<Post>()]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[comment::CODE, group::CODE, post::CODE];
