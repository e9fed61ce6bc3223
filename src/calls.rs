//! Makes the calls of a client: sends requests, retries them where that is safe, and reports panics
//! as errors.

use std::any::Any;
use std::cell::OnceCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::api::endpoint::{Endpoint, RetrySafety};
use crate::api::history::{HistoryEndpoint, WorkflowHistory};
use crate::api::trigger;
use crate::call_info::{CallInfo, RequestId};
use crate::config::Config;
use crate::counters::Counter;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Outcome};
use crate::fork;
use crate::interpret::interpret;
use crate::log::LogLevel;
use crate::panic_points;
use crate::panics;
use crate::random;
use crate::redact::{self, CallTexts};
use crate::response::Response;
use crate::retry;
use crate::seen::Hash;
use crate::token::{AccessToken, AuthHeader};
use crate::transport::{
    ActiveCall, CallContext, CancellationToken, Canceller, Exchange, Lease, PausedCall,
    PreparedRequest, Reuse, Transport, Undrained,
};

/// How much of an internal error is logged.
const MAX_FAULT_CHARS: usize = 512;

/// A clone shares the connections and the token.
#[derive(Clone)]
pub(crate) struct Calls {
    shared: Arc<Shared>,
    canceller: Arc<Canceller>,
    timeout: Duration,
    /// The id of all calls, or the first part of generated ids.
    request_id: RequestId,
}

/// The state that all clients with the same connections share.
struct Shared {
    transport: Transport,
    trigger: PreparedRequest,
    trigger_max_idle: Duration,
    read_max_idle: Duration,
    retries: bool,
    credentials: Credentials,
    /// True if a call may run a log callback or a token provider.
    has_callbacks: bool,
    started: AtomicU32,
}

/// A request of a call.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    prepared: &'a PreparedRequest,
    body: Option<&'a [u8]>,
    auth_header: &'a AuthHeader,
    texts: CallTexts<'a>,
    /// True if no pooled connection may carry it.
    needs_new_connection: bool,
    /// The workflow, run or path that it asks for, by which [`Seen`](crate::seen::Seen)
    /// distinguishes its response from that to another request.
    asked: &'a str,
}

impl<'a> Request<'a> {
    pub(crate) fn new(
        prepared: &'a PreparedRequest,
        body: Option<&'a [u8]>,
        auth_header: &'a AuthHeader,
        texts: CallTexts<'a>,
        asked: &'a str,
    ) -> Self {
        Request { prepared, body, auth_header, texts, needs_new_connection: false, asked }
    }
}

impl Calls {
    /// # Errors
    ///
    /// As [`Transport::new`].
    pub(crate) fn new(config: &Config) -> Result<Self, Error> {
        let transport = Transport::new(config.transport.clone(), &config.user_agent)?;
        let shared = Shared {
            trigger: transport.prepare_post(trigger::PATH)?,
            transport,
            trigger_max_idle: config.trigger_max_idle,
            read_max_idle: config.read_max_idle,
            retries: config.retries,
            credentials: Credentials::new(
                config.auth_scheme,
                &config.token,
                config.token_provider.clone(),
                config.extra_headers.clone(),
            ),
            has_callbacks: config.has_callbacks(),
            started: AtomicU32::default(),
        };
        let request_id = RequestId::generated(random::generator().u64(..));
        Ok(Calls {
            shared: Arc::new(shared),
            canceller: Arc::default(),
            timeout: config.timeout,
            request_id,
        })
    }

    /// Returns the same with calls that have this request id.
    pub(crate) fn with_request_id(&self, request_id: RequestId) -> Self {
        Calls { request_id, ..self.clone() }
    }

    /// Returns the same with calls that have this timeout.
    pub(crate) fn with_timeout(&self, timeout: Duration) -> Self {
        Calls { timeout, ..self.clone() }
    }

    /// Returns the same with calls that are cancelled together with these, and also separately.
    pub(crate) fn with_own_cancel(&self) -> Self {
        Calls { canceller: self.canceller.scope(), ..self.clone() }
    }

    /// Cancels the calls in progress.
    pub(crate) fn cancel(&self) {
        self.shared.transport.cancel(&self.canceller);
    }

    /// Cancels the calls in progress and all later ones.
    pub(crate) fn close(&self) {
        self.shared.transport.close(&self.canceller);
    }

    /// Refuses new calls, lets those in progress end, and cancels the rest at the timeout.
    ///
    /// # Errors
    ///
    /// If some had to be cancelled, or if this thread is in a call.
    pub(crate) fn drain(&self, timeout: Duration) -> Result<(), Error> {
        let message = match self.shared.transport.drain(&self.canceller, timeout) {
            Ok(()) => return Ok(()),
            Err(Undrained::InCallback) => {
                let message = "a callback of a call cannot drain the client of the call, which \
                               would wait for itself; use another thread";
                return Err(self.refused(Error::local(ErrorKind::InCallback, message)));
            }
            Err(Undrained::InProgress) => {
                let timeout = timeout.as_millis();
                format!("calls were still in progress after {timeout} ms, and were cancelled")
            }
        };
        Err(self.refused(Error::local(ErrorKind::Cancelled, message)))
    }

    /// Returns the token of a call that starts now.
    pub(crate) fn cancellation(&self) -> CancellationToken<'_> {
        self.canceller.token()
    }

    /// Wakes the threads in [`CancellationToken::wait_while`] to check their condition again.
    pub(crate) fn notify(&self) {
        self.canceller.notify();
    }

    /// Replaces the access token, and wakes all calls that wait for another one.
    pub(crate) fn replace_token(&self, token: &AccessToken) {
        self.shared.credentials.replace(token);
        self.canceller.root().notify();
    }

    /// Returns the same for a single call whose request id is known before it begins. A caller's
    /// request id stays.
    pub(crate) fn with_next_request_id(&self) -> (Self, String) {
        let number = self.shared.started.fetch_add(1, Ordering::Relaxed);
        let request_id = self.request_id.for_call(number, fork::process()).to_string();
        (self.with_request_id(RequestId::Given(request_id.as_str().into())), request_id)
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.shared.transport
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.shared.credentials
    }

    /// Returns the request of a trigger, which is prepared once.
    pub(crate) fn trigger_request(&self) -> &PreparedRequest {
        &self.shared.trigger
    }

    pub(crate) fn begin(&self) -> CallContext<'_> {
        let number = self.shared.started.fetch_add(1, Ordering::Relaxed);
        let request_id = self.request_id.for_call(number, fork::process());
        let active = self.hold();
        self.shared.transport.begin_call(self.timeout, request_id, active)
    }

    /// Counts as a call in progress until the value is dropped.
    fn hold(&self) -> ActiveCall<'_> {
        self.canceller.begin(self.shared.has_callbacks)
    }

    /// The same with a callback of its own.
    pub(crate) fn hold_with_callback(&self) -> ActiveCall<'_> {
        self.canceller.begin(true)
    }

    /// Continues a paused call. The context is complete also if the call was cancelled.
    ///
    /// # Errors
    ///
    /// As [`CallContext::resume`].
    pub(crate) fn resume(
        &self,
        paused: &PausedCall,
    ) -> (CallContext<'_>, Result<(), &'static str>) {
        let request_id = paused.info.request_id.clone();
        let active = self.hold();
        let mut call = self.shared.transport.begin_call(self.timeout, request_id, active);
        let resumed = call.resume(paused);
        (call, resumed)
    }

    /// Makes a call, logs its end, and attaches its metadata to the result.
    pub(crate) fn run<T>(
        &self,
        body: impl FnOnce(&mut CallContext<'_>) -> Result<(T, Response), Error>,
    ) -> Result<(T, Response), Error> {
        let mut call = self.begin();
        let result = contain(&mut call, body);
        match end_call(call, result) {
            (Ok((value, response)), info) => Ok((value, response.with_info(info))),
            (Err(error), info) => Err(error.with_info(info)),
        }
    }

    /// Logs an argument that was refused outside of a call. A C program may read only the status.
    pub(crate) fn refused(&self, error: Error) -> Error {
        self.shared.transport.log().line(LogLevel::Error, format_args!("{error}"));
        error
    }

    /// Logs a fault of this library.
    pub(crate) fn log_fault(&self, message: &str) {
        let message = redact::shortened(message, MAX_FAULT_CHARS);
        self.shared.transport.log().line(LogLevel::Error, format_args!("{message}"));
    }

    /// Sends a GET. `ids` are known to the caller, so a message may show them.
    pub(crate) fn get<E: Endpoint>(
        &self,
        path: &str,
        auth_header: &AuthHeader,
        ids: &[&str],
        call: &mut CallContext<'_>,
    ) -> Result<(E::Value, Response), Error> {
        // A secret must not be compressed: the buffers of the decoder cannot be wiped.
        let prepared = self.shared.transport.prepare_get(path, E::SECRET.is_none())?;
        let texts = CallTexts { ids, ..self.shared.credentials.texts(auth_header) };
        let request = Request::new(&prepared, None, auth_header, texts, path);
        self.send::<E>(request, call)
    }

    /// Polls a run once, until `deadline` or the timeout of a call. It is not retried: the wait
    /// polls again.
    pub(crate) fn poll(
        &self,
        path: &str,
        deadline: Option<Instant>,
        call: &mut CallContext<'_>,
    ) -> Result<WorkflowHistory, Error> {
        call.set_deadline(deadline, self.timeout);
        let prepared = self.shared.transport.prepare_get(path, true)?;
        let current = self.shared.credentials.current(call);
        let mut auth_header = current.map_err(|error| error.with_info(call.info()))?;
        let mut is_renewed = false;
        let result = loop {
            let texts = self.shared.credentials.texts(&auth_header);
            let request = Request::new(&prepared, None, &auth_header, texts, path);
            let result = self.attempt::<HistoryEndpoint>(request, call);
            let is_unauthorized =
                result.as_ref().is_err_and(|error| error.kind() == ErrorKind::Unauthorized);
            // Polling again helps only with another token.
            if !is_unauthorized || is_renewed {
                break result;
            }
            let renewed = self.shared.credentials.renewed(&auth_header, call);
            let Some(renewed) = renewed else { break result };
            (auth_header, is_renewed) = (renewed, true);
            call.log(LogLevel::Warn, format_args!("polling again with the new access token"));
            call.tally.add(Counter::Retries, 1);
        };
        let (state, response) = result.map_err(|error| error.with_info(call.info()))?;
        let history = WorkflowHistory { state, response: response.with_info(call.info()) };
        call.log(LogLevel::Info, format_args!("{history}"));
        Ok(history)
    }

    /// Sends a request, and retries it where that is safe.
    pub(crate) fn send<E: Endpoint>(
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
        panic_points::pass("a retry is considered");
        let is_first_response = call.is_first_response;
        let is_refusal = error.outcome() == Outcome::Rejected;
        if error.kind() == ErrorKind::Unauthorized
            && safety != RetrySafety::Never
            && self.shared.credentials.are_renewable()
            && renewed.get().is_none()
        {
            // Also if this call cannot go on: the next one needs a new token too.
            let Some(new) = self.shared.credentials.renewed(request.auth_header, call) else {
                return Err(error);
            };
            let is_safe =
                safety == RetrySafety::Always || retry::proves_refusal(&error, is_first_response);
            if !is_safe || !self.shared.retries || !retry::has_time(call.time_left()) {
                return Err(error);
            }
            call.log(LogLevel::Warn, format_args!("retrying with a new access token: {error}"));
            call.tally.add(Counter::Retries, 1);
            request.auth_header = renewed.get_or_init(|| new);
            request.texts.token = request.auth_header.token();
        } else {
            self.pause_before_retry(error, safety, *retries, is_first_response, call)?;
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
        panic_points::pass("an exchange has ended");
        let seen = lease.as_mut().map(Lease::seen);
        let mut result = interpret::<E>(exchange, &request.texts, request.asked, seen);
        // After an unexpected response, the next one on this connection may be unexpected too: it
        // may be the response to this request. After another error, only the same read may follow.
        let may_continue = result.as_ref().err().is_none_or(|error| {
            error.kind() != ErrorKind::UnexpectedResponse && !E::RETRY_SAFETY.has_effect()
        });
        panic_points::pass("a response was interpreted");
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

    pub(crate) fn exchange(
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
    pub(crate) fn pause_before_retry(
        &self,
        error: Error,
        safety: RetrySafety,
        retries: u32,
        is_first_response: bool,
        call: &CallContext<'_>,
    ) -> Result<(), Error> {
        let left = call.time_left();
        let pause = match retry::pause(safety, &error, is_first_response, retries, left) {
            Some(pause) if self.shared.retries => pause,
            _ => return Err(error),
        };
        let pause_ms = pause.as_millis();
        call.log(LogLevel::Warn, format_args!("retrying in {pause_ms} ms: {error}"));
        if call.cancellation.sleep(pause) {
            call.tally.add(Counter::Retries, 1);
            return Ok(());
        }
        let outcome = error.outcome();
        let reason = call.cancellation.reason();
        let message = format!("{reason} before a retry: {error}");
        Err(error.recast(ErrorKind::Cancelled, outcome, message))
    }
}

/// Adds hints to an error that its response alone does not give.
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
pub(crate) fn contain<'a, T>(
    call: &mut CallContext<'a>,
    body: impl FnOnce(&mut CallContext<'a>) -> Result<T, Error>,
) -> Result<T, Error> {
    let body = || {
        panic_points::pass("a part of a call begins");
        body(call)
    };
    let result = catch_unwind(AssertUnwindSafe(body));
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

/// Ends a call, logs its outcome, and returns its result and its metadata.
pub(crate) fn end_call<T>(
    mut call: CallContext<'_>,
    result: Result<T, Error>,
) -> (Result<T, Error>, CallInfo) {
    let error = result.as_ref().err();
    let ended = contain(&mut call, |call| {
        note_end(call, error);
        Ok(())
    });
    (ended.and(result), call.into_info())
}

fn note_end(call: &CallContext<'_>, error: Option<&Error>) {
    panic_points::pass("a call ends");
    call.tally.count_outcome(error.map_or(Outcome::Accepted, Error::outcome));
    match error {
        None => call.log(LogLevel::Info, format_args!("{}", Outcome::Accepted)),
        Some(error) => call.log(LogLevel::Error, format_args!("{}: {error}", error.outcome())),
    }
}
