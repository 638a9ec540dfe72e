//! The program itself.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Client, PATIENCE, eventually};

/// A data folder and the settings that go with it.
pub struct Instance {
    home: TempDir,
    settings: Vec<String>,
}

/// What a command answered.
#[derive(Debug)]
pub struct Finished {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Finished {
    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert!(self.status.success(), "{self:?}");
        self
    }

    /// It said no, in words that hold these.
    #[track_caller]
    pub fn refused(self, words: &str) -> Self {
        assert!(self.status.code().is_some_and(|code| code != 0), "{self:?}");
        assert!(self.stderr.contains(words), "{words:?} is not in {self:?}");
        assert!(!self.stderr.contains("panicked") && !self.stderr.contains("RUST_BACKTRACE"), "{self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        self
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

impl Instance {
    /// A demo environment.
    pub fn demo() -> Self {
        Self { home: tempfile::tempdir().expect("a temporary folder"), settings: Vec::new() }
    }

    pub fn production() -> Self {
        Self::demo().with(&["--environment", "production"])
    }

    /// With more settings.
    pub fn with(mut self, settings: &[&str]) -> Self {
        self.settings.extend(settings.iter().map(|setting| (*setting).to_owned()));
        self
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// The program with this instance's settings, nothing from the environment, and no other place to write to.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command.env_clear().current_dir(self.home.path()).stdin(Stdio::null());
        command.arg("--data-dir").arg(self.data()).args(&self.settings).args(arguments);
        command
    }

    /// Runs a command to its end.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Finished {
        finish(&mut self.command(arguments), self.home.path())
    }

    /// Starts the server.
    #[track_caller]
    pub fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// Starts the server with settings for this time.
    #[track_caller]
    pub fn serve_with(&self, arguments: &[&str]) -> Server {
        // Somebody else may take the port before the server does.
        for _ in 0..5 {
            let listen = free_address();
            let mut command = self.command(arguments);
            command.args(["--listen", &listen.to_string()]);
            match Server::start(&mut command, listen) {
                Ok(server) => return server,
                Err(log) if log.contains("cannot be listened on") => {}
                Err(log) => panic!("the server did not start: {log}"),
            }
        }
        panic!("no port stayed free for long enough");
    }
}

/// Runs a command to its end, which it has to reach.
#[track_caller]
pub fn finish(command: &mut Command, folder: &Path) -> Finished {
    let files = tempfile::tempdir_in(folder).expect("a folder");
    let [out, err] = ["out", "err"].map(|name| files.path().join(name));
    let file = |path| Stdio::from(File::create(path).expect("a file"));
    let child = command.stdin(Stdio::null()).stdout(file(&out)).stderr(file(&err)).spawn();
    let mut child = Kill(child.expect("the program starts"));
    let status =
        eventually(&format!("the end of {command:?}"), PATIENCE, || child.0.try_wait().expect("a child"));
    let read = |path| fs::read_to_string(path).expect("text");
    Finished { status, stdout: read(out), stderr: read(err) }
}

/// An address that nobody listens on now.
pub fn free_address() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("an address")
}

/// A process that ends with the test.
pub struct Kill(pub Child);

impl Drop for Kill {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A running server.
pub struct Server {
    child: Kill,
    pub address: SocketAddr,
    lines: Receiver<String>,
    log: Arc<Mutex<String>>,
}

impl Server {
    /// Waits until it listens. The error is what it wrote to its log instead.
    fn start(command: &mut Command, address: SocketAddr) -> Result<Self, String> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = Kill(child.expect("the program starts"));
        let (stdout, stderr) =
            (child.0.stdout.take().expect("its output"), child.0.stderr.take().expect("its log"));
        let (line, lines) = channel();
        std::thread::spawn(move || {
            for text in BufReader::new(stdout).lines().map_while(Result::ok) {
                if line.send(text).is_err() {
                    break;
                }
            }
        });
        let log = Arc::new(Mutex::new(String::new()));
        let written = log.clone();
        let logging = std::thread::spawn(move || {
            let (mut stderr, mut chunk) = (stderr, [0; 4096]);
            while let Ok(count @ 1..) = stderr.read(&mut chunk) {
                written.lock().expect("the log").push_str(&String::from_utf8_lossy(&chunk[..count]));
            }
        });
        let server = Self { child, address, lines, log };
        match server.lines.recv_timeout(PATIENCE) {
            Ok(line) if line.contains("is listening on") => Ok(server),
            Ok(line) => Err(format!("it said {line:?}")),
            Err(RecvTimeoutError::Timeout) => Err(format!("it said nothing: {}", server.log())),
            Err(RecvTimeoutError::Disconnected) => {
                let _ = logging.join();
                Err(server.log())
            }
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Somebody new who talks to it.
    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// What it wrote to standard error so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    /// What it prints until a line that holds a text.
    #[track_caller]
    pub fn says_until(&self, last: &str) -> String {
        let begin = Instant::now();
        let mut said = String::new();
        while !said.lines().last().is_some_and(|line| line.contains(last)) {
            match self.lines.recv_timeout(PATIENCE.saturating_sub(begin.elapsed())) {
                Ok(line) => said = said + &line + "\n",
                Err(_) => panic!("no {last:?} in {said}\n{}", self.log()),
            }
        }
        said
    }

    /// Asks it to stop as an operator does, and waits for it.
    #[track_caller]
    pub fn stop(mut self) -> (ExitStatus, Duration) {
        let begin = Instant::now();
        self.terminate();
        let status = self.wait();
        (status, begin.elapsed())
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.0.id().to_string()]).status();
        assert!(asked.expect("kill").success());
    }

    /// Waits for its end.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        let Self { child, .. } = self;
        eventually("the end of the server", PATIENCE, || child.0.try_wait().expect("a child"))
    }
}
