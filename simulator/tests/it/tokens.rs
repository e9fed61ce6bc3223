//! Access tokens: which endpoint requires which, and generating a new one.

use crate::client::{
    API, Client, Response, bearer, get_api, in_virtual_time, request, reset_password, result,
    validation_errors,
};
use luma_simulator::{
    DEFAULT_SUPER_ADMIN_TOKEN, DEFAULT_TOKEN, Options, Simulator, TENANT_EXTERNAL_ID,
};
use serde_json::json;

/// Generates a new token.
fn generate(simulator: &Simulator, headers: &str, query: &str) -> Response {
    let path = format!("{API}/platform/apiaccesskeys/generate{query}");
    let mut client = Client::connect(simulator);
    client.send(request("GET", &path, headers, ""));
    client.response()
}

/// The token after this many regenerations, up to nine.
fn regenerated(count: u64) -> String {
    let filler = format!("{count}-").repeat(5);
    format!("{}-{count}", DEFAULT_TOKEN.replace("0123456789", &filler))
}

#[test]
fn a_new_token_invalidates_all_old_ones() {
    let simulator = in_virtual_time();
    let super_admin = bearer(simulator.super_admin_token());
    let query = format!("?tenantExternalId={TENANT_EXTERNAL_ID}");
    let mut invalidated = vec![simulator.token()];
    for count in 1..=3 {
        let response = generate(&simulator, &super_admin, &query);
        let new = simulator.token();
        assert_eq!(
            response.body,
            format!(
                r#"{{"status":"Success","statusCode":0,"statusLine":"Able to generate new access key successfully.","errors":null,"resultData":{{"tenantId":1000,"tenantExternalId":"6c9a2b1e-3f5d-4d0e-8a67-1f2e3d4c5b6a","tenantAccessToken":"{new}"}},"warnings":null,"timestamp":1700000000000,"reasonPhrase":null,"metaInfo":null}}"#
            )
        );
        assert_eq!(new, regenerated(count));
        assert_eq!(get_api(&simulator, "/workflowdefinition").status, 200);
        for old in &invalidated {
            let mut client = Client::connect(&simulator);
            assert_eq!(client.trigger(old, &reset_password()).status, 401);
            let path = format!("{API}/workflowdefinition");
            client.send(request("GET", &path, &format!("itas-api-access-key: {old}\r\n"), ""));
            assert_eq!(client.response().status, 401);
        }
        invalidated.push(new);
    }
    assert!(simulator.runs().is_empty());
    let journal = format!("{:?}", simulator.journal());
    assert!(!journal.contains(DEFAULT_TOKEN) && !journal.contains(DEFAULT_SUPER_ADMIN_TOKEN));
}

#[test]
fn a_new_token_differs_from_both_current_ones() {
    let token = regenerated(1);
    let super_admin_token = regenerated(2);
    let simulator =
        Simulator::start_with(Options { token, super_admin_token, ..Options::default() }).unwrap();
    let query = format!("?tenantExternalId={}", TENANT_EXTERNAL_ID.to_uppercase());
    let response = generate(&simulator, &bearer(simulator.super_admin_token()), &query);
    let new = regenerated(3);
    assert_eq!(result(&response)["tenantAccessToken"], new);
    assert_eq!(simulator.token(), new);
}

#[test]
fn no_token_contains_part_of_anothers_filler() {
    let simulator = in_virtual_time();
    let super_admin = bearer(simulator.super_admin_token());
    let query = format!("?tenantExternalId={TENANT_EXTERNAL_ID}");
    let mut tokens = vec![DEFAULT_SUPER_ADMIN_TOKEN.to_owned(), simulator.token()];
    for _ in 1..=12 {
        generate(&simulator, &super_admin, &query);
        tokens.push(simulator.token());
    }
    for token in &tokens {
        let middle = token.split('.').nth(3).unwrap();
        assert_eq!(middle.len(), 230);
        for piece in (8..=middle.len()).map(|end| &middle[end - 8..end]) {
            assert_eq!(tokens.iter().filter(|token| token.contains(piece)).count(), 1, "{piece}");
        }
    }
}

#[test]
fn other_tenants_are_refused() {
    let simulator = in_virtual_time();
    let super_admin = bearer(simulator.super_admin_token());
    let other = "?tenantExternalId=00000000-0000-4000-8000-000000000000";
    for query in [other, "?tenantExternalId=", "?tenantExternalId=fault-nope"] {
        let response = generate(&simulator, &super_admin, query);
        assert_eq!((response.status, &response.json()["status"]), (404, &json!("NotFound")));
    }
    for query in ["", "?", "?tenantexternalid=1"] {
        let errors = validation_errors(&generate(&simulator, &super_admin, query));
        assert_eq!(errors, json!(["tenantExternalId is required"]));
    }
    assert_eq!(simulator.token(), DEFAULT_TOKEN);
}

#[test]
fn each_endpoint_accepts_only_its_token() {
    let simulator = in_virtual_time();
    let query = format!("?tenantExternalId={TENANT_EXTERNAL_ID}");
    let super_admin = simulator.super_admin_token();
    for headers in [
        String::new(),
        bearer(DEFAULT_TOKEN),
        format!("itas-api-access-key: {DEFAULT_TOKEN}\r\n"),
        format!("itas-api-access-key: {super_admin}\r\n"),
    ] {
        let response = generate(&simulator, &headers, &query);
        assert_eq!((response.status, &response.json()["status"]), (401, &json!("Unauthorized")));
    }
    for (method, path) in [
        ("POST", "/workflow/trigger"),
        ("GET", "/workflowhistory/x"),
        ("GET", "/workflowhistory/x/stephistory"),
        ("GET", "/workflowhistory/x/stephistory/1"),
        ("POST", "/launchincontexturl/generate"),
        ("GET", "/workflowdefinition"),
    ] {
        let key = format!("itas-api-access-key: {super_admin}\r\n");
        for headers in ["", &bearer(super_admin), &key] {
            let mut client = Client::connect(&simulator);
            client.send(request(method, &format!("{API}{path}"), headers, "{}"));
            assert_eq!(client.response().status, 401, "{method} {path}");
        }
    }
    assert_eq!(simulator.token(), DEFAULT_TOKEN);
}

#[test]
fn default_tokens_look_real_and_invalid_ones_are_refused() {
    for token in [DEFAULT_TOKEN, DEFAULT_SUPER_ADMIN_TOKEN] {
        assert!((250..=600).contains(&token.len()));
        assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)));
    }
    for token in ["", "a b", "a\r\nb"] {
        let options = Options { token: token.to_owned(), ..Options::default() };
        assert!(Simulator::start_with(options).is_err());
        let options = Options { super_admin_token: token.to_owned(), ..Options::default() };
        assert!(Simulator::start_with(options).is_err());
    }
    let same = Options { super_admin_token: DEFAULT_TOKEN.to_owned(), ..Options::default() };
    assert!(Simulator::start_with(same).is_err());
}
