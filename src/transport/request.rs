//! Requests that are prepared once and sent many times.

use std::fmt;

use crate::error::{Error, ErrorKind};
use crate::limits::is_visible_ascii;

use super::base_url::BaseUrl;

/// A request without its token, its id and its body.
pub(crate) struct PreparedRequest {
    /// The request line, and the headers that are always the same.
    pub(super) head: String,
}

/// The parts that all requests of a client share.
pub(super) struct RequestTemplate {
    path_prefix: String,
    get_headers: String,
    gzip_get_headers: String,
    post_headers: String,
}

impl RequestTemplate {
    pub(super) fn new(base_url: &BaseUrl, user_agent: &str) -> Self {
        let headers = format!("Host: {base_url}\r\nUser-Agent: {user_agent}\r\n");
        RequestTemplate {
            path_prefix: base_url.path_prefix.clone(),
            gzip_get_headers: [&headers, "Accept-Encoding: gzip\r\n"].concat(),
            post_headers: [&headers, "Content-Type: application/json\r\n"].concat(),
            get_headers: headers,
        }
    }

    pub(super) fn get(&self, path: &str, accepts_gzip: bool) -> Result<PreparedRequest, Error> {
        let headers = if accepts_gzip { &self.gzip_get_headers } else { &self.get_headers };
        self.request("GET ", path, headers)
    }

    pub(super) fn post(&self, path: &str) -> Result<PreparedRequest, Error> {
        self.request("POST ", path, &self.post_headers)
    }

    fn request(&self, method: &str, path: &str, headers: &str) -> Result<PreparedRequest, Error> {
        // Paths are encoded beforehand, so an error here is a bug in this library.
        if !is_visible_ascii(path) {
            let message = "a path contains a character that must be encoded";
            return Err(Error::local(ErrorKind::Internal, message));
        }
        let head = [method, &self.path_prefix, path, " HTTP/1.1\r\n", headers].concat();
        Ok(PreparedRequest { head })
    }
}

/// Method and path, for logs.
impl fmt::Display for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.head.split(" HTTP/1.1").next().unwrap_or_default())
    }
}
