//! What differs between the calls when their replies are read.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::outcome::Payload;
use crate::reply::Json;

/// One endpoint of the gateway.
pub(crate) trait Endpoint {
    /// `resultData`, in a shape that puts up with surprises.
    type Data<'a>: Deserialize<'a> + Default;
    /// What the call is for.
    type Found;
    const WORDS: Words;
    /// Where a reply holds a secret (RFC 6901).
    const SECRET: Option<&'static str> = None;

    /// Finds what the call is for. `data` stands in `body`; none if that is no envelope. The token
    /// went out with the request; what repeats it is not shown, so it is of no use.
    fn find(data: Option<&Self::Data<'_>>, body: &[u8], token: &str) -> Payload<Self::Found>;
}

/// How the messages of a call speak.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    /// What the call is for.
    pub(crate) wanted: &'static str,
    /// What is certain when it was rejected.
    pub(crate) if_rejected: &'static str,
    /// What is to be thought of when it is unknown.
    pub(crate) if_unknown: &'static str,
}

impl Words {
    pub(crate) const fn of_a_read(wanted: &'static str) -> Self {
        Words { wanted, if_rejected: "nothing was read", if_unknown: "asking again is safe" }
    }
}

/// `resultData` that is looked at where it stands.
pub(crate) type RawData<'a> = Option<&'a RawValue>;

/// `resultData`, unless it is absent or null.
pub(crate) fn json<'a>(data: Option<&RawData<'a>>) -> Option<Json<'a>> {
    data.copied().flatten().map(Json::from)
}
