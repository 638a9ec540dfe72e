//! The people: who they are, whom they report to, what they were hired for.

use access::Grant;
use accounts::records::{ADMINISTRATORS, AccessRecord, DEFAULT_EMPLOYEES, PermissionGroupRecord, UserRecord};
use registry::{Date, Id, Span};
use serde_json::{Value, json};
use storage::{Condition, Datum, Look};

use super::{Planter, mixed, pick};
use crate::Error;
use crate::persona::{CAST, INDIRECT};

/// How many work there, the founder included.
const PEOPLE: usize = 100;

const FIRST: [&str; 40] = [
    "Aisha", "Alba", "Amara", "Anders", "Beatriz", "Bruno", "Carla", "Chen", "Clara", "Daniel", "Diego",
    "Elena", "Emre", "Fatima", "Greta", "Hugo", "Ines", "Ivan", "Jana", "Joao", "Kofi", "Laia", "Leo",
    "Lucia", "Marc", "Marta", "Mei", "Mohamed", "Nadia", "Nuno", "Olga", "Omar", "Pau", "Priya", "Rita",
    "Sam", "Sofia", "Tomas", "Yara", "Zoe",
];

const LAST: [&str; 40] = [
    "Abad", "Almeida", "Amari", "Bakker", "Barros", "Blanco", "Cardoso", "Castro", "Costa", "Dias", "Duran",
    "Escobar", "Farah", "Ferrer", "Fischer", "Gallego", "Gomes", "Haddad", "Ibarra", "Jansen", "Khan",
    "Lopes", "Marin", "Mendes", "Molina", "Navarro", "Novak", "Okafor", "Ortega", "Pinto", "Prat", "Quiroga",
    "Ramos", "Rocha", "Santos", "Serra", "Silva", "Soler", "Vidal", "Wagner",
];

/// What people do, by team, with a yearly salary in cents to begin with.
const JOBS: [(&str, i64); 10] = [
    ("Managing director", 9_000_000),
    ("Engineer", 4_200_000),
    ("Product designer", 3_900_000),
    ("Account manager", 3_300_000),
    ("Support agent", 2_600_000),
    ("Accountant", 3_200_000),
    ("People partner", 3_400_000),
    ("Operations specialist", 2_900_000),
    ("Platform engineer", 4_500_000),
    ("Application engineer", 4_300_000),
];

/// A person, as far as later history needs it.
pub(super) struct Person {
    pub employee: i64,
    /// Whom the person reports to.
    pub manager: Option<i64>,
    /// The place of the workplace in the list of workplaces.
    pub place: usize,
    pub hired: Date,
    /// The last day of whoever leaves.
    pub leaves: Option<Date>,
}

/// The domain of the addresses of everybody, which nobody else has: that of the founder, who has a number where there
/// are several companies of one name.
fn domain(founder: &str) -> String {
    match founder.split_once('@') {
        Some((local, domain)) => match local.split_once('-') {
            Some((_, number)) => format!("{number}.{domain}"),
            None => domain.to_owned(),
        },
        None => founder.to_owned(),
    }
}

pub(super) fn plant(planter: &mut Planter<'_, '_>, founder_email: &str) -> Result<Vec<Person>, Error> {
    let domain = domain(founder_email);
    let places = planter.ids("locations/locations").to_vec();
    let entities = planter.ids("companies/legal_entities").to_vec();
    let (founder, own) = planter.founder;
    planter.accesses.push(founder.get());
    planter.planted.insert("employees/employees", vec![own.get()]);
    let group = employee_group(planter)?;
    let mut people = Vec::with_capacity(PEOPLE);
    for at in 0..PEOPLE {
        let place = if at == 0 { 0 } else { at % places.len().max(1) };
        let hired = planter.ago(i64::try_from(mixed(at as u64) % 1800).unwrap_or(0) + 370);
        let entity = pick(&entities, usize::from(place == 2));
        if at == 0 {
            found(planter, places.first().copied(), entity.copied(), founder_email)?;
            people.push(Person { employee: own.get(), manager: None, place, hired, leaves: None });
            continue;
        }
        let first = pick(&FIRST, at * 7).copied().unwrap_or_default();
        let last = pick(&LAST, at * 11 + at / 40).copied().unwrap_or_default();
        let email = format!("{}.{}.{at}@{domain}", first.to_lowercase(), last.to_lowercase());
        let access = let_in(planter, &email, group)?;
        planter.accesses.push(access);
        // Ten lead a team and report to the founder, the others report to whoever leads theirs.
        let indirect = INDIRECT.iter().find(|(who, _)| *who == at).map(|(_, boss)| *boss);
        let boss = indirect.unwrap_or(if at <= LEADS { 0 } else { (at - 1) % LEADS + 1 });
        let manager = people.get(boss).map(|boss: &Person| boss.employee);
        // The newest has given notice.
        let leaves = (at + 1 == PEOPLE).then(|| planter.ago(-45));
        let row = json!({
            "access_id": access, "first_name": first, "last_name": last, "email": email,
            "login_email": email, "location_id": pick(&places, place), "legal_entity_id": entity,
            "manager_id": manager, "timeoff_manager_id": manager,
            "gender": if at % 2 == 0 { "female" } else { "male" },
            "birthday_on": birthday(planter.today, at), "nationality": if place == 2 { "pt" } else { "es" },
            "identifier": format!("{:08}X", 10_000_000 + at), "identifier_type": "dni",
            "country": if place == 2 { "pt" } else { "es" }, "city": if place == 2 { "Lisbon" } else { "Barcelona" },
            "postal_code": "08001", "address_line_1": format!("Street of Samples {at}"),
            "phone_number": format!("+34600{at:06}"), "bank_number": format!("ES00000000000000{at:08}"),
            "bank_number_format": "iban", "social_security_number": format!("28{at:010}"),
            "company_identifier": format!("E{at:04}"), "seniority_calculation_date": hired.to_string(),
            "contact_name": "Somebody close", "contact_number": format!("+34700{at:06}"),
            "terminated_on": leaves.map(|day| day.to_string()),
            "termination_reason": leaves.map(|_| "Moves to another city"),
        });
        let employee = planter.plant("employees/employees", vec![row])?.first().copied().unwrap_or_default();
        people.push(Person { employee, manager, place, hired, leaves });
    }
    contracts(planter, &people, &entities)?;
    teams(planter, &people)?;
    Ok(people)
}

/// How many lead a team.
const LEADS: usize = 9;

fn birthday(today: Date, at: usize) -> String {
    let years = 22 + i16::try_from(mixed(at as u64 + 500) % 40).unwrap_or(0);
    let days = i64::try_from(mixed(at as u64 + 900) % 365).unwrap_or(0);
    let span = Span::new().try_years(years).and_then(|span| span.try_days(days));
    span.and_then(|span| today.checked_sub(span)).unwrap_or(today).to_string()
}

/// The row of the founder, which is there already, learns where the founder works.
fn found(
    planter: &mut Planter<'_, '_>,
    place: Option<i64>,
    entity: Option<i64>,
    email: &str,
) -> Result<(), Error> {
    let id = |id: Option<i64>| id.map_or(Datum::Null, Datum::Int);
    let email = Datum::Text(email.to_owned());
    let sets = vec![
        ("location_id", id(place)),
        ("legal_entity_id", id(entity)),
        ("email", email.clone()),
        ("login_email", email),
        ("birthday_on", Datum::Text(birthday(planter.today, 0))),
    ];
    let grant = Grant::system(planter.company, "the company is furnished");
    let own = [Look::Equal("id", Datum::Int(planter.founder.1.get()))];
    planter.tx.rows(&grant, "employees").update(&own, sets)?;
    Ok(())
}

fn employee_group(planter: &mut Planter<'_, '_>) -> Result<Id<accounts::records::PermissionGroup>, Error> {
    let groups = planter.tx.company(planter.company).list(Condition::<PermissionGroupRecord>::any())?;
    let default = groups.iter().find(|group| group.kind == DEFAULT_EMPLOYEES);
    let any = default.or_else(|| groups.iter().find(|group| group.kind != ADMINISTRATORS));
    any.map(|group| group.id).ok_or_else(|| Error::Rule("it has no group for employees".to_owned()))
}

/// A login without a password, and its access to the company.
fn let_in(
    planter: &mut Planter<'_, '_>,
    email: &str,
    group: Id<accounts::records::PermissionGroup>,
) -> Result<i64, Error> {
    let now = planter.tx.now();
    let user = planter.tx.instance("logins belong to no company").insert([
        UserRecord::email.set(email.to_owned()),
        UserRecord::password_hash.set(None),
        UserRecord::created_at.set(now),
    ])?;
    let access = planter.tx.company(planter.company).insert([
        AccessRecord::user_id.set(user),
        AccessRecord::permission_group_id.set(group),
        AccessRecord::accepted_at.set(None),
        AccessRecord::created_at.set(now),
    ])?;
    Ok(access.get())
}

/// Everybody has one contract, and a version of it for each rise.
fn contracts(planter: &mut Planter<'_, '_>, people: &[Person], entities: &[i64]) -> Result<(), Error> {
    let rows = people.iter().map(|person| {
        json!({ "employee_id": person.employee, "country": if person.place == 2 { "pt" } else { "es" },
            "legal_entity_id": pick(entities, usize::from(person.place == 2)),
            "starts_on": person.hired.to_string(), "is_discontinuous": false })
    });
    let contracts = planter.plant("contracts/contracts", rows.collect())?;
    let mut versions = Vec::new();
    for (at, (person, contract)) in people.iter().zip(&contracts).enumerate() {
        let (job, salary) = job(at);
        for year in 0..3_i64 {
            let from = person.hired.checked_add(Span::new().days(year * 365)).unwrap_or(person.hired);
            if from > planter.today {
                break;
            }
            versions.push(json!({
                "employee_id": person.employee, "effective_on": from.to_string(), "has_payroll": true,
                "contracts_contract_id": contract, "country": if person.place == 2 { "pt" } else { "es" },
                "job_title": job, "starts_on": person.hired.to_string(),
                "salary_amount": salary + salary * 3 * year / 100, "salary_frequency": "yearly",
                "working_week_days": "monday,tuesday,wednesday,thursday,friday",
                "working_hours": 4000, "working_hours_frequency": "week", "has_trial_period": false,
                "fr_forfait_jours": false,
            }));
        }
    }
    planter.plant("contracts/contract_versions", versions)?;
    Ok(())
}

/// The place of a person's team in the list of teams.
fn team(at: usize) -> usize {
    if at == 0 { 0 } else { (at - 1) % LEADS + 1 }
}

fn job(at: usize) -> (String, i64) {
    let (title, salary) = pick(&JOBS, team(at)).copied().unwrap_or(("Employee", 2_500_000));
    let leads = (1..=LEADS).contains(&at);
    let title = if leads { format!("Head of {}", title.to_lowercase()) } else { title.to_owned() };
    (title, if leads { salary * 3 / 2 } else { salary })
}

/// Whoever leads a team besides the person to whom its members report.
fn team_lead() -> usize {
    CAST.iter().find(|(name, _)| *name == "team_lead").map_or(0, |(_, at)| *at)
}

fn teams(planter: &mut Planter<'_, '_>, people: &[Person]) -> Result<(), Error> {
    let teams = planter.ids("teams/teams").to_vec();
    let rows = people.iter().enumerate().map(|(at, person)| -> Value {
        json!({ "employee_id": person.employee, "team_id": pick(&teams, team(at)), "lead": at <= LEADS || at == team_lead() })
    });
    let rows = rows.collect();
    // Whoever is in a team is in the teams around it.
    let around = people.iter().enumerate().flat_map(|(at, person)| {
        let (teams, employee) = (&teams, person.employee);
        super::places::around(team(at)).into_iter().map(move |above| {
            json!({ "employee_id": employee, "team_id": pick(teams, above), "lead": false, "inherited": true })
        })
    });
    let around: Vec<Value> = around.collect();
    planter.plant("teams/memberships", rows)?;
    planter.plant("teams/memberships", around)?;
    Ok(())
}
