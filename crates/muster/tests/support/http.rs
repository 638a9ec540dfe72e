//! A client small enough to see what goes over the wire: one request per connection, no redirects followed.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(60);

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    #[track_caller]
    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_else(|| panic!("no redirect but {}: {}", self.status, self.body))
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|_| panic!("no JSON but {}: {}", self.status, self.body))
    }

    /// The text between two others, without the escapes of HTML.
    #[track_caller]
    pub fn between(&self, before: &str, after: &str) -> String {
        let found = self.body.split_once(before).and_then(|(_, rest)| rest.split_once(after));
        unescape(found.unwrap_or_else(|| panic!("no {before:?} … {after:?} in {}", self.body)).0)
    }

    /// Names and values of the inputs with these attributes.
    fn inputs(&self, attributes: &str) -> Vec<(String, String)> {
        let inputs = self.body.split("<input ").skip(1).filter_map(|rest| rest.split('>').next());
        let value = |input: &str, name: &str| {
            let (_, rest) = input.split_once(&format!("{name}=\""))?;
            Some(unescape(rest.split('"').next()?))
        };
        inputs
            .filter(|input| input.contains(attributes))
            .filter_map(|input| Some((value(input, "name")?, value(input, "value")?)))
            .collect()
    }
}

fn unescape(text: &str) -> String {
    [
        ("&#34;", "\""),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#60;", "<"),
        ("&lt;", "<"),
        ("&#62;", ">"),
        ("&gt;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// Text as part of a form or a query.
pub fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
        encoded
    })
}

pub fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<_> =
        fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// Sends one request.
#[expect(clippy::disallowed_methods, reason = "a test talks to the server that it started")]
pub fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, ANSWER)?;
    stream.set_read_timeout(Some(ANSWER))?;
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || method != "GET" {
        request.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes())?;
    read(&mut stream)
}

fn read(stream: &mut TcpStream) -> std::io::Result<Answer> {
    let broken = |what: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, what.to_owned());
    let (mut bytes, mut chunk) = (Vec::new(), [0; 64 * 1024]);
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        match stream.read(&mut chunk)? {
            0 => return Err(broken("the connection was closed before the answer")),
            count => bytes.extend_from_slice(&chunk[..count]),
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).map_err(|_| broken("the head is no text"))?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let mut answer =
        Answer { status: status.ok_or_else(|| broken("no status"))?, headers, body: String::new() };
    let mut body = bytes.split_off(head + 4);
    let length: Option<usize> = answer.header("content-length").and_then(|length| length.parse().ok());
    while length.is_none_or(|length| body.len() < length) {
        match stream.read(&mut chunk)? {
            0 => break,
            count => body.extend_from_slice(&chunk[..count]),
        }
    }
    answer.body = String::from_utf8(body).map_err(|_| broken("the body is no text"))?;
    Ok(answer)
}

/// A browser without a screen: it keeps cookies and fills in forms.
pub struct Client {
    address: SocketAddr,
    cookies: BTreeMap<String, String>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, cookies: BTreeMap::new() }
    }

    #[track_caller]
    fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let mut headers = headers.to_vec();
        if !cookies.is_empty() {
            headers.push(("Cookie", &cookies));
        }
        let answer = send(self.address, method, path, &headers, body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        for (name, value) in &answer.headers {
            let cookie = name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next()).flatten();
            if let Some((name, value)) = cookie.and_then(|cookie| cookie.split_once('=')) {
                if value.is_empty() {
                    self.cookies.remove(name);
                } else {
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
            }
        }
        answer
    }

    #[track_caller]
    pub fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[("Accept", "text/html")], "")
    }

    /// Sends the form of a page, with the token that the page holds.
    #[track_caller]
    pub fn submit(&mut self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(page).expect(200);
        let csrf = page.between("name=\"_csrf\" value=\"", "\"");
        let fields = [&[("_csrf", csrf.as_str())], fields].concat();
        self.post(action, &fields)
    }

    /// Sends a form as a program does, without the token of a page.
    #[track_caller]
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        self.send("POST", path, &[kind, ("Accept", "text/html, application/json")], &form(fields))
    }

    #[track_caller]
    pub fn post_json(&mut self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[("Content-Type", "application/json")], &body.to_string())
    }

    /// A program's reading, with a bearer token.
    #[track_caller]
    pub fn get_as(&mut self, token: &str, path: &str) -> Answer {
        self.send("GET", path, &[("Authorization", &format!("Bearer {token}"))], "")
    }

    /// The first call, with a bearer token.
    #[track_caller]
    pub fn me(&mut self, token: &str) -> Answer {
        self.send("GET", "/api/v1/me", &[("Authorization", &format!("Bearer {token}"))], "")
    }

    /// The first call, with an API key.
    #[track_caller]
    pub fn me_with_key(&mut self, key: &str) -> Answer {
        self.send("GET", "/api/v1/me", &[("x-api-key", key)], "")
    }

    #[track_caller]
    pub fn log_in(&mut self, email: &str, password: &str) -> Answer {
        self.submit("/login", "/login", &[("email", email), ("password", password)])
    }

    /// Logs in and opens the start page.
    #[track_caller]
    pub fn logged_in(mut self, email: &str, password: &str) -> Self {
        let answer = self.log_in(email, password).expect(303);
        assert_eq!(answer.location(), "/home");
        self
    }

    /// Lets an application in and answers with the code.
    #[track_caller]
    pub fn authorize(&mut self, client_id: &str) -> String {
        let path = format!(
            "/oauth/authorize?client_id={client_id}&redirect_uri={}&response_type=code",
            encode("urn:ietf:wg:oauth:2.0:oob")
        );
        let page = self.get(&path);
        // Who was let in before is not asked about again.
        if page.status == 302 {
            return self.code(page.location());
        }
        let page = page.expect(200);
        let allow = page.body.split("</form>").find(|form| form.contains("id=\"authorize\""));
        let allow = Answer { body: allow.expect("a form").to_owned(), ..page };
        let fields = [allow.inputs("type=\"hidden\""), allow.inputs("type=\"checkbox\"")].concat();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = self.post("/oauth/authorize", &fields).expect(302);
        self.code(answer.location())
    }

    /// The code that a page shows, wherever the server says that it is.
    #[track_caller]
    fn code(&mut self, location: &str) -> String {
        let path = location.find("/oauth/authorize/native?").map(|begin| &location[begin..]);
        let page = self.get(path.unwrap_or_else(|| panic!("{location} is no page with a code"))).expect(200);
        page.between("id=\"authorization_code\">", "<")
    }

    /// Lets an application in and exchanges the code: the answer of the token endpoint.
    #[track_caller]
    pub fn tokens(&mut self, client_id: &str, client_secret: &str) -> Value {
        let code = self.authorize(client_id);
        self.exchange(client_id, client_secret, &code).expect(200).json()
    }

    #[track_caller]
    pub fn exchange(&mut self, client_id: &str, client_secret: &str, code: &str) -> Answer {
        let fields = [
            ("client_id", client_id),
            ("client_secret", client_secret),
            ("code", code),
            ("grant_type", "authorization_code"),
            ("redirect_uri", "urn:ietf:wg:oauth:2.0:oob"),
        ];
        self.post("/oauth/token", &fields)
    }
}
