//! A likely value for a field, by what it is and what it is called.

use registry::{Kind, Member, Reference, Resource};
use serde_json::{Map, Value, json};

use super::{Planter, mixed, pick};

/// What things are called, by resource and field.
const TEXTS: &[(&str, &str, &[&str])] = &[
    // Newer values mean nothing to clients of older versions.
    ("integrations/syncable_items", "syncable_type", &["expenses/expense", "compensations/compensation"]),
    // Of types that hardly happen: nobody is there to be told.
    (
        "api_public/webhook_subscriptions",
        "type",
        &["custom_resources/schema/create", "companies/legal_entity/create", "timeoff/policy/create"],
    ),
    ("api_public/webhook_subscriptions", "name", &["Payroll export", "Ledger", "Planning"]),
    ("api_public/webhook_subscriptions", "target_url", &["https://hooks.example/muster"]),
    ("procurement/purchase_orders", "status", &["draft", "ordered", "closed"]),
    ("ats/application_phases", "name", &["Applied", "Screening", "Interview", "Case", "Offer", "Hired"]),
    (
        "ats/candidate_sources",
        "name",
        &["Careers page", "Referral", "Job board", "University", "Agency", "Fair"],
    ),
    ("ats/candidates", "first_name", &["Ada", "Blas", "Cora", "Dario", "Eva", "Felix", "Gala", "Hasan"]),
    ("ats/candidates", "last_name", &["Arroyo", "Bento", "Cruz", "Duarte", "Egea", "Faria", "Gil"]),
    ("ats/job_postings", "title", &["Backend engineer", "Account manager", "Accountant", "Support agent"]),
    (
        "ats/rejection_reasons",
        "name",
        &["Withdrew", "Pay", "Experience", "Location", "Position filled", "Other"],
    ),
    ("compensations/concepts", "name", CONCEPTS),
    ("compensations/concepts", "label", CONCEPTS),
    ("compensations/concepts", "translated_name", CONCEPTS),
    ("compensations/payroll_run_employees_compensations", "result_type", &["compensation", "payroll_result"]),
    ("compensations/payroll_runs", "status", &["open", "in_review", "completed"]),
    ("payroll/policy_periods", "status", &["preparation", "supplements_definition", "payroll_calculation"]),
    ("payroll/policy_periods", "period", &["monthly"]),
    ("ats/answers", "original_question_type", &["text", "long_text"]),
    (
        "finance/categories",
        "identifier",
        &["meals", "travel", "accommodation", "mileage", "perdiem", "other"],
    ),
    (
        "custom_fields/fields",
        "label_text",
        &["Shirt size", "Car plate", "Languages", "First day off", "Locker", "Diet"],
    ),
    (
        "documents/documents",
        "filename",
        &["contract.pdf", "payslip.pdf", "policy.pdf", "identity.pdf", "offer.pdf"],
    ),
    ("documents/folders", "name", &["Contracts", "Payslips", "Policies", "Medical", "Training", "Other"]),
    ("finance/accounts", "name", &["Salaries", "Travel", "Software", "Rent", "Bank", "Receivables"]),
    (
        "finance/contacts",
        "name",
        &["Paper Supplies", "Cloud Hosting", "Travel Agency", "Cleaning", "Energy", "Insurance"],
    ),
    (
        "finance/cost_centers",
        "name",
        &["Research", "Sales", "Administration", "Support", "Marketing", "Operations"],
    ),
    (
        "it_management/asset_categories",
        "name",
        &["Laptops", "Phones", "Monitors", "Headsets", "Tablets", "Keys"],
    ),
    ("job_catalog/levels", "name", &["Junior", "Mid", "Senior", "Lead", "Principal", "Director"]),
    (
        "job_catalog/roles",
        "name",
        &["Engineer", "Designer", "Account manager", "Support agent", "Accountant", "Recruiter"],
    ),
    ("posts/groups", "title", &["Company news", "Office life", "Learning", "Sports", "Market", "Ideas"]),
    (
        "posts/posts",
        "title",
        &["A new office", "Welcome, new colleagues", "Summer hours", "Our quarter", "Book club", "Bikes"],
    ),
    (
        "project_management/projects",
        "name",
        &["Website", "Mobile app", "Data warehouse", "Office move", "Audit", "Hiring plan"],
    ),
    (
        "project_management/subprojects",
        "name",
        &["Design", "Build", "Launch", "Research", "Report", "Follow-up"],
    ),
    (
        "tasks/tasks",
        "name",
        &[
            "Order a laptop",
            "Sign the contract",
            "Plan the first week",
            "Book a medical check",
            "Renew the badge",
        ],
    ),
    (
        "time_settings/break_configurations",
        "name",
        &["Lunch", "Coffee", "Rest", "Errand", "Doctor", "Prayer"],
    ),
    (
        "timeoff/allowances",
        "name",
        &["Holidays", "Sick days", "Personal days", "Study days", "Volunteering", "Extra days"],
    ),
    ("timeoff/allowances", "cycle_start", &["jan"]),
    ("timeoff/policies", "name", &["Standard", "Portugal"]),
    ("trainings/categories", "name", &["Safety", "Languages", "Leadership", "Tools", "Law", "Health"]),
    (
        "trainings/trainings",
        "name",
        &["Fire safety", "English", "Leading a team", "Spreadsheets", "Data protection", "First aid"],
    ),
    ("work_schedule/day_configurations", "weekday", WEEKDAYS),
    ("work_schedule/schedules", "name", &["Office hours"]),
];

const CONCEPTS: &[&str] = &["Base salary", "Bonus", "Meal allowance", "Transport", "On call", "Net pay"];

const WEEKDAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// What says that something is over; most things are not.
const OVER: [&str; 8] =
    ["deleted", "archived", "terminated", "discarded", "rejected", "error", "disqualified", "locked"];

pub(super) fn value(
    planter: &Planter<'_, '_>,
    resource: &Resource,
    member: &Member,
    at: usize,
) -> Option<Value> {
    let name = member.name;
    let seed = mixed(name.bytes().fold(at as u64, |seed, byte| seed.wrapping_mul(31) + u64::from(byte)));
    if member.nullable && (OVER.iter().any(|word| name.contains(word)) || seed.is_multiple_of(5)) {
        return None;
    }
    Some(match member.kind {
        Kind::Id(reference) => return id(planter, reference, at).map(Value::from),
        Kind::Choice(texts) => match known(resource, name, at) {
            Some(text) => text.into(),
            None => (*pick(texts, at)?).into(),
        },
        Kind::Bool => (!seed.is_multiple_of(3) && !OVER.iter().any(|word| name.contains(word))).into(),
        Kind::Text => text(planter, resource, name, at).into(),
        Kind::Integer => integer(planter, name, at).into(),
        Kind::Number => number(name, at).into(),
        Kind::Date => date(planter, name, at).into(),
        Kind::Time => (if ends(name) { "17:30" } else { "09:00" }).into(),
        Kind::Instant => format!("{}T09:30:00.000Z", date(planter, name, at)).into(),
        Kind::Any | Kind::Map => json!({}),
        Kind::File => return None,
        Kind::List(Kind::File) => json!([]),
        Kind::List(item) => {
            let item = Member { kind: *item, nullable: false, ..*member };
            value(planter, resource, &item, at).into_iter().collect()
        }
        Kind::Object(members) => {
            let members = members.iter().filter(|member| member.until.is_none());
            let values = members.map(|member| {
                let value = value(planter, resource, member, at).unwrap_or_default();
                (member.name.to_owned(), value)
            });
            Value::Object(values.collect::<Map<_, _>>())
        }
    })
}

/// A row that there is; where anything may be meant, somebody.
fn id(planter: &Planter<'_, '_>, reference: Reference, at: usize) -> Option<i64> {
    match reference {
        Reference::Resource(path) => pick(planter.ids(path), at).copied(),
        Reference::Table("companies") => Some(planter.company.get()),
        Reference::Table("accesses") => pick(&planter.accesses, at).copied(),
        Reference::Table(_) => None,
        Reference::Anything => pick(planter.ids("employees/employees"), at).copied(),
    }
}

fn ends(name: &str) -> bool {
    ["end", "finish", "until", "due", "expir", "out", "to"]
        .iter()
        .any(|word| name.split('_').any(|part| part.starts_with(word) && (part.len() <= word.len() + 5)))
}

fn date(planter: &Planter<'_, '_>, name: &str, at: usize) -> String {
    let at = i64::try_from(at).unwrap_or(0);
    let ago = if ends(name) { -30 - at % 60 } else { 10 + at * 3 % 300 };
    planter.ago(ago).to_string()
}

fn integer(planter: &Planter<'_, '_>, name: &str, at: usize) -> i64 {
    let at = i64::try_from(at).unwrap_or(0);
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    match name {
        "start_month" | "start_day" => 1,
        "end_month" => 12,
        "end_day" => 31,
        "scale_min" => 1,
        "scale_max" => 5,
        _ if name == "year" || name.ends_with("_year") => i64::from(planter.today.year()),
        _ if has(&["month"]) => at % 12 + 1,
        _ if has(&["day"]) => at % 20 + 1,
        _ if has(&["created_at", "updated_at"]) => planter.tx.now().millis() / registry::SECOND,
        _ if has(&["cents", "amount", "cost", "salary", "price", "balance", "total"]) => 1_000 * (at + 5),
        _ if has(&["seconds"]) => 8 * 60 * 60,
        _ if has(&["minutes", "duration"]) => 60 + at % 8 * 15,
        _ if has(&["rating", "score"]) => at % 5 + 1,
        _ if has(&["percentage"]) => 100,
        _ => at + 1,
    }
}

fn number(name: &str, at: usize) -> f64 {
    let at = u32::try_from(at).map_or(0.0, f64::from);
    match name {
        "percentage" => 100.0,
        "score" => 1.0 + at % 5.0,
        "exchange_rate" => 1.0,
        _ if name.contains("latitude") => 41.39,
        _ if name.contains("longitude") => 2.17,
        _ => at + 0.5,
    }
}

/// What the table above says.
fn known(resource: &Resource, name: &str, at: usize) -> Option<&'static str> {
    let (_, _, texts) = TEXTS.iter().find(|(path, field, _)| *path == resource.path && *field == name)?;
    pick(texts, at).copied()
}

fn text(planter: &Planter<'_, '_>, resource: &Resource, name: &str, at: usize) -> String {
    if let Some(text) = known(resource, name, at) {
        return text.to_owned();
    }
    let thing = resource.object.split_once('_').map_or(resource.object, |(_, thing)| thing).replace('_', " ");
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    match name {
        "weekday" => (*pick(WEEKDAYS, at).unwrap_or(&"monday")).to_owned(),
        "full_name" | "first_name" | "last_name" => {
            format!("{} {}", capital(name.trim_end_matches("_name")), at + 1)
        }
        _ if has(&["email"]) => format!("contact{}@partner.example", at + 1),
        _ if has(&["phone"]) => format!("+34910{at:06}"),
        _ if has(&["url", "link", "website", "avatar", "image"]) => {
            format!("https://files.example/{name}/{}", at + 1)
        }
        _ if has(&["currency"]) => "EUR".to_owned(),
        _ if has(&["country", "nationality"]) => "es".to_owned(),
        _ if has(&["timezone"]) => "Europe/Madrid".to_owned(),
        _ if has(&["color", "colour"]) => "#07a2ad".to_owned(),
        _ if has(&["uuid", "token"]) => uuid(resource.path, name, at),
        _ if has(&["iban", "bank_number", "account_number"]) => format!("ES00000000000000{at:08}"),
        _ if name.ends_with("_type") => if name == "schedule_type" { "fixed" } else { "Employee" }.to_owned(),
        _ if name.ends_with("_at") => format!("{}T09:30:00.000Z", date(planter, name, at)),
        _ if name.ends_with("_on") || has(&["date", "deadline"]) => date(planter, name, at),
        _ if name.ends_with("_id") || name.ends_with("_ids") => (at + 1).to_string(),
        _ if has(&[
            "cost",
            "amount",
            "price",
            "rate",
            "units",
            "balance",
            "percentage",
            "duration",
            "decimal",
        ]) =>
        {
            format!("{}.00", (at + 1) * 12)
        }
        _ if has(&["identifier", "slug", "code", "key", "reference", "number"]) => {
            format!("{}-{:03}", thing.replace(' ', "-"), at + 1)
        }
        _ if has(&["status", "state"]) => "active".to_owned(),
        _ if has(&[
            "description",
            "content",
            "text",
            "comment",
            "notes",
            "observations",
            "reason",
            "message",
        ]) =>
        {
            format!("Something to know about this {thing}.")
        }
        _ => format!("{} {}", capital(&thing), at + 1),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The form of a version 8 UUID (RFC 9562), of what it names.
fn uuid(path: &str, name: &str, at: usize) -> String {
    let seed = path
        .bytes()
        .chain(name.bytes())
        .fold(at as u64, |seed, byte| seed.wrapping_mul(131) + u64::from(byte));
    let (high, low) = (mixed(seed), mixed(seed ^ u64::MAX));
    format!(
        "{:08x}-{:04x}-8{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}
