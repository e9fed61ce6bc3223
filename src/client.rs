//! The client: joins the gateway's language and the transport, one method per call.

use std::fmt;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};

use crate::api::trigger::{self, Trigger, TriggerEnvelope, TriggerRequest};
use crate::config::{AuthScheme, Config};
use crate::error::{Error, ErrorKind};
use crate::outcome::{self, Answer, Asked, Outcome, Verdict, judge};
use crate::reply::{self, Reply};
use crate::transport::{Endpoint, Exchange, HttpReply, Transport};

/// How much of what the other side said a message shows.
const SHOWN_CHARS: usize = 512;

/// A client of one gateway. It is immutable and may be shared by any number of threads; each call
/// blocks its own thread until its reply or its timeout.
pub struct Client {
    transport: Transport,
    trigger: Endpoint,
    timeout: Duration,
    token: SecretString,
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
        let token = config.token.expose_secret();
        let bearer = format!("Bearer {token}");
        let secret = match config.auth_scheme {
            AuthScheme::Bearer => ("authorization", bearer.as_str()),
            AuthScheme::ApiAccessKey => ("itas-api-access-key", token),
        };
        let transport = Transport::new(config.transport.clone());
        let trigger = transport.post_endpoint(trigger::PATH, &config.user_agent, secret)?;
        Ok(Client { transport, trigger, timeout: config.timeout, token: config.token.clone() })
    }

    /// Submits a workflow for execution (`POST /gateway/api/v1/workflow/trigger`) and returns at
    /// once; it does not wait for the run. Never sent twice by itself: the gateway has no means to
    /// tell a repetition from a second order.
    ///
    /// # Errors
    ///
    /// Whatever is not [`Outcome::Accepted`]; [`Error::outcome`] tells what is certain.
    pub fn trigger(&self, request: &TriggerRequest) -> Result<Trigger, Error> {
        self.submit(&request.encode()?)
    }

    /// The same with a request that is written as JSON already, in the gateway's own words. It is
    /// checked like a [`TriggerRequest`] and sent as it is.
    ///
    /// # Errors
    ///
    /// As [`trigger`](Self::trigger).
    pub fn trigger_json(&self, request_json: &str) -> Result<Trigger, Error> {
        trigger::check_json(request_json)?;
        self.submit(request_json.as_bytes())
    }

    fn submit(&self, body: &[u8]) -> Result<Trigger, Error> {
        let deadline = Instant::now() + self.timeout;
        let Exchange { handed_over, reply } =
            self.transport.exchange(&self.trigger, body, deadline);
        match reply {
            Ok(reply) => self.read_trigger(handed_over, reply),
            Err(fault) => {
                let outcome = judge(handed_over, Answer::Fault(fault.kind)).outcome;
                Err(Error::new(fault.kind, outcome, fault.message + consequence(outcome)))
            }
        }
    }

    fn read_trigger(&self, handed_over: u64, reply: HttpReply) -> Result<Trigger, Error> {
        let HttpReply { status: http_status, retry_after, body } = reply;
        let text = reply::text_of(body);
        let envelope = text.as_deref().ok().and_then(TriggerEnvelope::parse);
        let (asked, trigger_id) = trigger::trigger_id(envelope.as_ref());
        let judged = envelope.as_ref().map_or(outcome::Envelope::Missing, |e| e.judged(asked));
        let Verdict { outcome, kind } =
            judge(handed_over, Answer::Reply { http_status, envelope: judged });

        let Some(kind) = kind else {
            return match (text, trigger_id) {
                (Ok(text), Some(trigger_id)) => {
                    Ok(Trigger { trigger_id, http_status, reply: Reply::of_json(text) })
                }
                _ => {
                    Err(Error::new(ErrorKind::Internal, Outcome::Unknown, "accepted without an id"))
                }
            };
        };
        let errors: Vec<String> = envelope.as_ref().map_or(Vec::new(), TriggerEnvelope::errors);
        let errors: Vec<String> =
            errors.into_iter().map(|error| printable(&self.redact(error))).collect();
        let said = match (&envelope, &text) {
            (Some(_), _) if judged == outcome::Envelope::Success(Asked::Present) => {
                "a success that this HTTP status contradicts".into()
            }
            (Some(_), _) if matches!(judged, outcome::Envelope::Success(_)) => {
                "a success without a usable trigger id".into()
            }
            (Some(envelope), _) if errors.is_empty() => envelope.status_line(),
            (Some(envelope), _) => format!("{} {}", envelope.status_line(), errors.join("; ")),
            (None, Ok(text)) => not_an_envelope(kind, text),
            (None, Err(body)) => not_an_envelope(kind, &String::from_utf8_lossy(body)),
        };
        let said = self.redact(said);
        let said: String = printable(&said).chars().take(SHOWN_CHARS).collect();
        let message = format!("HTTP {http_status}: {said}{}", consequence(outcome));
        let is_json = envelope.is_some();
        let reply = text.ok().filter(|text| is_json || reply::is_json(text)).map(Reply::of_json);
        Err(Error::new(kind, outcome, message).with_reply(http_status, retry_after, errors, reply))
    }

    /// What a server sends back may repeat the token; messages and logs must not.
    fn redact(&self, text: String) -> String {
        let token = self.token.expose_secret();
        if text.contains(token) { text.replace(token, "[token]") } else { text }
    }
}

/// What an outcome means for the caller, to end a message with.
fn consequence(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "",
        Outcome::Rejected => " (nothing runs)",
        Outcome::NotSent => " (nothing was sent)",
        Outcome::Unknown => " (the workflow may be running)",
    }
}

/// What an HTTP status means, and the body that came with it in place of an envelope.
fn not_an_envelope(kind: ErrorKind, body: &str) -> String {
    let meaning = match kind {
        ErrorKind::Unauthorized => "the access token was not accepted",
        ErrorKind::Forbidden => "the access token does not allow this",
        ErrorKind::NotFound => "not found; does base_url lead to the gateway?",
        ErrorKind::RateLimited => "too many requests",
        ErrorKind::Redirected => "a redirect, which is never followed",
        ErrorKind::ServerFailed => "the gateway, or something in front of it, failed",
        ErrorKind::Refused => "the request was refused",
        _ => "not a reply of the gateway",
    };
    match body.trim() {
        "" => meaning.into(),
        body => format!("{meaning}: {body}"),
    }
}

/// Text from outside as one line for a log.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.transport).finish()
    }
}
