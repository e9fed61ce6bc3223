//! Requests that are prepared once and sent many times.

use std::fmt;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};

use super::base_url::BaseUrl;
use super::http1::{InvalidRequest, RequestHead, RequestHeadTemplate};

/// A request without its token and its body.
pub(crate) struct PreparedRequest {
    pub(super) head: RequestHead,
    /// The header lines that are written around ureq.
    pub(super) fixed_headers: Arc<str>,
}

/// The parts that all requests of a client share.
pub(super) struct RequestTemplate {
    head: RequestHeadTemplate,
    get_headers: Arc<str>,
    gzip_get_headers: Arc<str>,
    post_headers: Arc<str>,
}

impl RequestTemplate {
    pub(super) fn new(base_url: &BaseUrl, user_agent: &str) -> Result<Self, Error> {
        let user_agent = format!("User-Agent: {user_agent}\r\n");
        Ok(RequestTemplate {
            head: RequestHeadTemplate::new(base_url).map_err(internal)?,
            gzip_get_headers: [&user_agent, "Accept-Encoding: gzip\r\n"].concat().into(),
            post_headers: [&user_agent, "Content-Type: application/json\r\n"].concat().into(),
            get_headers: user_agent.into(),
        })
    }

    pub(super) fn get(&self, path: &str, accepts_gzip: bool) -> Result<PreparedRequest, Error> {
        let headers = if accepts_gzip { &self.gzip_get_headers } else { &self.get_headers };
        Ok(PreparedRequest {
            head: self.head.get(path).map_err(internal)?,
            fixed_headers: headers.clone(),
        })
    }

    pub(super) fn post(&self, path: &str) -> Result<PreparedRequest, Error> {
        Ok(PreparedRequest {
            head: self.head.post(path).map_err(internal)?,
            fixed_headers: self.post_headers.clone(),
        })
    }
}

/// Base URLs and paths are checked beforehand, so an error here is a bug in this library.
fn internal(error: InvalidRequest) -> Error {
    Error::local(ErrorKind::Internal, error.to_string())
}

/// Method and path, for logs.
impl fmt::Display for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.head.fmt(f)
    }
}
