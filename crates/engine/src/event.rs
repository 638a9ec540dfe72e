//! Events: rows of the same transaction as the change that they tell of.
//!
//! A change is noted when it happens and told when the operation is done, so that an object which changes three times
//! is told once, as it ended. The payload is kept as it is then; nothing that happens later changes it.

use std::collections::{BTreeMap, BTreeSet};

use access::Grant;
use registry::{Company, Id, Instant, Kind, Notice, Version};
use serde_json::Value;
use serde_json::value::RawValue;
use storage::{Cell, Datum, Has, Look, Page, Table, Type};

use crate::code::Answer;
use crate::context::by;
use crate::decision::Veil;
use crate::render::translated;
use crate::{Context, Error, Plan};

/// Creates the table of events.
pub(crate) const MIGRATION: storage::Migration = storage::Migration {
    name: "0007_events",
    additive: false,
    tables: || {
        vec![
            Table::new("events")
                .company()
                .column("kind", Type::Text)
                .column("resource", Type::Text)
                .nullable("object_id", Type::Int)
                .column("payloads", Type::Text)
                .column("author_type", Type::Text)
                .column("author_id", Type::Int)
                .column("audience", Type::Int)
                .column("created_at", Type::Instant)
                .nullable("passed_on_at", Type::Instant)
                .index(&["company_id"])
                // Those that are passed on, which is nearly all, are in it no longer.
                .index_where(&["passed_on_at", "id"], "passed_on_at", Has::None),
        ]
    },
};

/// Names the records of this table.
#[derive(Debug)]
pub struct Event;

storage::record! {
    /// Something that happened and that somebody wants to be told.
    pub struct EventRecord in "events" company {
        pub id: Id<Event>,
        pub company_id: Id<Company>,
        /// `namespace/object/verb`.
        pub kind: String,
        /// The path of the resource whose permission decides who may be told.
        pub resource: String,
        pub object_id: Option<i64>,
        /// The payload in each version that was wanted, by its name.
        pub payloads: String,
        /// `employee` or `company`.
        pub author_type: String,
        pub author_id: i64,
        /// The newest subscription that there was; later ones are not told.
        pub audience: i64,
        pub created_at: Instant,
        /// When deliveries were made of it.
        pub passed_on_at: Option<Instant>,
    }
}

impl EventRecord {
    /// The payload in a version or, where nobody wanted that one when it happened, in the newest one there is.
    pub fn payload(&self, version: &str) -> Option<(String, String)> {
        let payloads: BTreeMap<&str, &RawValue> = serde_json::from_str(&self.payloads).ok()?;
        let wanted = payloads.get_key_value(version).or_else(|| payloads.last_key_value());
        wanted.map(|(version, payload)| ((*version).to_owned(), payload.get().to_owned()))
    }
}

/// Where it is kept who wants to be told of what.
#[derive(Debug, Clone, Copy)]
pub struct Audience {
    /// The resource of the subscriptions.
    pub path: &'static str,
    /// Its field with the event's type.
    pub kind: &'static str,
    /// The fields that identify one, and that say the version of its payload.
    pub columns: &'static [&'static str],
}

/// A type of event.
#[derive(Debug, Clone, Copy)]
pub struct EventType {
    /// The resource whose permission decides who may be told.
    pub path: &'static str,
    /// What the payload is, where it is no object of that resource.
    pub notice: Option<&'static Notice>,
    /// Why no operation of the API causes it; `None` where one does.
    pub uncaused: Option<&'static str>,
}

/// What happened in an operation and is not told yet.
#[derive(Default)]
pub struct Happenings<'a> {
    /// Operations that are under way.
    open: u32,
    /// An action that is under way, with its resource, where it has an event of its own.
    action: Option<(&'static str, &'a str)>,
    pending: Vec<Pending<'a>>,
    wanted: BTreeMap<&'a str, Wanted>,
    /// The resource with whose object the operation answers.
    answers: Option<&'static str>,
    /// That object, where it was written for an event just as the caller sees it.
    answer: Option<(i64, Vec<u8>)>,
}

struct Pending<'a> {
    kind: &'a str,
    path: &'static str,
    object: Option<i64>,
    /// Where the object is gone, or is none.
    payloads: Option<String>,
}

#[derive(Clone, Default)]
struct Wanted {
    versions: Vec<Version>,
    /// The newest subscription.
    newest: i64,
}

/// Values of one condition at most.
const CHUNK: usize = 500;

/// What a row of an event is made of.
const COLUMNS: [&str; 8] =
    ["kind", "resource", "object_id", "payloads", "author_type", "author_id", "audience", "created_at"];

impl<'a> Context<'a, '_> {
    /// Tells of objects of a resource: an event of a type that no operation has by itself.
    pub fn event(&mut self, kind: &str, ids: &[i64]) -> Result<(), Error> {
        let Some((kind, told)) = self.engine.event(kind) else { return Err(Error::NotFound) };
        self.note(kind, told.path, ids);
        self.tell_unless_open()
    }

    /// Tells of something that is no object of a resource. The payload has the form of the newest version.
    pub fn event_with(&mut self, kind: &str, payload: &Value) -> Result<(), Error> {
        let Some((kind, told)) = self.engine.event(kind) else { return Err(Error::NotFound) };
        let versions = self.wanted(kind)?.versions;
        if versions.is_empty() {
            return Ok(());
        }
        let form = told.notice.map_or(Kind::Any, |notice| notice.payload);
        let payloads = versions
            .iter()
            .map(|version| (version.to_string(), translated(&form, payload.clone(), *version)))
            .collect::<serde_json::Map<_, _>>();
        let payloads = Some(Value::Object(payloads).to_string());
        self.events.pending.push(Pending { kind, path: told.path, object: None, payloads });
        self.tell_unless_open()
    }

    /// An operation begins. What an action with an event of its own does to its resource is told as that event.
    pub(crate) fn opened(&mut self, plan: &Plan, action: Option<&str>) {
        self.events.open += 1;
        if self.events.open == 1 {
            let path = plan.resource().path;
            let plan = self.engine.find(path);
            self.events.action = action.and_then(|name| Some((path, plan?.event(name)?)));
        }
    }

    /// An operation begins that answers with an object of a resource.
    pub(crate) fn answering(&mut self, plan: &Plan) {
        (self.events.answers, self.events.answer) = (Some(plan.resource().path), None);
    }

    /// The object that an operation answers with. What an event tells of it need not be written once more.
    pub(crate) fn answered(&mut self, plan: &Plan, id: i64) -> Result<Vec<u8>, Error> {
        self.events.answers = None;
        match self.events.answer.take() {
            Some((known, object)) if known == id => Ok(object),
            _ => self.read(plan, id),
        }
    }

    /// An operation ends: what happened in it is told.
    pub(crate) fn closed(&mut self) -> Result<(), Error> {
        self.events.open = self.events.open.saturating_sub(1);
        self.tell_unless_open()
    }

    /// Notes what an action answers with, unless it did something to objects of its resource that is told already.
    pub(crate) fn acted(&mut self, answer: &Answer) {
        let ids = match answer {
            Answer::Object(id) => std::slice::from_ref(id),
            Answer::Objects(ids) => ids.as_slice(),
            Answer::Body(_) => return,
        };
        if let Some((path, kind)) = self.events.action
            && !self.events.pending.iter().any(|pending| pending.kind == kind)
        {
            self.note(kind, path, ids);
        }
    }

    /// Notes that objects were added or changed.
    pub(crate) fn happened(&mut self, plan: &Plan, kinds: &[&'a str], ids: &[i64]) -> Result<(), Error> {
        for kind in kinds {
            self.note(kind, plan.resource().path, ids);
        }
        self.tell_unless_open()
    }

    /// Notes that objects are about to be deleted: told as they are now.
    pub(crate) fn going(&mut self, plan: &Plan, ids: &[i64]) -> Result<(), Error> {
        let path = plan.resource().path;
        let gone = |pending: &Pending<'_>| {
            pending.path == path && pending.object.is_some_and(|id| ids.contains(&id))
        };
        self.events.pending.retain(|pending| pending.payloads.is_some() || !gone(pending));
        let Some(kind) = self.kind(plan, "delete") else { return Ok(()) };
        let versions = self.wanted(kind)?.versions;
        if versions.is_empty() {
            return Ok(());
        }
        let told = self.events.pending.iter().filter(|pending| pending.path == path);
        let told: BTreeSet<i64> = told.filter_map(|pending| pending.object).collect();
        let untold: Vec<i64> = ids.iter().copied().filter(|id| !told.contains(id)).collect();
        for (id, payloads) in self.payloads(plan, &untold, &versions)? {
            let payloads = Some(joined(&payloads));
            self.events.pending.push(Pending { kind, path, object: Some(id), payloads });
        }
        self.tell_unless_open()
    }

    /// The rows that a change concerns, where somebody wants to be told of it.
    pub(crate) fn concerned(
        &mut self,
        plan: &Plan,
        kinds: &[&'a str],
        looks: &[Look],
    ) -> Result<Vec<i64>, Error> {
        let (mut ids, mut wanted) = (Vec::new(), false);
        for kind in kinds {
            wanted |= !self.wanted(kind)?.versions.is_empty();
        }
        if !wanted {
            return Ok(ids);
        }
        let grant = self.system();
        let all = Page { backwards: false, limit: i64::MAX.unsigned_abs(), offset: 0 };
        self.tx.rows(&grant, plan.resource().table).select(&["id"], looks, all, &mut |row| {
            if let Cell::Int(id) = row.cell(0)? {
                ids.push(id);
            }
            Ok(())
        })?;
        Ok(ids)
    }

    /// The types of the events that a change of some columns is: that of the action under way alone, else that of
    /// updates and those of the fields.
    pub(crate) fn changes(&self, plan: &Plan, columns: &[&str]) -> Vec<&'a str> {
        let path = plan.resource().path;
        if let Some((_, kind)) = self.events.action.filter(|(acted, _)| *acted == path) {
            return vec![kind];
        }
        let fields = plan.resource().fields.iter().filter(|field| columns.contains(&field.member.name));
        let verbs = fields.filter_map(|field| field.event);
        verbs.chain(["update"]).filter_map(|verb| self.kind(plan, verb)).collect()
    }

    /// The type of the event that a verb is on a resource now.
    pub(crate) fn kind(&self, plan: &Plan, verb: &str) -> Option<&'a str> {
        let path = plan.resource().path;
        match self.events.action {
            Some((acted, kind)) if acted == path => Some(kind),
            _ => self.engine.find(path)?.event(verb),
        }
    }

    /// Each object once for each type; what was added and then changed was added, what is gone is no more than gone.
    fn note(&mut self, kind: &'a str, path: &'static str, ids: &[i64]) {
        let told = |pending: &&Pending<'_>| {
            let same = pending.kind == kind || (added(pending.kind) && changed(kind));
            pending.path == path && (same || pending.payloads.is_some())
        };
        let told = self.events.pending.iter().filter(told);
        let mut known: BTreeSet<i64> = told.filter_map(|pending| pending.object).collect();
        for id in ids.iter().filter(|id| known.insert(**id)) {
            self.events.pending.push(Pending { kind, path, object: Some(*id), payloads: None });
        }
    }

    fn tell_unless_open(&mut self) -> Result<(), Error> {
        if self.events.open > 0 {
            return Ok(());
        }
        self.events.action = None;
        let mut pending = std::mem::take(&mut self.events.pending);
        if pending.is_empty() {
            return Ok(());
        }
        let mut of_kind: BTreeMap<(&'a str, &'static str), Vec<i64>> = BTreeMap::new();
        for told in pending.iter().filter(|told| told.payloads.is_none()) {
            of_kind.entry((told.kind, told.path)).or_default().extend(told.object);
        }
        for ((kind, path), ids) in of_kind {
            let versions = self.wanted(kind)?.versions;
            if versions.is_empty() {
                continue;
            }
            let plan = self.plan(path)?;
            let mut payloads = BTreeMap::new();
            for chunk in ids.chunks(CHUNK) {
                payloads.extend(self.payloads(plan, chunk, &versions)?);
            }
            if let ([id], true) = (ids.as_slice(), self.grant.is_everything())
                && self.events.answers == Some(path)
            {
                let mut written = payloads.get(id).into_iter().flatten();
                let same = written.find(|(version, _)| *version == self.version);
                self.events.answer = same.map(|(_, object)| (*id, object.clone()));
            }
            let waiting = |told: &&mut Pending<'_>| told.kind == kind && told.path == path;
            for told in pending.iter_mut().filter(waiting).filter(|told| told.payloads.is_none()) {
                told.payloads = told.object.and_then(|id| payloads.get(&id)).map(|all| joined(all));
            }
        }
        let (company, now) = (self.grant.company().get(), self.tx.now().millis());
        let (author_type, author) = match self.caller.employee {
            Some(employee) => ("employee", employee),
            None => ("company", company),
        };
        let mut rows = Vec::with_capacity(pending.len());
        for told in pending {
            let Some(payloads) = told.payloads else { continue };
            rows.push(vec![
                Datum::Text(told.kind.to_owned()),
                Datum::Text(told.path.to_owned()),
                told.object.map_or(Datum::Null, Datum::Int),
                Datum::Text(payloads),
                Datum::Text(author_type.to_owned()),
                Datum::Int(author),
                Datum::Int(self.wanted(told.kind)?.newest),
                Datum::Int(now),
            ]);
        }
        self.events.wanted.clear();
        if !rows.is_empty() {
            let grant = self.system();
            self.tx.rows(&grant, "events").put_all(&COLUMNS, rows)?;
        }
        Ok(())
    }

    /// Who wants to be told of a type. Looked up in the transaction, so that it is true on every node.
    fn wanted(&mut self, kind: &'a str) -> Result<Wanted, Error> {
        if let Some(known) = self.events.wanted.get(kind) {
            return Ok(known.clone());
        }
        let mut wanted = Wanted::default();
        if let Some(audience) = self.engine.audience
            && let Some(plan) = self.engine.find(audience.path)
        {
            let grant = self.system();
            let looks = [Look::Equal(audience.kind, Datum::Text(kind.to_owned()))];
            let all = Page { backwards: false, limit: i64::MAX.unsigned_abs(), offset: 0 };
            self.tx.rows(&grant, plan.resource().table).select(
                audience.columns,
                &looks,
                all,
                &mut |row| {
                    if let (Cell::Int(id), Cell::Text(version)) = (row.cell(0)?, row.cell(1)?) {
                        let version = Version::supported(version).unwrap_or(Version::OLDEST);
                        if !wanted.versions.contains(&version) {
                            wanted.versions.push(version);
                        }
                        wanted.newest = wanted.newest.max(id);
                    }
                    Ok(())
                },
            )?;
        }
        self.events.wanted.insert(kind, wanted.clone());
        Ok(wanted)
    }

    /// Which of some objects the caller sees, each with the names of the fields that are hidden from him.
    pub fn seen(&mut self, path: &str, ids: &[i64]) -> Result<BTreeMap<i64, Vec<&'static str>>, Error> {
        let plan = self.plan(path)?;
        let mut seen = BTreeMap::new();
        if plan.resource().computed {
            return Ok(seen);
        }
        let grant = self.decision(plan);
        let veil = Veil::of(&grant, plan);
        let mut hidden = Vec::new();
        for chunk in ids.chunks(CHUNK) {
            let looks = [Look::OneOf("id", chunk.iter().copied().map(Datum::Int).collect())];
            let page = Page { backwards: false, limit: CHUNK as u64, offset: 0 };
            let mut rows = self.tx.rows(&grant, plan.resource().table);
            rows.judge(&["id"], &veil.judged, &looks, page, &mut |row| {
                veil.hides(&row, 1, &mut hidden)?;
                let veiled = |at: usize| hidden.get(at).copied().unwrap_or(false);
                let fields = plan.resource().fields.iter();
                let fields = fields.filter(|field| plan.protected.place(field).is_some_and(veiled));
                if let Cell::Int(id) = row.cell(0)? {
                    seen.insert(id, fields.map(|field| field.member.name).collect());
                }
                Ok(())
            })?;
        }
        Ok(seen)
    }

    /// The newest object of a resource as an event would tell of it.
    pub fn newest(&mut self, path: &str, versions: &[Version]) -> Result<Option<(i64, String)>, Error> {
        let plan = self.plan(path)?;
        if plan.resource().computed {
            return Ok(None);
        }
        let Some(id) = self.last(path)?.and_then(|newest| newest.int("id")) else { return Ok(None) };
        Ok(self.payloads(plan, &[id], versions)?.pop_first().map(|(id, payloads)| (id, joined(&payloads))))
    }

    /// Objects in every version that is wanted, whole: what somebody may not see is taken out when it is delivered.
    pub(crate) fn payloads(
        &mut self,
        plan: &Plan,
        ids: &[i64],
        versions: &[Version],
    ) -> Result<BTreeMap<i64, Payloads>, Error> {
        let grant = Grant::system(self.grant.company(), "each is told what he may see when it is delivered");
        let look = match ids {
            [id] => by(*id),
            ids => Look::OneOf("id", ids.iter().copied().map(Datum::Int).collect()),
        };
        let mut payloads: BTreeMap<i64, Payloads> = BTreeMap::new();
        for version in versions {
            let mut cx = Context::new(self.engine, self.tx, &grant, self.caller, *version);
            cx.links = self.links;
            let page = Page { backwards: false, limit: ids.len() as u64, offset: 0 };
            for (id, object) in cx.rendered(plan, std::slice::from_ref(&look), page)? {
                payloads.entry(id).or_default().push((*version, object));
            }
        }
        Ok(payloads)
    }
}

/// An object as several versions write it.
type Payloads = Vec<(Version, Vec<u8>)>;

/// As [`EventRecord`] keeps them.
fn joined(payloads: &[(Version, Vec<u8>)]) -> String {
    let length: usize = payloads.iter().map(|(_, object)| object.len() + 16).sum();
    let mut all = String::with_capacity(length + 2);
    for (version, object) in payloads {
        all.push(if all.is_empty() { '{' } else { ',' });
        // Writing to a text does not fail.
        let _ = std::fmt::Write::write_fmt(&mut all, format_args!("\"{version}\":"));
        all.push_str(&String::from_utf8_lossy(object));
    }
    all.push('}');
    all
}

fn added(kind: &str) -> bool {
    kind.ends_with("/create")
}

fn changed(kind: &str) -> bool {
    kind.ends_with("/update")
}
