//! The overview: runs, deliveries, workflows, faults and the time.

use std::borrow::Cow;

use serde_json::Value;

use super::html::Html;
use super::text::{Count, Milliseconds, SECRET, from_caller};
use super::{ADVANCE_PATH, OWN_FRAMES, RUN_PATH, layout, page};
use crate::fault_rules::ActiveRule;
use crate::faults::FAULTS;
use crate::http::{Response, query};
use crate::journal::{AuthScheme, Delivery, Journal};
use crate::state::{Run, State};

/// Runs, and deliveries, on one page.
const PAGE_LENGTH: usize = 20;

/// No list is that long.
const MAX_PAGE: usize = 1_000_000;

/// The pages that are shown, counted from 1. The newest entries are on page 1.
#[derive(Clone, Copy)]
struct Pages {
    runs: usize,
    deliveries: usize,
}

pub(super) fn respond(query: &str, base_url: &str, journal: &Journal, state: &State) -> Response {
    let number = |name| {
        let given = query::parameter(query, name).and_then(|text| text.parse().ok());
        given.map_or(1, |page: usize| page.clamp(1, MAX_PAGE))
    };
    let pages = Pages { runs: number("runs"), deliveries: number("deliveries") };
    let now = state.clock().now_ms();
    let mut html = Html::new();
    layout::begin(&mut html, format_args!("Overview"));
    heading(&mut html, base_url, now, state);
    html.raw("<main class=\"overview\" data-live><div>");
    runs(&mut html, pages, now, state);
    deliveries(&mut html, pages, journal, state);
    html.raw("</div><div>");
    workflows(&mut html, state);
    faults(&mut html, state);
    html.raw("</div></main><footer><p>luma-simulator ").raw(env!("CARGO_PKG_VERSION"));
    html.raw(", a simulated Luma Automation gateway. Runs and deliveries are in memory only; ");
    html.raw("<a href=\"/simulator/runs\">runs</a> and ");
    html.raw("<a href=\"/simulator/journal\">deliveries</a> as JSON.</p></footer>");
    layout::end(&mut html);
    page(200, html, OWN_FRAMES)
}

fn heading(html: &mut Html, base_url: &str, now: u64, state: &State) {
    html.raw("<header class=\"top wide\"><div><p class=\"kicker\">luma-simulator</p>");
    html.raw("<h1>Simulated gateway</h1><p class=\"summary code\">").text(base_url);
    html.raw("</p><nav aria-label=\"Sections\"><a href=\"#runs\">Runs</a> ");
    html.raw("<a href=\"#deliveries\">Deliveries</a> <a href=\"#workflows\">Workflows</a> ");
    html.raw("<a href=\"#faults\">Faults</a></nav></div>");
    html.raw("<section class=\"clock\" aria-labelledby=\"time\"><h2 id=\"time\">");
    let is_virtual = state.clock().is_virtual();
    html.raw(if is_virtual { "Virtual time" } else { "Real time" });
    html.raw("</h2><p id=\"now\">");
    layout::time(html, now);
    html.raw("</p>");
    if is_virtual {
        html.raw("<form method=\"post\" action=\"").raw(ADVANCE_PATH).raw("\">");
        html.raw("<label for=\"seconds\">Seconds</label>");
        html.raw("<input id=\"seconds\" name=\"seconds\" type=\"number\" min=\"0\" step=\"any\" ");
        html.raw("value=\"10\" required><button id=\"advance\">Advance time</button></form>");
    }
    layout::live(html);
    html.raw("</section></header>");
}

fn runs(html: &mut Html, pages: Pages, now: u64, state: &State) {
    let (runs, total) = state.newest_runs((pages.runs - 1) * PAGE_LENGTH, PAGE_LENGTH, now);
    html.raw("<section class=\"card\" aria-labelledby=\"runs\"><h2 id=\"runs\">Runs ");
    html.raw("<span class=\"count\">").text(Count(total as u64)).raw("</span></h2>");
    if total == 0 {
        html.raw("<p class=\"empty\">No run was started yet. Trigger a workflow: its run appears ");
        html.raw("here.</p></section>");
        return;
    }
    html.raw("<table role=\"table\" class=\"runs\"><thead role=\"rowgroup\"><tr role=\"row\">");
    html.raw("<th role=\"columnheader\" scope=\"col\">Workflow and trigger id</th>");
    html.raw("<th role=\"columnheader\" scope=\"col\">Status</th>");
    html.raw("<th role=\"columnheader\" scope=\"col\">Started</th>");
    html.raw("<th role=\"columnheader\" scope=\"col\">Time spent</th></tr></thead>");
    html.raw("<tbody role=\"rowgroup\">");
    for run in &runs {
        row(html, run, now);
    }
    html.raw("</tbody></table>");
    let shown = Shown { page: pages.runs, count: runs.len(), total };
    page_links(html, "Pages of runs", shown, |runs| Pages { runs, ..pages }, "#runs");
    html.raw("</section>");
}

fn row(html: &mut Html, run: &Run, now: u64) {
    let spent = run.elapsed(now).min(run.script().duration());
    html.raw("<tr role=\"row\" id=\"run-").text(run.id).raw("\">");
    html.raw("<th role=\"rowheader\" scope=\"row\"><a href=\"").raw(RUN_PATH);
    html.text(&run.trigger_id).raw("\"><bdi>").text(&run.name).raw("</bdi></a>");
    html.raw(" <span class=\"id\">").text(&run.trigger_id).raw("</span></th>");
    html.raw("<td role=\"cell\">");
    layout::badge(html, &run.status);
    html.raw("</td><td role=\"cell\" class=\"when\">");
    layout::time(html, run.start_time);
    html.raw("</td><td role=\"cell\" class=\"spent\">").text(Milliseconds(spent));
    html.raw("</td></tr>");
}

fn deliveries(html: &mut Html, pages: Pages, journal: &Journal, state: &State) {
    let skip = (pages.deliveries - 1) * PAGE_LENGTH;
    let (deliveries, total) = journal.newest(skip, PAGE_LENGTH);
    html.raw("<section class=\"card\" aria-labelledby=\"deliveries\"><h2 id=\"deliveries\">");
    html.raw("Deliveries <span class=\"count\">").text(Count(total as u64));
    html.raw("</span></h2><p class=\"note\">The journal: every request that arrived completely, ");
    html.raw("the newest first.</p>");
    if total == 0 {
        html.raw("<p class=\"empty\">No request arrived yet.</p></section>");
        return;
    }
    html.raw("<ul class=\"list\">");
    for delivery in &deliveries {
        entry(html, delivery, state);
    }
    html.raw("</ul>");
    let shown = Shown { page: pages.deliveries, count: deliveries.len(), total };
    let to = |deliveries| Pages { deliveries, ..pages };
    page_links(html, "Pages of deliveries", shown, to, "#deliveries");
    html.raw("</section>");
}

fn entry(html: &mut Html, delivery: &Delivery, state: &State) {
    let shown = |text: &str| from_caller(text, state.tokens());
    html.raw("<li id=\"delivery-").text(delivery.sequence).raw("\"><details><summary>");
    html.raw("<span class=\"number\">").text(delivery.sequence).raw("</span> <b>");
    html.text(shown(&delivery.method)).raw("</b> <bdi class=\"path\">");
    html.text(shown(&delivery.path)).raw("</bdi>");
    if let Some(identifier) = &delivery.workflow_identifier {
        html.raw(" <span class=\"tag\"><bdi>").text(shown(identifier)).raw("</bdi></span>");
    }
    if let Some(fault) = delivery.fault {
        html.raw(" <span class=\"tag failed\">fault: ").text(fault).raw("</span>");
    }
    html.raw("</summary><dl><div><dt>Connection</dt><dd>").text(delivery.connection);
    html.raw("</dd></div><div><dt>Token in</dt><dd>");
    html.raw(match delivery.auth_scheme {
        AuthScheme::Bearer => "Authorization: Bearer",
        AuthScheme::ApiAccessKey => "itas-api-access-key",
        AuthScheme::None => "no header",
    });
    html.raw("</dd></div>");
    let headers = [
        ("X-Request-Id", &delivery.request_id),
        ("User-Agent", &delivery.user_agent),
        ("Content-Type", &delivery.content_type),
    ];
    for (name, value) in headers {
        if let Some(value) = value {
            html.raw("<div><dt>").raw(name).raw("</dt><dd><bdi>").text(shown(value));
            html.raw("</bdi></dd></div>");
        }
    }
    html.raw("</dl>");
    if !delivery.body.is_empty() {
        html.raw("<pre tabindex=\"0\" aria-label=\"Body\">").text(shown(&body(delivery, state)));
        html.raw("</pre>");
    }
    html.raw("</details></li>");
}

/// The body of a delivery, with the secrets of its workflow masked.
fn body<'a>(delivery: &'a Delivery, state: &State) -> Cow<'a, str> {
    let identifier = delivery.workflow_identifier.as_deref();
    let workflow = identifier.and_then(|identifier| state.workflows().find(identifier));
    let variables = workflow.map_or(&[][..], |workflow| &workflow.variables);
    let mut secrets = variables.iter().filter(|variable| variable.is_secret).peekable();
    let body: Option<Value> =
        secrets.peek().and_then(|_| serde_json::from_str(&delivery.body).ok());
    let Some(mut body) = body else {
        return Cow::Borrowed(&delivery.body);
    };
    for secret in secrets {
        if let Some(value) =
            body.pointer_mut("/variables").and_then(|it| it.get_mut(&secret.parameter))
        {
            *value = SECRET.into();
        }
    }
    Cow::Owned(body.to_string())
}

/// The entries of a list that a page shows.
struct Shown {
    page: usize,
    count: usize,
    total: usize,
}

/// Links to the newer and the older entries, if there are any.
fn page_links(
    html: &mut Html,
    label: &'static str,
    shown: Shown,
    to: impl Fn(usize) -> Pages,
    anchor: &'static str,
) {
    let Shown { page, count, total } = shown;
    if total <= PAGE_LENGTH {
        return;
    }
    let before = ((page - 1) * PAGE_LENGTH).min(total);
    let link = |html: &mut Html, page: usize, text: &'static str, rel: &'static str| {
        let Pages { runs, deliveries } = to(page);
        html.raw("<a href=\"/?runs=").text(runs).raw("&amp;deliveries=").text(deliveries);
        html.raw(anchor).raw("\" rel=\"").raw(rel).raw("\">").raw(text).raw("</a> ");
    };
    html.raw("<nav class=\"pages\" aria-label=\"").raw(label).raw("\">");
    if page > 1 {
        let last = total.div_ceil(PAGE_LENGTH);
        link(html, (page - 1).min(last), "Newer", "prev");
    }
    html.raw("<span>");
    if count == 0 {
        html.raw("No entries on this page");
    } else {
        html.text(Count(before as u64 + 1)).raw("–").text(Count((before + count) as u64));
        html.raw(" of ").text(Count(total as u64));
    }
    html.raw("</span> ");
    if before + count < total {
        link(html, page + 1, "Older", "next");
    }
    html.raw("</nav>");
}

fn workflows(html: &mut Html, state: &State) {
    html.raw("<section class=\"card\" aria-labelledby=\"workflows\"><h2 id=\"workflows\">");
    html.raw("Workflows</h2><ul class=\"list\">");
    for workflow in state.workflows().iter() {
        html.raw("<li><b class=\"code\"><bdi>").text(&workflow.identifier);
        html.raw("</bdi></b><p class=\"note\"><bdi>").text(&workflow.description);
        html.raw("</bdi></p><p>");
        for variable in &workflow.variables {
            html.raw("<span class=\"tag\"><bdi>").text(&variable.parameter).raw("</bdi>");
            html.raw(if variable.is_required() { "</span> " } else { " (optional)</span> " });
        }
        html.raw("</p></li>");
    }
    html.raw("</ul></section>");
}

fn faults(html: &mut Html, state: &State) {
    html.raw("<section class=\"card\" aria-labelledby=\"faults\"><h2 id=\"faults\">Faults ");
    html.raw("<span class=\"count\">").text(Count(FAULTS.len() as u64)).raw("</span></h2>");
    let rules = state.fault_rules().all();
    if !rules.is_empty() {
        html.raw("<p class=\"note\">Asked for with <code>POST /simulator/faults</code>:</p>");
        html.raw("<ul class=\"list\">");
        for rule in &rules {
            asked_for(html, rule, state);
        }
        html.raw("</ul>");
    }
    html.raw("<p class=\"note\">Trigger the workflow, or ask for the trigger id, with this name.");
    html.raw("</p><details id=\"fault-list\"><summary>All faults</summary><dl class=\"faults\">");
    for fault in FAULTS {
        html.raw("<div><dt class=\"code\">").text(fault.identifier()).raw("</dt><dd>");
        html.text(fault.description);
        html.raw(if fault.starts_run() {
            ". A trigger starts a run.</dd></div>"
        } else {
            ".</dd></div>"
        });
    }
    html.raw("</dl></details></section>");
}

/// A fault that a test has asked for, and how often it was applied.
fn asked_for(html: &mut Html, active: &ActiveRule, state: &State) {
    let rule = &active.rule;
    html.raw("<li><b class=\"code\">").text(&rule.fault).raw("</b> ");
    for condition in
        [&rule.endpoint, &rule.workflow_identifier, &rule.trigger_id].into_iter().flatten()
    {
        html.raw("<span class=\"tag\"><bdi>").text(from_caller(condition, state.tokens()));
        html.raw("</bdi></span> ");
    }
    html.raw("<p class=\"note\">Applied: ").text(Count(active.applied));
    if let Some(times) = rule.times {
        html.raw(" of ").text(Count(times));
    }
    if rule.skip > 0 {
        html.raw(", after skipping: ").text(Count(rule.skip));
    }
    html.raw("</p></li>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, Time};
    use crate::tokens::{DEFAULT_SUPER_ADMIN_TOKEN, DEFAULT_TOKEN, Tokens};

    #[test]
    fn its_size_does_not_depend_on_the_number_of_runs() {
        let tokens = Tokens::new(DEFAULT_TOKEN.into(), DEFAULT_SUPER_ADMIN_TOKEN.into()).unwrap();
        let state = State::new(Clock::new(Time::Virtual), tokens, &crate::Options::default());
        let workflow = state.workflows().find("unlock_account").unwrap();
        for _ in 0..60_000 {
            state.add(state.new_run(workflow, 0));
        }
        for query in ["", "runs=3000"] {
            let page = respond(query, "http://127.0.0.1:8080", &Journal::default(), &state);
            let page = String::from_utf8(page.body).unwrap();
            assert_eq!(page.matches("id=\"run-").count(), PAGE_LENGTH);
            assert!(page.contains("60,000"));
            assert!(page.len() < 50_000, "{}", page.len());
        }
    }
}
