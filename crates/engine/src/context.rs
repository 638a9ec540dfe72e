//! What an operation, and the code of a resource, has at hand.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use access::{Grant, Module};
use registry::{Catalogue, Company, Date, Id, Version};
use serde_json::Value;
use storage::{Datum, Look, Page, Tx};

use crate::compute::Veiled;
use crate::event::{Audience, EventType, Happenings};
use crate::file::{Links, Upload, files_in};
use crate::input::{Body, Sets};
use crate::value::instant_of;
use crate::{Change, Code, Error, List, Object, Parameters, Plan, Problem};

/// Every resource, prepared.
pub struct Engine {
    catalogue: Catalogue,
    plans: BTreeMap<&'static str, Plan>,
    modules: BTreeMap<&'static str, Module>,
    events: BTreeMap<String, EventType>,
    /// Who wants to be told of what happens; nobody where it is not said.
    pub(crate) audience: Option<Audience>,
}

impl Engine {
    /// Prepares every resource of a catalogue. `identities` are the resources whose rows tell who somebody is.
    pub fn new(catalogue: Catalogue, codes: &[&[Code]], identities: &[&str]) -> Self {
        let plans = catalogue.iter().map(|entry| {
            let path = entry.resource.path;
            let code = codes.iter().copied().flatten().find(|code| code.path == path);
            let code = code.copied().unwrap_or(Code::of(path));
            (path, Plan::new(&catalogue, entry, &code, identities.contains(&path)))
        });
        let events = catalogue.iter().flat_map(|entry| {
            let path = entry.resource.path;
            entry.event_types().map(move |(kind, event, notice)| {
                (kind, EventType { path, notice, uncaused: event.uncaused })
            })
        });
        let (plans, events) = (plans.collect(), events.collect());
        Self { modules: access::modules(&catalogue), catalogue, plans, events, audience: None }
    }

    /// Has the code of a resource do what the server itself asks for in the name of a company; see [`crate::Errand`].
    pub fn errand(
        &self,
        tx: &mut Tx<'_>,
        company: Id<Company>,
        by: Caller,
        (path, name): (&str, &str),
        asked: &Value,
    ) -> Result<Value, Error> {
        let grant = Grant::system(company, "the server itself asks for it");
        Context::new(self, tx, &grant, by, Version::NEWEST).errand(path, name, asked)
    }

    /// What the resources are declared to be.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// With those who want to be told of what happens.
    pub fn telling(mut self, audience: Audience) -> Self {
        self.audience = Some(audience);
        self
    }

    /// A type of event, by its name.
    pub fn event(&self, kind: &str) -> Option<(&str, EventType)> {
        self.events.get_key_value(kind).map(|(kind, told)| (kind.as_str(), *told))
    }

    /// All types of events, by name.
    pub fn events(&self) -> impl Iterator<Item = (&str, EventType)> {
        self.events.iter().map(|(kind, told)| (kind.as_str(), *told))
    }

    /// The resource at a path, `namespace/resource`.
    pub fn find(&self, path: &str) -> Option<&Plan> {
        self.plans.get(path)
    }

    /// Everything that there is to permit, by the names of modules.
    pub fn modules(&self) -> &BTreeMap<&'static str, Module> {
        &self.modules
    }

    /// All of them, by path.
    pub fn iter(&self) -> impl Iterator<Item = &Plan> {
        self.plans.values()
    }
}

/// Who asks, as far as code of a resource may need to know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Caller {
    /// The access of the person; `None` where the company itself asks.
    pub access: Option<i64>,
    /// The employee record of the person.
    pub employee: Option<i64>,
    /// The OAuth application through which they ask.
    pub application: Option<i64>,
}

/// One operation: its transaction, its decision, its caller and the version in which it is answered.
pub struct Context<'a, 'c> {
    /// Every resource.
    pub engine: &'a Engine,
    /// The transaction.
    pub tx: &'a mut Tx<'c>,
    /// Which rows of the operation's resource the caller reaches.
    pub grant: &'a Grant,
    /// Who asks.
    pub caller: Caller,
    /// The version of the answer.
    pub version: Version,
    /// What happened and is not told yet.
    pub(crate) events: Happenings<'a>,
    /// Parameters of the list that code of the resource understands, with their values.
    pub(crate) asked: Vec<(&'static str, Vec<String>)>,
    /// What is hidden of people in what is worked out.
    pub(crate) veiled: Veiled,
    /// What the surroundings lend, for code that knows its type.
    lent: Option<&'a (dyn Any + Sync)>,
    /// Files that came with the body, which names them by their number.
    pub(crate) uploads: Vec<Upload>,
    /// What makes addresses of files.
    pub(crate) links: Option<&'a dyn Links>,
}

/// The columns of rows of which only the ids count.
pub(crate) const ID: &[&str] = &["id"];

/// Every row that meets the conditions.
pub(crate) const ALL: Page = Page { backwards: false, limit: i64::MAX.unsigned_abs(), offset: 0 };

/// One of them.
pub(crate) const ONE: Page = Page { backwards: false, limit: 1, offset: 0 };

/// Values of one condition at most.
const CHUNK: usize = 500;

impl<'a, 'c> Context<'a, 'c> {
    /// For one operation.
    pub fn new(
        engine: &'a Engine,
        tx: &'a mut Tx<'c>,
        grant: &'a Grant,
        caller: Caller,
        version: Version,
    ) -> Self {
        let (events, asked, uploads) = (Happenings::default(), Vec::new(), Vec::new());
        let veiled = Veiled::default();
        Self { engine, tx, grant, caller, version, events, asked, veiled, lent: None, uploads, links: None }
    }

    /// With something that the engine does not know, for code of resources that does.
    pub fn lending(mut self, thing: &'a (dyn Any + Sync)) -> Self {
        self.lent = Some(thing);
        self
    }

    /// With files that came with the body.
    pub fn with(mut self, uploads: Vec<Upload>) -> Self {
        self.uploads = uploads;
        self
    }

    /// With what makes addresses of files.
    pub fn linking(mut self, links: &'a dyn Links) -> Self {
        self.links = Some(links);
        self
    }
}

impl<'a> Context<'a, '_> {
    /// Whether the caller may do everything: the company itself, or an administrator.
    pub fn does_everything(&self) -> bool {
        self.grant.is_everything()
    }

    /// The day of the request, in UTC.
    pub fn today(&self) -> Date {
        instant_of(self.tx.now()).date()
    }

    /// What the surroundings lend, if it is of this type.
    pub fn lent<T: Any>(&self) -> Option<&'a T> {
        self.lent.and_then(|thing| (thing as &dyn Any).downcast_ref())
    }

    /// What the list says in a parameter that code of the resource understands.
    pub fn asked(&self, parameter: &str) -> Option<&str> {
        self.asked_all(parameter).last().map(String::as_str)
    }

    /// All values that the list says in such a parameter.
    pub fn asked_all(&self, parameter: &str) -> &[String] {
        self.asked.iter().find(|(name, _)| *name == parameter).map_or(&[], |(_, values)| values)
    }

    /// Whether the list says `true` in such a parameter.
    pub fn asked_for(&self, parameter: &str) -> bool {
        matches!(self.asked(parameter), Some("true" | "1"))
    }

    /// The rows whose field `here` is what the field `there` is in some row of a resource that meets conditions.
    pub fn among(
        &self,
        here: &'static str,
        path: &str,
        there: &'static str,
        looks: Vec<Look>,
    ) -> Result<Look, Error> {
        Ok(Look::Among(
            here,
            storage::Among { table: self.plan(path)?.resource().table, column: there, looks },
        ))
    }

    /// A resource, for code that names it.
    pub fn plan(&self, path: &str) -> Result<&'a Plan, Error> {
        self.engine.find(path).ok_or(Error::NotFound)
    }

    /// Has the code of a resource do what somebody inside asks for; see [`crate::Errand`].
    pub fn errand(&mut self, path: &str, name: &str, asked: &Value) -> Result<Value, Error> {
        let errand = self.plan(path)?.errand(name).ok_or(Error::NotFound)?;
        errand(self, asked)
    }

    /// What a create of a body of the newest version would write, as its rule would be given it.
    pub fn drafted(&self, path: &str, body: &Body) -> Result<Sets, Error> {
        let plan = self.plan(path)?;
        let mut sets = Change::create(plan, Version::NEWEST, body)?.sets;
        plan.rename(&mut sets)?;
        Ok(sets)
    }

    /// An object that the caller sees and may do with what the operation does.
    pub fn own(&mut self, plan: &Plan, id: i64) -> Result<Object, Error> {
        let grant = self.decision(plan);
        let object = self.under(&grant, plan, &[by(id)], ALL)?.pop().ok_or(Error::NotFound)?;
        self.prove(plan, id, &grant.permission().into_iter().collect::<Vec<_>>())?;
        Ok(object)
    }

    /// Those of some objects of the operation's resource that the caller reaches.
    pub fn owned(&mut self, plan: &Plan, ids: &[i64]) -> Result<Vec<Object>, Error> {
        let looks = [Look::OneOf("id", ids.iter().copied().map(Datum::Int).collect())];
        self.under(self.grant, plan, &looks, ALL)
    }

    /// Objects of the operation's resource in the order of their ids, if the caller reaches all of them.
    pub fn own_all(&mut self, plan: &Plan, ids: &[i64]) -> Result<Vec<Object>, Error> {
        let ids: BTreeSet<i64> = ids.iter().copied().collect();
        let look = Look::OneOf("id", ids.iter().copied().map(Datum::Int).collect());
        let grant = self.decision(plan);
        let found = self.under(&grant, plan, &[look], ALL)?;
        if found.len() < ids.len() {
            return Err(Error::NotFound);
        }
        let needed: Vec<_> = grant.permission().into_iter().collect();
        self.prove_all(plan, &ids, &needed)?;
        Ok(found)
    }

    /// Objects of any resource, whoever may see them: what a rule decides on.
    pub fn facts(&mut self, path: &str, looks: &[Look]) -> Result<Vec<Object>, Error> {
        let grant = self.system();
        self.under(&grant, self.plan(path)?, looks, ALL)
    }

    /// Objects of any resource that the caller sees.
    pub fn visible(&mut self, path: &str, looks: &[Look]) -> Result<Vec<Object>, Error> {
        let plan = self.plan(path)?;
        let grant = self.decision(plan);
        self.under(&grant, plan, looks, ALL)
    }

    /// The conditions of the objects that a list would have with these parameters, for a rule that keeps them: every
    /// parameter is known, and none looks at what may be hidden.
    pub fn selection(&mut self, path: &str, parameters: &Parameters) -> Result<Vec<Look>, Error> {
        let list = List::check(self.plan(path)?, Version::NEWEST, parameters)?;
        let unknown = |name: &String| Problem::new(name, "unknown", "There is nothing of this name.");
        if !list.unknown.is_empty() {
            return Err(Error::Invalid(list.unknown.iter().map(unknown).collect()));
        }
        if !list.sensitive.is_empty() {
            let message = "Nobody is selected by what may be hidden.";
            return Err(Error::Invalid(vec![Problem::new(path, "sensitive", message)]));
        }
        let before = std::mem::replace(&mut self.asked, list.asked());
        let narrowed = list.own.iter().map(|(_, narrow, values)| narrow.looks(self, values));
        let narrowed: Result<Vec<_>, _> = narrowed.collect();
        self.asked = before;
        Ok(narrowed?.into_iter().fold(list.looks, |all, more| [all, more].concat()))
    }

    /// Adds an object of a resource as a consequence of an operation, and returns its id.
    pub fn add(&mut self, path: &str, sets: Sets) -> Result<i64, Error> {
        let plan = self.plan(path)?;
        let sets = Change::begun(sets, plan, self.tx.now());
        let grant = self.system();
        self.told(plan);
        let id = self.tx.rows(&grant, plan.resource().table).insert(sets.into_iter().collect())?;
        let created = self.kind(plan, "create");
        self.happened(plan, created.as_slice(), &[id])?;
        Ok(id)
    }

    /// Adds objects of a resource as a consequence of an operation, with one statement for many, and returns their ids.
    pub fn add_all(&mut self, path: &str, rows: Vec<Sets>) -> Result<Vec<i64>, Error> {
        let plan = self.plan(path)?;
        let now = self.tx.now();
        let rows: Vec<Sets> = rows.into_iter().map(|sets| Change::begun(sets, plan, now)).collect();
        let columns: BTreeSet<&'static str> = rows.iter().flat_map(|sets| sets.keys().copied()).collect();
        let columns: Vec<_> = columns.into_iter().collect();
        let cells = |mut sets: Sets| {
            columns.iter().map(|column| sets.remove(column).unwrap_or(Datum::Null)).collect::<Vec<_>>()
        };
        let rows = rows.into_iter().map(cells).collect();
        let grant = self.system();
        let ids = self.tx.rows(&grant, plan.resource().table).insert_all(&columns, rows)?;
        let created = self.kind(plan, "create");
        self.happened(plan, created.as_slice(), &ids)?;
        Ok(ids)
    }

    /// Changes objects of a resource as a consequence of an operation, and says how many.
    pub fn change(&mut self, path: &str, looks: &[Look], sets: Sets) -> Result<u64, Error> {
        let plan = self.plan(path)?;
        let sets = Change::touched(sets, plan, self.tx.now());
        let kinds = self.changes(plan, &sets.keys().copied().collect::<Vec<_>>());
        let ids = self.concerned(plan, &kinds, looks)?;
        let grant = self.system();
        self.told(plan);
        let changed =
            self.tx.rows(&grant, plan.resource().table).update(looks, sets.into_iter().collect())?;
        self.happened(plan, &kinds, &ids)?;
        Ok(changed)
    }

    /// Deletes objects of a resource as a consequence of an operation, and says how many.
    pub fn remove(&mut self, path: &str, looks: &[Look]) -> Result<u64, Error> {
        let plan = self.plan(path)?;
        let gone = self.kind(plan, "delete");
        let ids = self.concerned(plan, gone.as_slice(), looks)?;
        self.going(plan, &ids)?;
        self.told(plan);
        let grant = self.system();
        let mut files = Vec::new();
        if plan.files().next().is_some() {
            let gone = self.under(&grant, plan, looks, ALL)?;
            files.extend(
                plan.files().flat_map(|column| gone.iter().flat_map(move |row| files_in(row, column))),
            );
        }
        let removed = self.tx.rows(&grant, plan.resource().table).delete(looks)?;
        self.forget(&files)?;
        Ok(removed)
    }

    /// Objects of a resource by their ids.
    pub fn objects(&mut self, path: &str, ids: Vec<i64>) -> Result<HashMap<i64, Object>, Error> {
        let ids: BTreeSet<i64> = ids.into_iter().collect();
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in ids.into_iter().collect::<Vec<_>>().chunks(CHUNK) {
            let looks = [Look::OneOf("id", chunk.iter().copied().map(Datum::Int).collect())];
            let objects = self.facts(path, &looks)?;
            found.extend(objects.into_iter().filter_map(|object| Some((object.int("id")?, object))));
        }
        Ok(found)
    }

    /// The objects of a resource that a field of some rows refers to, by id.
    pub fn referred(
        &mut self,
        path: &str,
        rows: &[Object],
        field: &str,
    ) -> Result<HashMap<i64, Object>, Error> {
        self.objects(path, rows.iter().filter_map(|row| row.int(field)).collect())
    }

    /// The objects of a resource whose field refers to some rows.
    pub fn referring(
        &mut self,
        path: &str,
        field: &'static str,
        rows: &[Object],
    ) -> Result<Vec<Object>, Error> {
        let ids: Vec<_> = rows.iter().filter_map(|row| row.int("id")).collect();
        let mut found = Vec::new();
        for chunk in ids.chunks(CHUNK) {
            let looks = [Look::OneOf(field, chunk.iter().copied().map(Datum::Int).collect())];
            found.append(&mut self.facts(path, &looks)?);
        }
        Ok(found)
    }

    /// The oldest object of a resource.
    pub fn first(&mut self, path: &str) -> Result<Option<Object>, Error> {
        self.end(path, false)
    }

    /// The newest object of a resource.
    pub fn last(&mut self, path: &str) -> Result<Option<Object>, Error> {
        self.end(path, true)
    }

    fn end(&mut self, path: &str, backwards: bool) -> Result<Option<Object>, Error> {
        let grant = self.system();
        let page = Page { backwards, limit: 1, offset: 0 };
        Ok(self.under(&grant, self.plan(path)?, &[], page)?.pop())
    }

    /// The access of whoever signs what is written: the person who asks, or for the company itself its first member.
    pub fn author(&mut self) -> Result<i64, Error> {
        if let Some(access) = self.caller.access {
            return Ok(access);
        }
        let grant = self.system();
        let first = Page { backwards: false, limit: 1, offset: 0 };
        let mut access = 0;
        self.tx.rows(&grant, "accesses").select(&["id"], &[], first, &mut |row| {
            if let storage::Cell::Int(id) = row.cell(0)? {
                access = id;
            }
            Ok(())
        })?;
        Ok(access)
    }

    pub(crate) fn system(&self) -> Grant {
        Grant::system(self.grant.company(), "what a rule decides on, whoever may see it")
    }

    pub(crate) fn under(
        &mut self,
        grant: &Grant,
        plan: &Plan,
        looks: &[Look],
        page: Page,
    ) -> Result<Vec<Object>, Error> {
        let mut objects = Vec::new();
        self.tx.rows(grant, plan.resource().table).select(plan.columns, looks, page, &mut |row| {
            objects.push(Object::of(plan.columns, &row)?);
            Ok(())
        })?;
        Ok(objects)
    }
}

/// The row of an id.
pub fn by(id: i64) -> Look {
    Look::Equal("id", Datum::Int(id))
}

/// The rows of which a column is one of some ids.
pub fn one_of(column: &'static str, ids: &[i64]) -> Look {
    Look::OneOf(column, ids.iter().copied().map(Datum::Int).collect())
}
