//! Launch-in-context URL (`POST /gateway/api/v1/launchincontexturl/generate`): a page that shows a
//! run.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::limits::{MAX_URL_BYTES, is_visible_ascii};
use crate::redact::CallTexts;
use crate::response::Response;
use crate::seen::{Hash, Seen};

use super::endpoint::{self, Endpoint, Extracted, Phrases, RawData, RetrySafety, Unusable};
use super::id::Id;
use super::token_evidence;

pub(crate) const PATH: &str = "/gateway/api/v1/launchincontexturl/generate";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LaunchRequest<'a> {
    launch_context: &'a str,
    context_info: ContextInfo<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContextInfo<'a> {
    trigger_id: &'a str,
}

/// Encodes the request body.
pub(crate) fn encode(trigger_id: &Id<'_>) -> Result<Vec<u8>, Error> {
    let request = LaunchRequest {
        launch_context: "WORKFLOW_EXECUTION_STATUS",
        context_info: ContextInfo { trigger_id: trigger_id.text() },
    };
    serde_json::to_vec(&request)
        .map_err(|error| Error::local(ErrorKind::Internal, error.to_string()))
}

/// A URL of a page that shows a run. It contains a temporary access key, so whoever has it can open
/// it: `Display` and `Debug` do not show it, and it is wiped from memory when dropped.
///
/// Since 0.1.0.
#[derive(Debug, Clone)]
pub struct LaunchUrl {
    pub(crate) url: SecretString,
    pub(crate) response: Response,
}

impl LaunchUrl {
    /// Returns the `http` or `https` URL for a browser. It is a secret: do not log it.
    pub fn url(&self) -> &str {
        self.url.expose_secret()
    }

    /// Returns the whole response, with `[secret]` in place of the URL.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl fmt::Display for LaunchUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a launch URL was generated")
    }
}

pub(crate) struct LaunchUrlEndpoint;

impl Endpoint for LaunchUrlEndpoint {
    type Data<'a> = RawData<'a>;
    type Value = SecretString;
    const RETRY_SAFETY: RetrySafety = RetrySafety::UnlessSent;
    const PHRASES: Phrases = Phrases {
        value: "an http or https URL",
        if_rejected: "no URL was generated",
        if_unknown: "an unknown URL may have been generated",
    };
    const SECRET: Option<&'static str> = Some("/resultData");

    fn extract(data: Option<&RawData<'_>>, _: &[u8], _: &str) -> Extracted<SecretString> {
        let Some(data) = endpoint::json(data) else { return Ok(None) };
        let Some(text) = data.as_text() else {
            // The URL may be in an object or an array.
            let has_url = ["://", r":\/\/"].iter().any(|separator| data.raw().contains(separator));
            return if has_url { Err(Unusable) } else { Ok(None) };
        };
        let text = Zeroizing::new(text.into_owned());
        // The vendor's own sample has a leading space.
        match text.trim() {
            "" => Ok(None),
            url if is_web_url(url) => Ok(Some(url.into())),
            _ => Err(Unusable),
        }
    }

    fn recognize(data: Option<&RawData<'_>>, asked: &str, seen: &mut Seen) -> Option<&'static str> {
        seen.check_launch_url(asked, || Some(Hash::of(endpoint::json(data)?.raw())))
    }

    fn may_contain_value(body: &[u8], texts: &CallTexts<'_>) -> bool {
        token_evidence::may_contain_access_key(body, texts)
    }
}

/// True if a URL is safe to open in a browser: `http` or `https`, with a host, and made of
/// characters that URLs consist of.
fn is_web_url(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let has_host = rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '[');
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"))
        && has_host
        && url.len() <= MAX_URL_BYTES
        && is_visible_ascii(url)
        // Quotes and angle brackets end a string or a tag in HTML; browsers read a backslash as a
        // slash.
        && !url.contains(['"', '\'', '<', '>', '\\', '`'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_and_https_urls_are_accepted() {
        for url in ["https://a.example/x?accessKey=1", "HTTP://127.0.0.1:8080/", "https://[::1]/"] {
            assert!(is_web_url(url), "{url}");
        }
        for url in [
            "javascript:alert(1)",
            "javascript://a/%0aalert(1)",
            "file:///etc/passwd",
            "ftp://a/",
            "https:/a",
            "https://",
            "https:///a",
            "https://?a",
            "//a/b",
            "https://a/\n",
            "https://a/b c",
            "https://a/\"onload=\"x",
            "https://a\\@b/",
            "https://ä/",
        ] {
            assert!(!is_web_url(url), "{url}");
        }
        assert!(!is_web_url(&format!("https://a/{}", "b".repeat(MAX_URL_BYTES))));
    }

    #[test]
    fn a_url_in_an_unexpected_place_is_unusable() {
        for (data, expected) in [
            (r#"{"url":"https://a/"}"#, Err(Unusable)),
            (r#"["http:\/\/a"]"#, Err(Unusable)),
            (r#"{"executionConfig":{"identifier":"a"}}"#, Ok(false)),
            ("null", Ok(false)),
            ("7", Ok(false)),
            (r#"" https://a/""#, Ok(true)),
        ] {
            let data = serde_json::from_str(data).unwrap();
            let extracted = LaunchUrlEndpoint::extract(Some(&data), b"", "");
            assert_eq!(extracted.map(|url| url.is_some()), expected);
        }
    }

    #[test]
    fn the_request_matches_the_vendors_sample() {
        let id = Id::trigger("0b6f6f5e").unwrap();
        let body = String::from_utf8(encode(&id).unwrap()).unwrap();
        assert_eq!(
            body,
            r#"{"launchContext":"WORKFLOW_EXECUTION_STATUS","contextInfo":{"triggerId":"0b6f6f5e"}}"#
        );
    }
}
