//! `luma_journal`: triggers that are delivered at most once per key.

use std::ffi::{CStr, c_char, c_void};
use std::sync::Arc;
use std::time::Duration;

use crate::limits::MAX_TEXT_BYTES;
use crate::{Journal, JournalEntry, OnceStore, Outcome, Response, StoreClaim};

use super::boundary::{Argument, Failure, free};
use super::calls::give_result;
use super::client::{Caller, luma_client};
use super::outcome;
use super::result::{self, give_handle, give_reason, luma_result};
use super::status::LUMA_ERROR_JOURNAL_AGE;
use super::strings::Terminated;
use super::success::Success;
use super::trigger_request::luma_trigger_request;

/// A journal of triggers that are delivered at most once per key. Any number of threads may use it
/// at the same time, with any number of clients. Freed with luma_journal_free().
pub struct luma_journal(Arc<Journal>);

const JOURNAL: Argument = Argument(1, "journal");
const KEY: Argument = Argument(2, "key");

impl luma_journal {
    /// Returns a reference of the call that starts now. The handle is not used after that.
    ///
    /// # Safety
    ///
    /// As for [`Argument::handle`].
    unsafe fn hold(argument: Argument, journal: *const Self) -> Result<Arc<Journal>, Failure> {
        // SAFETY: the caller's promise.
        unsafe { argument.handle(journal) }.map(|luma_journal(journal)| journal.clone())
    }
}

/// Creates a journal: a folder that remembers which keys were triggered, for
/// luma_trigger_workflow_once(). Call it once, when a program is installed. Later,
/// luma_journal_open() opens the journal.
///
/// The folder must be on a disk of this machine. All processes of this machine that trigger the
/// same keys use the same folder. It never contains variables or tokens.
///
/// @param folder The path of the folder, in UTF-8, on Windows too. It must be empty or not exist;
///     the folder above it must exist. On Unix, only its owner can read it.
/// @param base_url The gateway that the journal is for, as for luma_config_new(). A client of
///     another gateway cannot use it.
/// @param[out] reason Receives NULL on success, else a result that has the status and the reason,
///     see luma_result_message(). Free it with luma_result_free().
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_1, _2;
///     LUMA_ERROR_BASE_URL_SYNTAX; LUMA_ERROR_BASE_URL_SCHEME; LUMA_ERROR_BASE_URL_USER_INFO;
///     LUMA_ERROR_BASE_URL_PORT; LUMA_ERROR_JOURNAL_EXISTS; LUMA_ERROR_JOURNAL_NETWORK;
///     LUMA_ERROR_JOURNAL_FOLDER; LUMA_ERROR_JOURNAL_IO.
/// @note Thread-safe. Blocks while it writes to the disk.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_journal_create(
    folder: *const c_char,
    base_url: *const c_char,
    reason: *mut *mut luma_result,
) -> i32 {
    let body = || {
        // SAFETY: the ABI contract.
        let (folder, base_url) = unsafe {
            (Argument(1, "folder").text(folder)?, Argument(2, "base_url").text(base_url)?)
        };
        Ok(Journal::create(folder, base_url)?)
    };
    // SAFETY: the ABI contract.
    unsafe { give_reason(Argument(3, "reason"), reason, &body) }
}

/// Opens a journal. Never creates one: a wrong path, or a disk that is not mounted, must not look
/// like a journal that knows nothing.
///
/// @param folder The path of the folder that luma_journal_create() created, in UTF-8.
/// @param[out] out Receives the journal, or NULL on failure. Free it with luma_journal_free().
/// @param[out] reason Receives NULL on success, else a result that has the status and the reason,
///     see luma_result_message(). Free it with luma_result_free().
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_1;
///     LUMA_ERROR_JOURNAL_FOLDER; LUMA_ERROR_JOURNAL_NETWORK; LUMA_ERROR_JOURNAL_DAMAGED;
///     LUMA_ERROR_JOURNAL_VERSION; LUMA_ERROR_JOURNAL_IO.
/// @note Thread-safe. Blocks while it reads from the disk.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_journal_open(
    folder: *const c_char,
    out: *mut *mut luma_journal,
    reason: *mut *mut luma_result,
) -> i32 {
    let create = || {
        // SAFETY: the ABI contract.
        let folder = unsafe { Argument(1, "folder").text(folder)? };
        Ok(Box::into_raw(Box::new(luma_journal(Arc::new(Journal::open(folder)?)))))
    };
    // SAFETY: the ABI contract.
    unsafe { give_handle((Argument(2, "out"), out), (Argument(3, "reason"), reason), &create) }
}

/// Triggers a workflow at most once per key, even if processes on this machine die at any time.
///
/// The journal says what the call does:
///
/// | the journal says about the key | the call |
/// | --- | --- |
/// | nothing, REJECTED or NOT_SENT | writes an intent to the disk, sends, writes the outcome |
/// | accepted, for the same request | sends nothing; LUMA_ALREADY_ACCEPTED, ACCEPTED |
/// | in progress in another call | sends nothing; LUMA_ERROR_KEY_IN_PROGRESS, UNKNOWN |
/// | unknown, or its process died | sends nothing; LUMA_ERROR_KEY_UNRESOLVED, UNKNOWN |
/// | these three for a different request | sends nothing; LUMA_ERROR_KEY_OTHER_REQUEST, NOT_SENT |
///
/// Nothing is ever sent without an intent on the disk. If the journal cannot be read or written,
/// NOT_SENT is about this call only: an earlier one may have triggered the key. After UNKNOWN,
/// never trigger the key in another way: find out whether the workflow runs, and settle the key
/// with luma_journal_resolve(). Requests are the same if workflow, initiator, initiation info and
/// variables are, except those of luma_trigger_request_exclude_from_digest(). If a callback forks
/// the process, the call remains the parent's.
///
/// @param client The client to use. Its base URL must be that of the journal.
/// @param journal The journal.
/// @param key The caller's name for what may happen only once: a ticket, an event id, a message id.
///     1 to 1024 bytes, not blank, without control characters. Compared byte by byte. Copied, and
///     kept in the journal.
/// @param request The workflow to run. It is not changed.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
///     luma_result_trigger_id() returns the trigger id, also if the key was accepted before;
///     luma_result_journal_time_ms() when that was. luma_result_journal_recorded() returns 0 if the
///     outcome could not be written after sending.
/// @return The status of the result. LUMA_OK: accepted now. LUMA_ALREADY_ACCEPTED: accepted before.
///     Any other status: see luma_result_outcome(). LUMA_ERROR_NULL_ARGUMENT_1 to _5;
///     LUMA_ERROR_UTF8_ARGUMENT_3; LUMA_ERROR_KEY; LUMA_ERROR_KEY_IN_PROGRESS;
///     LUMA_ERROR_KEY_UNRESOLVED; LUMA_ERROR_KEY_OTHER_REQUEST; LUMA_ERROR_JOURNAL_GATEWAY;
///     LUMA_ERROR_JOURNAL_FOLDER; LUMA_ERROR_JOURNAL_DAMAGED; LUMA_ERROR_JOURNAL_VERSION;
///     LUMA_ERROR_JOURNAL_IO; else as luma_trigger_workflow().
/// @note Thread-safe. Blocks until the response, at most the timeout, and while it writes to the
///     disk, which does not count towards the timeout. Does not wait for another call in progress;
///     for one that is just beginning or ending, at most 50 ms.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_workflow_once(
    client: *const luma_client,
    journal: *const luma_journal,
    key: *const c_char,
    request: *const luma_trigger_request,
    out: *mut *mut luma_result,
) -> i32 {
    let call = |caller: &Caller| {
        // SAFETY: the ABI contract.
        let (journal, key, request) = unsafe {
            (
                luma_journal::hold(Argument(2, "journal"), journal)?,
                Argument(3, "key").text(key)?,
                Argument(4, "request").handle(request)?,
            )
        };
        Ok(caller.begin().trigger_workflow_once(&journal, key, &request.request))
    };
    // SAFETY: the ABI contract.
    unsafe { give_result(client, Argument(5, "out"), out, call) }
}

/// The claim is durable: send the request.
pub const LUMA_CLAIM_GRANTED: i32 = 1;
/// A request with the same digest was accepted. The callback has written its trigger id.
pub const LUMA_CLAIM_ACCEPTED: i32 = 2;
/// Another call has claimed the key and not completed it yet.
pub const LUMA_CLAIM_IN_PROGRESS: i32 = 3;
/// The outcome of a claim is UNKNOWN, or it was never completed.
pub const LUMA_CLAIM_UNRESOLVED: i32 = 4;
/// The key was claimed with another digest, and its outcome is not REJECTED or NOT_SENT.
pub const LUMA_CLAIM_OTHER_REQUEST: i32 = 5;

/// Claims a key in the caller's store, for luma_trigger_workflow_once_with_store(). In one
/// transaction, it reads what is stored for the key, and if that is nothing, REJECTED or NOT_SENT,
/// stores the intent durably. It decides as the table of luma_trigger_workflow_once() says.
///
/// It must return: no exception and no longjmp may leave it.
///
/// @param key The key.
/// @param digest A keyed digest of the request, 64 characters. Equal requests have equal digests.
/// @param intent_json What to keep for people, a JSON object: `key`, `workflow`, `contact`,
///     `application`, `ticket`, `channel`, `digest` and `requestId`. No variables.
/// @param trigger_id Receives the trigger id for LUMA_CLAIM_ACCEPTED, NUL-terminated.
/// @param size The size of trigger_id in bytes, 1025: the longest trigger id has 1024.
/// @param user_data The pointer that was passed to luma_trigger_workflow_once_with_store().
/// @return LUMA_CLAIM_*. Any other number: the store failed, and nothing is sent.
/// @since 0.1.0
#[luma_stdcall::also]
pub type luma_claim_fn = Option<
    unsafe extern "C" fn(
        key: *const c_char,
        digest: *const c_char,
        intent_json: *const c_char,
        trigger_id: *mut c_char,
        size: usize,
        user_data: *mut c_void,
    ) -> i32,
>;

/// Stores the outcome of a claim that was granted, for luma_trigger_workflow_once_with_store().
///
/// It must return: no exception and no longjmp may leave it.
///
/// @param key The key.
/// @param outcome One of LUMA_OUTCOME_*.
/// @param trigger_id The trigger id if the outcome is ACCEPTED, else "".
/// @param user_data The pointer that was passed to luma_trigger_workflow_once_with_store().
/// @return 0 if the outcome is stored. Otherwise luma_result_journal_recorded() returns 0.
/// @since 0.1.0
#[luma_stdcall::also]
pub type luma_complete_fn = Option<
    unsafe extern "C" fn(
        key: *const c_char,
        outcome: i32,
        trigger_id: *const c_char,
        user_data: *mut c_void,
    ) -> i32,
>;

/// Triggers a workflow at most once per key, also if several machines trigger the same keys: a
/// store of the caller, such as a table of a database, remembers what was sent. Otherwise the same
/// as luma_trigger_workflow_once().
///
/// The promise is as good as the store: the claim must be atomic and durable when the callback
/// returns. If the caller dies after the claim, the key stays claimed: for the store, that is
/// LUMA_CLAIM_IN_PROGRESS or, after a while, LUMA_CLAIM_UNRESOLVED, but never granted again before
/// a person has settled it.
///
/// @param client The client to use.
/// @param claim Claims the key.
/// @param complete Stores the outcome.
/// @param user_data Passed to both callbacks, on the calling thread. May be NULL.
/// @param digest_secret A random text that all these machines share and nobody else knows: nobody
///     can check a guess at the value of a variable without it. Copied.
/// @param key The caller's name for what may happen only once, as for luma_trigger_workflow_once().
/// @param request The workflow to run. It is not changed.
/// @param[out] out Receives the result, as for luma_trigger_workflow_once().
/// @return As luma_trigger_workflow_once(), with LUMA_ERROR_JOURNAL_STORE instead of the errors of
///     a folder; LUMA_ERROR_NULL_ARGUMENT_1 to _3, _5 to _8; LUMA_ERROR_UTF8_ARGUMENT_5, _6.
/// @note Thread-safe. Blocks as luma_trigger_workflow(), and while the callbacks run, which does
///     not count towards the timeout.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_workflow_once_with_store(
    client: *const luma_client,
    claim: luma_claim_fn,
    complete: luma_complete_fn,
    user_data: *mut c_void,
    digest_secret: *const c_char,
    key: *const c_char,
    request: *const luma_trigger_request,
    out: *mut *mut luma_result,
) -> i32 {
    let call = |caller: &Caller| {
        let claim = claim.ok_or_else(|| Argument(2, "claim").null())?;
        let complete = complete.ok_or_else(|| Argument(3, "complete").null())?;
        // SAFETY: the ABI contract.
        let (digest_secret, key, request) = unsafe {
            (
                Argument(5, "digest_secret").text(digest_secret)?,
                Argument(6, "key").text(key)?,
                Argument(7, "request").handle(request)?,
            )
        };
        let store = CallbackStore {
            // SAFETY: the ABI contract.
            claim: &|key, digest, json, id, size| unsafe {
                claim(key, digest, json, id, size, user_data)
            },
            // SAFETY: the ABI contract.
            complete: &|key, outcome, id| unsafe { complete(key, outcome, id, user_data) },
        };
        Ok(caller.begin().trigger_workflow_once_with_store(
            &store,
            digest_secret,
            key,
            &request.request,
        ))
    };
    // SAFETY: the ABI contract.
    unsafe { give_result(client, Argument(8, "out"), out, call) }
}

/// A store of the host process.
struct CallbackStore<'a> {
    claim: &'a dyn Fn(*const c_char, *const c_char, *const c_char, *mut c_char, usize) -> i32,
    complete: &'a dyn Fn(*const c_char, i32, *const c_char) -> i32,
}

impl OnceStore for CallbackStore<'_> {
    fn claim(&self, key: &str, digest: &str, intent_json: &str) -> StoreClaim {
        let [key, digest, json] = [key, digest, intent_json].map(Terminated::new);
        let mut trigger_id = [0; MAX_TEXT_BYTES + 1];
        let (buffer, size) = (trigger_id.as_mut_ptr(), trigger_id.len());
        let claimed =
            (self.claim)(key.as_ptr(), digest.as_ptr(), json.as_ptr(), buffer.cast(), size);
        match claimed {
            LUMA_CLAIM_GRANTED => StoreClaim::Granted,
            LUMA_CLAIM_ACCEPTED => {
                match CStr::from_bytes_until_nul(&trigger_id).map(CStr::to_str) {
                    Ok(Ok(trigger_id)) if !trigger_id.is_empty() => {
                        StoreClaim::Accepted(trigger_id.to_owned())
                    }
                    _ => StoreClaim::Failed,
                }
            }
            LUMA_CLAIM_IN_PROGRESS => StoreClaim::InProgress,
            LUMA_CLAIM_UNRESOLVED => StoreClaim::Unresolved,
            LUMA_CLAIM_OTHER_REQUEST => StoreClaim::OtherRequest,
            _ => StoreClaim::Failed,
        }
    }

    fn complete(&self, key: &str, outcome: Outcome, trigger_id: Option<&str>) -> bool {
        let [key, trigger_id] = [key, trigger_id.unwrap_or_default()].map(Terminated::new);
        (self.complete)(key.as_ptr(), outcome::number(outcome), trigger_id.as_ptr()) == 0
    }
}

/// Returns what a journal knows about a key: which run belongs to a ticket, for instance.
///
/// @param journal The journal.
/// @param key The key.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
///     luma_result_outcome() is that of the key, luma_result_trigger_id() that of its run.
///     luma_result_string() returns `/state`: "ACCEPTED", "REJECTED", "NOT_SENT", "UNKNOWN",
///     "IN_PROGRESS", or "RELEASED" if a person found no run or allowed a new attempt; and `/key`,
///     `/workflow`, `/contact`, `/application`, `/ticket`, `/channel`, `/attempt`, `/requestId`,
///     `/acknowledged` and `/history`.
/// @return LUMA_OK if the journal knows the key, whatever its outcome; LUMA_ERROR_KEY_NOT_FOUND;
///     LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2; LUMA_ERROR_KEY;
///     LUMA_ERROR_JOURNAL_DAMAGED; LUMA_ERROR_JOURNAL_VERSION; LUMA_ERROR_JOURNAL_IO.
/// @note Thread-safe. Blocks while it reads from the disk.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_journal_find(
    journal: *const luma_journal,
    key: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    // SAFETY: the ABI contract.
    unsafe {
        change(journal, key, (Argument(3, "out"), out), &|journal, key| Ok(journal.find(key)?))
    }
}

/// Lists the keys that need attention, oldest first: those whose outcome is unknown, and
/// accepted ones whose end nobody acknowledged, see luma_journal_acknowledge(). Those in progress,
/// and files that cannot be read, are listed too.
///
/// @param journal The journal.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
///     luma_result_journal_count() returns the number of keys. luma_result_string() reads them:
///     `/entries/0/key`, `/entries/0/state` and so on, as for luma_journal_find(). The state of a
///     file that cannot be read is "DAMAGED", with `/file` and `/problem`.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_JOURNAL_FOLDER;
///     LUMA_ERROR_JOURNAL_IO.
/// @note Thread-safe. Blocks while it reads all files of the journal.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_journal_unfinished(
    journal: *const luma_journal,
    out: *mut *mut luma_result,
) -> i32 {
    let list = |journal: &Journal| {
        let entries = journal.unfinished()?;
        let texts: Vec<&str> = entries.iter().map(JournalEntry::json).collect();
        let json = ["{\"entries\":[", &texts.join(","), "]}"].concat();
        Ok(Success::Entries(Response::from_json(0, json), entries.len()).into())
    };
    // SAFETY: the ABI contract.
    unsafe { give(journal, (Argument(2, "out"), out), &list) }
}

/// Records that the end of an accepted run was seen, so that luma_journal_unfinished() no longer
/// lists its key. Does nothing if that is recorded already.
///
/// @param journal The journal.
/// @param key The key.
/// @param[out] out Receives the result, as for luma_journal_find().
/// @return LUMA_OK; LUMA_ERROR_KEY_STATE unless the key was accepted; LUMA_ERROR_KEY_IN_PROGRESS;
///     else as luma_journal_find().
/// @note Thread-safe. Blocks while it writes to the disk.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_journal_acknowledge(
    journal: *const luma_journal,
    key: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    let acknowledge = |journal: &Journal, key: &str| Ok(journal.acknowledge(key)?);
    // SAFETY: the ABI contract.
    unsafe { change(journal, key, (Argument(3, "out"), out), &acknowledge) }
}

/// Settles a key whose outcome is unknown, after a person has found out whether the workflow runs.
///
/// @param journal The journal.
/// @param key The key.
/// @param trigger_id The trigger id of the run that was found: then the key is accepted. Or NULL if
///     there certainly is no run: then the next call with the key sends.
/// @param who Who found it out, 1 to 1024 bytes. Copied, and kept in the journal.
/// @param reason How, 1 to 1024 bytes. Copied, and kept in the journal.
/// @param[out] out Receives the result, as for luma_journal_find().
/// @return LUMA_OK; LUMA_ERROR_KEY_STATE unless the outcome of the key is unknown;
///     LUMA_ERROR_KEY_IN_PROGRESS; LUMA_ERROR_NULL_ARGUMENT_1, _2, _4 to _6;
///     LUMA_ERROR_UTF8_ARGUMENT_2 to _5; LUMA_ERROR_TRIGGER_ID; LUMA_ERROR_JOURNAL_NOTE; else as
///     luma_journal_find().
/// @note Thread-safe. Blocks while it writes to the disk.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_journal_resolve(
    journal: *const luma_journal,
    key: *const c_char,
    trigger_id: *const c_char,
    who: *const c_char,
    reason: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    let resolve = |journal: &Journal, key: &str| {
        // SAFETY: the ABI contract.
        let (who, reason) =
            unsafe { (Argument(4, "who").text(who)?, Argument(5, "reason").text(reason)?) };
        let trigger_id = match trigger_id.is_null() {
            true => None,
            // SAFETY: the ABI contract.
            false => Some(unsafe { Argument(3, "trigger_id").text(trigger_id)? }),
        };
        Ok(journal.resolve(key, trigger_id, who, reason)?)
    };
    // SAFETY: the ABI contract.
    unsafe { change(journal, key, (Argument(6, "out"), out), &resolve) }
}

/// Allows one more run for a key that was accepted: its ticket was opened again, or the run has
/// FAILED. The next call with the key sends, also with a different request. The earlier events stay
/// in the journal.
///
/// @param journal The journal.
/// @param key The key.
/// @param who Who allows it, 1 to 1024 bytes. Copied, and kept in the journal.
/// @param reason Why, 1 to 1024 bytes. Copied, and kept in the journal.
/// @param[out] out Receives the result, as for luma_journal_find().
/// @return LUMA_OK; LUMA_ERROR_KEY_STATE unless the key was accepted: if its outcome is unknown,
///     luma_journal_resolve() comes first; otherwise the next call sends anyway;
///     LUMA_ERROR_KEY_IN_PROGRESS; LUMA_ERROR_NULL_ARGUMENT_1 to _5; LUMA_ERROR_UTF8_ARGUMENT_2 to
///     _4; LUMA_ERROR_JOURNAL_NOTE; else as luma_journal_find().
/// @note Thread-safe. Blocks while it writes to the disk.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_journal_new_attempt(
    journal: *const luma_journal,
    key: *const c_char,
    who: *const c_char,
    reason: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    let allow = |journal: &Journal, key: &str| {
        // SAFETY: the ABI contract.
        let (who, reason) =
            unsafe { (Argument(3, "who").text(who)?, Argument(4, "reason").text(reason)?) };
        Ok(journal.new_attempt(key, who, reason)?)
    };
    // SAFETY: the ABI contract.
    unsafe { change(journal, key, (Argument(5, "out"), out), &allow) }
}

/// Removes keys whose last event is older than a given time. A removed key can be triggered again.
/// Keys that luma_journal_unfinished() lists are never removed.
///
/// @param journal The journal.
/// @param older_than_ms Milliseconds, at least 0. Choose a time after which a key certainly does
///     not come again.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
///     luma_result_journal_count() returns the number of keys that were removed.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _3; LUMA_ERROR_JOURNAL_AGE;
///     LUMA_ERROR_JOURNAL_FOLDER; LUMA_ERROR_JOURNAL_IO.
/// @note Thread-safe. Blocks while it reads all files of the journal.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_journal_prune(
    journal: *const luma_journal,
    older_than_ms: i64,
    out: *mut *mut luma_result,
) -> i32 {
    let prune = |journal: &Journal| {
        let older_than = u64::try_from(older_than_ms)
            .map_err(|_| Failure::number(LUMA_ERROR_JOURNAL_AGE, older_than_ms))?;
        Ok(Success::Pruned(journal.prune(Duration::from_millis(older_than))?).into())
    };
    // SAFETY: the ABI contract.
    unsafe { give(journal, (Argument(3, "out"), out), &prune) }
}

/// Frees a journal. The folder stays, and so do results. A call in progress holds a reference: it
/// continues, and ends as usual.
///
/// @param journal A journal that no thread will use any more. NULL does nothing.
/// @note Exclusive, except for calls in progress. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_journal_free(journal: *mut luma_journal) {
    // SAFETY: the ABI contract.
    unsafe { free(journal) }
}

/// Runs a function of a journal with a key, and returns its result to the caller.
///
/// # Safety
///
/// As for [`Argument::handle`], [`Argument::text`] and [`Argument::out`].
unsafe fn change(
    journal: *const luma_journal,
    key: *const c_char,
    out: (Argument, *mut *mut luma_result),
    body: &dyn Fn(&Journal, &str) -> Result<JournalEntry, Failure>,
) -> i32 {
    let with_key = |journal: &Journal| {
        // SAFETY: the caller's promise.
        let key = unsafe { KEY.text(key)? };
        Ok(body(journal, key)?.into())
    };
    // SAFETY: the caller's promise.
    unsafe { give(journal, out, &with_key) }
}

/// Runs a function of a journal, and returns its result to the caller.
///
/// # Safety
///
/// As for [`Argument::handle`] and [`Argument::out`].
unsafe fn give(
    journal: *const luma_journal,
    (argument, out): (Argument, *mut *mut luma_result),
    body: &dyn Fn(&Journal) -> Result<luma_result, Failure>,
) -> i32 {
    // SAFETY: the caller's promise.
    let journal = || unsafe { luma_journal::hold(JOURNAL, journal) };
    let result = || journal().and_then(|journal| body(&journal));
    // SAFETY: the caller's promise.
    unsafe { result::give(argument, out, result) }
}

// Raw pointers hide these bounds from the compiler, so the header's promise is checked here.
const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<luma_journal>();
};
