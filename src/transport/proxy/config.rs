//! The proxy setting of a client.

use super::url::Proxy;

#[derive(Debug, Clone)]
pub(crate) enum ProxyConfig {
    /// The environment's proxy, or else the system's.
    System,
    Direct,
    Through(Proxy),
}

impl ProxyConfig {
    /// # Errors
    ///
    /// As [`Proxy::parse`].
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        match text {
            "direct" => return Ok(ProxyConfig::Direct),
            "" => return Err("is empty; write direct to use no proxy"),
            _ if text.eq_ignore_ascii_case("direct") => {
                return Err("must be written direct, in lower case, to use no proxy");
            }
            _ => {}
        }
        Proxy::parse(text).map(ProxyConfig::Through)
    }

    /// True if the caller has set a proxy.
    pub(crate) fn is_set(&self) -> bool {
        matches!(self, ProxyConfig::Through(_))
    }
}
