//! Lists: the query, and the objects in the response.

use std::fmt;
use std::ops::Range;

use serde::de::{
    Deserialize, Deserializer, Error as _, IgnoredAny, SeqAccess, Unexpected, Visitor,
};
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind};
use crate::json::{Json, JsonType};
use crate::limits::{MAX_TEXT_BYTES, control_problem};
use crate::response;
use crate::seen::Seen;

use super::endpoint::{Endpoint, Extracted, Phrases};
use super::envelope::Envelope;
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
    pub(crate) fn path(&self, path: &str, skip: u64, top: usize) -> String {
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
    } else if let Some(problem) = control_problem(text) {
        problem
    } else {
        return Ok(());
    };
    Err(Error::local(kind, format!("{name} {wrong}")))
}

/// Returns a text that distinguishes an element from others: its members that identify it and do
/// not change during a run, or all of it if it has no identifier.
pub(crate) fn identity(element: Json<'_>) -> String {
    let members = element.members(["id", "identifier", "activityId", "startTime"]);
    let has_value =
        |member: &Option<Json<'_>>| member.is_some_and(|value| value.json_type() != JsonType::Null);
    if !members[..2].iter().any(has_value) {
        return element.raw().to_owned();
    }
    members.map(|member| member.map_or("", Json::raw)).join(",")
}

/// `resultData` of a list; `None` if it is absent. Null is present.
#[derive(Debug, Default)]
pub(crate) struct ListData<'a>(Option<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for ListData<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|data| ListData(Some(data)))
    }
}

/// The endpoints that return a list.
pub(crate) struct ListEndpoint;

impl Endpoint for ListEndpoint {
    type Data<'a> = ListData<'a>;
    /// The ranges of the elements in the body.
    type Value = Vec<Range<usize>>;
    const PHRASES: Phrases = Phrases::for_read("a list");

    fn recognize(
        data: Option<&ListData<'_>>,
        asked: &str,
        seen: &mut Seen,
    ) -> Option<&'static str> {
        // Empty lists are all the same. Other lists than those of steps share one path.
        let data = data.and_then(|data| data.0).map(RawValue::get);
        seen.check_steps(asked, data.filter(|data| data.contains('{')))
    }

    fn extract(data: Option<&ListData<'_>>, body: &[u8], _: &str) -> Extracted<Self::Value> {
        let Some(ListData(Some(data))) = data else { return Ok(None) };
        // Null is an empty list, unless it comes with an error.
        if data.get() == "null" {
            return Ok((!has_error(body)).then(Vec::new));
        }
        Ok(serde_json::Deserializer::from_str(data.get()).deserialize_seq(Objects { body }).ok())
    }
}

/// Collects the ranges of the elements of an array, which must be objects. Stops at another one:
/// the memory for them was checked for the number of objects.
struct Objects<'a> {
    body: &'a [u8],
}

impl<'de> Visitor<'de> for Objects<'_> {
    type Value = Vec<Range<usize>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut ranges = Vec::new();
        while let Some(element) = elements.next_element::<&RawValue>()? {
            if !element.get().starts_with('{') {
                return Err(A::Error::invalid_type(Unexpected::Other("element"), &self));
            }
            ranges.push(response::range_in(self.body, element.get()));
        }
        Ok(ranges)
    }
}

fn has_error(body: &[u8]) -> bool {
    let envelope = str::from_utf8(body).ok().and_then(Envelope::parse::<IgnoredAny>);
    envelope.is_none_or(|(envelope, _)| envelope.has_error())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the texts of the elements in an envelope.
    fn elements(text: &str) -> Option<Vec<&str>> {
        let (_, data) = Envelope::parse::<ListData<'_>>(text).unwrap();
        let ranges = ListEndpoint::extract(Some(&data), text.as_bytes(), "").unwrap()?;
        Some(ranges.into_iter().map(|range| &text[range]).collect())
    }

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
    fn only_null_and_an_array_of_objects_are_a_list() {
        let text = |data: &str| format!(r#"{{"status":"Success","resultData":{data}}}"#);
        for data in ["{}", "\"x\"", "7", "[1]", "[{},null]", "[[]]", "[null]", "\"null\"", "false"]
        {
            assert_eq!(elements(&text(data)), None, "{data}");
        }
        assert_eq!(elements(r#"{"status":"Success"}"#), None);
        assert_eq!(elements(&text(" null ")), Some(vec![]));
        assert_eq!(elements(&text(r#"null,"errors":["no"]"#)), None);
        assert_eq!(elements(&text(r#"null,"statusCode":1"#)), None);
        assert_eq!(elements(&text("[ ]")), Some(vec![]));
        assert_eq!(elements(&text("[{}, {\"id\":1} ]")), Some(vec!["{}", "{\"id\":1}"]));
    }

    #[test]
    fn an_element_is_the_same_although_its_state_changed() {
        let identity = |text: &str| identity(Json::new(text));
        let running = r#"{"id":7,"activityId":"a","startTime":1,"status":"RUNNING"}"#;
        let ended = r#"{"id":7,"activityId":"a","startTime":1,"status":"COMPLETED","endTime":2}"#;
        assert_eq!(identity(running), identity(ended));
        for other in [
            r#"{"id":8,"activityId":"a","startTime":1}"#,
            r#"{"id":7,"activityId":"b","startTime":1}"#,
            r#"{"id":7,"activityId":"a","startTime":2}"#,
            r#"{"identifier":"7","activityId":"a","startTime":1}"#,
        ] {
            assert_ne!(identity(running), identity(other), "{other}");
        }
        assert_ne!(identity(r#"{"identifier":"a"}"#), identity(r#"{"identifier":"b"}"#));
        // Without an identifier, only equal elements are the same.
        for ids in ["", r#""id":null,"identifier":null,"#] {
            let named = |name| identity(&format!(r#"{{{ids}"activityId":"x","name":"{name}"}}"#));
            assert_eq!(named("a"), named("a"));
            assert_ne!(named("a"), named("b"));
        }
    }
}
