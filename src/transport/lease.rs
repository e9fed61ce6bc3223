//! A connection whose exchange has ended and whose response is still to be interpreted.

use crate::seen::Seen;

use super::connection::Connection;
use super::http1::Http1;

/// Dropping it closes the connection; [`Transport::put_back`](super::Transport::put_back) keeps it
/// for another request, if it is fit for one.
pub(crate) struct Lease {
    pub(super) http1: Box<Http1>,
    pub(super) connection: Box<Connection>,
}

impl Lease {
    /// Returns what the connection has carried before this exchange.
    pub(crate) fn seen(&mut self) -> &mut Seen {
        &mut self.connection.seen
    }
}
