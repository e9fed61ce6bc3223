//! Compares JSON pointers, getters and the nesting check with a simple reference, and checks that
//! secrets are masked.
#![no_main]
#![allow(dead_code, unused_imports, reason = "the library's own files are included as they are")]

use std::ops::Range;

use arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;

#[path = "../../src/arrays.rs"]
mod arrays;
#[path = "../../src/call_info.rs"]
mod call_info;
#[path = "../../src/json.rs"]
mod json;
#[path = "../../src/limits.rs"]
mod limits;
#[path = "../../src/memory.rs"]
mod memory;
#[path = "../../src/redact/mod.rs"]
mod redact;
#[path = "../../src/response.rs"]
mod response;
mod tree;
#[path = "../../src/wiped.rs"]
mod wiped;

use json::{Json, JsonType, PointerError};
use response::Response;
use tree::{Parsed, Tree};

/// Splits a pointer into its unescaped tokens (RFC 6901).
fn tokens(pointer: &str) -> Result<Vec<String>, PointerError> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let mut tokens = Vec::new();
    for token in pointer.strip_prefix('/').ok_or(PointerError::Syntax)?.split('/') {
        let mut unescaped = String::new();
        let mut chars = token.chars();
        while let Some(c) = chars.next() {
            unescaped.push(match c {
                '~' => match chars.next() {
                    Some('0') => '~',
                    Some('1') => '/',
                    _ => return Err(PointerError::Syntax),
                },
                c => c,
            });
        }
        tokens.push(unescaped);
    }
    Ok(tokens)
}

/// Finds the value at a pointer in the reference and passes it to `check`. JSON inside a string is
/// parsed when a pointer leads into it.
fn find(tree: &Tree, tokens: &[String], is_list: bool, check: &dyn Fn(Option<&Tree>)) {
    let mut value = tree;
    for (depth, token) in tokens.iter().enumerate() {
        if let Tree::Text(text) = value {
            let path: Vec<&str> = tokens[..depth].iter().map(String::as_str).collect();
            let is_embedded = match path[..] {
                ["resultData", "inputParameters"] => !is_list,
                ["resultData", _, "inputParameters"] => is_list,
                _ => false,
            };
            if !is_embedded || tree::is_nested_too_deep(text.as_bytes()) {
                return check(None);
            }
            match tree::parse(text.as_bytes()) {
                Parsed::Tree(within) => {
                    let found = tokens[depth..].iter().try_fold(&within, |at, token| at.get(token));
                    return check(found);
                }
                Parsed::Odd => return,
                Parsed::NotJson => return check(None),
            }
        }
        match value.get(token) {
            Some(found) => value = found,
            None => return check(None),
        }
    }
    check(Some(value));
}

fn check_value(found: Json<'_>, expected: &Tree) {
    assert_eq!(serde_json::from_str::<Tree>(found.raw()).as_ref().ok(), Some(expected));
    let json_type = match expected {
        Tree::Null => JsonType::Null,
        Tree::Bool(_) => JsonType::Bool,
        Tree::Integer(_) | Tree::Number => JsonType::Number,
        Tree::Text(_) => JsonType::String,
        Tree::Array(_) => JsonType::Array,
        Tree::Object(_) => JsonType::Object,
    };
    assert_eq!(found.json_type(), json_type);
    match expected {
        Tree::Null => assert_eq!(found.text(), ""),
        Tree::Text(text) => assert_eq!(found.text(), text.as_str()),
        _ => assert_eq!(found.text(), found.raw()),
    }
    assert_eq!(
        found.as_i64(),
        match expected {
            Tree::Integer(number) => Ok(*number),
            // serde_json parses it as a float, to keep its sign.
            Tree::Number if found.raw() == "-0" => Ok(0),
            Tree::Number => Err(PointerError::OutOfRange),
            _ => Err(PointerError::WrongType),
        }
    );
    assert_eq!(
        found.as_bool(),
        match expected {
            Tree::Bool(value) => Ok(*value),
            _ => Err(PointerError::WrongType),
        }
    );
    assert_eq!(
        found.count(),
        match expected {
            Tree::Array(elements) => Ok(elements.len()),
            Tree::Object(members) => Ok(members.len()),
            _ => Err(PointerError::WrongType),
        }
    );
}

/// Generates a pointer to a value of a tree.
fn path(
    tree: &Tree,
    choices: &mut Unstructured<'_>,
    is_embedded: bool,
) -> arbitrary::Result<String> {
    let mut pointer = String::new();
    let mut value = tree;
    for _ in 0..choices.int_in_range(0..=6)? {
        value = match value {
            Tree::Object(members) if !members.is_empty() => {
                let (name, value) = choices.choose(members)?;
                pointer = pointer + "/" + &name.replace('~', "~0").replace('/', "~1");
                value
            }
            Tree::Array(elements) if !elements.is_empty() => {
                let index = choices.choose_index(elements.len())?;
                pointer = format!("{pointer}/{index}");
                &elements[index]
            }
            Tree::Text(text) if !is_embedded => {
                if let Parsed::Tree(within) = tree::parse(text.as_bytes()) {
                    pointer += &path(&within, choices, true)?;
                }
                break;
            }
            _ => break,
        };
    }
    Ok(pointer)
}

/// Returns the ranges of the elements of a list of objects.
fn elements(text: &str, tree: &Tree) -> Vec<Range<usize>> {
    let Some(Tree::Array(elements)) = tree.get("resultData") else { return Vec::new() };
    if !elements.iter().all(|element| matches!(element, Tree::Object(_))) {
        return Vec::new();
    }
    let list = Json::new(text).get("resultData").unwrap();
    let range = |index: usize| {
        response::range_in(text.as_bytes(), list.get(&index.to_string()).unwrap().raw())
    };
    (0..elements.len()).map(range).collect()
}

fn check(text: &str, choices: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let parsed = tree::parse(text.as_bytes());
    assert_eq!(json::is_json(text), !matches!(parsed, Parsed::NotJson));
    let tree = match parsed {
        Parsed::Tree(tree) => tree,
        Parsed::Odd => {
            let response = Response::from_json(200, text.to_owned());
            for pointer in ["", "/a", "/0", "/resultData/inputParameters/0"] {
                if let Ok(found) = response.pointer(pointer) {
                    let _ = (found.text(), found.as_i64(), found.as_bool(), found.count());
                }
            }
            return Ok(());
        }
        Parsed::NotJson => return Ok(()),
    };
    let elements = if choices.arbitrary()? { elements(text, &tree) } else { Vec::new() };
    let is_list = !elements.is_empty();
    let response = Response::from_json(200, text.to_owned()).with_elements(elements);
    for _ in 0..8 {
        let mut pointer = path(&tree, choices, false)?;
        if choices.ratio(1, 3)? {
            pointer += choices.arbitrary::<&str>()?;
        }
        let found = response.pointer(&pointer);
        match tokens(&pointer) {
            Err(error) => assert_eq!(found.err(), Some(error), "{pointer}"),
            Ok(tokens) => find(&tree, &tokens, is_list, &|expected| match expected {
                Some(expected) => check_value(found.expect(&pointer), expected),
                None => assert_eq!(found.err(), Some(PointerError::NotFound), "{pointer}"),
            }),
        }
    }
    Ok(())
}

/// Checks that redaction leaves valid JSON, and no string with the secret.
fn check_redaction(text: &str, secret: &str) {
    let parsed = |text: &str| match tree::parse(tree::without_surrogates(text).as_bytes()) {
        Parsed::Tree(tree) => Some(tree),
        _ => None,
    };
    if parsed(text).is_none() || !json::is_json(text) {
        return;
    }
    let mut response = Response::from_json(200, text.to_owned());
    response.redact(&redact::Mask::new([secret].into_iter()));
    let after = parsed(response.text()).expect("JSON as before");
    assert!(!after.any_text(&|text: &str| text.contains(secret)), "{}", response.text());
}

fuzz_target!(|data: &[u8]| {
    assert_eq!(json::is_nested_too_deep(data), tree::is_nested_too_deep(data));
    // The text comes first, so that a file of JSON is a seed.
    let (text, choices) = match data.iter().rposition(|&byte| byte == b'\n') {
        Some(end) => data.split_at(end),
        None => (data, &[][..]),
    };
    if let Ok(text) = json::into_text(text.to_vec()) {
        let _ = check(&text, &mut Unstructured::new(choices));
        check_redaction(&text, "s3cr3t/0123456789");
    }
});
