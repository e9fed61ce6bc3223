//! Every call of the API with its fixture, and servers that respond to it.

use std::fmt::{Debug, Display};

use luma::Outcome;
use luma::{Client, Error, ErrorKind as E, ListQuery, Response};
use serde_json::Value;

use crate::support::Step::{self, *};
use crate::support::{SUCCESS as TRIGGER, ScriptServer, config, request, response};

pub const HISTORY: &str = include_str!("../fixtures/history-completed.json");
pub const STEPS: &str = include_str!("../fixtures/steps.json");
pub const STEP: &str = include_str!("../fixtures/step-detail.json");
pub const LAUNCH_URL: &str = include_str!("../fixtures/launch-url.json");
pub const TENANT_TOKEN: &str = include_str!("../fixtures/regenerate-token.json");
pub const WORKFLOWS: &str = include_str!("../fixtures/definitions.json");

pub const NEXT_TOKEN: &str = "bmV4dC10b2tlbg.bmV4dC10b2tlbg/bmV4dC10b2tlbg";
pub const SUPER_ADMIN: &str = "eyJhbGciOiJub25lIn0/c3VwZXItYWRtaW4.c2lnbmF0dXJl";
pub const URL: &str = "https://acme.automation.example/execution/0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55?accessKey=tmp-4f1c";
pub const NEW_TOKEN: &str = "example-not-a-real-token.payload.signature";
/// A part of each secret that JSON escapes cannot change.
pub const PIECES: [&str; 5] =
    ["c2VjcmV0LXRva2Vu", "bmV4dC10b2tlbg", "c3VwZXItYWRtaW4", "tmp-4f1c", "example-not-a-real"];

pub const QUERY: ListQuery<'_> =
    ListQuery { filter: "name=='*a&b+c#ä*'", order_by: "startTime asc", skip: 7, top: 20 };

pub struct Call {
    pub name: &'static str,
    pub fixture: &'static str,
    /// The method, and the path below `/gateway/api/v1`.
    pub request_line: &'static str,
    pub body: &'static str,
    pub run: fn(&Client) -> Result<Shown, Error>,
}

/// The text that shows a result (`Display` and `Debug`), and its response.
pub type Shown = (String, Response);

fn shown<T: Debug + Display>(
    result: Result<T, Error>,
    response: fn(&T) -> &Response,
) -> Result<Shown, Error> {
    result.map(|found| (format!("{found} {found:?}"), response(&found).clone()))
}

#[rustfmt::skip]
pub const CALLS: [Call; 7] = [
    Call {
        name: "trigger",
        fixture: TRIGGER,
        request_line: "POST /workflow/trigger",
        body: r#"{"workflowIdentifier":"reset_password","variables":{"userName":"jdoe"},"initiatorContactId":4021,"initiatorApplicationId":-4,"initiationInfo":{"ticketIdentifier":"100-1"}}"#,
        run: |client| shown(client.trigger_workflow(&request()), |trigger| trigger.response()),
    },
    Call {
        name: "history",
        fixture: HISTORY,
        request_line: "GET /workflowhistory/run%201%25%C3%A4",
        body: "",
        run: |client| shown(client.get_workflow_history("run 1%ä"), |history| history.response()),
    },
    Call {
        name: "steps",
        fixture: STEPS,
        request_line: "GET /workflowhistory/a%3Fb/stephistory?skip=7&top=20&filter=name%3D%3D%27%2Aa%26b%2Bc%23%C3%A4%2A%27&orderBy=startTime%20asc",
        body: "",
        run: |client| shown(client.list_workflow_steps("a?b", &QUERY), |steps| steps.response()),
    },
    Call {
        name: "step",
        fixture: STEP,
        request_line: "GET /workflowhistory/a%3Fb/stephistory/8%230%3B0",
        body: "",
        run: |client| shown(client.get_workflow_step("a?b", "8#0;0"), |step| step.response()),
    },
    Call {
        name: "launch URL",
        fixture: LAUNCH_URL,
        request_line: "POST /launchincontexturl/generate",
        body: r#"{"launchContext":"WORKFLOW_EXECUTION_STATUS","contextInfo":{"triggerId":"a\"b?c"}}"#,
        run: |client| shown(client.generate_launch_url("a\"b?c"), |url| url.response()),
    },
    Call {
        name: "tenant token",
        fixture: TENANT_TOKEN,
        request_line: "GET /platform/apiaccesskeys/generate?tenantExternalId=a%26b%3D1",
        body: "",
        run: |client| {
            shown(client.regenerate_tenant_token(SUPER_ADMIN, "a&b=1"), |token| token.response())
        },
    },
    Call {
        name: "workflows",
        fixture: WORKFLOWS,
        request_line: "GET /workflowdefinition?skip=7&top=20&filter=name%3D%3D%27%2Aa%26b%2Bc%23%C3%A4%2A%27&orderBy=startTime%20asc",
        body: "",
        run: |client| shown(client.list_workflow_definitions(&QUERY), |workflows| workflows.response()),
    },
];

impl Call {
    /// True if it returns a list, which may take several requests.
    pub fn is_list(&self) -> bool {
        matches!(self.name, "steps" | "workflows")
    }
}

pub fn call(name: &str) -> &'static Call {
    CALLS.iter().find(|call| call.name == name).unwrap()
}

pub fn client(url: &str) -> Client {
    Client::with_config(&config(url)).unwrap()
}

pub fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    response("200 OK", body)
}

/// Responds to one request after the other, then waits for the client to close.
pub fn answers(responses: &[Vec<u8>]) -> Vec<Step> {
    let steps = responses.iter().flat_map(|response| [Read, Send(response.clone())]);
    steps.chain([Wait]).collect()
}

/// A server that sends these responses on each connection, and its client.
pub fn serving(responses: &[Vec<u8>]) -> (ScriptServer, Client) {
    let server = ScriptServer::start(vec![answers(responses)]);
    let client = client(&server.url);
    (server, client)
}

/// The result of a call whose request gets this response. A list gets it again as its second page,
/// which ends it.
pub fn with<T>(response: Vec<u8>, call: impl FnOnce(&Client) -> T) -> T {
    let (_server, client) = serving(&[response.clone(), response]);
    call(&client)
}

/// The result of a call that gets a 200 with this body.
pub fn with_body<T>(body: impl AsRef<[u8]>, call: impl FnOnce(&Client) -> T) -> T {
    with(ok(body), call)
}

/// A success envelope with this `resultData`.
pub fn success(data: &str) -> String {
    format!(r#"{{"status":"Success","statusCode":0,"statusLine":"ok","resultData":{data}}}"#)
}

pub fn replaced(text: &str, find: &str, replace: &str) -> String {
    assert!(text.contains(find), "{find}");
    text.replace(find, replace)
}

pub fn failure<T: Debug>(result: Result<T, Error>) -> (Outcome, E) {
    let error = result.expect_err("a failure");
    println!("{error}");
    (error.outcome(), error.kind())
}

/// Asserts that no text of an error contains a secret, in whatever spelling.
pub fn assert_error_shows_no_secret(error: &Error, case: &str) {
    let mut shown = format!("{error} {error:?} {:?} {}", error.errors(), error.message());
    for byte in b' '..=b'~' {
        shown = shown.replace(&format!("\\u00{byte:02x}"), &char::from(byte).to_string());
        shown = shown.replace(&format!("\\u00{byte:02X}"), &char::from(byte).to_string());
    }
    assert!(!PIECES.iter().any(|piece| shown.contains(piece)), "{case}: {shown}");
}

/// Asserts that the response kept with an error contains no secret, in whatever spelling.
pub fn assert_response_has_no_secret(error: &Error, case: &str) {
    let text = error.response().map_or("", Response::text);
    let decoded: Value = serde_json::from_str(text).unwrap_or_default();
    let shown = format!("{text} {decoded}");
    assert!(!PIECES.iter().any(|piece| shown.contains(piece)), "{case}: {shown}");
}

/// A page of workflow definitions with these numbers.
pub fn page(numbers: std::ops::Range<usize>) -> String {
    let one =
        |number| format!(r#"{{"identifier":"w{number}","inputParameters":"{{\"n\":{number}}}"}}"#);
    success(&format!("[{}]", numbers.map(one).collect::<Vec<_>>().join(",\n")))
}

/// The token in each request.
pub fn tokens(server: &ScriptServer) -> Vec<String> {
    let token = |request: String| {
        let lines = request.lines().filter_map(|line| line.strip_prefix("Authorization: Bearer "));
        let [token] = lines.collect::<Vec<_>>()[..] else { panic!("{request}") };
        token.to_owned()
    };
    server.requests().into_iter().map(token).collect()
}
