//! The number of a company's rows is always right, whatever moves them.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::thread;

use access::Grant;
use registry::{Company, Id};
use storage::testing::{START, databases};
use storage::{Clock, Database, Datum, Error, Look, Migration, OnDelete, Table, Type};

storage::record! {
    /// A tenant.
    pub struct CompanyRow in "companies" {
        pub id: Id<Company>,
        pub name: String,
    }
}

const COMPANIES: Migration = Migration {
    name: "0001_companies",
    additive: false,
    tables: || vec![Table::new("companies").column("name", Type::Text)],
};

fn things() -> [Table; 2] {
    [
        Table::new("things").company().column("number", Type::Int).index(&["company_id", "id"]),
        Table::new("parts")
            .company()
            .reference("thing_id", "things", OnDelete::Cascade)
            .nullable_reference("part_id", "parts", OnDelete::Cascade)
            .index(&["company_id", "id"])
            .index(&["thing_id"])
            .index(&["part_id"]),
    ]
}

/// As a program declared them that did not count yet.
const UNCOUNTED: Migration = Migration { name: "0002_things", additive: true, tables: || things().into() };

const COUNTED: Migration = Migration {
    name: "0002_things",
    additive: true,
    tables: || things().into_iter().map(Table::counted).collect(),
};

fn company(db: &Database) -> Id<Company> {
    db.write_blocking(|tx| tx.instance("a test").insert([CompanyRow::name.set("Acme".to_owned())])).unwrap()
}

fn system(company: Id<Company>) -> Grant {
    Grant::system(company, "a test")
}

/// Adds things with some parts each, which may be parts of parts.
fn add(db: &Database, company: Id<Company>, things: i64, parts: i64) -> Result<(), Error> {
    db.write_blocking(move |tx| {
        let grant = system(company);
        let numbers = (0..things).map(|number| vec![Datum::Int(number)]).collect();
        for thing in tx.rows(&grant, "things").insert_all(&["number"], numbers)? {
            let mut part = Datum::Null;
            for _ in 0..parts {
                let sets = vec![("thing_id", Datum::Int(thing)), ("part_id", part)];
                part = Datum::Int(tx.rows(&grant, "parts").insert(sets)?);
            }
        }
        Ok(())
    })
}

fn remove(db: &Database, company: Id<Company>, looks: Vec<Look>) -> u64 {
    db.write_blocking(move |tx| tx.rows(&system(company), "things").delete(&looks)).unwrap()
}

/// The kept numbers, after comparing them with the rows.
fn counts(db: &Database, company: Id<Company>) -> [i64; 2] {
    db.read_blocking(move |tx| {
        let grant = system(company);
        let mut counts = [0; 2];
        for (count, table) in counts.iter_mut().zip(["things", "parts"]) {
            let mut rows = tx.rows(&grant, table);
            *count = rows.count(&[])?;
            assert_eq!(*count, rows.count(&[Look::From("id", Datum::Int(0))])?, "{table}");
        }
        Ok::<_, Error>(counts)
    })
    .unwrap()
}

#[test]
fn rows_that_come_and_go_are_counted() {
    for test in databases(&[COMPANIES, COUNTED]) {
        let db = &test.db;
        let (acme, other) = (company(db), company(db));
        add(db, other, 3, 1).unwrap();
        assert_eq!(counts(db, acme), [0, 0]);
        add(db, acme, 100, 2).unwrap();
        assert_eq!(counts(db, acme), [100, 200], "{}", test.engine);
        // Parts go with their things, parts of parts with their parts.
        assert_eq!(remove(db, acme, vec![Look::Before("number", Datum::Int(30))]), 30);
        assert_eq!(counts(db, acme), [70, 140], "{}", test.engine);
        assert_eq!(remove(db, acme, vec![Look::Before("number", Datum::Int(30))]), 0);
        // A number that the database draws decides what happens next; it always draws the same.
        let mut drawn: u64 = 1;
        for _ in 0..40 {
            drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let some = (drawn >> 40) as i64 % 10;
            match drawn >> 62 {
                0 | 1 => add(db, acme, some, some % 3).unwrap(),
                2 => drop(remove(db, acme, vec![Look::Equal("number", Datum::Int(some))])),
                // A write that fails after it did something.
                _ => {
                    let failed = db.write_blocking(move |tx| {
                        let grant = system(acme);
                        tx.rows(&grant, "things").insert(vec![("number", Datum::Int(some))])?;
                        tx.rows(&grant, "parts").insert(vec![("thing_id", Datum::Int(-1))])?;
                        Err::<(), _>(Error::Duplicate)
                    });
                    assert!(failed.is_err());
                }
            }
            counts(db, acme);
        }
        assert_eq!(counts(db, other), [3, 3]);
    }
}

#[test]
fn a_restore_and_the_end_of_a_company_are_counted() {
    for test in databases(&[COMPANIES, COUNTED]) {
        let db = &test.db;
        let (acme, other) = (company(db), company(db));
        add(db, acme, 5, 2).unwrap();
        add(db, other, 2, 2).unwrap();
        let snapshot = db.read_blocking(move |tx| tx.snapshot(acme)).unwrap();
        for (things, parts) in [(0, 0), (7, 1)] {
            add(db, acme, things, parts).unwrap();
            let snapshot = snapshot.clone();
            db.write_blocking(move |tx| tx.restore(acme, &snapshot)).unwrap();
            assert_eq!(counts(db, acme), [5, 10], "{}", test.engine);
        }
        db.write_blocking(move |tx| tx.instance("a test").delete(CompanyRow::id.eq(acme))).unwrap();
        assert_eq!((counts(db, acme), counts(db, other)), ([0, 0], [2, 4]), "{}", test.engine);
    }
}

#[test]
fn writers_at_the_same_time_lose_no_count() {
    for test in databases(&[COMPANIES, COUNTED]) {
        let acme = company(&test.db);
        let writers: Vec<_> = (0..8)
            .map(|_| {
                let db = test.db.clone();
                thread::spawn(move || {
                    for _ in 0..5 {
                        add(&db, acme, 3, 1).unwrap();
                        remove(&db, acme, vec![Look::Equal("number", Datum::Int(1))]);
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        assert_eq!(counts(&test.db, acme), [80, 80], "{}", test.engine);
    }
}

#[test]
fn rows_from_before_are_counted_once() {
    for test in databases(&[COMPANIES, UNCOUNTED]) {
        let (acme, other) = (company(&test.db), company(&test.db));
        add(&test.db, acme, 4, 2).unwrap();
        add(&test.db, other, 1, 0).unwrap();
        // One opens it that counts, then another one.
        for _ in 0..2 {
            let counting =
                Database::open(&test.options, Clock::stopped(START), &[COMPANIES, COUNTED]).unwrap();
            assert_eq!(counts(&counting, acme), [4, 8], "{}", test.engine);
            assert_eq!(counts(&counting, other), [1, 0], "{}", test.engine);
        }
    }
}
