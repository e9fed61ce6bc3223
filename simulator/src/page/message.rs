//! Pages that say why there is nothing to see, and what to do.

use super::html::Html;
use super::{ANY_FRAME, OWN_FRAMES, layout, page};
use crate::http::Response;

pub(super) fn missing_key() -> Response {
    let problem = "This URL has no access key.";
    let advice = "Open the complete launch URL, including “?accessKey=…”. To get a new one, call \
                  generate_launch_url, or run “luma open TRIGGER_ID”.";
    message(403, problem, advice, ANY_FRAME)
}

pub(super) fn wrong_key() -> Response {
    let problem = "The access key of this URL is not valid.";
    let advice = "A key opens the one run that it was generated for, until the simulator stops. \
                  Get a new launch URL: call generate_launch_url, or run “luma open TRIGGER_ID”.";
    message(403, problem, advice, ANY_FRAME)
}

pub(super) fn no_such_run() -> Response {
    let problem = "There is no run with this trigger id.";
    let advice = "The simulator keeps its runs in memory until it stops. The overview at / lists \
                  them.";
    message(404, problem, advice, ANY_FRAME)
}

pub(super) fn not_loopback() -> Response {
    let problem = "This page is only served under the name localhost.";
    let advice = "Open it at http://127.0.0.1 or http://localhost, with the simulator's port. The \
                  page needs no token, so it is not served under names that others control.";
    message(403, problem, advice, OWN_FRAMES)
}

pub(super) fn cross_site() -> Response {
    let problem = "Another web site sent this request.";
    let advice = "Advance virtual time on the simulator's overview, or from a program with \
                  POST /simulator/time?advanceMs=N.";
    message(403, problem, advice, OWN_FRAMES)
}

pub(super) fn method_not_allowed(allow: &'static str) -> Response {
    let advice = "The overview at / has links and buttons for everything.";
    message(405, "This page does not support the method.", advice, OWN_FRAMES)
        .with_header("Allow", allow)
}

pub(super) fn invalid_seconds() -> Response {
    let problem = "The number of seconds is not valid.";
    message(400, problem, "Enter a number that is not negative, such as 10 or 0.5.", OWN_FRAMES)
}

pub(super) fn real_time(problem: &'static str) -> Response {
    message(409, problem, "In real time, wait: the pages follow the runs.", OWN_FRAMES)
}

fn message(status: u16, problem: &'static str, advice: &'static str, framing: &str) -> Response {
    let mut html = Html::new();
    layout::begin(&mut html, format_args!("{problem}"));
    html.raw("<main class=\"message\"><h1>").text(problem).raw("</h1><p id=\"advice\">");
    html.text(advice).raw("</p></main>");
    layout::end(&mut html);
    page(status, html, framing)
}
