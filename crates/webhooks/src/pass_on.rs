//! From events to deliveries.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use access::Grant;
use accounts::Vault;
use registry::{Company, Id, Instant};
use storage::{Condition, Datum, Select, Tx};
use url::Url;

use crate::queue::by_hand;
use crate::records::{EventHead, QueueRecord, State, SubscriptionRecord};
use crate::{ALL, Error, signature};

/// Values of one condition at most.
pub(crate) const CHUNK: usize = 500;

/// Deliveries that one transaction makes, so that it never holds the writer for long.
const MOST: usize = 5000;

const DELIVERIES: &str = "webhook_deliveries";
const MADE: &str = "deliveries are made for a company";

const COLUMNS: [&str; 11] = [
    "event_id",
    "subscription_id",
    "object_id",
    "kind",
    "origin",
    "target_url",
    "state",
    "attempts",
    "next_attempt_at",
    "created_at",
    "given_up_at",
];

/// What became of events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Passed {
    /// Events of which deliveries were made.
    pub events: usize,
    /// Whether there are perhaps more.
    pub more: bool,
}

/// Makes deliveries of at most `limit` events that have none, oldest first. Each is made for the subscriptions that there
/// were when it happened; for one that is disabled it is missed, and can be replayed.
pub fn pass_on(tx: &mut Tx<'_>, vault: &Vault, limit: u64) -> Result<Passed, Error> {
    let mut events = tx.instance(ALL).list(waiting().limit(limit))?;
    if events.is_empty() {
        return Ok(Passed::default());
    }
    let full = events.len() as u64 == limit;
    let subscriptions = wanting(tx, &events)?;
    let mut made: BTreeMap<Id<Company>, Vec<New<'_>>> = BTreeMap::new();
    let (mut count, mut done) = (0, 0);
    for event in &events {
        if count >= MOST {
            break;
        }
        done += 1;
        let of_it = subscriptions.get(&(event.company_id, event.kind.clone())).into_iter().flatten();
        for subscription in of_it.filter(|subscription| subscription.id.get() <= event.audience) {
            count += 1;
            made.entry(event.company_id).or_default().push(New {
                event: event.id,
                object_id: event.object_id,
                subscription,
                origin: "event",
            });
        }
    }
    let now = tx.now();
    let more = full || done < events.len();
    events.truncate(done);
    // First of all, so that of two nodes that pass on the same one hears of it before it did anything else. On a snapshot
    // these are the events above and no others.
    if let Some(last) = events.last() {
        let these = EventHead::passed_on_at.is_null().and(EventHead::id.lte(last.id));
        tx.instance(ALL).update(these, [EventHead::passed_on_at.set(Some(now))])?;
    }
    for (company, new) in &made {
        let rows = prepared(tx, vault, *company, new)?;
        let grant = Grant::system(*company, MADE);
        tx.rows(&grant, DELIVERIES).put_all(&COLUMNS, rows)?;
    }
    Ok(Passed { events: done, more })
}

/// Events of which no deliveries were made yet, oldest first. The order is that of the index to the end, so that no
/// database reads through those that were.
pub(crate) fn waiting() -> Select<EventHead> {
    EventHead::passed_on_at.is_null().ascending(EventHead::passed_on_at).ascending(EventHead::id)
}

/// Subscriptions, by company and type of event.
type Wanting = HashMap<(Id<Company>, String), Vec<SubscriptionRecord>>;

fn wanting(tx: &mut Tx<'_>, events: &[EventHead]) -> Result<Wanting, Error> {
    let companies: BTreeSet<_> = events.iter().map(|event| event.company_id).collect();
    let kinds: BTreeSet<_> = events.iter().map(|event| event.kind.clone()).collect();
    let these =
        SubscriptionRecord::company_id.one_of(companies).and(SubscriptionRecord::r#type.one_of(kinds));
    let found = tx.instance(ALL).list(these.ascending(SubscriptionRecord::id))?;
    let mut wanting = Wanting::new();
    for subscription in found {
        let key = (subscription.company_id, subscription.r#type.clone());
        wanting.entry(key).or_default().push(subscription);
    }
    Ok(wanting)
}

/// A delivery to be made.
pub(crate) struct New<'s> {
    pub(crate) event: Id<engine::Event>,
    pub(crate) object_id: Option<i64>,
    pub(crate) subscription: &'s SubscriptionRecord,
    pub(crate) origin: &'static str,
}

/// Makes deliveries in a company, and has their queues looked at.
pub(crate) fn deliver(
    tx: &mut Tx<'_>,
    vault: &Vault,
    company: Id<Company>,
    new: &[New<'_>],
) -> Result<Vec<i64>, Error> {
    let rows = prepared(tx, vault, company, new)?;
    let grant = Grant::system(company, MADE);
    Ok(tx.rows(&grant, DELIVERIES).insert_all(&COLUMNS, rows)?)
}

/// Rows of deliveries, whose queues are looked at.
fn prepared(
    tx: &mut Tx<'_>,
    vault: &Vault,
    company: Id<Company>,
    new: &[New<'_>],
) -> Result<Vec<Vec<Datum>>, Error> {
    let now = tx.now();
    let waits = |new: &New<'_>| new.subscription.enabled || by_hand(new.origin);
    // A queue in which nothing is to be done need not be looked at.
    let busy: BTreeMap<i64, &SubscriptionRecord> = new
        .iter()
        .filter(|new| waits(new))
        .map(|new| (new.subscription.id.get(), new.subscription))
        .collect();
    queues(tx, vault, company, &busy)?;
    let rows = new.iter().map(|new| {
        let waits = waits(new);
        let state = if waits { State::Waiting } else { State::Missed };
        vec![
            Datum::Int(new.event.get()),
            Datum::Int(new.subscription.id.get()),
            new.object_id.map_or(Datum::Null, Datum::Int),
            Datum::Text(new.subscription.r#type.clone()),
            Datum::Text(new.origin.to_owned()),
            Datum::Text(new.subscription.target_url.clone()),
            Datum::Text(state.name().to_owned()),
            Datum::Int(0),
            if waits { Datum::Int(now.millis()) } else { Datum::Null },
            Datum::Int(now.millis()),
            if waits { Datum::Null } else { Datum::Int(now.millis()) },
        ]
    });
    Ok(rows.collect())
}

/// Sees to it that each subscription has a queue, and that those that are not resting are due. Every one is written to,
/// so that a node which gives it back at the same time meets this transaction and learns that there is more to do.
fn queues(
    tx: &mut Tx<'_>,
    vault: &Vault,
    company: Id<Company>,
    subscriptions: &BTreeMap<i64, &SubscriptionRecord>,
) -> Result<(), Error> {
    let now = tx.now();
    let ids: Vec<_> = subscriptions.keys().copied().collect();
    let mut known = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let found = tx.company(company).list(QueueRecord::subscription_id.one_of(chunk.iter().copied()))?;
        known.extend(found.into_iter().map(|queue| (queue.subscription_id, queue)));
    }
    let mut revived = Vec::new();
    let (mut idle, mut busy) = (Vec::new(), Vec::new());
    for (id, subscription) in subscriptions {
        let host = host(&subscription.target_url);
        match known.get(id) {
            Some(queue) if queue.host != host || (queue.disabled_at.is_some() && subscription.enabled) => {
                revived.push((*id, host));
            }
            Some(queue) => {
                let resting = queue.paused_until.is_some_and(|until| until > now);
                let idles = queue.due_at.is_none_or(|due| due > now && !resting);
                if idles { &mut idle } else { &mut busy }.push(*id);
            }
            None => begin(tx, vault, company, *id, host)?,
        }
    }
    // Somebody enabled them again, or gave them another address: what failed before does not count.
    for (id, host) in revived {
        let sets = [
            QueueRecord::host.set(host),
            QueueRecord::due_at.set(Some(now)),
            QueueRecord::paused_until.set(None),
            QueueRecord::streak.set(0),
            QueueRecord::failures.set(0),
            QueueRecord::disabled_at.set(None),
        ];
        tx.company(company).update(QueueRecord::subscription_id.eq(id), sets)?;
    }
    for chunk in idle.chunks(CHUNK) {
        let these = QueueRecord::subscription_id.one_of(chunk.iter().copied());
        tx.company(company).update(these, [QueueRecord::due_at.set(Some(now))])?;
    }
    for chunk in busy.chunks(CHUNK) {
        let these = QueueRecord::subscription_id.one_of(chunk.iter().copied());
        tx.company(company).update(these, [QueueRecord::lease.increase(0)])?;
    }
    Ok(())
}

/// A queue for a subscription that has none. Its secret is nobody's until somebody asks for one.
fn begin(
    tx: &mut Tx<'_>,
    vault: &Vault,
    company: Id<Company>,
    subscription: i64,
    host: String,
) -> Result<(), storage::Error> {
    let now: Instant = tx.now();
    tx.company(company).put([
        QueueRecord::subscription_id.set(subscription),
        QueueRecord::host.set(host),
        QueueRecord::due_at.set(Some(now)),
        QueueRecord::lease.set(0),
        QueueRecord::streak.set(0),
        QueueRecord::failures.set(0),
        QueueRecord::sealed_secret.set(vault.seal(&signature::secret())),
    ])
}

/// The queue of a subscription, made if there is none.
pub(crate) fn queue(
    tx: &mut Tx<'_>,
    vault: &Vault,
    subscription: &SubscriptionRecord,
) -> Result<QueueRecord, Error> {
    let (company, id) = (subscription.company_id, subscription.id.get());
    let find = |tx: &mut Tx<'_>| tx.company(company).find(QueueRecord::subscription_id.eq(id));
    if let Some(queue) = find(tx)? {
        return Ok(queue);
    }
    begin(tx, vault, company, id, host(&subscription.target_url))?;
    find(tx)?.ok_or(Error::NotFound)
}

/// A subscription of a company.
pub(crate) fn subscription(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    id: i64,
) -> Result<SubscriptionRecord, Error> {
    let this: Condition<SubscriptionRecord> = SubscriptionRecord::id.eq(Id::new(id));
    tx.company(company).find(this)?.ok_or(Error::NotFound)
}

/// Who is called, for the limit of what is under way at one host.
pub(crate) fn host(target: &str) -> String {
    let url = Url::parse(target).ok();
    url.and_then(|url| url.host_str().map(str::to_ascii_lowercase)).unwrap_or_default()
}
