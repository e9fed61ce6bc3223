//! The bytes of a connection, plain or over TLS.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection};

/// The server's end of a TCP connection. The first read makes the TLS handshake.
pub(crate) struct Stream {
    tcp: Arc<TcpStream>,
    tls: Option<RefCell<ServerConnection>>,
}

impl Stream {
    pub(super) fn new(tcp: Arc<TcpStream>, tls: Option<Arc<ServerConfig>>) -> io::Result<Self> {
        let session = tls.map(ServerConnection::new).transpose().map_err(io::Error::other)?;
        Ok(Self { tcp, tls: session.map(RefCell::new) })
    }

    pub(super) fn is_tls(&self) -> bool {
        self.tls.is_some()
    }

    pub(super) fn tcp(&self) -> &TcpStream {
        &self.tcp
    }

    /// Sends the end of the stream. The client may go on sending.
    pub(super) fn close_writing(&self) {
        if let Some(session) = &self.tls {
            let mut session = session.borrow_mut();
            session.send_close_notify();
            let _ = session.write_tls(&mut &*self.tcp);
        }
        let _ = self.tcp.shutdown(Shutdown::Write);
    }

    /// Makes dropping the connection reset it.
    pub(super) fn reset_on_close(&self) {
        let _ = socket2::SockRef::from(&*self.tcp).set_linger(Some(Duration::ZERO));
    }
}

impl Read for &Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.tls {
            Some(session) => {
                rustls::Stream::new(&mut *session.borrow_mut(), &mut &*self.tcp).read(buffer)
            }
            None => (&*self.tcp).read(buffer),
        }
    }
}

impl Write for &Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &self.tls {
            Some(session) => {
                rustls::Stream::new(&mut *session.borrow_mut(), &mut &*self.tcp).write(bytes)
            }
            None => (&*self.tcp).write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &self.tls {
            Some(session) => {
                rustls::Stream::new(&mut *session.borrow_mut(), &mut &*self.tcp).flush()
            }
            None => Ok(()),
        }
    }
}
