//! A reply's JSON text, and what a JSON pointer (RFC 6901) finds in it.
//!
//! The text is searched where it stands: nothing is built that nobody asks for, and numbers keep
//! every digit.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use memchr::memchr2_iter;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::{Zeroize, Zeroizing};

/// The deepest nesting that is read. `serde_json` has the same limit for what it builds, but none
/// for what it skips.
const MAX_DEPTH: usize = 128;

/// A secret that is shorter is none; in a test, say, it may stand in anything.
const MIN_SECRET_BYTES: usize = 16;

/// A reply of the gateway: its HTTP status and its JSON. Its `Debug` form shows no more than the
/// length, since a reply may hold secrets.
#[derive(Clone)]
pub struct Reply {
    http_status: u16,
    text: String,
    /// Where the elements of a list stand, so that none is looked for twice.
    elements: Vec<Range<usize>>,
    /// The JSON that stands within strings, by where the string starts; decoded when first asked.
    embedded: OnceLock<Vec<(usize, String)>>,
}

/// A value within a [`Reply`].
#[derive(Clone, Copy)]
pub struct Json<'a>(&'a str);

/// The type of a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// Why a pointer gave no value of the wanted type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PointerError {
    /// The text is no JSON pointer: neither empty nor starting with `/`, or `~` without `0` or `1`.
    Syntax,
    /// The reply holds nothing there.
    NotFound,
    /// What stands there has another type.
    WrongType,
    /// The number there is no 64-bit integer.
    OutOfRange,
}

impl fmt::Display for PointerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PointerError::Syntax => "not a JSON pointer",
            PointerError::NotFound => "nothing stands at this pointer",
            PointerError::WrongType => "the value at this pointer has another type",
            PointerError::OutOfRange => "the number at this pointer is no 64-bit integer",
        })
    }
}

impl std::error::Error for PointerError {}

/// A body as text, unless it is no UTF-8 or nested deeper than 128.
pub(crate) fn text_of(body: Vec<u8>) -> Result<String, Vec<u8>> {
    let text = String::from_utf8(body).map_err(|error| error.into_bytes())?;
    if is_nested_too_deep(text.as_bytes()) { Err(text.into_bytes()) } else { Ok(text) }
}

/// Whether a text repeats a token.
pub(crate) fn repeats(text: &str, token: &str) -> bool {
    token.len() >= MIN_SECRET_BYTES && text.contains(token)
}

/// A text without a secret that a server may have sent back.
pub(crate) fn masked(text: &str, secret: &str) -> String {
    let text = text.replace(secret, "[secret]");
    if !secret.contains('/') {
        return text;
    }
    // As many servers write it in JSON.
    let text = Zeroizing::new(text);
    let escaped = Zeroizing::new(secret.replace('/', "\\/"));
    text.replace(escaped.as_str(), "[secret]")
}

/// Characters that a line of a log must not hold: they end it, move it or hide in it.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{3164}' | '\u{feff}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether `text` is one JSON value and nothing else.
pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

pub(crate) fn is_nested_too_deep(text: &[u8]) -> bool {
    // Looking for brackets is far cheaper than following strings, and nearly always enough.
    if memchr2_iter(b'[', b'{', text).nth(MAX_DEPTH).is_none() {
        return false;
    }
    let mut depth = 0_usize;
    let mut rest = text;
    while let [byte, ..] = rest {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
        rest = &rest[if *byte == b'"' { string_length(rest) } else { 1 }..];
    }
    false
}

impl Reply {
    /// Takes a text that was found to be JSON.
    pub(crate) fn of_json(http_status: u16, text: String) -> Self {
        Reply { http_status, text, elements: Vec::new(), embedded: OnceLock::new() }
    }

    /// With a list of objects in `resultData`, and where they stand.
    pub(crate) fn with_elements(self, elements: Vec<Range<usize>>) -> Self {
        Reply { elements, ..self }
    }

    /// The HTTP status that it came with.
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// The whole reply as it came. A list that was fetched page by page stands in the envelope of
    /// its first page; in place of a launch URL or an access token, `[secret]` is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands at `pointer` (RFC 6901): `""` is the whole reply, `/resultData/id` a member,
    /// `/errors/0` an element. It leads into the JSON within an `inputParameters` string as well:
    /// `/resultData/inputParameters/inputParameters/0/value`. A name that an object holds twice
    /// is not found.
    ///
    /// # Errors
    ///
    /// [`PointerError::Syntax`] and [`PointerError::NotFound`].
    pub fn pointer(&self, pointer: &str) -> Result<Json<'_>, PointerError> {
        let whole = Json(self.text.trim_ascii());
        let Some(tokens) = pointer.strip_prefix('/') else {
            return if pointer.is_empty() { Ok(whole) } else { Err(PointerError::Syntax) };
        };
        if !is_escaped_well(tokens) {
            return Err(PointerError::Syntax);
        }
        let found = match tokens.strip_prefix("resultData/") {
            Some(tokens) if !self.elements.is_empty() => {
                let (index, rest) = match tokens.split_once('/') {
                    Some((index, rest)) => (index, Some(rest)),
                    None => (tokens, None),
                };
                let element = array_index(index).and_then(|index| self.element(index));
                element.and_then(|element| self.walk(element, rest))
            }
            _ => self.walk(whole, Some(tokens)),
        };
        found.ok_or(PointerError::NotFound)
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

    /// How many elements its list has.
    pub(crate) fn element_count(&self) -> usize {
        self.elements.len()
    }

    /// An element of its list.
    pub(crate) fn element(&self, index: usize) -> Option<Json<'_>> {
        self.elements.get(index).map(|range| Json(&self.text[range.clone()]))
    }

    /// The text of the elements of its list from an index on.
    pub(crate) fn elements_from(&self, index: usize) -> &str {
        match (self.elements.get(index), self.elements.last()) {
            (Some(first), Some(last)) => &self.text[first.start..last.end],
            _ => "",
        }
    }

    /// Keeps no more than the first elements of its list; there has to be one.
    pub(crate) fn truncate(&mut self, count: usize) {
        if let (Some(kept), Some(last)) = (self.elements.get(count - 1), self.elements.last()) {
            self.text.replace_range(kept.end..last.end, "");
            self.elements.truncate(count);
        }
    }

    /// Adds the list of a further page behind its own.
    pub(crate) fn append(&mut self, page: &Reply) {
        let (Some(first), Some(last)) = (page.elements.first(), self.elements.last()) else {
            return;
        };
        let end = last.end;
        let added = [",", page.elements_from(0)].concat();
        self.text.insert_str(end, &added);
        let moved = |range: &Range<usize>| {
            let start = range.start - first.start + end + 1;
            start..start + range.len()
        };
        self.elements.extend(page.elements.iter().map(moved));
    }

    /// Writes `[secret]` in place of the string at `pointer`, and of every other that holds it.
    pub(crate) fn redact_at(&mut self, pointer: &str) {
        let Ok(found) = self.pointer(pointer) else { return };
        let secret = Zeroizing::new(found.text().into_owned());
        self.redact(secret.trim());
    }

    /// Writes `[secret]` in place of every string that holds a secret, however it is escaped.
    pub(crate) fn redact(&mut self, secret: &str) {
        let mut redacted = String::with_capacity(self.text.len());
        let mut rest = self.text.as_str();
        while let Some(start) = rest.find('"') {
            let (before, from_string) = rest.split_at(start);
            let (string, behind) = from_string.split_at(string_length(from_string.as_bytes()));
            let text = Zeroizing::new(Json(string).text().into_owned());
            let holds_it = text.trim() == secret || repeats(&text, secret);
            redacted += before;
            redacted += if holds_it { "\"[secret]\"" } else { string };
            rest = behind;
        }
        redacted += rest;
        self.text.zeroize();
        self.text = redacted;
    }

    /// The JSON within a string of the reply: the vendor encodes `inputParameters` twice.
    fn embedded_in(&self, string: Json<'_>) -> Option<Json<'_>> {
        let embedded = self.embedded.get_or_init(|| self.decode_embedded());
        let start = range_in(self.text.as_bytes(), string.raw()).start;
        let at = embedded.binary_search_by_key(&start, |(start, _)| *start).ok()?;
        Some(Json(embedded[at].1.trim_ascii()))
    }

    fn decode_embedded(&self) -> Vec<(usize, String)> {
        let data = match self.elements.is_empty() {
            true => Json(self.text.trim_ascii()).get("resultData"),
            false => None,
        };
        let elements = (0..self.element_count()).filter_map(|index| self.element(index));
        let holders = data.into_iter().chain(elements);
        let decoded = holders.filter_map(|holder| {
            let string = holder.get("inputParameters")?;
            let text = text_of(string.text().into_owned().into_bytes()).ok()?;
            is_json(&text).then(|| (range_in(self.text.as_bytes(), string.raw()).start, text))
        });
        decoded.collect()
    }
}

/// How long a JSON string is that starts here, with its quotes.
fn string_length(text: &[u8]) -> usize {
    let mut bytes = text.iter().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return at + 1,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    text.len()
}

/// Where a part of a text stands in it.
pub(crate) fn range_in(text: &[u8], part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply(HTTP {}, {} bytes)", self.http_status, self.text.len())
    }
}

fn is_escaped_well(tokens: &str) -> bool {
    tokens.split('~').skip(1).all(|escape| escape.starts_with(['0', '1']))
}

fn unescape(token: &str) -> Cow<'_, str> {
    match token.contains('~') {
        true => token.replace("~1", "/").replace("~0", "~").into(),
        false => token.into(),
    }
}

impl<'a> From<&'a RawValue> for Json<'a> {
    fn from(value: &'a RawValue) -> Self {
        Json(value.get())
    }
}

impl<'a> Json<'a> {
    pub(crate) const NULL: Json<'static> = Json("null");

    /// The value as JSON text, as it came.
    pub fn raw(self) -> &'a str {
        self.0
    }

    /// The value's type.
    pub fn json_type(self) -> JsonType {
        match self.0.as_bytes().first() {
            Some(b'{') => JsonType::Object,
            Some(b'[') => JsonType::Array,
            Some(b'"') => JsonType::String,
            Some(b't' | b'f') => JsonType::Bool,
            Some(b'n') => JsonType::Null,
            _ => JsonType::Number,
        }
    }

    /// A string's text; empty for `null`; the JSON text of anything else, so that a number keeps
    /// every digit.
    pub fn text(self) -> Cow<'a, str> {
        match self.json_type() {
            JsonType::Null => "".into(),
            // A string that is no text (half a surrogate pair) is given as it stands.
            _ => self.as_text().unwrap_or(self.0.into()),
        }
    }

    /// A string's text; none for anything else, and for a string that is no text.
    pub(crate) fn as_text(self) -> Option<Cow<'a, str>> {
        serde_json::from_str::<BorrowedText>(self.0).ok().map(|text| text.0)
    }

    /// The value as a 64-bit integer.
    ///
    /// # Errors
    ///
    /// [`PointerError::WrongType`] if it is no number, [`PointerError::OutOfRange`] if it has a
    /// fraction, an exponent or too many digits.
    pub fn as_i64(self) -> Result<i64, PointerError> {
        match self.json_type() {
            JsonType::Number => self.0.parse().map_err(|_| PointerError::OutOfRange),
            _ => Err(PointerError::WrongType),
        }
    }

    /// The value as a truth value.
    ///
    /// # Errors
    ///
    /// [`PointerError::WrongType`] if it is neither `true` nor `false`.
    pub fn as_bool(self) -> Result<bool, PointerError> {
        self.0.parse().map_err(|_| PointerError::WrongType)
    }

    /// How many elements an array or members an object has.
    ///
    /// # Errors
    ///
    /// [`PointerError::WrongType`] if it is neither.
    pub fn count(self) -> Result<usize, PointerError> {
        match self.json_type() {
            JsonType::Array | JsonType::Object => {
                self.visit(Children::default()).map(|c| c.count).ok_or(PointerError::WrongType)
            }
            _ => Err(PointerError::WrongType),
        }
    }

    /// The member of this name, unless there are several, or the element of this index.
    pub fn get(self, token: &str) -> Option<Json<'a>> {
        match self.json_type() {
            JsonType::Array | JsonType::Object => {
                let wanted = Children { wanted: Some(token), ..Children::default() };
                let children = self.visit(wanted)?;
                children.found.filter(|_| !children.is_ambiguous).map(Json)
            }
            _ => None,
        }
    }

    fn visit<'t>(self, children: Children<'t, 'a>) -> Option<Children<'t, 'a>> {
        serde_json::Deserializer::from_str(self.0).deserialize_any(children).ok()
    }
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({:?}, {} bytes)", self.json_type(), self.0.len())
    }
}

/// Text that is borrowed from the reply where it holds no escape.
#[derive(serde::Deserialize)]
struct BorrowedText<'a>(#[serde(borrow)] Cow<'a, str>);

/// Counts the children of an array or object and finds the one with the wanted name or index.
#[derive(Default)]
struct Children<'t, 'a> {
    wanted: Option<&'t str>,
    count: usize,
    found: Option<&'a str>,
    is_ambiguous: bool,
}

impl<'a> Visitor<'a> for Children<'_, 'a> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array or object")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some(is_wanted) = map.next_key_seed(Is(self.wanted))? {
            let value: &RawValue = map.next_value()?;
            if is_wanted {
                self.is_ambiguous = self.found.replace(value.get()).is_some();
            }
            self.count += 1;
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut elements: A) -> Result<Self, A::Error> {
        let wanted = self.wanted.and_then(array_index);
        while let Some(value) = elements.next_element::<&RawValue>()? {
            if wanted == Some(self.count) {
                self.found = Some(value.get());
            }
            self.count += 1;
        }
        Ok(self)
    }
}

/// An index as RFC 6901 writes it: digits, without a leading zero.
fn array_index(token: &str) -> Option<usize> {
    let is_plain = token == "0" || token.starts_with(|first: char| matches!(first, '1'..='9'));
    if is_plain { token.parse().ok() } else { None }
}

/// Compares a member's name without copying it.
struct Is<'t>(Option<&'t str>);

impl<'de> DeserializeSeed<'de> for Is<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Is<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<bool, E> {
        Ok(self.0 == Some(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(text: &str) -> Reply {
        assert!(is_json(text), "{text}");
        Reply::of_json(200, text.into())
    }

    #[test]
    fn the_examples_of_rfc_6901() {
        let reply = reply(
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
            assert_eq!(reply.pointer(pointer).unwrap().raw(), raw, "{pointer}");
        }
        assert_eq!(reply.pointer("").unwrap().raw(), reply.text());
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
            assert_eq!(reply.pointer(pointer).unwrap_err(), error, "{pointer}");
        }
    }

    #[test]
    fn values_of_every_type() {
        let reply = reply(
            r#" { "big": 12345678901234567890123, "n": -9223372036854775808, "f": 1.50, "s": "a\u0000\n\u00e9",
                  "half": "\ud800", "null": null, "yes": true, "list": [1, [2, 3]], "empty": {} } "#,
        );
        let at = |pointer: &str| reply.pointer(pointer).unwrap();
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
    fn a_name_that_stands_twice_is_not_found() {
        let reply = reply(r#"{"a":1,"b":{"c":1,"c":2},"a":2,"d":3}"#);
        for pointer in ["/a", "/b/c"] {
            assert_eq!(reply.pointer(pointer).unwrap_err(), PointerError::NotFound, "{pointer}");
        }
        assert_eq!(reply.pointer("/d").unwrap().raw(), "3");
        assert_eq!(reply.pointer("/b").unwrap().count(), Ok(2));
    }

    #[test]
    fn pointers_lead_into_the_json_within_a_string() {
        let parameters = r#"{\"list\":[{\"a~b\":\"x\\ny\"},7],\"inputParameters\":\"[1]\"}"#;
        let one = format!(r#"{{"resultData":{{"inputParameters":"{parameters}","other":"[1]"}}}}"#);
        let reply = reply(&one);
        let at = |pointer: &str| reply.pointer(&format!("/resultData/{pointer}"));
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
        for text in ["no JSON", "", "{} {}", &deep] {
            let text = format!(r#"{{"resultData":{{"inputParameters":"{text}"}}}}"#);
            let reply = super::Reply::of_json(200, text);
            assert!(reply.pointer("/resultData/inputParameters").is_ok());
            assert!(reply.pointer("/resultData/inputParameters/0").is_err());
        }

        let text =
            r#" {"resultData":[{"x":1},{"inputParameters":"[8]"},{"inputParameters":"[9]"}]}"#;
        let elements =
            [r#"{"x":1}"#, r#"{"inputParameters":"[8]"}"#, r#"{"inputParameters":"[9]"}"#];
        let ranges = elements.map(|element| {
            let start = text.find(element).unwrap();
            start..start + element.len()
        });
        let reply = Reply::of_json(200, text.into()).with_elements(ranges.into());
        assert_eq!(reply.pointer("/resultData/1/inputParameters/0").unwrap().raw(), "8");
        assert_eq!(reply.pointer("/resultData/2/inputParameters/0").unwrap().raw(), "9");
        assert_eq!(reply.pointer("/resultData/0").unwrap().raw(), elements[0]);
        for nothing in ["/resultData/0/inputParameters/0", "/resultData/3", "/resultData/x"] {
            assert_eq!(reply.pointer(nothing).unwrap_err(), PointerError::NotFound, "{nothing}");
        }
    }

    #[test]
    fn a_secret_is_masked_wherever_it_stands() {
        let url = "https://acme.example/a/b?key=0123456789";
        let written = url.replace('/', "\\/");
        let odd = url.replace('=', "\\u003d");
        let text = format!(
            r#"{{"resultData":" {written}","note":"see {url}","again":"{odd}","a\"":"b\\"}}"#
        );
        let mut reply = reply(&text);
        reply.redact_at("/resultData");
        let masked =
            r#"{"resultData":"[secret]","note":"[secret]","again":"[secret]","a\"":"b\\"}"#;
        assert_eq!(reply.text(), masked);
        let mut short = super::Reply::of_json(200, r#"{"resultData":"a","as":"has a"}"#.into());
        short.redact_at("/resultData");
        assert_eq!(short.text(), r#"{"resultData":"[secret]","as":"has a"}"#);
    }

    #[test]
    fn text_is_utf8_and_nested_at_most_128_deep() {
        let nested = |depth: usize| ("[".repeat(depth) + &"]".repeat(depth)).into_bytes();
        assert!(text_of(nested(128)).is_ok());
        assert!(text_of(nested(129)).is_err());
        assert!(text_of(nested(100_000)).is_err());
        let brackets_in_strings = format!(r#"["{}\"{}"]"#, "[".repeat(500), "{".repeat(500));
        assert!(text_of(brackets_in_strings.into_bytes()).is_ok());
        assert!(text_of(b"\xff".to_vec()).is_err());
    }

    #[test]
    fn what_is_no_json() {
        for text in ["", "{", "{}x", "\u{feff}{}", "NaN", "[1,]", "{\"a\":NaN}", "<html>"] {
            assert!(!is_json(text), "{text}");
        }
    }
}
