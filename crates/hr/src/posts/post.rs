//! `posts/posts`

use engine::{Code, Derived, Take};
use registry::{Id, Instant, Resource};

use crate::posts::Group;

/// News shared with the members of a community.
#[derive(Debug, Resource)]
#[resource(
    path = "posts/posts",
    object = "posts_post",
    permission = "posts",
    operations(list, read, create, update, delete)
)]
pub struct Post {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Post>,
    /// Whether readers may reply and react.
    #[field(create, update, default = true)]
    pub allow_comments_and_reactions: bool,
    /// When it was created.
    #[field(filter(from = "from"(as = String)), filter(to = "until"(as = String)))]
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// How often it was opened.
    #[field(default = 0)]
    pub visits_count: i64,
    /// How many replies it has.
    #[field(derived)]
    pub comments_count: i64,
    /// Headline of the post.
    #[field(create(required), update)]
    pub title: Option<String>,
    /// Body of the post.
    #[field(create(required), update)]
    pub description: Option<String>,
    /// Moment it became visible to readers.
    pub published_at: Option<Instant>,
    /// Address of the picture at the top.
    pub cover_image_url: Option<String>,
    /// Community it was shared in.
    #[field(filter(any = "groups[]"(as = String)))]
    pub posts_group_id: Option<Id<Group>>,
    /// Community to share it in.
    #[field(input, create(required), update)]
    pub post_group_id: Option<Id<Group>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::of_those("comments_count", "posts/comments", "post_id", Take::Count)],
    renames: &[("post_group_id", "posts_group_id")],
    ..Code::of("posts/posts")
};
