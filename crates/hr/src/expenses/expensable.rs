//! `expenses/expensables`

use engine::{Answer, Code, Context, Error, Hide, Input, Narrow, Sets, by, id_of, one_of};
use registry::{Action, Anything, Company, Employee, Id, Instant, Map, Resource};

use super::expense::Status;
use crate::companies::LegalEntity;
use crate::expenses::Expense;
use crate::expenses::Mileage;
use crate::expenses::PerDiem;
use crate::finance::BudgetOption;
use crate::finance::CostCenter;
use crate::narrow;
use crate::project_management::Project;
use crate::time::{facts, today};
use storage::{Datum, Look};

/// Anything an employee claims: an expense, mileage or a per diem.
#[derive(Debug, Resource)]
#[resource(
    path = "expenses/expensables",
    object = "expenses_expensable",
    permission = "expenses",
    subject = "employee_id",
    operations(list, read),
    events("bulk_set_to_paid", "update_reimbursable_amount")
)]
#[parameter(name = "by_resources[]", as = Map, doc = "Only claims whose details are one of these records.")]
#[parameter(name = "employee_ids[]", as = Id<Employee>, doc = "Claims of these employees, plus those of any reporter_ids.")]
#[parameter(name = "reporter_ids[]", as = Id<Employee>, doc = "Claims entered by these employees, plus those of any employee_ids.")]
#[parameter(name = "creation_type[]", as = String, doc = "Only claims entered as manual or automatic. Other words find nothing.")]
#[parameter(name = "from", as = String, doc = "First day spent on. Ignored unless to is given too.")]
#[parameter(name = "to", as = String, doc = "Last day spent on, included. Ignored unless from is given too.")]
#[parameter(name = "include_grouped", as = bool, doc = "Adds claims that belong to a report.", required)]
#[parameter(name = "include_attachments", as = bool, doc = "Adds the attached files.", required)]
#[parameter(name = "include_manual_drafts", as = bool, doc = "Adds drafts that people entered by hand.", required)]
pub struct Expensable {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Expensable>,
    /// Kind of claim: expense, mileage or perdiem.
    pub r#type: Type,
    /// The company that it belongs to.
    #[field(filter(eq = "company_id"))]
    pub company_id: Id<Company>,
    /// Whose spending it is.
    pub employee_id: Id<Employee>,
    /// When it was created.
    pub created_at: Instant,
    /// Currency of the claim, as an ISO code.
    pub currency: String,
    /// Stage of the review and payment.
    #[field(filter(any = "status[]"))]
    pub status: Status,
    /// When the claim last moved to another stage.
    pub status_updated_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Cost centers that bear it.
    pub cost_center_ids: Vec<Id<CostCenter>>,
    /// Report that the claim was submitted in, if any.
    #[field(filter(any = "group_ids[]"))]
    pub group_id: Option<Id<Anything>>,
    /// Legal entity that pays the claim.
    pub legal_entity_id: Option<Id<LegalEntity>>,
    /// Full amount, in cents.
    pub amount: Option<i64>,
    /// What the money went on.
    #[field(filter(search = "search"))]
    pub description: Option<String>,
    /// Employee who entered it for someone else.
    pub reporter_id: Option<Id<Employee>>,
    /// Moment when the money was spent.
    pub effective_on: Option<Instant>,
    /// When it was submitted for review. Null for drafts.
    pub review_request_at: Option<Instant>,
    /// When it was marked as paid. Null before that.
    pub paid_at: Option<Instant>,
    /// Part to pay back to the employee, in cents.
    pub reimbursable_amount: Option<i64>,
    /// Currency it is paid back in, as an ISO code.
    pub reimbursable_currency: Option<String>,
    /// How it is paid back: payroll, sepa_transfer or unknown.
    pub reimbursement_method: Option<ReimbursementMethod>,
    /// The company's own reference for the claim.
    #[field(filter(search = "search"))]
    pub internal_reference: Option<String>,
    /// Details of an expense. Null for other kinds.
    pub expense_id: Option<Id<Expense>>,
    /// Details of a mileage claim. Null for other kinds.
    pub mileage_id: Option<Id<Mileage>>,
    /// Details of a per diem. Null for other kinds.
    pub per_diem_id: Option<Id<PerDiem>>,
    /// Budget it draws on, if any.
    pub budget_id: Option<Id<BudgetOption>>,
    /// Project it is charged to, if any.
    pub project_id: Option<Id<Project>>,
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        Expense = "expense",
        Mileage = "mileage",
        Perdiem = "perdiem",
    }
}

registry::choice! {
    /// The values of `reimbursement_method`.
    pub enum ReimbursementMethod {
        Payroll = "payroll",
        SepaTransfer = "sepa_transfer",
        Unknown = "unknown",
    }
}

/// Marks several claims as paid.
#[derive(Debug, Action)]
#[action(of = Expensable, name = "bulk_set_to_paid", needs = "approve")]
pub struct BulkSetToPaid {
    /// Claims to mark as paid.
    pub ids: Vec<Id<Expensable>>,
}

/// Changes how much of a claim is paid back.
#[derive(Debug, Action)]
#[action(of = Expensable, name = "update_reimbursable_amount", needs = "approve", since = "2026-07-01")]
pub struct UpdateReimbursableAmount {
    /// Claim to change.
    pub id: Id<Expensable>,
    /// Amount to pay back, in cents.
    pub reimbursable_amount: i64,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    actions: &[
        ("bulk_set_to_paid", bulk_set_to_paid),
        ("update_reimbursable_amount", update_reimbursable_amount),
    ],
    filters: &[
        ("by_resources[]", Narrow::Code(of_records)),
        ("employee_ids[]", Narrow::Code(whose)),
        ("reporter_ids[]", Narrow::Code(whose)),
        ("creation_type[]", Narrow::Code(entered)),
        ("from", Narrow::Code(spent)),
        ("to", Narrow::Code(spent)),
        ("include_grouped", Narrow::Idle),
        ("include_attachments", Narrow::Idle),
        ("include_manual_drafts", Narrow::Idle),
    ],
    hide: Some(Hide { shown, unless: "" }),
    ..Code::of(PATH)
};

/// Claims of a report, and drafts that somebody is still writing, are shown to those who ask for them.
fn shown(cx: &mut Context<'_, '_>) -> Result<Vec<Look>, Error> {
    let mut looks = Vec::new();
    if !cx.asked_for("include_grouped") {
        looks.push(Look::Null("group_id"));
    }
    if !cx.asked_for("include_manual_drafts") {
        let manual = super::manual("creation_type");
        let manual = cx.among("expense_id", "expenses/expenses", "id", vec![manual])?;
        let draft = Look::Equal("status", Datum::Text(Status::Draft.text().to_owned()));
        looks.push(Look::Any(vec![narrow::not(draft), Look::Null("expense_id"), narrow::not(manual)]));
    }
    Ok(looks)
}

/// Claims of some employees, or that some others entered for them: who is named either way.
fn whose(cx: &mut Context<'_, '_>, _: &[String]) -> Result<Vec<Look>, Error> {
    let ids = |parameter| narrow::ids(cx.asked_all(parameter));
    let both = [
        Look::OneOf("employee_id", ids("employee_ids[]")?),
        Look::OneOf("reporter_id", ids("reporter_ids[]")?),
    ];
    Ok(vec![Look::Any(both.into())])
}

/// Claims whose expense was entered so. What is no expense is always entered by a person.
fn entered(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let so = Look::OneOf("creation_type", narrow::texts(values));
    let mut ways = vec![cx.among("expense_id", "expenses/expenses", "id", vec![so])?];
    if values.iter().any(|value| value == "manual") {
        ways.push(Look::Null("expense_id"));
    }
    Ok(vec![Look::Any(ways)])
}

fn spent(cx: &mut Context<'_, '_>, _: &[String]) -> Result<Vec<Look>, Error> {
    let Some((first, last)) = narrow::window(cx)? else { return Ok(Vec::new()) };
    let at = |day| Datum::Int(crate::time::wall::midnight(&registry::TimeZone::UTC, day));
    let after = last.tomorrow().unwrap_or(last);
    Ok(vec![Look::From("effective_on", at(first)), Look::Before("effective_on", at(after))])
}

/// Claims whose details are one of some records, each named by its kind and its id.
fn of_records(_: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let record = |value: &String| {
        let object: engine::Body = serde_json::from_str(value).ok()?;
        let member = |names: [&str; 2]| names.into_iter().find_map(|name| object.get(name));
        let kind = member(["type", "resource_type"])?.as_str()?.to_lowercase();
        let column = match kind.as_str() {
            kind if kind.contains("mileage") => "mileage_id",
            kind if kind.contains("diem") => "per_diem_id",
            _ => "expense_id",
        };
        Some(Look::Equal(column, Datum::Int(member(["id", "resource_id"]).and_then(id_of)?)))
    };
    let records: Vec<_> = values.iter().filter_map(record).collect();
    Ok(vec![if records.is_empty() { narrow::nothing() } else { Look::Any(records) }])
}

const PATH: &str = "expenses/expensables";

/// Whether a claim in some stage can be paid: only what was approved, and only once.
fn payable(status: &str) -> Result<(), (&'static str, &'static str)> {
    match status {
        "approved" | "in_payroll" | "sent_to_pay" => Ok(()),
        "paid" => Err(("already_paid", "A claim is paid once.")),
        _ => Err(("not_approved", "Only what was approved is paid.")),
    }
}

fn bulk_set_to_paid(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let ids = input.ids("ids");
    let claims = cx.own_all(cx.plan(PATH)?, &ids)?;
    for claim in &claims {
        let id = claim.int("id").unwrap_or_default();
        payable(claim.text("status").unwrap_or_default())
            .map_err(|(code, why)| Error::conflict("ids", code, format!("{why} It is claim {id}.")))?;
    }
    let (now, today) = (Datum::Int(cx.tx.now().millis()), facts::text(today::here(cx)?));
    let paid = || Datum::Text(Status::Paid.text().to_owned());
    let sets = [("status", paid()), ("paid_at", now.clone()), ("status_updated_at", now.clone())];
    cx.change(PATH, &[one_of("id", &ids)], sets.clone().into())?;
    // The details of a claim say the same.
    let details = |column: &str| claims.iter().filter_map(|claim| claim.int(column)).collect::<Vec<_>>();
    let own = |column: &str| one_of("id", &details(column));
    let (expenses, mileages, days) = (own("expense_id"), own("mileage_id"), own("per_diem_id"));
    cx.change("expenses/expenses", &[expenses], sets.into())?;
    cx.change("expenses/mileages", &[mileages], [("status", paid()), ("paid_at", now)].into())?;
    cx.change("expenses/per_diems", &[days], [("status", paid()), ("paid_at", today)].into())?;
    Ok(Answer::Objects(ids))
}

/// What is paid back of an expense lies between nothing and all of it, for as long as it is not paid.
fn update_reimbursable_amount(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let amount = input.int("reimbursable_amount").unwrap_or_default();
    let claim = cx.own(cx.plan(PATH)?, id)?;
    let expense = claim.int("expense_id").map(|id| cx.objects("expenses/expenses", vec![id])).transpose()?;
    let expense = expense.and_then(|found| found.into_values().next());
    let reimbursable = expense.as_ref().is_some_and(|one| one.text("payment") == Some("reimbursable"));
    if claim.text("type") != Some(Type::Expense.text()) || !reimbursable {
        let why = "Only what an employee bought and gets back has an amount to pay back.";
        return Err(Error::rule("id", "not_reimbursable", why));
    }
    if matches!(claim.text("status"), Some("paid" | "reversed" | "rejected")) {
        return Err(Error::conflict("id", "settled", "The claim is settled."));
    }
    if amount < 0 || claim.int("amount").is_some_and(|all| amount > all) {
        let why = "It lies between nothing and the whole amount.";
        return Err(Error::rule("reimbursable_amount", "out_of_range", why));
    }
    let sets: Sets = [("reimbursable_amount", Datum::Int(amount))].into();
    cx.change(PATH, &[by(id)], sets.clone())?;
    if let Some(expense) = expense.and_then(|one| one.int("id")) {
        cx.change("expenses/expenses", &[by(expense)], sets)?;
    }
    Ok(id.into())
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_what_was_approved_is_paid_and_only_once() {
        for (status, code) in [
            ("draft", Some("not_approved")),
            ("pending", Some("not_approved")),
            ("changes_requested", Some("not_approved")),
            ("rejected", Some("not_approved")),
            ("reversed", Some("not_approved")),
            ("approved", None),
            ("in_payroll", None),
            ("sent_to_pay", None),
            ("paid", Some("already_paid")),
        ] {
            assert_eq!(super::payable(status).err().map(|(code, _)| code), code, "{status}");
        }
    }
}
