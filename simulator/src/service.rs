//! Serves one connection: request after request, until either side closes it.

use std::time::Duration;

use serde_json::Value;

use crate::control;
use crate::envelope;
use crate::faults::{self, Disposition, FaultContext};
use crate::gateway::{self, Decision};
use crate::http::{Connection, Incoming, Request, Response, Slot};
use crate::journal::{Delivery, Journal};
use crate::page;
use crate::state::State;

/// The data that all connections share.
#[derive(Debug)]
pub(crate) struct Service {
    base_url: String,
    state: State,
    journal: Journal,
    latency: Duration,
}

impl Service {
    pub(crate) fn new(base_url: String, state: State, latency: Duration) -> Self {
        Self { base_url, state, journal: Journal::default(), latency }
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Serves a connection to its end.
    pub(crate) fn serve(&self, mut connection: Connection, slot: &Slot) {
        loop {
            let peeked = connection.peek_request(|| slot.is_stopping());
            let fault =
                peeked.as_ref().and_then(|it| gateway::fault_before_reading(it, &self.state));
            match fault {
                None | Some(Disposition::KeepOpen) => {}
                Some(Disposition::Close) => return connection.discard_input_and_close(),
                Some(Disposition::Reset) => return connection.reset(),
            }
            let request = match connection.read_request() {
                Incoming::Request(request) => request,
                Incoming::Invalid(error) => {
                    let now = self.state.clock().now_ms();
                    let response = envelope::error(now, error.status, "BadRequest", error.message)
                        .with_header("Connection", "close");
                    if connection.write(&response.to_bytes()).is_ok() {
                        connection.discard_input_and_close();
                    }
                    return;
                }
                Incoming::Disconnected => return,
            };
            match self.respond(&connection, &request, peeked.is_some(), slot) {
                Disposition::KeepOpen if request.head.keep_alive() => {}
                Disposition::KeepOpen | Disposition::Close => return connection.close(),
                Disposition::Reset => return connection.reset(),
            }
        }
    }

    /// Responds to one request. It is journaled before the first byte of the response is sent, so
    /// that a client that has the response finds the entry.
    fn respond(
        &self,
        connection: &Connection,
        request: &Request,
        was_peeked: bool,
        slot: &Slot,
    ) -> Disposition {
        let path = request.head.path();
        if let Some(page) = page::respond(request, &self.base_url, &self.journal, &self.state) {
            return send(connection, request, page);
        }
        if control::handles(self.state.without_path_prefix(path)) {
            let response = control::respond(request, &self.journal, &self.state);
            return send(connection, request, response);
        }
        let body: Option<Value> = serde_json::from_slice(&request.body).ok();
        let decision =
            gateway::decide(request, body.as_ref(), was_peeked, &self.base_url, &self.state);
        let fault = match &decision {
            Decision::Fault(fault, _) => Some(fault.name),
            Decision::Respond(_) => None,
        };
        let identifier = body.as_ref().and_then(gateway::workflow_identifier);
        self.journal.record(delivery(request, slot.number(), identifier, fault));
        if !self.latency.is_zero() {
            slot.sleep(self.latency);
        }
        match decision {
            _ if path == faults::REDIRECT_PATH => {
                send(connection, request, gateway::redirect_target(&self.state))
            }
            Decision::Respond(response) => send(connection, request, response),
            Decision::Fault(fault, envelopes) => {
                let context = FaultContext {
                    stream: connection.stream(),
                    base_url: &self.base_url,
                    envelopes: &envelopes,
                    now: self.state.clock().now_ms(),
                    keep_alive: request.head.keep_alive(),
                };
                // An error means that the client closed the connection early.
                fault.apply(&context).unwrap_or(Disposition::Close)
            }
        }
    }
}

fn send(connection: &Connection, request: &Request, response: Response) -> Disposition {
    let response = if request.head.keep_alive() {
        response
    } else {
        response.with_header("Connection", "close")
    };
    let mut bytes = response.to_bytes();
    if request.head.method == "HEAD" {
        bytes.truncate(bytes.len() - response.body.len());
    }
    match connection.write(&bytes) {
        Ok(()) => Disposition::KeepOpen,
        Err(_) => Disposition::Close,
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
        sequence: 0, // set by the journal
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
