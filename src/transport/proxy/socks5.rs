//! A tunnel by SOCKS 5 (RFC 1928), with user and password if there are any (RFC 1929).

use std::io::{Read, Write};
use std::net::IpAddr;

use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::super::stream::Stream;
use super::ProxyAuth;
use super::error::TunnelError;

const VERSION: u8 = 5;
const LOGIN_VERSION: u8 = 1;
const NO_LOGIN: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// Where the proxy is to connect to.
pub(super) enum Destination<'a> {
    Address(IpAddr),
    Name(&'a str),
}

pub(super) fn open(
    stream: &mut Stream,
    destination: Destination<'_>,
    port: u16,
    login: Option<&ProxyAuth>,
) -> Result<(), TunnelError> {
    let greeting: &[u8] = match login {
        Some(_) => &[VERSION, 2, NO_LOGIN, USER_AND_PASSWORD],
        None => &[VERSION, 1, NO_LOGIN],
    };
    stream.write_all(greeting)?;
    match (read(stream)?, login) {
        ([VERSION, NO_LOGIN], _) => {}
        ([VERSION, USER_AND_PASSWORD], Some(login)) => log_in(stream, login)?,
        ([VERSION, _], None) => return Err("asks for a user name and a password".into()),
        ([VERSION, _], Some(_)) => return Err("takes no user name and password".into()),
        _ => return Err("does not speak SOCKS 5".into()),
    }
    stream.write_all(&request(destination, port))?;
    let [version, reply, _, kind] = read(stream)?;
    if version != VERSION {
        return Err("does not speak SOCKS 5".into());
    }
    if reply != 0 {
        return Err(TunnelError::Said(format!("refused a tunnel: {} ({reply})", cause(reply))));
    }
    // The proxy's end of the tunnel, and its port.
    let length = match kind {
        IPV4 => 4,
        IPV6 => 16,
        NAME => read::<1>(stream)?[0].into(),
        _ => return Err("does not speak SOCKS 5".into()),
    };
    stream.read_exact(&mut [0; 257][..length + 2])?;
    Ok(())
}

fn log_in(stream: &mut Stream, login: &ProxyAuth) -> Result<(), TunnelError> {
    let (user, password) = (login.user.expose_secret(), login.password.expose_secret());
    // Not longer than a byte can tell, or the URL would not have been taken.
    let length = |text: &[u8]| [text.len() as u8];
    let message = [&[LOGIN_VERSION], &length(user)[..], user, &length(password), password].concat();
    stream.write_all(&Zeroizing::new(message))?;
    match read(stream)? {
        [_, 0] => Ok(()),
        _ => Err("did not accept its user name and password".into()),
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

/// Exactly this many bytes: what follows may belong to the tunnel.
fn read<const LENGTH: usize>(stream: &mut Stream) -> Result<[u8; LENGTH], TunnelError> {
    let mut bytes = [0; LENGTH];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// RFC 1928 section 6.
fn cause(reply: u8) -> &'static str {
    match reply {
        2 => "its rules do not allow it",
        3 => "the network is unreachable",
        4 => "the host is unreachable",
        5 => "the connection was refused",
        6 => "it took too long",
        _ => "it failed",
    }
}
