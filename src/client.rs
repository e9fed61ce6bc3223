//! The client: joins the gateway's language and the transport, one method per call.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};

use crate::api::trigger::{self, Trigger, TriggerEnvelope};
use crate::api::trigger_request::{self, TriggerRequest};
use crate::config::{AuthScheme, Config};
use crate::error::{Error, ErrorKind, Outcome};
use crate::outcome::{Answer, EnvelopeKind, Payload, Verdict, judge};
use crate::reply::{self, Reply};
use crate::transport::{Endpoint, Exchange, HttpReply, Transport};

const MIN_REAL_TOKEN_BYTES: usize = 16;

/// How much of what the other side said a message shows.
const SHOWN_CHARS: usize = 512;

/// A client of one gateway. It is immutable and may be shared by any number of threads; each call
/// blocks its own thread until its reply or its timeout.
pub struct Client {
    transport: Transport,
    trigger: Endpoint,
    timeout: Duration,
    token: SecretString,
    /// The line of a request's head that carries the token.
    secret_header: Arc<SecretString>,
}

impl Client {
    /// A client with the default settings of [`Config`]. Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// As [`Config::new`], and [`ErrorKind::BaseUrlInsecure`].
    pub fn new(base_url: &str, access_token: &str) -> Result<Self, Error> {
        Self::with_config(&Config::new(base_url, access_token)?)
    }

    /// A client with settings of the caller's. Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BaseUrlInsecure`] for `http://` to a host other than loopback, unless allowed.
    pub fn with_config(config: &Config) -> Result<Self, Error> {
        config.check()?;
        let header = match config.auth_scheme {
            AuthScheme::Bearer => "Authorization: Bearer ",
            AuthScheme::ApiAccessKey => "itas-api-access-key: ",
        };
        let secret = [header, config.token.expose_secret(), "\r\n"].concat();
        let transport = Transport::new(config.transport.clone());
        Ok(Client {
            trigger: transport.post_endpoint(trigger::PATH, &config.user_agent)?,
            transport,
            timeout: config.timeout,
            token: config.token.clone(),
            secret_header: Arc::new(secret.into()),
        })
    }

    /// Submits a workflow for execution (`POST /gateway/api/v1/workflow/trigger`) and returns at
    /// once; it does not wait for the run. Never sent twice by itself: the gateway has no means to
    /// tell a repetition from a second order.
    ///
    /// # Errors
    ///
    /// Whatever is not [`Outcome::Accepted`]; [`Error::outcome`] tells what is certain.
    pub fn trigger(&self, request: &TriggerRequest) -> Result<Trigger, Error> {
        let deadline = self.deadline();
        self.submit(&request.encode()?, deadline)
    }

    /// The same with a request that is written as JSON already, in the gateway's own words. It is
    /// checked like a [`TriggerRequest`] and sent as it is.
    ///
    /// # Errors
    ///
    /// As [`trigger`](Self::trigger).
    pub fn trigger_json(&self, request_json: &str) -> Result<Trigger, Error> {
        let deadline = self.deadline();
        trigger_request::check_json(request_json)?;
        self.submit(request_json.as_bytes(), deadline)
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.timeout
    }

    fn submit(&self, body: &[u8], deadline: Instant) -> Result<Trigger, Error> {
        let Exchange { handed_over, reply } =
            self.transport.exchange(&self.trigger, &self.secret_header, body, deadline);
        match reply {
            Ok(reply) => self.read_trigger(handed_over, reply),
            Err(fault) => Err(failed(judge(handed_over, Answer::Fault(fault.kind)), fault.message)),
        }
    }

    fn read_trigger(&self, handed_over: u64, reply: HttpReply) -> Result<Trigger, Error> {
        let HttpReply { status: http_status, retry_after, body } = reply;
        let text = reply::text_of(body);
        let bytes = text.as_ref().map_or_else(Vec::as_slice, |text| text.as_bytes());
        let envelope = text.as_deref().ok().and_then(TriggerEnvelope::parse);
        let (payload, trigger_id) = match trigger::trigger_id(envelope.as_ref(), bytes) {
            // It would carry the token into logs.
            (_, Some(id)) if self.holds_the_token(&id) => (Payload::Unusable, None),
            found => found,
        };
        let kind = envelope.as_ref().map_or(EnvelopeKind::Missing, TriggerEnvelope::kind);
        let verdict = judge(handed_over, Answer::Reply { http_status, envelope: kind, payload });
        if let (Verdict::Accepted, Some(trigger_id)) = (&verdict, trigger_id) {
            let reply = Reply::of_json(text.unwrap_or_default());
            return Ok(Trigger { trigger_id, http_status, reply });
        }

        let envelope = envelope.filter(|_| kind != EnvelopeKind::Missing);
        let errors = envelope.as_ref().map_or_else(Vec::new, TriggerEnvelope::errors);
        let errors: Vec<_> = errors.iter().map(|error| self.shown(error)).collect();
        let said = match (&envelope, &text) {
            (Some(envelope), _) => {
                let line = self.shown(&envelope.status_line());
                what_the_gateway_said(line, kind, payload, &errors)
            }
            (None, Ok(body)) => what_stood_in_between(http_status, &self.shown(body)),
            (None, Err(body)) => {
                what_stood_in_between(http_status, &self.shown(&String::from_utf8_lossy(body)))
            }
        };
        let said: String = said.chars().take(SHOWN_CHARS).collect();
        let reply = text.ok().filter(|text| reply::is_json(text)).map(Reply::of_json);
        let error = failed(verdict, format!("HTTP {http_status}: {said}"));
        Err(error.with_reply(http_status, retry_after, errors, reply))
    }

    /// Whether an id repeats the token, which is long; a short one, in a test say, may be in any id.
    fn holds_the_token(&self, id: &str) -> bool {
        let token = self.token.expose_secret();
        token.len() >= MIN_REAL_TOKEN_BYTES && id.contains(token)
    }

    /// Text from outside, fit for a log: on one line, and without the token, which a server may
    /// send back.
    fn shown(&self, text: &str) -> String {
        let token = self.token.expose_secret();
        let mut text = text.replace(token, "[token]");
        if token.contains('/') {
            // As many servers write it in JSON.
            text = text.replace(&token.replace('/', "\\/"), "[token]");
        }
        text.chars().map(|c| if reply::is_invisible(c) { ' ' } else { c }).collect()
    }
}

fn failed(verdict: Verdict, message: String) -> Error {
    let (outcome, kind) = match verdict {
        Verdict::Failed { outcome, kind } => (outcome, kind),
        // An acceptance without an id, which the verdict rules out.
        Verdict::Accepted => (Outcome::Unknown, ErrorKind::Internal),
    };
    let consequence = match outcome {
        Outcome::Accepted => "",
        Outcome::Rejected => " (nothing runs)",
        Outcome::NotSent => " (nothing was sent)",
        Outcome::Unknown => " (the workflow may be running)",
    };
    Error::new(kind, outcome, message + consequence)
}

fn what_the_gateway_said(
    status_line: String,
    kind: EnvelopeKind,
    payload: Payload,
    errors: &[String],
) -> String {
    match (kind, payload) {
        (EnvelopeKind::Success, Payload::Present) => {
            return "a success that this HTTP status contradicts".into();
        }
        (EnvelopeKind::Success, _) => return "a success without a usable trigger id".into(),
        _ => {}
    }
    let said = match errors.join("; ") {
        errors if errors.is_empty() || errors == status_line => status_line,
        errors => format!("{status_line} {errors}"),
    };
    match payload {
        Payload::Absent => said,
        _ => format!("an error that holds a trigger id all the same: {said}"),
    }
}

/// What an HTTP status means, and the body that came with it in place of an envelope.
fn what_stood_in_between(http_status: u16, body: &str) -> String {
    let meaning = match http_status {
        300..400 => "a redirect, which is never followed",
        401 => "the access token was not accepted",
        403 => "the access token does not allow this",
        404 => "not found; does base_url lead to the gateway?",
        408 | 500.. => "the gateway, or something in front of it, failed",
        429 => "too many requests",
        400..500 => "the request was refused",
        _ => "not a reply of the gateway",
    };
    match body.trim() {
        "" => meaning.into(),
        body => format!("{meaning}: {body}"),
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.transport).finish()
    }
}
