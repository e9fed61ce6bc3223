//! Searches a response that is not a success for an access token: a word that looks like one, or
//! the name of a token with a value. If there is one, a new token may have been generated, whatever
//! the response says.

use crate::redact::{self, CallTexts};
use crate::response;
use crate::wiped::WipedText;

use super::id;

/// Words of at least this length may be tokens. Those of the gateway have 250 to 600 characters.
const MIN_TOKEN_BYTES: usize = 20;
/// How the names of tokens end, in lower case and without hyphens and underscores.
const TOKEN_NAMES: [&str; 4] = ["token", "accesskey", "apikey", "secret"];
/// The characters between a name and its value, apart from blanks.
const SEPARATORS: &[char] = &['"', '\'', '`', '\\', ':', '=', '>'];
/// How the names of ids of a single request end, in lower case and without hyphens, underscores and
/// blanks.
const ID_NAMES: [&str; 12] = [
    "correlationid",
    "requestid",
    "traceid",
    "spanid",
    "traceparent",
    "transactionid",
    "activityid",
    "operationid",
    "eventid",
    "incidentid",
    "errorid",
    "rayid",
];
/// The characters that may be between the name of an id and its value, apart from tags.
const ID_SEPARATORS: &[char] =
    &['"', '\'', '`', '\\', ':', '=', '#', '[', '(', ' ', '\t', '\r', '\n'];
const MAX_TAGS: usize = 4;
const MAX_TAG_BYTES: usize = 64;

/// True if a text may contain a token. The token of the request and ids that the caller knows do
/// not count.
pub(super) fn may_contain_token(body: &[u8], texts: &CallTexts<'_>) -> bool {
    let text = readable(body, texts);
    has_named_token(&text)
        || words(&text).any(|word| {
            is_like_token(word, texts.ids) && !is_named_id(&text[..offset(&text, word)], word)
        })
}

/// True if a text contains a name like `accessKey` with a value.
pub(super) fn may_contain_access_key(body: &[u8], texts: &CallTexts<'_>) -> bool {
    has_named_token(&readable(body, texts))
}

/// Returns a body without its escapes and without the token of the request.
fn readable(body: &[u8], texts: &CallTexts<'_>) -> WipedText {
    let body = WipedText::from(String::from_utf8_lossy(body).into_owned());
    let decoded = redact::without_escapes(&body);
    // Never grows, which would leave a copy of a secret behind.
    let mut readable = String::with_capacity(decoded.len() + 1);
    for part in decoded.split(texts.token) {
        readable.push_str(part);
        readable.push(' ');
    }
    readable.into()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_in_token = |c: char| c.is_ascii_alphanumeric() || "._~+-".contains(c);
    text.split(move |c| !is_in_token(c)).map(|word| word.trim_matches(['.', '-', '~', '+']))
}

/// True for a long word, and for the start of a JWT.
fn is_like_token(word: &str, ids: &[&str]) -> bool {
    if word.len() >= 8 && word.starts_with("eyJ") {
        return true;
    }
    let is_constant = || word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let is_id = || ids.iter().any(|id| id.contains(word));
    word.len() >= MIN_TOKEN_BYTES
        && !(is_constant()
            || is_id()
            || id::is_uuid(word.as_bytes())
            || is_name_of_code(word)
            || is_dtd(word))
}

/// True for the file name of a document type, such as `xhtml1-transitional.dtd`.
fn is_dtd(word: &str) -> bool {
    let name = word.strip_prefix("xhtml").and_then(|name| name.strip_suffix(".dtd"));
    name.is_some_and(|name| {
        let is_in_name = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        name.len() < MIN_TOKEN_BYTES && name.bytes().all(is_in_name)
    })
}

/// True for hexadecimal digits that `before` names as the id of a request, such as
/// `"traceId":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"`. Without such a name, they
/// may be a token.
fn is_named_id(before: &str, word: &str) -> bool {
    let is_in_id = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    if word.len() > 64 || !word.bytes().all(is_in_id) {
        return false;
    }
    let is_id_name = |text: &str| {
        let name = name_before(&text.to_ascii_lowercase());
        ID_NAMES.iter().any(|id| name.ends_with(id))
    };
    let mut rest = before.trim_end_matches(ID_SEPARATORS);
    // `<requestId>...`, or `<td>Request ID</td><td>...`.
    for tag_number in 0..MAX_TAGS {
        let start = rest.floor_char_boundary(rest.len().saturating_sub(MAX_TAG_BYTES));
        let Some(end) = rest[start..].strip_suffix('>') else { break };
        let Some(open) = end.rfind('<') else { break };
        let name = end[open + 1..].split(' ').next().unwrap_or_default();
        if tag_number == 0 && !name.starts_with('/') && is_id_name(name) {
            return true;
        }
        rest = rest[..start + open].trim_end_matches(ID_SEPARATORS);
    }
    let start = rest.floor_char_boundary(rest.len().saturating_sub(MAX_TAG_BYTES));
    is_id_name(&rest[start..])
}

/// Returns the offset of a part in its text.
fn offset(text: &str, part: &str) -> usize {
    response::range_in(text.as_bytes(), part).start
}

/// True for the name of a host, a package or a class: `com.example.TenantNotFoundException`.
fn is_name_of_code(word: &str) -> bool {
    let is_of_letters = word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'.');
    let humps = word.split(|c: char| c == '.' || c.is_ascii_uppercase());
    let are_words = humps.skip(1).all(|hump| hump.is_empty() || hump.len() > 1);
    is_of_letters && are_words && word.contains(|c: char| c == '.' || c.is_ascii_uppercase())
}

/// True if a name like `tenantAccessToken` has a value.
fn has_named_token(text: &str) -> bool {
    let lower_case = WipedText::from(text.to_ascii_lowercase());
    let is_json = text.trim_start().starts_with(['{', '[']);
    TOKEN_NAMES.iter().any(|name| {
        // The letters of a name may be separated: access_key, api-key.
        lower_case.match_indices(&name[name.len() - 3..]).any(|(at, end_of_name)| {
            let (before, after) = (at + end_of_name.len(), &text[at + end_of_name.len()..]);
            let named = name_before(&lower_case[..before]);
            named.ends_with(name)
                && (is_json && is_cut_off(after)
                    || has_value(after, named.ends_with("accesstoken")))
        })
    })
}

/// Returns the name that ends a text, without hyphens, underscores and blanks.
fn name_before(text: &str) -> String {
    let start = text.floor_char_boundary(text.len().saturating_sub(24));
    text[start..].chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect()
}

/// True if nothing follows a name in JSON: a value may have been cut off.
fn is_cut_off(after: &str) -> bool {
    after.trim_matches(|c: char| c == ' ' || SEPARATORS.contains(&c)).is_empty()
}

/// True if a name is followed by a value. After quotes, an equals sign or a tag, an access token
/// may be any value. Otherwise, a word of a sentence does not count.
fn has_value(after: &str, is_access_token: bool) -> bool {
    let rest = after.trim_start_matches(|c: char| c == ' ' || SEPARATORS.contains(&c));
    let separators = after[..after.len() - rest.len()].trim();
    if !separators.contains([':', '=', '>']) {
        return false;
    }
    let is_member = separators.contains(['"', '=', '>']);
    let rest = rest.trim_start_matches(['{', '[', ' ', '"']);
    let end = rest.find(|c: char| c.is_whitespace() || "\"'`\\<>,;&{}[]()".contains(c));
    let value = &rest[..end.unwrap_or(rest.len())];
    let is_nothing = ["", "null", "none", "undefined"].contains(&value);
    let is_word = || {
        let letters = value.trim_end_matches(['.', '!', ':', '?']);
        letters.len() < 15
            && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
            && !letters.bytes().skip(1).any(|byte| byte.is_ascii_uppercase())
    };
    match is_access_token && is_member {
        true => !is_nothing,
        false => !is_nothing && value.len() >= 6 && !is_word(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_with_something_like_a_token_may_have_replaced_the_old_one() {
        let ids = ["acme-tenant-with-a-long-id-42", "2f6c4b4f64f5c870-00000001"];
        let texts = CallTexts { ids: &ids, ..CallTexts::new("eyJhbGciOiJub25lIn0.super-admin.x") };
        let may_contain = |text: &str| may_contain_token(text.as_bytes(), &texts);
        for text in [
            "example-not-a-real-token.payload.signature",
            "created eyJhbGci.",
            "Zk3v9Qx7Lm2Np5Rt8Wy1",
            "the new one is Zk3v9_Qx7Lm2-Np5Rt8Wy1, but it was not stored",
            "Zk3v9Qx7%4cm2Np5Rt8Wy1",
            "Zk3v9Qx7L&#109;2Np5Rt8Wy1",
            "Zk3v9\\u0051x7L\u{200b}m2Np5Rt8Wy1",
            "abcdefghijklmnopqrstuvwxyz",
            "4bf92f3577b34da6a3ce929d0e0e4736",
            // Named, but not as the id of a request.
            "id: 4bf92f3577b34da6a3ce929d0e0e4736",
            "token id: 4bf92f3577b34da6a3ce929d0e0e4736",
            "the traceId of 4bf92f3577b34da6a3ce929d0e0e4736",
            "traceId, 4bf92f3577b34da6a3ce929d0e0e4736",
            "<traceId>1</traceId>4bf92f3577b34da6a3ce929d0e0e4736",
            "<traceId></traceId><x>4bf92f3577b34da6a3ce929d0e0e4736</x>",
            "<traceId/>4bf92f3577b34da6a3ce929d0e0e4736",
            "<td>traceId</td><td>x</td><td>4bf92f3577b34da6a3ce929d0e0e4736</td>",
            // Not digits in hexadecimal, or too many.
            "correlation id: Zk3v9Qx7Lm2Np5Rt8Wy1",
            "traceId: 4bf92f3577b34da6a3ce929d0e0e4736.4bf92f3577b34da6a3ce929d0e0e4736",
            "traceId: 4bf92f3577b34da6a3ce929d0e0e47364bf92f3577b34da6a3ce929d0e0e473600",
            // An id and something else.
            "correlation id 4bf92f3577b34da6a3ce929d0e0e4736, 0e0e4736a3ce929d4bf92f3577b34da6",
            "Zk3v9Qx7Lm2Np5Rt8Wy1.dtd",
            "xhtml1Zk3v9Qx7Lm2Np5R.dtd",
            "xhtml1-transitional.dtd.Zk3v9Qx7Lm2Np5Rt8Wy1",
            r#"{"tenantAccessToken":"x"}"#,
            r#"{"tenantAccessToken" : 7}"#,
            r#"{"TENANT_ACCESS_TOKEN":["x"]}"#,
            r#"{"access-token":{"value":"x"}}"#,
            r#"{\"accessToken\":\"x\"}"#,
            r#"{"accessToken"#,
            r#"{"accessToken":"#,
            "accessToken=x",
            "&lt;tenantAccessToken&gt;x&lt;/tenantAccessToken&gt;",
            "Access token: a1b2c3",
            "new token: a1b2c3",
            "token = \"brand-new\"",
            "apiAccessKey=a1b2c3",
            "api_key: a1b2c3",
        ] {
            assert!(may_contain(text), "{text}");
        }
        for text in [
            "",
            "No such tenant: acme-tenant-with-a-long-id-42",
            "correlation id 2f6c4b4f64f5c870-00000001",
            "trace 0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55",
            "Correlation ID: 4bf92f3577b34da6a3ce929d0e0e4736",
            "X-Correlation-Id: 4BF92F3577B34DA6A3CE929D0E0E4736",
            r#"{"traceId":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}"#,
            r#"{\"request_id\" : \"4bf92f3577b34da6a3ce929d0e0e4736\"}"#,
            "&lt;requestId&gt;4bf92f3577b34da6a3ce929d0e0e4736&lt;/requestId&gt;",
            "<requestId>4bf92f3577b34da6a3ce929d0e0e4736</requestId>",
            "<tr><td>Request ID</td>\n<td class='x'><code>4bf92f3577b34da6a3ce929d0e0e4736</code>",
            "Your incident ID is: (transaction id = 4bf92f3577b34da6a3ce929d0e0e4736)",
            concat!(
                r#"<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "#,
                r#""http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">"#,
                r#"<html xmlns="http://www.w3.org/1999/xhtml"><title>403 - Forbidden</title>"#
            ),
            r#""http://www.w3.org/MarkUp/DTD/xhtml-math-svg-flat.dtd""#,
            "The access token is not valid.",
            "Invalid access token: expired",
            "Invalid token: signature mismatch",
            "the token eyJhbGciOiJub25lIn0.super-admin.x is not valid",
            "token: eyJhbGciOiJub25lIn0%2Esuper-admin%2Ex",
            r#"{"accessToken":null,"token":"","x":"accessToken"}"#,
            r#"{"tenantAccessToken":""}"#,
            r#"{"tokenType":"Bearer"}"#,
            r#"{"path":"/gateway/api/v1/platform/apiaccesskeys/generate","status":404}"#,
            "com.acme.gateway.TenantNotFoundException at TenantAccessController",
            "TENANT_EXTERNAL_ID_NOT_FOUND",
            "https://acme.automation.example/help#tenants",
            "2024-01-31T12:00:00.000+00:00",
            "<html><title>401 Authorization Required</title></html>",
        ] {
            assert!(!may_contain(text), "{text}");
        }
    }
}
