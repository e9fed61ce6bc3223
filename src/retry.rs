//! Whether a request is sent again by itself, and after which pause.

use std::time::{Duration, SystemTime};

use crate::api::endpoint::Repeat;
use crate::error::{Error, ErrorKind, Outcome};

const FIRST_PAUSE: Duration = Duration::from_millis(800);
const MOST_OF_A_READ: u32 = 3;
const MOST_OF_AN_EFFECT: u32 = 2;

/// How long to pause before a request is sent again; none if it must not be, or in vain. `retries`
/// counts how often it was.
pub(crate) fn pause(repeat: Repeat, error: &Error, retries: u32) -> Option<Duration> {
    use ErrorKind::*;
    let is_worth_it = match (repeat, error.kind()) {
        (Repeat::Never, _) => false,
        // Of a fault of TLS, or a refusal of a proxy's, a person has to mend the cause: a password
        // that is tried again and again locks an account.
        (Repeat::UnlessSent, Dns | Connect | ConnectTimeout | ConnectionLost) => {
            error.outcome() == Outcome::NotSent && retries < MOST_OF_AN_EFFECT
        }
        (Repeat::Always, Dns | Connect | ConnectTimeout | ConnectionLost | ReplyTimeout)
        | (Repeat::Always, RateLimited | ServerFailed) => retries < MOST_OF_A_READ,
        _ => false,
    };
    let longest = FIRST_PAUSE * 2_u32.pow(retries);
    let pause = || longest.mul_f64(random().f64()).max(error.retry_after().unwrap_or_default());
    is_worth_it.then(pause)
}

/// Not `Rng::new`, which keeps a state for each thread of the host.
pub(crate) fn random() -> fastrand::Rng {
    let nanoseconds = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.subsec_nanos());
    fastrand::Rng::with_seed(nanoseconds.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ErrorKind as E;

    fn error(kind: ErrorKind, outcome: Outcome) -> Error {
        Error::new(kind, outcome, "failed")
    }

    /// How often a request that fails like this is sent again.
    fn retries(repeat: Repeat, kind: ErrorKind, outcome: Outcome) -> u32 {
        let error = error(kind, outcome);
        (0..).find(|retries| pause(repeat, &error, *retries).is_none()).unwrap()
    }

    #[test]
    fn a_trigger_is_sent_again_only_if_nothing_was_sent() {
        for kind in [E::Dns, E::Connect, E::ConnectTimeout, E::ConnectionLost] {
            assert_eq!(retries(Repeat::UnlessSent, kind, Outcome::NotSent), 2, "{kind:?}");
            for outcome in [Outcome::Unknown, Outcome::Rejected] {
                assert_eq!(retries(Repeat::UnlessSent, kind, outcome), 0, "{kind:?}");
            }
        }
        for kind in [E::Tls, E::ProxyFailed, E::Cancelled, E::BaseUrlSyntax, E::Internal] {
            assert_eq!(retries(Repeat::UnlessSent, kind, Outcome::NotSent), 0, "{kind:?}");
        }
        for kind in [E::RateLimited, E::ServerFailed, E::ReplyTimeout] {
            assert_eq!(retries(Repeat::UnlessSent, kind, Outcome::Rejected), 0, "{kind:?}");
        }
    }

    #[test]
    fn a_read_is_sent_again_if_that_may_help() {
        for kind in [
            E::Dns,
            E::Connect,
            E::ConnectTimeout,
            E::ConnectionLost,
            E::ReplyTimeout,
            E::RateLimited,
            E::ServerFailed,
        ] {
            assert_eq!(retries(Repeat::Always, kind, Outcome::Unknown), 3, "{kind:?}");
            assert_eq!(retries(Repeat::Never, kind, Outcome::NotSent), 0, "{kind:?}");
        }
        for kind in [E::Tls, E::ProxyFailed, E::Cancelled, E::NotFound, E::UnexpectedReply] {
            assert_eq!(retries(Repeat::Always, kind, Outcome::Unknown), 0, "{kind:?}");
        }
    }

    #[test]
    fn pauses_double_and_the_gateway_may_ask_for_more() {
        let failed = error(E::ServerFailed, Outcome::Unknown);
        for (retries, longest) in [(0, 800), (1, 1600), (2, 3200)] {
            for _ in 0..100 {
                let pause = pause(Repeat::Always, &failed, retries).unwrap();
                assert!(pause <= Duration::from_millis(longest), "{pause:?}");
            }
        }
        let asked = Duration::from_secs(7);
        let busy = failed.with_reply(503, Some(asked), vec![], None);
        assert_eq!(pause(Repeat::Always, &busy, 0), Some(asked));
    }
}
