//! `trainings/trainings`

use engine::{
    Answer, Code, Context, Derived, Draft, Error, Input, Join, Narrow, Object, Removal, Take, by, one_of,
};
use registry::{Access, Action, Anything, Company, Employee, File, Id, Instant, Object, Resource};
use storage::{Among, Datum, Look};

use crate::narrow;
use crate::time::today;
use crate::trainings::Category;

/// A course the company offers to its people.
#[derive(Debug, Resource)]
#[resource(
    path = "trainings/trainings",
    object = "trainings_training",
    permission = "trainings",
    operations(list, read, create, update, delete),
    events("bulk_delete", "bulk_update_catalog", "create", "delete", "update", "update_status")
)]
#[parameter(name = "access_id", as = Id<Anything>, doc = "No longer in use.")]
#[parameter(name = "only_assigned", as = bool, doc = "True leaves out courses that nobody was assigned to.")]
#[parameter(name = "with_expired_memberships", as = bool, doc = "Whether participants have, or have not, let the course lapse.")]
#[parameter(name = "return_expired_memberships", as = bool, doc = "True fills in number_of_expired_participants.")]
#[parameter(name = "with_current_training_classes", as = bool, doc = "True gives only courses with groups running now.")]
pub struct Training {
    /// Identifies it, for good.
    #[field(filter(eq = "id"), filter(any = "ids[]"))]
    pub id: Id<Training>,
    /// The company that it belongs to.
    #[field(create)]
    pub company_id: Id<Company>,
    /// Access of whoever set the course up.
    #[field(create, default(rule))]
    pub author_id: Id<Access>,
    /// Title of the course.
    #[field(create(required), update(required), filter(search = "search"))]
    pub name: String,
    /// What the course covers.
    #[field(create(required), update(required), filter(search = "search"))]
    pub description: String,
    /// Whether an outside provider teaches it.
    #[field(create(required), update(required))]
    pub external: bool,
    /// Whether the Spanish Fundae scheme subsidises it.
    #[field(default = false)]
    pub fundae_subsidized: bool,
    /// Whether any subsidy applies.
    #[field(default = false)]
    pub subsidized: bool,
    /// Direct cost as an integer.
    #[field(create, update, default = 0)]
    pub cost: i64,
    /// Subsidised part as an integer.
    #[field(create, update, default = 0)]
    pub subsidized_cost: i64,
    /// Direct cost as a decimal.
    #[field(create, update, default = "0.0")]
    pub cost_decimal: String,
    /// Subsidised part as a decimal.
    #[field(create, update, default = "0.0")]
    pub subsidized_cost_decimal: String,
    /// Calendar year it is planned for.
    #[field(create(required), update(required))]
    pub year: i64,
    /// Whether employees see it in the catalogue.
    #[field(default = false, filter(eq = "catalog"))]
    pub catalog: bool,
    /// Competencies it builds.
    #[field(create, update, default(empty))]
    pub competency_ids: Vec<Id<Anything>>,
    /// Direct cost of all its groups, as a decimal.
    #[field(derived)]
    pub total_training_cost: String,
    /// Indirect cost of all its groups, as a decimal.
    #[field(derived)]
    pub total_training_indirect_cost: String,
    /// Salary cost of all its groups, as a decimal.
    #[field(sensitive = "salaries", derived)]
    pub total_training_salary_cost: String,
    /// Subsidised part for all its groups, as a decimal.
    #[field(derived)]
    pub total_training_subsidized_cost: String,
    /// How many people take part, over all groups.
    #[field(derived)]
    pub total_participants: i64,
    /// How far its participants got.
    #[field(derived)]
    pub training_attendance_status: TrainingAttendanceStatus,
    /// Length in hours, with minutes as a fraction.
    #[field(create, default = 0)]
    pub total_duration: f64,
    /// Whether it must be taken.
    #[field(create, default = false, filter(eq = "is_mandatory"))]
    pub is_mandatory: bool,
    /// Employee who set the course up.
    #[field(derived, since = "2026-07-01")]
    pub author_employee_id: Option<Id<Employee>>,
    /// The company's own reference.
    #[field(create, update)]
    pub code: Option<String>,
    /// When it was created.
    pub created_at: Option<Instant>,
    /// When it was last changed.
    pub updated_at: Option<Instant>,
    /// Name of the outside provider.
    #[field(create, update)]
    pub external_provider: Option<String>,
    /// Overall cost as an integer.
    pub total_cost: Option<i64>,
    /// Overall cost as a decimal.
    pub total_cost_decimal: Option<String>,
    /// Headings it is filed under.
    #[field(create, update)]
    pub category_ids: Option<Vec<Id<Category>>>,
    /// Whether it is a draft, active or deleted.
    #[field(filter(eq = "status"(as = String)))]
    pub status: Option<Status>,
    /// Years before it must be repeated.
    #[field(create, update)]
    pub valid_for: Option<i64>,
    /// What participants should gain.
    #[field(create)]
    pub objectives: Option<String>,
    /// Participants whose course has lapsed or lapses within three months.
    #[field(derived)]
    pub number_of_expired_participants: Option<i64>,
    /// Files that go with the course.
    #[field(input, create(required))]
    pub attachments: Option<Vec<Attachment>>,
    /// Employee the course is created for.
    #[field(input, create)]
    pub employee_id: Option<Id<Employee>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::page("total_training_cost", |cx, rows| totals(cx, rows, "cost")),
        Derived::page("total_training_indirect_cost", |cx, rows| totals(cx, rows, "indirect_cost")),
        Derived::page("total_training_salary_cost", |cx, rows| totals(cx, rows, "salary_cost")),
        Derived::page("total_training_subsidized_cost", |cx, rows| totals(cx, rows, "subsidized_cost")),
        Derived::page("training_attendance_status", statuses),
        Derived::page("number_of_expired_participants", expired),
        Derived::of_those("total_participants", "trainings/training_memberships", "training_id", Take::Count),
        Derived::joined(
            "author_employee_id",
            Join {
                here: "author_id",
                path: "employees/employees",
                there: "access_id",
                only: &[],
                take: Take::One("id"),
            },
        ),
    ],
    rule: Some(rule),
    removal: Some(removal),
    actions: &[
        ("bulk_delete", |cx, input| cx.delete_all(cx.plan(PATH)?, &input.ids("ids"))),
        ("bulk_update_catalog", bulk_update_catalog),
        ("update_status", update_status),
    ],
    filters: &[
        (
            "only_assigned",
            Narrow::Flag(|_| {
                Look::Among(
                    "id",
                    Among {
                        table: "trainings_training_memberships",
                        column: "training_id",
                        looks: Vec::new(),
                    },
                )
            }),
        ),
        ("access_id", Narrow::Idle),
        ("with_expired_memberships", Narrow::Code(lapsed)),
        ("return_expired_memberships", Narrow::Idle),
        ("with_current_training_classes", Narrow::Code(current)),
    ],
    ..Code::of(PATH)
};

/// Courses that are over for some participant, or the others.
fn lapsed(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let places = cx.facts("trainings/training_memberships", &[])?;
    let due = super::training_membership::due_dates(cx, &places)?;
    let today = today::here(cx)?.to_string();
    let over =
        places.iter().zip(&due).filter(|(_, due)| due.as_str().is_some_and(|due| due < today.as_str()));
    let look = one_of("id", &over.filter_map(|(place, _)| place.int("training_id")).collect::<Vec<_>>());
    Ok(vec![if narrow::is(values, "true") { look } else { narrow::not(look) }])
}

fn current(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    if !narrow::is(values, "true") {
        return Ok(Vec::new());
    }
    let now = narrow::holds("start_date", "end_date", &crate::time::facts::text(today::here(cx)?));
    Ok(vec![cx.among("id", "trainings/training_classes", "training_id", now)?])
}

const PATH: &str = "trainings/trainings";

/// Everything that hangs on a course goes with it.
fn removal(cx: &mut Context<'_, '_>, course: &Object) -> Result<Removal, Error> {
    let its = |column| one_of(column, &[course.int("id").unwrap_or_default()]);
    super::session_access_membership::leave(cx, &[its("training_id")], None)?;
    for path in ["trainings/training_memberships", "trainings/sessions", "trainings/training_classes"] {
        cx.remove(path, &[its("training_id")])?;
    }
    Ok(Removal::Gone)
}

fn bulk_update_catalog(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let ids = input.ids("ids");
    cx.own_all(cx.plan(PATH)?, &ids)?;
    let catalog = Datum::Bool(input.flag("catalog").unwrap_or_default());
    cx.change(PATH, &[one_of("id", &ids)], [("catalog", catalog)].into())?;
    Ok(Answer::Objects(ids))
}

/// A course is a draft or active, until it is deleted. Then it is in the catalogue no more.
fn update_status(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let course = cx.own(cx.plan(PATH)?, id)?;
    let to = input.text("status").unwrap_or_default();
    if !Status::TEXTS.contains(&to) {
        return Err(Error::invalid("status", "It must be one of active, deleted, draft."));
    }
    let deleted = Status::Deleted.text();
    if course.text("status") == Some(deleted) && to != deleted {
        return Err(Error::conflict("status", "deleted", "The course was deleted."));
    }
    let mut sets = engine::Sets::from([("status", Datum::Text(to.to_owned()))]);
    if to == deleted {
        sets.insert("catalog", Datum::Bool(false));
    }
    cx.change(PATH, &[by(id)], sets)?;
    Ok(id.into())
}

/// Participants whose course has lapsed, or lapses within three months.
fn expired(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let places = cx.referring("trainings/training_memberships", "training_id", rows)?;
    let due = super::training_membership::due_dates(cx, &places)?;
    let until = today::here(cx)?.checked_add(registry::Span::new().months(3)).unwrap_or(registry::Date::MAX);
    let soon = until.to_string();
    let count = |row: &Object| {
        let own = places.iter().zip(&due).filter(|(place, _)| place.int("training_id") == row.int("id"));
        own.filter(|(_, due)| due.as_str().is_some_and(|due| due <= soon.as_str())).count()
    };
    Ok(rows.iter().map(|row| count(row).into()).collect())
}

/// What all participants have in common; in between where they have not.
fn statuses(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    use super::training_membership::{Status, progress};
    let places = cx.referring("trainings/training_memberships", "training_id", rows)?;
    let progress = progress(cx, &places)?;
    let status = |row: &Object| {
        let own = places.iter().zip(&progress).filter(|(place, _)| place.int("training_id") == row.int("id"));
        let own: Vec<Status> = own.map(|(_, status)| *status).collect();
        match own.as_slice() {
            [] => Status::Notassigned,
            [first, rest @ ..] if rest.iter().all(|other| other == first) => *first,
            mixed if mixed.contains(&Status::Completed) => Status::Partiallycompleted,
            _ => Status::Started,
        }
    };
    Ok(rows.iter().map(|row| status(row).text().into()).collect())
}

/// One cost of all groups of each course together.
fn totals(cx: &mut Context<'_, '_>, rows: &[Object], column: &str) -> Result<Vec<serde_json::Value>, Error> {
    use super::training_class::{amount, decimal};
    let classes = cx.referring("trainings/training_classes", "training_id", rows)?;
    let total = |row: &Object| {
        let own = classes.iter().filter(|class| class.int("training_id") == row.int("id"));
        decimal(own.map(|class| amount(class.text(column))).sum())
    };
    Ok(rows.iter().map(|row| total(row).into()).collect())
}

/// A course is signed by whoever sets it up.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let author = cx.author()?;
    draft.begin("author_id", || Datum::Int(author));
    Ok(())
}

registry::choice! {
    /// The values of `training_attendance_status`.
    pub enum TrainingAttendanceStatus {
        Completed = "completed",
        Missing = "missing",
        Notassigned = "notassigned",
        Notstarted = "notstarted",
        Partiallycompleted = "partiallycompleted",
        Started = "started",
    }
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Active = "active",
        Deleted = "deleted",
        Draft = "draft",
    }
}

/// The objects of `attachments`.
#[derive(Debug, Object)]
pub struct Attachment {
    /// Access of whoever adds the file.
    pub author_id: Id<Access>,
    /// The file itself.
    pub file: File,
    /// Whether participants may see it.
    pub visibility: bool,
    /// Name to show for the file.
    pub title: Option<String>,
}

/// Deletes several courses.
#[derive(Debug, Action)]
#[action(of = Training, name = "bulk_delete")]
pub struct BulkDelete {
    /// Courses to delete.
    pub ids: Vec<Id<Training>>,
}

/// Shows or hides several courses in the catalogue.
#[derive(Debug, Action)]
#[action(of = Training, name = "bulk_update_catalog")]
pub struct BulkUpdateCatalog {
    /// Courses to change.
    pub ids: Vec<Id<Training>>,
    /// True shows them, false hides them.
    pub catalog: bool,
}

/// Gives a course another state.
#[derive(Debug, Action)]
#[action(of = Training, name = "update_status")]
pub struct UpdateStatus {
    /// Course to change.
    pub id: Id<Training>,
    /// State to give it.
    pub status: String,
    /// Whether to tell the participants.
    pub notify: bool,
}
