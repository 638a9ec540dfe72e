//! `project_management/exportable_expenses`

use engine::{Ask, Code, Compute, Context, Error, Key, Sets, number, one_of};
use registry::{Anything, Date, Id, Resource};

/// Row of the project expense report, with names instead of ids.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/exportable_expenses",
    object = "project_management_exportable_expense",
    permission = "project_management",
    computed,
    operations(list)
)]
#[parameter(name = "project_ids[]", as = Id<Anything>, doc = "Only expenses of these projects.", required)]
pub struct ExportableExpense {
    /// Full name of the person who spent the money.
    pub employee_name: String,
    /// Day of the expense.
    #[field(filter(from = "start_date"(required, as = String)), filter(to = "end_date"(required, as = String)))]
    pub date: Option<Date>,
    /// Project that bears the cost.
    pub project_name: Option<String>,
    /// Subproject that bears the cost, if there is one.
    pub subproject_name: Option<String>,
    /// Name the person likes to be called by.
    pub preferred_name: Option<String>,
    /// Sum spent, as decimal text.
    pub amount: Option<String>,
    /// Currency of the amount.
    pub currency: Option<String>,
    /// Main category of the expense.
    pub expense_category: Option<String>,
    /// Finer category below the main one.
    pub expense_subcategory: Option<String>,
    /// Where the expense stands in its approval and payment.
    pub expense_status: Option<String>,
    /// Web address where the expense can be opened.
    pub expense_link: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    compute: Some(Compute { key: number, keys, rows }),
    ..Code::of("project_management/exportable_expenses")
};

const RECORDS: &str = "project_management/expense_records";
const WORKERS: &str = "project_management/project_workers";

/// One row for each share of an expense, of people whom the caller reaches.
fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    let mut looks = Vec::new();
    looks.extend(ask.ids("project_ids").map(|ids| one_of("project_id", &ids)));
    let people = cx.people(None)?;
    let workers = cx.facts(WORKERS, &looks)?;
    let workers: Vec<_> = workers
        .into_iter()
        .filter(|worker| worker.int("employee_id").is_some_and(|employee| people.contains(&employee)))
        .collect();
    let records = cx.referring(RECORDS, "project_worker_id", &workers)?;
    let (first, last) = (ask.date("start_date"), ask.date("end_date"));
    let within = |record: &&engine::Object| {
        let day = record.date("effective_on");
        first.is_none_or(|first| day.is_some_and(|day| day >= first))
            && last.is_none_or(|last| day.is_some_and(|day| day <= last))
    };
    let ids = records.iter().filter(within).filter_map(|record| record.int("id"));
    let mut keys: Vec<Key> = ids.map(|id| (id, 0)).collect();
    keys.sort_unstable();
    Ok(keys)
}

fn rows(cx: &mut Context<'_, '_>, _: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    use storage::Datum;
    let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
    let records = cx.facts(RECORDS, &[one_of("id", &ids)])?;
    let workers = cx.referred(WORKERS, &records, "project_worker_id")?;
    let places: Vec<_> = workers.values().cloned().collect();
    let projects = cx.referred("project_management/projects", &places, "project_id")?;
    let subprojects = cx.referred("project_management/subprojects", &records, "subproject_id")?;
    let people = cx.referred("employees/employees", &places, "employee_id")?;
    let expenses = cx.referred("expenses/expenses", &records, "expense_id")?;
    let bought: Vec<_> = expenses.values().cloned().collect();
    let categories = cx.referred("finance/categories", &bought, "category_id")?;
    let text = |text: Option<&str>| text.map_or(Datum::Null, |text| Datum::Text(text.to_owned()));
    let row = |record: &engine::Object| {
        let worker = record.int("project_worker_id").and_then(|id| workers.get(&id));
        let of = |column: &str| worker.and_then(|worker| worker.int(column));
        let person = of("employee_id").and_then(|id| people.get(&id));
        let project = of("project_id").and_then(|id| projects.get(&id));
        let subproject = record.int("subproject_id").and_then(|id| subprojects.get(&id));
        let expense = record.int("expense_id").and_then(|id| expenses.get(&id));
        let category = expense.and_then(|one| categories.get(&one.int("category_id")?));
        let names = ["first_name", "last_name"].map(|name| person.and_then(|one| one.text(name)));
        let booked = record.text("legal_entity_amount_cents").and_then(|text| text.parse::<i64>().ok());
        let (cents, currency) = match booked {
            Some(cents) => (Some(cents), record.text("legal_entity_amount_currency")),
            None => (record.int("original_amount_cents"), record.text("original_amount_currency")),
        };
        let amount = cents.map(crate::trainings::training_class::decimal);
        Sets::from([
            ("employee_name", Datum::Text(names.into_iter().flatten().collect::<Vec<_>>().join(" "))),
            ("date", record.get("effective_on").clone()),
            ("project_name", text(project.and_then(|one| one.text("name")))),
            ("subproject_name", text(subproject.and_then(|one| one.text("name")))),
            ("preferred_name", text(person.and_then(|one| one.text("preferred_name")))),
            ("amount", text(amount.as_deref())),
            ("currency", text(currency)),
            ("expense_category", text(category.and_then(|one| one.text("label")))),
            ("expense_subcategory", text(expense.and_then(|one| one.text("subcategory")))),
            ("expense_status", text(record.text("status").or(expense.and_then(|one| one.text("status"))))),
        ])
    };
    Ok(records.iter().map(row).collect())
}
