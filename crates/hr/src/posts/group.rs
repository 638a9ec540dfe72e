//! `posts/groups`

use engine::{Answer, Code, Context, Error, Hide, Input, by};
use registry::{Action, Company, Id, Instant, Resource};
use storage::{Datum, Look};

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
    /// When it was hidden.
    #[field(input)]
    pub archived_at: Option<Instant>,
}

/// Hides a community without losing its data.
#[derive(Debug, Action)]
#[action(of = Group, name = "archive")]
pub struct Archive {
    /// Community to hide.
    pub id: Id<Group>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    hide: Some(Hide { shown: |_| Ok(vec![Look::Null("archived_at")]), unless: "" }),
    actions: &[("archive", archive)],
    ..Code::of(PATH)
};

const PATH: &str = "posts/groups";

/// What is archived is in no list any more; its posts stay.
fn archive(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let group = cx.own(cx.plan(PATH)?, id)?;
    if group.get("archived_at") == &Datum::Null {
        let now = cx.tx.now().millis();
        cx.change(PATH, &[by(id)], [("archived_at", Datum::Int(now))].into())?;
    }
    Ok(id.into())
}
