//! Opens a tunnel with HTTP CONNECT (RFC 9110 section 9.3.6).

use std::io::{self, Read, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use crate::redact;
use crate::transport::base_url::BaseUrl;
use crate::transport::buffers::MAX_HEAD_BYTES;
use crate::transport::stream::Stream;

use super::error::TunnelError;
use super::url::ProxyAuth;

const MAX_HEADERS: usize = 64;

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
        (407, _) if !unsupported_schemes.is_empty() => Err(TunnelError::Response(format!(
            "requires {} authentication, but only Basic is supported (407)",
            unsupported_schemes.join(" or ")
        ))),
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
    unsupported_schemes: Vec<String>,
}

/// Returns the schemes in `Proxy-Authenticate` (RFC 9110 section 11.7.1), or none if they include
/// Basic.
fn unsupported_schemes(headers: &[httparse::Header<'_>]) -> Vec<String> {
    let values = headers.iter().filter(|h| h.name.eq_ignore_ascii_case("proxy-authenticate"));
    // Only the first scheme of each header: further ones, after a comma, are hard to distinguish
    // from parameters.
    let schemes =
        values.filter_map(|h| std::str::from_utf8(h.value).ok()?.split([' ', ',']).next());
    let schemes: Vec<_> = schemes.map(|scheme| redact::shortened(scheme, 32)).collect();
    let has_basic = schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case("basic"));
    if has_basic { Vec::new() } else { schemes }
}

/// Reads up to the end of the final response's head.
fn read_response(stream: &mut Stream) -> Result<ProxyResponse, TunnelError> {
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
                        // Neither an HTTP nor a TLS server speaks first, so this could only be taken
                        // for a response to the request that follows.
                        200..=299 if parsed < response.len() => {
                            return Err(
                                "sent data after its response, before the tunnel was used".into()
                            );
                        }
                        _ => {
                            let unsupported_schemes = unsupported_schemes(head.headers);
                            return Ok(ProxyResponse { status, unsupported_schemes });
                        }
                    }
                }
                _ => return Err("sent a response that is not valid HTTP/1.1".into()),
            }
        }
    }
    Err("sent response headers larger than 64 KiB".into())
}
