//! From where a request comes.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::request::Parts;

/// The address of the client: the peer's, or behind trusted proxies the last one that `X-Forwarded-For`
/// names and that is no trusted proxy itself. Earlier entries are whatever the client wrote.
pub(crate) fn client(parts: &Parts, trusted: &[IpAddr]) -> IpAddr {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(peer)| peer.ip().to_canonical());
    if !trusted.contains(&peer) {
        return peer;
    }
    let forwarded = parts.headers.get_all("x-forwarded-for").iter();
    let mut hops: Vec<&str> =
        forwarded.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    while let Some(hop) = hops.pop() {
        match hop_address(hop.trim()) {
            Some(address) if trusted.contains(&address) => {}
            Some(address) => return address,
            None => break,
        }
    }
    peer
}

/// Some proxies add the port, and then or always put an IPv6 address in brackets.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse().or_else(|_| hop.parse().map(|socket: SocketAddr| socket.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let proxy: IpAddr = [10, 0, 0, 1].into();
        for (peer, forwarded, expected) in [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
            ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
            ("10.0.0.1", "6.6.6.6, 198.51.100.1:4711, 10.0.0.1:80", "198.51.100.1"),
            ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
            ("10.0.0.1", "[2001:db8::1]", "2001:db8::1"),
            ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
            ("10.0.0.1", "198.51.100.1:port", "10.0.0.1"),
            ("10.0.0.1", "nonsense", "10.0.0.1"),
            ("10.0.0.1", "", "10.0.0.1"),
        ] {
            let request = http::Request::builder().header("x-forwarded-for", forwarded);
            let (mut parts, ()) = request.body(()).expect("a request").into_parts();
            let peer: IpAddr = peer.parse().expect("an address");
            parts.extensions.insert(ConnectInfo(SocketAddr::new(peer, 1)));
            assert_eq!(client(&parts, &[proxy]).to_string(), expected, "{peer} {forwarded:?}");
        }
    }
}
