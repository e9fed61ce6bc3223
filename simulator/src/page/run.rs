//! The page of one run: its status, its steps, its times and its parameters.

use serde_json::Value;

use super::html::Html;
use super::text::{Count, Milliseconds, SECRET, from_caller, value};
use super::{ANY_FRAME, layout, page};
use crate::gateway::{self, Parameter};
use crate::http::Response;
use crate::state::{Run, State};
use crate::workflows::Activity;

/// Further parameters are only counted, so that a page stays usable.
const MAX_PARAMETERS: usize = 200;

/// Names of the consuming applications that the vendor documents.
const APPLICATIONS: &[(i64, &str)] =
    &[(-2, "Luma/VSA"), (-4, "ISM"), (-7, "ChangeGear"), (-8, "POB")];

pub(super) fn respond(run: &Run, now: u64, state: &State) -> Response {
    let is_ended = run.elapsed(now) >= run.script().duration();
    let mut html = Html::new();
    layout::begin(&mut html, format_args!("{}: {}", run.status, run.name));
    // The script stops asking when nothing can change any more.
    html.raw(if is_ended { "<main class=\"run\">" } else { "<main class=\"run\" data-live>" });
    heading(&mut html, run, now);
    steps(&mut html, run, now);
    html.raw("<div class=\"columns\">");
    details(&mut html, run, now, state);
    parameters(&mut html, run, state);
    html.raw("</div></main>");
    footer(&mut html, state);
    layout::end(&mut html);
    page(200, html, ANY_FRAME)
}

fn heading(html: &mut Html, run: &Run, now: u64) {
    html.raw("<header class=\"top\"><p class=\"kicker\">Workflow run</p><div class=\"title\"><h1>");
    html.raw("<bdi>").text(&run.name).raw("</bdi></h1>");
    layout::badge(html, &run.status);
    html.raw("</div><p class=\"summary\" aria-live=\"polite\" aria-atomic=\"true\">");
    html.text(summary(run, now)).raw("</p></header>");
}

/// The state of the run in a sentence, which screen readers announce when it changes.
fn summary(run: &Run, now: u64) -> String {
    let elapsed = run.elapsed(now);
    let script = run.script();
    let duration = script.duration();
    if elapsed >= duration {
        let end = match &*run.status {
            "COMPLETED" => "completed",
            "FAILED" => "failed",
            "TERMINATED" => "was terminated",
            _ => "ended",
        };
        return format!("The run {end} after {}.", Milliseconds(duration));
    }
    let count = script.activities_at(elapsed).count();
    let current = script
        .activities_at(elapsed)
        .enumerate()
        .find(|(_, (activity, status))| status.is_some() && elapsed < activity.end());
    match current {
        Some((index, (activity, _))) => {
            format!("Step {} of {count} is in progress: {}.", index + 1, activity.name)
        }
        None => {
            match script.activities_at(elapsed).filter(|(_, status)| status.is_some()).count() {
                0 => "The first step has not started yet.".to_owned(),
                started => format!("{started} of {count} steps have ended."),
            }
        }
    }
}

fn steps(html: &mut Html, run: &Run, now: u64) {
    let elapsed = run.elapsed(now);
    let is_ended = elapsed >= run.script().duration();
    html.raw("<section class=\"card\" aria-labelledby=\"steps\"><h2 id=\"steps\">Steps</h2>");
    html.raw("<ol class=\"chain\">");
    for (activity, status) in run.script().activities_at(elapsed) {
        let is_current = status.is_some() && elapsed < activity.end();
        let class = match status {
            _ if is_current => "current",
            None => "pending",
            Some(status) => layout::colour(status),
        };
        html.raw("<li class=\"").raw(class).raw("\"");
        html.raw(if is_current { " aria-current=\"step\">" } else { ">" });
        html.raw("<span class=\"node ").raw(shape(activity)).raw("\" aria-hidden=\"true\">");
        html.raw(icon(class)).raw("</span><span class=\"name\"><bdi>");
        html.text(&activity.name).raw("</bdi>");
        if activity.repetitions > 1 {
            html.raw(" <span class=\"times\">× ").text(activity.repetitions).raw("</span>");
        }
        html.raw("</span><span class=\"kind\">").text(kind(activity)).raw("</span>");
        html.raw("<span class=\"state\">");
        match status {
            None if is_ended => html.text("Not reached"),
            None => html.text("Not started"),
            Some(status) => {
                let spent = (elapsed - activity.start).min(activity.duration);
                html.raw("<b>").text(status).raw("</b> <span class=\"spent\">");
                html.text(Milliseconds(spent)).raw("</span>")
            }
        };
        if status.is_some() && activity.attempts > 1 {
            html.raw(" <span class=\"spent\">").text(activity.attempts).raw(" attempts</span>");
        }
        html.raw("</span></li>");
    }
    html.raw("</ol></section>");
}

/// Events are circles, tasks have corners.
fn shape(activity: &Activity) -> &'static str {
    if activity.kind.ends_with("Event") { "event" } else { "task" }
}

/// The activity type as words: `serviceTask` is "Service task".
fn kind(activity: &Activity) -> String {
    let mut words = String::new();
    for c in activity.kind.chars() {
        match c {
            c if words.is_empty() => words.extend(c.to_uppercase()),
            c if c.is_uppercase() => {
                words.push(' ');
                words.extend(c.to_lowercase());
            }
            c => words.push(c),
        }
    }
    words
}

fn icon(class: &str) -> &'static str {
    match class {
        "completed" => "<svg viewBox=\"0 0 16 16\"><path d=\"M3 8.5l3.2 3.2L13 5\"/></svg>",
        "failed" => "<svg viewBox=\"0 0 16 16\"><path d=\"M4 4l8 8M12 4l-8 8\"/></svg>",
        "current" => "<svg viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"3.5\"/></svg>",
        _ => "",
    }
}

fn details(html: &mut Html, run: &Run, now: u64, state: &State) {
    let elapsed = run.elapsed(now);
    let duration = run.script().duration();
    html.raw("<section class=\"card\" aria-labelledby=\"details\"><h2 id=\"details\">Details</h2>");
    html.raw("<dl><div><dt>Trigger id</dt><dd class=\"code\">").text(&run.trigger_id);
    html.raw("</dd></div><div><dt>Workflow</dt><dd class=\"code\">");
    html.text(&run.workflow_identifier).raw("</dd></div><div><dt>Started</dt><dd>");
    layout::time(html, run.start_time);
    html.raw("</dd></div><div><dt>Ended</dt><dd>");
    if elapsed >= duration {
        layout::time(html, run.start_time + duration);
    } else {
        html.raw("Not yet");
    }
    html.raw("</dd></div><div><dt>Time spent</dt><dd>");
    html.text(Milliseconds(elapsed.min(duration))).raw("</dd></div>");
    let initiator = &run.initiator;
    if let Some(contact) = initiator.contact_id {
        html.raw("<div><dt>Contact</dt><dd>").text(contact).raw("</dd></div>");
    }
    if let Some(id) = initiator.application_id {
        html.raw("<div><dt>Application</dt><dd>");
        if let Some((_, name)) = APPLICATIONS.iter().find(|(known, _)| *known == id) {
            html.text(name).raw(" (").text(id).raw(")");
        } else {
            html.text(id);
        }
        html.raw("</dd></div>");
    }
    for (key, given) in initiator.initiation_info.iter().take(MAX_PARAMETERS) {
        html.raw("<div><dt><bdi>").text(from_caller(key, state.tokens())).raw("</bdi></dt>");
        html.raw("<dd><bdi>").text(value(given, state.tokens())).raw("</bdi></dd></div>");
    }
    html.raw("</dl></section>");
}

fn parameters(html: &mut Html, run: &Run, state: &State) {
    html.raw("<section class=\"card parameters\" aria-labelledby=\"parameters\">");
    html.raw("<h2 id=\"parameters\">Parameters</h2>");
    if run.variables.is_empty() {
        html.raw("<p class=\"empty\">The trigger gave none.</p></section>");
        return;
    }
    html.raw("<table role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">");
    html.raw("<th role=\"columnheader\" scope=\"col\">Name</th>");
    html.raw("<th role=\"columnheader\" scope=\"col\">Value</th>");
    html.raw("<th role=\"columnheader\" scope=\"col\">Type</th></tr></thead>");
    html.raw("<tbody role=\"rowgroup\">");
    for parameter in gateway::parameters(run).take(MAX_PARAMETERS) {
        html.raw("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\"><bdi>");
        html.text(from_caller(parameter.name, state.tokens()));
        html.raw("</bdi></th><td role=\"cell\" class=\"value\"><bdi>");
        html.text(parameter_value(&parameter, state));
        html.raw("</bdi></td><td role=\"cell\" class=\"type\">");
        html.text(parameter.data_type).raw("</td></tr>");
    }
    html.raw("</tbody></table>");
    if run.variables.len() > MAX_PARAMETERS {
        let more = (run.variables.len() - MAX_PARAMETERS) as u64;
        html.raw("<p class=\"empty\">").text(Count(more)).raw(" more are not shown.</p>");
    }
    html.raw("</section>");
}

fn parameter_value(parameter: &Parameter<'_>, state: &State) -> String {
    match parameter.value {
        _ if parameter.is_secret => SECRET.to_owned(),
        Value::String(text) if text.is_empty() => "(empty)".to_owned(),
        given => value(given, state.tokens()),
    }
}

fn footer(html: &mut Html, state: &State) {
    html.raw("<footer>");
    layout::live(html);
    html.raw("<p>");
    if state.clock().is_virtual() {
        html.raw("Virtual time: ");
        layout::time(html, state.clock().now_ms());
        html.raw(". It passes only when it is advanced. ");
    }
    // In a new tab, because this page may be in an IFrame, which cannot show the overview.
    html.raw("<a href=\"/\" target=\"_blank\" rel=\"noopener\">Overview of the simulator ");
    html.raw("<span class=\"hint\">(opens a new tab)</span></a></p></footer>");
}
