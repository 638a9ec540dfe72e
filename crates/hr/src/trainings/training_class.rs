//! `trainings/training_classes`

use engine::{Code, Context, Derived, Error, Facts, Object};
use registry::{Access, Company, Date, Id, Instant, Resource};
use storage::{Datum, Look};

use crate::trainings::Training;

/// A group that takes a course together, with its costs.
#[derive(Debug, Resource)]
#[resource(
    path = "trainings/training_classes",
    object = "trainings_training_class",
    permission = "trainings",
    operations(list, read, create, update, delete)
)]
pub struct TrainingClass {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"), filter(eq = "id"))]
    pub id: String,
    /// Course the group takes.
    #[field(create(required), filter(eq = "training_id"))]
    pub training_id: Id<Training>,
    /// Name of the group.
    #[field(create, update, default = "", filter(search = "search"))]
    pub name: String,
    /// Direct expenses, such as teachers and materials, as a decimal.
    #[field(create(required), update(required))]
    pub cost: String,
    /// Share of general expenses, as a decimal.
    #[field(create(required), update(required))]
    pub indirect_cost: String,
    /// Pay for the time participants spend, as a decimal.
    #[field(create(required), update(required))]
    pub salary_cost: String,
    /// Part paid by grants or aid, as a decimal.
    #[field(create(required), update(required))]
    pub subsidized_cost: String,
    /// Direct, indirect and salary cost added up.
    #[field(derived)]
    pub gross_cost: String,
    /// Gross cost less the subsidised part.
    #[field(derived)]
    pub net_cost: String,
    /// How many attendances were completed.
    #[field(derived)]
    pub completed_attendances_count: i64,
    /// How many attendances are expected.
    #[field(derived)]
    pub total_attendances_count: i64,
    /// Currency of the costs.
    #[field(default = "EUR")]
    pub currency: String,
    /// When it was created.
    pub created_at: Instant,
    /// What sets the group apart.
    #[field(create, update)]
    pub description: Option<String>,
    /// First day of the group.
    #[field(create(required), update, filter(any = "start_date[]"(as = String)))]
    pub start_date: Option<Date>,
    /// Last day of the group.
    #[field(create(required), update, filter(any = "end_date[]"(as = String)))]
    pub end_date: Option<Date>,
    /// Whether the costs were paid.
    #[field(create(required), update(required))]
    pub payment_status: Option<PaymentStatus>,
    /// The company that it belongs to.
    #[field(input, create(required))]
    pub company_id: Option<Id<Company>>,
    /// Access of whoever creates the group.
    #[field(input, create(required))]
    pub author_id: Option<Id<Access>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::row("gross_cost", |facts| decimal(gross(facts)).into()),
        Derived::row("net_cost", |facts| {
            decimal(gross(facts) - amount(facts.text("subsidized_cost"))).into()
        }),
        Derived::page("completed_attendances_count", |cx, rows| attendances(cx, rows, true)),
        Derived::page("total_attendances_count", |cx, rows| attendances(cx, rows, false)),
    ],
    ..Code::of("trainings/training_classes")
};

/// An amount of money in hundredths, from its decimal form.
pub(crate) fn amount(text: Option<&str>) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "it saturates")]
    let hundredths = (text.and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0) * 100.0).round() as i64;
    hundredths
}

/// Hundredths as a decimal.
pub(crate) fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
}

fn gross(facts: &Facts<'_>) -> i64 {
    ["cost", "indirect_cost", "salary_cost"].into_iter().map(|column| amount(facts.text(column))).sum()
}

/// How many attendances the sessions of each group have, or how many of them were completed.
fn attendances(
    cx: &mut Context<'_, '_>,
    rows: &[Object],
    completed: bool,
) -> Result<Vec<serde_json::Value>, Error> {
    let ids = rows.iter().filter_map(|row| row.int("id")).map(|id| Datum::Text(id.to_string()));
    let sessions = cx.facts("trainings/sessions", &[Look::OneOf("training_class_id", ids.collect())])?;
    let memberships = cx.referring("trainings/session_access_memberships", "session_id", &sessions)?;
    let attendances =
        cx.referring("trainings/session_attendances", "session_access_membership_id", &memberships)?;
    let class = |attendance: &Object| {
        let membership = attendance.int("session_access_membership_id");
        let membership = memberships.iter().find(|one| one.int("id") == membership)?;
        let session = sessions.iter().find(|one| one.int("id") == membership.int("session_id"))?;
        session.text("training_class_id")?.parse::<i64>().ok()
    };
    let counted = attendances.iter().filter(|one| !completed || one.text("status") == Some("completed"));
    let counted: Vec<_> = counted.filter_map(class).collect();
    Ok(rows
        .iter()
        .map(|row| counted.iter().filter(|class| Some(**class) == row.int("id")).count().into())
        .collect())
}

registry::choice! {
    /// The values of `payment_status`.
    pub enum PaymentStatus {
        Paid = "paid",
        Pending = "pending",
    }
}
