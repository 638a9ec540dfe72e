//! Deliveries: to a receiver that behaves, and to receivers that do not, with a clock that is moved by hand.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accounts::outside::Reachable;
use serde_json::{Value, json};
use storage::Condition;
use support::{Answer, HOUR, MINUTE, Person, SECOND, World, engine};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;
use webhooks::client::{Resolve, System, Waiting};
use webhooks::{DeliveryRecord, QueueRecord, Settings, Worker, queue, schedule};

const VERSION: &str = "2026-10-01";
const SUBSCRIPTIONS: &str = "api_public/webhook_subscriptions";

/// What a receiver does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Answers(u16),
    Redirects,
    Stalls,
    TalksGarbage,
    ClosesEarly,
    BreaksOff,
    AnswersForEver,
    /// Answers once there are as many as a host is asked at the same time.
    Waits,
}

/// Requests that a host is sent at the same time.
const AT_HOST: usize = 8;

/// A request as it came.
#[derive(Debug, Clone)]
struct Received {
    headers: BTreeMap<String, String>,
    body: String,
}

impl Received {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Somebody who is told.
#[derive(Clone)]
struct Receiver {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
    /// What it does next; success where nothing is left.
    plan: Arc<Mutex<VecDeque<Does>>>,
    /// How often it was connected to.
    connections: Arc<AtomicUsize>,
    /// Requests that it has not answered, and the most that there were.
    open: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    together: Arc<Barrier>,
}

impl Receiver {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (received, plan, connections) = (Arc::default(), Arc::default(), Arc::default());
        let (open, most, together) = (Arc::default(), Arc::default(), Arc::new(Barrier::new(AT_HOST)));
        let receiver = Self { port, received, plan, connections, open, most, together };
        let inner = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                inner.connections.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(inner.clone().serve(stream));
            }
        });
        receiver
    }

    fn will(&self, plan: &[Does]) {
        self.plan.lock().unwrap().extend(plan);
    }

    fn taken(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().unwrap())
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut read = Vec::new();
        loop {
            let end = loop {
                if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                    break end + 4;
                }
                let mut some = [0; 4096];
                match stream.read(&mut some).await {
                    Ok(0) | Err(_) => return,
                    Ok(count) => read.extend_from_slice(&some[..count]),
                }
            };
            let head = String::from_utf8(read[..end].to_vec()).unwrap();
            let headers: BTreeMap<_, _> = head
                .lines()
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect();
            let length: usize = headers["content-length"].parse().unwrap();
            while read.len() < end + length {
                let mut some = [0; 4096];
                let count = stream.read(&mut some).await.unwrap();
                read.extend_from_slice(&some[..count]);
            }
            let body = String::from_utf8(read[end..end + length].to_vec()).unwrap();
            read.drain(..end + length);
            self.received.lock().unwrap().push(Received { headers, body });
            let does = self.plan.lock().unwrap().pop_front().unwrap_or(Does::Answers(200));
            let open = self.open.fetch_add(1, Ordering::Relaxed) + 1;
            self.most.fetch_max(open, Ordering::Relaxed);
            if matches!(does, Does::Waits) {
                self.together.wait().await;
            }
            let answer = match does {
                Does::Waits => "HTTP/1.1 204 Nothing\r\n\r\n".into(),
                Does::Answers(status) => {
                    format!(
                        "HTTP/1.1 {status} Whatever\r\nset-cookie: secret=1\r\ncontent-length: 4\r\n\r\nfine"
                    )
                }
                Does::Redirects => {
                    "HTTP/1.1 307 Elsewhere\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n".into()
                }
                Does::TalksGarbage => "\0\u{1}SSH-2.0-nothing\r\n\r\n".into(),
                Does::ClosesEarly => return,
                Does::BreaksOff => "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this".into(),
                Does::Stalls => {
                    std::future::pending::<()>().await;
                    return;
                }
                Does::AnswersForEver => {
                    let begin = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
                    let _ = stream.write_all(begin.as_bytes()).await;
                    let chunk = format!("1000\r\n{}\r\n", "x".repeat(4096));
                    while stream.write_all(chunk.as_bytes()).await.is_ok() {}
                    return;
                }
            };
            self.open.fetch_sub(1, Ordering::Relaxed);
            if stream.write_all(answer.as_bytes()).await.is_err()
                || matches!(does, Does::BreaksOff | Does::TalksGarbage)
            {
                return;
            }
        }
    }
}

/// A resolver whose answers change.
#[derive(Default)]
struct Names(Mutex<VecDeque<IpAddr>>);

impl Resolve for Names {
    fn resolve<'a>(&'a self, _: &'a str) -> Waiting<'a, io::Result<Vec<IpAddr>>> {
        let next = self.0.lock().unwrap().pop_front().into_iter().collect();
        Box::pin(async move { Ok(next) })
    }
}

/// A company that is told, and the worker that tells it.
struct Told {
    world: World,
    ada: Person,
    key: String,
    receiver: Receiver,
    worker: Arc<Worker>,
}

fn worker(world: &World, resolver: Arc<dyn Resolve>, reachable: Reachable, timeout: Duration) -> Arc<Worker> {
    let settings = Settings {
        base_url: support::BASE.to_owned(),
        reachable,
        timeout,
        owner_of: oauth::application::maker,
    };
    let (db, vault) = (world.app.db.clone(), world.app.vault.clone());
    Arc::new(Worker::new(db, vault, engine(), resolver, settings).unwrap())
}

impl Told {
    async fn new(world: &World, name: &str) -> Self {
        world.app.db.write(|tx| Reachable::Loopback.remember(tx)).await.unwrap();
        let mut ada = world.sign_up(name).await;
        let key = ada.api_key("Tests").await;
        let worker = worker(world, Arc::new(System), Reachable::Loopback, Duration::from_millis(500));
        Self { world: world.clone(), ada, key, receiver: Receiver::new().await, worker }
    }

    async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.world.call(method, path).header("x-api-key", &self.key).json(body).send().await
    }

    async fn resource(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.call(method, &format!("/api/{VERSION}/resources/{path}"), body).await
    }

    async fn subscribe(&self, kind: &str, target: &str) -> i64 {
        let people = self.world.get(&format!("/api/{VERSION}/resources/employees/employees"));
        let people = people.header("x-api-key", &self.key).send().await.expect(200).json();
        let body = json!({ "subscription_type": kind, "company_id": people["data"][0]["company_id"],
            "target_url": target, "challenge": "knock knock" });
        let made = self.resource("POST", SUBSCRIPTIONS, &body).await.expect(201).json();
        made["id"].as_str().unwrap().parse().unwrap()
    }

    async fn here(&self, kind: &str) -> i64 {
        self.subscribe(kind, &format!("http://127.0.0.1:{}/hook?a=b", self.receiver.port)).await
    }

    async fn team(&self, name: &str) -> Value {
        self.resource("POST", "teams/teams", &json!({ "name": name })).await.expect(201).json()
    }

    async fn round(&self) -> usize {
        self.worker.round().await.unwrap()
    }

    async fn muster(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.call(method, &format!("/api/muster/webhooks/{path}"), body).await
    }

    async fn log(&self, query: &str) -> Vec<Value> {
        let path = format!("/api/muster/webhooks/deliveries?{query}");
        let answer = self.world.get(&path).header("x-api-key", &self.key).send().await.expect(200).json();
        answer["data"].as_array().unwrap().clone()
    }

    async fn shown(&self, id: &Value) -> Value {
        let path = format!("/api/muster/webhooks/deliveries/{id}");
        self.world.get(&path).header("x-api-key", &self.key).send().await.expect(200).json()
    }

    async fn mails(&self) -> Vec<String> {
        let vault = self.world.app.vault.clone();
        let read = self.world.app.db.read(move |tx| accounts::mail::kept(tx, &vault, None, 1000));
        let mut mails: Vec<_> = read
            .await
            .unwrap()
            .into_iter()
            .filter(|mail| mail.subject.contains("webhook"))
            .map(|mail| format!("{}: {} {}", mail.to, mail.subject, mail.body.text()))
            .collect();
        mails.reverse();
        mails
    }

    /// Moves the clock to when the next delivery falls due.
    async fn until_due(&self) -> bool {
        let read = self.world.app.db.read(|tx| {
            let due = QueueRecord::due_at.is_not_null().ascending(QueueRecord::due_at).limit(1);
            let due = tx.instance("a test looks at everything").list(due)?;
            Ok::<_, storage::Error>(due.first().and_then(|queue| queue.due_at))
        });
        let Some(due) = read.await.unwrap() else { return false };
        let now = self.world.app.db.clock().now();
        self.world.advance((due.millis() - now.millis()).max(0)).await;
        true
    }
}

fn assert_signed(received: &Received, secrets: &[&str]) {
    use base64::Engine as _;
    let message = format!(
        "{}.{}.{}",
        received.headers["webhook-id"], received.headers["webhook-timestamp"], received.body
    );
    let expected: Vec<_> = secrets
        .iter()
        .map(|secret| {
            let key =
                base64::prelude::BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
            let code = accounts::hmac(&key.try_into().unwrap(), &[message.as_bytes()]);
            format!("v1,{}", base64::prelude::BASE64_STANDARD.encode(code))
        })
        .collect();
    let sent: Vec<_> = received.headers["webhook-signature"].split(' ').collect();
    assert!(expected.iter().all(|one| sent.contains(&one.as_str())), "{sent:?} {expected:?}");
}

#[test]
fn a_delivery_is_the_bare_resource_signed_and_logged() {
    World::each(|world| async move {
        let told = Told::new(&world, "Analytical").await;
        let subscription = told.here("teams/team/create").await;
        let path = format!("subscriptions/{subscription}/secret");
        let first = told.muster("POST", &path, &json!({})).await.expect(200).json()["secret"].clone();
        let team = told.team("Ada").await;
        assert_eq!(told.round().await, 1);
        let received = told.receiver.taken().remove(0);
        assert_eq!(received.json(), team);
        for (name, value) in [
            ("content-type", "application/json"),
            ("x-factorial-wh-challenge", "knock knock"),
            ("x-factorial-author-type", "company"),
            ("muster-event", "teams/team/create"),
            ("muster-attempt", "1"),
        ] {
            assert_eq!(received.headers[name], value, "{name}");
        }
        assert_signed(&received, &[first.as_str().unwrap()]);
        let log = told.log("type=teams/team/create&state=delivered&target_url=HOOK").await;
        assert_eq!(log.len(), 1);
        assert_eq!(log[0]["status"], 200);
        assert_eq!(log[0]["id"].to_string(), received.headers["muster-delivery"]);
        let shown = told.shown(&log[0]["id"]).await;
        assert_eq!(shown["body"], team);
        let attempt = &shown["log"][0];
        assert_eq!(attempt["response_body"], "fine");
        assert_eq!(attempt["response_headers"]["set-cookie"], "…");
        for secret in ["x-factorial-wh-challenge", "webhook-signature"] {
            assert_eq!(attempt["request_headers"][secret], "…", "{secret}");
        }
        assert!(told.log("state=waiting").await.is_empty() && told.log("object_id=0").await.is_empty());

        // The second secret signs beside the first for as long as was said.
        let second = told.muster("POST", &path, &json!({ "overlap_hours": 2 })).await.expect(200).json();
        let second = second["secret"].as_str().unwrap().to_owned();
        told.team("Bob").await;
        told.round().await;
        assert_signed(&told.receiver.taken()[0], &[&second, first.as_str().unwrap()]);
        world.advance(2 * HOUR + SECOND).await;
        told.muster("POST", "trigger", &json!({ "type": "teams/team/create" })).await.expect(200);
        told.round().await;
        let last = told.receiver.taken().remove(0);
        assert_signed(&last, &[&second]);
        assert!(!last.headers["webhook-signature"].contains(' '));

        // Nobody but those who may see everything.
        told.world.get("/api/muster/webhooks/deliveries").send().await.expect(401);
        let other = Told::new(&world, "Difference").await;
        assert!(other.log("").await.is_empty());
        let path = format!("deliveries/{}/redeliver", log[0]["id"]);
        other.muster("POST", &path, &json!({})).await.expect(404);
        other.muster("POST", &format!("subscriptions/{subscription}/test"), &json!({})).await.expect(404);
    });
}

/// Whatever a receiver does wrong is one failed attempt with a reason, and the next attempt makes it good.
#[test]
fn a_receiver_that_misbehaves_costs_one_attempt() {
    World::each(|world| async move {
        let told = Told::new(&world, "Analytical").await;
        told.here("teams/team/create").await;
        for (does, status, reason) in [
            (Does::Answers(500), json!(500), "answered 500"),
            (Does::Answers(404), json!(404), "answered 404"),
            (Does::Redirects, json!(307), "redirects are not followed"),
            (Does::Stalls, json!(null), "no answer within"),
            (Does::TalksGarbage, json!(null), "no proper answer"),
            (Does::ClosesEarly, json!(null), "no proper answer"),
            (Does::BreaksOff, json!(null), "broke off"),
        ] {
            told.receiver.will(&[does]);
            let team = told.team(&format!("{does:?}")).await;
            assert_eq!(told.round().await, 1, "{does:?}");
            let delivery = told.log("limit=1").await.remove(0);
            assert_eq!((&delivery["state"], &delivery["status"]), (&json!("waiting"), &status), "{does:?}");
            let shown = told.shown(&delivery["id"]).await;
            let error = shown["log"][0]["error"].as_str().unwrap();
            assert!(error.contains(reason), "{does:?}: {error}");
            assert_eq!(told.round().await, 0, "{does:?}: it is not due yet");
            assert!(told.until_due().await);
            world.advance(MINUTE).await;
            assert_eq!(told.round().await, 1, "{does:?}");
            let received = told.receiver.taken();
            assert_eq!(received.len(), 2, "{does:?}");
            assert!(received.iter().all(|one| one.json() == team), "{does:?}");
            assert_eq!(received[1].headers["muster-attempt"], "2");
            assert_eq!(received[0].headers["webhook-id"], received[1].headers["webhook-id"]);
            assert_eq!(told.log("limit=1").await[0]["state"], "delivered", "{does:?}");
        }
        // A long answer is read as far as needed, and is a success.
        told.receiver.will(&[Does::AnswersForEver]);
        told.team("For ever").await;
        assert_eq!(told.round().await, 1);
        let delivery = told.log("limit=1").await.remove(0);
        assert_eq!(delivery["state"], "delivered");
        let body = told.shown(&delivery["id"]).await["log"][0]["response_body"].as_str().unwrap().len();
        assert_eq!(body, 8192);
    });
}

/// Twenty attempts within two days, mails on the way, then it is disabled; enabled again, what was missed is replayed.
#[test]
fn a_dead_receiver_is_given_up_after_two_days_and_can_be_revived() {
    World::each(|world| async move {
        let told = Told::new(&world, "Analytical").await;
        let subscription = told.here("teams/team/create").await;
        let begin = world.app.db.clock().now();
        told.receiver.will(&[Does::Answers(503); 20]);
        let first = told.team("First").await;
        let mut attempts = told.round().await;
        while told.until_due().await {
            attempts += told.round().await;
            assert!(attempts <= 20);
        }
        assert_eq!(attempts, 20);
        assert_eq!(told.receiver.taken().len(), 20);
        let took = world.app.db.clock().now().millis() - begin.millis();
        assert!((36 * HOUR..48 * HOUR).contains(&took), "{} hours", took / HOUR);
        let mails = told.mails().await;
        assert_eq!(mails.len(), 5, "{mails:#?}");
        let ada = &told.ada.email;
        assert!(mails.iter().all(|mail| mail.starts_with(&format!("{ada}: "))), "{mails:#?}");
        for (mail, text) in
            mails.iter().zip(["first time", "5 times", "10 times", "15 times", "was disabled"])
        {
            assert!(mail.contains(text), "{text}: {mail}");
        }
        let one = format!("{SUBSCRIPTIONS}/{subscription}");
        let now = told.world.get(&format!("/api/{VERSION}/resources/{one}"));
        let now = now.header("x-api-key", &told.key).send().await.expect(200).json();
        assert_eq!(now["enabled"], false);
        assert_eq!(told.log("state=failed").await.len(), 1);

        let second = told.team("Second").await;
        assert_eq!(told.round().await, 0);
        assert_eq!(told.log("state=missed").await.len(), 1);
        let range = json!({ "subscription_id": subscription, "from": begin.to_string() });
        let refused = told.muster("POST", "replay", &range).await.expect(409).json();
        assert_eq!(refused["code"], "subscription_disabled");
        told.resource("PUT", &one, &json!({ "enabled": true })).await.expect(200);
        let third = told.team("Third").await;
        assert_eq!(told.round().await, 1);
        assert_eq!(told.receiver.taken()[0].json(), third, "it is told again");
        let range = json!({ "subscription_id": subscription, "from": begin.to_string(),
            "states": ["failed", "missed"] });
        let replayed = told.muster("POST", "replay", &range).await.expect(200).json();
        assert_eq!(replayed["replayed"], 2);
        assert_eq!(told.round().await, 2);
        let received = told.receiver.taken();
        let bodies: Vec<_> = received.iter().map(Received::json).collect();
        assert!(bodies.contains(&first) && bodies.contains(&second), "{bodies:?}");
        told.muster("POST", "replay", &json!({ "from": "yesterday" })).await.expect(400);
        let id = told.log("limit=1").await[0]["id"].clone();
        told.muster("POST", &format!("deliveries/{id}/redeliver"), &json!({})).await.expect(201);
        assert_eq!(told.round().await, 1);
    });
}

/// Failures are told to the first of these that there is: the company that made the application, whoever subscribed, all
/// administrators.
#[test]
fn whom_failures_concern() {
    World::each(|world| async move {
        let mut told = Told::new(&world, "Analytical").await;
        let mut partner = world.sign_up("Difference").await;
        let mut bob = told.ada.employ("Bob").await;
        let company = company(&told).await;
        let members = world.app.db.read(move |tx| accounts::members::list(tx, company)).await.unwrap();
        let access = members.iter().find(|member| member.email == bob.email).unwrap().access.get();
        told.ada.browser.post(&format!("/settings/users/{access}/administrator"), &[("value", "make")]).await;
        let theirs = partner.application().await;
        let client_id = theirs.client_id.clone();
        world.app.db.write(move |tx| oauth::application::share(tx, &client_id, true)).await.unwrap();
        let own = told.ada.application().await;
        for (name, key) in [
            ("partner", Some(bob.tokens(&theirs).await.access)),
            ("author", Some(bob.tokens(&own).await.access)),
            ("company", None),
        ] {
            let target = format!("http://127.0.0.1:{}/{name}", told.receiver.port);
            let body = json!({ "subscription_type": "teams/team/create", "company_id": company.get(),
                "target_url": target, "name": name });
            let call = world.post(&format!("/api/{VERSION}/resources/{SUBSCRIPTIONS}"));
            let call = match key {
                Some(token) => call.bearer(&token),
                None => call.header("x-api-key", &told.key),
            };
            call.json(&body).send().await.expect(201);
        }
        told.receiver.will(&[Does::Answers(500); 3]);
        told.team("First").await;
        assert_eq!(told.round().await, 3);
        let mails = told.mails().await;
        let expected = [
            (&partner.email, "partner"),
            (&bob.email, "author"),
            (&bob.email, "company"),
            (&told.ada.email, "company"),
        ];
        assert_eq!(mails.len(), 4, "{mails:#?}");
        for (to, name) in expected {
            let it = |mail: &&String| mail.starts_with(to) && mail.contains(&format!("“{name}”"));
            assert!(mails.iter().any(|mail| it(&mail)), "{to} {name}: {mails:#?}");
        }
    });
}

/// What an administrator does on the page of webhooks, without any program.
#[test]
fn a_person_subscribes_tries_and_stops_a_webhook() {
    World::each(|world| async move {
        let mut told = Told::new(&world, "Analytical").await;
        let here = "/settings/webhooks";
        let target = format!("http://127.0.0.1:{}/", told.receiver.port);
        for (kind, address, wrong) in [
            ("teams/team/create", "http://10.0.0.1/", "target_url"),
            ("", target.as_str(), "subscription_type"),
            ("teams/team/burn", target.as_str(), "subscription_type"),
        ] {
            let fields = [("subscription_type", kind), ("target_url", address)];
            let page = told.ada.browser.post(here, &fields).await.expect(422).text();
            assert!(page.contains(&format!("id=\"{wrong}-error\"")), "{kind} {address}: {page}");
        }
        let fields =
            [("subscription_type", "teams/team/create"), ("target_url", &target), ("challenge", "it is us")];
        let made = told.ada.browser.post(here, &fields).await.expect(303);
        let id = made.location_parameter("subscription").unwrap();
        let change = |what: &str| format!("{here}/subscriptions/{id}/{what}");
        told.ada.browser.post(&change("test"), &[]).await.expect(303);
        told.team("First").await;
        assert_eq!(told.round().await, 2);
        let received = told.receiver.taken();
        assert!(received.iter().all(|one| one.headers["x-factorial-wh-challenge"] == "it is us"));
        let page = told.ada.browser.get(&format!("{here}?subscription={id}")).await.expect(200).text();
        assert!(page.contains("Replay: teams/team/create"), "{page}");

        told.ada.browser.post(&change("disable"), &[]).await.expect(303);
        told.team("Second").await;
        assert_eq!(told.round().await, 0);
        told.ada.browser.post(&change("enable"), &[]).await.expect(303);
        let at = |seconds: i64| (world.app.db.clock().now() + seconds * SECOND).to_string()[..19].to_owned();
        for (from, until, wrong) in [
            ("", "", "from"),
            ("yesterday", "", "from"),
            (at(-60).as_str(), "tomorrow", "until"),
            (at(-60).as_str(), at(-90).as_str(), "until"),
        ] {
            let fields = [("from", from), ("until", until), ("missed", "true")];
            let page = told.ada.browser.post(&change("replay"), &fields).await.expect(422).text();
            assert!(page.contains(&format!("id=\"{wrong}-error\"")), "{from} {until}: {page}");
        }
        world.advance(HOUR).await;
        for (from, until, sent) in
            [(-1800, "", 0), (-4000, at(-3900).as_str(), 0), (-4000, at(-1800).as_str(), 1)]
        {
            let from = at(from);
            let fields = [("from", from.as_str()), ("until", until), ("missed", "true")];
            told.ada.browser.post(&change("replay"), &fields).await.expect(303);
            assert_eq!(told.round().await, sent, "{from} {until}");
        }
        assert_eq!(told.receiver.taken()[0].json()["name"], "Second");

        // What is done on a page is told like what is done over the API.
        told.here("employees/employee/invite").await;
        let bob = told.ada.employ("Bob").await;
        assert_eq!(told.round().await, 1);
        let received = told.receiver.taken().remove(0);
        assert_eq!(received.json()["email"], bob.email);
        assert_eq!(received.headers["x-factorial-author-type"], "employee");
    });
}

/// The log is read page by page, newest first, and goes after the days that the operator says, in small pieces; what is
/// still to be tried stays.
#[test]
fn the_log_is_read_in_pages_and_kept_for_so_long() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let told = Told::new(&world, "Analytical").await;
            let first = told.here("teams/team/create").await;
            told.subscribe("teams/team/create", &format!("http://127.0.0.1:{}/other", told.receiver.port))
                .await;
            for number in 0..6 {
                told.team(&format!("Team {number}")).await;
                told.round().await;
                world.advance(SECOND).await;
            }
            let all = told.log("").await;
            assert_eq!(all.len(), 12);
            let mut read: Vec<Value> = Vec::new();
            loop {
                let before = read.last().map(|last| format!("&before_id={}", last["id"])).unwrap_or_default();
                let page = told.log(&format!("limit=5{before}")).await;
                if page.is_empty() {
                    break;
                }
                read.extend(page);
            }
            assert_eq!(read, all);
            let of_first =
                told.log(&format!("subscription_id={first}&limit=2&before_id={}", all[3]["id"])).await;
            assert!(
                of_first.len() == 2 && of_first.iter().all(|one| one["subscription_id"] == first),
                "{of_first:?}"
            );

            let day = 24 * HOUR;
            world.advance(4 * day).await;
            told.receiver.will(&[Does::Answers(500)]);
            let oldest = all[11]["id"].clone();
            told.muster("POST", &format!("deliveries/{oldest}/redeliver"), &json!({})).await.expect(201);
            told.round().await;
            told.team("New").await;
            told.round().await;
            let clean = async |kept: i64, limit: u64| {
                world.app.db.write(move |tx| webhooks::log::clean(tx, kept, limit)).await.unwrap()
            };
            assert_eq!(clean(5 * day, 100).await, 0, "it is kept for five days");
            // Two deliveries of each of six events, and the events but for the one that is tried again.
            let mut pieces = Vec::new();
            while let removed @ 1.. = clean(4 * day, 3).await {
                pieces.push(removed);
            }
            assert!(pieces.iter().all(|removed| *removed <= 3), "{pieces:?}");
            assert_eq!(pieces.iter().sum::<u64>(), 17, "{pieces:?}");
            let left = told.log("").await;
            let states: Vec<_> = left.iter().map(|one| one["state"].as_str().unwrap()).collect();
            assert_eq!(states, ["delivered", "delivered", "waiting"]);
            world.advance(HOUR).await;
            assert_eq!(told.round().await, 1);
            assert_eq!(clean(4 * day, 100).await, 1);
            assert_eq!(clean(4 * day, 100).await, 1);
            assert_eq!(told.log("").await.len(), 2);
        },
    );
}

/// Every name means this machine.
struct Here;

impl Resolve for Here {
    fn resolve<'a>(&'a self, _: &'a str) -> Waiting<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async { Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]) })
    }
}

/// Receivers that never answer delay no other receiver of the company, and a company full of them no other company.
#[test]
fn the_dead_delay_nobody() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let told = Told::new(&world, "Analytical").await;
            let other = Told::new(&world, "Difference").await;
            let dead = Receiver::new().await;
            dead.will(&[Does::Stalls; 1000]);
            // As many as a node has deliveries under way for one host, and for one company, and more.
            for number in 0..50 {
                told.subscribe("teams/team/create", &format!("http://dead.example:{}/{number}", dead.port))
                    .await;
            }
            told.subscribe("teams/team/create", &format!("http://alive.example:{}/", told.receiver.port))
                .await;
            for number in 0..50 {
                other
                    .subscribe("teams/team/update", &format!("http://dead-{number}.example:{}/", dead.port))
                    .await;
            }
            let third = Told::new(&world, "Third").await;
            third.here("teams/team/create").await;
            told.team("One").await;
            let team = other.team("Two").await["id"].as_str().unwrap().to_owned();
            other
                .resource("PUT", &format!("teams/teams/{team}"), &json!({ "name": "Three" }))
                .await
                .expect(200);
            third.team("Four").await;

            // Nothing that stalls is given up while this goes on.
            let patient = worker(&world, Arc::new(Here), Reachable::Loopback, Duration::from_secs(3600));
            let patient = Arc::into_inner(patient).unwrap();
            let (_stop, stopping) = tokio::sync::watch::channel(false);
            let running = tokio::spawn(patient.run(stopping));
            let all = async {
                while told.receiver.received.lock().unwrap().is_empty()
                    || third.receiver.received.lock().unwrap().is_empty()
                {
                    tokio::task::yield_now().await;
                }
            };
            let told_in_time = tokio::time::timeout(Duration::from_secs(30), all).await;
            running.abort();
            assert!(told_in_time.is_ok(), "{}: the dead hold up the living", world.engine);
        },
    );
}

/// A name that means a public address first and one of the own network later is not called.
#[test]
fn a_name_that_comes_to_mean_a_private_address_is_not_called() {
    World::each(|world| async move {
        let told = Told::new(&world, "Analytical").await;
        let target = format!("http://hooks.example:{}/", told.receiver.port);
        told.subscribe("teams/team/create", &target).await;
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let names = Arc::new(Names::default());
        let strict = worker(&world, names.clone(), Reachable::Public, Duration::from_millis(500));
        for (case, addresses) in [
            ("loopback", vec![loopback]),
            ("private", vec!["10.0.0.7".parse().unwrap()]),
            ("metadata", vec!["169.254.169.254".parse().unwrap()]),
            ("mapped", vec!["::ffff:127.0.0.1".parse().unwrap()]),
            ("nothing", vec![]),
        ] {
            names.0.lock().unwrap().extend(addresses);
            told.team(case).await;
            world.advance(10 * MINUTE).await;
            strict.round().await.unwrap();
            assert!(told.receiver.taken().is_empty(), "{case}");
            let delivery = told.log("limit=1").await.remove(0);
            let shown = told.shown(&delivery["id"]).await;
            let error =
                shown["log"][0]["error"].as_str().unwrap_or("was not tried, because another was not reached");
            assert!(
                ["private network", "no address", "not tried"].iter().any(|reason| error.contains(reason)),
                "{case}: {error}"
            );
        }
        // Where loopback is allowed the first answer is connected to; the second would have been another's.
        names.0.lock().unwrap().extend([loopback, "10.0.0.7".parse().unwrap()]);
        let lenient = worker(&world, names, Reachable::Loopback, Duration::from_millis(500));
        world.advance(24 * HOUR).await;
        lenient.round().await.unwrap();
        assert!(!told.receiver.taken().is_empty());
    });
}

/// Two nodes share the work and do nothing twice; what a node took and did not do is done after a minute,
/// or at the next start where there is but one node.
#[test]
fn nodes_share_deliveries_and_take_over_from_the_dead() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let told = Told::new(&world, "Analytical").await;
            told.here("teams/team/create").await;
            let other = worker(&world, Arc::new(System), Reachable::Loopback, Duration::from_millis(500));
            let mut names = Vec::new();
            for number in 0..40 {
                names.push(format!("Team {number}"));
                told.team(&names[number]).await;
            }
            let (a, b) = tokio::join!(told.worker.round(), other.round());
            // The one that found nothing free looks again.
            let more = told.round().await;
            assert_eq!(a.unwrap() + b.unwrap() + more, 40);
            let mut told_of: Vec<_> = told
                .receiver
                .taken()
                .iter()
                .map(|one| one.json()["name"].as_str().unwrap().to_owned())
                .collect();
            told_of.sort_unstable();
            names.sort_unstable();
            assert_eq!(told_of, names);

            told.team("Late").await;
            let vault = world.app.vault.clone();
            let dies = world.app.db.write(move |tx| {
                webhooks::pass_on(tx, &vault, 10)?;
                let room = queue::Room { queues: 10, ..queue::Room::default() };
                queue::claim(tx, &room, 7)
            });
            let (claimed, _) = dies.await.unwrap();
            assert_eq!(claimed.len(), 1);
            assert_eq!(told.round().await, 0);
            world.advance(queue::LEASE - 1).await;
            assert_eq!(told.round().await, 0);
            // Only where no other node can share the database does a start know that the one before is dead.
            told.worker.begin().await.unwrap();
            let alone = usize::from(world.app.db.alone());
            assert_eq!(alone, usize::from(world.engine == "SQLite"));
            assert_eq!(told.round().await, alone);
            world.advance(1).await;
            assert_eq!(told.round().await, 1 - alone);
        },
    );
}

/// A host is asked little at a time, and the same connections serve again and again.
#[test]
fn a_host_is_not_overrun() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let told = Told::new(&world, "Analytical").await;
            for number in 0..3 {
                let target = format!("http://127.0.0.1:{}/{number}", told.receiver.port);
                told.subscribe("teams/team/create", &target).await;
            }
            for number in 0..20 {
                told.team(&format!("Team {number}")).await;
            }
            told.receiver.will(&[Does::Waits; 60 / AT_HOST * AT_HOST]);
            assert_eq!(told.round().await, 60);
            assert_eq!(told.receiver.most.load(Ordering::Relaxed), AT_HOST);
            let connections = told.receiver.connections.load(Ordering::Relaxed);
            assert!(connections < 60 / 2, "{connections}");
        },
    );
}

/// What happened to one object is told in its order, to each subscription.
#[test]
fn order_is_kept_for_an_object() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let told = Told::new(&world, "Analytical").await;
            told.here("teams/team/update").await;
            let mut teams = Vec::new();
            for name in ["A", "B", "C"] {
                teams.push(told.team(name).await["id"].as_str().unwrap().to_owned());
            }
            for turn in 0..8 {
                for team in &teams {
                    let body = json!({ "name": format!("{turn}") });
                    told.resource("PUT", &format!("teams/teams/{team}"), &body).await.expect(200);
                }
            }
            assert_eq!(told.round().await, 24);
            let mut of_team: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for one in told.receiver.taken() {
                let body = one.json();
                let text = |name: &str| body[name].as_str().unwrap().to_owned();
                of_team.entry(text("id")).or_default().push(text("name"));
            }
            let turns: Vec<_> = (0..8).map(|turn| turn.to_string()).collect();
            assert!(of_team.len() == 3 && of_team.values().all(|names| *names == turns), "{of_team:?}");
        },
    );
}

/// Whoever subscribed and is no administrator any more is told what he may still see, and no more.
#[test]
fn who_lost_his_rights_is_told_what_he_sees() {
    World::each(|world| async move {
        let mut told = Told::new(&world, "Analytical").await;
        let mut bob = told.ada.employ("Bob").await;
        let company = company(&told).await;
        let list = world.app.db.read(move |tx| accounts::members::list(tx, company));
        let members = list.await.unwrap();
        let access = members.iter().find(|member| member.email == bob.email).unwrap().access.get();
        let path = format!("/settings/users/{access}/administrator");
        told.ada.browser.post(&path, &[("value", "make")]).await;
        let application = told.ada.application().await;
        let token = bob.tokens(&application).await.access;
        for kind in ["employees/employee/update", "teams/team/delete"] {
            let target = format!("http://127.0.0.1:{}/bob", told.receiver.port);
            let body =
                json!({ "subscription_type": kind, "company_id": company.get(), "target_url": target });
            let path = format!("/api/{VERSION}/resources/{SUBSCRIPTIONS}");
            world.post(&path).bearer(&token).json(&body).send().await.expect(201);
        }
        let people = format!("/api/{VERSION}/resources/employees/employees");
        let ada = world.get(&people).bearer(&token).send().await.expect(200).json();
        let ada =
            ada["data"].as_array().unwrap().iter().find(|one| one["first_name"] == "Ada").unwrap().clone();
        let one = format!("employees/employees/{}", ada["id"].as_str().unwrap());
        let account = |number: &str| json!({ "bank_number": number, "city": "London" });
        told.resource("PUT", &one, &account("1234")).await.expect(200);
        assert_eq!(told.round().await, 1);
        let received = told.receiver.taken().remove(0);
        assert_eq!(received.json()["bank_number"], "1234");
        assert_eq!(received.headers["x-factorial-author-type"], "company");

        told.ada.browser.post(&path, &[("value", "unmake")]).await;
        told.resource("PUT", &one, &account("5678")).await.expect(200);
        let team = told.team("Gone").await;
        let team = format!("teams/teams/{}", team["id"].as_str().unwrap());
        told.resource("DELETE", &team, &json!({})).await.expect(200);
        assert_eq!(told.round().await, 1);
        let received = told.receiver.taken().remove(0);
        assert!(!received.body.contains("5678"), "{}", received.body);
        let path = format!("/api/{VERSION}/resources/{one}");
        let seen = world.get(&path).bearer(&token).send().await.expect(200).json();
        assert_eq!(received.json(), seen);
        assert!(!received.headers.contains_key("x-factorial-author-id"));
        let withheld = told.log("state=withheld").await;
        assert_eq!(withheld.len(), 1, "what is gone");
        assert_eq!(told.shown(&withheld[0]["id"]).await["body"], Value::Null);
        // The log shows what each was sent, whatever his rights are now.
        let log = told.log("type=employees/employee/update&state=delivered").await;
        assert_eq!(log.len(), 2);
        for (one, number) in log.iter().zip([json!(null), json!("1234")]) {
            let shown = told.shown(&one["id"]).await;
            assert_eq!(shown["body"]["bank_number"], number);
            assert_eq!(shown["log"][0]["request_body"], shown["body"]);
        }
        assert_eq!(told.shown(&log[0]["id"]).await["body"], seen);

        // Of a colleague, whom he sees, he is told that it was her.
        let hers = told.ada.tokens(&application).await.access;
        world.call("PUT", &path).bearer(&hers).json(&account("9999")).send().await.expect(200);
        assert_eq!(told.round().await, 1);
        let received = told.receiver.taken().remove(0);
        assert_eq!(received.headers["x-factorial-author-type"], "employee");
        assert_eq!(received.headers["x-factorial-author-id"], ada["id"].as_str().unwrap());
    });
}

/// Whoever subscribed and reaches some people only is told of those, without the fields that are not his to read, in every
/// version: what a delivery carries is what he would be answered.
#[test]
fn nobody_is_told_of_rows_and_fields_that_he_may_not_see() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let mut told = Told::new(&world, "Analytical").await;
            let application = told.ada.application().await;
            let mut people = BTreeMap::new();
            for name in ["Bob", "Mia", "Tom"] {
                let mut person = told.ada.employ(name).await;
                let token = person.tokens(&application).await.access;
                let me =
                    world.get(&format!("/api/{VERSION}/resources/api_public/credentials")).bearer(&token);
                let id = me.send().await.expect(200).json()["data"][0]["employee_id"].clone();
                people.insert(name, (person.email, token, id));
            }
            let id = |name: &str| people[name].2.clone();
            let person = |name: &str| format!("employees/employees/{}", id(name).as_str().unwrap());
            let company = company(&told).await;
            let members = world.app.db.read(move |tx| accounts::members::list(tx, company)).await.unwrap();
            let access = members.iter().find(|member| member.email == people["Bob"].0).unwrap().access.get();
            let path = format!("/settings/users/{access}/administrator");
            told.ada.browser.post(&path, &[("value", "make")]).await;
            const OLD: &str = "2026-04-01";
            for version in [VERSION, OLD] {
                for kind in [
                    "timeoff/leave/create",
                    "timeoff/leave/update",
                    "attendance/shift/create",
                    "contracts/contract_version/create",
                    "employees/employee/update",
                ] {
                    let target = format!("http://127.0.0.1:{}/{version}", told.receiver.port);
                    let body = json!({ "subscription_type": kind, "company_id": company.get(), "target_url": target });
                    let path = format!("/api/{version}/resources/{SUBSCRIPTIONS}");
                    world.post(&path).bearer(&people["Bob"].1).json(&body).send().await.expect(201);
                }
            }
            // From now on he is the manager of one, and nobody in particular for the other.
            told.ada.browser.post(&path, &[("value", "unmake")]).await;
            told.resource("PUT", &person("Mia"), &json!({ "manager_id": id("Bob") })).await.expect(200);
            told.round().await;
            told.receiver.taken();
            let kind = json!({ "name": "Sick", "color": "#123456", "identifier": "sick", "attachment": false,
                "visibility": true, "workable": false, "company_id": "1", "details_required": false,
                "approval_required": true, "accrues": true });
            let kind =
                told.resource("POST", "timeoff/leave_types", &kind).await.expect(201).json()["id"].clone();
            for name in ["Mia", "Tom"] {
                let leave = json!({ "employee_id": id(name), "leave_type_id": kind, "start_on": "2026-12-01",
                    "finish_on": "2026-12-02", "description": format!("SECRET illness of {name}") });
                let leave = told.resource("POST", "timeoff/leaves", &leave).await.expect(201).json();
                let leave = format!("timeoff/leaves/{}", leave["id"].as_str().unwrap());
                told.resource("PUT", &leave, &json!({ "approved": true })).await.expect(200);
                let shift = json!({ "employee_id": id(name), "date": "2026-11-20", "reference_date": "2026-11-20",
                    "clock_in": "09:00", "clock_out": "10:00" });
                told.resource("POST", "attendance/shifts", &shift).await.expect(201);
                let version = json!({ "employee_id": id(name), "effective_on": "2025-01-01", "starts_on": "2025-01-01",
                    "salary_amount": 7_717_711, "salary_frequency": "yearly" });
                told.resource("POST", "contracts/contract_versions", &version).await.expect(201);
                let secrets =
                    json!({ "bank_number": "SECRET7", "address_line_1": "SECRET lane", "first_name": name });
                told.resource("PUT", &person(name), &secrets).await.expect(200);
            }
            told.round().await;
            let mut seen = BTreeMap::<String, usize>::new();
            for delivery in told.receiver.taken() {
                let (kind, body) = (delivery.headers["muster-event"].clone(), delivery.json());
                let old = body["id"].is_number();
                assert!(!delivery.body.contains("SECRET") && !delivery.body.contains("7717711"), "{body}");
                let whose = if kind.starts_with("employees/") { "id" } else { "employee_id" };
                let whose = body[whose].to_string();
                let whose = ["Mia", "Tom"]
                    .into_iter()
                    .find(|name| id(name).as_str() == Some(whose.trim_matches('"')));
                // The directory is everybody's, and that somebody is away; of the rest he is told where he would find it.
                let resource = match kind.rsplit_once('/').unwrap().0 {
                    "employees/employee" => "employees/employees",
                    "timeoff/leave" => "timeoff/leaves",
                    "attendance/shift" => "attendance/shifts",
                    other => panic!("{other}: {body}"),
                };
                assert!(whose == Some("Mia") || resource != "attendance/shifts", "{kind}: {body}");
                let version = if old { OLD } else { VERSION };
                let path = format!(
                    "/api/{version}/resources/{resource}/{}",
                    body["id"].to_string().trim_matches('"')
                );
                let answer = world.get(&path).bearer(&people["Bob"].1).send().await.expect(200).json();
                for (field, value) in body.as_object().unwrap() {
                    // An event tells how it was then: what may be read is as it was, what may not is not there.
                    assert!(!answer[field].is_null() || value.is_null(), "{kind} {field}: {body}");
                }
                *seen.entry(format!("{kind} {}", whose.unwrap())).or_default() += 1;
            }
            let expected = [
                "attendance/shift/create Mia",
                "employees/employee/update Mia",
                "employees/employee/update Tom",
                "timeoff/leave/create Mia",
                "timeoff/leave/create Tom",
                "timeoff/leave/update Mia",
                "timeoff/leave/update Tom",
            ];
            assert_eq!(seen.keys().collect::<Vec<_>>(), expected);
            assert!(seen.values().all(|times| *times >= 2), "both versions: {seen:?}");
            // Neither the time of the other, nor any contract.
            let withheld = told.log("state=withheld&limit=100").await;
            assert!(withheld.len() >= 2 * (1 + 2), "{}", withheld.len());
        },
    );
}

async fn company(told: &Told) -> registry::Id<registry::Company> {
    let people = told.world.get(&format!("/api/{VERSION}/resources/employees/employees"));
    let people = people.header("x-api-key", &told.key).send().await.expect(200).json();
    registry::Id::new(people["data"][0]["company_id"].as_str().unwrap().parse().unwrap())
}

/// A test event of every type, in every version, with the members that the declaration says.
#[test]
fn every_type_can_be_tried_out_in_every_version() {
    World::on_sqlite(|world| async move {
        let told = Told::new(&world, "Analytical").await;
        let catalogue = hr::catalogue().unwrap();
        for entry in catalogue.iter() {
            for (kind, _, notice) in entry.event_types() {
                for version in registry::Version::SUPPORTED {
                    let path = format!("/api/muster/webhooks/sample?type={kind}&version={version}");
                    let sample =
                        told.world.get(&path).header("x-api-key", &told.key).send().await.expect(200).json();
                    if notice.is_none() {
                        let shown = entry.resource.fields.iter().filter(|field| {
                            field.role != registry::Role::Input
                                && field.member.lives_in(version)
                                && !matches!(field.member.kind, registry::Kind::Object(_))
                        });
                        for field in shown {
                            assert!(
                                sample.get(field.member.name).is_some(),
                                "{kind} {version} {}",
                                field.member.name
                            );
                        }
                    }
                    // What is no object of the API has its ids as it says.
                    let text = !matches!(sample["id"], Value::Number(_));
                    let right = notice.is_some() || text == version.ids_are_strings();
                    assert!(sample.get("id").is_none() || right, "{kind} {version}");
                }
            }
        }
        let subscription = told.here("trainings/category/update").await;
        let path = format!("subscriptions/{subscription}/test");
        let made = told.muster("POST", &path, &json!({})).await.expect(201).json();
        assert_eq!(made["origin"], "test");
        assert_eq!(told.round().await, 1);
        let received = told.receiver.taken().remove(0);
        assert_eq!(received.json(), made["body"]);
        let kept = world
            .app
            .db
            .read(|tx| tx.instance("a test looks at everything").count(Condition::<DeliveryRecord>::any()));
        assert_eq!(kept.await.unwrap(), 1);
        assert_eq!(schedule::ATTEMPTS, 20);
    });
}
