//! Promise 3 inside the process: no message, no response and no `Debug` output shows a secret.

use std::sync::{Arc, Mutex};

use luma::Outcome::*;
use luma::{Client, Error, ErrorKind, LogLevel};
use serde_json::Value;

use crate::support::calls::*;
use crate::support::{
    SUCCESS, ScriptServer, Step, TOKEN, TRIGGER_ID, VALIDATION_ERROR, config, request, response,
    trigger,
};

/// A fixture that contains the secret in `metaInfo` and `statusLine` as well.
fn repeating(fixture: &str, secret: &str) -> String {
    let fixture =
        replaced(fixture, "\"metaInfo\":null", &format!(r#""metaInfo":{{"it":"{secret}"}}"#));
    replaced(&fixture, "\"statusLine\":\"", &format!("\"statusLine\":\"{secret} "))
}

/// The calls that return a secret, and responses with it in several places and spellings.
fn secret_responses() -> Vec<(&'static Call, String)> {
    let mut responses = Vec::new();
    for (name, secret) in [("launch URL", URL), ("tenant token", "a/new/token/example-not-a-real")]
    {
        let call = call(name);
        let fixture = call.fixture.replace(NEW_TOKEN, secret);
        let slashed = secret.replace('/', "\\/");
        responses.push((call, repeating(&fixture, secret)));
        responses.push((call, repeating(&fixture, &slashed)));
        responses.push((call, repeating(&replaced(&fixture, secret, &slashed), secret)));
        // As Gson writes it.
        let escaped = secret.replace('=', "\\u003d").replace("not", "\\u006eot");
        responses.push((call, replaced(&fixture, secret, &escaped)));
    }
    responses
}

#[test]
fn only_its_getter_returns_a_new_secret() {
    for (call, body) in secret_responses() {
        let (text, response) = with_body(&body, call.run).unwrap();
        let decoded: Value = serde_json::from_str(response.text()).unwrap();
        let shown = format!("{text} {response:?} {} {decoded}", response.text());
        assert!(!PIECES.iter().any(|piece| shown.contains(piece)), "{body}: {shown}");
    }
}

#[test]
fn a_new_secret_repeated_with_other_escapes_is_masked() {
    let url = URL.replace('=', "\\u003d");
    let (_, response) = with_body(repeating(LAUNCH_URL, &url), call("launch URL").run).unwrap();
    assert!(!response.text().contains("tmp-4f1c"), "{}", response.text());
}

#[test]
fn a_new_secret_in_a_failing_response_is_not_shown() {
    for (call, body) in secret_responses() {
        let error = "\"status\":\"X\",\"statusCode\":2";
        let other = replaced(&body, "\"status\":\"Success\",\"statusCode\":0", error);
        let data = "\"resultData\":";
        for failing in [
            body[..body.trim_end().len() - 1].to_owned(),
            body[..body.len() / 2].to_owned(),
            replaced(&body, "\"Success\"", "\"DataValidationError\""),
            replaced(&body, "\"Success\"", "7"),
            replaced(&body, "\"Success\"", "\"UP\""),
            replaced(&body, "{\"status\"", "{\"status\":\"X\",\"status\""),
            replaced(&body, data, &format!("{data}null,{data}")),
            replaced(&other, "\"errors\":null", "\"errors\":[\"e\"]"),
            format!("<pre>{body}</pre>"),
            other,
            body,
        ] {
            for status in ["200 OK", "302 X", "400 X", "401 X", "500 X"] {
                let result = with(response(status, &failing), call.run);
                assert!(result.is_err() || status == "200 OK" && failing.contains("\"Success\""));
                let case = format!("{} {status} {failing}", call.name);
                if let Err(error) = result {
                    assert_error_shows_no_secret(&error, &case);
                    assert_response_has_no_secret(&error, &case);
                }
            }
        }
    }
}

#[test]
fn a_new_secret_in_an_unusual_place_of_a_failing_response_is_not_shown() {
    for (name, secret) in [("launch URL", URL), ("tenant token", NEW_TOKEN)] {
        let said = r#""statusLine":"no","errors":["no"]"#;
        for (code, rest) in [
            (2, format!(r#""resultData":null,"metaInfo":{{"it":"{secret}"}}"#)),
            (0, format!(r#""data":{{"it":"{secret}"}}"#)),
        ] {
            let status = if code == 0 { "Success" } else { "X" };
            let body = format!(r#"{{"status":"{status}","statusCode":{code},{said},{rest}}}"#);
            let error = with_body(&body, call(name).run).unwrap_err();
            assert_error_shows_no_secret(&error, &body);
            assert_response_has_no_secret(&error, &body);
        }
    }
}

/// Every call with responses that repeat the token it sent, in several of JSON's spellings.
fn with_echoes(check: fn(&Error, &str)) {
    for call in &CALLS {
        let token = if call.name == "tenant token" { SUPER_ADMIN } else { NEXT_TOKEN };
        let escaped: String =
            token.bytes().map(|byte| format!("\\u00{byte:02X}")).collect::<Vec<_>>().concat();
        let half = token.replace('a', "\\u0061");
        for token in [token, &token.replace('/', "\\/"), &escaped, &half] {
            let said =
                format!(r#""statusLine":"no {token}","errors":["{token}",{{"t":"{token}"}}]"#);
            for body in [
                format!(r#"{{"status":"X","statusCode":1,{said},"resultData":null}}"#),
                format!(r#"{{"status":"DataValidationError","statusCode":1,{said}}}"#),
                format!(r#"{{"status":"{token}","statusCode":1}}"#),
                format!("<html>you sent {token}</html>"),
                format!("[\"{token}\"]"),
                format!(r#"{{"status":"X","statusCode":1,"errors":["\ud800 {token}"]}}"#),
                format!(r#"{{"status":"X","statusCode":1,"errors":{{"t":"{token}"}}}}"#),
                format!(r#"{{"status":"X","statusCode":1,"errors":["{token}"#),
            ] {
                for status in ["200 OK", "302 X", "401 X", "500 X"] {
                    let error = with(response(status, &body), |client| {
                        client.set_access_token(NEXT_TOKEN).unwrap();
                        (call.run)(client).unwrap_err()
                    });
                    check(&error, &format!("{} {status} {body}", call.name));
                }
            }
        }
    }
}

#[test]
fn a_token_that_the_server_repeats_is_in_no_message() {
    with_echoes(assert_error_shows_no_secret);
}

#[test]
fn a_token_that_the_server_repeats_is_not_in_the_response_of_an_error() {
    with_echoes(assert_response_has_no_secret);
}

#[test]
fn shortening_a_message_never_leaves_half_a_token() {
    let token = "s3cr3t/0123456789-example";
    for written in [token, "s3cr3t\\/0123456789-example"] {
        for padding in 0..written.len() {
            let body = "x".repeat(padding) + &written.repeat(60);
            let error = with(response("400 X", &body), |client| {
                client.set_access_token(token).unwrap();
                (call("trigger").run)(client).unwrap_err()
            });
            assert!(error.message().contains("[secret]"), "{error}");
            for part in ["s3cr3t", "0123", "example"] {
                assert!(!error.message().contains(part), "{padding}: {error}");
            }
        }
    }
}

#[test]
fn a_response_that_may_contain_a_new_token_is_unknown() {
    let twice = r#""tenantAccessToken":"first","tenantAccessToken""#;
    for (status, body) in [
        ("400 X", replaced(TENANT_TOKEN, "\"Success\"", "7")),
        ("400 X", TENANT_TOKEN[..TENANT_TOKEN.len() - 9].to_owned()),
        ("401 X", replaced(TENANT_TOKEN, "\"tenantAccessToken\"", twice)),
        ("400 X", success("\"eyJ0.a-new.token\"")),
        ("404 X", success(r#"[{"token":"eyJ0.a-new.token"}]"#)),
        ("409 X", success(r#"{"TenantAccessToken":"eyJ0.a-new.token"}"#)),
        (
            "200 OK",
            replaced(
                VALIDATION_ERROR,
                "{\"executionConfig",
                "{\"accessToken\":\"x\",\"executionConfig",
            ),
        ),
        // Not a valid token.
        ("200 OK", success(r#"{"tenantAccessToken":"\ud800abcdef"}"#)),
    ] {
        let error = with(response(status, &body), call("tenant token").run).unwrap_err();
        assert_eq!(error.outcome(), Unknown, "{error}: {body}");
    }
}

/// The text in numeric escapes of JSON.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("\\u{byte:04x}")).collect()
}

#[test]
fn a_token_that_the_server_repeats_anywhere_is_never_shown() {
    let envelope = |errors: &str| {
        let status_line = format!("Nobody knows {TOKEN}.");
        format!(
            r#"{{"status":"{TOKEN}","statusLine":"{status_line}","errors":{errors},"resultData":null}}"#
        )
    };
    let long = format!("{}{TOKEN}", "x".repeat(490));
    let head = |header: &str| format!("HTTP/1.1 200 OK\r\n{header}\r\n\r\n{SUCCESS}").into_bytes();
    let cases: Vec<Vec<u8>> = vec![
        response("502 Bad Gateway", format!("<html>Authorization: Bearer {TOKEN}</html>")),
        response("502 Bad Gateway", [b"\xFF\xFE", TOKEN.as_bytes(), b"\xFF"].concat()),
        // At the place where the message is cut.
        response("502 Bad Gateway", &long),
        response("401 Unauthorized", format!(r#"{{"message":"no such token: {TOKEN}"}}"#)),
        response("200 OK", envelope("null")),
        response("200 OK", envelope(&format!(r#"["{TOKEN}","a {TOKEN} b {TOKEN}"]"#))),
        response("400 Bad Request", envelope(&format!(r#"[{{"token":"{TOKEN}"}},["{TOKEN}"]]"#))),
        response("400 Bad Request", envelope(&format!(r#""{TOKEN}""#))),
        // In another spelling.
        response(
            "400 Bad Request",
            envelope(&format!(r#"["{TOKEN}"]"#)).replace(TOKEN, &escaped(TOKEN)),
        ),
        response(&format!("302 {TOKEN}\r\nLocation: https://acme.example/{TOKEN}"), ""),
        response(&format!("429 X\r\nRetry-After: {TOKEN}"), TOKEN),
        format!("{TOKEN}\r\n\r\n").into_bytes(),
        format!("HTTP/1.1 {TOKEN}\r\n\r\n").into_bytes(),
        head(TOKEN),
        head(&format!("Content-Length: {TOKEN}")),
        head(&format!("Transfer-Encoding: {TOKEN}")),
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{TOKEN}\r\n").into_bytes(),
    ];
    for bytes in cases {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let server = ScriptServer::start(vec![vec![Step::Read, Step::Send(bytes)]]);
        let config = config(&server.url);
        let client = Client::with_config(&config).unwrap();
        let result = trigger(&client);
        let mut texts = vec![
            format!("{client:?}"),
            format!("{config:?}"),
            format!("{config:#?}"),
            format!("{result:?}"),
            format!("{result:#?}"),
        ];
        if let Err(error) = result {
            println!("{error}");
            texts.extend([error.message().to_owned(), error.to_string(), error.errors().concat()]);
        }
        for text in texts {
            assert!(!text.contains(TOKEN), "{shown}\n{text}");
        }
    }
}

/// The token as servers write it, other than in JSON's escapes.
fn spellings(token: &str) -> Vec<String> {
    let special = |escape: fn(char) -> String| -> String {
        token.chars().map(|c| if c.is_alphanumeric() { c.into() } else { escape(c) }).collect()
    };
    let each = |escape: fn(u8) -> String| token.bytes().map(escape).collect::<String>();
    let broken = |by: &str| {
        token.as_bytes().chunks(12).map(String::from_utf8_lossy).collect::<Vec<_>>().join(by)
    };
    let base64 = |text: &str| {
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let digit = |bits: u32| char::from(digits[bits as usize & 63]);
        let group = |chunk: &[u8]| {
            let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            let group: String = [18, 12, 6, 0].map(|shift| digit(bits >> shift)).iter().collect();
            group[..=chunk.len()].to_owned() + &"="[..usize::from(chunk.len() < 3)]
        };
        text.as_bytes().chunks(3).map(group).collect::<String>()
    };
    vec![
        each(|byte| format!("%{byte:02X}")),
        special(|c| format!("%{:02x}", u32::from(c))),
        special(|c| format!("%25{:02X}", u32::from(c))),
        // OWASP ESAPI, Spring and ASP.NET.
        special(|c| format!("&#x{:x};", u32::from(c))),
        special(|c| format!("&#{};", u32::from(c))),
        special(|c| format!("&amp;#{};", u32::from(c))),
        each(|byte| format!("&#{byte};")),
        each(|byte| format!("{byte:02x}")),
        each(|byte| format!("{byte:02X}")),
        base64(token),
        base64(&format!("x{token}")),
        base64(&format!("Authorization: Bearer {token}")),
        base64(token).replace('+', "-").replace('/', "_"),
        broken("\\r\\n"),
        broken("\\n\\t"),
        broken("\u{200b}"),
        broken("\\u00ad"),
        broken("&#8203;"),
        broken("%0A"),
        token.to_uppercase(),
    ]
}

#[test]
fn a_token_in_any_spelling_is_masked_and_ids_stay_readable() {
    const RUN: &str = "0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c99";
    let error_of = |status: &str, body: &str| {
        with(response(status, body), call("history").run).expect_err("a failure")
    };
    for spelling in spellings(TOKEN) {
        for (status, body) in [
            (
                "400 X",
                format!(r#"{{"status":"X","statusCode":1,"errors":["run {RUN}: {spelling}"]}}"#),
            ),
            (
                "401 X",
                format!(r#"{{"status":"X","statusCode":1,"statusLine":"{RUN} {spelling} x"}}"#),
            ),
            (
                "401 X",
                format!(r#"{{"error":"{RUN}","sent":{{"authorization":"Bearer {spelling}"}}}}"#),
            ),
            ("502 X", format!("<html>{RUN}<p title='{spelling}'>bad</p></html>")),
            ("302 X", format!("id={RUN}&token={spelling}&more=1")),
        ] {
            let error = error_of(status, &body);
            let json = error.response().map_or("", |response| response.text());
            let shown = format!("{error} {error:?} {} {json}", error.errors().concat());
            assert!(shown.contains(RUN) && shown.contains("[secret]"), "{body}: {shown}");
            let echoed: Vec<char> = spelling.chars().collect();
            for part in echoed.chunks(20).filter(|part| part.len() == 20) {
                let part: String = part.iter().collect();
                assert!(!shown.contains(&part), "{body}: {shown}");
            }
            assert!(
                error.response().is_none_or(|r| serde_json::from_str::<Value>(r.text()).is_ok())
            );
            // Masking changes no outcome.
            let other = error_of(status, &body.replace(&spelling, "nothing"));
            assert_eq!((error.outcome(), error.kind()), (other.outcome(), other.kind()), "{body}");
        }
    }
}

#[test]
fn a_pointer_into_the_parameters_of_an_error_finds_no_token() {
    for spelling in [TOKEN.to_owned(), escaped(TOKEN), TOKEN.replace('.', "\\u002e")] {
        let inner = format!(r#"{{"list":[{{"value":"{spelling}"}},{{"value":"x"}}]}}"#);
        let parameters = serde_json::to_string(&inner).unwrap();
        let body = format!(
            r#"{{"status":"X","statusCode":1,"resultData":{{"inputParameters":{parameters}}}}}"#
        );
        for status in ["200 OK", "400 X", "500 X"] {
            let error = with(response(status, &body), call("history").run).unwrap_err();
            let response = error.response().unwrap();
            let at = |pointer: &str| {
                let pointer = format!("/resultData/inputParameters{pointer}");
                response.pointer(&pointer).unwrap().text().into_owned()
            };
            assert_eq!(
                (at("/list/0/value").as_str(), at("/list/1/value").as_str()),
                ("[secret]", "x")
            );
            assert!(!at("").contains(TOKEN), "{}", at(""));
        }
    }
}

/// Errors of the call that generates a token, with a new token in them.
const NEW_TOKENS: [&str; 4] = [
    "example-not-a-real-token.payload.signature",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhY21lIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "Zk3v9Qx7Lm2Np5Rt8Wy1Bc4D",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
];

#[test]
fn an_error_with_a_new_token_is_unknown_and_shows_none_of_it() {
    let percent = |token: &str| token.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for token in NEW_TOKENS {
        let in_json: String = escaped(token);
        let spellings: [String; 4] =
            [token.into(), percent(token), in_json, token.replace('.', "&#46;")];
        for token in spellings {
            for (status, body) in [
                (
                    "400 X",
                    format!(
                        r#"{{"status":"X","statusCode":1,"errors":["{token} was not saved"]}}"#
                    ),
                ),
                (
                    "200 OK",
                    format!(
                        r#"{{"status":"DataValidationError","statusCode":1,"errors":["token {token}"]}}"#
                    ),
                ),
                ("401 X", format!(r#"{{"status":"X","statusCode":1,"statusLine":"{token}"}}"#)),
                ("403 X", format!(r#"{{"error":{{"new":"{token}"}}}}"#)),
                ("404 X", format!("<html><b>{token}</b></html>")),
                ("429 X", format!("try again with {token}")),
                (
                    "409 X",
                    format!(
                        r#"{{"status":"X","statusCode":1,"metaInfo":{{"tenant_access_token":"{token}"}}}}"#
                    ),
                ),
            ] {
                let error = with(response(status, &body), call("tenant token").run).unwrap_err();
                assert_eq!(error.outcome(), Unknown, "{status} {body}: {error}");
                let shown = format!("{error} {error:?} {:?}", error.errors());
                assert!(!shown.contains(&token[..12]), "{status} {body}: {shown}");
                assert!(shown.contains("the old token may no longer be valid"), "{shown}");
                assert!(error.response().is_none());
            }
        }
    }
    // An error that cannot contain one.
    for (status, body) in [
        (
            "401 X",
            r#"{"status":"X","statusCode":1,"errors":["The token is not valid."]}"#.to_owned(),
        ),
        (
            "401 X",
            format!(r#"{{"status":"X","statusCode":1,"errors":["Invalid token: {SUPER_ADMIN}"]}}"#),
        ),
        ("400 X", r#"{"status":"X","statusCode":1,"errors":["No tenant a&b=1"]}"#.to_owned()),
        ("403 X", "<html><title>403 Forbidden</title></html>".to_owned()),
    ] {
        let error = with(response(status, &body), call("tenant token").run).unwrap_err();
        assert_eq!(error.outcome(), Rejected, "{status} {body}: {error}");
    }
}

#[test]
fn an_error_of_a_call_for_a_secret_shows_only_plain_words() {
    for (name, text, shown) in [
        ("tenant token", "No such tenant a&b=1 (code 7)", "No such tenant a&b=1 (code 7)"),
        ("launch URL", "Trigger id is required", "Trigger id is required"),
        (
            "launch URL",
            "https://a/?k=tmp-4f1c-77 failed, key tmp-4f1c-77",
            "[secret] failed, key [secret]",
        ),
        ("launch URL", "\\u200bhtt\\u200bps://a/?k=4f1c", "[secret]"),
        ("tenant token", "no aB3dE6gH9 here", "no [secret] here"),
    ] {
        let body = format!(r#"{{"status":"X","statusCode":1,"errors":["{text}"]}}"#);
        let error = with(response("400 X", &body), call(name).run).unwrap_err();
        assert_eq!(
            (error.outcome(), error.errors()),
            (Rejected, &[shown.to_owned()][..]),
            "{error}"
        );
        assert!(error.message().contains(shown), "{error}");
    }
}

#[test]
fn a_secret_variable_is_masked_wherever_the_gateway_repeats_it() {
    let long = "correct horse/battery=staple+\"\u{fc}\"";
    for (secret, echo, shown) in [
        (long, long.replace('"', "\\\""), "[secret]"),
        (long, "correct+horse%2Fbattery%3Dstaple%2B%22%C3%BC%22".into(), "[secret]"),
        (long, "correct horse&#x2f;battery&#61;staple+&quot;&uuml;&quot;".into(), "[secret]"),
        (long, escaped("battery=staple+\""), "[secret]"),
        ("hunter22", "hunter22".into(), "[secret]"),
        ("hunter22", "aHVudGVyMjI=".into(), "[secret]="),
        // Not digits alone, which a time or an id may contain by chance.
        ("pw!7", "pw!7".into(), "[secret]"),
        // Shorter than 4 characters, it is not masked within a text.
        ("471", "471".into(), "471"),
    ] {
        let mut request = request();
        request.set_secret_variable("password", secret).unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let log = lines.clone();
        let texts = format!(
            r#""statusLine":"no: {echo} in {TRIGGER_ID}","errors":["{echo} is wrong",["{echo}"]],"metaInfo":{{"sent":"{echo}"}}"#
        );
        let refused = format!(r#"{{"status":"DataValidationError","statusCode":1,{texts}}}"#);
        let accepted = replaced(SUCCESS, "\"metaInfo\":null", &format!("\"metaInfo\":\"{echo}\""));
        // After an error, the next call opens another connection.
        let refused = answers(&[response("400 X", &refused)]);
        let server = ScriptServer::start(vec![refused, answers(&[ok(accepted)])]);
        let mut config = config(&server.url);
        config.set_log(LogLevel::Debug, move |_, line| log.lock().unwrap().push(line.to_owned()));
        let client = Client::with_config(&config).unwrap();

        let error = client.trigger_workflow(&request).unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (Rejected, ErrorKind::Validation));
        let wrong = format!("no: {shown} in {TRIGGER_ID} {shown} is wrong; ");
        assert!(error.message().contains(&wrong), "{error}");
        assert_eq!(error.errors()[0], format!("{shown} is wrong"));
        let response = error.response().unwrap();
        let whole = if secret.len() < 4 { "[secret]" } else { shown };
        assert_eq!(response.pointer("/metaInfo/sent").unwrap().text(), whole);
        assert_eq!(response.pointer("/errors/1/0").unwrap().text(), whole);

        let trigger = client.trigger_workflow(&request).unwrap();
        assert_eq!(trigger.trigger_id(), TRIGGER_ID);
        assert_eq!(trigger.response().pointer("/metaInfo").unwrap().text(), whole);
        let pointer = "/resultData/executionConfig/triggerId";
        assert_eq!(trigger.response().pointer(pointer).unwrap().text(), TRIGGER_ID);

        let sent = server.requests();
        let written = serde_json::to_string(secret).unwrap();
        assert!(
            sent.iter().all(|sent| sent.contains(&format!("\"password\":{written}"))),
            "{sent:?}"
        );
        if secret.len() >= 4 {
            let lines = lines.lock().unwrap().join("\n");
            let text = format!("{error:?} {trigger:?} {request:?} {lines}");
            assert!(!text.contains(secret) && !text.contains(&echo), "{text}");
        }
    }
}

#[test]
fn a_secret_variable_changes_no_outcome() {
    for secret in
        [TRIGGER_ID, "Success", "status", "SUBMITTED", "triggerId", "0", "DataValidationError"]
    {
        let mut request = request();
        request.set_secret_variable("password", secret).unwrap();
        let triggered = with_body(SUCCESS, |client| client.trigger_workflow(&request)).unwrap();
        assert_eq!(triggered.trigger_id(), TRIGGER_ID, "{secret}");
        let body = response("200 OK", VALIDATION_ERROR);
        let error = with(body, |client| client.trigger_workflow(&request)).unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (Rejected, ErrorKind::Validation));
        // The names of members stay.
        assert!(error.response().unwrap().pointer("/statusCode").is_ok(), "{secret}");
    }
}
