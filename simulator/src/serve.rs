//! Serves one connection: request after request, until either end closes it.

use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::connections::Place;
use crate::control;
use crate::faults::{self, After, Stage};
use crate::gateway::{self, Verdict, envelope};
use crate::http::{Connection, Incoming, Request, Response};
use crate::journal::{Delivery, Journal};
use crate::state::State;

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Service {
    origin: String,
    state: State,
    journal: Journal,
}

impl Service {
    pub(crate) fn new(origin: String, state: State) -> Self {
        Self { origin, state, journal: Journal::default() }
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Serves a connection to its end. The stream must be held by nobody else, or a reset would not happen.
    pub(crate) fn serve(&self, stream: Arc<TcpStream>, place: &Place) {
        let Ok(mut connection) = Connection::new(stream) else {
            return;
        };
        loop {
            let fault = connection
                .peek_request(|| place.is_stopping())
                .and_then(|request| gateway::fault_before_reading(&request));
            if let Some(fault) = fault {
                return end_unread(connection, fault.end_before_reading());
            }
            let request = match connection.read_request() {
                Incoming::Request(request) => request,
                Incoming::Refused(refusal) => {
                    let now = self.state.clock().now_ms();
                    let response = envelope::error(now, refusal.status, "BadRequest", refusal.why)
                        .with("Connection", "close");
                    if connection.write(&response.to_bytes()).is_ok() {
                        connection.close_after_unread_rest();
                    }
                    return;
                }
                Incoming::Gone => return,
            };
            match self.answer(&connection, &request, place.number()) {
                After::KeepOpen if request.head.keeps_alive() => {}
                After::KeepOpen | After::Close => return,
                After::Reset => return reset_on_close(connection.stream()),
            }
        }
    }

    /// Answers one request. It is journaled before a byte of the answer goes out: who sees the answer sees the entry.
    fn answer(&self, connection: &Connection, request: &Request, number: u64) -> After {
        let path = request.head.path();
        if control::owns(path) {
            let response = control::answer(request, &self.journal, &self.state);
            return send(connection, request, response);
        }
        let body: Option<Value> = serde_json::from_slice(&request.body).ok();
        let verdict = gateway::judge(request, body.as_ref(), &self.origin, &self.state);
        let fault = match &verdict {
            Verdict::Fault(fault, _) => Some(fault.name),
            _ => None,
        };
        let identifier = body.as_ref().and_then(gateway::workflow_identifier);
        self.journal.record(delivery(request, number, identifier, fault));
        match verdict {
            _ if path == faults::ELSEWHERE => {
                send(connection, request, gateway::response_from_elsewhere(&self.state))
            }
            Verdict::Answer(response) => send(connection, request, response),
            Verdict::Fault(fault, answers) => {
                let stage = Stage {
                    stream: connection.stream(),
                    origin: &self.origin,
                    answers: &answers,
                    now: self.state.clock().now_ms(),
                    keeps_alive: request.head.keeps_alive(),
                };
                // An error here is a client that would not listen to the end.
                fault.apply(&stage).unwrap_or(After::Close)
            }
        }
    }
}

fn send(connection: &Connection, request: &Request, response: Response) -> After {
    let response =
        if request.head.keeps_alive() { response } else { response.with("Connection", "close") };
    let mut bytes = response.to_bytes();
    if request.head.method == "HEAD" {
        bytes.truncate(bytes.len() - response.body.len());
    }
    match connection.write(&bytes) {
        Ok(()) => After::KeepOpen,
        Err(_) => After::Close,
    }
}

fn delivery(
    request: &Request,
    connection: u64,
    workflow_identifier: Option<&str>,
    fault: Option<&'static str>,
) -> Delivery {
    let head = &request.head;
    Delivery {
        sequence: 0,
        connection,
        method: head.method.clone(),
        path: head.target.clone(),
        content_type: head.header("content-type").map(str::to_owned),
        user_agent: head.header("user-agent").map(str::to_owned),
        request_id: head.header("x-request-id").map(str::to_owned),
        auth_scheme: gateway::auth_scheme(request),
        body: String::from_utf8_lossy(&request.body).into_owned(),
        workflow_identifier: workflow_identifier.map(str::to_owned),
        fault,
    }
}

/// Ends a connection with a request unread.
fn end_unread(connection: Connection, after: After) {
    let stream = connection.stream();
    if matches!(after, After::Reset) {
        return reset_on_close(stream);
    }
    // A close with bytes unread is a reset on most systems. The client is told of the end first, and given time to see it.
    let _ = stream.shutdown(Shutdown::Write);
    thread::sleep(Duration::from_millis(100));
}

/// Makes the close that follows abort the connection.
fn reset_on_close(stream: &TcpStream) {
    let _ = socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO));
}
