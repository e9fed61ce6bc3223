//! JSON values that borrow from the text of a response: parsed only where they are asked for, and
//! without rounding numbers.

use std::borrow::Cow;
use std::fmt;

use memchr::{memchr, memchr2_iter};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// The deepest nesting that is accepted. `serde_json` has the same limit for values that it builds,
/// but none for values that it skips.
const MAX_DEPTH: usize = 128;

/// A JSON value. It borrows from the [`Response`](crate::Response) that contains it.
///
/// Since 0.1.0.
#[derive(Clone, Copy, PartialEq)]
pub struct Json<'a>(&'a str);

/// The type of a JSON value.
///
/// Since 0.1.0.
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

/// Why a JSON pointer did not lead to a value of the requested type.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PointerError {
    /// The text is not a JSON pointer (RFC 6901): it is not empty and does not start with `/`, or a
    /// `~` is not followed by `0` or `1`.
    Syntax,
    /// The response has no value there.
    NotFound,
    /// The value has another type.
    WrongType,
    /// The number is not a 64-bit integer.
    OutOfRange,
}

impl fmt::Display for PointerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PointerError::Syntax => "not a JSON pointer",
            PointerError::NotFound => "no value at this pointer",
            PointerError::WrongType => "the value at this pointer has another type",
            PointerError::OutOfRange => "the number at this pointer is not a 64-bit integer",
        })
    }
}

impl std::error::Error for PointerError {}

/// A byte order mark. JSON must not start with one, but a reader may ignore it (RFC 8259 section
/// 8.1).
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Converts a body to text, without its byte order mark. Returns the body unchanged if it is not
/// UTF-8 or is nested deeper than 128 levels.
pub(crate) fn into_text(body: Vec<u8>) -> Result<String, Vec<u8>> {
    let mut text = String::from_utf8(body).map_err(|error| error.into_bytes())?;
    if text.starts_with(BYTE_ORDER_MARK) {
        text.drain(..BYTE_ORDER_MARK.len_utf8());
    }
    if is_nested_too_deep(text.as_bytes()) { Err(text.into_bytes()) } else { Ok(text) }
}

/// True if a body is text in UTF-8 or Latin-1, JSON or not. False for UTF-16, and for a body that
/// is still compressed.
pub(crate) fn is_text(body: &[u8]) -> bool {
    // Some servers send the NUL that ends a string in C.
    let length = body.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let is_binary = |byte: &u8| matches!(byte, 0..=8 | 14..=26 | 28..=31);
    if body.starts_with(b"\xfe\xff")
        || body.starts_with(b"\xff\xfe")
        || body[..length].iter().any(is_binary)
    {
        return false;
    }
    // Beyond ASCII, Latin-1 begins with 32 control characters.
    str::from_utf8(body).is_ok() || !body.iter().any(|byte| matches!(byte, 0x7F..=0x9F))
}

/// True if a text is exactly one JSON value.
pub(crate) fn is_json(text: &str) -> bool {
    check(text).is_ok()
}

/// Checks that a text is exactly one JSON value.
pub(crate) fn check(text: &str) -> serde_json::Result<()> {
    serde_json::from_str::<IgnoredAny>(text).map(drop)
}

/// Describes why a body cannot be read as JSON; `None` if it can.
pub(crate) fn problem(body: &Result<String, Vec<u8>>) -> Option<&'static str> {
    let text = match body {
        Ok(text) => text,
        Err(bytes) if str::from_utf8(bytes).is_err() => return Some("the body is not UTF-8"),
        Err(_) => return Some("the body is nested deeper than 128 levels"),
    };
    if text.trim_ascii().is_empty() {
        return Some("the body is empty");
    }
    match check(text) {
        Ok(()) => None,
        Err(error) if error.is_eof() => Some("the body is cut off"),
        // serde_json's error categories do not single this one out.
        Err(error) if error.to_string().starts_with("trailing characters") => {
            Some("the body continues after its JSON")
        }
        Err(_) => Some("the body is not JSON"),
    }
}

/// True if brackets outside of strings are nested deeper than 128 levels, whether or not the text
/// is valid JSON.
pub(crate) fn is_nested_too_deep(text: &[u8]) -> bool {
    // Counting opening brackets is far cheaper than following strings, and nearly always enough.
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

/// Returns the text of a valid JSON string. Replaces an unpaired surrogate with `unpaired`; without
/// one, returns `None`.
///
/// serde_json would leave a copy of a text with escapes in memory, and it may be a secret.
fn unescaped(string: &str, unpaired: Option<char>) -> Option<Cow<'_, str>> {
    let mut rest = string.strip_prefix('"')?.strip_suffix('"')?;
    if memchr(b'\\', rest.as_bytes()).is_none() {
        return Some(rest.into());
    }
    // Never grows: no escape is shorter than its character.
    let mut text = Zeroizing::new(String::with_capacity(rest.len()));
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let (c, length) = unescaped_char(escape.as_bytes());
        text.push(c.or(unpaired)?);
        rest = escape.get(length..)?;
    }
    text.push_str(rest);
    Some(std::mem::take(&mut *text).into())
}

/// Returns the character and the length of an escape, after its backslash; no character for an
/// unpaired surrogate.
fn unescaped_char(escape: &[u8]) -> (Option<char>, usize) {
    let unit = |digits: &[u8]| {
        let digits = str::from_utf8(digits).ok()?;
        u32::from_str_radix(digits, 16).ok()
    };
    match escape {
        [b'u', digits @ ..] if digits.len() >= 4 => match (unit(&digits[..4]), &digits[4..]) {
            (Some(high @ 0xD800..=0xDBFF), [b'\\', b'u', low @ ..]) if low.len() >= 4 => {
                match unit(&low[..4]) {
                    Some(low @ 0xDC00..=0xDFFF) => {
                        let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                        (char::from_u32(code), 11)
                    }
                    _ => (None, 5),
                }
            }
            (code, _) => (code.and_then(char::from_u32), 5),
        },
        [b'b', ..] => (Some('\u{8}'), 1),
        [b'f', ..] => (Some('\u{c}'), 1),
        [b'n', ..] => (Some('\n'), 1),
        [b'r', ..] => (Some('\r'), 1),
        [b't', ..] => (Some('\t'), 1),
        // A quote, a slash or a backslash.
        [byte, ..] => (Some(char::from(*byte)), 1),
        [] => (None, 0),
    }
}

/// Returns a text as a JSON string.
pub(crate) fn quoted(text: &str) -> Zeroizing<String> {
    // Large enough for any text: it must not grow, which would leave a copy of a secret behind.
    let mut json = Zeroizing::new(Vec::with_capacity(6 * text.len() + 2));
    // Writing a string to memory cannot fail.
    let _ = serde_json::to_writer(&mut *json, text);
    Zeroizing::new(String::from_utf8(std::mem::take(&mut *json)).unwrap_or_default())
}

/// Returns the length of the JSON string at the start of a text, including its quotes.
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

/// Returns the length of the element at the start of the rest of an array: up to the comma after
/// it, or up to the bracket that ends the array.
pub(crate) fn element_length(rest: &[u8]) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = rest.get(at) {
        match byte {
            b',' | b']' if depth == 0 => break,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += if *byte == b'"' { string_length(&rest[at..]) } else { 1 };
    }
    at
}

/// Returns valid JSON without the whitespace outside of its strings.
pub(crate) fn without_whitespace(json: &str) -> String {
    let (bytes, mut at) = (json.as_bytes(), 0);
    let mut kept = String::with_capacity(json.len());
    while let Some(byte) = bytes.get(at) {
        let length = if *byte == b'"' { string_length(&bytes[at..]) } else { 1 };
        if !byte.is_ascii_whitespace() {
            kept.push_str(&json[at..at + length]);
        }
        at += length;
    }
    kept
}

impl<'a> From<&'a RawValue> for Json<'a> {
    fn from(value: &'a RawValue) -> Self {
        Json(value.get())
    }
}

impl<'a> Json<'a> {
    pub(crate) const NULL: Json<'static> = Json("null");

    /// Wraps a text that is known to be valid JSON.
    pub(crate) fn new(text: &'a str) -> Self {
        Json(text.trim_ascii())
    }

    /// Returns the value as JSON text, unchanged.
    pub fn raw(self) -> &'a str {
        self.0
    }

    /// Returns the value's type.
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

    /// Returns a string's text, the empty text for `null`, and the JSON text of anything else: a
    /// number keeps every digit.
    pub fn text(self) -> Cow<'a, str> {
        match self.json_type() {
            JsonType::Null => "".into(),
            // A string with an unpaired surrogate has no text: return its JSON.
            JsonType::String => self.as_text().unwrap_or(self.0.into()),
            _ => self.0.into(),
        }
    }

    /// Returns a string's text, or `None` for any other type and for a string with an unpaired
    /// surrogate.
    pub(crate) fn as_text(self) -> Option<Cow<'a, str>> {
        unescaped(self.0, None)
    }

    /// As [`text`](Self::text), except that an unpaired surrogate becomes U+FFFD.
    pub(crate) fn lossy_text(self) -> Cow<'a, str> {
        match self.json_type() {
            JsonType::String => unescaped(self.0, Some(char::REPLACEMENT_CHARACTER)),
            _ => None,
        }
        .unwrap_or(self.0.into())
    }

    /// Returns the value as a 64-bit integer.
    ///
    /// # Errors
    ///
    /// [`PointerError::WrongType`] if it is not a number, [`PointerError::OutOfRange`] if it has a
    /// fraction, an exponent or too many digits.
    pub fn as_i64(self) -> Result<i64, PointerError> {
        match self.json_type() {
            JsonType::Number => self.0.parse().map_err(|_| PointerError::OutOfRange),
            _ => Err(PointerError::WrongType),
        }
    }

    /// Returns the value as a boolean.
    ///
    /// # Errors
    ///
    /// [`PointerError::WrongType`] if it is neither `true` nor `false`.
    pub fn as_bool(self) -> Result<bool, PointerError> {
        self.0.parse().map_err(|_| PointerError::WrongType)
    }

    /// Returns the number of elements of an array or members of an object.
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

    /// Returns the member with this name, or the element with this index. Returns `None` if an
    /// object has several members with this name. Reads an array from its start: use
    /// [`elements`](Self::elements) to iterate.
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

    /// Returns the elements of an array; none if it is not an array.
    pub fn elements(self) -> Vec<Json<'a>> {
        let elements: Vec<&RawValue> = serde_json::from_str(self.0).unwrap_or_default();
        elements.into_iter().map(Json::from).collect()
    }

    /// Returns all members of an object, with their names as JSON strings; none if it is not an
    /// object.
    pub(crate) fn all_members(self) -> Vec<(Json<'a>, Json<'a>)> {
        serde_json::Deserializer::from_str(self.0).deserialize_map(AllMembers).unwrap_or_default()
    }

    /// Returns the members with these names; `None` for a name that the object lacks or contains
    /// several times.
    pub(crate) fn members<const N: usize>(self, names: [&str; N]) -> [Option<Json<'a>>; N] {
        self.find(names).map(Option::flatten)
    }

    /// Returns the members with these names, or `None` if the object contains one of them several
    /// times.
    pub(crate) fn unique_members<const N: usize>(
        self,
        names: [&str; N],
    ) -> Option<[Option<Json<'a>>; N]> {
        let found = self.find(names);
        if found.contains(&Some(None)) { None } else { Some(found.map(Option::flatten)) }
    }

    /// Returns an entry for each name, see [`Children::found`].
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

    fn visit(self, children: Children<'_, 'a>) -> Option<usize> {
        serde_json::Deserializer::from_str(self.0).deserialize_any(children).ok()
    }
}

/// Returns the text of a member; empty if it is absent.
pub(crate) fn text(member: Option<Json<'_>>) -> Cow<'_, str> {
    member.map_or("".into(), Json::text)
}

/// Returns the value of a member that is an integer.
pub(crate) fn integer(member: Option<Json<'_>>) -> Option<i64> {
    member?.as_i64().ok()
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({:?}, {} bytes)", self.json_type(), self.0.len())
    }
}

/// Counts the children of an array or object, and finds those with the given names or index.
struct Children<'t, 'a> {
    names: &'t [&'t str],
    index: Option<usize>,
    /// One entry for each name: `None` if there is no such child, `Some(None)` if there are
    /// several.
    found: &'t mut [Option<Option<Json<'a>>>],
}

impl<'a> Visitor<'a> for Children<'_, 'a> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array or object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<usize, A::Error> {
        let mut count = 0;
        while let Some(position) = map.next_key_seed(PositionIn(self.names))? {
            match position {
                Some(position) => {
                    let value: &RawValue = map.next_value()?;
                    let found = &mut self.found[position];
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

/// Collects the members of an object.
struct AllMembers;

impl<'a> Visitor<'a> for AllMembers {
    type Value = Vec<(Json<'a>, Json<'a>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
            members.push((name.into(), value.into()));
        }
        Ok(members)
    }
}

/// Parses an array index (RFC 6901 section 4): digits without a leading zero.
pub(crate) fn array_index(token: &str) -> Option<usize> {
    let is_plain = token == "0" || token.starts_with(|first: char| matches!(first, '1'..='9'));
    if is_plain { token.parse().ok() } else { None }
}

/// Finds the position of a member's name among others, without copying the name.
struct PositionIn<'t>(&'t [&'t str]);

impl<'de> DeserializeSeed<'de> for PositionIn<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for PositionIn<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.0.iter().position(|wanted| *wanted == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_utf8_and_nested_at_most_128_levels_deep() {
        let nested = |depth: usize| ("[".repeat(depth) + &"]".repeat(depth)).into_bytes();
        assert!(into_text(nested(128)).is_ok());
        assert!(into_text(nested(129)).is_err());
        assert!(into_text(nested(100_000)).is_err());
        let brackets_in_strings = format!(r#"["{}\"{}"]"#, "[".repeat(500), "{".repeat(500));
        assert!(into_text(brackets_in_strings.into_bytes()).is_ok());
        assert!(into_text(b"\xff".to_vec()).is_err());
    }

    #[test]
    fn text_is_utf8_or_latin_1() {
        for text in [
            &b""[..],
            b"<html>\r\n\t\x0b\x0c\x1b[1m",
            "Schl\u{fc}ssel \u{85}".as_bytes(),
            b"Schl\xfcssel",
            b"\xef\xbb\xbf{}",
            b"\x00\x00",
            b"{}\x00",
        ] {
            assert!(is_text(text), "{text:?}");
        }
        for binary in [
            &b"\x1f\x8b\x08\x00abc"[..],
            b"\x1f",
            b"x\x9c\xcbH\xcd\xc9\xc9\x07\x00",
            b"{\x00\"\x00}\x00",
            b"\x00{\x00}",
            b"\xff\xfe",
            b"\xfe\xffab",
            b"\x80\x81",
            b"a\x00b",
        ] {
            assert!(!is_text(binary), "{binary:?}");
        }
    }

    #[test]
    fn problems_with_a_body_are_described() {
        let deep = "[".repeat(129) + &"]".repeat(129);
        for (body, expected) in [
            ("{}", None),
            (" [1] \n", None),
            ("", Some("the body is empty")),
            (" \r\n", Some("the body is empty")),
            ("{\"a\":[1,", Some("the body is cut off")),
            ("{\"a\":\"", Some("the body is cut off")),
            ("{}x", Some("the body continues after its JSON")),
            ("{} {}", Some("the body continues after its JSON")),
            ("{}\0", Some("the body continues after its JSON")),
            ("\u{feff}{}", None),
            ("\u{feff}", Some("the body is empty")),
            ("\u{feff}\u{feff}{}", Some("the body is not JSON")),
            ("<html>", Some("the body is not JSON")),
            ("{\"a\":NaN}", Some("the body is not JSON")),
            (&deep, Some("the body is nested deeper than 128 levels")),
        ] {
            assert_eq!(problem(&into_text(body.into())), expected, "{body}");
        }
        assert_eq!(problem(&into_text(b"\"\xff\"".to_vec())), Some("the body is not UTF-8"));
    }

    #[test]
    fn anything_but_one_json_value_is_refused() {
        for text in ["", "{", "{}x", "\u{feff}{}", "NaN", "[1,]", "{\"a\":NaN}", "<html>"] {
            assert!(!is_json(text), "{text}");
        }
    }

    #[test]
    fn only_open_brackets_outside_of_strings_count_as_nesting() {
        let (open, close) = ("[{".repeat(64), "}]".repeat(64));
        for (text, is_too_deep) in [
            (open.clone(), false),
            (open.clone() + "{", true),
            (open.clone() + "\"[{", false),
            (open.clone() + "\"[\\\"{\"[", true),
            (open.clone() + &close + &open, false),
            (open.clone() + &close + &open + "[", true),
            // Not JSON, but the same rules.
            (close.clone() + &open, false),
            (close + &open + "[", true),
            ("[]{}".repeat(100), false),
        ] {
            assert_eq!(is_nested_too_deep(text.as_bytes()), is_too_deep, "{text}");
        }
    }

    #[test]
    fn a_value_is_read_as_what_it_is() {
        use JsonType::*;
        use PointerError::{OutOfRange, WrongType};
        for (json, json_type, text, integer, bool, count) in [
            ("null", Null, "", Err(WrongType), Err(WrongType), Err(WrongType)),
            ("true", Bool, "true", Err(WrongType), Ok(true), Err(WrongType)),
            ("false", Bool, "false", Err(WrongType), Ok(false), Err(WrongType)),
            ("0", Number, "0", Ok(0), Err(WrongType), Err(WrongType)),
            ("-7", Number, "-7", Ok(-7), Err(WrongType), Err(WrongType)),
            ("1.50", Number, "1.50", Err(OutOfRange), Err(WrongType), Err(WrongType)),
            ("1e3", Number, "1e3", Err(OutOfRange), Err(WrongType), Err(WrongType)),
            (
                "9223372036854775808",
                Number,
                "9223372036854775808",
                Err(OutOfRange),
                Err(WrongType),
                Err(WrongType),
            ),
            (r#""true""#, String, "true", Err(WrongType), Err(WrongType), Err(WrongType)),
            ("[]", Array, "[]", Err(WrongType), Err(WrongType), Ok(0)),
            ("[1,[2,3]]", Array, "[1,[2,3]]", Err(WrongType), Err(WrongType), Ok(2)),
            ("{}", Object, "{}", Err(WrongType), Err(WrongType), Ok(0)),
            (
                r#"{"a":1,"a":2,"b":{"c":3}}"#,
                Object,
                r#"{"a":1,"a":2,"b":{"c":3}}"#,
                Err(WrongType),
                Err(WrongType),
                Ok(3),
            ),
        ] {
            let padded = format!(" {json}\n");
            let value = Json::new(&padded);
            assert_eq!(value.raw(), json);
            assert_eq!(value.json_type(), json_type, "{json}");
            assert_eq!(value.text(), text, "{json}");
            assert_eq!(super::text(Some(value)), text, "{json}");
            assert_eq!(value.as_i64(), integer, "{json}");
            assert_eq!(super::integer(Some(value)), integer.ok(), "{json}");
            assert_eq!(value.as_bool(), bool, "{json}");
            assert_eq!(value.count(), count, "{json}");
            let shown = format!("Json({json_type:?}, {} bytes)", json.len());
            assert_eq!(format!("{value:?}"), shown);
        }
        assert_eq!((super::text(None), super::integer(None)), ("".into(), None));
    }

    #[test]
    fn a_string_is_read_with_its_escapes() {
        for (json, text, lossy) in [
            (r#""""#, Some(""), ""),
            (r#""a é""#, Some("a é"), "a é"),
            (r#""\"\\\/|\b\f\n\r\t""#, Some("\"\\/|\u{8}\u{c}\n\r\t"), "\"\\/|\u{8}\u{c}\n\r\t"),
            (r#""a\u0000b\u00e9c""#, Some("a\0béc"), "a\0béc"),
            (r#""\ud7ff\ue000""#, Some("\u{d7ff}\u{e000}"), "\u{d7ff}\u{e000}"),
            // Surrogate pairs, and halves of one.
            (r#""a\ud83d\ude00b""#, Some("a\u{1f600}b"), "a\u{1f600}b"),
            (r#""\ud800\udc00""#, Some("\u{10000}"), "\u{10000}"),
            (r#""\uDBFF\uDFFF""#, Some("\u{10ffff}"), "\u{10ffff}"),
            (r#""a\ud83d""#, None, "a\u{fffd}"),
            (r#""\ude00b""#, None, "\u{fffd}b"),
            (r#""\ud83dude00""#, None, "\u{fffd}ude00"),
            (r#""\ud83d\n""#, None, "\u{fffd}\n"),
            (r#""\ud83d\u0041""#, None, "\u{fffd}A"),
            (r#""\ud83d\ud83d\ude00""#, None, "\u{fffd}\u{1f600}"),
            ("null", None, "null"),
            ("7", None, "7"),
            ("[\"a\"]", None, "[\"a\"]"),
        ] {
            let value = Json::new(json);
            assert_eq!(value.as_text().as_deref(), text, "{json}");
            assert_eq!(value.lossy_text(), lossy, "{json}");
            if json != "null" {
                assert_eq!(value.text(), text.unwrap_or(json), "{json}");
            }
        }
        // Texts that are not JSON are refused, or read as far as they can be.
        for (string, text) in [
            (r#""\u12""#, Some("u12")),
            (r#""\u00zz""#, None),
            (r#""\ud83d\u12""#, None),
            (r#""a\""#, None),
            ("a\"", None),
            ("\"a", None),
        ] {
            assert_eq!(unescaped(string, None).as_deref(), text, "{string}");
        }
    }

    #[test]
    fn a_text_is_quoted_without_growing() {
        for (text, json) in [
            ("", r#""""#),
            ("a é", r#""a é""#),
            ("\"\\\n", r#""\"\\\n""#),
            ("\u{1}\u{1f}", r#""\u0001\u001f""#),
        ] {
            let quoted = quoted(text);
            assert_eq!(*quoted, json);
            // The longest JSON of a text of this length.
            assert_eq!(quoted.capacity(), r"\u0000".len() * text.len() + "\"\"".len());
            assert_eq!(Json::new(&quoted).text(), text);
        }
    }

    #[test]
    fn strings_and_elements_end_where_they_end() {
        for (text, length) in [
            (r#""""#, 2),
            (r#""a",1"#, 3),
            (r#""\"",1"#, 4),
            (r#""\\",1"#, 4),
            (r#""\\\"a"]"#, 7),
            (r#""a"#, 2),
            (r#""a\"#, 3),
        ] {
            assert_eq!(string_length(text.as_bytes()), length, "{text}");
            assert_eq!(element_length(text.as_bytes()), length, "{text}");
        }
        for (rest, element) in [
            ("1,2]", "1"),
            (" 1 ]", " 1 "),
            ("[1,2],3]", "[1,2]"),
            (r#"{"a":[1,{"b":2}],"c":3}]"#, r#"{"a":[1,{"b":2}],"c":3}"#),
            (r#"["],",1],2]"#, r#"["],",1]"#),
            (r#""a,]\",",2]"#, r#""a,]\",""#),
            ("]", ""),
            ("", ""),
            ("}1,2", "}1"),
            ("[1", "[1"),
        ] {
            assert_eq!(element_length(rest.as_bytes()), element.len(), "{rest}");
        }
    }

    #[test]
    fn whitespace_is_removed_outside_of_strings() {
        let spaced = " { \"a b\" :\t[ 1 ,\r\n \" \\\" \" , { } ] } ";
        assert_eq!(without_whitespace(spaced), r#"{"a b":[1," \" ",{}]}"#);
        assert_eq!(without_whitespace(r#""é \\" "#), r#""é \\""#);
    }

    #[test]
    fn members_are_found_by_name_and_elements_by_index() {
        let object = Json::new(r#"{"a":1,"b\u0063":[2],"twice":3,"d":null,"twice":4}"#);
        for (name, value) in [
            ("a", Some("1")),
            ("bc", Some("[2]")),
            ("d", Some("null")),
            ("twice", None),
            ("A", None),
            ("0", None),
            ("", None),
        ] {
            assert_eq!(object.get(name).map(Json::raw), value, "{name}");
        }
        let raw = |members: [Option<Json<'static>>; 3]| members.map(|value| value.map(Json::raw));
        assert_eq!(raw(object.members(["d", "twice", "a"])), [Some("null"), None, Some("1")]);
        assert_eq!(object.unique_members(["d", "twice"]), None);
        assert_eq!(
            object.unique_members(["d", "none", "a"]).map(raw),
            Some([Some("null"), None, Some("1")])
        );
        let all: Vec<_> = object.all_members().iter().map(|(name, _)| name.raw()).collect();
        assert_eq!(all, [r#""a""#, r#""b\u0063""#, r#""twice""#, r#""d""#, r#""twice""#]);
        assert_eq!(object.all_members()[4].1.raw(), "4");
        // A name that is not valid Unicode: which members there are is not known.
        let odd = Json::new(r#"{"a":1,"\ud800":2}"#);
        assert_eq!((odd.get("a"), odd.count()), (None, Err(PointerError::WrongType)));

        let array = Json::new(r#"["x",{"y":1},null]"#);
        let elements: Vec<_> = array.elements().into_iter().map(Json::raw).collect();
        assert_eq!(elements, [r#""x""#, r#"{"y":1}"#, "null"]);
        for (index, element) in elements.iter().enumerate() {
            assert_eq!(array.get(&index.to_string()).map(Json::raw), Some(*element));
        }
        for token in ["3", "00", "01", "-1", "+1", "x", "", "18446744073709551616"] {
            assert_eq!(array.get(token), None, "{token}");
        }
        assert_eq!(array_index("10"), Some(10));
        for (value, name) in [("\"a\"", "a"), ("7", "0"), ("null", "")] {
            let value = Json::new(value);
            assert_eq!((value.get(name), value.elements().len()), (None, 0));
            assert_eq!(value.all_members().len(), 0);
            assert_eq!(value.members([name]), [None]);
        }
    }

    #[test]
    fn an_error_of_a_pointer_says_what_is_wrong() {
        for (error, text) in [
            (PointerError::Syntax, "not a JSON pointer"),
            (PointerError::NotFound, "no value at this pointer"),
            (PointerError::WrongType, "the value at this pointer has another type"),
            (PointerError::OutOfRange, "the number at this pointer is not a 64-bit integer"),
        ] {
            assert_eq!(error.to_string(), text);
        }
    }
}
