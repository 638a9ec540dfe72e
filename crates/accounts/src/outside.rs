//! Which addresses of the network the server may be told to talk to.
//!
//! Somebody who may name an address must not reach what only the server reaches: its own machine, the network that it
//! stands in, the service that hands out the credentials of a machine in a cloud.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use storage::Tx;
use url::{Host, Url};

/// Name under which the instance remembers it.
const SETTING: &str = "outgoing_addresses";

/// The longest address, in bytes.
const LONGEST: usize = 2000;

/// What may be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reachable {
    /// Addresses of the internet.
    Public,
    /// Those and this machine.
    Loopback,
    /// Everything, private networks included.
    Everything,
}

impl Reachable {
    /// What the operator of this instance allows.
    pub fn of(tx: &mut Tx<'_>) -> Result<Self, storage::Error> {
        Ok(match tx.setting(SETTING)? {
            Some(1) => Self::Loopback,
            Some(2) => Self::Everything,
            _ => Self::Public,
        })
    }

    /// Remembers it for every node.
    pub fn remember(self, tx: &mut Tx<'_>) -> Result<(), storage::Error> {
        if Self::of(tx)? == self {
            return Ok(());
        }
        tx.set_setting(SETTING, self as i64)
    }

    /// Whether an address may be talked to.
    pub fn admits(self, address: IpAddr) -> bool {
        match self {
            Self::Everything => true,
            Self::Loopback => public(address) || loopback(address),
            Self::Public => public(address),
        }
    }

    /// Why an address that somebody named cannot be talked to, as a sentence. What a name resolves to is seen later.
    pub fn problem(self, target: &str) -> Option<&'static str> {
        if target.len() > LONGEST {
            return Some("It is longer than 2000 characters.");
        }
        let Ok(url) = Url::parse(target) else {
            return Some("It must be an address such as https://example.com/webhooks.");
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Some("It must begin with https:// or http://.");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Some("It must not have a user name or a password in it.");
        }
        let admitted = match url.host() {
            None => return Some("It must name a host."),
            Some(Host::Ipv4(address)) => self.admits(address.into()),
            Some(Host::Ipv6(address)) => self.admits(address.into()),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                let local = name == "localhost" || name.ends_with(".localhost");
                !local || self != Self::Public
            }
        };
        (!admitted).then_some("It is an address of a private network, which this server does not talk to.")
    }
}

fn loopback(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.is_loopback(),
            None => address.is_loopback(),
        },
    }
}

fn public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => public_v4(address),
        IpAddr::V6(address) => public_v6(address),
    }
}

/// Nothing that the registry of special-purpose addresses (RFC 6890) lists.
fn public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (100, 64..128, _)
            | (169, 254, _)
            | (172, 16..32, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !special
}

/// Global unicast, and where an IPv4 address is inside, a public one.
fn public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, .., g, h] = address.segments();
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        public_v4(Ipv4Addr::new(a, b, c, d))
    };
    if let Some(address) = address.to_ipv4_mapped() {
        return public_v4(address);
    }
    match (a, b) {
        // NAT64 (RFC 6052), 6to4 (RFC 3056).
        (0x64, 0xff9b) => inner(g, h),
        (0x2002, _) => inner(b, c),
        // Teredo, benchmarks, documentation.
        (0x2001, 0 | 2 | 0xdb8) => false,
        (0x2000..0x4000, _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_public_or_not() {
        for (text, public, loopback) in [
            ("93.184.216.34", true, true),
            ("8.8.8.8", true, true),
            ("172.15.0.1", true, true),
            ("172.32.0.1", true, true),
            ("100.63.0.1", true, true),
            ("2606:2800:220:1::1", true, true),
            ("64:ff9b::808:808", true, true),
            ("127.0.0.1", false, true),
            ("127.8.9.10", false, true),
            ("::1", false, true),
            ("::ffff:127.0.0.1", false, true),
            ("0.0.0.0", false, false),
            ("10.0.0.1", false, false),
            ("100.64.0.1", false, false),
            ("169.254.169.254", false, false),
            ("172.16.0.1", false, false),
            ("172.31.255.255", false, false),
            ("192.168.1.1", false, false),
            ("192.0.2.1", false, false),
            ("198.18.0.1", false, false),
            ("224.0.0.1", false, false),
            ("255.255.255.255", false, false),
            ("::", false, false),
            ("fe80::1", false, false),
            ("fd00::1", false, false),
            ("ff02::1", false, false),
            ("::ffff:10.0.0.1", false, false),
            ("64:ff9b::a00:1", false, false),
            ("2002:a00:1::1", false, false),
            ("2001:db8::1", false, false),
            ("2001::1", false, false),
        ] {
            let address: IpAddr = text.parse().unwrap();
            assert_eq!(Reachable::Public.admits(address), public, "{text}");
            assert_eq!(Reachable::Loopback.admits(address), loopback, "{text}");
            assert!(Reachable::Everything.admits(address), "{text}");
        }
    }

    #[test]
    fn targets_are_addresses_of_the_web() {
        for (target, good) in [
            ("https://example.com/webhooks?a=b", true),
            ("http://example.com:8080", true),
            ("https://93.184.216.34/", true),
            ("", false),
            ("example.com", false),
            ("ftp://example.com", false),
            ("file:///etc/passwd", false),
            ("https://ada:secret@example.com", false),
            ("https://localhost/", false),
            ("https://a.localhost./", false),
            ("http://127.0.0.1:8000/", false),
            ("http://2130706433/", false),
            ("http://0x7f.1/", false),
            ("http://[::1]/", false),
            ("http://[::ffff:169.254.169.254]/", false),
            ("http://169.254.169.254/latest/meta-data", false),
        ] {
            assert_eq!(Reachable::Public.problem(target).is_none(), good, "{target}");
        }
        assert_eq!(Reachable::Loopback.problem("http://localhost:1234/"), None);
        assert_eq!(Reachable::Loopback.problem("http://127.0.0.1:1234/"), None);
        assert!(Reachable::Loopback.problem("http://10.0.0.1/").is_some());
        assert!(Reachable::Everything.problem("http://10.0.0.1/").is_none());
        assert!(Reachable::Public.problem(&format!("https://example.com/{}", "a".repeat(2000))).is_some());
    }
}
