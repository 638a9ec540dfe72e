//! The log of deliveries, and what a person does with it: looking, sending again, trying out.

use std::collections::BTreeSet;

use access::Grant;
use accounts::Vault;
use engine::{Caller, Context, Engine, EventRecord};
use registry::{Company, DAY, Id, Instant, Version};
use serde_json::{Map, Value};
use storage::{Condition, Tx};

use crate::pass_on::{self, New, deliver, subscription};
use crate::records::{
    AttemptRecord, Delivery, DeliveryRecord, EventAge, QueueRecord, State, SubscriptionRecord,
};
use crate::{ALL, Error, queue, sample, signature};

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this subscription.
    pub subscription: Option<i64>,
    /// Of this type.
    pub kind: Option<String>,
    /// In this state.
    pub state: Option<String>,
    /// About this object.
    pub object: Option<i64>,
    /// To an address with this text in it.
    pub target: Option<String>,
    /// Made at this time or later.
    pub from: Option<Instant>,
    /// Made before this time.
    pub until: Option<Instant>,
    /// Older than this one.
    pub before: Option<i64>,
    /// So many.
    pub limit: u64,
}

/// Deliveries of a company, newest first.
pub fn list(tx: &mut Tx<'_>, company: Id<Company>, filter: &Filter) -> Result<Vec<DeliveryRecord>, Error> {
    let mut all: Condition<DeliveryRecord> = Condition::any();
    if let Some(subscription) = filter.subscription {
        all = all.and(DeliveryRecord::subscription_id.eq(subscription));
    }
    if let Some(kind) = &filter.kind {
        all = all.and(DeliveryRecord::kind.eq(kind.clone()));
    }
    if let Some(state) = &filter.state {
        all = all.and(DeliveryRecord::state.eq(state.clone()));
        // Said twice, because it is what the indexes of these say.
        match State::named(state) {
            Some(State::Waiting) => all = all.and(DeliveryRecord::next_attempt_at.is_not_null()),
            Some(state) if state.given_up() => all = all.and(DeliveryRecord::given_up_at.is_not_null()),
            _ => {}
        }
    }
    if let Some(object) = filter.object {
        all = all.and(DeliveryRecord::object_id.eq(Some(object)));
    }
    if let Some(target) = &filter.target {
        all = all.and(DeliveryRecord::target_url.contains(target));
    }
    if let Some(from) = filter.from {
        all = all.and(DeliveryRecord::created_at.gt(from - 1));
    }
    if let Some(until) = filter.until {
        all = all.and(DeliveryRecord::created_at.lt(until));
    }
    if let Some(before) = filter.before {
        let this = DeliveryRecord::id.eq(Id::new(before));
        // Of what is not kept any more nothing older is.
        let Some(DeliveryRecord { created_at: at, .. }) = tx.company(company).find(this)? else {
            return Ok(Vec::new());
        };
        let older = DeliveryRecord::created_at.lt(at).or(DeliveryRecord::id.lt(Id::new(before)));
        all = all.and(DeliveryRecord::created_at.lte(at)).and(older);
    }
    // Along an index, however much is kept.
    let newest = all.descending(DeliveryRecord::created_at).descending(DeliveryRecord::id);
    Ok(tx.company(company).list(newest.limit(filter.limit))?)
}

/// A delivery with everything that is known of it.
#[derive(Debug)]
pub struct Detail {
    /// The delivery.
    pub delivery: DeliveryRecord,
    /// What happened.
    pub event: EventRecord,
    /// The body that the last attempt sent or, before the first, the one that would be sent now, with its version.
    /// Nothing where the owner of the subscription may not be told, or is gone.
    pub body: Option<(String, String)>,
    /// The attempts, the first one first.
    pub attempts: Vec<AttemptRecord>,
}

impl Detail {
    /// The body that an attempt sent.
    pub fn sent(&self, attempt: &AttemptRecord) -> Option<String> {
        let (_, body) = self.event.payload(&attempt.api_version)?;
        queue::veiled(body, attempt.hidden.iter().flat_map(|names| names.split(' ')))
    }
}

/// One delivery of a company.
pub fn show(tx: &mut Tx<'_>, engine: &Engine, company: Id<Company>, id: i64) -> Result<Detail, Error> {
    let delivery = found(tx, company, id)?;
    let event = tx.company(company).find(EventRecord::id.eq(delivery.event_id))?.ok_or(Error::NotFound)?;
    let these = AttemptRecord::delivery_id.eq(delivery.id).ascending(AttemptRecord::id);
    let attempts = tx.company(company).list(these)?;
    let mut detail = Detail { delivery, event, body: None, attempts };
    detail.body = match detail.attempts.last() {
        Some(last) => detail.sent(last).map(|body| (last.api_version.clone(), body)),
        None => match subscription(tx, company, detail.delivery.subscription_id) {
            Ok(subscription) => queue::told(tx, engine, &subscription, &detail.delivery, &detail.event)?
                .map(|told| (told.version, told.body)),
            Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        },
    };
    Ok(detail)
}

fn found(tx: &mut Tx<'_>, company: Id<Company>, id: i64) -> Result<DeliveryRecord, Error> {
    let this = DeliveryRecord::id.eq(Id::<Delivery>::new(id));
    tx.company(company).find(this)?.ok_or(Error::NotFound)
}

/// Delivers once more what was delivered, or was not: a delivery of its own, whatever the subscription's state.
pub fn redeliver(tx: &mut Tx<'_>, vault: &Vault, company: Id<Company>, id: i64) -> Result<i64, Error> {
    let delivery = found(tx, company, id)?;
    let subscription = subscription(tx, company, delivery.subscription_id)?;
    let new = New {
        event: delivery.event_id,
        object_id: delivery.object_id,
        subscription: &subscription,
        origin: "redelivery",
    };
    deliver(tx, vault, company, &[new])?.pop().ok_or(Error::NotFound)
}

/// What a replay sends again.
#[derive(Debug, Clone)]
pub struct Replay {
    /// The subscription.
    pub subscription: i64,
    /// What happened at this time or later.
    pub from: Instant,
    /// What happened before this time.
    pub until: Instant,
    /// Only deliveries in these states; all where it is empty.
    pub states: Vec<String>,
}

/// Events that one replay takes at most.
pub const REPLAYED: u64 = 10_000;

/// Delivers again what happened in a time, each event once and in its order. Says how many; `None` where the
/// subscription is disabled.
pub fn replay(
    tx: &mut Tx<'_>,
    vault: &Vault,
    company: Id<Company>,
    replay: &Replay,
) -> Result<Option<usize>, Error> {
    let subscription = subscription(tx, company, replay.subscription)?;
    if !subscription.enabled {
        return Ok(None);
    }
    let mut these = DeliveryRecord::subscription_id
        .eq(replay.subscription)
        .and(DeliveryRecord::created_at.gt(replay.from - 1))
        .and(DeliveryRecord::created_at.lt(replay.until));
    if !replay.states.is_empty() {
        these = these.and(DeliveryRecord::state.one_of(replay.states.clone()));
    }
    let these = these.ascending(DeliveryRecord::event_id).limit(REPLAYED);
    let deliveries = tx.company(company).list(these)?;
    let mut seen = BTreeSet::new();
    let new: Vec<_> = deliveries
        .iter()
        // What is under way arrives anyway.
        .filter(|delivery| delivery.next_attempt_at.is_none() && seen.insert(delivery.event_id))
        .map(|delivery| New {
            event: delivery.event_id,
            object_id: delivery.object_id,
            subscription: &subscription,
            origin: "replay",
        })
        .collect();
    Ok(Some(deliver(tx, vault, company, &new)?.len()))
}

/// Sends an event of a subscription's type with data as they could be, to this subscription alone.
pub fn test(
    tx: &mut Tx<'_>,
    engine: &Engine,
    vault: &Vault,
    company: Id<Company>,
    id: i64,
) -> Result<i64, Error> {
    let subscription = subscription(tx, company, id)?;
    let version = Version::supported(&subscription.api_version).unwrap_or(Version::OLDEST);
    let event = made(tx, engine, company, &subscription.r#type, &[version], id, true)?;
    let new = New { event, object_id: None, subscription: &subscription, origin: "test" };
    deliver(tx, vault, company, &[new])?.pop().ok_or(Error::NotFound)
}

/// Makes an event of a type, with data as they could be, for everybody who wants to be told. Says of how many
/// subscriptions that is.
pub fn trigger(tx: &mut Tx<'_>, engine: &Engine, company: Id<Company>, kind: &str) -> Result<usize, Error> {
    if engine.event(kind).is_none() {
        return Err(Error::NotFound);
    }
    let wanting = tx.company(company).list(SubscriptionRecord::r#type.eq(kind.to_owned()))?;
    let Some(audience) = wanting.iter().map(|subscription| subscription.id.get()).max() else { return Ok(0) };
    let versions: BTreeSet<_> =
        wanting.iter().filter_map(|subscription| Version::supported(&subscription.api_version)).collect();
    let versions: Vec<_> = versions.into_iter().collect();
    made(tx, engine, company, kind, &versions, audience, false)?;
    Ok(wanting.len())
}

/// What an event of a type could look like in a version.
pub fn sample(
    tx: &mut Tx<'_>,
    engine: &Engine,
    company: Id<Company>,
    kind: &str,
    version: Version,
) -> Result<Value, Error> {
    let grant = Grant::system(company, "what a test event shows is told to administrators");
    let mut cx = Context::new(engine, tx, &grant, Caller::default(), Version::NEWEST);
    let (_, _, payloads) = sample::payloads(&mut cx, kind, &[version])?;
    let mut payloads: Map<String, Value> = serde_json::from_str(&payloads).unwrap_or_default();
    Ok(payloads.remove(&version.to_string()).unwrap_or_default())
}

fn made(
    tx: &mut Tx<'_>,
    engine: &Engine,
    company: Id<Company>,
    kind: &str,
    versions: &[Version],
    audience: i64,
    passed_on: bool,
) -> Result<Id<engine::Event>, Error> {
    let grant = Grant::system(company, "what a test event shows is told to administrators");
    let mut cx = Context::new(engine, tx, &grant, Caller::default(), Version::NEWEST);
    let (resource, object, payloads) = sample::payloads(&mut cx, kind, versions)?;
    let now = tx.now();
    Ok(tx.company(company).insert([
        EventRecord::kind.set(kind.to_owned()),
        EventRecord::resource.set(resource.to_owned()),
        EventRecord::object_id.set(object),
        EventRecord::payloads.set(payloads),
        EventRecord::author_type.set("company".to_owned()),
        EventRecord::author_id.set(company.get()),
        EventRecord::audience.set(audience),
        EventRecord::created_at.set(now),
        EventRecord::passed_on_at.set(passed_on.then_some(now)),
    ])?)
}

/// Gives a subscription another secret, which is shown this once. The one before goes on signing for a while, so that
/// receivers can be told one after the other.
pub fn renew_secret(
    tx: &mut Tx<'_>,
    vault: &Vault,
    company: Id<Company>,
    id: i64,
    secret: &[u8; 32],
    overlap: i64,
) -> Result<String, Error> {
    let subscription = subscription(tx, company, id)?;
    let queue = pass_on::queue(tx, vault, &subscription)?;
    let until = tx.now() + overlap.clamp(0, 7 * DAY);
    let sets = [
        QueueRecord::sealed_secret.set(vault.seal(secret)),
        QueueRecord::sealed_previous.set(Some(queue.sealed_secret)),
        QueueRecord::previous_until.set(Some(until)),
    ];
    tx.company(company).update(QueueRecord::id.eq(queue.id), sets)?;
    Ok(signature::shown(secret))
}

/// The subscriptions of a company, each with its queue where there was anything to deliver.
pub fn subscriptions(
    tx: &mut Tx<'_>,
    company: Id<Company>,
) -> Result<Vec<(SubscriptionRecord, Option<QueueRecord>)>, Error> {
    let all = Condition::<SubscriptionRecord>::any().ascending(SubscriptionRecord::id);
    let all = tx.company(company).list(all)?;
    let queues = tx.company(company).list(Condition::<QueueRecord>::any())?;
    let mut queues: std::collections::HashMap<_, _> =
        queues.into_iter().map(|queue| (queue.subscription_id, queue)).collect();
    Ok(all
        .into_iter()
        .map(|subscription| {
            let queue = queues.remove(&subscription.id.get());
            (subscription, queue)
        })
        .collect())
}

/// Removes at most `limit` deliveries or events that are older than `kept` milliseconds, and says how many; call again
/// while it is not zero. An event goes after its deliveries, of which there may be thousands, and while one of them is
/// still to be tried it stays.
pub fn clean(tx: &mut Tx<'_>, kept: i64, limit: u64) -> Result<u64, storage::Error> {
    // Nothing that may still be tried.
    let until = tx.now() - kept.max(3 * DAY);
    // Ids grow with time, so that the oldest are found without an index that every event would pay for.
    let oldest = Condition::<EventAge>::any().ascending(EventAge::id).limit(limit);
    let oldest = tx.instance(ALL).list(oldest)?.into_iter();
    let old: Vec<_> = oldest.filter(|event| event.created_at <= until).map(|event| event.id).collect();
    if old.is_empty() {
        return Ok(0);
    }
    let of_them = || DeliveryRecord::event_id.one_of(old.iter().copied());
    let done = of_them().and(DeliveryRecord::next_attempt_at.is_null()).ascending(DeliveryRecord::event_id);
    let done = tx.instance(ALL).list(done.limit(limit))?;
    if !done.is_empty() {
        return tx.instance(ALL).delete(DeliveryRecord::id.one_of(done.into_iter().map(|one| one.id)));
    }
    let left = tx.instance(ALL).list(of_them())?;
    let kept: BTreeSet<_> = left.into_iter().map(|delivery| delivery.event_id).collect();
    let free = old.into_iter().filter(|event| !kept.contains(event));
    tx.instance(ALL).delete(EventAge::id.one_of(free))
}
