//! The way out: one request to an address that somebody else chose.
//!
//! A name is resolved here, and what it resolves to is connected to, so that a name which means another address a moment
//! later gains nothing. Redirects are answers like others. Connections are kept and used again.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use accounts::outside::Reachable;
use http::{HeaderMap, Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tower_service::Service;

/// How long one address may take to accept a connection.
const CONNECTING: Duration = Duration::from_secs(5);

/// Bytes of an answer that are read.
const LARGEST: usize = 64 * 1024;

/// A future that somebody else makes.
pub type Waiting<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// From names to addresses.
pub trait Resolve: Send + Sync + 'static {
    /// The addresses of a name.
    fn resolve<'a>(&'a self, name: &'a str) -> Waiting<'a, io::Result<Vec<IpAddr>>>;
}

/// The resolver of the system.
#[derive(Debug)]
pub struct System;

impl Resolve for System {
    fn resolve<'a>(&'a self, name: &'a str) -> Waiting<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// What a receiver answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The beginning of the body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// As a sentence.
    pub why: String,
    /// Whether nobody could be reached at all.
    pub unreachable: bool,
}

/// Sends requests.
#[derive(Clone)]
pub struct Client {
    pool: Pool<Connector, Full<Bytes>>,
    timeout: Duration,
}

impl Client {
    /// One that may reach some addresses and waits so long for an answer.
    pub fn new(
        resolver: Arc<dyn Resolve>,
        reachable: Reachable,
        timeout: Duration,
    ) -> Result<Self, rustls::Error> {
        let connector = Connector { resolver, reachable, tls: TlsConnector::from(Arc::new(tls()?)) };
        let pool = Pool::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(8)
            // Only what was not begun on a connection that turns out to be closed.
            .retry_canceled_requests(true)
            .build(connector);
        Ok(Self { pool, timeout })
    }

    /// Posts a body and waits for the answer.
    pub async fn post(&self, request: Request<Full<Bytes>>) -> Result<Answer, Failure> {
        match tokio::time::timeout(self.timeout, self.answered(request)).await {
            Ok(answer) => answer,
            Err(_) => {
                let why = format!("There was no answer within {} seconds.", self.timeout.as_secs_f64());
                Err(Failure { why, unreachable: true })
            }
        }
    }

    async fn answered(&self, request: Request<Full<Bytes>>) -> Result<Answer, Failure> {
        let response = self.pool.request(request).await.map_err(|error| {
            let unreachable = error.is_connect();
            Failure { why: sentence(&error), unreachable }
        })?;
        let (parts, mut body) = response.into_parts();
        let mut read = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| Failure {
                why: format!("The answer broke off: {error}."),
                unreachable: false,
            })?;
            if let Some(data) = frame.data_ref() {
                read.extend_from_slice(&data[..data.len().min(LARGEST - read.len())]);
            }
            if read.len() >= LARGEST {
                break;
            }
        }
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body: read })
    }
}

/// The innermost reason, which is what a person can do something about.
fn sentence(error: &hyper_util::client::legacy::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    let text = inner.to_string();
    let text = text.trim_end_matches('.');
    if error.is_connect() {
        format!("It could not be connected to: {text}.")
    } else {
        format!("There was no proper answer: {text}.")
    }
}

/// The certificates of the system and those that browsers trust.
fn tls() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let system = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(system.certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// Connects to what may be reached.
#[derive(Clone)]
struct Connector {
    resolver: Arc<dyn Resolve>,
    reachable: Reachable,
    tls: TlsConnector,
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = io::Error;
    type Future = Waiting<'static, io::Result<Stream>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move { connector.connect(&target).await })
    }
}

impl Connector {
    async fn connect(&self, target: &Uri) -> io::Result<Stream> {
        let secure = target.scheme_str() == Some("https");
        let host = target.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let port = target.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let addresses = match host.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => self.resolver.resolve(host).await?,
        };
        if addresses.is_empty() {
            return Err(io::Error::other(format!("{host} has no address")));
        }
        let stream = self.reach(&addresses, port).await?;
        // A request is written whole; waiting for more would only delay it.
        let _ = stream.set_nodelay(true);
        if !secure {
            return Ok(Stream(TokioIo::new(Box::new(stream))));
        }
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let stream = self.tls.connect(name, stream).await?;
        Ok(Stream(TokioIo::new(Box::new(stream))))
    }

    /// The first address that may be reached and answers.
    #[expect(clippy::disallowed_methods, reason = "the one place that talks to receivers of webhooks")]
    async fn reach(&self, addresses: &[IpAddr], port: u16) -> io::Result<TcpStream> {
        let mut last = io::Error::other("it is an address of a private network");
        for address in addresses.iter().filter(|address| self.reachable.admits(**address)) {
            let connecting = TcpStream::connect(SocketAddr::new(*address, port));
            match tokio::time::timeout(CONNECTING, connecting).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => last = error,
                Err(_) => last = io::Error::from(io::ErrorKind::TimedOut),
            }
        }
        Err(last)
    }
}

trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A connection, encrypted or not.
struct Stream(TokioIo<Box<dyn Duplex>>);

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, into)
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
