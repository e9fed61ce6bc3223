//! The connections that are open: how many there may be, and how they are all ended.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// Further connections wait in the system's backlog until one of these is closed.
const MOST_AT_ONCE: usize = 256;

/// Every open connection of one simulator.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    stopping: bool,
    admitted: u64,
    /// Weak, and no duplicated descriptor: a reset needs the serving thread to hold the only one.
    open: HashMap<u64, Weak<TcpStream>>,
}

/// A connection's place among the open ones, given back on drop.
#[derive(Debug)]
pub(crate) struct Place {
    connections: Arc<Connections>,
    number: u64,
}

impl Connections {
    /// Blocks until another connection may be opened; false when the simulator stops.
    pub(crate) fn wait_for_room(&self) -> bool {
        let mut inner = self.lock();
        while !inner.stopping && inner.open.len() >= MOST_AT_ONCE {
            inner = self.changed.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
        !inner.stopping
    }

    /// Registers a connection, the first being number 1; `None` when the simulator stops.
    pub(crate) fn admit(connections: &Arc<Self>, stream: &Arc<TcpStream>) -> Option<Place> {
        let mut inner = connections.lock();
        if inner.stopping {
            return None;
        }
        inner.admitted += 1;
        let number = inner.admitted;
        inner.open.insert(number, Arc::downgrade(stream));
        Some(Place { connections: Arc::clone(connections), number })
    }

    /// Admits nothing more and shuts every connection down, which wakes the threads that read from them.
    pub(crate) fn stop(&self) {
        let mut inner = self.lock();
        inner.stopping = true;
        for stream in inner.open.values().filter_map(Weak::upgrade) {
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.changed.notify_all();
    }

    /// Blocks until no connection is open, at most for `patience`.
    pub(crate) fn wait_until_none(&self, patience: Duration) {
        let deadline = Instant::now() + patience;
        let mut inner = self.lock();
        while !inner.open.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            inner =
                self.changed.wait_timeout(inner, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// The connection's number, counted from 1 in the order of acceptance.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Whether the simulator stops, for whoever does not wait on the socket.
    pub(crate) fn is_stopping(&self) -> bool {
        self.connections.lock().stopping
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.lock().open.remove(&self.number);
        self.connections.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    #[test]
    fn there_is_room_again_when_a_place_is_given_back() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = Arc::new(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
        let connections = Arc::new(Connections::default());
        let mut places = Vec::new();
        for _ in 0..MOST_AT_ONCE {
            assert!(connections.wait_for_room());
            places.push(Connections::admit(&connections, &stream).unwrap());
        }

        let waiting = {
            let connections = Arc::clone(&connections);
            thread::spawn(move || connections.wait_for_room())
        };
        thread::sleep(Duration::from_millis(50));
        assert!(!waiting.is_finished());
        places.pop();
        assert!(waiting.join().unwrap());

        connections.stop();
        assert!(!connections.wait_for_room());
        assert!(Connections::admit(&connections, &stream).is_none());
    }
}
