//! A key is delivered at most once, wherever a process dies. The tests control the program in
//! `tests/crash` call by call, see `crash/world.rs`.
//!
//! `make crash-test` runs all schedules, `make test` a part of them.

mod disk;
mod world;

use std::collections::BTreeMap;

use disk::Lost;
use world::{CASES, Case, Process, Report, Step, World};

/// A simulator and a journal serve so many schedules.
const SCHEDULES_PER_WORLD: usize = 250;

const LOSSES: [Option<Lost>; 4] = [None, Some(Lost::All), Some(Lost::Half), Some(Lost::Zeros)];

fn is_complete() -> bool {
    std::env::var_os("LUMA_CRASH_TEST").is_some()
}

/// Runs schedules, prints their number, and checks each simulator in the end.
fn run<T>(name: &str, schedules: impl IntoIterator<Item = T>, mut body: impl FnMut(&mut World, T)) {
    let mut world = World::new(name);
    let mut count = 0;
    for schedule in schedules {
        body(&mut world, schedule);
        count += 1;
        if count % SCHEDULES_PER_WORLD == 0 {
            world.check();
            world = World::new(name);
        }
    }
    world.check();
    println!("{name}: {count} schedules");
}

/// The steps that kill a process at a call.
fn deaths(is_divisible: bool) -> &'static [Step] {
    if is_divisible {
        &[Step::DieBefore, Step::DieHalfway, Step::DieAfter]
    } else {
        &[Step::DieBefore, Step::DieAfter]
    }
}

/// Returns the calls of an undisturbed process: for each, whether it can be cut short.
fn calls(world: &mut World, case: Case) -> Vec<bool> {
    let key = world.begin(format!("{case:?}, undisturbed"));
    let mut process = world.start(&[(case, &key)]);
    let mut calls = Vec::new();
    while let Some(call) = process.threads[0].next.clone() {
        calls.push(call.is_divisible());
        world.step(&mut process, 0, Step::GoOn);
    }
    assert_eq!(process.threads[0].report.as_ref().unwrap().outcome, case.name());
    calls
}

/// Lets a thread make `count` calls.
fn go(world: &mut World, process: &mut Process, count: usize) {
    for _ in 0..count {
        if process.threads[0].next.is_some() {
            world.step(process, 0, Step::GoOn);
        }
    }
}

/// For each outcome: how often each number of deliveries occurred, and what the next call did.
#[derive(Default)]
struct Table(BTreeMap<(Case, &'static str), [usize; 7]>);

impl Table {
    fn add(&mut self, case: Case, lost: Option<Lost>, deliveries: usize, next: &Report) {
        let how = if lost.is_some() { "power failure" } else { "killed" };
        let row = self.0.entry((case, how)).or_default();
        row[0] += 1;
        row[1 + deliveries.min(2)] += 1;
        row[match &*next.status {
            "LUMA_ALREADY_ACCEPTED" => 5,
            "LUMA_ERROR_KEY_UNRESOLVED" => 6,
            _ => 4,
        }] += 1;
    }

    fn print(&self) {
        println!(
            "| outcome | the process | places | 0 deliveries | 1 delivery | 2 deliveries | then: \
             sent | accepted before | unknown |\n\
             | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
        );
        for ((case, how), row) in &self.0 {
            let cells: Vec<String> = row.iter().map(usize::to_string).collect();
            println!("| {} | {how} | {} |", case.name(), cells.join(" | "));
        }
    }
}

#[test]
#[ignore = "takes long: make test"]
fn a_process_may_die_at_every_call() {
    let mut table = Table::default();
    let losses = if is_complete() { &LOSSES[..] } else { &LOSSES[..2] };
    for case in CASES {
        let name = format!("kill-{case:?}");
        let calls = calls(&mut World::new(&name), case);
        let points = (0..calls.len()).flat_map(|at| {
            deaths(calls[at])
                .iter()
                .flat_map(move |death| losses.iter().map(move |l| (at, death, l)))
        });
        run(&name, points, |world, (at, death, lost)| {
            let key = world.begin(format!("{case:?}, {death:?} at call {at}, then {lost:?}"));
            let mut process = world.start(&[(case, &key)]);
            go(world, &mut process, at);
            world.step(&mut process, 0, *death);
            if let Some(lost) = lost {
                world.fail_power(vec![process], *lost);
            }
            let next = world.ask_again(case, &key);
            // What is known once remains known.
            world.ask_again(case, &key);
            table.add(case, *lost, world.undecided(&key), &next);
        });
    }
    table.print();
}

#[test]
#[ignore = "takes long: make test"]
fn a_process_may_die_while_it_drops_earlier_attempts() {
    let name = "drop";
    let count = calls(&mut World::new(name), Case::Accepted).len() + 1;
    let losses = if is_complete() { &LOSSES[..] } else { &LOSSES[2..3] };
    let points = (0..count).flat_map(|at| losses.iter().map(move |lost| (at, *lost)));
    run(name, points, |world, (at, lost)| {
        let key = world.begin(format!("killed at call {at}, then {lost:?}"));
        let mut failing = world.start(&[(Case::NotSent, &key)]);
        world.finish(&mut failing, 0);
        world.lengthen(&key);
        let mut process = world.start(&[(Case::Accepted, &key)]);
        go(world, &mut process, at);
        match lost {
            Some(lost) => world.fail_power(vec![process], lost),
            None => world.end(&mut process),
        }
        world.ask_again(Case::Accepted, &key);
        world.ask_again(Case::Accepted, &key);
    });
}

#[test]
#[ignore = "takes long: make test"]
fn two_processes_with_one_key_may_interleave_and_die_at_every_call() {
    for case in CASES {
        let name = format!("two-{case:?}");
        let count = calls(&mut World::new(&name), case).len();
        // How far the second one comes, before the first one goes on or dies.
        let others = if is_complete() { (0..=count).collect() } else { vec![count / 2, count] };
        let points = (0..count).flat_map(|at| {
            others
                .clone()
                .into_iter()
                .flat_map(move |other| [false, true].map(|dies| (at, other, dies)))
        });
        run(&name, points, |world, (at, other, dies)| {
            let key = world.begin(format!("{case:?}, one at {at}, two at {other}, dies: {dies}"));
            let mut one = world.start(&[(case, &key)]);
            let mut two = world.start(&[(case, &key)]);
            go(world, &mut one, at);
            go(world, &mut two, other);
            if dies {
                world.end(&mut one);
            }
            world.finish(&mut one, 0);
            world.finish(&mut two, 0);
            world.ask_again(case, &key);
        });
    }
}

/// A call and a removal of its key, which an earlier call could not send, share the file.
#[test]
#[ignore = "takes long: make test"]
fn a_key_may_be_pruned_at_every_call() {
    let name = "prune";
    let mut world = World::new(name);
    let key = world.begin("undisturbed".into());
    let mut earlier = world.start(&[(Case::NotSent, &key)]);
    world.finish(&mut earlier, 0);
    let count = calls(&mut world, Case::Accepted).len();
    let mut pruning = world.start(&[(Case::Prune, "")]);
    let mut removals = 0;
    while pruning.threads[0].next.is_some() {
        world.step(&mut pruning, 0, Step::GoOn);
        removals += 1;
    }
    drop(world);
    // How far each of them comes before the other one goes on or is killed.
    let points = (0..=removals).flat_map(|removed| (0..=count).map(move |at| (removed, at)));
    // At least a whole removal at every call.
    let points = points
        .filter(|(removed, at)| is_complete() || *removed == removals || (removed + at) % 29 == 0);
    let points = points.flat_map(|(removed, at)| {
        [(true, false), (false, false), (false, true)].map(|order| (removed, at, order))
    });
    run(name, points, |world, (removed, at, (is_first, dies))| {
        let key = world.begin(format!("removal at {removed}, call at {at}, {is_first}, {dies}"));
        let mut earlier = world.start(&[(Case::NotSent, &key)]);
        world.finish(&mut earlier, 0);
        let mut pruning = world.start(&[(Case::Prune, "")]);
        let mut process = world.start(&[(Case::Accepted, &key)]);
        if is_first {
            go(world, &mut pruning, removed);
            go(world, &mut process, at);
            world.finish(&mut pruning, 0);
        } else {
            go(world, &mut process, at);
            go(world, &mut pruning, removed);
            if dies {
                world.end(&mut pruning);
            }
        }
        world.finish(&mut process, 0);
        world.finish(&mut pruning, 0);
        world.ask_again(Case::Accepted, &key);
        world.remove(&key);
    });
}

/// A person cannot settle or release a key while its call is in progress.
#[test]
#[ignore = "takes long: make test"]
fn a_key_in_progress_cannot_be_changed_at_any_call() {
    let name = "change";
    let count = calls(&mut World::new(name), Case::Accepted).len();
    run(name, 0..count, |world, at| {
        let key = world.begin(format!("changed at call {at}"));
        let mut process = world.start(&[(Case::Accepted, &key)]);
        go(world, &mut process, at);
        let journal = world.journal();
        assert!(journal.resolve(&key, None, "me", "not found").is_err());
        let released = journal.new_attempt(&key, "me", "again");
        assert!(released.is_err() || !world.is_in_progress(&key));
        world.finish(&mut process, 0);
        if released.is_err() {
            world.ask_again(Case::Accepted, &key);
        }
    });
}

const EINTR: u8 = 4;

#[test]
#[ignore = "takes long: make test"]
fn every_call_may_fail() {
    // EIO, EACCES, EMFILE, ENOSPC, EROFS.
    const ERRORS: [u8; 6] = [EINTR, 5, 13, 24, 28, 30];
    let name = "fail";
    let case = Case::Accepted;
    let count = calls(&mut World::new(name), case).len();
    let steps = ERRORS.map(Step::Fail).into_iter().chain([Step::Shorten]);
    let points = (0..count).flat_map(|at| {
        steps.clone().flat_map(move |step| [false, true].map(|remains| (at, step, remains)))
    });
    // A disk that remains full, but not interruptions that never end.
    let points = points.filter(|(_, step, remains)| !remains || *step != Step::Fail(EINTR));
    run(name, points, |world, (at, step, remains)| {
        let key = world.begin(format!("{step:?} at call {at}, remains: {remains}"));
        let mut process = world.start(&[(case, &key)]);
        go(world, &mut process, at);
        let failed = process.threads[0].next.as_ref().map(|call| call.name.clone());
        while let Some(call) = process.threads[0].next.clone() {
            let is_affected = Some(&call.name) == failed.as_ref();
            let is_possible = step != Step::Shorten || call.is_divisible();
            let step = if is_affected && is_possible { step } else { Step::GoOn };
            world.step(&mut process, 0, step);
            if !remains {
                world.finish(&mut process, 0);
            }
        }
        world.ask_again(case, &key);
        world.ask_again(case, &key);
    });
}

/// A small generator, so that a seed always gives the same schedule (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

#[test]
#[ignore = "takes long: make test"]
fn random_schedules_deliver_each_key_at_most_once() {
    let seeds: Vec<u64> = match std::env::var("LUMA_CRASH_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        _ => (1..=if is_complete() { 10_000 } else { 250 }).collect(),
    };
    run("random", seeds, |world, seed| {
        let random = &mut Random(seed);
        let prefix = world.begin(format!("LUMA_CRASH_SEED={seed}"));
        let keys: Vec<(Case, String)> = (0..1 + random.below(2))
            .map(|key| (random.one(&CASES), format!("{prefix}-{key}")))
            .collect();
        let mut processes: Vec<Process> = (0..1 + random.below(3))
            .map(|_| {
                let threads: Vec<_> = (0..1 + random.below(2))
                    .map(|_| random.below(keys.len()))
                    .map(|key| (keys[key].0, &*keys[key].1))
                    .collect();
                world.start(&threads)
            })
            .collect();
        // Of 1000 calls.
        let (deadly, failing) = (random.one(&[0, 5, 20]), random.one(&[0, 0, 20, 100]));
        loop {
            let running = |processes: &[Process]| -> Vec<(usize, usize)> {
                let all = processes.iter().enumerate();
                all.flat_map(|(p, process)| process.running().map(move |t| (p, t))).collect()
            };
            let threads = running(&processes);
            if threads.is_empty() {
                break;
            }
            let (process, thread) = random.one(&threads);
            let process = &mut processes[process];
            let is_divisible = process.threads[thread].next.as_ref().unwrap().is_divisible();
            let luck = random.below(1000);
            let step = if luck < deadly {
                random.one(deaths(is_divisible))
            } else if luck < deadly + failing {
                random.one(&[Step::Fail(EINTR), Step::Fail(5), Step::Fail(24), Step::Fail(28)])
            } else if luck < deadly + 2 * failing && is_divisible {
                Step::Shorten
            } else {
                Step::GoOn
            };
            world.step(process, thread, step);
            if step.is_deadly() && random.below(2) == 0 {
                let lost = random.one(&[Lost::All, Lost::Half, Lost::Zeros]);
                world.fail_power(std::mem::take(&mut processes), lost);
            }
        }
        for (case, key) in &keys {
            world.ask_again(*case, key);
        }
    });
}
