//! The outcome of a call, and the error of a call that failed.

use std::fmt;
use std::time::Duration;

use crate::call_info::CallInfo;
use crate::memory::{self, OutOfMemory};
use crate::response::Response;

/// The outcome of a call: what is certain about its effect.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The gateway accepted the request, and the response contains the value that was asked for.
    Accepted,
    /// The gateway refused the request and did nothing: after a trigger, nothing runs. Fix the
    /// request.
    Rejected,
    /// Not one byte of the request was sent: retrying is safe.
    NotSent,
    /// The request, or a part of it, was sent and no conclusive response was received. After a
    /// trigger, the workflow may be running: check before you retry. Also the outcome of a wait
    /// that ended before the run did.
    Unknown,
}

impl Outcome {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Outcome::Accepted => "ACCEPTED",
            Outcome::Rejected => "REJECTED",
            Outcome::NotSent => "NOT_SENT",
            Outcome::Unknown => "UNKNOWN",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The reason why a call failed. [`Error::outcome`] states what is certain about its effect.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    // Mistakes in arguments and settings; `is_mistake` relies on the order.
    /// The base URL does not have the form `scheme://host[:port][/path]`.
    BaseUrlSyntax,
    /// The base URL's scheme is missing or neither `https` nor `http`.
    BaseUrlScheme,
    /// The base URL contains a user name or password.
    BaseUrlUserInfo,
    /// The base URL's port is not 1 to 65535.
    BaseUrlPort,
    /// The base URL is `http://` to a host other than loopback, or through a proxy, which was not
    /// allowed.
    BaseUrlInsecure,
    /// The access token is empty, longer than 8 KiB, contains anything but visible ASCII, or starts
    /// with a quotation mark, `Bearer ` or the name of a header.
    AccessToken,
    /// A timeout is out of range.
    TimeoutRange,
    /// The limit for responses is out of range.
    MaxResponseBytes,
    /// The PEM text, or file, contains no usable CA certificate.
    CaPem,
    /// The file of CA certificates cannot be read.
    CaFile,
    /// The client certificate is missing or unusable, or its file cannot be read.
    ClientCertificate,
    /// The private key is missing, encrypted or unusable, belongs to another certificate, or its
    /// file cannot be read.
    ClientKey,
    /// The application id is not valid in a User-Agent.
    ApplicationId,
    /// A header to add has an invalid name or value, or the library sets it itself.
    Header,
    /// The log file cannot be opened.
    LogFile,
    /// A limit for the idle time of connections is out of range.
    MaxIdle,
    /// The limit for the number of idle connections is out of range.
    MaxIdleConnections,
    /// The proxy, as set or as found in the environment, does not have the form
    /// `scheme://[user:password@]host[:port]`.
    Proxy,
    /// The workflow identifier is empty, longer than 1024 bytes or contains a control character.
    WorkflowIdentifier,
    /// The name of a variable is empty.
    VariableName,
    /// The variables are not a JSON object.
    Variables,
    /// An argument is not valid JSON.
    Json,
    /// The initiator's contact id is not a 64-bit integer.
    InitiatorContact,
    /// The initiator's application id is not a 32-bit integer, or is swapped with the contact's id.
    InitiatorApplication,
    /// `initiationInfo.lumaChannelAccountId` is missing, which application -2 (Luma/VSA) requires.
    LumaChannelAccountId,
    /// `initiationInfo.ticketIdentifier` is missing, which application -4 (ISM) requires.
    TicketIdentifier,
    /// The initiation info is not a JSON object, or has an empty key.
    InitiationInfo,
    /// The request is larger than 16 MiB.
    RequestTooLarge,
    /// The trigger id is blank, longer than 1024 bytes, or contains a slash, a dot segment or an
    /// invisible character. Surrounding blanks are ignored.
    TriggerId,
    /// The step id is blank, longer than 1024 bytes, or contains a slash, a dot segment or an
    /// invisible character. Surrounding blanks are ignored.
    StepId,
    /// The tenant's external id is blank, longer than 1024 bytes, or contains a slash, a dot
    /// segment or an invisible character. Surrounding blanks are ignored.
    TenantExternalId,
    /// The super-admin token is not a token, as for [`ErrorKind::AccessToken`].
    SuperAdminToken,
    /// The filter of a list is longer than 1024 bytes or contains a control character.
    Filter,
    /// The order of a list is longer than 1024 bytes or contains a control character.
    OrderBy,
    /// The request id is empty, longer than 128 bytes or contains anything but visible ASCII.
    RequestId,
    /// There is no configuration file: not at the given path, or not at any default path, and the
    /// environment has no settings either.
    ConfigFileMissing,
    /// The configuration file cannot be read: the system refuses it, it is not a regular file, or
    /// it is larger than 1 MiB.
    ConfigFileUnreadable,
    /// The content of the configuration file is wrong: it is not JSON in UTF-8, or a key is
    /// unknown, repeated, of the wrong type, or contradicts another.
    ConfigFile,
    /// The configuration file lacks the profile, or none was selected and its top level has no
    /// base URL.
    Profile,
    /// Other users can read a file with a secret in it, or change the configuration file.
    FilePermissions,
    /// The token file cannot be read, or the token command failed or took too long.
    TokenSource,
    /// The `LUMA_` variables of the environment contradict each other, or one of them is empty or
    /// invalid.
    Environment,

    // Transport and time.
    /// The host name could not be resolved.
    Dns,
    /// No connection could be established.
    Connect,
    /// No connection was ready within the connect timeout or the timeout of the call.
    ConnectTimeout,
    /// TLS failed: because of the certificate, the protocol or the trust store. With TLS 1.3, a
    /// server that requires a client certificate, or rejects the one it got, reports this only
    /// after the request was sent.
    Tls,
    /// The proxy did not open a tunnel to the gateway: it refused, did not accept the user name and
    /// password, or does not speak the protocol of its URL.
    ProxyFailed,
    /// No complete response was received within the timeout.
    ResponseTimeout,
    /// The connection ended before the response was complete, or the server sent something before
    /// the request.
    ConnectionLost,
    /// The response is not valid HTTP/1.1.
    InvalidHttp,
    /// The response, or the list that was fetched in several pages, is larger than allowed.
    ResponseTooLarge,
    /// The call was cancelled, see [`Client::cancel`](crate::Client::cancel),
    /// [`Client::close`](crate::Client::close) and [`Client::drain`](crate::Client::drain).
    Cancelled,
    /// The timeout of a wait ended before the run did.
    WaitTimeout,
    /// The callback of a wait stopped it.
    WaitStopped,
    /// The limit of polls per second of a set of waits is out of range.
    MaxPollsPerSecond,
    /// The run is in the set of waits already.
    AlreadyInSet,
    /// The run is not in the set of waits.
    NotInSet,
    /// No run of a set of waits changed within the timeout.
    NothingChanged,
    /// [`WaitSet::wake`](crate::WaitSet::wake) ended the call.
    Woken,
    /// The set of waits is empty.
    SetEmpty,
    /// The set of waits was closed.
    SetClosed,
    /// The wait has not ended: the run goes on. See [`OpenWait`](crate::OpenWait).
    WaitOpen,
    /// The function would wait for the call in whose callback it was called. See
    /// [`Client::drain`](crate::Client::drain).
    InCallback,
    /// A list is incomplete: a page after the first one failed, or the list has more than 10,000
    /// elements or 16 MiB. [`Error::page_kind`] is the reason.
    /// [`WorkflowSteps::take_from`](crate::WorkflowSteps::take_from) and
    /// [`WorkflowDefinitions::take_from`](crate::WorkflowDefinitions::take_from) return the
    /// elements that were received.
    ListIncomplete,

    // The response.
    /// The gateway responded with a `DataValidationError`.
    Validation,
    /// HTTP 401: the access token is wrong or no longer valid.
    Unauthorized,
    /// HTTP 403: the access token does not allow this.
    Forbidden,
    /// HTTP 404: the gateway does not know the run, the step or the path.
    NotFound,
    /// HTTP 429: too many requests, see [`Error::retry_after`].
    RateLimited,
    /// The gateway responded with another error.
    Refused,
    /// HTTP 3xx: the gateway redirected the request. Redirects are never followed.
    Redirected,
    /// HTTP 408 or 5xx: the gateway, or a server in front of it, failed.
    ServerFailed,
    /// The response is not from the gateway, or it is a success without the value that was asked
    /// for, such as a trigger id, or it belongs to another request.
    UnexpectedResponse,

    // The journal.
    /// The same request with this key was accepted before. Nothing was sent. The only error whose
    /// outcome is [`Outcome::Accepted`].
    AlreadyAccepted,
    /// A call with this key is in progress in another thread or process. Nothing was sent. Calling
    /// again later with the same key is safe.
    KeyInProgress,
    /// The outcome of an earlier call with this key is unknown. Nothing was sent.
    /// [`Journal::resolve`](crate::Journal::resolve) settles it.
    KeyUnresolved,
    /// A different request with this key was accepted, or may have been sent. Nothing was sent.
    KeyOtherRequest,
    /// The key is blank, longer than 1024 bytes, or contains a control character.
    Key,
    /// The journal knows nothing about the key.
    KeyNotFound,
    /// The state of the key does not allow this.
    KeyState,
    /// There is no journal in the folder, or a part of it is missing.
    JournalFolder,
    /// The folder for a new journal is not empty.
    JournalExists,
    /// A file of the journal is not from this library, or cannot be understood.
    JournalDamaged,
    /// The journal was written by another version of this library.
    JournalVersion,
    /// The journal belongs to another gateway.
    JournalGateway,
    /// The journal cannot be read or written, for example because the disk is full. Nothing was
    /// sent.
    JournalIo,
    /// The journal is on a network file system.
    JournalNetwork,
    /// `who` or `reason` is blank, longer than 1024 bytes, or contains a control character.
    JournalNote,
    /// The [`OnceStore`](crate::OnceStore) failed to claim the key, or `digest_secret` is empty.
    /// Nothing was sent.
    JournalStore,

    // The host process, and this library.
    /// A large amount of memory could not be allocated: for an argument, a request or a response.
    OutOfMemory,

    /// A fault of this library.
    Internal,
}

/// The error of a call that did not end in [`Outcome::Accepted`]. Neither `Display` nor `Debug`
/// shows the access token.
///
/// Since 0.1.0.
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
    /// True if the body was read and contains no sign of an effect.
    has_no_effect: bool,
    response: Option<Response>,
    info: CallInfo,
    /// The elements of a list whose next page failed.
    incomplete_list: Option<Response>,
    /// Why that page failed.
    page_kind: Option<ErrorKind>,
}

impl ErrorKind {
    /// True if an argument, a setting or the environment is wrong, so that nothing was sent and the
    /// same call fails again: the statuses 21 to 79 of the C ABI.
    pub fn is_mistake(self) -> bool {
        // The variants before `Dns` are the mistakes; a test compares them with the statuses.
        (self as u32) < ErrorKind::Dns as u32
    }
}

impl Error {
    /// Creates an error that was found before anything was sent.
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
            has_no_effect: false,
            response: None,
            info: CallInfo::default(),
            incomplete_list: None,
            page_kind: None,
        }))
    }

    /// Changes kind, outcome and message, and keeps the gateway's response.
    pub(crate) fn recast(mut self, kind: ErrorKind, outcome: Outcome, message: String) -> Self {
        self.0.kind = kind;
        self.0.outcome = outcome;
        self.0.message = message;
        self
    }

    /// Appends to the message, in place of the period of the gateway's sentence.
    pub(crate) fn add_hint(&mut self, hint: &str) {
        if self.0.message.ends_with('.') {
            self.0.message.pop();
        }
        self.0.message += hint;
    }

    /// Prepends a context to the message.
    pub(crate) fn in_context(mut self, context: &str) -> Self {
        self.0.message = format!("{context}: {}", self.0.message);
        self
    }

    /// Turns the error of a page into the error of its list. `list` has the earlier pages. A
    /// cancelled call keeps its kind.
    pub(crate) fn in_incomplete_list(mut self, list: Response) -> Self {
        let count = list.element_count();
        self.0.message =
            format!("the list is incomplete after {count} elements: {}", self.0.message);
        self.0.incomplete_list = Some(list);
        self.0.page_kind = Some(self.0.kind);
        if self.0.kind != ErrorKind::Cancelled {
            self.0.kind = ErrorKind::ListIncomplete;
        }
        self
    }

    /// Takes the elements of an incomplete list out of its error.
    pub(crate) fn take_incomplete_list(&mut self) -> Option<Response> {
        let list = self.0.incomplete_list.take()?;
        Some(list.with_info(self.0.info.clone()))
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

    /// Sets whether the body was read and contains no sign of an effect.
    pub(crate) fn with_no_effect(mut self, has_no_effect: bool) -> Self {
        self.0.has_no_effect = has_no_effect;
        self
    }

    /// True if a complete and readable response refused the request.
    pub(crate) fn is_certain_refusal(&self) -> bool {
        self.0.outcome == Outcome::Rejected && self.0.has_no_effect
    }

    pub(crate) fn with_info(mut self, info: CallInfo) -> Self {
        self.0.info = info;
        self
    }

    /// Returns why the call failed.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns why the last page of an incomplete list failed, such as
    /// [`ErrorKind::Unauthorized`]. For any other error, the same as [`kind`](Self::kind).
    pub fn page_kind(&self) -> ErrorKind {
        self.0.page_kind.unwrap_or(self.0.kind)
    }

    /// Returns what is certain about the effect of the call.
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// Returns one line for a person or a log, the same as `Display`.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the HTTP status, if a complete response was received.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// Returns the first 1000 of the gateway's `errors`, usually one sentence each. An element that
    /// is not a string is returned as JSON.
    pub fn errors(&self) -> &[String] {
        &self.0.errors
    }

    /// Returns how long the gateway asks to wait before a retry (`Retry-After`, RFC 9110 section
    /// 10.2.3).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the metadata of the call.
    pub fn info(&self) -> &CallInfo {
        &self.0.info
    }

    /// Returns the response, if its body was JSON.
    pub fn response(&self) -> Option<&Response> {
        self.0.response.as_ref()
    }
}

impl From<OutOfMemory> for Error {
    fn from(_: OutOfMemory) -> Self {
        Error::local(ErrorKind::OutOfMemory, memory::MESSAGE)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}
