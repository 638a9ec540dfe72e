//! What the shifts of one day are worth: pure arithmetic on stretches of time.

use registry::Date;

use super::clock::Stretch;
use super::estimate::Estimate;
use super::wall;

/// A shift of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// When it began and ended, and whether it is work.
    pub stretch: Stretch,
    /// The kind of break, if it is one.
    pub kind: Option<i64>,
    /// Whether people are paid during it; work always is.
    pub paid: bool,
}

/// Extra time of the day about which somebody decides, in minutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Requested {
    /// Nobody decided yet.
    pub pending: i64,
    /// It was granted.
    pub approved: i64,
    /// It was refused.
    pub rejected: i64,
}

/// What a day is worth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Worked {
    /// Minutes that shifts recorded, paid breaks included.
    pub tracked: i64,
    /// Minutes of breaks that are not paid.
    pub unpaid: i64,
    /// Minutes that wait for a decision.
    pub pending: i64,
    /// Minutes that count.
    pub minutes: i64,
    /// Half days that were recorded without times.
    pub half_days: i64,
    /// The day in blocks.
    pub blocks: Vec<Block>,
}

/// A part of the day with one destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// How long it is.
    pub minutes: i64,
    /// Whether it lies beyond what was due.
    pub overtime: bool,
    /// Where it goes.
    pub pool: Pool,
    /// Whether it is work, or a break.
    pub work: bool,
    /// The kind of break.
    pub kind: Option<i64>,
}

/// Where time goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// The balance of hours.
    Balance,
    /// The pay.
    Payroll,
    /// The pay, once somebody grants it.
    Waiting,
    /// Nowhere.
    Discarded,
}

impl Pool {
    /// As the API spells it.
    pub fn text(self) -> &'static str {
        match self {
            Pool::Balance => "balance",
            Pool::Payroll => "payroll",
            Pool::Waiting => "virtual_payroll",
            Pool::Discarded => "discarded",
        }
    }
}

/// What the shifts of a day are worth where so much was due and requested. A shift that is open counts nothing until
/// its end is known.
pub fn worked(pieces: &[Piece], half_days: i64, due: Option<&Estimate>, requested: Requested) -> Worked {
    let length = |piece: &&Piece| {
        piece.stretch.ended.map_or(0, |ended| wall::minutes(piece.stretch.began, ended)).max(0)
    };
    let work: i64 = pieces.iter().filter(|piece| piece.stretch.work).map(|piece| length(&piece)).sum();
    let mut tracked = work;
    let mut blocks = Vec::new();
    let mut block = |minutes: i64, overtime: bool, pool: Pool, work: bool, kind: Option<i64>| {
        if minutes > 0 {
            blocks.push(Block { minutes, overtime, pool, work, kind });
        }
    };
    let mut unpaid = 0;
    for piece in pieces.iter().filter(|piece| !piece.stretch.work) {
        let minutes = length(&piece);
        if piece.paid {
            tracked += minutes;
        } else {
            unpaid += minutes;
        }
    }
    let regular = tracked.min(due.map_or(0, |due| due.regular));
    let over = tracked - regular;
    // Extra time is what was granted of it first, then what is asked for, then what was refused.
    let approved = over.min(requested.approved);
    let pending = (over - approved).min(requested.pending);
    let rejected = (over - approved - pending).min(requested.rejected);
    let paid_breaks = tracked - work;
    block(regular - paid_breaks.min(regular), false, Pool::Balance, true, None);
    block(approved, true, Pool::Payroll, true, None);
    block(pending, true, Pool::Waiting, true, None);
    block(rejected, true, Pool::Discarded, true, None);
    block(over - approved - pending - rejected, true, Pool::Balance, true, None);
    let mut in_regular = paid_breaks.min(regular);
    for piece in pieces.iter().filter(|piece| !piece.stretch.work) {
        let minutes = length(&piece);
        if piece.paid {
            // A paid break beyond what was due is part of the extra time already.
            let part = minutes.min(in_regular);
            in_regular -= part;
            block(part, false, Pool::Balance, false, piece.kind);
        } else {
            block(minutes, false, Pool::Discarded, false, piece.kind);
        }
    }
    Worked { tracked, unpaid, pending, minutes: tracked - pending - rejected, half_days, blocks }
}

/// What kind of day it is.
pub fn kind(day: Date, holiday: bool) -> &'static str {
    match (holiday, super::plan::weekday(day)) {
        (true, _) => "bank_holiday",
        (false, 5) => "saturday",
        (false, 6) => "sunday",
        (false, _) => "workday",
    }
}
