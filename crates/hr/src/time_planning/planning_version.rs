//! `time_planning/planning_versions`

use engine::Code;
use registry::{Action, Date, Employee, Id, Resource};

use crate::work_schedule::Schedule;

/// Says how an employee's time is planned from some day on.
#[derive(Debug, Resource)]
#[resource(
    path = "time_planning/planning_versions",
    object = "time_planning_planning_version",
    permission = "time_planning",
    subject = "employee_id",
    operations(list, create, update, delete)
)]
#[parameter(name = "for_shifts", as = bool, doc = "True keeps versions that use shift management.")]
#[parameter(name = "only_active", as = bool, doc = "True keeps the versions now in force.", required)]
pub struct PlanningVersion {
    /// Identifies it, for good.
    pub id: Id<PlanningVersion>,
    /// First day on which it applies.
    #[field(create(required), update(required))]
    pub effective_at: Date,
    /// Where the plan comes from: contract_hours, work_schedule or shift_management.
    #[field(create(required), update(required), filter(eq = "planning_tool"(as = PlanningTool)))]
    pub planning_tool: String,
    /// Whose time is planned.
    #[field(create(required), filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Rest days per week, in hundredths of a day.
    #[field(create, update)]
    pub number_of_rest_days_in_cents: Option<i64>,
    /// Work schedule to follow, if that tool is chosen.
    #[field(filter(any = "schedule_ids[]"))]
    pub work_schedule_schedule_id: Option<Id<Schedule>>,
    /// Work schedule to follow, if that tool is chosen.
    #[field(input, create, update)]
    pub schedule_id: Option<Id<Schedule>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    renames: &[("schedule_id", "work_schedule_schedule_id")],
    ..Code::of("time_planning/planning_versions")
};

registry::choice! {
    /// The values of `planning_tool`.
    pub enum PlanningTool {
        ContractHours = "contract_hours",
        ShiftManagement = "shift_management",
        WorkSchedule = "work_schedule",
    }
}

/// Plans the time of several employees the same way.
#[derive(Debug, Action)]
#[action(of = PlanningVersion, name = "bulk_create")]
pub struct BulkCreate {
    /// First day on which it applies.
    pub effective_at: Date,
    /// Where the plan comes from.
    pub planning_tool: String,
    /// Whose time is planned.
    pub employee_ids: Vec<Id<Employee>>,
    /// Rest days per week, in hundredths of a day.
    pub number_of_rest_days_in_cents: Option<i64>,
    /// Work schedule to follow.
    pub schedule_id: Option<Id<Schedule>>,
}
