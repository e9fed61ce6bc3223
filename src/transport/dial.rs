//! Opens TCP connections. The addresses of a host race, as in Happy Eyeballs (RFC 8305): while one
//! does not respond, the next is tried too, and the first that accepts is used.

use std::fmt::{Display, Write};
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;
use socket2::{Domain, Protocol, Type};

use crate::error::ErrorKind;
use crate::log::LogLevel;
use crate::sys;

use super::base_url::BaseUrl;
use super::context::CallContext;
use super::exchange::Fault;
use super::resolver::Resolver;
use super::socket::{self, Socket};

/// How long an attempt runs before the next address is tried too (RFC 8305 section 5).
const HEAD_START: Duration = Duration::from_millis(250);
/// The same if there are so many addresses that the last one would not be tried in time.
const MIN_HEAD_START: Duration = Duration::from_millis(10);
/// How many attempts run at the same time.
const MAX_ATTEMPTS: usize = 6;
/// How long an address that worked is tried first.
const PREFERENCE: Duration = Duration::from_secs(600);
/// How many addresses a message lists.
const MAX_LISTED: usize = 4;

const NO_RESPONSE: &str = "no response";

/// Connects to the servers of one client: the gateway, or the proxy.
#[derive(Default)]
pub(super) struct Dialer {
    pub(super) resolver: Resolver,
    /// The address that was connected last, and when, unless what followed failed.
    preferred: Mutex<Option<(SocketAddr, Instant)>>,
}

impl Dialer {
    pub(super) fn dial(
        &self,
        base_url: &BaseUrl,
        deadline: Instant,
        call: &mut CallContext<'_>,
    ) -> Result<Socket, Fault> {
        let mut addresses = self.resolver.resolve(base_url, deadline, call)?;
        // Marks that connecting was attempted; the caller measures how long it took.
        call.info.timings.connect = Some(Duration::ZERO);
        self.order(&mut addresses);
        let socket = Race::new(&addresses, deadline).run(base_url, call)?;
        *self.lock() = Some((socket.peer(), Instant::now()));
        Ok(socket)
    }

    /// Records that an address accepted a connection, but that nothing came of it.
    pub(super) fn note_failure(&self) {
        *self.lock() = None;
    }

    /// Puts the preferred address first. After it, the families alternate, so that one without a
    /// route delays the other only once.
    fn order(&self, addresses: &mut [SocketAddr]) {
        if let Some((preferred, since)) = *self.lock()
            && since.elapsed() < PREFERENCE
            && let Some(position) = addresses.iter().position(|address| *address == preferred)
        {
            addresses[..=position].rotate_right(1);
        }
        for previous in 0..addresses.len() {
            let rest = &mut addresses[previous..];
            let is_ipv4 = rest[0].is_ipv4();
            match rest.iter().position(|address| address.is_ipv4() != is_ipv4) {
                Some(other) => rest[1..=other].rotate_right(1),
                None => return,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<(SocketAddr, Instant)>> {
        self.preferred.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The attempts to connect to one of several addresses. All run on the calling thread.
struct Race<'a> {
    addresses: &'a [SocketAddr],
    deadline: Instant,
    head_start: Duration,
    /// How long an attempt may block the start of another, where not all fit.
    share: Duration,
    /// How many attempts were started.
    started: usize,
    /// Those in progress, in the order of their start. Closed when the race ends.
    attempts: Vec<Attempt>,
    failed: usize,
    /// The addresses that failed, with their errors.
    failures: String,
}

struct Attempt {
    address: SocketAddr,
    socket: socket2::Socket,
    since: Instant,
}

impl<'a> Race<'a> {
    fn new(addresses: &'a [SocketAddr], deadline: Instant) -> Self {
        let total = remaining(deadline);
        let count = addresses.len().max(1);
        // Leaves time for the attempt that starts last.
        Race {
            addresses,
            deadline,
            head_start: (total / 2 / count as u32).clamp(MIN_HEAD_START, HEAD_START),
            share: total / (1 + count.div_ceil(MAX_ATTEMPTS)) as u32,
            started: 0,
            attempts: Vec::new(),
            failed: 0,
            failures: String::new(),
        }
    }

    fn run(mut self, base_url: &BaseUrl, call: &CallContext<'_>) -> Result<Socket, Fault> {
        let deadline = self.deadline;
        let mut next_start = Instant::now();
        loop {
            call.check_cancelled()?;
            let now = Instant::now();
            if now >= deadline {
                return Err(self.time_out(base_url, call));
            }
            match self.addresses.get(self.started) {
                Some(&address) if now >= next_start => {
                    next_start = self.start(address, now, call);
                    continue;
                }
                Some(_) => {}
                None if self.attempts.is_empty() => {
                    let message = format!("cannot connect to {base_url}: {}", self.list());
                    return Err(Fault::new(ErrorKind::Connect, message));
                }
                None => next_start = deadline,
            }
            let failed_before = self.failed;
            if let Some((stream, address, took)) = self.wait(deadline.min(next_start), call) {
                // Closes the other attempts before anything is sent.
                drop(self);
                let ms = took.as_millis();
                call.log(LogLevel::Debug, format_args!("connected to {address} in {ms} ms"));
                return Socket::new(stream, address, took, deadline, call.cancellation)
                    .ok_or_else(|| Fault::cancelled(call.cancellation));
            }
            if self.failed > failed_before {
                next_start = now;
            }
        }
    }

    /// Starts an attempt. Returns when the next one may start.
    fn start(&mut self, address: SocketAddr, now: Instant, call: &CallContext<'_>) -> Instant {
        self.started += 1;
        if self.attempts.len() == MAX_ATTEMPTS {
            let oldest = self.attempts.remove(0);
            self.note_failure(oldest.address, &NO_RESPONSE, call);
        }
        match connect(&address) {
            Ok(socket) => self.attempts.push(Attempt { address, socket, since: now }),
            Err(error) => {
                self.note_failure(address, &error, call);
                return now;
            }
        }
        let next = now + self.head_start;
        match self.attempts.first() {
            Some(oldest) if self.attempts.len() == MAX_ATTEMPTS => {
                next.max(oldest.since + self.share)
            }
            _ => next,
        }
    }

    /// Waits until an attempt succeeds or fails, or until the given time, but not for long, so that
    /// the caller can check for a cancellation. Returns the connection, its address, and how long
    /// connecting took.
    fn wait(
        &mut self,
        until: Instant,
        call: &CallContext<'_>,
    ) -> Option<(TcpStream, SocketAddr, Duration)> {
        let mut sockets: Vec<_> =
            self.attempts.iter().map(|a| PollFd::new(&a.socket, PollFlags::OUT)).collect();
        let polled = socket::poll_once(&mut sockets, remaining(until));
        let ready: Vec<_> = sockets.iter().map(|socket| !socket.revents().is_empty()).collect();
        let mut index = 0;
        for is_ready in ready {
            let socket = &self.attempts[index].socket;
            // Older versions of Windows do not signal a refused connection.
            let error = match &polled {
                Err(error) => Err(error.kind().into()),
                Ok(_) if is_ready || cfg!(windows) => socket.take_error(),
                Ok(_) => Ok(None),
            };
            if !is_ready && matches!(error, Ok(None)) {
                index += 1;
                continue;
            }
            let Attempt { address, socket, since } = self.attempts.remove(index);
            let result = match error {
                Ok(None) => finish(socket),
                Ok(Some(error)) | Err(error) => Err(error),
            };
            match result {
                Ok(stream) => return Some((stream, address, since.elapsed())),
                Err(error) => self.note_failure(address, &error, call),
            }
        }
        None
    }

    fn note_failure(&mut self, address: SocketAddr, error: &dyn Display, call: &CallContext<'_>) {
        call.log(LogLevel::Debug, format_args!("cannot connect to {address}: {error}"));
        let separator = if self.failed == 0 { "" } else { "; " };
        // Writing to a String cannot fail.
        let _ = match self.failed {
            _ if self.addresses.len() == 1 => write!(self.failures, "{error}"),
            0..MAX_LISTED => write!(self.failures, "{separator}{address}: {error}"),
            _ => Ok(()),
        };
        self.failed += 1;
    }

    /// Returns the addresses that failed, with their errors.
    fn list(&self) -> String {
        match self.addresses.len().saturating_sub(MAX_LISTED) {
            0 => self.failures.clone(),
            others => format!("{}; and {others} more", self.failures),
        }
    }

    fn time_out(mut self, base_url: &BaseUrl, call: &CallContext<'_>) -> Fault {
        for attempt in std::mem::take(&mut self.attempts) {
            self.note_failure(attempt.address, &NO_RESPONSE, call);
        }
        for &address in &self.addresses[self.started..] {
            self.note_failure(address, &"not tried", call);
        }
        Fault::connect_timeout(match self.addresses {
            [_] => format!("connecting to {base_url}"),
            _ => format!("connecting to {base_url} ({})", self.list()),
        })
    }
}

/// Starts to connect.
fn connect(address: &SocketAddr) -> io::Result<socket2::Socket> {
    let socket = new_socket(address)?;
    socket.set_nonblocking(true)?;
    match socket.connect(&(*address).into()) {
        Err(error) if !is_in_progress(&error) => Err(error),
        _ => Ok(socket),
    }
}

/// Prepares a connected socket for use.
fn finish(socket: socket2::Socket) -> io::Result<TcpStream> {
    // A socket that is connected to itself (RFC 9293 section 3.5): without a server on a port of
    // this machine that the system also assigns to clients, a connection attempt can meet itself.
    if socket.local_addr()?.as_socket() == socket.peer_addr()?.as_socket() {
        let message = "no server is listening, and the connection led back to its own port";
        return Err(io::Error::new(io::ErrorKind::ConnectionRefused, message));
    }
    // On Windows it stays non-blocking, see `Socket`.
    socket.set_nonblocking(cfg!(windows))?;
    socket.set_tcp_nodelay(true)?;
    Ok(socket.into())
}

/// Creates a socket that is not standard input, output or error.
fn new_socket(address: &SocketAddr) -> io::Result<socket2::Socket> {
    let domain = Domain::for_address(*address);
    sys::above_standard_streams(socket2::Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?)
}

fn is_in_progress(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::INPROGRESS | Errno::WOULDBLOCK))
}

fn remaining(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::sync::Arc;
    #[cfg(target_os = "linux")]
    use std::thread;

    use super::*;
    use crate::call_info::RequestId;
    use crate::counters::Tally;
    use crate::log::Log;
    use crate::transport::cancel::Canceller;

    const LONG: Duration = Duration::from_secs(60);

    fn listener() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    /// An address that does not respond while the second value is kept.
    #[cfg(target_os = "linux")]
    fn dead() -> (SocketAddr, (TcpListener, Vec<TcpStream>)) {
        let socket = socket2::Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        socket.listen(0).unwrap();
        let listener = TcpListener::from(socket);
        let address = listener.local_addr().unwrap();
        let fill = || TcpStream::connect_timeout(&address, Duration::from_millis(100));
        let filling = (0..16).map_while(|_| fill().ok()).collect();
        (address, (listener, filling))
    }

    /// Races with a new call of this canceller. Returns how long that took, too.
    fn race_of(
        addresses: &[SocketAddr],
        timeout: Duration,
        canceller: &Arc<Canceller>,
    ) -> (Result<SocketAddr, Fault>, Duration) {
        let (log, tally) = (Log::default(), Tally::default());
        let call = CallContext::new(LONG, RequestId::None, canceller.begin(false), &tally, &log);
        let base_url = BaseUrl::parse("https://gateway.test").unwrap();
        let started = Instant::now();
        let socket = Race::new(addresses, started + timeout).run(&base_url, &call);
        (socket.map(|socket| socket.peer()), started.elapsed())
    }

    fn race(addresses: &[SocketAddr], timeout: Duration) -> (Result<SocketAddr, Fault>, Duration) {
        race_of(addresses, timeout, &Arc::default())
    }

    /// The address that accepts, and after how many whole head starts. A loaded machine is late, so
    /// the tests allow more than they expect.
    fn winner(addresses: &[SocketAddr]) -> (SocketAddr, u128) {
        let (winner, took) = race(addresses, LONG);
        (winner.unwrap(), took.as_millis() / HEAD_START.as_millis())
    }

    #[track_caller]
    fn assert_wins(
        address: SocketAddr,
        addresses: &[SocketAddr],
        head_starts: std::ops::Range<u128>,
    ) {
        let (winner, after) = winner(addresses);
        assert_eq!(winner, address);
        assert!(head_starts.contains(&after), "{after}");
    }

    #[test]
    fn an_address_that_fails_is_followed_by_the_next_at_once() {
        let (listener, live) = listener();
        let refused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let unreachable = SocketAddr::from(([255; 4], 443));
        assert_wins(live, &[refused, unreachable, live], 0..2);
        assert!(listener.accept().is_ok());
        let (result, _) = race(&[refused, unreachable], LONG);
        let fault = result.unwrap_err();
        assert_eq!(fault.kind, ErrorKind::Connect);
        let start = format!("cannot connect to gateway.test: {refused}: ");
        assert!(fault.message.starts_with(&start), "{}", fault.message);
        assert!(fault.message.contains(&format!("; {unreachable}: ")), "{}", fault.message);
        let message = race(&[refused], LONG).0.unwrap_err().message;
        assert!(!message.contains(&refused.to_string()), "{message}");
        let message = race(&[refused; 9], LONG).0.unwrap_err().message;
        assert!(message.ends_with("; and 5 more"), "{message}");
        assert_eq!(message.matches(&refused.to_string()).count(), MAX_LISTED, "{message}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_address_that_does_not_respond_delays_the_next_by_a_quarter_second() {
        let (dead, _filling) = dead();
        let (_listener, live) = listener();
        assert_wins(live, &[live, dead], 0..1);
        assert_wins(live, &[dead, live], 1..4);
        assert_wins(live, &[dead, dead, live], 2..6);
        let start = std::sync::Barrier::new(20);
        thread::scope(|scope| {
            let race = || scope.spawn(|| (start.wait(), winner(&[dead, live])));
            for thread in [(); 20].map(|()| race()) {
                let (_, (address, head_starts)) = thread.join().unwrap();
                assert_eq!(address, live);
                assert!((1..20).contains(&head_starts), "{head_starts}");
            }
        });
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_slow_address_wins_if_the_others_are_dead() {
        let (slow, (listener, filling)) = dead();
        let (dead, _filling) = dead();
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(HEAD_START * 2);
                for _ in &filling {
                    drop(listener.accept());
                }
            });
            // The system repeats its first packet after a second.
            let (address, head_starts) = winner(&[slow, dead]);
            assert_eq!(address, slow);
            assert!(head_starts >= 2, "{head_starts}");
        });
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn dead_addresses_end_at_the_deadline_and_leave_time_for_the_others() {
        let (dead, _filling) = dead();
        let (_listener, live) = listener();
        let timeout = Duration::from_millis(600);
        for (addresses, listed) in [
            (vec![dead; 2], format!(" ({dead}: no response; {dead}: no response)")),
            (vec![dead], String::new()),
        ] {
            let (result, took) = race(&addresses, timeout);
            let fault = result.unwrap_err();
            assert_eq!(fault.kind, ErrorKind::ConnectTimeout);
            let message = format!("connecting to gateway.test{listed}");
            assert_eq!(fault.message, message);
            assert!((timeout..timeout + Duration::from_secs(10)).contains(&took), "{took:?}");
        }
        // With more than the maximum, the first ones make room.
        for count in [MAX_ATTEMPTS, 3 * MAX_ATTEMPTS, 100] {
            let mut addresses = vec![dead; count];
            addresses.push(live);
            let (winner, took) = race(&addresses, Duration::from_secs(4));
            assert_eq!(winner.expect("the last address"), live, "{count}: {took:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_race_is_cancelled_at_once() {
        let (dead, _filling) = dead();
        let canceller = Arc::<Canceller>::default();
        let cancelled = thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(400));
                canceller.cancel();
                Instant::now()
            });
            race_of(&[dead; 3], LONG, &canceller)
        });
        assert_eq!(cancelled.0.unwrap_err().kind, ErrorKind::Cancelled);
        assert!(cancelled.1 < LONG / 6, "{:?}", cancelled.1);
    }

    #[test]
    fn families_alternate_after_the_preferred_address() {
        let address = |text: &str| SocketAddr::new(text.parse().unwrap(), 443);
        let dialer = Dialer::default();
        let ordered = |texts: &[&str]| {
            let mut addresses: Vec<_> = texts.iter().map(|text| address(text)).collect();
            dialer.order(&mut addresses);
            addresses.iter().map(|address| address.ip().to_string()).collect::<Vec<_>>()
        };
        let resolved = ["::1", "::2", "::3", "10.0.0.1", "10.0.0.2"];
        let alternating = ["::1", "10.0.0.1", "::2", "10.0.0.2", "::3"];
        assert_eq!(ordered(&resolved), alternating);
        assert_eq!(ordered(&["10.0.0.1", "10.0.0.2"]), ["10.0.0.1", "10.0.0.2"]);
        assert_eq!(ordered(&["10.0.0.1", "10.0.0.2", "::1"]), ["10.0.0.1", "::1", "10.0.0.2"]);
        assert_eq!(ordered(&["::1"]), ["::1"]);
        assert!(ordered(&[]).is_empty());

        let prefer = |since| *dialer.lock() = Some((address("10.0.0.2"), since));
        prefer(Instant::now());
        let preferring = ["10.0.0.2", "::1", "10.0.0.1", "::2", "::3"];
        assert_eq!(ordered(&resolved), preferring);
        assert_eq!(ordered(&["::1", "10.0.0.1"]), ["::1", "10.0.0.1"]);
        if let Some(long_ago) = Instant::now().checked_sub(PREFERENCE) {
            prefer(long_ago);
            assert_eq!(ordered(&resolved), alternating);
        }
        prefer(Instant::now());
        dialer.note_failure();
        assert_eq!(ordered(&resolved), alternating);
    }
}
