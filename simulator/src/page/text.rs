//! Times, durations, numbers and values as text for people.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use crate::tokens::Tokens;

/// Longer values are cut, so that a page stays usable.
const MAX_CHARS: usize = 2000;

/// Shorter tokens are not searched for: they are words that appear by chance.
const MIN_TOKEN_LENGTH: usize = 6;

/// Shown in place of a value that a workflow declares as a secret.
pub(super) const SECRET: &str = "(secret)";

/// A date and time in UTC, from milliseconds since the Unix epoch.
pub(super) struct Timestamp(pub(super) u64);

impl Timestamp {
    /// In the form of the `datetime` attribute.
    pub(super) fn machine_readable(&self) -> String {
        self.format('T', "Z")
    }

    fn format(&self, separator: char, zone: &str) -> String {
        let (seconds, ms) = (self.0 / 1000, self.0 % 1000);
        let (year, month, day) = date(seconds / 86_400);
        let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        format!(
            "{year:04}-{month:02}-{day:02}{separator}{hour:02}:{minute:02}:{second:02}.{ms:03}{zone}"
        )
    }
}

impl Display for Timestamp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.format(' ', " UTC"))
    }
}

/// Year, month and day of a day since the Unix epoch, in the Gregorian calendar. Years begin in
/// March here, so that the leap day is the last day: see Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms".
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (400 * era + year_of_era + u64::from(month <= 2), month, day)
}

/// A duration in milliseconds, in the two largest units.
pub(super) struct Milliseconds(pub(super) u64);

impl Display for Milliseconds {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let ms = self.0;
        let (seconds, minutes, hours) = (ms / 1000, ms / 60_000, ms / 3_600_000);
        match ms {
            0..1000 => write!(f, "{ms} ms"),
            1000..60_000 => write!(f, "{seconds}.{} s", ms % 1000 / 100),
            60_000..3_600_000 => write!(f, "{minutes} min {} s", seconds % 60),
            3_600_000..86_400_000 => write!(f, "{hours} h {} min", minutes % 60),
            _ => write!(f, "{} d {} h", hours / 24, hours % 24),
        }
    }
}

/// A number with separators: 60,000.
pub(super) struct Count(pub(super) u64);

impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (position, digit) in digits.chars().enumerate() {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// A caller's text as a page shows it: without the access tokens, and not too long.
pub(super) fn from_caller(text: &str, tokens: &Tokens) -> String {
    let tenant = tokens.tenant();
    let mut shown = text.to_owned();
    for token in [tokens.super_admin(), &tenant] {
        if token.len() >= MIN_TOKEN_LENGTH && shown.contains(token) {
            shown = shown.replace(token, "(access token)");
        }
    }
    if let Some((end, _)) = shown.char_indices().nth(MAX_CHARS) {
        let total = shown.chars().count();
        shown.truncate(end);
        shown.push_str(&format!("… (the first {MAX_CHARS} of {total} characters)"));
    }
    shown
}

/// A JSON value: strings without quotes.
pub(super) fn value(value: &Value, tokens: &Tokens) -> String {
    match value {
        Value::String(text) => from_caller(text, tokens),
        other => from_caller(&other.to_string(), tokens),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_dates_in_the_gregorian_calendar() {
        // Compared with `date --utc --date=@SECONDS`.
        for (ms, expected) in [
            (0, "1970-01-01 00:00:00.000 UTC"),
            (951_782_399_999, "2000-02-28 23:59:59.999 UTC"),
            (951_782_400_000, "2000-02-29 00:00:00.000 UTC"),
            (951_868_800_000, "2000-03-01 00:00:00.000 UTC"),
            (1_700_000_000_000, "2023-11-14 22:13:20.000 UTC"),
            (1_735_689_599_001, "2024-12-31 23:59:59.001 UTC"),
            (4_107_542_400_000, "2100-03-01 00:00:00.000 UTC"),
        ] {
            assert_eq!(Timestamp(ms).to_string(), expected);
        }
        let machine_readable = Timestamp(1_700_000_000_000).machine_readable();
        assert_eq!(machine_readable, "2023-11-14T22:13:20.000Z");
        // The end of virtual time.
        assert!(Timestamp(i64::MAX as u64).to_string().starts_with("292278994-08-17"));
    }

    #[test]
    fn durations_have_two_units() {
        for (ms, expected) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1000, "1.0 s"),
            (59_999, "59.9 s"),
            (60_000, "1 min 0 s"),
            (3_599_999, "59 min 59 s"),
            (3_600_000, "1 h 0 min"),
            (86_399_999, "23 h 59 min"),
            (90_000_000, "1 d 1 h"),
        ] {
            assert_eq!(Milliseconds(ms).to_string(), expected);
        }
    }

    #[test]
    fn counts_have_separators() {
        for (count, expected) in [(0, "0"), (999, "999"), (1000, "1,000"), (60_000, "60,000")] {
            assert_eq!(Count(count).to_string(), expected);
        }
    }

    #[test]
    fn access_tokens_are_not_shown() {
        let tokens = Tokens::new("tenant-token".to_owned(), "a".to_owned()).unwrap();
        assert_eq!(from_caller("a tenant-token.", &tokens), "a (access token).");
    }

    #[test]
    fn long_text_is_cut() {
        let tokens = Tokens::new("tenant-token".to_owned(), "a".to_owned()).unwrap();
        let text = "ä".repeat(MAX_CHARS);
        assert_eq!(from_caller(&text, &tokens), text);
        let cut = from_caller(&format!("{text}ä"), &tokens);
        assert_eq!(cut, format!("{text}… (the first 2000 of 2001 characters)"));
    }
}
