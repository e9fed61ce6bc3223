//! One pure function from what was handed over and what came back to an outcome and its reason.

use crate::error::{ErrorKind, Outcome};

/// What came back from the gateway; `T` is what the call is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answer<T> {
    /// No complete HTTP response, and why.
    Fault(ErrorKind),
    /// A complete HTTP response.
    Response { http_status: u16, envelope: EnvelopeKind, payload: Payload<T> },
}

/// The gateway's envelope in a response's body, as far as it decides the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EnvelopeKind {
    /// The body is no envelope.
    Missing,
    /// `"status": "Success"`.
    Success,
    /// `"status": "DataValidationError"`.
    ValidationError,
    /// Another error.
    OtherError,
}

/// Whether the response holds what the call is for, a trigger id say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Payload<T> {
    Absent,
    /// Something hints at it that cannot be it: neither proof for nor against.
    Unusable,
    Present(T),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict<T> {
    Accepted(T),
    Failed { outcome: Outcome, kind: ErrorKind },
}

/// Judges a call by the request bytes that were handed to the transport and by what came back.
pub(crate) fn judge<T>(bytes_sent: u64, answer: Answer<T>) -> Verdict<T> {
    let (outcome, kind) = match answer {
        Answer::Fault(kind) => (Outcome::Unknown, kind),
        Answer::Response { http_status, envelope, payload } => {
            let is_absent = matches!(payload, Payload::Absent);
            match (envelope, payload) {
                (EnvelopeKind::Success, Payload::Present(found))
                    if (200..300).contains(&http_status) && bytes_sent > 0 =>
                {
                    return Verdict::Accepted(found);
                }
                (envelope, _) => judge_failure(http_status, envelope, is_absent),
            }
        }
    };
    // What comes in when nothing went out is no response.
    let outcome = if bytes_sent == 0 { Outcome::NotSent } else { outcome };
    Verdict::Failed { outcome, kind }
}

/// `is_absent`: whether the response lacks what the call is for.
fn judge_failure(
    http_status: u16,
    envelope: EnvelopeKind,
    is_absent: bool,
) -> (Outcome, ErrorKind) {
    (outcome_of(http_status, envelope, is_absent), reason(http_status, envelope, is_absent))
}

fn outcome_of(http_status: u16, envelope: EnvelopeKind, is_absent: bool) -> Outcome {
    // What the call is for contradicts a refusal, whatever the HTTP status: with a trigger id,
    // something may be running.
    if !is_absent {
        return Outcome::Unknown;
    }
    // A server that failed, or gave up waiting, may have acted before it did: there only a
    // validation error, which comes before any action, proves that nothing runs.
    let may_have_acted = http_status == 408 || http_status >= 500;
    match envelope {
        EnvelopeKind::ValidationError => Outcome::Rejected,
        EnvelopeKind::OtherError if !may_have_acted => Outcome::Rejected,
        _ => match http_status {
            307 | 308 | 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 => {
                Outcome::Rejected
            }
            _ => Outcome::Unknown,
        },
    }
}

fn reason(http_status: u16, envelope: EnvelopeKind, is_absent: bool) -> ErrorKind {
    match (http_status, envelope) {
        (_, EnvelopeKind::ValidationError) if is_absent => ErrorKind::ValidationFailed,
        (401, _) => ErrorKind::Unauthorized,
        (403, _) => ErrorKind::Forbidden,
        (404, _) => ErrorKind::NotFound,
        (429, _) => ErrorKind::RateLimited,
        (300..400, _) => ErrorKind::Redirected,
        (408 | 500.., _) => ErrorKind::ServerFailed,
        (_, EnvelopeKind::OtherError) if is_absent => ErrorKind::Refused,
        (400..500, _) if is_absent => ErrorKind::Refused,
        _ => ErrorKind::UnexpectedResponse,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use EnvelopeKind::*;
    use ErrorKind as E;
    use Outcome::{Accepted, NotSent, Rejected, Unknown};
    use Payload::*;

    #[test]
    fn every_row_of_the_outcome_table() {
        #[rustfmt::skip]
        let mut rows = vec![
            (200, Success, Present(()), Accepted, E::UnexpectedResponse),
            (201, Success, Present(()), Accepted, E::UnexpectedResponse),
            (202, Success, Present(()), Accepted, E::UnexpectedResponse),
            (200, Success, Absent, Unknown, E::UnexpectedResponse),
            (200, Success, Unusable, Unknown, E::UnexpectedResponse),
            (200, Missing, Absent, Unknown, E::UnexpectedResponse),
            (204, Missing, Absent, Unknown, E::UnexpectedResponse),
            (101, Missing, Absent, Unknown, E::UnexpectedResponse),
            (200, ValidationError, Absent, Rejected, E::ValidationFailed),
            (200, OtherError, Absent, Rejected, E::Refused),
            (400, ValidationError, Absent, Rejected, E::ValidationFailed),
            (401, OtherError, Absent, Rejected, E::Unauthorized),
            (302, OtherError, Absent, Rejected, E::Redirected),
            (418, OtherError, Absent, Rejected, E::Refused),
            (418, Missing, Absent, Unknown, E::Refused),
            (402, Missing, Absent, Unknown, E::Refused),
            (408, Missing, Absent, Unknown, E::ServerFailed),
            (408, OtherError, Absent, Unknown, E::ServerFailed),
            (408, ValidationError, Absent, Rejected, E::ValidationFailed),
            (300, Missing, Absent, Unknown, E::Redirected),
            (304, Missing, Absent, Unknown, E::Redirected),
            (307, Missing, Absent, Rejected, E::Redirected),
            (308, Missing, Absent, Rejected, E::Redirected),
            (400, Success, Absent, Rejected, E::Refused),
            // A success is only believed behind a 2xx, and a trigger id never turned into a refusal.
            (400, Success, Present(()), Unknown, E::UnexpectedResponse),
            (302, Success, Present(()), Unknown, E::Redirected),
            (500, Success, Present(()), Unknown, E::ServerFailed),
            (200, OtherError, Present(()), Unknown, E::UnexpectedResponse),
            (400, ValidationError, Present(()), Unknown, E::UnexpectedResponse),
            (200, ValidationError, Unusable, Unknown, E::UnexpectedResponse),
            (400, Missing, Unusable, Unknown, E::UnexpectedResponse),
        ];
        for status in [301, 302, 303] {
            rows.push((status, Missing, Absent, Unknown, E::Redirected));
        }
        for (status, kind) in [
            (400, E::Refused),
            (401, E::Unauthorized),
            (403, E::Forbidden),
            (404, E::NotFound),
            (405, E::Refused),
            (409, E::Refused),
            (413, E::Refused),
            (415, E::Refused),
            (422, E::Refused),
            (429, E::RateLimited),
        ] {
            rows.push((status, Missing, Absent, Rejected, kind));
        }
        for status in [500, 501, 502, 503, 504, 599, 999] {
            rows.push((status, Missing, Absent, Unknown, E::ServerFailed));
            rows.push((status, OtherError, Absent, Unknown, E::ServerFailed));
            rows.push((status, ValidationError, Absent, Rejected, E::ValidationFailed));
        }
        for (http_status, envelope, payload, outcome, kind) in rows {
            let response = Answer::Response { http_status, envelope, payload };
            let expected = match outcome {
                Accepted => Verdict::Accepted(()),
                outcome => Verdict::Failed { outcome, kind },
            };
            assert_eq!(judge(1, response), expected, "{response:?}");
            assert_eq!(
                judge(0, response),
                Verdict::Failed { outcome: NotSent, kind },
                "{response:?}"
            );
        }
    }

    #[test]
    fn a_fault_is_not_sent_only_when_no_byte_was_handed_over() {
        let fault = Answer::<()>::Fault(E::ConnectionLost);
        let failed = |outcome| Verdict::Failed { outcome, kind: E::ConnectionLost };
        assert_eq!(judge(0, fault), failed(NotSent));
        assert_eq!(judge(1, fault), failed(Unknown));
    }
}
