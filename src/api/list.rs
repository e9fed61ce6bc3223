//! Lists: the query, and the objects in the response.

use std::ops::Range;

use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind};
use crate::limits::{MAX_TEXT_BYTES, has_control_character};
use crate::response;

use super::endpoint::{Endpoint, Extracted, Phrases, RawData};
use super::id;

/// The part of a list to fetch, and its order. The default is the whole list.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListQuery<'a> {
    /// A condition in the gateway's syntax, such as `status==FAILED` or `name=='*password*'`; empty
    /// for none. At most 1024 bytes; it is percent-encoded for you.
    pub filter: &'a str,
    /// An order in the gateway's syntax, such as `startTime asc`; empty for the gateway's default.
    /// At most 1024 bytes. Choose an order without ties: with ties, a list of several pages may
    /// contain an element twice or miss one.
    pub order_by: &'a str,
    /// The number of elements to skip at the start.
    pub skip: u64,
    /// The largest number of elements to return; 0 for all. They are fetched page by page, up to
    /// 10,000 elements and 16 MiB.
    pub top: u64,
}

impl ListQuery<'_> {
    pub(crate) fn check(&self) -> Result<(), Error> {
        check_text("filter", ErrorKind::Filter, self.filter)?;
        check_text("order_by", ErrorKind::OrderBy, self.order_by)
    }

    /// Returns the path and query of one page.
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
        "contains a control character"
    } else {
        return Ok(());
    };
    Err(Error::local(kind, format!("{name} {wrong}")))
}

/// The endpoints that return a list.
pub(crate) struct ListEndpoint;

impl Endpoint for ListEndpoint {
    type Data<'a> = RawData<'a>;
    /// The ranges of the elements in the body.
    type Value = Vec<Range<usize>>;
    const PHRASES: Phrases = Phrases::for_read("a list");

    fn extract(data: Option<&RawData<'_>>, body: &[u8], _: &str) -> Extracted<Self::Value> {
        let elements = data.copied().flatten().map(|data| serde_json::from_str(data.get()));
        let elements: Vec<&RawValue> = match elements {
            Some(Ok(elements)) => elements,
            _ => return Ok(None),
        };
        if elements.iter().any(|element| !element.get().starts_with('{')) {
            return Ok(None);
        }
        let ranges = elements.iter().map(|element| response::range_in(body, element.get()));
        Ok(Some(ranges.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::envelope::Envelope;

    #[test]
    fn long_texts_and_control_characters_are_refused() {
        for text in ["a\nb", &"a".repeat(1025)] {
            let filter = ListQuery { filter: text, ..ListQuery::default() };
            assert_eq!(filter.check().unwrap_err().kind(), ErrorKind::Filter);
            let order = ListQuery { order_by: text, ..ListQuery::default() };
            assert_eq!(order.check().unwrap_err().kind(), ErrorKind::OrderBy);
        }
    }

    #[test]
    fn only_an_array_of_objects_is_a_list() {
        for data in ["null", "{}", "\"x\"", "7", "[1]", "[{},null]", "[[]]"] {
            let text = format!(r#"{{"status":"Success","resultData":{data}}}"#);
            let (_, data) = Envelope::parse::<RawData<'_>>(&text).unwrap();
            let elements = ListEndpoint::extract(Some(&data), text.as_bytes(), "");
            assert_eq!(elements, Ok(None), "{text}");
        }
    }
}
