//! The body of a response to each call, with any HTTP status, and lists in pages: the outcome, the
//! value and the joined list match a simple reference, and no text shows a secret.
//!
//! The first line of an input selects the call, see [`Input::parse`]; so seeds can be written by
//! hand. The rest is the body, or the pages of a list.
#![no_main]
#![allow(dead_code, unused_imports, reason = "the library's own files are included as they are")]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;

#[path = "../../src/api/mod.rs"]
mod api;
#[path = "../../src/arrays.rs"]
mod arrays;
#[path = "../../src/call_info.rs"]
mod call_info;
#[path = "../../src/error.rs"]
mod error;
#[path = "../../src/headers.rs"]
mod headers;
#[path = "../../src/interpret.rs"]
mod interpret;
#[path = "../../src/json.rs"]
mod json;
#[path = "../../src/limits.rs"]
mod limits;
#[path = "../../src/memory.rs"]
mod memory;
#[path = "../../src/outcome.rs"]
mod outcome;
#[path = "../../src/paging.rs"]
mod paging;
#[path = "../../src/redact/mod.rs"]
mod redact;
#[path = "../../src/response.rs"]
mod response;
#[path = "../../src/seen.rs"]
mod seen;
#[path = "../../src/token.rs"]
mod token;
mod tree;
#[path = "../../src/wiped.rs"]
mod wiped;

/// Nothing panics on purpose here.
mod panic_points {
    pub(crate) fn pass(_: &str) {}
}

/// The results of an exchange, without the connections.
#[path = "../../src/transport"]
mod transport {
    mod exchange;
    mod cancel {
        pub(super) struct CancellationToken<'a>(&'a str);

        impl<'a> CancellationToken<'a> {
            pub(super) fn reason(&self) -> &'a str {
                self.0
            }
        }
    }

    pub(crate) use exchange::{Exchange, Fault, HttpResponse};

    pub(crate) fn exchange(bytes_sent: u64, status: u16, body: &[u8]) -> Exchange {
        let (retry_after, location) = (None, Some("https://a.example/".to_owned()));
        let response = HttpResponse { status, retry_after, location, body: body.to_vec() };
        Exchange { bytes_sent, was_refused: false, first_byte: None, response: Ok(response) }
    }
}

use api::endpoint::Endpoint;
use api::history::{HistoryEndpoint, WorkflowHistory};
use api::launch_url::{LaunchUrl, LaunchUrlEndpoint};
use api::list::{self, ListEndpoint, ListQuery};
use api::parameter::Parameter;
use api::step::{Step, StepEndpoint, WorkflowStep};
use api::tenant_token::{TenantToken, TenantTokenEndpoint};
use api::trigger::{Trigger, TriggerEndpoint};
use api::workflow_definitions::WorkflowDefinitions;
use error::{Error, ErrorKind, Outcome};
use json::Json;
use redact::CallTexts;
use response::Response;
use seen::Seen;
use tree::{Parsed, Tree};

const TOKEN: &str = "s3cr3t/0123456789-token";
const PASSWORD: &str = "p4ssw0rd/of-a-run-0815";
const RUN: &str = "0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55";

/// Between two pages of a list.
const PAGE_END: &[u8] = b"\n--\n";

fn texts() -> CallTexts<'static> {
    CallTexts { variables: &[PASSWORD], ids: &[RUN], ..CallTexts::new(TOKEN) }
}

/// What the first line says.
struct Input<'a> {
    call: u8,
    /// False if not a byte of the request was sent.
    is_sent: bool,
    status: u16,
    /// Of a list.
    top: u64,
    /// True for a gateway that ignores `skip` and returns its pages again and again.
    is_endless: bool,
    body: &'a [u8],
}

impl<'a> Input<'a> {
    /// Reads `CALL FLAGS STATUS TOP`, such as `t- 200 0`.
    fn parse(data: &'a [u8]) -> Option<Self> {
        let end = data.iter().position(|&byte| byte == b'\n')?;
        let line = std::str::from_utf8(&data[..end]).ok()?;
        let mut words = line.split(' ');
        let [call, flags] = words.next()?.as_bytes() else { return None };
        let status = words.next()?.parse().ok().filter(|status| (100..1000).contains(status))?;
        Some(Input {
            call: *call,
            is_sent: *flags != b'n',
            is_endless: *flags == b'e',
            status,
            top: words.next().and_then(|top| top.parse().ok()).unwrap_or(0),
            body: &data[end + 1..],
        })
    }

    fn interpret<E: Endpoint>(
        &self,
        asked: &str,
        seen: Option<&mut Seen>,
    ) -> Result<(E::Value, Response), Error> {
        let bytes_sent = u64::from(self.is_sent);
        let exchange = transport::exchange(bytes_sent, self.status, self.body);
        interpret::interpret::<E>(exchange, &texts(), asked, seen)
    }
}

/// What the reference finds in a body.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Found {
    Value,
    Nothing,
    /// The reference cannot decide.
    Unsure,
}

/// The envelope, as far as it decides the outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Envelope {
    Missing,
    Success,
    ValidationError,
    OtherError,
}

/// A body as the reference reads it.
struct Body {
    envelope: Envelope,
    tree: Option<Tree>,
}

impl Body {
    /// Returns `None` if the reference cannot decide.
    fn read(body: &[u8]) -> Option<Self> {
        let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
        std::str::from_utf8(body).ok().filter(|_| json::is_text(body))?;
        let missing = Some(Body { envelope: Envelope::Missing, tree: None });
        if tree::is_nested_too_deep(body) {
            return missing;
        }
        let tree = match tree::parse(body) {
            Parsed::Tree(tree) => tree,
            Parsed::Odd => return None,
            Parsed::NotJson => return missing,
        };
        let names = ["status", "statusCode", "statusLine", "errors", "resultData"];
        let Some(status) = tree.get("status").and_then(Tree::text) else { return missing };
        if names.iter().any(|name| tree.has_twice(name)) {
            return missing;
        }
        let is_error = tree.is_error()?;
        let envelope = match status {
            "Success" => Envelope::Success,
            "DataValidationError" => Envelope::ValidationError,
            _ if is_error => Envelope::OtherError,
            _ => Envelope::Missing,
        };
        Some(Body { envelope, tree: Some(tree) })
    }

    fn data(&self, name: &str) -> Option<&Tree> {
        self.tree.as_ref()?.get("resultData")?.get(name)
    }
}

/// Checks the outcome of a call, and what its error shows.
fn check_outcome<T>(input: &Input<'_>, result: &Result<T, Error>, found: Found, has_effect: bool) {
    let Err(error) = result else {
        assert!(input.is_sent && (200..300).contains(&input.status));
        assert_ne!(found, Found::Nothing);
        return;
    };
    check_secrecy(error);
    assert_ne!(error.kind(), ErrorKind::Internal);
    let outcome = error.outcome();
    if !input.is_sent {
        assert_eq!(outcome, Outcome::NotSent);
        return;
    }
    let Some(body) = Body::read(input.body) else {
        assert!(matches!(outcome, Outcome::Rejected | Outcome::Unknown));
        return;
    };
    let is_success = (200..300).contains(&input.status) && body.envelope == Envelope::Success;
    if is_success {
        assert_ne!(found, Found::Value, "{error}");
    }
    let may_have_acted = input.status == 408 || input.status >= 500;
    let is_refused = match body.envelope {
        Envelope::ValidationError => true,
        Envelope::OtherError if !may_have_acted => true,
        _ => matches!(
            input.status,
            307 | 308 | 400 | 401 | 403..=405 | 407 | 409..=411 | 413..=415 | 421 | 422 | 425 | 426
                | 428 | 429 | 431 | 511
        ),
    };
    match outcome {
        Outcome::Rejected => assert!(is_refused, "{error}"),
        Outcome::Unknown => {
            // With the value of a call that has an effect, nothing is certain.
            let is_error =
                matches!(body.envelope, Envelope::ValidationError | Envelope::OtherError);
            let counts = has_effect || !is_error;
            assert!(!is_refused || counts && found != Found::Nothing, "{error}");
        }
        Outcome::Accepted | Outcome::NotSent => panic!("{outcome} {error}"),
    }
}

fn check_secrecy(error: &Error) {
    let texts = [error.message().to_owned(), error.to_string(), format!("{error:?}")];
    for text in texts.iter().chain(error.errors()) {
        check_masked(text);
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
    if let Some(response) = error.response() {
        check_masked(response.text());
        check_tree(response.text(), &check_masked);
    }
}

fn check_masked(text: &str) {
    for secret in [TOKEN, PASSWORD] {
        assert!(!text.contains(secret), "{text}");
        assert!(!text.contains(&secret.replace('/', "\\/")), "{text}");
    }
}

/// Checks each string in JSON.
fn check_tree(text: &str, check: &dyn Fn(&str)) {
    if let Parsed::Tree(tree) = tree::parse(tree::without_surrogates(text).as_bytes()) {
        tree.any_text(&|text| {
            check(text);
            false
        });
    }
}

fn of(is_value: bool) -> Found {
    if is_value { Found::Value } else { Found::Nothing }
}

fn integer(value: Option<&Tree>) -> Option<i64> {
    match value {
        Some(Tree::Integer(number)) => Some(*number),
        _ => None,
    }
}

fn text(value: Option<&Tree>) -> &str {
    value.and_then(Tree::text).unwrap_or_default()
}

fn is_plain(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Calls every getter of a value that a list or a step contains.
fn read_step(step: Step<'_>) {
    let _ = (step.id(), step.name(), step.status(), step.status_text(), step.json().raw());
    let _ = (step.start_time_ms(), step.end_time_ms(), step.time_spent_ms());
}

fn read_parameters(parameters: Vec<Parameter<'_>>) {
    for parameter in parameters {
        let _ = (parameter.name(), parameter.value(), parameter.data_type());
        let _ = (parameter.caption(), parameter.description(), parameter.is_required());
    }
}

fn trigger(input: &Input<'_>, body: Option<&Body>) {
    let mut seen = Seen::default();
    let result = input.interpret::<TriggerEndpoint>("w", Some(&mut seen));
    let config = body.and_then(|body| body.data("executionConfig"));
    let id = config.and_then(|config| config.get("triggerId"));
    let is_plain_id = is_plain(text(id), 1024) && !text(id).contains(TOKEN);
    let data = body.and_then(|body| body.tree.as_ref()?.get("resultData"));
    let is_object = matches!(config, Some(Tree::Object(_)))
        && !config.is_some_and(|config| config.has_twice("identifier"));
    let has_twice = data.is_some_and(|data| {
        ["executionConfig", "statusInfo"].iter().any(|name| data.has_twice(name))
            || data.get("statusInfo").is_some_and(|info| info.has_twice("status"))
    });
    // The name may be written in many ways.
    let mentions_id =
        input.body.iter().any(|byte| matches!(byte, b't' | b'T' | b'\\' | b'&' | b'%'));
    let found = match mentions_id {
        false => Found::Nothing,
        true if is_object && is_plain_id && !has_twice => Found::Value,
        true => Found::Unsure,
    };
    check_outcome(input, &result, found, true);
    if let Ok((run, response)) = result {
        let trigger = Trigger { run, response };
        if let Some(Tree::Text(id)) = id {
            assert_eq!(trigger.trigger_id(), id.trim());
        }
        assert!(!trigger.trigger_id().trim().is_empty());
        assert!(!trigger.to_string().contains(char::is_control));
        // The same trigger id again is not that of another trigger.
        let again = input.interpret::<TriggerEndpoint>("w", Some(&mut seen));
        assert_eq!(again.map(drop).map_err(|error| error.outcome()), Err(Outcome::Unknown));
    }
}

fn history(input: &Input<'_>, body: Option<&Body>) {
    let mut seen = Seen::default();
    let result = input.interpret::<HistoryEndpoint>(RUN, Some(&mut seen));
    let status = body.map(|body| text(body.data("status")));
    let found = match status {
        None => Found::Unsure,
        Some(status) if status.is_ascii() => {
            let is_printable = (1..=128).contains(&status.len())
                && !status.trim().is_empty()
                && !status.bytes().any(|byte| byte.is_ascii_control());
            of(is_printable && !status.contains(TOKEN))
        }
        Some(_) => Found::Unsure,
    };
    check_outcome(input, &result, found, false);
    if let Ok((state, response)) = result {
        let history = WorkflowHistory { state, response };
        read_parameters(history.parameters());
        let _ = (history.summary().to_string(), history.to_string());
        assert!(!history.has_ended_since(&history.summary()) || history.end_time_ms() > Some(0));
        let copy = history.summary().to_history();
        assert_eq!((copy.status(), copy.status_text()), (history.status(), history.status_text()));
        if let Some(body) = body {
            assert_eq!(history.status_text(), text(body.data("status")));
            for (name, time) in [
                ("startTime", history.start_time_ms()),
                ("endTime", history.end_time_ms()),
                ("timeSpent", history.time_spent_ms()),
            ] {
                // The reference reads -0 as a float.
                assert!(time == integer(body.data(name)) || time == Some(0), "{name}");
            }
        }
        assert!(input.interpret::<HistoryEndpoint>(RUN, Some(&mut seen)).is_ok());
    }
}

fn step(input: &Input<'_>, body: Option<&Body>) {
    let result = input.interpret::<StepEndpoint>("/a", Some(&mut Seen::default()));
    let found = match body {
        None => Found::Unsure,
        Some(body) => of(["id", "activityId", "activityName"].iter().any(|name| {
            matches!(
                body.data(name).filter(|_| is_object(body)),
                Some(Tree::Text(_) | Tree::Number | Tree::Integer(_))
            )
        })),
    };
    check_outcome(input, &result, found, false);
    if let Ok(((), response)) = result {
        let step = WorkflowStep { response };
        read_step(step.step());
        let _ = step.to_string();
    }
}

/// True if `resultData` is an object.
fn is_object(body: &Body) -> bool {
    let data = body.tree.as_ref().and_then(|tree| tree.get("resultData"));
    matches!(data, Some(Tree::Object(_)))
}

fn launch_url(input: &Input<'_>, body: Option<&Body>) {
    let result = input.interpret::<LaunchUrlEndpoint>(RUN, Some(&mut Seen::default()));
    let data = body.and_then(|body| body.tree.as_ref()?.get("resultData"));
    let url = text(data).trim();
    let is_url = ["https://", "http://"].iter().any(|scheme| {
        let rest = url.strip_prefix(scheme).unwrap_or_default();
        rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            && is_plain(url, 8192)
            && !url.contains(['"', '\'', '<', '>', '\\', '`'])
    });
    check_outcome(input, &result, if is_url { Found::Value } else { Found::Unsure }, true);
    if let Ok((secret, response)) = result {
        let result = LaunchUrl { url: secret, response };
        if data.is_some() {
            assert_eq!(result.url(), url);
        }
        check_new_secret(result.url(), result.response(), &format!("{result:?} {result}"));
    }
}

fn tenant_token(input: &Input<'_>, body: Option<&Body>) {
    let result = input.interpret::<TenantTokenEndpoint>("", None);
    let token = body.map_or("", |body| text(body.data("tenantAccessToken")).trim());
    let is_token = is_plain(token, 8192)
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && body.is_some_and(is_object);
    check_outcome(input, &result, if is_token { Found::Value } else { Found::Unsure }, true);
    if let Ok((secret, response)) = result {
        let result = TenantToken { token: secret, response };
        if body.is_some() {
            assert_eq!(result.access_token(), token);
        }
        check_new_secret(result.access_token(), result.response(), &format!("{result:?} {result}"));
    }
}

/// Checks that a new secret is shown nowhere in its response, unless it is short.
fn check_new_secret(secret: &str, response: &Response, shown: &str) {
    assert!(json::is_json(response.text()));
    assert!(response.text().contains("[secret]"));
    // A part of it is an id that the caller knows.
    if secret.len() < redact::WINDOW || secret.contains(RUN) || "[secret]".contains(secret) {
        return;
    }
    assert!(!shown.contains(secret), "{shown}");
    assert!(!response.text().contains(secret), "{}", response.text());
    check_tree(response.text(), &|text| assert!(!text.contains(secret), "{text}"));
}

/// Fetches a list whose pages are in the input, and joins them as a reference does.
fn list(input: &Input<'_>) {
    let mut pages = Vec::new();
    let mut rest = input.body;
    while let Some(at) = rest.windows(PAGE_END.len()).position(|window| window == PAGE_END) {
        pages.push(&rest[..at]);
        rest = &rest[at + PAGE_END.len()..];
    }
    pages.push(rest);
    let empty: &[u8] = br#"{"status":"Success","resultData":[]}"#;

    // Those that were received.
    let mut received: Vec<Vec<String>> = Vec::new();
    let mut requests = 0;
    let query = ListQuery { filter: "a==b", order_by: "", skip: 3, top: input.top };
    let mut fetch_page = |path: &str| {
        let at = if input.is_endless { requests % pages.len() } else { requests };
        requests += 1;
        // A gateway that never gives the same list twice cannot be ended by paging.
        assert!(requests <= 64 + 2 * pages.len(), "an endless list: {path}");
        let body = pages.get(at).copied().unwrap_or(empty);
        if body == b"too large" {
            return Err(Error::new(ErrorKind::ResponseTooLarge, Outcome::Unknown, "too large"));
        }
        let page = Input { body, ..*input };
        let result = page.interpret::<ListEndpoint>("/x", None);
        let body = Body::read(body);
        let found = match body.as_ref().map(|body| body.tree.as_ref()?.get("resultData")) {
            None | Some(Some(Tree::Null)) => Found::Unsure,
            Some(Some(Tree::Array(elements))) => {
                of(elements.iter().all(|element| matches!(element, Tree::Object(_))))
            }
            Some(_) => Found::Nothing,
        };
        check_outcome(&page, &result, found, false);
        let (ranges, response) = result?;
        let response = response.with_elements(ranges);
        received.push(response.list_elements().map(|json| json.raw().to_owned()).collect());
        Ok(response)
    };
    let result = paging::fetch(&query, "/x", &mut fetch_page);

    let mut expected: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for (number, page) in received.iter().enumerate() {
        let identities = page.iter().map(|element| list::identity(Json::new(element)));
        let new: Vec<(String, &String)> = identities
            .zip(page)
            .filter(|(identity, _)| number == 0 || !seen.contains(identity))
            .collect();
        for (identity, element) in new {
            expected.push(element.clone());
            seen.insert(identity);
        }
    }
    if input.top > 0 {
        expected.truncate(usize::try_from(input.top).unwrap_or(usize::MAX));
    }
    let joined = match result {
        Ok(response) => response,
        Err(mut error) => {
            check_secrecy(&error);
            let Some(list) = error.take_incomplete_list() else {
                assert!(received.is_empty());
                return;
            };
            assert_eq!(error.kind(), ErrorKind::ListIncomplete);
            list
        }
    };
    let elements: Vec<&str> = joined.list_elements().map(Json::raw).collect();
    assert_eq!(elements, expected);
    assert!(json::is_json(joined.text()), "{}", joined.text());
    if let Ok(data) = joined.pointer("/resultData")
        && !elements.is_empty()
    {
        assert_eq!(data.elements().iter().map(|json| json.raw()).collect::<Vec<_>>(), elements);
    }
    let definitions = WorkflowDefinitions { response: joined.clone() };
    for definition in definitions.iter() {
        let _ = (definition.identifier(), definition.name(), definition.description());
        read_parameters(definition.parameters());
    }
    joined.list_elements().map(Step::from_json).for_each(read_step);
}

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    let body = Body::read(input.body);
    match input.call {
        b't' => trigger(&input, body.as_ref()),
        b'h' => history(&input, body.as_ref()),
        b's' => step(&input, body.as_ref()),
        b'u' => launch_url(&input, body.as_ref()),
        b'a' => tenant_token(&input, body.as_ref()),
        b'l' => list(&input),
        _ => {}
    }
});
