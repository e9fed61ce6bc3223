//! A clock for tests whose sleep advances the simulator's virtual time.

use std::cell::Cell;
use std::time::{Duration, Instant};

use luma_simulator::Simulator;

use crate::wait::Clock;

pub(crate) struct SimulatedClock<'a> {
    simulator: &'a Simulator,
    start: Instant,
    passed: Cell<Duration>,
}

impl<'a> SimulatedClock<'a> {
    pub(crate) fn new(simulator: &'a Simulator, start: Instant) -> Self {
        SimulatedClock { simulator, start, passed: Cell::default() }
    }

    /// Returns the time since the start.
    pub(crate) fn passed(&self) -> Duration {
        self.passed.get()
    }
}

impl Clock for SimulatedClock<'_> {
    fn now(&self) -> Instant {
        self.start + self.passed.get()
    }

    fn sleep(&self, duration: Duration) {
        // The simulator counts in milliseconds.
        let milliseconds = duration.as_nanos().div_ceil(1_000_000);
        let duration = Duration::from_millis(milliseconds as u64);
        self.simulator.advance(duration).unwrap();
        self.passed.set(self.passed.get() + duration);
    }
}
