//! From what came back to what a call is for, or to an error in words.

use std::convert::Infallible;
use std::time::Duration;

use zeroize::Zeroize;

use crate::api::endpoint::{Endpoint, Phrases};
use crate::api::envelope::Envelope;
use crate::error::{Error, ErrorKind, Outcome};
use crate::json;
use crate::outcome::{Answer, EnvelopeKind, Payload, Verdict, judge};
use crate::redact;
use crate::response::Response;
use crate::transport::{Exchange, Fault, HttpResponse};

/// How much of what the other side said a message shows.
const SHOWN_CHARS: usize = 512;
/// Of what is not the gateway's, and why is told.
const SHOWN_OF_OTHERS: usize = 100;

/// Reads what became of a request to the endpoint `E`. `token` went out with the request and is
/// kept out of every message.
pub(crate) fn read<E: Endpoint>(
    exchange: Exchange,
    token: &str,
) -> Result<(E::Found, Response), Error> {
    let bytes_sent = exchange.bytes_sent;
    let HttpResponse { status: http_status, retry_after, body } = match exchange.response {
        Ok(response) => response,
        Err(fault) => return Err(failed_on_the_way(bytes_sent, fault, E::PHRASES)),
    };
    let body = json::text_of(body);
    let bytes = body.as_ref().map_or_else(Vec::as_slice, |text| text.as_bytes());
    let parsed = body.as_deref().ok().and_then(Envelope::parse::<E::Data<'_>>);
    let (envelope, data) = parsed.unzip();
    let is_envelope = envelope.is_some();
    let envelope_kind = envelope.as_ref().map_or(EnvelopeKind::Missing, Envelope::kind);
    let payload = E::find(data.as_ref(), bytes, token);
    let payload = match envelope_kind {
        EnvelopeKind::ValidationError | EnvelopeKind::OtherError
            if !E::RETRY_SAFETY.has_effect() =>
        {
            Payload::Absent
        }
        _ => payload,
    };
    let has_payload = !matches!(payload, Payload::Absent);
    match judge(bytes_sent, Answer::Response { http_status, envelope: envelope_kind, payload }) {
        Verdict::Accepted(found) => {
            drop((envelope, data));
            let mut response = Response::of_json(http_status, body.unwrap_or_default());
            if let Some(pointer) = E::SECRET {
                response.redact_at(pointer);
                response.redact(token);
            }
            Ok((found, response))
        }
        Verdict::Failed { outcome, kind } => {
            let said = envelope.filter(|_| envelope_kind != EnvelopeKind::Missing);
            let refusal = Refusal {
                http_status,
                is_envelope,
                envelope_kind,
                said: said.map(|envelope| envelope.said()),
                has_payload,
                is_secret: E::SECRET.is_some(),
                words: E::PHRASES,
                token,
            };
            drop(data);
            Err(refusal.into_error((outcome, kind), retry_after, body))
        }
    }
}

#[cold] // So that it stands once, and not in every call.
fn failed_on_the_way(bytes_sent: u64, fault: Fault, words: Phrases) -> Error {
    match judge(bytes_sent, Answer::<Infallible>::Fault(fault.kind)) {
        Verdict::Failed { outcome, kind } => failed(outcome, kind, fault.message, words),
        Verdict::Accepted(never) => match never {},
    }
}

/// A response that is not what the call is for.
struct Refusal<'a> {
    http_status: u16,
    /// Whether it has the form of one, if not the status.
    is_envelope: bool,
    envelope_kind: EnvelopeKind,
    /// The envelope's status line and errors.
    said: Option<(String, Vec<String>)>,
    has_payload: bool,
    /// Whether the call is for a secret, which a part of the response may be.
    is_secret: bool,
    words: Phrases,
    token: &'a str,
}

impl Drop for Refusal<'_> {
    fn drop(&mut self) {
        // A server may have sent a token back.
        self.said.zeroize();
    }
}

impl Refusal<'_> {
    #[cold] // As above.
    fn into_error(
        self,
        (outcome, kind): (Outcome, ErrorKind),
        retry_after: Option<Duration>,
        body: Result<String, Vec<u8>>,
    ) -> Error {
        let errors = self.errors();
        let flaw = self.flaw(&body);
        let (response, body) = self.response(body);
        let error = failed(outcome, kind, self.message(flaw, &body, &errors), self.words);
        error.with_response(self.http_status, retry_after, errors, response)
    }

    /// What is wrong with a body that should be an envelope.
    fn flaw(&self, body: &Result<String, Vec<u8>>) -> Option<&'static str> {
        if self.http_status >= 300 || self.said.is_some() {
            return None;
        }
        if self.is_envelope {
            return Some("its status is not known, and it tells of no error");
        }
        json::flaw(body).or_else(|| Some(Envelope::flaw(body.as_ref().ok()?)))
    }

    fn message(&self, flaw: Option<&str>, body: &str, errors: &[String]) -> String {
        let said = match &self.said {
            Some((status_line, _)) if !self.shows_secret() => {
                self.what_the_gateway_said(&self.start_of(status_line), errors)
            }
            _ => self.what_stood_in_between(flaw, body),
        };
        let said: String = said.chars().take(SHOWN_CHARS).collect();
        format!("HTTP {}: {said}", self.http_status)
    }

    fn errors(&self) -> Vec<String> {
        let errors = self.said.iter().filter(|_| !self.shows_secret()).flat_map(|said| &said.1);
        errors.map(|error| self.shown(error)).collect()
    }

    /// The response, if it is JSON and cannot hold a secret that nobody knows; and the start of it, fit
    /// for a message.
    fn response(&self, body: Result<String, Vec<u8>>) -> (Option<Response>, String) {
        match body {
            Ok(text) if !self.is_secret && json::is_json(&text) => {
                let mut response = Response::of_json(self.http_status, text);
                response.redact(self.token);
                let start = self.start_of(response.text());
                (Some(response), start)
            }
            body => {
                let mut body = body.map_or_else(|bytes| bytes, String::into_bytes);
                // What is shown, with 4 bytes in a character at most, and the rest of a token that
                // it is cut in.
                let rest = redact::MAX_WRITTEN_BYTES * self.token.len();
                let enough = body.len().min(4 * SHOWN_CHARS + rest);
                let start = match self.is_secret {
                    true => String::new(),
                    false => self.start_of(&String::from_utf8_lossy(&body[..enough])),
                };
                body.zeroize();
                (None, start)
            }
        }
    }

    fn shows_secret(&self) -> bool {
        self.is_secret && self.has_payload
    }

    fn what_the_gateway_said(&self, status_line: &str, errors: &[String]) -> String {
        let wanted = self.words.wanted;
        if self.envelope_kind == EnvelopeKind::Success {
            return match self.has_payload {
                true => format!("a success with {wanted} that cannot be relied on"),
                false => format!("a success without {wanted}"),
            };
        }
        let said = match errors.join("; ") {
            errors if errors.is_empty() || errors == status_line => status_line.to_owned(),
            errors => format!("{status_line} {errors}"),
        };
        match self.has_payload {
            true => format!("an error that holds {wanted} all the same: {said}"),
            false => said,
        }
    }

    /// What an HTTP status means, and the body that came with it in place of an envelope: how it is
    /// seen that it is none, where the status does not tell, and its start.
    fn what_stood_in_between(&self, flaw: Option<&str>, body: &str) -> String {
        let meaning = match self.http_status {
            300..400 => "a redirect, which is never followed",
            401 => "the access token was not accepted",
            403 => "the access token does not allow this",
            404 => "not found; does base_url lead to the gateway?",
            408 | 500.. => "the gateway, or something in front of it, failed",
            429 => "too many requests",
            400..500 => "the request was refused",
            _ => "not a response of the gateway",
        };
        let (before, flaw, most) = match flaw {
            Some(flaw) => (": ", flaw, SHOWN_OF_OTHERS),
            None => ("", "", SHOWN_CHARS),
        };
        let body = redact::shortened(body.trim(), most);
        let colon = if body.is_empty() { "" } else { ": " };
        [meaning, before, flaw, colon, &body].concat()
    }

    /// The start of a text from outside, as [`shown`](Self::shown).
    fn start_of(&self, text: &str) -> String {
        let end = text.char_indices().nth(SHOWN_CHARS).map_or(text.len(), |(end, _)| end);
        self.shown(&text[..redact::end_before(text, end, self.token)])
    }

    /// Text from outside, fit for a log: on one line, and without the token, which a server may send
    /// back.
    fn shown(&self, text: &str) -> String {
        let text = redact::masked(text, self.token);
        let text = text.chars().map(|c| if redact::is_invisible(c) { ' ' } else { c });
        match self.is_secret {
            // A launch URL is a secret, wherever a server writes it.
            true => redact::without_urls(&text.collect::<String>()),
            false => text.collect(),
        }
    }
}

fn failed(outcome: Outcome, kind: ErrorKind, message: String, words: Phrases) -> Error {
    let message = match words.consequence(outcome) {
        "" => message,
        consequence => [&message, " (", consequence, ")"].concat(),
    };
    Error::new(kind, outcome, message)
}
