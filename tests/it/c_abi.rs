//! The C ABI as its users see it: the header, the library as built, and C programs that use them.

#![cfg(unix)]

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use luma::Outcome;
use luma_simulator::{FAULTS, FaultRule, Options, Simulator, Time};
use serde_json::Value;

use crate::support::c::{
    ROOT, WARNINGS, checked, checked_over_tls, compile, compile_c, library_dir, output, run,
    run_checks, shared, unchecked, with_gateway, words,
};
use crate::support::calls::{answers, ok, success};
#[cfg(target_os = "linux")]
use crate::support::preload::never_free;
use crate::support::tls::{self, TapServer, localhost};
use crate::support::{
    SUCCESS, ScriptServer, Step, TOKEN, config_with_token, programs, response, skipped,
};

#[test]
fn any_argument_gives_a_status_and_nothing_else() {
    let simulator = Simulator::start().unwrap();
    let program = compile_c("tests/c/arguments.c");
    let output = run_checks(with_gateway(&mut checked(&program), &simulator));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    // Invalid calls are not sent: only the two valid ones arrived.
    assert_eq!(simulator.journal().len(), 2);
}

/// Triggers a workflow and returns the trigger id.
fn trigger(simulator: &Simulator, request_json: &str) -> String {
    let client = luma::Client::new(simulator.url(), &simulator.token()).unwrap();
    client.trigger_workflow_json(request_json).unwrap().trigger_id().to_owned()
}

/// A gateway with a stopped clock, a suspended run, and a run in a status that is not documented.
fn stopped_gateway() -> (Simulator, String, String) {
    let options = Options { time: Time::Virtual, ..Options::default() };
    let simulator = Simulator::start_with(options).unwrap();
    let patch = r#"{"workflowIdentifier":"patch_server","variables":{"hostName":"h"}}"#;
    let suspended = trigger(&simulator, patch);
    simulator.advance(Duration::from_secs(61)).unwrap();
    let rotate = r#"{"workflowIdentifier":"rotate_keys","variables":{"keyName":"k"}}"#;
    let queued = trigger(&simulator, rotate);
    (simulator, suspended, queued)
}

#[test]
#[ignore = "takes long: make test"]
fn every_call_returns_its_result() {
    let simulator = Simulator::start().unwrap();
    let (stopped, suspended, queued) = stopped_gateway();
    let program = compile_c("tests/c/calls.c");
    let mut command = checked(&program);
    command
        .env("LUMA_STOPPED_URL", stopped.url())
        .env("LUMA_SUSPENDED_TRIGGER_ID", suspended)
        .env("LUMA_QUEUED_TRIGGER_ID", queued);
    let output = run_checks(with_gateway(&mut command, &simulator));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");

    // Each regeneration was sent once, on a dedicated connection.
    let journal = simulator.journal();
    let regenerations = journal.iter().filter(|delivery| delivery.path.contains("/apiaccesskeys/"));
    let connections: Vec<u64> = regenerations.map(|delivery| delivery.connection).collect();
    assert_eq!(connections.len(), 5);
    for connection in connections {
        let shared = journal.iter().filter(|delivery| delivery.connection == connection);
        assert_eq!(shared.count(), 1);
    }
    assert!(journal.iter().all(|delivery| delivery.path.starts_with("/gateway/")), "{journal:?}");
}

#[test]
fn the_owner_of_a_wait_polls_and_sleeps() {
    let simulator = Simulator::start().unwrap();
    let (stopped, suspended, _) = stopped_gateway();
    let before = stopped.journal().len();
    let program = compile_c("tests/c/open_waits.c");
    let mut command = checked(&program);
    command.env("LUMA_STOPPED_URL", stopped.url()).env("LUMA_SUSPENDED_TRIGGER_ID", suspended);
    let output = run_checks(with_gateway(&mut command, &simulator));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let journal = simulator.journal();
    assert!((3..=4).contains(&journal.len()), "{journal:?}");
    // All polls of a wait have the same request id.
    let ids: BTreeSet<_> = journal[1..].iter().map(|delivery| &delivery.request_id).collect();
    assert_eq!(ids.len(), 1);
    // Nothing was sent after the end of a wait.
    assert_eq!(stopped.journal().len() - before, 5 + 1 + 2 + 2);
}

#[test]
#[ignore = "takes long: make test"]
fn a_set_of_waits_follows_many_runs() {
    let simulator = Simulator::start().unwrap();
    let (stopped, suspended, _) = stopped_gateway();
    let program = compile_c("tests/c/wait_sets.c");
    let mut command = checked(&program);
    command.env("LUMA_STOPPED_URL", stopped.url()).env("LUMA_SUSPENDED_TRIGGER_ID", suspended);
    let output = run_checks(with_gateway(&mut command, &simulator));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn threads_that_signals_interrupt_share_a_client() {
    let simulator = Simulator::start().unwrap();
    let program = compile_c("tests/c/threads.c");
    run_checks(with_gateway(&mut checked(&program), &simulator));
    assert_eq!(simulator.journal().len(), 8 * 25 + 1);
}

#[test]
fn clients_and_user_data_live_as_long_as_calls_use_them() {
    let simulator = Simulator::start().unwrap();
    let (fault, endpoint) = ("hang".into(), Some("history".into()));
    simulator.add_fault(FaultRule { fault, endpoint, ..FaultRule::default() }).unwrap();
    let program = compile_c("tests/c/lifetimes.c");
    run_checks(with_gateway(&mut checked(&program), &simulator));
}

/// Only Linux lets connections wait at an address that does not respond.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes long: make test"]
fn calls_share_the_lookup_of_a_name_and_use_the_address_that_responds() {
    let simulator = Simulator::start().unwrap();
    let port = simulator.url().rsplit(':').next().unwrap().parse().unwrap();
    let _dead = crate::support::black_hole_at(([127, 0, 0, 2], port).into());
    let program = compile_c("tests/c/resolver.c");
    let mut command = checked(&program);
    let command = with_gateway(&mut command, &simulator);
    run_checks(command.env("LUMA_URL", simulator.url().replace("127.0.0.1", "gateway.test")));
}

/// With the suppression that docs/testing.md recommends. The library is not compiled for it.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes long: make test"]
fn a_host_with_thread_sanitizer_sees_its_own_races_and_no_others() {
    let suppressions = format!("suppressions={}/tests/tsan.supp", crate::support::c::ROOT);
    let simulator = Simulator::start().unwrap();
    let flags = ["-std=c99", "-g", "-fsanitize=thread"];
    for (source, arguments, is_racing) in [
        ("tests/c/threads.c", &[][..], false),
        ("tests/c/stress.c", &["3"], false),
        ("tests/c/stress.c", &["3", "--race"], true),
    ] {
        let program = compile(&[source], "cc", &flags, &shared());
        let mut command = Command::new(program);
        with_gateway(command.args(arguments), &simulator).env("TSAN_OPTIONS", &suppressions);
        let output = command.output().unwrap();
        let messages = String::from_utf8_lossy(&output.stderr);
        if messages.contains("FATAL: ThreadSanitizer: unexpected memory mapping") {
            let reason = "ThreadSanitizer does not work here (sysctl vm.mmap_rnd_bits=28)";
            return skipped::record_because(reason, "a host with ThreadSanitizer");
        }
        assert_eq!(messages.contains("data race"), is_racing, "{source}: {messages}");
        assert_eq!(output.status.success(), !is_racing, "{source}: {messages}");
    }
}

#[test]
#[ignore = "takes long: make test"]
fn a_host_process_may_fork_cancel_log_and_lose_its_peer() {
    let simulator = Simulator::start().unwrap();
    let closing = ScriptServer::start(vec![vec![Step::ReadBytes(1), Step::Reset]]);
    let program = compile_c("tests/c/host.c");
    let mut command = checked(&program);
    command.env("LUMA_CLOSING_URL", &closing.url);
    run_checks(with_gateway(&mut command, &simulator));
}

/// The promise is about the optimised library; a debug build needs more.
#[test]
fn a_call_needs_no_more_stack_than_the_header_promises() {
    if std::env::var_os("LUMA_LIB_DIR").is_none() {
        skipped::record_because("LUMA_LIB_DIR is not set (make test sets it)", "stack of a call");
        return;
    }
    let history = include_bytes!("../fixtures/history-completed.json");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(history).unwrap();
    let gzip = encoder.finish().unwrap();
    let responses =
        [response("200 OK", SUCCESS), response("200 OK\r\nContent-Encoding: gzip", gzip)];
    let (ca, config) = tls::localhost();
    let server = TapServer::tls(config, move |tls| {
        for response in &responses {
            tls::read_request(tls).expect("a request");
            tls.write_all(response).unwrap();
        }
    });
    let ca_file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stack-ca.pem");
    std::fs::write(&ca_file, &ca.pem).unwrap();
    let mut command = Command::new(compile_c("tests/c/stack.c"));
    command
        .env("LUMA_URL", format!("https://localhost:{}", server.port))
        .env("LUMA_TOKEN", TOKEN)
        .env("LUMA_CA", ca_file);
    run_checks(&mut command);
}

/// A response is recognised by its shape alone, so a step's details can pass for a history.
#[test]
fn every_call_accepts_the_fixtures_of_its_shape_only() {
    let program = compile_c("tests/c/fixtures.c");
    const CALLS: [&str; 7] =
        ["trigger", "history", "steps", "step", "launch-url", "workflows", "tenant-token"];
    for (fixture, accepted_by, otherwise) in [
        ("trigger-success", &["trigger"][..], "UNKNOWN"),
        ("trigger-validation-error", &[], "REJECTED"),
        ("history-completed", &["history", "step"], "UNKNOWN"),
        ("steps", &["steps", "workflows"], "UNKNOWN"),
        ("step-detail", &["history", "step"], "UNKNOWN"),
        ("launch-url", &["launch-url"], "UNKNOWN"),
        ("definitions", &["steps", "workflows"], "UNKNOWN"),
        ("regenerate-token", &["tenant-token"], "UNKNOWN"),
    ] {
        let body = std::fs::read(format!("{ROOT}/tests/fixtures/{fixture}.json")).unwrap();
        let answer = [Step::Read, Step::Send(response("200 OK", body))];
        let answers = answer.iter().cycle().take(2 * CALLS.len()).cloned().collect();
        let server = ScriptServer::start(vec![answers]);
        let output = run_checks(checked(&program).arg(fixture).env("LUMA_URL", &server.url));
        let printed = String::from_utf8(output.stdout).unwrap();
        let expected = CALLS.map(|call| match accepted_by.contains(&call) {
            true => format!("{call} ACCEPTED"),
            false => format!("{call} {otherwise}"),
        });
        assert_eq!(printed.lines().take(CALLS.len()).collect::<Vec<_>>(), expected, "{fixture}");
        // A list is followed by another request, which gets the same page again.
        let lists = accepted_by.iter().filter(|call| ["steps", "workflows"].contains(call));
        assert_eq!(server.deliveries(), CALLS.len() + lists.count());
    }
}

#[test]
fn an_incomplete_list_has_its_elements_and_a_status_of_its_own() {
    let pages = [r#"[{"id":1},{"id":2}]"#, r#"[{"id":3}]"#].map(|page| ok(success(page)));
    let [first, second] = pages;
    let server = ScriptServer::start(vec![answers(&[first, second, response("401 X", "")])]);
    let program = compile_c("tests/c/lists.c");
    run_checks(checked(&program).arg("incomplete").env("LUMA_URL", &server.url));
}

#[test]
fn an_identifier_with_a_nul_is_not_returned_cut_off() {
    let inner = r#"{"parameters":[{"parameter":"p\u0000q","dataType":"TEXT\u0000"}]}"#;
    let definitions = format!(
        r#"[{{"identifier":"a\u0000b","name":"a\u0000b","description":"\u0000",
        "inputParameters":{}}},{{"identifier":"b"}}]"#,
        Value::from(inner)
    );
    let steps = r#"[{"id":"1\u00002","activityName":"n\u0000","status":"COMPLETED\u0000"}]"#;
    let inner = r#"{"inputParameters":[{"parameter":"a\u0000","value":"v\u0000w"}]}"#;
    let run = format!(r#"{{"status":"RUNNING","inputParameters":{}}}"#, Value::from(inner));
    let responses = [&definitions, "[]", steps, "[]", &run].map(|data| ok(success(data)));
    let server = ScriptServer::start(vec![answers(&responses)]);
    let program = compile_c("tests/c/lists.c");
    run_checks(checked(&program).arg("nul").env("LUMA_URL", &server.url));
}

/// A run with this many parameters.
fn run_with_parameters(count: usize) -> String {
    let parameter = |number| {
        format!(
            r#"{{"value":"value {number}","caption":null,"dataType":"TEXT","parameter":"p{number}"}}"#
        )
    };
    let parameters: Vec<_> = (0..count).map(parameter).collect();
    let inner = format!(r#"{{"inputParameters":[{}]}}"#, parameters.join(", "));
    success(&format!(r#"{{"status":"RUNNING","inputParameters":{}}}"#, Value::from(inner)))
}

/// A list of two workflow definitions, of which the second has this many parameters.
fn definition_with_parameters(count: usize) -> String {
    let validation = r#"{"constraintType":"PATTERN","enforcementValue":"[a-z]{2}"}"#;
    let parameter = |number| {
        let required = number % 2 == 0;
        format!(
            r#"{{"parameter":"p{number}","dataType":"TEXT","required":{required},"validations":[{validation},{validation}]}}"#
        )
    };
    let parameters: Vec<_> = (0..count).map(parameter).collect();
    let inner = Value::from(format!(r#"{{"parameters":[{}]}}"#, parameters.join(",")));
    success(&format!(r#"[{{"identifier":"a"}},{{"identifier":"b","inputParameters":{inner}}}]"#))
}

/// `LUMA_PARAMETERS` sets the smaller number of parameters, to measure a library.
#[test]
fn reading_parameters_takes_linear_time() {
    let count = std::env::var("LUMA_PARAMETERS").map_or(500, |count| count.parse().unwrap());
    let mut responses = Vec::new();
    for way in 0..4 {
        let round = [count, 8 * count].map(|count| match way {
            0 | 1 => vec![ok(run_with_parameters(count))],
            _ => vec![ok(definition_with_parameters(count)), ok(success("[]"))],
        });
        responses.extend([&round; 3].into_iter().flatten().flatten().cloned());
    }
    let server = ScriptServer::start(vec![answers(&responses)]);
    let program = compile_c("tests/c/lists.c");
    let mut command = unchecked(&program);
    command.arg("linear").arg(count.to_string()).env("LUMA_URL", &server.url);
    let output = run_checks(&mut command);
    println!("{}", String::from_utf8_lossy(&output.stdout));
}

/// `outcomes.rs` tests that the Rust API is right.
#[test]
fn every_fault_has_the_same_result_as_in_rust() {
    let simulator = Simulator::start().unwrap();
    let mut config = config_with_token(simulator.url(), &simulator.token());
    config.set_retries(true).set_timeout(Duration::from_secs(3)).unwrap();
    let faults: Vec<_> = FAULTS.iter().map(|fault| fault.identifier()).collect();
    let in_rust = |fault: &String| {
        // A client for each call, because the connection of the previous one may be about to close.
        let client = luma::Client::with_config(&config).unwrap();
        let (status, outcome, http_status) =
            match client.trigger_workflow(&luma::TriggerRequest::new(fault).unwrap()) {
                Ok(trigger) => ("OK".into(), Outcome::Accepted, trigger.response().http_status()),
                Err(error) => {
                    let status = format!("ERROR{:?}", error.kind());
                    (status, error.outcome(), error.http_status().unwrap_or(0))
                }
            };
        format!("LUMA{status} {outcome:?} {http_status}").to_uppercase()
    };

    let program = compile_c("tests/c/faults.c");
    let mut command = unchecked(&program);
    let command = with_gateway(&mut command, &simulator).args(&faults);
    let (output, expected) = thread::scope(|scope| {
        let threads: Vec<_> = faults.iter().map(|fault| scope.spawn(|| in_rust(fault))).collect();
        let output = run_checks(command);
        (output, threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>())
    });
    let text = String::from_utf8(output.stdout).unwrap();
    // Two names differ in C: VALIDATION and PROXY.
    let printed = text.lines().map(|line| line.replace('_', "").replace("FAILED", ""));
    let expected = faults.iter().zip(expected);
    let expected =
        expected.map(|(fault, result)| format!("{fault} {}", result.replace("FAILED", "")));
    assert_eq!(printed.take(faults.len()).collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[test]
#[ignore = "takes long: make test"]
fn a_program_can_use_a_private_ca_and_a_proxy() {
    let (ca, served) = localhost();
    let gateway = TapServer::answering(served, response("200 OK", SUCCESS));
    let (_running, proxy) = match programs::tinyproxy("a C program with a proxy") {
        Ok((program, port)) => (Some(program), format!("http://jdoe:s3cr3t@127.0.0.1:{port}")),
        Err(_) => (None, "direct".into()),
    };
    let program = compile_c("tests/c/secure.c");
    let folder = program.parent().unwrap();
    std::fs::write(folder.join("zertifikat-\u{fc}-\u{8a3c}\u{660e}\u{66f8}.pem"), &ca.pem).unwrap();
    run_checks(
        checked_over_tls(&program)
            .current_dir(folder)
            .env("LUMA_URL", format!("https://127.0.0.1:{}", gateway.port))
            .env("LUMA_CA_PEM", ca.pem)
            .env("LUMA_PROXY", proxy),
    );
    // Two rejected handshakes, one connection with each way to set the CA, one through the proxy.
    assert_eq!(gateway.finish().connections, 5);
}

/// Writes a configuration file whose profiles get the token in different ways.
#[cfg(target_os = "linux")]
fn file_with_token(simulator: &Simulator) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wiped");
    std::fs::create_dir_all(&folder).unwrap();
    let (url, token) = (simulator.url(), simulator.token());
    let escaped = token.replace('.', "\\u002e");
    let text = format!(
        r#"{{"profiles": {{
            "escaped": {{"base_url": "{url}", "access_token": "{escaped}"}},
            "file": {{"base_url": "{url}", "token_file": "token"}},
            "command": {{"base_url": "{url}", "token_command": ["printenv", "LUMA_TOKEN"]}},
            "wrong": {{"base_url": "{url}", "access_token": "{token}", "timeout_ms": 0}}}}}}"#
    );
    for (name, text) in [("token", token + "\n"), ("luma.json", text)] {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    }
    folder.join("luma.json")
}

/// In a process without the simulator, which has the tokens in its memory. Once as usual, and once
/// without ever freeing memory, so that no later allocation overwrites a secret by chance.
#[test]
#[cfg(target_os = "linux")]
fn no_secret_is_left_in_memory() {
    let program = compile_c("tests/c/wiped.c");
    for is_freed in [true, false] {
        let options = Options {
            token: "the-first-token.abcdefghijklmnopqrstuvwxyz.0123456789-signature".into(),
            super_admin_token: "super-admin.ZYXWVUTSRQPONMLKJIHGFEDCBA.9876543210-signature".into(),
            ..Options::default()
        };
        let simulator = Simulator::start_with(options).unwrap();
        let mut command = Command::new(&program);
        if !is_freed {
            never_free(&mut command);
        }
        command.env("LUMA_FILE", file_with_token(&simulator));
        run_checks(with_gateway(&mut command, &simulator));
    }
}

#[test]
fn the_trigger_example_prints_every_outcome() {
    let simulator = Simulator::start().unwrap();
    let program = compile_c("examples-c/trigger.c");
    for (arguments, exit_code, expected) in [
        (&["reset_password", "100-1", "userName=jdoe"][..], 0, "ACCEPTED\n  trigger id: "),
        (&["reset_password", "100-1"], 2, "REJECTED\n"),
        (&["reset_password", "100-1"], 2, "  reason: User name is required\n"),
        (&["reset_password", ""], 3, "NOT_SENT\n"),
        (&["fault-reset-after-reading", "100-1"], 4, "UNKNOWN\n"),
        (&["reset_password", "100-1", "userName"], 1, ""),
        (&["reset_password"], 1, ""),
    ] {
        let output = output(with_gateway(&mut checked(&program), &simulator).args(arguments));
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(exit_code), "{arguments:?}: {output:?}");
        assert!(text.contains(expected), "{arguments:?}: {output:?}");
        assert!(!text.contains(&simulator.token()), "{arguments:?}: {output:?}");
    }
    let output = output(checked(&program).args(["w", "1"]).env_remove("LUMA_URL"));
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
#[ignore = "takes long: make test"]
fn the_errors_example_provokes_every_outcome() {
    let simulator = Simulator::start().unwrap();
    let program = compile_c("examples-c/errors.c");
    let output = run(with_gateway(&mut checked(&program), &simulator));
    let text = String::from_utf8_lossy(&output.stdout);
    for outcome in ["ACCEPTED", "REJECTED", "NOT_SENT", "UNKNOWN"] {
        assert!(text.lines().any(|line| line.starts_with(outcome)), "{outcome}: {text}");
    }
    assert!(text.contains("the gateway asks to wait 7.0 s"), "{text}");
}

#[test]
fn the_wait_example_reports_an_end_that_is_not_documented() {
    let history = include_str!("../fixtures/history-completed.json");
    let ended = ok(history.replace("COMPLETED", "CANCELLED"));
    let server = ScriptServer::start(vec![answers(&vec![ended; 9])]);
    let mut command = unchecked(&compile_c("examples-c/wait.c"));
    command.args(["--again", "x"]).env("LUMA_URL", &server.url).env("LUMA_TOKEN", TOKEN);
    let output = output(&mut command);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(8), "{output:?}");
    assert!(text.contains("\nCANCELLED: luma.h does not define this status\n"), "{text}");
}

#[test]
#[ignore = "takes long: make test"]
fn the_wait_example_follows_a_run() {
    let simulator = Simulator::start().unwrap();
    let (stopped, suspended, queued) = stopped_gateway();
    let program = compile_c("examples-c/wait.c");
    const SHORT: &str = "5";
    let on = |simulator: &Simulator, arguments: &[&str], seconds, exit_code, expected: &[&str]| {
        // A wait of few seconds does not run under valgrind, which is slow on a loaded machine.
        let is_short = seconds == SHORT;
        let mut command = if is_short { unchecked(&program) } else { checked(&program) };
        command.args(arguments).env("LUMA_WAIT_SECONDS", seconds);
        let output = output(with_gateway(&mut command, simulator));
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(exit_code), "{arguments:?}: {output:?}");
        for part in expected {
            assert!(text.contains(part), "{arguments:?}: {part}: {output:?}");
        }
        assert!(!text.contains(&simulator.token()), "{arguments:?}: {output:?}");
        output
    };
    let wait = |arguments: &[&str], seconds, exit_code, expected: &[&str]| {
        on(&simulator, arguments, seconds, exit_code, expected)
    };
    let picture = "\n  to see the run: http://127.0.0.1:";
    let completed = ["ACCEPTED\n  trigger id: ", " 1.0 s\nCOMPLETED\n", picture];
    let failed = ["  FAILED        2.0 s\nFAILED in start service\n", picture];
    let terminated = ["\n  TERMINATED    2.0 s\nTERMINATED: ", picture];
    thread::scope(|scope| {
        scope.spawn(|| wait(&["unlock_account", "100-1", "userName=x"], "60", 0, &completed));
        scope.spawn(|| {
            let arguments = ["restart_service", "100-1", "hostName=h", "serviceName=s"];
            wait(&arguments, "60", 5, &failed)
        });
        scope.spawn(|| wait(&["offboard_user", "100-1", "userName=x"], "60", 6, &terminated));
        scope.spawn(|| {
            let progress = "  SUSPENDED    61.0 s  approve installation\n";
            let again = format!("\n  to continue waiting: wait --again {suspended}\n");
            on(&stopped, &["--again", &suspended], SHORT, 7, &[progress, &again, picture]);
            on(&stopped, &["--again", &queued], SHORT, 7, &["  QUEUED        0.0 s\n"]);
        });
        scope.spawn(|| {
            // After the trigger, the exit code of a mistake must not say that nothing runs.
            let output = wait(&["unlock_account", "1", "userName=x"], "soon", 7, &["ACCEPTED\n"]);
            let text = String::from_utf8_lossy(&output.stdout);
            let id = text.lines().find_map(|line| line.strip_prefix("  trigger id: ")).unwrap();
            wait(&["--again", id], "60", 0, &["COMPLETED\n"]);
        });
        scope.spawn(|| {
            let refused = ["  poll 1 failed: HTTP 401", "to continue waiting"];
            wait(&["--again", "fault-status-401"], "60", 7, &refused);
            wait(&["--again", "a/b"], "60", 7, &[]);
            let rejected = ["REJECTED\n  reason: User name is required\n"];
            wait(&["reset_password", "100-1"], "60", 2, &rejected);
        });
        scope.spawn(|| {
            wait(&["reset_password", ""], "60", 3, &["NOT_SENT\n"]);
            wait(&["fault-garbage", "100-1"], "60", 4, &["UNKNOWN\n"]);
            wait(&["reset_password", "100-1", "userName"], "60", 1, &[]);
            wait(&["reset_password"], "60", 1, &[]);
        });
    });
    assert_eq!(simulator.runs().len(), 4, "{:?}", simulator.runs());
}

#[test]
fn the_follow_example_prints_every_change() {
    let simulator = Simulator::start().unwrap();
    let unlock = r#"{"workflowIdentifier":"unlock_account","variables":{"userName":"j"}}"#;
    let reset = r#"{"workflowIdentifier":"offboard_user","variables":{"userName":"j"}}"#;
    let ids: Vec<String> =
        [unlock, reset, unlock].map(|workflow| trigger(&simulator, workflow)).into();
    let program = compile_c("examples-c/follow.c");
    let follow = |ids: &str, seconds| {
        let mut command = checked(&program);
        with_gateway(&mut command, &simulator).env("LUMA_WAIT_SECONDS", seconds);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let child = child.as_mut().unwrap();
        child.stdin.take().unwrap().write_all(ids.as_bytes()).unwrap();
        let mut texts = [String::new(), String::new()];
        child.stdout.take().unwrap().read_to_string(&mut texts[0]).unwrap();
        child.stderr.take().unwrap().read_to_string(&mut texts[1]).unwrap();
        // Windows ends lines with both.
        (child.wait().unwrap().code(), texts.map(|text| text.replace("\r\n", "\n")))
    };
    let (code, [text, errors]) = follow(&format!("{}\r\n\n{0}\n", ids.join("\n")), "60");
    assert_eq!((code, &*errors), (Some(0), ""), "{text}");
    for (id, status) in ids.iter().zip(["COMPLETED", "TERMINATED", "COMPLETED"]) {
        assert!(text.contains(&format!("{id} {status}, the end\n")), "{text}");
    }
    assert_eq!(text.matches("the end").count(), 3, "{text}");

    let (code, [text, errors]) = follow("fault-status-403\n", "60");
    assert_eq!((code, &*errors), (Some(2), ""), "{text}");
    assert!(text.starts_with("fault-status-403 not followed any more: "), "{text}");
    let (code, [text, errors]) = follow("a/b\n", "60");
    assert_eq!((code, &*text), (Some(1), ""), "{errors}");
    assert!(errors.starts_with("a/b: trigger_id must be"), "{errors}");
    assert_eq!(follow("x\n", "-1").0, Some(1));
}

#[test]
fn the_steps_example_prints_a_table() {
    let simulator = Simulator::start_with(Options { time: Time::Virtual, ..Options::default() });
    let simulator = simulator.unwrap();
    let program = compile_c("examples-c/steps.c");
    let steps = |trigger_id: &str| {
        let output = run(with_gateway(&mut checked(&program), &simulator).arg(trigger_id));
        String::from_utf8(output.stdout).unwrap()
    };
    let patch = r#"{"workflowIdentifier":"patch_server","variables":{"hostName":"h"}}"#;
    let patch = trigger(&simulator, patch);
    assert_eq!(steps(&patch), "STEP  STATUS           START    DURATION\n");
    simulator.advance(Duration::from_secs(61)).unwrap();
    let table = "STEP                  STATUS           START    DURATION\n\
                 Start - Patch Server  COMPLETED        5.0 s       0.0 s\n\
                 download patches      COMPLETED        5.1 s      30.0 s\n\
                 take snapshot         COMPLETED       35.2 s      24.7 s\n\
                 approve installation  RUNNING         60.0 s       1.0 s\n";
    assert_eq!(steps(&patch), table);

    let scan = r#"{"workflowIdentifier":"inventory_scan","variables":{"siteName":"x"}}"#;
    let table = steps(&trigger(&simulator, scan));
    assert_eq!(table.lines().count(), 251);
    let last_hosts = "\nscan host 246           COMPLETED        0.0 s           -\n\
                      scan host 247           COMPLETED        0.0 s       0.0 s\n\
                      scan host 248           COMPLETED        0.0 s       0.0 s\n";
    assert!(table.contains(last_hosts), "{table}");

    let unknown = "0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55";
    for (argument, exit_code) in
        [(unknown, 2), ("a/b", 3), ("fault-close-after-reading", 4), ("fault-html-200", 4)]
    {
        let output = output(with_gateway(&mut checked(&program), &simulator).arg(argument));
        assert_eq!(output.status.code(), Some(exit_code), "{argument}: {output:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{argument}: {output:?}");
    }
    let output = output(with_gateway(&mut checked(&program), &simulator));
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn the_cancel_example_stops_a_wait() {
    let (stopped, suspended, _) = stopped_gateway();
    let program = compile_c("examples-c/cancel.c");
    let cancelled = run(with_gateway(&mut checked(&program), &stopped).args([&suspended[..], "1"]));
    let text = String::from_utf8_lossy(&cancelled.stdout);
    assert!(text.starts_with("LUMA_ERROR_CANCELLED: the client was closed after "), "{text}");
    // Also when it is about to begin.
    run(with_gateway(&mut checked(&program), &stopped).args([&suspended[..], "0"]));
    let output = output(with_gateway(&mut checked(&program), &stopped).args(["a/b", "0"]));
    assert_eq!(output.status.code(), Some(5), "{output:?}");
}

#[test]
fn the_enterprise_example_takes_every_option() {
    let (ca, server) = tls::localhost();
    let server = TapServer::answering(server, response("200 OK", SUCCESS));
    // The arguments of main are not UTF-8 on Windows; secure.c covers such a path there.
    let name = if words("LUMA_RUN").is_some() { "zertifikat.pem" } else { "zertifikat-ü.pem" };
    let ca_file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&ca_file, &ca.pem).unwrap();
    let ca = ca_file.to_str().unwrap();
    let program = compile_c("examples-c/enterprise.c");
    let json = r#"{"workflowIdentifier":"unlock_account"}"#;
    let run = |arguments: &[&str], exit_code| {
        let mut command = checked(&program);
        command
            .env("LUMA_URL", format!("https://localhost:{}", server.port))
            .env("LUMA_TOKEN", TOKEN)
            // valgrind considers what ring's assembler decrypts uninitialised.
            .env("VALGRIND_OPTS", "--undef-value-errors=no")
            .args(arguments);
        let output = output(&mut command);
        assert_eq!(output.status.code(), Some(exit_code), "{arguments:?}: {output:?}");
        let (out, log) = (output.stdout, output.stderr);
        let text = String::from_utf8([out, log].concat()).unwrap();
        assert!(!text.contains(TOKEN) && !text.contains("a-password"), "{text}");
        text
    };
    let text = run(&["--ca", ca, "check"], 0);
    assert!(text.starts_with("connected to 127.0.0.1:"), "{text}");
    assert!(text.contains(" with TLS 1.3; the gateway's certificate expires in "), "{text}");
    let text = run(&["--ca", ca, "--log", "debug", "--request-id", "INC-1", json], 0);
    for expected in [
        "ACCEPTED: accepted with trigger id ",
        "request id  INC-1, attempts 1",
        "\n  tls ",
        "DEBUG [INC-1] TLS 1.3 ",
        "INFO  [INC-1] POST /gateway/api/v1/workflow/trigger on a new connection",
        "INFO  [INC-1] ACCEPTED",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    // Wine lacks CERT_CHAIN_POLICY_IGNORE_ALL_REV_UNKNOWN_FLAGS, so it rejects any private CA.
    if words("LUMA_RUN").is_none() {
        assert!(run(&["--add-ca", ca, json], 0).starts_with("ACCEPTED"));
    }
    assert!(run(&[json], 3).contains("NOT_SENT: "));
    let text = run(&["--proxy", "http://u:a-password@127.0.0.1:1", "--ca", ca, json], 3);
    assert!(text.contains("NOT_SENT: proxy 127.0.0.1:1: cannot connect"), "{text}");
    assert!(text.contains(", attempts 3\n"), "{text}");
    for (arguments, expected) in [
        (
            &["--ca", "no-such-file.pem", json][..],
            "--ca: CA file no-such-file.pem cannot be read: ",
        ),
        (&["--certificate", ca, "--key", ca, json], "--certificate, --key: "),
        (&["--log", "loud", json], "--log: level must be LUMA_LOG_OFF"),
        (&["--proxy", "ftp://u:a-password@x", json], "--proxy: proxy has an unsupported scheme"),
        (&["--request-id", "a b", json], "--request-id: "),
        (&["--ca", json], "usage: "),
        (&["--what", "x", json], "usage: "),
    ] {
        let text = run(arguments, 1);
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn the_token_example_reads_a_token_of_any_length_from_a_file() {
    let program = compile_c("examples-c/token_file.c");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("token.txt");
    for (length, says) in [
        (1, "unlock_account"),
        (1024, "unlock_account"),
        (1025, "unlock_account"),
        (8192, "unlock_account"),
        (8193, "the token of the token provider is longer than 8192 bytes"),
        (0, "the token provider returned no token"),
    ] {
        let token = "t".repeat(length);
        let options = Options {
            token: if token.is_empty() { "t".into() } else { token.clone() },
            ..Options::default()
        };
        let simulator = Simulator::start_with(options).unwrap();
        std::fs::write(&file, format!("{token}\r\nmore\n")).unwrap();
        let mut command = checked(&program);
        let output = output(with_gateway(&mut command, &simulator).arg(&file));
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(text.contains(says), "{length}: {text}");
    }
}

#[test]
#[ignore = "takes long: make test"]
fn the_examples_compile_as_every_c_and_cpp() {
    for example in [
        "trigger",
        "errors",
        "wait",
        "follow",
        "steps",
        "cancel",
        "enterprise",
        "token_file",
        "once",
    ] {
        let source = &format!("examples-c/{example}.c");
        for standard in ["-std=c99", "-std=c11"] {
            compile(&[source], "cc", &[standard], &shared());
        }
        for standard in ["-std=c++98", "-std=c++17", "-std=c++20"] {
            compile(&[source], "c++", &["-x", "c++", standard], &shared());
        }
    }
}

#[test]
fn the_header_is_clean_in_c89() {
    let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join("header.c");
    std::fs::write(&source, "#include <luma.h>\n#include <luma.h>\nint x;\n").unwrap();
    run(Command::new("cc")
        .args(["-std=c89", "-fsyntax-only"])
        .args(WARNINGS)
        .arg(format!("-I{ROOT}/include"))
        .arg(source));
}

#[test]
#[ignore = "takes long: make test"]
fn a_program_links_the_static_library() {
    let simulator = Simulator::start().unwrap();
    let mut linking = vec![static_library().display().to_string()];
    linking
        .extend(["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"].map(String::from));
    let program = compile(&["examples-c/trigger.c"], "cc", &["-std=c99", "-Os"], &linking);
    let output = run(with_gateway(&mut checked(&program), &simulator).args([
        "unlock_account",
        "100-1",
        "userName=jdoe",
    ]));
    assert!(output.stdout.starts_with(b"ACCEPTED"), "{output:?}");
}

/// The static library as it is shipped.
fn static_library() -> PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    let make = || {
        let library = library_dir().join("libluma.a");
        if std::env::var_os("LUMA_LIB_DIR").is_some() {
            return library;
        }
        let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("libluma.a");
        std::fs::copy(library, &copy).unwrap();
        let script = Path::new(ROOT).join("packaging/static-lib.sh");
        run(Command::new("sh").arg(script).arg(&copy));
        copy
    };
    PATH.get_or_init(make).clone()
}

#[test]
#[ignore = "takes long: make test"]
fn the_static_library_links_with_another_one_in_rust() {
    const OTHER: &str = r#"
        #[unsafe(no_mangle)]
        pub extern "C" fn other_sum(count: i32) -> i32 {
            (0..count).collect::<Vec<_>>().iter().sum()
        }
        #[unsafe(no_mangle)]
        pub extern "C" fn other_catch_panic() -> i32 {
            std::panic::catch_unwind(|| panic!("caught")).is_err().into()
        }
    "#;
    let simulator = Simulator::start().unwrap();
    let luma = static_library();
    let names = run(Command::new("nm").args(["-g", "--defined-only"]).arg(&luma));
    let names = String::from_utf8(names.stdout).unwrap();
    let names = names.lines().filter_map(|line| line.rsplit_once(' ')).map(|(_, name)| name);
    let others: Vec<_> = names.filter(|name| !name.starts_with("luma_")).collect();
    assert_eq!(others, Vec::<&str>::new());

    let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join("other.rs");
    let other = source.with_file_name("libother.a");
    std::fs::write(&source, OTHER).unwrap();
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    run(Command::new(rustc)
        .args(["--edition=2024", "--crate-type=staticlib", "-O", "-o"])
        .args([&other, &source]));

    let compilers = ["cc", "clang"];
    for compiler in compilers.into_iter().filter(|c| !skipped::is_missing(c, "static linking")) {
        for libraries in [[&luma, &other], [&other, &luma]] {
            for option in ["-Wl,--no-gc-sections", "-Wl,--gc-sections"] {
                let libraries = libraries.map(|library| library.display().to_string());
                let system = ["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"];
                let linking = [&libraries[..], &system.map(String::from)].concat();
                let flags = ["-std=c99", option];
                let program = compile(&["tests/c/two_rusts.c"], compiler, &flags, &linking);
                run_checks(with_gateway(&mut unchecked(&program), &simulator));
            }
        }
    }
}

#[test]
#[ignore = "takes long: make test"]
fn a_host_process_may_load_and_unload_the_library_3000_times() {
    let simulator = Simulator::start().unwrap();
    let linking = ["-ldl"].map(String::from);
    let program = compile(&["tests/c/reload.c"], "cc", &["-std=c99"], &linking);
    let library = library_dir().join("libluma.so");
    let reload = |mut command: Command, library: &Path, rounds: &str, bytes: &str| {
        run_checks(with_gateway(command.arg(library).args([rounds, bytes]), &simulator));
    };
    // Valgrind needs memory of its own for each round.
    reload(checked(&program), &library, "20", "100000");
    reload(unchecked(&program), &library, "3000", "0");

    // A plug-in that contains the static library. It is unmapped, unlike the shared library, and
    // leaks the few bytes that Rust's statics own.
    let plug_in = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plug-in.so");
    run(Command::new("cc")
        .args(["-shared", "-o"])
        .arg(&plug_in)
        .arg("-Wl,--whole-archive")
        .arg(static_library())
        .arg("-Wl,--no-whole-archive")
        .args(["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"]));
    reload(unchecked(&program), &plug_in, "3000", "200");
}

/// `make proof` sets LUMA_LIFECYCLE_ROUNDS for a longer test.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes long: make test"]
fn a_host_process_may_fork_in_callbacks_exit_during_calls_and_have_no_standard_streams() {
    let simulator = Simulator::start().unwrap();
    let program = compile(&["tests/c/lifecycle.c"], "cc", &["-std=gnu99"], &shared());
    let rounds = std::env::var("LUMA_LIFECYCLE_ROUNDS").unwrap_or_else(|_| "1".into());
    let output = run_checks(with_gateway(unchecked(&program).arg(&rounds), &simulator));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    // For each of six callbacks, the parent has sent its request, and the child has not.
    let journal = simulator.journal();
    let forks = journal.iter().filter(|delivery| delivery.body.contains("forks"));
    assert_eq!(forks.count(), 6 * rounds.parse::<usize>().unwrap());
}

/// From 0.1.0 on, `tests/luma.symbols` is append-only: a line is never changed or removed.
#[test]
fn the_header_and_the_library_have_exactly_the_promised_names() {
    let promised = std::fs::read_to_string(Path::new(ROOT).join("tests/luma.symbols")).unwrap();
    let promised: BTreeSet<&str> = promised.lines().collect();

    let header = std::fs::read_to_string(Path::new(ROOT).join("include/luma.h")).unwrap();
    let functions: BTreeSet<&str> = header
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter(|line| !line.starts_with("typedef "))
        .filter_map(|line| line.split_once('('))
        .filter_map(|(declaration, _)| declaration.rsplit([' ', '*']).next())
        .collect();
    let constants = header.lines().filter_map(|line| line.strip_prefix("#define "));
    // The guard of the header, and the version, which changes.
    let constants =
        constants.filter(|constant| *constant != "LUMA_H" && !constant.starts_with("LUMA_VERSION"));
    let declared: BTreeSet<&str> = functions.iter().copied().chain(constants).collect();
    assert_eq!(declared, promised);

    let library = library_dir().join("libluma.so");
    let output = run(Command::new("nm").args(["-D", "--defined-only"]).arg(library));
    let output = String::from_utf8(output.stdout).unwrap();
    let exported: BTreeSet<&str> =
        output.lines().filter_map(|line| line.split(' ').next_back()).collect();
    assert_eq!(exported, functions);
}

#[test]
fn every_status_has_its_name_and_a_message() {
    let header = std::fs::read_to_string(Path::new(ROOT).join("include/luma.h")).unwrap();
    let mut checks = String::new();
    for line in header.lines().filter_map(|line| line.strip_prefix("#define LUMA_ERROR_")) {
        let name = line.split(' ').next().unwrap();
        checks +=
            &format!("CHECK_TEXT(luma_status_name(LUMA_ERROR_{name}), \"LUMA_ERROR_{name}\");\n");
    }
    assert!(checks.lines().count() > 40, "{checks}");
    let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join("statuses.c");
    let program = format!(
        "#include <luma.h>\n#include \"{ROOT}/tests/c/check.h\"\n\
         int main(void) {{ {checks} return closing_line(); }}\n"
    );
    std::fs::write(&source, program).unwrap();
    let program = compile_c(source.to_str().unwrap());
    run_checks(&mut checked(&program));
}
