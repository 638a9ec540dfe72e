//! `employee_updates/absences`

use registry::{Date, Employee, Id, Instant, Resource};

use crate::timeoff::LeaveType;

/// Absence that payroll has to know about.
#[derive(Debug, Resource)]
#[resource(
    path = "employee_updates/absences",
    object = "employee_updates_absence",
    permission = "employee_updates",
    subject = "employee_id",
    operations(list, read)
)]
pub struct Absence {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Absence>,
    /// How far payroll staff have dealt with the update.
    pub status: String,
    /// Who is absent.
    pub employee_id: Option<Id<Employee>>,
    /// Full name of the absent person.
    pub employee_full_name: Option<String>,
    /// Whether the absence has been accepted.
    pub approved: Option<bool>,
    /// Remark on the absence.
    #[field(sensitive = "medical")]
    pub description: Option<String>,
    /// First day away.
    pub start_on: Option<Instant>,
    /// First day away before the latest change.
    pub prev_start_on: Option<Instant>,
    /// Last day away.
    pub finish_on: Option<Instant>,
    /// Last day away before the latest change.
    pub prev_finish_on: Option<Date>,
    /// Which half of the day is off, when only half is.
    pub half_day: Option<String>,
    /// Length in hundredths of an hour.
    pub hours_amount_in_cents: Option<i64>,
    /// Kind of leave taken.
    pub leave_type_id: Option<Id<LeaveType>>,
    /// Name of the kind of leave.
    pub leave_type_name: Option<String>,
}
