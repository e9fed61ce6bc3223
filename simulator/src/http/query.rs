//! Percent-encoding, and the parameters of a query.

/// The decoded value of the first parameter of this name.
pub(crate) fn value(query: &str, name: &str) -> Option<String> {
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .find(|(given, _)| *given == name)
        .map(|(_, value)| decoded(&value.replace('+', " ")))
}

/// Undoes percent-encoding; what is not well encoded is left as it is.
pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let (byte, after) = match (first, tail) {
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, after),
                _ => (b'%', tail),
            },
            _ => (*first, tail),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_decoded() {
        let query = "top=1&workflowIdentifier=a%2Fb+c%&filter=a==b%2B&x";
        assert_eq!(value(query, "workflowIdentifier").as_deref(), Some("a/b c%"));
        assert_eq!(value(query, "filter").as_deref(), Some("a==b+"));
        assert_eq!(value(query, "x").as_deref(), Some(""));
        assert_eq!(value(query, "y"), None);
    }

    #[test]
    fn a_plus_is_a_blank_in_queries_only() {
        assert_eq!(decoded("a+b%2b%zz%e4%"), "a+b+%zz\u{fffd}%");
    }
}
