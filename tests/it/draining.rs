//! Promise 1: a service that stops lets its calls end, refuses new ones, and knows each outcome.
//! Also tests the counters of a client.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use luma::Outcome::{self, *};
use luma::{
    Client, Config, Counters, ErrorKind as E, LogLevel, OnceStore, StoreClaim, WaitOptions,
};

use crate::support::Step::{self, *};
use crate::support::{
    LIMIT, ScriptServer, config, config_with_token, numbered, ok, request, response, trigger,
    wait_until,
};

const SHORT: Duration = Duration::from_millis(200);

fn notify(reached: &Sender<()>) -> Step {
    let reached = reached.clone();
    Do(Arc::new(move || reached.send(()).unwrap()))
}

/// A step that waits until the test sets this.
fn until(go_on: &Arc<AtomicBool>) -> Step {
    let go_on = go_on.clone();
    Do(Arc::new(move || wait_until("the test goes on", || go_on.load(Ordering::SeqCst))))
}

fn end<T>(result: &Result<T, luma::Error>) -> (Outcome, Option<E>, String) {
    match result {
        Ok(_) => (Accepted, None, String::new()),
        Err(error) => (error.outcome(), Some(error.kind()), error.message().into()),
    }
}

#[track_caller]
fn assert_refused(client: &Client, why: &str) {
    let (outcome, kind, message) = end(&trigger(client));
    assert_eq!((outcome, kind), (NotSent, Some(E::Cancelled)), "{message}");
    assert!(message.starts_with(why), "{message}");
}

#[test]
fn a_call_in_progress_ends_and_new_ones_are_refused() {
    let (reached, when) = channel();
    let go_on = Arc::new(AtomicBool::new(false));
    let server = ScriptServer::start(vec![
        vec![Read, notify(&reached), until(&go_on), Send(ok()), Wait],
        // As many as it takes until the drain has begun.
        vec![vec![Read, Send(ok())]; 1_000].concat(),
    ]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let scope = client.with_own_cancel();
    thread::scope(|threads| {
        let call = threads.spawn(|| trigger(&scope));
        when.recv_timeout(LIMIT).unwrap();
        let drain = threads.spawn(|| client.drain(LIMIT));
        let second = threads.spawn(|| scope.with_request_id("id").unwrap().drain(LIMIT));
        // Each new call ends at once, whichever client it is on.
        wait_until("calls are refused", || trigger(&client).is_err());
        for client in [&client, &scope, &client.with_own_cancel()] {
            assert_refused(client, "the client is being drained");
            let error = client.connect().unwrap_err();
            assert_eq!((error.outcome(), error.kind()), (NotSent, E::Cancelled));
        }
        assert!(!drain.is_finished() && !second.is_finished() && !call.is_finished());
        go_on.store(true, Ordering::SeqCst);
        assert_eq!(end(&call.join().unwrap()).0, Accepted);
        drain.join().unwrap().unwrap();
        second.join().unwrap().unwrap();
    });
    assert_refused(&client, "the client was closed");
    // Again: there is nothing left to wait for.
    let started = Instant::now();
    client.drain(LIMIT).unwrap();
    assert!(started.elapsed() < LIMIT / 2);
}

#[test]
fn what_has_not_ended_at_the_timeout_is_cancelled() {
    let (reached, when) = channel();
    let server = ScriptServer::start(vec![vec![Read, notify(&reached), Wait]]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    for timeout in [SHORT, Duration::ZERO] {
        let scope = client.with_own_cancel();
        let other = client.with_own_cancel();
        thread::scope(|threads| {
            let calls = [&scope, &other].map(|client| threads.spawn(|| trigger(client)));
            (0..2).for_each(|_| when.recv_timeout(LIMIT).unwrap());
            let started = Instant::now();
            let error = scope.drain(timeout).unwrap_err();
            assert!(started.elapsed() >= timeout);
            assert_eq!(error.kind(), E::Cancelled);
            assert!(error.message().contains("were still in progress after"), "{error}");
            let [call, unaffected] = calls;
            let (outcome, kind, _) = end(&call.join().unwrap());
            assert_eq!((outcome, kind), (Unknown, Some(E::Cancelled)));
            // The parent goes on, and so does what another scope does.
            assert!(!unaffected.is_finished());
            client.cancel();
            unaffected.join().unwrap().unwrap_err();
        });
    }
    client.drain(SHORT).unwrap();
}

#[test]
fn a_wait_in_progress_is_waited_for_and_an_open_one_is_not() {
    let completed = include_str!("../fixtures/history-completed.json");
    let [running, completed] = ["RUNNING", "COMPLETED"]
        .map(|status| response("200 OK", completed.replace("COMPLETED", status)));
    let script = [Read, Send(running.clone()), Read, Send(completed), Read, Send(running), Wait];
    let server = ScriptServer::start(vec![script.to_vec()]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let options = WaitOptions::new(LIMIT).unwrap();
    let mut open = client.open_wait("id", &options).unwrap();
    assert_eq!(client.counters().waits_open, 1);
    thread::scope(|threads| {
        let (reached, when) = channel();
        let client = &client;
        let wait = threads.spawn(move || {
            client.wait_for_workflow("id", &options, |_| {
                reached.send(()).unwrap();
                ControlFlow::Continue(())
            })
        });
        when.recv_timeout(LIMIT).unwrap();
        assert_eq!(client.counters().waits_open, 2);
        client.drain(LIMIT).unwrap();
        wait.join().unwrap().into_result().unwrap();
    });
    assert_eq!(client.counters().waits_open, 1);
    let ended = open.poll_now();
    let error = ended.error().unwrap();
    assert_eq!(error.kind(), E::Cancelled);
    assert!(error.message().contains("the client was closed"), "{error}");
    assert_eq!(client.counters().waits_open, 0);
    assert_eq!(server.deliveries(), 2);
}

/// A store that says when it is asked to record an outcome, and takes its time.
struct SlowStore<'a>(Sender<()>, &'a AtomicBool, &'a Client);

impl OnceStore for SlowStore<'_> {
    fn claim(&self, _: &str, _: &str, _: &str) -> StoreClaim {
        let drained = self.2.drain(LIMIT);
        assert_eq!(drained.unwrap_err().kind(), E::InCallback);
        StoreClaim::Granted
    }

    fn complete(&self, _: &str, outcome: Outcome, _: Option<&str>) -> bool {
        assert_eq!(outcome, Accepted);
        self.0.send(()).unwrap();
        thread::sleep(SHORT);
        self.1.store(true, Ordering::SeqCst);
        true
    }
}

#[test]
fn a_drain_also_waits_until_the_outcome_of_a_key_is_recorded() {
    let server = ScriptServer::start(vec![vec![Read, Send(ok()), Wait]]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let (reached, when) = channel();
    let is_recorded = AtomicBool::new(false);
    thread::scope(|threads| {
        let store = SlowStore(reached, &is_recorded, &client);
        let client = &client;
        threads.spawn(move || {
            client.trigger_workflow_once_with_store(&store, "secret", "INC-1", &request());
        });
        when.recv_timeout(LIMIT).unwrap();
        client.drain(LIMIT).unwrap();
        assert!(is_recorded.load(Ordering::SeqCst));
    });
}

#[test]
fn waits_that_are_polled_again_and_again_do_not_hold_up_a_drain() {
    let simulator = luma_simulator::Simulator::start().unwrap();
    let client = Client::new(simulator.url(), &simulator.token()).unwrap();
    let id = trigger(&client).unwrap().trigger_id().to_owned();
    thread::scope(|threads| {
        for _ in 0..8 {
            let mut wait = client.open_wait(&id, &WaitOptions::without_timeout()).unwrap();
            threads.spawn(move || {
                while wait.poll_now().error().is_some_and(|error| error.kind() == E::WaitOpen) {}
            });
        }
        thread::sleep(SHORT);
        client.drain(LIMIT).unwrap();
    });
}

/// A store that nobody may ask.
struct NoStore;

impl OnceStore for NoStore {
    fn claim(&self, _: &str, _: &str, _: &str) -> StoreClaim {
        panic!("claimed");
    }

    fn complete(&self, _: &str, _: Outcome, _: Option<&str>) -> bool {
        panic!("completed");
    }
}

/// The process may end before the outcome is recorded: the drain does not wait for it.
#[test]
fn a_client_that_is_drained_or_closed_claims_no_key() {
    let server = ScriptServer::start(vec![]);
    for stop in [|client: &Client| client.drain(LIMIT).unwrap(), Client::close] {
        let client = Client::with_config(&config(&server.url)).unwrap();
        stop(&client);
        let once = client.trigger_workflow_once_with_store(&NoStore, "secret", "INC-1", &request());
        let error = once.result().unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::Cancelled), "{error}");
    }
}

#[test]
fn a_callback_cannot_drain_the_client_of_its_call() {
    let server = ScriptServer::start(vec![vec![Read, Send(ok()), Read, Send(numbered(ok(), 1))]]);
    let shared = Arc::new(OnceLock::<Client>::new());
    let kinds = Arc::new(Mutex::new(Vec::new()));
    let mut config = config(&server.url);
    config.set_log(LogLevel::Info, {
        // Weak: the client owns this callback, and would keep itself in memory.
        let (shared, kinds) = (Arc::downgrade(&shared), kinds.clone());
        move |_, line| {
            if line.contains("on a ") {
                let shared = shared.upgrade().unwrap();
                let client = shared.get().unwrap();
                let result = client.drain(LIMIT);
                kinds.lock().unwrap().push(result.unwrap_err().kind());
                // A scope that the call does not belong to can be drained.
                client.with_own_cancel().drain(LIMIT).unwrap();
            }
        }
    });
    let client = shared.get_or_init(|| Client::with_config(&config).unwrap());
    // Nothing was done, so the calls go on. Also in a scope of the client that is drained.
    trigger(client).unwrap();
    trigger(&client.with_own_cancel()).unwrap();
    assert_eq!(*kinds.lock().unwrap(), [E::InCallback; 2]);
    let mut kind = None;
    let wait = client.wait_for_workflow("id", &WaitOptions::new(LIMIT).unwrap(), |_| {
        kind = client.drain(LIMIT).err().map(|error| error.kind());
        ControlFlow::Break(())
    });
    assert!(wait.error().is_some());
    assert_eq!(kind, Some(E::InCallback));
    client.drain(LIMIT).unwrap();
}

/// Every trigger that a stopping service makes is either accepted or not sent.
#[test]
fn a_drained_client_leaves_no_unknown_outcome() {
    const THREADS: usize = 6;
    let simulator = luma_simulator::Simulator::start().unwrap();
    let config = config_with_token(simulator.url(), &simulator.token());
    for round in 0..20 {
        let client = Client::with_config(&config).unwrap();
        let before = simulator.journal().len();
        let accepted: usize = thread::scope(|scope| {
            let calls = || {
                let mut accepted = 0;
                loop {
                    match trigger(&client.with_own_cancel()) {
                        Ok(_) => accepted += 1,
                        Err(error) => {
                            assert_eq!((error.outcome(), error.kind()), (NotSent, E::Cancelled));
                            return accepted;
                        }
                    }
                }
            };
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(calls)).collect();
            thread::sleep(Duration::from_micros(round * 700));
            client.drain(LIMIT).unwrap();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(simulator.journal().len() - before, accepted);
        let counters = client.counters();
        assert_eq!(counters.calls_accepted, accepted as u64);
        assert_eq!(counters.calls_not_sent, THREADS as u64);
    }
}

#[test]
fn a_client_counts_what_it_does() {
    let (body, refused) = (ok(), response("429 Too Many Requests", "{}"));
    let history = response("200 OK", include_str!("../fixtures/history-completed.json"));
    let server = ScriptServer::start(vec![
        vec![Read, Send(refused.clone()), Wait],
        vec![Read, Send(body.clone()), Read, Send(history.clone()), Read, Close],
    ]);
    let mut config = config(&server.url);
    config.set_retries(true);
    let client = Client::with_config(&config).unwrap();
    assert_eq!(client.counters(), Counters::default());
    let scope = client.with_own_cancel();
    trigger(&scope).unwrap();
    let options = WaitOptions::new(LIMIT).unwrap();
    let wait = client.wait_for_workflow("id", &options, |_| ControlFlow::Continue(()));
    wait.into_result().unwrap();
    assert_eq!(trigger(&client).unwrap_err().outcome(), Unknown);
    client.get_workflow_history("").unwrap_err();
    client.close();
    client.connect().unwrap_err();
    let sent: usize = server.requests().iter().map(String::len).sum();
    let counters = scope.counters();
    println!("{counters:?}");
    let received = refused.len() + body.len() + history.len();
    assert_eq!((counters.calls_accepted, counters.calls_rejected), (2, 0));
    assert_eq!((counters.calls_not_sent, counters.calls_unknown), (2, 1));
    assert_eq!((counters.retries, counters.waits_open), (1, 0));
    assert_eq!((counters.connections_opened, counters.connections_reused), (2, 2));
    assert_eq!((counters.bytes_sent, counters.bytes_received), (sent as u64, received as u64));
    let refusing = ScriptServer::start(vec![vec![Read, Send(response("403 Forbidden", "{}"))]]);
    let client = Client::with_config(&Config::new(&refusing.url, "t").unwrap()).unwrap();
    trigger(&client).unwrap_err();
    assert_eq!(client.counters().calls_rejected, 1);
}

#[test]
fn a_set_of_waits_counts_each_run_until_its_end() {
    let completed = response("200 OK", include_str!("../fixtures/history-completed.json"));
    let server = ScriptServer::start(vec![vec![Read, Send(completed), Wait]]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let set = client.wait_set();
    let options = WaitOptions::new(LIMIT).unwrap();
    for id in ["a", "b", "c"] {
        set.add(id, &options, ()).unwrap();
    }
    set.add("a", &options, ()).unwrap_err();
    assert_eq!(client.counters().waits_open, 3);
    set.remove("c").unwrap();
    assert_eq!(client.counters().waits_open, 2);
    assert_eq!(set.next(Some(LIMIT)).unwrap().trigger_id(), "a");
    let counters = client.counters();
    assert_eq!((counters.waits_open, counters.calls_accepted), (1, 1));
    drop(set);
    assert_eq!(client.counters().waits_open, 0);
}
