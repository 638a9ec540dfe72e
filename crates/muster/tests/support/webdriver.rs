//! A real browser, through WebDriver (W3C) and what ChromeDriver adds to it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::http::{self, Answer};
use super::server::Kill;
use super::{PATIENCE, eventually, skipped, variable};

/// Keys of the standard's table.
pub mod key {
    pub const TAB: &str = "\u{E004}";
    pub const ENTER: &str = "\u{E007}";
    pub const SPACE: &str = " ";
    pub const ESCAPE: &str = "\u{E00C}";
}

/// The name under which the standard hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How long a page may take to come to what is expected of it.
const PAGE: Duration = Duration::from_secs(20);

/// Where ChromeDriver is; `None` where tests run without a browser.
fn driver() -> Option<PathBuf> {
    let usual = Path::new("/usr/bin/chromedriver");
    match variable("MUSTER_TEST_BROWSER").as_deref() {
        Some("skip") => skipped("a real browser", "MUSTER_TEST_BROWSER says so"),
        Some(path) => return Some(path.into()),
        None if usual.is_file() => return Some(usual.to_owned()),
        None if variable("CI").is_some_and(|ci| ci == "true" || ci == "1") => {
            panic!("there is no {}, and CI must not skip the tests of the pages", usual.display())
        }
        None => skipped("a real browser", "there is no /usr/bin/chromedriver; see MUSTER_TEST_BROWSER"),
    }
    None
}

/// A browser of a test's own.
pub struct Browser {
    address: SocketAddr,
    session: String,
    _driver: Kill,
    _profile: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver then ends the browser; without it the browser would go on.
        let _ = http::send(self.address, "DELETE", &format!("/session/{}", self.session), &[], "");
    }
}

impl Browser {
    /// Starts one, unless tests run without.
    pub fn start() -> Option<Self> {
        let program = driver()?;
        let profile = tempfile::tempdir().expect("a folder");
        let child = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut driver = Kill(child.unwrap_or_else(|error| panic!("{}: {error}", program.display())));
        let stdout = driver.0.stdout.take().expect("its output");
        let (tell, told) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let port = line.split_once("started successfully on port ");
                if let Some(port) = port.and_then(|(_, port)| port.trim_end_matches('.').parse::<u16>().ok())
                {
                    let _ = tell.send(port);
                }
            }
        });
        let port = told.recv_timeout(PATIENCE).expect("ChromeDriver says on which port it listens");
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let folder = format!("--user-data-dir={}", profile.path().display());
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--lang=en-US",
            &folder,
        ];
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": 20_000, "pageLoad": 30_000, "implicit": 0 },
        } } });
        let started =
            call(address, "POST", "/session", &capabilities).unwrap_or_else(|error| panic!("{error}"));
        let session = started["sessionId"].as_str().expect("a session").to_owned();
        let browser = Self { address, session, _driver: driver, _profile: profile };
        browser.cdp(
            "Emulation.setEmulatedMedia",
            &json!({ "features": [
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] }),
        );
        Some(browser)
    }

    fn attempt(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        call(self.address, method, &format!("/session/{}{path}", self.session), body)
    }

    #[track_caller]
    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        self.attempt(method, path, body).unwrap_or_else(|error| panic!("{method} {path} {body}: {error}"))
    }

    /// A command of the DevTools protocol.
    #[track_caller]
    pub fn cdp(&self, command: &str, parameters: &Value) -> Value {
        self.call("POST", "/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// How wide the window is, and whether the system prefers dark.
    #[track_caller]
    pub fn look(&self, width: u32, dark: bool) {
        let height = if width < 600 { 640 } else { 800 };
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            &json!({
                "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
            }),
        );
        self.cdp(
            "Emulation.setEmulatedMedia",
            &json!({ "features": [
            { "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] }),
        );
    }

    #[track_caller]
    pub fn open(&self, url: &str) {
        self.call("POST", "/url", &json!({ "url": url }));
    }

    #[track_caller]
    pub fn address(&self) -> String {
        self.call("GET", "/url", &Value::Null).as_str().expect("an address").to_owned()
    }

    /// Waits until the address holds a text.
    #[track_caller]
    pub fn arrives_at(&self, part: &str) -> String {
        eventually(
            &format!("{part} as address, not {} with {}", self.address(), self.text("body")),
            PAGE,
            || {
                let loaded =
                    self.attempt("POST", "/execute/sync", &script("return document.readyState", &[]));
                let address = self.attempt("GET", "/url", &Value::Null).ok()?.as_str()?.to_owned();
                (loaded.is_ok_and(|state| state == "complete") && address.contains(part)).then_some(address)
            },
        )
    }

    #[track_caller]
    pub fn run(&self, code: &str, arguments: &[Value]) -> Value {
        self.call("POST", "/execute/sync", &script(code, arguments))
    }

    /// Runs what ends with `await`.
    #[track_caller]
    pub fn run_async(&self, expression: &str) -> Value {
        let code = format!(
            "const done = arguments[arguments.length - 1]; (async () => {expression})().then(done, (e) => done(String(e)))"
        );
        self.call("POST", "/execute/async", &script(&code, &[]))
    }

    fn find_now(&self, using: &str, value: &str) -> Result<String, String> {
        let found = self.attempt("POST", "/element", &json!({ "using": using, "value": value }))?;
        Ok(found[ELEMENT].as_str().ok_or("no element")?.to_owned())
    }

    /// Does something with an element as soon as there is one. A page that is being left is asked again.
    #[track_caller]
    fn with(&self, using: &str, value: &str, action: impl Fn(&str) -> Result<Value, String>) -> Value {
        let page = || {
            self.attempt("POST", "/execute/sync", &script("return location + document.body.innerText", &[]))
        };
        let found = eventually(&format!("{value} on {:?}", page()), PAGE, || {
            let element = self.find_now(using, value).ok()?;
            Some(action(&element)).filter(|done| !matches!(done, Err(error) if left(error)))
        });
        found.unwrap_or_else(|error| panic!("{value}: {error}"))
    }

    /// Whether there is such an element now.
    #[track_caller]
    pub fn has(&self, css: &str) -> bool {
        self.find_now("css selector", css).is_ok()
    }

    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        let text = self.with("css selector", css, |id| {
            self.attempt("GET", &format!("/element/{id}/text"), &Value::Null)
        });
        text.as_str().expect("text").to_owned()
    }

    #[track_caller]
    pub fn fill(&self, css: &str, text: &str) {
        self.with("css selector", css, |id| {
            self.attempt("POST", &format!("/element/{id}/clear"), &json!({}))?;
            self.attempt("POST", &format!("/element/{id}/value"), &json!({ "text": text }))
        });
    }

    /// Clicks where an element is, which fails if something else is there.
    #[track_caller]
    pub fn click(&self, css: &str) {
        self.with("css selector", css, |id| {
            self.attempt("POST", &format!("/element/{id}/click"), &json!({}))
        });
    }

    /// Clicks the link or button with this text.
    #[track_caller]
    pub fn press(&self, text: &str) {
        let path = format!(
            "//main//*[self::a or self::button][starts-with(normalize-space(.), '{text}')][not(@hidden)]"
        );
        self.with("xpath", &path, |id| self.attempt("POST", &format!("/element/{id}/click"), &json!({})));
    }

    /// Presses keys, one after the other.
    #[track_caller]
    pub fn keys(&self, keys: &str) {
        let actions: Vec<_> = keys
            .chars()
            .flat_map(|key| {
                ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() }))
            })
            .collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.call("POST", "/actions", &actions);
    }

    /// What the console said since it was asked last.
    #[track_caller]
    pub fn console(&self) -> Vec<(String, String)> {
        let entries = self.call("POST", "/se/log", &json!({ "type": "browser" }));
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        let entries = entries.as_array().expect("entries");
        entries.iter().map(|entry| (text(entry, "level"), text(entry, "message"))).collect()
    }

    /// Keeps a picture of the whole page.
    #[track_caller]
    pub fn picture(&self, file: &Path) {
        // The picture has no scrollbar, and neither may the page be laid out around one.
        self.cdp("Emulation.setScrollbarsHidden", &json!({ "hidden": true }));
        let size = self.cdp("Page.getLayoutMetrics", &json!({}))["cssContentSize"].clone();
        let width = self.run("return innerWidth", &[]);
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": size["height"], "scale": 1 });
        let shot =
            self.cdp("Page.captureScreenshot", &json!({ "captureBeyondViewport": true, "clip": clip }));
        self.cdp("Emulation.setScrollbarsHidden", &json!({ "hidden": false }));
        let bytes = BASE64_STANDARD.decode(shot["data"].as_str().expect("a picture")).expect("base64");
        fs::write(file, bytes).expect("the picture can be kept");
    }
}

/// Whether an element is one of a page that has been left meanwhile; the driver has two ways to say so.
fn left(error: &str) -> bool {
    error.starts_with("stale element") || error.contains("does not belong to the document")
}

fn script(code: &str, arguments: &[Value]) -> Value {
    json!({ "script": code, "args": arguments })
}

fn call(address: SocketAddr, method: &str, path: &str, body: &Value) -> Result<Value, String> {
    let body = if method == "POST" { body.to_string() } else { String::new() };
    let headers = [("Content-Type", "application/json; charset=utf-8")];
    let Answer { status, body, .. } =
        http::send(address, method, path, &headers, &body).map_err(|error| format!("no answer: {error}"))?;
    let mut answer: Value = serde_json::from_str(&body).map_err(|_| format!("no JSON: {status} {body}"))?;
    let value = answer["value"].take();
    if status == 200 {
        return Ok(value);
    }
    Err(format!(
        "{}: {}",
        value["error"].as_str().unwrap_or_default(),
        value["message"].as_str().unwrap_or_default()
    ))
}
