//! Integration tests, one module per topic. They see the simulator as a client does: as bytes.

mod client;

mod definitions;
mod executable;
mod fault_rules;
mod faults;
mod history;
mod http;
mod journal;
mod launch_url;
mod limits;
mod page;
mod steps;
mod time;
mod tls;
mod tokens;
mod trigger;
mod workflows;
