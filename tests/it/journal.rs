//! The journal: a key is delivered at most once, whatever happens in between.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use luma::{Client, ErrorKind as E, Journal, KeyState, Once, Outcome, TriggerRequest};
use luma_simulator::Simulator;

use crate::support::calls::*;
use crate::support::child::{child, is_child};
use crate::support::{ScriptServer, Step, TRIGGER_ID, config, request, response};

/// A path for a new journal.
fn new_folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("journals").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    path
}

fn new_journal(name: &str, url: &str) -> Journal {
    let folder = new_folder(name);
    Journal::create(&folder, url).unwrap();
    Journal::open(&folder).unwrap()
}

/// The files of the keys.
fn files(name: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("journals").join(name);
    let subfolders = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files =
        subfolders.filter(|path| path.is_dir()).flat_map(|path| fs::read_dir(path).unwrap());
    files.map(|entry| entry.unwrap().path()).collect()
}

fn append(file: &Path, text: &str) {
    OpenOptions::new().append(true).open(file).unwrap().write_all(text.as_bytes()).unwrap();
}

fn kind(once: &Once) -> Option<E> {
    once.result().err().map(luma::Error::kind)
}

fn simulated() -> (Simulator, Client) {
    let simulator = Simulator::start().unwrap();
    let client = Client::new(simulator.url(), &simulator.token()).unwrap();
    (simulator, client)
}

/// On other machines, /dev/shm may be a disk.
#[cfg(target_os = "linux")]
#[test]
fn the_log_warns_of_a_journal_in_memory() {
    let mounts = fs::read_to_string("/proc/mounts").unwrap();
    if !mounts.contains(" /dev/shm tmpfs ") {
        let reason = "/dev/shm is not a tmpfs";
        return crate::support::skipped::record_because(reason, "a journal in memory");
    }
    let folder = PathBuf::from(format!("/dev/shm/libluma-test-{}", std::process::id()));
    let simulator = Simulator::start().unwrap();
    Journal::create(&folder, simulator.url()).unwrap();
    let lines = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut config = luma::Config::new(simulator.url(), &simulator.token()).unwrap();
    let collected = lines.clone();
    config.set_log(luma::LogLevel::Warn, move |_, line| {
        collected.lock().unwrap().push(line.to_owned());
    });
    let client = Client::with_config(&config).unwrap();
    let journal = Journal::open(&folder).unwrap();
    for key in ["INC-1", "INC-2"] {
        let once = client.trigger_workflow_once(&journal, key, &request());
        assert_eq!(once.outcome(), Outcome::Accepted);
    }
    fs::remove_dir_all(&folder).unwrap();
    let lines = lines.lock().unwrap();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("in memory (tmpfs)"), "{lines:?}");
}

#[test]
fn an_accepted_key_is_sent_once_and_its_run_is_found() {
    let (simulator, client) = simulated();
    let journal = new_journal("accepted", simulator.url());
    let first = client.trigger_workflow_once(&journal, "INC-1", &request());
    assert_eq!((first.outcome(), kind(&first)), (Outcome::Accepted, None));
    assert!(first.is_recorded() && !first.was_accepted_before());
    let id = first.trigger_id().unwrap().to_owned();

    let second = client.trigger_workflow_once(&journal, "INC-1", &request());
    assert_eq!((second.outcome(), kind(&second)), (Outcome::Accepted, Some(E::AlreadyAccepted)));
    assert!(second.was_accepted_before());
    assert_eq!(second.trigger_id(), Some(&*id));
    assert_eq!(second.entry().unwrap().time_ms(), first.entry().unwrap().time_ms());
    assert_eq!(simulator.journal().len(), 1);

    let found = journal.find("INC-1").unwrap();
    assert_eq!((found.state(), found.trigger_id()), (KeyState::Accepted, Some(&*id)));
    let json: serde_json::Value = serde_json::from_str(found.json()).unwrap();
    assert_eq!(json["workflow"], "reset_password");
    assert_eq!((&json["contact"], &json["ticket"]), (&4021.into(), &"100-1".into()));
    assert_eq!(json["requestId"], simulator.journal()[0].request_id.as_deref().unwrap());
    assert!(!found.json().contains("jdoe") && !found.json().contains("userName"), "{json}");
    assert_eq!(journal.find("INC-2").unwrap_err().kind(), E::KeyNotFound);
}

#[test]
fn a_request_that_differs_is_refused_in_any_part() {
    let (simulator, client) = simulated();
    let journal = new_journal("different", simulator.url());
    let send = |request: &TriggerRequest| client.trigger_workflow_once(&journal, "K", request);
    let mut first = request();
    first.set_variable("a", "1").unwrap().set_secret_variable("s", "x").unwrap();
    first.set_variable("at", 1).unwrap().exclude_from_digest("at").unwrap();
    first.set_variable_json("list", "[1, \"a b\"]").unwrap();
    assert_eq!(send(&first).outcome(), Outcome::Accepted);

    // The order, whitespace, the way to set a string, and an excluded variable do not matter.
    let mut same = TriggerRequest::for_ism("reset_password", 4021, "100-1").unwrap();
    same.set_variable("list", (1, "a b")).unwrap().set_variable("s", "x").unwrap();
    same.set_variable("at", 2).unwrap().exclude_from_digest("at").unwrap();
    same.set_secret_variable("a", "1").unwrap().set_variable("userName", "jdoe").unwrap();
    assert_eq!(kind(&send(&same)), Some(E::AlreadyAccepted));

    let differs = |change: &dyn Fn(&mut TriggerRequest)| {
        let mut request = first.clone();
        change(&mut request);
        let once = send(&request);
        assert_eq!((once.outcome(), kind(&once)), (Outcome::NotSent, Some(E::KeyOtherRequest)));
    };
    differs(&|request| {
        request.set_variable("userName", "other").unwrap();
    });
    differs(&|request| {
        request.set_variable("a", 1).unwrap();
    });
    differs(&|request| {
        request.set_variable("b", "").unwrap();
    });
    differs(&|request| {
        request.set_secret_variable("s", "y").unwrap();
    });
    differs(&|request| {
        request.set_variable_json("list", "[1, \"ab\"]").unwrap();
    });
    differs(&|request| {
        request.set_initiator(4022, -4);
    });
    differs(&|request| {
        request.set_initiator(4021, -7);
    });
    differs(&|request| {
        request.set_initiation_info("ticketIdentifier", "100-2").unwrap();
    });
    assert_eq!(simulator.journal().len(), 1);
}

/// A journal that an earlier version has written, also the digest of a request: a program that is
/// upgraded must neither send again nor ask a person. If this test fails, existing journals do not
/// work any more.
#[test]
fn a_journal_of_version_1_is_read_by_every_later_library() {
    const URL: &str = "http://127.0.0.1:9";
    const HEADER: &str = r#"{"format":"luma-journal","version":1,"baseUrl":"http://127.0.0.1:9","secret":"SECRET"}
"#;
    const LINES: &str = r#"{"v":1,"at":1700000000000,"event":"intent","key":"INC-1","attempt":1,"workflow":"w","contact":4021,"application":-4,"ticket":"100-1","digest":"d","requestId":"r"}
{"v":1,"at":1700000000001,"event":"outcome","outcome":"REJECTED"}
{"v":1,"at":1700000000002,"event":"intent","key":"INC-1","attempt":1,"workflow":"w","channel":"c","digest":"d","requestId":"r"}
{"v":1,"at":1700000000003,"event":"outcome","outcome":"ACCEPTED","triggerId":"t-1"}
{"v":1,"at":1700000000004,"event":"acknowledged"}
{"v":1,"at":1700000000005,"event":"newAttempt","who":"jane","reason":"re-opened"}
{"v":1,"at":1700000000006,"event":"intent","key":"INC-1","attempt":2,"workflow":"reset_password","contact":4021,"application":-4,"ticket":"100-1","digest":"DIGEST","requestId":"r"}
{"v":1,"at":1700000000007,"event":"outcome","outcome":"UNKNOWN"}
{"v":1,"at":1700000000008,"event":"resolved","triggerId":"t-2","who":"jane","reason":"found"}
"#;
    // Calculated by another program.
    const DIGEST: &str = "8632c95b82c778e1f82abadd4373230b5bc8f98c84496431bf0a41954e9c0292";
    let secret: String = (0..32).map(|byte| format!("{byte:02x}")).collect();
    let folder = new_folder("version-1");
    Journal::create(&folder, URL).unwrap();
    fs::write(folder.join("journal.json"), HEADER.replace("SECRET", &secret)).unwrap();
    let name = "c1bcc96302fea81af130dc889eb49a46a9042435c0b14f5518c75079cdb51d66.jsonl";
    fs::write(folder.join(&name[..2]).join(name), LINES.replace("DIGEST", DIGEST)).unwrap();

    let mut request = TriggerRequest::for_ism("reset_password", 4021, "100-1").unwrap();
    request.set_variable("userName", "jdoe").unwrap().set_variable("n", 7).unwrap();
    request.set_variable("list", (1, "a b")).unwrap();
    request.set_secret_variable("s", "geheim \u{fc}").unwrap();
    request.set_variable("at", 1).unwrap().exclude_from_digest("at").unwrap();
    let journal = Journal::open(&folder).unwrap();
    let client = Client::new(URL, "token").unwrap();
    let once = client.trigger_workflow_once(&journal, "INC-1", &request);
    assert_eq!(kind(&once), Some(E::AlreadyAccepted), "{once:?}");
    assert_eq!(once.trigger_id(), Some("t-2"));
    assert_eq!(once.entry().unwrap().time_ms(), 1_700_000_000_008);
}

#[test]
fn a_refused_or_unsent_key_is_sent_again_also_with_a_corrected_request() {
    let refusal = response("400 X", "{}");
    let accepted = answers(&[ok(call("trigger").fixture)]);
    let server = ScriptServer::start(vec![answers(&[refusal]), accepted]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let journal = new_journal("rejected", &server.url);
    let wrong = TriggerRequest::new("wrong").unwrap();
    let once = client.trigger_workflow_once(&journal, "K", &wrong);
    assert_eq!((once.outcome(), kind(&once)), (Outcome::Rejected, Some(E::Refused)));
    assert_eq!(journal.find("K").unwrap().state(), KeyState::Rejected);
    let once = client.trigger_workflow_once(&journal, "K", &request());
    assert_eq!((once.outcome(), once.trigger_id()), (Outcome::Accepted, Some(TRIGGER_ID)));

    let (_socket, url) = crate::support::closed_port();
    let client = Client::with_config(&config(&url)).unwrap();
    let journal = new_journal("not-sent", &url);
    for _ in 0..2 {
        let once = client.trigger_workflow_once(&journal, "K", &request());
        assert_eq!((once.outcome(), kind(&once)), (Outcome::NotSent, Some(E::Connect)));
        assert_eq!(journal.find("K").unwrap().state(), KeyState::NotSent);
    }
    assert_eq!(fs::read_to_string(&files("not-sent")[0]).unwrap().lines().count(), 4);
    assert!(journal.unfinished().unwrap().is_empty());
}

#[test]
fn a_key_that_is_tried_again_during_a_long_outage_keeps_a_small_file() {
    let (_socket, url) = crate::support::closed_port();
    let mut settings = config(&url);
    let client = Client::with_config(settings.set_retries(false)).unwrap();
    let journal = new_journal("outage", &url);
    for _ in 0..130 {
        let once = client.trigger_workflow_once(&journal, "K", &request());
        assert_eq!(once.outcome(), Outcome::NotSent);
        assert!(once.is_recorded());
    }
    let after = fs::read_to_string(&files("outage")[0]).unwrap();
    assert!(after.lines().count() < 210, "{}", after.lines().count());
    assert_eq!(journal.find("K").unwrap().state(), KeyState::NotSent);
}

#[test]
fn no_line_makes_a_file_too_large_to_be_read_again() {
    let (simulator, client) = simulated();
    let journal = new_journal("large", simulator.url());
    // Only the start of a long ticket is recorded, cut between two characters.
    let ticket = "a".to_owned() + &"\u{fc}".repeat(1 << 20);
    let mut long = request();
    long.set_initiation_info("ticketIdentifier", &ticket).unwrap();
    assert_eq!(client.trigger_workflow_once(&journal, "long", &long).outcome(), Outcome::Accepted);
    assert!(client.trigger_workflow_once(&journal, "long", &long).was_accepted_before());
    let entry = journal.find("long").unwrap();
    assert!(entry.json().contains(&format!("\"ticket\":\"{}\"", &ticket[..255])), "{entry}");

    // A key that was settled for years. Its next attempt would not leave room for an outcome.
    let send = || client.trigger_workflow_once(&journal, "K", &request());
    send();
    journal.new_attempt("K", "me", &"x".repeat(1000)).unwrap();
    let file = files("large")
        .into_iter()
        .find(|file| fs::read_to_string(file).unwrap().contains("\"key\":\"K\""));
    let file = file.unwrap();
    let lines = fs::read_to_string(&file).unwrap();
    let cycles = (1 << 20) / lines.len() - 10;
    let repeated = (1..=cycles)
        .map(|attempt| lines.replacen("\"attempt\":1", &format!("\"attempt\":{attempt}"), 1));
    fs::write(&file, repeated.collect::<String>()).unwrap();
    let delivered = simulator.journal().len();
    let once = send();
    assert_eq!((once.outcome(), kind(&once)), (Outcome::NotSent, Some(E::JournalIo)));
    assert_eq!(simulator.journal().len(), delivered);
    assert_eq!(journal.find("K").unwrap().state(), KeyState::Released);
}

#[test]
fn an_unknown_key_is_not_sent_again_until_a_person_has_resolved_it() {
    let scripts = vec![vec![Step::Read], answers(&[ok(call("trigger").fixture)])];
    let server = ScriptServer::start(scripts);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let journal = new_journal("unknown", &server.url);
    let send = || client.trigger_workflow_once(&journal, "K", &request());
    let once = send();
    assert_eq!((once.outcome(), kind(&once)), (Outcome::Unknown, Some(E::ConnectionLost)));
    for _ in 0..2 {
        let once = send();
        assert_eq!((once.outcome(), kind(&once)), (Outcome::Unknown, Some(E::KeyUnresolved)));
        assert!(once.trigger_id().is_none());
    }
    let other = client.trigger_workflow_once(&journal, "K", &TriggerRequest::new("w").unwrap());
    assert_eq!((other.outcome(), kind(&other)), (Outcome::NotSent, Some(E::KeyOtherRequest)));
    assert_eq!(server.deliveries(), 1);
    let unfinished = journal.unfinished().unwrap();
    assert_eq!((unfinished.len(), unfinished[0].state()), (1, KeyState::Unknown));
    assert_eq!(journal.new_attempt("K", "me", "again").unwrap_err().kind(), E::KeyState);
    assert_eq!(journal.acknowledge("K").unwrap_err().kind(), E::KeyState);

    for (who, reason) in [("", "x"), ("me", "a\nb"), (" ", "x")] {
        assert_eq!(journal.resolve("K", None, who, reason).unwrap_err().kind(), E::JournalNote);
    }
    let wrong = journal.resolve("K", Some("a/b"), "me", "seen").unwrap_err();
    assert_eq!(wrong.kind(), E::TriggerId);
    let entry = journal.resolve("K", None, "me", "not in the history").unwrap();
    assert_eq!(entry.state(), KeyState::Released);
    assert_eq!(journal.resolve("K", None, "me", "twice").unwrap_err().kind(), E::KeyState);
    let once = send();
    assert_eq!((once.outcome(), once.trigger_id()), (Outcome::Accepted, Some(TRIGGER_ID)));
    assert!(once.entry().unwrap().json().contains("not in the history"));

    // The other way: the run is found.
    let server = ScriptServer::start(vec![vec![Step::Read]]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let journal = new_journal("found", &server.url);
    client.trigger_workflow_once(&journal, "K", &request());
    let entry = journal.resolve("K", Some(" abc "), "me", "in the history").unwrap();
    assert_eq!((entry.state(), entry.trigger_id()), (KeyState::Accepted, Some("abc")));
    let once = client.trigger_workflow_once(&journal, "K", &request());
    assert!(once.was_accepted_before());
    assert_eq!(once.trigger_id(), Some("abc"));
}

#[test]
fn a_new_attempt_sends_once_more_and_keeps_the_history() {
    let (simulator, client) = simulated();
    let journal = new_journal("attempts", simulator.url());
    let send = || client.trigger_workflow_once(&journal, "K", &request());
    assert_eq!(journal.new_attempt("K", "me", "x").unwrap_err().kind(), E::KeyNotFound);
    for attempt in 1..=3 {
        assert!(!send().was_accepted_before());
        assert!(send().was_accepted_before());
        let entry = journal.new_attempt("K", "me", "re-opened").unwrap();
        let json: serde_json::Value = serde_json::from_str(entry.json()).unwrap();
        assert_eq!((&json["attempt"], &json["state"]), (&attempt.into(), &"RELEASED".into()));
        assert_eq!(entry.trigger_id(), None);
        assert_eq!(journal.new_attempt("K", "me", "twice").unwrap_err().kind(), E::KeyState);
        assert_eq!(simulator.journal().len(), attempt);
    }
    let ids: Vec<_> = simulator.journal().iter().map(|it| it.request_id.clone()).collect();
    let json = journal.find("K").unwrap().json().to_owned();
    assert!(ids.iter().all(|id| json.contains(id.as_deref().unwrap())), "{json}");
}

#[test]
fn only_finished_keys_are_pruned() {
    let accepted = vec![Step::Read, Step::Send(ok(call("trigger").fixture)), Step::Close];
    let server = ScriptServer::start(vec![accepted, vec![Step::Read]]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let journal = new_journal("pruned", &server.url);
    let send = |key| client.trigger_workflow_once(&journal, key, &request());
    assert_eq!(send("accepted").outcome(), Outcome::Accepted);
    assert_eq!(send("unknown").outcome(), Outcome::Unknown);
    drop(server);
    assert_eq!(send("unsent").outcome(), Outcome::NotSent);
    let states = || -> Vec<_> {
        let entries = journal.unfinished().unwrap();
        entries.iter().map(|entry| (entry.key().to_owned(), entry.state())).collect()
    };
    let unknown = ("unknown".to_owned(), KeyState::Unknown);
    assert_eq!(states(), [("accepted".to_owned(), KeyState::Accepted), unknown.clone()]);
    assert_eq!(journal.prune(Duration::from_secs(3600)).unwrap(), 0);
    assert_eq!(journal.prune(Duration::ZERO).unwrap(), 1);
    assert_eq!(files("pruned").len(), 2);
    for _ in 0..2 {
        assert!(journal.acknowledge("accepted").unwrap().is_acknowledged());
    }
    assert_eq!(states(), std::slice::from_ref(&unknown));
    assert_eq!(journal.prune(Duration::MAX).unwrap(), 0);
    assert_eq!(journal.prune(Duration::ZERO).unwrap(), 1);
    assert_eq!(journal.find("accepted").unwrap_err().kind(), E::KeyNotFound);
    assert_eq!(states(), [unknown]);
}

#[test]
fn threads_with_one_key_deliver_it_once() {
    let (simulator, client) = simulated();
    let name = "threads";
    let folder = new_folder(name);
    Journal::create(&folder, simulator.url()).unwrap();
    let shared = Arc::new(Journal::open(&folder).unwrap());
    let threads: Vec<_> = (0..8)
        .map(|number| {
            let client = client.clone();
            // Two handles of one folder exclude each other like one.
            let journal = match number % 2 {
                0 => shared.clone(),
                _ => Arc::new(Journal::open(&folder).unwrap()),
            };
            thread::spawn(move || {
                for key in 0..25 {
                    let key = format!("K{key}");
                    let once = client.trigger_workflow_once(&journal, &key, &request());
                    assert!(
                        matches!(kind(&once), None | Some(E::AlreadyAccepted | E::KeyInProgress)),
                        "{once:?}"
                    );
                    // Opens and closes the same files.
                    let _ = journal.find(&key);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(simulator.journal().len(), 25);
}

/// A program that is being started has all files of its parent for a moment, with their locks.
#[cfg(unix)]
#[test]
fn a_process_that_starts_programs_does_not_keep_its_keys_locked() {
    let (_socket, url) = crate::support::closed_port();
    let client = Client::with_config(config(&url).set_retries(false)).unwrap();
    let journal = new_journal("programs", &url);
    let is_done = std::sync::atomic::AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !is_done.load(std::sync::atomic::Ordering::Relaxed) {
                    std::process::Command::new("true").status().unwrap();
                }
            });
        }
        let outcomes: Vec<_> = (0..80)
            .map(|_| {
                let _ = journal.find("K");
                client.trigger_workflow_once(&journal, "K", &request()).outcome()
            })
            .collect();
        is_done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::NotSent), "{outcomes:?}");
    });
}

/// On every system, unlike `crash.rs`: two processes with the same keys, killed after random
/// numbers of requests.
#[test]
fn processes_that_are_killed_at_random_deliver_each_key_at_most_once() {
    const NAME: &str = "journal::processes_that_are_killed_at_random_deliver_each_key_at_most_once";
    const KEYS: usize = 40;
    let variable = |name: &str| std::env::var(name).unwrap();
    if is_child() {
        let client = Client::new(&variable("LUMA_URL"), &variable("LUMA_TOKEN")).unwrap();
        let journal = Journal::open(variable("LUMA_JOURNAL")).unwrap();
        println!("\nready");
        // The test ends it when both are ready, so that neither is done before the other begins.
        std::io::stdin().read_line(&mut String::new()).unwrap();
        for key in 0..KEYS {
            let key = format!("{}-{key}", variable("LUMA_ROUND"));
            let mut request = request();
            request.set_initiation_info("ticketIdentifier", &key).unwrap();
            client.trigger_workflow_once(&journal, &key, &request);
        }
        return;
    }
    let (simulator, client) = simulated();
    let folder = new_folder("killed");
    Journal::create(&folder, simulator.url()).unwrap();
    let start = |round: usize| {
        let mut command = child(NAME);
        command.env("LUMA_URL", simulator.url()).env("LUMA_TOKEN", simulator.token());
        command.env("LUMA_JOURNAL", &folder).env("LUMA_ROUND", round.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap() == "ready"));
        process
    };
    let (mut unknown, mut sent) = (0, 0);
    let journal = Journal::open(&folder).unwrap();
    for round in 0..10 {
        let mut processes = [start(round), start(round)];
        let mut delivered = simulator.journal().len();
        processes.iter_mut().for_each(|process| drop(process.stdin.take()));
        for (number, process) in processes.iter_mut().enumerate() {
            // Sequences that look random. Together the two numbers are less than the keys.
            delivered += (round * 7919 + number * 13) % 19;
            crate::support::wait_until("requests", || simulator.journal().len() >= delivered);
            thread::sleep(Duration::from_micros((round as u64 * 104_729) % 1_500));
            process.kill().unwrap();
            process.wait().unwrap();
        }
        for key in 0..KEYS {
            let key = format!("{round}-{key}");
            let mut request = request();
            request.set_initiation_info("ticketIdentifier", &key).unwrap();
            let once = client.trigger_workflow_once(&journal, &key, &request);
            let runs = simulator.runs();
            let is_of_key = |run: &&luma_simulator::Run| {
                run.initiator.initiation_info["ticketIdentifier"] == *key
            };
            let ids: Vec<_> = runs.iter().filter(is_of_key).map(|run| &run.trigger_id).collect();
            match (once.outcome(), kind(&once)) {
                (Outcome::Accepted, None) => sent += 1,
                (Outcome::Accepted, Some(E::AlreadyAccepted)) => {}
                (Outcome::Unknown, Some(E::KeyUnresolved)) => unknown += 1,
                other => panic!("{key}: {other:?}"),
            }
            assert!(ids.len() <= 1, "{key}: {ids:?}");
            let id = once.trigger_id();
            assert!(id.is_none_or(|id| *ids[0] == id), "{key}: {id:?} {ids:?}");
        }
    }
    println!("{unknown} keys are unknown, {sent} were sent afterwards, of {}", 10 * KEYS);
    let keys: BTreeSet<_> = simulator.journal().into_iter().map(|it| it.body).collect();
    assert_eq!(keys.len(), simulator.journal().len(), "a request was sent twice");
}

#[test]
fn a_key_in_progress_is_not_sent_by_another_call() {
    let (release, released) = std::sync::mpsc::channel::<()>();
    let released = std::sync::Mutex::new(released);
    let server = ScriptServer::start(vec![vec![
        Step::Read,
        Step::Do(Arc::new(move || released.lock().unwrap().recv().unwrap())),
        Step::Send(ok(call("trigger").fixture)),
    ]]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let journal = Arc::new(new_journal("busy", &server.url));
    let (first_client, first_journal) = (client.clone(), journal.clone());
    let first =
        thread::spawn(move || first_client.trigger_workflow_once(&first_journal, "K", &request()));
    crate::support::wait_until("the request", || server.deliveries() == 1);
    let second = client.trigger_workflow_once(&journal, "K", &request());
    assert_eq!((second.outcome(), kind(&second)), (Outcome::Unknown, Some(E::KeyInProgress)));
    let other = client.trigger_workflow_once(&journal, "K", &TriggerRequest::new("w").unwrap());
    assert_eq!((other.outcome(), kind(&other)), (Outcome::NotSent, Some(E::KeyOtherRequest)));
    assert_eq!(journal.find("K").unwrap().state(), KeyState::InProgress);
    assert_eq!(journal.resolve("K", None, "me", "x").unwrap_err().kind(), E::KeyInProgress);
    assert_eq!(journal.new_attempt("K", "me", "x").unwrap_err().kind(), E::KeyInProgress);
    assert_eq!(journal.prune(Duration::ZERO).unwrap(), 0);
    release.send(()).unwrap();
    assert_eq!(first.join().unwrap().outcome(), Outcome::Accepted);
    assert_eq!(server.deliveries(), 1);
}

#[test]
fn an_intent_without_an_outcome_is_unknown_and_a_torn_line_is_not_written() {
    let (simulator, client) = simulated();
    let journal = new_journal("torn", simulator.url());
    let send = || client.trigger_workflow_once(&journal, "K", &request());
    assert_eq!(send().outcome(), Outcome::Accepted);
    let file = files("torn").remove(0);
    let text = fs::read_to_string(&file).unwrap();
    let intent = text.split_inclusive('\n').next().unwrap();
    println!("{text}");
    // Cut anywhere: within the intent nothing was sent, behind it the outcome is unknown.
    for length in 0..text.len() {
        fs::write(&file, &text[..length]).unwrap();
        if length < intent.len() {
            if length % 40 == 0 {
                let delivered = simulator.journal().len();
                assert_eq!(journal.find("K").unwrap_err().kind(), E::KeyNotFound);
                assert_eq!(send().outcome(), Outcome::Accepted, "{length}");
                assert_eq!(simulator.journal().len(), delivered + 1);
                assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 2);
            }
            continue;
        }
        assert_eq!(journal.find("K").unwrap().state(), KeyState::Unknown, "{length}");
        assert_eq!(kind(&send()), Some(E::KeyUnresolved), "{length}");
    }
    // What was torn is cut off before the next line.
    journal.resolve("K", Some("abc"), "me", "found").unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 2);
    assert_eq!(send().trigger_id(), Some("abc"));
}

#[test]
fn nothing_is_sent_with_a_file_that_is_not_understood() {
    let (simulator, client) = simulated();
    let journal = new_journal("damaged", simulator.url());
    let send = |key| client.trigger_workflow_once(&journal, key, &request());
    assert_eq!(send("K").outcome(), Outcome::Accepted);
    let file = files("damaged").remove(0);
    let text = fs::read_to_string(&file).unwrap();
    let delivered = simulator.journal().len();
    let is_damaged = |expected: E, case: &str| {
        let once = send("K");
        assert_eq!((once.outcome(), kind(&once)), (Outcome::NotSent, Some(expected)), "{case}");
        assert_eq!(journal.find("K").unwrap_err().kind(), expected);
        assert_eq!(journal.resolve("K", None, "me", "x").unwrap_err().kind(), expected);
        let unfinished = journal.unfinished().unwrap();
        assert_eq!((unfinished.len(), unfinished[0].state()), (1, KeyState::Damaged), "{case}");
        assert_eq!(journal.prune(Duration::ZERO).unwrap(), 0);
    };
    for (find, replace) in [
        ("\"v\":1,", "\"v\":\"1\","),
        ("{", "["),
        ("\"intent\"", "\"intend\""),
        ("\"key\":\"K\"", "\"key\":\"L\""),
        ("\"key\":\"K\"", "\"kex\":\"K\""),
        ("\"attempt\":1", "\"attempt\":2"),
        ("\"ACCEPTED\"", "\"accepted\""),
        ("\"ACCEPTED\"", "\"REJECTED\""),
        ("\"triggerId\"", "\"id\""),
        ("\"outcome\",", "\"acknowledged\","),
        ("\"at\":", "\"at\":1e400,\"as\":"),
        ("\"v\":1,", "\"v\":1,\"key\":\"K\","),
        ("\n", "\n\n"),
        ("\n", "\0\n"),
    ] {
        fs::write(&file, text.replacen(find, replace, 1)).unwrap();
        is_damaged(E::JournalDamaged, replace);
    }
    fs::write(&file, text.replacen("\"v\":1,", "\"v\":2,", 1)).unwrap();
    is_damaged(E::JournalVersion, "version");
    fs::write(&file, [0xff, b'\n']).unwrap();
    is_damaged(E::JournalDamaged, "not UTF-8");
    fs::write(&file, "x".repeat(1 << 21)).unwrap();
    is_damaged(E::JournalDamaged, "too large");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    is_damaged(E::JournalDamaged, "a folder");
    fs::remove_dir(&file).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/dev/null", &file).unwrap();
        is_damaged(E::JournalDamaged, "a symbolic link");
        fs::remove_file(&file).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&file).status().unwrap();
        assert!(made.success());
        is_damaged(E::JournalDamaged, "a pipe");
        fs::remove_file(&file).unwrap();
    }
    // A copy is not the file of its key.
    fs::write(file.with_extension("copy"), &text).unwrap();
    assert_eq!(journal.unfinished().unwrap()[0].state(), KeyState::Damaged);
    assert_eq!(journal.prune(Duration::ZERO).unwrap(), 0);
    assert_eq!(simulator.journal().len(), delivered);
    fs::write(&file, &text).unwrap();
    append(&file, "{\"v\":1,\"at\":1,\"event\":\"acknowledged\"}\n");
    assert!(journal.find("K").unwrap().is_acknowledged());
}

#[test]
fn a_journal_is_created_once_and_only_in_an_empty_folder() {
    let url = "https://acme.example";
    let folder = new_folder("created");
    assert_eq!(Journal::open(&folder).unwrap_err().kind(), E::JournalFolder);
    assert_eq!(Journal::create(&folder, "acme").unwrap_err().kind(), E::BaseUrlScheme);
    assert!(!folder.exists());
    Journal::create(&folder, url).unwrap();
    assert_eq!(Journal::create(&folder, url).unwrap_err().kind(), E::JournalExists);
    let header = folder.join("journal.json");
    let text = fs::read_to_string(&header).unwrap();
    assert!(text.contains("\"baseUrl\":\"https://acme.example\""), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&header)), (0o700, 0o600));
        assert_eq!(mode(&folder.join("7f")), 0o700);
    }
    for (find, replace, expected) in [
        ("\"version\":1", "\"version\":2", E::JournalVersion),
        ("\"version\":1", "\"version\":true", E::JournalDamaged),
        ("luma-journal", "other", E::JournalDamaged),
        ("\"secret\":\"", "\"secret\":\"0", E::JournalDamaged),
        ("}", "", E::JournalDamaged),
    ] {
        fs::write(&header, text.replace(find, replace)).unwrap();
        assert_eq!(Journal::open(&folder).unwrap_err().kind(), expected, "{replace}");
    }
    // Without its header, files of keys must not become part of another journal.
    fs::remove_file(&header).unwrap();
    assert_eq!(Journal::open(&folder).unwrap_err().kind(), E::JournalFolder);
    fs::write(folder.join("ab/x"), "").unwrap();
    assert_eq!(Journal::create(&folder, url).unwrap_err().kind(), E::JournalExists);
    fs::remove_file(folder.join("ab/x")).unwrap();
    // An earlier attempt that was interrupted, or one that goes on.
    fs::write(folder.join("journal.json.new"), "").unwrap();
    let error = Journal::create(&folder, url).unwrap_err();
    assert_eq!(error.kind(), E::JournalExists);
    assert!(error.message().contains("its creation was interrupted"), "{error}");
    fs::remove_file(folder.join("journal.json.new")).unwrap();
    // One that failed.
    Journal::create(&folder, url).unwrap();
    Journal::open(&folder).unwrap();

    let other = new_folder("not-empty");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("file"), "").unwrap();
    assert_eq!(Journal::create(&other, url).unwrap_err().kind(), E::JournalExists);
    assert_eq!(Journal::create(other.join("a/b"), url).unwrap_err().kind(), E::JournalIo);
}

#[test]
fn a_journal_refuses_a_client_of_another_gateway() {
    let (simulator, client) = simulated();
    let url = simulator.url().replace("127.0.0.1", "localhost");
    for (index, other) in ["https://acme.example", &url, &format!("{}/prefix", simulator.url())]
        .into_iter()
        .enumerate()
    {
        let name = format!("gateway-{index}");
        let journal = new_journal(&name, other);
        let once = client.trigger_workflow_once(&journal, "K", &request());
        assert_eq!((once.outcome(), kind(&once)), (Outcome::NotSent, Some(E::JournalGateway)));
        assert!(files(&name).is_empty());
    }
    // Another spelling of the same one.
    let journal = new_journal("spelling", &simulator.url().replace("http", "HTTP"));
    let client = Client::new(&format!("{}/", simulator.url()), &simulator.token()).unwrap();
    let once = client.trigger_workflow_once(&journal, "K", &request());
    assert_eq!(once.outcome(), Outcome::Accepted);
}

#[test]
fn invalid_keys_and_requests_leave_no_trace() {
    let (simulator, client) = simulated();
    let journal = new_journal("invalid", simulator.url());
    for key in ["", " ", "a\nb", "a\u{7f}", &"a".repeat(1025)] {
        let once = client.trigger_workflow_once(&journal, key, &request());
        assert_eq!((once.outcome(), kind(&once)), (Outcome::NotSent, Some(E::Key)), "{key}");
        assert_eq!(journal.find(key).unwrap_err().kind(), E::Key);
    }
    let mut wrong = TriggerRequest::new("w").unwrap();
    wrong.set_initiator(1, -4);
    let once = client.trigger_workflow_once(&journal, "K", &wrong);
    assert_eq!(kind(&once), Some(E::TicketIdentifier));
    assert!(files("invalid").is_empty());
    for key in ["../../x", "ü / 1", &"a".repeat(1024), "C:\\x"] {
        let once = client.trigger_workflow_once(&journal, key, &request());
        assert_eq!(once.outcome(), Outcome::Accepted);
        assert_eq!(journal.find(key).unwrap().key(), key);
    }
}

#[test]
fn a_clock_that_jumps_changes_only_the_recorded_times() {
    let (simulator, client) = simulated();
    let journal = new_journal("clock", simulator.url());
    let send = || client.trigger_workflow_once(&journal, "K", &request());
    send();
    let file = files("clock").remove(0);
    let text = fs::read_to_string(&file).unwrap();
    let at = text.split("\"at\":").nth(1).unwrap().split(',').next().unwrap();
    // The clock was wrong when the lines were written, or went backwards between them.
    for (intent, outcome) in [("9999999999999", at), (at, "-1"), ("9999999999999", "1")] {
        let (first, second) = text.split_once('\n').unwrap();
        let at_outcome = second.split("\"at\":").nth(1).unwrap().split(',').next().unwrap();
        let first = first.replacen(at, intent, 1);
        let second = second.replacen(at_outcome, outcome, 1);
        fs::write(&file, format!("{first}\n{second}")).unwrap();
        let once = send();
        assert!(once.was_accepted_before());
        assert_eq!(once.entry().unwrap().time_ms(), outcome.parse::<i64>().unwrap());
        assert_eq!(journal.unfinished().unwrap().len(), 1);
    }
    // A key of the future is not old.
    let line = "{\"v\":1,\"at\":9999999999999,\"event\":\"acknowledged\"}\n";
    append(&file, line);
    assert_eq!(journal.prune(Duration::ZERO).unwrap(), 0);
    assert_eq!(simulator.journal().len(), 1);
}

#[test]
fn a_closed_client_or_a_missing_subfolder_sends_nothing() {
    let (simulator, client) = simulated();
    let journal = new_journal("closed", simulator.url());
    client.close();
    let once = client.trigger_workflow_once(&journal, "K", &request());
    assert_eq!((once.outcome(), kind(&once)), (Outcome::NotSent, Some(E::Cancelled)));
    assert_eq!(journal.find("K").unwrap_err().kind(), E::KeyNotFound);
    let file = files("closed").remove(0);
    fs::remove_dir_all(file.parent().unwrap()).unwrap();
    let client = Client::new(simulator.url(), &simulator.token()).unwrap();
    let once = client.trigger_workflow_once(&journal, "K", &request());
    assert_eq!((once.outcome(), kind(&once)), (Outcome::NotSent, Some(E::JournalFolder)));
    assert_eq!(journal.unfinished().unwrap_err().kind(), E::JournalFolder);
    assert!(simulator.journal().is_empty());
}

#[cfg(unix)]
mod in_c {
    use std::io::Write;
    use std::path::Path;
    use std::process::{Command, Stdio};

    use luma_simulator::Simulator;

    use super::{append, files, new_folder};
    use crate::support::c::{compile_c, output, run_checks, unchecked, with_gateway};

    #[test]
    fn a_key_is_delivered_once_by_processes_that_compete_fork_die_or_have_no_disk() {
        let simulator = Simulator::start().unwrap();
        let program = compile_c("tests/c/journal.c");
        let mut command = unchecked(&program);
        let output = run_checks(with_gateway(&mut command, &simulator).arg(new_folder("in-c")));
        let text = String::from_utf8_lossy(&output.stdout);
        let expected = format!("{} deliveries\n", simulator.journal().len());
        assert!(text.contains(&expected), "{expected}{text}");
        assert!(!files("in-c").is_empty());
    }

    fn once(
        program: &Path,
        simulator: &Simulator,
        arguments: &[&str],
        input: &str,
    ) -> (i32, String) {
        let mut command = unchecked(program);
        let command = with_gateway(&mut command, simulator).args(arguments);
        let command: &mut Command = command.stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A program that refuses its arguments does not read.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        println!("{text}");
        (output.status.code().unwrap(), text)
    }

    #[test]
    fn the_once_example_submits_each_ticket_once_and_lists_what_needs_a_person() {
        let simulator = Simulator::start().unwrap();
        let program = compile_c("examples-c/once.c");
        let folder = new_folder("example");
        let folder = folder.to_str().unwrap();
        let once = |arguments: &[&str], input| {
            once(&program, &simulator, &[&[folder], arguments].concat(), input)
        };
        let workflow = ["reset_password", "userName"];
        let tickets = "INC-1 jdoe\nINC-2 anna\nINC-1 jdoe\n";
        assert_eq!(once(&workflow, tickets).0, 1);
        assert_eq!(once(&["create"], "").0, 0);
        assert_eq!(once(&["create"], "").0, 1);
        let (code, text) = once(&workflow, tickets);
        assert_eq!((code, text.matches(": accepted as").count()), (0, 2));
        assert_eq!(text.matches("INC-1: accepted before as").count(), 1);
        let (code, text) = once(&workflow, tickets);
        assert_eq!((code, text.matches("accepted before").count()), (0, 3));
        assert_eq!(simulator.journal().len(), 2);

        // The response is lost.
        let lost = ["fault-reset-after-reading", "userName"];
        for _ in 0..2 {
            let (code, text) = once(&lost, "INC-3 x\n");
            assert_eq!(code, 4);
            assert!(text.contains("needs a person: INC-3 UNKNOWN fault-reset-after-reading "));
        }
        assert_eq!(simulator.journal().len(), 3);
        assert_eq!(once(&["found", "INC-3", "0b6f6f5e", "anna"], "").0, 0);
        let (code, text) = once(&lost, "INC-3 x\n");
        assert_eq!((code, text.contains("INC-3: accepted before as 0b6f6f5e")), (0, true));
        assert_eq!(once(&lost, "INC-4 x\n").0, 4);
        assert_eq!(once(&["none", "INC-4", "anna"], "").0, 0);
        assert_eq!(once(&["none", "INC-4", "anna"], "").0, 1);
        assert_eq!(once(&workflow, "INC-4 x\n").0, 0);
        assert_eq!(once(&["a", "b", "c", "d", "e", "f"], "").0, 1);

        // What a person has to look at comes before what can be tried again.
        let rejected = ["fault-status-403", "userName"];
        assert_eq!(once(&rejected, "INC-5 x\n").0, 5);
        assert_eq!(once(&rejected, "INC-1 jdoe\nINC-5 x\n").0, 4);
        for file in files("example") {
            append(&file, "x\n");
        }
        let (code, text) = once(&workflow, "INC-1 jdoe\n");
        assert_eq!((code, text.matches("needs a person: DAMAGED").count()), (4, 5), "{text}");
    }

    /// Counts the system calls of a trigger with a journal and without one.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_trigger_with_a_journal_makes_at_most_eight_more_system_calls_besides_its_syncs() {
        if crate::support::skipped::is_missing("strace", "counting system calls") {
            return;
        }
        let simulator = Simulator::start().unwrap();
        let program = compile_c("tests/c/journal_calls.c");
        let trace = || {
            let mut command = Command::new("strace");
            command.arg("-qq").arg(&program).arg(new_folder("calls"));
            let output = output(with_gateway(&mut command, &simulator));
            assert!(output.status.success(), "{output:?}");
            String::from_utf8_lossy(&output.stderr).into_owned()
        };
        // The program marks the begin of each call with a write to a descriptor that is not open.
        let calls = |trace: &str, mark: &str| -> Vec<String> {
            let after = trace.split(&format!("write(999, \"{mark}\"")).nth(1).unwrap();
            let lines = after.lines().skip(1).take_while(|line| !line.contains("write(999"));
            // A debug build checks a descriptor before it closes it. Memory grows now and then.
            let others = ["F_GETFD", "brk(", "mmap(", "munmap(", "mremap("];
            let is_call = |line: &String| {
                line.contains('(') && !others.iter().any(|other| line.contains(other))
            };
            lines.map(str::to_owned).filter(is_call).collect()
        };
        let are_few = |trace: &str| {
            let plain = calls(trace, "plain");
            [("new", 3), ("again", 0), ("rejected", 2)].iter().all(|(mark, expected)| {
                let with = calls(trace, mark);
                let syncs = with.iter().filter(|line| line.contains("sync(")).count();
                println!("{mark}: {plain:#?} {with:#?}");
                syncs == *expected && with.len() - syncs <= plain.len() + 8
            })
        };
        // On a loaded machine, a call may need another connection, or wait twice.
        assert!((0..10).any(|_| are_few(&trace())));
    }
}

#[test]
fn a_client_that_sends_nothing_leaves_no_intent() {
    let (simulator, client) = simulated();
    let journal = new_journal("stopped", simulator.url());
    let accepted = client.trigger_workflow_once(&journal, "INC-1", &request());
    client.close();
    let once = client.trigger_workflow_once(&journal, "INC-2", &request());
    assert_eq!((once.outcome(), kind(&once)), (Outcome::NotSent, Some(E::Cancelled)));
    assert_eq!(journal.find("INC-2").unwrap_err().kind(), E::KeyNotFound);
    // What the journal knows is still an answer.
    let again = client.trigger_workflow_once(&journal, "INC-1", &request());
    assert!(again.was_accepted_before());
    assert_eq!(again.trigger_id(), accepted.trigger_id());
}

/// Two programs that look at the key of a dead process must not take each other for its call.
#[test]
#[cfg(unix)]
fn looking_at_a_key_does_not_make_it_in_progress() {
    let (simulator, client) = simulated();
    let journal = new_journal("looking", simulator.url());
    client.trigger_workflow_once(&journal, "INC-1", &request());
    let file = &files("looking")[0];
    let text = fs::read_to_string(file).unwrap();
    // The intent without its outcome.
    fs::write(file, text.split_inclusive('\n').next().unwrap()).unwrap();
    let other = fs::File::open(file).unwrap();
    other.lock_shared().unwrap();
    assert_eq!(journal.find("INC-1").unwrap().state(), KeyState::Unknown);
    // Who wants to change it waits for a moment.
    let resolve = || journal.resolve("INC-1", None, "me", "not found");
    let before = Instant::now();
    assert_eq!(resolve().unwrap_err().kind(), E::KeyInProgress);
    assert!(before.elapsed() >= Duration::from_millis(50), "{:?}", before.elapsed());
    other.unlock().unwrap();
    other.lock().unwrap();
    assert_eq!(journal.find("INC-1").unwrap().state(), KeyState::InProgress);
    assert_eq!(resolve().unwrap_err().kind(), E::KeyInProgress);
    other.unlock().unwrap();
    assert_eq!(resolve().unwrap().state(), KeyState::Released);
}

/// A call that has opened the file before would not notice that it is removed.
#[test]
#[cfg(unix)]
fn a_file_with_a_second_link_is_not_pruned() {
    let (simulator, client) = simulated();
    let journal = new_journal("linked", simulator.url());
    client.trigger_workflow_once(&journal, "INC-1", &request());
    journal.acknowledge("INC-1").unwrap();
    let file = &files("linked")[0];
    // A backup on the same disk.
    let backup = file.ancestors().nth(2).unwrap().join("backup");
    fs::hard_link(file, &backup).unwrap();
    assert_eq!(journal.prune(Duration::ZERO).unwrap(), 0);
    assert!(journal.find("INC-1").unwrap().is_acknowledged());
    fs::remove_file(&backup).unwrap();
    assert_eq!(journal.prune(Duration::ZERO).unwrap(), 1);
}
