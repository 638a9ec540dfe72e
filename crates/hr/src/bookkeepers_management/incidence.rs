//! `bookkeepers_management/incidences`

use engine::{Code, Context, Derived, Error, Narrow, Object, Order, Sets};
use registry::{Anything, Company, Date, Employee, Id, Instant, Resource};
use storage::{Datum, Look};

use crate::companies::LegalEntity;

/// A change about an employee that the bookkeeper has to process.
#[derive(Debug, Resource)]
#[resource(
    path = "bookkeepers_management/incidences",
    object = "bookkeepers_management_incidence",
    permission = "bookkeepers_management",
    subject = "employee_id",
    operations(list, read, update),
    events("update")
)]
#[parameter(name = "sort_by", as = String, doc = "What to order by, such as status or created_at.")]
#[parameter(name = "direction", as = String, doc = "Order of the list, asc or desc.")]
#[parameter(name = "search", as = String, doc = "Part of the employee's first or last name.")]
pub struct Incidence {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Incidence>,
    /// Legal entity that it concerns.
    #[field(filter(any = "legal_entities_ids[]"))]
    pub legal_entity_id: Id<LegalEntity>,
    /// Kind of change, such as hiring or workplace.
    #[field(filter(any = "type[]"))]
    pub name: String,
    /// Record that changed.
    pub target_id: Id<Anything>,
    /// Kind of record that changed, such as a leave.
    pub target_type: String,
    /// Progress: in-preparation, to-do, doing, done or discarded.
    #[field(update, filter(any = "status[]"))]
    pub status: String,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// When it was created.
    pub created_at: Instant,
    /// Whether it was taken up again after closing.
    pub is_reopened: bool,
    /// Whom the change is about.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Option<Id<Employee>>,
    /// Name of the company's own leave type, for absences.
    #[field(filter(any = "custom_leave_name[]"))]
    pub custom_name: Option<String>,
    /// First day to which the change applies.
    #[field(filter(from = "starts_on"))]
    pub starts_on: Option<Date>,
    /// Last day to which the change applies.
    #[field(filter(to = "ends_on"))]
    pub ends_on: Option<Date>,
    /// Day on which it was read. Null while unread.
    #[field(update)]
    pub read_at: Option<Date>,
    /// Who wrote the message: bookkeeper or admin.
    #[field(update, filter(eq = "message_from"))]
    pub message_from: Option<String>,
    /// Whether a message waits to be read.
    #[field(update, filter(eq = "contains_message"))]
    pub has_message: Option<bool>,
    /// Name of that legal entity.
    #[field(derived)]
    pub legal_entity_name: Option<String>,
    /// Given name of the employee.
    #[field(derived)]
    pub employee_first_name: Option<String>,
    /// Family name of the employee.
    #[field(derived)]
    pub employee_last_name: Option<String>,
    /// Whether to record it as read.
    #[field(input, update)]
    pub mark_as_read: Option<bool>,
    /// First day before the latest change.
    #[field(input)]
    pub prev_starts_on: Option<Date>,
    /// Last day before the latest change.
    #[field(input)]
    pub prev_ends_on: Option<Date>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::through("legal_entity_name", "legal_entity_id", "companies/legal_entities", "legal_name"),
        Derived::through("employee_first_name", "employee_id", "employees/employees", "first_name"),
        Derived::through("employee_last_name", "employee_id", "employees/employees", "last_name"),
    ],
    filters: &[
        ("search", Narrow::Named("employee_id", "employees/employees", "id", &["first_name", "last_name"])),
        ("sort_by", Narrow::Idle),
        ("direction", Narrow::Idle),
    ],
    order: Some(Order {
        asked: |cx| cx.asked("sort_by").is_some() || cx.asked("direction").is_some(),
        arrange,
    }),
    ..Code::of(PATH)
};

/// By what `sort_by` names, by when it was written down where it names nothing.
fn arrange(cx: &mut Context<'_, '_>, rows: &mut [Object]) -> Result<(), Error> {
    let by = cx.asked("sort_by").unwrap_or("created_at").to_owned();
    let people = cx.referred("employees/employees", rows, "employee_id")?;
    let entities = cx.referred("companies/legal_entities", rows, "legal_entity_id")?;
    let text = |object: Option<&Object>, column: &str| {
        object.and_then(|object| object.text(column)).unwrap_or_default().to_lowercase()
    };
    let key = |row: &Object| {
        let person = row.int("employee_id").and_then(|id| people.get(&id));
        match by.as_str() {
            "employee_first_name" => text(person, "first_name"),
            "employee_last_name" => text(person, "last_name"),
            "legal_entity_name" => {
                text(row.int("legal_entity_id").and_then(|id| entities.get(&id)), "legal_name")
            }
            "type" => text(Some(row), "name"),
            "effective_date" => text(Some(row), "starts_on"),
            "status" => text(Some(row), "status"),
            // As many digits for every point in time.
            _ => format!("{:020}", row.int("created_at").unwrap_or_default()),
        }
    };
    rows.sort_by_cached_key(key);
    if cx.asked("direction") == Some("desc") {
        rows.reverse();
    }
    Ok(())
}

/// A person begins to work.
pub(crate) const HIRING: &str = "hiring";
/// Conditions of a contract change.
pub(crate) const CONTRACT: &str = "contract";
/// A person leaves.
pub(crate) const TERMINATION: &str = "termination";
/// A person is employed by another legal entity.
pub(crate) const ENTITY: &str = "legal_entity";
/// The name of a person changes.
pub(crate) const NAME: &str = "name";
/// The identity document of a person changes, or the number under which the person is insured.
pub(crate) const IDENTITY: &str = "id";
/// A person moves.
pub(crate) const ADDRESS: &str = "address";
/// A person becomes a citizen of another country.
pub(crate) const NATIONALITY: &str = "nationality";
/// The registered gender of a person changes.
pub(crate) const GENDER: &str = "gender";
/// Other data of a person change.
pub(crate) const PERSONAL: &str = "personal";
/// The account changes that the pay goes to.
pub(crate) const BANK: &str = "bank";
/// A person works elsewhere.
pub(crate) const WORKPLACE: &str = "workplace";
/// A person is ill.
pub(crate) const SICK: &str = "sick";
/// A person has become a parent.
pub(crate) const PARENTAL: &str = "parental";
/// A person is away for another reason than holidays.
pub(crate) const LEAVE: &str = "custom-leave";

/// What changes about a person in the data that payroll keeps.
pub(crate) const ABOUT_PEOPLE: [&str; 8] =
    [NAME, IDENTITY, ADDRESS, NATIONALITY, GENDER, PERSONAL, BANK, WORKPLACE];

/// The ways to be away.
pub(crate) const ABSENCES: [&str; 3] = [SICK, PARENTAL, LEAVE];

/// Which way to be away payroll has to know of, by the key of a kind of leave. Holidays change nobody's pay.
pub(crate) fn absence(identifier: &str) -> Option<&'static str> {
    let has = |words: &[&str]| words.iter().any(|word| identifier.contains(word));
    if has(&["holiday", "vacation"]) {
        None
    } else if has(&["sick", "medical", "accident"]) {
        Some(SICK)
    } else if has(&["parental", "maternity", "paternity", "birth"]) {
        Some(PARENTAL)
    } else {
        Some(LEAVE)
    }
}

pub(crate) const PATH: &str = "bookkeepers_management/incidences";

/// Something that happened and that whoever does the payroll has to process.
#[derive(Debug, Clone)]
pub(crate) struct Note<'a> {
    /// What happened.
    pub name: &'static str,
    /// The kind of record that it happened to.
    pub target_type: &'a str,
    /// The record.
    pub target: i64,
    /// Whom it is about.
    pub employee: i64,
    /// Name of the company's own leave type, for absences.
    pub custom_name: Option<String>,
    /// First day on which it counts.
    pub starts_on: Option<Date>,
    /// Last day on which it counts.
    pub ends_on: Option<Date>,
}

impl<'a> Note<'a> {
    /// Without days.
    pub(crate) fn about(name: &'static str, target_type: &'a str, target: i64, employee: i64) -> Self {
        Self { name, target_type, target, employee, custom_name: None, starts_on: None, ends_on: None }
    }
}

/// Writes down what happened. As long as nobody has processed it, the same thing again is the same row.
pub(crate) fn note(cx: &mut Context<'_, '_>, note: &Note<'_>) -> Result<(), Error> {
    let person = cx.objects("employees/employees", vec![note.employee])?.remove(&note.employee);
    let entity = match person.and_then(|person| person.int("legal_entity_id")) {
        Some(entity) => Some(entity),
        None => cx.first("companies/legal_entities")?.and_then(|entity| entity.int("id")),
    };
    // Without a legal entity there is no payroll.
    let Some(entity) = entity else { return Ok(()) };
    let day = |day: Option<Date>| day.map_or(Datum::Null, |day| Datum::Text(day.to_string()));
    let mut sets: Sets = [
        ("legal_entity_id", Datum::Int(entity)),
        ("starts_on", day(note.starts_on)),
        ("ends_on", day(note.ends_on)),
        ("custom_name", note.custom_name.clone().map_or(Datum::Null, Datum::Text)),
    ]
    .into_iter()
    .collect();
    let open = waiting(note.name, Look::Equal("target_id", Datum::Int(note.target)));
    if let Some(known) = cx.facts(PATH, &open)?.pop() {
        for (column, before) in [("starts_on", "prev_starts_on"), ("ends_on", "prev_ends_on")] {
            if sets.get(column) != Some(known.get(column)) {
                sets.insert(before, known.get(column).clone());
            }
        }
        cx.change(PATH, &[Look::Equal("id", known.get("id").clone())], sets)?;
        return Ok(());
    }
    sets.insert("name", Datum::Text(note.name.to_owned()));
    sets.insert("target_id", Datum::Int(note.target));
    sets.insert("target_type", Datum::Text(note.target_type.to_owned()));
    sets.insert("status", Datum::Text("to-do".to_owned()));
    sets.insert("is_reopened", Datum::Bool(false));
    sets.insert("employee_id", Datum::Int(note.employee));
    cx.add(PATH, sets)?;
    Ok(())
}

/// It did not happen after all, to a person.
pub(crate) fn withdraw(cx: &mut Context<'_, '_>, employee: i64, name: &str) -> Result<(), Error> {
    discard(cx, &waiting(name, Look::Equal("employee_id", Datum::Int(employee))))
}

/// It did not happen after all, to some records.
pub(crate) fn withdraw_targets(cx: &mut Context<'_, '_>, name: &str, targets: &[i64]) -> Result<(), Error> {
    match targets {
        [] => Ok(()),
        targets => discard(cx, &waiting(name, engine::one_of("target_id", targets))),
    }
}

fn discard(cx: &mut Context<'_, '_>, looks: &[Look]) -> Result<(), Error> {
    let sets = [("status", Datum::Text("discarded".to_owned()))].into_iter().collect();
    cx.change(PATH, looks, sets)?;
    Ok(())
}

fn waiting(name: &str, whose: Look) -> [Look; 3] {
    let open = ["in-preparation", "to-do"].map(|status| Datum::Text(status.to_owned()));
    [Look::Equal("name", Datum::Text(name.to_owned())), whose, Look::OneOf("status", open.into())]
}
