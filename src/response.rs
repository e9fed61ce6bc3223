//! A response's JSON text, with access by JSON pointers (RFC 6901).

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use zeroize::Zeroizing;

use crate::arrays::{ArrayCache, Elements, KnownArray, MIN_ARRAY_BYTES};
use crate::call_info::CallInfo;
use crate::json::{self, Json, JsonType, PointerError};
use crate::memory::{self, OutOfMemory};
use crate::redact::{self, CallTexts, Mask};
use crate::wiped::WipedText;

/// A response from the gateway: its HTTP status and its JSON. `Debug` shows only the status and the
/// length, since a response may contain secrets.
///
/// Since 0.1.0.
#[derive(Clone)]
pub struct Response {
    http_status: u16,
    info: CallInfo,
    /// Wiped when it is freed: the parameters of a run may be passwords.
    text: WipedText,
    /// The range of `resultData`, found when it is first needed.
    data: OnceLock<Range<usize>>,
    /// The ranges of the elements of a list; empty if the response is not a list.
    elements: Vec<Range<usize>>,
    /// JSON inside strings, by the start of the string; decoded when it is first needed.
    embedded: OnceLock<Vec<(usize, WipedText)>>,
    /// The arrays that pointers led into last.
    arrays: ArrayCache,
}

/// A value in a response.
#[derive(Clone, Copy)]
struct Found<'a> {
    json: Json<'a>,
    /// The text that contains it: [`BODY`], or 1 + the index of a text in `embedded`.
    text: usize,
}

/// The body of the response.
const BODY: usize = 0;

impl Response {
    /// Wraps a text that is known to be valid JSON.
    pub(crate) fn from_json(http_status: u16, text: String) -> Self {
        Response {
            http_status,
            info: CallInfo::default(),
            text: text.into(),
            data: OnceLock::new(),
            elements: Vec::new(),
            embedded: OnceLock::new(),
            arrays: ArrayCache::default(),
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
    /// page by page is one list in the envelope of its first page. A launch URL, an access token,
    /// or a secret variable of the trigger is replaced by `[secret]`.
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
        self.find(pointer).map(|found| found.json)
    }

    /// Checks that there is enough memory to follow pointers: the JSON inside strings may have to
    /// be decoded.
    pub(crate) fn check_memory(&self) -> Result<(), OutOfMemory> {
        match self.embedded.get() {
            Some(_) => Ok(()),
            None => memory::check(2 * self.text.len()),
        }
    }

    fn find(&self, pointer: &str) -> Result<Found<'_>, PointerError> {
        if !pointer.is_empty() && !pointer.starts_with('/') || !has_valid_escapes(pointer) {
            return Err(PointerError::Syntax);
        }
        let (length, start) = self.start_of(pointer);
        self.walk(start, pointer, length).ok_or(PointerError::NotFound)
    }

    /// Returns the innermost known value on the path of a pointer, from which to follow it, and the
    /// length of the pointer to that value.
    fn start_of(&self, pointer: &str) -> (usize, Found<'_>) {
        let whole = (0, Found { json: Json::new(&self.text), text: BODY });
        let Some((length, array)) = self.arrays.innermost(pointer) else { return whole };
        let text = match array.text.checked_sub(1) {
            None => &*self.text,
            Some(index) => match self.embedded.get().and_then(|embedded| embedded.get(index)) {
                Some((_, text)) => text,
                None => return whole,
            },
        };
        (length, Found { json: Json::new(&text[array.range.clone()]), text: array.text })
    }

    /// Follows a pointer, of which the first `at` bytes lead to `value`.
    fn walk<'a>(&'a self, mut value: Found<'a>, pointer: &str, mut at: usize) -> Option<Found<'a>> {
        while let Some(rest) = pointer[at..].strip_prefix('/') {
            let token = rest.split('/').next().unwrap_or_default();
            if value.json.json_type() == JsonType::String && value.text == BODY {
                value = self.embedded_in(value.json)?;
            }
            let is_list = at == 0 && token == "resultData" && !self.elements.is_empty();
            if let (true, Some(inside)) = (is_list, rest[token.len()..].strip_prefix('/')) {
                // The elements of a list are known.
                let index = inside.split('/').next().unwrap_or_default();
                value.json = self.element(json::array_index(index)?)?;
                at += "/resultData/".len() + index.len();
                continue;
            }
            value.json = match self.array(value, &pointer[..at]) {
                Some(array) => {
                    let range =
                        array.elements.range(value.json.raw(), json::array_index(token)?)?;
                    Json::new(&value.json.raw()[range])
                }
                None => value.json.get(&unescape(token))?,
            };
            at += 1 + token.len();
        }
        Some(value)
    }

    /// Returns the positions of the elements if the value at a pointer is an array, unless it is
    /// short.
    fn array(&self, value: Found<'_>, pointer: &str) -> Option<Arc<KnownArray>> {
        let raw = value.json.raw();
        if value.json.json_type() != JsonType::Array || raw.len() < MIN_ARRAY_BYTES {
            return None;
        }
        match self.arrays.innermost(pointer) {
            Some((length, array)) if length == pointer.len() => return Some(array),
            _ => {}
        }
        let text = match value.text.checked_sub(1) {
            None => &self.text,
            Some(index) => &self.embedded.get()?.get(index)?.1,
        };
        let range = range_in(text.as_bytes(), raw);
        let array = KnownArray { text: value.text, range, elements: Elements::new(raw) };
        let array = Arc::new(array);
        self.arrays.insert(pointer, array.clone());
        Some(array)
    }

    /// Returns the number of elements of the array, or of members of the object, at a pointer.
    pub(crate) fn count(&self, pointer: &str) -> Result<usize, PointerError> {
        if pointer == "/resultData" && !self.elements.is_empty() {
            return Ok(self.elements.len());
        }
        let value = self.find(pointer)?;
        match self.array(value, pointer) {
            Some(array) => Ok(array.elements.count()),
            None => value.json.count(),
        }
    }

    /// Returns `inputParameters` of an object in the response, decoded.
    pub(crate) fn input_parameters<'a>(&'a self, holder: Json<'a>) -> Option<Json<'a>> {
        let parameters = holder.get("inputParameters")?;
        match parameters.json_type() {
            JsonType::String => self.embedded_in(parameters).map(|found| found.json),
            _ => Some(parameters),
        }
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

    /// Returns the number of elements of the list.
    pub(crate) fn element_count(&self) -> usize {
        self.elements.len()
    }

    /// Returns an element of the list.
    pub(crate) fn element(&self, index: usize) -> Option<Json<'_>> {
        self.elements.get(index).map(|range| Json::new(&self.text[range.clone()]))
    }

    /// Returns all elements of the list.
    pub(crate) fn list_elements(&self) -> impl Iterator<Item = Json<'_>> {
        self.elements.iter().map(|range| Json::new(&self.text[range.clone()]))
    }

    /// Shortens the list to its first `count` elements, at least one.
    pub(crate) fn truncate(&mut self, count: usize) {
        if let (Some(kept), Some(last)) = (self.elements.get(count - 1), self.elements.last()) {
            self.text.remove(kept.end..last.end);
            self.elements.truncate(count);
            self.clear_caches();
        }
    }

    /// Appends elements of another page, given as JSON, to the list, which is not empty.
    pub(crate) fn append(&mut self, elements: &[Json<'_>]) {
        let Some(end) = self.elements.last().map(|last| last.end) else { return };
        let length = elements.iter().map(|element| 1 + element.raw().len()).sum();
        let mut added = String::with_capacity(length);
        for element in elements {
            added.push(',');
            let start = end + added.len();
            added += element.raw();
            self.elements.push(start..end + added.len());
        }
        self.text.insert(end, &WipedText::from(added));
        self.clear_caches();
    }

    /// Clears the caches, because the text has changed.
    fn clear_caches(&mut self) {
        self.data = OnceLock::new();
        self.embedded = OnceLock::new();
        self.arrays = ArrayCache::default();
    }

    /// Replaces the new secret at a JSON pointer with `[secret]`. Masks it, and the token of the
    /// call, everywhere else.
    pub(crate) fn redact_at(&mut self, pointer: &str, texts: &CallTexts<'_>) {
        let secret = match self.pointer(pointer) {
            Ok(found) => Zeroizing::new(found.lossy_text().into_owned()),
            Err(_) => Zeroizing::default(),
        };
        // A launch URL contains the id of the run, which is not secret.
        let may_mask = |id: &&&str| id.len() >= redact::WINDOW && secret.contains(**id);
        let id = texts.ids.iter().find(may_mask);
        let parts = match id {
            Some(id) => secret.trim().split(id).collect(),
            None => vec![secret.trim()],
        };
        let secrets = parts.iter().copied().chain(texts.client_secrets());
        let is_secret = |text: &str| !secret.is_empty() && text.trim() == secret.trim();
        self.redact_strings(&Mask::new(secrets), is_secret);
    }

    /// Replaces the JSON with null, where memory does not suffice to mask the secrets in it.
    pub(crate) fn clear(&mut self) {
        self.text = "null".to_owned().into();
        self.clear_caches();
    }

    /// Masks the secrets of a mask in every string and number.
    pub(crate) fn redact(&mut self, mask: &Mask) {
        self.redact_strings(mask, |_| false);
    }

    fn redact_strings(&mut self, mask: &Mask, is_secret: impl Fn(&str) -> bool) {
        if let Some(redacted) = redact::masked_json(&self.text, mask, &is_secret) {
            self.text = redacted.into();
            self.clear_caches();
        }
    }

    /// Returns the JSON inside a string of the response. The gateway encodes `inputParameters`
    /// twice.
    fn embedded_in(&self, string: Json<'_>) -> Option<Found<'_>> {
        let embedded = self.embedded.get_or_init(|| self.decode_embedded());
        let start = range_in(self.text.as_bytes(), string.raw()).start;
        let at = embedded.binary_search_by_key(&start, |(start, _)| *start).ok()?;
        Some(Found { json: Json::new(&embedded[at].1), text: 1 + at })
    }

    fn decode_embedded(&self) -> Vec<(usize, WipedText)> {
        let data = if self.elements.is_empty() { Some(self.data()) } else { None };
        let holders = data.into_iter().chain(self.list_elements());
        let decoded = holders.filter_map(|holder| {
            let string = holder.get("inputParameters")?;
            let text = WipedText::from(string.text().into_owned());
            let is_json = !json::is_nested_too_deep(text.as_bytes()) && json::is_json(&text);
            is_json.then(|| (range_in(self.text.as_bytes(), string.raw()).start, text))
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
    fn long_arrays_are_read_in_any_order() {
        let rows = |count: usize| {
            let cells = |row| (0..count).map(move |cell| format!(r#"{{"n":"{row},{cell}"}}"#));
            let rows: Vec<_> = (0..count)
                .map(|row| format!("[{}]", cells(row).collect::<Vec<_>>().join(",")))
                .collect();
            format!("[{}]", rows.join(" , "))
        };
        let inner = rows(50).replace('"', "\\\"");
        let text = format!(
            r#"{{"a~/b":{},"resultData":{{"inputParameters":"{{\"list\":{inner}}}"}}}}"#,
            rows(60)
        );
        let mut response = response(&text);
        for round in 0..2 {
            for (array, count) in [("/a~0~1b", 60), ("/resultData/inputParameters/list", 50)] {
                assert_eq!(response.count(array), Ok(count));
                for number in (0..count * count).map(|number| number * 7919 % (count * count)) {
                    let (row, cell) = (number / count, number % count);
                    let found = response.pointer(&format!("{array}/{row}/{cell}/n")).unwrap();
                    let is_masked = round == 1 && (row, cell) == (59, 59);
                    let expected =
                        if is_masked { "[secret]".into() } else { format!("{row},{cell}") };
                    assert_eq!(found.text(), expected);
                    let row = format!("{array}/{row}");
                    assert_eq!(response.count(&row), Ok(count));
                    assert_eq!(response.pointer(&row).unwrap().elements().len(), count);
                }
                for nothing in [count.to_string(), "-1".into(), "00".into(), "x".into(), "".into()]
                {
                    let nothing = format!("{array}/{nothing}/0");
                    assert_eq!(response.pointer(&nothing).unwrap_err(), PointerError::NotFound);
                }
                assert_eq!(response.pointer(array).unwrap().count(), Ok(count));
            }
            assert_eq!(response.count("/a~0~1b/0/0/n"), Err(PointerError::WrongType));
            assert_eq!(response.count("/resultData"), Ok(1));
            if round == 0 {
                // Known arrays are forgotten when the text changes, and not cloned.
                response.redact(&Mask::new(["59,59"].into_iter()));
                response = response.clone();
            }
        }
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
    fn a_new_secret_is_masked_in_every_string() {
        let url = "https://acme.example/0b6f6f5e-6d0c-4d3c/b?key=0123456789";
        let written = url.replace('/', "\\/");
        let odd = url.replace('=', "\\u003d");
        let text = format!(
            r#"{{"resultData":" {written}","note":"see {url}","again":"{odd}","id":"0b6f6f5e-6d0c-4d3c","a\"":"b\\"}}"#
        );
        let mut response = response(&text);
        let ids = ["0b6f6f5e-6d0c-4d3c", ""];
        let texts = CallTexts { ids: &ids, ..CallTexts::new("t") };
        response.redact_at("/resultData", &texts);
        let masked = r#"{"resultData":"[secret]","note":"see [secret]","again":"[secret]","id":"0b6f6f5e-6d0c-4d3c","a\"":"b\\"}"#;
        assert_eq!(response.text(), masked);
        let mut short =
            super::Response::from_json(200, r#"{"resultData":"a","as":"has a"}"#.into());
        short.redact_at("/resultData", &texts);
        assert_eq!(short.text(), r#"{"resultData":"[secret]","as":"has a"}"#);
        let mut none = super::Response::from_json(200, r#"{"resultData":null,"as":""}"#.into());
        none.redact_at("/resultData", &texts);
        assert_eq!(none.text(), r#"{"resultData":null,"as":""}"#);
    }

    #[test]
    fn the_secrets_of_a_call_are_masked_in_every_value() {
        let secrets = ["s3cr3t/0123456789=example", "12345", "no", "status"];
        let mask = Mask::new(secrets.into_iter());
        for (json, expected) in [
            (r#"["a s3cr3t\/0123456789\u003dexample b"]"#, r#"["a [secret] b"]"#),
            // An unpaired surrogate must not hide a secret in the same string.
            (r#"["\ud800 s3cr3t/0123456789=example"]"#, "[\"\u{fffd} [secret]\"]"),
            (r#"{"s3cr3t/0123456789=example":1}"#, r#"{"[secret]":1}"#),
            (
                r#"[12345,-12345,12345.0,123456,"12345"]"#,
                r#"["[secret]",-12345,"[secret]",123456,"[secret]"]"#,
            ),
            (
                r#"{"no":"no","status":" no","x":"no status"}"#,
                r#"{"no":"[secret]","status":"[secret]","x":"no [secret]"}"#,
            ),
            (r#"["\"s3cr3t/0123456789=example\"\\"]"#, r#"["\"[secret]\"\\"]"#),
            // JSON in a string stays JSON.
            (
                r#"["{\"a\":\"\\\"s3cr3t/0123456789\\u003dexample\",\"b\":12345}"]"#,
                r#"["{\"a\":\"\\\"[secret]\",\"b\":\"[secret]\"}"]"#,
            ),
            (
                r#"["{\"a\":\"{\\\"b\\\":\\\"\\\\u00733cr3t/0123456789=\\\"}\"}"]"#,
                r#"["{\"a\":\"{\\\"b\\\":\\\"[secret]\\\"}\"}"]"#,
            ),
            (r#"["{\"a\" s3cr3t/0123456789"]"#, r#"["{\"a\" [secret]"]"#),
            (r#"["s3cr3t/012345678"]"#, r#"["[secret]"]"#),
            (r#"["s3cr3t/01234567"]"#, r#"["s3cr3t/01234567"]"#),
            ("[1,true,null,\"\",{}]", "[1,true,null,\"\",{}]"),
        ] {
            let mut response = response(json);
            response.redact(&mask);
            assert_eq!(response.text(), expected);
            assert!(json::is_json(response.text()));
        }
        let parameters = r#"{\"list\":[{\"value\":\"\\u00733cr3t/0123456789=example\"}]}"#;
        let mut error =
            response(&format!(r#"{{"resultData":{{"inputParameters":"{parameters}"}}}}"#));
        let pointer = "/resultData/inputParameters/list/0/value";
        assert_eq!(error.pointer(pointer).unwrap().text(), secrets[0]);
        error.redact(&mask);
        assert_eq!(error.pointer(pointer).unwrap().text(), "[secret]");
    }
}
