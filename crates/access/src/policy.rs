//! What a permission group may do.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fmt::Write;

use crate::{Doing, Permission};

/// Whose records a permission reaches, seen from the person who has it. Several together reach what any of them does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Reach(u8);

impl Reach {
    /// Nobody's.
    pub const NOTHING: Self = Self(0);
    /// The person's own.
    pub const OWN: Self = Self(1);
    /// Those of the people who report to the person, directly or through others.
    pub const REPORTS: Self = Self(2);
    /// Those of the members of the teams that the person leads.
    pub const TEAMS: Self = Self(4);
    /// Those of the people of the person's legal entity.
    pub const LEGAL_ENTITY: Self = Self(8);
    /// Everybody's. A permission that is on or off has this or nothing.
    pub const EVERYONE: Self = Self(16);
    /// Those of the people on whose absences the person decides.
    pub const SUPERVISED: Self = Self(32);

    /// All with their names.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::OWN, "own"),
        (Self::REPORTS, "reports"),
        (Self::TEAMS, "teams"),
        (Self::SUPERVISED, "supervised"),
        (Self::LEGAL_ENTITY, "legal_entity"),
        (Self::EVERYONE, "everyone"),
    ];

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of another one is in it.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether something of another one is in it.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether it reaches nobody.
    pub const fn is_nothing(self) -> bool {
        self.0 == 0
    }

    /// The one with a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(reach, _)| *reach)
    }

    /// What it is made of.
    pub fn parts(self) -> impl Iterator<Item = (Self, &'static str)> {
        Self::ALL.into_iter().filter(move |(part, _)| self.has(*part))
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.parts().map(|(_, name)| name).collect();
        f.write_str(if names.is_empty() { "nothing" } else { "" })?;
        f.write_str(&names.join(" "))
    }
}

/// Which people the members of a group may see at all. Everybody may see themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Visibility {
    /// The whole company.
    #[default]
    Everyone,
    /// Whoever is chosen in one of these ways.
    Chosen(Chosen),
}

/// Ways to choose people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chosen {
    /// The people of legal entities.
    pub legal_entities: BTreeSet<i64>,
    /// The members of teams.
    pub teams: BTreeSet<i64>,
    /// The people of workplaces.
    pub locations: BTreeSet<i64>,
    /// These people.
    pub employees: BTreeSet<i64>,
}

impl Chosen {
    /// The ways with their names.
    pub fn ways(&self) -> [(&'static str, &BTreeSet<i64>); 4] {
        [
            ("legal_entities", &self.legal_entities),
            ("teams", &self.teams),
            ("locations", &self.locations),
            ("employees", &self.employees),
        ]
    }

    /// The way with a name.
    pub fn way(&mut self, name: &str) -> Option<&mut BTreeSet<i64>> {
        match name {
            "legal_entities" => Some(&mut self.legal_entities),
            "teams" => Some(&mut self.teams),
            "locations" => Some(&mut self.locations),
            "employees" => Some(&mut self.employees),
            _ => None,
        }
    }
}

/// What the members of a group may do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// By module, for each [`Doing`] in its order.
    rows: BTreeMap<String, [Reach; Doing::ALL.len()]>,
    /// Permissions that the members may give to groups.
    delegated: BTreeSet<(String, Doing)>,
    /// Which people they may see at all.
    pub visibility: Visibility,
}

/// What people may do where nobody says otherwise: see the directory and what is the company's, see what is about
/// themselves, and do what everybody does every day. Whoever has reports or leads a team looks after their absences
/// and their time; whoever decides on somebody's absences, after those alone.
const DEFAULT_EMPLOYEES: &str = "
absences.see everyone
api_public.see own
approvals.approve reports teams supervised
approvals.see own reports teams supervised
attendance.approve reports
attendance.browse everyone
attendance.create own
attendance.delete own
attendance.edit own
attendance.see own reports teams
bank.see own
birth.see own
companies.browse everyone
contracts.browse everyone
contracts.see own
custom_fields.browse everyone
custom_fields.see own
custom_resources.browse everyone
custom_resources.see own
documents.browse everyone
documents.see own
employees.see everyone
employment.see own reports
expenses.see own
holidays.browse everyone
identity.see own
it_management.browse everyone
it_management.see own
job_catalog.browse everyone
locations.browse everyone
medical.edit own
medical.see own
payroll.see own
posts.browse everyone
posts.create own
posts.delete own
posts.see everyone
private.edit own
private.see own
project_management.create own
project_management.delete own
project_management.edit own
project_management.see own
salaries.see own
shift_management.see own reports teams
structure.see everyone
tasks.create own
tasks.delete own
tasks.edit own
tasks.see own
teams.browse everyone
teams.see everyone
time_planning.see own reports teams
time_settings.browse everyone
timeoff.approve reports teams supervised
timeoff.browse everyone
timeoff.create own
timeoff.delete own
timeoff.edit own
timeoff.see own reports teams supervised
trainings.browse everyone
trainings.see own
work_schedule.browse everyone
";

impl Policy {
    /// Of the group that people are in where nobody says otherwise, until it is customised.
    pub fn default_employees() -> Self {
        Self::parse(DEFAULT_EMPLOYEES)
    }

    /// How far a permission reaches.
    pub fn reach(&self, permission: Permission) -> Reach {
        self.reach_of(permission.module, permission.doing)
    }

    /// How far a permission reaches.
    pub fn reach_of(&self, module: &str, doing: Doing) -> Reach {
        self.rows.get(module).map_or(Reach::NOTHING, |row| row[doing as usize])
    }

    /// Gives a permission a reach, with what it needs: nobody changes what he cannot see.
    pub fn set(&mut self, module: &str, doing: Doing, reach: Reach) {
        let row = self.rows.entry(module.to_owned()).or_default();
        row[doing as usize] = reach;
        for doing in Doing::ALL {
            if let Some(needed) = doing.prerequisite() {
                row[needed as usize] = row[needed as usize].and(row[doing as usize]);
            }
        }
        if row.iter().all(|reach| reach.is_nothing()) {
            self.rows.remove(module);
        }
    }

    /// Whether the members may give a permission to groups.
    pub fn delegates(&self, module: &str, doing: Doing) -> bool {
        self.delegated.contains(&(module.to_owned(), doing))
    }

    /// Lets the members give a permission to groups, with what it needs.
    pub fn delegate(&mut self, module: &str, doing: Doing) {
        let needed = doing.prerequisite().into_iter().chain([doing]);
        self.delegated.extend(needed.map(|doing| (module.to_owned(), doing)));
    }

    /// Lets the members give nothing to groups.
    pub fn delegate_nothing(&mut self) {
        self.delegated.clear();
    }

    /// What the members may give to groups.
    pub fn delegations(&self) -> impl Iterator<Item = (&str, Doing)> {
        self.delegated.iter().map(|(module, doing)| (module.as_str(), *doing))
    }

    /// Whether the members may give anything to groups.
    pub fn delegates_anything(&self) -> bool {
        !self.delegated.is_empty()
    }

    /// Every permission that reaches somebody.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Doing, Reach)> {
        self.rows.iter().flat_map(|(module, row)| {
            let held = Doing::ALL.into_iter().map(|doing| (module.as_str(), doing, row[doing as usize]));
            held.filter(|(_, _, reach)| !reach.is_nothing())
        })
    }

    /// As [`Policy::text`] writes it. Lines that nobody understands permit nothing.
    pub fn parse(text: &str) -> Self {
        let mut policy = Self::default();
        for line in text.lines() {
            let mut words = line.split_whitespace();
            let Some(first) = words.next() else { continue };
            match first {
                "visible" => {
                    let name = words.next().unwrap_or_default();
                    let mut chosen = match std::mem::take(&mut policy.visibility) {
                        Visibility::Chosen(chosen) => chosen,
                        Visibility::Everyone => Chosen::default(),
                    };
                    if let Some(way) = chosen.way(name) {
                        way.extend(words.filter_map(|id| id.parse::<i64>().ok()));
                    }
                    policy.visibility = Visibility::Chosen(chosen);
                }
                "delegates" => {
                    for (module, doing) in words.filter_map(|word| word.split_once('.')) {
                        if let Some(doing) = Doing::named(doing) {
                            policy.delegate(module, doing);
                        }
                    }
                }
                _ => {
                    let Some((module, doing)) = first.split_once('.') else { continue };
                    let Some(doing) = Doing::named(doing) else { continue };
                    let reach = words.filter_map(Reach::named).fold(Reach::NOTHING, Reach::and);
                    let held = policy.reach_of(module, doing).and(reach);
                    policy.set(module, doing, held);
                }
            }
        }
        policy
    }

    /// A line for each permission, in a fixed order.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to memory does not fail.
        for (module, doing, reach) in self.iter() {
            let _ = writeln!(text, "{module}.{} {reach}", doing.name());
        }
        if let Visibility::Chosen(chosen) = &self.visibility {
            for (name, ids) in chosen.ways() {
                let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
                let _ = writeln!(text, "visible {name} {}", ids.join(" "));
            }
        }
        if !self.delegated.is_empty() {
            let names = self.delegated.iter().map(|(module, doing)| format!("{module}.{}", doing.name()));
            let _ = writeln!(text, "delegates {}", names.collect::<Vec<_>>().join(" "));
        }
        text
    }
}
