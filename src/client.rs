//! The client: one method per call, each of which encodes a request, sends it and interprets the
//! response.

use std::any::Any;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::api::endpoint::{Endpoint, RetrySafety};
use crate::api::history::{self, HistoryEndpoint, WorkflowHistory};
use crate::api::id::{Id, is_uuid};
use crate::api::launch_url::{self, LaunchUrl, LaunchUrlEndpoint};
use crate::api::list::{ListEndpoint, ListQuery};
use crate::api::step::{self, StepEndpoint, WorkflowStep};
use crate::api::steps::{self, WorkflowSteps};
use crate::api::tenant_token::{self, TenantToken, TenantTokenEndpoint};
use crate::api::trigger::{self, Trigger, TriggerEndpoint};
use crate::api::trigger_request::{self, TriggerRequest};
use crate::api::workflow_definitions::{self, WorkflowDefinitions};
use crate::call_info::{CallInfo, RequestId};
use crate::config::Config;
use crate::connected::Connected;
use crate::error::{Error, ErrorKind, Outcome};
use crate::fork;
use crate::headers::ExtraHeaders;
use crate::interpret::interpret;
use crate::log::LogLevel;
use crate::paging;
use crate::panics;
use crate::random;
use crate::redact::{self, CallTexts, Mask};
use crate::response::Response;
use crate::retry;
use crate::seen::Hash;
use crate::token::{AccessToken, AuthHeader, AuthScheme};
use crate::token_provider::TokenProvider;
use crate::transport::{
    CallContext, CancellationToken, Exchange, Fault, Lease, PreparedRequest, Reuse, Transport,
};
use crate::wait::{self, Clock, Poll, Wait, WaitOptions};

/// A client of one gateway.
///
/// Immutable except for the access token. Any number of threads can share a client; a clone is
/// cheap and shares the connections and the token. A call blocks its thread until the response is
/// complete or the timeout ends.
///
/// A forked child process must create its own clients. Clients that were created through the C ABI
/// detect the fork; Rust clients do not.
///
/// Since 0.1.0.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    /// The id of all calls, or the first part of generated ids.
    request_id: RequestId,
}

/// How much of an internal error is logged.
const MAX_FAULT_CHARS: usize = 512;

struct Shared {
    transport: Transport,
    trigger: PreparedRequest,
    timeout: Duration,
    trigger_max_idle: Duration,
    read_max_idle: Duration,
    retries: bool,
    auth_scheme: AuthScheme,
    extra_headers: ExtraHeaders,
    token_provider: Option<TokenProvider>,
    /// A call clones it once, so it uses the same token from start to end. `None` if the token
    /// provider has to be asked.
    auth_header: Mutex<Option<AuthHeader>>,
    calls: AtomicU32,
}

/// A request of a call.
#[derive(Clone, Copy)]
struct Request<'a> {
    prepared: &'a PreparedRequest,
    body: Option<&'a [u8]>,
    auth_header: &'a AuthHeader,
    texts: CallTexts<'a>,
    /// True if no pooled connection may carry it.
    needs_new_connection: bool,
    /// What it asks for, which distinguishes its response from that to another request.
    asked: &'a str,
}

impl Client {
    /// Creates a client with the default settings of [`Config`]. It does not connect yet.
    ///
    /// # Errors
    ///
    /// Those of [`Config::new`] and [`with_config`](Self::with_config).
    pub fn new(base_url: &str, access_token: &str) -> Result<Self, Error> {
        Self::with_config(&Config::new(base_url, access_token)?)
    }

    /// Creates a client with the given settings, which are copied. It does not connect yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BaseUrlInsecure`] if the base URL is `http://` to a host other than loopback,
    /// or a proxy was set for it, and [`Config::set_allow_http`] was not called;
    /// [`ErrorKind::Proxy`] if a proxy variable of the environment is not a valid URL, see
    /// [`Config::set_proxy`].
    pub fn with_config(config: &Config) -> Result<Self, Error> {
        let transport = config
            .check()
            .and_then(|()| Transport::new(config.transport.clone(), &config.user_agent));
        // A C program may read only the status, so the log explains it.
        let transport = transport.inspect_err(|error| {
            let log = &config.transport.log;
            log.line(LogLevel::Error, format_args!("no client was created: {error}"));
        })?;
        if let Some(origin) = &config.origin {
            let log = &config.transport.log;
            log.line(LogLevel::Debug, format_args!("settings from {origin}"));
        }
        let shared = Shared {
            trigger: transport.prepare_post(trigger::PATH)?,
            transport,
            timeout: config.timeout,
            trigger_max_idle: config.trigger_max_idle,
            read_max_idle: config.read_max_idle,
            retries: config.retries,
            auth_scheme: config.auth_scheme,
            auth_header: Mutex::new(match config.token_provider {
                Some(_) => None,
                None => {
                    Some(AuthHeader::new(config.auth_scheme, &config.token, &config.extra_headers))
                }
            }),
            token_provider: config.token_provider.clone(),
            extra_headers: config.extra_headers.clone(),
            calls: AtomicU32::default(),
        };
        let request_id = RequestId::generated(random::generator().u64(..));
        Ok(Client { shared: Arc::new(shared), request_id })
    }

    /// Creates a client with the settings of [`Config::from_environment`].
    ///
    /// # Errors
    ///
    /// Those of [`Config::from_environment`] and [`with_config`](Self::with_config).
    pub fn from_environment() -> Result<Self, Error> {
        Self::with_config(&Config::from_environment()?)
    }

    /// Returns a client that uses `request_id` as the correlation id of its calls: it is sent as
    /// `X-Request-Id`, starts each log line, and is returned by
    /// [`CallInfo::request_id`](crate::CallInfo::request_id). Without one, each call generates an
    /// id.
    ///
    /// Both clients share connections and token, and [`cancel`](Self::cancel) and
    /// [`close`](Self::close) act on both.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::RequestId`] if it is empty, longer than 128 bytes or contains anything but
    /// visible ASCII.
    pub fn with_request_id(&self, request_id: &str) -> Result<Self, Error> {
        let request_id = RequestId::given(request_id).map_err(|problem| {
            self.refused(Error::local(ErrorKind::RequestId, format!("request_id {problem}")))
        })?;
        Ok(Client { shared: self.shared.clone(), request_id })
    }

    /// Cancels all calls and waits that are in progress. They end within 50 ms with
    /// [`ErrorKind::Cancelled`] and the outcome of their last attempt. Later calls are not
    /// affected. Does not block; can be called from any thread.
    pub fn cancel(&self) {
        self.shared.transport.cancel();
    }

    /// Cancels all calls and waits that are in progress, as [`cancel`](Self::cancel) does, and
    /// makes all later calls fail with [`ErrorKind::Cancelled`] and nothing sent. Use it for
    /// shutdown, when threads may still start calls. Does not block; can be called from any thread.
    pub fn close(&self) {
        self.shared.transport.close();
    }

    /// Replaces the tenant's access token for all threads. Calls in progress keep the old token,
    /// which is wiped from memory when the last of them ends.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AccessToken`] if it is empty, longer than 8 KiB or contains anything but
    /// visible ASCII. Then the old token stays in use.
    pub fn set_access_token(&self, access_token: &str) -> Result<(), Error> {
        let token =
            AccessToken::from_argument("access_token", ErrorKind::AccessToken, access_token)
                .map_err(|error| self.refused(error))?;
        self.replace_auth_header(Some(self.auth_header_of(&token)));
        Ok(())
    }

    fn auth_header_of(&self, token: &AccessToken) -> AuthHeader {
        AuthHeader::new(self.shared.auth_scheme, token, &self.shared.extra_headers)
    }

    fn replace_auth_header(&self, new: Option<AuthHeader>) {
        let mut current = self.shared.lock_auth_header();
        let old = std::mem::replace(&mut *current, new);
        // Wipe the old token after releasing the lock.
        drop(current);
        drop(old);
    }

    /// Opens a connection ahead of time: resolves the gateway's host, connects, through the proxy
    /// if there is one, and completes the TLS handshake. Sends nothing to the gateway. A check for
    /// the start of a program, after which the first call does not wait for the connection.
    ///
    /// The connection is kept for the next call like one that was used, see
    /// [`Config::set_trigger_max_idle`]. Always opens a new one. Failures are retried like those of
    /// [`trigger_workflow`](Self::trigger_workflow), see [`Config::set_retries`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Dns`], [`ErrorKind::Connect`], [`ErrorKind::ConnectTimeout`],
    /// [`ErrorKind::Tls`], [`ErrorKind::ProxyFailed`], [`ErrorKind::ConnectionLost`],
    /// [`ErrorKind::Cancelled`], [`ErrorKind::Internal`]. The outcome is
    /// [`Outcome::NotSent`](crate::Outcome::NotSent).
    pub fn connect(&self) -> Result<Connected, Error> {
        let mut call = self.begin_call();
        let connected = contain(&mut call, |call| {
            let mut retries = 0;
            loop {
                let Fault { kind, message } = match self.shared.transport.connect_ahead(call) {
                    Ok(connected) => return Ok(connected),
                    Err(fault) => fault,
                };
                let error = Error::local(kind, message);
                self.pause_before_retry(error, RetrySafety::UnlessSent, retries, true, call)?;
                retries += 1;
            }
        });
        let info = end_call(call, connected.as_ref().err());
        match connected {
            Ok(connected) => Ok(Connected { info, ..connected }),
            Err(error) => Err(error.with_info(info)),
        }
    }

    /// Triggers a workflow (`POST /gateway/api/v1/workflow/trigger`). Returns when the gateway has
    /// accepted the run; does not wait for the run.
    ///
    /// A trigger is never delivered twice, because the gateway could not distinguish a repetition
    /// from a second order. It is retried only if nothing was sent, or if the gateway certainly
    /// refused it, see [`Config::set_retries`] and [`Config::set_token_provider`].
    ///
    /// # Errors
    ///
    /// Any error means that the outcome is not [`Outcome::Accepted`](crate::Outcome::Accepted).
    /// [`Error::outcome`] states what is certain about the run:
    ///
    /// - Before anything is sent: [`ErrorKind::AccessToken`] from a token provider,
    ///   [`ErrorKind::InitiatorApplication`],
    ///   [`ErrorKind::LumaChannelAccountId`], [`ErrorKind::TicketIdentifier`],
    ///   [`ErrorKind::RequestTooLarge`].
    /// - Connecting: [`ErrorKind::Dns`], [`ErrorKind::Connect`], [`ErrorKind::ConnectTimeout`],
    ///   [`ErrorKind::Tls`], [`ErrorKind::ProxyFailed`].
    /// - Sending and receiving: [`ErrorKind::ResponseTimeout`], [`ErrorKind::ConnectionLost`],
    ///   [`ErrorKind::InvalidHttp`], [`ErrorKind::ResponseTooLarge`].
    /// - From the gateway: [`ErrorKind::Validation`], [`ErrorKind::Unauthorized`],
    ///   [`ErrorKind::Forbidden`], [`ErrorKind::NotFound`], [`ErrorKind::RateLimited`],
    ///   [`ErrorKind::Refused`], [`ErrorKind::Redirected`], [`ErrorKind::ServerFailed`],
    ///   [`ErrorKind::UnexpectedResponse`].
    /// - [`ErrorKind::Cancelled`], [`ErrorKind::Internal`].
    pub fn trigger_workflow(&self, request: &TriggerRequest) -> Result<Trigger, Error> {
        let body = request.encode();
        let body = body.as_deref().map_err(Error::clone);
        let request_and_body = body.map(|body| (request.workflow_identifier().into(), body));
        self.submit(request_and_body, &request.secrets())
    }

    /// Triggers a workflow with a request that is already JSON, in the gateway's format. The
    /// request is checked like a [`TriggerRequest`] and sent unchanged.
    ///
    /// # Errors
    ///
    /// Those of [`trigger_workflow`](Self::trigger_workflow), and before anything is sent:
    /// [`ErrorKind::Json`], [`ErrorKind::WorkflowIdentifier`], [`ErrorKind::Variables`],
    /// [`ErrorKind::VariableName`], [`ErrorKind::InitiatorContact`],
    /// [`ErrorKind::InitiatorApplication`], [`ErrorKind::InitiationInfo`].
    pub fn trigger_workflow_json(&self, request_json: &str) -> Result<Trigger, Error> {
        let checked = trigger_request::check_json(request_json);
        self.submit(checked.map(|identifier| (identifier, request_json.as_bytes())), &[])
    }

    /// Sends a trigger: the workflow identifier and the whole body. `variables` are the values of
    /// its secret variables.
    fn submit(
        &self,
        request: Result<(Cow<'_, str>, &[u8]), Error>,
        variables: &[&str],
    ) -> Result<Trigger, Error> {
        let (run, response) = self.call(|call| {
            let (identifier, body) = request?;
            let auth_header = self.auth_header(call)?;
            let texts = CallTexts { variables, request: body, ..self.texts(&auth_header) };
            let request = Request {
                prepared: &self.shared.trigger,
                body: Some(body),
                auth_header: &auth_header,
                texts,
                needs_new_connection: false,
                asked: &identifier,
            };
            let description = trigger_request::describe(body, &texts);
            call.log(LogLevel::Info, format_args!("{description}"));
            let mut result = self.send::<TriggerEndpoint>(request, call);
            if let Ok((run, response)) = &mut result
                && !(variables.is_empty() && texts.headers.is_empty())
            {
                // The gateway may repeat them in its response.
                run.detach_from(response);
                response.redact(&Mask::of_call(&texts));
            }
            result.inspect(|(run, response)| {
                call.log(LogLevel::Info, format_args!("{}", trigger::describe(run, response)));
            })
        })?;
        Ok(Trigger { run, response })
    }

    /// Returns the state of a run (`GET /gateway/api/v1/workflowhistory/<triggerId>`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TriggerId`] if the id is blank, longer than 1024 bytes, or contains a slash, a
    /// dot segment or an invisible character; else those of
    /// [`trigger_workflow`](Self::trigger_workflow) from connecting on. The outcome is that of the
    /// call, not of the run.
    pub fn get_workflow_history(&self, trigger_id: &str) -> Result<WorkflowHistory, Error> {
        let (state, response) = self.call(|call| {
            let path = history::path(&Id::trigger(trigger_id)?);
            let auth_header = self.auth_header(call)?;
            self.get::<HistoryEndpoint>(&path, &auth_header, &[], call)
        })?;
        Ok(WorkflowHistory { state, response })
    }

    /// Lists the steps of a run (`GET /gateway/api/v1/workflowhistory/<triggerId>/stephistory`).
    /// All pages are fetched within the call's timeout.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TriggerId`], [`ErrorKind::Filter`], [`ErrorKind::OrderBy`];
    /// [`ErrorKind::ResponseTooLarge`] for more than 10,000 elements or 16 MiB; else as
    /// [`get_workflow_history`](Self::get_workflow_history).
    pub fn list_workflow_steps(
        &self,
        trigger_id: &str,
        query: &ListQuery<'_>,
    ) -> Result<WorkflowSteps, Error> {
        let response =
            self.list(Id::trigger(trigger_id).map(|id| steps::path(&id).into()), query)?;
        Ok(WorkflowSteps { response })
    }

    /// Returns a step of a run in detail
    /// (`GET /gateway/api/v1/workflowhistory/<triggerId>/stephistory/<stepHistoryId>`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TriggerId`], [`ErrorKind::StepId`]; else as
    /// [`get_workflow_history`](Self::get_workflow_history).
    pub fn get_workflow_step(
        &self,
        trigger_id: &str,
        step_id: &str,
    ) -> Result<WorkflowStep, Error> {
        let ((), response) = self.call(|call| {
            let path = step::path(&Id::trigger(trigger_id)?, &Id::step(step_id)?);
            let auth_header = self.auth_header(call)?;
            self.get::<StepEndpoint>(&path, &auth_header, &[], call)
        })?;
        Ok(WorkflowStep { response })
    }

    /// Generates a URL of a page that shows a run
    /// (`POST /gateway/api/v1/launchincontexturl/generate`). Retried like a trigger.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TriggerId`]; [`ErrorKind::UnexpectedResponse`] if the URL is neither `http` nor
    /// `https`; else as [`get_workflow_history`](Self::get_workflow_history).
    pub fn generate_launch_url(&self, trigger_id: &str) -> Result<LaunchUrl, Error> {
        let (url, response) = self.call(|call| {
            let body = launch_url::encode(&Id::trigger(trigger_id)?)?;
            let request = self.shared.transport.prepare_post(launch_url::PATH)?;
            let auth_header = self.auth_header(call)?;
            let request_id = call.info.request_id.to_string();
            let ids = [trigger_id, &request_id];
            let texts = CallTexts { ids: &ids, ..self.texts(&auth_header) };
            let request = Request {
                prepared: &request,
                body: Some(&body),
                auth_header: &auth_header,
                texts,
                needs_new_connection: false,
                asked: trigger_id,
            };
            self.send::<LaunchUrlEndpoint>(request, call)
        })?;
        Ok(LaunchUrl { url, response })
    }

    /// Lists the workflow definitions of the tenant, which can be triggered
    /// (`GET /gateway/api/v1/workflowdefinition`). All pages are fetched within the call's timeout.
    ///
    /// # Errors
    ///
    /// As [`list_workflow_steps`](Self::list_workflow_steps), except [`ErrorKind::TriggerId`].
    pub fn list_workflow_definitions(
        &self,
        query: &ListQuery<'_>,
    ) -> Result<WorkflowDefinitions, Error> {
        Ok(WorkflowDefinitions {
            response: self.list(Ok(workflow_definitions::PATH.into()), query)?,
        })
    }

    /// Generates a new access token for a tenant, whose old token stops working
    /// (`GET /gateway/api/v1/platform/apiaccesskeys/generate`). Never retried; sent on a dedicated
    /// connection, which is closed afterwards. The super-admin token is used for this call only,
    /// and then wiped from memory. This client keeps its token, see
    /// [`set_access_token`](Self::set_access_token).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SuperAdminToken`], [`ErrorKind::TenantExternalId`]; else as
    /// [`get_workflow_history`](Self::get_workflow_history). After
    /// [`Outcome::Unknown`](crate::Outcome::Unknown) the old token may no longer be valid.
    pub fn regenerate_tenant_token(
        &self,
        super_admin_token: &str,
        tenant_external_id: &str,
    ) -> Result<TenantToken, Error> {
        let (token, response) = self.call(|call| {
            let kind = ErrorKind::SuperAdminToken;
            let super_admin =
                AccessToken::from_argument("super_admin_token", kind, super_admin_token)?;
            // The token would be in the path, and in the log.
            if is_uuid(super_admin_token.as_bytes()) && !is_uuid(tenant_external_id.as_bytes()) {
                let message = "super_admin_token and tenant_external_id are swapped: a UUID is \
                               the id of a tenant";
                return Err(Error::local(kind, message));
            }
            // A bearer token in both generations of the API.
            let auth_header =
                AuthHeader::new(AuthScheme::Bearer, &super_admin, &self.shared.extra_headers);
            let path = tenant_token::path(&Id::tenant(tenant_external_id)?);
            let request_id = call.info.request_id.to_string();
            let ids = [tenant_external_id, &request_id];
            self.get::<TenantTokenEndpoint>(&path, &auth_header, &ids, call)
        })?;
        Ok(TenantToken { token, response })
    }

    /// Polls a run until its status is final, the timeout ends, or `on_poll` returns
    /// [`ControlFlow::Break`]; see [`WaitOptions`]. Ending a wait does not end the run, and any
    /// process that has the trigger id can wait again.
    ///
    /// `on_poll` is called after each poll, on the calling thread; its time counts towards the
    /// timeout. Each poll uses the client's current access token.
    ///
    /// An invalid `trigger_id` ends the wait before the first poll, with [`ErrorKind::TriggerId`].
    pub fn wait_for_workflow(
        &self,
        trigger_id: &str,
        options: &WaitOptions,
        on_poll: impl FnMut(&Poll) -> ControlFlow<()>,
    ) -> Wait {
        self.wait_with_clock(None, trigger_id, options, on_poll)
    }

    /// `clock` is the system's unless a test passes another.
    fn wait_with_clock(
        &self,
        clock: Option<&dyn Clock>,
        trigger_id: &str,
        options: &WaitOptions,
        on_poll: impl FnMut(&Poll) -> ControlFlow<()>,
    ) -> Wait {
        let mut call = self.begin_call();
        let system_clock = SystemClock(call.cancellation);
        let wait = match Id::trigger(trigger_id) {
            Ok(id) => {
                let path = history::path(&id);
                let poll =
                    |deadline: Instant| contain(&mut call, |call| self.poll(&path, deadline, call));
                wait::until_final(clock.unwrap_or(&system_clock), options, poll, on_poll)
            }
            Err(error) => Wait::refused(error),
        };
        log_wait(&wait, &call);
        wait.with_info(call.info())
    }

    /// Polls a run once. It is not retried: the wait polls again.
    fn poll(
        &self,
        path: &str,
        deadline: Instant,
        call: &mut CallContext<'_>,
    ) -> Result<WorkflowHistory, Error> {
        call.set_deadline(deadline, self.shared.timeout);
        let prepared = self.shared.transport.prepare_get(path, true)?;
        let mut renewed = None;
        let result = loop {
            let auth_header = match renewed.clone() {
                Some(auth_header) => auth_header,
                None => self.auth_header(call).map_err(|error| error.with_info(call.info()))?,
            };
            let texts = self.texts(&auth_header);
            let request = Request {
                prepared: &prepared,
                body: None,
                auth_header: &auth_header,
                texts,
                needs_new_connection: false,
                asked: path,
            };
            let result = self.attempt::<HistoryEndpoint>(request, call);
            let is_unauthorized =
                result.as_ref().is_err_and(|error| error.kind() == ErrorKind::Unauthorized);
            // Polling again helps only with another token.
            if !is_unauthorized || renewed.is_some() {
                break result;
            }
            renewed = self.renewed(&auth_header, call);
            if renewed.is_none() {
                break result;
            }
            call.log(LogLevel::Warn, format_args!("polling again with the new access token"));
        };
        let (state, response) = result.map_err(|error| error.with_info(call.info()))?;
        let history = WorkflowHistory { state, response: response.with_info(call.info()) };
        call.log(LogLevel::Info, format_args!("{history}"));
        Ok(history)
    }

    fn begin_call(&self) -> CallContext<'_> {
        let number = self.shared.calls.fetch_add(1, Ordering::Relaxed);
        let request_id = self.request_id.for_call(number, fork::process());
        self.shared.transport.begin_call(self.shared.timeout, request_id)
    }

    /// Makes a call, logs its end, and attaches its metadata to the result.
    fn call<T>(
        &self,
        body: impl FnOnce(&mut CallContext<'_>) -> Result<(T, Response), Error>,
    ) -> Result<(T, Response), Error> {
        let mut call = self.begin_call();
        match contain(&mut call, body) {
            Ok((value, response)) => Ok((value, response.with_info(end_call(call, None)))),
            Err(error) => {
                let info = end_call(call, Some(&error));
                Err(error.with_info(info))
            }
        }
    }

    /// Logs an argument that was refused outside of a call. A C program may read only the status.
    fn refused(&self, error: Error) -> Error {
        self.shared.transport.log().line(LogLevel::Error, format_args!("{error}"));
        error
    }

    /// Logs a fault of this library.
    pub(crate) fn log_fault(&self, message: &str) {
        let message = redact::shortened(message, MAX_FAULT_CHARS);
        self.shared.transport.log().line(LogLevel::Error, format_args!("{message}"));
    }

    /// Returns the texts of a call that every request has.
    fn texts<'a>(&'a self, auth_header: &'a AuthHeader) -> CallTexts<'a> {
        let headers = self.shared.extra_headers.values();
        CallTexts { headers, ..CallTexts::new(auth_header.token()) }
    }

    /// Returns the header lines with the current token.
    ///
    /// # Errors
    ///
    /// If the token provider has to be asked, and returns no valid token.
    fn auth_header(&self, call: &CallContext<'_>) -> Result<AuthHeader, Error> {
        let current = self.shared.lock_auth_header().clone();
        match (current, &self.shared.token_provider) {
            (Some(auth_header), _) => Ok(auth_header),
            (None, Some(provider)) => self.ask(provider, call),
            (None, None) => Err(Error::local(ErrorKind::Internal, "there is no token")),
        }
    }

    /// Asks the token provider, without a lock.
    fn ask(&self, provider: &TokenProvider, call: &CallContext<'_>) -> Result<AuthHeader, Error> {
        call.log(LogLevel::Debug, format_args!("asking the token provider"));
        let auth_header = self.auth_header_of(&provider.token(call)?);
        self.replace_auth_header(Some(auth_header.clone()));
        Ok(auth_header)
    }

    /// Returns another token than the refused one, if there is one: another thread may have
    /// replaced it in the meantime, or the token provider has one.
    fn renewed(&self, refused: &AuthHeader, call: &CallContext<'_>) -> Option<AuthHeader> {
        let current = self.shared.lock_auth_header().clone();
        if let Some(current) = current
            && !current.is_same(refused)
        {
            return Some(current);
        }
        let provider = self.shared.token_provider.as_ref()?;
        match self.ask(provider, call) {
            Ok(new) => (new.token() != refused.token()).then_some(new),
            Err(error) => {
                // The next call asks again.
                self.replace_auth_header(None);
                call.log(LogLevel::Warn, format_args!("no new access token: {error}"));
                None
            }
        }
    }

    fn get<E: Endpoint>(
        &self,
        path: &str,
        auth_header: &AuthHeader,
        ids: &[&str],
        call: &mut CallContext<'_>,
    ) -> Result<(E::Value, Response), Error> {
        // A secret must not be compressed: the buffers of the decoder cannot be wiped.
        let prepared = self.shared.transport.prepare_get(path, E::SECRET.is_none())?;
        let texts = CallTexts { ids, ..self.texts(auth_header) };
        let request = Request {
            prepared: &prepared,
            body: None,
            auth_header,
            texts,
            needs_new_connection: false,
            asked: path,
        };
        self.send::<E>(request, call)
    }

    /// Sends a request, and retries it where that is safe.
    fn send<E: Endpoint>(
        &self,
        request: Request<'_>,
        call: &mut CallContext<'_>,
    ) -> Result<(E::Value, Response), Error> {
        let renewed = OnceCell::new();
        let mut request = request;
        let mut retries = 0;
        loop {
            match self.attempt::<E>(request, call) {
                Ok(accepted) => return Ok(accepted),
                Err(error) => self.prepare_retry(
                    error,
                    E::RETRY_SAFETY,
                    &mut request,
                    &renewed,
                    &mut retries,
                    call,
                )?,
            }
        }
    }

    /// Prepares a request to be sent again, with a new token or after a pause. Not generic, so that
    /// the library contains it once and not once per endpoint.
    ///
    /// # Errors
    ///
    /// The error itself, if the request must not be retried.
    fn prepare_retry<'a>(
        &self,
        error: Error,
        safety: RetrySafety,
        request: &mut Request<'a>,
        renewed: &'a OnceCell<AuthHeader>,
        retries: &mut u32,
        call: &mut CallContext<'_>,
    ) -> Result<(), Error> {
        let is_on_new_connection = !call.info.is_connection_reused;
        let is_refusal = error.outcome() == Outcome::Rejected;
        if error.kind() == ErrorKind::Unauthorized
            && safety != RetrySafety::Never
            && self.shared.token_provider.is_some()
            && renewed.get().is_none()
        {
            // Also if this call cannot go on: the next one needs a new token too.
            let Some(new) = self.renewed(request.auth_header, call) else { return Err(error) };
            let is_safe = safety == RetrySafety::Always
                || retry::proves_refusal(&error, is_on_new_connection);
            if !is_safe || !self.shared.retries || !retry::has_time(call.time_left()) {
                return Err(error);
            }
            call.log(LogLevel::Warn, format_args!("retrying with a new access token: {error}"));
            request.auth_header = renewed.get_or_init(|| new);
            request.texts.token = request.auth_header.token();
        } else {
            self.pause_before_retry(error, safety, *retries, is_on_new_connection, call)?;
            *retries += 1;
        }
        if is_refusal && safety.has_effect() {
            // Outcomes are judged per attempt, and this one is certain.
            call.forget_refused();
            request.needs_new_connection = true;
        }
        Ok(())
    }

    /// Sends a request once, and interprets its response.
    fn attempt<E: Endpoint>(
        &self,
        request: Request<'_>,
        call: &mut CallContext<'_>,
    ) -> Result<(E::Value, Response), Error> {
        let (exchange, mut lease) = self.exchange(request, E::RETRY_SAFETY, call);
        let seen = lease.as_mut().map(Lease::seen);
        let mut result = interpret::<E>(exchange, &request.texts, request.asked, seen);
        // After an unexpected response, the next one on this connection may be unexpected too: it
        // may be the response to this request. After another error, only the same read may follow.
        let may_continue = result.as_ref().err().is_none_or(|error| {
            error.kind() != ErrorKind::UnexpectedResponse && !E::RETRY_SAFETY.has_effect()
        });
        if let Some(mut lease) = lease
            && may_continue
        {
            lease.seen().end(result.is_err().then(|| Hash::of(request.asked)));
            self.shared.transport.put_back(lease, call);
        }
        if let Err(error) = &mut result {
            explain(error, E::RETRY_SAFETY, request.auth_header, call);
        }
        result
    }

    fn exchange(
        &self,
        request: Request<'_>,
        safety: RetrySafety,
        call: &mut CallContext<'_>,
    ) -> (Exchange, Option<Lease>) {
        let reuse = match safety {
            _ if request.needs_new_connection => Reuse::New,
            RetrySafety::Always => Reuse::Pool(self.shared.read_max_idle, Hash::of(request.asked)),
            RetrySafety::UnlessSent => Reuse::Careful(self.shared.trigger_max_idle),
            RetrySafety::Never => Reuse::OwnConnection,
        };
        let Request { prepared, body, auth_header, .. } = request;
        self.shared.transport.exchange(prepared, auth_header.lines(), body, reuse, call)
    }

    /// Sleeps before retrying a transient error.
    ///
    /// # Errors
    ///
    /// The error itself, if the request must not be retried.
    fn pause_before_retry(
        &self,
        error: Error,
        safety: RetrySafety,
        retries: u32,
        is_on_new_connection: bool,
        call: &CallContext<'_>,
    ) -> Result<(), Error> {
        let left = call.time_left();
        let pause = match retry::pause(safety, &error, is_on_new_connection, retries, left) {
            Some(pause) if self.shared.retries => pause,
            _ => return Err(error),
        };
        let pause_ms = pause.as_millis();
        call.log(LogLevel::Warn, format_args!("retrying in {pause_ms} ms: {error}"));
        if call.cancellation.sleep(pause) {
            return Ok(());
        }
        let outcome = error.outcome();
        let reason = call.cancellation.reason();
        let message = format!("{reason} before a retry: {error}");
        Err(error.recast(ErrorKind::Cancelled, outcome, message))
    }

    fn list(
        &self,
        path: Result<Cow<'_, str>, Error>,
        query: &ListQuery<'_>,
    ) -> Result<Response, Error> {
        let ((), response) = self.call(|call| {
            let path = path?;
            let mut auth_header = self.auth_header(call)?;
            let list = paging::fetch(query, &path, |page| {
                if self.shared.token_provider.is_some() {
                    // An earlier page may have renewed it.
                    auth_header = self.auth_header(call)?;
                }
                let (elements, response) =
                    self.get::<ListEndpoint>(page, &auth_header, &[], call)?;
                Ok(response.with_elements(elements))
            });
            Ok(((), list?))
        })?;
        Ok(response)
    }
}

/// Adds hints to an error that do not follow from the response.
fn explain(
    error: &mut Error,
    safety: RetrySafety,
    auth_header: &AuthHeader,
    call: &CallContext<'_>,
) {
    if error.kind() == ErrorKind::Unauthorized {
        error.add_hint(&auth_header.explain_refusal(safety == RetrySafety::Never));
    } else if call.was_refused && error.http_status().is_none() {
        error.add_hint("; the gateway had refused an earlier attempt of this call");
    }
}

/// Runs a part of a call. Turns a panic of this library into an error; a panic of the log callback
/// unwinds to the caller.
fn contain<'a, T>(
    call: &mut CallContext<'a>,
    body: impl FnOnce(&mut CallContext<'a>) -> Result<T, Error>,
) -> Result<T, Error> {
    let result = catch_unwind(AssertUnwindSafe(|| body(call)));
    result.unwrap_or_else(|panic| Err(from_panic(call, panic)))
}

fn from_panic(call: &CallContext<'_>, panic: Box<dyn Any + Send>) -> Error {
    let Some(outcome) = call.outcome_of_panic() else { resume_unwind(panic) };
    let meaning = match outcome {
        Outcome::NotSent => "nothing was sent",
        Outcome::Rejected => "the gateway had refused the request",
        _ => "the request may have been sent",
    };
    let message = format!("{} ({meaning})", panics::message(panic));
    Error::new(ErrorKind::Internal, outcome, message)
}

/// Ends a call, logs its outcome, and returns its metadata.
fn end_call(call: CallContext<'_>, error: Option<&Error>) -> CallInfo {
    match error {
        None => call.log(LogLevel::Info, format_args!("{}", Outcome::Accepted)),
        Some(error) => call.log(LogLevel::Error, format_args!("{}: {error}", error.outcome())),
    }
    call.into_info()
}

fn log_wait(wait: &Wait, call: &CallContext<'_>) {
    match (wait.error(), wait.last()) {
        (Some(error), _) => {
            call.log(LogLevel::Error, format_args!("{}: {error}", error.outcome()));
        }
        (None, last) => {
            let status = last.map(WorkflowHistory::status_text).unwrap_or_default();
            call.log(LogLevel::Info, format_args!("{}: {status}", Outcome::Accepted));
        }
    }
}

struct SystemClock<'a>(CancellationToken<'a>);

impl Clock for SystemClock<'_> {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, duration: Duration) -> bool {
        self.0.sleep(duration)
    }

    fn cancellation(&self) -> &'static str {
        self.0.reason()
    }
}

impl Shared {
    fn lock_auth_header(&self) -> MutexGuard<'_, Option<AuthHeader>> {
        self.auth_header.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.shared.transport).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use luma_simulator::{Options, Simulator, Time};

    use super::*;
    use crate::api::status::RunStatus;

    /// A clock whose sleep advances the simulator's virtual time.
    struct SimulatedClock<'a> {
        simulator: &'a Simulator,
        start: Instant,
        passed: Cell<Duration>,
    }

    impl Clock for SimulatedClock<'_> {
        fn now(&self) -> Instant {
            self.start + self.passed.get()
        }

        fn sleep(&self, duration: Duration) -> bool {
            self.simulator.advance(duration).unwrap();
            self.passed.set(self.passed.get() + duration);
            true
        }
    }

    /// Triggers a workflow and waits for it. Returns the statuses without repetitions, the final
    /// status and the virtual time it took.
    fn watch(workflow: &str, variables: &[&str]) -> (Vec<String>, RunStatus, Duration) {
        let options = Options { time: Time::Virtual, ..Options::default() };
        let simulator = Simulator::start_with(options).unwrap();
        let client = Client::new(simulator.url(), &simulator.token()).unwrap();
        let mut request = TriggerRequest::new(workflow).unwrap();
        for variable in variables {
            request.set_variable(*variable, "1").unwrap();
        }
        let trigger = client.trigger_workflow(&request).unwrap();

        let clock = SimulatedClock {
            simulator: &simulator,
            start: Instant::now(),
            passed: Cell::default(),
        };
        let options = WaitOptions::new(Duration::from_secs(600)).unwrap();
        let mut statuses = Vec::new();
        let wait = client.wait_with_clock(Some(&clock), trigger.trigger_id(), &options, |poll| {
            statuses.push(poll.result.as_ref().unwrap().status_text().into_owned());
            ControlFlow::Continue(())
        });
        assert_eq!(wait.polls() as usize, statuses.len());
        assert_eq!(simulator.journal().len(), 1 + statuses.len());
        statuses.dedup();
        (statuses, wait.into_result().unwrap().status(), clock.passed.get())
    }

    /// A client whose log callback panics at a line that contains this text.
    fn client_that_panics_at(url: &str, token: &str, line: &'static str) -> Client {
        let mut config = Config::new(url, token).unwrap();
        config.set_log(LogLevel::Debug, move |_, text| {
            if text.contains(line) {
                panic!("in the callback");
            }
        });
        Client::with_config(&config).unwrap()
    }

    #[test]
    fn a_panic_of_this_library_is_an_error_that_knows_what_was_sent() {
        let simulator = Simulator::start().unwrap();
        let client = Client::new(simulator.url(), &simulator.token()).unwrap();
        let request = TriggerRequest::new("unlock_account").unwrap();
        let body = request.encode().unwrap();
        for is_sent in [false, true] {
            let result = client.call(|call| -> Result<((), Response), Error> {
                if is_sent {
                    let auth_header = client.auth_header(call)?;
                    let request = Request {
                        prepared: &client.shared.trigger,
                        body: Some(&body),
                        auth_header: &auth_header,
                        texts: CallTexts::new(auth_header.token()),
                        needs_new_connection: false,
                        asked: "unlock_account",
                    };
                    let (exchange, _) = client.exchange(request, RetrySafety::Never, call);
                    assert!(exchange.response.is_ok());
                }
                panic!("number {}", 1);
            });
            let error = result.unwrap_err();
            let (outcome, meaning) = match is_sent {
                false => (Outcome::NotSent, "nothing was sent"),
                true => (Outcome::Unknown, "the request may have been sent"),
            };
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Internal, outcome));
            let message = format!("internal error in libluma: number 1 ({meaning})");
            assert_eq!(error.message(), message);
            assert_eq!(error.info().attempts(), u32::from(is_sent));
        }
        // While a connection is prepared, on the way to its first byte.
        let mut config = Config::new(simulator.url(), &simulator.token()).unwrap();
        config.transport.max_response_bytes = u64::MAX;
        let delivered = simulator.journal().len();
        let failing = Client::with_config(&config).unwrap();
        let error = failing.trigger_workflow(&request).unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Internal, Outcome::NotSent));
        let options = WaitOptions::new(Duration::from_secs(60)).unwrap();
        let wait = failing.wait_for_workflow("a", &options, |_| ControlFlow::Continue(()));
        let error = wait.error().unwrap();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Internal, Outcome::NotSent));
        assert_eq!(simulator.journal().len(), delivered);
    }

    #[test]
    fn a_panic_of_a_callback_unwinds_to_the_caller() {
        let simulator = Simulator::start().unwrap();
        let (url, token) = (simulator.url(), simulator.token());
        let request = TriggerRequest::new("unlock_account").unwrap();
        let options = WaitOptions::new(Duration::from_secs(60)).unwrap();
        let in_callback = |body: &dyn Fn()| {
            let panic = catch_unwind(AssertUnwindSafe(body)).unwrap_err();
            assert_eq!(panic.downcast_ref::<&str>(), Some(&"in the callback"));
        };
        for line in ["connecting to", "on a new connection", "HTTP "] {
            let client = client_that_panics_at(url, &token, line);
            in_callback(&|| drop(client.trigger_workflow(&request)));
            in_callback(&|| {
                drop(client.wait_for_workflow("a", &options, |_| ControlFlow::Continue(())));
            });
        }
        let client = Client::new(url, &token).unwrap();
        in_callback(&|| {
            drop(client.wait_for_workflow("a", &options, |_| panic!("in the callback")));
        });
        // The client works on.
        client.get_workflow_history("a").unwrap_err();
    }

    #[test]
    fn a_wait_of_three_minutes_sees_every_status() {
        let started = Instant::now();
        let (statuses, status, took) = watch("patch_server", &["hostName"]);
        assert_eq!(statuses, ["ACTIVATED", "RUNNING", "SUSPENDED", "RUNNING", "COMPLETED"]);
        assert_eq!(status, RunStatus::Completed);
        assert!((180..200).contains(&took.as_secs()), "{took:?}");
        // In virtual time; generous, since a loaded machine is slow.
        assert!(started.elapsed() < Duration::from_secs(60));

        let (statuses, status, _) = watch("restart_service", &["hostName", "serviceName"]);
        assert_eq!(
            (statuses, status),
            (vec!["RUNNING".into(), "FAILED".into()], RunStatus::Failed)
        );
        let (statuses, status, _) = watch("offboard_user", &["userName"]);
        assert_eq!(statuses, ["RUNNING", "TERMINATED"]);
        assert_eq!(status, RunStatus::Terminated);
        let (statuses, _, _) = watch("rotate_keys", &["keyName"]);
        assert_eq!(statuses, ["QUEUED", "RUNNING", "COMPLETED"]);
    }
}
