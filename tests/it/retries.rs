//! Promise 1: which calls are retried, and which never are.

use std::time::{Duration, Instant, SystemTime};

use luma::{Client, Config, Error, ErrorKind as E, ListQuery, LogLevel, Outcome::*};

use crate::support::Step::{self, *};
use crate::support::tls::read_request;
use crate::support::{self, LIMIT, SUCCESS, ScriptServer, TOKEN, config, request, response};

const HISTORY: &str = include_str!("../fixtures/history-completed.json");
const STEPS: &str = include_str!("../fixtures/steps.json");

/// A client with retries, which are the default.
fn client(url: &str) -> Client {
    Client::with_config(config(url).set_retries(true)).unwrap()
}

fn answer(bytes: impl Into<Vec<u8>>) -> Vec<Step> {
    vec![Read, Send(bytes.into())]
}

#[test]
fn a_read_that_failed_temporarily_is_retried() {
    let unavailable = answer(response("503 Service Unavailable", ""));
    let lost = vec![Read, Reset];
    let server = ScriptServer::start(vec![unavailable, lost, answer(response("200 OK", HISTORY))]);
    let history = client(&server.url).get_workflow_history("id").unwrap();
    assert_eq!((server.deliveries(), history.response().info().attempts()), (3, 3));
    // Every attempt of a call has the same request id.
    let requests = server.requests();
    let id = format!("X-Request-Id: {}\r\n", history.response().info().request_id());
    assert!(requests.iter().all(|request| request.contains(&id)), "{requests:?}");
}

#[test]
fn a_read_is_attempted_at_most_four_times() {
    let busy = "HTTP/1.1 429 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n";
    let server = ScriptServer::start(vec![(0..9).flat_map(|_| answer(busy)).collect()]);
    let error = client(&server.url).list_workflow_definitions(&ListQuery::default()).unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Rejected, E::RateLimited), "{error}");
    assert_eq!((server.deliveries(), error.info().attempts()), (4, 4));
}

#[test]
fn a_retry_waits_for_retry_after_unless_that_is_too_long() {
    let busy = "HTTP/1.1 503 X\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
    let server =
        ScriptServer::start(vec![[answer(busy), answer(response("200 OK", HISTORY))].concat()]);
    let started = Instant::now();
    client(&server.url).get_workflow_history("id").unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());

    // The same as a date, which has no fractions of a second.
    let date = SystemTime::now() + Duration::from_secs(2);
    let later = busy.replace(": 1", &format!(": {}", httpdate::fmt_http_date(date)));
    let server =
        ScriptServer::start(vec![[answer(later), answer(response("200 OK", HISTORY))].concat()]);
    client(&server.url).get_workflow_history("id").unwrap();
    let late = SystemTime::now().duration_since(date - Duration::from_secs(1));
    assert!(late.is_ok() && server.deliveries() == 2, "{late:?}");

    let busy = busy.replace(": 1", ": 600");
    let server = ScriptServer::start(vec![answer(busy)]);
    let error = client(&server.url).get_workflow_history("id").unwrap_err();
    assert_eq!((server.deliveries(), error.info().attempts()), (1, 1), "{error}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(600)));
}

#[test]
fn a_page_that_failed_is_retried() {
    let pages = [answer(response("500 X", "")), answer(response("200 OK", STEPS))].concat();
    let server = ScriptServer::start(vec![pages]);
    let query = ListQuery { top: 2, ..ListQuery::default() };
    let steps = client(&server.url).list_workflow_steps("id", &query).unwrap();
    assert_eq!((steps.len(), steps.response().info().attempts()), (2, 2));
}

/// The outcome is that of the whole call, not of its last attempt.
#[cfg(target_os = "linux")]
#[test]
fn a_call_ends_as_unknown_if_an_earlier_attempt_was_sent() {
    let (socket, url) = support::closed_port();
    // A second socket keeps the port when the first one closes, or another test could get it.
    let reserved =
        socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.set_reuse_address(true).unwrap();
    reserved.set_reuse_address(true).unwrap();
    reserved.bind(&socket.local_addr().unwrap()).unwrap();
    socket.listen(8).unwrap();
    let client = client(&url);
    let error = std::thread::scope(|scope| {
        let call = scope.spawn(|| client.get_workflow_history("id").unwrap_err());
        let (stream, _) = socket.accept().unwrap();
        // From now on connecting fails.
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
fn a_trigger_that_may_have_been_sent_is_never_retried() {
    for steps in [
        vec![Read, Reset],
        vec![Read],
        vec![ReadBytes(1), Reset],
        answer(response("503 X", "")),
        answer(response("200 OK", "")),
    ] {
        let server = ScriptServer::start(vec![steps]);
        let error = client(&server.url).trigger_workflow(&request()).unwrap_err();
        assert_eq!((server.connections(), error.info().attempts()), (1, 1), "{error}");
        // Another client, because the server may be about to close the connection of the first.
        let error = client(&server.url).generate_launch_url("id").unwrap_err();
        assert_eq!((server.connections(), error.info().attempts()), (2, 1), "{error}");
    }
}

#[test]
fn a_trigger_that_was_not_sent_is_attempted_at_most_three_times() {
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
    // The first attempt fails before anybody listens; this warning comes after it.
    config.set_log(LogLevel::Warn, move |_, _| listening.listen(8).unwrap());
    let client = Client::with_config(&config).unwrap();
    let trigger = std::thread::scope(|scope| {
        let call = scope.spawn(|| client.trigger_workflow(&request()));
        let until = Instant::now() + LIMIT;
        socket.set_nonblocking(true).unwrap();
        let mut stream = loop {
            match socket.accept() {
                Ok((stream, _)) => break std::net::TcpStream::from(stream),
                Err(error) => assert!(Instant::now() < until, "{error}"),
            }
            std::thread::yield_now();
        };
        stream.set_nonblocking(false).unwrap();
        read_request(&mut stream).expect("a request");
        std::io::Write::write_all(&mut stream, &response("200 OK", SUCCESS)).unwrap();
        call.join().unwrap().unwrap()
    });
    assert_eq!(trigger.response().info().attempts(), 2);
}

#[test]
fn nothing_is_retried_with_less_than_a_second_left() {
    let (_socket, url) = support::closed_port();
    let mut config = Config::new(&url, TOKEN).unwrap();
    let timeout = Duration::from_millis(900);
    let client = Client::with_config(config.set_timeout(timeout).unwrap()).unwrap();
    let error = client.get_workflow_history("id").unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (NotSent, E::Connect), "{error}");
    assert_eq!(error.info().attempts(), 1);
}

#[test]
fn nothing_is_retried_without_retries() {
    let server = ScriptServer::start(vec![answer(response("503 X", ""))]);
    let mut config = Config::new(&server.url, TOKEN).unwrap();
    let client = Client::with_config(config.set_retries(false)).unwrap();
    let error = client.get_workflow_history("id").unwrap_err();
    assert_eq!((server.deliveries(), error.info().attempts()), (1, 1), "{error}");
}

const BUSY: &str = "HTTP/1.1 429 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n";

fn accepted() -> Vec<Step> {
    [answer(response("200 OK", SUCCESS)), vec![Wait]].concat()
}

#[test]
fn a_trigger_that_was_refused_with_429_is_sent_again_on_a_new_connection() {
    let server = ScriptServer::start(vec![[answer(BUSY), vec![Wait]].concat(), accepted()]);
    let trigger = client(&server.url).trigger_workflow(&request()).unwrap();
    assert_eq!(trigger.response().info().attempts(), 2);
    assert!(!trigger.response().info().is_connection_reused());
    server.assert_received(2, 2);
    // So is one on a connection that was opened ahead of time: it has carried no other response.
    let server = ScriptServer::start(vec![[answer(BUSY), vec![Wait]].concat(), accepted()]);
    let ahead = client(&server.url);
    ahead.connect().unwrap();
    let trigger = ahead.trigger_workflow(&request()).unwrap();
    assert_eq!(trigger.response().info().attempts(), 2);
    server.assert_received(2, 2);
    // A launch URL is treated alike.
    let launch_url = include_str!("../fixtures/launch-url.json");
    let server = ScriptServer::start(vec![answer(BUSY), answer(response("200 OK", launch_url))]);
    let url = client(&server.url).generate_launch_url("id").unwrap();
    assert_eq!((server.connections(), url.response().info().attempts()), (2, 2));
    // The gateway may stay busy.
    let server = ScriptServer::start(vec![answer(BUSY)]);
    let error = client(&server.url).trigger_workflow(&request()).unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Rejected, E::RateLimited), "{error}");
    assert_eq!((server.deliveries(), error.info().attempts()), (3, 3));
}

#[test]
fn a_trigger_waits_for_the_retry_after_of_a_429() {
    let busy = BUSY.replace("After: 0", "After: 1");
    let server = ScriptServer::start(vec![answer(busy), accepted()]);
    let started = Instant::now();
    client(&server.url).trigger_workflow(&request()).unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
}

#[test]
fn a_429_that_proves_nothing_is_not_followed_by_another_trigger() {
    let unreadable = [b"\xff\xfe\x00".as_slice(), &[0x81; 9]].concat();
    for (body, outcome) in [(unreadable, Rejected), (SUCCESS.into(), Unknown)] {
        let server = ScriptServer::start(vec![answer(response("429 X\r\nRetry-After: 0", body))]);
        let error = client(&server.url).trigger_workflow(&request()).unwrap_err();
        assert_eq!((server.deliveries(), error.info().attempts()), (1, 1), "{error}");
        if outcome == Rejected {
            assert_eq!((error.outcome(), error.kind()), (Rejected, E::RateLimited), "{error}");
        }
    }
}

#[test]
fn a_429_on_a_reused_connection_is_not_followed_by_another_trigger() {
    let other = SUCCESS.replace(support::TRIGGER_ID, "11111111-1111-4111-8111-111111111111");
    let server = ScriptServer::start(vec![
        [answer(response("200 OK", other)), answer(BUSY), vec![Wait]].concat(),
        accepted(),
    ]);
    let client = client(&server.url);
    client.trigger_workflow(&request()).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    let error = client.trigger_workflow(&request()).unwrap_err();
    assert!(error.info().is_connection_reused());
    assert_eq!((error.outcome(), error.kind()), (Rejected, E::RateLimited), "{error}");
    server.assert_received(1, 2);
}

#[test]
fn after_a_429_each_attempt_is_judged_on_its_own() {
    // Nothing was sent after it: nothing runs.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client_ = client(&url);
    let error = std::thread::scope(|scope| {
        let call = scope.spawn(|| client_.trigger_workflow(&request()).unwrap_err());
        let (mut stream, _) = listener.accept().unwrap();
        read_request(&mut stream).expect("a request");
        drop(listener);
        std::io::Write::write_all(&mut stream, BUSY.as_bytes()).unwrap();
        call.join().unwrap()
    });
    assert_eq!((error.outcome(), error.kind()), (Rejected, E::Connect), "{error}");
    assert_eq!(error.info().attempts(), 3);
    assert!(error.message().contains("(nothing runs)"), "{error}");
    let says = "; the gateway had refused an earlier attempt of this call";
    assert!(error.message().ends_with(says), "{error}");
    // The second attempt was sent, and nobody knows what came of it.
    for lost in [vec![Read, Reset], vec![Read, Close], answer(response("200 OK", "{}"))] {
        let server = ScriptServer::start(vec![answer(BUSY), lost]);
        let error = client(&server.url).trigger_workflow(&request()).unwrap_err();
        assert_eq!(error.outcome(), Unknown, "{error}");
        server.assert_received(2, 2);
    }
}

#[test]
fn a_call_that_is_cancelled_after_a_429_is_rejected() {
    let busy = BUSY.replace("After: 0", "After: 20");
    let server = ScriptServer::start(vec![[answer(busy), vec![Wait]].concat()]);
    let mut config = config(&server.url);
    let (warned, warning) = std::sync::mpsc::channel();
    config.set_retries(true).set_log(LogLevel::Warn, move |_, _| warned.send(()).unwrap());
    let client = Client::with_config(&config).unwrap();
    let error = std::thread::scope(|scope| {
        let call = scope.spawn(|| client.trigger_workflow(&request()).unwrap_err());
        warning.recv().unwrap();
        client.cancel();
        call.join().unwrap()
    });
    assert_eq!((error.outcome(), error.kind()), (Rejected, E::Cancelled), "{error}");
    server.assert_received(1, 1);
}

#[test]
fn an_absurd_retry_after_ends_a_call_at_once() {
    let day = Duration::from_secs(86_400);
    for (value, retry_after) in [
        ("61", Some(Duration::from_secs(61))),
        ("86401", Some(day)),
        ("18446744073709551615", Some(day)),
        ("18446744073709551616", Some(day)),
        (&"9".repeat(1000), Some(day)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", Some(day)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", Some(Duration::ZERO)),
        ("-1", None),
        ("+1", None),
        ("1e9", None),
        ("soon", None),
    ] {
        let busy = BUSY.replace("Retry-After: 0", &format!("Retry-After: {value}"));
        let server =
            ScriptServer::start(vec![answer(busy.replace("X\r", "X\r\nConnection: close\r"))]);
        let mut config = config(&server.url);
        let is_long = retry_after.is_some_and(|retry_after| !retry_after.is_zero());
        let client = Client::with_config(config.set_retries(is_long)).unwrap();
        let started = Instant::now();
        for error in [
            client.trigger_workflow(&request()).unwrap_err(),
            client.get_workflow_history("id").unwrap_err(),
        ] {
            assert_eq!(error.retry_after(), retry_after, "{value}");
            assert_eq!(error.info().attempts(), 1, "{value}");
        }
        assert!(started.elapsed() < Duration::from_secs(30), "{value}");
    }
}
