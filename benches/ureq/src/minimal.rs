//! ureq's minimal cost: the request is prepared, the connection is lent without a liveness check,
//! head and body are sent in one write, and of the response ureq sees only the one header that it
//! needs and the body. Nobody parses the body.

use std::ffi::{CStr, c_char};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, OnceLock};

use ureq::config::Config;
use ureq::http::{Request, Uri};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};
use ureq::{Agent, Error};

use crate::setting;

static CLIENT: OnceLock<Client> = OnceLock::new();

struct Client {
    agent: Agent,
    request: Request<()>,
    body: &'static str,
}

/// # Safety
///
/// `body` is a static C string.
#[unsafe(no_mangle)]
unsafe extern "C" fn minimal_open(body: *const c_char) {
    let body = unsafe { CStr::from_ptr(body) }.to_str().expect("UTF-8");
    CLIENT.get_or_init(|| {
        let config = Config::builder().accept("").accept_encoding("").user_agent("").proxy(None);
        let url = setting("BENCH_URL") + "/gateway/api/v1/workflow/trigger";
        let uri: Uri = url.parse().expect("BENCH_URL");
        let host = uri.authority().expect("BENCH_URL").as_str();
        let stream = TcpStream::connect(host).expect("a connection");
        stream.set_nodelay(true).expect("TCP_NODELAY");
        let token = setting("BENCH_TOKEN");
        let lines = format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n");
        let slot = Slot(Arc::new(Mutex::new(Some(Box::new(Connection::new(stream, lines))))));
        let request = Request::post(&uri).header("Host", host).header("Content-Length", body.len());
        let agent = Agent::with_parts(config.max_idle_connections(0).build(), slot, NoResolver);
        Client { agent, request: request.body(()).expect("a request"), body }
    });
}

#[unsafe(no_mangle)]
extern "C" fn minimal_trigger() {
    let Client { agent, request, body } = CLIENT.get().expect("opened");
    let mut response = agent.run(request.clone().map(|()| *body)).expect("response");
    let mut body = Vec::with_capacity(1024);
    response.body_mut().as_reader().read_to_end(&mut body).expect("body");
    assert!(!body.is_empty());
}

struct Connection {
    stream: TcpStream,
    /// Header lines that are sent without passing through ureq.
    lines: String,
    output: [u8; 4096],
    pending: usize,
    received: [u8; 8192],
    /// The response head that ureq sees instead of the received one.
    head: String,
    body_start: usize,
    input: [u8; 8192],
    unread: std::ops::Range<usize>,
}

impl Connection {
    fn new(stream: TcpStream, lines: String) -> Self {
        Connection {
            stream,
            lines,
            output: [0; 4096],
            pending: 0,
            received: [0; 8192],
            head: String::new(),
            body_start: 0,
            input: [0; 8192],
            unread: 0..0,
        }
    }

    fn exchange(&mut self) -> std::io::Result<()> {
        self.stream.write_all(&self.output[..std::mem::take(&mut self.pending)])?;
        let length = self.stream.read(&mut self.received)?;
        let received = &self.received[..length];
        assert!(received.starts_with(b"HTTP/1.1 200 "));
        // All responses are the same.
        if self.head.is_empty() {
            let blank_line = received.windows(4).position(|bytes| bytes == b"\r\n\r\n");
            self.body_start = blank_line.expect("a whole head") + 4;
            let body_length = length - self.body_start;
            self.head = format!("HTTP/1.1 200 OK\r\nContent-Length: {body_length}\r\n\r\n");
        }
        let (head, body) = (self.head.as_bytes(), &received[self.body_start..]);
        self.input[..head.len()].copy_from_slice(head);
        self.input[head.len()..][..body.len()].copy_from_slice(body);
        self.unread = 0..head.len() + body.len();
        Ok(())
    }
}

impl Buffers for Connection {
    fn output(&mut self) -> &mut [u8] {
        &mut self.output[self.pending..]
    }
    fn input(&self) -> &[u8] {
        &self.input[self.unread.clone()]
    }
    fn input_append_buf(&mut self) -> &mut [u8] {
        &mut []
    }
    fn input_appended(&mut self, _: usize) {}
    fn input_consume(&mut self, amount: usize) {
        self.unread.start += amount;
    }
    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        (&mut [], &mut self.output[self.pending..])
    }
    fn can_use_input(&self) -> bool {
        !self.unread.is_empty()
    }
}

#[derive(Clone)]
struct Slot(Arc<Mutex<Option<Box<Connection>>>>);

struct Loan(Option<Box<Connection>>, Slot);

impl Connector for Slot {
    type Out = Loan;

    fn connect(&self, _: &ConnectionDetails, _: Option<()>) -> Result<Option<Loan>, Error> {
        let connection = self.0.lock().expect("not poisoned").take();
        Ok(Some(Loan(connection, self.clone())))
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        *self.1.0.lock().expect("not poisoned") = self.0.take();
    }
}

impl Transport for Loan {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut **self.0.as_mut().expect("lent")
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
        let connection = self.0.as_mut().expect("lent");
        let is_head = connection.pending == 0;
        connection.pending += amount;
        if is_head {
            // Before the blank line.
            let Connection { lines, output, pending, .. } = &mut **connection;
            output[*pending - 2..][..lines.len()].copy_from_slice(lines.as_bytes());
            *pending += lines.len();
            output[*pending - 2..*pending].copy_from_slice(b"\r\n");
        }
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        self.0.as_mut().expect("lent").exchange()?;
        Ok(true)
    }

    fn is_open(&mut self) -> bool {
        false
    }
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Slot")
    }
}

impl std::fmt::Debug for Loan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Loan")
    }
}

#[derive(Debug)]
struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}
