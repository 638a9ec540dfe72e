//! The people of `cargo xtask bench`: what a thousand of them worked in a month, what was due, and what is left of their
//! time off, page after page.
//!
//!     month FOLDER
//!
//! Prints a line for each figure: its name, a tab, and how many objects a second, each of one employee and day.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![allow(clippy::disallowed_methods, reason = "a measurement takes the time and prints it")]

#[path = "../../hr/tests/crowd/mod.rs"]
mod crowd;

use std::path::PathBuf;
use std::time::Instant;

use engine::Engine;
use storage::{Clock, Database, Options, Target};

/// With the founder a thousand.
const PEOPLE: usize = 999;

/// Turns of which every figure is the best: whatever else the machine does can only slow one down.
const TURNS: usize = 3;

fn main() {
    let folder: PathBuf = std::env::args_os().nth(1).expect("FOLDER is missing").into();
    std::fs::create_dir_all(&folder).unwrap();
    let engine: &'static Engine = Box::leak(Box::new(hr::engine().unwrap()));
    let options = Options::new(Target::Sqlite(folder.join("month.db")));
    let db = Database::open(&options, Clock::system(), &crowd::migrations()).unwrap();
    let company = db.write_blocking(move |tx| crowd::furnish(tx, engine, PEOPLE)).unwrap();
    for asked in crowd::COMPUTED {
        let turn = || {
            let begun = Instant::now();
            let (objects, _) = crowd::chain(&db, engine, company, asked);
            objects as f64 / begun.elapsed().as_secs_f64()
        };
        let best = (0..TURNS).map(|_| turn()).fold(0.0, f64::max);
        println!("{}\t{best}", asked.0);
    }
}
