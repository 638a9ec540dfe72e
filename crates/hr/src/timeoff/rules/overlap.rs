//! Which leaves of one person get in each other's way.

use registry::Date;

use super::count::Part;

/// Where a leave lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// First day.
    pub first: Date,
    /// Last day, included; `None` without an end.
    pub last: Option<Date>,
    /// How much of each day.
    pub part: Part,
    /// Minutes after midnight at which an hourly leave begins.
    pub begins: Option<i64>,
    /// Whether the person works meanwhile, elsewhere or in another way.
    pub workable: bool,
}

/// Whether two leaves of one person cannot both be. They can on two different halves of a day, in two spans of hours
/// that do not touch, and where one of them is a way to work and the other is not.
pub fn clash(one: &Place, other: &Place) -> bool {
    let meet =
        one.last.is_none_or(|last| other.first <= last) && other.last.is_none_or(|last| one.first <= last);
    if !meet || one.workable != other.workable {
        return false;
    }
    match (one.part, other.part) {
        (Part::Half(one), Part::Half(other)) => one == other,
        (Part::Minutes(long), Part::Minutes(other_long)) => match (one.begins, other.begins) {
            (Some(begins), Some(other_begins)) => {
                begins < other_begins + other_long && other_begins < begins + long
            }
            _ => true,
        },
        _ => true,
    }
}
