//! What a call tells its caller: what is certain, and why it failed.

use std::fmt;
use std::time::Duration;

use crate::call_info::CallInfo;
use crate::response::Response;

/// What is certain about a call once it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The gateway took the request and named what was asked for: go on.
    Accepted,
    /// The gateway refused the request and did nothing, so a workflow that it was to trigger does
    /// not run: mend it.
    Rejected,
    /// Not one byte of the request was handed to the transport: sending again is safe.
    NotSent,
    /// The request, or part of it, went out and no trustworthy answer came back. A workflow that
    /// it was to trigger may be running: look before sending again. Also of a wait that ended before
    /// the run did.
    Unknown,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Outcome::Accepted => "ACCEPTED",
            Outcome::Rejected => "REJECTED",
            Outcome::NotSent => "NOT_SENT",
            Outcome::Unknown => "UNKNOWN",
        })
    }
}

/// Why a call failed. [`Error::outcome`] says what that means for the workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The base URL is no `scheme://host[:port][/path]`.
    BaseUrlSyntax,
    /// The base URL's scheme is missing or neither `https` nor `http`.
    BaseUrlScheme,
    /// The base URL holds a user name or password.
    BaseUrlUserInfo,
    /// The base URL's port is not 1 to 65535.
    BaseUrlPort,
    /// The base URL is `http://` to another host and that was not allowed.
    BaseUrlInsecure,
    /// The access token is empty, too long or holds a character other than visible ASCII.
    AccessToken,
    /// A timeout that was set is out of range.
    TimeoutRange,
    /// The response limit is out of range.
    MaxResponseBytes,
    /// The PEM text, or file, holds no usable CA certificate.
    CaPem,
    /// The file of CA certificates cannot be read.
    CaFile,
    /// There is no usable client certificate, or its file cannot be read.
    ClientCertificate,
    /// The private key is missing, encrypted, of another certificate or unusable, or its file
    /// cannot be read.
    ClientKey,
    /// The application id is no text for a User-Agent.
    ApplicationId,
    /// A limit on idle connections is out of range.
    MaxIdle,
    /// The number of idle connections is out of range.
    MaxIdleConnections,
    /// The proxy, as it was set or in the environment, is no
    /// `scheme://[user:password@]host[:port]`.
    Proxy,
    /// The workflow identifier is empty, too long or holds a control character.
    WorkflowIdentifier,
    /// A variable has no name.
    VariableName,
    /// The variables are no JSON object.
    Variables,
    /// A text is not JSON.
    Json,
    /// The initiator's contact id is no 64-bit integer.
    InitiatorContact,
    /// The initiator's application id is no 32-bit integer.
    InitiatorApplication,
    /// Application -2 (Luma/VSA) needs `initiationInfo.lumaChannelAccountId`.
    LumaChannelAccountId,
    /// Application -4 (ISM) needs `initiationInfo.ticketIdentifier`.
    TicketIdentifier,
    /// The initiation info has an empty key or is no JSON object.
    InitiationInfo,
    /// The request is larger than 16 MiB.
    RequestTooLarge,
    /// The trigger id is empty, longer than 128 bytes or holds what no id holds.
    TriggerId,
    /// The step id is empty, longer than 128 bytes or holds what no id holds.
    StepId,
    /// The tenant's external id is empty, longer than 128 bytes or holds what no id holds.
    TenantExternalId,
    /// The super-admin token is empty, too long or holds a character other than visible ASCII.
    SuperAdminToken,
    /// The filter of a list is longer than 1024 bytes or holds a control character.
    Filter,
    /// The order of a list is longer than 1024 bytes or holds a control character.
    OrderBy,
    /// The request id is empty, longer than 128 bytes or holds a character other than visible ASCII.
    RequestId,

    /// The host name could not be resolved.
    Dns,
    /// No connection could be opened.
    Connect,
    /// No connection was ready in time: within the connect timeout, or the timeout of the call.
    ConnectTimeout,
    /// TLS could not be set up: the certificate, the protocol or the trust store. Under TLS 1.3 also
    /// a server that ended the connection for want of a client certificate, or because of it: that
    /// comes when the request is under way.
    Tls,
    /// The proxy opened no tunnel to the gateway: it refused, wants another user or password, or
    /// does not speak what it is addressed by.
    ProxyFailed,
    /// No complete response within the timeout.
    ResponseTimeout,
    /// The connection ended before the response did.
    ConnectionLost,
    /// The response is not HTTP/1.1, or contradicts itself.
    InvalidHttp,
    /// The response, or a list of several, is larger than allowed.
    ResponseTooLarge,
    /// The call was cancelled, see [`Client::cancel`](crate::Client::cancel).
    Cancelled,
    /// The time of a wait is over and the run is not final.
    WaitTimeout,
    /// The caller ended a wait.
    WaitStopped,

    /// The gateway answered with a `DataValidationError`.
    ValidationFailed,
    /// 401: the token is wrong or no longer valid.
    Unauthorized,
    /// 403: the token does not allow this.
    Forbidden,
    /// 404: the gateway does not know what was asked for.
    NotFound,
    /// 429: too many requests, see [`Error::retry_after`].
    RateLimited,
    /// The gateway answered with another error.
    Refused,
    /// 3xx: the gateway pointed elsewhere; redirects are never followed.
    Redirected,
    /// 408 or 5xx: the gateway, or something in front of it, failed.
    ServerFailed,
    /// The response is not what the call is for: no envelope, or one without a trigger id, say.
    UnexpectedResponse,

    /// A fault of this library.
    Internal,
}

/// A call that did not end in [`Outcome::Accepted`].
///
/// Its text and its `Debug` form never hold the access token.
#[derive(Debug, Clone)]
pub struct Error(Box<Details>);

#[derive(Debug, Clone)]
struct Details {
    kind: ErrorKind,
    outcome: Outcome,
    message: String,
    http_status: Option<u16>,
    errors: Vec<String>,
    retry_after: Option<Duration>,
    response: Option<Response>,
    info: CallInfo,
}

impl Error {
    /// A refusal by this library, before anything was sent.
    pub(crate) fn local(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::new(kind, Outcome::NotSent, message)
    }

    pub(crate) fn new(kind: ErrorKind, outcome: Outcome, message: impl Into<String>) -> Self {
        Error(Box::new(Details {
            kind,
            outcome,
            message: message.into(),
            http_status: None,
            errors: Vec::new(),
            retry_after: None,
            response: None,
            info: CallInfo::default(),
        }))
    }

    /// As another fault, with what the gateway said in this one.
    pub(crate) fn recast(mut self, kind: ErrorKind, outcome: Outcome, message: String) -> Self {
        self.0.kind = kind;
        self.0.outcome = outcome;
        self.0.message = message;
        self
    }

    /// With words in front of its message.
    pub(crate) fn in_context(mut self, context: &str) -> Self {
        self.0.message = format!("{context}: {}", self.0.message);
        self
    }

    pub(crate) fn with_response(
        mut self,
        http_status: u16,
        retry_after: Option<Duration>,
        errors: Vec<String>,
        response: Option<Response>,
    ) -> Self {
        self.0.http_status = Some(http_status);
        self.0.retry_after = retry_after;
        self.0.errors = errors;
        self.0.response = response;
        self
    }

    pub(crate) fn with_info(mut self, info: CallInfo) -> Self {
        self.0.info = info;
        self
    }

    /// Why the call failed.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What is certain about the request.
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// One line for a person or a log, the same as `Display`.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The response's HTTP status, if there was a response.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The gateway's `errors`, one sentence each, the first 1000 of them; an element that is no string
    /// is given as JSON.
    pub fn errors(&self) -> &[String] {
        &self.0.errors
    }

    /// How long the gateway asks to wait (`Retry-After`, RFC 9110 section 10.2.3).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How the call went.
    pub fn info(&self) -> &CallInfo {
        &self.0.info
    }

    /// The response's JSON, if its body was JSON.
    pub fn response(&self) -> Option<&Response> {
        self.0.response.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}
