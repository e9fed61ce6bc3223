//! Servers between the program and the gateway: one that misbehaves, proxies, and the end of TLS.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::support::LIMIT;
use crate::support::tls::read_request;

/// How long a relay waits for bytes before it checks whether its connection is over.
const POLL: Duration = Duration::from_millis(50);

/// A listener with one thread per connection. Dropping it ends the listener; a connection ends when
/// one of its sides closes.
pub struct Server {
    pub port: u16,
    is_stopping: Arc<AtomicBool>,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    /// `serve` gets the number of the connection, too.
    fn start(serve: impl Fn(TcpStream, u64) -> io::Result<()> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let is_stopping = Arc::new(AtomicBool::new(false));
        let (serve, is_over) = (Arc::new(serve), is_stopping.clone());
        let acceptor = thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let serve = serve.clone();
                thread::spawn(move || {
                    let _ = stream.set_nodelay(true);
                    let _ = stream.set_read_timeout(Some(LIMIT));
                    let _ = stream.set_write_timeout(Some(LIMIT));
                    serve(stream, number as u64)
                });
            }
        });
        Server { port, is_stopping, acceptor: Some(acceptor) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        let _ = self.acceptor.take().unwrap().join();
    }
}

/// What happens to one direction of a connection after some bytes.
#[derive(Clone, Copy)]
enum Fault {
    Delay(Duration),
    Cut,
    Reset,
    /// Ends this direction; the other one goes on.
    HalfClose,
    /// Passes nothing on any more, in this direction.
    Stall,
}

/// Relays to a port. Some connections are disturbed after some bytes of one direction: which, when
/// and how follows from the seed and the number of the connection.
pub fn misbehaving(port: u16, seed: u64) -> Server {
    Server::start(move |client, number| {
        let mut random = fastrand::Rng::with_seed(seed << 32 | number);
        let server = TcpStream::connect(("127.0.0.1", port))?;
        server.set_nodelay(true)?;
        let fault = match random.u8(..20) {
            0..2 => Some(Fault::Cut),
            2..4 => Some(Fault::Reset),
            4..6 => Some(Fault::HalfClose),
            6 => Some(Fault::Stall),
            7..10 => Some(Fault::Delay(Duration::from_millis(random.u64(..400)))),
            _ => None,
        };
        // As many faults in the first bytes as in later requests of the connection.
        let magnitude = random.u8(1..14);
        let after = random.usize(..1 << magnitude);
        let is_up = random.bool();
        let piece = random.choice([1, 7, 100, 4096, 4096, 4096]).unwrap();
        let at = |applies: bool| fault.filter(|_| applies).map(|fault| (after, fault));
        relay(client, server, [at(is_up), at(!is_up)], piece);
        Ok(())
    })
}

/// Relays until both directions have ended.
fn relay(client: TcpStream, server: TcpStream, faults: [Option<(usize, Fault)>; 2], piece: usize) {
    let (client, server) = (Arc::new(client), Arc::new(server));
    let is_over = Arc::new(AtomicBool::new(false));
    let up = {
        let (client, server, is_over) = (client.clone(), server.clone(), is_over.clone());
        thread::spawn(move || pump(&client, &server, faults[0], piece, &is_over))
    };
    pump(&server, &client, faults[1], piece, &is_over);
    let _ = up.join();
}

/// Relays one direction. At a reset, the last reference that is dropped closes the sockets.
fn pump(
    mut from: &TcpStream,
    mut to: &TcpStream,
    mut fault: Option<(usize, Fault)>,
    piece: usize,
    is_over: &AtomicBool,
) {
    let _ = from.set_read_timeout(Some(POLL));
    let mut buffer = vec![0; piece];
    let mut is_passed_on = true;
    let mut passed = 0;
    while !is_over.load(Ordering::SeqCst) {
        let amount = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(amount) => amount,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                continue;
            }
            Err(_) => break,
        };
        let mut bytes = &buffer[..amount];
        if let Some((after, what)) = fault.filter(|(after, _)| passed + amount > *after) {
            fault = None;
            let (before, rest) = bytes.split_at(after.saturating_sub(passed));
            let _ = to.write_all(before);
            passed += before.len();
            bytes = rest;
            match what {
                Fault::Delay(duration) => thread::sleep(duration),
                Fault::Cut => {
                    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
                    return;
                }
                Fault::Reset => {
                    for socket in [from, to] {
                        let _ = socket2::SockRef::from(socket).set_linger(Some(Duration::ZERO));
                    }
                    is_over.store(true, Ordering::SeqCst);
                    return;
                }
                Fault::HalfClose => {
                    let _ = to.shutdown(Shutdown::Write);
                    is_passed_on = false;
                }
                Fault::Stall => is_passed_on = false,
            }
        }
        if is_passed_on && to.write_all(bytes).is_err() {
            break;
        }
        passed += bytes.len();
    }
    let _ = to.shutdown(Shutdown::Write);
}

/// Relays without a fault.
fn tunnel(client: TcpStream, port: u16) -> io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", port))?;
    server.set_nodelay(true)?;
    relay(client, server, [None, None], 4096);
    Ok(())
}

/// An HTTP proxy that carries tunnels to ports on loopback.
pub fn connect_proxy() -> Server {
    Server::start(|mut client, _| {
        let request = read_request(&mut client).ok_or(ErrorKind::UnexpectedEof)?;
        let request = String::from_utf8_lossy(&request);
        let target = request.strip_prefix("CONNECT 127.0.0.1:").ok_or(ErrorKind::InvalidData)?;
        let port = target.split(' ').next().unwrap().parse().unwrap();
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
        tunnel(client, port)
    })
}

/// A SOCKS 5 proxy without a login, for IPv4.
pub fn socks_proxy() -> Server {
    Server::start(|mut client, _| {
        let mut methods = [0; 2];
        client.read_exact(&mut methods)?;
        client.read_exact(&mut vec![0; methods[1].into()])?;
        client.write_all(&[5, 0])?;
        let mut request = [0; 10];
        client.read_exact(&mut request)?;
        assert_eq!(request[..4], [5, 1, 0, 1]);
        client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0])?;
        tunnel(client, u16::from_be_bytes([request[8], request[9]]))
    })
}

/// Ends TLS, and passes complete requests and responses on.
pub fn tls_server(config: Arc<ServerConfig>, port: u16) -> Server {
    Server::start(move |client, _| {
        let session = ServerConnection::new(config.clone()).map_err(io::Error::other)?;
        let mut client = StreamOwned::new(session, client);
        let mut server = TcpStream::connect(("127.0.0.1", port))?;
        server.set_nodelay(true)?;
        while let Some(request) = read_request(&mut client) {
            server.write_all(&request)?;
            // A response ends like a request.
            let Some(response) = read_request(&mut server) else { break };
            client.write_all(&response)?;
        }
        client.conn.send_close_notify();
        client.flush()
    })
}
