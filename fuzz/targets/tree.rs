//! A simple reference for how the library reads JSON: a tree that keeps duplicate names.
#![allow(dead_code, reason = "not every target needs all of it")]

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

#[derive(Debug, PartialEq)]
pub enum Tree {
    Null,
    Bool(bool),
    Integer(i64),
    /// A number that is not a 64-bit integer.
    Number,
    Text(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

/// The result of parsing a text.
pub enum Parsed {
    Tree(Tree),
    /// JSON that this reference cannot represent: an unpaired surrogate, a number out of range, or
    /// nested too deep.
    Odd,
    NotJson,
}

pub fn parse(text: &[u8]) -> Parsed {
    match (serde_json::from_slice(text), serde_json::from_slice::<IgnoredAny>(text)) {
        (Ok(tree), _) if std::str::from_utf8(text).is_ok() => Parsed::Tree(tree),
        (_, Ok(_)) if std::str::from_utf8(text).is_ok() => Parsed::Odd,
        _ => Parsed::NotJson,
    }
}

/// Replaces escaped surrogates with U+FFFD, so that this reference can represent the JSON.
pub fn without_surrogates(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while at + 6 <= bytes.len() {
        match bytes[at..at + 6] {
            [b'\\', b'u', b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', x, y]
                if x.is_ascii_hexdigit() && y.is_ascii_hexdigit() =>
            {
                bytes[at..at + 6].copy_from_slice(b"\\ufffd");
            }
            [b'\\', ..] => at += 1,
            _ => {}
        }
        at += 1;
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// True if brackets outside of strings are nested deeper than 128 levels.
pub fn is_nested_too_deep(text: &[u8]) -> bool {
    let (mut depth, mut is_string, mut is_escaped) = (0_u32, false, false);
    for byte in text {
        match (is_string, byte) {
            (true, _) if is_escaped => is_escaped = false,
            (true, b'\\') => is_escaped = true,
            (_, b'"') => is_string = !is_string,
            (false, b'[' | b'{') => depth += 1,
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > 128 {
            return true;
        }
    }
    false
}

impl Tree {
    /// True if this envelope reports an error, by its status code or its errors; `None` if the
    /// reference cannot decide: the only error is a text without words, whose blanks may be
    /// escaped.
    pub fn is_error(&self) -> Option<bool> {
        Some(match (self.get("statusCode"), self.get("errors")) {
            (Some(Tree::Integer(code)), _) if *code != 0 && !(200..300).contains(code) => true,
            (_, Some(Tree::Array(errors))) => !errors.is_empty(),
            (_, Some(Tree::Object(errors))) => !errors.is_empty(),
            (_, Some(Tree::Text(error))) if error.trim().is_empty() => return None,
            (_, Some(Tree::Text(_))) => true,
            _ => false,
        })
    }

    /// Returns the member with this name, unless there are several, or the element with this index.
    pub fn get(&self, token: &str) -> Option<&Tree> {
        match self {
            Tree::Object(members) => {
                let mut named = members.iter().filter(|(name, _)| name == token);
                let found = named.next();
                if named.next().is_some() { None } else { found.map(|(_, value)| value) }
            }
            Tree::Array(elements) => {
                let index: usize = token.parse().ok()?;
                (index.to_string() == token).then(|| elements.get(index))?
            }
            _ => None,
        }
    }

    pub fn has_twice(&self, name: &str) -> bool {
        let Tree::Object(members) = self else { return false };
        members.iter().filter(|(found, _)| found == name).count() > 1
    }

    pub fn text(&self) -> Option<&str> {
        if let Tree::Text(text) = self { Some(text) } else { None }
    }

    /// True if any string or name meets a condition.
    pub fn any_text(&self, condition: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Tree::Text(text) => condition(text),
            Tree::Array(elements) => elements.iter().any(|element| element.any_text(condition)),
            Tree::Object(members) => {
                members.iter().any(|(name, value)| condition(name) || value.any_text(condition))
            }
            _ => false,
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(i64::try_from(value).map_or(Tree::Number, Tree::Integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
        Ok(Tree::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = seq.next_element()? {
            elements.push(element);
        }
        Ok(Tree::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}
