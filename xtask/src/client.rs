//! A person with a browser and a program with a client secret, in one: the way from a log-in to a token.

use crate::http::Connection;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;

/// The redirect URI of programs that cannot be called back.
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// What a new sandbox hands over.
#[derive(Clone)]
pub struct Sandbox {
    pub client_id: String,
    pub client_secret: String,
    pub api_key: String,
    pub admin_email: String,
    pub admin_password: String,
}

/// An access token and the refresh token that came with it.
#[derive(Clone)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

/// An answer.
pub struct Page {
    pub status: u16,
    pub content_type: String,
    /// Where a redirection leads, without scheme and host.
    pub location: Option<String>,
    pub body: String,
}

impl Page {
    /// The page, if it has the status that was hoped for.
    pub fn expect(self, status: u16, what: &str) -> Result<Self> {
        ensure!(
            self.status == status,
            "{what}: expected {status}, got {} {} {}",
            self.status,
            self.location.unwrap_or_default(),
            self.body.chars().take(600).collect::<String>()
        );
        Ok(self)
    }

    /// The tokens of a successful answer of the token endpoint.
    pub fn tokens(self, what: &str) -> Result<Tokens> {
        let json: Value = serde_json::from_str(&self.expect(200, what)?.body)?;
        Ok(Tokens { access: member(&json, "access_token")?, refresh: member(&json, "refresh_token")? })
    }
}

/// A client with its own cookies and its own connection.
///
/// An error means that no answer came; it is for the caller to decide whether an answer is the right one.
pub struct Client {
    address: SocketAddr,
    connection: Option<Connection>,
    cookies: BTreeMap<String, String>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, connection: None, cookies: BTreeMap::new() }
    }

    /// Another client in the same session.
    pub fn sibling(&self) -> Self {
        Self { cookies: self.cookies.clone(), ..Self::new(self.address) }
    }

    /// The values of all cookies.
    pub fn cookies(&self) -> impl Iterator<Item = &str> {
        self.cookies.values().map(String::as_str)
    }

    pub async fn get(&mut self, path: &str) -> Result<Page> {
        self.send(&self.request("GET", path, "", "")).await
    }

    /// A request of a program with an API key.
    pub async fn api(&mut self, method: &str, path: &str, key: &str, body: Option<&Value>) -> Result<Page> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let (address, length) = (self.address, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nx-api-key: {key}\r\nAccept: */*\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.send(request.as_bytes()).await
    }

    /// `GET /api/v1/me` as a program with a token.
    pub async fn me(&mut self, token: &str) -> Result<Page> {
        self.send(&me_request(self.address, token)).await
    }

    pub async fn post_form(&mut self, path: &str, fields: &[(String, String)]) -> Result<Page> {
        self.send(&self.request("POST", path, "application/x-www-form-urlencoded", &encoded(fields))).await
    }

    /// Provisions a company with an application.
    pub async fn sandbox(&mut self, company: &str) -> Result<Sandbox> {
        let body = serde_json::json!({ "company_name": company }).to_string();
        let page = self.send(&self.request("POST", "/sandbox", "application/json", &body)).await?;
        let json: Value = serde_json::from_str(&page.expect(201, "POST /sandbox")?.body)?;
        Ok(Sandbox {
            client_id: member(&json, "client_id")?,
            client_secret: member(&json, "client_secret")?,
            api_key: member(&json, "api_key")?,
            admin_email: member(&json, "admin_email")?,
            admin_password: member(&json, "admin_password")?,
        })
    }

    /// Logs in as the sandbox's administrator.
    pub async fn log_in(&mut self, sandbox: &Sandbox) -> Result<()> {
        let page = self.get("/login").await?.expect(200, "GET /login")?;
        let mut fields = form(&page.body, "/login").context("/login has no form")?;
        fields.retain(|(name, _)| name != "email" && name != "password");
        fields.push(("email".into(), sandbox.admin_email.clone()));
        fields.push(("password".into(), sandbox.admin_password.clone()));
        self.post_form("/login", &fields).await?.expect(303, "POST /login")?;
        Ok(())
    }

    /// Lets the sandbox's application in and gets its code; agrees on the consent page when it is shown.
    pub async fn authorize(&mut self, sandbox: &Sandbox) -> Result<Page> {
        let query = encoded(&[
            ("client_id".into(), sandbox.client_id.clone()),
            ("redirect_uri".into(), OUT_OF_BAND.into()),
            ("response_type".into(), "code".into()),
        ]);
        let page = self.get(&format!("/oauth/authorize?{query}")).await?;
        if page.status != 200 {
            return Ok(page);
        }
        let fields = form(&page.body, "/oauth/authorize").context("the consent page has no form")?;
        self.post_form("/oauth/authorize", &fields).await
    }

    /// Exchanges a code.
    pub async fn exchange(&mut self, sandbox: &Sandbox, code: &str) -> Result<Page> {
        self.send(&token_request(
            self.address,
            &[
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", OUT_OF_BAND),
                ("client_id", &sandbox.client_id),
                ("client_secret", &sandbox.client_secret),
            ],
        ))
        .await
    }

    /// Refreshes.
    pub async fn refresh(&mut self, sandbox: &Sandbox, refresh_token: &str) -> Result<Page> {
        self.send(&refresh_request(self.address, sandbox, refresh_token)).await
    }

    /// A new family of tokens, all the way from the authorization.
    pub async fn family(&mut self, sandbox: &Sandbox) -> Result<Tokens> {
        let code = code(&self.authorize(sandbox).await?)?;
        self.exchange(sandbox, &code).await?.tokens("exchange of a code")
    }

    fn request(&self, method: &str, path: &str, content_type: &str, body: &str) -> Vec<u8> {
        let address = self.address;
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nAccept: */*\r\n");
        if !self.cookies.is_empty() {
            let cookies: Vec<_> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request += &format!("Cookie: {}\r\n", cookies.join("; "));
        }
        if method == "POST" {
            let length = body.len();
            request += &format!(
                "Origin: http://{address}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n"
            );
        }
        request += "\r\n";
        request += body;
        request.into_bytes()
    }

    async fn send(&mut self, request: &[u8]) -> Result<Page> {
        // Taken, not borrowed: a connection that failed once is not used again.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(self.address).await?,
        };
        let answer = connection.exchange(request).await?;
        for cookie in answer.headers("set-cookie") {
            let pair = cookie.split(';').next().unwrap_or(cookie);
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
        let page = Page {
            status: answer.status,
            content_type: answer.header("content-type").unwrap_or_default().to_owned(),
            location: answer.header("location").map(|location| path(location).to_owned()),
            body: String::from_utf8_lossy(&answer.body).into_owned(),
        };
        let closes = answer.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        self.connection = (!closes).then_some(connection);
        Ok(page)
    }
}

/// The request for `/api/v1/me`.
pub fn me_request(address: SocketAddr, token: &str) -> Vec<u8> {
    format!(
        "GET /api/v1/me HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nAccept: */*\r\n\r\n"
    )
    .into_bytes()
}

/// The request that refreshes.
pub fn refresh_request(address: SocketAddr, sandbox: &Sandbox, refresh_token: &str) -> Vec<u8> {
    token_request(
        address,
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
            ("client_id", &sandbox.client_id),
            ("client_secret", &sandbox.client_secret),
        ],
    )
}

// A program's request: it has no cookies and no origin.
fn token_request(address: SocketAddr, fields: &[(&str, &str)]) -> Vec<u8> {
    let body = encoded(fields);
    let length = body.len();
    format!(
        "POST /oauth/token HTTP/1.1\r\nHost: {address}\r\nAccept: */*\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// The code that an authorization led to.
pub fn code(page: &Page) -> Result<String> {
    let Some((_, query)) = page.location.as_deref().and_then(|location| location.split_once('?')) else {
        bail!("the authorization led to no code: {} {:?}", page.status, page.location);
    };
    let code = query.split('&').find_map(|pair| pair.strip_prefix("code="));
    Ok(decoded(code.with_context(|| format!("no code in {query}"))?))
}

fn member(json: &Value, name: &str) -> Result<String> {
    Ok(json[name].as_str().with_context(|| format!("no {name} in the answer"))?.to_owned())
}

fn path(location: &str) -> &str {
    let Some((_, rest)) = location.split_once("://") else {
        return location;
    };
    rest.find('/').map_or("/", |start| &rest[start..])
}

/// A form body or a query string.
pub fn encoded<T: AsRef<str>>(fields: &[(T, T)]) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        if !text.is_empty() {
            text.push('&');
        }
        encode(&mut text, name.as_ref());
        text.push('=');
        encode(&mut text, value.as_ref());
    }
    text
}

fn encode(text: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

/// The value of a percent-encoded text.
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|hex| u8::from_str_radix(str::from_utf8(hex).ok()?, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = tail;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What a browser sends for the first form with this action: its filled inputs and its first button.
fn form(html: &str, action: &str) -> Option<Vec<(String, String)>> {
    let form = html.split("<form").skip(1).find(|form| {
        let tag = form.split('>').next().unwrap_or(form);
        attribute(tag, "action").is_some_and(|value| path(&value).split('?').next() == Some(action))
    })?;
    let form = form.split("</form").next().unwrap_or(form);

    let mut fields = Vec::new();
    let mut pressed = false;
    for tag in form.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or(tag)) {
        let kind = attribute(tag, "type").unwrap_or_default();
        let is_button = tag.starts_with("button") || (tag.starts_with("input") && kind == "submit");
        let is_ticked = tag.split_ascii_whitespace().any(|word| word.split('=').next() == Some("checked"));
        let is_sent = if is_button {
            !std::mem::replace(&mut pressed, true)
        } else {
            tag.starts_with("input") && (is_ticked || !matches!(kind.as_str(), "checkbox" | "radio"))
        };
        if let Some(name) = attribute(tag, "name").filter(|_| is_sent) {
            fields.push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
    Some(fields)
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!(" {name}=\"")).or_else(|| tag.find(&format!("\n{name}=\"")))?;
    let value = tag[start..].split('"').nth(1)?;
    let plain = value
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&#38;", "&")
        .replace("&amp;", "&");
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_sent_as_a_browser_sends_it() {
        let html = r#"
            <form method="post" action="/logout"><input type="hidden" name="_csrf" value="no"></form>
            <form method="post" action="/oauth/authorize">
              <input type="hidden" name="_csrf" value="a&amp;b">
              <label><input type="checkbox" name="scopes" value="read" checked> read</label>
              <label><input type="checkbox" name="scopes" value="write"> write</label>
              <button name="decision" value="allow">Authorize</button>
              <button name="decision" value="deny">Deny</button>
            </form>"#;
        let fields = form(html, "/oauth/authorize").unwrap();
        assert_eq!(encoded(&fields), "_csrf=a%26b&scopes=read&decision=allow");
        assert!(form(html, "/oauth").is_none());
    }

    #[test]
    fn percent_encoding_comes_back() {
        let value = "ä b&c=d/ü%+";
        let text = encoded(&[("q", value)]);
        assert_eq!(decoded(text.strip_prefix("q=").unwrap()), value);
    }

    #[test]
    fn the_code_is_read_from_the_redirection() {
        let page = |location: &str| Page {
            status: 303,
            content_type: String::new(),
            location: Some(path(location).into()),
            body: String::new(),
        };
        let native = "http://127.0.0.1:3000/oauth/authorize/native?code=abc%31&iss=x";
        assert_eq!(code(&page(native)).unwrap(), "abc1");
        assert!(code(&page("/login?return_to=x")).is_err());
    }
}
