//! Limits the requests per time, as a gateway in production does.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A number of requests in each window of time. A window starts with its first request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// The requests that are accepted in one window.
    pub requests: u32,
    /// The length of a window. In virtual time it ends when the time was advanced that far.
    pub window: Duration,
}

/// Counts the requests of the current window.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    limit: RateLimit,
    window: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    end_ms: u64,
    requests: u32,
}

impl RateLimiter {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self { limit, window: Mutex::default() }
    }

    /// Counts a request. If it exceeds the limit, returns the seconds until the window ends.
    pub(crate) fn count(&self, now_ms: u64) -> Result<(), u64> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if now_ms >= window.end_ms {
            let length = u64::try_from(self.limit.window.as_millis()).unwrap_or(u64::MAX);
            *window = Window { end_ms: now_ms.saturating_add(length), requests: 0 };
        }
        if window.requests >= self.limit.requests {
            return Err((window.end_ms - now_ms).div_ceil(1000));
        }
        window.requests += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_accepts_the_number_of_requests_and_then_none_until_it_ends() {
        let window = Duration::from_millis(2500);
        let limiter = RateLimiter::new(RateLimit { requests: 2, window });
        for (now, expected) in [
            (10_000, Ok(())),
            (10_001, Ok(())),
            (10_001, Err(3)),
            (11_500, Err(1)),
            (12_499, Err(1)),
            (12_500, Ok(())),
            (12_501, Ok(())),
            (12_502, Err(3)),
        ] {
            assert_eq!(limiter.count(now), expected, "{now}");
        }
    }
}
