//! The log file: an audit trail that can be rotated, and that never changes a call.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use luma::{Client, ErrorKind as E, LogLevel, TriggerRequest};
use serde_json::Value;

use crate::support::calls::*;
use crate::support::{ScriptServer, TRIGGER_ID, config, request, response};

fn path(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_file(&path);
    path
}

#[test]
fn a_trigger_leaves_an_audit_trail_without_the_values_of_its_variables() {
    let file = path("audit.log");
    let (server, _) = serving(&[ok(call("trigger").fixture)]);
    let mut config = config(&server.url);
    config.set_log_file(LogLevel::Info, &file).unwrap();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = lines.clone();
    config.set_log(LogLevel::Info, move |_, line| log.lock().unwrap().push(line.to_owned()));
    let client = Client::with_config(&config).unwrap();
    client.trigger_workflow(&request()).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    println!("{text}");
    let first = "triggering \"reset_password\" for contact 4021, application -4, ticket 100-1";
    let first_line = text.lines().next().unwrap();
    assert!(first_line.ends_with(first), "{first_line}");
    assert!(text.contains(&format!("trigger id {TRIGGER_ID}\n")), "{text}");
    assert!(text.ends_with(" ACCEPTED\n") && !text.contains("jdoe"), "{text}");
    // The same lines as those of the callback, with the time and the level.
    let logged = lines.lock().unwrap();
    assert_eq!(text.lines().count(), logged.len());
    for (line, logged) in text.lines().zip(logged.iter()) {
        let (id, message) = logged[1..].split_once("] ").unwrap();
        assert!(line.ends_with(&format!("Z INFO {id} {message}")), "{line} {logged}");
        assert_eq!(line.split(' ').next().unwrap().len(), "2026-11-27T09:30:00.125Z".len());
    }
}

#[test]
fn the_audit_trail_masks_secrets_and_stays_on_one_line() {
    let file = path("masked.log");
    let server = ScriptServer::start(vec![answers(&[response("400 X", "{}")])]);
    let mut config = config(&server.url);
    config.set_log_file_json(LogLevel::Debug, &file).unwrap();
    let client = Client::with_config(&config).unwrap();
    let mut request = TriggerRequest::for_ism("a\"b\u{2028}c", 1, "s3cr3t-1234").unwrap();
    request.set_secret_variable("password", "s3cr3t-1234").unwrap();
    client.trigger_workflow(&request).unwrap_err();
    let text = std::fs::read_to_string(&file).unwrap();
    println!("{text}");
    assert!(!text.contains("s3cr3t"), "{text}");
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line.as_object().unwrap().len(), 4, "{line}");
    }
    let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let message = "triggering \"a\"b c\" for contact 1, application -4, ticket [secret]";
    assert_eq!(first["message"], message);
    assert_eq!((&first["level"], first["time"].as_str().unwrap().len()), (&"INFO".into(), 24));
}

#[test]
fn a_json_request_leaves_the_same_trail() {
    let file = path("json-request.log");
    let server = ScriptServer::start(vec![answers(&[response("400 X", "{}")])]);
    let mut config = config(&server.url);
    config.set_log_file(LogLevel::Info, &file).unwrap();
    let client = Client::with_config(&config).unwrap();
    let request = r#"{"initiationInfo":{"lumaChannelAccountId":"c-1","x":"y"},"variables":{"a":"v4lue"},
        "workflowIdentifier":"w","initiatorApplicationId":-2,"initiatorContactId":null}"#;
    client.trigger_workflow_json(request).unwrap_err();
    let text = std::fs::read_to_string(&file).unwrap();
    let first = "triggering \"w\", application -2, channel c-1";
    assert!(text.lines().next().unwrap().ends_with(first), "{text}");
    assert!(!text.contains("v4lue"), "{text}");
}

#[test]
fn a_log_file_can_be_rotated_and_lost() {
    let file = path("rotated.log");
    let old = path("rotated.log.1");
    let (server, _) = serving(&vec![ok(call("history").fixture); 4]);
    let mut config = config(&server.url);
    config.set_log_file(LogLevel::Info, &file).unwrap();
    let client = Client::with_config(&config).unwrap();
    client.get_workflow_history("a").unwrap();
    std::fs::rename(&file, &old).unwrap();
    client.get_workflow_history("a").unwrap();
    let lines = |file| std::fs::read_to_string(file).unwrap().lines().count();
    assert_eq!((lines(&old), lines(&file)), (3, 3));
    // Nothing can be written: the call goes on.
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    client.get_workflow_history("a").unwrap();
    std::fs::remove_dir(&file).unwrap();
    client.get_workflow_history("a").unwrap();
    assert_eq!(lines(&file), 3);
    assert_eq!(lines(&old), 3);
}

/// Not under Wine, which seeks to the end of a file and then writes, in two steps.
#[cfg(unix)]
#[test]
fn threads_never_mix_their_lines() {
    let file = path("threads.log");
    let mut config = config("https://127.0.0.1:1");
    config.set_log_file(LogLevel::Debug, &file).unwrap();
    let client = Client::with_config(&config).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    client.trigger_workflow(&request()).unwrap_err();
                }
            });
        }
    });
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.lines().count() >= 3 * 8 * 20);
    for line in text.lines() {
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        assert!(words[0].ends_with('Z') && words[0].len() == 24, "{line}");
        assert!(["ERROR", "WARN", "INFO", "DEBUG"].contains(&words[1]), "{line}");
        assert_eq!(words[2].len(), 25, "{line}");
    }
}

#[test]
fn what_is_not_a_regular_file_is_refused_with_its_path() {
    let mut config = config("https://acme.example");
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut wrong = vec![directory.clone(), directory.join("missing/luma.log"), PathBuf::new()];
    if cfg!(unix) {
        wrong.push("/dev/null".into());
    }
    for path in wrong {
        let error = config.set_log_file(LogLevel::Info, &path).unwrap_err();
        assert_eq!(error.kind(), E::LogFile);
        assert!(error.message().contains(&path.display().to_string()), "{error}");
    }
}
