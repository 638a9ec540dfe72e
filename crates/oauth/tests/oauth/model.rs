//! Random histories of a family against a naive model of it.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::world::*;

#[derive(Debug, Clone)]
enum Step {
    Refresh(prop::sample::Index),
    Use(prop::sample::Index),
    Advance(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => any::<prop::sample::Index>().prop_map(Step::Refresh),
        4 => any::<prop::sample::Index>().prop_map(Step::Use),
        2 => prop::sample::select(vec![1, 30, 59, 60, 61]).prop_map(Step::Advance),
        1 => prop::sample::select(vec![7139, 7200, 604_740, 604_800]).prop_map(Step::Advance),
    ];
    prop::collection::vec(step, 1..14)
}

/// A pair as DESIGN section 9 tells of it, with everything that happened to it.
struct Pair {
    tokens: (String, String),
    parent: Option<usize>,
    born: i64,
    used: bool,
    refreshed: Option<i64>,
}

struct Family {
    pairs: Vec<Pair>,
    now: i64,
    revoked: bool,
}

impl Family {
    fn is_over(&self, at: usize) -> bool {
        let moved_on =
            self.pairs.iter().any(|pair| pair.parent == Some(at) && (pair.used || pair.refreshed.is_some()));
        moved_on || self.pairs[at].refreshed.is_some_and(|then| then + 60 <= self.now)
    }

    fn use_access(&mut self, at: usize) -> &'static str {
        if self.revoked || self.is_over(at) {
            "revoked"
        } else if self.pairs[at].born + 7200 <= self.now {
            "expired"
        } else {
            self.pairs[at].used = true;
            "live"
        }
    }

    fn refresh(&mut self, at: usize) -> bool {
        if self.revoked || self.pairs[at].born + 604_800 <= self.now {
            return false;
        }
        if self.is_over(at) {
            self.revoked = true;
            return false;
        }
        self.pairs[at].refreshed.get_or_insert(self.now);
        true
    }
}

fn play(world: &World, app: &App, steps: &[Step]) -> Result<(), TestCaseError> {
    let first = Pair { tokens: world.pair(app), parent: None, born: 0, used: false, refreshed: None };
    let mut family = Family { pairs: vec![first], now: 0, revoked: false };
    for step in steps {
        match step {
            Step::Advance(seconds) => {
                world.advance(*seconds);
                family.now += seconds;
            }
            Step::Use(index) => {
                let at = index.index(family.pairs.len());
                let access = family.pairs[at].tokens.0.clone();
                prop_assert_eq!(world.state(&access), family.use_access(at));
            }
            Step::Refresh(index) => {
                let at = index.index(family.pairs.len());
                let answer = world.refresh(app, &family.pairs[at].tokens.1);
                prop_assert_eq!(answer.is_ok(), family.refresh(at));
                if answer.is_ok() {
                    let (tokens, born) = (tokens(&answer), family.now);
                    family.pairs.push(Pair { tokens, parent: Some(at), born, used: false, refreshed: None });
                }
            }
        }
    }
    Ok(())
}

#[test]
fn a_family_behaves_as_its_model() {
    everywhere(|world| {
        let app = world.app(input());
        let config = Config { cases: 100, failure_persistence: None, ..Config::default() };
        TestRunner::new(config).run(&steps(), |steps| play(world, &app, &steps)).unwrap();
    });
}
