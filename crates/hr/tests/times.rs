//! What is worked out for many people needs as many statements as for a few.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod crowd;

use std::collections::BTreeSet;

use engine::Engine;

/// The statements of the pages of each list, in a company of so many people.
fn statements(people: usize) -> [(&'static str, BTreeSet<u64>); 3] {
    let engine: &'static Engine = Box::leak(Box::new(hr::engine().unwrap()));
    let database = storage::testing::sqlite(&crowd::migrations());
    let company = database.db.write_blocking(move |tx| crowd::furnish(tx, engine, people)).unwrap();
    crowd::COMPUTED.map(|asked| {
        let (objects, statements) = crowd::chain(&database.db, engine, company, asked);
        // The founder has time, but no allowance.
        assert_eq!(objects, if asked.1 == crowd::MONTH { (people + 1) * 30 } else { people }, "{}", asked.0);
        (asked.0, statements)
    })
}

#[test]
fn no_statement_is_in_a_loop() {
    for ((path, few), (_, many)) in statements(4).iter().zip(&statements(140)) {
        assert_eq!(few.last(), many.last(), "{path}: {few:?} {many:?}");
        assert!(many.last().unwrap() < &25, "{path}: {many:?}");
    }
}
