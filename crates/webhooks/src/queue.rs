//! Queues: which deliveries a node does, and what became of them.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use access::{ActsAs, Doing, Grant, Principal, decide};
use accounts::Vault;
use engine::{Caller, Context, Engine, EventRecord};
use registry::{Company, DAY, Id, Instant, MINUTE, Version};
use serde_json::{Map, Value};
use storage::{Datum, Look, Tx};

use crate::delivering::{Done, Job, Ready};
use crate::notify::{self, Notice, OwnerOf};
use crate::pass_on::CHUNK;
use crate::records::{Delivery, DeliveryRecord, Queue, QueueRecord, State, SubscriptionRecord};
use crate::{ALL, Error, SUBSCRIPTIONS, schedule};

/// How long a node has a queue. One that dies in between delays its deliveries by no more than this.
pub const LEASE: i64 = MINUTE;

/// Deliveries of a queue that are given out at once.
const BATCH: u64 = 500;

/// What may be given out.
#[derive(Debug, Default)]
pub struct Room {
    /// So many queues.
    pub queues: u64,
    /// None of these hosts, where enough is under way.
    pub busy_hosts: Vec<String>,
    /// None of these companies.
    pub busy_companies: Vec<Id<Company>>,
}

/// Gives out queues with deliveries that are due, the one that has waited longest first. Nobody else is given them
/// until they are [`settle`]d or the lease ends. Also says whether there was anything, even if nothing is left to do.
/// What they carry is for [`jobs`], which reads: payloads are large, and others wait for whoever writes.
pub fn claim(tx: &mut Tx<'_>, room: &Room, lease: i64) -> Result<(Vec<Claimed>, bool), Error> {
    let now = tx.now();
    let free = || QueueRecord::leased_until.is_null().or(QueueRecord::leased_until.lte(Some(now)));
    let mut due = QueueRecord::due_at.lte(Some(now)).and(free());
    for host in &room.busy_hosts {
        due = due.and(QueueRecord::host.ne(host.clone()));
    }
    for company in &room.busy_companies {
        due = due.and(QueueRecord::company_id.ne(*company));
    }
    let due = tx.instance(ALL).list(due.ascending(QueueRecord::due_at).limit(room.queues))?;
    if due.is_empty() {
        return Ok((Vec::new(), false));
    }
    let these = QueueRecord::id.one_of(due.iter().map(|queue| queue.id)).and(free());
    let until = [QueueRecord::leased_until.set(Some(now + LEASE)), QueueRecord::lease.set(lease)];
    let taken = tx.instance(ALL).update_returning(these, until)?;
    let subscriptions =
        SubscriptionRecord::id.one_of(taken.iter().map(|queue| Id::new(queue.subscription_id)));
    let mut subscriptions: HashMap<_, _> = tx
        .instance(ALL)
        .list(subscriptions)?
        .into_iter()
        .map(|subscription| (subscription.id.get(), subscription))
        .collect();
    let mut claimed = Vec::new();
    for queue in taken {
        let Some(subscription) = subscriptions.remove(&queue.subscription_id) else {
            end(tx, &queue, State::Cancelled)?;
            continue;
        };
        // A statement for each: with one for all, whoever has much waiting would hide the others.
        let waiting = DeliveryRecord::subscription_id
            .eq(queue.subscription_id)
            .and(DeliveryRecord::next_attempt_at.lte(Some(now)))
            .ascending(DeliveryRecord::next_attempt_at)
            .ascending(DeliveryRecord::id)
            .limit(BATCH);
        let mut deliveries = tx.instance(ALL).list(waiting)?;
        if !subscription.enabled {
            let tests: Vec<_> = deliveries.iter().filter(|d| by_hand(&d.origin)).map(|d| d.id).collect();
            deliveries.retain(|delivery| tests.contains(&delivery.id));
            if deliveries.is_empty() {
                end(tx, &queue, State::Missed)?;
                continue;
            }
        }
        claimed.push(Claimed { queue, subscription, deliveries });
    }
    Ok((claimed, true))
}

/// A queue that a node has, with the deliveries in it that are due.
#[derive(Debug, Clone)]
pub struct Claimed {
    queue: QueueRecord,
    subscription: SubscriptionRecord,
    deliveries: Vec<DeliveryRecord>,
}

/// Takes queues back from a process that is gone, for a node that shares the database with none.
pub fn take_over(tx: &mut Tx<'_>) -> Result<(), Error> {
    let given = QueueRecord::leased_until.is_not_null();
    tx.instance(ALL).update(given, [QueueRecord::leased_until.set(None)])?;
    Ok(())
}

/// Whether somebody asked for a delivery, so that it is made though the subscription is disabled.
pub(crate) fn by_hand(origin: &str) -> bool {
    matches!(origin, "test" | "redelivery")
}

/// What there is to send.
pub fn jobs(tx: &mut Tx<'_>, engine: &Engine, vault: &Vault, claimed: &[Claimed]) -> Result<Vec<Job>, Error> {
    let now = tx.now();
    let wanted: BTreeSet<_> =
        claimed.iter().flat_map(|claimed| claimed.deliveries.iter().map(|d| d.event_id)).collect();
    let wanted: Vec<_> = wanted.into_iter().collect();
    let mut events = HashMap::new();
    for chunk in wanted.chunks(CHUNK) {
        let found = tx.instance(ALL).list(EventRecord::id.one_of(chunk.iter().copied()))?;
        events.extend(found.into_iter().map(|event| (event.id, event)));
    }
    let mut owners = Owners::default();
    let mut jobs = Vec::new();
    for Claimed { queue, subscription, deliveries } in claimed {
        let of_it: Vec<_> = deliveries.iter().filter_map(|d| events.get(&d.event_id)).collect();
        let sight = owners.sight(tx, engine, subscription, &of_it)?;
        let (mut ready, mut withheld) = (Vec::with_capacity(deliveries.len()), Vec::new());
        for delivery in deliveries {
            let event = events.get(&delivery.event_id);
            let told = event.and_then(|event| Some((event, sight.told(delivery, event, subscription)?)));
            match told {
                Some((event, told)) => {
                    ready.push(Ready {
                        id: delivery.id,
                        event: delivery.event_id.get(),
                        kind: delivery.kind.clone(),
                        object: delivery.object_id,
                        attempt: delivery.attempts + 1,
                        author: sight.author(event),
                        body: told.body.into_bytes(),
                        version: told.version,
                        hidden: told.hidden,
                    });
                }
                None => withheld.push(delivery.id),
            }
        }
        let secret = |sealed: &Vec<u8>| vault.open(sealed).and_then(|secret| secret.try_into().ok());
        let previous = queue.sealed_previous.as_ref();
        let previous = previous.filter(|_| queue.previous_until.is_some_and(|until| until > now));
        jobs.push(Job {
            queue: queue.id,
            company: queue.company_id,
            lease: queue.lease,
            subscription: queue.subscription_id,
            host: queue.host.clone(),
            failing: queue.streak > 0 || queue.failures > 0,
            target_url: subscription.target_url.clone(),
            challenge: subscription.challenge.clone(),
            secrets: [Some(&queue.sealed_secret), previous]
                .into_iter()
                .flatten()
                .filter_map(secret)
                .collect(),
            deliveries: ready,
            withheld,
        });
    }
    Ok(jobs)
}

/// What would be sent of an event now.
pub(crate) fn told(
    tx: &mut Tx<'_>,
    engine: &Engine,
    subscription: &SubscriptionRecord,
    delivery: &DeliveryRecord,
    event: &EventRecord,
) -> Result<Option<Told>, Error> {
    let sight = Owners::default().sight(tx, engine, subscription, &[event])?;
    Ok(sight.told(delivery, event, subscription))
}

/// Nothing of a queue is delivered any more.
fn end(tx: &mut Tx<'_>, queue: &QueueRecord, state: State) -> Result<(), Error> {
    give_up(tx, queue.subscription_id, state)?;
    let sets = [QueueRecord::due_at.set(None), QueueRecord::leased_until.set(None)];
    tx.instance(ALL).update(QueueRecord::id.eq(queue.id), sets)?;
    Ok(())
}

/// What waits in a queue does not wait any more.
fn give_up(tx: &mut Tx<'_>, subscription: i64, state: State) -> Result<(), Error> {
    let now = tx.now();
    let waiting =
        DeliveryRecord::subscription_id.eq(subscription).and(DeliveryRecord::next_attempt_at.is_not_null());
    let sets = [
        DeliveryRecord::state.set(state.name().to_owned()),
        DeliveryRecord::next_attempt_at.set(None),
        DeliveryRecord::finished_at.set(Some(now)),
        DeliveryRecord::given_up_at.set(Some(now)),
    ];
    tx.instance(ALL).update(waiting, sets)?;
    Ok(())
}

/// What the owner of the subscription may not see is not delivered.
fn withhold(tx: &mut Tx<'_>, ids: &[Id<Delivery>]) -> Result<(), Error> {
    let now = tx.now();
    for chunk in ids.chunks(CHUNK) {
        let sets = [
            DeliveryRecord::state.set(State::Withheld.name().to_owned()),
            DeliveryRecord::next_attempt_at.set(None),
            DeliveryRecord::finished_at.set(Some(now)),
            DeliveryRecord::given_up_at.set(Some(now)),
        ];
        tx.instance(ALL).update(DeliveryRecord::id.one_of(chunk.iter().copied()), sets)?;
    }
    Ok(())
}

/// Who owns subscriptions, looked up once for each.
#[derive(Default)]
struct Owners(HashMap<(Id<Company>, Option<i64>), Option<Principal>>);

/// What the owner of a subscription may see of some events.
struct Sight {
    everything: bool,
    /// Objects, each with its resource, and the fields that are hidden.
    objects: HashMap<(String, i64), Vec<&'static str>>,
    /// Employees.
    authors: BTreeSet<i64>,
}

/// What somebody is told of an event.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) version: String,
    pub(crate) hidden: Vec<&'static str>,
    pub(crate) body: String,
}

/// A body without some members, as whoever may not see them is answered.
pub(crate) fn veiled<'n>(body: String, hidden: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let mut hidden = hidden.into_iter().peekable();
    if hidden.peek().is_none() {
        return Some(body);
    }
    let mut members: Map<String, Value> = serde_json::from_str(&body).ok()?;
    for name in hidden {
        match members.get_mut(name) {
            Some(Value::Array(items)) => items.clear(),
            Some(Value::Object(_)) => drop(members.shift_remove(name)),
            Some(value) => *value = Value::Null,
            None => {}
        }
    }
    Some(Value::Object(members).to_string())
}

impl Sight {
    /// What he is told of an event; nothing where he may not see it. What is a test is made up, or shown to an
    /// administrator who asked for it.
    fn told(
        &self,
        delivery: &DeliveryRecord,
        event: &EventRecord,
        subscription: &SubscriptionRecord,
    ) -> Option<Told> {
        let hidden = if delivery.origin == "test" { Vec::new() } else { self.hidden(event)? };
        let (version, body) = event.payload(&subscription.api_version)?;
        Some(Told { version, body: veiled(body, hidden.iter().copied())?, hidden })
    }

    /// What is hidden from him of what an event tells of. Of an object that is gone nobody can say whether he would see
    /// it, so only those who see everything are told.
    fn hidden(&self, event: &EventRecord) -> Option<Vec<&'static str>> {
        if self.everything {
            return Some(Vec::new());
        }
        self.objects.get(&(event.resource.clone(), event.object_id?)).cloned()
    }

    fn author(&self, event: &EventRecord) -> Option<(String, i64)> {
        let known =
            self.everything || (event.author_type == "employee" && self.authors.contains(&event.author_id));
        known.then(|| (event.author_type.clone(), event.author_id))
    }
}

/// The resource of those who are authors.
const EMPLOYEES: &str = "employees/employees";

impl Owners {
    fn sight(
        &mut self,
        tx: &mut Tx<'_>,
        engine: &Engine,
        subscription: &SubscriptionRecord,
        events: &[&EventRecord],
    ) -> Result<Sight, Error> {
        let mut sight = Sight { everything: false, objects: HashMap::new(), authors: BTreeSet::new() };
        let Some(principal) = self.of(tx, subscription)? else { return Ok(sight) };
        sight.everything = principal.is_administrator();
        if sight.everything {
            return Ok(sight);
        }
        let mut objects: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        for event in events {
            objects.entry(&event.resource).or_default().extend(event.object_id);
        }
        for (path, ids) in objects {
            let seen = visible(tx, engine, principal, path, &ids)?;
            sight.objects.extend(seen.into_iter().map(|(id, hidden)| ((path.to_owned(), id), hidden)));
        }
        let authors = events.iter().filter(|event| event.author_type == "employee");
        let authors = authors.map(|event| event.author_id).collect();
        sight.authors = visible(tx, engine, principal, EMPLOYEES, &authors)?.into_keys().collect();
        Ok(sight)
    }

    /// In whose name a subscription is told; nobody where the person is gone.
    fn of(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &SubscriptionRecord,
    ) -> Result<Option<&Principal>, Error> {
        let (company, owner) = (subscription.company_id, subscription.owner_access_id);
        let found = match self.0.entry((company, owner)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let acts_as = match owner {
                    None => Some(ActsAs::Company),
                    Some(access) => {
                        let person = accounts::person_identity(tx, Id::new(access))?;
                        let here = person.filter(|person| person.company.company == company);
                        here.map(|person| ActsAs::Person(person.person))
                    }
                };
                new.insert(acts_as.map(|acts_as| Principal { company, acts_as, scopes: None }))
            }
        };
        Ok(found.as_ref())
    }
}

/// Which objects of a resource a principal may see, each with the fields that are hidden from him.
fn visible(
    tx: &mut Tx<'_>,
    engine: &Engine,
    principal: &Principal,
    path: &str,
    ids: &BTreeSet<i64>,
) -> Result<BTreeMap<i64, Vec<&'static str>>, Error> {
    let Some(plan) = engine.find(path) else { return Ok(BTreeMap::new()) };
    let Ok(grant) = decide(principal, &plan.protected, Doing::See) else { return Ok(BTreeMap::new()) };
    let ids: Vec<_> = ids.iter().copied().collect();
    let mut cx = Context::new(engine, tx, &grant, Caller::default(), Version::NEWEST);
    Ok(cx.seen(path, &ids)?)
}

/// A queue that a node gives back.
#[derive(Debug, Clone)]
pub struct Released {
    /// The queue.
    pub queue: Id<Queue>,
    /// The lease under which it was given out.
    pub lease: i64,
    /// Its company.
    pub company: Id<Company>,
    /// Its subscription.
    pub subscription: i64,
    /// Whether the receiver could not be reached.
    pub unreachable: bool,
    /// What was not delivered, because the owner of the subscription may not see it.
    pub withheld: Vec<Id<Delivery>>,
}

/// Where mails and their links come from.
pub struct Post<'v> {
    /// Seals the mails.
    pub vault: &'v Vault,
    /// The address of the server, for links.
    pub base_url: &'v str,
    /// Which company an application belongs to.
    pub owner_of: OwnerOf,
}

/// Writes down what became of deliveries and gives queues back, in this order.
pub fn settle(
    tx: &mut Tx<'_>,
    engine: &Engine,
    post: &Post<'_>,
    done: &[Done],
    released: &[Released],
) -> Result<(), Error> {
    let now = tx.now();
    attempts(tx, done)?;
    let mut delivered: BTreeMap<(i64, Option<u16>), Vec<Id<Delivery>>> = BTreeMap::new();
    let mut queues: BTreeMap<i64, Vec<&Done>> = BTreeMap::new();
    for done in done {
        // Where nothing failed there is nothing to count.
        if done.failing || !done.outcome.delivered() {
            queues.entry(done.subscription).or_default().push(done);
        }
        if done.outcome.delivered() {
            delivered.entry((done.attempt, done.outcome.status)).or_default().push(done.id);
        }
    }
    for ((attempt, status), ids) in delivered {
        for chunk in ids.chunks(CHUNK) {
            let these = DeliveryRecord::id
                .one_of(chunk.iter().copied())
                .and(DeliveryRecord::attempts.eq(attempt - 1));
            let sets = [
                DeliveryRecord::state.set(State::Delivered.name().to_owned()),
                DeliveryRecord::attempts.set(attempt),
                DeliveryRecord::status.set(status.map(i64::from)),
                DeliveryRecord::next_attempt_at.set(None),
                DeliveryRecord::finished_at.set(Some(now)),
            ];
            tx.instance(ALL).update(these, sets)?;
        }
    }
    for failed in done.iter().filter(|done| !done.outcome.delivered()) {
        let pause = schedule::pause(failed.id.get(), failed.attempt);
        let state = if pause.is_some() { State::Waiting } else { State::Failed };
        let these = DeliveryRecord::id.eq(failed.id).and(DeliveryRecord::attempts.eq(failed.attempt - 1));
        let sets = [
            DeliveryRecord::state.set(state.name().to_owned()),
            DeliveryRecord::attempts.set(failed.attempt),
            DeliveryRecord::status.set(failed.outcome.status.map(i64::from)),
            DeliveryRecord::next_attempt_at.set(pause.map(|pause| now + pause)),
            DeliveryRecord::finished_at.set(pause.is_none().then_some(now)),
            DeliveryRecord::given_up_at.set(pause.is_none().then_some(now)),
        ];
        tx.instance(ALL).update(these, sets)?;
    }
    counts(tx, engine, post, &queues)?;
    for released in released {
        withhold(tx, &released.withheld)?;
        give_back(tx, released)?;
    }
    Ok(())
}

const ATTEMPT: [&str; 11] = [
    "delivery_id",
    "number",
    "at",
    "took",
    "status",
    "error",
    "api_version",
    "hidden",
    "request_headers",
    "response_headers",
    "response_body",
];

fn attempts(tx: &mut Tx<'_>, done: &[Done]) -> Result<(), Error> {
    let mut of_company: BTreeMap<Id<Company>, Vec<Vec<Datum>>> = BTreeMap::new();
    for done in done {
        let outcome = &done.outcome;
        of_company.entry(done.company).or_default().push(vec![
            Datum::Int(done.id.get()),
            Datum::Int(done.attempt),
            Datum::Int(done.at.millis()),
            Datum::Int(done.took),
            outcome.status.map_or(Datum::Null, |status| Datum::Int(status.into())),
            outcome.error.clone().map_or(Datum::Null, Datum::Text),
            Datum::Text(done.version.clone()),
            if done.hidden.is_empty() { Datum::Null } else { Datum::Text(done.hidden.join(" ")) },
            Datum::Text(outcome.request_headers.clone()),
            Datum::Text(outcome.response_headers.clone()),
            Datum::Text(outcome.response_body.clone()),
        ]);
    }
    for (company, rows) in of_company {
        let grant = Grant::system(company, "the log of deliveries");
        tx.rows(&grant, "webhook_attempts").put_all(&ATTEMPT, rows)?;
    }
    Ok(())
}

/// Counts failures of queues in a row, and lets people know.
fn counts(
    tx: &mut Tx<'_>,
    engine: &Engine,
    post: &Post<'_>,
    queues: &BTreeMap<i64, Vec<&Done>>,
) -> Result<(), Error> {
    let now = tx.now();
    let ids: Vec<_> = queues.keys().copied().collect();
    let mut records = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let these = QueueRecord::subscription_id.one_of(chunk.iter().copied());
        records.append(&mut tx.instance(ALL).list(these)?);
    }
    for queue in records {
        let Some(of_it) = queues.get(&queue.subscription_id) else { continue };
        let (mut streak, mut failures, mut notice) = (queue.streak, queue.failures, None);
        for done in of_it {
            if done.outcome.delivered() {
                (streak, failures) = (0, 0);
                continue;
            }
            streak += 1;
            let recently = queue.mailed_at.is_some_and(|mailed| mailed + DAY > now);
            if done.attempt > failures
                && schedule::tells_people(done.attempt)
                && !(done.attempt == 1 && recently)
            {
                notice = Some(*done);
            }
            failures = failures.max(done.attempt);
        }
        if (streak, failures) == (queue.streak, queue.failures) && notice.is_none() {
            continue;
        }
        let last = of_it.iter().find(|done| !done.outcome.delivered() && done.attempt >= schedule::ATTEMPTS);
        let mailed = if notice.is_some() { Some(now) } else { queue.mailed_at };
        let sets = [
            QueueRecord::streak.set(streak),
            QueueRecord::failures.set(failures),
            QueueRecord::mailed_at.set(mailed),
            QueueRecord::disabled_at.set(last.map(|_| now)),
        ];
        tx.instance(ALL).update(QueueRecord::id.eq(queue.id), sets)?;
        let this = SubscriptionRecord::id.eq(Id::new(queue.subscription_id));
        let Some(subscription) = tx.instance(ALL).find(this)? else { continue };
        if last.is_some() {
            disable(tx, engine, &subscription)?;
        }
        if let Some(done) = last.copied().or(notice) {
            let error = done.outcome.error.clone();
            let error =
                error.or_else(|| Some(format!("status {}", done.outcome.status?))).unwrap_or_default();
            let notice = Notice { failures: done.attempt, last: last.is_some(), error };
            notify::tell(tx, post, &subscription, &notice)?;
        }
    }
    Ok(())
}

/// Switches a subscription off, as an update would; what waits is missed, and can be replayed.
fn disable(tx: &mut Tx<'_>, engine: &Engine, subscription: &SubscriptionRecord) -> Result<(), Error> {
    give_up(tx, subscription.id.get(), State::Missed)?;
    let grant = Grant::system(subscription.company_id, "a subscription that failed for two days is disabled");
    let mut cx = Context::new(engine, tx, &grant, Caller::default(), Version::NEWEST);
    let this = [Look::Equal("id", Datum::Int(subscription.id.get()))];
    cx.change(SUBSCRIPTIONS, &this, [("enabled", Datum::Bool(false))].into())?;
    Ok(())
}

/// A queue is due again when its next delivery is, or when it has rested.
fn give_back(tx: &mut Tx<'_>, released: &Released) -> Result<(), Error> {
    let now = tx.now();
    let this = || QueueRecord::id.eq(released.queue).and(QueueRecord::lease.eq(released.lease));
    let Some(queue) = tx.company(released.company).find(this())? else { return Ok(()) };
    let next = DeliveryRecord::subscription_id
        .eq(released.subscription)
        .and(DeliveryRecord::next_attempt_at.is_not_null())
        .ascending(DeliveryRecord::next_attempt_at)
        .limit(1);
    let next: Option<Instant> =
        tx.company(released.company).list(next)?.pop().and_then(|next| next.next_attempt_at);
    let rest = (released.unreachable && queue.streak > 0).then(|| now + schedule::rest(queue.streak));
    let due = match (next, rest) {
        (Some(next), Some(rest)) => Some(next.max(rest)),
        (next, _) => next,
    };
    let sets = [
        QueueRecord::due_at.set(due),
        QueueRecord::paused_until.set(rest),
        QueueRecord::leased_until.set(None),
    ];
    tx.company(released.company).update(this(), sets)?;
    Ok(())
}
