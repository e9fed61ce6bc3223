// Included in each copy of the canceller.

use shuttle::thread;

pub(crate) fn a_call_ends_when_its_client_is_closed() {
    let root = Arc::<Canceller>::default();
    let other = root.clone();
    let call = thread::spawn(move || {
        let scope = other.scope();
        let token = scope.token();
        assert!(!token.sleep(Duration::MAX));
    });
    root.close();
    call.join().unwrap();
}

/// The cancellation of a scope shuts down only what its calls use.
pub(crate) fn a_returned_connection_is_not_shut_down() {
    let scope = Arc::<Canceller>::default().scope();
    let socket = Arc::<TcpStream>::default();
    let (of_call, used) = (scope.clone(), socket.clone());
    let call = thread::spawn(move || {
        let token = of_call.token();
        token.claim(&used) && token.release(&used)
    });
    scope.cancel();
    let is_returned = call.join().unwrap();
    assert!(!(is_returned && socket.is_shut_down()));
}

/// A connection that is returned to the pool is used only in the generation of the root in which it
/// was opened. Then nothing shuts it down; else it is closed.
pub(crate) fn a_pooled_connection_is_open_in_its_generation() {
    let root = Arc::<Canceller>::default();
    let scope = root.scope();
    let socket = Arc::<TcpStream>::default();
    let opened = socket.clone();
    let call = thread::spawn(move || {
        let token = scope.token();
        let generation = token.register(&opened)?;
        token.release(&opened).then_some(generation)
    });
    root.cancel();
    if let Some(generation) = call.join().unwrap() {
        assert_eq!(root.has_cancelled(generation), socket.is_shut_down());
    }
}

pub(crate) fn a_drain_waits_for_each_call_that_it_does_not_refuse() {
    let root = Arc::<Canceller>::default();
    let scope = root.scope();
    let is_drained = Arc::new(AtomicU64::new(0));
    let drained = is_drained.clone();
    let call = thread::spawn(move || {
        let call = scope.begin(false);
        if !call.token().is_cancelled() {
            assert_eq!(drained.load(Ordering::SeqCst), 0);
        }
    });
    assert_eq!(root.drain(Duration::MAX), Ok(()));
    is_drained.store(1, Ordering::SeqCst);
    call.join().unwrap();
    assert_eq!(root.active.load(Ordering::SeqCst), DRAINING.into());
}

/// The parent had three calls in progress at the fork.
pub(crate) fn a_drain_waits_only_for_calls_of_its_process() {
    let root = Arc::<Canceller>::default();
    root.active.store(1 << 32 | 3, Ordering::SeqCst);
    let is_drained = Arc::new(AtomicU64::new(0));
    let (of_call, drained) = (root.clone(), is_drained.clone());
    let call = thread::spawn(move || {
        let call = of_call.begin(false);
        if !call.token().is_cancelled() {
            assert_eq!(drained.load(Ordering::SeqCst), 0);
        }
    });
    assert_eq!(root.drain(Duration::MAX), Ok(()));
    is_drained.store(1, Ordering::SeqCst);
    call.join().unwrap();
    assert!(!root.has_active());
}

pub(crate) fn calls_that_begin_together_after_a_fork_are_all_counted() {
    let root = Arc::<Canceller>::default();
    root.active.store(1 << 32 | 3, Ordering::SeqCst);
    let calls = [(); 2].map(|()| {
        let root = root.clone();
        thread::spawn(move || std::mem::forget(root.begin(false)))
    });
    for call in calls {
        call.join().unwrap();
    }
    assert_eq!(root.active.load(Ordering::SeqCst), 2);
}

pub(crate) fn a_notified_thread_checks_its_condition() {
    let root = Arc::<Canceller>::default();
    let scope = root.scope();
    let is_met = Arc::new(AtomicU64::new(0));
    let met = is_met.clone();
    let call = thread::spawn(move || {
        scope.token().wait_while(None, || met.load(Ordering::SeqCst) == 0);
    });
    is_met.store(1, Ordering::SeqCst);
    root.notify();
    call.join().unwrap();
}

pub(crate) fn a_scope_may_be_dropped_while_its_parent_is_cancelled() {
    let root = Arc::<Canceller>::default();
    let scope = root.scope();
    let below = scope.scope();
    let first = thread::spawn(move || drop(scope));
    let second = thread::spawn(move || drop(below));
    root.cancel();
    first.join().unwrap();
    second.join().unwrap();
    assert!(root.lock().scopes.is_empty());
}
