//! Finds elements of arrays in JSON text without reading the array from its start each time, so
//! that a loop over JSON pointers takes linear time.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use crate::json;

/// The distance of two marks in an array, in bytes: an element is found by skipping at most this
/// much, and the marks take 3 % of the memory of the text.
const MARK_DISTANCE: usize = 512;
/// Shorter arrays are faster to read than to look up.
pub(crate) const MIN_ARRAY_BYTES: usize = MARK_DISTANCE;
/// Nested loops need one array for each level.
const MAX_ARRAYS: usize = 8;

/// The positions of the elements of an array.
pub(crate) struct Elements {
    count: usize,
    /// Indices of some elements, and their offsets in the text of the array.
    marks: Vec<(usize, usize)>,
}

impl Elements {
    /// Reads an array, which must be valid JSON.
    pub(crate) fn new(array: &str) -> Self {
        let bytes = array.as_bytes();
        let mut elements = Elements { count: 0, marks: vec![(0, 1)] };
        let mut at = 1;
        while at < bytes.len() {
            let length = json::element_length(&bytes[at..]);
            if elements.count == 0 && bytes[at..at + length].trim_ascii().is_empty() {
                break;
            }
            if at - elements.marks.last().map_or(0, |(_, offset)| *offset) >= MARK_DISTANCE {
                elements.marks.push((elements.count, at));
            }
            elements.count += 1;
            // The comma, or the bracket.
            at += length + 1;
        }
        elements
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Returns the range of an element in the text of the same array.
    pub(crate) fn range(&self, array: &str, index: usize) -> Option<Range<usize>> {
        if index >= self.count {
            return None;
        }
        let after = self.marks.partition_point(|(marked, _)| *marked <= index);
        let (marked, mut at) = *self.marks.get(after.checked_sub(1)?)?;
        let length = |at| Some(json::element_length(array.as_bytes().get(at..)?));
        for _ in marked..index {
            at += length(at)? + 1;
        }
        Some(at..at + length(at)?)
    }
}

/// An array in a response.
pub(crate) struct KnownArray {
    /// Identifies the text that contains the array.
    pub(crate) text: usize,
    /// The range of the array in that text.
    pub(crate) range: Range<usize>,
    pub(crate) elements: Elements,
}

/// The most recently used arrays with their JSON pointers, the latest at the end.
#[derive(Default)]
pub(crate) struct ArrayCache(Mutex<Vec<(String, Arc<KnownArray>)>>);

impl ArrayCache {
    /// Returns the innermost known array that a pointer leads to or into, and the length of the
    /// array's own pointer.
    pub(crate) fn innermost(&self, pointer: &str) -> Option<(usize, Arc<KnownArray>)> {
        let mut arrays = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let leads_to = |array: &str| {
            let rest = pointer.strip_prefix(array);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let matching = arrays.iter().enumerate().filter(|(_, (array, _))| leads_to(array));
        let (position, _) = matching.max_by_key(|(_, (array, _))| array.len())?;
        arrays[position..].rotate_left(1);
        arrays.last().map(|(array, known)| (array.len(), known.clone()))
    }

    /// Adds an array. If there are too many, removes the least recently used one.
    pub(crate) fn insert(&self, pointer: &str, array: Arc<KnownArray>) {
        let mut arrays = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        arrays.retain(|(known, _)| known != pointer);
        if arrays.len() == MAX_ARRAYS {
            arrays.remove(0);
        }
        arrays.push((pointer.to_owned(), array));
    }
}

/// A clone starts empty.
impl Clone for ArrayCache {
    fn clone(&self) -> Self {
        ArrayCache::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_is_found_in_any_order() {
        let long = format!(r#""{}""#, "]\\\",[".repeat(300));
        let nested = r#"{"a":[1,[2,"}"]],"b":{}}"#.to_owned();
        for count in [0, 1, 2, 7, 1000] {
            let all: Vec<String> = (0..count)
                .map(|index| match index % 5 {
                    0 => long.clone(),
                    1 => nested.clone(),
                    2 => "[]".into(),
                    _ => index.to_string(),
                })
                .collect();
            for (start, comma, end) in [("[", ",", "]"), ("[ \n", "\t, ", " ]")] {
                let array = [start, &all.join(comma), end].concat();
                let elements = Elements::new(&array);
                assert_eq!(elements.count(), count, "{start}");
                for (index, element) in all.iter().enumerate().rev() {
                    let range = elements.range(&array, index).unwrap();
                    assert_eq!(array[range].trim_ascii(), element);
                }
                assert_eq!(elements.range(&array, count), None);
                let most = 16 * (1 + array.len() / MARK_DISTANCE);
                assert!(elements.marks.len() * size_of::<(usize, usize)>() <= most);
            }
        }
    }

    #[test]
    fn the_arrays_of_nested_loops_stay_known() {
        let cache = ArrayCache::default();
        let array =
            |text| Arc::new(KnownArray { text, range: 0..2, elements: Elements::new("[]") });
        let innermost =
            |pointer: &str| cache.innermost(pointer).map(|(length, known)| (length, known.text));
        cache.insert("/a", array(1));
        for index in 0..100 {
            assert_eq!(innermost(&format!("/a/{index}/b/0")), Some((2, 1)));
            let inner = format!("/a/{index}/b");
            cache.insert(&inner, array(100 + index));
            assert_eq!(innermost(&format!("{inner}/7/c")), Some((inner.len(), 100 + index)));
            assert_eq!(innermost(&inner), Some((inner.len(), 100 + index)));
        }
        assert_eq!(innermost("/ab/0"), None);
        assert_eq!(innermost("/a/3/b/0"), Some((2, 1)));
        assert_eq!(cache.0.lock().unwrap().len(), MAX_ARRAYS);
    }
}
