//! The lists of `cargo xtask bench`: pages of the engine beside the same rows read and written by hand, in one process.
//!
//!     lists FOLDER
//!
//! Prints a line for each figure: its name, a tab, and the number.

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a measurement prints")]

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use access::{ActsAs, Doing, Grant, Group, Person, Policy, decide};
use anyhow::{Context as _, Result, ensure};
use demo::{Request, SandboxRecord};
use engine::{Caller, Context, Engine, List, Parameters, Plan};
use registry::{Company, Id, Verb, Version};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params_from_iter};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;
use storage::{Clock, Database, Options, Target};

/// Rows of the long list.
const MILLION: i64 = 1_000_000;

/// People of the large company, and how many report to the manager.
const PEOPLE: i64 = 10_000;
const REPORTS: i64 = 20;

/// Turns of which every figure is the median, and how long each side of one takes.
const TURNS: usize = 15;
const TURN: Duration = Duration::from_millis(200);

fn main() -> Result<()> {
    let folder: PathBuf = std::env::args_os().nth(1).context("FOLDER is missing")?.into();
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("lists.db");
    let engine: &'static Engine =
        Box::leak(Box::new(hr::engine().map_err(|faults| anyhow::anyhow!("{faults:?}"))?));
    let migrations =
        [accounts::MIGRATIONS, oauth::MIGRATIONS, demo::MIGRATIONS, engine::MIGRATIONS, &[hr::MIGRATION]]
            .concat();
    let db = Database::open(&Options::new(Target::Sqlite(file.clone())), Clock::system(), &migrations)?;

    let request = Request::new("Lists");
    let begun = Instant::now();
    let company = db.write_blocking(move |tx| {
        demo::create(tx, &oauth::Settings::default(), Some(engine), &request)?;
        let sandbox: Option<SandboxRecord> = tx.instance("a measurement").find(storage::Condition::any())?;
        Ok::<_, demo::Error>(sandbox.map(|sandbox| sandbox.furnished_company_id))
    })?;
    println!("provisioning\t{}", begun.elapsed().as_secs_f64());
    let company = company.context("no sandbox")?;
    let hand = Connection::open(&file)?;
    hand.set_prepared_statement_cache_capacity(100);
    let bench = Bench { db, engine, company, hand };

    let ratio = bench.beside_hand("employees/employees", &[], "company_id = ?1", &[company.get()])?;
    println!("employees\t{ratio}");
    bench.plant_shifts()?;
    let first =
        bench.hand.query_row("SELECT min(employee_id) FROM attendance_shifts", [], |row| row.get(0))?;
    let first: i64 = first;
    let ratio = bench.beside_hand(
        "attendance/shifts",
        &[("employee_ids[]", first.to_string())],
        "company_id = ?1 AND employee_id = ?2",
        &[company.get(), first],
    )?;
    println!("filtered\t{ratio}");
    println!("page\t{}", bench.pages()?);
    println!("manager\t{}", bench.manager()?);
    Ok(())
}

struct Bench {
    db: Database,
    engine: &'static Engine,
    company: Id<Company>,
    hand: Connection,
}

/// A list, ready to be asked for again and again.
struct Asked<'b> {
    db: &'b Database,
    engine: &'static Engine,
    plan: &'static Plan,
    grant: Grant,
    query: Parameters,
}

impl Asked<'_> {
    /// From the parameters of a request to its body.
    fn page(&self) -> Result<Vec<u8>> {
        let list = List::check(self.plan, Version::NEWEST, &self.query)?;
        let (engine, plan, grant) = (self.engine, self.plan, self.grant.clone());
        Ok(self.db.read_blocking(move |tx| {
            Context::new(engine, tx, &grant, Caller::default(), Version::NEWEST).list(plan, &list)
        })?)
    }
}

impl Bench {
    fn asked(&self, path: &str, query: &[(&str, String)]) -> Result<Asked<'_>> {
        self.asked_by(ActsAs::Company, path, query)
    }

    fn asked_by(&self, acts_as: ActsAs, path: &str, query: &[(&str, String)]) -> Result<Asked<'_>> {
        let plan = self.engine.find(path).context("no such resource")?;
        let principal = access::Principal { company: self.company, acts_as, scopes: None };
        let grant = decide(&principal, &plan.protected, Doing::of(Verb::List))
            .map_err(|denied| anyhow::anyhow!("{denied:?}"))?;
        let query = query.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Ok(Asked { db: &self.db, engine: self.engine, plan, grant, query })
    }

    /// Rows a second of a list of a hundred, as a part of those of the same rows by hand.
    fn beside_hand(
        &self,
        path: &str,
        query: &[(&str, String)],
        condition: &str,
        values: &[i64],
    ) -> Result<f64> {
        let asked = self.asked(path, query)?;
        let table = asked.plan.resource().table;
        let rows = |body: &[u8]| -> Result<usize> {
            let body: Value = serde_json::from_slice(body)?;
            Ok(body["data"].as_array().map_or(0, Vec::len))
        };
        let by_hand = || by_hand(&self.hand, table, condition, values);
        let (engine, hand) = (rows(&asked.page()?)?, rows(&by_hand()?)?);
        ensure!(engine > 90 && hand > 90, "{path}: {engine} rows beside {hand}");
        let ratio = in_turns(by_hand, || asked.page())?;
        Ok(ratio * engine as f64 / hand as f64)
    }

    /// Copies one shift a million times, with the people of the company in turns.
    fn plant_shifts(&self) -> Result<()> {
        let table = "attendance_shifts";
        let columns = self
            .hand
            .prepare("SELECT name FROM pragma_table_info(?1) WHERE name NOT IN ('id', 'employee_id')")?
            .query_map([table], |row| row.get(0))?
            .collect::<Result<Vec<String>, _>>()?
            .join(", ");
        self.hand.execute_batch(&format!(
            "BEGIN IMMEDIATE;
             CREATE TEMP TABLE people AS SELECT id FROM employees WHERE company_id = {company};
             CREATE TEMP TABLE one AS SELECT * FROM {table} WHERE company_id = {company} ORDER BY id LIMIT 1;
             INSERT INTO {table} (employee_id, {columns})
             WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {MILLION})
             SELECT (SELECT min(id) FROM people) + n % (SELECT count(*) FROM people), {columns} FROM number, one;
             COMMIT;",
            company = self.company.get(),
        ))?;
        Ok(())
    }

    /// How often a manager of twenty in a company of ten thousand gets a page of his people's shifts, as a part of how often an
    /// administrator who names the same people gets it.
    fn manager(&self) -> Result<f64> {
        let columns = self
            .hand
            .prepare("SELECT name FROM pragma_table_info('employees') WHERE name NOT IN ('id', 'access_id', 'manager_id')")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<Vec<String>, _>>()?
            .join(", ");
        self.hand.execute_batch(&format!(
            "PRAGMA foreign_keys = OFF;
             BEGIN IMMEDIATE;
             CREATE TEMP TABLE boss AS SELECT max(id) + 1 AS id FROM employees;
             CREATE TEMP TABLE person AS SELECT * FROM employees WHERE company_id = {company} ORDER BY id LIMIT 1;
             INSERT INTO employees (id, access_id, manager_id, {columns})
             WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < {PEOPLE} - 1)
             SELECT boss.id + n, -n - 1, CASE WHEN n BETWEEN 1 AND {REPORTS} THEN boss.id WHEN n > {REPORTS} THEN boss.id + {REPORTS} + 1 END,
                 {columns} FROM number, person, boss;
             UPDATE attendance_shifts SET employee_id = (SELECT id FROM boss) + id % {PEOPLE}
                 WHERE company_id = {company};
             COMMIT;
             PRAGMA foreign_keys = ON;
             ANALYZE;",
            company = self.company.get(),
        ))?;
        let boss: i64 = self.hand.query_row("SELECT id FROM boss", [], |row| row.get(0))?;
        let person = Person {
            user: Id::new(1),
            access: Id::new(-1),
            employee: Id::new(boss),
            administrator: false,
            group: Arc::new(Group {
                name: "Default employees".to_owned(),
                policy: Policy::default_employees(),
            }),
        };
        let named: Vec<_> = (boss..=boss + REPORTS).map(|id| ("employee_ids[]", id.to_string())).collect();
        let manager = self.asked_by(ActsAs::Person(person), "attendance/shifts", &[])?;
        let administrator = self.asked("attendance/shifts", &named)?;
        let (mine, theirs) = (manager.page()?, administrator.page()?);
        ensure!(mine == theirs, "a manager sees other shifts than those of his people");
        let page: Value = serde_json::from_slice(&mine)?;
        ensure!(page["data"].as_array().map(Vec::len) == Some(100), "a page is not full");
        in_turns(|| administrator.page(), || manager.page())
    }

    /// The time of page 10,000 of the long list, as a multiple of that of the first.
    fn pages(&self) -> Result<f64> {
        let last = "SELECT id FROM attendance_shifts WHERE company_id = ?1 ORDER BY id LIMIT 1 OFFSET 999899";
        let last: i64 = self.hand.query_row(last, [self.company.get()], |row| row.get(0))?;
        let first = self.asked("attendance/shifts", &[])?;
        let far = self.asked("attendance/shifts", &[("after_id", last.to_string())])?;
        for page in [first.page()?, far.page()?] {
            let page: Value = serde_json::from_slice(&page)?;
            ensure!(page["data"].as_array().map(Vec::len) == Some(100), "a page is not full");
            ensure!(page["meta"]["total"].as_i64() > Some(MILLION), "a total is wrong");
        }
        in_turns(|| far.page(), || first.page())
    }
}

/// A row as JSON, with nothing made in between.
struct Written<'r>(&'r Row<'r>, &'r [String]);

struct Cell<'r>(ValueRef<'r>);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cells: Result<Vec<_>, _> = (0..self.1.len()).map(|at| self.0.get_ref(at).map(Cell)).collect();
        serializer.collect_map(self.1.iter().zip(cells.map_err(S::Error::custom)?))
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            ValueRef::Null | ValueRef::Blob(_) => serializer.serialize_none(),
            ValueRef::Integer(value) => serializer.serialize_i64(value),
            ValueRef::Real(value) => serializer.serialize_f64(value),
            ValueRef::Text(text) => {
                serializer.serialize_str(std::str::from_utf8(text).map_err(S::Error::custom)?)
            }
        }
    }
}

/// A page as somebody would write it who needs nothing else: the rows, and how many there are.
fn by_hand(connection: &Connection, table: &str, condition: &str, values: &[i64]) -> Result<Vec<u8>> {
    let total = format!("SELECT count(*) FROM {table} WHERE {condition}");
    let total: i64 =
        connection.prepare_cached(&total)?.query_row(params_from_iter(values), |row| row.get(0))?;
    let page = format!("SELECT * FROM {table} WHERE {condition} ORDER BY id LIMIT 100");
    let mut statement = connection.prepare_cached(&page)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut found = statement.query(params_from_iter(values))?;
    let mut body = b"{\"data\":[".to_vec();
    let mut separator: &[u8] = b"";
    while let Some(row) = found.next()? {
        body.extend_from_slice(separator);
        serde_json::to_writer(&mut body, &Written(row, &names))?;
        separator = b",";
    }
    body.extend_from_slice(format!("],\"total\":{total}}}").as_bytes());
    Ok(body)
}

/// How many times as long the one takes as the other: the median over turns.
fn in_turns(one: impl Fn() -> Result<Vec<u8>>, other: impl Fn() -> Result<Vec<u8>>) -> Result<f64> {
    let time = |side: &dyn Fn() -> Result<Vec<u8>>| -> Result<f64> {
        let (begun, mut times) = (Instant::now(), 0);
        while begun.elapsed() < TURN {
            black_box(side()?);
            times += 1;
        }
        Ok(begun.elapsed().as_secs_f64() / f64::from(times))
    };
    let mut ratios = Vec::new();
    for turn in 0..=TURNS {
        let (one, other) = (time(&one)?, time(&other)?);
        // The first turn warms up.
        if turn > 0 {
            ratios.push(one / other);
        }
    }
    ratios.sort_by(f64::total_cmp);
    Ok(ratios[ratios.len() / 2])
}
