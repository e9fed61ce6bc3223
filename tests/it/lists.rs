//! Lists: fetched page by page, returned as one, and limited.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use luma::Outcome::*;
use luma::{Client, ErrorKind as E, ListQuery, WorkflowDefinitions, WorkflowSteps};
use luma_simulator::{Options, Simulator, Time};
use serde_json::Value;

use crate::support::Step::*;
use crate::support::calls::*;
use crate::support::{
    ScriptServer, VALIDATION_ERROR, config, config_with_token, response, wait_until,
};

#[test]
fn all_pages_of_steps_become_one_list() {
    let options = Options { time: Time::Virtual, ..Options::default() };
    let simulator = Simulator::start_with(options).unwrap();
    let config = config_with_token(simulator.url(), &simulator.token());
    let client = Client::with_config(&config).unwrap();
    let mut scan = luma::TriggerRequest::new("inventory_scan").unwrap();
    scan.set_variable("siteName", "north").unwrap();
    let id = client.trigger_workflow(&scan).unwrap().trigger_id().to_owned();
    simulator.advance(Duration::from_secs(3600)).unwrap();

    let pages = |query: &ListQuery<'_>| {
        let before = simulator.journal().len();
        let steps = client.list_workflow_steps(&id, query).unwrap();
        let ids: Vec<_> = steps.iter().map(|step| step.id().into_owned()).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len());
        let last = steps.response().pointer(&format!("/resultData/{}/id", ids.len() - 1));
        assert_eq!(&last.unwrap().text(), ids.last().unwrap());
        (ids, simulator.journal().len() - before)
    };
    let all = ListQuery::default();
    let (ids, requests) = pages(&all);
    assert_eq!((ids.len(), requests), (250, 4));
    assert_eq!(pages(&ListQuery { skip: 245, ..all }), (ids[245..].to_vec(), 2));
    assert_eq!(pages(&ListQuery { skip: 50, ..all }), (ids[50..].to_vec(), 3));
    assert_eq!(pages(&ListQuery { skip: 99, top: 120, ..all }), (ids[99..219].to_vec(), 2));
    let (backwards, _) = pages(&ListQuery { order_by: "id desc", ..all });
    assert!(backwards.iter().eq(ids.iter().rev()));
    let scans = ListQuery { filter: "activityName=='scan host*'", ..all };
    assert_eq!(pages(&scans), (ids[1..249].to_vec(), 4));
}

#[test]
fn pages_are_fetched_until_one_is_empty_or_repeated() {
    for last in [success("[]"), success("null"), page(200..205)] {
        let pages = [page(0..100), page(100..200), page(200..205), last];
        let (server, client) = serving(&pages.map(ok));
        let list = client
            .list_workflow_definitions(&ListQuery { skip: 5, ..ListQuery::default() })
            .unwrap();
        assert_eq!((list.len(), list.response().http_status()), (205, 200));
        for number in 0..205 {
            assert_eq!(list.get(number).unwrap().identifier(), format!("w{number}"));
            let inner = list.response().pointer(&format!("/resultData/{number}/inputParameters/n"));
            assert_eq!(inner.unwrap().as_i64(), Ok(number as i64));
        }
        let whole: Value = serde_json::from_str(list.response().text()).unwrap();
        assert_eq!(whole["resultData"].as_array().unwrap().len(), 205);
        let line = |request: String| request.split(" HTTP").next().unwrap().to_owned();
        let lines: Vec<_> = server.requests().into_iter().map(line).collect();
        let expected = [5, 105, 205, 210]
            .map(|skip| format!("GET /gateway/api/v1/workflowdefinition?skip={skip}&top=100"));
        assert_eq!((lines, server.connections()), (expected.to_vec(), 1));
    }
}

#[test]
fn a_list_whose_later_page_fails_is_incomplete() {
    for (second, outcome, kind, status) in [
        (response("500 X", ""), Unknown, E::ServerFailed, Some(500)),
        (response("401 X", ""), Rejected, E::Unauthorized, Some(401)),
        (response("429 X\r\nRetry-After: 7", ""), Rejected, E::RateLimited, Some(429)),
        (ok("<html>"), Unknown, E::UnexpectedResponse, Some(200)),
        (ok(page(100..200).replace("Success", "X")), Unknown, E::UnexpectedResponse, Some(200)),
        (ok(success("{}")), Unknown, E::UnexpectedResponse, Some(200)),
        (ok(VALIDATION_ERROR), Rejected, E::Validation, Some(200)),
        (ok(page(100..200))[..5000].to_vec(), Unknown, E::ConnectionLost, None),
    ] {
        let script = vec![Read, Send(ok(page(0..100))), Read, Send(second)];
        let server = ScriptServer::start(vec![script]);
        let mut error =
            client(&server.url).list_workflow_definitions(&ListQuery::default()).unwrap_err();
        assert_eq!((error.kind(), error.page_kind()), (E::ListIncomplete, kind), "{error}");
        assert_eq!((error.outcome(), error.http_status()), (outcome, status), "{error}");
        assert_eq!(error.retry_after().is_some(), kind == E::RateLimited);
        let start = "the list is incomplete after 100 elements: ";
        assert!(error.message().starts_with(start), "{error}");
        assert_eq!(error.errors().is_empty(), kind != E::Validation, "{error}");
        let list = WorkflowDefinitions::take_from(&mut error).unwrap();
        assert_eq!((list.len(), list.response().info().attempts()), (100, 2));
        assert_eq!(list.get(99).unwrap().identifier(), "w99");
        let inner = list.response().pointer("/resultData/99/inputParameters/n").unwrap();
        assert_eq!(inner.as_i64(), Ok(99));
        assert!(WorkflowDefinitions::take_from(&mut error).is_none());
        assert_eq!((server.connections(), server.deliveries()), (1, 2));
    }
    // An error of the first page is that of the list.
    let error = with(response("401 X", ""), |client| {
        client.list_workflow_steps("x", &ListQuery::default()).unwrap_err()
    });
    assert_eq!((error.kind(), error.page_kind()), (E::Unauthorized, E::Unauthorized));
    assert!(WorkflowSteps::take_from(&mut error.clone()).is_none());
}

#[test]
fn a_list_is_limited_in_length_and_in_bytes() {
    let big = |number: usize| {
        let element =
            format!(r#"{{"identifier":"w{number}","description":"{}"}}"#, "x".repeat(9000));
        ok(success(&format!("[{}]", vec![element; 100].join(","))))
    };
    let pages: Vec<_> = (0..20).map(big).collect();
    let many: Vec<_> = (0..102).map(|number| ok(page(number * 100..number * 100 + 100))).collect();
    for (responses, requests, length) in [(pages, 19, 1856), (many, 101, 10_000)] {
        let (server, client) = serving(&responses);
        let mut error = client.list_workflow_definitions(&ListQuery::default()).unwrap_err();
        assert_eq!((error.kind(), error.page_kind()), (E::ListIncomplete, E::ResponseTooLarge));
        assert_eq!(error.outcome(), Unknown);
        let list = WorkflowDefinitions::take_from(&mut error).unwrap();
        assert_eq!(list.len(), length);
        assert!(list.response().text().len() <= 16 * 1024 * 1024);
        assert_eq!(server.deliveries(), requests);
    }
}

#[test]
fn a_cancelled_list_has_its_elements() {
    let (server, client) = serving(&[ok(page(0..100))]);
    let canceller = client.clone();
    let mut error = std::thread::scope(|scope| {
        scope.spawn(move || {
            wait_until("the second page is requested", || server.deliveries() == 1);
            std::thread::sleep(Duration::from_millis(50));
            canceller.cancel();
        });
        client.list_workflow_definitions(&ListQuery::default()).unwrap_err()
    });
    assert_eq!((error.kind(), error.outcome()), (E::Cancelled, Unknown));
    assert_eq!(WorkflowDefinitions::take_from(&mut error).unwrap().len(), 100);
}

#[test]
fn all_pages_of_a_list_share_one_timeout() {
    let (timeout, first_page) = (Duration::from_secs(4), Duration::from_secs(2));
    let pause = first_page / 10;
    let (slow, rest) = (ok(page(0..100))[..10].to_vec(), ok(page(0..100))[10..].to_vec());
    let script = vec![Read, Drip(slow, pause), Send(rest), Read, Wait];
    let server = ScriptServer::start(vec![script]);
    let mut config = config(&server.url);
    config.set_timeout(timeout).unwrap();
    let started = Instant::now();
    let list =
        Client::with_config(&config).unwrap().list_workflow_definitions(&ListQuery::default());
    let error = list.unwrap_err();
    assert_eq!((error.kind(), error.page_kind()), (E::ListIncomplete, E::ResponseTimeout));
    assert_eq!(error.outcome(), Unknown);
    // With a timeout for each page it would take at least this long.
    assert!(started.elapsed() < first_page + timeout, "{:?}", started.elapsed());
}
