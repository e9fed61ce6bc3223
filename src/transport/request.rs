//! The bytes of a request. Most of them are prepared once and sent many times.

use std::fmt;

use crate::call_info::RequestId;
use crate::error::{Error, ErrorKind};
use crate::limits::is_visible_ascii;

use super::base_url::BaseUrl;

/// A request without its token, its id and its body.
pub(crate) struct PreparedRequest {
    /// The request line, and the headers that are always the same.
    head: String,
}

impl PreparedRequest {
    /// Returns the bytes of a request, in parts. `auth_header` has complete lines; `length` is that
    /// of the body, in digits, and empty for a GET.
    pub(super) fn parts<'a>(
        &'a self,
        auth_header: &'a str,
        request_id: &'a RequestId,
        length: &'a str,
        body: &'a [u8],
    ) -> [&'a [u8]; 8] {
        let length_name = if length.is_empty() { "" } else { "\r\nContent-Length: " };
        [
            self.head.as_bytes(),
            auth_header.as_bytes(),
            b"X-Request-Id: ",
            request_id.as_bytes(),
            length_name.as_bytes(),
            length.as_bytes(),
            b"\r\n\r\n",
            body,
        ]
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_its_headers_once_and_a_length_only_with_a_body() {
        let base_url = BaseUrl::parse("https://[fd00::1]:8443/luma").unwrap();
        let template = RequestTemplate::new(&base_url, "Acme/1 libluma");
        let request_id = RequestId::given("ID").unwrap();
        let sent = |request: &PreparedRequest, length, body| {
            let parts = request.parts("Authorization: Bearer t\r\n", &request_id, length, body);
            String::from_utf8(parts.concat()).unwrap()
        };

        let get = template.get("/runs?top=1", true).unwrap();
        assert_eq!(
            sent(&get, "", b""),
            "GET /luma/runs?top=1 HTTP/1.1\r\nHost: [fd00::1]:8443\r\n\
             User-Agent: Acme/1 libluma\r\nAccept-Encoding: gzip\r\n\
             Authorization: Bearer t\r\nX-Request-Id: ID\r\n\r\n"
        );
        assert_eq!(get.to_string(), "GET /luma/runs?top=1");

        let post = template.post("/runs").unwrap();
        for (length, body) in [("2", "{}"), ("0", "")] {
            assert_eq!(
                sent(&post, length, body.as_bytes()),
                format!(
                    "POST /luma/runs HTTP/1.1\r\nHost: [fd00::1]:8443\r\n\
                     User-Agent: Acme/1 libluma\r\nContent-Type: application/json\r\n\
                     Authorization: Bearer t\r\nX-Request-Id: ID\r\n\
                     Content-Length: {length}\r\n\r\n{body}"
                )
            );
        }

        let error = template.post("/a b").map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal);
    }
}
