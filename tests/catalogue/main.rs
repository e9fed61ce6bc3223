//! Promise 1: you always know what happened. The fault catalogue: servers and proxies that do every
//! wrong thing at byte level, and a call to each, in Rust and through the C ABI.
//!
//! `cargo test --test catalogue` runs it and prints it as a table; a name or a number behind `--`
//! chooses cases. `make catalogue` writes the README's table as well.

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

use callers::Caller;
use cases::Case;
use luma::Outcome;
use peers::Peer;
use report::Line;
use support::{TOKEN, TRIGGER_ID};

/// Ends a call that should have ended long before.
const TIMEOUT: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How much later than its deadline a call may end.
const MAX_LATE: Duration = Duration::from_millis(50);
/// How much memory a call may take, with the library as it is shipped.
const MAX_KIB: u64 = 5 * 1024;
/// Callers at once, where they do more than wait.
const CALLERS: usize = 4;

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
    // Those that wait for a deadline, or between attempts, need no processor, and are not to be
    // kept from it.
    let (waiting, working): (Vec<&Job>, Vec<&Job>) =
        jobs.iter().partition(|job| job.case.deadline.is_some() || job.case.attempts > 1);
    in_parallel(&waiting, waiting.len());
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
    match report::check_readme(&cases) {
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
    /// Calls; and again if it was too late, since a loaded machine may be late by itself.
    fn run(&self) -> Line {
        let mut line = self.attempt();
        for _ in 0..2 {
            match &line {
                Line::Ran { told, .. } if self.is_late(told.took) => line = self.attempt(),
                _ => break,
            }
        }
        line
    }

    fn is_late(&self, took: Duration) -> bool {
        self.case.deadline.is_some_and(|deadline| took > deadline + MAX_LATE)
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
        let told = self.caller.call(&mut running, connect_timeout, timeout);
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
        let right = (case.outcome.to_string(), status);
        let got = (told.outcome.clone(), told.status.clone());
        check(got == right, format!("{got:?} for {right:?}, {}", told.message));
        check(
            case.outcome == Outcome::Accepted || told.message.contains(case.says),
            format!("{:?} is not said: {}", case.says, told.message),
        );
        check(
            seen.deliveries == case.deliveries,
            format!("{} deliveries for {}", seen.deliveries, case.deliveries),
        );
        check(
            told.attempts == case.attempts,
            format!("{} attempts for {}", told.attempts, case.attempts),
        );
        check(
            connections.is_none_or(|connections| connections == seen.connections),
            format!("{} connections for {connections:?}", seen.connections),
        );
        let is_told = |secret: &str| {
            seen.overheard.windows(secret.len()).any(|window| window == secret.as_bytes())
        };
        check(!is_told(TOKEN) && !is_told("POST"), "somebody learnt of the request".into());
        let is_accepted = case.outcome == Outcome::Accepted && !case.is_read;
        check(
            !is_accepted || told.trigger_id == TRIGGER_ID || connections.is_none(),
            format!("the trigger id is {:?}", told.trigger_id),
        );
        let value = running.order.value.map_or("", |value| value.1);
        check(told.value == value, format!("the value is {:?}", told.value));
        let deadline = case.deadline.unwrap_or_default();
        check(
            told.took >= deadline && !self.is_late(told.took) && told.took < TIMEOUT,
            format!("it took {:?}", told.took),
        );
        check(
            told.kib.is_none_or(|kib| kib <= self.caller.max_kib),
            format!("it took {} KiB of memory", told.kib.unwrap_or_default()),
        );
        Line::Ran { told: Box::new(told), deliveries: seen.deliveries, wrong }
    }

    fn into_line(self) -> Line {
        self.line.into_inner().unwrap().expect("every job is done")
    }
}
