//! The input of the endpoints.

use serde_json::{Map, Value};

use crate::state::State;

/// An authorised request, with everything that is needed to respond to it.
pub(super) struct Call<'a> {
    /// Not decoded.
    pub(super) query: &'a str,
    /// Empty if the endpoint takes no body.
    pub(super) body: &'a Map<String, Value>,
    /// Of the simulator.
    pub(super) base_url: &'a str,
    pub(super) state: &'a State,
    /// The same time for everything in the response.
    pub(super) now: u64,
}
