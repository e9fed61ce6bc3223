//! A minimal HTTP client that shows exactly which bytes are sent and received.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use luma_simulator::{Options, Simulator, Time};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use serde_json::{Value, json};

pub const API: &str = "/gateway/api/v1";
pub const TRIGGER: &str = "/gateway/api/v1/workflow/trigger";

/// Far longer than any response takes, even on a busy machine, but shorter than the 60 s after
/// which the simulator gives up on a connection.
const TIMEOUT: Duration = Duration::from_secs(30);

pub struct Client {
    stream: TcpStream,
    tls: Option<ClientConnection>,
    /// Bytes received after the last response.
    buffer: Vec<u8>,
    last_send: Instant,
}

#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Response {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

impl Client {
    pub fn connect(simulator: &Simulator) -> Self {
        let (scheme, rest) = simulator.url().split_once("://").unwrap();
        let address = rest.split('/').next().unwrap();
        let stream = TcpStream::connect(address).unwrap();
        let session = || tls_session(simulator.ca_pem().unwrap(), "127.0.0.1");
        let tls = (scheme == "https").then(session);
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream.set_write_timeout(Some(TIMEOUT)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, tls, buffer: Vec::new(), last_send: Instant::now() }
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.last_send = Instant::now();
        match &mut self.tls {
            Some(session) => {
                rustls::Stream::new(session, &mut self.stream).write_all(bytes.as_ref()).unwrap();
            }
            None => self.stream.write_all(bytes.as_ref()).unwrap(),
        }
    }

    /// The time since just before the last request was sent.
    pub fn elapsed(&self) -> Duration {
        self.last_send.elapsed()
    }

    /// Sends the end of the stream.
    pub fn shutdown_write(&self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// Asserts that nothing is received for some time.
    pub fn expect_silence(&mut self, time: Duration) {
        self.stream.set_read_timeout(Some(time)).unwrap();
        let error = self.receive().unwrap_err();
        assert!(matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut));
        self.stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    }

    /// Receives the next bytes, whatever they are.
    pub fn receive(&mut self) -> io::Result<Vec<u8>> {
        let mut piece = vec![0; 64 * 1024];
        let count = match &mut self.tls {
            Some(session) => rustls::Stream::new(session, &mut self.stream).read(&mut piece)?,
            None => self.stream.read(&mut piece)?,
        };
        piece.truncate(count);
        Ok(piece)
    }

    /// Receives the next response, which has a Content-Length or no body.
    pub fn response(&mut self) -> Response {
        let end = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.fill_buffer();
        };
        let head = String::from_utf8(self.buffer.drain(..end).collect()).unwrap();
        let mut response =
            Response { status: head[9..12].parse().unwrap(), head, body: String::new() };
        let length = response.header("content-length").map_or(0, |n| n.parse().unwrap());
        while self.buffer.len() < length {
            self.fill_buffer();
        }
        response.body = String::from_utf8(self.buffer.drain(..length).collect()).unwrap();
        response
    }

    fn fill_buffer(&mut self) {
        let piece = self.receive().unwrap();
        assert!(!piece.is_empty(), "closed within a response: {:?}", self.buffer);
        self.buffer.extend(piece);
    }

    /// Receives everything until the simulator closes the connection in an orderly way.
    pub fn until_close(&mut self) -> Vec<u8> {
        let mut bytes = std::mem::take(&mut self.buffer);
        match &mut self.tls {
            Some(session) => {
                rustls::Stream::new(session, &mut self.stream).read_to_end(&mut bytes).unwrap();
            }
            None => drop(self.stream.read_to_end(&mut bytes).unwrap()),
        }
        bytes
    }

    pub fn trigger(&mut self, token: &str, body: &Value) -> Response {
        self.send(trigger_request(token, body));
        self.response()
    }
}

/// A TLS session with a host whose certificate must be of this CA.
pub fn tls_session(ca_pem: &str, host: &'static str) -> ClientConnection {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    ClientConnection::new(Arc::new(config), ServerName::try_from(host).unwrap()).unwrap()
}

/// A trigger with a token, as the SDK sends it.
pub fn trigger_request(token: &str, body: &Value) -> String {
    request("POST", TRIGGER, &bearer(token), &body.to_string())
}

/// The header line with a token.
pub fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

/// A request with a JSON body. Each line of `headers` ends in CR LF.
pub fn request(method: &str, path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         {headers}Content-Length: {length}\r\n\r\n{body}"
    )
}

/// GETs a path without a token.
pub fn get(simulator: &Simulator, path: &str) -> Response {
    let mut client = Client::connect(simulator);
    client.send(request("GET", path, "", ""));
    client.response()
}

/// GETs a path of the gateway's API with the tenant token.
pub fn get_api(simulator: &Simulator, path: &str) -> Response {
    let mut client = Client::connect(simulator);
    client.send(request("GET", &format!("{API}{path}"), &bearer(&simulator.token()), ""));
    client.response()
}

/// Asserts a success, and returns its `resultData`.
pub fn result(response: &Response) -> Value {
    let envelope = response.json();
    assert_eq!((response.status, &envelope["status"]), (200, &json!("Success")), "{response:?}");
    envelope["resultData"].clone()
}

/// Asserts a validation error, and returns its `errors`.
pub fn validation_errors(response: &Response) -> Value {
    let envelope = response.json();
    let status = (response.status, &envelope["status"]);
    assert_eq!(status, (200, &json!("DataValidationError")), "{response:?}");
    envelope["errors"].clone()
}

/// A simulator in virtual time.
pub fn in_virtual_time() -> Simulator {
    Simulator::start_with(Options { time: Time::Virtual, ..Options::default() }).unwrap()
}

/// Starts a run and returns its trigger id.
pub fn start_run(simulator: &Simulator, workflow: &str, variables: Value) -> String {
    let body = json!({ "workflowIdentifier": workflow, "variables": variables });
    let response = Client::connect(simulator).trigger(&simulator.token(), &body);
    result(&response)["executionConfig"]["triggerId"].as_str().unwrap().to_owned()
}

/// A valid trigger body with every field.
pub fn reset_password() -> Value {
    json!({
        "workflowIdentifier": "reset_password",
        "variables": { "userName": "jdoe", "notifyBy": "email" },
        "initiatorContactId": 1,
        "initiatorApplicationId": -2,
        "initiationInfo": { "lumaChannelAccountId": "5d1c1f0a-6f3e-4a57-9a0b-2f1de5b7c911" }
    })
}

/// A trigger body with nothing but the workflow.
pub fn trigger_body(workflow: &str) -> Value {
    json!({ "workflowIdentifier": workflow })
}
