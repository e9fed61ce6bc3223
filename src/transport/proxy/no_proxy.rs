//! Matches hosts against `NO_PROXY`, as curl does, and in addition by port and by `*.suffix`.

use std::net::IpAddr;

use crate::transport::base_url::BaseUrl;

/// True if an entry of the list, which is separated by commas or white space, matches the base URL.
pub(super) fn matches(list: &str, base_url: &BaseUrl) -> bool {
    let host = base_url.host.trim_end_matches('.');
    list.split(|c: char| c == ',' || c.is_whitespace())
        .any(|entry| entry_matches(entry, host, base_url.port))
}

fn entry_matches(entry: &str, host: &str, port: u16) -> bool {
    let address = host.parse::<IpAddr>().ok();
    if entry == "*" {
        return true;
    }
    if let Some((network, bits)) = entry.split_once('/') {
        return address.is_some_and(|address| is_within(address, network, bits));
    }
    let name = match entry.rsplit_once(':') {
        // The last colon of an IPv6 address does not separate a port.
        Some((name, digits)) if !entry.ends_with(']') && entry.parse::<IpAddr>().is_err() => {
            if digits.parse() != Ok(port) {
                return false;
            }
            name
        }
        _ => entry,
    };
    match address {
        Some(address) => name.trim_matches(['[', ']']).parse() == Ok(address),
        None => is_host_or_suffix(name, host),
    }
}

/// `acme.example`, `.acme.example` and `*.acme.example` all match the host and its subdomains.
fn is_host_or_suffix(name: &str, host: &str) -> bool {
    let name = name.strip_prefix('*').unwrap_or(name);
    let name = name.strip_prefix('.').unwrap_or(name);
    let name = name.strip_suffix('.').unwrap_or(name);
    let Some(at) = host.len().checked_sub(name.len()) else { return false };
    // Compared as bytes, because `name` may not be ASCII and `at` may then split a character.
    !name.is_empty()
        && host.as_bytes()[at..].eq_ignore_ascii_case(name.as_bytes())
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
            (address ^ network).checked_shr(width - bits).is_none_or(|difference| difference == 0)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_matches_hosts_suffixes_ports_and_networks() {
        for (list, url, expected) in [
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
            let base_url = BaseUrl::parse(url).expect(url);
            assert_eq!(matches(list, &base_url), expected, "{list} {url}");
        }
    }
}
