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

/// True if a text consists of visible ASCII characters only: no space, no control character.
pub(crate) fn is_visible_ascii(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// True if a text contains a control character: C0, DEL or C1.
pub(crate) fn has_control_character(text: &str) -> bool {
    text.chars().any(char::is_control)
}
