//! The rate limit and the latency.

use std::time::{Duration, Instant};

use crate::client::{API, Client, bearer, request, reset_password};
use luma_simulator::{DEFAULT_TOKEN, Options, RateLimit, Simulator, Time};

#[test]
fn requests_beyond_the_rate_limit_get_429_and_start_no_run() {
    let limit = RateLimit { requests: 2, window: Duration::from_secs(30) };
    let options = Options { rate_limit: Some(limit), time: Time::Virtual, ..Options::default() };
    let simulator = Simulator::start_with(options).unwrap();
    let mut client = Client::connect(&simulator);
    // A request without a valid token does not count.
    assert_eq!(client.trigger("wrong", &reset_password()).status, 401);

    for _ in 0..2 {
        assert_eq!(client.trigger(DEFAULT_TOKEN, &reset_password()).status, 200);
    }
    simulator.advance(Duration::from_millis(500)).unwrap();
    for _ in 0..2 {
        let response = client.trigger(DEFAULT_TOKEN, &reset_password());
        assert_eq!((response.status, response.header("retry-after")), (429, Some("30")));
        assert_eq!(response.json()["status"], "TooManyRequests");
    }
    client.send(request("GET", &format!("{API}/workflowdefinition"), &bearer(DEFAULT_TOKEN), ""));
    assert_eq!(client.response().status, 429);
    assert_eq!(simulator.runs().len(), 2);

    simulator.advance(Duration::from_millis(29_500)).unwrap();
    assert_eq!(client.trigger(DEFAULT_TOKEN, &reset_password()).status, 200);
}

#[test]
fn every_response_of_the_api_is_as_late_as_the_latency() {
    let latency = Duration::from_millis(200);
    let simulator = Simulator::start_with(Options { latency, ..Options::default() }).unwrap();
    let mut client = Client::connect(&simulator);
    for token in [DEFAULT_TOKEN, "wrong"] {
        client.trigger(token, &reset_password());
        assert!(client.elapsed() >= latency);
    }
    drop(simulator);
}

#[test]
fn the_latency_does_not_delay_the_end_of_the_simulator() {
    let latency = Duration::from_secs(20);
    let simulator = Simulator::start_with(Options { latency, ..Options::default() }).unwrap();
    let mut client = Client::connect(&simulator);
    client.send(crate::client::trigger_request(DEFAULT_TOKEN, &reset_password()));
    while simulator.journal().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let started = Instant::now();
    drop(simulator);
    assert!(started.elapsed() < Duration::from_secs(5));
}
