//! Which policy somebody is under.

use registry::Date;

use super::cycle::{Days, moved};

/// The policies of one person one after another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// The policy that covers whoever has none of his own.
    pub main: Option<i64>,
    /// The first days of assignments, in order, each with its policy and its id.
    pub assigned: Vec<(Date, i64, i64)>,
}

/// A stretch under one policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The policy.
    pub policy: i64,
    /// The assignment; `None` under the main policy.
    pub assignment: Option<i64>,
    /// From when to when.
    pub days: Days,
}

impl Timeline {
    /// Every stretch, in order; the last has no end.
    pub fn stretches(&self) -> Vec<Stretch> {
        let mut found = Vec::new();
        let first = self.assigned.first().map_or(Date::MAX, |(from, ..)| *from);
        if let Some(policy) = self.main
            && let Some(last) = if first == Date::MAX { Some(first) } else { moved(first, -1) }
        {
            found.push(Stretch { policy, assignment: None, days: Days { first: Date::MIN, last } });
        }
        for (at, (from, policy, id)) in self.assigned.iter().enumerate() {
            let next = self.assigned.get(at + 1).and_then(|(next, ..)| moved(*next, -1));
            let days = Days { first: *from, last: next.unwrap_or(Date::MAX) };
            if days.first <= days.last {
                found.push(Stretch { policy: *policy, assignment: Some(*id), days });
            }
        }
        found
    }

    /// The policy of a day.
    pub fn policy(&self, day: Date) -> Option<i64> {
        let assigned = self.assigned.iter().rev().find(|(from, ..)| *from <= day);
        assigned.map(|(_, policy, _)| *policy).or(self.main)
    }

    /// The days around a day on which the policy is the same.
    pub fn membership(&self, day: Date) -> Option<(i64, Days)> {
        let stretches = self.stretches();
        let at = stretches.iter().position(|stretch| stretch.days.has(day))?;
        let policy = stretches[at].policy;
        let same = |stretch: &&Stretch| stretch.policy == policy;
        let first = stretches[..=at].iter().rev().take_while(same).last()?.days.first;
        let last = stretches[at..].iter().take_while(same).last()?.days.last;
        Some((policy, Days { first, last }))
    }

    /// The same, with another policy from a day on.
    #[must_use]
    pub fn changed(&self, from: Date, policy: i64) -> Self {
        let mut assigned: Vec<_> = self.assigned.iter().copied().filter(|(day, ..)| *day < from).collect();
        assigned.push((from, policy, 0));
        Self { main: self.main, assigned }
    }
}
