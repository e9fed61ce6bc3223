//! Query parameters.

use std::borrow::Cow;

/// Returns all parameters, decoded.
pub(crate) fn parameters(query: &str) -> impl Iterator<Item = (String, String)> {
    let owned = |text: Cow<'_, str>| text.into_owned();
    form_urlencoded::parse(query.as_bytes()).map(move |(name, value)| (owned(name), owned(value)))
}

/// Returns the decoded value of the first parameter with this name.
pub(crate) fn parameter(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(given, _)| given == name)
        .map(|(_, value)| value.into_owned())
}
