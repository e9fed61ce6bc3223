//! Limits and character checks that several modules share.

/// The largest request, list and text argument, and the largest certificate file: 16 MiB.
pub(crate) const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The longest request id, application id and run status: 128 bytes.
pub(crate) const MAX_ID_BYTES: usize = 128;

/// The longest workflow identifier, trigger id, step id, and filter and order of a list: 1024
/// bytes.
pub(crate) const MAX_TEXT_BYTES: usize = 1024;

/// The longest access token and the longest URL of a proxy or a launch: 8 KiB.
pub(crate) const MAX_URL_BYTES: usize = 8 * 1024;

/// U+FEFF, and its UTF-8 bytes when they are misread as Latin-1.
const BYTE_ORDER_MARKS: [&str; 2] = ["\u{feff}", "ï»¿"];

/// True if a text starts with a byte order mark, which some editors write.
pub(crate) fn has_byte_order_mark(text: &str) -> bool {
    BYTE_ORDER_MARKS.iter().any(|mark| text.starts_with(mark))
}

/// True if a text consists of visible ASCII characters only: no space, no control character.
pub(crate) fn is_visible_ascii(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// True for a character of a header's name (RFC 9110 section 5.6.2).
pub(crate) fn is_header_name_byte(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'!' | b'#'..=b'\'' | b'*' | b'+')
        || matches!(byte, b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~')
}

/// Returns which control character a text contains: C0, DEL or C1. The message continues the name
/// of the text.
pub(crate) fn control_problem(text: &str) -> Option<&'static str> {
    if !text.contains(char::is_control) {
        None
    } else if text.ends_with(['\n', '\r']) {
        Some("ends with a line break; remove it")
    } else if text.contains(['\n', '\r']) {
        Some("contains a line break")
    } else {
        Some("contains a control character")
    }
}

/// Returns why a text does not consist of visible ASCII characters only, as [`control_problem`].
pub(crate) fn visible_ascii_problem(text: &str) -> Option<&'static str> {
    if is_visible_ascii(text) {
        None
    } else if text.contains(' ') {
        Some("contains a blank")
    } else {
        control_problem(text).or(Some("contains a character that is not ASCII"))
    }
}

/// Returns what is wrong with a whole text that was read from a file or a variable, such as a token
/// or a URL: it is empty, or is wrapped in something that does not belong to it. The message
/// continues the name of the text.
pub(crate) fn wrapping_problem(text: &str) -> Option<&'static str> {
    let quotes = ['"', '\'', '`', '“', '”', '„', '‘', '’', '«', '»'];
    let trimmed = text.trim();
    if text.is_empty() {
        Some("is empty")
    } else if trimmed.is_empty() {
        Some("is blank")
    } else if has_byte_order_mark(text) {
        Some("starts with a byte order mark; remove it")
    } else if text.ends_with(['\n', '\r']) {
        Some("ends with a line break; remove it")
    } else if text.starts_with(char::is_whitespace) {
        Some("starts with a blank; remove it")
    } else if trimmed.len() < text.len() {
        Some("ends with a blank; remove it")
    } else if text.starts_with(quotes) || text.ends_with(quotes) {
        Some("starts or ends with a quotation mark; remove it")
    } else {
        None
    }
}
