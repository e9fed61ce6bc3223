//! A JSON value, looked at where it stands: nothing is built that nobody asks for, and numbers
//! keep every digit.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// The deepest nesting that is read. `serde_json` has the same limit for what it builds, but none
/// for what it skips.
const MAX_DEPTH: usize = 128;

/// A JSON value within a response.
#[derive(Clone, Copy, PartialEq)]
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
    /// The response holds nothing there.
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

/// Whether `text` is one JSON value and nothing else.
pub(crate) fn is_json(text: &str) -> bool {
    parsed(text).is_ok()
}

#[inline(never)] // It has several callers.
fn parsed(text: &str) -> serde_json::Result<()> {
    serde_json::from_str::<IgnoredAny>(text).map(drop)
}

/// What keeps a body from being JSON that is read.
pub(crate) fn flaw(body: &Result<String, Vec<u8>>) -> Option<&'static str> {
    let text = match body {
        Ok(text) => text,
        Err(bytes) if str::from_utf8(bytes).is_err() => return Some("it is not UTF-8"),
        Err(_) => return Some("it is nested deeper than 128"),
    };
    if text.trim_ascii().is_empty() {
        return Some("it has no body");
    }
    if text.starts_with('\u{feff}') {
        return Some("it begins with a byte order mark");
    }
    match parsed(text) {
        Ok(()) => None,
        Err(error) if error.is_eof() => Some("it is cut off"),
        // Its kinds of error do not tell this one from others.
        Err(error) if error.to_string().starts_with("trailing characters") => {
            Some("it has more behind its JSON")
        }
        Err(_) => Some("it is no JSON"),
    }
}

pub(crate) fn is_nested_too_deep(text: &[u8]) -> bool {
    // Counting brackets is far cheaper than following strings, and nearly always enough.
    if count_opening_brackets(text) <= MAX_DEPTH {
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

fn count_opening_brackets(text: &[u8]) -> usize {
    // `[` and `{` differ in one bit. As many as a byte can count at a time: 16 bytes in an instruction.
    let count = |chunk: &[u8]| chunk.iter().map(|byte| u8::from(byte | 0x20 == b'{')).sum::<u8>();
    text.chunks(255).map(|chunk| usize::from(count(chunk))).sum()
}

/// A JSON string with U+FFFD for each surrogate that is escaped in it.
fn without_surrogates(string: &str) -> Zeroizing<String> {
    let mut mended = Zeroizing::new(String::with_capacity(string.len()));
    let mut rest = string;
    while let Some((before, from_escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at))
    {
        let length = if from_escape.starts_with("\\u") { 6 } else { 2 };
        let Some((escape, behind)) = from_escape.split_at_checked(length) else { break };
        let is_surrogate = matches!(escape.as_bytes(), [_, b'u', b'd' | b'D', b'8'..=b'f', ..]);
        *mended += before;
        *mended += if is_surrogate { "\\ufffd" } else { escape };
        rest = behind;
    }
    *mended += rest;
    mended
}

/// How long a JSON string is that starts here, with its quotes.
pub(crate) fn string_length(text: &[u8]) -> usize {
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

impl<'a> From<&'a RawValue> for Json<'a> {
    fn from(value: &'a RawValue) -> Self {
        Json(value.get())
    }
}

impl<'a> Json<'a> {
    pub(crate) const NULL: Json<'static> = Json("null");

    /// Takes a text that was found to be JSON.
    pub(crate) fn of(text: &'a str) -> Self {
        Json(text.trim_ascii())
    }

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
            // One that is no text (half a surrogate pair) is given as it stands.
            JsonType::String => self.as_text().unwrap_or(self.0.into()),
            _ => self.0.into(),
        }
    }

    /// A string's text; none for anything else, and for a string that is no text.
    pub(crate) fn as_text(self) -> Option<Cow<'a, str>> {
        serde_json::from_str::<BorrowedText>(self.0).ok().map(|text| text.0)
    }

    /// As [`text`](Self::text), but a string that is no text for half a surrogate pair in it has
    /// U+FFFD there, and for each escaped surrogate.
    pub(crate) fn lossy_text(self) -> Cow<'a, str> {
        let mended = || Json(&without_surrogates(self.0)).as_text().map(Cow::into_owned);
        self.as_text().or_else(|| mended().map(Cow::Owned)).unwrap_or(self.0.into())
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
                let children = self.visit(Children { names: &[], index: None, found: &mut [] });
                children.ok_or(PointerError::WrongType)
            }
            _ => Err(PointerError::WrongType),
        }
    }

    /// The member of this name, unless there are several, or the element of this index.
    pub fn get(self, token: &str) -> Option<Json<'a>> {
        match self.json_type() {
            JsonType::Object => {
                let [member] = self.members([token]);
                member
            }
            JsonType::Array => {
                let mut found = [None];
                let index = Some(array_index(token)?);
                self.visit(Children { names: &[], index, found: &mut found })?;
                found[0].flatten()
            }
            _ => None,
        }
    }

    /// The members of these names, unless there are several of one.
    pub(crate) fn members<const N: usize>(self, names: [&str; N]) -> [Option<Json<'a>>; N] {
        self.find(names).map(Option::flatten)
    }

    /// The members of these names; none if there are several of one.
    pub(crate) fn single_members<const N: usize>(
        self,
        names: [&str; N],
    ) -> Option<[Option<Json<'a>>; N]> {
        let found = self.find(names);
        if found.contains(&Some(None)) { None } else { Some(found.map(Option::flatten)) }
    }

    fn find<const N: usize>(self, names: [&str; N]) -> [Option<Option<Json<'a>>>; N] {
        let mut found = [None; N];
        if self.json_type() == JsonType::Object {
            let read = self.visit(Children { names: &names, index: None, found: &mut found });
            if read.is_none() {
                found = [None; N];
            }
        }
        found
    }

    /// The names and values of an object's members as they stand there; none for anything else.
    pub(crate) fn entries(self) -> Option<Vec<(String, &'a RawValue)>> {
        serde_json::Deserializer::from_str(self.0).deserialize_map(Entries).ok()
    }

    fn visit(self, children: Children<'_, 'a>) -> Option<usize> {
        serde_json::Deserializer::from_str(self.0).deserialize_any(children).ok()
    }
}

/// The text of a member; empty if it is absent.
pub(crate) fn text(member: Option<Json<'_>>) -> Cow<'_, str> {
    member.map_or("".into(), Json::text)
}

/// A member that is an integer.
pub(crate) fn integer(member: Option<Json<'_>>) -> Option<i64> {
    member?.as_i64().ok()
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({:?}, {} bytes)", self.json_type(), self.0.len())
    }
}

/// Text that is borrowed from the response where it holds no escape.
#[derive(serde::Deserialize)]
struct BorrowedText<'a>(#[serde(borrow)] Cow<'a, str>);

/// Counts the children of an array or object and finds those with the wanted names, or index.
struct Children<'t, 'a> {
    names: &'t [&'t str],
    index: Option<usize>,
    /// By name: none if there is no such child, and none in it if there are several.
    found: &'t mut [Option<Option<Json<'a>>>],
}

impl<'a> Visitor<'a> for Children<'_, 'a> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array or object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<usize, A::Error> {
        let mut count = 0;
        while let Some(place) = map.next_key_seed(PlaceIn(self.names))? {
            match place {
                Some(place) => {
                    let value: &RawValue = map.next_value()?;
                    let found = &mut self.found[place];
                    *found = Some(if found.is_none() { Some(value.into()) } else { None });
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
            count += 1;
        }
        Ok(count)
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut elements: A) -> Result<usize, A::Error> {
        let mut count = 0;
        while let Some(value) = elements.next_element::<&RawValue>()? {
            if self.index == Some(count) {
                self.found[0] = Some(Some(value.into()));
            }
            count += 1;
        }
        Ok(count)
    }
}

struct Entries;

impl<'a> Visitor<'a> for Entries {
    type Value = Vec<(String, &'a RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

/// An index as RFC 6901 writes it: digits, without a leading zero.
pub(crate) fn array_index(token: &str) -> Option<usize> {
    let is_plain = token == "0" || token.starts_with(|first: char| matches!(first, '1'..='9'));
    if is_plain { token.parse().ok() } else { None }
}

/// Where a member's name stands among others; it is compared without a copy.
struct PlaceIn<'t>(&'t [&'t str]);

impl<'de> DeserializeSeed<'de> for PlaceIn<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for PlaceIn<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.0.iter().position(|wanted| *wanted == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn why_a_body_is_no_json() {
        let deep = "[".repeat(129) + &"]".repeat(129);
        for (body, flaw) in [
            ("{}", None),
            (" [1] \n", None),
            ("", Some("it has no body")),
            (" \r\n", Some("it has no body")),
            ("{\"a\":[1,", Some("it is cut off")),
            ("{\"a\":\"", Some("it is cut off")),
            ("{}x", Some("it has more behind its JSON")),
            ("{} {}", Some("it has more behind its JSON")),
            ("{}\0", Some("it has more behind its JSON")),
            ("\u{feff}{}", Some("it begins with a byte order mark")),
            ("<html>", Some("it is no JSON")),
            ("{\"a\":NaN}", Some("it is no JSON")),
            (&deep, Some("it is nested deeper than 128")),
        ] {
            assert_eq!(super::flaw(&text_of(body.into())), flaw, "{body}");
        }
        assert_eq!(flaw(&text_of(b"\"\xff\"".to_vec())), Some("it is not UTF-8"));
    }

    #[test]
    fn what_is_no_json() {
        for text in ["", "{", "{}x", "\u{feff}{}", "NaN", "[1,]", "{\"a\":NaN}", "<html>"] {
            assert!(!is_json(text), "{text}");
        }
    }
}
