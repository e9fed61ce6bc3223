//! The open connections: limits their number, and shuts them down when the simulator stops.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// Further connections wait in the system's backlog until an open one is closed.
const MAX_OPEN: usize = 256;

/// Every open connection of one simulator.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    stopping: bool,
    accepted: u64,
    /// Weak references and no duplicated descriptors: a connection can only be reset by closing its
    /// last descriptor, so the serving thread must own the only one.
    open: HashMap<u64, Weak<TcpStream>>,
}

/// One registered connection. Dropping it frees its slot.
#[derive(Debug)]
pub(crate) struct Slot {
    connections: Arc<Connections>,
    number: u64,
}

impl Connections {
    /// Blocks until another connection may be opened. Returns false if the simulator is stopping.
    pub(crate) fn wait_for_slot(&self) -> bool {
        let mut inner = self.lock();
        while !inner.stopping && inner.open.len() >= MAX_OPEN {
            inner = self.changed.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
        !inner.stopping
    }

    /// Registers an accepted connection. Returns `None` if the simulator is stopping.
    pub(crate) fn register(connections: &Arc<Self>, stream: &Arc<TcpStream>) -> Option<Slot> {
        let mut inner = connections.lock();
        if inner.stopping {
            return None;
        }
        inner.accepted += 1;
        let number = inner.accepted;
        inner.open.insert(number, Arc::downgrade(stream));
        Some(Slot { connections: Arc::clone(connections), number })
    }

    /// Refuses new connections and shuts down the open ones, which wakes their threads.
    pub(crate) fn stop(&self) {
        let mut inner = self.lock();
        inner.stopping = true;
        for stream in inner.open.values().filter_map(Weak::upgrade) {
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.changed.notify_all();
    }

    /// Blocks until no connection is open, or for `timeout`.
    pub(crate) fn wait_until_all_closed(&self, timeout: Duration) {
        let deadline = Instant::now() + timeout;
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

impl Slot {
    /// The connection's number, counted from 1 in the order of acceptance.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Sleeps, or returns early if the simulator is stopping.
    pub(crate) fn sleep(&self, time: Duration) {
        let deadline = Instant::now() + time;
        let mut inner = self.connections.lock();
        while !inner.stopping {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let changed = &self.connections.changed;
            inner = changed.wait_timeout(inner, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// True if the simulator is stopping. For loops that a shutdown of the socket does not end.
    pub(crate) fn is_stopping(&self) -> bool {
        self.connections.lock().stopping
    }
}

impl Drop for Slot {
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
    fn a_dropped_slot_can_be_used_again() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = Arc::new(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
        let connections = Arc::new(Connections::default());
        let mut slots = Vec::new();
        for _ in 0..MAX_OPEN {
            assert!(connections.wait_for_slot());
            slots.push(Connections::register(&connections, &stream).unwrap());
        }

        let waiting = {
            let connections = Arc::clone(&connections);
            thread::spawn(move || connections.wait_for_slot())
        };
        thread::sleep(Duration::from_millis(50));
        assert!(!waiting.is_finished());
        slots.pop();
        assert!(waiting.join().unwrap());

        connections.stop();
        assert!(!connections.wait_for_slot());
        assert!(Connections::register(&connections, &stream).is_none());
    }
}
