//! What people claim back: what they bought, how far they drove, where they were. The details of each claim say what the
//! claim says.

use access::Grant;
use engine::{Caller, Context, by};
use registry::Version;
use serde_json::{Map, Value, json};
use storage::Datum;

use super::people::Person;
use super::{Planter, pick, rest};
use crate::Error;

const CLAIMS: &str = "expenses/expensables";

/// How many claims there are.
const SOME: usize = 60;

/// What claims are about: the type, the resource with the details, the column that leads there.
const KINDS: [(&str, &str, &str); 6] = [
    ("expense", "expenses/expenses", "expense_id"),
    ("mileage", "expenses/mileages", "mileage_id"),
    ("expense", "expenses/expenses", "expense_id"),
    ("expense", "expenses/expenses", "expense_id"),
    ("perdiem", "expenses/per_diems", "per_diem_id"),
    ("expense", "expenses/expenses", "expense_id"),
];

const STATUSES: [&str; 10] = [
    "approved",
    "pending",
    "paid",
    "approved",
    "draft",
    "pending",
    "rejected",
    "in_payroll",
    "sent_to_pay",
    "changes_requested",
];

const MERCHANTS: [&str; 5] = ["Taxi", "Rail", "Hotel", "Stationery", "Restaurant"];

pub(super) fn plant(planter: &mut Planter<'_, '_>, people: &[Person]) -> Result<(), Error> {
    rest::grow(planter, "finance/categories")?;
    let categories = planter.ids("finance/categories").to_vec();
    let claims: Vec<_> = (0..SOME).map(|at| claim(planter, people, at)).collect();
    let ids = planter.plant(CLAIMS, claims.iter().cloned().map(Value::Object).collect())?;
    for (path, column) in [
        ("expenses/expenses", "expense_id"),
        ("expenses/mileages", "mileage_id"),
        ("expenses/per_diems", "per_diem_id"),
    ] {
        let of_it = |at: &usize| pick(&KINDS, *at).is_some_and(|(_, known, _)| *known == path);
        let places: Vec<usize> = (0..SOME).filter(of_it).collect();
        let details = places.iter().map(|at| detail(planter, path, &claims[*at], ids[*at], &categories, *at));
        let details = planter.plant(path, details.collect::<Vec<_>>())?;
        let grant = Grant::system(planter.company, "the program furnishes a company");
        let mut cx = Context::new(planter.engine, planter.tx, &grant, Caller::default(), Version::NEWEST);
        for (at, detail) in places.into_iter().zip(details) {
            cx.change(CLAIMS, &[by(ids[at])], [(column, Datum::Int(detail))].into())?;
        }
    }
    Ok(())
}

fn claim(planter: &Planter<'_, '_>, people: &[Person], at: usize) -> Map<String, Value> {
    let status = pick(&STATUSES, at).copied().unwrap_or("pending");
    let (kind, _, _) = pick(&KINDS, at).copied().unwrap_or(KINDS[0]);
    let ago = 5 + i64::try_from(at).unwrap_or(0) * 3;
    let moment = |days: i64| format!("{}T09:30:00.000Z", planter.ago(days));
    let amount = 1_250 + 730 * (at % 17);
    let claim = json!({
        "type": kind,
        "employee_id": pick(people, at * 7).map(|person| person.employee),
        "currency": "EUR",
        "status": status,
        "status_updated_at": moment(ago - 4),
        "cost_center_ids": [],
        "legal_entity_id": pick(planter.ids("companies/legal_entities"), 0),
        "amount": amount,
        "description": pick(&["Visit to a customer", "Conference", "Tools", "Lunch with a candidate"], at),
        "effective_on": moment(ago),
        "review_request_at": (status != "draft").then(|| moment(ago - 2)),
        "paid_at": (status == "paid").then(|| moment(ago - 4)),
        "reimbursable_amount": amount,
        "reimbursable_currency": "EUR",
        "reimbursement_method": "payroll",
    });
    match claim {
        Value::Object(claim) => claim,
        _ => Map::new(),
    }
}

/// The details of a claim: what both have, and what only they have.
fn detail(
    planter: &Planter<'_, '_>,
    path: &str,
    claim: &Map<String, Value>,
    id: i64,
    categories: &[i64],
    at: usize,
) -> Value {
    let day = |name: &str| claim[name].as_str().and_then(|moment| moment.get(..10)).map(str::to_owned);
    let shared = [
        "employee_id",
        "currency",
        "status",
        "cost_center_ids",
        "amount",
        "description",
        "review_request_at",
        "paid_at",
        "reimbursable_amount",
        "reimbursable_currency",
    ];
    let mut detail: Map<String, Value> =
        shared.iter().map(|name| ((*name).to_owned(), claim[*name].clone())).collect();
    detail.extend(
        [
            ("expenses_expensable_id", json!(id)),
            ("payment", "reimbursable".into()),
            ("files", json!([])),
            ("effective_on", day("effective_on").into()),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    let own = match path {
        "expenses/mileages" => json!({
            "mileage": 12 + at, "units": "km", "rate": "0.26", "rate_measurement_unit": "km", "round_trip": at % 12 == 1,
            "from": "Barcelona", "to": "Girona", "category_id": pick(categories, 3),
        }),
        "expenses/per_diems" => json!({
            "rates": [], "trip_name": "Fair", "from": "Barcelona", "to": "Lisbon", "start_date": day("effective_on"),
            "end_date": day("effective_on"), "paid_at": day("paid_at"), "review_request_at": day("review_request_at"),
        }),
        _ => json!({
            "creation_type": "manual", "status_updated_at": claim["status_updated_at"], "taxes": [],
            "merchant_name": pick(&MERCHANTS, at), "category_id": pick(categories, at % 3),
            "document_type": "receipt", "payment_method": "cash",
            "document_id": pick(planter.ids("documents/documents"), at),
        }),
    };
    if let Value::Object(own) = own {
        detail.extend(own);
    }
    Value::Object(detail)
}
