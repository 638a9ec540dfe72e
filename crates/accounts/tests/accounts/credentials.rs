//! API keys, and the memory of credentials.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant as Moment};

use access::{ActsAs, Principal};
use accounts::session::{self, SESSION_IDLE, SessionSource};
use accounts::{
    ApiKeySource, AuthError, CredentialKind, Credentials, Found, Identity, MIGRATIONS, Presented, Rejection,
    Secret, Source, api_keys, company, members,
};
use registry::{HOUR, Id, Instant, MINUTE, SECOND};
use storage::testing::START;
use storage::{Clock, Database, Stale, Tx};
use tokio::runtime::Runtime;

use crate::world::{World, actor, problems, worlds};

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(20);

const OWNER: &str = "ada@acme.example";

/// Waits until the database's caches hear of every change.
fn wait_until_coherent(db: &Database) {
    let (wake, woken) = mpsc::channel();
    db.on_stale(move |_| {
        let _ = wake.send(());
    });
    let started = Moment::now();
    while !db.coherent() {
        assert!(started.elapsed() < PATIENCE, "the listener never came up");
        let _ = woken.recv_timeout(Duration::from_millis(5));
    }
}

fn ask(runtime: &Runtime, credentials: &Credentials, key: &Secret) -> Result<Arc<Identity>, Rejection> {
    match runtime.block_on(credentials.authenticate(0, key.expose())) {
        Ok(identity) => Ok(identity),
        Err(AuthError::Rejected(rejection)) => Err(rejection),
        Err(AuthError::Storage(error)) => panic!("{error}"),
    }
}

fn new_key(
    world: &World,
    company: Id<registry::Company>,
    name: &'static str,
) -> (Id<accounts::records::ApiKey>, Secret) {
    let key = Secret::generate();
    let secret = key.clone();
    (world.write(move |tx| api_keys::create(tx, &actor(), company, name, &secret)).unwrap(), key)
}

#[test]
fn an_api_key_acts_as_its_company_until_it_is_deleted() {
    let runtime = Runtime::new().unwrap();
    for world in worlds() {
        let (acme, other) = (world.found("Acme", OWNER), world.found("Other", "eve@other.example"));
        let (id, key) = new_key(&world, acme.company, " Payroll ");
        let credentials = Credentials::new(world.db().clone(), vec![Box::new(ApiKeySource)]);
        wait_until_coherent(world.db());
        for _ in 0..2 {
            let identity = ask(&runtime, &credentials, &key).unwrap();
            assert_eq!(identity.principal.company, acme.company, "{}", world.engine());
            assert!(identity.principal.is_administrator() && identity.profile.is_none());
            assert_eq!(
                (identity.credential, identity.company_name.as_str()),
                (CredentialKind::ApiKey, "Acme")
            );
        }
        for unknown in ["", "x", &key.expose()[1..], &key.expose().to_uppercase()] {
            assert_eq!(
                ask(&runtime, &credentials, &Secret::presented(unknown)).unwrap_err(),
                Rejection::Unknown
            );
        }
        assert!(matches!(
            runtime.block_on(credentials.authenticate(7, key.expose())),
            Err(AuthError::Rejected(Rejection::Unknown))
        ));
        let listed = world.read(move |tx| api_keys::list(tx, acme.company));
        assert_eq!((listed[0].name.as_str(), listed[0].hint.as_str()), ("Payroll", &key.expose()[60..]));
        assert_eq!(listed[0].created_by, "a test");
        // Last use is written later, in one go.
        assert_eq!(listed[0].last_used_at, None);
        world.advance(SECOND);
        ask(&runtime, &credentials, &key).unwrap();
        runtime.block_on(credentials.flush()).unwrap();
        let last_used = || world.read(move |tx| api_keys::list(tx, acme.company))[0].last_used_at;
        assert_eq!(last_used(), Some(START + SECOND));
        let foreign = world.write(move |tx| api_keys::delete(tx, &actor(), other.company, id));
        assert!(matches!(foreign, Err(accounts::Error::NotFound)));
        assert!(ask(&runtime, &credentials, &key).is_ok());
        world.write(move |tx| api_keys::delete(tx, &actor(), acme.company, id)).unwrap();
        assert_eq!(ask(&runtime, &credentials, &key).unwrap_err(), Rejection::Unknown, "{}", world.engine());
        let nameless =
            world.write(move |tx| api_keys::create(tx, &actor(), acme.company, " ", &Secret::generate()));
        assert_eq!(problems(nameless), [("name", "blank")]);
        let log = world.audit(acme.company);
        assert_eq!((log["api_key.created"], log["api_key.deleted"]), (1, 1));
    }
}

#[test]
fn what_is_said_about_a_company_is_never_old() {
    let runtime = Runtime::new().unwrap();
    for world in worlds() {
        let acme = world.found("Acme", OWNER);
        let (_, key) = new_key(&world, acme.company, "key");
        let credentials = Credentials::new(world.db().clone(), vec![Box::new(ApiKeySource)]);
        wait_until_coherent(world.db());
        for name in ["One", "Two", "Three"] {
            ask(&runtime, &credentials, &key).unwrap();
            world.write(move |tx| company::update(tx, &actor(), acme.company, name, "", "")).unwrap();
            assert_eq!(ask(&runtime, &credentials, &key).unwrap().company_name, name, "{}", world.engine());
        }
    }
}

/// A source that counts what it is asked, and can be held up while it answers.
#[derive(Clone, Default)]
struct Watched(Arc<Watch>);

#[derive(Default)]
struct Watch {
    finds: AtomicUsize,
    first_uses: AtomicUsize,
    uses: Mutex<Vec<(i64, Instant)>>,
    is_new: Mutex<bool>,
    valid_until: Mutex<Option<Instant>>,
    /// Tells that the database was read, and waits for leave to go on.
    hold: Mutex<Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>>,
}

impl Watched {
    fn finds(&self) -> usize {
        self.0.finds.load(Ordering::SeqCst)
    }
}

impl Source for Watched {
    fn find(&self, _: &mut Tx<'_>, _: &Presented) -> Result<Option<Found>, storage::Error> {
        self.0.finds.fetch_add(1, Ordering::SeqCst);
        if let Some((loaded, go_on)) = self.0.hold.lock().unwrap().take() {
            loaded.send(()).unwrap();
            go_on.recv_timeout(PATIENCE).unwrap();
        }
        let identity = Identity {
            principal: Principal {
                company: Id::new(1),
                acts_as: ActsAs::Person(access::Person {
                    user: Id::new(2),
                    access: Id::new(3),
                    employee: Id::new(4),
                    administrator: false,
                    group: Arc::default(),
                }),
                scopes: None,
            },
            company_name: "Acme".to_owned(),
            legal_name: None,
            tin: None,
            company_created_at: START,
            profile: None,
            credential: CredentialKind::UserToken,
            application: None,
            reference: 5,
            valid_until: *self.0.valid_until.lock().unwrap(),
            created_at: START,
        };
        let first_use = *self.0.is_new.lock().unwrap();
        Ok(Some(Found::Live { identity: Box::new(identity), first_use }))
    }

    fn first_use(&self, _: &mut Tx<'_>, reference: i64) -> Result<(), storage::Error> {
        assert_eq!(reference, 5);
        self.0.first_uses.fetch_add(1, Ordering::SeqCst);
        *self.0.is_new.lock().unwrap() = false;
        Ok(())
    }

    fn used(&self, _: &mut Tx<'_>, uses: &[(i64, Instant)]) -> Result<(), storage::Error> {
        self.0.uses.lock().unwrap().extend(uses);
        Ok(())
    }
}

fn watched(world: &World) -> (Watched, Credentials) {
    let source = Watched::default();
    let credentials = Credentials::new(world.db().clone(), vec![Box::new(source.clone())]);
    wait_until_coherent(world.db());
    (source, credentials)
}

fn tell(world: &World, stale: Stale) {
    let (wake, woken) = mpsc::channel();
    let expected = stale.clone();
    world.db().on_stale(move |heard| {
        if *heard == expected {
            let _ = wake.send(());
        }
    });
    world
        .write(move |tx| {
            tx.stale(stale.clone());
            Ok(())
        })
        .unwrap();
    // A node hears of its own writes once, before they are answered.
    woken.recv_timeout(PATIENCE).unwrap();
}

#[test]
fn the_database_is_asked_once_until_something_is_stale() {
    let runtime = Runtime::new().unwrap();
    for world in worlds() {
        let (source, credentials) = watched(&world);
        let key = Secret::generate();
        let asked = |count: usize, why: &str| {
            for _ in 0..3 {
                ask(&runtime, &credentials, &key).unwrap();
            }
            assert_eq!(source.finds(), count, "{}: {why}", world.engine());
        };
        asked(1, "remembered");
        tell(&world, Stale::Company(9));
        tell(&world, Stale::User(9));
        tell(&world, Stale::Credential([9; 32]));
        tell(&world, Stale::Clock);
        asked(1, "nothing of it changed");
        tell(&world, Stale::Company(1));
        asked(2, "its company");
        tell(&world, Stale::User(2));
        asked(3, "its person");
        tell(&world, Stale::Credential(key.hash()));
        asked(4, "itself");
        tell(&world, Stale::All);
        asked(5, "everything");
    }
}

#[test]
fn what_becomes_stale_while_it_is_loaded_is_not_remembered() {
    let runtime = Runtime::new().unwrap();
    for world in worlds() {
        let (source, credentials) = watched(&world);
        let key = Secret::generate();
        for (round, stale) in [Stale::Credential(key.hash()), Stale::User(2), Stale::Company(1), Stale::All]
            .into_iter()
            .enumerate()
        {
            let (loaded, is_loaded) = mpsc::channel();
            let (go_on, may_go_on) = mpsc::channel();
            *source.0.hold.lock().unwrap() = Some((loaded, may_go_on));
            std::thread::scope(|scope| {
                let slow = scope.spawn(|| ask(&runtime, &credentials, &key).is_ok());
                is_loaded.recv_timeout(PATIENCE).unwrap();
                tell(&world, stale);
                go_on.send(()).unwrap();
                assert!(slow.join().unwrap(), "it was good when it was asked");
            });
            ask(&runtime, &credentials, &key).unwrap();
            assert_eq!(source.finds(), 2 * round + 2, "{}: loaded again", world.engine());
            ask(&runtime, &credentials, &key).unwrap();
            assert_eq!(source.finds(), 2 * round + 2, "{}: and then remembered", world.engine());
            tell(&world, Stale::All);
        }
    }
}

#[test]
fn a_first_use_is_noted_before_it_is_answered_and_once() {
    let runtime = Runtime::new().unwrap();
    for world in worlds() {
        let (source, credentials) = watched(&world);
        *source.0.is_new.lock().unwrap() = true;
        let key = Secret::generate();
        for _ in 0..3 {
            ask(&runtime, &credentials, &key).unwrap();
            assert_eq!(source.0.first_uses.load(Ordering::SeqCst), 1, "{}", world.engine());
        }
    }
}

#[test]
fn time_ends_a_credential_from_memory_too() {
    let runtime = Runtime::new().unwrap();
    for world in worlds() {
        let (source, credentials) = watched(&world);
        *source.0.valid_until.lock().unwrap() = Some(START + HOUR);
        let key = Secret::generate();
        ask(&runtime, &credentials, &key).unwrap();
        world.advance(HOUR - 1);
        ask(&runtime, &credentials, &key).unwrap();
        world.advance(1);
        for _ in 0..2 {
            assert_eq!(
                ask(&runtime, &credentials, &key).unwrap_err(),
                Rejection::Expired,
                "{}",
                world.engine()
            );
        }
        // Its last use is not lost, even when it is forgotten before that is written down.
        runtime.block_on(credentials.flush()).unwrap();
        assert_eq!(*source.0.uses.lock().unwrap(), [(5, START + (HOUR - 1))]);
        runtime.block_on(credentials.flush()).unwrap();
        assert_eq!(source.0.uses.lock().unwrap().len(), 1, "nothing new");
    }
}

#[test]
fn uses_survive_a_notice_that_makes_them_stale() {
    let runtime = Runtime::new().unwrap();
    for world in worlds() {
        let (source, credentials) = watched(&world);
        ask(&runtime, &credentials, &Secret::generate()).unwrap();
        tell(&world, Stale::All);
        runtime.block_on(credentials.flush()).unwrap();
        assert_eq!(*source.0.uses.lock().unwrap(), [(5, START)], "{}", world.engine());
    }
}

#[test]
fn a_use_soon_after_one_that_is_written_down_is_not_written() {
    let runtime = Runtime::new().unwrap();
    for world in worlds() {
        let (source, credentials) = watched(&world);
        let key = Secret::generate();
        let mut written = Vec::new();
        for (after, expected) in [(0, true), (SECOND, false), (MINUTE - SECOND, true), (MINUTE - 1, false)] {
            world.advance(after);
            ask(&runtime, &credentials, &key).unwrap();
            runtime.block_on(credentials.flush()).unwrap();
            if expected {
                written.push((5, world.db().clock().now()));
            }
            assert_eq!(*source.0.uses.lock().unwrap(), written, "{} {after}", world.engine());
        }
    }
}

#[test]
fn a_key_of_one_source_is_none_of_another() {
    let runtime = Runtime::new().unwrap();
    for world in worlds() {
        let acme = world.found("Acme", OWNER);
        let (_, key) = new_key(&world, acme.company, "key");
        /// Knows nothing.
        struct Nothing;
        impl Source for Nothing {
            fn find(&self, _: &mut Tx<'_>, _: &Presented) -> Result<Option<Found>, storage::Error> {
                Ok(None)
            }
            fn first_use(&self, _: &mut Tx<'_>, _: i64) -> Result<(), storage::Error> {
                Ok(())
            }
            fn used(&self, _: &mut Tx<'_>, _: &[(i64, Instant)]) -> Result<(), storage::Error> {
                Ok(())
            }
        }
        let credentials =
            Credentials::new(world.db().clone(), vec![Box::new(ApiKeySource), Box::new(Nothing)]);
        wait_until_coherent(world.db());
        ask(&runtime, &credentials, &key).unwrap();
        let as_token = runtime.block_on(credentials.authenticate(1, key.expose()));
        assert!(matches!(as_token, Err(AuthError::Rejected(Rejection::Unknown))), "{}", world.engine());
    }
}

#[test]
fn a_deletion_on_one_node_is_heard_by_the_other() {
    let runtime = Runtime::new().unwrap();
    for world in worlds() {
        let acme = world.found("Acme", OWNER);
        let (id, key) = new_key(&world, acme.company, "key");
        let other = Database::open(&world.test.options, Clock::stopped(START), MIGRATIONS).unwrap();
        let credentials = Credentials::new(other.clone(), vec![Box::new(ApiKeySource)]);
        wait_until_coherent(&other);
        let (heard, hears) = mpsc::channel();
        other.on_stale(move |stale| drop(heard.send(stale.clone())));
        for _ in 0..2 {
            ask(&runtime, &credentials, &key).unwrap();
        }
        world.write(move |tx| api_keys::delete(tx, &actor(), acme.company, id)).unwrap();
        let expected = Stale::Credential(key.hash());
        while !matches!(hears.recv_timeout(PATIENCE).unwrap(), stale if stale == expected || stale == Stale::All)
        {
        }
        assert_eq!(ask(&runtime, &credentials, &key).unwrap_err(), Rejection::Unknown, "{}", world.engine());
    }
}

#[test]
fn a_person_is_known_by_an_accepted_access_only() {
    for world in worlds() {
        let acme = world.found("Acme", OWNER);
        let (vault, token) = (world.vault.clone(), Secret::generate());
        let issued = token.clone();
        let access = world
            .write(move |tx| {
                let (to, base) = ("bob@acme.example", crate::world::BASE);
                members::invite(tx, &vault, base, &actor(), acme.company, "Bob", "Babbage", to, &issued)
            })
            .unwrap();
        let identity = || world.read(move |tx| Ok(accounts::person_identity(tx, access)?));
        assert!(identity().is_none(), "{}", world.engine());
        world.write(move |tx| members::accept(tx, &token, Some("$x".to_owned()), None, "")).unwrap();
        let known = identity().unwrap();
        assert_eq!(
            (known.profile.full_name().as_str(), known.profile.contact_email()),
            ("Bob Babbage", "bob@acme.example")
        );
        assert_eq!((known.company.company, known.person.administrator), (acme.company, false));
    }
}

#[test]
fn a_session_is_a_credential_while_it_lasts() {
    let runtime = Runtime::new().unwrap();
    for world in worlds() {
        let acme = world.found("Acme", OWNER);
        let other =
            world.write(move |tx| company::found_for(tx, &actor(), acme.user, "Other", "Ada", "L")).unwrap();
        let token = world.session(acme.user, OWNER);
        let credentials = Credentials::new(world.db().clone(), vec![Box::new(SessionSource)]);
        wait_until_coherent(world.db());
        let company = || ask(&runtime, &credentials, &token).map(|identity| identity.principal.company);
        let hash = token.hash();
        for shown in [acme.company, other.company] {
            world.write(move |tx| session::switch(tx, &hash, acme.user, shown)).unwrap();
            assert_eq!(company(), Ok(shown), "{}", world.engine());
        }
        // Used in a browser it lives on, although the remembered one would have ended.
        world.advance(SESSION_IDLE - 1);
        let (id, now) = (world.view(&token).unwrap().session, world.db().clock().now());
        world.write(move |tx| session::touch(tx, id, now)).unwrap();
        world.advance(1);
        assert_eq!(company(), Ok(other.company), "{}", world.engine());
        world.write(move |tx| session::log_out(tx, &actor(), &hash)).unwrap();
        assert_eq!(company(), Err(Rejection::Unknown), "{}", world.engine());
    }
}
