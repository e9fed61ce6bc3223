//! A client that hides nothing: what is sent and what arrives are bytes.

#![allow(dead_code)] // every test file uses its own part of it

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use luma_simulator::{Options, Simulator, Time};
use serde_json::{Value, json};

pub const API: &str = "/gateway/api/v1";
pub const TRIGGER: &str = "/gateway/api/v1/workflow/trigger";

/// Far more than anything here needs, except where silence is what is expected.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Client {
    stream: TcpStream,
    /// Bytes that arrived after the last response that was taken.
    rest: Vec<u8>,
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
        let address = simulator.url().strip_prefix("http://").unwrap();
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, rest: Vec::new() }
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).unwrap();
    }

    pub fn send_no_more(&self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    pub fn wait_at_most(&self, time: Duration) {
        self.stream.set_read_timeout(Some(time)).unwrap();
    }

    /// The next bytes, whatever they are.
    pub fn receive(&mut self) -> io::Result<Vec<u8>> {
        let mut piece = vec![0; 64 * 1024];
        let count = self.stream.read(&mut piece)?;
        piece.truncate(count);
        Ok(piece)
    }

    /// The next response with a Content-Length (or without a body).
    pub fn response(&mut self) -> Response {
        let end = loop {
            if let Some(end) = self.rest.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.more();
        };
        let head = String::from_utf8(self.rest.drain(..end).collect()).unwrap();
        let mut response =
            Response { status: head[9..12].parse().unwrap(), head, body: String::new() };
        let length = response.header("content-length").map_or(0, |n| n.parse().unwrap());
        while self.rest.len() < length {
            self.more();
        }
        response.body = String::from_utf8(self.rest.drain(..length).collect()).unwrap();
        response
    }

    fn more(&mut self) {
        let piece = self.receive().unwrap();
        assert!(!piece.is_empty(), "closed within a response: {:?}", self.rest);
        self.rest.extend(piece);
    }

    /// Everything up to an orderly close.
    pub fn until_close(&mut self) -> Vec<u8> {
        let mut bytes = std::mem::take(&mut self.rest);
        self.stream.read_to_end(&mut bytes).unwrap();
        bytes
    }

    pub fn trigger(&mut self, token: &str, body: &Value) -> Response {
        self.send(trigger_request(token, body));
        self.response()
    }
}

/// A request with a token, as the SDK sends it.
pub fn trigger_request(token: &str, body: &Value) -> String {
    request("POST", TRIGGER, &bearer(token), &body.to_string())
}

/// The header that brings a token.
pub fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

/// A request with JSON for its body; each of `headers` ends in CR LF.
pub fn request(method: &str, path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         {headers}Content-Length: {length}\r\n\r\n{body}"
    )
}

pub fn get(simulator: &Simulator, path: &str) -> Response {
    let mut client = Client::connect(simulator);
    client.send(request("GET", path, "", ""));
    client.response()
}

/// What the gateway says at a path below its API, asked with the tenant's token.
pub fn fetch(simulator: &Simulator, path: &str) -> Response {
    let mut client = Client::connect(simulator);
    client.send(request("GET", &format!("{API}{path}"), &bearer(&simulator.token()), ""));
    client.response()
}

/// The `resultData` of a success.
pub fn result(response: &Response) -> Value {
    let envelope = response.json();
    assert_eq!((response.status, &envelope["status"]), (200, &json!("Success")), "{response:?}");
    envelope["resultData"].clone()
}

/// The errors of a validation error.
pub fn invalid(response: &Response) -> Value {
    let envelope = response.json();
    let status = (response.status, &envelope["status"]);
    assert_eq!(status, (200, &json!("DataValidationError")), "{response:?}");
    envelope["errors"].clone()
}

/// A simulator whose clock stands still.
pub fn in_virtual_time() -> Simulator {
    Simulator::start_with(Options { time: Time::Virtual, ..Options::default() }).unwrap()
}

/// Starts a run and gives its trigger id.
pub fn start(simulator: &Simulator, workflow: &str, variables: Value) -> String {
    let body = json!({ "workflowIdentifier": workflow, "variables": variables });
    let response = Client::connect(simulator).trigger(&simulator.token(), &body);
    result(&response)["executionConfig"]["triggerId"].as_str().unwrap().to_owned()
}

pub fn reset_password() -> Value {
    json!({
        "workflowIdentifier": "reset_password",
        "variables": { "userName": "jdoe", "notifyBy": "email" },
        "initiatorContactId": 1,
        "initiatorApplicationId": -2,
        "initiationInfo": { "lumaChannelAccountId": "5d1c1f0a-6f3e-4a57-9a0b-2f1de5b7c911" }
    })
}

pub fn named(workflow: &str) -> Value {
    json!({ "workflowIdentifier": workflow })
}
