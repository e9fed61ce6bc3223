//! Masks: a secret is masked however it is spelled, and ids next to it are not.
#![no_main]
#![allow(dead_code, unused_imports, reason = "the library's own files are included as they are")]

use arbitrary::{Result, Unstructured};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
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

use redact::Mask;
use response::Response;
use tree::{Parsed, Tree};

const RUN: &str = "0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55";
const MASKED: &str = "[secret]";

/// The shortest secret that is masked everywhere.
const MIN_ANYWHERE: usize = 8;

/// Between the characters of a spelling: what ends a line, and what nobody sees.
const NOISE: [&str; 14] = [
    "\n", "\r\n", " ", "\t", "\u{200b}", "\u{ad}", "\u{feff}", "\u{2060}", "\0", "&#10;", "%0A",
    "&shy;", "&#8203;", "\u{a0}",
];

/// What precedes and follows a secret.
const BEFORE: [&str; 8] =
    ["", "token ", "token=", "\"token\":\"", "<b>", "Bearer:", "a|", "(\u{e4} "];
const AFTER: [&str; 8] = ["", " end", "\"", "</b>", ", end", ";x", "|b", ")\u{e4}"];

/// Spells one character.
fn spell(c: char, choices: &mut Unstructured<'_>) -> Result<String> {
    let code = u32::from(c);
    let percent = || {
        c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")).collect::<String>()
    };
    Ok(match choices.int_in_range(0..=12)? {
        // These forms have a fixed number of digits.
        0 if code <= 0xffff => format!("\\u{code:04x}"),
        1 => format!("\\u{{{code:X}}}"),
        2 => format!("&#{code};"),
        3 => format!("&#x{code:x};"),
        4 => format!("&amp;#{code};"),
        5 => percent(),
        6 => percent().replace('%', "%25"),
        7 if code <= 0xff => format!("\\x{code:02x}"),
        8 if code <= 0xffff => format!("%u{code:04x}"),
        9 if "/\"'".contains(c) => format!("\\{c}"),
        _ => c.into(),
    })
}

/// Spells a secret: each character in its own way, or all of it in one code.
fn spelling(secret: &str, choices: &mut Unstructured<'_>) -> Result<String> {
    let hex = |format: fn(u8) -> String| secret.bytes().map(format).collect::<String>();
    let before = *choices.choose(&["", "a", "ab", "Bearer ", "user:"])?;
    let after = *choices.choose(&["", ":", "\"}", "\n"])?;
    let text = [before, secret, after].concat();
    Ok(match choices.int_in_range(0..=9)? {
        0 => hex(|byte| format!("{byte:02x}")),
        1 => hex(|byte| format!("{byte:02X}")),
        2 => BASE64_STANDARD.encode(text),
        3 => BASE64_URL_SAFE_NO_PAD.encode(text),
        4 => {
            let every = choices.int_in_range(1..=76)?;
            let coded: Vec<char> = BASE64_STANDARD.encode(text).chars().collect();
            let lines: Vec<String> =
                coded.chunks(every).map(|line| line.iter().collect()).collect();
            lines.join("\r\n")
        }
        _ => {
            let noise = choices.ratio(1, 3)?;
            let mut spelled = String::new();
            for (at, c) in secret.chars().enumerate() {
                if noise && at > 0 && choices.ratio(1, 4)? {
                    spelled += *choices.choose(&NOISE)?;
                }
                spelled += &spell(c, choices)?;
            }
            spelled
        }
    })
}

/// A secret that the input chooses.
fn secret<'a>(choices: &mut Unstructured<'a>) -> Result<&'a str> {
    let length = choices.int_in_range(1..=60)?;
    Ok(match choices.int_in_range(0..=3)? {
        0 => "eyJhbGciOiJub25lIn0.c2VjcmV0LXRva2Vu/a=b_c+d.c2lnbmF0dXJl",
        1 => "die gr\u{f6}\u{df}te, l\u{e4}ngste",
        _ => std::str::from_utf8(choices.bytes(length)?).unwrap_or("s3cr3t/0123456789-token"),
    })
}

/// True if the promises hold for a secret: none of its own characters starts an escape, and its
/// form does not depend on what is skipped.
fn is_usual(secret: &str) -> bool {
    let is_usual =
        |c: char| c.is_ascii_graphic() && !"\\%&".contains(c) || c.is_alphanumeric() || c == ' ';
    secret.chars().all(is_usual) && secret.trim().len() == secret.len() && !secret.contains("  ")
}

/// True if the id may be a part of a secret by chance, or if the replacement is one.
fn is_related(secret: &str) -> bool {
    let folded = |text: &str| text.to_ascii_lowercase().replace('-', "+").replace(' ', "");
    let (secret, run) = (folded(secret), folded(RUN));
    let mut parts = (0..=run.len() - 6).map(|start| &run[start..start + 6]);
    parts.any(|part| secret.contains(part)) || MASKED.contains(&secret)
}

/// True if a neighbour continues a repeated part of a secret, so that it belongs to a part of 16
/// characters too.
fn is_continued(secret: &str, before: &str, after: &str) -> bool {
    const PART: usize = redact::WINDOW - 1;
    let folded = |text: &str| -> Vec<char> {
        text.to_ascii_lowercase().chars().filter(|c| !c.is_whitespace()).collect()
    };
    let (secret, before, after) = (folded(secret), folded(before), folded(after));
    let (Some(start), Some(end)) = (secret.get(..PART), secret.last_chunk::<PART>()) else {
        return false;
    };
    let neighbours = [
        [before.last().map_or(&[][..], std::slice::from_ref), start].concat(),
        [&end[..], after.first().map_or(&[][..], std::slice::from_ref)].concat(),
    ];
    let mut parts = secret.windows(redact::WINDOW);
    parts.any(|part| neighbours.iter().any(|neighbour| neighbour == part))
}

fn check(choices: &mut Unstructured<'_>) -> Result<()> {
    let secret = secret(choices)?;
    let mask = Mask::new([secret].into_iter());
    // Long enough that the reader discards what it has read, now and then.
    let filler = if choices.ratio(1, 16)? { 9000 } else { choices.int_in_range(0..=40_usize)? };
    let spelled = spelling(secret, choices)?;
    let (before, after) = (*choices.choose(&BEFORE)?, *choices.choose(&AFTER)?);
    let between = *choices.choose(&[" ", ", ", "\"", "; ", "|"])?;
    // Not a word, so that nothing of it belongs to the secret.
    let filler = ". ".repeat(filler / 2);
    let text = format!("{RUN} {filler}{before}{spelled}{after}{between}{RUN}");
    let shown = mask.apply(&text);
    if !is_usual(secret) || is_related(secret) || secret.len() < MIN_ANYWHERE {
        return Ok(());
    }
    let start = format!("{RUN} {filler}{before}");
    let end = format!("{after}{between}{RUN}");
    if [secret, &spelled].into_iter().any(|text| is_continued(text, &start, &end)) {
        return Ok(());
    }
    assert!(shown.starts_with(&start), "{secret:?} {spelled:?}: {shown}");
    assert!(shown.ends_with(&format!("{between}{RUN}")), "{secret:?} {spelled:?}: {shown}");
    let middle = &shown[start.len()..shown.len() - between.len() - RUN.len()];
    assert!(middle.contains(MASKED), "{secret:?} {spelled:?}: {shown}");
    // In base64, the characters at the ends of a secret belong to its neighbours too: up to nine
    // bytes before it, and four after it.
    let rest = middle.replace(after, "");
    let length = |rest: &str| rest.chars().filter(|c| !c.is_whitespace()).count();
    let (front, back) = rest.split_once(MASKED).unwrap_or((&rest, ""));
    assert!(length(front) <= 12 && length(back) <= 8, "{secret:?} {spelled:?}: {shown}");

    // In JSON, which stays JSON.
    let member = serde_json::to_string(&[before, &spelled, after].concat()).unwrap();
    let json =
        format!(r#"{{"resultData":{{"triggerId":"{RUN}","a":[{member},7]}},"{RUN}":{member}}}"#);
    let mut response = Response::from_json(200, json);
    response.redact(&mask);
    let Parsed::Tree(tree) = tree::parse(response.text().as_bytes()) else {
        panic!("{}", response.text());
    };
    let id = tree.get("resultData").and_then(|data| data.get("triggerId"));
    assert_eq!(id.and_then(Tree::text), Some(RUN));
    for text in [tree.get("resultData").and_then(|data| data.get("a")?.get("0")), tree.get(RUN)] {
        let text = text.and_then(Tree::text).expect("a text");
        assert!(text.contains(MASKED) && !text.contains(secret), "{secret:?} {spelled:?}: {text}");
    }
    Ok(())
}

/// A text that an input contains as a whole, with the secret on its first line.
fn check_text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((secret, text)) = text.split_once('\n') else { return };
    let mask = Mask::new([secret, "another-secret-0815"].into_iter());
    let shown = mask.apply(text);
    if secret.len() >= MIN_ANYWHERE && !MASKED.contains(secret) && !secret.contains(MASKED) {
        assert!(!shown.contains(secret) || !is_usual(secret), "{secret:?}: {shown}");
    }
    assert!(!shown.contains("another-secret-0815"));
    assert_eq!(mask.matches(text), shown != text || text.contains(MASKED) && mask.matches(text));
    let start = mask.apply_to_start(text);
    assert_eq!(start, shown);
    let plain = redact::plain_words(text, &[RUN]);
    assert!(!plain.contains(char::is_control));
    let _ = redact::without_escapes(text);
}

fuzz_target!(|data: &[u8]| {
    let _ = check(&mut Unstructured::new(data));
    check_text(data);
});
