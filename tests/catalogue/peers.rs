//! The other side of a case: servers, proxies and places where nobody is.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::Command;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use luma_simulator::{Options, Simulator};
use socket2::{Domain, Socket, Type};

use crate::support::certificates::Served;
use crate::support::tls::{Tap, TapServer, TestCa, TlsTap};
use crate::support::{SUCCESS, ScriptServer, Step, TOKEN, TRIGGER_ID, response};

/// No wait of the other side is longer.
const LIMIT: Duration = Duration::from_secs(8);

/// What a caller has to do.
#[derive(Clone)]
pub struct Order {
    pub url: String,
    pub token: String,
    pub ca_pem: Option<String>,
    pub proxy: Option<String>,
    /// The certificate that it shows, and its key.
    pub client: Option<(String, String)>,
    pub retries: bool,
    pub cancel_after: Option<Duration>,
    /// The run to look at, instead of a workflow to trigger.
    pub trigger_id: Option<String>,
    /// The call that counts comes second, after one that has to be accepted.
    pub is_second: bool,
    /// A pointer into the response, and what stands there.
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
            trigger_id: None,
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

/// What the other side saw.
#[derive(Default)]
pub struct Seen {
    pub connections: usize,
    /// Whole requests.
    pub deliveries: usize,
    /// What came to somebody who must not learn the token.
    pub overheard: Vec<u8>,
}

/// The other side, while a caller is at it.
pub struct Running {
    pub order: Order,
    /// How many connections a caller may open, if that is for the case to say.
    pub connections: Option<usize>,
    /// The command that the caller's stands behind.
    pub within: Vec<OsString>,
    /// What happens between the first call and the second.
    pub between: Option<Box<dyn FnOnce()>>,
    /// Ends it all.
    pub finish: Box<dyn FnOnce() -> Seen>,
}

/// Starts the other side of a case, or says why it cannot be had here.
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

/// An http server that goes through these steps on each connection.
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

/// Reads a request and sends this.
pub fn answer(bytes: impl Into<Vec<u8>>) -> Peer {
    http([Step::Read, Step::Send(bytes.into())])
}

/// Answers with 200 and this body.
pub fn body(body: impl AsRef<[u8]>) -> Peer {
    answer(response("200 OK", body))
}

/// A server that must not get as much as a connection.
pub fn refused(change: impl Fn(&mut Order) + Send + Sync + 'static) -> Peer {
    let steps = [Step::Read, Step::Send(response("200 OK", SUCCESS))];
    let start = http_with(steps, change);
    Box::new(move || start().map(|running| running.on_connections(0)))
}

/// A server whose connection does this between a first call and a second, and that serves the
/// second on a new one.
pub fn while_idle(disturb: impl Into<Vec<Step>>) -> Peer {
    let disturb = disturb.into();
    peer(move || {
        let (idle, is_idle) = channel();
        let (disturbed, is_disturbed) = channel();
        let is_idle = Mutex::new(is_idle);
        let wait = move || {
            let _ = is_idle.lock().unwrap().recv_timeout(LIMIT);
        };
        let tell = move || {
            let _ = disturbed.send(());
        };
        let first = [Step::Read, Step::Send(first_response()), Step::Do(Arc::new(wait))];
        let end = [Step::Do(Arc::new(tell)), Step::Read, Step::Send(first_response()), Step::Wait];
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

/// A server that does this with a second request on a connection.
pub fn on_used_connection(steps: impl Into<Vec<Step>>) -> Peer {
    let steps = [&[Step::Read, Step::Send(first_response())], &steps.into()[..]].concat();
    peer(move || {
        let server = ScriptServer::start(vec![steps.clone()]);
        let mut order = Order::at(&server.url);
        order.is_second = true;
        running(order, move || without_first(seen_by(&server))).on_connections(1)
    })
}

/// Not what the second call may be told.
fn first_response() -> Vec<u8> {
    response("200 OK", SUCCESS.replace(TRIGGER_ID, "first"))
}

fn without_first(seen: Seen) -> Seen {
    Seen { deliveries: seen.deliveries.saturating_sub(1), ..seen }
}

fn count(bytes: &[u8], text: &str) -> usize {
    bytes.windows(text.len()).filter(|window| *window == text.as_bytes()).count()
}

/// An https server that does this, with a certificate that is wrong or with one that is right.
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

/// An https server that could answer, were it not for its certificate.
pub fn certificate(served: fn() -> Served) -> Peer {
    tls(served, |tls| {
        if crate::support::tls::read_request(tls).is_some() {
            let _ = tls.write_all(&response("200 OK", SUCCESS));
        }
    })
}

/// What does this where an https server should be. It gets a greeting and nothing else.
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
        // Under a name that nobody else knows.
        let order = Order::at("https://gateway.test");
        let order = order.through(format!("{scheme}://jdoe:s3cr3t@127.0.0.1:{}", server.port));
        running(order, move || overheard(server)).on_connections(1)
    })
}

fn overheard(server: TapServer) -> Seen {
    let seen = server.finish();
    Seen { connections: seen.connections, deliveries: 0, overheard: seen.wire }
}

/// A gateway that is as it should be, for the token of every order.
pub fn gateway() -> Simulator {
    let options = Options { token: TOKEN.into(), ..Options::default() };
    Simulator::start_with(options).unwrap()
}

/// A gateway behind something else.
pub fn in_front_of(simulator: Simulator, order: Order, keep: impl Sized + 'static) -> Running {
    let before = simulator.journal().len();
    running(order, move || {
        drop(keep);
        let deliveries = simulator.journal().len() - before;
        Seen { connections: 0, deliveries, overheard: Vec::new() }
    })
}

/// A port that nobody listens at, bound so that nobody else has it.
pub fn nobody() -> Peer {
    peer(|| {
        let (socket, address) = bound();
        running(Order::at(format!("https://{address}")), move || {
            drop(socket);
            Seen::default()
        })
    })
}

/// A port whose queue of connections is full, so that no further one is ever opened.
pub fn black_hole() -> Peer {
    Box::new(|| {
        if !cfg!(target_os = "linux") {
            return Err("only Linux lets connections beyond the queue wait".into());
        }
        let (socket, address) = bound();
        socket.listen(0).unwrap();
        let fill = || TcpStream::connect_timeout(&address, Duration::from_millis(100));
        let filling: Vec<_> = (0..16).map_while(|_| fill().ok()).collect();
        assert!(filling.len() < 16, "the queue is never full");
        Ok(running(Order::at(format!("https://{address}")), move || {
            drop((socket, filling));
            Seen::default()
        }))
    })
}

fn bound() -> (Socket, SocketAddr) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&"127.0.0.1:0".parse::<SocketAddr>().unwrap().into()).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    (socket, address)
}

/// A network without any route.
pub fn no_network() -> Peer {
    Box::new(|| {
        let within: Vec<OsString> = ["unshare", "-rn"].map(OsString::from).into();
        is_possible(&within)?;
        // For documentation (RFC 5737), so that nobody has it anywhere.
        let mut running = running(Order::at("https://192.0.2.1"), Seen::default);
        running.within = within;
        Ok(running)
    })
}

/// A machine whose name server is this one: `none` knows no name, `silent` does not answer.
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
        Ok(output) => Err(format!(
            "no network namespace can be had: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        )),
        Err(error) => Err(format!("no unshare here: {error}")),
    }
}

/// Runs a command beside a name server, within the namespace that `name_server` makes; gives the
/// exit code.
pub fn run_beside_name_server(kind: &str, command: &[OsString]) -> i32 {
    let socket = UdpSocket::bind("127.0.0.1:53").unwrap();
    let knows_no_name = kind == "none";
    thread::spawn(move || {
        let mut query = [0; 512];
        while let Ok((length, asker)) = socket.recv_from(&mut query) {
            if knows_no_name {
                // The question comes back as a response (RFC 1035 section 4.1.1): no such name.
                query[2..4].copy_from_slice(&[0x81, 0x83]);
                let _ = socket.send_to(&query[..length], asker);
            }
        }
    });
    let status = Command::new(&command[0]).args(&command[1..]).status().unwrap();
    status.code().unwrap_or(1)
}

/// Reads the first of what a client says.
pub fn greeting(tap: &mut Tap) {
    let _ = tap.read(&mut [0; 4096]);
}

/// A port that is most likely free, below those that the system gives to others.
pub fn free_port() -> u16 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static TRIED: AtomicU32 = AtomicU32::new(0);
    loop {
        let tried = TRIED.fetch_add(1, Ordering::SeqCst);
        let port = 20_000 + (std::process::id().wrapping_mul(7).wrapping_add(tried) % 10_000);
        if TcpListener::bind(("127.0.0.1", port as u16)).is_ok() {
            return port as u16;
        }
    }
}

/// Waits until somebody listens at a port. False if `has_ended` comes first.
pub fn wait_for_port(port: u16, mut has_ended: impl FnMut() -> bool) -> bool {
    let until = Instant::now() + LIMIT;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if has_ended() {
            return false;
        }
        assert!(Instant::now() < until, "nobody listens at {port}");
        thread::sleep(Duration::from_millis(5));
    }
    !has_ended()
}
