//! Integration tests, one module per topic. They see the simulator as a client does: as bytes.

mod client;

mod definitions;
mod executable;
mod faults;
mod history;
mod http;
mod journal;
mod launch_url;
mod page;
mod steps;
mod time;
mod tokens;
mod trigger;
