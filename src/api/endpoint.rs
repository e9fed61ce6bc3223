//! What differs between the calls when their responses are read.

use memchr::memchr_iter;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::Outcome;
use crate::json::Json;
use crate::outcome::Payload;

/// One endpoint of the gateway.
pub(crate) trait Endpoint {
    /// `resultData`, in a shape that puts up with surprises.
    type Data<'a>: Deserialize<'a> + Default;
    /// What the call is for.
    type Found;
    const PHRASES: Phrases;
    const RETRY_SAFETY: RetrySafety = RetrySafety::Always;
    /// Where a response holds a secret (RFC 6901).
    const SECRET: Option<&'static str> = None;

    /// Finds what the call is for. `data` stands in `body`; none if that is no envelope. The token
    /// went out with the request; what repeats it is not shown, so it is of no use.
    fn find(data: Option<&Self::Data<'_>>, body: &[u8], token: &str) -> Payload<Self::Found>;
}

/// Whether a request may be sent again by itself (RFC 9110 section 9.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetrySafety {
    /// It only reads.
    Always,
    /// It has an effect, which a second one would have again.
    UnlessSent,
    /// It has an effect that undoes what an earlier one had.
    Never,
}

impl RetrySafety {
    /// Whether the call has an effect, so that what it is for contradicts a refusal.
    pub(crate) fn has_effect(self) -> bool {
        self != RetrySafety::Always
    }
}

/// How the messages of a call speak.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Phrases {
    /// What the call is for.
    pub(crate) wanted: &'static str,
    /// What is certain when it was rejected.
    pub(crate) if_rejected: &'static str,
    /// What is to be thought of when it is unknown; nothing if the call has no effect.
    pub(crate) if_unknown: &'static str,
}

impl Phrases {
    pub(crate) const fn of_a_read(wanted: &'static str) -> Self {
        Phrases { wanted, if_rejected: "", if_unknown: "" }
    }

    /// What an outcome means for the effect of the call.
    pub(crate) fn consequence(self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Rejected => self.if_rejected,
            Outcome::NotSent if !self.if_unknown.is_empty() => "nothing was sent",
            Outcome::Unknown => self.if_unknown,
            _ => "",
        }
    }
}

/// `resultData` that is looked at where it stands.
pub(crate) type RawData<'a> = Option<&'a RawValue>;

/// `resultData`, unless it is absent or null.
pub(crate) fn json<'a>(data: Option<&RawData<'a>>) -> Option<Json<'a>> {
    data.copied().flatten().map(Json::from)
}

/// Whether a body, JSON or not, has a value under a name that ends like this anywhere, in JSON
/// within a string too.
pub(crate) fn names(body: &[u8], name: &str) -> bool {
    // Not memmem, which has 5 KB.
    memchr_iter(name.as_bytes()[0], body).any(|at| {
        let Some(behind) = body[at..].strip_prefix(name.as_bytes()) else { return false };
        let behind = behind.iter().copied();
        let behind = behind.filter(|byte| !b" \t\r\n\\".contains(byte));
        let value: Vec<u8> = behind.take(6).collect();
        let is_name = value.len() < 2 || value.starts_with(b"\":");
        is_name && !value.starts_with(b"\":null") && !value.starts_with(b"\":\"\"")
    })
}
