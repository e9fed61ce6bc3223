//! The web pages: an overview at `/`, and a page for each run, which a launch URL opens.
//!
//! Pages are rendered here and need no token. A launch URL contains an access key. The overview has
//! none, so it is only served under a loopback name: a web site that resolves its own name to
//! 127.0.0.1 cannot read it.

mod access;
mod html;
mod layout;
mod message;
mod overview;
mod run;
mod text;

use std::time::Duration;

use crate::http::{Request, Response, query};
use crate::journal::Journal;
use crate::state::State;
use html::Html;

/// Start of the path of a launch URL, before the trigger id.
pub(crate) const LAUNCH_PATH: &str = "/execution/";

/// The page of a run, without an access key.
const RUN_PATH: &str = "/simulator/page/runs/";

/// Advances virtual time. A form sends it.
const ADVANCE_PATH: &str = "/simulator/page/advance";

/// Responds to a request for a page. Returns `None` for every other request.
pub(crate) fn respond(
    request: &Request,
    base_url: &str,
    journal: &Journal,
    state: &State,
) -> Option<Response> {
    let head = &request.head;
    let is_get = matches!(head.method.as_str(), "GET" | "HEAD");
    let path = state.without_path_prefix(head.path());
    if let Some(trigger_id) = path.strip_prefix(LAUNCH_PATH).filter(|_| is_get) {
        return Some(launch(trigger_id, head.query(), state));
    }
    let trigger_id = path.strip_prefix(RUN_PATH);
    let is_overview = is_get && path == "/";
    let is_advance = path == ADVANCE_PATH;
    if trigger_id.is_none() && !is_overview && !is_advance {
        return None;
    }
    if !access::is_loopback(request) {
        return Some(message::not_loopback());
    }
    Some(match trigger_id {
        Some(_) if !is_get => message::method_not_allowed("GET, HEAD"),
        Some(trigger_id) => show_run(trigger_id, state),
        None if is_overview => overview::respond(head.query(), base_url, journal, state),
        None if head.method != "POST" => message::method_not_allowed("POST"),
        None if access::is_cross_site(request) => message::cross_site(),
        None => advance(&request.body, state),
    })
}

/// The page that a launch URL opens, in a tab or in an IFrame of any site.
fn launch(trigger_id: &str, query: &str, state: &State) -> Response {
    let key = query::parameter(query, "accessKey");
    match key.as_deref() {
        Some(key) if state.access_key_opens(key, trigger_id) => show_run(trigger_id, state),
        Some(_) => message::wrong_key(),
        None => message::missing_key(),
    }
}

fn show_run(trigger_id: &str, state: &State) -> Response {
    let now = state.clock().now_ms();
    match state.find(trigger_id, now) {
        Some(run) => run::respond(&run, now, state),
        None => message::no_such_run(),
    }
}

/// Advances virtual time by the `seconds` of a form, and shows the overview.
fn advance(body: &[u8], state: &State) -> Response {
    let body = String::from_utf8_lossy(body);
    let seconds = query::parameter(&body, "seconds").and_then(|text| text.trim().parse().ok());
    let Some(by) = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) else {
        return message::invalid_seconds();
    };
    match state.clock().advance(by) {
        Ok(()) => Response::empty(303).with_header("Location", "/"),
        Err(problem) => message::real_time(problem),
    }
}

/// A page with the headers that all pages have. `framing` is the policy for IFrames.
fn page(status: u16, html: Html, framing: &str) -> Response {
    let policy = format!("{}{framing}", layout::content_security_policy());
    Response::html(status, &html.into_string())
        .with_header("Content-Security-Policy", policy)
        .with_header("Referrer-Policy", "same-origin")
        .with_header("X-Content-Type-Options", "nosniff")
        .with_header("Cache-Control", "no-store")
}

/// Any site may show this page in an IFrame, and so may a local file. (`frame-ancestors *` would
/// exclude that.)
const ANY_FRAME: &str = "";

/// Only the simulator's own pages may show this page in an IFrame, because it has buttons.
const OWN_FRAMES: &str = "; frame-ancestors 'self'";
