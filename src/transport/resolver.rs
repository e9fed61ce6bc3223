//! Resolves host names, with at most one lookup for each name at a time.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::ErrorKind;
use crate::log::LogLevel;
use crate::panic_points;

use super::background::{Background, SharedWork};
use super::base_url::BaseUrl;
use super::context::CallContext;
use super::exchange::Fault;

/// How long an answer may be used if it arrived when no call was waiting for it any more. Long
/// enough for the retry that follows a timeout.
const MAX_AGE: Duration = Duration::from_secs(10);

/// The lookups of one client.
///
/// The system's resolver has no timeout, so each lookup has its own thread. If a name server does
/// not respond, all calls wait for the same thread, and so does the next attempt: starting again
/// could fail forever where waiting for the first lookup would have succeeded.
#[derive(Default)]
pub(super) struct Resolver {
    /// Lookups whose result no call has received.
    lookups: Mutex<HashMap<String, SharedWork<Answer>>>,
}

struct Answer {
    addresses: Vec<IpAddr>,
    since: Instant,
}

impl Resolver {
    /// Returns the addresses of a base URL's host, at least one.
    pub(super) fn resolve(
        &self,
        base_url: &BaseUrl,
        deadline: Instant,
        call: &mut CallContext<'_>,
    ) -> Result<Vec<SocketAddr>, Fault> {
        if let Ok(address) = base_url.host.parse::<IpAddr>() {
            return Ok(vec![(address, base_url.port).into()]);
        }
        if base_url.is_localhost() {
            // Never resolved (RFC 6761 section 6.3): plain HTTP is allowed because it is this
            // machine.
            let loopback = [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()];
            return Ok(loopback.map(|address| (address, base_url.port).into()).into());
        }
        panic_points::pass("a host is resolved");
        let host = &base_url.host;
        let started = Instant::now();
        let result = self.look_up(host, deadline, call);
        let took = started.elapsed();
        *call.info.timings.dns.get_or_insert_default() += took;
        let addresses: Vec<SocketAddr> =
            result?.into_iter().map(|address| (address, base_url.port).into()).collect();
        let took = took.as_millis();
        call.log(LogLevel::Debug, format_args!("resolved {host} in {took} ms: {addresses:?}"));
        Ok(addresses)
    }

    fn look_up(
        &self,
        host: &str,
        deadline: Instant,
        call: &CallContext<'_>,
    ) -> Result<Vec<IpAddr>, Fault> {
        let lookup = self.start_or_join(host, call)?;
        let answer = lookup.wait(deadline, call.cancellation, || format!("resolving host {host}"));
        let addresses = answer.map(|answer| answer.addresses.clone());
        if lookup.is_finished() {
            // The next call resolves the name again: answers expire, and a failure may pass.
            self.remove(host, &lookup);
        }
        addresses
    }

    /// Joins the calls that wait for a lookup of this name, or starts one.
    fn start_or_join(
        &self,
        host: &str,
        call: &CallContext<'_>,
    ) -> Result<Arc<Background<Answer>>, Fault> {
        let mut lookups = self.lookups.lock().unwrap_or_else(PoisonError::into_inner);
        panic_points::pass("the lookups are locked");
        let name = host.to_owned();
        let canceller = call.cancellation.canceller().root();
        let may_use = |result: &Result<Answer, Fault>| {
            result.as_ref().is_ok_and(|answer| answer.since.elapsed() < MAX_AGE)
        };
        let lookup = lookups.entry(host.to_owned()).or_default();
        let started =
            lookup.start_or_join("luma-resolve", canceller, may_use, move || look_up(&name));
        started.map_err(|error| Fault::no_thread(format_args!("resolves host {host}"), &error))
    }

    fn remove(&self, host: &str, lookup: &Arc<Background<Answer>>) {
        let mut lookups = self.lookups.lock().unwrap_or_else(PoisonError::into_inner);
        if lookups.get(host).is_some_and(|current| current.is_current(lookup)) {
            lookups.remove(host);
        }
    }
}

fn look_up(host: &str) -> Result<Answer, Fault> {
    panic_points::pass("the thread of the resolver runs");
    let failed = |error: io::Error| {
        Fault::new(ErrorKind::Dns, format!("cannot resolve host {host}: {error}"))
    };
    let addresses = (host, 0).to_socket_addrs().map_err(failed)?;
    let addresses: Vec<_> = addresses.map(|address| address.ip()).collect();
    if addresses.is_empty() {
        return Err(failed(io::Error::other("the host has no address")));
    }
    Ok(Answer { addresses, since: Instant::now() })
}
