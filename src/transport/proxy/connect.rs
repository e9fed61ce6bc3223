//! Opens a tunnel with HTTP CONNECT (RFC 9110 section 9.3.6).

use std::io::{self, Read, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use crate::transport::base_url::BaseUrl;
use crate::transport::buffers::MAX_HEAD_BYTES;
use crate::transport::header_filter::HeadFinder;
use crate::transport::stream::Stream;

use super::error::TunnelError;
use super::url::ProxyAuth;

pub(super) fn open(
    stream: &mut Stream,
    target: &BaseUrl,
    auth: Option<&ProxyAuth>,
) -> Result<(), TunnelError> {
    let target = target.host_and_port();
    let authorization = auth.map(authorization_header).unwrap_or_default();
    let head = Zeroizing::new(
        [
            "CONNECT ",
            &target,
            " HTTP/1.1\r\nHost: ",
            &target,
            "\r\nProxy-Connection: keep-alive\r\n",
            &authorization,
            "\r\n",
        ]
        .concat(),
    );
    stream.write_all(head.as_bytes())?;
    stream.flush()?;
    let ProxyResponse { status, unsupported_schemes } = read_response(stream)?;
    match (status, auth) {
        (200..=299, _) => Ok(()),
        (407, _) if !unsupported_schemes.is_empty() => {
            let is_windows_logon = |scheme| ["Negotiate", "NTLM", "Kerberos"].contains(scheme);
            let advice = match unsupported_schemes.iter().any(is_windows_logon) {
                true => {
                    "; have a local relay, such as px or cntlm, log on to it, and set that \
                         with set_proxy"
                }
                false => "",
            };
            Err(TunnelError::Response(format!(
                "requires {} authentication, but only Basic is supported (407){advice}",
                unsupported_schemes.join(" or ")
            )))
        }
        (407, None) => Err("requires a user name and a password (407)".into()),
        // tinyproxy responds with 401.
        (401 | 407, Some(_)) => {
            Err(TunnelError::Response(format!("rejected the user name and password ({status})")))
        }
        (status, _) => {
            Err(TunnelError::Response(format!("refused a tunnel to {target} ({status})")))
        }
    }
}

/// Returns the header line with user name and password (RFC 7617).
fn authorization_header(auth: &ProxyAuth) -> Zeroizing<String> {
    let (user, password) = (auth.user.expose_secret(), auth.password.expose_secret());
    let credentials = Zeroizing::new([user, b":", password].concat());
    let encoded = Zeroizing::new(BASE64_STANDARD.encode(credentials.as_slice()));
    Zeroizing::new(["Proxy-Authorization: Basic ", &encoded, "\r\n"].concat())
}

struct ProxyResponse {
    status: u16,
    /// The authentication schemes that the proxy accepts, if Basic is not among them.
    unsupported_schemes: Vec<&'static str>,
}

/// The names of schemes that a message may show: most of IANA's registry, and two that proxies use
/// without being registered. A proxy could write anything else there, even the password it got.
const SCHEMES: [&str; 14] = [
    "Basic",
    "Bearer",
    "Concealed",
    "Digest",
    "DPoP",
    "HOBA",
    "Kerberos",
    "Mutual",
    "Negotiate",
    "NTLM",
    "OAuth",
    "PrivateToken",
    "SCRAM-SHA-1",
    "SCRAM-SHA-256",
];

/// Returns the schemes in `Proxy-Authenticate` (RFC 9110 section 11.7.1), or none if they include
/// Basic. No other header matters, so none is checked.
fn unsupported_schemes(head: &[u8]) -> Vec<&'static str> {
    let values = head.split(|&byte| byte == b'\n').filter_map(|line| {
        let colon = line.iter().position(|&byte| byte == b':')?;
        let name = line[..colon].trim_ascii_end();
        name.eq_ignore_ascii_case(b"proxy-authenticate").then(|| &line[colon + 1..])
    });
    let mut schemes = Vec::new();
    for value in values {
        for (number, element) in split_list(value).enumerate() {
            let end = element.iter().position(|byte| b" \t=".contains(byte));
            let (name, rest) = element.split_at(end.unwrap_or(element.len()));
            let is_parameter = rest.trim_ascii_start().starts_with(b"=");
            let known =
                SCHEMES.into_iter().find(|known| name.eq_ignore_ascii_case(known.as_bytes()));
            let scheme = match known {
                Some(scheme) if number == 0 || !is_parameter => scheme,
                None if number == 0 && !name.is_empty() => "unknown",
                // A parameter, or a further scheme that a message must not show.
                _ => continue,
            };
            if scheme == "Basic" {
                return Vec::new();
            }
            if !schemes.contains(&scheme) {
                schemes.push(scheme);
            }
        }
    }
    schemes
}

/// Splits a list at its commas, except for those in quotation marks.
fn split_list(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let elements = list.split(move |&byte| {
        let is_quote = byte == b'"' && !is_escaped;
        is_escaped = is_quoted && byte == b'\\' && !is_escaped;
        is_quoted ^= is_quote;
        byte == b',' && !is_quoted
    });
    elements.map(<[u8]>::trim_ascii)
}

/// Reads up to the end of the final response's head.
fn read_response(stream: &mut Stream) -> Result<ProxyResponse, TunnelError> {
    // A proxy may echo the password. Never grown, which would leave a copy behind.
    let mut response = Zeroizing::new(Vec::with_capacity(MAX_HEAD_BYTES + 1024));
    let mut parsed = 0;
    let mut finder = HeadFinder::default();
    let mut buffer = Zeroizing::new([0; 1024]);
    while response.len() <= MAX_HEAD_BYTES {
        let amount = stream.read(&mut *buffer)?;
        if amount == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        response.extend_from_slice(&buffer[..amount]);
        loop {
            let rest = &response[parsed..];
            let found = finder.find(rest);
            let found = found.map_err(|_| "sent a response that is not valid HTTP/1.1")?;
            let Some(head) = found else { break };
            parsed += head.end;
            if head.is_interim() {
                continue;
            }
            // Neither an HTTP nor a TLS server speaks first, so this could only be taken for a
            // response to the request that follows.
            if (200..300).contains(&head.status) && parsed < response.len() {
                return Err("sent data after its response, before the tunnel was used".into());
            }
            let unsupported_schemes = unsupported_schemes(&rest[..head.end]);
            return Ok(ProxyResponse { status: head.status, unsupported_schemes });
        }
    }
    Err("sent response headers larger than 64 KiB".into())
}
