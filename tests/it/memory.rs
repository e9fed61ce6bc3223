//! Promise 3 in memory: after everything was freed, the memory of a C program contains no secret
//! that it sent or received, however it was written.

use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::support::c::{compile_c, run_checks};
use crate::support::calls::{NEW_TOKEN, SUPER_ADMIN, URL, answers, success};
use crate::support::preload::never_free;
use crate::support::{SUCCESS, ScriptServer, Step, TOKEN, numbered, response};

const PASSWORD: &str = "a-password/that-is=nowhere-else+in-memory&0123456789";

/// Ways to write a secret in a JSON string, the first without escapes.
fn spellings(secret: &str) -> Vec<String> {
    let escaped = |c: char| format!("\\u{:04x}", u32::from(c));
    let special = |c: char| if c.is_alphanumeric() { c.to_string() } else { escaped(c) };
    vec![
        secret.to_owned(),
        secret.replace('/', "\\/"),
        secret.replace('=', "\\u003d").replace('-', "\\u002D"),
        secret.chars().map(special).collect(),
        secret.chars().map(escaped).collect(),
        secret.replace('a', "\\u0061").replace('e', "\\u0065"),
    ]
}

/// Other ways to write a secret, where it is only text.
fn texts(secret: &str) -> Vec<String> {
    let each = |escape: fn(u8) -> String| secret.bytes().map(escape).collect::<String>();
    let mut texts = spellings(secret);
    texts.extend([
        each(|byte| format!("%{byte:02X}")),
        each(|byte| format!("&#{byte};")),
        each(|byte| format!("{byte:02x}")),
        secret.replace('/', "\\\\\\/").replace('=', "\\\\u003d"),
        secret.as_bytes().chunks(9).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\\n"),
    ]);
    texts
}

/// The parts of a text that are long enough to be searched.
fn needles(secret: &str) -> Vec<String> {
    let pieces = |text: &String| {
        let chunks = text.as_bytes().chunks(24).filter(|chunk| chunk.len() == 24);
        chunks.map(|chunk| String::from_utf8_lossy(chunk).into_owned()).take(4).collect::<Vec<_>>()
    };
    texts(secret).iter().flat_map(pieces).collect()
}

/// Makes calls that get these responses, and searches the memory for what is left of a secret.
#[track_caller]
fn assert_wiped(calls: &str, secret: &str, script: Vec<Step>, case: &str) {
    let server = ScriptServer::start(vec![script]);
    let program = compile_c("tests/c/wiped_responses.c");
    let needles = needles(secret);
    for needles in needles.chunks(60) {
        println!("{case}\n{}", needles.join("\n"));
        run_checks(
            never_free(&mut Command::new(&program))
                .env("LUMA_URL", &server.url)
                .env("LUMA_TOKEN", TOKEN)
                .env("LUMA_SUPER_ADMIN_TOKEN", SUPER_ADMIN)
                .env("LUMA_PASSWORD", PASSWORD)
                .env("LUMA_CALLS", calls)
                .env("LUMA_NEEDLES", needles.join("\n")),
        );
    }
}

fn always(response: Vec<u8>) -> Vec<Step> {
    answers(&[0, 1, 2, 3].map(|number| numbered(&response, number)))
}

/// The calls that return a secret, and `resultData` with it.
fn secret_data(spelling: &str) -> [(&'static str, String); 2] {
    [
        ("ll", format!("\"{spelling}\"")),
        ("tt", format!(r#"{{"tenantId":1,"tenantAccessToken":"{spelling}"}}"#)),
    ]
}

fn secret_of(calls: &str) -> &'static str {
    if calls == "ll" { URL } else { NEW_TOKEN }
}

#[test]
fn nothing_is_left_of_a_new_secret_however_it_is_escaped() {
    for (number, _) in spellings(URL).iter().enumerate() {
        for calls in ["ll", "tt"] {
            let secret = secret_of(calls);
            let spelling = &spellings(secret)[number];
            let (_, data) = secret_data(spelling).into_iter().find(|data| data.0 == calls).unwrap();
            assert_wiped(calls, secret, always(response("200 OK", success(&data))), spelling);
        }
    }
}

#[test]
#[ignore = "takes long: make test"]
fn nothing_is_left_of_a_new_secret_in_a_large_body() {
    let chunked = |body: &str, size: usize| {
        let chunks = body.as_bytes().chunks(size);
        let chunks = chunks
            .map(|chunk| format!("{:x}\r\n{}\r\n", chunk.len(), String::from_utf8_lossy(chunk)));
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        format!("{head}{}0\r\n\r\n", chunks.collect::<String>()).into_bytes()
    };
    for padding in [10_000, 70_000, 300_000] {
        for (calls, data) in secret_data(&spellings(URL)[1]).into_iter().take(1) {
            let padding = "x".repeat(padding);
            for body in [
                success(&data).replacen('{', &format!("{{\"padding\":\"{padding}\","), 1),
                success(&data).replace("\"ok\"", &format!("\"{padding}\"")),
                success(&data) + &" ".repeat(padding.len()),
            ] {
                let case = format!("{} {}", padding.len(), &body[..20]);
                assert_wiped(calls, URL, always(response("200 OK", &body)), &case);
                assert_wiped(calls, URL, always(chunked(&body, 5000)), &case);
            }
        }
    }
    let (_, data) = &secret_data(NEW_TOKEN)[1];
    assert_wiped("tt", NEW_TOKEN, always(chunked(&success(data), 7)), "small chunks");
}

#[test]
fn nothing_is_left_of_a_secret_in_a_head() {
    let redirect = format!("302 X\r\nLocation: https://acme.example/login?token={TOKEN}");
    assert_wiped("hh", TOKEN, always(response(&redirect, "")), &redirect);
    let many = "X-Header: a value of usual length\r\n".repeat(70);
    for echo in [
        format!("X-Echo: {TOKEN}\r\n"),
        format!("Retry-After: {TOKEN}\r\n"),
        format!("Connection: {TOKEN}\r\n"),
        format!("Keep-Alive: {TOKEN}\r\n"),
        format!("Content-Encoding: {TOKEN}\r\n"),
        format!("Set-Cookie: a={TOKEN}\r\n{many}"),
        format!("{}X-Echo: {TOKEN}\r\n", many.repeat(6)),
    ] {
        for status in ["200 OK", "400 X", "100 Continue\r\n\r\nHTTP/1.1 200 OK"] {
            let head =
                format!("HTTP/1.1 {status}\r\n{echo}Content-Length: {}\r\n\r\n", SUCCESS.len());
            let whole = [head.as_bytes(), SUCCESS.as_bytes()].concat();
            assert_wiped("hh", TOKEN, always(whole.clone()), &head);
            let (start, rest) = whole.split_at(head.len() / 2);
            let pause = Step::Do(Arc::new(|| thread::sleep(Duration::from_millis(20))));
            let answer =
                vec![Step::Read, Step::Send(start.to_vec()), pause, Step::Send(rest.to_vec())];
            let script = [answer.clone(), answer].concat();
            assert_wiped("hh", TOKEN, script, "in two pieces");
        }
    }
}

#[test]
#[ignore = "takes long: make test"]
fn nothing_is_left_of_a_token_that_the_server_repeats() {
    for spelling in texts(TOKEN) {
        for (status, body) in [
            (
                "400 X",
                format!(
                    r#"{{"status":"X","statusCode":1,"statusLine":"no {spelling}","errors":["{spelling}","a {spelling}"]}}"#
                ),
            ),
            (
                "400 X",
                format!(
                    r#"{{"status":"{spelling}","statusCode":1,"errors":[{{"t":"{spelling}"}}]}}"#
                ),
            ),
            ("400 X", format!(r#"{{"message":"{spelling}","metaInfo":{{"t":["{spelling}"]}}}}"#)),
            ("400 X", format!("<html>{spelling}</html>")),
            (
                "200 OK",
                format!(
                    r#"{{"status":"Success","resultData":{{"status":"FAILED","inputParameters":"{{\"list\":[{{\"value\":\"x\"}}]}}","t":"{}"}}}}"#,
                    spelling
                ),
            ),
            ("302 X", format!("\u{feff}{spelling} \u{fc}")),
        ] {
            for calls in ["hh", "ww"] {
                assert_wiped(calls, TOKEN, always(response(status, &body)), &body);
            }
        }
    }
}

#[test]
fn nothing_is_left_of_a_parameter_of_a_run() {
    for spelling in &spellings(PASSWORD)[..3] {
        let parameters = format!(
            r#"{{"inputParameters":[{{"parameter":"a","value":"x"}},{{"parameter":"p","value":"{spelling}"}}]}}"#
        );
        let quoted = parameters.replace('\\', "\\\\").replace('"', "\\\"");
        for parameters in [parameters, format!("\"{quoted}\"")] {
            let body =
                success(&format!(r#"{{"status":"RUNNING","inputParameters":{parameters}}}"#));
            assert_wiped("hh", PASSWORD, always(response("200 OK", body)), &parameters);
        }
    }
}

#[test]
fn nothing_is_left_of_a_list_that_grows() {
    let page = |id: u32| {
        let step = format!(r#"[{{"id":{id},"value":"{PASSWORD}"}}]"#);
        response("200 OK", success(&step))
    };
    let pages: Vec<_> = (0..9).chain([8]).map(page).collect();
    assert_wiped("s", PASSWORD, answers(&pages), "nine pages");
}

#[test]
fn nothing_is_left_of_a_secret_variable() {
    let accepted = SUCCESS.replace("\"metaInfo\":null", &format!(r#""metaInfo":"{PASSWORD}""#));
    assert_ne!(accepted, SUCCESS);
    assert_wiped("ww", PASSWORD, always(response("200 OK", SUCCESS)), "accepted");
    let twice = answers(&vec![response("200 OK", &accepted); 2]);
    assert_wiped("ww", PASSWORD, twice, "a response that belongs to an earlier request");
    assert_wiped("ww", PASSWORD, always(response("200 OK", accepted)), "accepted with an echo");
    let refused =
        format!(r#"{{"status":"DataValidationError","errors":["{PASSWORD} is too long"]}}"#);
    assert_wiped("ww", PASSWORD, always(response("400 X", refused)), "refused");
    assert_wiped("ww", PASSWORD, vec![Step::Read], "closed");
    assert_wiped("ww", PASSWORD, vec![Step::ReadBytes(10), Step::Reset], "reset");
}

#[test]
fn nothing_is_left_of_a_secret_in_a_response_that_is_cut_off() {
    for spelling in [&spellings(URL)[0], &spellings(URL)[2]] {
        let whole = response("200 OK", success(&format!("\"{spelling}\"")));
        let cut = whole[..whole.len() - 3].to_vec();
        assert_wiped("ll", URL, vec![Step::Read, Step::Send(cut)], "cut off");
        let garbage = [&whole[..], b"HTTP/1.1 garbage"].concat();
        assert_wiped("ll", URL, always(garbage), "garbage");
    }
    let error = format!(r#"{{"status":"X","statusCode":1,"errors":["{NEW_TOKEN}"]}}"#);
    assert_wiped("tt", NEW_TOKEN, always(response("400 X", error)), "a new token in an error");
}
