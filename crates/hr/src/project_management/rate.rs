//! `project_management/rates`

use engine::{Code, Context, Derived, Error, Facts, Narrow};
use registry::{Anything, Company, Date, Id, Resource};
use storage::{Datum, Look};

use crate::narrow;
use crate::project_management::Project;

/// What an hour of a person, role or project costs and earns.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/rates",
    object = "project_management_rate",
    permission = "project_management",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
#[parameter(name = "role_or_level", as = String, doc = "Only rates of roles or levels with this name.")]
#[parameter(name = "employee_name", as = String, doc = "Only rates of people with this name.")]
#[parameter(name = "only_active", as = bool, doc = "True keeps rates that are valid today.")]
#[parameter(name = "without_project", as = bool, doc = "True keeps rates that no project limits.")]
#[parameter(name = "without_quote", as = bool, doc = "True keeps rates that no quote owns.")]
#[parameter(name = "record_type", as = String, doc = "Only rates attached to this type of record.")]
pub struct Rate {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Rate>,
    /// The company that it belongs to.
    #[field(filter(eq = "company_id"))]
    pub company_id: Id<Company>,
    /// Person, role or project that the rate is for.
    #[field(filter(any = "resource_ids[]"))]
    pub resource_id: Id<Anything>,
    /// What sort of thing resource_id points at.
    #[field(filter(eq = "resource_kind"))]
    pub resource_kind: ResourceKind,
    /// First day the rate is valid.
    pub starts_on: Date,
    /// Internal cost per hour, in cents.
    pub charging_cost_cents: i64,
    /// Price charged per hour, in cents.
    pub billing_rate_cents: i64,
    /// Surcharge on the cost, in hundredths of a percent.
    pub markup_percentage_cents: i64,
    /// Profit as part of the price, in hundredths of a percent.
    #[field(derived)]
    pub margin_percentage_cents: i64,
    /// Currency of the amounts.
    pub currency: String,
    /// Whether it was set by hand, apart from any reference rate.
    pub unlinked: bool,
    /// Project that the rate is limited to.
    #[field(filter(eq = "project_id"))]
    pub project_id: Option<Id<Project>>,
    /// Quote that the rate was made for.
    #[field(filter(eq = "quote_id"))]
    pub quote_id: Option<Id<Anything>>,
    /// General rate that this one builds on.
    #[field(filter(eq = "reference_rate_id"), filter(any = "reference_rate_ids[]"))]
    pub reference_rate_id: Option<Id<Rate>>,
    /// Last day the rate is valid.
    pub ends_on: Option<Date>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::row("margin_percentage_cents", |facts| margin(facts).into())],
    filters: &[
        ("without_project", Narrow::Flag(|_| Look::Null("project_id"))),
        ("without_quote", Narrow::Flag(|_| Look::Null("quote_id"))),
        (
            "only_active",
            Narrow::Flag(|today| {
                Look::Any(vec![Look::Null("ends_on"), Look::From("ends_on", Datum::Text(today.to_string()))])
            }),
        ),
        ("role_or_level", Narrow::Code(of_positions)),
        ("employee_name", Narrow::Code(of_people)),
        ("record_type", Narrow::Code(of_record)),
    ],
    ..Code::of("project_management/rates")
};

fn kind(kind: ResourceKind) -> Look {
    Look::Equal("resource_kind", Datum::Text(kind.text().to_owned()))
}

/// Rates of the nodes of the job catalogue that are called so.
fn of_positions(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let name = values.last().cloned().unwrap_or_default();
    let node =
        cx.among("resource_id", "job_catalog/tree_nodes", "id", vec![Look::Search(vec!["name"], name)])?;
    Ok(vec![kind(ResourceKind::JobCatalogTreeNode), node])
}

/// Rates of people who are called so, or of their places in projects.
fn of_people(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let person = cx.among("resource_id", "employees/employees", "id", super::called(values))?;
    let worker = cx.among("employee_id", "employees/employees", "id", super::called(values))?;
    let worker = cx.among("resource_id", "project_management/project_workers", "id", vec![worker])?;
    let people = [(person, ResourceKind::Employee), (worker, ResourceKind::ProjectWorker)];
    // Each of the two kinds has ids of its own.
    let apart =
        people.map(|(look, of)| narrow::not(Look::Any(vec![narrow::not(look), narrow::not(kind(of))])));
    Ok(vec![Look::Any(apart.into())])
}

/// Rates that a project or a quote limits.
fn of_record(_: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let record = values.last().map(|text| text.to_lowercase()).unwrap_or_default();
    Ok(vec![match record.rsplit("::").next() {
        Some("project") => narrow::not(Look::Null("project_id")),
        Some("quote") => narrow::not(Look::Null("quote_id")),
        _ => narrow::nothing(),
    }])
}

/// What is left of the price after the cost, in hundredths of a percent of the price; none without a price.
fn margin(facts: &Facts<'_>) -> i64 {
    let (cost, price) = (facts.int("charging_cost_cents"), facts.int("billing_rate_cents"));
    match (cost, price) {
        (Some(cost), Some(price)) if price != 0 => (price - cost).saturating_mul(10_000) / price,
        _ => 0,
    }
}

registry::choice! {
    /// The values of `resource_kind`.
    pub enum ResourceKind {
        Employee = "employee",
        JobCatalogTreeNode = "job_catalog_tree_node",
        Project = "project",
        ProjectWorker = "project_worker",
    }
}
