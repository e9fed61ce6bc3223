//! Which hosts NO_PROXY names, as curl reads it; ports and `*.suffix` in addition.

use std::net::IpAddr;

use super::super::BaseUrl;

/// Whether a list, divided by commas or blanks, covers an origin.
pub(super) fn matches(list: &str, origin: &BaseUrl) -> bool {
    let host = origin.host.trim_end_matches('.');
    list.split(|c: char| c == ',' || c.is_whitespace())
        .any(|entry| covers(entry, host, origin.port))
}

fn covers(entry: &str, host: &str, port: u16) -> bool {
    let address = host.parse::<IpAddr>().ok();
    if entry == "*" {
        return true;
    }
    if let Some((network, bits)) = entry.split_once('/') {
        return address.is_some_and(|address| is_within(address, network, bits));
    }
    let named = match entry.rsplit_once(':') {
        // The last colon of an IPv6 address stands before no port.
        Some((named, digits)) if !entry.ends_with(']') && entry.parse::<IpAddr>().is_err() => {
            if digits.parse() != Ok(port) {
                return false;
            }
            named
        }
        _ => entry,
    };
    match address {
        Some(address) => named.trim_matches(['[', ']']).parse() == Ok(address),
        None => is_host_or_suffix(named, host),
    }
}

/// `acme.example`, `.acme.example` and `*.acme.example` all cover the host and what is below it.
fn is_host_or_suffix(named: &str, host: &str) -> bool {
    let named = named.strip_prefix('*').unwrap_or(named);
    let named = named.strip_prefix('.').unwrap_or(named);
    let named = named.strip_suffix('.').unwrap_or(named);
    let Some(at) = host.len().checked_sub(named.len()) else { return false };
    // A host is ASCII, so it can be cut anywhere.
    !named.is_empty()
        && host.as_bytes()[at..].eq_ignore_ascii_case(named.as_bytes())
        && (at == 0 || host.as_bytes()[at - 1] == b'.')
}

fn is_within(address: IpAddr, network: &str, bits: &str) -> bool {
    let (address, network, width) = match (address, network.parse()) {
        (IpAddr::V4(address), Ok(IpAddr::V4(network))) => {
            (address.to_bits().into(), network.to_bits().into(), 32)
        }
        (IpAddr::V6(address), Ok(IpAddr::V6(network))) => {
            (address.to_bits(), network.to_bits(), 128)
        }
        _ => return false,
    };
    let (address, network): (u128, u128) = (address, network);
    match bits.parse::<u32>() {
        Ok(bits) if bits <= width => {
            (address ^ network).checked_shr(width - bits).is_none_or(|differing| differing == 0)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        for (list, url, is_covered) in [
            ("acme.example", "https://acme.example", true),
            ("acme.example", "https://ACME.example.", true),
            ("Acme.Example.", "https://acme.example", true),
            ("acme.example", "https://a.b.acme.example", true),
            (".acme.example", "https://acme.example", true),
            (".acme.example", "https://a.acme.example", true),
            ("*.acme.example", "https://a.acme.example", true),
            ("acme.example", "https://notacme.example", false),
            ("acme.example", "https://acme.example.org", false),
            ("a.acme.example", "https://acme.example", false),
            ("", "https://acme.example", false),
            (".", "https://acme.example", false),
            (",, ,", "https://acme.example", false),
            ("*", "https://acme.example", true),
            ("b.example, *", "https://acme.example", true),
            ("a*", "https://acme.example", false),
            ("b.example,acme.example", "https://acme.example", true),
            ("b.example , acme.example ,", "https://acme.example", true),
            ("b.example acme.example", "https://acme.example", true),
            ("acme.example:443", "https://acme.example", true),
            ("acme.example:8443", "https://acme.example", false),
            ("acme.example:8443", "https://a.acme.example:8443", true),
            ("acme.example:x", "https://acme.example", false),
            ("acme.example:", "https://acme.example", false),
            ("ü", "https://a", false),
            ("10.0.0.1", "https://10.0.0.1", true),
            ("10.0.0.1:443", "https://10.0.0.1", true),
            ("10.0.0.1:80", "https://10.0.0.1", false),
            ("0.0.1", "https://10.0.0.1", false),
            ("10.0.0.0/8", "https://10.255.0.1", true),
            ("10.0.0.0/8", "https://11.0.0.1", false),
            ("10.1.0.0/15", "https://10.0.0.1", true),
            ("192.168.4.0/22", "https://192.168.7.255", true),
            ("192.168.4.0/22", "https://192.168.8.0", false),
            ("10.0.0.1/32", "https://10.0.0.1", true),
            ("10.0.0.1/32", "https://10.0.0.2", false),
            ("1.2.3.4/0", "https://10.0.0.1", true),
            ("10.0.0.0/33", "https://10.0.0.1", false),
            ("10.0.0.0/x", "https://10.0.0.1", false),
            ("10.0.0.0/", "https://10.0.0.0", false),
            ("10.0.0.0/8", "https://acme.example", false),
            ("::1/0", "https://10.0.0.1", false),
            ("fd00::1", "https://[fd00::1]", true),
            ("FD00:0:0::1", "https://[fd00::1]", true),
            ("[fd00::1]", "https://[fd00::1]", true),
            ("[fd00::1]:443", "https://[fd00::1]", true),
            ("[fd00::1]:80", "https://[fd00::1]", false),
            ("fd00::/8", "https://[fdff::1]", true),
            ("fe80::/10", "https://[febf::1]", true),
            ("fe80::/10", "https://[fec0::1]", false),
            ("::/0", "https://[fd00::1]", true),
            ("fd00::1/128", "https://[fd00::1]", true),
            ("fd00::1/128", "https://[fd00::2]", false),
            ("fd00::/129", "https://[fd00::1]", false),
        ] {
            let origin = BaseUrl::parse(url).expect(url);
            assert_eq!(matches(list, &origin), is_covered, "{list} {url}");
        }
    }
}
