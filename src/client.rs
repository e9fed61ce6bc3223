//! The client: joins the gateway's language and the transport, one method per call.

use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::api::endpoint::{Endpoint, RetrySafety};
use crate::api::history::{self, HistoryEndpoint, WorkflowHistory};
use crate::api::id::Id;
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
use crate::error::{Error, ErrorKind, Outcome};
use crate::fork;
use crate::interpret;
use crate::log::LogLevel;
use crate::paging;
use crate::random;
use crate::redact;
use crate::response::Response;
use crate::retry;
use crate::token::{AccessToken, AuthHeader, AuthScheme};
use crate::transport::{
    CallContext, CancellationToken, Exchange, PreparedRequest, Reuse, Transport,
};
use crate::wait::{self, Clock, Poll, Wait, WaitOptions};

/// A client of one gateway. It may be shared by any number of threads; each call blocks its own
/// thread until its response or its timeout. But for the access token, it never changes. A process that
/// was forked makes clients of its own; only what is made through the C ABI notices the fork.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    /// What the ids of its calls are made of.
    request_id: RequestId,
}

const MAX_FAULT_CHARS: usize = 512;

struct Shared {
    transport: Transport,
    trigger: PreparedRequest,
    timeout: Duration,
    trigger_max_idle: Duration,
    read_max_idle: Duration,
    retries: bool,
    auth_scheme: AuthScheme,
    /// Each call takes it once, so a call under way keeps the one that it started with.
    credential: Mutex<AuthHeader>,
    calls: AtomicU32,
}

impl Client {
    /// A client with the default settings of [`Config`]. Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// As [`Config::new`] and [`with_config`](Self::with_config).
    pub fn new(base_url: &str, access_token: &str) -> Result<Self, Error> {
        Self::with_config(&Config::new(base_url, access_token)?)
    }

    /// A client with settings of the caller's. Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BaseUrlInsecure`] for `http://` to a host other than loopback, unless allowed;
    /// [`ErrorKind::Proxy`] if the environment names a proxy that cannot be used, see
    /// [`Config::set_proxy`].
    pub fn with_config(config: &Config) -> Result<Self, Error> {
        let transport = config
            .check()
            .and_then(|()| Transport::new(config.transport.clone(), &config.user_agent));
        // A program in C is told no more than the status.
        let transport = transport.inspect_err(|error| {
            config.transport.log.line(LogLevel::Error, format_args!("no client: {error}"));
        })?;
        let shared = Shared {
            trigger: transport.prepare_post(trigger::PATH)?,
            transport,
            timeout: config.timeout,
            trigger_max_idle: config.trigger_max_idle,
            read_max_idle: config.read_max_idle,
            retries: config.retries,
            auth_scheme: config.auth_scheme,
            credential: Mutex::new(AuthHeader::new(config.auth_scheme, &config.token)),
            calls: AtomicU32::default(),
        };
        let request_id = RequestId::of_client(random::generator().u64(..));
        Ok(Client { shared: Arc::new(shared), request_id })
    }

    /// The same client, connections and token included, whose calls have this id: it goes out as
    /// `X-Request-Id`, stands in the log, and comes back with [`CallInfo`](crate::CallInfo). Without
    /// one, each call makes an id of its own. [`cancel`](Self::cancel) and [`close`](Self::close) are for
    /// both.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::RequestId`] if it is empty, longer than 128 bytes or holds anything but visible
    /// ASCII.
    pub fn with_request_id(&self, request_id: &str) -> Result<Self, Error> {
        let request_id = RequestId::given(request_id)
            .map_err(|wrong| Error::local(ErrorKind::RequestId, format!("request_id {wrong}")))?;
        Ok(Client { shared: self.shared.clone(), request_id })
    }

    /// Ends every call and every wait that is under way, within 50 ms, with
    /// [`ErrorKind::Cancelled`]; the outcome is that of the last attempt. Calls that begin later are
    /// not affected. It does not block.
    pub fn cancel(&self) {
        self.shared.transport.cancel();
    }

    /// Ends calls and waits as [`cancel`](Self::cancel) does, and those that begin later too, with
    /// nothing sent. So threads that call again and again come to an end. It does not block.
    pub fn close(&self) {
        self.shared.transport.close();
    }

    /// Replaces the tenant's access token, at once for all threads. Calls under way keep the old
    /// one, which is wiped from memory with the last of them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AccessToken`] if it cannot stand in a header; the old one stays.
    pub fn set_access_token(&self, access_token: &str) -> Result<(), Error> {
        let token = AccessToken::checked("access_token", ErrorKind::AccessToken, access_token)?;
        let new = AuthHeader::new(self.shared.auth_scheme, &token);
        let mut credential = self.shared.lock_credential();
        let old = std::mem::replace(&mut *credential, new);
        // Wiped without the lock.
        drop(credential);
        drop(old);
        Ok(())
    }

    /// Submits a workflow for execution (`POST /gateway/api/v1/workflow/trigger`) and returns at
    /// once; it does not wait for the run. Never sent twice by itself: the gateway has no means to
    /// tell a repetition from a second order.
    ///
    /// # Errors
    ///
    /// Whatever is not [`Outcome::Accepted`](crate::Outcome::Accepted); [`Error::outcome`] tells
    /// what is certain. The same holds for the other calls.
    pub fn trigger_workflow(&self, request: &TriggerRequest) -> Result<Trigger, Error> {
        self.submit(request.encode().map(Cow::from))
    }

    /// The same with a request that is written as JSON already, in the gateway's own words. It is
    /// checked like a [`TriggerRequest`] and sent as it is.
    ///
    /// # Errors
    ///
    /// As [`trigger_workflow`](Self::trigger_workflow).
    pub fn trigger_workflow_json(&self, request_json: &str) -> Result<Trigger, Error> {
        let checked = trigger_request::check_json(request_json);
        self.submit(checked.map(|()| request_json.as_bytes().into()))
    }

    fn submit(&self, body: Result<Cow<'_, [u8]>, Error>) -> Result<Trigger, Error> {
        let (trigger_id, response) = self.call(|call| {
            let body = body?;
            let credential = self.credential();
            let sent =
                self.send::<TriggerEndpoint>(&self.shared.trigger, Some(&body), &credential, call);
            sent.inspect(|(id, response)| {
                call.log(LogLevel::Info, format_args!("trigger id {}", id.text(response)));
            })
        })?;
        Ok(Trigger { trigger_id, response })
    }

    /// How far a run has come (`GET /gateway/api/v1/workflowhistory/<triggerId>`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TriggerId`] for an id that cannot be one; else as
    /// [`trigger_workflow`](Self::trigger_workflow).
    pub fn get_workflow_history(&self, trigger_id: &str) -> Result<WorkflowHistory, Error> {
        let (state, response) = self.call(|call| {
            let path = history::path(&Id::trigger(trigger_id)?);
            self.get::<HistoryEndpoint>(&path, &self.credential(), call)
        })?;
        Ok(WorkflowHistory { state, response })
    }

    /// The steps of a run (`GET /gateway/api/v1/workflowhistory/<triggerId>/stephistory`), all
    /// pages of them within the one timeout.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TriggerId`], [`ErrorKind::Filter`], [`ErrorKind::OrderBy`];
    /// [`ErrorKind::ResponseTooLarge`] for more than 10,000 elements or 16 MiB;
    /// else as [`trigger_workflow`](Self::trigger_workflow).
    pub fn list_workflow_steps(
        &self,
        trigger_id: &str,
        query: &ListQuery<'_>,
    ) -> Result<WorkflowSteps, Error> {
        let response =
            self.list(Id::trigger(trigger_id).map(|id| steps::path(&id).into()), query)?;
        Ok(WorkflowSteps { response })
    }

    /// One step of a run in detail
    /// (`GET /gateway/api/v1/workflowhistory/<triggerId>/stephistory/<stepHistoryId>`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TriggerId`], [`ErrorKind::StepId`]; else as
    /// [`trigger_workflow`](Self::trigger_workflow).
    pub fn get_workflow_step(
        &self,
        trigger_id: &str,
        step_id: &str,
    ) -> Result<WorkflowStep, Error> {
        let ((), response) = self.call(|call| {
            let path = step::path(&Id::trigger(trigger_id)?, &Id::step(step_id)?);
            self.get::<StepEndpoint>(&path, &self.credential(), call)
        })?;
        Ok(WorkflowStep { response })
    }

    /// A URL that shows a run to a person (`POST /gateway/api/v1/launchincontexturl/generate`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TriggerId`]; [`ErrorKind::UnexpectedResponse`] for a URL that is neither http nor
    /// https; else as [`trigger_workflow`](Self::trigger_workflow).
    pub fn generate_launch_url(&self, trigger_id: &str) -> Result<LaunchUrl, Error> {
        let (url, response) = self.call(|call| {
            let body = launch_url::encode(&Id::trigger(trigger_id)?)?;
            let request = self.shared.transport.prepare_post(launch_url::PATH)?;
            self.send::<LaunchUrlEndpoint>(&request, Some(&body), &self.credential(), call)
        })?;
        Ok(LaunchUrl { url, response })
    }

    /// What can be triggered (`GET /gateway/api/v1/workflowdefinition`), all pages of it within
    /// the one timeout.
    ///
    /// # Errors
    ///
    /// As [`list_workflow_steps`](Self::list_workflow_steps).
    pub fn list_workflow_definitions(
        &self,
        query: &ListQuery<'_>,
    ) -> Result<WorkflowDefinitions, Error> {
        Ok(WorkflowDefinitions {
            response: self.list(Ok(workflow_definitions::PATH.into()), query)?,
        })
    }

    /// Makes a new access token for a tenant; its old one stops working
    /// (`GET /gateway/api/v1/platform/apiaccesskeys/generate`). It is sent once, on a connection
    /// of its own. The super-admin token is used for this call alone and wiped from memory behind
    /// it. The client goes on with the token that it has, see
    /// [`set_access_token`](Self::set_access_token).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SuperAdminToken`], [`ErrorKind::TenantExternalId`]; else as
    /// [`trigger_workflow`](Self::trigger_workflow). After
    /// [`Outcome::Unknown`](crate::Outcome::Unknown) the old token may no longer be valid.
    pub fn regenerate_tenant_token(
        &self,
        super_admin_token: &str,
        tenant_external_id: &str,
    ) -> Result<TenantToken, Error> {
        let (token, response) = self.call(|call| {
            let kind = ErrorKind::SuperAdminToken;
            let super_admin = AccessToken::checked("super_admin_token", kind, super_admin_token)?;
            // In both generations of the API it is a bearer token.
            let credential = AuthHeader::new(AuthScheme::Bearer, &super_admin);
            let path = tenant_token::path(&Id::tenant(tenant_external_id)?);
            self.get::<TenantTokenEndpoint>(&path, &credential, call)
        })?;
        Ok(TenantToken { token, response })
    }

    /// Looks at a run until its status is final, the time is over, or `on_poll` says stop; see
    /// [`WaitOptions`]. Ending the wait never ends the run, and it can be taken up again, by any
    /// process that has the trigger id.
    ///
    /// `on_poll` is called after each look, on the calling thread; the time that it takes counts.
    /// Each look takes the access token that the client has at that time.
    pub fn wait_for_workflow(
        &self,
        trigger_id: &str,
        options: &WaitOptions,
        on_poll: impl FnMut(&Poll) -> ControlFlow<()>,
    ) -> Wait {
        self.wait_by(None, trigger_id, options, on_poll)
    }

    /// By the system's clock, unless a test has another.
    fn wait_by(
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
                let look = |deadline: Instant| self.look(&path, deadline, &mut call);
                wait::until_final(clock.unwrap_or(&system_clock), options, look, on_poll)
            }
            Err(error) => Wait::refused(error),
        };
        log_wait(&wait, &call);
        wait.with_info(call.info())
    }

    /// Looks at a run once: to look again is up to the wait.
    fn look(
        &self,
        path: &str,
        deadline: Instant,
        call: &mut CallContext<'_>,
    ) -> Result<WorkflowHistory, Error> {
        call.set_deadline(deadline, self.shared.timeout);
        let request = self.shared.transport.prepare_get(path, true)?;
        let looked = loop {
            let credential = self.credential();
            let exchange =
                self.exchange(&request, None, &credential, HistoryEndpoint::RETRY_SAFETY, call);
            let looked = interpret::read::<HistoryEndpoint>(exchange, credential.token());
            let is_refused = looked.as_ref().is_err_and(|e| e.kind() == ErrorKind::Unauthorized);
            // Unless the token was replaced meanwhile, another look is refused as well.
            if !is_refused || self.credential().is_same(&credential) {
                break looked;
            }
            call.log(LogLevel::Warn, format_args!("looking again, with the new token"));
        };
        let (state, response) = looked.map_err(|error| error.with_info(call.info()))?;
        let history = WorkflowHistory { state, response: response.with_info(call.info()) };
        call.log(LogLevel::Info, format_args!("{history}"));
        Ok(history)
    }

    fn begin_call(&self) -> CallContext<'_> {
        let number = self.shared.calls.fetch_add(1, Ordering::Relaxed);
        // A child process goes on with the numbers of its parent.
        let number = number ^ fork::process().rotate_left(10);
        self.shared.transport.begin_call(self.shared.timeout, self.request_id.of_call(number))
    }

    /// Makes a call, and says how it went.
    fn call<T>(
        &self,
        body: impl FnOnce(&mut CallContext<'_>) -> Result<(T, Response), Error>,
    ) -> Result<(T, Response), Error> {
        let mut call = self.begin_call();
        match body(&mut call) {
            Ok((found, response)) => Ok((found, response.with_info(end(call, None)))),
            Err(error) => {
                let info = end(call, Some(&error));
                Err(error.with_info(info))
            }
        }
    }

    /// Tells the log of a fault of this library.
    pub(crate) fn log_fault(&self, message: &str) {
        let message = redact::shortened(message, MAX_FAULT_CHARS);
        self.shared.transport.log().line(LogLevel::Error, format_args!("{message}"));
    }

    fn credential(&self) -> AuthHeader {
        self.shared.lock_credential().clone()
    }

    fn get<E: Endpoint>(
        &self,
        path: &str,
        credential: &AuthHeader,
        call: &mut CallContext<'_>,
    ) -> Result<(E::Found, Response), Error> {
        // What decodes it cannot be wiped.
        let request = self.shared.transport.prepare_get(path, E::SECRET.is_none())?;
        self.send::<E>(&request, None, credential, call)
    }

    /// Sends a request, and again where that is safe.
    fn send<E: Endpoint>(
        &self,
        request: &PreparedRequest,
        body: Option<&[u8]>,
        credential: &AuthHeader,
        call: &mut CallContext<'_>,
    ) -> Result<(E::Found, Response), Error> {
        let mut retries = 0;
        loop {
            let exchange = self.exchange(request, body, credential, E::RETRY_SAFETY, call);
            match interpret::read::<E>(exchange, credential.token()) {
                Ok(found) => return Ok(found),
                Err(error) => self.pause_behind(error, E::RETRY_SAFETY, retries, call)?,
            }
            retries += 1;
        }
    }

    /// Sends a request once.
    fn exchange(
        &self,
        request: &PreparedRequest,
        body: Option<&[u8]>,
        credential: &AuthHeader,
        repeat: RetrySafety,
        call: &mut CallContext<'_>,
    ) -> Exchange {
        let via = match repeat {
            RetrySafety::Always => Reuse::Pool(self.shared.read_max_idle),
            RetrySafety::UnlessSent => Reuse::Pool(self.shared.trigger_max_idle),
            RetrySafety::Never => Reuse::OwnConnection,
        };
        self.shared.transport.exchange(request, credential.line(), body, via, call)
    }

    /// Pauses behind an error that sending again may mend.
    ///
    /// # Errors
    ///
    /// That error, if the request must not be sent again, or in vain.
    #[cold] // So that it stands once, and not in every call.
    fn pause_behind(
        &self,
        error: Error,
        repeat: RetrySafety,
        retries: u32,
        call: &CallContext<'_>,
    ) -> Result<(), Error> {
        let left = call.deadline.saturating_duration_since(Instant::now());
        let pause = match retry::pause(repeat, &error, retries, left) {
            Some(pause) if self.shared.retries => pause,
            _ => return Err(error),
        };
        let in_ms = pause.as_millis();
        call.log(LogLevel::Warn, format_args!("sending again in {in_ms} ms: {error}"));
        if call.cancellation.sleep(pause) {
            return Ok(());
        }
        let (outcome, message) =
            (error.outcome(), format!("cancelled before it was sent again: {error}"));
        Err(error.recast(ErrorKind::Cancelled, outcome, message))
    }

    fn list(
        &self,
        path: Result<Cow<'_, str>, Error>,
        query: &ListQuery<'_>,
    ) -> Result<Response, Error> {
        let ((), response) = self.call(|call| {
            let path = path?;
            let credential = self.credential();
            let list = paging::fetch(query, &path, |page| {
                let (elements, response) = self.get::<ListEndpoint>(page, &credential, call)?;
                Ok(response.with_elements(elements))
            });
            Ok(((), list?))
        })?;
        Ok(response)
    }
}

/// Ends a call, and says how it went.
#[inline(never)] // So that it stands once, and not in every call.
fn end(call: CallContext<'_>, error: Option<&Error>) -> CallInfo {
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
}

impl Shared {
    fn lock_credential(&self) -> MutexGuard<'_, AuthHeader> {
        self.credential.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// Sleeping on it moves the simulator's time.
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

    /// Triggers a workflow and waits for it; what was seen, without repetitions, and how long that
    /// took in virtual time.
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
        let mut seen = Vec::new();
        let wait = client.wait_by(Some(&clock), trigger.trigger_id(), &options, |poll| {
            seen.push(poll.seen.as_ref().unwrap().status_text().into_owned());
            ControlFlow::Continue(())
        });
        assert_eq!(wait.polls() as usize, seen.len());
        assert_eq!(simulator.journal().len(), 1 + seen.len());
        seen.dedup();
        (seen, wait.into_result().unwrap().status(), clock.passed.get())
    }

    #[test]
    fn a_run_of_three_minutes_is_watched_through_every_status() {
        let started = Instant::now();
        let (seen, status, took) = watch("patch_server", &["hostName"]);
        assert_eq!(seen, ["ACTIVATED", "RUNNING", "SUSPENDED", "RUNNING", "COMPLETED"]);
        assert_eq!(status, RunStatus::Completed);
        assert!((180..200).contains(&took.as_secs()), "{took:?}");
        assert!(started.elapsed() < Duration::from_secs(5));

        let (seen, status, _) = watch("restart_service", &["hostName", "serviceName"]);
        assert_eq!((seen, status), (vec!["RUNNING".into(), "FAILED".into()], RunStatus::Failed));
        let (seen, status, _) = watch("offboard_user", &["userName"]);
        assert_eq!(seen, ["RUNNING", "TERMINATED"]);
        assert_eq!(status, RunStatus::Terminated);
        let (seen, _, _) = watch("rotate_keys", &["keyName"]);
        assert_eq!(seen, ["QUEUED", "RUNNING", "COMPLETED"]);
    }
}
