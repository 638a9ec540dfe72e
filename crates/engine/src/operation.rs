//! The five operations, and actions.

use std::collections::BTreeMap;

use access::{Doing, Grant, Permission};
use registry::{Reference, Version};
use storage::{Cell, Datum, Look, Page, Stale};

use crate::code::{Act, Answer, Cells, Order, Removal};
use crate::context::{ALL, ID, ONE, by};
use crate::decision::Veil;
use crate::error::Problem;
use crate::file::files_in;
use crate::list::{Ends, encode, envelope};
use crate::{Body, Change, Context, Draft, Error, Input, List, Object, Plan, Sets, render};

impl Context<'_, '_> {
    /// The page of a list, as JSON.
    pub fn list(&mut self, plan: &Plan, list: &List) -> Result<Vec<u8>, Error> {
        let mut narrowed = list.looks.clone();
        self.asked = list.asked();
        if let Some(hide) = plan.hide.filter(|_| !list.everything) {
            narrowed.append(&mut (hide.shown)(self)?);
        }
        for (_, narrow, values) in &list.own {
            narrowed.append(&mut narrow.looks(self, values)?);
        }
        // What may not be read cannot be found out by looking for it.
        let readable =
            list.sensitive.iter().map(|place| Look::Granted(self.grant.shown(&plan.protected, *place)));
        narrowed.extend(readable);
        if let Some(order) = plan.order.filter(|order| (order.asked)(self)) {
            return self.ordered(plan, order, list, &narrowed);
        }
        let (grant, table) = (self.grant, plan.resource().table);
        let total = self.tx.rows(grant, table).count(&narrowed)?;
        // Only where it is read towards the beginning does the page end at its cursor.
        let backwards = list.before.is_some() && list.after.is_none();
        let mut looks = narrowed.clone();
        looks.extend(list.after.map(|id| Look::After("id", Datum::Int(id))));
        looks.extend(list.before.map(|id| Look::Before("id", Datum::Int(id))));
        let page = Page { backwards, limit: list.limit + 1, offset: list.offset };
        let mut objects = self.rendered(plan, &looks, page)?;
        let more = objects.len() as u64 > list.limit;
        objects.truncate(usize::try_from(list.limit).unwrap_or(usize::MAX));
        if backwards {
            objects.reverse();
        }
        let mut rows = self.tx.rows(grant, table);
        let mut beyond = |look: Look| -> Result<bool, Error> {
            let looks: Vec<_> = narrowed.iter().cloned().chain([look]).collect();
            let page = Page { backwards: false, limit: 1, offset: 0 };
            let mut found = false;
            rows.select(ID, &looks, page, &mut |_| {
                found = true;
                Ok(())
            })?;
            Ok(found)
        };
        let ends = objects.first().zip(objects.last()).map(|(first, last)| (first.0, last.0));
        let first = ends.map(|ends| ends.0).or(list.after.map(|id| id.saturating_add(1)));
        let last = ends.map(|ends| ends.1).or(list.before.map(|id| id.saturating_sub(1)));
        let (previous, next) = if backwards {
            let next = last.map(|id| beyond(Look::After("id", Datum::Int(id)))).transpose()?;
            (more, next.unwrap_or(false))
        } else {
            let moved = list.after.is_some() || list.offset > 0;
            let previous = first.filter(|_| moved).map(|id| beyond(Look::Before("id", Datum::Int(id))));
            let bounded = list.before.is_some() && !more;
            let next = last.filter(|_| bounded).map(|id| beyond(Look::After("id", Datum::Int(id))));
            // Behind the last page is nothing; all that there is lies before.
            let passed = list.offset > 0 && first.is_none() && total > 0;
            (passed || previous.transpose()?.unwrap_or(false), more || next.transpose()?.unwrap_or(false))
        };
        let ends = Ends {
            previous,
            next,
            first: ends.map(|ends| encode(ends.0)),
            last: ends.map(|ends| encode(ends.1)),
        };
        Ok(envelope(objects.iter().map(|(_, object)| object.as_slice()), list.limit, total, &ends))
    }

    /// The page of a list in another order than that of the ids.
    fn ordered(&mut self, plan: &Plan, order: Order, list: &List, looks: &[Look]) -> Result<Vec<u8>, Error> {
        let mut objects = self.under(self.grant, plan, looks, ALL)?;
        (order.arrange)(self, &mut objects)?;
        let ids: Vec<i64> = objects.iter().filter_map(|object| object.int("id")).collect();
        let place = |id: Option<i64>| id.and_then(|id| ids.iter().position(|other| *other == id));
        let begin = place(list.after).map_or(0, |at| at + 1);
        let (from, to) = list.window(begin, place(list.before).unwrap_or(ids.len()));
        let page = &ids[from..to];
        let looks = [Look::OneOf("id", page.iter().copied().map(Datum::Int).collect())];
        let mut rendered = self.rendered(plan, &looks, ALL)?;
        rendered.sort_by_key(|(id, _)| page.iter().position(|other| other == id));
        let ends = Ends {
            previous: from > 0,
            next: to < ids.len(),
            first: page.first().copied().map(encode),
            last: page.last().copied().map(encode),
        };
        let total = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        Ok(envelope(rendered.iter().map(|(_, object)| object.as_slice()), list.limit, total, &ends))
    }

    /// One object, as JSON.
    pub fn read(&mut self, plan: &Plan, id: i64) -> Result<Vec<u8>, Error> {
        let page = Page { backwards: false, limit: 1, offset: 0 };
        self.rendered(plan, &[by(id)], page)?.pop().map(|(_, object)| object).ok_or(Error::NotFound)
    }

    /// One object, as the company itself sees it: for whoever takes part in something that is nobody else's to see.
    pub fn read_whole(&mut self, plan: &Plan, id: i64) -> Result<Vec<u8>, Error> {
        let grant = self.system();
        Context::new(self.engine, &mut *self.tx, &grant, self.caller, self.version).read(plan, id)
    }

    /// Some objects in the order of their ids, as a list in JSON.
    pub fn read_all(&mut self, plan: &Plan, ids: Vec<i64>) -> Result<Vec<u8>, Error> {
        let look = Look::OneOf("id", ids.into_iter().map(Datum::Int).collect());
        let all = Page { backwards: false, limit: i64::MAX.unsigned_abs(), offset: 0 };
        let objects = self.rendered(plan, &[look], all)?;
        let objects: Vec<_> = objects.iter().map(|(_, object)| object.as_slice()).collect();
        Ok([b"[".as_slice(), &objects.join(b",".as_slice()), b"]"].concat())
    }

    /// Adds an object and answers it.
    pub fn create(&mut self, plan: &Plan, change: &Change) -> Result<Vec<u8>, Error> {
        if let Some(make) = plan.make {
            self.opened(plan, None);
            if let Some(permission) = self.grant.permission() {
                let people = change.references.iter().filter(|(at, _, _)| plan.protected.names_subject(at));
                let people: Vec<_> = people.map(|(_, reference, id)| (*reference, *id)).collect();
                self.reaching(&people, permission)?;
            }
            self.check_references(&change.references)?;
            let circle = self.circle(plan)?;
            let sets = make(self, &change.sets)?;
            self.unwidened(circle)?;
            self.closed()?;
            return self.written(plan, vec![sets])?.pop().ok_or(Error::NotFound);
        }
        self.answering(plan);
        let id = self.made(plan, change)?;
        self.answered(plan, id)
    }

    /// Adds an object as its create does, from a body of the newest version, and returns its id.
    pub fn make(&mut self, plan: &Plan, body: &Body) -> Result<i64, Error> {
        self.made(plan, &Change::create(plan, Version::NEWEST, body)?)
    }

    fn made(&mut self, plan: &Plan, change: &Change) -> Result<i64, Error> {
        self.opened(plan, None);
        let mut sets = change.sets.clone();
        self.keep_files(plan, &mut sets, |field| field.create)?;
        plan.rename(&mut sets)?;
        let needed = self.needed(plan, [&change.sets, &sets], true);
        // Who may not do it learns nothing of what is there.
        self.within(plan, &sets, &needed)?;
        self.check_references(&change.references)?;
        let circle = self.circle(plan)?;
        if let Some(rule) = plan.rule {
            let mut draft = Draft { old: None, sets: &mut sets, instead: None };
            rule(self, &mut draft)?;
            if let Some(id) = draft.instead {
                self.reused(plan, id, sets, &needed)?;
                self.unwidened(circle)?;
                self.closed()?;
                return Ok(id);
            }
        }
        let sets = Change::begun(sets, plan, self.tx.now()).into_iter().collect();
        let id = self.tx.rows(self.grant, plan.resource().table).insert(sets).map_err(refused)?;
        self.proved(plan, id, &needed)?;
        self.unwidened(circle)?;
        if let Some(effect) = plan.effect {
            effect(self, id, None)?;
        }
        self.told(plan);
        let created = self.kind(plan, "create");
        self.happened(plan, created.as_slice(), &[id])?;
        self.closed()?;
        Ok(id)
    }

    /// Changes the object that a create found in place of a new one.
    fn reused(&mut self, plan: &Plan, id: i64, sets: Sets, needed: &[Permission]) -> Result<(), Error> {
        self.prove(plan, id, needed)?;
        let old = self.under(&self.decision(plan), plan, &[by(id)], ONE)?.pop().ok_or(Error::NotFound)?;
        if sets.iter().all(|(column, value)| old.get(column) == value) {
            return Ok(());
        }
        self.change(plan.resource().path, &[by(id)], sets)?;
        plan.effect.map_or(Ok(()), |effect| effect(self, id, Some(&old)))
    }

    /// Changes an object and answers it as it is now.
    pub fn update(&mut self, plan: &Plan, id: i64, change: &Change) -> Result<Vec<u8>, Error> {
        self.answering(plan);
        self.changed(plan, id, change)?;
        self.answered(plan, id)
    }

    /// Changes an object as its update does, from a body of the newest version.
    pub fn amend(&mut self, plan: &Plan, id: i64, body: &Body) -> Result<(), Error> {
        self.changed(plan, id, &Change::update(plan, Version::NEWEST, body)?)
    }

    fn changed(&mut self, plan: &Plan, id: i64, change: &Change) -> Result<(), Error> {
        // Who may not see it learns nothing from what is wrong with the change.
        // What follows from an operation on another resource follows whoever may see it.
        let about = self.grant.is_about(plan.resource());
        let grant = if about { self.grant.clone() } else { self.system() };
        let old = self.under(&grant, plan, &[by(id)], ONE)?.pop().ok_or(Error::NotFound)?;
        self.opened(plan, None);
        let mut sets = change.sets.clone();
        self.keep_files(plan, &mut sets, |field| field.update)?;
        plan.rename(&mut sets)?;
        let needed = self.needed(plan, [&change.sets, &sets], false);
        self.prove(plan, id, &needed)?;
        self.within(plan, &sets, &needed)?;
        self.check_references(&change.references)?;
        let circle = self.circle(plan)?;
        // A change of nothing breaks no rule.
        if let Some(rule) = plan.rule.filter(|_| !sets.is_empty()) {
            rule(self, &mut Draft { old: Some(&old), sets: &mut sets, instead: None })?;
        }
        if !sets.is_empty() {
            let sets: Vec<_> = Change::touched(sets, plan, self.tx.now()).into_iter().collect();
            let replaced: Vec<i64> = plan
                .files()
                .filter(|column| sets.iter().any(|(name, _)| name == column))
                .flat_map(|column| files_in(&old, column))
                .collect();
            let other = |(name, value): &(&'static str, Datum)| (old.get(name) != value).then_some(*name);
            let columns: Vec<_> = sets.iter().filter_map(other).collect();
            self.tx.rows(&grant, plan.resource().table).update(&[by(id)], sets).map_err(refused)?;
            self.forget(&replaced)?;
            // Nobody moves a record out of his reach, or himself into that of more.
            self.proved(plan, id, &needed)?;
            self.unwidened(circle)?;
            if let Some(effect) = plan.effect {
                effect(self, id, Some(&old))?;
            }
            self.told(plan);
            let kinds = self.changes(plan, &columns);
            self.happened(plan, &kinds, &[id])?;
        }
        self.closed()
    }

    /// Deletes an object that nothing refers to, and answers it as it was.
    pub fn delete(&mut self, plan: &Plan, id: i64) -> Result<Vec<u8>, Error> {
        let body = self.read(plan, id)?;
        let object = self.own(plan, id)?;
        self.opened(plan, None);
        let kept = self.take_away(plan, &[object])?;
        self.closed()?;
        if kept { self.read(plan, id) } else { Ok(body) }
    }

    /// Deletes objects as their delete does, all or none, and answers them as they were.
    pub fn delete_all(&mut self, plan: &Plan, ids: &[i64]) -> Result<Answer, Error> {
        let objects = self.own_all(plan, ids)?;
        let body = self.read_all(plan, ids.to_vec())?;
        self.opened(plan, None);
        let kept = self.take_away(plan, &objects)?;
        self.closed()?;
        Ok(if kept { Answer::Objects(ids.to_vec()) } else { Answer::Body(body) })
    }

    /// Takes rows away that nothing refers to, unless the code of their resource keeps them; says whether it did.
    fn take_away(&mut self, plan: &Plan, objects: &[Object]) -> Result<bool, Error> {
        let circle = self.circle(plan)?;
        let ids = || objects.iter().filter_map(|object| object.int("id"));
        self.going(plan, &ids().collect::<Vec<_>>())?;
        let mut gone = Vec::with_capacity(objects.len());
        for object in objects {
            let removal = plan.removal.map_or(Ok(Removal::Gone), |removal| removal(self, object))?;
            if removal == Removal::Gone {
                gone.extend(object.int("id").map(Datum::Int));
            }
        }
        self.told(plan);
        let system = Grant::system(self.grant.company(), "references count, whoever may see them");
        let mut referring = Vec::new();
        for referrer in &plan.referrers {
            let looks = [Look::OneOf(referrer.column, gone.clone())];
            let count = self.tx.rows(&system, referrer.table).count(&looks)?;
            if count > 0 && self.grant.is_everything() {
                referring.push(format!("{} ({}: {count})", referrer.path, referrer.column));
            } else if count > 0 {
                referring.push(referrer.path.to_owned());
            }
        }
        if !referring.is_empty() {
            return Err(Error::Referred(referring));
        }
        match self.tx.rows(self.grant, plan.resource().table).delete(&[Look::OneOf("id", gone.clone())]) {
            Ok(_) => {}
            Err(storage::Error::Reference) => return Err(Error::Referred(Vec::new())),
            Err(error) => return Err(error.into()),
        }
        let lost = objects.iter().filter(|object| gone.contains(object.get("id")));
        let files: Vec<i64> =
            lost.flat_map(|object| plan.files().flat_map(|column| files_in(object, column))).collect();
        self.forget(&files)?;
        self.unwidened(circle)?;
        Ok(gone.len() < objects.len())
    }

    /// Does an action and answers the object that it is about.
    pub fn act(&mut self, plan: &Plan, name: &str, act: Act, input: &Input) -> Result<Vec<u8>, Error> {
        self.admit(plan, input)?;
        self.answering(plan);
        self.opened(plan, Some(name));
        self.check_references(&input.references)?;
        let circle = self.circle(plan)?;
        let answer = act(self, input)?;
        self.unwidened(circle)?;
        self.told(plan);
        self.acted(&answer);
        self.closed()?;
        match answer {
            Answer::Object(id) => {
                self.prove(plan, id, &self.guarded(plan, input))?;
                self.answered(plan, id)
            }
            Answer::Objects(ids) => {
                let alone = plan.action(name).is_some_and(|action| !action.lists_in(self.version));
                match ids.first().filter(|_| alone) {
                    Some(id) => self.read(plan, *id),
                    None => self.read_all(plan, ids),
                }
            }
            Answer::Body(body) => Ok(body),
        }
    }

    /// Objects as JSON with their ids, in the order of the page.
    pub(crate) fn rendered(
        &mut self,
        plan: &Plan,
        looks: &[Look],
        page: Page,
    ) -> Result<Vec<(i64, Vec<u8>)>, Error> {
        let (now, version, table) = (self.tx.now(), self.version, plan.resource().table);
        let days = match plan.place {
            Some((column, days)) => Some((column, days(self)?)),
            None => None,
        };
        let grant = self.decision(plan);
        let veil = Veil::of(&grant, plan);
        let mut rendered: Vec<(i64, Vec<u8>)> = Vec::new();
        let render =
            |rendered: &mut Vec<_>, id: Cell<'_>, row: &dyn Cells, late: &[Datum], hidden: &[bool]| {
                let Cell::Int(id) = id else { return Ok(()) };
                let rendered: &mut Vec<(i64, Vec<u8>)> = rendered;
                let mut object = Vec::with_capacity(rendered.last().map_or(512, |(_, last)| last.len() + 64));
                render::object(plan, version, row, late, hidden, (now, days.as_ref()), &mut object)?;
                match rendered.last_mut() {
                    // Several objects of one row stay together.
                    Some((last, objects)) if *last == id => {
                        objects.push(b',');
                        objects.append(&mut object);
                    }
                    _ => rendered.push((id, object)),
                }
                Ok::<_, storage::Error>(())
            };
        let parts = plan.parts.filter(|(parameter, _)| self.asked_for(parameter));
        let mut rows = self.tx.rows(&grant, table);
        let mut hidden = Vec::new();
        if plan.late.is_empty() && parts.is_none() {
            // Straight from the cells of the statement.
            rows.judge(plan.columns, &veil.judged, looks, page, &mut |row| {
                veil.hides(&row, plan.columns.len(), &mut hidden)?;
                render(&mut rendered, row.cell(0)?, &row, &[], &hidden)
            })?;
            return Ok(rendered);
        }
        let (mut objects, mut veils) = (Vec::new(), Vec::new());
        rows.judge(plan.columns, &veil.judged, looks, page, &mut |row| {
            objects.push(Object::of(plan.columns, &row)?);
            veil.hides(&row, plan.columns.len(), &mut hidden)?;
            veils.push(hidden.clone());
            Ok(())
        })?;
        let mut places: Vec<Datum> = objects.iter().map(|row| row.get("id").clone()).collect();
        if let Some((_, parts)) = parts {
            let shown = parts(self, &objects)?;
            // The parts of a row are where it is, whatever they say of themselves.
            let whose = |(at, parts): (usize, &Vec<Object>)| vec![at; parts.len()];
            let whose: Vec<usize> = shown.iter().enumerate().flat_map(whose).collect();
            veils = whose.iter().filter_map(|at| veils.get(*at).cloned()).collect();
            places = whose.iter().filter_map(|at| places.get(*at).cloned()).collect();
            objects = shown.into_iter().flatten().collect();
        }
        let late = self.late(plan, &objects)?;
        for (((object, late), hidden), place) in objects.iter().zip(&late).zip(&veils).zip(&places) {
            render(&mut rendered, place.cell(), object, late, hidden)?;
        }
        Ok(rendered)
    }

    /// Identities in memory may be made of the rows that were changed.
    pub(crate) fn told(&mut self, plan: &Plan) {
        if plan.identity {
            self.tx.stale(Stale::Company(self.grant.company().get()));
        }
    }

    /// Whatever an input refers to has to exist in the company; everything that does not is named.
    fn check_references(&mut self, references: &[(String, Reference, i64)]) -> Result<(), Error> {
        let mut wanted: BTreeMap<&'static str, (Grant, Vec<i64>)> = BTreeMap::new();
        for (_, reference, id) in references {
            if let Some(table) = self.table(*reference) {
                let grant = || self.naming(*reference);
                wanted.entry(table).or_insert_with(|| (grant(), Vec::new())).1.push(*id);
            }
        }
        let mut existing: BTreeMap<&'static str, Vec<i64>> = BTreeMap::new();
        for (table, (grant, ids)) in wanted {
            let found = existing.entry(table).or_default();
            for chunk in ids.chunks(CHUNK) {
                let looks = [Look::OneOf("id", chunk.iter().copied().map(Datum::Int).collect())];
                let page = Page { backwards: false, limit: CHUNK as u64, offset: 0 };
                self.tx.rows(&grant, table).select(ID, &looks, page, &mut |row| {
                    if let Cell::Int(id) = row.cell(0)? {
                        found.push(id);
                    }
                    Ok(())
                })?;
            }
        }
        let company = self.grant.company().get();
        let missing = references.iter().filter(|(_, reference, id)| match self.table(*reference) {
            Some(table) => !existing.get(table).is_some_and(|found| found.contains(id)),
            None => *reference == Reference::Table("companies") && *id != company,
        });
        let problems: Vec<_> = missing
            .map(|(at, _, id)| Problem::new(at, "not_found", format!("There is none with the id {id}.")))
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }

    /// What a reference may name: records about people only where they are seen, so that nothing is learnt of the
    /// others; what is the company's always.
    pub(crate) fn naming(&self, reference: Reference) -> Grant {
        let target = match reference {
            Reference::Resource(path) => self.engine.find(path),
            _ => None,
        };
        match target.filter(|plan| plan.resource().subject.is_some()) {
            Some(plan) => self.grant.over(&plan.protected, Doing::See),
            None => Grant::system(self.grant.company(), "what is the company's may be named by everybody"),
        }
    }

    /// The table of a company's rows that a reference leads to.
    fn table(&self, reference: Reference) -> Option<&'static str> {
        match reference {
            Reference::Resource(path) => self
                .engine
                .find(path)
                .map(Plan::resource)
                .filter(|other| !other.computed)
                .map(|other| other.table),
            Reference::Table("companies" | "users") | Reference::Anything => None,
            Reference::Table(table) => Some(table),
        }
    }
}

/// References that one statement looks up.
const CHUNK: usize = 500;

fn refused(error: storage::Error) -> Error {
    match error {
        storage::Error::Duplicate => Error::Taken,
        storage::Error::Reference => Error::Invalid(vec![Problem::new(
            "id",
            "not_found",
            "Something that it refers to does not exist.",
        )]),
        error => error.into(),
    }
}
