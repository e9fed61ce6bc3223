//! A simulator that is as strict as production, seen through the library.

#[cfg(target_os = "linux")]
use std::process::Command;
use std::time::Duration;

use luma::Outcome::{NotSent, Rejected};
use luma::{AuthScheme, Client, ErrorKind as E};
use luma_simulator::{AuthScheme as Header, FaultRule, Options, RateLimit, Simulator};

#[cfg(target_os = "linux")]
use crate::support::programs::simulator_program;
#[cfg(target_os = "linux")]
use crate::support::skipped;
use crate::support::{config_with_token, request};

fn client_of(simulator: &Simulator, url: &str) -> Client {
    let mut config = config_with_token(url, &simulator.token());
    config.set_auth_scheme(AuthScheme::ApiAccessKey);
    if let Some(pem) = simulator.ca_pem() {
        config.set_ca_pem(pem).unwrap();
    }
    config.set_connect_timeout(Duration::from_secs(3)).unwrap();
    Client::with_config(&config).unwrap()
}

#[test]
fn every_bad_certificate_of_the_simulator_is_refused() {
    let options = Options {
        tls: true,
        auth_scheme: Some(Header::ApiAccessKey),
        path_prefix: Some("/luma".to_owned()),
        ..Options::default()
    };
    let simulator = Simulator::start_with(options).unwrap();
    client_of(&simulator, simulator.url()).trigger_workflow(&request()).unwrap();
    for (bad, url) in simulator.bad_certificate_urls() {
        // The certificate of a constrained CA is for this name only.
        let url = url.replace("127.0.0.1", "localhost") + "/luma";
        let error = client_of(&simulator, &url).trigger_workflow(&request()).unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::Tls), "{}: {error}", bad.name);
    }
    assert_eq!(simulator.journal().len(), 1);
}

#[test]
fn every_handshake_fault_of_the_simulator_is_not_sent() {
    let simulator = Simulator::start_with(Options { tls: true, ..Options::default() }).unwrap();
    for (fault, url) in simulator.handshake_fault_urls() {
        let error = client_of(&simulator, url).trigger_workflow(&request()).unwrap_err();
        let kind = match fault.name {
            "silent" | "stalled" => E::ConnectTimeout,
            _ => E::Tls,
        };
        assert_eq!((error.outcome(), error.kind()), (NotSent, kind), "{}: {error}", fault.name);
    }
    assert!(simulator.journal().is_empty());
}

#[test]
fn the_rate_limit_of_the_simulator_rejects_a_trigger_and_says_when_to_retry() {
    let limit = RateLimit { requests: 1, window: Duration::from_secs(60) };
    let options = Options { rate_limit: Some(limit), ..Options::default() };
    let simulator = Simulator::start_with(options).unwrap();
    let client = client_of(&simulator, simulator.url());
    client.trigger_workflow(&request()).unwrap();
    let error = client.trigger_workflow(&request()).unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Rejected, E::RateLimited), "{error}");
    assert_eq!(simulator.runs().len(), 1);
}

#[test]
fn a_status_request_survives_the_faults_that_a_test_asked_for() {
    let simulator = Simulator::start().unwrap();
    let mut config = config_with_token(simulator.url(), &simulator.token());
    config.set_retries(true);
    let client = Client::with_config(&config).unwrap();
    let trigger = client.trigger_workflow(&request()).unwrap();
    for fault in ["status-503", "reset-after-reading"] {
        let fault = fault.to_owned();
        let endpoint = Some("history".to_owned());
        let rule = FaultRule { fault, endpoint, times: Some(1), ..FaultRule::default() };
        simulator.add_fault(rule).unwrap();
    }
    client.get_workflow_history(trigger.trigger_id()).unwrap();
    let faults = simulator.journal().iter().filter(|delivery| delivery.fault.is_some()).count();
    assert_eq!((faults, simulator.journal().len()), (2, 4));
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes long: make test"]
fn a_lookup_costs_the_same_however_many_runs_the_simulator_has() {
    for tool in ["python3", "valgrind"] {
        if skipped::is_missing(tool, "the cost of many runs in the simulator") {
            return;
        }
    }
    // A twentieth of what `make scale` measures.
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/simulator.py");
    let mut command = Command::new("python3");
    let output = command.arg("-B").arg(script).arg(simulator_program()).arg("3000").output();
    let output = output.unwrap();
    assert!(output.status.success(), "{output:?}");
}
