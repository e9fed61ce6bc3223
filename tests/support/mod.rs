//! Shared by the tests: a server that follows a script, byte by byte.

#![allow(dead_code, reason = "the catalogue uses only a part")]

#[cfg(unix)]
pub mod c;
pub mod calls;
pub mod certificates;
pub mod child;
pub mod openssl;
#[cfg(target_os = "linux")]
pub mod preload;
pub mod programs;
pub mod skipped;
pub mod tls;

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use luma::{Client, Config, Error, Trigger, TriggerRequest};

/// What the server does next on a connection. After the last step it closes the connection.
#[derive(Clone)]
pub enum Step {
    /// Reads one complete request and counts it as a delivery.
    Read,
    /// Reads at most this many bytes.
    ReadBytes(usize),
    Send(Vec<u8>),
    /// Sends the bytes one at a time, with this pause before each.
    Drip(Vec<u8>, Duration),
    /// Sends the bytes up to this many times, for as long as the client accepts them.
    Flood(Vec<u8>, usize),
    /// Reads and discards until the client closes.
    Wait,
    /// Closes the sending direction; the next steps can still read.
    HalfClose,
    /// Closes both directions but keeps the socket.
    Close,
    /// Closes with a reset.
    Reset,
    /// Calls back into the test.
    Do(Arc<dyn Fn() + Send + Sync>),
}

/// A server that follows the next script on each connection, and repeats the last one.
///
/// Dropping it closes its connections and joins its threads.
pub struct ScriptServer {
    pub url: String,
    state: Arc<State>,
    acceptor: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    is_stopping: AtomicBool,
    connections: AtomicUsize,
    deliveries: AtomicUsize,
    requests: Mutex<Vec<String>>,
    closed_by_client: AtomicUsize,
}

/// Ends a test that hangs. Far longer than anything takes, even on a loaded machine.
pub const LIMIT: Duration = Duration::from_secs(60);

impl ScriptServer {
    pub fn start(scripts: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State::default());
        let shared = state.clone();
        let acceptor = thread::spawn(move || {
            let mut connections: Vec<(Weak<TcpStream>, JoinHandle<()>)> = Vec::new();
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.is_stopping.load(Ordering::SeqCst) {
                    break;
                }
                let number = shared.connections.fetch_add(1, Ordering::SeqCst);
                let script = scripts[number.min(scripts.len() - 1)].clone();
                let (stream, shared) = (Arc::new(stream), shared.clone());
                let handle = Arc::downgrade(&stream);
                let thread = thread::spawn(move || run(&stream, script, &shared));
                connections.push((handle, thread));
            }
            for (stream, thread) in connections {
                if let Some(stream) = stream.upgrade() {
                    let _ = stream.shutdown(Shutdown::Both);
                }
                let _ = thread.join();
            }
        });
        ScriptServer { url, state, acceptor: Some(acceptor) }
    }

    /// Number of complete requests read so far.
    pub fn deliveries(&self) -> usize {
        self.state.deliveries.load(Ordering::SeqCst)
    }

    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Every complete request as received, oldest first.
    pub fn requests(&self) -> Vec<String> {
        self.state.requests.lock().unwrap().clone()
    }

    /// Asserts the number of connections and of deliveries.
    ///
    /// A client whose timeout ended may be gone before the server has accepted its connection and
    /// read its request, so this first waits for what is missing.
    #[track_caller]
    pub fn assert_received(&self, connections: usize, deliveries: usize) {
        let until = Instant::now() + LIMIT;
        while (self.connections() < connections || self.deliveries() < deliveries)
            && Instant::now() < until
        {
            thread::sleep(POLL);
        }
        assert_eq!((self.connections(), self.deliveries()), (connections, deliveries));
    }

    /// Waits until the client has closed this many connections that are at [`Step::Wait`].
    pub fn wait_until_closed(&self, count: usize) {
        wait_until("the client closes", || {
            self.state.closed_by_client.load(Ordering::SeqCst) >= count
        });
    }
}

impl Drop for ScriptServer {
    fn drop(&mut self) {
        self.state.is_stopping.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
        let _ = self.acceptor.take().unwrap().join();
    }
}

/// Pause between two checks of a condition.
const POLL: Duration = Duration::from_millis(1);

/// Waits for a condition, for at most [`LIMIT`].
#[track_caller]
pub fn wait_until(what: &str, is_met: impl Fn() -> bool) {
    let until = Instant::now() + LIMIT;
    while !is_met() {
        assert!(Instant::now() < until, "waited in vain until {what}");
        thread::sleep(POLL);
    }
}

fn run(mut stream: &TcpStream, script: Vec<Step>, state: &State) {
    let _ = stream.set_read_timeout(Some(LIMIT));
    let _ = stream.set_write_timeout(Some(LIMIT));
    let _ = stream.set_nodelay(true);
    for step in script {
        let is_open = match step {
            Step::Read => {
                let request = tls::read_request(&mut stream);
                let is_whole = request.is_some();
                let request = request.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                state.requests.lock().unwrap().extend(request);
                state.deliveries.fetch_add(usize::from(is_whole), Ordering::SeqCst);
                is_whole
            }
            Step::ReadBytes(count) => stream.read(&mut vec![0; count]).is_ok(),
            Step::Send(bytes) => stream.write_all(&bytes).is_ok(),
            Step::Drip(bytes, pause) => bytes.iter().all(|byte| {
                thread::sleep(pause);
                stream.write_all(&[*byte]).is_ok()
            }),
            Step::Flood(bytes, times) => (0..times).all(|_| stream.write_all(&bytes).is_ok()),
            Step::Wait => {
                while matches!(stream.read(&mut [0; 4096]), Ok(1..)) {}
                state.closed_by_client.fetch_add(1, Ordering::SeqCst);
                true
            }
            Step::HalfClose => stream.shutdown(Shutdown::Write).is_ok(),
            Step::Close => stream.shutdown(Shutdown::Both).is_ok(),
            Step::Reset => {
                let linger = Some(Duration::ZERO);
                socket2::SockRef::from(stream).set_linger(linger).unwrap();
                return;
            }
            Step::Do(meanwhile) => {
                meanwhile();
                true
            }
        };
        if !is_open {
            return;
        }
    }
}

/// The URL of a port on which no server listens. The socket keeps the port reserved.
pub fn closed_port() -> (socket2::Socket, String) {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.bind(&"127.0.0.1:0".parse::<SocketAddr>().unwrap().into()).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    (socket, format!("http://{address}"))
}

/// An address that accepts no connection: its backlog stays full while the second value is kept.
#[cfg(target_os = "linux")]
pub fn black_hole() -> (SocketAddr, (socket2::Socket, Vec<TcpStream>)) {
    black_hole_at("127.0.0.1:0".parse().unwrap())
}

/// The same at a given address.
#[cfg(target_os = "linux")]
pub fn black_hole_at(address: SocketAddr) -> (SocketAddr, (socket2::Socket, Vec<TcpStream>)) {
    let domain = socket2::Domain::for_address(address);
    let socket = socket2::Socket::new(domain, socket2::Type::STREAM, None).unwrap();
    socket.bind(&address.into()).unwrap();
    socket.listen(0).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    let fill = || TcpStream::connect_timeout(&address, Duration::from_millis(100));
    let filling: Vec<_> = (0..16).map_while(|_| fill().ok()).collect();
    assert!(filling.len() < 16, "the backlog does not fill up");
    (address, (socket, filling))
}

/// A configuration with [`TOKEN`] and without retries, so that each failure shows.
///
/// Its times are so long that a slow machine does not exceed them.
pub fn config(url: &str) -> Config {
    config_with_token(url, TOKEN)
}

/// The same with another token.
pub fn config_with_token(url: &str, token: &str) -> Config {
    let mut config = Config::new(url, token).unwrap();
    config.set_timeout(LIMIT).unwrap();
    config.set_connect_timeout(LIMIT).unwrap();
    config.set_trigger_max_idle(LIMIT).unwrap();
    config.set_read_max_idle(LIMIT).unwrap();
    config.set_retries(false);
    config
}

pub fn request() -> TriggerRequest {
    let mut request = TriggerRequest::for_ism("reset_password", 4021, "100-1").unwrap();
    request.set_variable("userName", "jdoe").unwrap();
    request
}

/// A client that trusts only this CA.
pub fn trusting(url: &str, ca_pem: &str) -> Client {
    Client::with_config(config(url).set_ca_pem(ca_pem).unwrap()).unwrap()
}

pub fn trigger(client: &Client) -> Result<Trigger, Error> {
    client.trigger_workflow(&request())
}

#[track_caller]
pub fn assert_accepted(client: &Client) {
    let trigger = trigger(client).unwrap_or_else(|error| panic!("{error}"));
    assert!(numbered_ids().any(|id| id == trigger.trigger_id()), "{trigger}");
}

/// The error of a trigger that must fail.
pub fn failure(client: &Client) -> Error {
    let error = trigger(client).expect_err("a failure");
    println!("{error}");
    assert!(!error.message().contains(TOKEN));
    error
}

pub fn https(port: u16) -> String {
    format!("https://127.0.0.1:{port}")
}

/// The response that accepts a trigger.
pub fn ok() -> Vec<u8> {
    response("200 OK", SUCCESS)
}

/// Replaces the trigger id of a response, unless `number` is 0. No two responses on a connection
/// may have the same.
pub fn numbered(response: impl AsRef<[u8]>, number: usize) -> Vec<u8> {
    let id = numbered_ids().nth(number).unwrap();
    String::from_utf8_lossy(response.as_ref()).replace(TRIGGER_ID, &id).into_bytes()
}

/// Starts a server that reads one request of each connection, responds, and closes after `linger`
/// without saying so. `respond` gets the number of the connection. Returns the URL.
pub fn closing_server(
    linger: Duration,
    respond: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let respond = Arc::new(respond);
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let respond = respond.clone();
            thread::spawn(move || {
                let mut stream = stream.unwrap();
                if tls::read_request(&mut stream).is_some() {
                    let _ = stream.write_all(&respond(number));
                    thread::sleep(linger);
                }
            });
        }
    });
    url
}

fn numbered_ids() -> impl Iterator<Item = String> {
    let numbered = |number| format!("{}{number:04x}", &TRIGGER_ID[..TRIGGER_ID.len() - 4]);
    [TRIGGER_ID.to_owned()].into_iter().chain((1..=0xFFF).map(numbered))
}

/// A response with a Content-Length.
pub fn response(status: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

pub const TOKEN: &str = "eyJhbGciOiJub25lIn0.c2VjcmV0LXRva2Vu.c2lnbmF0dXJl";

pub const SUCCESS: &str = include_str!("../fixtures/trigger-success.json");
pub const VALIDATION_ERROR: &str = include_str!("../fixtures/trigger-validation-error.json");
pub const TRIGGER_ID: &str = "0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55";
