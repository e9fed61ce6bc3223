//! A response's JSON text, with access by JSON pointers (RFC 6901).

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use zeroize::{Zeroize, Zeroizing};

use crate::call_info::CallInfo;
use crate::json::{self, Json, JsonType, PointerError};
use crate::redact;

/// A response from the gateway: its HTTP status and its JSON. `Debug` shows only the status and the
/// length, since a response may contain secrets.
///
/// Since 0.1.0.
#[derive(Clone)]
pub struct Response {
    http_status: u16,
    info: CallInfo,
    text: String,
    /// The range of `resultData`, found when it is first needed.
    data: OnceLock<Range<usize>>,
    /// The ranges of the elements of a list; empty if the response is not a list.
    elements: Vec<Range<usize>>,
    /// JSON inside strings, by the start of the string; decoded when it is first needed.
    embedded: OnceLock<Vec<(usize, String)>>,
}

impl Response {
    /// Wraps a text that is known to be valid JSON.
    pub(crate) fn from_json(http_status: u16, text: String) -> Self {
        Response {
            http_status,
            info: CallInfo::default(),
            text,
            data: OnceLock::new(),
            elements: Vec::new(),
            embedded: OnceLock::new(),
        }
    }

    /// Adds the ranges of the objects in `resultData`, which is a list.
    pub(crate) fn with_elements(self, elements: Vec<Range<usize>>) -> Self {
        Response { elements, ..self }
    }

    pub(crate) fn with_info(self, info: CallInfo) -> Self {
        Response { info, ..self }
    }

    /// Returns the metadata of the call that received this response.
    pub fn info(&self) -> &CallInfo {
        &self.info
    }

    /// Returns the HTTP status.
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// Returns the body: JSON, as it was received, with two exceptions. A list that was fetched
    /// page by page is one list in the envelope of its first page. A launch URL or an access token
    /// is replaced by `[secret]`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the value at a JSON pointer (RFC 6901): `""` is the whole response, `/resultData/id`
    /// a member, `/errors/0` an element. A pointer also leads into the JSON inside an
    /// `inputParameters` string: `/resultData/inputParameters/inputParameters/0/value`. A name that
    /// an object contains twice is not found.
    ///
    /// # Errors
    ///
    /// [`PointerError::Syntax`] or [`PointerError::NotFound`].
    pub fn pointer(&self, pointer: &str) -> Result<Json<'_>, PointerError> {
        let whole = Json::new(&self.text);
        let Some(tokens) = pointer.strip_prefix('/') else {
            return if pointer.is_empty() { Ok(whole) } else { Err(PointerError::Syntax) };
        };
        if !has_valid_escapes(tokens) {
            return Err(PointerError::Syntax);
        }
        let found = match tokens.strip_prefix("resultData/") {
            Some(tokens) if !self.elements.is_empty() => {
                let (index, rest) = match tokens.split_once('/') {
                    Some((index, rest)) => (index, Some(rest)),
                    None => (tokens, None),
                };
                let element = json::array_index(index).and_then(|index| self.element(index));
                element.and_then(|element| self.walk(element, rest))
            }
            _ => self.walk(whole, Some(tokens)),
        };
        found.ok_or(PointerError::NotFound)
    }

    /// Returns `resultData`.
    pub(crate) fn data(&self) -> Json<'_> {
        let find = || match Json::new(&self.text).get("resultData") {
            Some(data) => range_in(self.text.as_bytes(), data.raw()),
            None => 0..0,
        };
        match &self.text[self.data.get_or_init(find).clone()] {
            "" => Json::NULL,
            data => Json::new(data),
        }
    }

    fn walk<'a>(&'a self, from: Json<'a>, tokens: Option<&str>) -> Option<Json<'a>> {
        let mut value = from;
        let mut is_decoded = false;
        for token in tokens.into_iter().flat_map(|tokens| tokens.split('/')) {
            if value.json_type() == JsonType::String && !is_decoded {
                value = self.embedded_in(value)?;
                is_decoded = true;
            }
            value = value.get(&unescape(token))?;
        }
        Some(value)
    }

    /// Returns the number of elements of the list.
    pub(crate) fn element_count(&self) -> usize {
        self.elements.len()
    }

    /// Returns an element of the list.
    pub(crate) fn element(&self, index: usize) -> Option<Json<'_>> {
        self.elements.get(index).map(|range| Json::new(&self.text[range.clone()]))
    }

    /// Returns the text of the list's elements from an index on.
    pub(crate) fn elements_from(&self, index: usize) -> &str {
        match (self.elements.get(index), self.elements.last()) {
            (Some(first), Some(last)) => &self.text[first.start..last.end],
            _ => "",
        }
    }

    /// Shortens the list to its first `count` elements, at least one.
    pub(crate) fn truncate(&mut self, count: usize) {
        if let (Some(kept), Some(last)) = (self.elements.get(count - 1), self.elements.last()) {
            self.text.replace_range(kept.end..last.end, "");
            self.data = OnceLock::new();
            self.elements.truncate(count);
        }
    }

    /// Appends the elements of another page to the list.
    pub(crate) fn append(&mut self, page: &Response) {
        let (Some(first), Some(last)) = (page.elements.first(), self.elements.last()) else {
            return;
        };
        let end = last.end;
        let added = [",", page.elements_from(0)].concat();
        self.text.insert_str(end, &added);
        self.data = OnceLock::new();
        let moved = |range: &Range<usize>| {
            let start = range.start - first.start + end + 1;
            start..start + range.len()
        };
        self.elements.extend(page.elements.iter().map(moved));
    }

    /// Replaces the string at a JSON pointer, and every other string that contains it, with
    /// `[secret]`.
    pub(crate) fn redact_at(&mut self, pointer: &str) {
        let Ok(found) = self.pointer(pointer) else { return };
        let secret = Zeroizing::new(found.lossy_text().into_owned());
        self.redact(secret.trim());
    }

    /// Replaces every string that contains a secret, however it is escaped, with `[secret]`.
    pub(crate) fn redact(&mut self, secret: &str) {
        let mut redacted = String::with_capacity(self.text.len());
        let mut rest = self.text.as_str();
        while let Some(start) = rest.find('"') {
            let (before, from_string) = rest.split_at(start);
            let (string, after) = from_string.split_at(json::string_length(from_string.as_bytes()));
            let text = Zeroizing::new(Json::new(string).lossy_text().into_owned());
            let has_secret = text.trim() == secret || redact::repeats(&text, secret);
            redacted += before;
            redacted += if has_secret { "\"[secret]\"" } else { string };
            rest = after;
        }
        redacted += rest;
        self.text.zeroize();
        self.text = redacted;
        self.data = OnceLock::new();
    }

    /// Returns the JSON inside a string of the response: the gateway encodes `inputParameters`
    /// twice.
    fn embedded_in(&self, string: Json<'_>) -> Option<Json<'_>> {
        let embedded = self.embedded.get_or_init(|| self.decode_embedded());
        let start = range_in(self.text.as_bytes(), string.raw()).start;
        let at = embedded.binary_search_by_key(&start, |(start, _)| *start).ok()?;
        Some(Json::new(&embedded[at].1))
    }

    fn decode_embedded(&self) -> Vec<(usize, String)> {
        let data = if self.elements.is_empty() { Some(self.data()) } else { None };
        let elements = (0..self.element_count()).filter_map(|index| self.element(index));
        let holders = data.into_iter().chain(elements);
        let decoded = holders.filter_map(|holder| {
            let string = holder.get("inputParameters")?;
            let text = json::into_text(string.text().into_owned().into_bytes()).ok()?;
            json::is_json(&text).then(|| (range_in(self.text.as_bytes(), string.raw()).start, text))
        });
        decoded.collect()
    }
}

/// Returns the range of a part that borrows from a text.
pub(crate) fn range_in(text: &[u8], part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response(HTTP {}, {} bytes)", self.http_status, self.text.len())
    }
}

fn has_valid_escapes(tokens: &str) -> bool {
    tokens.split('~').skip(1).all(|escape| escape.starts_with(['0', '1']))
}

fn unescape(token: &str) -> Cow<'_, str> {
    match token.contains('~') {
        true => token.replace("~1", "/").replace("~0", "~").into(),
        false => token.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(text: &str) -> Response {
        assert!(json::is_json(text), "{text}");
        Response::from_json(200, text.into())
    }

    #[test]
    fn the_examples_of_rfc_6901() {
        let response = response(
            r#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#,
        );
        for (pointer, raw) in [
            ("/foo", r#"["bar","baz"]"#),
            ("/foo/0", r#""bar""#),
            ("/", "0"),
            ("/a~1b", "1"),
            ("/c%d", "2"),
            ("/e^f", "3"),
            ("/g|h", "4"),
            ("/i\\j", "5"),
            ("/k\"l", "6"),
            ("/ ", "7"),
            ("/m~0n", "8"),
        ] {
            assert_eq!(response.pointer(pointer).unwrap().raw(), raw, "{pointer}");
        }
        assert_eq!(response.pointer("").unwrap().raw(), response.text());
        for (pointer, error) in [
            ("foo", PointerError::Syntax),
            ("/m~n", PointerError::Syntax),
            ("/nowhere/m~", PointerError::Syntax),
            ("/foo/2", PointerError::NotFound),
            ("/foo/-", PointerError::NotFound),
            ("/foo/00", PointerError::NotFound),
            ("/foo/+1", PointerError::NotFound),
            ("/foo/99999999999999999999999", PointerError::NotFound),
            ("/foo/0/x", PointerError::NotFound),
            ("/nowhere", PointerError::NotFound),
        ] {
            assert_eq!(response.pointer(pointer).unwrap_err(), error, "{pointer}");
        }
    }

    #[test]
    fn values_of_every_type() {
        let response = response(
            r#" { "big": 12345678901234567890123, "n": -9223372036854775808, "f": 1.50, "s": "a\u0000\n\u00e9",
                  "half": "\ud800", "null": null, "yes": true, "list": [1, [2, 3]], "empty": {} } "#,
        );
        let at = |pointer: &str| response.pointer(pointer).unwrap();
        assert_eq!(at("/big").text(), "12345678901234567890123");
        assert_eq!(at("/big").as_i64(), Err(PointerError::OutOfRange));
        assert_eq!(at("/n").as_i64(), Ok(i64::MIN));
        assert_eq!(at("/f").as_i64(), Err(PointerError::OutOfRange));
        assert_eq!(at("/f").text(), "1.50");
        assert_eq!(at("/s").text(), "a\0\né");
        assert_eq!(at("/s").as_i64(), Err(PointerError::WrongType));
        assert_eq!(at("/half").text(), r#""\ud800""#);
        assert_eq!(at("/null").text(), "");
        assert_eq!(at("/yes").text(), "true");
        assert_eq!(at("/yes").as_bool(), Ok(true));
        assert_eq!(at("/n").as_bool(), Err(PointerError::WrongType));
        assert_eq!(at("/null").as_bool(), Err(PointerError::WrongType));
        assert_eq!(at("/list").count(), Ok(2));
        assert_eq!(at("/list/1/1").as_i64(), Ok(3));
        assert_eq!(at("/empty").count(), Ok(0));
        assert_eq!(at("").count(), Ok(9));
        assert_eq!(at("/n").count(), Err(PointerError::WrongType));
        for (pointer, json_type) in [
            ("/null", JsonType::Null),
            ("/yes", JsonType::Bool),
            ("/n", JsonType::Number),
            ("/s", JsonType::String),
            ("/list", JsonType::Array),
            ("", JsonType::Object),
        ] {
            assert_eq!(at(pointer).json_type(), json_type);
        }
    }

    #[test]
    fn a_name_that_appears_twice_is_not_found() {
        let response = response(r#"{"a":1,"b":{"c":1,"c":2},"a":2,"d":3}"#);
        for pointer in ["/a", "/b/c"] {
            assert_eq!(response.pointer(pointer).unwrap_err(), PointerError::NotFound, "{pointer}");
        }
        assert_eq!(response.pointer("/d").unwrap().raw(), "3");
        assert_eq!(response.pointer("/b").unwrap().count(), Ok(2));
    }

    #[test]
    fn pointers_lead_into_json_inside_a_string() {
        let parameters = r#"{\"list\":[{\"a~b\":\"x\\ny\"},7],\"inputParameters\":\"[1]\"}"#;
        let one = format!(r#"{{"resultData":{{"inputParameters":"{parameters}","other":"[1]"}}}}"#);
        let response = response(&one);
        let at = |pointer: &str| response.pointer(&format!("/resultData/{pointer}"));
        assert_eq!(at("inputParameters").unwrap().json_type(), JsonType::String);
        assert_eq!(at("inputParameters/list/0/a~0b").unwrap().text(), "x\ny");
        assert_eq!(at("inputParameters/list").unwrap().count(), Ok(2));
        for nothing in [
            "inputParameters/",
            "inputParameters/list/2",
            "inputParameters/inputParameters/0",
            "other/0",
        ] {
            assert_eq!(at(nothing).unwrap_err(), PointerError::NotFound, "{nothing}");
        }

        let deep = "[".repeat(200) + &"]".repeat(200);
        for text in ["not JSON", "", "{} {}", &deep] {
            let text = format!(r#"{{"resultData":{{"inputParameters":"{text}"}}}}"#);
            let response = super::Response::from_json(200, text);
            assert!(response.pointer("/resultData/inputParameters").is_ok());
            assert!(response.pointer("/resultData/inputParameters/0").is_err());
        }

        let text =
            r#" {"resultData":[{"x":1},{"inputParameters":"[8]"},{"inputParameters":"[9]"}]}"#;
        let elements =
            [r#"{"x":1}"#, r#"{"inputParameters":"[8]"}"#, r#"{"inputParameters":"[9]"}"#];
        let ranges = elements.map(|element| {
            let start = text.find(element).unwrap();
            start..start + element.len()
        });
        let response = Response::from_json(200, text.into()).with_elements(ranges.into());
        assert_eq!(response.pointer("/resultData/1/inputParameters/0").unwrap().raw(), "8");
        assert_eq!(response.pointer("/resultData/2/inputParameters/0").unwrap().raw(), "9");
        assert_eq!(response.pointer("/resultData/0").unwrap().raw(), elements[0]);
        for nothing in ["/resultData/0/inputParameters/0", "/resultData/3", "/resultData/x"] {
            assert_eq!(response.pointer(nothing).unwrap_err(), PointerError::NotFound, "{nothing}");
        }
    }

    #[test]
    fn every_string_that_contains_the_secret_is_masked() {
        let url = "https://acme.example/a/b?key=0123456789";
        let written = url.replace('/', "\\/");
        let odd = url.replace('=', "\\u003d");
        let text = format!(
            r#"{{"resultData":" {written}","note":"see {url}","again":"{odd}","a\"":"b\\"}}"#
        );
        let mut response = response(&text);
        response.redact_at("/resultData");
        let masked =
            r#"{"resultData":"[secret]","note":"[secret]","again":"[secret]","a\"":"b\\"}"#;
        assert_eq!(response.text(), masked);
        // An unpaired surrogate must not hide a secret in the same string.
        let mut half =
            super::Response::from_json(200, format!(r#"["\ud800 {written}","{odd}\udfff"]"#));
        half.redact(url);
        assert_eq!(half.text(), r#"["[secret]","[secret]"]"#);
        let mut short =
            super::Response::from_json(200, r#"{"resultData":"a","as":"has a"}"#.into());
        short.redact_at("/resultData");
        assert_eq!(short.text(), r#"{"resultData":"[secret]","as":"has a"}"#);
    }
}
