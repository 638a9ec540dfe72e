//! `posts/comments`

use registry::{Access, Id, Instant, Resource};

use crate::posts::Post;

/// Reply that someone wrote under a post.
#[derive(Debug, Resource)]
#[resource(
    path = "posts/comments",
    object = "posts_comment",
    permission = "posts",
    subject = "author_id",
    operations(list, read, create, update, delete)
)]
pub struct Comment {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Comment>,
    /// Post being replied to.
    #[field(create(required), update(required), filter(any = "post_ids[]"(required)))]
    pub post_id: Id<Post>,
    /// Access of the person who wrote it.
    #[field(default(rule))]
    pub author_id: Id<Access>,
    /// What the reply says.
    #[field(create(required), update(required))]
    pub text: String,
    /// When it was created.
    pub created_at: Instant,
}
