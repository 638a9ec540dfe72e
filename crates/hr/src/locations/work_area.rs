//! `locations/work_areas`

use engine::{Answer, Code, Context, Error, Input, Narrow};
use registry::{Action, Id, Instant, Resource};
use storage::{Datum, Look};

use crate::locations::Location;

/// Part of a workplace where shifts can be planned.
#[derive(Debug, Resource)]
#[resource(
    path = "locations/work_areas",
    object = "locations_work_area",
    permission = "locations",
    operations(list, read, create, update)
)]
#[parameter(name = "only_non_archived", as = bool, doc = "Whether archived areas are left out.", required)]
pub struct WorkArea {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<WorkArea>,
    /// Workplace it is part of.
    #[field(create(required), filter(any = "location_ids[]"))]
    pub location_id: Id<Location>,
    /// Name of the area.
    #[field(create(required), update(required))]
    pub name: String,
    /// When it was archived. Empty while in use.
    pub archived_at: Option<Instant>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    actions: &[("archive", archive), ("unarchive", unarchive)],
    filters: &[("only_non_archived", Narrow::Flag(|_| Look::Null("archived_at")))],
    ..Code::of("locations/work_areas")
};

const PATH: &str = "locations/work_areas";

/// What is archived stays so since when it was; planned shifts keep naming it.
fn archive(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let now = cx.tx.now().millis();
    set_archived(cx, input.id("id"), |since| since.or(Some(now)))
}

fn unarchive(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    set_archived(cx, input.id("id"), |_| None)
}

fn set_archived(
    cx: &mut Context<'_, '_>,
    id: i64,
    when: impl Fn(Option<i64>) -> Option<i64>,
) -> Result<Answer, Error> {
    let before = cx.own(cx.plan(PATH)?, id)?.int("archived_at");
    let after = when(before);
    if after != before {
        let sets = [("archived_at", after.map_or(Datum::Null, Datum::Int))];
        cx.change(PATH, &[Look::Equal("id", Datum::Int(id))], sets.into_iter().collect())?;
    }
    Ok(id.into())
}

/// Takes a work area out of use.
#[derive(Debug, Action)]
#[action(of = WorkArea, name = "archive")]
pub struct Archive {
    /// Work area to archive.
    pub id: Id<WorkArea>,
}

/// Puts an archived work area back in use.
#[derive(Debug, Action)]
#[action(of = WorkArea, name = "unarchive")]
pub struct Unarchive {
    /// Work area to restore.
    pub id: Id<WorkArea>,
}
