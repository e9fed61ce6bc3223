//! Launch-in-context URL (`POST /gateway/api/v1/launchincontexturl/generate`): a run as a picture.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::json::Json;
use crate::limits::{MAX_URL_BYTES, is_visible_ascii};
use crate::outcome::Payload;
use crate::response::Response;

use super::endpoint::{self, Endpoint, Phrases, RawData, RetrySafety};
use super::id::Id;

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

/// The request as the gateway reads it.
pub(crate) fn encode(trigger_id: &Id<'_>) -> Result<Vec<u8>, Error> {
    let request = LaunchRequest {
        launch_context: "WORKFLOW_EXECUTION_STATUS",
        context_info: ContextInfo { trigger_id: trigger_id.text() },
    };
    serde_json::to_vec(&request)
        .map_err(|error| Error::local(ErrorKind::Internal, error.to_string()))
}

/// A URL that shows a run to whoever has it: it holds a temporary access key. It is wiped from
/// memory when it is dropped, and its text and `Debug` form do not show it.
#[derive(Debug, Clone)]
pub struct LaunchUrl {
    pub(crate) url: SecretString,
    pub(crate) response: Response,
}

impl LaunchUrl {
    /// The URL, http or https, for a browser. It is a secret.
    pub fn url(&self) -> &str {
        self.url.expose_secret()
    }

    /// The whole response, with `[secret]` in place of the URL.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl fmt::Display for LaunchUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a launch URL was generated")
    }
}

/// The endpoint, as far as its response is concerned.
pub(crate) struct LaunchUrlEndpoint;

impl Endpoint for LaunchUrlEndpoint {
    type Data<'a> = RawData<'a>;
    type Found = SecretString;
    const RETRY_SAFETY: RetrySafety = RetrySafety::UnlessSent;
    const PHRASES: Phrases = Phrases {
        wanted: "an http or https URL",
        if_rejected: "no URL was generated",
        if_unknown: "a URL may have been generated that nobody knows",
    };
    const SECRET: Option<&'static str> = Some("/resultData");

    fn find(data: Option<&RawData<'_>>, _: &[u8], _: &str) -> Payload<SecretString> {
        let Some(text) = endpoint::json(data).and_then(Json::as_text) else {
            return Payload::Absent;
        };
        let text = Zeroizing::new(text.into_owned());
        // The vendor's own sample has a leading blank.
        match text.trim() {
            "" => Payload::Absent,
            url if is_web_url(url) => Payload::Present(url.into()),
            _ => Payload::Unusable,
        }
    }
}

/// Whether a browser may be sent there: http or https, a host, and only what a URL is written in.
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
    fn only_the_web_is_launched() {
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
    fn the_request_is_the_vendors() {
        let id = Id::trigger("0b6f6f5e").unwrap();
        let body = String::from_utf8(encode(&id).unwrap()).unwrap();
        assert_eq!(
            body,
            r#"{"launchContext":"WORKFLOW_EXECUTION_STATUS","contextInfo":{"triggerId":"0b6f6f5e"}}"#
        );
    }
}
