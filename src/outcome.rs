//! One pure function from what was handed over and what came back to an outcome and its reason.

use std::fmt;

use crate::error::ErrorKind;

/// What is certain about a call once it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The gateway took the request and named what was asked for: go on.
    Accepted,
    /// The gateway refused the request and nothing runs: mend it.
    Rejected,
    /// Not one byte of the request was handed to the transport: sending again is safe.
    NotSent,
    /// The request, or part of it, went out and no trustworthy answer came back.
    /// It may be running: look before sending again.
    Unknown,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Outcome::Accepted => "ACCEPTED",
            Outcome::Rejected => "REJECTED",
            Outcome::NotSent => "NOT_SENT",
            Outcome::Unknown => "UNKNOWN",
        })
    }
}

/// What came back from the gateway.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answer {
    /// No complete HTTP reply, and why.
    Fault(ErrorKind),
    /// A complete HTTP reply.
    Reply { http_status: u16, envelope: Envelope },
}

/// The gateway's envelope in a reply's body, as far as it decides the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// The body is no envelope.
    Missing,
    /// `"status": "Success"`.
    Success(Asked),
    /// `"status": "DataValidationError"`.
    ValidationError(Asked),
    /// Any other status.
    OtherError(Asked),
}

/// Whether the reply holds what the call is for, a trigger id say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Absent,
    /// Something stands in its place that cannot be it: neither proof for nor against.
    Unusable,
    Present,
}

/// An outcome and, unless it is `Accepted`, its reason.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    pub(crate) kind: Option<ErrorKind>,
}

/// Judges a call by the request bytes that were handed to the transport and by what came back.
pub(crate) fn judge(handed_over: u64, answer: Answer) -> Verdict {
    let (outcome, kind) = match answer {
        Answer::Fault(kind) => (Outcome::Unknown, Some(kind)),
        Answer::Reply { http_status, envelope } => judge_reply(http_status, envelope),
    };
    let outcome = if handed_over == 0 { Outcome::NotSent } else { outcome };
    Verdict { outcome, kind }
}

fn judge_reply(http_status: u16, envelope: Envelope) -> (Outcome, Option<ErrorKind>) {
    let is_2xx = (200..300).contains(&http_status);
    if is_2xx && envelope == Envelope::Success(Asked::Present) {
        return (Outcome::Accepted, None);
    }

    // A server that failed, or gave up waiting, may have acted before it did: there only a
    // validation error, which comes before any action, proves that nothing runs.
    let may_have_acted = http_status == 408 || http_status >= 500;
    let rejected = match envelope {
        // A trigger id contradicts a refusal, whatever the HTTP status: something may be running.
        Envelope::Success(Asked::Present | Asked::Unusable)
        | Envelope::ValidationError(Asked::Present | Asked::Unusable)
        | Envelope::OtherError(Asked::Present | Asked::Unusable) => false,
        Envelope::ValidationError(Asked::Absent) => true,
        Envelope::OtherError(Asked::Absent) => !may_have_acted,
        Envelope::Success(Asked::Absent) | Envelope::Missing => matches!(
            http_status,
            307 | 308 | 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429
        ),
    };
    let outcome = if rejected { Outcome::Rejected } else { Outcome::Unknown };
    (outcome, Some(reason(http_status, envelope)))
}

fn reason(http_status: u16, envelope: Envelope) -> ErrorKind {
    match (http_status, envelope) {
        (_, Envelope::ValidationError(_)) => ErrorKind::ValidationFailed,
        (401, _) => ErrorKind::Unauthorized,
        (403, _) => ErrorKind::Forbidden,
        (404, _) => ErrorKind::NotFound,
        (429, _) => ErrorKind::RateLimited,
        (300..400, _) => ErrorKind::Redirected,
        (408 | 500.., _) => ErrorKind::ServerFailed,
        (400..500, _) | (_, Envelope::OtherError(_)) => ErrorKind::Refused,
        _ => ErrorKind::UnexpectedReply,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ErrorKind as E;
    use Outcome::*;

    const OK: Envelope = Envelope::Success(Asked::Present);
    const EMPTY: Envelope = Envelope::Success(Asked::Absent);
    const INVALID: Envelope = Envelope::ValidationError(Asked::Absent);
    const ERROR: Envelope = Envelope::OtherError(Asked::Absent);
    const NONE: Envelope = Envelope::Missing;

    #[test]
    fn every_row_of_the_outcome_table() {
        let mut rows = vec![
            (200, OK, Accepted, None),
            (201, OK, Accepted, None),
            (202, OK, Accepted, None),
            (200, EMPTY, Unknown, Some(E::UnexpectedReply)),
            (200, Envelope::Success(Asked::Unusable), Unknown, Some(E::UnexpectedReply)),
            (200, NONE, Unknown, Some(E::UnexpectedReply)),
            (204, NONE, Unknown, Some(E::UnexpectedReply)),
            (101, NONE, Unknown, Some(E::UnexpectedReply)),
            (200, INVALID, Rejected, Some(E::ValidationFailed)),
            (200, ERROR, Rejected, Some(E::Refused)),
            (400, INVALID, Rejected, Some(E::ValidationFailed)),
            (401, ERROR, Rejected, Some(E::Unauthorized)),
            (302, ERROR, Rejected, Some(E::Redirected)),
            (418, ERROR, Rejected, Some(E::Refused)),
            (418, NONE, Unknown, Some(E::Refused)),
            (402, NONE, Unknown, Some(E::Refused)),
            (408, NONE, Unknown, Some(E::ServerFailed)),
            (408, ERROR, Unknown, Some(E::ServerFailed)),
            (408, INVALID, Rejected, Some(E::ValidationFailed)),
            (300, NONE, Unknown, Some(E::Redirected)),
            (304, NONE, Unknown, Some(E::Redirected)),
            (307, NONE, Rejected, Some(E::Redirected)),
            (308, NONE, Rejected, Some(E::Redirected)),
            // A success envelope is only believed behind a 2xx, and never turned into a refusal.
            (400, OK, Unknown, Some(E::Refused)),
            (302, OK, Unknown, Some(E::Redirected)),
            (500, OK, Unknown, Some(E::ServerFailed)),
            (200, Envelope::OtherError(Asked::Present), Unknown, Some(E::Refused)),
            (400, Envelope::ValidationError(Asked::Present), Unknown, Some(E::ValidationFailed)),
            (200, Envelope::ValidationError(Asked::Unusable), Unknown, Some(E::ValidationFailed)),
            (400, EMPTY, Rejected, Some(E::Refused)),
        ];
        for status in [301, 302, 303] {
            rows.push((status, NONE, Unknown, Some(E::Redirected)));
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
            rows.push((status, NONE, Rejected, Some(kind)));
        }
        for status in [500, 501, 502, 503, 504, 599, 999] {
            rows.push((status, NONE, Unknown, Some(E::ServerFailed)));
            rows.push((status, ERROR, Unknown, Some(E::ServerFailed)));
            rows.push((status, INVALID, Rejected, Some(E::ValidationFailed)));
        }
        for (http_status, envelope, outcome, kind) in rows {
            let verdict = judge(1, Answer::Reply { http_status, envelope });
            assert_eq!(verdict, Verdict { outcome, kind }, "{http_status} {envelope:?}");
        }
    }

    #[test]
    fn a_fault_is_not_sent_only_when_no_byte_was_handed_over() {
        let fault = Answer::Fault(E::ConnectionLost);
        assert_eq!(judge(0, fault).outcome, NotSent);
        assert_eq!(judge(1, fault).outcome, Unknown);
        assert_eq!(judge(1, fault).kind, Some(E::ConnectionLost));
    }
}
