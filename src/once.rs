//! Triggers a workflow at most once per key, with a journal.

use crate::api::trigger::Trigger;
use crate::api::trigger_request::TriggerRequest;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Outcome};
use crate::fork;
use crate::journal::{Claim, Journal, JournalEntry, RequestSummary};
use crate::log::LogLevel;

/// The result of [`Client::trigger_workflow_once`].
///
/// Since 0.1.0.
#[derive(Debug, Clone)]
pub struct Once {
    result: Result<Trigger, Error>,
    entry: Option<Box<JournalEntry>>,
    is_recorded: bool,
}

impl Once {
    /// The result of a call that sent nothing.
    fn refused(error: Error, entry: Option<Box<JournalEntry>>) -> Self {
        Once { result: Err(error), entry, is_recorded: true }
    }

    /// Returns what is certain about the request with this key, whether it was sent now or before.
    pub fn outcome(&self) -> Outcome {
        self.result.as_ref().err().map_or(Outcome::Accepted, Error::outcome)
    }

    /// Returns the trigger id of the run, whether it was accepted now or before.
    pub fn trigger_id(&self) -> Option<&str> {
        match &self.result {
            Ok(trigger) => Some(trigger.trigger_id()),
            Err(_) => self.entry.as_ref()?.trigger_id(),
        }
    }

    /// True if the same request was accepted before, so that nothing was sent now.
    /// [`JournalEntry::time_ms`] says when.
    pub fn was_accepted_before(&self) -> bool {
        self.result.as_ref().is_err_and(|error| error.kind() == ErrorKind::AlreadyAccepted)
    }

    /// Returns the accepted run, or why there is none: [`ErrorKind::AlreadyAccepted`] if the same
    /// request was accepted before.
    pub fn result(&self) -> Result<&Trigger, &Error> {
        self.result.as_ref()
    }

    /// Returns what the journal knows about the key now; `None` if it was not read.
    pub fn entry(&self) -> Option<&JournalEntry> {
        self.entry.as_deref()
    }

    /// False if the outcome could not be written to the journal after the request was sent. Then
    /// the outcome of the key is unknown to later calls, which send nothing: keep this result, and
    /// call [`Journal::resolve`] with it later.
    pub fn is_recorded(&self) -> bool {
        self.is_recorded
    }

    pub(crate) fn into_parts(self) -> (Result<Trigger, Error>, Option<Box<JournalEntry>>, bool) {
        (self.result, self.entry, self.is_recorded)
    }
}

impl Client {
    /// Triggers a workflow at most once per key, such as a ticket or a message id, no matter which
    /// process on this machine dies when. The journal remembers what was sent:
    ///
    /// | the journal says about the key | the call |
    /// | --- | --- |
    /// | nothing, REJECTED or NOT_SENT | writes an intent to the disk, sends, writes the outcome |
    /// | accepted, the same request | sends nothing: [`Once::was_accepted_before`] |
    /// | in progress in another call | sends nothing: UNKNOWN, [`ErrorKind::KeyInProgress`] |
    /// | unknown, or its process died | sends nothing: UNKNOWN, [`ErrorKind::KeyUnresolved`] |
    /// | one of these three for a different request | sends nothing: NOT_SENT, [`ErrorKind::KeyOtherRequest`] |
    ///
    /// Requests are the same if workflow, initiator, initiation info and variables are, except
    /// those of [`TriggerRequest::exclude_from_digest`]. The retries of the call belong to its
    /// intent. The time of the disk does not count towards the timeout.
    ///
    /// # Errors
    ///
    /// In [`Once::result`]: the kinds above; with NOT_SENT [`ErrorKind::JournalGateway`],
    /// [`ErrorKind::Key`], [`ErrorKind::JournalFolder`], [`ErrorKind::JournalDamaged`],
    /// [`ErrorKind::JournalVersion`], [`ErrorKind::JournalIo`]; else those of
    /// [`trigger_workflow`](Self::trigger_workflow).
    pub fn trigger_workflow_once(
        &self,
        journal: &Journal,
        key: &str,
        request: &TriggerRequest,
    ) -> Once {
        let once = self.deliver(journal, key, request);
        let once = once.unwrap_or_else(|error| Once::refused(error, None));
        // The call itself logs its end.
        if let Err(error) = &once.result
            && error.info().request_id().is_empty()
        {
            let is_done = error.outcome() == Outcome::Accepted;
            let level = if is_done { LogLevel::Info } else { LogLevel::Error };
            let outcome = error.outcome();
            self.transport().log().line(level, format_args!("{outcome}: {error}"));
        }
        once
    }

    fn deliver(
        &self,
        journal: &Journal,
        key: &str,
        request: &TriggerRequest,
    ) -> Result<Once, Error> {
        journal.check_gateway(self.transport().base_url())?;
        let body = request.encode()?;
        if let Some(warning) = journal.take_warning() {
            self.transport().log().line(LogLevel::Warn, format_args!("{warning}"));
        }
        let process = fork::process();
        let (client, request_id) = self.with_next_request_id();
        let digest = journal.digest(&|part| request.visit_parts(part));
        let mut granted = match journal.claim(key, summary(request), digest, request_id)? {
            Claim::Granted(granted) => granted,
            Claim::Refused(error, entry) => return Ok(Once::refused(error, entry)),
        };
        let workflow = request.workflow_identifier().into();
        let result = client.submit(Ok((workflow, &body)), &request.secrets());
        if process != fork::process() {
            // A callback forked the process: the call remains the parent's, which records it.
            return Ok(Once { result, entry: None, is_recorded: true });
        }
        let outcome = result.as_ref().err().map_or(Outcome::Accepted, Error::outcome);
        let recorded = granted.complete(outcome, result.as_ref().ok().map(Trigger::trigger_id));
        let entry = granted.entry().map(Box::new);
        if let Err(problem) = &recorded {
            self.transport().log().line(
                LogLevel::Warn,
                format_args!("the outcome {outcome} of key \"{key}\" is not recorded: {problem}"),
            );
        }
        Ok(Once { result, entry, is_recorded: recorded.is_ok() })
    }
}

fn summary(request: &TriggerRequest) -> RequestSummary {
    let (contact, application, ticket, channel) = request.initiator();
    RequestSummary {
        workflow: request.workflow_identifier().to_owned(),
        contact,
        application,
        ticket: ticket.map(str::to_owned),
        channel: channel.map(str::to_owned),
    }
}
