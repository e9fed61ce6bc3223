//! Promise 2 where memory is short: an argument, a request or a response that is too large for it
//! gives a status. Nothing aborts, and nothing is printed.

use std::io::Write;
use std::process::Command;

use crate::support::c::{compile_c, run};
use crate::support::calls::{answers, success};
use crate::support::{SUCCESS, ScriptServer, TOKEN, ok, response};

/// Makes calls in processes with little memory, each of which gets this response to each call.
/// Returns the number of requests that arrived.
#[track_caller]
fn assert_no_abort(calls: &str, response: &[u8]) -> usize {
    let server = ScriptServer::start(vec![answers(&vec![response.to_vec(); 4])]);
    let program = compile_c("tests/c/short_memory.c");
    let mut command = Command::new(program);
    let output = run(command.arg(calls).env("LUMA_URL", &server.url).env("LUMA_TOKEN", TOKEN));
    let text = String::from_utf8_lossy(&output.stdout);
    println!("{calls}: {text}");
    let is_sufficient = text.starts_with("0 short");
    assert!(!is_sufficient && !text.contains(", 0 with"), "{calls}: {text}");
    server.deliveries()
}

fn padded(body: &str) -> String {
    let padding = "x".repeat(3 << 20);
    body.replacen('{', &format!("{{\"padding\":\"{padding}\","), 1)
}

#[test]
#[ignore = "takes long: make test"]
fn a_large_request_gives_a_status() {
    for calls in ["V", "J", "M", "I", "E", "T"] {
        let deliveries = assert_no_abort(calls, &ok());
        assert!((1..5).contains(&deliveries), "{calls}: {deliveries}");
    }
    assert_no_abort("c", &[]);
}

#[test]
#[ignore = "takes long: make test"]
fn a_large_response_gives_a_status() {
    let text = "y".repeat(2 << 20);
    let list =
        |element: &str, count: usize| success(&format!("[{}]", vec![element; count].join(",")));
    let parameters = format!("[{}]", vec!["{}"; 1 << 17].join(","));
    let embedded = format!(r#"{{"status":"COMPLETED","inputParameters":"{parameters}"}}"#);
    for (calls, body) in [
        ("r", padded(SUCCESS)),
        ("hw", padded(&success(r#"{"status":"COMPLETED"}"#))),
        ("h", success(&embedded)),
        ("sd", list("{}", 1 << 18)),
        ("sd", list(&format!(r#"{{"activityName":"{text}","name":"{text}\u0041"}}"#), 1)),
    ] {
        assert_no_abort(calls, &response("200 OK", body));
    }
    let errors = format!(r#"{{"status":"X","statusCode":1,"errors":["{text}","{text}"]}}"#);
    for calls in ["r", "h", "s"] {
        assert_no_abort(calls, &response("400 X", &errors));
        assert_no_abort(calls, &response("502 X", &text));
    }
}

/// Two bytes of such a list become many in memory.
#[test]
#[ignore = "takes long: make test"]
fn a_list_of_many_small_values_gives_a_status() {
    let values = |count: usize| format!("[{}]", vec!["1"; count].join(","));
    let parameters = values(1 << 17);
    for (calls, data) in [
        ("s", values(1 << 19)),
        ("h", format!(r#"{{"status":"COMPLETED","inputParameters":{parameters}}}"#)),
        ("h", format!(r#"{{"status":"COMPLETED","inputParameters":"{parameters}"}}"#)),
        ("d", format!(r#"[{{"identifier":"a","inputParameters":{parameters}}}]"#)),
    ] {
        assert_no_abort(calls, &response("200 OK", success(&data)));
    }
}

#[test]
#[ignore = "takes long: make test"]
fn a_large_response_with_a_secret_gives_a_status() {
    let secrets = r#"{"loginUrl":"https://acme.example/x?token=1","tenantAccessToken":"abcdefgh"}"#;
    assert_no_abort("lk", &response("200 OK", padded(&success(secrets))));
    assert_no_abort("lk", &response("502 X", "%41".repeat(1 << 19)));
    let echo = format!(r#"{{"status":"X","errors":["{}"]}}"#, format!("{TOKEN},").repeat(1 << 15));
    assert_no_abort("kr", &response("400 X", echo));
    // A short secret, which matches every few bytes.
    let text = "abcd,".repeat(1 << 18);
    let echo = format!(r#"{{"status":"X","errors":["{text}"]}}"#);
    assert_no_abort("S", &response("400 X", echo));
    assert_no_abort(
        "S",
        &response("200 OK", SUCCESS.replacen('{', &format!(r#"{{"x":"{text}","#), 1)),
    );
}

#[test]
fn a_process_without_any_memory_aborts_without_a_message() {
    let program = compile_c("tests/c/short_memory.c");
    let output = run(Command::new(program)
        .arg("none")
        .env("LUMA_URL", "https://127.0.0.1:1")
        .env("LUMA_TOKEN", TOKEN));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "6 short, 0 with enough memory\n");
}

#[test]
#[ignore = "takes long: make test"]
fn a_response_that_becomes_large_gives_a_status() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(padded(&success(r#"{"status":"COMPLETED"}"#)).as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    assert_no_abort("h", &response("200 OK\r\nContent-Encoding: gzip", gzip));
}
