//! `posts/comments`

use engine::{Code, Context, Draft, Error};
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

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { rule: Some(rule), ..Code::of("posts/comments") };

/// A remark is signed by whoever makes it.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let author = cx.author()?;
    draft.begin("author_id", || storage::Datum::Int(author));
    Ok(())
}
