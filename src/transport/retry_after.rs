//! Reads `Retry-After`: seconds or a date (RFC 9110 section 10.2.3).

use std::time::{Duration, SystemTime};

/// The longest time that is reported, as long as the longest timeout.
const LONGEST: Duration = Duration::from_secs(86_400);

/// Returns how long to wait; `None` if the value is neither seconds nor a date. Longer times are
/// shortened to a day, also those that no integer holds.
pub(super) fn parse(value: &str) -> Option<Duration> {
    let duration = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        Duration::from_secs(value.parse().unwrap_or(u64::MAX))
    } else {
        let date = httpdate::parse_http_date(value).ok()?;
        date.duration_since(SystemTime::now()).unwrap_or_default()
    };
    Some(duration.min(LONGEST))
}
