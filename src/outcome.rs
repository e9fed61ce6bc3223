//! Judges a call: one pure function, which derives the outcome and its reason from the number of
//! bytes sent and the response. Its tests are the whole outcome table.

use crate::error::{ErrorKind, Outcome};

/// The gateway's response to a call, or why there is none.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Received {
    /// No complete HTTP response, and the reason.
    Fault(ErrorKind),
    /// A complete HTTP response.
    Response { http_status: u16, envelope: EnvelopeKind, evidence: Evidence },
}

/// The envelope in a response's body, as far as it decides the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EnvelopeKind {
    /// The body is not an envelope.
    Missing,
    /// `"status": "Success"`.
    Success,
    /// `"status": "DataValidationError"`.
    ValidationError,
    /// Any other error.
    OtherError,
}

/// The proof in a response that the call had its effect: the value that it asked for, such as a
/// trigger id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    Absent,
    /// The body is not text, or cannot be decoded: it may contain anything.
    Unreadable,
    /// A value is present but unusable: it neither proves nor rules out the effect.
    Unusable,
    Present,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Only ever reached with [`Evidence::Present`].
    Accepted,
    Failed {
        outcome: Outcome,
        kind: ErrorKind,
    },
}

/// Judges a call by the number of request bytes that the operating system accepted, and by the
/// response. `was_refused`: the gateway certainly refused an earlier attempt of the call, whose
/// bytes do not count.
pub(crate) fn judge(bytes_sent: u64, was_refused: bool, received: Received) -> Verdict {
    let (outcome, kind) = match received {
        Received::Fault(kind) => (Outcome::Unknown, kind),
        Received::Response { http_status, envelope, evidence } => {
            let is_success = (200..300).contains(&http_status)
                && envelope == EnvelopeKind::Success
                && evidence == Evidence::Present;
            if is_success && bytes_sent > 0 {
                return Verdict::Accepted;
            }
            (
                failed_outcome(http_status, envelope, evidence),
                failed_kind(http_status, envelope, evidence),
            )
        }
    };
    // Bytes that arrive before anything was sent are not a response to this request.
    let outcome = match (bytes_sent, was_refused) {
        (0, false) => Outcome::NotSent,
        // Bytes were sent in the call, but nothing came of them.
        (0, true) => Outcome::Rejected,
        _ => outcome,
    };
    Verdict::Failed { outcome, kind }
}

fn failed_outcome(http_status: u16, envelope: EnvelopeKind, evidence: Evidence) -> Outcome {
    // A server that failed, or timed out, may have acted first. Then only a validation error proves
    // that nothing runs, because validation comes before any action.
    let may_have_acted = http_status == 408 || http_status >= 500;
    let is_refused = match evidence {
        // A value contradicts a rejection, whatever the HTTP status: with a trigger id, something
        // may be running.
        Evidence::Unusable | Evidence::Present => false,
        Evidence::Unreadable => is_refused_unprocessed(http_status),
        Evidence::Absent => match envelope {
            EnvelopeKind::ValidationError => true,
            EnvelopeKind::OtherError if !may_have_acted => true,
            _ => is_refused_unprocessed(http_status) || is_refused(http_status),
        },
    };
    if is_refused { Outcome::Rejected } else { Outcome::Unknown }
}

/// True if HTTP says that the request was not processed. RFC 9110 unless noted.
fn is_refused_unprocessed(http_status: u16) -> bool {
    matches!(
        http_status,
        401 | 403 | 404 | 405 | 407 // Section 15.5.8: a proxy asks for a login.
        | 411 // Section 15.5.12: refused without a Content-Length.
        | 413 | 414 | 415
        | 421 // Section 15.5.20: the wrong server; repeating is safe for every method.
        | 425 // RFC 8470 section 5.2: refused because it might be a replay.
        | 426 // Section 15.5.22: refused in this protocol.
        | 428 // RFC 6585 section 3: refused unless it is conditional.
        | 429
        | 431 // RFC 6585 section 5: refused because of its headers.
        | 511 // RFC 6585 section 6: a network in between asks for a login.
    )
}

/// True if this HTTP status refuses the request, before or while it is processed. 406 is missing:
/// frameworks send it when the request was processed and only the response does not suit the
/// client.
fn is_refused(http_status: u16) -> bool {
    matches!(http_status, 307 | 308 | 400 | 409 | 410 | 422)
}

fn failed_kind(http_status: u16, envelope: EnvelopeKind, evidence: Evidence) -> ErrorKind {
    let is_absent = matches!(evidence, Evidence::Absent | Evidence::Unreadable);
    match (http_status, envelope) {
        (_, EnvelopeKind::ValidationError) if is_absent => ErrorKind::Validation,
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
    use Evidence::*;
    use Outcome::{Accepted, NotSent, Rejected, Unknown};

    #[test]
    fn every_row_of_the_outcome_table() {
        #[rustfmt::skip]
        let mut rows = vec![
            (200, Success, Present, Accepted, E::UnexpectedResponse),
            (201, Success, Present, Accepted, E::UnexpectedResponse),
            (202, Success, Present, Accepted, E::UnexpectedResponse),
            (200, Success, Absent, Unknown, E::UnexpectedResponse),
            (200, Success, Unusable, Unknown, E::UnexpectedResponse),
            (200, Missing, Absent, Unknown, E::UnexpectedResponse),
            (204, Missing, Absent, Unknown, E::UnexpectedResponse),
            (101, Missing, Absent, Unknown, E::UnexpectedResponse),
            (200, ValidationError, Absent, Rejected, E::Validation),
            (200, OtherError, Absent, Rejected, E::Refused),
            (400, ValidationError, Absent, Rejected, E::Validation),
            (401, OtherError, Absent, Rejected, E::Unauthorized),
            (302, OtherError, Absent, Rejected, E::Redirected),
            (418, OtherError, Absent, Rejected, E::Refused),
            (418, Missing, Absent, Unknown, E::Refused),
            (402, Missing, Absent, Unknown, E::Refused),
            (408, Missing, Absent, Unknown, E::ServerFailed),
            (408, OtherError, Absent, Unknown, E::ServerFailed),
            (408, ValidationError, Absent, Rejected, E::Validation),
            (300, Missing, Absent, Unknown, E::Redirected),
            (304, Missing, Absent, Unknown, E::Redirected),
            (400, Success, Absent, Rejected, E::Refused),
            // Success counts only with a 2xx, and a response with a trigger id is never a
            // rejection.
            (400, Success, Present, Unknown, E::UnexpectedResponse),
            (302, Success, Present, Unknown, E::Redirected),
            (500, Success, Present, Unknown, E::ServerFailed),
            (200, OtherError, Present, Unknown, E::UnexpectedResponse),
            (400, ValidationError, Present, Unknown, E::UnexpectedResponse),
            (200, ValidationError, Unusable, Unknown, E::UnexpectedResponse),
            (400, Missing, Unusable, Unknown, E::UnexpectedResponse),
            (401, Missing, Unusable, Unknown, E::Unauthorized),
            (200, Missing, Unreadable, Unknown, E::UnexpectedResponse),
            (406, Missing, Absent, Unknown, E::Refused),
            (511, Missing, Absent, Rejected, E::ServerFailed),
            (511, OtherError, Absent, Rejected, E::ServerFailed),
            (511, Missing, Unreadable, Rejected, E::ServerFailed),
            (511, Missing, Unusable, Unknown, E::ServerFailed),
        ];
        for status in [301, 302, 303] {
            rows.push((status, Missing, Absent, Unknown, E::Redirected));
        }
        for (status, kind) in [
            (401, E::Unauthorized),
            (403, E::Forbidden),
            (404, E::NotFound),
            (405, E::Refused),
            (407, E::Refused),
            (411, E::Refused),
            (413, E::Refused),
            (414, E::Refused),
            (415, E::Refused),
            (421, E::Refused),
            (425, E::Refused),
            (426, E::Refused),
            (428, E::Refused),
            (429, E::RateLimited),
            (431, E::Refused),
        ] {
            rows.push((status, Missing, Absent, Rejected, kind));
            rows.push((status, Missing, Unreadable, Rejected, kind));
        }
        for (status, kind) in [
            (307, E::Redirected),
            (308, E::Redirected),
            (400, E::Refused),
            (409, E::Refused),
            (410, E::Refused),
            (422, E::Refused),
        ] {
            rows.push((status, Missing, Absent, Rejected, kind));
            rows.push((status, Missing, Unreadable, Unknown, kind));
        }
        for status in [500, 501, 502, 503, 504, 599, 999] {
            rows.push((status, Missing, Absent, Unknown, E::ServerFailed));
            rows.push((status, Missing, Unreadable, Unknown, E::ServerFailed));
            rows.push((status, OtherError, Absent, Unknown, E::ServerFailed));
            rows.push((status, ValidationError, Absent, Rejected, E::Validation));
        }
        for (http_status, envelope, evidence, outcome, kind) in rows {
            let received = Received::Response { http_status, envelope, evidence };
            let expected = match outcome {
                Accepted => Verdict::Accepted,
                outcome => Verdict::Failed { outcome, kind },
            };
            for was_refused in [false, true] {
                assert_eq!(judge(1, was_refused, received), expected, "{received:?}");
            }
            for (was_refused, outcome) in [(false, NotSent), (true, Rejected)] {
                let unsent = Verdict::Failed { outcome, kind };
                assert_eq!(judge(0, was_refused, received), unsent, "{received:?}");
            }
        }
    }

    #[test]
    fn a_fault_is_not_sent_only_if_no_byte_was_sent_in_the_whole_call() {
        let fault = Received::Fault(E::ConnectionLost);
        let failed = |outcome| Verdict::Failed { outcome, kind: E::ConnectionLost };
        assert_eq!(judge(0, false, fault), failed(NotSent));
        assert_eq!(judge(0, true, fault), failed(Rejected));
        assert_eq!(judge(1, false, fault), failed(Unknown));
        assert_eq!(judge(1, true, fault), failed(Unknown));
    }
}
