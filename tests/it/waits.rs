//! Waits: a run is looked at until it has ended, and never longer than was asked for.

use std::ops::ControlFlow::{self, Break, Continue};
use std::time::{Duration, Instant};

use luma::Outcome::*;
use luma::{Error, ErrorKind as E, Poll, RunStatus, Wait, WaitOptions};

use crate::support::Step::*;
use crate::support::calls::*;
use crate::support::{ScriptServer, response};

fn history(status: &str) -> Vec<u8> {
    ok(replaced(HISTORY, "COMPLETED", status))
}

fn wait_options(milliseconds: u64) -> WaitOptions {
    WaitOptions::new(Duration::from_millis(milliseconds)).unwrap()
}

/// Waits at most 5 s for a run of which these responses tell; gives how it ended, and how long it took.
fn wait(responses: &[Vec<u8>], on_poll: impl FnMut(&Poll) -> ControlFlow<()>) -> (Wait, Duration) {
    let (server, client) = serving(responses);
    let started = Instant::now();
    let wait = client.wait_for_workflow("x", &wait_options(5000), on_poll);
    assert_eq!((wait.polls() as usize, server.connections()), (server.deliveries(), 1));
    (wait, started.elapsed())
}

#[test]
fn a_wait_ends_with_the_run() {
    for (first, last) in [
        (history("RUNNING"), "COMPLETED"),
        (history("SUSPENDED"), "FAILED"),
        (history("WHO_KNOWS"), "TERMINATED"),
        (response("404 X", ""), "COMPLETED"),
        (response("500 X", ""), "FAILED"),
        (ok("<html>"), "COMPLETED"),
    ] {
        let mut seen = Vec::new();
        let (wait, took) = wait(&[first, history(last)], |poll| {
            seen.push((poll.number, poll.seen.is_ok()));
            Continue(())
        });
        assert_eq!((wait.polls(), wait.error().is_none()), (2, true), "{wait:?}");
        assert_eq!((seen.len(), seen[1]), (2, (2, true)));
        assert!((500..1500).contains(&took.as_millis()), "{took:?}");
        assert_eq!(wait.last().unwrap().status_text(), last);
        assert_eq!(wait.into_result().unwrap().status().to_string(), last);
    }
}

#[test]
fn a_wait_passes_over_what_looking_again_may_mend() {
    let server = ScriptServer::start(vec![vec![Read], answers(&[history("FAILED")])]);
    let wait = client(&server.url).wait_for_workflow("x", &wait_options(5000), |_| Continue(()));
    assert_eq!((wait.polls(), wait.error().is_none()), (2, true), "{wait:?}");
    let later = response("429 X\r\nRetry-After: 1", "");
    let (wait, took) = self::wait(&[later, history("COMPLETED")], |_| Continue(()));
    assert_eq!((wait.polls(), wait.error().is_none()), (2, true), "{wait:?}");
    assert!((1000..2000).contains(&took.as_millis()), "{took:?}");
}

#[test]
fn a_wait_ends_at_once_where_looking_again_mends_nothing() {
    for (status, kind) in [("401 X", E::Unauthorized), ("403 X", E::Forbidden)] {
        let (wait, _) = wait(&[history("RUNNING"), response(status, "")], |_| Continue(()));
        let error = wait.error().unwrap();
        assert_eq!((wait.polls(), error.kind()), (2, kind));
        assert!(error.message().contains("after 2 looks; the run is RUNNING: HTTP 40"), "{error}");
        assert_eq!(wait.last().unwrap().status(), RunStatus::Running);
        assert!(wait.into_result().is_err());
    }
    // These may pass once the run was seen.
    for (status, kind) in [("400 X", E::Refused), ("302 X", E::Redirected)] {
        let (wait, _) = wait(&[response(status, "")], |_| Continue(()));
        assert_eq!((wait.polls(), wait.error().unwrap().kind()), (1, kind));
        let responses = [history("RUNNING"), response(status, ""), history("FAILED")];
        assert!(self::wait(&responses, |_| Continue(())).0.error().is_none());
    }
}

#[test]
fn a_callback_ends_a_wait_and_never_the_run() {
    let (wait, took) = wait(&[history("RUNNING")], |poll| {
        assert_eq!((poll.number, poll.seen.as_ref().unwrap().status_text()), (1, "RUNNING".into()));
        Break(())
    });
    let error = wait.error().unwrap();
    assert_eq!((wait.polls(), error.kind(), error.outcome()), (1, E::WaitStopped, Unknown));
    assert_eq!(wait.last().unwrap().status(), RunStatus::Running);
    assert!(error.message().contains("RUNNING") && took.as_millis() < 400, "{error}, {took:?}");
    // A final state is one, stopped or not.
    assert!(self::wait(&[history("COMPLETED")], |_| Break(())).0.error().is_none());
}

#[test]
fn a_wait_for_a_suspended_run_ends_if_that_is_asked_for() {
    let options = wait_options(5000).or_suspended();
    let wait = with(history("SUSPENDED"), |client| {
        client.wait_for_workflow("x", &options, |_| Continue(()))
    });
    assert_eq!((wait.polls(), wait.error().is_none()), (1, true));
    assert_eq!(wait.into_result().unwrap().status(), RunStatus::Suspended);
}

#[test]
fn a_wait_is_over_in_time_whatever_the_server_does() {
    let running = || vec![Read, Send(history("RUNNING"))];
    let later = response("429 X\r\nRetry-After: 60", "");
    let drip = Drip(history("COMPLETED"), Duration::from_millis(5));
    for (case, scripts, polls, last) in [
        ("running", vec![answers(&[(); 5].map(|()| history("RUNNING")))], 2, Some("RUNNING")),
        ("hanging", vec![[running(), vec![Read, Wait]].concat()], 2, Some("RUNNING")),
        ("dripping", vec![[running(), vec![Read, drip]].concat()], 2, Some("RUNNING")),
        ("hanging at once", vec![vec![Read, Wait]], 1, None),
        ("asking for more time", vec![answers(&[(); 5].map(|()| later.clone()))], 2, None),
        ("closing", vec![vec![Read]], 2, None),
    ] {
        let server = ScriptServer::start(scripts);
        let (client, started) = (client(&server.url), Instant::now());
        let wait = client.wait_for_workflow("x", &wait_options(300), |_| Continue(()));
        let took = started.elapsed();
        let error = wait.error().unwrap();
        println!("{case}: {took:?} {error}");
        assert_eq!(error.kind(), E::WaitTimeout, "{case}");
        // On a loaded machine a look takes long, and there may be time for another.
        assert!((polls..=polls + 2).contains(&wait.polls()), "{case}: {}", wait.polls());
        assert_eq!(wait.last().map(|last| last.status_text().into_owned()).as_deref(), last);
        // Where looks take long, too little is left for one more, and the wait ends before its time.
        assert!((150..1300).contains(&took.as_millis()), "{case}: {took:?}");
        assert_error_shows_no_secret(error, case);
    }
}

#[test]
fn a_wait_with_a_bad_id_sends_nothing() {
    let server = ScriptServer::start(vec![vec![]]);
    let client = client(&server.url);
    for id in ["", "..", "a/b"] {
        let wait = client.wait_for_workflow(id, &wait_options(5000), |_| panic!("a poll"));
        assert_eq!((wait.polls(), wait.error().map(Error::kind)), (0, Some(E::TriggerId)));
    }
    for bad in [Duration::ZERO, Duration::from_secs(86_401)] {
        assert_eq!(failure(WaitOptions::new(bad)), (NotSent, E::TimeoutRange));
    }
    assert_eq!(server.connections(), 0);
}
