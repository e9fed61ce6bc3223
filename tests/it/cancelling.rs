//! Promises 1 and 2: another thread can cancel a call at once, whatever the call waits for, and the
//! outcome says what is certain.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use luma::Outcome::{self, *};
use luma::{Client, Config, ErrorKind as E, LogLevel, WaitOptions};

use crate::support::Step::{self, *};
use crate::support::tls::{self, TapServer};
use crate::support::{
    self, LIMIT, SUCCESS, ScriptServer, config, config_with_token, numbered, ok, request, response,
};

/// Generous, since a loaded machine is late, but a small part of the timeout, which is [`LIMIT`].
/// The fault catalogue measures how soon a call ends.
const SOON: Duration = Duration::from_secs(20);

/// A step that notifies the test that it was reached.
fn notify(reached: &Sender<()>) -> Step {
    let reached = reached.clone();
    Do(Arc::new(move || reached.send(()).unwrap()))
}

/// Triggers, cancels once `when` is notified, and returns how the call ended and how long after
/// that.
fn cancelled(config: &Config, when: &Receiver<()>) -> (Outcome, E, Duration) {
    let client = Client::with_config(config).unwrap();
    let ended = thread::scope(|scope| {
        let call = scope.spawn(|| {
            let error = client.trigger_workflow(&request()).unwrap_err();
            (error.outcome(), error.kind(), Instant::now())
        });
        when.recv_timeout(LIMIT).unwrap();
        let cancelled = Instant::now();
        client.cancel();
        let (outcome, kind, ended) = call.join().unwrap();
        (outcome, kind, ended - cancelled)
    });
    println!("{ended:?}");
    ended
}

/// Asserts how a cancelled call ends, several times, since the exact moment varies.
fn assert_cancelled(config: &Config, when: &Receiver<()>, outcome: Outcome) {
    let ended = [(); 3].map(|()| cancelled(config, when));
    assert!(ended.iter().all(|end| (end.0, end.1) == (outcome, E::Cancelled)), "{ended:?}");
    assert!(ended.iter().all(|end| end.2 <= SOON), "{ended:?}");
}

#[test]
fn a_call_that_waits_for_its_response_ends_as_unknown() {
    let half = ok()[..30].to_vec();
    let (reached, when) = channel();
    for steps in [
        vec![Read, notify(&reached), Wait],
        vec![Read, Send(half), notify(&reached), Wait],
        // Its body ends with the connection, so it could pass for complete.
        vec![
            Read,
            Send(format!("HTTP/1.1 200 OK\r\n\r\n{SUCCESS}").into()),
            notify(&reached),
            Wait,
        ],
    ] {
        let server = ScriptServer::start(vec![steps]);
        assert_cancelled(&config(&server.url), &when, Unknown);
        server.assert_received(3, 3);
    }
}

#[test]
fn a_call_over_tls_ends_as_unknown() {
    let (ca, server_config) = tls::localhost();
    let (reached, when) = channel();
    let server = TapServer::tls(server_config, move |tls| {
        tls::read_request(tls).unwrap();
        reached.send(()).unwrap();
    });
    let mut config = config(&format!("https://127.0.0.1:{}", server.port));
    assert_cancelled(config.set_ca_pem(&ca.pem).unwrap(), &when, Unknown);
}

#[test]
fn a_call_in_its_tls_handshake_ends_as_not_sent() {
    let (reached, when) = channel();
    let server = TapServer::start(move |tap| {
        reached.send(()).unwrap();
        tap.drain();
    });
    let (ca, _) = tls::localhost();
    let mut config = config(&format!("https://127.0.0.1:{}", server.port));
    assert_cancelled(config.set_ca_pem(&ca.pem).unwrap(), &when, NotSent);
}

#[test]
fn a_call_that_waits_for_a_proxy_ends_as_not_sent() {
    let (reached, when) = channel();
    let server = TapServer::start(move |tap| {
        reached.send(()).unwrap();
        tap.drain();
    });
    let mut config = config("https://gateway.example");
    config.set_proxy(&format!("http://127.0.0.1:{}", server.port)).unwrap();
    assert_cancelled(&config, &when, NotSent);
}

#[cfg(target_os = "linux")]
#[test]
fn a_call_that_is_connecting_ends_as_not_sent() {
    let (black_hole, _filling) = support::black_hole();
    let mut config = config(&format!("http://{black_hole}"));
    let (reached, when) = channel();
    // This line is logged just before connecting.
    config.set_log(LogLevel::Debug, move |_, line| {
        if line.contains(" directly") {
            reached.send(()).unwrap();
        }
    });
    assert_cancelled(&config, &when, NotSent);
}

#[test]
fn a_pause_before_a_retry_ends() {
    let (_socket, url) = support::closed_port();
    let mut config = Config::new(&url, "t").unwrap();
    let (reached, when) = channel();
    config.set_log(LogLevel::Warn, move |level, _| {
        if level == LogLevel::Warn {
            reached.send(()).unwrap();
        }
    });
    assert_cancelled(&config, &when, NotSent);
}

#[test]
fn a_wait_ends_while_it_sleeps() {
    let running =
        include_str!("../fixtures/history-completed.json").replace("COMPLETED", "RUNNING");
    let running = response("200 OK", running);
    let steps = [Read, Send(running)].into_iter().cycle().take(20).collect();
    let server = ScriptServer::start(vec![steps]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let options = WaitOptions::new(Duration::from_secs(60)).unwrap();
    let (reached, when) = channel();
    let ended = [(); 3].map(|()| {
        thread::scope(|scope| {
            let wait = scope.spawn(|| {
                let wait = client.wait_for_workflow("id", &options, |_| {
                    reached.send(()).unwrap();
                    ControlFlow::Continue(())
                });
                (wait, Instant::now())
            });
            when.recv_timeout(LIMIT).unwrap();
            let cancelled = Instant::now();
            client.cancel();
            let (wait, ended) = wait.join().unwrap();
            let error = wait.error().unwrap();
            assert_eq!((error.outcome(), error.kind()), (Unknown, E::Cancelled), "{error}");
            assert_eq!((wait.polls(), wait.info().attempts()), (1, 1));
            assert_eq!(wait.last().unwrap().status_text(), "RUNNING");
            ended - cancelled
        })
    });
    assert!(ended.iter().all(|took| *took <= SOON), "{ended:?}");
}

#[test]
fn the_client_remains_usable_on_new_connections() {
    let server = ScriptServer::start(vec![
        vec![Read, Send(ok()), Wait],
        vec![Read, Send(ok()), Read, Send(numbered(ok(), 1)), Wait],
    ]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    client.cancel();
    client.trigger_workflow(&request()).unwrap();
    client.cancel();
    server.wait_until_closed(1);
    client.trigger_workflow(&request()).unwrap();
    client.trigger_workflow(&request()).unwrap();
    assert_eq!((server.connections(), server.deliveries()), (2, 3));
}

#[test]
fn cancelling_ends_every_call_of_a_client_and_none_of_another() {
    const CALLS: usize = 8;
    let (reached, when) = channel();
    let server = ScriptServer::start(vec![vec![Read, notify(&reached), Wait]]);
    let slow = ScriptServer::start(vec![vec![Read, notify(&reached), Read]]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let named = client.with_request_id("same-client").unwrap();
    let mut config = config(&slow.url);
    let timeout = Duration::from_secs(5);
    let other = Client::with_config(config.set_timeout(timeout).unwrap()).unwrap();
    thread::scope(|scope| {
        let calls = [&client, &named].into_iter().cycle().take(CALLS);
        let calls: Vec<_> = calls
            .map(|client| scope.spawn(|| client.trigger_workflow(&request()).unwrap_err().kind()))
            .collect();
        let others = scope.spawn(|| other.trigger_workflow(&request()).unwrap_err().kind());
        (0..=CALLS).for_each(|_| when.recv_timeout(LIMIT).unwrap());
        client.cancel();
        assert!(calls.into_iter().all(|call| call.join().unwrap() == E::Cancelled));
        assert_eq!(others.join().unwrap(), E::ResponseTimeout);
    });
}

#[test]
fn closing_ends_every_call_and_every_later_one() {
    let (reached, when) = channel();
    let server = ScriptServer::start(vec![
        vec![Read, Send(ok()), Read, notify(&reached), Wait],
        vec![Read, notify(&reached), Wait],
    ]);
    let client = Client::with_config(config(&server.url).set_retries(true)).unwrap();
    let named = client.with_request_id("same-client").unwrap();
    client.trigger_workflow(&request()).unwrap();
    let until_closed = |client: &Client| {
        let mut ends = Vec::new();
        while !matches!(ends.last(), Some((NotSent, E::Cancelled))) {
            let error = client.trigger_workflow(&request()).unwrap_err();
            ends.push((error.outcome(), error.kind()));
            assert!(error.message().starts_with("the client was closed"), "{error}");
        }
        ends
    };
    let ends = thread::scope(|scope| {
        let threads = [&client, &named].map(|client| scope.spawn(|| until_closed(client)));
        (0..2).for_each(|_| when.recv_timeout(LIMIT).unwrap());
        client.close();
        threads.map(|thread| thread.join().unwrap())
    });
    let expected = [(Unknown, E::Cancelled), (NotSent, E::Cancelled)];
    assert_eq!(ends, [expected, expected]);

    // The client stays closed.
    named.cancel();
    client.close();
    let options = WaitOptions::new(LIMIT).unwrap();
    let wait = client.wait_for_workflow("id", &options, |_| ControlFlow::Continue(()));
    let error = wait.error().unwrap();
    assert_eq!(error.kind(), E::Cancelled);
    assert!(error.message().contains("the client was closed"), "{error}");
    assert_eq!(until_closed(&named), [(NotSent, E::Cancelled)]);
    assert_eq!((server.connections(), server.deliveries()), (2, 3));
}

/// Calls that start during a cancellation complete or are cancelled, and none is sent twice.
#[test]
fn outcomes_stay_true_while_the_client_is_cancelled_again_and_again() {
    const THREADS: usize = 4;
    const CALLS: usize = 50;
    let simulator = luma_simulator::Simulator::start().unwrap();
    let config = config_with_token(simulator.url(), &simulator.token());
    let client = Client::with_config(&config).unwrap();
    let outcomes: Vec<Outcome> = thread::scope(|scope| {
        let calls = || {
            let call = |_| match client.trigger_workflow(&request()) {
                Ok(_) => Accepted,
                Err(error) => {
                    assert_eq!(error.kind(), E::Cancelled, "{error}");
                    error.outcome()
                }
            };
            (0..CALLS).map(call).collect::<Vec<_>>()
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(calls)).collect();
        // The last pause is long enough for a call, on a slow machine too.
        for pause in [300, 1_000, 20_000].into_iter().cycle() {
            if threads.iter().all(|thread| thread.is_finished()) {
                break;
            }
            client.cancel();
            thread::sleep(Duration::from_micros(pause));
        }
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
    let (accepted, unknown) = (count(Accepted), count(Unknown));
    println!("{accepted} accepted, {unknown} unknown, {} not sent", count(NotSent));
    assert_eq!(outcomes.len(), THREADS * CALLS);
    assert!(accepted + unknown > 0);
    let delivered = simulator.journal().len();
    assert!((accepted..=accepted + unknown).contains(&delivered), "{delivered}");
}

/// A run that is never final.
fn running() -> Vec<u8> {
    let completed = include_str!("../fixtures/history-completed.json");
    response("200 OK", completed.replace("COMPLETED", "RUNNING"))
}

#[test]
fn a_cancelled_scope_ends_its_own_wait_and_no_other() {
    const WAITS: usize = 100;
    let steps = [Read, Send(running())].into_iter().cycle().take(200).collect();
    let server = ScriptServer::start(vec![steps]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let options = WaitOptions::new(LIMIT).unwrap();
    let (reached, when) = channel();
    let (ended, ends) = channel();
    let scopes: Vec<_> = (0..WAITS).map(|_| client.with_own_cancel()).collect();
    thread::scope(|scope| {
        for (number, client) in scopes.iter().enumerate() {
            let (reached, ended, options) = (reached.clone(), ended.clone(), &options);
            scope.spawn(move || {
                let wait = client.wait_for_workflow("id", options, |_| {
                    let _ = reached.send(());
                    ControlFlow::Continue(())
                });
                ended.send((number, wait.error().map(luma::Error::kind), Instant::now())).unwrap();
            });
        }
        (0..WAITS).for_each(|_| when.recv_timeout(LIMIT).unwrap());
        for number in [41, 0, 99] {
            let cancelled = Instant::now();
            scopes[number].cancel();
            let (who, kind, at) = ends.recv_timeout(LIMIT).unwrap();
            assert_eq!((who, kind), (number, Some(E::Cancelled)));
            println!("{:?}", at - cancelled);
            assert!(at - cancelled < SOON);
            // No other one follows.
            assert!(ends.recv_timeout(Duration::from_millis(100)).is_err());
        }
        client.cancel();
        assert!((3..WAITS).all(|_| ends.recv().unwrap().1 == Some(E::Cancelled)));
    });
}

#[test]
fn a_scope_shares_connections_and_its_end_closes_none_of_them() {
    let server = ScriptServer::start(vec![vec![
        Read,
        Send(numbered(ok(), 0)),
        Read,
        Send(numbered(ok(), 1)),
        Read,
        Send(numbered(ok(), 2)),
        Read,
        Send(numbered(ok(), 3)),
        Wait,
    ]]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let scope = client.with_own_cancel();
    let other = scope.with_request_id("other").unwrap().with_own_cancel();
    scope.trigger_workflow(&request()).unwrap();
    scope.cancel();
    client.trigger_workflow(&request()).unwrap();
    scope.close();
    drop(scope);
    drop(other);
    client.trigger_workflow(&request()).unwrap();
    client.with_own_cancel().trigger_workflow(&request()).unwrap();
    assert_eq!((server.connections(), server.deliveries()), (1, 4));
}

#[test]
fn a_parent_ends_its_scopes_and_a_scope_does_not_end_its_parent() {
    let (reached, when) = channel();
    let server = ScriptServer::start(vec![vec![Read, notify(&reached), Wait]]);
    let root = Client::with_config(&config(&server.url)).unwrap();
    let middle = root.with_own_cancel().with_timeout(LIMIT / 2).unwrap();
    let leaf = middle.with_own_cancel();
    let sibling = middle.with_request_id("r").unwrap().with_own_cancel();
    let clients = [&root, &middle, &leaf, &sibling];
    let end = |cancel: &dyn Fn(), ended: [bool; 4]| {
        thread::scope(|scope| {
            let call = |client| scope.spawn(move || support::trigger(client).unwrap_err());
            let calls = clients.map(call);
            (0..4).for_each(|_| when.recv_timeout(LIMIT).unwrap());
            cancel();
            for (call, ends) in std::iter::zip(&calls, ended) {
                if ends {
                    support::wait_until("the call ends", || call.is_finished());
                }
            }
            thread::sleep(Duration::from_millis(50));
            assert_eq!([0, 1, 2, 3].map(|number| calls[number].is_finished()), ended);
            root.cancel();
            for call in calls {
                let error = call.join().unwrap();
                assert_eq!((error.outcome(), error.kind()), (Unknown, E::Cancelled), "{error}");
            }
        });
    };
    end(&|| leaf.cancel(), [false, false, true, false]);
    end(&|| middle.cancel(), [false, true, true, true]);
    end(&|| root.cancel(), [true; 4]);

    let is_closed = |client: &Client| {
        let error = support::trigger(client).unwrap_err();
        (error.outcome(), error.kind()) == (NotSent, E::Cancelled)
            && error.message().starts_with("the client was closed")
    };
    middle.close();
    assert!([&middle, &leaf, &sibling].into_iter().all(is_closed));
    // It stays closed, and so is a new scope of it.
    root.cancel();
    assert!([&middle, &leaf, &leaf.with_own_cancel()].into_iter().all(is_closed));
    thread::scope(|scope| {
        let call = scope.spawn(|| support::trigger(&root).unwrap_err());
        when.recv_timeout(LIMIT).unwrap();
        root.close();
        assert_eq!(call.join().unwrap().kind(), E::Cancelled);
    });
    assert!([&root, &root.with_own_cancel()].into_iter().all(is_closed));
}

/// Scopes that are cancelled at any moment never disturb another call, although they share its
/// connections.
#[test]
fn hundreds_of_cancelled_scopes_have_no_effect_on_other_calls() {
    const SCOPES: usize = 700;
    let simulator = luma_simulator::Simulator::start().unwrap();
    let config = config_with_token(simulator.url(), &simulator.token());
    let client = Client::with_config(&config).unwrap();
    let is_done = AtomicBool::new(false);
    let [triggers, reads] = [(); 2].map(|()| AtomicUsize::new(0));
    let (accepted, unknown) = thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !is_done.load(Ordering::SeqCst) {
                    support::trigger(&client).unwrap_or_else(|error| panic!("{error}"));
                    triggers.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        scope.spawn(|| {
            while !is_done.load(Ordering::SeqCst) {
                client.list_workflow_definitions(&luma::ListQuery::default()).unwrap();
                reads.fetch_add(1, Ordering::SeqCst);
            }
        });
        let (mut accepted, mut unknown) = (0, 0);
        for number in 0..SCOPES {
            let own = client.with_own_cancel();
            let call = scope.spawn({
                let own = own.clone();
                move || support::trigger(&own)
            });
            // Up to a little more than a call takes.
            thread::sleep(Duration::from_micros(number as u64 * 37 % 1_000));
            own.cancel();
            match call.join().unwrap() {
                Ok(_) => accepted += 1,
                Err(error) => {
                    assert_eq!(error.kind(), E::Cancelled, "{error}");
                    unknown += usize::from(error.outcome() == Unknown);
                }
            }
        }
        is_done.store(true, Ordering::SeqCst);
        (accepted, unknown)
    });
    let (triggers, reads) = (triggers.into_inner(), reads.into_inner());
    println!("{accepted} accepted, {unknown} unknown; {triggers} triggers and {reads} reads");
    assert!(triggers > 0 && reads > 0 && accepted < SCOPES && accepted + unknown > 0);
    let is_trigger = |request: &&luma_simulator::Delivery| request.path.ends_with("/trigger");
    let delivered = simulator.journal().iter().filter(is_trigger).count();
    let certain = accepted + triggers;
    assert!((certain..=certain + unknown).contains(&delivered), "{delivered}, {certain}");
}

#[test]
fn a_client_with_another_timeout_shares_connections_and_is_cancelled_with_the_first() {
    let (reached, when) = channel();
    let server = ScriptServer::start(vec![
        vec![Read, Send(ok()), Read, Wait],
        vec![Read, notify(&reached), Wait],
    ]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let short = client.with_timeout(Duration::from_millis(300)).unwrap();
    client.trigger_workflow(&request()).unwrap();
    let error = support::trigger(&short.with_request_id("id").unwrap()).unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Unknown, E::ResponseTimeout), "{error}");
    assert!(error.message().contains("the timeout of 300 ms expired"), "{error}");
    assert_eq!(error.info().request_id(), "id");
    let long = client.with_request_id("id").unwrap().with_timeout(LIMIT).unwrap();
    thread::scope(|scope| {
        let call = scope.spawn(|| support::trigger(&long).unwrap_err());
        when.recv_timeout(LIMIT).unwrap();
        short.cancel();
        let error = call.join().unwrap();
        assert_eq!((error.kind(), &*error.info().request_id()), (E::Cancelled, "id"));
    });
    for wrong in [Duration::ZERO, Duration::from_secs(86_401)] {
        assert_eq!(client.with_timeout(wrong).unwrap_err().kind(), E::TimeoutRange);
    }
    assert_eq!((server.connections(), server.deliveries()), (2, 3));
}
