//! The members of a request's objects, written as JSON as they are set.

use std::fmt;

use serde::Serialize;

/// Less than this is not worth looking for what was set again.
const MIN_REWRITE_BYTES: usize = 4096;
const USUAL_BYTES: usize = 256;

/// An object of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Object {
    Request,
    Variables,
    InitiationInfo,
}

/// Members in the order in which they were set. One text holds them all, so that none has to be
/// allocated, or written again when the request is sent.
#[derive(Clone)]
pub(crate) struct Members {
    /// Of each member its object, its name, its value, and the lengths of these two.
    text: Vec<u8>,
    /// The length at which members that were set again are dropped.
    rewrite_at: usize,
}

/// A member; the name and the value are JSON.
#[derive(Clone, Copy)]
pub(crate) struct Member<'a> {
    object: u8,
    pub(crate) name: &'a [u8],
    pub(crate) value: &'a [u8],
}

/// A member may be a password.
impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Members({} bytes)", self.text.len())
    }
}

impl Members {
    pub(crate) fn new() -> Self {
        Members { text: Vec::with_capacity(USUAL_BYTES), rewrite_at: MIN_REWRITE_BYTES }
    }

    /// How many bytes they take, and no fewer than they take in the request.
    pub(crate) fn length(&self) -> usize {
        self.text.len()
    }

    /// Sets a member of an object.
    ///
    /// # Errors
    ///
    /// That the value cannot be written as JSON.
    pub(crate) fn set<T: Serialize + ?Sized>(
        &mut self,
        object: Object,
        name: &str,
        value: &T,
    ) -> Result<(), serde_json::Error> {
        if self.text.len() >= self.rewrite_at {
            self.rewrite(|_| true);
            self.rewrite_at = MIN_REWRITE_BYTES.max(self.text.len() * 2);
        }
        let length = self.text.len();
        let written = self.write(object, name, value);
        if written.is_err() {
            self.text.truncate(length);
        }
        written
    }

    fn write<T: Serialize + ?Sized>(
        &mut self,
        object: Object,
        name: &str,
        value: &T,
    ) -> Result<(), serde_json::Error> {
        self.text.push(object as u8);
        let start = self.text.len();
        serde_json::to_writer(&mut self.text, name)?;
        let end_of_name = self.text.len();
        serde_json::to_writer(&mut self.text, value)?;
        self.end_member(end_of_name - start, self.text.len() - end_of_name);
        Ok(())
    }

    fn end_member(&mut self, name: usize, value: usize) {
        for length in [name, value] {
            self.text.extend_from_slice(&length.to_ne_bytes());
        }
    }

    /// Removes all members of an object.
    pub(crate) fn clear(&mut self, object: Object) {
        self.rewrite(|member| !member.is_of(object));
    }

    fn rewrite(&mut self, keep: impl Fn(&Member<'_>) -> bool) {
        let old = std::mem::replace(self, Members::new());
        self.rewrite_at = old.rewrite_at;
        for member in old.sorted().iter().filter(|member| keep(member)) {
            self.text.push(member.object);
            self.text.extend_from_slice(member.name);
            self.text.extend_from_slice(member.value);
            self.end_member(member.name.len(), member.value.len());
        }
    }

    /// The members by object and name, each as it was set last.
    pub(crate) fn sorted(&self) -> Vec<Member<'_>> {
        let mut members: Vec<Member<'_>> = self.backwards().collect();
        // It keeps the order of those with one name, so the first of them was set last.
        members.sort_by(|a, b| a.key().cmp(&b.key()));
        members.dedup_by(|a, b| a.key() == b.key());
        members
    }

    fn backwards(&self) -> impl Iterator<Item = Member<'_>> {
        let mut rest = self.text.as_slice();
        std::iter::from_fn(move || {
            let (text, value) = split_length(rest)?;
            let (text, name) = split_length(text)?;
            let (text, value) = text.split_at_checked(text.len().checked_sub(value)?)?;
            let (text, name) = text.split_at_checked(text.len().checked_sub(name)?)?;
            let (&object, before) = text.split_last()?;
            rest = before;
            Some(Member { object, name, value })
        })
    }
}

impl<'a> Member<'a> {
    pub(crate) fn is_of(&self, object: Object) -> bool {
        self.object == object as u8
    }

    fn key(&self) -> (u8, &'a [u8]) {
        (self.object, self.name)
    }
}

fn split_length(text: &[u8]) -> Option<(&[u8], usize)> {
    let (text, length) = text.split_last_chunk()?;
    Some((text, usize::from_ne_bytes(*length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(members: &Members, object: Object) -> String {
        let sorted = members.sorted();
        let of_object = sorted.iter().filter(|member| member.is_of(object));
        let written = of_object.map(|member| [member.name, b":", member.value].concat());
        String::from_utf8(written.collect::<Vec<_>>().join(&b',')).unwrap()
    }

    #[test]
    fn a_member_that_is_set_again_is_replaced() {
        let mut members = Members::new();
        for (object, name, value) in [
            (Object::Variables, "b", "1"),
            (Object::InitiationInfo, "b", "\0\n\""),
            (Object::Variables, "a\0\"", ""),
            (Object::Variables, "b", "2"),
            (Object::Variables, "ab", "3"),
            (Object::Variables, "a\0\"", "4"),
        ] {
            members.set(object, name, value).unwrap();
        }
        assert_eq!(written(&members, Object::Variables), r#""a\u0000\"":"4","ab":"3","b":"2""#);
        assert_eq!(written(&members, Object::InitiationInfo), r#""b":"\u0000\n\"""#);
        members.clear(Object::Variables);
        assert_eq!(written(&members, Object::Variables), "");
        assert_eq!(written(&members, Object::InitiationInfo), r#""b":"\u0000\n\"""#);
    }

    #[test]
    fn what_cannot_be_written_changes_nothing() {
        let mut members = Members::new();
        members.set(Object::Variables, "a", "1").unwrap();
        let no_name = std::collections::BTreeMap::from([((1, 2), 3)]);
        assert!(members.set(Object::Variables, "a", &no_name).is_err());
        assert_eq!(written(&members, Object::Variables), r#""a":"1""#);
    }

    #[test]
    fn a_request_that_is_used_again_and_again_does_not_grow() {
        let mut members = Members::new();
        for number in 0..100_000 {
            members.set(Object::Variables, "userName", &number).unwrap();
            members.set(Object::Variables, "password", "x").unwrap();
        }
        assert!(members.length() <= 2 * MIN_REWRITE_BYTES, "{}", members.length());
        assert_eq!(written(&members, Object::Variables), r#""password":"x","userName":99999"#);
    }
}
