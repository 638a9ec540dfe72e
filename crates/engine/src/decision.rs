//! The decision at work: what of a page is hidden, and whether a row may be written.

use std::collections::{BTreeMap, BTreeSet};

use access::{Condition, Denied, Doing, Grant, Permission, Reach, organisation};
use registry::{Kind, Reference};
use storage::{Cell, Datum, Look, Page, Row};

use crate::context::{ALL, ID};
use crate::{Context, Error, Input, Plan, Sets};

/// Which sensitive modules are hidden in the rows of a page.
pub(crate) struct Veil {
    /// For each module; none at all where nothing is hidden.
    modules: Vec<Hides>,
    /// Conditions that the statement judges for each row.
    pub(crate) judged: Vec<Condition>,
}

#[derive(Clone, Copy)]
enum Hides {
    Never,
    Always,
    /// Where the condition at this place does not hold.
    Unless(usize),
}

impl Veil {
    pub(crate) fn of(grant: &Grant, plan: &Plan) -> Self {
        let mut veil = Self { modules: Vec::new(), judged: Vec::new() };
        if grant.is_everything() {
            return veil;
        }
        for place in 0..plan.protected.places() {
            let condition = grant.shown(&plan.protected, place);
            let hides = match condition {
                Condition::Never => Hides::Always,
                condition if condition == Condition::Always || condition == *grant.sight() => Hides::Never,
                condition => {
                    let known = veil.judged.iter().position(|other| *other == condition);
                    Hides::Unless(known.unwrap_or_else(|| {
                        veil.judged.push(condition);
                        veil.judged.len() - 1
                    }))
                }
            };
            veil.modules.push(hides);
        }
        veil
    }

    /// Notes for each module whether it is hidden in a row, which has what was judged behind its columns.
    pub(crate) fn hides(
        &self,
        row: &Row<'_>,
        columns: usize,
        hidden: &mut Vec<bool>,
    ) -> Result<(), storage::Error> {
        hidden.clear();
        for hides in &self.modules {
            hidden.push(match hides {
                Hides::Never => false,
                Hides::Always => true,
                Hides::Unless(at) => !matches!(row.cell(columns + at)?, Cell::Int(1)),
            });
        }
        Ok(())
    }
}

/// Whom somebody reaches, before a change that may alter it.
pub(crate) struct Circle {
    /// The parts of a reach through which he reaches each.
    people: BTreeMap<i64, Reach>,
    /// Whoever has a higher id is new.
    newest: i64,
}

impl Context<'_, '_> {
    /// The decision on a resource: that of the operation, or where it is about another one, what the caller sees of it.
    pub(crate) fn decision(&self, plan: &Plan) -> Grant {
        if self.grant.is_about(plan.resource()) {
            self.grant.clone()
        } else {
            self.grant.over(&plan.protected, Doing::See)
        }
    }

    /// The permissions that writing some columns needs. A field with a guard needs that in place of the operation's
    /// own; a new object needs both.
    pub(crate) fn needed(&self, plan: &Plan, given: [&Sets; 2], new: bool) -> Vec<Permission> {
        let Some(permission) = self.grant.permission().filter(|_| self.grant.is_about(plan.resource()))
        else {
            return Vec::new();
        };
        let mut needed = Vec::new();
        let mut plain = new || given.iter().all(|sets| sets.is_empty());
        for name in given.iter().flat_map(|sets| sets.keys()) {
            match plan.resource().field(name).and_then(Permission::guarding) {
                Some(guard) if !needed.contains(&guard) => needed.push(guard),
                Some(_) => {}
                None => plain = true,
            }
        }
        if plain && !needed.contains(&permission) {
            needed.insert(0, permission);
        }
        needed
    }

    /// The permissions that members of an action's input need which are named as guarded fields are.
    pub(crate) fn guarded(&self, plan: &Plan, input: &Input) -> Vec<Permission> {
        let mut needed = Vec::new();
        for field in plan.resource().fields {
            if let Some(guard) = Permission::guarding(field)
                && input.get(field.member.name).is_some()
                && !needed.contains(&guard)
            {
                needed.push(guard);
            }
        }
        needed
    }

    /// Refuses what needs a permission that the caller has for nobody, and a record about somebody whom he does not reach,
    /// before any rule tells what it knows of that person. Whom he may not even name, the look at references misses.
    pub(crate) fn within(&mut self, plan: &Plan, sets: &Sets, needed: &[Permission]) -> Result<(), Error> {
        let policy = self.grant.person().map(|person| &person.group.policy);
        let lacking =
            |need: &&Permission| policy.is_some_and(|policy| policy.reach(**need) == Reach::NOTHING);
        if let Some(permission) = needed.iter().find(lacking) {
            return Err(Denied::Permission(*permission).into());
        }
        let field = plan.resource().subject.and_then(|name| plan.resource().field(name));
        let Some(field) = field.filter(|field| field.member.name != "id") else { return Ok(()) };
        let (Kind::Id(reference), Some(Datum::Int(person))) =
            (field.member.kind, sets.get(field.member.name))
        else {
            return Ok(());
        };
        needed.iter().try_for_each(|need| self.reaching(&[(reference, *person)], *need))
    }

    /// Refuses people whom a permission does not reach, of those whom the caller may name.
    pub(crate) fn reaching(
        &mut self,
        people: &[(Reference, i64)],
        permission: Permission,
    ) -> Result<(), Error> {
        if self.grant.is_everything() {
            return Ok(());
        }
        let of = |reference: Reference| match reference {
            Reference::Table("accesses") => Some(organisation::ACCESS),
            Reference::Resource(_) | Reference::Anything => Some(organisation::PERSON),
            Reference::Table(_) => None,
        };
        for column in [organisation::PERSON, organisation::ACCESS] {
            let mut wanted = people.iter().filter(|(reference, _)| of(*reference) == Some(column)).peekable();
            let Some((reference, _)) = wanted.peek().copied() else { continue };
            let these = Look::OneOf(column, wanted.map(|(_, id)| Datum::Int(*id)).collect());
            let whom = Look::Granted(self.grant.people(Some(permission)));
            let reached = self.ids(organisation::PEOPLE, &[these.clone(), whom])?;
            let named = Look::Granted(self.naming(*reference).sight().clone());
            if !self.ids(organisation::PEOPLE, &[these, named])?.is_subset(&reached) {
                return Err(Denied::Permission(permission).into());
            }
        }
        Ok(())
    }

    /// Refuses where the caller lacks one of some permissions for a row that he sees.
    pub(crate) fn prove(&mut self, plan: &Plan, id: i64, needed: &[Permission]) -> Result<(), Error> {
        self.prove_all(plan, &[id].into(), needed)
    }

    /// The same for several rows.
    pub(crate) fn prove_all(
        &mut self,
        plan: &Plan,
        ids: &BTreeSet<i64>,
        needed: &[Permission],
    ) -> Result<(), Error> {
        match self.lacking_any(plan, ids, needed)? {
            Lacking::Nothing => Ok(()),
            Lacking::Sight => Err(Error::NotFound),
            Lacking::Permission(permission) => Err(Denied::Permission(permission).into()),
        }
    }

    /// The same after a change: whoever would no longer see the row must not have made it.
    pub(crate) fn proved(&mut self, plan: &Plan, id: i64, needed: &[Permission]) -> Result<(), Error> {
        match self.lacking(plan, id, needed)? {
            Lacking::Nothing => Ok(()),
            Lacking::Sight => {
                let lacking = needed.first().copied();
                Err(Denied::Permission(lacking.unwrap_or(Permission::of(plan.resource(), Doing::See))).into())
            }
            Lacking::Permission(permission) => Err(Denied::Permission(permission).into()),
        }
    }

    fn lacking(&mut self, plan: &Plan, id: i64, needed: &[Permission]) -> Result<Lacking, Error> {
        self.lacking_any(plan, &[id].into(), needed)
    }

    /// What is lacking for any of some rows.
    fn lacking_any(
        &mut self,
        plan: &Plan,
        ids: &BTreeSet<i64>,
        needed: &[Permission],
    ) -> Result<Lacking, Error> {
        if needed.is_empty() || ids.is_empty() || self.grant.is_everything() || plan.resource().computed {
            return Ok(Lacking::Nothing);
        }
        let grant = self.decision(plan);
        let judged: Vec<_> = needed.iter().map(|need| grant.rows(&plan.protected, *need)).collect();
        let (mut seen, mut lacking) = (0, None);
        let looks = [Look::OneOf("id", ids.iter().copied().map(Datum::Int).collect())];
        self.tx.rows(&grant, plan.resource().table).judge(ID, &judged, &looks, ALL, &mut |row| {
            seen += 1;
            for (at, permission) in needed.iter().enumerate() {
                if lacking.is_none() && !matches!(row.cell(1 + at)?, Cell::Int(1)) {
                    lacking = Some(*permission);
                }
            }
            Ok(())
        })?;
        Ok(match lacking {
            _ if seen < ids.len() => Lacking::Sight,
            Some(permission) => Lacking::Permission(permission),
            None => Lacking::Nothing,
        })
    }

    /// Refuses an action on rows, or for people, that the caller does not reach.
    pub(crate) fn admit(&mut self, plan: &Plan, input: &Input) -> Result<(), Error> {
        let Some(permission) = self.grant.permission() else { return Ok(()) };
        for guard in self.guarded(plan, input) {
            if self.grant.person().is_some_and(|person| person.group.policy.reach(guard) == Reach::NOTHING) {
                return Err(Denied::Permission(guard).into());
            }
        }
        let resource = plan.resource();
        let own = Reference::Resource(resource.path);
        if let (Some(Datum::Int(id)), false) = (input.get("id"), resource.computed) {
            self.prove(plan, *id, &[permission])?;
        }
        let (mut people, mut rows) = (Vec::new(), BTreeSet::new());
        for (at, reference, id) in &input.references {
            if *reference == own && !resource.computed {
                rows.insert(*id);
            } else if plan.protected.names_subject(at) {
                people.push((*reference, *id));
            }
        }
        match self.lacking_any(plan, &rows, &[permission])? {
            // The look at what it refers to names those that are not there.
            Lacking::Nothing | Lacking::Sight => {}
            Lacking::Permission(permission) => return Err(Denied::Permission(permission).into()),
        }
        if permission.doing.reaches() { self.reaching(&people, permission) } else { Ok(()) }
    }

    /// Whom the caller reaches, where a resource is one that decides about it.
    pub(crate) fn circle(&mut self, plan: &Plan) -> Result<Option<Circle>, Error> {
        if self.grant.is_everything() || !organisation::shaped_by(plan.resource().table) {
            return Ok(None);
        }
        let people = self.reached()?;
        let mut newest = 0;
        let last = Page { backwards: true, limit: 1, offset: 0 };
        let system = self.system();
        self.tx.rows(&system, organisation::PEOPLE).select(ID, &[], last, &mut |row| {
            if let Cell::Int(id) = row.cell(0)? {
                newest = id;
            }
            Ok(())
        })?;
        Ok(Some(Circle { people, newest }))
    }

    /// Refuses a change by which the caller reaches somebody new who was there before: nobody gives that to himself.
    pub(crate) fn unwidened(&mut self, circle: Option<Circle>) -> Result<(), Error> {
        let Some(before) = circle else { return Ok(()) };
        let gained = self.reached()?.into_iter().any(|(id, after)| {
            let known = before.people.get(&id).copied().unwrap_or_default();
            id <= before.newest && self.grant.gains(known, after)
        });
        match self.grant.permission().filter(|_| gained) {
            Some(permission) => Err(Denied::Permission(permission).into()),
            None => Ok(()),
        }
    }

    /// Whom the caller reaches, and through which parts of a reach.
    fn reached(&mut self) -> Result<BTreeMap<i64, Reach>, Error> {
        let (parts, circles): (Vec<_>, Vec<_>) = self.grant.circles().into_iter().unzip();
        let (grant, any) = (self.system(), Look::Granted(Condition::Any(circles.clone())));
        let mut people = BTreeMap::new();
        self.tx.rows(&grant, organisation::PEOPLE).judge(ID, &circles, &[any], ALL, &mut |row| {
            let Cell::Int(id) = row.cell(0)? else { return Ok(()) };
            let mut reach = Reach::NOTHING;
            for (at, part) in parts.iter().enumerate() {
                if matches!(row.cell(1 + at)?, Cell::Int(1)) {
                    reach = reach.and(*part);
                }
            }
            people.insert(id, reach);
            Ok(())
        })?;
        Ok(people)
    }

    /// The ids of rows of a table, whoever may see them.
    pub(crate) fn ids(&mut self, table: &'static str, looks: &[Look]) -> Result<BTreeSet<i64>, Error> {
        let grant = self.system();
        let mut ids = BTreeSet::new();
        self.tx.rows(&grant, table).select(ID, looks, ALL, &mut |row| {
            if let Cell::Int(id) = row.cell(0)? {
                ids.insert(id);
            }
            Ok(())
        })?;
        Ok(ids)
    }
}

enum Lacking {
    Nothing,
    Sight,
    Permission(Permission),
}
