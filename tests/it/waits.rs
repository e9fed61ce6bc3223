//! Waits: a run is polled until it is final, and no longer than the wait's timeout. How precisely
//! pauses and timeouts are kept is tested with a virtual clock, in `src/wait.rs`.

use std::ops::ControlFlow::{self, Break, Continue};
use std::thread;
use std::time::{Duration, Instant};

use luma::Outcome::*;
use luma::{Error, ErrorKind as E, Poll, RunStatus, Wait, WaitOptions};

use crate::support::Step::*;
use crate::support::calls::*;
use crate::support::{LIMIT, ScriptServer, response};

fn history(status: &str) -> Vec<u8> {
    ok(replaced(HISTORY, "COMPLETED", status))
}

/// How a gateway may report a run that it does not know yet.
const UNKNOWN_RUN: &str =
    r#"{"status":"NotFound","statusCode":1,"errors":["no such run"],"resultData":null}"#;

fn wait_options(milliseconds: u64) -> WaitOptions {
    WaitOptions::new(Duration::from_millis(milliseconds)).unwrap()
}

/// Waits for a run whose polls get these responses; returns how the wait ended, and its duration.
fn wait(responses: &[Vec<u8>], on_poll: impl FnMut(&Poll) -> ControlFlow<()>) -> (Wait, Duration) {
    // A connection is not used again after a response that is not the gateway's.
    let is_foreign = responses[0].ends_with(b">");
    let scripts = if is_foreign {
        responses.chunks(1).map(answers).collect()
    } else {
        vec![answers(responses)]
    };
    let server = ScriptServer::start(scripts);
    let started = Instant::now();
    let wait = client(&server.url).wait_for_workflow("x", &wait_options(60_000), on_poll);
    let connections = if is_foreign { 2 } else { 1 };
    assert_eq!((wait.polls() as usize, server.connections()), (server.deliveries(), connections));
    (wait, started.elapsed())
}

#[test]
fn a_wait_ends_with_the_run() {
    for (first, last) in [
        (history("RUNNING"), "COMPLETED"),
        (history("SUSPENDED"), "FAILED"),
        (history("WHO_KNOWS"), "TERMINATED"),
        (response("404 X", ""), "COMPLETED"),
        (response("400 X", UNKNOWN_RUN), "COMPLETED"),
        (ok(UNKNOWN_RUN), "FAILED"),
        (ok(UNKNOWN_RUN.replace("NotFound", "DataValidationError")), "FAILED"),
        (response("500 X", ""), "FAILED"),
        (ok("<html>"), "COMPLETED"),
    ] {
        let mut seen = Vec::new();
        let (wait, took) = wait(&[first, history(last)], |poll| {
            seen.push((poll.number, poll.result.is_ok()));
            Continue(())
        });
        assert_eq!((wait.polls(), wait.error().is_none()), (2, true), "{wait:?}");
        assert_eq!((seen.len(), seen[1]), (2, (2, true)));
        assert!(took >= Duration::from_millis(500), "{took:?}");
        assert_eq!(wait.last().unwrap().status_text(), last);
        assert_eq!(wait.into_result().unwrap().status().to_string(), last);
    }
}

#[test]
fn a_wait_ends_with_a_status_that_is_not_listed() {
    for (status, polls) in [("CANCELLED", 2), ("COMPLETED_WITH_ERRORS", 2), ("Completed", 1)] {
        let (wait, _) = wait(&[history(status), history(status)], |_| Continue(()));
        assert_eq!((wait.polls(), wait.error().is_none()), (polls, true), "{wait:?}");
        let last = wait.into_result().unwrap();
        assert_eq!(last.status_text(), status);
        assert_eq!(last.status() == RunStatus::Completed, polls == 1);
    }
}

#[test]
fn a_wait_continues_after_a_poll_that_failed_temporarily() {
    let server = ScriptServer::start(vec![vec![Read], answers(&[history("FAILED")])]);
    let wait = client(&server.url).wait_for_workflow("x", &wait_options(60_000), |_| Continue(()));
    assert_eq!((wait.polls(), wait.error().is_none()), (2, true), "{wait:?}");
    let later = response("429 X\r\nRetry-After: 1", "");
    let (wait, took) = self::wait(&[later, history("COMPLETED")], |_| Continue(()));
    assert_eq!((wait.polls(), wait.error().is_none()), (2, true), "{wait:?}");
    assert!(took >= Duration::from_secs(1), "{took:?}");
}

#[test]
fn a_wait_ends_at_once_if_polling_again_cannot_help() {
    for (status, kind) in [("401 X", E::Unauthorized), ("403 X", E::Forbidden)] {
        let (wait, _) = wait(&[history("RUNNING"), response(status, "")], |_| Continue(()));
        let error = wait.error().unwrap();
        assert_eq!((wait.polls(), error.kind()), (2, kind));
        assert!(error.message().contains("after 2 polls; the run is RUNNING: HTTP 40"), "{error}");
        assert_eq!(wait.last().unwrap().status(), RunStatus::Running);
        assert!(wait.into_result().is_err());
    }
    // Once the run was seen, these are considered temporary.
    for (status, kind) in [("400 X", E::Refused), ("302 X", E::Redirected)] {
        let (wait, _) = wait(&[response(status, "")], |_| Continue(()));
        assert_eq!((wait.polls(), wait.error().unwrap().kind()), (1, kind));
        let responses = [history("RUNNING"), response(status, ""), history("FAILED")];
        assert!(self::wait(&responses, |_| Continue(())).0.error().is_none());
    }
}

#[test]
fn a_callback_can_stop_a_wait() {
    let (wait, _) = wait(&[history("RUNNING")], |poll| {
        assert_eq!(
            (poll.number, poll.result.as_ref().unwrap().status_text()),
            (1, "RUNNING".into())
        );
        Break(())
    });
    let error = wait.error().unwrap();
    assert_eq!((wait.polls(), error.kind(), error.outcome()), (1, E::WaitStopped, Unknown));
    assert_eq!(wait.last().unwrap().status(), RunStatus::Running);
    assert!(error.message().contains("RUNNING"), "{error}");
    // It does not matter for a run that is final.
    assert!(self::wait(&[history("COMPLETED")], |_| Break(())).0.error().is_none());
}

#[test]
fn a_wait_can_end_when_the_run_is_suspended() {
    let options = wait_options(60_000).or_suspended();
    let wait = with(history("SUSPENDED"), |client| {
        client.wait_for_workflow("x", &options, |_| Continue(()))
    });
    assert_eq!((wait.polls(), wait.error().is_none()), (1, true));
    assert_eq!(wait.into_result().unwrap().status(), RunStatus::Suspended);
}

#[test]
fn a_wait_ends_at_its_timeout_whatever_the_server_does() {
    let running = || vec![Read, Send(history("RUNNING"))];
    let later = response("429 X\r\nRetry-After: 60", "");
    let drip = Drip(history("COMPLETED"), Duration::from_millis(50));
    let timeout = Duration::from_secs(3);
    let cases = [
        ("running", vec![answers(&[(); 9].map(|()| history("RUNNING")))], 2, Some("RUNNING")),
        ("hanging", vec![[running(), vec![Read, Wait]].concat()], 2, Some("RUNNING")),
        ("dripping", vec![[running(), vec![Read, drip]].concat()], 2, Some("RUNNING")),
        ("hanging at once", vec![vec![Read, Wait]], 1, None),
        ("a later Retry-After", vec![answers(&[(); 5].map(|()| later.clone()))], 2, None),
        ("closing", vec![vec![Read]], 2, None),
    ];
    thread::scope(|scope| {
        for (case, scripts, polls, last) in cases {
            scope.spawn(move || {
                let server = ScriptServer::start(scripts);
                let (client, started) = (client(&server.url), Instant::now());
                let options = WaitOptions::new(timeout).unwrap();
                let wait = client.wait_for_workflow("x", &options, |_| Continue(()));
                let took = started.elapsed();
                let error = wait.error().unwrap();
                println!("{case}: {took:?} {error}");
                assert_eq!(error.kind(), E::WaitTimeout, "{case}");
                assert!(wait.polls() >= polls, "{case}: {}", wait.polls());
                let seen = wait.last().map(|last| last.status_text().into_owned());
                assert_eq!(seen.as_deref(), last, "{case}");
                // It ends early if too little time is left for one more poll.
                assert!(took >= timeout / 2 && took < timeout + LIMIT / 2, "{case}: {took:?}");
                assert_error_shows_no_secret(error, case);
            });
        }
    });
}

#[test]
fn a_wait_with_an_invalid_id_sends_nothing() {
    let server = ScriptServer::start(vec![vec![]]);
    let client = client(&server.url);
    for id in ["", "..", "a/b"] {
        let wait = client.wait_for_workflow(id, &wait_options(60_000), |_| panic!("a poll"));
        assert_eq!((wait.polls(), wait.error().map(Error::kind)), (0, Some(E::TriggerId)));
    }
    for bad in [Duration::ZERO, Duration::from_secs(86_401)] {
        assert_eq!(failure(WaitOptions::new(bad)), (NotSent, E::TimeoutRange));
    }
    assert_eq!(server.connections(), 0);
}
