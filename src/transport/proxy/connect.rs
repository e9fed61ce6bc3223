//! A tunnel by CONNECT (RFC 9110 section 9.3.6).

use std::io::{self, Read, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use crate::redact;

use super::super::base_url::BaseUrl;
use super::super::buffers::MAX_HEAD_BYTES;
use super::super::stream::Stream;
use super::ProxyAuth;
use super::error::TunnelError;

const MAX_HEADERS: usize = 64;

pub(super) fn open(
    stream: &mut Stream,
    target: &BaseUrl,
    login: Option<&ProxyAuth>,
) -> Result<(), TunnelError> {
    let target = target.host_and_port();
    let authorization = login.map(authorization).unwrap_or_default();
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
    let Response { status, wanted } = read_response(stream)?;
    match (status, login) {
        (200..=299, _) => Ok(()),
        (407, _) if !wanted.is_empty() => Err(TunnelError::Said(format!(
            "asks for a login by {}, which is not spoken here, only Basic (407)",
            wanted.join(", ")
        ))),
        (407, None) => Err("asks for a user name and a password (407)".into()),
        // What tinyproxy answers.
        (401 | 407, Some(_)) => {
            Err(TunnelError::Said(format!("did not accept its user name and password ({status})")))
        }
        (status, _) => Err(TunnelError::Said(format!("refused a tunnel to {target} ({status})"))),
    }
}

/// The line that carries user and password (RFC 7617).
fn authorization(login: &ProxyAuth) -> Zeroizing<String> {
    let (user, password) = (login.user.expose_secret(), login.password.expose_secret());
    let login = Zeroizing::new([user, b":", password].concat());
    let encoded = Zeroizing::new(BASE64_STANDARD.encode(login.as_slice()));
    Zeroizing::new(["Proxy-Authorization: Basic ", &encoded, "\r\n"].concat())
}

/// What a proxy answered.
struct Response {
    status: u16,
    /// By which schemes it wants a login, if not by Basic.
    wanted: Vec<String>,
}

/// The schemes in `Proxy-Authenticate`, if Basic is none of them (RFC 9110 section 11.7.1).
fn other_schemes(headers: &[httparse::Header<'_>]) -> Vec<String> {
    let values = headers.iter().filter(|h| h.name.eq_ignore_ascii_case("proxy-authenticate"));
    // The first word of each; a scheme behind a comma of another is not looked for.
    let schemes =
        values.filter_map(|h| std::str::from_utf8(h.value).ok()?.split([' ', ',']).next());
    let schemes: Vec<_> = schemes.map(|scheme| redact::shortened(scheme, 32)).collect();
    let has_basic = schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case("basic"));
    if has_basic { Vec::new() } else { schemes }
}

/// Reads up to the end of the final response's head.
fn read_response(stream: &mut Stream) -> Result<Response, TunnelError> {
    let mut response = Vec::new();
    let mut parsed = 0;
    let mut buffer = [0; 1024];
    while response.len() <= MAX_HEAD_BYTES {
        let amount = stream.read(&mut buffer)?;
        if amount == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        response.extend_from_slice(&buffer[..amount]);
        while parsed < response.len() {
            let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
            let mut head = httparse::Response::new(&mut headers);
            match (head.parse(&response[parsed..]), head.code) {
                (Ok(httparse::Status::Partial), _) => break,
                (Ok(httparse::Status::Complete(length)), Some(status)) => {
                    parsed += length;
                    match status {
                        100 | 102..=199 => {}
                        // No server speaks first, so it could only be taken for a response.
                        200..=299 if parsed < response.len() => {
                            return Err(
                                "sent more than a response before the tunnel was used".into()
                            );
                        }
                        _ => return Ok(Response { status, wanted: other_schemes(head.headers) }),
                    }
                }
                _ => return Err("answered something that is not HTTP/1.1".into()),
            }
        }
    }
    Err("answered with a head larger than 64 KiB".into())
}
