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
fn a_large_request_gives_a_status() {
    for calls in ["V", "J", "M", "I", "E", "T"] {
        let deliveries = assert_no_abort(calls, &ok());
        assert!((1..5).contains(&deliveries), "{calls}: {deliveries}");
    }
    assert_no_abort("c", &[]);
}

#[test]
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

#[test]
fn a_response_that_becomes_large_gives_a_status() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(padded(&success(r#"{"status":"COMPLETED"}"#)).as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    assert_no_abort("h", &response("200 OK\r\nContent-Encoding: gzip", gzip));
}
