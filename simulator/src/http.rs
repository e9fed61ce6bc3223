//! The HTTP/1.1 server: ports, connections, requests and responses.

mod body;
mod connection;
mod connections;
mod error;
mod head;
pub(crate) mod query;
mod response;
mod server;
mod stream;

pub(crate) use connection::{Connection, Incoming, Request, TIMEOUT};
pub(crate) use connections::Slot;
pub(crate) use response::Response;
pub(crate) use server::{Port, Protocol, Server};
pub(crate) use stream::Stream;
