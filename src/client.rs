//! The client: one method per call, each of which encodes a request, sends it and interprets the
//! response.

use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::api::endpoint::RetrySafety;
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
use crate::call_info::RequestId;
use crate::calls::{Calls, Request, contain, end_call};
use crate::config::{self, Config};
use crate::connected::Connected;
use crate::counters::Counters;
use crate::error::{Error, ErrorKind};
use crate::log::LogLevel;
use crate::memory;
use crate::open_wait::OpenWait;
use crate::paging;
use crate::panics::before_sending;
use crate::redact::{CallTexts, MASK_BYTES, Mask};
use crate::response::Response;
use crate::token::AccessToken;
use crate::transport::{ActiveCall, Fault, Transport};
use crate::wait::{Clock, Poll, Wait, WaitOptions};
use crate::wait_set::WaitSet;

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
    /// One reference, so that a call of the C ABI can hold one cheaply.
    calls: Arc<Calls>,
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
        let calls = config.check().and_then(|()| Calls::new(config));
        // A C program may read only the status, so the log explains it.
        let calls = calls.inspect_err(|error| {
            let log = &config.transport.log;
            log.line(LogLevel::Error, format_args!("no client was created: {error}"));
        })?;
        if let Some(origin) = &config.origin {
            let log = &config.transport.log;
            log.line(LogLevel::Debug, format_args!("settings from {origin}"));
        }
        Ok(Client::from(calls))
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
            self.calls.refused(Error::local(ErrorKind::RequestId, format!("request_id {problem}")))
        })?;
        Ok(Client::from(self.calls.with_request_id(request_id)))
    }

    /// Returns a client whose calls have this timeout instead of that of
    /// [`Config::set_timeout`], 1 ms to 24 h: for example 5 s for a poll and 30 s for a trigger, on
    /// the same connections.
    ///
    /// Both clients share connections and token, and [`cancel`](Self::cancel) and
    /// [`close`](Self::close) act on both.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TimeoutRange`] if it is out of range.
    pub fn with_timeout(&self, timeout: Duration) -> Result<Self, Error> {
        self.with_checked_timeout(config::TIMEOUT.check_duration(timeout))
    }

    /// As [`with_timeout`](Self::with_timeout), with the result of the check, which the C ABI makes
    /// with its own numbers.
    pub(crate) fn with_checked_timeout(
        &self,
        timeout: Result<Duration, Error>,
    ) -> Result<Self, Error> {
        let timeout = timeout.map_err(|error| self.calls.refused(error))?;
        Ok(Client::from(self.calls.with_timeout(timeout)))
    }

    /// Returns a client whose calls can be cancelled without those of this client: a scope.
    ///
    /// [`cancel`](Self::cancel) and [`close`](Self::close) of the new client act only on its own
    /// calls, on those of clients that were created from it, and on its scopes. Those of this
    /// client act on both. Both share connections, access token, log and counters. A scope is
    /// cheap: create one for each call that may have to be cancelled alone.
    #[must_use]
    pub fn with_own_cancel(&self) -> Self {
        Client::from(self.calls.with_own_cancel())
    }

    /// Cancels all calls and waits that are in progress. They end within 50 ms with
    /// [`ErrorKind::Cancelled`] and the outcome of their last attempt. Later calls are not
    /// affected. Does not block; can be called from any thread.
    pub fn cancel(&self) {
        self.calls.cancel();
    }

    /// Cancels all calls and waits that are in progress, as [`cancel`](Self::cancel) does, and
    /// makes all later calls fail with [`ErrorKind::Cancelled`] and nothing sent. Use it for
    /// shutdown, when threads may still start calls. Does not block; can be called from any thread.
    pub fn close(&self) {
        self.calls.close();
    }

    /// Refuses new calls at once, lets those in progress end, and then closes the client, as
    /// [`close`](Self::close) does: for stopping or upgrading a service. What is still in progress
    /// when the timeout ends is cancelled. 0 ms to 24 h.
    ///
    /// Calls that begin meanwhile fail with [`ErrorKind::Cancelled`] and
    /// [`Outcome::NotSent`](crate::Outcome::NotSent). Calls in progress may still retry.
    /// [`wait_for_workflow`](Self::wait_for_workflow) counts as in progress until the run ends; to
    /// avoid waiting for that, wait on a client [`with_own_cancel`](Self::with_own_cancel) and
    /// cancel it first. An [`OpenWait`] can be polled until the client is closed, but is not waited
    /// for. Clients that share cancellation with this one, and scopes of it, are drained with it.
    ///
    /// Any thread can drain, several at once too. Blocks until all calls have ended, at most the
    /// timeout.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Cancelled`] if calls had to be cancelled: they end within 50 ms.
    /// [`ErrorKind::InCallback`] from a callback of a call of this client, which would wait for
    /// itself, and [`ErrorKind::TimeoutRange`]: then nothing was done.
    pub fn drain(&self, timeout: Duration) -> Result<(), Error> {
        self.drain_checked(config::DRAIN_TIMEOUT.check_duration(timeout))
    }

    /// As [`drain`](Self::drain), with the result of the check.
    pub(crate) fn drain_checked(&self, timeout: Result<Duration, Error>) -> Result<(), Error> {
        let timeout = timeout.map_err(|error| self.calls.refused(error))?;
        self.calls.drain(timeout)
    }

    /// Returns what this client has done so far, together with all clients that share its
    /// connections: clones, scopes, and clients with another request id or timeout. For monitoring:
    /// costs nothing but reading some numbers.
    pub fn counters(&self) -> Counters {
        self.calls.transport().tally().read()
    }

    /// Returns the counter of this number: its position in [`Counters`].
    pub(crate) fn counter(&self, number: usize) -> Option<u64> {
        self.calls.transport().tally().get(number)
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
                .map_err(|error| self.calls.refused(error))?;
        self.calls.replace_token(&token);
        Ok(())
    }

    /// Returns the host and port of the proxy that this client uses, for a message; `None` without
    /// one. Login and password are not part of it. If Windows finds the proxy
    /// ([`Config::set_auto_proxy`]), this is the one of the latest attempt to connect.
    pub fn proxy(&self) -> Option<String> {
        self.calls.transport().proxy()
    }

    /// Opens a connection ahead of time: resolves the gateway's host, connects, through the proxy
    /// if there is one, and completes the TLS handshake. Sends nothing to the gateway. Use it when
    /// a program starts: a wrong setting shows at once, and the first call need not wait for a
    /// connection.
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
        let mut call = self.calls.begin();
        let connected = contain(&mut call, |call| {
            let mut retries = 0;
            loop {
                let Fault { kind, message } = match self.calls.transport().connect_ahead(call) {
                    Ok(connected) => return Ok(connected),
                    Err(fault) => fault,
                };
                let error = Error::local(kind, message);
                self.calls.pause_before_retry(
                    error,
                    RetrySafety::UnlessSent,
                    retries,
                    true,
                    call,
                )?;
                retries += 1;
            }
        });
        match end_call(call, connected) {
            (Ok(connected), info) => Ok(Connected { info, ..connected }),
            (Err(error), info) => Err(error.with_info(info)),
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
        let body = before_sending(|| request.encode());
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
        let checked = before_sending(|| trigger_request::check_json(request_json));
        self.submit(checked.map(|identifier| (identifier, request_json.as_bytes())), &[])
    }

    /// Sends a trigger: the workflow identifier and the whole body, or the mistake in them, which
    /// then becomes the error of a call and is logged with its id. `variables` are the values of
    /// its secret variables.
    pub(crate) fn submit(
        &self,
        request: Result<(Cow<'_, str>, &[u8]), Error>,
        variables: &[&str],
    ) -> Result<Trigger, Error> {
        let (run, response) = self.calls.run(|call| {
            let (identifier, body) = request?;
            check_memory(body, variables)?;
            let auth_header = self.calls.credentials().current(call)?;
            let texts = CallTexts {
                variables,
                request: body,
                ..self.calls.credentials().texts(&auth_header)
            };
            let request = Request::new(
                self.calls.trigger_request(),
                Some(body),
                &auth_header,
                texts,
                &identifier,
            );
            let description = trigger_request::describe(body, &texts);
            call.log(LogLevel::Info, format_args!("{description}"));
            let mut result = self.calls.send::<TriggerEndpoint>(request, call);
            if let Ok((run, response)) = &mut result
                && !(variables.is_empty() && texts.headers.is_empty())
            {
                // The gateway may repeat them in its response.
                run.detach_from(response);
                match memory::check(texts.mask_bytes(response.text().len())) {
                    Ok(()) => response.redact(&Mask::for_call(&texts)),
                    Err(_) => response.clear(),
                }
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
        let (state, response) = self.calls.run(|call| {
            let path = history::path(&Id::trigger(trigger_id)?);
            let auth_header = self.calls.credentials().current(call)?;
            self.calls.get::<HistoryEndpoint>(&path, &auth_header, &[], call)
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
        let ((), response) = self.calls.run(|call| {
            let path = step::path(&Id::trigger(trigger_id)?, &Id::step(step_id)?);
            let auth_header = self.calls.credentials().current(call)?;
            self.calls.get::<StepEndpoint>(&path, &auth_header, &[], call)
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
        let (url, response) = self.calls.run(|call| {
            let body = launch_url::encode(&Id::trigger(trigger_id)?)?;
            let request = self.calls.transport().prepare_post(launch_url::PATH)?;
            let auth_header = self.calls.credentials().current(call)?;
            let request_id = call.info.request_id.to_string();
            let ids = [trigger_id, &request_id];
            let texts = CallTexts { ids: &ids, ..self.calls.credentials().texts(&auth_header) };
            let request = Request::new(&request, Some(&body), &auth_header, texts, trigger_id);
            self.calls.send::<LaunchUrlEndpoint>(request, call)
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
        let (token, response) = self.calls.run(|call| {
            let kind = ErrorKind::SuperAdminToken;
            let super_admin =
                AccessToken::from_argument("super_admin_token", kind, super_admin_token)?;
            // The token would be in the path, and in the log.
            if is_uuid(super_admin_token.as_bytes()) && !is_uuid(tenant_external_id.as_bytes()) {
                let message = "super_admin_token and tenant_external_id are swapped: a UUID is \
                               the id of a tenant";
                return Err(Error::local(kind, message));
            }
            let auth_header = self.calls.credentials().super_admin(&super_admin);
            let path = tenant_token::path(&Id::tenant(tenant_external_id)?);
            let request_id = call.info.request_id.to_string();
            let ids = [tenant_external_id, &request_id];
            self.calls.get::<TenantTokenEndpoint>(&path, &auth_header, &ids, call)
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
        mut on_poll: impl FnMut(&Poll) -> ControlFlow<()>,
    ) -> Wait {
        let now = || clock.map_or_else(Instant::now, Clock::now);
        // Not only during each poll: it is drained like any other call.
        let _active = self.calls.hold_with_callback();
        let mut wait = match OpenWait::new(self.calls.clone(), trigger_id, options, now()) {
            Ok(wait) => wait,
            Err(error) => return Wait::refused(error),
        };
        while let Some(pause) = wait.next_poll_in_at(now()) {
            if !pause.is_zero() {
                match clock {
                    Some(clock) => clock.sleep(pause),
                    None => wait.sleep(pause),
                }
            }
            if let Some(poll) = wait.poll_at(&now)
                && on_poll(&poll).is_break()
            {
                wait.stop();
            }
        }
        wait.result()
    }

    /// Opens a wait whose polls and pauses are the caller's: nothing blocks between two polls. See
    /// [`OpenWait`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TriggerId`].
    pub fn open_wait(&self, trigger_id: &str, options: &WaitOptions) -> Result<OpenWait, Error> {
        OpenWait::new(self.calls.clone(), trigger_id, options, Instant::now())
    }

    /// Creates an empty set of waits, which follows many runs on few threads. See [`WaitSet`].
    pub fn wait_set<T: Clone>(&self) -> WaitSet<T> {
        WaitSet::new(&self.calls, Instant::now())
    }

    /// Logs a fault of this library.
    pub(crate) fn log_fault(&self, message: &str) {
        self.calls.log_fault(message);
    }

    /// Returns a client for a single call whose request id is known before it begins.
    pub(crate) fn with_next_request_id(&self) -> (Self, String) {
        let (calls, request_id) = self.calls.with_next_request_id();
        (Client::from(calls), request_id)
    }

    /// Counts as a call in progress, which may run a callback, until the value is dropped.
    pub(crate) fn hold_with_callback(&self) -> ActiveCall<'_> {
        self.calls.hold_with_callback()
    }

    pub(crate) fn transport(&self) -> &Transport {
        self.calls.transport()
    }

    /// Fetches a list. A mistake in its path becomes the error of the call.
    fn list(
        &self,
        path: Result<Cow<'_, str>, Error>,
        query: &ListQuery<'_>,
    ) -> Result<Response, Error> {
        let ((), response) = self.calls.run(|call| {
            let path = path?;
            let mut auth_header = self.calls.credentials().current(call)?;
            let list = paging::fetch(query, &path, |page| {
                if self.calls.credentials().are_renewable() {
                    // An earlier page may have renewed it.
                    auth_header = self.calls.credentials().current(call)?;
                }
                let (elements, response) =
                    self.calls.get::<ListEndpoint>(page, &auth_header, &[], call)?;
                Ok(response.with_elements(elements))
            });
            Ok(((), list?))
        })?;
        Ok(response)
    }
}

/// Checks that there is enough memory to describe a trigger, to encrypt it, and to mask its
/// secrets.
fn check_memory(body: &[u8], variables: &[&str]) -> Result<(), Error> {
    let secrets: usize = variables.iter().map(|value| value.len()).sum();
    Ok(memory::check(4 * body.len() + MASK_BYTES * secrets)?)
}

impl From<Calls> for Client {
    fn from(calls: Calls) -> Self {
        Client { calls: Arc::new(calls) }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.calls.transport()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use luma_simulator::{Options, Simulator, Time};

    use super::*;
    use crate::api::status::RunStatus;
    use crate::error::Outcome;
    use crate::simulated_clock::SimulatedClock;

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

        let clock = SimulatedClock::new(&simulator, Instant::now());
        let options = WaitOptions::new(Duration::from_secs(600)).unwrap();
        let mut statuses = Vec::new();
        let wait = client.wait_with_clock(Some(&clock), trigger.trigger_id(), &options, |poll| {
            statuses.push(poll.result.as_ref().unwrap().status_text().into_owned());
            ControlFlow::Continue(())
        });
        assert_eq!(wait.polls() as usize, statuses.len());
        assert_eq!(simulator.journal().len(), 1 + statuses.len());
        statuses.dedup();
        (statuses, wait.into_result().unwrap().status(), clock.passed())
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
            let result = client.calls.run(|call| -> Result<((), Response), Error> {
                if is_sent {
                    let auth_header = client.calls.credentials().current(call)?;
                    let request = Request::new(
                        client.calls.trigger_request(),
                        Some(&body),
                        &auth_header,
                        CallTexts::new(auth_header.token()),
                        "unlock_account",
                    );
                    let (exchange, _) = client.calls.exchange(request, RetrySafety::Never, call);
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
