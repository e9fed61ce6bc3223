//! Promise 1: what is sent again by itself, and what never is.

use std::time::{Duration, Instant};

use luma::{Client, Config, Error, ErrorKind as E, ListQuery, LogLevel, Outcome::*};

use crate::support::Step::{self, *};
use crate::support::{self, SUCCESS, ScriptServer, TOKEN, request, response};

const HISTORY: &str = include_str!("../fixtures/history-completed.json");
const STEPS: &str = include_str!("../fixtures/steps.json");

/// With retries, as they are unless set.
fn client(url: &str) -> Client {
    let mut config = Config::new(url, TOKEN).unwrap();
    Client::with_config(config.set_timeout(Duration::from_secs(20)).unwrap()).unwrap()
}

fn answer(bytes: impl Into<Vec<u8>>) -> Vec<Step> {
    vec![Read, Send(bytes.into())]
}

#[test]
fn a_read_that_failed_in_passing_is_sent_again() {
    let unavailable = answer(response("503 Service Unavailable", ""));
    let lost = vec![Read, Reset];
    let server = ScriptServer::start(vec![unavailable, lost, answer(response("200 OK", HISTORY))]);
    let history = client(&server.url).get_workflow_history("id").unwrap();
    assert_eq!((server.deliveries(), history.response().info().attempts()), (3, 3));
    // The same call, so the same id.
    let requests = server.requests();
    let id = format!("X-Request-Id: {}\r\n", history.response().info().request_id());
    assert!(requests.iter().all(|request| request.contains(&id)), "{requests:?}");
}

#[test]
fn a_read_is_tried_four_times_at_most() {
    let busy = "HTTP/1.1 429 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n";
    let server = ScriptServer::start(vec![(0..9).flat_map(|_| answer(busy)).collect()]);
    let error = client(&server.url).list_workflow_definitions(&ListQuery::default()).unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Rejected, E::RateLimited), "{error}");
    assert_eq!((server.deliveries(), error.info().attempts()), (4, 4));
}

#[test]
fn retry_after_is_waited_for_unless_it_is_too_long() {
    let busy = "HTTP/1.1 503 X\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
    let server =
        ScriptServer::start(vec![[answer(busy), answer(response("200 OK", HISTORY))].concat()]);
    let started = Instant::now();
    client(&server.url).get_workflow_history("id").unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());

    let busy = busy.replace(": 1", ": 60");
    let server = ScriptServer::start(vec![answer(busy)]);
    let error = client(&server.url).get_workflow_history("id").unwrap_err();
    assert_eq!((server.deliveries(), error.info().attempts()), (1, 1), "{error}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
}

#[test]
fn a_page_that_failed_is_fetched_again() {
    let pages = [answer(response("500 X", "")), answer(response("200 OK", STEPS))].concat();
    let server = ScriptServer::start(vec![pages]);
    let steps = client(&server.url).list_workflow_steps("id", &ListQuery::default()).unwrap();
    assert_eq!((steps.len(), steps.response().info().attempts()), (2, 2));
}

/// What counts is the whole call, not its last attempt.
#[test]
fn a_call_of_which_an_attempt_was_sent_is_not_told_as_not_sent() {
    let (socket, url) = support::closed_port();
    socket.listen(8).unwrap();
    let client = client(&url);
    let error = std::thread::scope(|scope| {
        let call = scope.spawn(|| client.get_workflow_history("id").unwrap_err());
        let (stream, _) = socket.accept().unwrap();
        // Nobody listens any more.
        drop(socket);
        let mut stream = std::net::TcpStream::from(stream);
        std::io::Read::read(&mut stream, &mut [0; 4096]).unwrap();
        drop(stream);
        call.join().unwrap()
    });
    assert_eq!((error.outcome(), error.kind()), (Unknown, E::Connect), "{error}");
    assert_eq!(error.info().attempts(), 4);
    assert!(!error.message().contains("nothing was sent"), "{error}");
}

#[test]
fn a_trigger_that_may_have_been_sent_is_never_sent_again() {
    for steps in [
        vec![Read, Reset],
        vec![Read],
        vec![ReadBytes(1), Reset],
        answer(response("503 X", "")),
        answer(response("429 X", "")),
        answer(response("200 OK", "")),
    ] {
        let server = ScriptServer::start(vec![steps]);
        let error = client(&server.url).trigger_workflow(&request()).unwrap_err();
        assert_eq!((server.connections(), error.info().attempts()), (1, 1), "{error}");
        // Another client, so that a connection which the server is about to close is not used again.
        let error = client(&server.url).generate_launch_url("id").unwrap_err();
        assert_eq!((server.connections(), error.info().attempts()), (2, 1), "{error}");
    }
}

#[test]
fn a_trigger_that_was_not_sent_is_tried_three_times_at_most() {
    let (_socket, url) = support::closed_port();
    let error: Error = client(&url).trigger_workflow(&request()).unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (NotSent, E::Connect), "{error}");
    assert_eq!(error.info().attempts(), 3);
}

#[test]
fn a_trigger_is_sent_once_when_the_host_is_back() {
    let (socket, url) = support::closed_port();
    let mut config = Config::new(&url, TOKEN).unwrap();
    let listening = socket.try_clone().unwrap();
    // Behind the first attempt.
    config.set_log(LogLevel::Warn, move |_, _| listening.listen(8).unwrap());
    let client = Client::with_config(&config).unwrap();
    let trigger = std::thread::scope(|scope| {
        let call = scope.spawn(|| client.trigger_workflow(&request()));
        let until = Instant::now() + Duration::from_secs(10);
        socket.set_nonblocking(true).unwrap();
        let mut stream = loop {
            match socket.accept() {
                Ok((stream, _)) => break std::net::TcpStream::from(stream),
                Err(error) => assert!(Instant::now() < until, "{error}"),
            }
            std::thread::yield_now();
        };
        stream.set_nonblocking(false).unwrap();
        std::io::Read::read(&mut stream, &mut [0; 4096]).unwrap();
        std::io::Write::write_all(&mut stream, &response("200 OK", SUCCESS)).unwrap();
        call.join().unwrap().unwrap()
    });
    assert_eq!(trigger.response().info().attempts(), 2);
}

#[test]
fn nothing_is_sent_again_with_less_than_a_second_left() {
    let (_socket, url) = support::closed_port();
    let mut config = Config::new(&url, TOKEN).unwrap();
    let timeout = Duration::from_millis(900);
    let client = Client::with_config(config.set_timeout(timeout).unwrap()).unwrap();
    let error = client.get_workflow_history("id").unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (NotSent, E::Connect), "{error}");
    assert_eq!(error.info().attempts(), 1);
}

#[test]
fn nothing_is_sent_again_where_that_is_turned_off() {
    let server = ScriptServer::start(vec![answer(response("503 X", ""))]);
    let mut config = Config::new(&server.url, TOKEN).unwrap();
    let client = Client::with_config(config.set_retries(false)).unwrap();
    let error = client.get_workflow_history("id").unwrap_err();
    assert_eq!((server.deliveries(), error.info().attempts()), (1, 1), "{error}");
}
