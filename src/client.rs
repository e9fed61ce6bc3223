//! The client: joins the gateway's language and the transport, one method per call.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::answer;
use crate::api::endpoint::Endpoint;
use crate::api::history::{self, HistoryEndpoint, WorkflowHistory};
use crate::api::id::Id;
use crate::api::launch_url::{self, LaunchUrl, LaunchUrlEndpoint};
use crate::api::list::{ListEndpoint, ListQuery};
use crate::api::step::{self, StepEndpoint, WorkflowStep};
use crate::api::steps::{self, WorkflowSteps};
use crate::api::tenant_token::{self, TenantToken, TenantTokenEndpoint};
use crate::api::trigger::{self, Trigger, TriggerEndpoint};
use crate::api::trigger_request::{self, TriggerRequest};
use crate::api::workflows::{self, Workflows};
use crate::config::Config;
use crate::error::{Error, ErrorKind};
use crate::paging;
use crate::reply::Reply;
use crate::token::{AccessToken, AuthScheme, Credential};
use crate::transport::{PreparedRequest, Transport, Via};
use crate::wait::{self, Clock, Poll, SystemClock, Wait, WaitOptions};

/// A client of one gateway. It may be shared by any number of threads; each call blocks its own
/// thread until its reply or its timeout. But for the access token, it never changes.
pub struct Client {
    transport: Transport,
    trigger: PreparedRequest,
    user_agent: String,
    timeout: Duration,
    auth_scheme: AuthScheme,
    /// Each call takes it once, so a call under way keeps the one that it started with.
    credential: Mutex<Credential>,
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
        config.check()?;
        let transport = Transport::new(config.transport.clone())?;
        Ok(Client {
            trigger: transport.prepare_post(trigger::PATH, &config.user_agent)?,
            transport,
            user_agent: config.user_agent.clone(),
            timeout: config.timeout,
            auth_scheme: config.auth_scheme,
            credential: Mutex::new(Credential::new(config.auth_scheme, &config.token)),
        })
    }

    /// Replaces the tenant's access token, at once for all threads. Calls under way keep the old
    /// one, which is wiped from memory with the last of them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AccessToken`] if it cannot stand in a header; the old one stays.
    pub fn set_access_token(&self, access_token: &str) -> Result<(), Error> {
        let token = AccessToken::checked("access_token", ErrorKind::AccessToken, access_token)?;
        let new = Credential::new(self.auth_scheme, &token);
        let mut credential = self.credential.lock().unwrap_or_else(PoisonError::into_inner);
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
        let deadline = self.deadline();
        self.submit(&request.encode()?, deadline)
    }

    /// The same with a request that is written as JSON already, in the gateway's own words. It is
    /// checked like a [`TriggerRequest`] and sent as it is.
    ///
    /// # Errors
    ///
    /// As [`trigger_workflow`](Self::trigger_workflow).
    pub fn trigger_workflow_json(&self, request_json: &str) -> Result<Trigger, Error> {
        let deadline = self.deadline();
        trigger_request::check_json(request_json)?;
        self.submit(request_json.as_bytes(), deadline)
    }

    fn submit(&self, body: &[u8], deadline: Instant) -> Result<Trigger, Error> {
        let credential = self.credential();
        let (trigger_id, reply) =
            self.exchange::<TriggerEndpoint>(&self.trigger, Some(body), &credential, deadline)?;
        Ok(Trigger { trigger_id, reply })
    }

    /// How far a run has come (`GET /gateway/api/v1/workflowhistory/<triggerId>`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TriggerId`] for an id that cannot be one; else as
    /// [`trigger_workflow`](Self::trigger_workflow).
    pub fn get_workflow_history(&self, trigger_id: &str) -> Result<WorkflowHistory, Error> {
        self.look(&Id::trigger(trigger_id)?, self.deadline())
    }

    fn look(&self, trigger_id: &Id<'_>, deadline: Instant) -> Result<WorkflowHistory, Error> {
        let path = history::path(trigger_id);
        let (status, reply) = self.get::<HistoryEndpoint>(&path, &self.credential(), deadline)?;
        Ok(WorkflowHistory { status, reply })
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
        let reply = self.list(&steps::path(&Id::trigger(trigger_id)?), query)?;
        Ok(WorkflowSteps { reply })
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
        let path = step::path(&Id::trigger(trigger_id)?, &Id::step(step_id)?);
        let ((), reply) = self.get::<StepEndpoint>(&path, &self.credential(), self.deadline())?;
        Ok(WorkflowStep { reply })
    }

    /// A URL that shows a run to a person (`POST /gateway/api/v1/launchincontexturl/generate`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TriggerId`]; [`ErrorKind::UnexpectedReply`] for a URL that is neither http nor
    /// https; else as [`trigger_workflow`](Self::trigger_workflow).
    pub fn generate_launch_url(&self, trigger_id: &str) -> Result<LaunchUrl, Error> {
        let deadline = self.deadline();
        let body = launch_url::encode(&Id::trigger(trigger_id)?)?;
        let request = self.transport.prepare_post(launch_url::PATH, &self.user_agent)?;
        let credential = self.credential();
        let (url, reply) =
            self.exchange::<LaunchUrlEndpoint>(&request, Some(&body), &credential, deadline)?;
        Ok(LaunchUrl { url, reply })
    }

    /// What can be triggered (`GET /gateway/api/v1/workflowdefinition`), all pages of it within
    /// the one timeout.
    ///
    /// # Errors
    ///
    /// As [`list_workflow_steps`](Self::list_workflow_steps).
    pub fn list_workflows(&self, query: &ListQuery<'_>) -> Result<Workflows, Error> {
        Ok(Workflows { reply: self.list(workflows::PATH, query)? })
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
        let deadline = self.deadline();
        let kind = ErrorKind::SuperAdminToken;
        let super_admin = AccessToken::checked("super_admin_token", kind, super_admin_token)?;
        let path = tenant_token::path(&Id::tenant(tenant_external_id)?);
        let request = self.transport.prepare_get(&path, &self.user_agent)?;
        // In both generations of the API it is a bearer token.
        let credential = Credential::new(AuthScheme::Bearer, &super_admin);
        let exchange = self.transport.exchange(
            &request,
            credential.line(),
            None,
            Via::OwnConnection,
            deadline,
        );
        let (token, reply) = answer::read::<TenantTokenEndpoint>(exchange, credential.token())?;
        Ok(TenantToken { token, reply })
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
        self.wait_by(&SystemClock, trigger_id, options, on_poll)
    }

    fn wait_by(
        &self,
        clock: &impl Clock,
        trigger_id: &str,
        options: &WaitOptions,
        on_poll: impl FnMut(&Poll) -> ControlFlow<()>,
    ) -> Wait {
        let id = match Id::trigger(trigger_id) {
            Ok(id) => id,
            Err(error) => return Wait::refused(error),
        };
        let look = |deadline: Instant| self.look(&id, deadline.min(self.deadline()));
        wait::until_final(clock, options, look, on_poll)
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.timeout
    }

    fn credential(&self) -> Credential {
        self.credential.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn get<E: Endpoint>(
        &self,
        path: &str,
        credential: &Credential,
        deadline: Instant,
    ) -> Result<(E::Found, Reply), Error> {
        let request = self.transport.prepare_get(path, &self.user_agent)?;
        self.exchange::<E>(&request, None, credential, deadline)
    }

    fn exchange<E: Endpoint>(
        &self,
        request: &PreparedRequest,
        body: Option<&[u8]>,
        credential: &Credential,
        deadline: Instant,
    ) -> Result<(E::Found, Reply), Error> {
        let exchange =
            self.transport.exchange(request, credential.line(), body, Via::Pool, deadline);
        answer::read::<E>(exchange, credential.token())
    }

    fn list(&self, path: &str, query: &ListQuery<'_>) -> Result<Reply, Error> {
        let deadline = self.deadline();
        let credential = self.credential();
        paging::fetch(query, path, |page| {
            let (elements, reply) = self.get::<ListEndpoint>(page, &credential, deadline)?;
            Ok(reply.with_elements(elements))
        })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.transport).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use luma_simulator::{Options, Simulator, Time};

    use super::*;
    use crate::api::status::WorkflowStatus;

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

        fn sleep(&self, duration: Duration) {
            self.simulator.advance(duration).unwrap();
            self.passed.set(self.passed.get() + duration);
        }
    }

    /// Triggers a workflow and waits for it; what was seen, without repetitions, and how long that
    /// took in virtual time.
    fn watch(workflow: &str, variables: &[&str]) -> (Vec<String>, WorkflowStatus, Duration) {
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
        let wait = client.wait_by(&clock, trigger.trigger_id(), &options, |poll| {
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
        assert_eq!(status, WorkflowStatus::Completed);
        assert!((180..200).contains(&took.as_secs()), "{took:?}");
        assert!(started.elapsed() < Duration::from_secs(5));

        let (seen, status, _) = watch("restart_service", &["hostName", "serviceName"]);
        assert_eq!(
            (seen, status),
            (vec!["RUNNING".into(), "FAILED".into()], WorkflowStatus::Failed)
        );
        let (seen, status, _) = watch("offboard_user", &["userName"]);
        assert_eq!(seen, ["RUNNING", "TERMINATED"]);
        assert_eq!(status, WorkflowStatus::Terminated);
        let (seen, _, _) = watch("rotate_keys", &["keyName"]);
        assert_eq!(seen, ["QUEUED", "RUNNING", "COMPLETED"]);
    }
}
