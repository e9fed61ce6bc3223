//! Promise 1 with the simulator: each fault that it provokes has its outcome. What else a server can
//! do stands in the fault catalogue.

use std::time::{Duration, Instant};

use luma::Outcome::*;
use luma::{Client, Config, Error, TriggerRequest};

#[test]
fn every_fault_of_the_simulator_has_its_outcome() {
    let simulator = luma_simulator::Simulator::start().unwrap();
    let mut config = Config::new(simulator.url(), &simulator.token()).unwrap();
    config.set_timeout(Duration::from_millis(1000)).unwrap();
    let client = Client::with_config(&config).unwrap();
    for fault in luma_simulator::FAULTS {
        let expected = match fault.name {
            "early-hints-103" | "continue-100" | "bytes-after-response" => Accepted,
            "close-after-success" | "close-while-idle" => Accepted,
            "status-400" | "status-401" | "status-403" | "status-404" | "status-409" => Rejected,
            "rate-limited-429" | "validation-error-500" | "redirect-307" => Rejected,
            _ => Unknown,
        };
        let before = simulator.journal().len();
        let started = Instant::now();
        let result = client.trigger_workflow(&TriggerRequest::new(fault.identifier()).unwrap());
        let outcome = result.as_ref().map_or_else(Error::outcome, |_| Accepted);
        assert_eq!(outcome, expected, "{}: {result:?}", fault.name);
        assert!(started.elapsed() < Duration::from_millis(2500), "{}", fault.name);
        let delivered = usize::from(!fault.name.ends_with("before-reading"));
        assert_eq!(simulator.journal().len() - before, delivered, "{}", fault.name);
        let path = "/gateway/api/v1/workflow/trigger";
        assert!(simulator.journal().iter().all(|delivery| delivery.path == path), "{}", fault.name);
    }
}
