//! Opens a tunnel with SOCKS 5 (RFC 1928), with or without user name and password (RFC 1929).

use std::io::{Read, Write};
use std::net::IpAddr;

use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use crate::transport::stream::Stream;

use super::error::TunnelError;
use super::url::ProxyAuth;

const VERSION: u8 = 5;
const AUTH_VERSION: u8 = 1;
const NO_AUTH: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

const NOT_SOCKS5: &str = "does not speak SOCKS 5";

/// The destination of a tunnel.
pub(super) enum Destination<'a> {
    Address(IpAddr),
    Name(&'a str),
}

pub(super) fn open(
    stream: &mut Stream,
    destination: Destination<'_>,
    port: u16,
    auth: Option<&ProxyAuth>,
) -> Result<(), TunnelError> {
    let greeting: &[u8] = match auth {
        Some(_) => &[VERSION, 2, NO_AUTH, USER_AND_PASSWORD],
        None => &[VERSION, 1, NO_AUTH],
    };
    stream.write_all(greeting)?;
    match (read(stream)?, auth) {
        ([VERSION, NO_AUTH], _) => {}
        ([VERSION, USER_AND_PASSWORD], Some(auth)) => authenticate(stream, auth)?,
        ([VERSION, USER_AND_PASSWORD], None) => {
            return Err("requires a user name and a password".into());
        }
        // It does not say what it accepts.
        ([VERSION, _], None) => {
            return Err("requires a user name and a password, or Kerberos (GSSAPI), which is not \
                        supported"
                .into());
        }
        ([VERSION, _], Some(_)) => return Err("does not accept a user name and password".into()),
        _ => return Err(NOT_SOCKS5.into()),
    }
    stream.write_all(&request(destination, port))?;
    let [version, reply, _, kind] = read(stream)?;
    if version != VERSION {
        return Err(NOT_SOCKS5.into());
    }
    if reply != 0 {
        let message = format!("refused a tunnel: {} ({reply})", explain_reply(reply));
        return Err(TunnelError::Response(message));
    }
    // The address and port from which the proxy connected.
    let length = match kind {
        IPV4 => 4,
        IPV6 => 16,
        NAME => read::<1>(stream)?[0].into(),
        _ => return Err(NOT_SOCKS5.into()),
    };
    stream.read_exact(&mut [0; 257][..length + 2])?;
    Ok(())
}

fn authenticate(stream: &mut Stream, auth: &ProxyAuth) -> Result<(), TunnelError> {
    let (user, password) = (auth.user.expose_secret(), auth.password.expose_secret());
    // At most 255; checked when the URL was parsed.
    let length = |text: &[u8]| [text.len() as u8];
    let message = [&[AUTH_VERSION], &length(user)[..], user, &length(password), password].concat();
    stream.write_all(&Zeroizing::new(message))?;
    match read(stream)? {
        [_, 0] => Ok(()),
        _ => Err("rejected the user name and password".into()),
    }
}

fn request(destination: Destination<'_>, port: u16) -> Vec<u8> {
    let mut request = vec![VERSION, CONNECT, 0];
    match destination {
        Destination::Address(IpAddr::V4(address)) => {
            request.push(IPV4);
            request.extend(address.octets());
        }
        Destination::Address(IpAddr::V6(address)) => {
            request.push(IPV6);
            request.extend(address.octets());
        }
        Destination::Name(name) => {
            request.extend([NAME, name.len() as u8]);
            request.extend(name.as_bytes());
        }
    }
    request.extend(port.to_be_bytes());
    request
}

/// Reads exactly this many bytes: those that follow may belong to the tunnel.
fn read<const LENGTH: usize>(stream: &mut Stream) -> Result<[u8; LENGTH], TunnelError> {
    let mut bytes = [0; LENGTH];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Explains a reply code (RFC 1928 section 6).
fn explain_reply(reply: u8) -> &'static str {
    match reply {
        2 => "not allowed by its rules",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "timed out",
        7 => "it does not open any",
        8 => "it does not support this kind of address",
        _ => "general failure",
    }
}
