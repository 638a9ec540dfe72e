//! The directory and the record of one person.

use std::collections::HashMap;

use access::Doing;
use axum::extract::{Path, State};
use axum::response::Response;
use engine::Error;
use http::StatusCode;
use registry::Date;
use serde_json::Value;
use storage::{Datum, Look};

use super::{amount, day, name};
use crate::App;
use crate::web::desk::{Desk, Object, date, text, whole};
use crate::web::errors::Failure;
use crate::web::pages::Nav;
use crate::web::pages::work::{ContractRow, Line, PeoplePage, PersonPage, PersonRow};
use crate::web::visitor::{SignedIn, see_other};

const PEOPLE: &str = "employees/employees";

pub(crate) async fn list(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Failure> {
    let desk = Desk::of(&app, &signed_in);
    let query = signed_in.visitor.query();
    let (searched, everybody) = (query.text("q").trim().to_owned(), query.text("everybody") == "true");
    let chosen = |name| Some(query.text(name).to_owned()).filter(|id| id.parse::<i64>().is_ok());
    let (place, team) = (chosen("place").unwrap_or_default(), chosen("team").unwrap_or_default());
    let mut asked = vec![("only_active", if everybody { "false" } else { "true" })];
    let given = [("full_text_name", &searched), ("location_ids[]", &place), ("team_ids[]", &team)];
    asked.extend(
        given.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, id)| (name, id.as_str())),
    );
    let rows = async {
        let (people, total) = desk.counted(PEOPLE, &asked).await?;
        let lookup = Lookup::of(&desk, &people).await?;
        let mut rows: Vec<_> = people.iter().map(|person| lookup.row(person)).collect();
        rows.sort_by_key(|row| row.name.to_lowercase());
        let places = choices(&desk.list("locations/locations", &[]).await?);
        let teams = choices(&desk.list("teams/teams", &[]).await?);
        Ok::<_, Error>((rows, total, places, teams))
    };
    let (rows, total, places, teams) =
        rows.await.map_err(|error| Failure::engine(&signed_in.visitor, error))?;
    let page = PeoplePage {
        page: signed_in.visitor.page("People", Nav::People),
        query: searched,
        everybody,
        places,
        place,
        teams,
        team,
        total,
        rows,
    };
    Ok(signed_in.visitor.show(StatusCode::OK, &page))
}

/// Ids and names of objects to choose from.
pub(super) fn choices(objects: &[Object]) -> Vec<(String, String)> {
    let choice = |object: &Object| (text(object, "id").to_owned(), text(object, "name").to_owned());
    let mut choices: Vec<_> = objects.iter().map(choice).collect();
    choices.sort_by_key(|(_, name)| name.to_lowercase());
    choices
}

/// The record of whoever looks.
pub(crate) async fn own(signed_in: SignedIn) -> Response {
    see_other(&format!("/people/{}", signed_in.person.employee.get()))
}

pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<i64>,
    signed_in: SignedIn,
) -> Result<Response, Failure> {
    let desk = Desk::of(&app, &signed_in);
    let gathered = async {
        let person = desk.read(PEOPLE, id).await?;
        let of_person = id.to_string();
        let lookup = Lookup::of(&desk, std::slice::from_ref(&person)).await?;
        let contracts = desk.list("contracts/contract_versions", &[("employee_ids[]", &of_person)]).await?;
        let places = desk.list("teams/memberships", &[("employee_ids[]", &of_person)]).await?;
        let teams =
            desk.named("teams/teams", places.iter().map(|place| text(place, "team_id").to_owned())).await?;
        let below = desk.consider(PEOPLE, Doing::See, move |cx| {
            let below = cx.visible(PEOPLE, &[Look::Equal("manager_id", Datum::Int(id))])?;
            Ok(below.iter().filter_map(|person| person.int("id")).collect::<Vec<_>>())
        });
        let below = desk.named(PEOPLE, below.await?.iter().map(ToString::to_string)).await?;
        Ok::<_, Error>((person, lookup, contracts, places, teams, below))
    };
    let failed = |error| Failure::engine(&signed_in.visitor, error);
    let (person, lookup, contracts, places, teams, below) = gathered.await.map_err(failed)?;
    let today = desk.today().await.map_err(failed)?;
    let of_person = id.to_string();
    let row = lookup.row(&person);
    let teams = places.iter().filter_map(|place| {
        let team = teams.get(text(place, "team_id"))?;
        Some((text(team, "name").to_owned(), place.get("lead") == Some(&Value::Bool(true))))
    });
    let own = id == signed_in.person.employee.get();
    let timesheet = !own && desk.reaches("attendance/shifts", Doing::See, id).await.map_err(failed)?;
    // Who may not know whose manager somebody is does not find it out here.
    let reports = below.values().filter(|other| {
        text(other, "manager_id") == of_person && other.get("active") != Some(&Value::Bool(false))
    });
    let mut reports: Vec<_> = reports.collect();
    reports.sort_by_key(|other| name(other).to_lowercase());
    let page = PersonPage {
        page: signed_in.visitor.page(row.name.clone(), if own { Nav::Profile } else { Nav::People }),
        own,
        timesheet,
        groups: groups(&person, &row),
        contracts: timeline(&contracts, today),
        teams: teams.collect(),
        reports: reports
            .into_iter()
            .map(|other| Line {
                title: name(other),
                text: String::new(),
                href: format!("/people/{}", text(other, "id")),
            })
            .collect(),
        person: row,
    };
    Ok(signed_in.visitor.show(StatusCode::OK, &page))
}

/// What rows of people refer to.
struct Lookup {
    managers: HashMap<String, Object>,
    places: HashMap<String, Object>,
    titles: HashMap<String, String>,
}

impl Lookup {
    async fn of(desk: &Desk<'_>, people: &[Object]) -> Result<Self, Error> {
        let all = |member: &'static str| {
            people.iter().map(move |person| text(person, member).to_owned()).filter(|id| !id.is_empty())
        };
        let managers = desk.named(PEOPLE, all("manager_id")).await?;
        let places = desk.named("locations/locations", all("location_id")).await?;
        let today = desk.today().await?.to_string();
        let mut titles = HashMap::new();
        for chunk in all("id").collect::<Vec<_>>().chunks(100) {
            let asked: Vec<_> = chunk.iter().map(|id| ("employee_ids[]", id.as_str())).collect();
            let versions = desk.list("contracts/contract_versions", &asked).await?;
            let mut versions: Vec<_> =
                versions.iter().filter(|version| text(version, "effective_on") <= today.as_str()).collect();
            versions.sort_by_key(|version| text(version, "effective_on"));
            titles.extend(versions.into_iter().map(|version| {
                (text(version, "employee_id").to_owned(), text(version, "job_title").to_owned())
            }));
        }
        Ok(Self { managers, places, titles })
    }

    fn row(&self, person: &Object) -> PersonRow {
        let email = text(person, "email");
        PersonRow {
            id: text(person, "id").to_owned(),
            name: name(person),
            email: if email.is_empty() { text(person, "login_email") } else { email }.to_owned(),
            title: self.titles.get(text(person, "id")).cloned().unwrap_or_default(),
            place: self
                .places
                .get(text(person, "location_id"))
                .map(|place| text(place, "name").to_owned())
                .unwrap_or_default(),
            manager: self.managers.get(text(person, "manager_id")).map(name).unwrap_or_default(),
            state: match (person.get("active"), person.get("is_terminating")) {
                (Some(Value::Bool(false)), _) => "left",
                (_, Some(Value::Bool(true))) => "leaving",
                _ => "",
            },
        }
    }
}

/// What is known of a person. What is empty or hidden is not shown; the difference is nobody's business.
fn groups(person: &Object, row: &PersonRow) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let member = |label, name| (label, text(person, name).to_owned());
    let dated = |label, name| (label, date(person, name).map(day).unwrap_or_default());
    let address = ["address_line_1", "address_line_2", "postal_code", "city", "state", "country"];
    // Codes of countries are shown as they are written; whatever else stands there stays as it is.
    let country = |name| match text(person, name) {
        code if code.len() == 2 => code.to_uppercase(),
        other => other.to_owned(),
    };
    let part = |name| if name == "country" { country(name) } else { text(person, name).to_owned() };
    let address: Vec<_> = address.into_iter().map(part).filter(|part| !part.is_empty()).collect();
    let groups = [
        (
            "Work",
            vec![
                ("E-mail", row.email.clone()),
                member("Phone", "phone_number"),
                ("Workplace", row.place.clone()),
                ("Manager", row.manager.clone()),
                member("Company identifier", "company_identifier"),
                dated("Seniority since", "seniority_calculation_date"),
                dated("Last day", "terminated_on"),
            ],
        ),
        (
            "Personal",
            vec![
                member("Preferred name", "preferred_name"),
                member("Pronouns", "pronouns"),
                dated("Birthday", "birthday_on"),
                ("Nationality", country("nationality")),
                ("Gender", begun(text(person, "gender"))),
            ],
        ),
        (
            "Private contact",
            vec![
                member("Personal e-mail", "personal_email"),
                ("Address", address.join(", ")),
                member("Emergency contact", "contact_name"),
                member("Emergency number", "contact_number"),
            ],
        ),
        (
            "Identity and bank",
            vec![
                member("Identity document", "identifier"),
                member("Social security number", "social_security_number"),
                member("Bank account", "bank_number"),
                member("SWIFT or BIC", "swift_bic"),
            ],
        ),
    ];
    let known = groups.into_iter().map(|(heading, values)| {
        (heading, values.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>())
    });
    known.filter(|(_, values)| !values.is_empty()).collect()
}

/// A word with a capital letter.
fn begun(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn timeline(versions: &[Object], today: Date) -> Vec<ContractRow> {
    let mut versions: Vec<_> = versions.iter().collect();
    versions.sort_by_key(|version| std::cmp::Reverse(date(version, "effective_on")));
    let current =
        versions.iter().position(|version| date(version, "effective_on").is_some_and(|on| on <= today));
    let rows = versions.iter().enumerate().map(|(at, version)| {
        #[expect(clippy::cast_precision_loss, reason = "hours and pay of one person are small")]
        let cents = |member| amount(whole(version, member) as f64 / 100.0);
        let pay = version.get("salary_amount").and_then(Value::as_i64).map_or_else(String::new, |_| {
            let (currency, each) = (text(version, "salary_currency"), text(version, "salary_frequency"));
            format!("{} {currency} {each}", cents("salary_amount"))
        });
        let hours = version.get("working_hours").and_then(Value::as_i64);
        ContractRow {
            since: date(version, "effective_on").map(day).unwrap_or_default(),
            title: text(version, "job_title").to_owned(),
            hours: hours.map_or_else(String::new, |_| {
                format!("{} hours a {}", cents("working_hours"), text(version, "working_hours_frequency"))
            }),
            pay,
            state: match current {
                Some(current) if at == current => "current",
                Some(current) if at > current => "past",
                _ => "future",
            },
        }
    });
    rows.collect()
}
