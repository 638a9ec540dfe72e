//! What is decided about teams inside of teams: pure functions of what is known.

use std::collections::{BTreeSet, HashMap};

/// Teams are nested this deep at most.
pub const LEVELS: usize = 4;

/// For each team that is inside of another one, which.
pub type Parents = HashMap<i64, i64>;

/// The teams around a team, the nearest first.
pub fn above(parents: &Parents, team: i64) -> Vec<i64> {
    let (mut chain, mut at) = (Vec::new(), team);
    while let Some(parent) = parents.get(&at).filter(|parent| **parent != team && !chain.contains(*parent)) {
        chain.push(*parent);
        at = *parent;
    }
    chain
}

/// A team and every team inside of it.
pub fn within(parents: &Parents, team: i64) -> BTreeSet<i64> {
    let inside = parents.keys().filter(|other| above(parents, **other).contains(&team));
    inside.copied().chain([team]).collect()
}

/// Why a team cannot be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It would be inside of itself.
    Circular,
    /// It, or one inside of it, would be too deep.
    TooDeep,
}

/// Whether a team may be inside of another one, or at the top.
pub fn placed(parents: &Parents, team: i64, parent: Option<i64>) -> Result<(), Refusal> {
    let Some(parent) = parent else { return Ok(()) };
    let inside = within(parents, team);
    if inside.contains(&parent) {
        return Err(Refusal::Circular);
    }
    let own = above(parents, team).len();
    let deepest = inside.iter().map(|other| above(parents, *other).len() - own).max().unwrap_or(0);
    let depth = above(parents, parent).len() + 2 + deepest;
    if depth > LEVELS { Err(Refusal::TooDeep) } else { Ok(()) }
}

/// The places that people have because of a place in a team inside: team and person.
pub fn inherited(parents: &Parents, direct: &BTreeSet<(i64, i64)>) -> BTreeSet<(i64, i64)> {
    let around = direct
        .iter()
        .flat_map(|(team, person)| above(parents, *team).into_iter().map(move |above| (above, *person)));
    around.filter(|place| !direct.contains(place)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // 1 has 2 and 3; 2 has 4; 4 has 5. 6 has 7.
    fn parents() -> Parents {
        HashMap::from([(2, 1), (3, 1), (4, 2), (5, 4), (7, 6)])
    }

    #[test]
    fn four_levels_and_no_circle() {
        for (team, parent, expected) in [
            (9, Some(4), Ok(())),
            (9, Some(5), Err(Refusal::TooDeep)),
            (2, None, Ok(())),
            (2, Some(2), Err(Refusal::Circular)),
            (1, Some(5), Err(Refusal::Circular)),
            (2, Some(6), Ok(())),
            (2, Some(7), Err(Refusal::TooDeep)),
            (6, Some(2), Ok(())),
            (6, Some(4), Err(Refusal::TooDeep)),
            (1, Some(6), Err(Refusal::TooDeep)),
        ] {
            assert_eq!(placed(&parents(), team, parent), expected, "{team} into {parent:?}");
        }
    }

    #[test]
    fn a_place_is_inherited_upwards_once() {
        let direct = BTreeSet::from([(5, 10), (3, 10), (1, 11), (2, 11)]);
        let expected = BTreeSet::from([(4, 10), (2, 10), (1, 10)]);
        assert_eq!(inherited(&parents(), &direct), expected);
        assert_eq!(within(&parents(), 2), BTreeSet::from([2, 4, 5]));
    }
}
