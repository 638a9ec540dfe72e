//! Whom a person reaches, as sets that the database works out.

use crate::policy::{Chosen, Visibility};
use crate::{Condition, Person, Reach, Set};

/// How a company is kept, as far as permissions depend on it. The declarations are checked against it.
pub mod organisation {
    /// The table of people.
    pub const PEOPLE: &str = "employees";
    /// What identifies one of them.
    pub const PERSON: &str = "id";
    /// Whom they report to.
    pub const MANAGER: &str = "manager_id";
    /// Who decides on their absences.
    pub const SUPERVISOR: &str = "timeoff_manager_id";
    /// Their legal entity.
    pub const LEGAL_ENTITY: &str = "legal_entity_id";
    /// Their workplace.
    pub const LOCATION: &str = "location_id";
    /// Their login.
    pub const ACCESS: &str = "access_id";
    /// The table of who is in which team.
    pub const MEMBERSHIPS: &str = "teams_memberships";
    /// Who.
    pub const MEMBER: &str = "employee_id";
    /// In which.
    pub const TEAM: &str = "team_id";
    /// Whether the member leads it.
    pub const LEADS: &str = "lead";

    /// Whether a change of a table's rows may change who reaches whom.
    pub fn shaped_by(table: &str) -> bool {
        matches!(table, PEOPLE | MEMBERSHIPS)
    }
}

use organisation as org;

/// What identifies people in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Employee,
    Access,
}

/// The rows whose column names somebody whom a person reaches.
pub(crate) fn reached(person: &Person, reach: Reach, column: &'static str, by: By) -> Condition {
    match by {
        By::Employee => employees(person, reach, column),
        By::Access => match employees(person, reach, org::PERSON) {
            Condition::Always => Condition::Always,
            Condition::Never => Condition::Never,
            _ if reach == Reach::OWN => Condition::In(column, vec![Set::One(person.access.get())]),
            people => Condition::In(column, vec![Set::column(org::PEOPLE, org::ACCESS, people)]),
        },
    }
}

/// The rows whose column is the employee record of somebody whom a person reaches.
fn employees(person: &Person, reach: Reach, column: &'static str) -> Condition {
    let me = person.employee.get();
    let own = || Condition::In(column, vec![Set::One(me)]);
    if reach.is_nothing() {
        return Condition::Never;
    }
    let visible = match &person.group.policy.visibility {
        Visibility::Everyone => Condition::Always,
        Visibility::Chosen(chosen) => Condition::In(column, chosen_people(chosen)),
    };
    if reach.has(Reach::EVERYONE) {
        return visible.or(own());
    }
    let mut sets = Vec::new();
    if reach.has(Reach::OWN) {
        sets.push(Set::One(me));
    }
    let others = sets.len();
    if reach.has(Reach::REPORTS) {
        let (table, key, parent) = (org::PEOPLE, org::PERSON, org::MANAGER);
        sets.push(Set::Below { table, key, parent, root: me });
    }
    if reach.has(Reach::TEAMS) {
        let mine = Condition::In(org::MEMBER, vec![Set::One(me)]).and(Condition::True(org::LEADS));
        let led = Condition::In(org::TEAM, vec![Set::column(org::MEMBERSHIPS, org::TEAM, mine)]);
        sets.push(Set::column(org::MEMBERSHIPS, org::MEMBER, led));
    }
    if reach.has(Reach::SUPERVISED) {
        let mine = Condition::In(org::SUPERVISOR, vec![Set::One(me)]);
        sets.push(Set::column(org::PEOPLE, org::PERSON, mine));
    }
    if reach.has(Reach::LEGAL_ENTITY) {
        let mine = Condition::In(org::PERSON, vec![Set::One(me)]);
        let entity = Set::column(org::PEOPLE, org::LEGAL_ENTITY, mine);
        sets.push(Set::column(org::PEOPLE, org::PERSON, Condition::In(org::LEGAL_ENTITY, vec![entity])));
    }
    if visible == Condition::Always || sets.len() == others {
        return Condition::In(column, sets);
    }
    // Own records are never out of sight.
    let beyond = Condition::In(column, sets.split_off(others)).and(visible);
    if others == 0 { beyond } else { own().or(beyond) }
}

/// Those who reach somebody through a part of a reach, whatever they are permitted, as a condition on the table of people.
pub fn reaching(part: Reach, person: i64) -> Condition {
    let about = |column| Condition::In(column, vec![Set::One(person)]);
    let set = match part {
        Reach::OWN => Set::One(person),
        // Those above are below in the tree that is upside down.
        Reach::REPORTS => {
            Set::Below { table: org::PEOPLE, key: org::MANAGER, parent: org::PERSON, root: person }
        }
        Reach::TEAMS => {
            let teams = Set::column(org::MEMBERSHIPS, org::TEAM, about(org::MEMBER));
            let leads = Condition::In(org::TEAM, vec![teams]).and(Condition::True(org::LEADS));
            Set::column(org::MEMBERSHIPS, org::MEMBER, leads)
        }
        Reach::SUPERVISED => Set::column(org::PEOPLE, org::SUPERVISOR, about(org::PERSON)),
        Reach::LEGAL_ENTITY => {
            let entity = Set::column(org::PEOPLE, org::LEGAL_ENTITY, about(org::PERSON));
            let same = Condition::In(org::LEGAL_ENTITY, vec![entity]);
            Set::column(org::PEOPLE, org::PERSON, same)
        }
        _ if part.has(Reach::EVERYONE) => return Condition::Always,
        _ => return Condition::Never,
    };
    Condition::In(org::PERSON, vec![set])
}

/// The people whom members of a group may see at all, besides themselves, as a condition on the table of people.
pub fn visible(visibility: &Visibility) -> Condition {
    match visibility {
        Visibility::Everyone => Condition::Always,
        Visibility::Chosen(chosen) => Condition::In(org::PERSON, chosen_people(chosen)),
    }
}

fn chosen_people(chosen: &Chosen) -> Vec<Set> {
    let mut sets: Vec<_> = chosen.employees.iter().copied().map(Set::One).collect();
    for (column, ids) in [(org::LEGAL_ENTITY, &chosen.legal_entities), (org::LOCATION, &chosen.locations)] {
        if !ids.is_empty() {
            sets.push(Set::column(org::PEOPLE, org::PERSON, Condition::one_of(column, ids)));
        }
    }
    if !chosen.teams.is_empty() {
        let members = Condition::one_of(org::TEAM, &chosen.teams);
        sets.push(Set::column(org::MEMBERSHIPS, org::MEMBER, members));
    }
    sets
}
