//! What the pages for daily work are made of: the operations of the API, done for the person who looks at them.
//!
//! A page asks for the same operations as a program, under the same decision, and is given the same objects. So it
//! cannot show or do more.

use std::collections::{BTreeSet, HashMap};

use access::{Doing, Principal, decide};
use engine::{Change, Context, Error, Input, List, Plan};
use http::StatusCode;
use registry::{Date, Verb, Version};
use serde_json::{Map, Value};
use storage::Tx;

use super::errors::Failure;
use super::visitor::{SignedIn, Visitor};
use crate::App;
use crate::api::resources::{Wanted, Work, caller_of, problem, run};

/// An object of the API, in the newest version.
pub(crate) type Object = Map<String, Value>;

/// Objects of a list that one page shows at most.
const MOST: usize = 1000;

/// Operations in the name of whoever is logged in.
pub(crate) struct Desk<'a> {
    app: &'a App,
    principal: &'a Principal,
}

impl<'a> Desk<'a> {
    pub(crate) fn of(app: &'a App, signed_in: &'a SignedIn) -> Self {
        Self { app, principal: &signed_in.session.principal }
    }

    /// The day that it is where the person works.
    pub(crate) async fn today(&self) -> Result<Date, Error> {
        match self.ask("employees/employees", Doing::See, "today", Value::Null).await {
            Err(Error::Denied(_)) => Ok(day_of(self.app.db.clock().now())),
            day => Ok(day?.as_str().and_then(|day| day.parse().ok()).unwrap_or_default()),
        }
    }

    /// The objects of a list, page after page. A list that this person may not see at all is empty.
    pub(crate) async fn list(&self, path: &str, parameters: &[(&str, &str)]) -> Result<Vec<Object>, Error> {
        Ok(self.counted(path, parameters).await?.0)
    }

    /// The same, and how many there are: a page shows so many of them at most.
    pub(crate) async fn counted(
        &self,
        path: &str,
        parameters: &[(&str, &str)],
    ) -> Result<(Vec<Object>, usize), Error> {
        let mut objects: Vec<Object> = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let mut asked: Vec<_> =
                parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            asked.extend(cursor.take().map(|cursor| ("after_id".to_owned(), cursor)));
            let plan = self.plan(path, Verb::List)?;
            let list = List::check(plan, Version::NEWEST, &asked)?;
            let mut page = match self.run(plan, Doing::See, Wanted::List(list)).await {
                Err(Error::Denied(_)) => return Ok((objects, 0)),
                page => page?,
            };
            if let Some(Value::Array(rows)) = page.remove("data") {
                objects.extend(rows.into_iter().filter_map(object));
            }
            let meta = page.get("meta");
            let more = meta.and_then(|meta| meta["has_next_page"].as_bool()).unwrap_or(false);
            cursor = meta.and_then(|meta| meta["end_cursor"].as_str()).map(str::to_owned);
            if !more || cursor.is_none() || objects.len() >= MOST {
                let total = meta.and_then(|meta| meta["total"].as_u64()).unwrap_or_default();
                return Ok((objects, usize::try_from(total).unwrap_or(usize::MAX)));
            }
        }
    }

    /// The objects of a list whose ids are known, by id.
    pub(crate) async fn named(
        &self,
        path: &str,
        ids: impl Iterator<Item = String>,
    ) -> Result<HashMap<String, Object>, Error> {
        let ids: BTreeSet<String> = ids.collect();
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in ids.iter().collect::<Vec<_>>().chunks(100) {
            let parameters: Vec<_> = chunk.iter().map(|id| ("ids[]", id.as_str())).collect();
            let objects = self.list(path, &parameters).await?;
            found.extend(objects.into_iter().map(|object| (text(&object, "id").to_owned(), object)));
        }
        Ok(found)
    }

    pub(crate) async fn read(&self, path: &str, id: i64) -> Result<Object, Error> {
        self.run(self.plan(path, Verb::Read)?, Doing::See, Wanted::Read(id)).await
    }

    pub(crate) async fn create(&self, path: &str, body: &Object) -> Result<Object, Error> {
        let plan = self.plan(path, Verb::Create)?;
        let change = Change::create(plan, Version::NEWEST, body)?;
        self.run(plan, Doing::Create, Wanted::Create(change)).await
    }

    pub(crate) async fn update(&self, path: &str, id: i64, body: &Object) -> Result<Object, Error> {
        let plan = self.plan(path, Verb::Update)?;
        let change = Change::update(plan, Version::NEWEST, body)?;
        self.run(plan, Doing::Edit, Wanted::Update(id, change)).await
    }

    pub(crate) async fn delete(&self, path: &str, id: i64) -> Result<Object, Error> {
        self.run(self.plan(path, Verb::Delete)?, Doing::Delete, Wanted::Delete(id)).await
    }

    /// Does an action.
    pub(crate) async fn act(&self, path: &str, name: &str, body: &Object) -> Result<Object, Error> {
        let plan = self.app.engine.find(path).ok_or(Error::NotFound)?;
        let action = plan.entry.actions.iter().find(|action| action.name == name).ok_or(Error::NotFound)?;
        let act = plan.act(name).ok_or_else(|| Error::NotYet("This is not there yet.".to_owned()))?;
        let input = Input::check(action, Version::NEWEST, body)?;
        self.run(plan, Doing::of_action(action), Wanted::Act(action.name, act, input)).await
    }

    /// Whether the person may do this to records of a resource, be it to some only.
    pub(crate) fn may(&self, path: &str, doing: Doing) -> bool {
        self.app.engine.find(path).is_some_and(|plan| decide(self.principal, &plan.protected, doing).is_ok())
    }

    /// The employees to whose records of a resource the person may do this, out of some; `None` stands for all.
    pub(crate) async fn reached(
        &self,
        path: &str,
        doing: Doing,
        of: Option<Vec<i64>>,
    ) -> Result<BTreeSet<i64>, Error> {
        match self.consider(path, doing, move |cx| cx.people(of.clone())).await {
            Err(Error::Denied(_)) => Ok(BTreeSet::new()),
            reached => reached,
        }
    }

    /// Whether an employee is among those to whose records of a resource the person may do this.
    pub(crate) async fn reaches(&self, path: &str, doing: Doing, employee: i64) -> Result<bool, Error> {
        Ok(self.reached(path, doing, Some(vec![employee])).await?.contains(&employee))
    }

    /// Has the code of a resource do an errand that only reads, under the decision to do something with it.
    pub(crate) async fn ask(
        &self,
        path: &'static str,
        doing: Doing,
        name: &'static str,
        asked: Value,
    ) -> Result<Value, Error> {
        self.consider(path, doing, move |cx| cx.errand(path, name, &asked)).await
    }

    /// Looks at the company's rows, under the decision to do something with a resource.
    pub(crate) async fn consider<T: Send + 'static>(
        &self,
        path: &str,
        doing: Doing,
        mut work: impl FnMut(&mut Context<'_, '_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let plan = self.app.engine.find(path).ok_or(Error::NotFound)?;
        let grant = decide(self.principal, &plan.protected, doing)?;
        let (engine, caller) = (self.app.engine, caller_of(self.principal, None));
        let look =
            move |tx: &mut Tx<'_>| work(&mut Context::new(engine, tx, &grant, caller, Version::NEWEST));
        self.app.db.read(look).await
    }

    fn plan(&self, path: &str, verb: Verb) -> Result<&'static Plan, Error> {
        let plan = self.app.engine.find(path).ok_or(Error::NotFound)?;
        if plan.served(verb) { Ok(plan) } else { Err(Error::NotYet("This is not there yet.".to_owned())) }
    }

    async fn run(&self, plan: &'static Plan, doing: Doing, wanted: Wanted) -> Result<Object, Error> {
        let grant = decide(self.principal, &plan.protected, doing)?;
        let work = Work { plan, grant, wanted, once: None, uploads: Vec::new() };
        let done = run(self.app, caller_of(self.principal, None), Version::NEWEST, work).await;
        Ok(serde_json::from_slice(&done?.0).unwrap_or_default())
    }
}

fn object(value: Value) -> Option<Object> {
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

/// The text of a member; nothing where it has none.
pub(crate) fn text<'o>(object: &'o Object, member: &str) -> &'o str {
    object.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// The day of a member.
pub(crate) fn date(object: &Object, member: &str) -> Option<Date> {
    text(object, member).parse().ok()
}

/// The whole number of a member.
pub(crate) fn whole(object: &Object, member: &str) -> i64 {
    object.get(member).and_then(Value::as_i64).unwrap_or_default()
}

/// The day of a point in time, in UTC.
fn day_of(now: registry::Instant) -> Date {
    registry::Timestamp::from_millisecond(now.millis())
        .map_or(Date::MIN, |at| registry::TimeZone::UTC.to_datetime(at).date())
}

/// A body from names and values; what is empty is left out.
pub(crate) fn body<const N: usize>(members: [(&str, &str); N]) -> Object {
    let given = members.into_iter().filter(|(_, value)| !value.is_empty());
    given.map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
}

/// What a refused operation has to say to the person who asked for it: the field, where one is to blame, and a sentence.
pub(crate) fn complaints(visitor: &Visitor, error: Error) -> Result<Vec<(String, String)>, Failure> {
    match error {
        Error::Invalid(problems) => {
            Ok(problems.into_iter().map(|problem| (problem.field, problem.message)).collect())
        }
        Error::Broken(problem) | Error::Conflict(problem) => Ok(vec![(problem.field, problem.message)]),
        Error::NotYet(sentence) => Ok(vec![(String::new(), sentence)]),
        error @ (Error::Taken | Error::Referred(_) | Error::Denied(_)) => {
            Ok(vec![(String::new(), problem(error).detail)])
        }
        error => Err(Failure::engine(visitor, error)),
    }
}

impl Failure {
    /// An operation that cannot be done, as a page.
    pub(crate) fn engine(visitor: &Visitor, error: Error) -> Self {
        match error {
            Error::NotFound => Self::not_found(visitor),
            Error::Denied(denied) => {
                let detail = problem(Error::Denied(denied)).detail;
                Self::page(visitor, StatusCode::FORBIDDEN, "Not allowed", &detail)
            }
            error => Self::problem(visitor, problem(error)),
        }
    }
}
