//! Promise 1 with the simulator: each of its faults has its outcome. The fault catalogue has many
//! more.

use std::time::Duration;

use luma::Outcome::*;
use luma::{Client, Error, TriggerRequest};
use luma_simulator::Simulator;

use crate::support::{config_with_token, wait_until};

#[test]
fn every_fault_of_the_simulator_has_its_outcome() {
    let simulator = Simulator::start().unwrap();
    let mut config = config_with_token(simulator.url(), &simulator.token());
    // Some faults last until the timeout.
    config.set_timeout(Duration::from_secs(3)).unwrap();
    for fault in luma_simulator::FAULTS {
        let expected = match fault.name {
            "early-hints-103" | "continue-100" | "bytes-after-response" => Accepted,
            "close-after-success" | "close-while-idle" => Accepted,
            "status-400" | "status-401" | "status-403" | "status-404" | "status-409" => Rejected,
            "rate-limited-429" | "validation-error-500" | "redirect-307" => Rejected,
            _ => Unknown,
        };
        let before = simulator.journal().len();
        // A new client, because the connection of the previous call may be about to close.
        let client = Client::with_config(&config).unwrap();
        let result = client.trigger_workflow(&TriggerRequest::new(fault.identifier()).unwrap());
        let outcome = result.as_ref().map_or_else(Error::outcome, |_| Accepted);
        assert_eq!(outcome, expected, "{}: {result:?}", fault.name);
        let delivered = usize::from(!fault.name.ends_with("before-reading"));
        wait_until("the request is delivered", || simulator.journal().len() >= before + delivered);
        assert_eq!(simulator.journal().len() - before, delivered, "{}", fault.name);
        let path = "/gateway/api/v1/workflow/trigger";
        assert!(simulator.journal().iter().all(|delivery| delivery.path == path), "{}", fault.name);
    }
}
