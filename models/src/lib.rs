//! Runs the canceller of the library in every order in which its threads can take turns.
//!
//! `build.rs` copies the code, which itself stays plain, and makes it use the locks of [shuttle].
//! `models.rs` has what must hold in every order. A waiting thread that nobody wakes is a deadlock,
//! which shuttle reports, because time stands still.

#![cfg(test)]

mod fork {
    pub(crate) const FORKED: &str = "";

    pub(crate) fn process() -> u64 {
        0
    }
}

/// Nothing panics on purpose here.
mod panic_points {
    pub(crate) fn pass(_: &str) {}
}

mod sys {
    pub(crate) fn thread_id() -> u64 {
        0
    }
}

mod net {
    pub(crate) use std::net::Shutdown;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// A socket that only remembers whether it was shut down.
    #[derive(Default)]
    pub(crate) struct TcpStream(AtomicBool);

    impl TcpStream {
        pub(crate) fn shutdown(&self, _: Shutdown) -> std::io::Result<()> {
            self.0.store(true, Ordering::SeqCst);
            Ok(())
        }

        pub(crate) fn is_shut_down(&self) -> bool {
            self.0.load(Ordering::SeqCst)
        }
    }
}

macro_rules! copies {
    ($($name:ident)+) => {
        $(#[allow(dead_code, reason = "a model uses only a part")]
        mod $name {
            include!(concat!(env!("OUT_DIR"), "/", stringify!($name), ".rs"));
            include!("models.rs");
        })+
    };
}

copies! {
    as_it_is without_waking released_although_cancelled woken_without_the_lock
    generation_before_registering never_refused lost_after_a_fork
}

/// No model has more orders.
const MAX_ORDERS: usize = 2_000_000;

/// Runs a model in every order of its steps.
fn run(name: &str, model: fn()) {
    let scheduler = shuttle::scheduler::DfsScheduler::new(Some(MAX_ORDERS), false);
    let orders = shuttle::Runner::new(scheduler, shuttle::Config::new()).run(model);
    println!("{name}: {orders} orders");
    assert!(orders < MAX_ORDERS, "{name} was not searched completely");
}

fn finds(name: &str, model: fn()) {
    assert!(std::panic::catch_unwind(|| run(name, model)).is_err(), "{name} is not found");
}

#[test]
fn the_canceller_is_right_in_every_order() {
    run("a call ends", as_it_is::a_call_ends_when_its_client_is_closed);
    run("a returned connection", as_it_is::a_returned_connection_is_not_shut_down);
    run("a pooled connection", as_it_is::a_pooled_connection_is_open_in_its_generation);
    run("a drain", as_it_is::a_drain_waits_for_each_call_that_it_does_not_refuse);
    run("a drain after a fork", as_it_is::a_drain_waits_only_for_calls_of_its_process);
    run("after a fork", as_it_is::calls_that_begin_together_after_a_fork_are_all_counted);
    run("a condition", as_it_is::a_notified_thread_checks_its_condition);
    run("a scope", as_it_is::a_scope_may_be_dropped_while_its_parent_is_cancelled);
}

#[test]
fn every_mistake_is_found() {
    finds("without waking", without_waking::a_call_ends_when_its_client_is_closed);
    finds(
        "released although cancelled",
        released_although_cancelled::a_returned_connection_is_not_shut_down,
    );
    finds(
        "generation before registering",
        generation_before_registering::a_pooled_connection_is_open_in_its_generation,
    );
    finds(
        "woken without the lock",
        woken_without_the_lock::a_drain_waits_for_each_call_that_it_does_not_refuse,
    );
    finds("never refused", never_refused::a_drain_waits_for_each_call_that_it_does_not_refuse);
    finds(
        "lost after a fork",
        lost_after_a_fork::calls_that_begin_together_after_a_fork_are_all_counted,
    );
}
