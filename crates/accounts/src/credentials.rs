//! From a bearer credential to who is calling, from memory.
//!
//! A credential is looked up in the database once and then remembered, until a write that changes anything
//! about it is committed, here or on another node ([`storage::Stale`]). So a revocation works on the next
//! request, and a request costs no query.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use access::{Group, Person, Policy, Principal};
use registry::{Access, Company, Employee, Id, Instant};
use storage::{Database, Stale, Tx};

use crate::records::{
    ADMINISTRATORS, AccessRecord, CompanyRecord, DEFAULT_EMPLOYEES, EmployeeRecord, PermissionGroupRecord,
    UserRecord,
};
use crate::{Hash, Presented, hash};

/// Most credentials that are remembered.
const CAPACITY: usize = 100_000;

/// Parts of the memory that are locked apart.
const SHARDS: usize = 16;

/// What kind of credential it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    /// A token that acts as a person.
    UserToken,
    /// A token that acts as the company.
    CompanyToken,
    /// An API key.
    ApiKey,
    /// A session of the web application.
    Session,
}

/// Who is calling, and all that is said about them on every request.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Who, in which company, with which scopes.
    pub principal: Principal,
    /// What the company is called.
    pub company_name: String,
    /// The name in the commercial register.
    pub legal_name: Option<String>,
    /// Tax identification number.
    pub tin: Option<String>,
    /// When the company began.
    pub company_created_at: Instant,
    /// The person, unless the company itself is calling.
    pub profile: Option<Profile>,
    /// What was presented.
    pub credential: CredentialKind,
    /// The application that a token was issued to.
    pub application: Option<i64>,
    /// The row of the credential, by which its source notes its use.
    pub reference: i64,
    /// When it stops to work.
    pub valid_until: Option<Instant>,
    /// When it was issued.
    pub created_at: Instant,
}

/// What is said about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The address that the person logs in with.
    pub login_email: String,
    /// First name in this company.
    pub first_name: String,
    /// Last name in this company.
    pub last_name: String,
    /// The address for messages of this company, where it is another one.
    pub employee_email: Option<String>,
}

impl Profile {
    /// The address for messages.
    pub fn contact_email(&self) -> &str {
        self.employee_email.as_deref().unwrap_or(&self.login_email)
    }

    /// First and last name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// What is said about a company.
#[derive(Debug, Clone)]
pub struct CompanyIdentity {
    /// The company.
    pub company: Id<Company>,
    /// What it is called.
    pub name: String,
    /// The name in the commercial register.
    pub legal_name: Option<String>,
    /// Tax identification number.
    pub tin: Option<String>,
    /// When it began.
    pub created_at: Instant,
}

/// A member of a company.
#[derive(Debug, Clone)]
pub struct PersonIdentity {
    /// The person, as permissions see them.
    pub person: Person,
    /// The person, as others see them.
    pub profile: Profile,
    /// The company.
    pub company: CompanyIdentity,
    /// When the membership ends, if that is known.
    pub until: Option<Instant>,
}

/// A company, for an [`Identity`].
pub fn company_identity(
    tx: &mut Tx<'_>,
    company: Id<Company>,
) -> Result<Option<CompanyIdentity>, storage::Error> {
    let row = tx.instance("a company is no row of another").find(CompanyRecord::id.eq(company))?;
    Ok(row.map(|row| CompanyIdentity {
        company: row.id,
        name: row.name,
        legal_name: row.legal_name,
        tin: row.tin,
        created_at: row.created_at,
    }))
}

/// A member, for an [`Identity`]. `None` unless the membership lets the person in now.
pub fn person_identity(
    tx: &mut Tx<'_>,
    access: Id<Access>,
) -> Result<Option<PersonIdentity>, storage::Error> {
    let open = AccessRecord::open(tx.now()).and(AccessRecord::id.eq(access));
    let access = tx.instance("the access says which company it is of").find(open)?;
    access.map_or(Ok(None), |access| person_of(tx, &access))
}

/// The person of a membership.
pub(crate) fn person_of(
    tx: &mut Tx<'_>,
    access: &AccessRecord,
) -> Result<Option<PersonIdentity>, storage::Error> {
    let user = tx.instance("logins belong to no company").find(UserRecord::id.eq(access.user_id))?;
    let mut bound = tx.company(access.company_id);
    let employee = bound.find(EmployeeRecord::access_id.eq(access.id))?;
    let group = bound.find(PermissionGroupRecord::id.eq(access.permission_group_id))?;
    let company = company_identity(tx, access.company_id)?;
    let (Some(user), Some(employee), Some(group), Some(company)) = (user, employee, group, company) else {
        return Ok(None);
    };
    Ok(Some(PersonIdentity {
        person: Person {
            user: user.id,
            access: access.id,
            employee: employee.id,
            administrator: group.kind == ADMINISTRATORS,
            group: Arc::new(group_of(&group)),
        },
        profile: Profile {
            login_email: user.email,
            first_name: employee.first_name,
            last_name: employee.last_name,
            employee_email: employee.email,
        },
        company,
        until: access.ends_at,
    }))
}

/// The memberships of whoever logs in with an address, with their companies.
pub fn persons_of(tx: &mut Tx<'_>, email: &str) -> Result<Vec<PersonIdentity>, storage::Error> {
    let email = crate::normal_email(email);
    let user = tx.instance("logins belong to no company").find(UserRecord::email.eq(email))?;
    let Some(user) = user else { return Ok(Vec::new()) };
    let accesses = tx
        .instance("a person may belong to several companies")
        .list(AccessRecord::user_id.eq(user.id).ascending(AccessRecord::id))?;
    let mut persons = Vec::new();
    for access in accesses {
        persons.extend(person_of(tx, &access)?);
    }
    Ok(persons)
}

/// The person of an employee record, whether or not the invitation was accepted.
pub fn person_of_employee(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    employee: Id<Employee>,
) -> Result<Option<PersonIdentity>, storage::Error> {
    let mut bound = tx.company(company);
    let Some(employee) = bound.find(EmployeeRecord::id.eq(employee))? else { return Ok(None) };
    match bound.find(AccessRecord::id.eq(employee.access_id))? {
        Some(access) => person_of(tx, &access),
        None => Ok(None),
    }
}

/// A group, as decisions see it.
pub fn group_of(group: &PermissionGroupRecord) -> Group {
    let policy = match &group.policy {
        Some(text) => Policy::parse(text),
        None if group.kind == DEFAULT_EMPLOYEES => Policy::default_employees(),
        None => Policy::default(),
    };
    Group { name: group.name.clone(), policy }
}

/// Why a credential is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// There is none like it.
    Unknown,
    /// Its time is over.
    Expired,
    /// It was withdrawn.
    Revoked,
}

/// Why a request is not authenticated.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The credential is not accepted.
    #[error("the credential is not accepted: {0:?}")]
    Rejected(Rejection),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// What a source knows of a credential.
#[derive(Debug)]
pub enum Found {
    /// A credential that works.
    Live {
        /// Whose.
        identity: Box<Identity>,
        /// Whether its first use has to be noted before it is answered.
        first_use: bool,
    },
    /// A credential that worked once.
    Dead(Rejection),
}

/// A kind of credential, in the database.
pub trait Source: Send + Sync {
    /// The credential that was presented. Only reads.
    fn find(&self, tx: &mut Tx<'_>, presented: &Presented) -> Result<Option<Found>, storage::Error>;

    /// Notes the first use of a credential.
    fn first_use(&self, tx: &mut Tx<'_>, reference: i64) -> Result<(), storage::Error>;

    /// Notes when credentials were last used.
    fn used(&self, tx: &mut Tx<'_>, uses: &[(i64, Instant)]) -> Result<(), storage::Error>;
}

/// Milliseconds by which the stored time of a last use may lag behind.
const PRECISION: i64 = registry::MINUTE;

/// Uses that are written down in one transaction.
const USES: usize = 200;

/// A credential that is remembered.
struct Remembered {
    /// The source that it is of: a key presented as a token is no token.
    source: usize,
    identity: Arc<Identity>,
    /// When it was last used, in milliseconds since the epoch.
    used: AtomicI64,
    /// Up to when that is written down.
    written: AtomicI64,
}

impl Remembered {
    /// A use that is worth writing down: one much later than what is stored.
    fn unwritten(&self) -> Option<(Use, i64)> {
        let used = self.used.load(Ordering::Relaxed);
        (used >= self.written.load(Ordering::Relaxed).saturating_add(PRECISION))
            .then_some(((self.source, self.identity.reference), used))
    }
}

/// A source and a row of it.
type Use = (usize, i64);

type Shard = HashMap<Hash, Remembered>;

/// What is remembered. Apart from [`Credentials`] because the database's listener holds it, too.
struct Cache {
    shards: [RwLock<Shard>; SHARDS],
    /// Counts what became stale, so that a value that was loaded before is not remembered after it.
    epoch: AtomicU64,
    /// Uses of credentials that are not, or no longer, remembered.
    forgotten: Mutex<HashMap<Use, i64>>,
}

impl Cache {
    fn new() -> Self {
        Self {
            shards: std::array::from_fn(|_| RwLock::default()),
            epoch: AtomicU64::new(0),
            forgotten: Mutex::default(),
        }
    }

    fn shard(&self, hash: &Hash) -> &RwLock<Shard> {
        &self.shards[usize::from(hash[0]) % SHARDS]
    }

    /// The hit path: no allocation, no waiting for the database.
    fn get(&self, source: usize, hash: &Hash, now: Instant) -> Option<Arc<Identity>> {
        let shard = read(self.shard(hash));
        let found = shard.get(hash).filter(|found| found.source == source)?;
        // What is over is for the database to say: a session may have been prolonged.
        if found.identity.valid_until.is_some_and(|until| until <= now) {
            return None;
        }
        found.used.fetch_max(now.millis(), Ordering::Relaxed);
        Some(found.identity.clone())
    }

    /// Remembers what was loaded when `epoch` was current, unless something became stale since then.
    fn insert(&self, source: usize, hash: Hash, identity: &Arc<Identity>, now: Instant, epoch: u64) {
        let mut shard = write(self.shard(&hash));
        // Under the lock: a notice counts first and removes then, so it cannot slip in between.
        if self.epoch.load(Ordering::SeqCst) != epoch {
            drop(shard);
            self.note([((source, identity.reference), now.millis())]);
            return;
        }
        if shard.len() >= CAPACITY / SHARDS && !shard.contains_key(&hash) {
            // Any half: which one is no use to keep track of, as whatever is in use comes back.
            let mut keep = false;
            self.retain(&mut shard, |_, _| {
                keep = !keep;
                keep
            });
        }
        let (used, written) = (AtomicI64::new(now.millis()), AtomicI64::new(i64::MIN));
        shard.insert(hash, Remembered { source, identity: identity.clone(), used, written });
    }

    fn on_stale(&self, stale: &Stale) {
        if *stale == Stale::Clock {
            // Whether a credential has expired is looked at on every use.
            return;
        }
        self.epoch.fetch_add(1, Ordering::SeqCst);
        match stale {
            Stale::Credential(hash) => self.retain(&mut write(self.shard(hash)), |other, _| other != hash),
            stale => {
                for shard in &self.shards {
                    self.retain(&mut write(shard), |_, found| !concerns(stale, &found.identity.principal));
                }
            }
        }
    }

    /// Forgets all that is not wanted, but not when it was used.
    fn retain(&self, shard: &mut Shard, mut wanted: impl FnMut(&Hash, &Remembered) -> bool) {
        let mut uses = Vec::new();
        shard.retain(|hash, found| {
            let keep = wanted(hash, found);
            if !keep {
                uses.extend(found.unwritten());
            }
            keep
        });
        self.note(uses);
    }

    /// Keeps uses until they are written down.
    fn note(&self, uses: impl IntoIterator<Item = (Use, i64)>) {
        let mut forgotten = lock(&self.forgotten);
        for (key, at) in uses {
            // A bound, in case nobody ever writes them down.
            if forgotten.len() < CAPACITY || forgotten.contains_key(&key) {
                let newest = forgotten.entry(key).or_insert(at);
                *newest = at.max(*newest);
            }
        }
    }

    /// Takes all uses that are not written down yet, and forgets what has expired.
    fn take_uses(&self, now: Instant) -> HashMap<Use, i64> {
        for shard in &self.shards {
            self.retain(&mut write(shard), |_, found| {
                found.identity.valid_until.is_none_or(|until| until > now)
            });
        }
        let mut uses = std::mem::take(&mut *lock(&self.forgotten));
        for shard in &self.shards {
            for found in read(shard).values() {
                if let Some((key, at)) = found.unwritten() {
                    found.written.store(at, Ordering::Relaxed);
                    let newest = uses.entry(key).or_insert(at);
                    *newest = at.max(*newest);
                }
            }
        }
        uses
    }
}

/// Whether a notice may change what is remembered of a principal.
fn concerns(stale: &Stale, principal: &Principal) -> bool {
    match stale {
        Stale::Company(company) => principal.company.get() == *company,
        Stale::User(user) => principal.person().is_some_and(|person| person.user.get() == *user),
        _ => true,
    }
}

// A panic while a lock was held leaves a map that is whole; only the entry at hand may be missing.
fn read(shard: &RwLock<Shard>) -> RwLockReadGuard<'_, Shard> {
    shard.read().unwrap_or_else(PoisonError::into_inner)
}

fn write(shard: &RwLock<Shard>) -> RwLockWriteGuard<'_, Shard> {
    shard.write().unwrap_or_else(PoisonError::into_inner)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Turns bearer credentials into who is calling.
pub struct Credentials {
    db: Database,
    sources: Vec<Arc<dyn Source>>,
    cache: Arc<Cache>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

impl Credentials {
    /// With sources, which callers then name by their place.
    pub fn new(db: Database, sources: Vec<Box<dyn Source>>) -> Self {
        let cache = Arc::new(Cache::new());
        // The cache alone: a listener that held the database would keep it open for ever.
        let listening = cache.clone();
        db.on_stale(move |stale| listening.on_stale(stale));
        Self { db, sources: sources.into_iter().map(Arc::from).collect(), cache }
    }

    /// Whose credential this is, as the source at a place knows it.
    pub async fn authenticate(&self, source: usize, presented: &str) -> Result<Arc<Identity>, AuthError> {
        let hash = hash(presented);
        if self.db.coherent()
            && let Some(known) = self.cache.get(source, &hash, self.db.clock().now())
        {
            return Ok(known);
        }
        self.load(source, Presented::new(presented)).await
    }

    async fn load(&self, place: usize, presented: Presented) -> Result<Arc<Identity>, AuthError> {
        let source = self.sources.get(place).ok_or(AuthError::Rejected(Rejection::Unknown))?;
        // Before the database is asked: whatever becomes stale from here on counts.
        let epoch = self.cache.epoch.load(Ordering::SeqCst);
        let asked = source.clone();
        let found = self.db.read(move |tx| asked.find(tx, &presented)).await?;
        let (identity, first_use) = match found {
            Some(Found::Live { identity, first_use }) => (Arc::<Identity>::from(identity), first_use),
            Some(Found::Dead(rejection)) => return Err(AuthError::Rejected(rejection)),
            None => return Err(AuthError::Rejected(Rejection::Unknown)),
        };
        let now = self.db.clock().now();
        if identity.valid_until.is_some_and(|until| until <= now) {
            return Err(AuthError::Rejected(Rejection::Expired));
        }
        if first_use {
            let (noting, reference) = (source.clone(), identity.reference);
            self.db.write(move |tx| noting.first_use(tx, reference)).await?;
        }
        if self.db.coherent() {
            self.cache.insert(place, presented.hash, &identity, now, epoch);
        } else {
            self.cache.note([((place, identity.reference), now.millis())]);
        }
        Ok(identity)
    }

    /// Writes down when credentials were last used, give or take a minute, in small writes, so that none holds the
    /// database for long. Call it now and then, and before the server ends.
    pub async fn flush(&self) -> Result<(), storage::Error> {
        let mut by_source = vec![Vec::new(); self.sources.len()];
        for ((place, reference), at) in self.cache.take_uses(self.db.clock().now()) {
            by_source[place].push((reference, Instant::from_millis(at)));
        }
        let mut outcome = Ok(());
        for (place, (source, uses)) in self.sources.iter().zip(by_source).enumerate() {
            for uses in uses.chunks(USES) {
                let (noting, written) = (source.clone(), uses.to_vec());
                if let Err(error) = self.db.write(move |tx| noting.used(tx, &written)).await {
                    self.cache.note(uses.iter().map(|(reference, at)| ((place, *reference), at.millis())));
                    outcome = Err(error);
                }
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use access::ActsAs;

    use super::*;
    use crate::random;

    #[test]
    fn the_memory_is_bounded_and_no_use_is_lost() {
        let (cache, now) = (Cache::new(), Instant::from_millis(1));
        let identity = Identity {
            principal: Principal { company: Id::new(1), acts_as: ActsAs::Company, scopes: None },
            company_name: String::new(),
            legal_name: None,
            tin: None,
            company_created_at: now,
            profile: None,
            credential: CredentialKind::ApiKey,
            application: None,
            reference: 0,
            valid_until: None,
            created_at: now,
        };
        let mut last = Hash::default();
        for reference in 0..2 * CAPACITY as i64 {
            last = random();
            cache.insert(0, last, &Arc::new(Identity { reference, ..identity.clone() }), now, 0);
        }
        let remembered: usize = cache.shards.iter().map(|shard| read(shard).len()).sum();
        assert!((CAPACITY / 4..=CAPACITY).contains(&remembered), "{remembered}");
        assert!(cache.get(0, &last, now).is_some());
        assert!(cache.take_uses(now).len() >= remembered.max(CAPACITY));
        assert!(cache.take_uses(now).is_empty());
    }
}
