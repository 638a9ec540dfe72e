//! Just enough HTTP/1.1 to talk to a server on this machine, at little cost beside the server's own.

use anyhow::{Context, Result, bail};
use std::borrow::Cow;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that is kept open between requests.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// A response; it borrows from its connection.
pub struct Answer<'a> {
    pub status: u16,
    /// The status line and the header lines.
    pub head: &'a str,
    pub body: Cow<'a, [u8]>,
}

impl Answer<'_> {
    /// The values of a header, in order.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        headers(self.head).filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        headers(self.head).find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a whole request and waits for the whole response.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            self.fill().await?;
        };

        let (status, length) = meaning(str::from_utf8(&self.buffer[..head])?)?;
        let body = match length {
            Length::Known(length) => {
                while self.buffer.len() < head + length {
                    self.fill().await?;
                }
                None
            }
            Length::Chunked => loop {
                if let Some(body) = joined(&self.buffer[head..])? {
                    break Some(body);
                }
                self.fill().await?;
            },
        };

        let (head, rest) = self.buffer.split_at(head);
        Ok(Answer { status, head: str::from_utf8(head)?, body: body.map_or(Cow::Borrowed(rest), Cow::Owned) })
    }

    async fn fill(&mut self) -> Result<()> {
        self.buffer.reserve(4096);
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

enum Length {
    Known(usize),
    Chunked,
}

fn headers(head: &str) -> impl Iterator<Item = (&str, &str)> {
    head.split("\r\n").skip(1).filter_map(|line| line.split_once(':')).map(|(key, value)| (key, value.trim()))
}

fn meaning(head: &str) -> Result<(u16, Length)> {
    let status = head.split(' ').nth(1).context("the answer is not HTTP")?.parse()?;
    let mut length = Length::Known(0);
    for (key, value) in headers(head) {
        if key.eq_ignore_ascii_case("content-length") {
            length = Length::Known(value.parse()?);
        } else if key.eq_ignore_ascii_case("transfer-encoding") && value.eq_ignore_ascii_case("chunked") {
            length = Length::Chunked;
        }
    }
    Ok((status, length))
}

/// The chunks put together, or nothing while the last one is missing.
fn joined(mut chunks: &[u8]) -> Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let Some(end) = chunks.windows(2).position(|window| window == b"\r\n") else {
            return Ok(None);
        };
        let size = str::from_utf8(&chunks[..end])?;
        let size = usize::from_str_radix(size.split(';').next().unwrap_or(size).trim(), 16)?;
        let rest = &chunks[end + 2..];
        if rest.len() < size + 2 {
            return Ok(None);
        }
        if size == 0 {
            return Ok(Some(body));
        }
        body.extend_from_slice(&rest[..size]);
        chunks = &rest[size + 2..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_put_together_once_all_are_there() {
        let chunks = b"4\r\nmust\r\n2;x=y\r\ner\r\n0\r\n\r\n";
        assert_eq!(joined(chunks).unwrap().unwrap(), b"muster");
        for missing in 1..chunks.len() {
            assert!(joined(&chunks[..missing]).unwrap().is_none(), "{missing}");
        }
    }

    #[test]
    fn header_names_have_no_case() {
        let head = "HTTP/1.1 201 Created\r\nCONTENT-LENGTH: 12\r\nX: 1:2\r\n\r\n";
        assert!(matches!(meaning(head).unwrap(), (201, Length::Known(12))));
        let answer = Answer { status: 201, head, body: Cow::Borrowed(b"") };
        assert_eq!(answer.header("x"), Some("1:2"));
    }
}
