//! `locations/work_areas`

use registry::{Action, Id, Instant, Resource};

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
