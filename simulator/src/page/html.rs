//! HTML that is safe by construction: markup is constant, and everything else is escaped.

use std::fmt::{self, Display, Write};

/// HTML that is being written.
pub(super) struct Html(String);

impl Html {
    pub(super) fn new() -> Self {
        Self(String::with_capacity(32 * 1024))
    }

    /// Appends markup.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Appends text: between tags, or in an attribute with quotes.
    pub(super) fn text(&mut self, text: impl Display) -> &mut Self {
        let _ = write!(Escaping(&mut self.0), "{text}");
        self
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

/// Escapes everything that is written to it.
struct Escaping<'a>(&'a mut String);

impl Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                '\n' | '\t' => self.0.push(c),
                // HTML has no control characters.
                c if c.is_control() => self.0.push(char::REPLACEMENT_CHARACTER),
                c => self.0.push(c),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_end_an_element_or_an_attribute() {
        let mut html = Html::new();
        html.raw("<p title=\"").text("\"'>").raw("\">").text("<b>\0&amp;\r\n").raw("</p>");
        assert_eq!(
            html.into_string(),
            "<p title=\"&quot;&#39;&gt;\">&lt;b&gt;\u{fffd}&amp;amp;\u{fffd}\n</p>"
        );
    }
}
