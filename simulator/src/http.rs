//! HTTP/1.1 as a server: reads requests and encodes responses.

mod body;
mod connection;
mod error;
mod head;
pub(crate) mod query;
mod response;

pub(crate) use connection::{Connection, Incoming, Request, TIMEOUT};
pub(crate) use response::Response;
