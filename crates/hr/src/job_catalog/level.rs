//! `job_catalog/levels`

use engine::{Code, Derived};
use registry::{Id, Resource};

use crate::job_catalog::Role;

/// A grade of seniority within a role.
#[derive(Debug, Resource)]
#[resource(
    path = "job_catalog/levels",
    object = "job_catalog_level",
    permission = "job_catalog",
    operations(list, read)
)]
pub struct Level {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Level>,
    /// Role the grade belongs to.
    #[field(filter(any = "role_ids[]"))]
    pub role_id: Id<Role>,
    /// Name of the grade.
    pub name: String,
    /// Name of its role.
    #[field(derived)]
    pub role_name: String,
    /// Rank within the role, most junior first.
    pub order: i64,
    /// Whether it is out of use.
    pub archived: bool,
    /// Whether it is used when none is chosen.
    pub is_default: bool,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::through("role_name", "role_id", "job_catalog/roles", "name")],
    ..Code::of("job_catalog/levels")
};
