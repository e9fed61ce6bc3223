//! Faults of the TLS handshake. Each has a port of its own, because no request can ask for one.

use std::io::{self, Read};

use crate::http::{Connection, Protocol, Stream};
use crate::tls::CertificateAuthority;

/// A TLS handshake that fails, whatever the client does.
#[derive(Debug)]
pub struct HandshakeFault {
    /// Its name, such as `silent`.
    pub name: &'static str,
    /// The behaviour of the server, in one line.
    pub description: &'static str,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    /// The server does this in place of a handshake.
    Spoiled(fn(Connection)),
    ClientCertificate,
}

const fn fault(name: &'static str, description: &'static str, cause: Cause) -> HandshakeFault {
    HandshakeFault { name, description, cause }
}

/// Every fault of a handshake.
#[rustfmt::skip] // one row per fault
pub static HANDSHAKE_FAULTS: &[HandshakeFault] = &[
    fault("closed", "closes the connection after the client's first message",
        Cause::Spoiled(|connection| {
            read_hello(connection.stream());
            connection.close();
        })),
    fault("reset", "resets the connection after the client's first message",
        Cause::Spoiled(|connection| {
            read_hello(connection.stream());
            connection.reset();
        })),
    fault("alert", "refuses the handshake with an alert (handshake_failure)",
        Cause::Spoiled(|connection| respond(&connection, b"\x15\x03\x03\x00\x02\x02\x28"))),
    fault("old-version", "speaks TLS 1.1 only",
        Cause::Spoiled(|connection| respond(&connection, &hello_of_tls_1_1()))),
    fault("client-certificate", "requires a client certificate, in TLS 1.2",
        Cause::ClientCertificate),
    fault("plain-http", "responds in plain HTTP",
        Cause::Spoiled(|connection| {
            respond(&connection, b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        })),
    fault("not-tls", "responds with the banner of an SSH server",
        Cause::Spoiled(|connection| respond(&connection, b"SSH-2.0-OpenSSH_9.6\r\n"))),
    fault("silent", "never responds",
        Cause::Spoiled(|connection| discard_input(connection.stream()))),
    fault("stalled", "stops in the middle of its first message",
        Cause::Spoiled(|connection| respond(&connection, b"\x16\x03\x03\x40\x00\x02"))),
];

impl HandshakeFault {
    pub(crate) fn protocol(&self, ca: &CertificateAuthority) -> io::Result<Protocol> {
        Ok(match self.cause {
            Cause::Spoiled(spoil) => Protocol::Spoiled(spoil),
            Cause::ClientCertificate => {
                Protocol::Https(ca.server_that_requires_client_certificate()?)
            }
        })
    }
}

/// Responds to the client's first message, and waits until the client closes the connection.
fn respond(connection: &Connection, bytes: &[u8]) {
    read_hello(connection.stream());
    if connection.write(bytes).is_ok() {
        discard_input(connection.stream());
    }
}

/// Reads the client's first message. Closing a connection with unread bytes would reset it.
fn read_hello(mut stream: &Stream) {
    let mut header = [0; 5];
    if stream.read_exact(&mut header).is_ok() {
        let length = u16::from_be_bytes([header[3], header[4]]);
        let _ = io::copy(&mut stream.take(length.into()), &mut io::sink());
    }
}

/// Waits until the client closes the connection, or the server stops.
fn discard_input(mut stream: &Stream) {
    let _ = io::copy(&mut stream, &mut io::sink());
}

/// Returns the first message of a server that speaks TLS 1.1: its record, its type, version and
/// random, then no session, a cipher, and no compression.
fn hello_of_tls_1_1() -> Vec<u8> {
    let head = &[22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2];
    [&head[..], &[7; 32], &[0, 0xC0, 0x13, 0]].concat()
}
