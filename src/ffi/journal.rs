//! `luma_journal`: triggers that are delivered at most once per key.

use std::ffi::c_char;
use std::ptr;
use std::time::Duration;

use crate::{Client, Journal, JournalEntry, Response};

use super::boundary::{Argument, Failure, catch, free, guard_value};
use super::client::{give_result, luma_client};
use super::result::{give_reason, luma_result};
use super::status::{LUMA_ERROR_INTERNAL, LUMA_ERROR_JOURNAL_AGE};
use super::success::Success;
use super::trigger_request::luma_trigger_request;

/// A journal of triggers that are delivered at most once per key. Any number of threads may use it
/// at the same time, with any number of clients. Freed with luma_journal_free().
pub struct luma_journal(Journal);

const JOURNAL: Argument = Argument(1, "journal");
const KEY: Argument = Argument(2, "key");

/// Creates a journal: a folder that remembers which keys were triggered, for
/// luma_trigger_workflow_once(). Once, when a program is installed; luma_journal_open() opens it.
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
    // SAFETY: the ABI contract. Also set if `reason` is NULL.
    let _ = unsafe { Argument(2, "out").out(out, ptr::null_mut()) };
    let body = || {
        // SAFETY: the ABI contract.
        let (out, folder) = unsafe {
            (Argument(2, "out").out(out, ptr::null_mut())?, Argument(1, "folder").text(folder)?)
        };
        *out = Box::into_raw(Box::new(luma_journal(Journal::open(folder)?)));
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { give_reason(Argument(3, "reason"), reason, &body) }
}

/// Triggers a workflow at most once per key, no matter which process on this machine dies when.
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
/// Nothing is ever sent without an intent on the disk. After UNKNOWN, never trigger the key in
/// another way: find out whether the workflow runs, and settle the key with luma_journal_resolve().
/// Requests are the same if workflow, initiator, initiation info and variables are, except those
/// of luma_trigger_request_exclude_from_digest(). If a callback forks the process, the call remains
/// the parent's.
///
/// @param client The client to use. Its base URL must be that of the journal.
/// @param journal The journal.
/// @param key The caller's name for what may happen only once: a ticket, an event id, a message id.
///     1 to 1024 bytes, not blank, without control characters. Copied, and kept in the journal.
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
///     disk, which does not count towards the timeout. Does not wait for another call.
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
    let call = |client: &Client| {
        // SAFETY: the ABI contract.
        let (journal, key, request) = unsafe {
            (
                Argument(2, "journal").handle(journal)?,
                Argument(3, "key").text(key)?,
                Argument(4, "request").handle(request)?,
            )
        };
        Ok(client.trigger_workflow_once(&journal.0, key, &request.request))
    };
    // SAFETY: the ABI contract.
    unsafe { give_result(client, Argument(5, "out"), out, call) }
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

/// Lists the keys that somebody has to look at, oldest first: those whose outcome is unknown, and
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
/// FAILED. The next call with the key sends, also with a different request. What happened before
/// is kept.
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

/// Frees a journal. The folder stays, and so do results.
///
/// @param journal A journal that no thread uses any more. NULL does nothing.
/// @note Exclusive. Does not block.
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

/// Runs a function of a journal, and returns its result to the caller, whether it succeeded or
/// failed.
///
/// # Safety
///
/// As for [`Argument::handle`] and [`Argument::out`].
unsafe fn give(
    journal: *const luma_journal,
    (argument, out): (Argument, *mut *mut luma_result),
    body: &dyn Fn(&Journal) -> Result<luma_result, Failure>,
) -> i32 {
    guard_value(LUMA_ERROR_INTERNAL, || {
        // SAFETY: the caller's promise.
        let (out, journal) =
            unsafe { (argument.out(out, ptr::null_mut()), JOURNAL.handle(journal)) };
        let out = match out {
            Ok(out) => out,
            Err(failure) => return failure.status(),
        };
        let result = journal.and_then(|journal| catch(|| body(&journal.0)));
        let result = result.unwrap_or_else(luma_result::from);
        let status = result.status();
        *out = Box::into_raw(Box::new(result));
        status
    })
}

// Raw pointers hide these bounds from the compiler, so the header's promise is checked here.
const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<luma_journal>();
};
