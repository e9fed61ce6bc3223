//! The parts that all pages share: the head, the style, the script, the footer.

use std::fmt::Arguments;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest;

use super::html::Html;
use super::text::Timestamp;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Allows the style and the script of this file, requests to the simulator, and nothing else.
pub(super) fn content_security_policy() -> &'static str {
    static POLICY: OnceLock<String> = OnceLock::new();
    POLICY.get_or_init(|| {
        let hash = |text: &str| STANDARD.encode(digest::digest(&digest::SHA256, text.as_bytes()));
        format!(
            "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; \
             connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'",
            hash(SCRIPT),
            hash(STYLE)
        )
    })
}

/// Writes everything before the content.
pub(super) fn begin(html: &mut Html, title: Arguments<'_>) {
    html.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .text(title)
        .raw(" · luma-simulator</title>")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .raw("<meta name=\"color-scheme\" content=\"light dark\">")
        // Otherwise browsers request /favicon.ico.
        .raw("<link rel=\"icon\" href=\"data:,\"><style>")
        .raw(STYLE)
        .raw("</style></head><body>");
}

/// Writes everything after the content.
pub(super) fn end(html: &mut Html) {
    html.raw("<script>").raw(SCRIPT).raw("</script></body></html>\n");
}

/// The line that says how the page is updated: the state of the connection, for screen readers
/// too, and a button that the script shows.
pub(super) fn live(html: &mut Html) {
    html.raw("<div class=\"live\" data-keep>")
        .raw("<button type=\"button\" id=\"pause\" aria-pressed=\"false\" hidden>")
        .raw("Pause updates</button><p role=\"status\" id=\"connection\"></p>")
        .raw("<noscript><p>Reload the page to see changes.</p></noscript></div>");
}

pub(super) fn time(html: &mut Html, ms: u64) {
    let timestamp = Timestamp(ms);
    html.raw("<time datetime=\"").text(timestamp.machine_readable()).raw("\">");
    html.text(timestamp).raw("</time>");
}

/// A status as text with a colour.
pub(super) fn badge(html: &mut Html, status: &str) {
    html.raw("<span class=\"badge ").raw(colour(status)).raw("\">").text(status).raw("</span>");
}

/// The class that gives a status its colour.
pub(super) fn colour(status: &str) -> &'static str {
    match status {
        "RUNNING" => "running",
        "COMPLETED" => "completed",
        "FAILED" | "TERMINATED" => "failed",
        "SUSPENDED" => "suspended",
        _ => "waiting",
    }
}
