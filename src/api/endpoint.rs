//! The differences between the endpoints: what a call asks for, how its response is read, whether
//! it may be retried.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::Outcome;
use crate::json::Json;
use crate::redact::CallTexts;
use crate::seen::Seen;

/// An endpoint of the gateway.
pub(crate) trait Endpoint {
    /// `resultData`, parsed leniently: unexpected members must not make a response unreadable.
    type Data<'a>: Deserialize<'a> + Default;
    /// The value that a call asks for.
    type Value;
    const PHRASES: Phrases;
    const RETRY_SAFETY: RetrySafety = RetrySafety::Always;
    /// The JSON pointer (RFC 6901) of the secret in a response.
    const SECRET: Option<&'static str> = None;

    /// True if a response without a value in its place may contain it elsewhere, in any form.
    fn may_contain_value(_: &[u8], _: &CallTexts<'_>) -> bool {
        false
    }

    /// Extracts the value that the call asked for. `data` is part of `body`, or `None` if the body
    /// is not an envelope. `token` is the access token of the request: a value that repeats it
    /// would be masked, so it is unusable.
    fn extract(data: Option<&Self::Data<'_>>, body: &[u8], token: &str) -> Extracted<Self::Value>;

    /// Returns why a response belongs to an earlier request on its connection, if it does. `asked`
    /// is what this request asks for. Also records the exchange in `seen`.
    fn recognize(
        _data: Option<&Self::Data<'_>>,
        _asked: &str,
        _seen: &mut Seen,
    ) -> Option<&'static str> {
        None
    }
}

/// The value in a response, or `None` if the response certainly does not contain one.
pub(crate) type Extracted<T> = Result<Option<T>, Unusable>;

/// A response contains something that may be the value, but cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unusable;

/// When a request may be retried automatically (RFC 9110 section 9.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetrySafety {
    /// Always: it only reads.
    Always,
    /// Only if nothing was sent: it has an effect, which a second request would repeat.
    UnlessSent,
    /// Never: it has an effect that undoes the effect of an earlier request.
    Never,
}

impl RetrySafety {
    /// True if the call changes something. Then a value in the response contradicts a rejection.
    pub(crate) fn has_effect(self) -> bool {
        self != RetrySafety::Always
    }
}

/// The parts of messages that depend on the endpoint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Phrases {
    /// The value that the call asks for.
    pub(crate) value: &'static str,
    /// The consequence of a rejected call.
    pub(crate) if_rejected: &'static str,
    /// The consequence of an unknown outcome; empty if the call only reads.
    pub(crate) if_unknown: &'static str,
}

impl Phrases {
    pub(crate) const fn for_read(value: &'static str) -> Self {
        Phrases { value, if_rejected: "", if_unknown: "" }
    }

    /// Returns what an outcome means for the effect of the call; empty if the call only reads.
    pub(crate) fn consequence(self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Rejected => self.if_rejected,
            Outcome::NotSent if !self.if_unknown.is_empty() => "nothing was sent",
            Outcome::Unknown => self.if_unknown,
            _ => "",
        }
    }
}

/// `resultData` as unparsed JSON.
pub(crate) type RawData<'a> = Option<&'a RawValue>;

/// Returns `resultData`, or `None` if it is absent or null.
pub(crate) fn json<'a>(data: Option<&RawData<'a>>) -> Option<Json<'a>> {
    data.copied().flatten().map(Json::from)
}
