//! The other side of a case: servers, proxies, and addresses without a server.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::UdpSocket;
use std::process::Command;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use luma_simulator::{Options, Simulator};

use crate::support::certificates::Served;
use crate::support::tls::{Tap, TapServer, TestCa, TlsTap};
use crate::support::{
    self, LIMIT, SUCCESS, ScriptServer, Step, TOKEN, TRIGGER_ID, closed_port, response, skipped,
};

/// The call that a caller makes.
#[derive(Clone)]
pub struct Order {
    pub url: String,
    pub token: String,
    pub ca_pem: Option<String>,
    pub proxy: Option<String>,
    /// The client certificate and its key.
    pub client: Option<(String, String)>,
    pub retries: bool,
    pub cancel_after: Option<Duration>,
    /// The call pauses before it sends a request on a new connection, so that what the other side
    /// sends at once has arrived.
    pub pauses: bool,
    /// The run whose history to read, instead of triggering.
    pub trigger_id: Option<String>,
    /// The variables of a trigger, as JSON.
    pub variables: &'static str,
    /// Another call: `list`, `wait`, `launch-url` or `token`.
    pub call: Option<&'static str>,
    /// A text that must not be shown, besides the token.
    pub hidden: Option<&'static str>,
    /// The tested call is the second one, after one that must be accepted.
    pub is_second: bool,
    /// A JSON pointer into the response, and the expected value.
    pub value: Option<(&'static str, &'static str)>,
}

impl Order {
    pub fn at(url: impl Into<String>) -> Self {
        Order {
            url: url.into(),
            token: TOKEN.into(),
            ca_pem: None,
            proxy: None,
            client: None,
            retries: true,
            cancel_after: None,
            pauses: false,
            trigger_id: None,
            variables: r#"{"userName":"jdoe"}"#,
            call: None,
            hidden: None,
            is_second: false,
            value: None,
        }
    }

    fn trusting(mut self, ca_pem: String) -> Self {
        self.ca_pem = Some(ca_pem);
        self
    }

    pub fn through(mut self, proxy: String) -> Self {
        self.proxy = Some(proxy);
        self
    }
}

/// What the other side received.
#[derive(Default)]
pub struct Seen {
    pub connections: usize,
    /// Complete requests.
    pub deliveries: usize,
    /// Bytes on the wire that must not contain the token.
    pub overheard: Vec<u8>,
}

/// The other side of a running case.
pub struct Running {
    pub order: Order,
    /// The number of connections, if the case determines it.
    pub connections: Option<usize>,
    /// A command that runs the caller.
    pub within: Vec<OsString>,
    /// An action between the first call and the second.
    pub between: Option<Box<dyn FnOnce()>>,
    /// Stops the other side.
    pub finish: Box<dyn FnOnce() -> Seen>,
}

/// Starts the other side of a case, or returns why it is not possible on this machine.
pub type Peer = Box<dyn Fn() -> Result<Running, String> + Send + Sync>;

fn peer(start: impl Fn() -> Running + Send + Sync + 'static) -> Peer {
    Box::new(move || Ok(start()))
}

fn running(order: Order, finish: impl FnOnce() -> Seen + 'static) -> Running {
    Running { order, connections: None, within: vec![], between: None, finish: Box::new(finish) }
}

impl Running {
    fn on_connections(mut self, connections: usize) -> Self {
        self.connections = Some(connections);
        self
    }
}

fn seen_by(server: &ScriptServer) -> Seen {
    Seen {
        connections: server.connections(),
        deliveries: server.deliveries(),
        overheard: Vec::new(),
    }
}

/// An HTTP server that follows these steps on each connection.
pub fn http(steps: impl Into<Vec<Step>>) -> Peer {
    http_with(steps, |_| {})
}

/// The same with a changed order.
pub fn http_with(
    steps: impl Into<Vec<Step>>,
    change: impl Fn(&mut Order) + Send + Sync + 'static,
) -> Peer {
    let steps = steps.into();
    peer(move || {
        let server = ScriptServer::start(vec![steps.clone()]);
        let mut order = Order::at(&server.url);
        change(&mut order);
        running(order, move || seen_by(&server)).on_connections(1)
    })
}

/// The same, with a call that pauses before its request and makes one attempt.
pub fn pausing(peer: Peer) -> Peer {
    Box::new(move || {
        peer().map(|mut running| {
            (running.order.pauses, running.order.retries) = (true, false);
            running
        })
    })
}

/// Reads a request and sends this.
pub fn answer(bytes: impl Into<Vec<u8>>) -> Peer {
    http([Step::Read, Step::Send(bytes.into())])
}

/// Responds with 200 and this body.
pub fn body(body: impl AsRef<[u8]>) -> Peer {
    answer(response("200 OK", body))
}

/// A server that gives these responses to this call, without retries.
pub fn call(
    call: &'static str,
    responses: impl IntoIterator<Item = Vec<u8>>,
    value: Option<(&'static str, &'static str)>,
) -> Peer {
    let responses = responses.into_iter().map(Step::Send);
    let steps: Vec<_> = responses.flat_map(|response| [Step::Read, response]).collect();
    http_with(steps, move |order| {
        order.call = Some(call);
        order.retries = false;
        order.value = value;
    })
}

/// The same for a response that contains something that must not be shown.
pub fn hiding(hidden: &'static str, call: Option<&'static str>, response: Vec<u8>) -> Peer {
    http_with([Step::Read, Step::Send(response)], move |order| {
        order.call = call;
        order.hidden = Some(hidden);
    })
}

/// A server that must not receive a connection.
pub fn not_contacted(change: impl Fn(&mut Order) + Send + Sync + 'static) -> Peer {
    let steps = [Step::Read, Step::Send(response("200 OK", SUCCESS))];
    let start = http_with(steps, change);
    Box::new(move || start().map(|running| running.on_connections(0)))
}

/// A server that does this on its idle connection after a first call, and serves a second call on a
/// new one.
pub fn while_idle(disturb: impl Into<Vec<Step>>) -> Peer {
    let disturb = disturb.into();
    peer(move || {
        let (idle, is_idle) = channel();
        let (disturbed, is_disturbed) = channel();
        let is_idle = Mutex::new(is_idle);
        let wait = move || {
            let _ = is_idle.lock().unwrap().recv_timeout(LIMIT);
        };
        let notify = move || {
            let _ = disturbed.send(());
        };
        let first = [Step::Read, Step::Send(first_response()), Step::Do(Arc::new(wait))];
        let end =
            [Step::Do(Arc::new(notify)), Step::Read, Step::Send(first_response()), Step::Wait];
        let server = ScriptServer::start(vec![
            [&first[..], &disturb, &end].concat(),
            vec![Step::Read, Step::Send(response("200 OK", SUCCESS)), Step::Wait],
        ]);
        let mut order = Order::at(&server.url);
        order.is_second = true;
        let mut running = running(order, move || without_first(seen_by(&server)));
        running.between = Some(Box::new(move || {
            let _ = idle.send(());
            let _ = is_disturbed.recv_timeout(LIMIT);
        }));
        running.on_connections(2)
    })
}

/// A server that does this after a first request on a connection.
pub fn on_reused_connection(steps: impl Into<Vec<Step>>) -> Peer {
    let steps = [&[Step::Read, Step::Send(first_response())], &steps.into()[..]].concat();
    peer(move || {
        let server = ScriptServer::start(vec![steps.clone()]);
        let mut order = Order::at(&server.url);
        order.is_second = true;
        running(order, move || without_first(seen_by(&server))).on_connections(1)
    })
}

/// A response that the second call must not return.
pub fn first_response() -> Vec<u8> {
    response("200 OK", SUCCESS.replace(TRIGGER_ID, "first"))
}

fn without_first(seen: Seen) -> Seen {
    Seen { deliveries: seen.deliveries.saturating_sub(1), ..seen }
}

fn count(bytes: &[u8], text: &str) -> usize {
    bytes.windows(text.len()).filter(|window| *window == text.as_bytes()).count()
}

/// An HTTPS server that does this, with this certificate.
pub fn tls(
    served: impl Fn() -> Served + Send + Sync + 'static,
    serve: impl Fn(&mut TlsTap<'_>) + Copy + Send + Sync + 'static,
) -> Peer {
    peer(move || {
        let (ca_pem, tls) = served();
        let server = TapServer::tls(tls, serve);
        let order = Order::at(format!("https://localhost:{}", server.port)).trusting(ca_pem);
        running(order, move || {
            let seen = server.finish();
            let deliveries = count(&seen.plain, TOKEN);
            Seen { connections: seen.connections, deliveries, overheard: seen.wire }
        })
        .on_connections(1)
    })
}

/// An HTTPS server that would accept the trigger, with this certificate.
pub fn certificate(served: fn() -> Served) -> Peer {
    tls(served, |tls| {
        if crate::support::tls::read_request(tls).is_some() {
            let _ = tls.write_all(&response("200 OK", SUCCESS));
        }
    })
}

/// A server without TLS that does this. It must receive a ClientHello only.
pub fn below_tls(act: fn(&mut Tap)) -> Peer {
    peer(move || {
        let server = TapServer::start(act);
        let order = Order::at(format!("https://localhost:{}", server.port));
        let order = order.trusting(TestCa::new("The test's CA").pem);
        running(order, move || overheard(server)).on_connections(1)
    })
}

/// A proxy that does this.
pub fn proxy(scheme: &'static str, act: fn(&mut Tap)) -> Peer {
    peer(move || {
        let server = TapServer::start(act);
        // Only the proxy could resolve the name.
        let order = Order::at("https://gateway.test");
        let order = order.through(format!("{scheme}://jdoe:s3cr3t@127.0.0.1:{}", server.port));
        running(order, move || overheard(server)).on_connections(1)
    })
}

fn overheard(server: TapServer) -> Seen {
    let seen = server.finish();
    Seen { connections: seen.connections, deliveries: 0, overheard: seen.wire }
}

/// A gateway without faults, with the token of every order.
pub fn gateway() -> Simulator {
    let options = Options { token: TOKEN.into(), ..Options::default() };
    Simulator::start_with(options).unwrap()
}

/// A gateway with something in front of it.
pub fn in_front_of(simulator: Simulator, order: Order, keep: impl Sized + 'static) -> Running {
    let before = simulator.journal().len();
    running(order, move || {
        drop(keep);
        let deliveries = simulator.journal().len() - before;
        Seen { connections: 0, deliveries, overheard: Vec::new() }
    })
}

/// A port on which no server listens.
pub fn closed() -> Peer {
    peer(|| {
        let (socket, url) = closed_port();
        running(Order::at(url.replace("http:", "https:")), move || {
            drop(socket);
            Seen::default()
        })
    })
}

/// A port whose backlog is full, so that no connection is accepted.
#[cfg(target_os = "linux")]
pub fn black_hole() -> Peer {
    peer(|| {
        let (address, filling) = support::black_hole();
        running(Order::at(format!("https://{address}")), move || {
            drop(filling);
            Seen::default()
        })
    })
}

/// Only Linux lets connections wait when the backlog is full.
#[cfg(not(target_os = "linux"))]
pub fn black_hole() -> Peer {
    Box::new(|| Err("the case needs Linux".into()))
}

/// A network without any route.
pub fn no_network() -> Peer {
    Box::new(|| {
        let within: Vec<OsString> = ["unshare", "-rn"].map(OsString::from).into();
        is_possible(&within)?;
        // Reserved for documentation (RFC 5737).
        let mut running = running(Order::at("https://192.0.2.1"), Seen::default);
        running.within = within;
        Ok(running)
    })
}

/// A port where nobody listens, and the only one that the system assigns to clients.
pub fn own_port(url: &'static str) -> Peer {
    const SET_UP: &str = "echo 40000 40000 >/proc/sys/net/ipv4/ip_local_port_range && \
                          ip link set lo up && exec \"$@\"";
    Box::new(move || {
        let within: Vec<OsString> =
            ["unshare", "-rn", "sh", "-c", SET_UP, "sh"].map(OsString::from).into();
        is_possible(&within)?;
        let mut order = Order::at(format!("{url}:40000"));
        order.retries = false;
        let mut running = running(order, Seen::default);
        running.within = within;
        Ok(running)
    })
}

/// A name server: `none` responds that no name exists, `silent` does not respond.
pub fn name_server(kind: &'static str) -> Peer {
    const SET_UP: &str = "mount --bind \"$1\" /etc/resolv.conf && \
                          mount --bind \"$2\" /etc/nsswitch.conf && \
                          ip link set lo up && shift 2 && exec \"$@\"";
    Box::new(move || {
        let file = |name: &str, content: &str| {
            let path = format!("{}/{name}", env!("CARGO_TARGET_TMPDIR"));
            std::fs::write(&path, content).unwrap();
            path
        };
        let resolv = file("resolv.conf", "nameserver 127.0.0.1\n");
        let nsswitch = file("nsswitch.conf", "hosts: dns\n");
        let exe = std::env::current_exe().unwrap().into_os_string();
        let mut within: Vec<OsString> =
            ["unshare", "-rmn", "sh", "-c", SET_UP, "sh", &resolv, &nsswitch]
                .map(OsString::from)
                .into();
        is_possible(&within)?;
        within.extend([exe, "name-server".into(), kind.into()]);
        let mut running = running(Order::at("https://gateway.test"), Seen::default);
        running.within = within;
        Ok(running)
    })
}

fn is_possible(within: &[OsString]) -> Result<(), String> {
    let output = Command::new(&within[0]).args(&within[1..]).arg("true").output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let reason = String::from_utf8_lossy(&output.stderr);
            let reason = format!("a network namespace is not possible: {}", reason.trim());
            skipped::record_because(&reason, "cases of the fault catalogue");
            Err(reason)
        }
        Err(_) => {
            skipped::record("unshare", "cases of the fault catalogue");
            Err("unshare is not installed".into())
        }
    }
}

/// Runs a command with a name server, in the namespace of `name_server`; returns the exit code.
pub fn run_beside_name_server(kind: &str, command: &[OsString]) -> i32 {
    let socket = UdpSocket::bind("127.0.0.1:53").unwrap();
    let is_answering = kind == "none";
    thread::spawn(move || {
        let mut query = [0; 512];
        while let Ok((length, asker)) = socket.recv_from(&mut query) {
            if is_answering {
                // The question as a response with NXDOMAIN (RFC 1035 section 4.1.1).
                query[2..4].copy_from_slice(&[0x81, 0x83]);
                let _ = socket.send_to(&query[..length], asker);
            }
        }
    });
    let status = Command::new(&command[0]).args(&command[1..]).status().unwrap();
    status.code().unwrap_or(1)
}

/// Reads the first message of a client.
pub fn read_hello(tap: &mut Tap) {
    let _ = tap.read(&mut [0; 4096]);
}
