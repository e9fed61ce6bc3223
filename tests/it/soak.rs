//! The outcomes of many calls through proxies that misbehave are compared with what the gateway
//! received, and the caller's memory, descriptors and threads stay flat.
//!
//! `make soak` runs it for minutes and plots `docs/soak.svg`, `make test` for a few seconds.

mod check;
mod proxies;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use luma_simulator::Simulator;

use crate::support::c::{compile_c, run_checks};
use crate::support::tls::{self, params_for};
use check::{Calls, Sample};
use proxies::{Server, misbehaving, socks_proxy, tls_server};

pub(crate) use proxies::connect_proxy;

const TIMEOUT_MS: u64 = 1500;

/// An environment variable with a number, or another number.
fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
#[ignore = "takes long: make test"]
fn no_outcome_is_wrong_whatever_the_way_to_the_gateway_does() {
    let seconds = number("LUMA_SOAK_SECONDS", 8);
    let seed = number("LUMA_SOAK_SEED", 1);
    let simulator = Simulator::start().unwrap();
    let gateway = simulator.url().rsplit(':').next().unwrap().parse().unwrap();
    let ca = tls::TestCa::new("The test's CA");
    let config = ca.issue(&params_for(&["127.0.0.1"])).served(rustls::ALL_VERSIONS);
    let ca_file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("soak-ca.pem");
    std::fs::write(&ca_file, &ca.pem).unwrap();

    // Each way to the gateway has a misbehaving part of its own, before and after a proxy.
    let tls = tls_server(config, gateway);
    let (connect, socks) = (connect_proxy(), socks_proxy());
    let mut parts = Vec::<Server>::new();
    let mut misbehaves = |port: u16| {
        let part = misbehaving(port, seed + 100 * parts.len() as u64);
        let port = part.port;
        parts.push(part);
        port
    };
    let mut arguments = Vec::new();
    for proxy in [None, Some(("http", connect.port)), Some(("socks5", socks.port))] {
        for (scheme, port) in [("http", gateway), ("https", tls.port)] {
            arguments.push(format!("{scheme}://127.0.0.1:{}", misbehaves(port)));
            arguments.push(match proxy {
                Some((scheme, port)) => format!("{scheme}://127.0.0.1:{}", misbehaves(port)),
                None => "-".into(),
            });
        }
    }

    let mut command = Command::new(compile_c("tests/c/soak.c"));
    command.args([seconds.to_string(), seed.to_string(), TIMEOUT_MS.to_string()]).args(arguments);
    command.env("LUMA_TOKEN", simulator.token()).env("LUMA_CA_FILE", ca_file);
    let output = run_checks(&mut command);
    let text = String::from_utf8(output.stdout).unwrap();
    let calls = Calls::parse(&text);
    let samples: Vec<Sample> = text.lines().filter_map(Sample::parse).collect();
    calls.print();
    for sample in &samples {
        println!("{}", sample.figures());
    }

    let mut delivered = BTreeMap::new();
    for delivery in simulator.journal().iter().filter(|delivery| delivery.method == "POST") {
        let body: serde_json::Value = serde_json::from_str(&delivery.body).unwrap();
        let name = body["variables"]["userName"].as_str().unwrap().to_owned();
        *delivered.entry(name).or_default() += 1;
    }
    let runs = simulator
        .runs()
        .into_iter()
        .map(|run| (run.trigger_id, run.variables["userName"].as_str().unwrap().to_owned()));
    let received = check::Received { delivered, runs: runs.collect() };
    let wrong = check::wrong_outcomes(&calls, &received);
    assert!(wrong.is_empty(), "LUMA_SOAK_SEED={seed}: {wrong:#?}");
    let growing = check::growing(&samples);
    assert!(growing.is_empty(), "{growing:#?}");
    for outcome in ["ACCEPTED", "REJECTED"] {
        for lane in 0..6 {
            assert!(calls.count(lane, outcome) > 0, "no {outcome} on lane {lane}");
        }
    }
    // Positive controls: the same checks find each falsified outcome and each leak.
    check::every_falsified_outcome_is_found(&calls, &received);
    check::every_leak_is_found(&samples);
}
