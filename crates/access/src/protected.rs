//! A resource as decisions see it, prepared once.

use registry::{Catalogue, Field, Kind, Reference, Resource};

use crate::people::{By, reached};
use crate::{Condition, Doing, Permission, Person, Reach, Set};

/// A resource as decisions see it.
#[derive(Debug, Clone)]
pub struct Protected {
    /// The declaration.
    pub resource: &'static Resource,
    subject: Option<Way>,
    involved: Vec<Way>,
    /// The modules of its sensitive fields, each once, in the order of the fields.
    pub sensitive: Vec<&'static str>,
    /// What its withheld fields say, each once, and the rows in which they are withheld from nobody.
    withheld: Vec<(&'static str, Condition)>,
    /// What writing its guarded fields needs, each once.
    pub guards: Vec<Permission>,
}

/// How one gets from a row to a person.
#[derive(Debug, Clone)]
struct Way {
    /// Columns that lead to the rows of other tables, each with the table.
    steps: Vec<(&'static str, &'static str)>,
    /// The column that names people in the end.
    column: &'static str,
    by: By,
    /// Whether the column is a list.
    list: bool,
}

impl Protected {
    /// Prepares a resource of a catalogue.
    pub fn of(catalogue: &Catalogue, resource: &'static Resource) -> Self {
        let mut sensitive = Vec::new();
        for module in resource.fields.iter().filter_map(|field| field.sensitive) {
            if !sensitive.contains(&module) {
                sensitive.push(module);
            }
        }
        let mut withheld: Vec<(&'static str, Condition)> = Vec::new();
        for said in resource.fields.iter().filter_map(|field| field.withheld) {
            if withheld.iter().all(|(known, _)| *known != said) {
                withheld.push((said, open(catalogue, resource, said)));
            }
        }
        let mut guards = Vec::new();
        for guard in resource.fields.iter().filter_map(Permission::guarding) {
            if !guards.contains(&guard) {
                guards.push(guard);
            }
        }
        let way = |text: &&'static str| Way::of(catalogue, resource, text);
        Self {
            resource,
            subject: resource.subject.as_ref().and_then(way),
            involved: resource.involved.iter().filter_map(way).collect(),
            sensitive,
            withheld,
            guards,
        }
    }

    /// Where a field stands among what may be hidden; nowhere if it never is.
    pub fn place(&self, field: &Field) -> Option<usize> {
        let sensitive = field.sensitive.and_then(|module| self.sensitive.iter().position(|at| *at == module));
        let withheld = field.withheld.and_then(|said| self.withheld.iter().position(|at| at.0 == said));
        sensitive.or(withheld.map(|at| self.sensitive.len() + at))
    }

    /// How many places there are.
    pub fn places(&self) -> usize {
        self.sensitive.len() + self.withheld.len()
    }

    /// The rows in which a person sees what stands at a place.
    pub fn shown(&self, person: &Person, place: usize) -> Condition {
        if let Some(module) = self.sensitive.get(place) {
            return self.rows(person, Permission::new(module, Doing::See));
        }
        let seen = self.rows(person, Permission::of(self.resource, Doing::See));
        self.withheld
            .get(place - self.sensitive.len())
            .map_or(Condition::Never, |(_, open)| seen.or(open.clone()))
    }

    /// The rows that a person sees, be it a glimpse.
    pub fn sight(&self, person: &Person) -> Condition {
        let seen = self.rows(person, Permission::of(self.resource, Doing::See));
        let glimpse = self.resource.glimpse.map(|glimpse| Permission::new(glimpse.module, Doing::See));
        glimpse.map_or(seen.clone(), |glimpse| seen.or(self.rows(person, glimpse)))
    }

    /// The rows for which a person has a permission.
    pub fn rows(&self, person: &Person, permission: Permission) -> Condition {
        self.within(person, permission, person.group.policy.reach(permission))
    }

    /// The rows for which a person would have a permission if it reached so far.
    pub fn within(&self, person: &Person, permission: Permission, reach: Reach) -> Condition {
        if reach.is_nothing() {
            return Condition::Never;
        }
        let Some(subject) = self.subject.as_ref().filter(|_| permission.doing.reaches()) else {
            // What is nobody's in particular is within nobody's reach but everybody's.
            let held = !permission.doing.reaches() || reach.has(Reach::EVERYONE);
            return if held { Condition::Always } else { Condition::Never };
        };
        let mut rows = subject.rows(|way| reached(person, reach, way.column, way.by));
        // Records that are about no person are the company's.
        if rows != Condition::Always
            && let Some((column, value)) = self.resource.subject_if
        {
            rows = rows.and(Condition::Text(column, value));
        }
        if let Some(glimpse) = self.resource.glimpse.filter(|glimpse| glimpse.module == permission.module) {
            return rows.and(Condition::True(glimpse.only)).and(Condition::Empty(glimpse.without));
        }
        if reach.has(Reach::OWN) {
            rows = self.involved.iter().fold(rows, |rows, way| rows.or(way.rows(|way| way.names(person))));
        }
        rows
    }

    /// Whether a member of an input that names an employee names whose record it is about, like `employee_id`,
    /// `employee_ids` or `shifts.0.employee_id`.
    pub fn names_subject(&self, member: &str) -> bool {
        let Some(subject) = self.resource.subject.and_then(|way| way.rsplit('.').next()) else {
            return false;
        };
        let named = member.split('.').rfind(|part| !part.bytes().all(|b| b.is_ascii_digit()));
        let named = named.unwrap_or_default();
        let same = named == subject || named.strip_suffix('s') == Some(subject);
        same || matches!(named, "employee_id" | "employee_ids" | "access_id" | "access_ids")
    }
}

/// The rows of which something that they refer to is true; none where nothing is said.
fn open(catalogue: &Catalogue, resource: &'static Resource, said: &'static str) -> Condition {
    match catalogue.way(resource, said).as_deref() {
        Some([(_, reference), (other, field)]) => {
            let there = Condition::True(field.member.name);
            Condition::In(reference.member.name, vec![Set::column(other.table, "id", there)])
        }
        _ => Condition::Never,
    }
}

/// The employees for whose records a person has a permission, as a condition on their table.
pub(crate) fn people(person: &Person, permission: Permission) -> Condition {
    let reach = person.group.policy.reach(permission);
    match permission.doing.reaches() {
        true => reached(person, reach, crate::organisation::PERSON, By::Employee),
        false if reach.is_nothing() => Condition::Never,
        false => Condition::Always,
    }
}

impl Way {
    fn of(catalogue: &Catalogue, resource: &'static Resource, text: &'static str) -> Option<Self> {
        let fields = catalogue.way(resource, text)?;
        // What is worked out is no column; then only those reach it who reach everything.
        if fields.iter().any(|(at, field)| !at.computed && !field.kept()) {
            return None;
        }
        let tables = fields.iter().skip(1).map(|(resource, _)| resource.table);
        let steps = fields.iter().map(|(_, field)| field.member.name).zip(tables).collect();
        let last = fields.last()?.1;
        let (kind, list) = match last.member.kind {
            Kind::List(kind) => (*kind, true),
            kind => (kind, false),
        };
        let by = match kind {
            Kind::Id(Reference::Table("accesses")) => By::Access,
            _ => By::Employee,
        };
        Some(Self { steps, column: last.member.name, by, list })
    }

    /// The rows from which one gets to people of whom something holds.
    fn rows(&self, people: impl Fn(&Self) -> Condition) -> Condition {
        let mut condition = people(self);
        for (column, table) in self.steps.iter().rev() {
            if matches!(condition, Condition::Always | Condition::Never) {
                return condition;
            }
            condition = Condition::In(column, vec![Set::column(table, "id", condition)]);
        }
        condition
    }

    /// That the column names a person.
    fn names(&self, person: &Person) -> Condition {
        let id = match self.by {
            By::Employee => person.employee.get(),
            By::Access => person.access.get(),
        };
        if self.list {
            Condition::Lists(self.column, id)
        } else {
            Condition::In(self.column, vec![Set::One(id)])
        }
    }
}
