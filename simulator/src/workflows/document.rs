//! A JSON document whose values know their line and their field, for messages.

use std::fmt::{self, Display, Formatter};

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Why workflows cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidWorkflows {
    /// The line of the mistake, counted from 1.
    pub line: usize,
    /// The field, such as `workflows[0].steps[2].durationMs`. Empty if the JSON itself is invalid.
    pub field: String,
    /// The problem, and how to fix it.
    pub message: String,
}

impl Display for InvalidWorkflows {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for InvalidWorkflows {}

/// One value of a document.
#[derive(Clone)]
pub(super) struct Node<'a> {
    document: &'a str,
    /// The part of the document with the value.
    json: &'a str,
    field: String,
}

/// The members of an object.
pub(super) struct Object<'a> {
    node: Node<'a>,
    members: Vec<(String, &'a str)>,
}

impl<'a> Node<'a> {
    /// The value of a whole document.
    pub(super) fn root(document: &'a str) -> Result<Self, InvalidWorkflows> {
        match serde_json::from_str::<&RawValue>(document) {
            Ok(value) => Ok(Self { document, json: value.get(), field: String::new() }),
            Err(error) => {
                let problem = error.to_string();
                // The position is appended to the message.
                let problem = problem.split(" at line ").next().unwrap_or_default();
                Err(InvalidWorkflows {
                    line: error.line(),
                    field: String::new(),
                    message: format!("invalid JSON in column {}: {problem}", error.column()),
                })
            }
        }
    }

    pub(super) fn error(&self, message: impl Into<String>) -> InvalidWorkflows {
        let start = self.json.as_ptr() as usize - self.document.as_ptr() as usize;
        let line = 1 + self.document[..start].matches('\n').count();
        InvalidWorkflows { line, field: self.field.clone(), message: message.into() }
    }

    /// An object that has none but these members.
    pub(super) fn object(self, known: &[&str]) -> Result<Object<'a>, InvalidWorkflows> {
        let Ok(Members(members)) = serde_json::from_str(self.json) else {
            return Err(self.error("must be an object: {…}"));
        };
        let object = Object { node: self, members };
        for (position, (name, json)) in object.members.iter().enumerate() {
            let member = object.member(name, json);
            if !known.contains(&&**name) {
                let known = known.join(", ");
                return Err(member.error(format!("unknown field; use one of: {known}")));
            }
            if object.members[..position].iter().any(|(earlier, _)| earlier == name) {
                return Err(member.error("is there twice; remove one of them"));
            }
        }
        Ok(object)
    }

    pub(super) fn array(&self) -> Result<Vec<Self>, InvalidWorkflows> {
        let elements: Vec<&RawValue> =
            serde_json::from_str(self.json).map_err(|_| self.error("must be an array: […]"))?;
        let element = |(index, value): (usize, &'a RawValue)| Self {
            document: self.document,
            json: value.get(),
            field: format!("{}[{index}]", self.field),
        };
        Ok(elements.into_iter().enumerate().map(element).collect())
    }

    /// A string that is not empty.
    pub(super) fn text(&self) -> Result<String, InvalidWorkflows> {
        match serde_json::from_str::<String>(self.json) {
            Ok(text) if !text.is_empty() => Ok(text),
            _ => Err(self.error("must be a string that is not empty: \"…\"")),
        }
    }

    pub(super) fn boolean(&self) -> Result<bool, InvalidWorkflows> {
        serde_json::from_str(self.json).map_err(|_| self.error("must be true or false"))
    }

    pub(super) fn integer(&self, min: i64, max: i64) -> Result<i64, InvalidWorkflows> {
        match serde_json::from_str(self.json) {
            Ok(number) if (min..=max).contains(&number) => Ok(number),
            _ => Err(self.error(format!("must be a whole number from {min} to {max}"))),
        }
    }
}

impl<'a> Object<'a> {
    pub(super) fn get(&self, name: &str) -> Option<Node<'a>> {
        let (name, json) = self.members.iter().find(|(given, _)| given == name)?;
        Some(self.member(name, json))
    }

    pub(super) fn require(&self, name: &str) -> Result<Node<'a>, InvalidWorkflows> {
        self.get(name).ok_or_else(|| self.node.error(format!("{name} is missing; add it")))
    }

    fn member(&self, name: &str, json: &'a str) -> Node<'a> {
        let field = match &*self.node.field {
            "" => name.to_owned(),
            parent => format!("{parent}.{name}"),
        };
        Node { document: self.node.document, json, field }
    }
}

/// The members of an object in their order, also those that are there twice.
struct Members<'a>(Vec<(String, &'a str)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Vec<(String, &'de str)>;

            fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                    members.push((name, value.get()));
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Collect).map(Self)
    }
}
