//! The decision against a naive model of the rules: a hundred thousand random people in random companies, with random
//! groups, and every row.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use access::{
    ActsAs, Chosen, Condition, Denied, Doing, Group, Permission, Person, Policy, Principal, Protected, Reach,
    Set, Visibility, decide, reaching,
};
use registry::{Access, Catalogue, Entry, Id, Resource};

/// Somebody who works.
#[derive(Debug, Resource)]
#[resource(
    path = "employees/employees",
    object = "employees_employee",
    permission = "people",
    table = "employees",
    subject = "id",
    operations(list, read)
)]
pub struct Human {
    /// Which.
    pub id: Id<registry::Employee>,
}

/// A record about somebody.
#[derive(Debug, Resource)]
#[resource(
    path = "tests/records",
    object = "tests_record",
    permission = "records",
    subject = "employee_id",
    operations(list, read, create, update, delete)
)]
pub struct Record {
    /// Which.
    pub id: Id<Record>,
    /// Whose.
    #[field(create, update)]
    pub employee_id: Option<Id<registry::Employee>>,
    /// Nobody's business.
    #[field(create, update, sensitive = "secrets")]
    pub secret: Option<String>,
}

/// What hangs on a record.
#[derive(Debug, Resource)]
#[resource(
    path = "tests/parts",
    object = "tests_part",
    permission = "parts",
    subject = "record_id.employee_id",
    operations(list, read, create)
)]
pub struct Part {
    /// Which.
    pub id: Id<Part>,
    /// Of which record.
    #[field(create)]
    pub record_id: Option<Id<Record>>,
}

/// What several people have to do with.
#[derive(Debug, Resource)]
#[resource(
    path = "tests/jobs",
    object = "tests_job",
    permission = "jobs",
    subject = "access_id",
    involved("helper_ids"),
    operations(list, read)
)]
pub struct Job {
    /// Which.
    pub id: Id<Job>,
    /// Who answers for it.
    pub access_id: Id<Access>,
    /// Who helps.
    pub helper_ids: Vec<Id<Access>>,
}

/// What is about somebody or about something.
#[derive(Debug, Resource)]
#[resource(
    path = "tests/notes",
    object = "tests_note",
    permission = "notes",
    subject = "about_id",
    subject_if("about_type", "Employee"),
    operations(list, read)
)]
pub struct Note {
    /// Which.
    pub id: Id<Note>,
    /// What it is about.
    pub about_id: Id<registry::Anything>,
    /// The kind of that.
    pub about_type: String,
}

/// What is the company's.
#[derive(Debug, Resource)]
#[resource(
    path = "tests/kinds",
    object = "tests_kind",
    permission = "records",
    operations(list, read, update, delete)
)]
pub struct Kind {
    /// Which.
    pub id: Id<Kind>,
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Null,
    Int(i64),
    True(bool),
    Text(&'static str),
    List(Vec<i64>),
}

type Row = HashMap<&'static str, Value>;

/// A company as tables. Employees have the ids 1 to n, their accesses 101 to 100 + n.
struct Company {
    people: i64,
    manager: Vec<Option<i64>>,
    supervisor: Vec<Option<i64>>,
    entity: Vec<Option<i64>>,
    location: Vec<Option<i64>>,
    /// Who, in which team, whether he leads it.
    memberships: Vec<(i64, i64, bool)>,
    tables: HashMap<&'static str, Vec<Row>>,
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below.unsigned_abs()).cast_signed()
    }

    fn maybe(&mut self, below: i64) -> Option<i64> {
        Some(self.roll(below + 1)).filter(|id| *id > 0)
    }
}

fn cell(id: Option<i64>) -> Value {
    id.map_or(Value::Null, Value::Int)
}

fn int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(id) => Some(*id),
        _ => None,
    }
}

impl Company {
    fn random(dice: &mut Dice) -> Self {
        let people = dice.roll(7) + 1;
        // Managers in circles, and people who are their own, are what a company may well have entered.
        let manager: Vec<_> = (0..people).map(|_| dice.maybe(people)).collect();
        let supervisor: Vec<_> = (0..people).map(|_| dice.maybe(people)).collect();
        let entity: Vec<_> = (0..people).map(|_| dice.maybe(2)).collect();
        let location: Vec<_> = (0..people).map(|_| dice.maybe(2)).collect();
        let mut memberships = Vec::new();
        for _ in 0..dice.roll(8) {
            memberships.push((dice.roll(people) + 1, dice.roll(3) + 1, dice.roll(3) == 0));
        }
        let mut tables: HashMap<&'static str, Vec<Row>> = HashMap::new();
        let at = |list: &[Option<i64>], id: i64| cell(list[usize::try_from(id - 1).unwrap()]);
        for id in 1..=people {
            let mut add = |table: &'static str, mut row: Row| {
                row.insert("id", Value::Int(id));
                tables.entry(table).or_default().push(row);
            };
            add(
                "employees",
                Row::from([
                    ("access_id", Value::Int(100 + id)),
                    ("manager_id", at(&manager, id)),
                    ("timeoff_manager_id", at(&supervisor, id)),
                    ("legal_entity_id", at(&entity, id)),
                    ("location_id", at(&location, id)),
                ]),
            );
            add("tests_records", Row::from([("employee_id", cell(dice.maybe(people)))]));
            add("tests_parts", Row::from([("record_id", cell(dice.maybe(people)))]));
            let helpers = (0..dice.roll(3)).map(|_| 101 + dice.roll(people)).collect();
            add(
                "tests_jobs",
                Row::from([
                    ("access_id", Value::Int(101 + dice.roll(people))),
                    ("helper_ids", Value::List(helpers)),
                ]),
            );
            let kind = if dice.roll(2) == 0 { "Employee" } else { "Document" };
            add(
                "tests_notes",
                Row::from([
                    ("about_id", Value::Int(dice.roll(people) + 1)),
                    ("about_type", Value::Text(kind)),
                ]),
            );
            add("tests_kinds", Row::new());
        }
        let rows = memberships.iter().map(|(who, team, leads)| {
            Row::from([
                ("employee_id", Value::Int(*who)),
                ("team_id", Value::Int(*team)),
                ("lead", Value::True(*leads)),
            ])
        });
        tables.insert("teams_memberships", rows.collect());
        Self { people, manager, supervisor, entity, location, memberships, tables }
    }

    // What a database does with a condition.

    fn holds(&self, condition: &Condition, row: &Row) -> bool {
        match condition {
            Condition::Always => true,
            Condition::Never => false,
            Condition::True(column) => row[column] == Value::True(true),
            Condition::Empty(column) => row[column] == Value::Null,
            Condition::Text(column, text) => row[column] == Value::Text(text),
            Condition::Lists(column, id) => matches!(&row[column], Value::List(ids) if ids.contains(id)),
            Condition::In(column, sets) => {
                int(&row[column]).is_some_and(|id| sets.iter().any(|set| self.ids(set).contains(&id)))
            }
            Condition::All(all) => all.iter().all(|condition| self.holds(condition, row)),
            Condition::Any(any) => any.iter().any(|condition| self.holds(condition, row)),
        }
    }

    fn ids(&self, set: &Set) -> BTreeSet<i64> {
        match set {
            Set::One(id) => [*id].into(),
            Set::Column { table, column, of } => {
                let rows = self.tables[table].iter().filter(|row| self.holds(of, row));
                rows.filter_map(|row| int(&row[column])).collect()
            }
            Set::Below { table, key, parent, root } => {
                let mut below = BTreeSet::new();
                let mut above = vec![*root];
                while let Some(boss) = above.pop() {
                    for row in self.tables[table].iter().filter(|row| int(&row[parent]) == Some(boss)) {
                        // Whoever reports to nobody is where it ends.
                        if let Some(id) = int(&row[key])
                            && below.insert(id)
                        {
                            above.push(id);
                        }
                    }
                }
                below
            }
        }
    }

    // The rules, as one would tell them.

    fn of(&self, list: &[Option<i64>], person: i64) -> Option<i64> {
        list[usize::try_from(person - 1).unwrap()]
    }

    fn reports_to(&self, person: i64, boss: i64) -> bool {
        let mut at = person;
        for _ in 0..=self.people {
            match self.of(&self.manager, at) {
                Some(above) if above == boss => return true,
                Some(above) => at = above,
                None => return false,
            }
        }
        false
    }

    fn leads(&self, boss: i64, person: i64) -> bool {
        let is_in = |who: i64, team: i64| self.memberships.iter().any(|(w, t, _)| *w == who && *t == team);
        self.memberships.iter().any(|(who, team, leads)| *who == boss && *leads && is_in(person, *team))
    }

    fn visible(&self, person: i64, visibility: &Visibility) -> bool {
        let Visibility::Chosen(chosen) = visibility else { return true };
        let within = |ids: &BTreeSet<i64>, id: Option<i64>| id.is_some_and(|id| ids.contains(&id));
        chosen.employees.contains(&person)
            || within(&chosen.legal_entities, self.of(&self.entity, person))
            || within(&chosen.locations, self.of(&self.location, person))
            || self.memberships.iter().any(|(who, team, _)| *who == person && chosen.teams.contains(team))
    }

    fn may(&self, me: i64, person: i64, reach: Reach, visibility: &Visibility) -> bool {
        if me == person && (reach.has(Reach::OWN) || reach.has(Reach::EVERYONE)) {
            return true;
        }
        let entity = self.of(&self.entity, me);
        let reached = reach.has(Reach::EVERYONE)
            || (reach.has(Reach::REPORTS) && self.reports_to(person, me))
            || (reach.has(Reach::TEAMS) && self.leads(me, person))
            || (reach.has(Reach::SUPERVISED) && self.of(&self.supervisor, person) == Some(me))
            || (reach.has(Reach::LEGAL_ENTITY)
                && entity.is_some()
                && entity == self.of(&self.entity, person));
        reached && self.visible(person, visibility)
    }

    /// Whose record it is, if it is somebody's.
    fn whose(&self, table: &str, row: &Row) -> Option<i64> {
        match table {
            "employees" => int(&row["id"]),
            "tests_records" => int(&row["employee_id"]),
            "tests_parts" => {
                let record =
                    self.tables["tests_records"].iter().find(|other| other["id"] == row["record_id"]);
                int(&record?["employee_id"])
            }
            "tests_jobs" => int(&row["access_id"]).map(|access| access - 100),
            "tests_notes" if row["about_type"] == Value::Text("Employee") => int(&row["about_id"]),
            _ => None,
        }
    }

    /// Whether somebody has a permission for a row.
    fn allowed(&self, me: i64, policy: &Policy, permission: Permission, table: &str, row: &Row) -> bool {
        let reach = policy.reach(permission);
        if !permission.doing.reaches() {
            return !reach.is_nothing();
        }
        let helps = |row: &Row| matches!(&row["helper_ids"], Value::List(ids) if ids.contains(&(me + 100)));
        if table == "tests_jobs" && reach.has(Reach::OWN) && helps(row) {
            return true;
        }
        match self.whose(table, row) {
            Some(person) => self.may(me, person, reach, &policy.visibility),
            // The company's: who sees part of the people only sees of it no more than is said for it.
            None if table == "tests_kinds" => reach.has(Reach::EVERYONE),
            None => reach.has(Reach::EVERYONE) && policy.visibility == Visibility::Everyone,
        }
    }
}

#[test]
fn whoever_reaches_somebody_is_found_from_the_other_side() {
    let mut dice = Dice(7);
    let mut found = 0;
    for _ in 0..2_000 {
        let company = Company::random(&mut dice);
        let person = dice.roll(company.people) + 1;
        for (part, name) in Reach::ALL {
            let condition = reaching(part, person);
            for row in &company.tables["employees"] {
                let viewer = int(&row["id"]).unwrap();
                // What reaches everybody is one's own, too; here it is only about the others.
                let reaches = company.may(viewer, person, part, &Visibility::Everyone);
                assert_eq!(company.holds(&condition, row), reaches, "{viewer} {name} {person}");
                found += u64::from(reaches);
            }
        }
    }
    assert!(found > 10_000, "{found}");
}

fn policy(dice: &mut Dice) -> Policy {
    let mut policy = Policy::default();
    let parts = Reach::ALL.map(|(part, _)| part);
    for module in ["people", "records", "parts", "jobs", "notes", "secrets"] {
        for doing in Doing::ALL {
            let mut reach = Reach::NOTHING;
            if dice.roll(3) > 0 {
                for part in parts {
                    if dice.roll(if part == Reach::EVERYONE { 6 } else { 3 }) == 0 {
                        reach = reach.and(part);
                    }
                }
            }
            policy.set(module, doing, reach);
        }
    }
    if dice.roll(3) == 0 {
        let mut chosen = Chosen::default();
        for (name, most) in [("legal_entities", 2), ("teams", 3), ("locations", 2), ("employees", 7)] {
            for _ in 0..dice.roll(3) {
                chosen.way(name).unwrap().insert(dice.roll(most) + 1);
            }
        }
        policy.visibility = Visibility::Chosen(chosen);
    }
    policy
}

#[test]
fn the_decision_is_what_a_naive_model_of_the_rules_says() {
    let catalogue = Catalogue::new([
        Entry::of::<Human>(),
        Entry::of::<Record>(),
        Entry::of::<Part>(),
        Entry::of::<Job>(),
        Entry::of::<Note>(),
        Entry::of::<Kind>(),
    ]);
    let catalogue = catalogue.unwrap_or_else(|faults| panic!("{faults:?}"));
    let resources: Vec<_> = catalogue.iter().map(|entry| Protected::of(&catalogue, entry.resource)).collect();
    let mut dice = Dice(2026);
    let (mut cases, mut rows, mut seen_rows) = (0, 0_u64, BTreeMap::<bool, u64>::new());
    while cases < 100_000 {
        let company = Company::random(&mut dice);
        for _ in 0..20 {
            let me = dice.roll(company.people) + 1;
            let policy = policy(&mut dice);
            // A policy survives being written down.
            assert_eq!(Policy::parse(&policy.text()).text(), policy.text());
            let person = Person {
                user: Id::new(1),
                access: Id::new(100 + me),
                employee: Id::new(me),
                administrator: false,
                group: Arc::new(Group { name: "Some".to_owned(), policy: policy.clone() }),
            };
            let principal = Principal { company: Id::new(1), acts_as: ActsAs::Person(person), scopes: None };
            let protected = &resources[usize::try_from(dice.roll(6)).unwrap()];
            let resource = protected.resource;
            let doing = Doing::ALL[usize::try_from(dice.roll(5)).unwrap()];
            let permission = Permission::of(resource, doing);
            let sight = Permission::of(resource, Doing::See);
            cases += 1;
            let grant = match decide(&principal, protected, doing) {
                Ok(grant) => grant,
                Err(denied) => {
                    assert_eq!(denied, Denied::Permission(permission));
                    assert!(policy.reach(permission).is_nothing() && !doing.reads());
                    continue;
                }
            };
            for row in &company.tables[resource.table] {
                let model = |permission| company.allowed(me, &policy, permission, resource.table, row);
                let case =
                    || format!("{me} {permission} {row:?}\n{}\n{:?}", policy.text(), company.memberships);
                let seen = model(sight);
                assert_eq!(company.holds(grant.sight(), row), seen, "{}", case());
                assert_eq!(company.holds(grant.touch(), row), seen && model(permission), "{}", case());
                let secret = Permission::new("secrets", Doing::See);
                assert_eq!(company.holds(&grant.rows(protected, secret), row), model(secret), "{}", case());
                rows += 1;
                *seen_rows.entry(seen).or_default() += 1;
            }
        }
    }
    // It is no test if nearly everything, or nearly nothing, is seen.
    assert!(seen_rows[&true] * 5 > rows && seen_rows[&false] * 5 > rows, "{seen_rows:?}");
}
