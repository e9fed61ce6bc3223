//! Decides whether a request is retried, and after which pause.

use std::time::Duration;

use crate::api::endpoint::RetrySafety;
use crate::error::{Error, ErrorKind, Outcome};
use crate::random;

const FIRST_PAUSE: Duration = Duration::from_millis(800);
const MAX_READ_RETRIES: u32 = 3;
const MAX_EFFECT_RETRIES: u32 = 2;
/// A retry needs at least this much time, or it would only turn the error into a timeout.
const MIN_TIME: Duration = Duration::from_secs(1);

/// Returns how long to pause before a request is retried, or `None` if retrying is unsafe,
/// pointless or too late. `retries` is the number of retries so far, `left` the time until the
/// call's deadline. `is_first_response`: its connection had carried no other response.
pub(crate) fn pause(
    safety: RetrySafety,
    error: &Error,
    is_first_response: bool,
    retries: u32,
    left: Duration,
) -> Option<Duration> {
    use ErrorKind::*;
    let is_worth_it = match (safety, error.kind()) {
        // TLS errors and refusals by a proxy are not retried: a person has to fix the cause, and
        // retrying a wrong password locks the account.
        // REJECTED here means that an earlier attempt was refused, and nothing was sent since.
        (RetrySafety::UnlessSent, Dns | Connect | ConnectTimeout | ConnectionLost) => {
            matches!(error.outcome(), Outcome::NotSent | Outcome::Rejected)
                && retries < MAX_EFFECT_RETRIES
        }
        (RetrySafety::UnlessSent, RateLimited) => {
            proves_refusal(error, is_first_response) && retries < MAX_EFFECT_RETRIES
        }
        (
            RetrySafety::Always,
            Dns | Connect | ConnectTimeout | ConnectionLost | ResponseTimeout | RateLimited
            | ServerFailed,
        ) => retries < MAX_READ_RETRIES,
        // All others, and RetrySafety::Never.
        _ => false,
    };
    let longest = FIRST_PAUSE * 2_u32.pow(retries);
    let jittered = || longest.mul_f64(random::generator().f64());
    let pause = || jittered().max(error.retry_after().unwrap_or_default());
    is_worth_it.then(pause).filter(|pause| pause.saturating_add(MIN_TIME) <= left)
}

/// True if there is enough time for another attempt.
pub(crate) fn has_time(left: Duration) -> bool {
    left >= MIN_TIME
}

/// True if this error proves that a request with an effect had none, so that sending it again is
/// safe. On a reused connection, the response may be a copy of that to an earlier request.
pub(crate) fn proves_refusal(error: &Error, is_first_response: bool) -> bool {
    is_first_response && error.is_certain_refusal()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ErrorKind as E;

    const LONG: Duration = Duration::from_secs(60);

    fn error(kind: ErrorKind, outcome: Outcome) -> Error {
        Error::new(kind, outcome, "failed")
    }

    /// Counts the retries of a request that always fails like this.
    fn retries(safety: RetrySafety, kind: ErrorKind, outcome: Outcome) -> u32 {
        let error = error(kind, outcome);
        (0..)
            .find(|retries| pause(safety, &error, true, *retries, Duration::MAX).is_none())
            .unwrap()
    }

    #[test]
    fn a_trigger_is_retried_if_nothing_was_sent() {
        for kind in [E::Dns, E::Connect, E::ConnectTimeout, E::ConnectionLost] {
            assert_eq!(retries(RetrySafety::UnlessSent, kind, Outcome::NotSent), 2, "{kind:?}");
            // After an attempt that was refused.
            assert_eq!(retries(RetrySafety::UnlessSent, kind, Outcome::Rejected), 2, "{kind:?}");
            assert_eq!(retries(RetrySafety::UnlessSent, kind, Outcome::Unknown), 0, "{kind:?}");
        }
        for kind in [E::Tls, E::ProxyFailed, E::Cancelled, E::BaseUrlSyntax, E::Internal] {
            assert_eq!(retries(RetrySafety::UnlessSent, kind, Outcome::NotSent), 0, "{kind:?}");
        }
        for kind in [E::RateLimited, E::ServerFailed, E::ResponseTimeout] {
            assert_eq!(retries(RetrySafety::UnlessSent, kind, Outcome::Rejected), 0, "{kind:?}");
        }
    }

    #[test]
    fn a_trigger_is_retried_after_429_only_if_that_proves_that_nothing_runs() {
        for (outcome, has_no_effect, is_new, is_retried) in [
            (Outcome::Rejected, true, true, true),
            (Outcome::Rejected, true, false, false),
            (Outcome::Rejected, false, true, false),
            (Outcome::Unknown, true, true, false),
        ] {
            let busy = error(E::RateLimited, outcome)
                .with_response(429, Some(Duration::from_secs(3)), vec![], None)
                .with_no_effect(has_no_effect);
            let pause = |safety, retries| pause(safety, &busy, is_new, retries, LONG);
            let expected = is_retried.then_some(Duration::from_secs(3));
            assert_eq!(pause(RetrySafety::UnlessSent, 0), expected);
            assert_eq!(pause(RetrySafety::UnlessSent, 1), expected);
            assert_eq!(pause(RetrySafety::UnlessSent, 2), None);
            assert_eq!(pause(RetrySafety::Never, 0), None);
        }
    }

    #[test]
    fn a_read_is_retried_after_transient_errors() {
        for kind in [
            E::Dns,
            E::Connect,
            E::ConnectTimeout,
            E::ConnectionLost,
            E::ResponseTimeout,
            E::RateLimited,
            E::ServerFailed,
        ] {
            assert_eq!(retries(RetrySafety::Always, kind, Outcome::Unknown), 3, "{kind:?}");
            assert_eq!(retries(RetrySafety::Never, kind, Outcome::NotSent), 0, "{kind:?}");
        }
        for kind in [E::Tls, E::ProxyFailed, E::Cancelled, E::NotFound, E::UnexpectedResponse] {
            assert_eq!(retries(RetrySafety::Always, kind, Outcome::Unknown), 0, "{kind:?}");
        }
    }

    #[test]
    fn another_attempt_needs_a_second() {
        assert!(has_time(MIN_TIME) && !has_time(MIN_TIME - Duration::from_nanos(1)));
    }

    #[test]
    fn pauses_double_and_respect_retry_after() {
        let failed = error(E::ServerFailed, Outcome::Unknown);
        for (retries, longest) in [(0, 800), (1, 1600), (2, 3200)] {
            let longest = Duration::from_millis(longest);
            let pauses = (0..100)
                .map(|_| pause(RetrySafety::Always, &failed, false, retries, LONG).unwrap());
            let most = pauses.max().unwrap();
            assert!(most > longest / 2 && most <= longest, "{most:?}");
        }
        let asked = Duration::from_secs(7);
        let busy = failed.with_response(503, Some(asked), vec![], None);
        assert_eq!(pause(RetrySafety::Always, &busy, false, 0, LONG), Some(asked));
        assert_eq!(pause(RetrySafety::Always, &busy, false, 0, asked + MIN_TIME), Some(asked));
        assert_eq!(pause(RetrySafety::Always, &busy, false, 0, asked), None);
        let for_ever = busy.with_response(503, Some(Duration::MAX), vec![], None);
        assert_eq!(pause(RetrySafety::Always, &for_ever, false, 0, LONG), None);
    }
}
