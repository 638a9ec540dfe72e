//! What storage promises, on every engine.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use access::Grant;
use registry::{Company, Id, Instant};
use storage::testing::{START, databases, postgres};
use storage::{Clock, Condition, Database, Datum, Error, Migration, OnDelete, Stale, Table, Target, Type};

storage::record! {
    /// A tenant.
    pub struct CompanyRow in "companies" {
        pub id: Id<Company>,
        pub name: String,
    }
}

storage::record! {
    /// Something of every type.
    pub struct Thing in "things" company {
        pub id: Id<Thing>,
        pub company_id: Id<Company>,
        pub label: Option<String>,
        pub flag: bool,
        pub count: i64,
        pub at: Option<Instant>,
        pub hash: Option<[u8; 32]>,
        pub extra: Option<String>,
    }
}

const TABLES: Migration = Migration {
    name: "0001_things",
    additive: false,
    tables: || {
        vec![
            Table::new("companies").column("name", Type::Text),
            Table::new("things")
                .company()
                .nullable("label", Type::Text)
                .column("flag", Type::Bool)
                .column("count", Type::Int)
                .nullable("at", Type::Instant)
                .nullable("hash", Type::Bytes)
                .nullable("extra", Type::Json)
                .unique(&["company_id", "label"]),
            Table::new("parts").company().reference("thing_id", "things", OnDelete::Restrict),
        ]
    },
};

fn company(db: &Database, name: &str) -> Id<Company> {
    let name = name.to_owned();
    db.write_blocking(move |tx| {
        tx.instance("a test makes its tenants").insert([CompanyRow::name.set(name.clone())])
    })
    .unwrap()
}

fn thing(db: &Database, company: Id<Company>, label: &str) -> Result<Id<Thing>, Error> {
    let label = label.to_owned();
    db.write_blocking(move |tx| {
        tx.company(company).insert([
            Thing::label.set(Some(label.clone())),
            Thing::flag.set(true),
            Thing::count.set(0),
        ])
    })
}

#[test]
fn what_is_written_is_read() {
    for test in databases(&[TABLES]) {
        let db = &test.db;
        let acme = company(db, "Acme");
        let values = [
            (None, false, i64::MIN, None, None, None),
            (
                Some("ü \u{1F980} '\" \\ %".to_owned()),
                true,
                i64::MAX,
                Some(START + 123),
                Some([7; 32]),
                Some(r#"{"b": 1,  "a":null}"#.to_owned()),
            ),
            (
                Some(String::new()),
                true,
                0,
                Some(Instant::from_millis(-1)),
                Some([0; 32]),
                Some("[]".to_owned()),
            ),
        ];
        for (label, flag, count, at, hash, extra) in values {
            let row = db
                .write_blocking(move |tx| {
                    let id = tx.company(acme).insert([
                        Thing::label.set(label.clone()),
                        Thing::flag.set(flag),
                        Thing::count.set(count),
                        Thing::at.set(at),
                        Thing::hash.set(hash),
                        Thing::extra.set(extra.clone()),
                    ])?;
                    let row = tx.company(acme).find(Thing::id.eq(id))?.unwrap();
                    assert_eq!(
                        (row.label.clone(), row.flag, row.count, row.at, row.hash, row.extra.clone()),
                        (label.clone(), flag, count, at, hash, extra.clone())
                    );
                    Ok::<_, Error>(row)
                })
                .unwrap();
            assert_eq!(row.company_id, acme, "{}", test.engine);
        }
    }
}

#[test]
fn a_binding_keeps_companies_apart() {
    for test in databases(&[TABLES]) {
        let db = &test.db;
        let (acme, other) = (company(db, "Acme"), company(db, "Other"));
        let mine = thing(db, acme, "mine").unwrap();
        let (seen, changed, deleted, counted) = db
            .write_blocking(move |tx| {
                let mut bound = tx.company(other);
                Ok::<_, Error>((
                    bound.find(Thing::id.eq(mine))?.is_some(),
                    bound.update(Thing::id.eq(mine), [Thing::count.set(1)])?
                        + bound.update_returning(Condition::any(), [Thing::count.set(1)])?.len() as u64,
                    bound.delete(Thing::id.eq(mine).or(Thing::count.eq(0)))?,
                    bound.count(Condition::<Thing>::any())?,
                ))
            })
            .unwrap();
        assert_eq!((seen, changed, deleted, counted), (false, 0, 0, 0), "{}", test.engine);
        let none = db.read_blocking(move |tx| tx.company(acme).count(Thing::id.one_of([])));
        assert_eq!(none.unwrap(), 0, "{}", test.engine);
        assert_eq!(db.read_blocking(move |tx| tx.company(acme).count(Condition::<Thing>::any())).unwrap(), 1);
    }
}

#[test]
fn a_failed_write_leaves_nothing_and_its_neighbours_stay() {
    for test in databases(&[TABLES]) {
        let db = &test.db;
        let acme = company(db, "Acme");
        thing(db, acme, "one").unwrap();
        assert!(matches!(thing(db, acme, "one"), Err(Error::Duplicate)), "{}", test.engine);
        let refused = db.write_blocking(move |tx| {
            tx.company(acme).update(Condition::any(), [Thing::count.set(99)])?;
            tx.stale(Stale::All);
            Err::<(), _>(Error::Closed)
        });
        assert!(matches!(refused, Err(Error::Closed)));
        thing(db, acme, "two").unwrap();
        let rows =
            db.read_blocking(move |tx| tx.company(acme).list(Condition::<Thing>::any().ascending(Thing::id)));
        assert_eq!(
            rows.unwrap().into_iter().map(|row| (row.label.unwrap(), row.count)).collect::<Vec<_>>(),
            [("one".to_owned(), 0), ("two".to_owned(), 0)],
            "{}",
            test.engine
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_increments_are_all_counted() {
    for test in tokio::task::spawn_blocking(|| databases(&[TABLES])).await.unwrap() {
        let db = test.db.clone();
        let (acme, id) = tokio::task::spawn_blocking(move || {
            let acme = company(&db, "Acme");
            (acme, thing(&db, acme, "counter").unwrap())
        })
        .await
        .unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..32 {
            let db = test.db.clone();
            tasks.spawn(async move {
                // Read, then write what was read plus one: only serializable transactions get this right.
                db.write(move |tx| {
                    let row = tx.company(acme).find(Thing::id.eq(id))?.unwrap();
                    tx.company(acme).update(Thing::id.eq(id), [Thing::count.set(row.count + 1)])
                })
                .await
            });
        }
        while let Some(done) = tasks.join_next().await {
            assert_eq!(done.unwrap().unwrap(), 1);
        }
        let row = test.db.read(move |tx| tx.company(acme).find(Thing::id.eq(id))).await.unwrap().unwrap();
        assert_eq!(row.count, 32, "{}", test.engine);
        tokio::task::spawn_blocking(move || drop(test)).await.unwrap();
    }
}

#[test]
fn what_a_concurrent_write_added_is_seen_rather_than_run_into() {
    let Some(test) = postgres(&[TABLES]) else { return };
    let acme = company(&test.db, "Acme");
    let (looked, other) = (flume::bounded(1), flume::bounded(1));
    let (tell, wait) = (looked.0, other.1);
    let db = test.db.clone();
    let looking = std::thread::spawn(move || {
        let mut first = true;
        db.write_blocking(move |tx| {
            let known = tx.company(acme).find(Thing::label.eq(Some("only one".to_owned())))?;
            if std::mem::take(&mut first) {
                tell.send(()).unwrap();
                wait.recv().unwrap();
            }
            match known {
                Some(thing) => Ok(thing.id),
                None => tx.company(acme).insert([
                    Thing::label.set(Some("only one".to_owned())),
                    Thing::flag.set(true),
                    Thing::count.set(0),
                ]),
            }
        })
    });
    looked.1.recv().unwrap();
    let added = thing(&test.db, acme, "only one").unwrap();
    other.0.send(()).unwrap();
    assert_eq!(looking.join().unwrap().unwrap(), added);
    // What is there already is found in the way, however often one looks.
    assert!(matches!(thing(&test.db, acme, "only one"), Err(Error::Duplicate)));
}

#[test]
fn a_write_that_always_loses_is_given_up() {
    let Some(test) = postgres(&[TABLES]) else { return };
    let acme = company(&test.db, "Acme");
    let id = thing(&test.db, acme, "counter").unwrap();
    let other = Database::open(&test.options, Clock::stopped(START), &[TABLES]).unwrap();
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = runs.clone();
    let lost = test.db.write_blocking(move |tx| {
        counted.fetch_add(1, Ordering::SeqCst);
        let before = tx.company(acme).find(Thing::id.eq(id))?.unwrap();
        let more = move |tx: &mut storage::Tx<'_>| {
            tx.company(acme).update(Thing::id.eq(id), [Thing::count.increase(1)])
        };
        other.write_blocking(more)?;
        tx.company(acme).update(Thing::id.eq(id), [Thing::count.set(before.count + 100)])
    });
    assert!(matches!(lost, Err(Error::Serialization)), "{lost:?}");
    let runs = runs.load(Ordering::SeqCst);
    assert!((10..100).contains(&runs), "{runs} runs");
    let row = test.db.read_blocking(move |tx| tx.company(acme).find(Thing::id.eq(id))).unwrap().unwrap();
    assert_eq!(row.count, i64::try_from(runs).unwrap());
}

#[test]
fn a_statement_that_failed_is_not_committed_over() {
    for test in databases(&[TABLES]) {
        let acme = company(&test.db, "Acme");
        thing(&test.db, acme, "one").unwrap();
        let done = test.db.write_blocking(move |tx| {
            let label = || [Thing::flag.set(true), Thing::count.set(0)];
            let _ = tx
                .company(acme)
                .insert([Thing::label.set(Some("one".to_owned()))].into_iter().chain(label()));
            let _ = tx
                .company(acme)
                .insert([Thing::label.set(Some("two".to_owned()))].into_iter().chain(label()));
            Ok::<_, Error>(())
        });
        let rows = test.db.read_blocking(move |tx| tx.company(acme).list(Condition::<Thing>::any())).unwrap();
        assert_eq!(done.is_ok(), rows.len() == 2, "{}: {done:?}", test.engine);
    }
}

#[test]
fn rows_that_cannot_be_put_undo_the_write_whatever_follows() {
    for test in databases(&[TABLES]) {
        let acme = company(&test.db, "Acme");
        thing(&test.db, acme, "one").unwrap();
        for (rows, look) in [(1, false), (1, true), (100, false), (100, true)] {
            let done = test.db.write_blocking(move |tx| {
                let grant = Grant::system(acme, "a test");
                // The first of them has a label that is taken.
                let labels =
                    std::iter::once("one".to_owned()).chain((1..rows).map(|number| number.to_string()));
                let rows = labels.map(|label| vec![Datum::Text(label), Datum::Bool(true), Datum::Int(0)]);
                tx.rows(&grant, "things").put_all(&["label", "flag", "count"], rows.collect())?;
                if look { tx.company(acme).count(Condition::<Thing>::any()).map(drop) } else { Ok(()) }
            });
            assert!(matches!(done, Err(Error::Duplicate)), "{}: {done:?}", test.engine);
            let count = test.db.read_blocking(move |tx| tx.company(acme).count(Condition::<Thing>::any()));
            assert_eq!(count.unwrap(), 1, "{}", test.engine);
        }
    }
}

#[test]
fn a_server_that_breaks_off_is_unavailable_and_comes_back() {
    let Some(test) = postgres(&[TABLES]) else { return };
    let acme = company(&test.db, "Acme");
    let Target::Postgres(url) = test.options.target.clone() else { return };
    let broken = test.db.write_blocking(move |tx| {
        let mut operator = ::postgres::Client::connect(&url, ::postgres::NoTls).unwrap();
        let all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        operator.batch_execute(all).unwrap();
        tx.company(acme).count(Condition::<Thing>::any())
    });
    assert!(matches!(broken, Err(Error::Unavailable(_))), "{broken:?}");
    // Each thread has a connection of its own, and notices when it uses it.
    let back = (0..10).any(|number| thing(&test.db, acme, &format!("thing {number}")).is_ok());
    assert!(back, "it did not come back");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_writes_that_share_a_commit_only_the_failing_ones_are_undone() {
    for test in tokio::task::spawn_blocking(|| databases(&[TABLES])).await.unwrap() {
        let db = test.db.clone();
        let acme = tokio::task::spawn_blocking(move || company(&db, "Acme")).await.unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..96 {
            let db = test.db.clone();
            tasks.spawn(async move {
                let done = db.write(move |tx| {
                    tx.company(acme).insert([
                        Thing::label.set(Some(format!("thing {number}"))),
                        Thing::flag.set(true),
                        Thing::count.set(number),
                    ])?;
                    if number % 3 == 0 { Err(Error::Closed) } else { Ok(()) }
                });
                assert_eq!(done.await.is_ok(), number % 3 != 0);
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        let rows = test.db.read(move |tx| tx.company(acme).list(Condition::<Thing>::any())).await.unwrap();
        assert!(rows.len() == 64 && rows.iter().all(|row| row.count % 3 != 0), "{}", test.engine);
        tokio::task::spawn_blocking(move || drop(test)).await.unwrap();
    }
}

#[test]
fn ids_are_never_given_twice() {
    for test in databases(&[TABLES]) {
        let acme = company(&test.db, "Acme");
        let first = thing(&test.db, acme, "first").unwrap();
        test.db.write_blocking(move |tx| tx.company(acme).delete(Thing::id.eq(first))).unwrap();
        assert!(thing(&test.db, acme, "second").unwrap() > first, "{}", test.engine);
    }
}

#[test]
fn a_company_takes_its_rows_along() {
    for test in databases(&[TABLES]) {
        let acme = company(&test.db, "Acme");
        thing(&test.db, acme, "first").unwrap();
        let left = test.db.write_blocking(move |tx| {
            let mut bound = tx.instance("a test deletes a tenant");
            bound.delete(CompanyRow::id.eq(acme))?;
            bound.count(Condition::<Thing>::any())
        });
        assert_eq!(left.unwrap(), 0, "{}", test.engine);
    }
}

#[test]
fn a_newer_database_is_refused_and_an_older_one_is_brought_up_to_date() {
    const LATER: Migration = Migration {
        name: "0002_later",
        tables: || vec![Table::new("later").column("name", Type::Text)],
        additive: false,
    };
    for test in databases(&[TABLES]) {
        let acme = company(&test.db, "Acme");
        let clock = test.db.clock().clone();
        drop(Database::open(&test.options, clock.clone(), &[TABLES, LATER]).unwrap());
        let refused = Database::open(&test.options, clock.clone(), &[TABLES]).err();
        assert!(
            matches!(&refused, Some(Error::NewerSchema(name)) if name == "0002_later"),
            "{}: {refused:?}",
            test.engine
        );
        let again = Database::open(&test.options, clock, &[TABLES, LATER]).unwrap();
        assert!(thing(&again, acme, "still works").is_ok());
    }
}

#[test]
fn the_clock_moves_for_every_handle_and_survives_a_restart() {
    for test in databases(&[TABLES]) {
        let other = Database::open(&test.options, Clock::stopped(START), &[TABLES]).unwrap();
        let told = Arc::new(AtomicUsize::new(0));
        let (counter, (heard, hears)) = (told.clone(), flume::unbounded());
        other.on_stale(move |stale| {
            counter.fetch_add(1, Ordering::SeqCst);
            let _ = heard.send(stale.clone());
        });
        test.db.write_blocking(|tx| tx.advance_clock(3 * registry::HOUR)).unwrap();
        test.db.write_blocking(|tx| tx.advance_clock(1)).unwrap();
        assert_eq!(test.db.clock().now(), START + 3 * registry::HOUR + 1, "{}", test.engine);
        // Another process hears of it.
        while other.clock().now() != test.db.clock().now() {
            hears
                .recv_timeout(std::time::Duration::from_secs(10))
                .expect("the other node hears of the clock");
        }
        let restarted = Database::open(&test.options, Clock::stopped(START), &[TABLES]).unwrap();
        assert_eq!(restarted.clock().now(), test.db.clock().now());
    }
}

/// When a write is answered, every node has heard what it made stale; one that says nothing is not waited for again and
/// again.
#[test]
fn a_write_is_answered_when_every_node_has_heard() {
    let Some(test) = postgres(&[TABLES]) else { return };
    let other = Database::open(&test.options, Clock::stopped(START), &[TABLES]).unwrap();
    let (told, heard) = flume::unbounded();
    other.on_stale(move |stale| drop(told.send(stale.clone())));
    while !(test.db.coherent() && other.coherent()) {
        std::thread::yield_now();
    }
    for number in 0..300 {
        let say = move |tx: &mut storage::Tx<'_>| {
            tx.stale(Stale::Company(number));
            Ok::<_, Error>(())
        };
        test.db.write_blocking(say).unwrap();
        assert!(heard.drain().any(|stale| stale == Stale::Company(number)), "{number}");
    }
    let Target::Postgres(url) = test.options.target.clone() else { return };
    let mut deaf = ::postgres::Client::connect(&url, ::postgres::NoTls).unwrap();
    deaf.batch_execute("SET application_name = 'muster listener'").unwrap();
    let begun = std::time::Instant::now();
    for number in 0..20 {
        let say = move |tx: &mut storage::Tx<'_>| {
            tx.stale(Stale::User(number));
            Ok::<_, Error>(())
        };
        test.db.write_blocking(say).unwrap();
        assert!(heard.drain().any(|stale| stale == Stale::User(number)), "{number}");
    }
    let took = begun.elapsed();
    assert!((1..10).contains(&took.as_secs()), "{took:?}");
}

/// A write that found no other node tells nobody, so a node that comes meanwhile takes nothing from memory before it is
/// through.
#[test]
fn a_node_that_joins_waits_for_writes_that_did_not_see_it() {
    const JOINING: i64 = 0x6d75_7374_6573;
    let Some(test) = postgres(&[TABLES]) else { return };
    let Target::Postgres(url) = test.options.target.clone() else { return };
    let mut write = ::postgres::Client::connect(&url, ::postgres::NoTls).unwrap();
    let mut look = ::postgres::Client::connect(&url, ::postgres::NoTls).unwrap();
    write.batch_execute(&format!("BEGIN; SELECT pg_advisory_xact_lock_shared({JOINING})")).unwrap();
    let joining = Database::open(&test.options, Clock::stopped(START), &[TABLES]).unwrap();
    let waits = "SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted";
    while look.query(waits, &[]).unwrap().is_empty() {
        std::thread::yield_now();
    }
    assert!(!joining.coherent());
    write.batch_execute("COMMIT").unwrap();
    while !joining.coherent() {
        std::thread::yield_now();
    }
}

/// Writes of two nodes that all want the same row: each is done once, and none is given up.
#[test]
fn writes_that_clash_all_go_through() {
    const WRITES: i64 = 150;
    for test in databases(&[TABLES]) {
        let company = company(&test.db, "Acme");
        let id = thing(&test.db, company, "counter").unwrap();
        let nodes = match test.engine {
            "PostgreSQL" => 3,
            // A file belongs to one process.
            _ => 1,
        };
        let nodes: Vec<_> = (0..nodes)
            .map(|_| Database::open(&test.options, Clock::stopped(START), &[TABLES]).unwrap())
            .collect();
        let failed = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for at in 0..WRITES {
                let (node, failed) = (&nodes[usize::try_from(at).unwrap() % nodes.len()], &failed);
                scope.spawn(move || {
                    let done = node.write_blocking(move |tx| {
                        let old: Thing = tx.company(company).find(Thing::id.eq(id))?.unwrap();
                        let more = [Thing::count.set(old.count + 1)];
                        tx.company(company).update(Thing::id.eq(id), more).map(drop)
                    });
                    if done.is_err() {
                        failed.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        let found = nodes[0].read_blocking(move |tx| tx.company(company).find(Thing::id.eq(id))).unwrap();
        assert_eq!(failed.into_inner(), 0, "{}", test.engine);
        assert_eq!(found.unwrap().count, WRITES, "{}", test.engine);
    }
}

#[test]
fn a_company_is_restored_from_its_snapshot_with_the_same_ids() {
    for test in databases(&[TABLES]) {
        let db = &test.db;
        let (acme, other) = (company(db, "Acme"), company(db, "Other"));
        for n in 0..1500 {
            thing(db, acme, &format!("thing {n}")).unwrap();
        }
        let spared = thing(db, other, "spared").unwrap();
        let all = |tx: &mut storage::Tx<'_>, company| {
            let rows = tx.company(company).list(Condition::<Thing>::any().ascending(Thing::id))?;
            Ok::<_, Error>(format!("{rows:?}"))
        };
        let before = db.read_blocking(move |tx| all(tx, acme)).unwrap();
        let snapshot = db.read_blocking(move |tx| tx.snapshot(acme)).unwrap();
        thing(db, acme, "new").unwrap();
        db.write_blocking(move |tx| tx.company(acme).update(Condition::any(), [Thing::count.set(7)]))
            .unwrap();
        let kept = snapshot.clone();
        db.write_blocking(move |tx| tx.restore(acme, &kept)).unwrap();
        assert_eq!(db.read_blocking(move |tx| all(tx, acme)).unwrap(), before, "{}", test.engine);
        assert!(db.read_blocking(move |tx| tx.company(other).find(Thing::id.eq(spared))).unwrap().is_some());
        for cut in [1, 20, snapshot.len() - 1] {
            let damaged = snapshot[..cut].to_vec();
            assert!(db.write_blocking(move |tx| tx.restore(acme, &damaged)).is_err());
        }
        assert_eq!(db.read_blocking(move |tx| all(tx, acme)).unwrap(), before, "{}", test.engine);
    }
}

#[test]
fn a_statement_that_is_known_takes_other_values() {
    for test in databases(&[TABLES]) {
        let (here, there) = (company(&test.db, "here"), company(&test.db, "there"));
        test.db
            .write_blocking(move |tx| {
                for (tenant, label, count) in
                    [(here, Some("a"), 1), (here, None, 2), (here, Some("c"), 3), (there, Some("a"), 4)]
                {
                    tx.company(tenant).insert([
                        Thing::label.set(label.map(str::to_owned)),
                        Thing::flag.set(count % 2 == 0),
                        Thing::count.set(count),
                    ])?;
                }
                let mut counts = |tenant, condition: Condition<Thing>, limit| {
                    let things = tx.company(tenant).list(condition.descending(Thing::count).limit(limit))?;
                    Ok::<Vec<i64>, Error>(things.into_iter().map(|thing| thing.count).collect())
                };
                for limit in [1, 2] {
                    for least in [0, 2] {
                        let all = [3, 2, 1].into_iter().filter(|count| *count > least);
                        let expected: Vec<_> = all.take(limit as usize).collect();
                        assert_eq!(counts(here, Thing::count.gt(least), limit)?, expected, "{}", test.engine);
                    }
                }
                for (values, expected) in [(vec![], vec![]), (vec![4], vec![]), (vec![3, 1, 4], vec![3, 1])] {
                    assert_eq!(counts(here, Thing::count.one_of(values), 9)?, expected);
                }
                let either = |label: &str, count| {
                    let labelled = Thing::label.eq(Some(label.to_owned())).or(Thing::label.is_null());
                    labelled.and(Thing::count.ne(count)).and(Condition::any())
                };
                assert_eq!(counts(here, either("a", 2), 9)?, [1]);
                assert_eq!(counts(here, either("c", 7), 9)?, [3, 2]);
                assert_eq!(counts(there, either("a", 7), 9)?, [4]);
                assert_eq!(counts(there, Condition::any().or(either("c", 7)), 9)?, [4]);
                for (by, now) in [(10, 11), (20, 31)] {
                    tx.company(here)
                        .update(Thing::label.eq(Some("a".to_owned())), [Thing::count.increase(by)])?;
                    let found = tx.company(here).find(Thing::label.eq(Some("a".to_owned())))?;
                    assert_eq!(found.map(|thing| thing.count), Some(now));
                }
                assert_eq!(tx.company(there).count::<Thing>(Condition::any())?, 1);
                assert_eq!(tx.company(here).delete(Thing::count.lt(9))?, 2);
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}

#[test]
fn a_listener_that_panics_harms_nobody() {
    for test in databases(&[TABLES]) {
        let heard = Arc::new(AtomicUsize::new(0));
        let count = heard.clone();
        test.db.on_stale(|stale| assert_ne!(*stale, Stale::User(13), "a bug"));
        test.db.on_stale(move |stale| {
            count.fetch_add(usize::from(*stale == Stale::User(13)), Ordering::SeqCst);
        });
        for _ in 0..20 {
            let told = test.db.write_blocking(|tx| {
                tx.stale(Stale::User(13));
                Ok::<_, Error>(())
            });
            assert!(told.is_ok(), "{}: {told:?}", test.engine);
        }
        assert!(heard.load(Ordering::SeqCst) >= 20, "{}", test.engine);
    }
}

#[test]
fn a_job_that_panics_is_undone_and_alone() {
    for test in databases(&[TABLES]) {
        let failed = test.db.write_blocking(|tx| {
            tx.instance("a test makes its tenants").insert([CompanyRow::name.set("half".to_owned())])?;
            assert!(tx.now() < START, "a bug");
            Ok::<_, Error>(())
        });
        assert!(matches!(failed, Err(Error::Driver(_))), "{}: {failed:?}", test.engine);
        for _ in 0..20 {
            let failed = test.db.read_blocking(|tx| {
                assert!(tx.now() < START, "a bug");
                Ok::<_, Error>(())
            });
            assert!(matches!(failed, Err(Error::Driver(_))), "{}: {failed:?}", test.engine);
        }
        company(&test.db, "whole");
        let rows = test.db.read_blocking(|tx| {
            tx.instance("a test looks").list::<CompanyRow>(Condition::any().ascending(CompanyRow::id))
        });
        let names: Vec<_> = rows.unwrap().into_iter().map(|row| row.name).collect();
        assert_eq!(names, ["whole"], "{}", test.engine);
    }
}

#[test]
fn a_full_queue_refuses_at_once_and_recovers() {
    let test = storage::testing::sqlite(&[TABLES]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (release, wait) = flume::bounded::<()>(0);
    let answers = runtime.block_on(async {
        let (begun, running) = flume::bounded(1);
        let db = test.db.clone();
        let first = tokio::spawn(async move {
            db.write(move |_| {
                let _ = begun.send(());
                let _ = wait.recv();
                Ok::<_, Error>(())
            })
            .await
        });
        tokio::task::yield_now().await;
        running.recv().unwrap();
        let mut tasks = vec![first];
        for _ in 0..10_010 {
            let db = test.db.clone();
            tasks.push(tokio::spawn(async move { db.write(|_| Ok::<_, Error>(())).await }));
        }
        // Everything is offered before the first one is let go: a task that was polled has offered its write.
        for _ in 0..10_010 {
            tokio::task::yield_now().await;
        }
        drop(release);
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap());
        }
        answers
    });
    let refused = answers.iter().filter(|answer| matches!(answer, Err(Error::Unavailable(_)))).count();
    assert_eq!((refused, answers.iter().filter(|answer| answer.is_ok()).count()), (10, 10_001));
    company(&test.db, "afterwards");
}

storage::record! {
    /// A later form of [`Thing`].
    pub struct LaterThing in "things" company {
        pub id: Id<LaterThing>,
        pub company_id: Id<Company>,
        pub count: i64,
        pub added: Option<String>,
        pub label: Option<String>,
    }
}

#[test]
fn a_snapshot_outlives_a_change_of_the_schema() {
    const LATER: Migration = Migration {
        name: "0001_things",
        additive: false,
        tables: || {
            vec![
                Table::new("companies").nullable("motto", Type::Text).column("name", Type::Text),
                Table::new("novelties").company().column("name", Type::Text),
                Table::new("things")
                    .company()
                    .column("count", Type::Int)
                    .nullable("added", Type::Text)
                    .nullable("label", Type::Text),
            ]
        },
    };
    for (before, after) in databases(&[TABLES]).into_iter().zip(databases(&[LATER])) {
        let acme = company(&before.db, "Acme");
        let things = [(Some("a"), 1), (None, 2)];
        let snapshot = before.db.write_blocking(move |tx| {
            for (label, count) in things {
                tx.company(acme).insert([
                    Thing::label.set(label.map(str::to_owned)),
                    Thing::flag.set(true),
                    Thing::count.set(count),
                ])?;
            }
            tx.snapshot(acme)
        });
        let snapshot = snapshot.unwrap();
        let restored = after.db.write_blocking(move |tx| {
            tx.restore(acme, &snapshot)?;
            tx.company(acme).list(Condition::any().ascending(LaterThing::id))
        });
        let restored: Vec<_> =
            restored.unwrap().into_iter().map(|thing| (thing.label, thing.count, thing.added)).collect();
        let expected = things.map(|(label, count)| (label.map(str::to_owned), count, None));
        assert_eq!(restored, expected, "{}", after.engine);
    }
}
