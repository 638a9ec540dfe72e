//! `posts/groups`

use registry::{Action, Company, Id, Resource};

/// Community in which posts are shared.
#[derive(Debug, Resource)]
#[resource(
    path = "posts/groups",
    object = "posts_group",
    permission = "posts",
    operations(list, read, create, update, delete)
)]
pub struct Group {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Group>,
    /// Name of the community.
    #[field(create(required), update, filter(search = "search"))]
    pub title: String,
    /// What the community is about.
    #[field(create(required), update, filter(search = "search"))]
    pub description: Option<String>,
    /// The company that it belongs to.
    #[field(input, create(required))]
    pub company_id: Option<Id<Company>>,
}

/// Hides a community without losing its data.
#[derive(Debug, Action)]
#[action(of = Group, name = "archive")]
pub struct Archive {
    /// Community to hide.
    pub id: Id<Group>,
}
