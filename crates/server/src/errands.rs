//! What the server has the code of resources do in the name of a company, beyond the operations of the API.

use access::Grant;
use accounts::{Actor, audit};
use engine::{Caller, Context, Engine, Error};
use registry::{Access, Company, Id, Version};
use serde_json::{Value, json};
use storage::Tx;

use crate::App;

const PEOPLE: &str = "employees/employees";

/// Gives a company, and whoever joined it, what everybody has: a workplace and a legal entity.
pub(crate) fn settle(engine: &Engine, tx: &mut Tx<'_>, company: Id<Company>) -> Result<(), accounts::Error> {
    beside(engine, tx, company, Caller::default(), "settle", &Value::Null)
}

/// Something that cannot be refused, beside what accounts do.
fn beside(
    engine: &Engine,
    tx: &mut Tx<'_>,
    company: Id<Company>,
    by: Caller,
    name: &str,
    asked: &Value,
) -> Result<(), accounts::Error> {
    match engine.errand(tx, company, by, (PEOPLE, name), asked) {
        Ok(_) => Ok(()),
        Err(Error::Storage(error)) => Err(error.into()),
        Err(error) => Err(storage::Error::Driver(error.to_string()).into()),
    }
}

/// Tells whoever wants to know that somebody was invited.
pub(crate) fn told_invited(
    engine: &Engine,
    tx: &mut Tx<'_>,
    company: Id<Company>,
    by: Caller,
    access: Id<Access>,
) -> Result<(), accounts::Error> {
    beside(engine, tx, company, by, "invited", &json!({ "access_id": access.get() }))
}

/// Takes the days off of a holiday calendar over for a workplace, says what became of each, and notes it in the audit log.
pub(crate) fn import_holidays(
    engine: &Engine,
    tx: &mut Tx<'_>,
    company: Id<Company>,
    actor: &Actor,
    location: Option<&str>,
    calendar: &str,
) -> Result<Value, Error> {
    let asked = json!({ "location": location, "calendar": calendar });
    let what = ("holidays/company_holidays", "import");
    let report = engine.errand(tx, company, Caller::default(), what, &asked)?;
    let many = |member: &str| report[member].as_array().map_or(0, Vec::len);
    let details = format!("{} added, {} changed", many("added"), many("changed"));
    let place = report["location"].as_str().unwrap_or_default();
    audit::record(tx, Some(company), actor, "holidays.imported", place, &details)?;
    Ok(report)
}

/// What an errand makes of the token of a link to an address, in the company that the token begins with.
pub(crate) fn address(
    app: &App,
    name: &'static str,
    token: &str,
) -> impl FnMut(&mut Tx<'_>) -> Result<Value, Error> + Send + use<> {
    let company = token.split_once('-').and_then(|(company, _)| company.parse().ok());
    let (app, asked) = (app.clone(), json!({ "token": token }));
    move |tx| {
        let Some(company) = company else { return Ok(Value::Null) };
        let grant =
            Grant::system(Id::new(company), "whoever reads the mail of an address says that it is good");
        let cx = Context::new(app.engine, tx, &grant, Caller::default(), Version::NEWEST);
        cx.lending(&app.mailroom).errand(PEOPLE, name, &asked)
    }
}
