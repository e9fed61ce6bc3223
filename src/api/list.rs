//! Lists: what is asked for, and the objects that come back.

use std::ops::Range;

use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind};
use crate::limits::{MAX_TEXT_BYTES, has_control_character};
use crate::outcome::Payload;
use crate::response;

use super::endpoint::{Endpoint, Phrases, RawData};
use super::id;

/// Which elements of a list are wanted, and in what order. The default is all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListQuery<'a> {
    /// A condition as the vendor writes it, such as `status==FAILED` or `name=='*password*'`;
    /// empty for none. It is sent percent-encoded.
    pub filter: &'a str,
    /// An order as the vendor writes it, such as `startTime asc`; empty for the gateway's own. It
    /// should leave no ties, or an element of a list of several pages may be there twice or not at
    /// all.
    pub order_by: &'a str,
    /// How many elements are left out at the start.
    pub skip: u64,
    /// How many elements are wanted at most; 0 for all. They are fetched page by page: up to 10,000
    /// elements and 16 MiB.
    pub top: u64,
}

impl ListQuery<'_> {
    pub(crate) fn check(&self) -> Result<(), Error> {
        check_text("filter", ErrorKind::Filter, self.filter)?;
        check_text("order_by", ErrorKind::OrderBy, self.order_by)
    }

    /// The path with the query for one page.
    pub(crate) fn path(&self, path: &str, skip: u64, top: u64) -> String {
        let mut path = format!("{path}?skip={skip}&top={top}");
        for (name, text) in [("filter", self.filter), ("orderBy", self.order_by)] {
            if !text.is_empty() {
                path += &format!("&{name}={}", id::encoded(text));
            }
        }
        path
    }
}

fn check_text(name: &str, kind: ErrorKind, text: &str) -> Result<(), Error> {
    let wrong = if text.len() > MAX_TEXT_BYTES {
        "is longer than 1024 bytes"
    } else if has_control_character(text) {
        "holds a control character"
    } else {
        return Ok(());
    };
    Err(Error::local(kind, format!("{name} {wrong}")))
}

/// Every endpoint that gives a list, as far as its response is concerned.
pub(crate) struct ListEndpoint;

impl Endpoint for ListEndpoint {
    type Data<'a> = RawData<'a>;
    /// Where the elements stand in the body.
    type Found = Vec<Range<usize>>;
    const PHRASES: Phrases = Phrases::of_a_read("a list");

    fn find(data: Option<&RawData<'_>>, body: &[u8], _: &str) -> Payload<Self::Found> {
        let elements = data.copied().flatten().map(|data| serde_json::from_str(data.get()));
        let elements: Vec<&RawValue> = match elements {
            Some(Ok(elements)) => elements,
            _ => return Payload::Absent,
        };
        if elements.iter().any(|element| !element.get().starts_with('{')) {
            return Payload::Absent;
        }
        let ranges = elements.iter().map(|element| response::range_in(body, element.get()));
        Payload::Present(ranges.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::envelope::Envelope;

    #[test]
    fn texts_that_are_refused() {
        for text in ["a\nb", &"a".repeat(1025)] {
            let filter = ListQuery { filter: text, ..ListQuery::default() };
            assert_eq!(filter.check().unwrap_err().kind(), ErrorKind::Filter);
            let order = ListQuery { order_by: text, ..ListQuery::default() };
            assert_eq!(order.check().unwrap_err().kind(), ErrorKind::OrderBy);
        }
    }

    #[test]
    fn lists_that_are_none() {
        for data in ["null", "{}", "\"x\"", "7", "[1]", "[{},null]", "[[]]"] {
            let text = format!(r#"{{"status":"Success","resultData":{data}}}"#);
            let (_, data) = Envelope::parse::<RawData<'_>>(&text).unwrap();
            let found = ListEndpoint::find(Some(&data), text.as_bytes(), "");
            assert_eq!(found, Payload::Absent, "{text}");
        }
    }
}
