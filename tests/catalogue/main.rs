//! Promise 1: you always know what happened. The fault catalogue: servers and proxies with every
//! fault at byte level, and a call to each, in Rust and through the C ABI.
//!
//! `cargo test --test catalogue` runs it and prints a table; names or numbers after `--` select
//! cases. `make catalogue` also writes `docs/faults.md`.

mod callers;
mod cases;
mod peers;
mod programs;
mod report;
#[path = "../support/mod.rs"]
mod support;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use callers::{Caller, Observed};
use cases::Case;
use luma::Outcome;
use peers::Peer;
use report::Line;
use support::{TOKEN, TRIGGER_ID};

/// Timeouts of calls that must end earlier. A loaded machine does not exceed them.
const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// How much later than its deadline a call may end, on a machine that is not loaded.
const MAX_LATE: Duration = Duration::from_millis(50);
/// How much memory a call may need, with the library as released.
const MAX_KIB: u64 = 5 * 1024;
/// Number of callers at a time that need the processor.
const CALLERS: usize = 4;
/// Number of callers at a time that mostly wait.
const WAITING_CALLERS: usize = 16;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    match arguments.first().and_then(|argument| argument.to_str()) {
        Some("call") => {
            callers::call();
            ExitCode::SUCCESS
        }
        Some("name-server") => {
            let kind = arguments[1].to_str().unwrap();
            let code = peers::run_beside_name_server(kind, &arguments[2..]);
            ExitCode::from(u8::try_from(code).unwrap_or(1))
        }
        _ => run(&arguments),
    }
}

/// One variant of a case with one caller.
struct Job<'a> {
    case: &'a Case,
    variant: &'static str,
    peer: &'a Peer,
    caller: &'a Caller,
    line: Mutex<Option<Line>>,
}

fn run(arguments: &[OsString]) -> ExitCode {
    let started = Instant::now();
    let cases = cases::cases();
    let callers = [callers::in_rust(), callers::in_c()];
    let words: Vec<_> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    let is_chosen = |case: &Case| {
        let mut words = words.iter().filter(|word| !word.starts_with('-')).peekable();
        let is_meant = |word: &&str| match word.parse::<u32>() {
            Ok(number) => case.number == number,
            Err(_) => case.name.contains(word),
        };
        words.peek().is_none() || words.any(is_meant)
    };

    let mut jobs = Vec::new();
    for case in cases.iter().filter(|case| is_chosen(case)) {
        for (variant, peer) in &case.variants {
            let job = |caller| Job { case, variant, peer, caller, line: Mutex::new(None) };
            jobs.extend(callers.iter().map(job));
        }
    }
    // Callers that wait for a deadline or between attempts run apart from those that need the
    // processor, which would delay them.
    let (waiting, working): (Vec<&Job>, Vec<&Job>) =
        jobs.iter().partition(|job| job.case.deadline.is_some() || job.case.attempts > 1);
    in_parallel(&waiting, WAITING_CALLERS);
    in_parallel(&working, CALLERS);

    println!("{}", report::heading());
    let (mut passed, mut skipped, mut wrong) = (0, 0, Vec::new());
    let mut jobs = jobs.into_iter();
    while let (Some(in_rust), Some(in_c)) = (jobs.next(), jobs.next()) {
        let (case, variant) = (in_rust.case, in_rust.variant);
        let lines = [in_rust, in_c].map(|job| (job.caller.name, job.into_line()));
        println!("{}", report::line(case, variant, &lines));
        for (caller, line) in lines {
            match line {
                Line::Skipped(_) => skipped += 1,
                Line::Panicked => {
                    let title = report::titled(case, variant);
                    wrong.push(format!("{} {title}, in {caller}: see above", case.number));
                }
                Line::Ran { wrong: faults, .. } if faults.is_empty() => passed += 1,
                Line::Ran { wrong: faults, .. } => {
                    let title = report::titled(case, variant);
                    wrong.push(format!(
                        "{} {title}, in {caller}: {}",
                        case.number,
                        faults.join("; ")
                    ));
                }
            }
        }
    }
    match report::check_page(&cases) {
        Ok(()) => passed += 1,
        Err(fault) => wrong.push(fault),
    }
    for fault in &wrong {
        println!("FAILED {fault}");
    }
    let result = if wrong.is_empty() { "ok" } else { "FAILED" };
    println!(
        "\ntest result: {result}. {passed} passed; {} failed; {skipped} ignored; 0 measured; \
         0 filtered out; finished in {:.2}s",
        wrong.len(),
        started.elapsed().as_secs_f32()
    );
    ExitCode::from(u8::from(!wrong.is_empty()))
}

fn in_parallel(jobs: &[&Job], threads: usize) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..threads.min(jobs.len()) {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let line = catch_unwind(AssertUnwindSafe(|| job.run()));
                    *job.line.lock().unwrap() = Some(line.unwrap_or(Line::Panicked));
                }
            });
        }
    });
}

impl Job<'_> {
    /// Makes the call, and repeats it if it was too late, since a loaded machine may have delayed
    /// it.
    fn run(&self) -> Line {
        let mut line = self.attempt();
        for _ in 0..2 {
            match &line {
                Line::Ran { observed, .. } if self.is_late(observed) => line = self.attempt(),
                _ => break,
            }
        }
        line
    }

    /// True if the call ended too late.
    ///
    /// The machine may have delayed it, so the caller also measures by how much a thread that only
    /// sleeps woke up late during the call. A call wakes up several times after its deadline.
    fn is_late(&self, observed: &Observed) -> bool {
        let tolerance = MAX_LATE + 4 * observed.delay;
        self.case.deadline.is_some_and(|deadline| observed.took > deadline + tolerance)
    }

    fn attempt(&self) -> Line {
        let mut running = match (self.peer)() {
            Ok(running) => running,
            Err(reason) => return Line::Skipped(reason),
        };
        if self.case.is_cancelled {
            running.order.cancel_after = self.case.deadline;
        } else if self.case.deadline.is_some() {
            running.order.retries = false;
        }
        let (connect_timeout, timeout) = match self.case.deadline {
            _ if self.case.is_cancelled => (CONNECT_TIMEOUT, TIMEOUT),
            None => (CONNECT_TIMEOUT, TIMEOUT),
            Some(deadline) if self.case.outcome == Outcome::NotSent => (deadline, TIMEOUT),
            Some(deadline) => (CONNECT_TIMEOUT, deadline),
        };
        let observed = self.caller.call(&mut running, connect_timeout, timeout);
        let connections = running.connections;
        let seen = (running.finish)();
        let case = self.case;
        let mut wrong = Vec::new();
        let mut check = |is_right: bool, fault: String| {
            if !is_right {
                wrong.push(fault);
            }
        };
        let status = callers::status_name(case.kind);
        let expected = (case.outcome.to_string(), status);
        let got = (observed.outcome.clone(), observed.status.clone());
        check(got == expected, format!("{got:?} instead of {expected:?}, {}", observed.message));
        check(
            case.outcome == Outcome::Accepted || observed.message.contains(case.says),
            format!("the message lacks {:?}: {}", case.says, observed.message),
        );
        check(
            seen.deliveries == case.deliveries,
            format!("{} deliveries instead of {}", seen.deliveries, case.deliveries),
        );
        check(
            observed.attempts == case.attempts,
            format!("{} attempts instead of {}", observed.attempts, case.attempts),
        );
        check(
            connections.is_none_or(|connections| connections == seen.connections),
            format!("{} connections instead of {connections:?}", seen.connections),
        );
        let is_overheard = |secret: &str| {
            seen.overheard.windows(secret.len()).any(|window| window == secret.as_bytes())
        };
        check(
            !is_overheard(TOKEN) && !is_overheard("POST"),
            "a part of the request reached a wrong peer".into(),
        );
        let is_accepted = case.outcome == Outcome::Accepted && !case.is_read;
        check(
            !is_accepted || observed.trigger_id == TRIGGER_ID || connections.is_none(),
            format!("the trigger id is {:?}", observed.trigger_id),
        );
        let value = running.order.value.map_or("", |value| value.1);
        check(observed.value == value, format!("the value is {:?}", observed.value));
        let deadline = case.deadline.unwrap_or_default();
        check(
            observed.took >= deadline && !self.is_late(&observed),
            format!("it took {:?}; the machine delayed it by {:?}", observed.took, observed.delay),
        );
        check(
            observed.kib.is_none_or(|kib| kib <= self.caller.max_kib),
            format!("it needed {} KiB of memory", observed.kib.unwrap_or_default()),
        );
        Line::Ran { observed: Box::new(observed), deliveries: seen.deliveries, wrong }
    }

    fn into_line(self) -> Line {
        self.line.into_inner().unwrap().expect("every job is done")
    }
}
