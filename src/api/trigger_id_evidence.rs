//! Searches a response that is not a success for a trigger id: in JSON, XML, HTML or prose, however
//! its name and its value are spelled. If there is one, something may be running, whatever the
//! response says.
//!
//! An error that only names the field ("triggerId is required") must not count, so a name needs a
//! value next to it. An error may also echo the request, which may have a variable of that name.
//! Such a value does not count either, because the gateway chooses the ids of new runs.

use zeroize::Zeroizing;

use super::id;

/// Replaces any non-ASCII byte or escape.
const NOT_ASCII: u8 = 0x80;
/// These limits keep the search fast: a server may send a body that is meant to be slow.
const MAX_NAME_GAP: usize = 12;
/// A body that has more names than this is assumed to have a value, too.
const MAX_NAMES: usize = 1000;
const MAX_TAGS: usize = 4;
const MAX_TAG_BYTES: usize = 256;
const MAX_VALUE_BYTES: usize = 1024;
/// Larger requests are not searched for values that a response may echo.
const MAX_REQUEST_BYTES: usize = 1 << 20;

/// Words between a name and its value: "trigger id is ...", `"triggerId":{"value":"..."}`.
const FILLERS: [&[u8]; 5] = [b"is", b"was", b"value", b"id", b"text"];
/// Tags between a name and its value, such as `<td>triggerId</td><td>...</td>`.
const VALUE_TAGS: [&[u8]; 13] = [
    b"value", b"string", b"td", b"dd", b"b", b"strong", b"em", b"i", b"code", b"pre", b"span",
    b"a", b"br",
];

/// A value next to a name for a trigger id, in lower case.
enum Value {
    /// Longer than is read, or cut off.
    Unreadable,
    Text(Zeroizing<Vec<u8>>),
}

/// True if a body contains a name for a trigger id, in any spelling, and next to it a value that
/// may be one, unless `request` has the same value next to such a name. The time is proportional to
/// the length of both.
pub(super) fn has_trigger_id(body: &[u8], request: &[u8]) -> bool {
    let mut sent = None;
    any_value(body, |value| match value {
        Value::Unreadable => true,
        Value::Text(value) => !sent.get_or_insert_with(|| values(request)).contains(&value),
    })
}

/// Returns the values next to names for a trigger id.
fn values(request: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut values = Vec::new();
    if request.len() <= MAX_REQUEST_BYTES {
        any_value(request, |value| {
            values.extend(match value {
                Value::Text(value) => Some(value),
                Value::Unreadable => None,
            });
            false
        });
    }
    values
}

/// True if `is_evidence` is true for any value next to a name for a trigger id, or if there are
/// more than [`MAX_NAMES`] names.
fn any_value(body: &[u8], mut is_evidence: impl FnMut(Value) -> bool) -> bool {
    let mut without_nuls = Zeroizing::new(Vec::new());
    let body = match memchr::memchr(0, body) {
        None => body,
        Some(_) => {
            // Without its NULs, UTF-16 is ASCII, as far as names and ids are concerned.
            without_nuls.extend_from_slice(body);
            without_nuls.retain(|byte| *byte != 0);
            &without_nuls
        }
    };
    let is_json = matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
    let mut names = 0;
    (0..body.len()).filter(|start| may_start_name(body, *start)).any(|start| {
        let (before, from_here) = body.split_at(start);
        name(Text(from_here)).is_some_and(|after| {
            names += 1;
            names > MAX_NAMES || any_value_after(before, after, is_json, &mut is_evidence)
        })
    })
}

/// True if a name may start here: with a T, which may be escaped.
fn may_start_name(body: &[u8], start: usize) -> bool {
    match &body[start..] {
        [b't' | b'T', b'r' | b'R' | b'\\' | b'&' | b'%', ..] => true,
        [b'&', b'#' | b'a', ..] | [b'%', b'2' | b'5' | b'7', ..] => true,
        // Only the first of several backslashes counts.
        [b'\\', b'\\' | b'u' | b'x', ..] => start == 0 || body[start - 1] != b'\\',
        _ => false,
    }
}

/// Reads a name for a trigger id: `triggerId`, `TRIGGER_ID`, `trigger id`, `trigger":{"id`, ...
/// Returns the text after it.
fn name(text: Text<'_>) -> Option<Text<'_>> {
    let mut rest = text.without(b"trigger")?;
    let (mut gap, mut is_wide, mut is_nested) = (0, false, false);
    while let Some(after) = rest.without_any(b"\"':>[{ _-.\\\x80") {
        gap += 1;
        is_wide |= b"\"':>".contains(&rest.first()?);
        is_nested |= b"[{".contains(&rest.first()?);
        rest = after;
        if gap > MAX_NAME_GAP {
            return None;
        }
    }
    if !is_nested && (is_wide || gap > 3) {
        return None;
    }
    let endings: [&[u8]; 5] = [b"identifier", b"ids", b"id", b"uuid", b"guid"];
    let after = endings.into_iter().find_map(|ending| rest.without(ending))?;
    let is_whole = !after.first().is_some_and(|byte| byte.is_ascii_alphanumeric());
    is_whole.then_some(after)
}

/// True if `is_evidence` is true for a value after a name. `before` is the body before the name.
fn any_value_after(
    before: &[u8],
    after: Text<'_>,
    is_json: bool,
    is_evidence: &mut impl FnMut(Value) -> bool,
) -> bool {
    // A plain quote, an HTML entity, or the end of an escape.
    let quotes: [&[u8]; 5] = [b"\"", b"quot;", b"34;", b"22;", b"22"];
    let is_quoted = quotes.iter().any(|quote| before.ends_with(quote));
    is_quoted && member(after, is_json).is_some_and(&mut *is_evidence)
        || id_next_to(after).is_some_and(&mut *is_evidence)
        || is_in_tag(before) && after.after_tag().and_then(id_next_to).is_some_and(is_evidence)
}

/// Returns the value of a JSON member with a quoted name: anything but an empty string, a word such
/// as `null` or `required`, or a sentence. JSON that is cut off has a value.
fn member(after: Text<'_>, is_json: bool) -> Option<Value> {
    let cut_off = |rest: Text<'_>| (is_json && rest.first().is_none()).then_some(Value::Unreadable);
    let after = after.without_run(b"\\");
    let Some(after) = after.without_any(b"\"") else { return cut_off(after) };
    let after = after.without_run(b" \\");
    let Some(after) = after.without_any(b":") else { return cut_off(after) };
    let after = after.without_run(b" \\");
    let (mut rest, ends): (_, &[u8]) = match after.first() {
        None => return Some(Value::Unreadable),
        // The content of an array or an object is read by `id_next_to`, like prose.
        Some(b'[' | b'{') => return None,
        Some(b'"') => (after.next().map_or(after, |(_, rest)| rest), b"\""),
        Some(_) => (after, b",}] "),
    };
    let mut value = Zeroizing::new(Vec::with_capacity(MAX_VALUE_BYTES));
    while let Some((byte, after)) = rest.next() {
        let is_long = value.len() == MAX_VALUE_BYTES;
        if ends.contains(&byte) || is_long {
            let text = value.trim_ascii();
            let is_word = text.len() >= 4 && text.iter().all(u8::is_ascii_alphabetic);
            if text.is_empty() || is_word || text.contains(&b' ') {
                return None;
            }
            return Some(if is_long { Value::Unreadable } else { Value::Text(value) });
        }
        if byte != b'\\' {
            value.push(byte);
        }
        rest = after;
    }
    Some(Value::Unreadable)
}

/// True if a name's tag is still open: `<triggerId xsi:type="...">` or `<ns:triggerId>`.
fn is_in_tag(before: &[u8]) -> bool {
    let before = match before.split_last() {
        Some((b':', prefix)) => {
            let is_prefix = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
            let length = prefix.iter().rev().take(MAX_TAG_BYTES).take_while(is_prefix).count();
            &prefix[..prefix.len() - length]
        }
        _ => before,
    };
    let brackets: [&[u8]; 6] = [b"<", b"lt;", b"60;", b"3C;", b"3c", b"3C"];
    brackets.iter().any(|bracket| before.ends_with(bracket))
}

/// Returns the next word if it may be a trigger id, with only quotes, brackets, tags and fillers
/// before it.
fn id_next_to(after: Text<'_>) -> Option<Value> {
    let plausible = |word: Zeroizing<Vec<u8>>| is_plausible(&word).then_some(Value::Text(word));
    let (mut rest, mut is_after_comma, mut tags) = (after, false, 0);
    while let Some((byte, after)) = rest.next() {
        match byte {
            b'<' => match after.after_value_tag() {
                Some(after) if tags < MAX_TAGS => (rest, tags) = (after, tags + 1),
                // `triggerId=<...>`
                _ if is_after_comma => return None,
                _ => return plausible(after.word().0),
            },
            // `"name":"triggerId","value":"..."`
            b',' if !is_after_comma => (is_after_comma, rest) = (true, after),
            b' ' | b'"' | b'\'' | b'`' | b':' | b'=' | b'>' | b'\\' | NOT_ASCII => rest = after,
            b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'#' | b'-' | b'_' | b'|' | b'*' => {
                rest = after;
            }
            byte if byte.is_ascii_alphanumeric() => {
                let (word, after) = rest.word();
                let is_filler = match is_after_comma {
                    true => **word == *b"value",
                    false => FILLERS.contains(&word.as_slice()),
                };
                if !is_filler {
                    return if is_after_comma { None } else { plausible(word) };
                }
                (is_after_comma, rest) = (false, after);
            }
            _ => return None,
        }
    }
    None
}

/// True if a word may be a trigger id: a UUID, or 8 or more characters, of which one is a digit.
fn is_plausible(word: &[u8]) -> bool {
    let has_digit = word.iter().any(u8::is_ascii_digit);
    word.len() >= 8 && has_digit || id::is_uuid(word)
}

/// The rest of a body, decoded as it is read: the escapes of JSON, HTML and URLs, even nested, are
/// decoded, letters become lower case, and control characters become spaces.
#[derive(Clone, Copy)]
struct Text<'a>(&'a [u8]);

impl<'a> Text<'a> {
    fn next(self) -> Option<(u8, Self)> {
        let (&first, rest) = self.0.split_first()?;
        let (byte, rest) = match first {
            b'\\' => after_backslash(rest),
            b'&' => entity(rest).unwrap_or((b'&', rest)),
            b'%' => percent(rest).unwrap_or((b'%', rest)),
            b'+' => (b' ', rest),
            byte => (byte, rest),
        };
        let byte = match byte {
            0..b' ' | 0x7F => b' ',
            NOT_ASCII.. => NOT_ASCII,
            byte => byte.to_ascii_lowercase(),
        };
        Some((byte, Text(rest)))
    }

    fn first(self) -> Option<u8> {
        self.next().map(|(byte, _)| byte)
    }

    fn without_any(self, bytes: &[u8]) -> Option<Self> {
        self.next().filter(|(byte, _)| bytes.contains(byte)).map(|(_, rest)| rest)
    }

    fn without_run(self, bytes: &[u8]) -> Self {
        let mut rest = self;
        while let Some(after) = rest.without_any(bytes) {
            rest = after;
        }
        rest
    }

    fn without(self, word: &[u8]) -> Option<Self> {
        word.iter().try_fold(self, |rest, byte| rest.without_any(&[*byte]))
    }

    /// Reads letters, digits, hyphens and underscores.
    fn word(self) -> (Zeroizing<Vec<u8>>, Self) {
        let (mut word, mut rest) = (Zeroizing::new(Vec::with_capacity(MAX_VALUE_BYTES)), self);
        while let Some((byte, after)) = rest.next()
            && (byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            && word.len() < MAX_VALUE_BYTES
        {
            word.push(byte);
            rest = after;
        }
        (word, rest)
    }

    /// Returns the text after the tag in whose name this text begins, unless the tag is empty.
    fn after_tag(self) -> Option<Self> {
        let (tag, after) = self.tag()?;
        if tag.ends_with(b"/") { None } else { Some(after) }
    }

    /// Returns the text after a tag that may separate a name from its value. Its `<` is read.
    fn after_value_tag(self) -> Option<Self> {
        if let Some(after) = self.without(b"![cdata[") {
            return Some(after);
        }
        let (tag, after) = self.tag()?;
        let name = tag.split(|byte| matches!(byte, b' ' | b'/')).next()?;
        let local_name = name.rsplit(|byte| *byte == b':').next()?;
        (tag.starts_with(b"/") || VALUE_TAGS.contains(&local_name)).then_some(after)
    }

    /// Reads up to the end of a tag.
    fn tag(self) -> Option<(Vec<u8>, Self)> {
        let (mut tag, mut rest) = (Vec::new(), self);
        while tag.len() < MAX_TAG_BYTES {
            let (byte, after) = rest.next()?;
            match byte {
                b'>' => return Some((tag, after)),
                b'<' => return None,
                byte => tag.push(byte),
            }
            rest = after;
        }
        None
    }
}

/// Decodes an escape after its backslash. Several backslashes count as one: JSON within JSON
/// doubles them.
fn after_backslash(rest: &[u8]) -> (u8, &[u8]) {
    let count = rest.iter().take_while(|byte| **byte == b'\\').count();
    let rest = &rest[count..];
    let decoded = match rest {
        [b'u', digits @ ..] => hex(digits, 4),
        [b'x', digits @ ..] => hex(digits, 2),
        [b'n' | b'r' | b't', rest @ ..] => Some((b' ', rest)),
        _ => None,
    };
    decoded.unwrap_or((b'\\', rest))
}

/// Decodes an HTML entity after its `&`, also if that is encoded itself (`&amp;quot;`).
fn entity(text: &[u8]) -> Option<(u8, &[u8])> {
    let mut rest = text;
    while let Some(after) = rest.strip_prefix(b"amp;") {
        rest = after;
    }
    let length = rest.iter().take(10).position(|byte| *byte == b';')?;
    let (name, rest) = (&rest[..length], &rest[length + 1..]);
    let code = match name {
        b"quot" => b'"'.into(),
        b"apos" => b'\''.into(),
        b"lt" => b'<'.into(),
        b"gt" => b'>'.into(),
        b"colon" => b':'.into(),
        b"equals" => b'='.into(),
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        // Other names are those of letters and spaces beyond ASCII.
        name if !name.is_empty() && name.iter().all(u8::is_ascii_alphanumeric) => NOT_ASCII.into(),
        _ => return None,
    };
    Some((ascii(code), rest))
}

/// Decodes a percent escape after its `%`, also if that is encoded itself (`%2522`).
fn percent(text: &[u8]) -> Option<(u8, &[u8])> {
    let mut rest = text;
    while let Some(after) = rest.strip_prefix(b"25") {
        rest = after;
    }
    hex(rest, 2)
}

fn hex(text: &[u8], digits: usize) -> Option<(u8, &[u8])> {
    let (digits, rest) = text.split_at_checked(digits)?;
    Some((ascii(number(digits, 16)?), rest))
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let digits = str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u32::from_str_radix(digits, radix).ok()
}

fn ascii(code: u32) -> u8 {
    u8::try_from(code).unwrap_or(NOT_ASCII)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    const UUID: &str = "0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55";

    /// The encodings in which a text may arrive.
    fn encodings(text: &str) -> Vec<Vec<u8>> {
        let utf_16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
        let json = text.replace('\\', r"\\").replace('"', r#"\""#);
        let html = text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        let escaped = |write: fn(u32) -> String| {
            text.chars().map(|c| write(c.into())).collect::<String>().into_bytes()
        };
        vec![
            text.into(),
            utf_16(u16::to_le_bytes),
            utf_16(u16::to_be_bytes),
            [&b"\xff\xfe"[..], &utf_16(u16::to_le_bytes)].concat(),
            format!(r#"{{"message":"{json}"}}"#).into(),
            format!(r#"{{"m":"{}"}}"#, json.replace('\\', r"\\").replace('"', r#"\""#)).into(),
            html.replace('&', "&amp;").into(),
            html.into(),
            escaped(|code| format!("\\u{code:04x}")),
            escaped(|code| format!("\\u{code:04X}")),
            escaped(|code| format!("&#{code};")),
            escaped(|code| format!("&#x{code:X};")),
            text.to_ascii_uppercase().into(),
        ]
    }

    fn assert_found(text: &str, is_found: bool) {
        for body in encodings(text) {
            let shown = String::from_utf8_lossy(&body);
            assert_eq!(has_trigger_id(&body, b""), is_found, "{text} as {shown}");
        }
    }

    #[test]
    fn a_name_in_any_spelling_with_a_value_is_found() {
        for name in [
            "triggerId",
            "triggerid",
            "TriggerID",
            "trigger_id",
            "trigger-id",
            "trigger id",
            "trigger.id",
            "Trigger  Id",
            "trigger\nid",
            "trigger\u{a0}id",
            "triggerIds",
            "workflowTriggerId",
            "triggerIdentifier",
            "trigger_uuid",
            "trigger[id]",
        ] {
            assert_found(&format!("{name}={UUID}"), true);
            assert_found(&format!("run {name}: 'RUN-12345' was started"), true);
            assert_found(&format!(r#"{{"{name}" : "{UUID}"}}"#), true);
            assert_found(&format!("<x><{name}>{UUID}</{name}></x>"), true);
            assert_found(&format!("the {name} is required"), false);
            assert_found(&format!(r#"{{"errors":["{name} must not be null"]}}"#), false);
        }
    }

    #[test]
    #[rustfmt::skip]
    fn a_value_is_found_however_it_is_joined_to_the_name() {
        for text in [
            "run triggerId=12345678 was started, but the audit failed",
            "triggerId 1a2b3c4d", "triggerId => `1a2b3c4d`", "trigger id is 1a2b3c4d",
            "triggerId\r\n\t1a2b3c4d", "(triggerId) 1a2b3c4d", "triggerId (1a2b3c4d)",
            "triggerId: {1a2b3c4d}", "triggerId <1a2b3c4d>", "trigger id #1a2b3c4d", "**triggerId**: 1a2b3c4d",
            "triggerId \u{2014} \u{201c}1a2b3c4d\u{201d}", "| triggerId | 1a2b3c4d |",
            "triggerId: ABCDEFAB-ABCD-ABCD-ABCD-ABCDEFABCDEF",
            r#"{"triggerId":["1a2b3c4d"]}"#, r#"{"triggerId":{"value":"1a2b3c4d"}}"#,
            r#"{"triggerId":12345}"#, r#"{"triggerId":"a"}"#, r#"{"triggerId":"a/b"}"#,
            r#"{"trigger":{"id":"1a2b3c4d"}}"#, r#"{"name":"triggerId","value":"1a2b3c4d"}"#,
            "<triggerId xsi:type='xsd:string'>1a2b3c4d</triggerId>", "<n:triggerId>\n 1a2b3c4d",
             "<triggerId value='1a2b3c4d'/>", "<run triggerId='1a2b3c4d'/>",
            "<triggerId><![CDATA[1a2b3c4d]]></triggerId>", "<entry key='triggerId'>1a2b3c4d</entry>",
            "<name>triggerId</name><value>1a2b3c4d</value>", "<td>triggerId</td>\n<td>1a2b3c4d</td>",
            "<b>Trigger ID:</b> <code class='x'>1a2b3c4d</code>",
        ] {
            assert_found(text, true);
        }
        for body in [
            "a=b&triggerId=1a2b3c4d", "triggerId%3D%221a2b3c4d", "trigger%49d%253D1a2b3c4d",
            "trigger+id+%3A+1a2b3c4d", r"trigger\u0049d\x3d1a2b3c4d", r"C:\triggerId=1a2b3c4d",
            r"triggerId:\n1a2b3c4d", r"\ntriggerId:1a2b3c4d",
            "<n:triggerId x='y'>1a2b3c4d", r#"{"triggerId"#, r#"{"triggerId""#, r#" [{"triggerId":"#, r#"{"a":"\"triggerId\": \"a"#,
        ] {
            assert!(has_trigger_id(body.as_bytes(), b""), "{body}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn an_error_that_only_names_the_field_has_no_value() {
        for text in [
            "", "triggerId", "missing triggerId", "triggerId is required", "triggerId: required",
            "triggerId=null", "triggerId=, requestId=1a2b3c4d", "triggerId='' requestId='1a2b3c4d'",
            "triggerId must be 36 characters long", "triggerId is not valid", "no \"triggerId\" was given",
            "no \"triggerId\"",
            "triggerId is missing (2024-01-02)", "TriggerIdFilter1.doFilter(1a2b3c4d)", "trigger idle 12345678",
            "triggers 12345678", "trigger: identity 12345678", "trigger \"id 12345678\"",
            "com.example.TriggerId@1a2b3c4d", "triggerId.java:12345678", "triggerId; 1a2b3c4d",
            r#"{"triggerId":null}"#, r#"{"triggerId":""}"#, r#"{"triggerId":" "}"#,
            r#"{"triggerId":"required"}"#, r#"{"triggerId":"must not be 12345678"}"#,
            r#"{"triggerId":["must not be null"]}"#, r#"{"triggerId":{"type":"string","x":"1a2b3c4d"}}"#,
            r#"{"triggerIds":[],"id":"1a2b3c4d"}"#, r#"{"triggerId":false}"#,
            r#"{"field":"triggerId","traceId":"1a2b3c4d"}"#, r#"{"loc":["triggerId"],"id":"1a2b3c4d"}"#,
            r#"{"name":"triggerId","value":null}"#, r#"{"missing":["triggerId","1a2b3c4d"]}"#,
            "<triggerId/>1a2b3c4d", "<triggerId x='y'/>1a2b3c4d",
            "<triggerId></triggerId><requestId>1a2b3c4d</requestId>",
            "<field>triggerId</field><requestId>1a2b3c4d</requestId>",
        ] {
            assert_found(text, false);
        }
        for body in ["triggerId=&requestId=1a2b3c4d", r#"{"parenttriggerId":"a"}"#, "%", "&amp;", r"\u"] {
            assert!(!has_trigger_id(body.as_bytes(), b""), "{body}");
        }
    }

    #[test]
    fn a_value_that_the_request_gives_to_the_name_is_no_evidence() {
        let request = br#"{"workflowIdentifier":"trigger-id-20240131","variables":{"triggerId":
            "1A2B3C4D","parent":{"trigger_id":42,"trigger\u0049ds":"run\/7"},"note":"9z8y7x6w",
            "text":"triggerId=5e6f7a8b", "workflowTriggerId":"aaaaaaaa1"}}"#;
        for echo in [
            "triggerId=1a2b3c4d is not a number",
            "trigger-id-20240131 was not found",
            r#"{"variables":{"triggerId":"1A2B3C4D"}}"#,
            r#"{"trigger_id": 42}"#,
            r#"{"trigger_id":"42"}"#,
            r#"{"triggerIds":"run/7"}"#,
            "<triggerId>1A2B3C4D</triggerId>",
            "invalid: TriggerID: '5E6F7A8B'",
        ] {
            for body in encodings(echo) {
                let shown = String::from_utf8_lossy(&body);
                assert!(has_trigger_id(&body, b"{}"), "{shown}");
                assert!(!has_trigger_id(&body, request), "{shown}");
                // Next to the echo, the id of a run is found.
                let more = [&body[..], b" trigger id: 0b6f6f5e-6d0c"].concat();
                assert!(has_trigger_id(&more, request), "{shown}");
            }
        }
        assert!(!has_trigger_id(request, request));
        assert!(!has_trigger_id(&[&b"cannot parse "[..], request].concat(), request));
        for another in [
            // Nothing in the request says that this is a trigger id.
            "triggerId=9z8y7x6w",
            "triggerId=1a2b3c4d5",
            "triggerId=1a2b3c4d-2",
            r#"{"triggerId":"42-1"}"#,
            r#"{"triggerId":"1a2b3c"#,
        ] {
            assert!(has_trigger_id(another.as_bytes(), request), "{another}");
        }
        let large = [&request[..], &vec![b' '; MAX_REQUEST_BYTES]].concat();
        assert!(has_trigger_id(b"triggerId=1a2b3c4d", &large));
    }

    #[test]
    fn the_time_is_proportional_to_the_length() {
        for part in [
            "trigger",
            "t",
            "\\",
            "\\t",
            "\\u0074",
            "&amp;",
            "&",
            "%25",
            "%",
            "triggerId",
            "triggerId ",
            "triggerId:",
            "</triggerId>",
            "<triggerId ",
            "<a triggerId>",
            "\"triggerId\":\"",
            "\"triggerId\":{",
            "triggerId is ",
            "triggerId=a",
            "\0",
            "t\0r",
            "<triggerId",
        ] {
            let body = part.repeat((1 << 18) / part.len());
            let started = Instant::now();
            has_trigger_id(body.as_bytes(), b"");
            let prefix = ["triggerId", &body].concat();
            has_trigger_id(prefix.as_bytes(), body.as_bytes());
            // A quadratic search takes minutes.
            assert!(started.elapsed().as_secs() < 5, "{part}: {:?}", started.elapsed());
        }
    }
}
