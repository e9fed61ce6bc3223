//! Interprets a response: the endpoint's value, or an error with a message.

use std::time::Duration;

use zeroize::Zeroize;

use crate::api::endpoint::{Endpoint, Phrases, Unusable};
use crate::api::envelope::Envelope;
use crate::error::{Error, ErrorKind, Outcome};
use crate::json;
use crate::memory;
use crate::outcome::{EnvelopeKind, Evidence, Received, Verdict, judge};
use crate::panic_points;
use crate::redact::{self, CallTexts, Mask};
use crate::response::Response;
use crate::seen::Seen;
use crate::transport::{Exchange, HttpResponse};
use crate::wiped::{self, WipedText};

/// The memory that it takes to find an element of a list, with the copies of a growing array.
const ELEMENT_BYTES: usize = 64;
/// How much of the gateway's text a message contains.
const MAX_SHOWN_CHARS: usize = 512;
/// How much of a redirect's target a message contains.
const MAX_LOCATION_CHARS: usize = 200;
/// How much of a foreign body a message contains if it also names the problem.
const MAX_FOREIGN_CHARS: usize = 100;

/// Interprets the exchange of a request to the endpoint `E`. No message contains the secrets in
/// `texts`. `asked` is what the request asks for, and `seen` what its connection has carried
/// before.
pub(crate) fn interpret<E: Endpoint>(
    exchange: Exchange,
    texts: &CallTexts<'_>,
    asked: &str,
    seen: Option<&mut Seen>,
) -> Result<(E::Value, Response), Error> {
    let judge = |received| judge(exchange.bytes_sent, exchange.was_refused, received);
    let HttpResponse { status: http_status, retry_after, location, body } = match exchange.response
    {
        Ok(response) => response,
        Err(fault) => {
            let (outcome, kind) = failure(judge(Received::Fault(fault.kind)));
            return Err(error(outcome, kind, fault.message, E::PHRASES));
        }
    };
    panic_points::pass("a response is interpreted");
    if memory::check_for_objects(&body, ELEMENT_BYTES).is_err() {
        let failure = failure(judge(Received::Fault(ErrorKind::OutOfMemory)));
        let problem = "not enough memory to read the response";
        return Err(without_text(http_status, None, failure, problem, Err(body), E::PHRASES));
    }
    let body = json::into_text(body);
    let bytes = body.as_ref().map_or_else(Vec::as_slice, |text| text.as_bytes());
    let parsed = body.as_deref().ok().and_then(Envelope::parse::<E::Data<'_>>);
    let (envelope, data) = parsed.unzip();
    let is_envelope = envelope.is_some();
    let envelope_kind = envelope.as_ref().map_or(EnvelopeKind::Missing, Envelope::kind);
    let (value, evidence) = match E::extract(data.as_ref(), bytes, texts.token) {
        Ok(Some(value)) => (Some(value), Evidence::Present),
        Ok(None) if E::may_contain_value(bytes, texts) => (None, Evidence::Unusable),
        Ok(None) if json::is_text(bytes) => (None, Evidence::Absent),
        Ok(None) => (None, Evidence::Unreadable),
        Err(Unusable) => (None, Evidence::Unusable),
    };
    if let Some(problem) = seen.and_then(|seen| E::recognize(data.as_ref(), asked, seen)) {
        drop((envelope, data));
        return Err(repeated_response(http_status, problem, body, E::PHRASES));
    }
    let evidence = match envelope_kind {
        // A read has no effect that a value could prove.
        EnvelopeKind::ValidationError | EnvelopeKind::OtherError
            if !E::RETRY_SAFETY.has_effect() =>
        {
            Evidence::Absent
        }
        _ => evidence,
    };
    let received = Received::Response { http_status, envelope: envelope_kind, evidence };
    let verdict = judge(received);
    if let (Verdict::Accepted, Some(value)) = (verdict, value) {
        drop((envelope, data));
        let mut response = Response::from_json(http_status, body.unwrap_or_default());
        if let Some(pointer) = E::SECRET {
            response.redact_at(pointer, texts);
        }
        return Ok((value, response));
    }
    let envelope = envelope.filter(|_| envelope_kind != EnvelopeKind::Missing);
    // With nothing to show, there is nothing to mask.
    let is_empty = bytes.is_empty() && location.is_none();
    let is_memory_left = is_empty || memory::check(texts.mask_bytes(bytes.len())).is_ok();
    if !is_memory_left {
        drop((envelope, data));
        let (failure, problem) = (failure(verdict), "not enough memory to show the response");
        return Err(without_text(http_status, retry_after, failure, problem, body, E::PHRASES));
    }
    let failed = FailedResponse {
        http_status,
        location,
        is_envelope,
        envelope_kind,
        envelope_texts: envelope.map(|envelope| (envelope.status_line(), envelope.errors())),
        evidence,
        is_secret: E::SECRET.is_some(),
        phrases: E::PHRASES,
        mask: if is_empty { Mask::default() } else { Mask::for_call(texts) },
        ids: texts.ids,
    };
    drop(data);
    Err(failed.into_error(failure(verdict), retry_after, body))
}

/// Out of line: `interpret` is monomorphised per endpoint.
fn repeated_response(
    http_status: u16,
    problem: &str,
    body: Result<String, Vec<u8>>,
    phrases: Phrases,
) -> Error {
    let failure = (Outcome::Unknown, ErrorKind::UnexpectedResponse);
    let problem = format!(
        "this response belongs to an earlier request, and a server or proxy sent it again: \
         {problem}"
    );
    without_text(http_status, None, failure, &problem, body, phrases)
}

/// Returns the error for a response whose text is not shown.
fn without_text(
    http_status: u16,
    retry_after: Option<Duration>,
    (outcome, kind): (Outcome, ErrorKind),
    problem: &str,
    body: Result<String, Vec<u8>>,
    phrases: Phrases,
) -> Error {
    wiped::wipe(&mut body.map_or_else(|bytes| bytes, String::into_bytes));
    let message = format!("HTTP {http_status}: {problem}");
    error(outcome, kind, message, phrases).with_response(http_status, retry_after, Vec::new(), None)
}

/// Returns the outcome and the kind of a failed call. An accepted call without a value would be a
/// bug of this library.
fn failure(verdict: Verdict) -> (Outcome, ErrorKind) {
    match verdict {
        Verdict::Failed { outcome, kind } => (outcome, kind),
        Verdict::Accepted => (Outcome::Unknown, ErrorKind::Internal),
    }
}

/// A complete HTTP response of a call that failed.
struct FailedResponse<'a> {
    http_status: u16,
    /// The target of a redirect.
    location: Option<String>,
    /// True if the body has the form of an envelope, even if its status is unknown.
    is_envelope: bool,
    envelope_kind: EnvelopeKind,
    /// The envelope's status line and errors.
    envelope_texts: Option<(String, Vec<String>)>,
    evidence: Evidence,
    /// True if the call asks for a secret, which any part of the response may contain.
    is_secret: bool,
    phrases: Phrases,
    mask: Mask,
    ids: &'a [&'a str],
}

impl Drop for FailedResponse<'_> {
    fn drop(&mut self) {
        // A server may have sent a token back.
        self.envelope_texts.zeroize();
    }
}

impl FailedResponse<'_> {
    fn into_error(
        self,
        (outcome, kind): (Outcome, ErrorKind),
        retry_after: Option<Duration>,
        body: Result<String, Vec<u8>>,
    ) -> Error {
        let errors = self.errors();
        let problem = self.body_problem(&body);
        let (response, body_start) = self.split_body(body);
        let message = self.message(problem, &body_start, &errors);
        error(outcome, kind, message, self.phrases)
            .with_response(self.http_status, retry_after, errors, response)
            .with_no_effect(self.evidence == Evidence::Absent)
    }

    /// Describes the problem with the body. `None` if the body is an envelope, or if the HTTP
    /// status explains the failure. An unreadable body is always described, because it decides the
    /// outcome.
    fn body_problem(&self, body: &Result<String, Vec<u8>>) -> Option<&'static str> {
        if self.evidence == Evidence::Unreadable {
            return Some("the body is not UTF-8 text, or its Content-Encoding is not valid");
        }
        if self.http_status >= 300 || self.envelope_texts.is_some() {
            return None;
        }
        if self.is_envelope {
            return Some("unknown status, and no error");
        }
        json::problem(body).or_else(|| Some(Envelope::problem(body.as_ref().ok()?)))
    }

    fn message(&self, problem: Option<&str>, body_start: &str, errors: &[String]) -> String {
        let description = match &self.envelope_texts {
            Some((status_line, _)) if !self.may_show_secret() => {
                self.describe_envelope(&self.printable_start(status_line), errors)
            }
            _ => self.describe_foreign_body(problem, body_start),
        };
        let description: String = description.chars().take(MAX_SHOWN_CHARS).collect();
        let location = match &self.location {
            Some(location) => {
                let location = self.printable_start(location);
                [" (Location: ", &redact::shortened(&location, MAX_LOCATION_CHARS), ")"].concat()
            }
            None => String::new(),
        };
        format!("HTTP {}{location}: {description}", self.http_status)
    }

    fn errors(&self) -> Vec<String> {
        let texts = self.envelope_texts.iter().filter(|_| !self.may_show_secret());
        texts.flat_map(|(_, errors)| errors).map(|error| self.printable(error)).collect()
    }

    /// Returns the response with the secrets of the call masked, if the body is JSON and cannot
    /// contain an unknown secret, and the start of the body for a message.
    fn split_body(&self, body: Result<String, Vec<u8>>) -> (Option<Response>, String) {
        match body {
            Ok(text) if !self.is_secret && json::is_json(&text) => {
                let mut response = Response::from_json(self.http_status, text);
                response.redact(&self.mask);
                let start = self.printable_start(response.text());
                (Some(response), start)
            }
            body => {
                let mut body = body.map_or_else(|bytes| bytes, String::into_bytes);
                let start = match self.is_secret || self.evidence == Evidence::Unreadable {
                    true => String::new(),
                    false => {
                        let length = body.len().min(redact::MAX_START_BYTES + 1);
                        let start = String::from_utf8_lossy(&body[..length]).into_owned();
                        self.printable_start(&WipedText::from(start))
                    }
                };
                wiped::wipe(&mut body);
                (None, start)
            }
        }
    }

    /// True if the response contains the value that the call asks for, usable or not.
    fn has_value(&self) -> bool {
        matches!(self.evidence, Evidence::Unusable | Evidence::Present)
    }

    fn may_show_secret(&self) -> bool {
        self.is_secret && self.has_value()
    }

    /// Describes a response from the gateway in its own words.
    fn describe_envelope(&self, status_line: &str, errors: &[String]) -> String {
        let value = self.phrases.value;
        if self.envelope_kind == EnvelopeKind::Success {
            return match self.has_value() {
                true => format!("Success, but {value} in the response is not usable"),
                false => format!("Success, but the response lacks {value}"),
            };
        }
        let text = match errors.join("; ") {
            errors if errors.is_empty() || errors == status_line => status_line.to_owned(),
            errors => format!("{status_line} {errors}"),
        };
        match self.has_value() {
            true => format!("an error, although the response contains {value}: {text}"),
            false => text,
        }
    }

    /// Describes a response that is not from the gateway, or that must not be shown, in up to four
    /// parts: the meaning of the HTTP status, a value that contradicts it, the problem with the
    /// body, and the start of the body.
    fn describe_foreign_body(&self, problem: Option<&str>, body_start: &str) -> String {
        let meaning = match self.http_status {
            300..400 => "redirects are not followed",
            401 => "the access token was not accepted",
            // The gateway does not send HTML.
            403 if body_start.trim_start().starts_with('<') => {
                "refused, perhaps by a firewall or a proxy in between"
            }
            403 => "the access token does not allow this",
            404 => "not found; check that base_url leads to the gateway",
            511 => "a network in between asks for a login",
            408 | 500.. => "the gateway, or a server in front of it, failed",
            429 => "too many requests",
            400..500 => "the request was refused",
            _ => "not a response from the gateway",
        };
        // Explains why a refusal is not a rejection.
        let value = match self.has_value() && self.http_status >= 300 {
            true => [", but the response contains ", self.phrases.value].concat(),
            false => String::new(),
        };
        let (separator, problem, max_chars) = match problem {
            Some(problem) => (": ", problem, MAX_FOREIGN_CHARS),
            None => ("", "", MAX_SHOWN_CHARS),
        };
        let body = redact::shortened(body_start.trim(), max_chars);
        let colon = if body.is_empty() { "" } else { ": " };
        [meaning, &value, separator, problem, colon, &body].concat()
    }

    /// Makes the start of a text from outside printable, see [`printable`](Self::printable).
    fn printable_start(&self, text: &str) -> String {
        let text = self.on_one_line(&self.mask.apply_to_start(text));
        let end = text.char_indices().nth(MAX_SHOWN_CHARS).map_or(text.len(), |(end, _)| end);
        text[..end].to_owned()
    }

    /// Makes text from outside fit for a log: on one line, and without the secrets of the call,
    /// which a server may repeat.
    fn printable(&self, text: &str) -> String {
        self.on_one_line(&self.mask.apply(text))
    }

    fn on_one_line(&self, text: &str) -> String {
        match self.is_secret {
            // The new secret may be anywhere.
            true => redact::plain_words(text, self.ids),
            false => text.chars().map(|c| if redact::is_invisible(c) { ' ' } else { c }).collect(),
        }
    }
}

fn error(outcome: Outcome, kind: ErrorKind, message: String, phrases: Phrases) -> Error {
    let message = match phrases.consequence(outcome) {
        "" => message,
        consequence => [&message, " (", consequence, ")"].concat(),
    };
    Error::new(kind, outcome, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::history::HistoryEndpoint;
    use crate::api::launch_url::LaunchUrlEndpoint;
    use crate::api::trigger::TriggerEndpoint;

    const TOKEN: &str = "Zm9vYmFyLTAxMjM0NTY3ODk";
    const LAUNCH_URL: &str = "https://a.example/?accessKey=s3cr3t-0123456789";

    fn exchange(status: u16, location: Option<&str>, body: &[u8]) -> Exchange {
        let location = location.map(str::to_owned);
        Exchange::answered(HttpResponse { status, retry_after: None, location, body: body.into() })
    }

    fn error_of<E: Endpoint>(exchange: Exchange, token: &str) -> Error {
        let texts = CallTexts { ids: &["run-1"], ..CallTexts::new(token) };
        let Err(error) = interpret::<E>(exchange, &texts, "x", None) else {
            panic!("the call succeeded");
        };
        error
    }

    fn trigger_error(status: u16, body: &str) -> Error {
        error_of::<TriggerEndpoint>(exchange(status, None, body.as_bytes()), TOKEN)
    }

    fn launch_error(status: u16, body: &str) -> Error {
        error_of::<LaunchUrlEndpoint>(exchange(status, None, body.as_bytes()), TOKEN)
    }

    /// The trigger id of a run, in its place.
    const RUN: &str = r#""resultData":{"executionConfig":{"triggerId":"run-1"}}"#;
    /// A trigger id, but not a usable one.
    const ODD_RUN: &str = r#""resultData":{"executionConfig":{"triggerId":7}}"#;

    #[test]
    fn a_response_that_is_not_from_the_gateway_is_described_by_its_http_status_and_its_start() {
        for (status, body, message) in [
            (302, "moved", "redirects are not followed: moved"),
            (399, "", "redirects are not followed"),
            (400, "", "the request was refused"),
            (401, "no", "the access token was not accepted: no"),
            (403, "no", "the access token does not allow this: no"),
            (403, " <p>", "refused, perhaps by a firewall or a proxy in between: <p>"),
            (404, "", "not found; check that base_url leads to the gateway"),
            (408, "", "the gateway, or a server in front of it, failed"),
            (429, "", "too many requests"),
            (499, "", "the request was refused"),
            (500, "", "the gateway, or a server in front of it, failed"),
            (511, "", "a network in between asks for a login"),
            (599, "", "the gateway, or a server in front of it, failed"),
            (200, "", "not a response from the gateway: the body is empty"),
            (200, "a\nb", "not a response from the gateway: the body is not JSON: a b"),
            (299, "[]", "not a response from the gateway: the body is not a JSON object: []"),
            (
                200,
                r#"{"status":"UP"}"#,
                r#"not a response from the gateway: unknown status, and no error: {"status":"UP"}"#,
            ),
            (300, r#"{"status":"UP"}"#, r#"redirects are not followed: {"status":"UP"}"#),
            (
                404,
                r#"{"triggerId":"a"}"#,
                "not found; check that base_url leads to the gateway, but the response contains a \
                 trigger id: {\"triggerId\":\"a\"}",
            ),
            (
                200,
                r#"{"triggerId":"a"}"#,
                "not a response from the gateway: status is missing: {\"triggerId\":\"a\"}",
            ),
        ] {
            let error = trigger_error(status, body);
            let expected = format!("HTTP {status}: {message} (");
            assert!(error.message().starts_with(&expected), "{error}");
            assert!(error.errors().is_empty(), "{error}");
            assert_eq!(error.http_status(), Some(status));
            let json = serde_json::from_str::<serde_json::Value>(body).is_ok().then_some(body);
            assert_eq!(error.response().map(Response::text), json, "{error}");
        }
        let moved = exchange(307, Some("https://a.example/"), b"");
        assert_eq!(
            error_of::<TriggerEndpoint>(moved, TOKEN).message(),
            "HTTP 307 (Location: https://a.example/): redirects are not followed (nothing runs)"
        );
    }

    #[test]
    fn an_error_of_the_gateway_is_described_in_its_own_words() {
        for (members, message, errors) in [
            (r#""status":"Failed","statusCode":7"#, "Failed", ""),
            (r#""status":"Failed","statusCode":7,"statusLine":"No.""#, "No.", ""),
            (r#""status":"Failed","statusLine":"No.","errors":["No."]"#, "No.", "No."),
            (r#""status":"Failed","statusLine":"No.","errors":["a","b"]"#, "No. a; b", "a|b"),
            (r#""status":"Success""#, "Success, but the response lacks a trigger id", ""),
            (
                &[r#""status":"Success","#, ODD_RUN].concat(),
                "Success, but a trigger id in the response is not usable",
                "",
            ),
            (
                &[r#""status":"Failed","errors":["a"],"#, RUN].concat(),
                "an error, although the response contains a trigger id: Failed a",
                "a",
            ),
        ] {
            let body = ["{", members, "}"].concat();
            let error = trigger_error(200, &body);
            assert!(error.message().starts_with(&format!("HTTP 200: {message} (")), "{error}");
            assert_eq!(error.errors().join("|"), errors, "{error}");
            assert_eq!(error.response().map(Response::text), Some(&*body));
        }
    }

    #[test]
    fn a_trigger_id_anywhere_or_a_body_that_may_hide_one_contradicts_a_refusal() {
        use Outcome::{Rejected, Unknown};
        let failed = r#"{"status":"Failed","errors":["a"]"#;
        for (status, body, outcome, is_certain) in [
            (400, b"no".as_slice(), Rejected, true),
            (400, b"\"triggerId\":\"a\"", Unknown, false),
            (400, b"\x1f\x8b", Unknown, false),
            (429, b"", Rejected, true),
            // Refused, but not so certainly that the trigger may be repeated.
            (429, b"\x1f\x8b", Rejected, false),
            (200, [failed, "}"].concat().as_bytes(), Rejected, true),
            (200, [failed, ",", RUN, "}"].concat().as_bytes(), Unknown, false),
            (200, [failed, ",", ODD_RUN, "}"].concat().as_bytes(), Unknown, false),
        ] {
            let error = error_of::<TriggerEndpoint>(exchange(status, None, body), TOKEN);
            assert_eq!(error.outcome(), outcome, "{error}");
            assert_eq!(error.is_certain_refusal(), is_certain, "{error}");
            let is_unreadable = error.message().contains("the body is not UTF-8 text");
            assert_eq!(is_unreadable, body.starts_with(b"\x1f"), "{error}");
            assert!(!error.message().contains('\u{fffd}'), "{error}");
        }
        // A read changes nothing, so an error is a refusal whatever it contains.
        for status in ["Failed", "DataValidationError"] {
            let body = format!(
                r#"{{"status":"{status}","errors":["a"],"resultData":{{"status":"RUNNING"}}}}"#
            );
            let exchange = exchange(200, None, body.as_bytes());
            let error = error_of::<HistoryEndpoint>(exchange, TOKEN);
            assert_eq!(error.outcome(), Rejected);
            assert_eq!(error.message(), format!("HTTP 200: {status} a"));
        }
    }

    #[test]
    fn nothing_of_an_error_shows_the_token() {
        for (location, body) in [
            (None, format!("a {TOKEN} b")),
            (Some(TOKEN), String::new()),
            (Some(TOKEN), "a".into()),
            (None, format!(r#"{{"a":"{TOKEN}"}}"#)),
            (None, format!(r#"{{"status":"{TOKEN}","statusCode":7}}"#)),
            (None, format!(r#"{{"status":"Failed","errors":["{TOKEN}"]}}"#)),
        ] {
            let exchange = exchange(302, location, body.as_bytes());
            let error = error_of::<TriggerEndpoint>(exchange, TOKEN);
            assert!(error.message().contains("[secret]"), "{error}");
            for text in error.errors().iter().map(String::as_str).chain([error.message()]) {
                assert!(!text.contains(&TOKEN[..16]), "{text}");
            }
            assert!(error.response().is_none_or(|response| !response.text().contains(TOKEN)));
        }
        // The start of a long text is not searched to its end, so the end of that start is not
        // shown: here it is a part of a token, too short to be recognized as one.
        let token: String = (1000..4000).map(|number| number.to_string()).collect();
        let token = &token[..redact::MAX_START_BYTES / 8 - 2];
        let body = [token, " "].concat().repeat(9);
        let start = (8 * (token.len() + 1)..redact::MAX_START_BYTES).len();
        assert!((1..16).contains(&start));
        let exchange = exchange(400, None, body.as_bytes());
        let error = error_of::<TriggerEndpoint>(exchange, token);
        assert!(
            error.message().contains("[secret]") && !error.message().contains("1000"),
            "{error}"
        );
    }

    #[test]
    fn nothing_of_an_error_shows_a_secret_that_the_call_asks_for() {
        let url = format!(r#""resultData":"{LAUNCH_URL}""#);
        for (status, body, message, errors) in [
            // A text that contains no URL is shown, except the words that could be a secret.
            (
                200,
                r#"{"status":"Failed","errors":["no a1b2 for run-1"]}"#,
                "Failed no [secret] for run-1",
                1,
            ),
            (
                200,
                r#"{"status":"Success"}"#,
                "Success, but the response lacks an http or https URL",
                0,
            ),
            (400, "no", "the request was refused", 0),
            (
                200,
                &format!(r#"{{"status":"Failed","errors":["a"],{url}}}"#),
                "not a response from the gateway",
                0,
            ),
            (
                400,
                &format!(r#"{{"status":"Failed","errors":["a"],{url}}}"#),
                "the request was refused, but the response contains an http or https URL",
                0,
            ),
            (200, r#"{"a":"b"}"#, "not a response from the gateway: status is missing", 0),
        ] {
            let error = launch_error(status, body);
            assert!(error.message().starts_with(&format!("HTTP {status}: {message} (")), "{error}");
            assert_eq!(error.errors().len(), errors, "{error}");
            assert!(error.response().is_none());
        }
    }

    #[test]
    fn a_response_that_was_sent_before_is_not_the_response_to_this_request() {
        let body = format!(r#"{{"status":"Success",{RUN}}}"#);
        let texts = CallTexts::new(TOKEN);
        let mut seen = Seen::default();
        let mut trigger = || {
            let exchange = exchange(200, None, body.as_bytes());
            interpret::<TriggerEndpoint>(exchange, &texts, "x", Some(&mut seen))
        };
        assert_eq!(trigger().unwrap().1.text(), body);
        let error = trigger().map(|_| ()).unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::UnexpectedResponse, Outcome::Unknown)
        );
        assert!(error.message().contains("belongs to an earlier request"), "{error}");
        assert_eq!(error.http_status(), Some(200));
        assert!(error.response().is_none());
    }

    #[test]
    fn the_secret_in_a_response_is_replaced_in_its_json() {
        let body = format!(r#"{{"status":"Success","resultData":"{LAUNCH_URL}"}}"#);
        let exchange = exchange(200, None, body.as_bytes());
        let texts = CallTexts::new(TOKEN);
        let (_, response) = interpret::<LaunchUrlEndpoint>(exchange, &texts, "x", None).unwrap();
        assert_eq!(response.text(), r#"{"status":"Success","resultData":"[secret]"}"#);
    }
}
