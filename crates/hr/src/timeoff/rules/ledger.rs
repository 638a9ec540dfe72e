//! The balance of an allowance on any day, worked out from scratch: what accrued, what was carried over, corrected, spent
//! and lost, cycle by cycle. Amounts are in hundredths of a unit.

use registry::Date;

use super::accrual::{Carry, Cycle, Service, Terms, Worked};
use super::cycle::{months_after, moved};

/// Cycles that are looked at at most; nobody works for longer.
const MOST_CYCLES: usize = 1200;

/// Everything that moves one allowance of one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger<'a> {
    /// The terms of the allowance.
    pub terms: &'a Terms,
    /// Whose it is.
    pub service: Service,
    /// What is spent, by day, in order.
    pub used: Vec<Use>,
    /// Corrections.
    pub corrections: Vec<Correction>,
    /// Minutes worked, by day.
    pub worked: Vec<(Date, i64)>,
}

/// Units spent on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// The day.
    pub day: Date,
    /// Units.
    pub units: i64,
    /// The same in days.
    pub days: i64,
}

/// A correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Correction {
    /// From when on.
    pub on: Date,
    /// Units, fewer than zero where some are taken away.
    pub units: i64,
    /// Whether it corrects what has accrued rather than what is available.
    pub accrued: bool,
}

/// Units that were carried over from a cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The last day of that cycle.
    pub ended: Date,
    /// What was carried; below zero for a debt.
    pub total: i64,
    /// The last day on which it can be spent.
    pub until: Option<Date>,
    /// What was spent of it, by day.
    pub taken: Vec<(Date, i64)>,
    /// What was lost.
    pub expired: i64,
    /// What it had when the cycle began that is looked at.
    pub brought: i64,
    left: i64,
}

/// The counters of an allowance at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Balance {
    /// Cycles up to the one of the day.
    pub cycles: Vec<Cycle>,
    /// What was brought into the cycle, by the cycle that it comes from.
    pub carried: Vec<Carried>,
    /// Units of a whole cycle.
    pub entitlement: i64,
    /// The same, scaled to the time employed.
    pub prorated: i64,
    /// What has accrued, rounded and capped.
    pub accrued: i64,
    /// Corrections of the cycle: of what has accrued, and of what is available.
    pub corrected: (i64, i64),
    /// What was brought in.
    pub brought: i64,
    /// What of it was spent in the cycle.
    pub brought_spent: i64,
    /// What of it was lost in the cycle.
    pub brought_lost: i64,
    /// Spent in the cycle up to the day.
    pub spent: i64,
    /// Spent in the cycle after the day.
    pub outstanding: i64,
    /// Both in days.
    pub spent_days: i64,
}

impl Balance {
    /// What there was to spend.
    pub fn total(&self) -> i64 {
        self.accrued + self.brought - self.brought_lost + self.corrected.0 + self.corrected.1
    }

    /// What is free: less what is spent, also after the day.
    pub fn available(&self) -> i64 {
        self.total() - self.spent - self.outstanding
    }

    /// What is there at the end of the day, whatever comes after it.
    pub fn standing(&self) -> i64 {
        self.total() - self.spent
    }
}

impl Ledger<'_> {
    /// The counters at the end of a day. All zero where the person is not covered then.
    pub fn at(&self, day: Date) -> Balance {
        let service = &self.service;
        let covered = service.covered;
        let Some(current) = self.terms.cycle(service, day.clamp(covered.first, covered.last)) else {
            return Balance::default();
        };
        let mut balance = Balance::default();
        let mut pots: Vec<Carried> = Vec::new();
        let mut earlier: Option<Cycle> = None;
        let mut begin = covered.first;
        for _ in 0..MOST_CYCLES {
            let Some(cycle) = self.terms.cycle(service, begin) else { break };
            balance.cycles.push(cycle);
            let last = cycle == current;
            let until = if last { day } else { cycle.own.last };
            for pot in &mut pots {
                pot.brought = pot.left;
            }
            let spent = self.spend(&cycle, until, &mut pots);
            let lost = expire(&mut pots, until);
            let accrued = self.usable(&cycle, earlier.as_ref(), until);
            let corrected = self.corrected(&cycle, until);
            if last {
                balance.entitlement = self.terms.entitlement(service, &cycle);
                balance.prorated = self.terms.prorated(service, &cycle);
                balance.accrued = accrued;
                balance.corrected = corrected;
                balance.brought = pots.iter().map(|pot| pot.brought).sum();
                balance.brought_spent = spent.brought;
                balance.brought_lost = lost;
                balance.spent = spent.until;
                balance.outstanding = spent.after;
                balance.spent_days = spent.days;
                balance.carried = pots;
                return balance;
            }
            let own = accrued + corrected.0 + corrected.1 - (spent.until - spent.brought);
            pots = self.carry(&cycle, own, pots);
            earlier = Some(cycle);
            let Some(next) = moved(cycle.regular.last, 1) else { break };
            begin = next;
        }
        balance
    }

    /// The first day from a day on at whose end nothing would be left, and what is missing then.
    pub fn short(&self, from: Date) -> Option<(Date, i64)> {
        let mut days: Vec<_> = self.used.iter().map(|spent| spent.day).filter(|day| *day >= from).collect();
        days.dedup();
        let short = |day: Date| Some((day, -self.at(day).standing())).filter(|(_, missing)| *missing > 0);
        days.into_iter().find_map(short)
    }

    /// What can be spent of what accrues.
    fn usable(&self, cycle: &Cycle, earlier: Option<&Cycle>, day: Date) -> i64 {
        let worked: &Worked = &self.worked;
        match (self.terms.next_cycle, earlier) {
            (false, _) => self.terms.accrued(&self.service, cycle, day, worked),
            (true, Some(earlier)) => self.terms.accrued(&self.service, earlier, earlier.own.last, worked),
            (true, None) => 0,
        }
    }

    fn corrected(&self, cycle: &Cycle, until: Date) -> (i64, i64) {
        let of = |accrued: bool| {
            let counts =
                |one: &&Correction| one.accrued == accrued && cycle.regular.has(one.on) && one.on <= until;
            self.corrections.iter().filter(counts).map(|one| one.units).sum()
        };
        (of(true), of(false))
    }

    /// Spends what is used in a cycle: what was brought in goes first, what is lost soonest before the rest.
    fn spend(&self, cycle: &Cycle, until: Date, pots: &mut [Carried]) -> Spent {
        let mut spent = Spent::default();
        for used in self.used.iter().filter(|used| cycle.own.has(used.day)) {
            spent.days += used.days;
            if used.day > until {
                spent.after += used.units;
                continue;
            }
            spent.until += used.units;
            let mut left = used.units;
            let mut order: Vec<_> = pots.iter_mut().filter(|pot| pot.left > 0).collect();
            order.sort_by_key(|pot| pot.until.unwrap_or(Date::MAX));
            for pot in order.into_iter().filter(|pot| pot.until.is_none_or(|last| used.day <= last)) {
                let taken = pot.left.min(left);
                if taken > 0 {
                    pot.left -= taken;
                    pot.taken.push((used.day, taken));
                    spent.brought += taken;
                    left -= taken;
                }
            }
        }
        spent
    }

    /// What moves on from a cycle: what it left itself, and what of earlier cycles is still good.
    fn carry(&self, cycle: &Cycle, own: i64, pots: Vec<Carried>) -> Vec<Carried> {
        let ended = cycle.regular.last;
        let year = i64::from(ended.year());
        let mut limit = match self.terms.carry {
            _ if self.terms.carry_from_year.is_some_and(|first| year < first) => 0,
            Carry::Nothing => 0,
            Carry::UpTo(limit) => limit,
            Carry::Everything => i64::MAX,
        };
        // A debt is paid with what is left of earlier cycles, and what remains of it stays a debt.
        let mut debt = (-own).max(0) + pots.iter().map(|pot| (-pot.left).max(0)).sum::<i64>();
        let mut surplus = own.max(0);
        let paid = debt.min(surplus);
        debt -= paid;
        surplus -= paid;
        let good = |pot: &Carried| pot.left > 0 && pot.until.is_none_or(|last| last > ended);
        let mut old: Vec<_> = pots.into_iter().filter(good).collect();
        for pot in &mut old {
            let paid = debt.min(pot.left);
            debt -= paid;
            pot.left -= paid;
        }
        let until = self.terms.expiry.and_then(|months| {
            moved(ended, 1).and_then(|first| months_after(first, months)).and_then(|day| moved(day, -1))
        });
        let pot = |total: i64, until| Carried {
            ended,
            total,
            until,
            taken: Vec::new(),
            expired: 0,
            brought: total,
            left: total,
        };
        let mut carried = Vec::new();
        if debt > 0 {
            carried.push(pot(-debt, None));
        }
        let kept = surplus.min(limit);
        limit -= kept;
        if kept > 0 {
            carried.push(pot(kept, until));
        }
        // The youngest first: the oldest would be lost soonest anyway.
        for mut pot in old.into_iter().rev().filter(|pot| pot.left > 0) {
            pot.left = pot.left.min(limit);
            limit -= pot.left;
            if pot.left > 0 {
                carried.push(pot);
            }
        }
        carried.sort_by_key(|pot| pot.ended);
        carried
    }
}

/// What is used in a cycle.
#[derive(Default)]
struct Spent {
    until: i64,
    after: i64,
    days: i64,
    brought: i64,
}

/// Takes away what is not good any more, and says how much.
fn expire(pots: &mut [Carried], day: Date) -> i64 {
    let mut lost = 0;
    for pot in pots.iter_mut().filter(|pot| pot.left > 0 && pot.until.is_some_and(|last| last < day)) {
        lost += pot.left;
        pot.expired += pot.left;
        pot.left = 0;
    }
    lost
}
