//! `finance/cost_center_memberships`

use registry::{Action, Anything, Company, Date, Employee, Id, Object, Resource};

use crate::finance::CostCenter;

/// Share of an employee's cost that a cost center bears.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/cost_center_memberships",
    object = "finance_cost_center_membership",
    permission = "finance",
    subject = "employee_id",
    operations(list)
)]
#[parameter(name = "active_on", as = Date, doc = "Only shares that are active on this day.")]
#[parameter(name = "only_active", as = bool, doc = "Only shares active now. This is what happens by default.")]
#[parameter(name = "applying_on", as = Date, doc = "Only shares that apply on this day.")]
#[parameter(name = "company_id", as = Id<Company>, doc = "Only shares within this company.")]
pub struct CostCenterMembership {
    /// Identifies it, for good.
    pub id: Id<CostCenterMembership>,
    /// Whose cost is shared out.
    #[field(filter(eq = "employee_id"))]
    pub employee_id: Id<Employee>,
    /// Cost center that bears the share.
    #[field(filter(eq = "cost_center_id"), filter(any = "cost_center_ids[]"))]
    pub cost_center_id: Id<CostCenter>,
    /// First day of the share.
    pub start_date: Date,
    /// Share of the employee's cost, in percent.
    pub percentage: f64,
    /// Last day of the share. Null while it is open.
    pub end_date: Option<Date>,
}

/// The objects of `memberships`.
#[derive(Debug, Object)]
pub struct Membership {
    /// Cost center that bears the share.
    pub cost_center_id: Id<CostCenter>,
    /// First day of the share.
    pub start_date: Date,
    /// Share of the employee's cost, in percent.
    pub percentage: f64,
    /// Its identifier.
    pub id: Option<Id<Anything>>,
    /// Last day of the share. Null while it is open.
    pub end_date: Option<Date>,
}

/// Saves several shares of one employee together.
#[derive(Debug, Action)]
#[action(of = CostCenterMembership, name = "bulk_create_update")]
pub struct BulkCreateUpdate {
    /// Employee whose cost is being shared out.
    pub employee_id: Id<Employee>,
    /// Shares to save. Those with an id replace existing ones.
    pub memberships: Vec<Membership>,
    /// Company of the employee.
    pub company_id: Id<Company>,
}
