//! Mail of a production server, handed to a mail server that notes what it is given.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use storage::{Clock, Database, Options, Target};
use support::{Client, Instance, PATIENCE, Server, eventually};

/// A mail server for one test.
struct Sink {
    address: SocketAddr,
    mails: Receiver<Mail>,
    refused: Arc<AtomicUsize>,
}

/// A mail as it came.
#[derive(Debug, Clone, Default)]
struct Mail {
    from: String,
    to: Vec<String>,
    lines: Vec<String>,
}

impl Mail {
    fn header(&self, name: &str) -> String {
        let head = self.lines.iter().take_while(|line| !line.is_empty());
        let found =
            head.filter_map(|line| line.split_once(": ")).find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.to_owned()).unwrap_or_default()
    }

    fn text(&self) -> String {
        let body: Vec<_> = self.lines.iter().skip_while(|line| !line.is_empty()).skip(1).cloned().collect();
        let body = body.join("\n");
        match self.header("Content-Transfer-Encoding").as_str() {
            "quoted-printable" => quoted_printable(&body),
            "7bit" | "8bit" | "" => body,
            other => panic!("what is {other}? {self:?}"),
        }
    }
}

fn quoted_printable(text: &str) -> String {
    let joined = text.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) if byte == b'=' => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).expect("text")
}

impl Sink {
    /// A mail server that turns the first few who come away.
    fn new(refuse: usize) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (give, mails) = channel();
        let refused = Arc::new(AtomicUsize::new(0));
        let count = refused.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let _ = stream.set_read_timeout(Some(PATIENCE));
                if count.load(Ordering::SeqCst) < refuse {
                    let _ = (&stream).write_all(b"421 4.3.2 not now\r\n");
                    count.fetch_add(1, Ordering::SeqCst);
                } else {
                    let give = give.clone();
                    // A connection may be kept for the next mail.
                    std::thread::spawn(move || converse(&stream, &give));
                }
            }
        });
        Self { address, mails, refused }
    }

    #[track_caller]
    fn next(&self, server: &Server) -> Mail {
        self.mails.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no mail came: {}", server.log()))
    }
}

/// The other side of SMTP (RFC 5321), as far as a client needs it.
fn converse(stream: &TcpStream, give: &Sender<Mail>) -> Option<()> {
    let mut writing = stream;
    let mut say = |line: &str| writing.write_all(format!("{line}\r\n").as_bytes()).ok();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut mail = Mail::default();
    say("220 sink ready")?;
    while let Some(line) = lines.next() {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" | "HELO" => say("250 sink")?,
            "MAIL" => {
                mail.from = line;
                say("250 ok")?;
            }
            "RCPT" => {
                mail.to.push(line);
                say("250 ok")?;
            }
            "DATA" => {
                say("354 go on")?;
                for line in lines.by_ref() {
                    if line == "." {
                        break;
                    }
                    mail.lines.push(line.strip_prefix('.').map_or(line.clone(), str::to_owned));
                }
                give.send(std::mem::take(&mut mail)).ok()?;
                say("250 taken")?;
            }
            "QUIT" => {
                say("221 bye")?;
                return None;
            }
            _ => say("250 ok")?,
        }
    }
    Some(())
}

#[track_caller]
fn sign_up(server: &Server) -> Client {
    let mut person = server.client();
    let fields = [
        ("company_name", "Acme & Söhne"),
        ("first_name", "Ada"),
        ("last_name", "Brandt"),
        ("email", "ada@acme.example"),
        ("password", "seven lorries of rope"),
    ];
    person.submit("/signup", "/signup", &fields).expect(303);
    person
}

#[track_caller]
fn invite(administrator: &mut Client) {
    let fields = [("first_name", "Grace"), ("last_name", "Håkansson"), ("email", "grace@acme.example")];
    let invited = administrator.submit("/settings/users", "/settings/users/invite", &fields).expect(303);
    assert_eq!(invited.location(), "/settings/users?notice=invited");
}

/// The address in a mail, as a path of the server.
#[track_caller]
fn link(mail: &Mail, server: &Server) -> String {
    let text = mail.text();
    let begin = text.find(&server.url()).unwrap_or_else(|| panic!("no link to {} in {text}", server.url()));
    let address = text[begin..].split_whitespace().next().expect("a link");
    address[server.url().len()..].to_owned()
}

fn settings(sink: &Sink) -> Vec<String> {
    let url = format!("smtp://{}", sink.address);
    ["--smtp-url", &url, "--mail-from", "Acme HR <hr@acme.example>"].map(str::to_owned).to_vec()
}

fn instance(sink: &Sink) -> Instance {
    let settings = settings(sink);
    Instance::production().with(&settings.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn an_invitation_and_a_new_password_arrive_and_their_links_work() {
    let sink = Sink::new(0);
    let instance = instance(&sink);
    let server = instance.serve();
    let mut administrator = sign_up(&server);
    invite(&mut administrator);
    let mail = sink.next(&server);
    assert!(mail.from.contains("<hr@acme.example>"), "{mail:?}");
    assert_eq!(mail.to.len(), 1);
    assert!(mail.to[0].contains("<grace@acme.example>"), "{mail:?}");
    assert!(mail.header("From").contains("hr@acme.example"), "{mail:?}");
    assert!(mail.header("To").contains("grace@acme.example"), "{mail:?}");
    assert!(!mail.header("Subject").is_empty() && !mail.header("Date").is_empty(), "{mail:?}");
    assert!(mail.text().contains("Acme & Söhne"), "{}", mail.text());
    let accept = link(&mail, &server);
    assert!(accept.starts_with("/invitations/accept?token="), "{accept}");
    let token = accept.split_once("token=").expect("a token").1.to_owned();
    let mut grace = server.client();
    let fields = [("token", token.as_str()), ("password", "a lighthouse in fog")];
    grace.submit(&accept, "/invitations/accept", &fields).expect(303);
    let mut grace = server.client().logged_in("grace@acme.example", "a lighthouse in fog");
    assert_eq!(grace.get("/settings/users").status, 403, "who is invited is no administrator");
    // The link worked once.
    assert_eq!(server.client().get(&accept).status, 404);

    let mut forgetful = server.client();
    forgetful.submit("/password/forgot", "/password/forgot", &[("email", "grace@acme.example")]);
    let mail = sink.next(&server);
    let reset = link(&mail, &server);
    let token = reset.split_once("token=").expect("a token").1.to_owned();
    let fields = [("token", token.as_str()), ("password", "a fog in lighthouses")];
    forgetful.submit(&reset, "/password/reset", &fields).expect(303);
    server.client().logged_in("grace@acme.example", "a fog in lighthouses");
    server.client().log_in("grace@acme.example", "a lighthouse in fog").expect(401);
    assert!(!server.log().contains(&token), "{}", server.log());
    // Nobody else got any, and none came twice.
    assert!(sink.mails.recv_timeout(Duration::from_secs(6)).is_err());
}

#[test]
fn a_mail_that_was_refused_is_sent_later_and_once() {
    let sink = Sink::new(1);
    let instance = instance(&sink);
    let server = instance.serve();
    invite(&mut sign_up(&server));
    eventually("the first attempt", PATIENCE, || (sink.refused.load(Ordering::SeqCst) >= 1).then_some(()));
    eventually("the log", PATIENCE, || server.log().contains("tried again later").then_some(()));
    // The pause is a minute at least; the clock of a production instance has to be moved behind its back.
    let options = Options::new(Target::Sqlite(instance.data().join("muster.db")));
    let migrations = server::migrations(hr::MIGRATION);
    let db = Database::open(&options, Clock::system(), &migrations).expect("the database");
    db.write_blocking(|tx| tx.advance_clock(120_000)).expect("the clock moves");
    drop(db);
    let mail = sink.next(&server);
    assert!(mail.to[0].contains("<grace@acme.example>"), "{mail:?}");
    let accept = link(&mail, &server);
    assert!(server.client().get(&accept).expect(200).body.contains("Grace"));
    assert!(sink.mails.recv_timeout(Duration::from_secs(6)).is_err(), "it is sent once");
}

#[test]
fn a_server_without_a_mail_server_keeps_mails_for_the_next_start() {
    let sink = Sink::new(0);
    let instance = Instance::production();
    let server = instance.serve();
    invite(&mut sign_up(&server));
    server.stop();
    let settings = settings(&sink);
    let server = instance.serve_with(&settings.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(sink.next(&server).to[0].contains("grace@acme.example"));
}
