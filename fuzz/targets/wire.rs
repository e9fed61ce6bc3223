//! A server on a loopback address, for everything that the library sends. It acts inside the
//! library's own system calls: before one that receives, and after one that connects or sends. So
//! its sockets are real, but it needs no thread, and the same input always has the same effect.
#![allow(dead_code, reason = "not every target uses all of it")]

use std::ffi::{c_char, c_int, c_void};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsRawFd, RawFd};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// What the server does on one connection.
pub trait Peer: Send {
    /// Acts on bytes that arrived; none yet when the connection is accepted.
    fn act(&mut self, received: &[u8]) -> Action;
}

#[derive(Default)]
pub struct Action {
    /// What the server sends.
    pub bytes: Vec<u8>,
    /// What it does afterwards.
    pub end: End,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum End {
    /// Keeps the connection open until the library waits for more.
    #[default]
    Wait,
    Close,
    Reset,
    /// Keeps the connection open for ever.
    Stall,
    /// The same, and reads no more.
    StopReading,
}

/// What a server sends, once, when a whole request has arrived.
pub struct Response {
    bytes: Vec<u8>,
    end: End,
    request: Vec<u8>,
}

impl Response {
    pub fn new(bytes: Vec<u8>, end: End) -> Self {
        Response { bytes, end, request: Vec::new() }
    }
}

impl Peer for Response {
    fn act(&mut self, received: &[u8]) -> Action {
        self.request.extend_from_slice(received);
        match request_length(&self.request) {
            None => Action::default(),
            Some(_) => Action { bytes: std::mem::take(&mut self.bytes), end: self.end },
        }
    }
}

/// Returns the length of an HTTP request, if it is complete.
pub fn request_length(request: &[u8]) -> Option<usize> {
    let end = request.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&request[..end]).unwrap().to_ascii_lowercase();
    let body = head.split("content-length: ").nth(1);
    let body = body.map_or(0, |rest| rest.split("\r\n").next().unwrap().parse().unwrap());
    (request.len() >= end + body).then_some(end + body)
}

/// What a server sends, message by message: one when the connection is accepted, and one whenever
/// something has arrived.
pub struct Messages(pub Vec<Vec<u8>>, pub End);

impl Peer for Messages {
    fn act(&mut self, _: &[u8]) -> Action {
        if self.0.is_empty() {
            return Action { bytes: Vec::new(), end: self.1 };
        }
        let bytes = self.0.remove(0);
        Action { bytes, end: if self.0.is_empty() { self.1 } else { End::Wait } }
    }
}

struct Server {
    listener: TcpListener,
    peers: Box<dyn FnMut() -> Box<dyn Peer> + Send>,
    connections: Vec<Connection>,
    /// What the library sent, on all connections.
    received: Vec<u8>,
    /// How many bytes of what the library sent the system has accepted.
    accepted: usize,
    /// How much the library receives with the next call, and with each later one.
    reads: (usize, usize),
    /// How much it sends with a call.
    sends: usize,
    is_small: bool,
}

struct Connection {
    stream: TcpStream,
    client: SocketAddr,
    peer: Box<dyn Peer>,
    output: Vec<u8>,
    end: End,
}

static SERVER: LazyLock<Mutex<Server>> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    Mutex::new(Server {
        listener,
        peers: Box::new(|| Box::new(Messages(Vec::new(), End::Close))),
        connections: Vec::new(),
        received: Vec::new(),
        accepted: 0,
        reads: (usize::MAX, usize::MAX),
        sends: usize::MAX,
        is_small: false,
    })
});

fn server() -> MutexGuard<'static, Server> {
    SERVER.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn port() -> u16 {
    server().listener.local_addr().unwrap().port()
}

/// Closes all connections, and serves later ones like this.
pub fn serve<P: Peer + 'static>(mut peers: impl FnMut() -> P + Send + 'static) {
    let mut server = server();
    server.step();
    server.connections.drain(..).for_each(reset);
    server.peers = Box::new(move || Box::new(peers()));
    server.received.clear();
    server.accepted = 0;
}

/// Limits how much the library receives and sends with one system call; 0 is no limit.
pub fn limit(first_read: usize, reads: usize, sends: usize) {
    let limit = |length| if length == 0 { usize::MAX } else { length };
    let mut server = server();
    server.reads = (limit(first_read), limit(reads));
    server.sends = limit(sends);
}

/// Makes the system's buffers of new connections as small as possible.
pub fn set_small_buffers(is_small: bool) {
    let mut server = server();
    server.is_small = is_small;
    let size = if is_small { 1 } else { 128 * 1024 };
    set_option(server.listener.as_raw_fd(), libc::SO_RCVBUF, &size);
}

/// Sends bytes on all open connections, without having been asked.
pub fn push(bytes: &[u8], end: End) {
    let mut server = server();
    server.step();
    for connection in &mut server.connections {
        connection.output.extend_from_slice(bytes);
        connection.end = end;
    }
    server.step();
}

/// Returns what has arrived since the last call of `serve` or `received`.
pub fn received() -> Vec<u8> {
    let mut server = server();
    server.step();
    std::mem::take(&mut server.received)
}

/// Returns how many bytes the system has accepted from the library since the last call of `serve`
/// or `accepted`.
pub fn accepted() -> usize {
    std::mem::take(&mut server().accepted)
}

/// Closes all connections, so that nothing of an input is left.
pub fn close() {
    let mut server = server();
    server.step();
    server.connections.drain(..).for_each(reset);
}

/// Returns how many connections are open, without those that are no longer read.
pub fn connections() -> usize {
    let mut server = server();
    server.step();
    server.connections.iter().filter(|connection| connection.end != End::StopReading).count()
}

impl Server {
    /// Accepts, reads and writes what can be without waiting.
    fn step(&mut self) {
        while let Ok((stream, client)) = self.listener.accept() {
            let mut peer = (self.peers)();
            let Action { bytes, end } = peer.act(&[]);
            self.connections.push(Connection { stream, client, peer, output: bytes, end });
        }
        for mut connection in std::mem::take(&mut self.connections) {
            let mut bytes = Vec::new();
            let is_open = connection.read(&mut bytes);
            self.received.extend_from_slice(&bytes);
            if !bytes.is_empty() {
                let Action { bytes, end } = connection.peer.act(&bytes);
                connection.output.extend(bytes);
                connection.end = end;
            }
            let is_written = connection.write();
            match connection.end {
                _ if !is_open => {}
                End::Close if is_written => {}
                End::Reset if is_written => reset(connection),
                _ => self.connections.push(connection),
            }
        }
    }

    /// Before a call that may wait for input: closes the connection if nothing will arrive.
    fn before_wait(&mut self, socket: RawFd) {
        self.step();
        if unread(socket) > 0 {
            return;
        }
        let local = local_address(socket);
        let is_idle = |connection: &Connection| {
            Some(connection.client) == local
                && connection.output.is_empty()
                && connection.end == End::Wait
        };
        self.connections.retain(|connection| !is_idle(connection));
    }
}

impl Connection {
    /// Reads what has arrived. Returns false if the library has closed the connection.
    fn read(&mut self, bytes: &mut Vec<u8>) -> bool {
        let mut buffer = [0; 8192];
        while self.end != End::StopReading {
            let flags = libc::MSG_DONTWAIT;
            // Not recv, which is replaced below.
            let amount = unsafe {
                let (fd, to) = (self.stream.as_raw_fd(), buffer.as_mut_ptr());
                libc::syscall(libc::SYS_recvfrom, fd, to, buffer.len(), flags, 0, 0)
            };
            match amount {
                0 => return false,
                1.. => bytes.extend_from_slice(&buffer[..amount as usize]),
                _ => return errno() == libc::EAGAIN,
            }
        }
        true
    }

    /// Writes what can be. Returns true if nothing is left.
    fn write(&mut self) -> bool {
        while !self.output.is_empty() {
            let flags = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
            let amount = unsafe {
                let (fd, from) = (self.stream.as_raw_fd(), self.output.as_ptr());
                libc::syscall(libc::SYS_sendto, fd, from, self.output.len(), flags, 0, 0)
            };
            match amount {
                0.. => drop(self.output.drain(..amount as usize)),
                _ if errno() == libc::EAGAIN => return false,
                _ => self.output.clear(),
            }
        }
        true
    }
}

/// Closes a connection with a reset.
fn reset(connection: Connection) {
    let linger = libc::linger { l_onoff: 1, l_linger: 0 };
    set_option(connection.stream.as_raw_fd(), libc::SO_LINGER, &linger);
}

fn set_option<T>(socket: RawFd, option: c_int, value: &T) {
    let (value, size) = (std::ptr::from_ref(value).cast(), size_of::<T>() as libc::socklen_t);
    let result = unsafe { libc::setsockopt(socket, libc::SOL_SOCKET, option, value, size) };
    assert_eq!(result, 0);
}

/// Returns how many bytes can be read without waiting.
fn unread(socket: RawFd) -> c_int {
    let mut amount = 0;
    unsafe { libc::ioctl(socket, libc::FIONREAD, &mut amount) };
    amount
}

fn local_address(socket: RawFd) -> Option<SocketAddr> {
    let mut address: libc::sockaddr_in = unsafe { std::mem::zeroed() };
    let mut size = size_of::<libc::sockaddr_in>() as libc::socklen_t;
    unsafe { libc::getsockname(socket, (&raw mut address).cast(), &mut size) };
    from_system(&address)
}

fn from_system(address: &libc::sockaddr_in) -> Option<SocketAddr> {
    let ip = u32::from_be(address.sin_addr.s_addr).to_be_bytes();
    let is_ipv4 = address.sin_family == libc::AF_INET as libc::sa_family_t;
    is_ipv4.then(|| (ip, u16::from_be(address.sin_port)).into())
}

fn errno() -> c_int {
    unsafe { *libc::__errno_location() }
}

fn set_errno(error: c_int) {
    unsafe { *libc::__errno_location() = error };
}

/// Connects to the server, and refuses every other address: nothing leaves this machine.
#[unsafe(no_mangle)]
unsafe extern "C" fn connect(
    socket: c_int,
    address: *const libc::sockaddr,
    length: libc::socklen_t,
) -> c_int {
    let mut server = server();
    let to = match length as usize >= size_of::<libc::sockaddr_in>() {
        true => from_system(unsafe { &*address.cast() }),
        false => None,
    };
    if to.is_none() || to != server.listener.local_addr().ok() {
        set_errno(libc::ECONNREFUSED);
        return -1;
    }
    if server.is_small {
        set_option(socket, libc::SO_SNDBUF, &1);
    }
    let result = unsafe { libc::syscall(libc::SYS_connect, socket, address, length) };
    let error = errno();
    server.step();
    set_errno(error);
    result as c_int
}

#[unsafe(no_mangle)]
unsafe extern "C" fn send(
    socket: c_int,
    from: *const c_void,
    length: usize,
    flags: c_int,
) -> isize {
    let mut server = server();
    let length = length.min(server.sends);
    let amount = unsafe { libc::syscall(libc::SYS_sendto, socket, from, length, flags, 0, 0) };
    let error = errno();
    server.accepted += usize::try_from(amount).unwrap_or_default();
    server.step();
    set_errno(error);
    amount as isize
}

#[unsafe(no_mangle)]
unsafe extern "C" fn recv(socket: c_int, to: *mut c_void, length: usize, flags: c_int) -> isize {
    let limit = {
        let mut server = server();
        if unread(socket) == 0 {
            server.before_wait(socket);
        }
        let (limit, later) = server.reads;
        server.reads.0 = later;
        limit
    };
    let length = length.min(limit);
    unsafe { libc::syscall(libc::SYS_recvfrom, socket, to, length, flags, 0, 0) as isize }
}

/// Knows no name.
#[unsafe(no_mangle)]
extern "C" fn getaddrinfo(
    _: *const c_char,
    _: *const c_char,
    _: *const libc::addrinfo,
    _: *mut *mut libc::addrinfo,
) -> c_int {
    libc::EAI_NONAME
}
