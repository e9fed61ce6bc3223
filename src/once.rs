//! Triggers a workflow at most once per key, with a journal or with a store of the caller.

use crate::api::trigger::Trigger;
use crate::api::trigger_request::TriggerRequest;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Outcome};
use crate::fork;
use crate::journal::{self, Claim, Granted, Journal, JournalEntry, RequestSummary, VisitParts};
use crate::log::LogLevel;
use crate::memory;
use crate::panics::before_sending;

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
    /// If the journal cannot be read or written, [`Outcome::NotSent`] is about this call only.
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

/// A store of claims that several machines share, such as a table of a database, for
/// [`Client::trigger_workflow_once_with_store`]. It promises what a [`Journal`] does within one
/// machine.
///
/// Since 0.1.0.
pub trait OnceStore {
    /// Claims a key: in one transaction, stores `intent_json` and `digest` durably if nothing is
    /// stored for the key, or if its outcome was REJECTED or NOT_SENT. `intent_json` has the
    /// members `key`, `workflow`, `contact`, `application`, `ticket`, `channel`, `digest` and
    /// `requestId`.
    fn claim(&self, key: &str, digest: &str, intent_json: &str) -> StoreClaim;

    /// Stores the outcome of a claim that was granted. Returns false if that failed.
    fn complete(&self, key: &str, outcome: Outcome, trigger_id: Option<&str>) -> bool;
}

/// The decision of a store about a claim.
///
/// Since 0.1.0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreClaim {
    /// The claim is durable: the request is sent.
    Granted,
    /// A request with the same digest was accepted with this trigger id.
    Accepted(String),
    /// Another call has claimed the key and not completed it yet.
    InProgress,
    /// The outcome of a claim is UNKNOWN, or it was never completed.
    Unresolved,
    /// The key was claimed with another digest, and its outcome is not REJECTED or NOT_SENT.
    OtherRequest,
    /// The store failed, so that nothing may be sent.
    Failed,
}

impl Client {
    /// Triggers a workflow at most once per key, such as a ticket or a message id, even if
    /// processes on this machine die at any time. The journal remembers what was sent:
    ///
    /// | the journal says about the key | the call |
    /// | --- | --- |
    /// | nothing, REJECTED or NOT_SENT | writes an intent to the disk, sends, writes the outcome |
    /// | accepted, the same request | sends nothing: [`Once::was_accepted_before`] |
    /// | in progress in another call | sends nothing: UNKNOWN, [`ErrorKind::KeyInProgress`] |
    /// | unknown, or its process died | sends nothing: UNKNOWN, [`ErrorKind::KeyUnresolved`] |
    /// | one of these, another request | sends nothing: NOT_SENT, [`ErrorKind::KeyOtherRequest`] |
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
        let mut ledger = JournalLedger { journal, granted: None };
        self.deliver(&mut ledger, key, request)
    }

    /// Triggers a workflow at most once per key, also if several machines trigger the same keys:
    /// `store` remembers what was sent, instead of a journal. Otherwise the same as
    /// [`trigger_workflow_once`](Self::trigger_workflow_once).
    ///
    /// `digest_secret` is a random text that all these machines share and nobody else knows: nobody
    /// can check a guess at the value of a variable without it.
    ///
    /// # Errors
    ///
    /// In [`Once::result`]: as for a journal, except that the errors of the folder are
    /// [`ErrorKind::JournalStore`].
    pub fn trigger_workflow_once_with_store(
        &self,
        store: &dyn OnceStore,
        digest_secret: &str,
        key: &str,
        request: &TriggerRequest,
    ) -> Once {
        let mut ledger = StoreLedger { store, digest_secret, key };
        self.deliver(&mut ledger, key, request)
    }

    fn deliver(&self, ledger: &mut dyn Ledger, key: &str, request: &TriggerRequest) -> Once {
        let once = self.try_to_deliver(ledger, key, request);
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

    fn try_to_deliver(
        &self,
        ledger: &mut dyn Ledger,
        key: &str,
        request: &TriggerRequest,
    ) -> Result<Once, Error> {
        let prepare = || {
            let warning = ledger.check(self)?;
            journal::check_key(key)?;
            let body = request.encode()?;
            // For the digest.
            memory::check(4 * body.len())?;
            Ok((warning, body, ledger.digest(&|part| request.visit_parts(part))))
        };
        let (warning, body, digest) = before_sending(prepare)?;
        if let Some(warning) = warning {
            self.transport().log().line(LogLevel::Warn, format_args!("{warning}"));
        }
        let process = fork::process();
        // Until the outcome is recorded, so that a drain waits for that too.
        let active = self.hold_with_callback();
        let stopped = active.token();
        let stopped = stopped.is_cancelled().then(|| stopped.reason());
        let (client, request_id) = self.with_next_request_id();
        let refused = ledger.claim(key, summary(request), digest, request_id, stopped)?;
        if let Some((error, entry)) = refused {
            return Ok(Once::refused(error, entry));
        }
        if process != fork::process() {
            return Err(Error::local(ErrorKind::Cancelled, fork::FORKED));
        }
        let workflow = request.workflow_identifier().into();
        let result = client.submit(Ok((workflow, &body)), &request.secrets());
        if process != fork::process() {
            // A callback forked the process: the call remains the parent's, which records it.
            return Ok(Once { result, entry: None, is_recorded: true });
        }
        let outcome = result.as_ref().err().map_or(Outcome::Accepted, Error::outcome);
        let trigger_id = result.as_ref().ok().map(Trigger::trigger_id);
        let recorded = ledger.complete(outcome, trigger_id);
        if let Err(problem) = &recorded {
            self.transport().log().line(
                LogLevel::Warn,
                format_args!("the outcome {outcome} of key \"{key}\" is not recorded: {problem}"),
            );
        }
        Ok(Once { result, entry: ledger.entry(), is_recorded: recorded.is_ok() })
    }
}

/// Why nothing is sent, and what is known about the key.
type Refusal = (Error, Option<Box<JournalEntry>>);

/// Remembers what was sent.
trait Ledger {
    /// Checks that the client may use it. Returns a warning for the log.
    fn check(&self, client: &Client) -> Result<Option<&'static str>, Error>;

    fn digest(&self, visit: &VisitParts<'_>) -> String;

    /// Returns `None` if the intent is durable, so that the request may be sent. `stopped` says why
    /// the client sends nothing; then there is no intent.
    fn claim(
        &mut self,
        key: &str,
        request: RequestSummary,
        digest: String,
        request_id: String,
        stopped: Option<&str>,
    ) -> Result<Option<Refusal>, Error>;

    /// # Errors
    ///
    /// Why the outcome is not recorded.
    fn complete(&mut self, outcome: Outcome, trigger_id: Option<&str>) -> Result<(), String>;

    /// Returns what is known about the key now.
    fn entry(&self) -> Option<Box<JournalEntry>>;
}

struct JournalLedger<'a> {
    journal: &'a Journal,
    granted: Option<Granted>,
}

impl Ledger for JournalLedger<'_> {
    fn check(&self, client: &Client) -> Result<Option<&'static str>, Error> {
        self.journal.check_gateway(client.transport().base_url())?;
        Ok(self.journal.take_warning())
    }

    fn digest(&self, visit: &VisitParts<'_>) -> String {
        self.journal.digest(visit)
    }

    fn claim(
        &mut self,
        key: &str,
        request: RequestSummary,
        digest: String,
        request_id: String,
        stopped: Option<&str>,
    ) -> Result<Option<Refusal>, Error> {
        match self.journal.claim(key, request, digest, request_id, stopped)? {
            Claim::Granted(granted) => {
                self.granted = Some(granted);
                Ok(None)
            }
            Claim::Refused(error, entry) => Ok(Some((error, entry))),
        }
    }

    fn complete(&mut self, outcome: Outcome, trigger_id: Option<&str>) -> Result<(), String> {
        match &mut self.granted {
            Some(granted) => granted.complete(outcome, trigger_id),
            None => Err("there is no intent".into()),
        }
    }

    fn entry(&self) -> Option<Box<JournalEntry>> {
        Some(Box::new(self.granted.as_ref()?.entry()?))
    }
}

struct StoreLedger<'a> {
    store: &'a dyn OnceStore,
    digest_secret: &'a str,
    key: &'a str,
}

impl Ledger for StoreLedger<'_> {
    fn check(&self, _: &Client) -> Result<Option<&'static str>, Error> {
        if self.digest_secret.is_empty() {
            let message = "digest_secret is empty; use a random text that all machines share";
            return Err(Error::local(ErrorKind::JournalStore, message));
        }
        Ok(None)
    }

    fn digest(&self, visit: &VisitParts<'_>) -> String {
        journal::digest_of_request(self.digest_secret.as_bytes(), visit)
    }

    fn claim(
        &mut self,
        key: &str,
        request: RequestSummary,
        digest: String,
        request_id: String,
        stopped: Option<&str>,
    ) -> Result<Option<Refusal>, Error> {
        // The process may end now, and a claim without an outcome would need a person.
        if let Some(reason) = stopped {
            return Err(journal::client_stopped(reason));
        }
        let intent_json = journal::intent_json(key, &request, &digest, &request_id);
        let kind = match self.store.claim(key, &digest, &intent_json) {
            StoreClaim::Granted => return Ok(None),
            StoreClaim::Accepted(trigger_id) => {
                let entry = JournalEntry::in_store(key, trigger_id);
                let error = journal::refusal(ErrorKind::AlreadyAccepted, key, Some(&entry));
                return Ok(Some((error, Some(Box::new(entry)))));
            }
            StoreClaim::InProgress => ErrorKind::KeyInProgress,
            StoreClaim::Unresolved => ErrorKind::KeyUnresolved,
            StoreClaim::OtherRequest => ErrorKind::KeyOtherRequest,
            StoreClaim::Failed => {
                let message = format!("the store did not claim key \"{key}\"; nothing was sent");
                return Err(Error::local(ErrorKind::JournalStore, message));
            }
        };
        Ok(Some((journal::refusal(kind, key, None), None)))
    }

    fn complete(&mut self, outcome: Outcome, trigger_id: Option<&str>) -> Result<(), String> {
        match self.store.complete(self.key, outcome, trigger_id) {
            true => Ok(()),
            false => Err("the store failed".into()),
        }
    }

    fn entry(&self) -> Option<Box<JournalEntry>> {
        None
    }
}

/// The longest ticket or channel that is recorded, so that a line has at most 8 KB. They may be
/// longer in the request.
const MAX_RECORDED_BYTES: usize = 256;

fn summary(request: &TriggerRequest) -> RequestSummary {
    let recorded = |text: &str| text[..text.floor_char_boundary(MAX_RECORDED_BYTES)].to_owned();
    let (contact, application, ticket, channel) = request.initiator();
    RequestSummary {
        workflow: request.workflow_identifier().to_owned(),
        contact,
        application,
        ticket: ticket.map(recorded),
        channel: channel.map(recorded),
    }
}
