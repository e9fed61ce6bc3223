//! Compares the outcomes that a program got with the requests that the gateway received.

use std::collections::{BTreeMap, BTreeSet};

use super::TIMEOUT_MS;

/// A call may end so much later than its timeout on a loaded machine. The fault catalogue measures
/// how precise timeouts are.
const OVERSHOOT_MS: u64 = 10_000;

#[derive(Clone)]
pub struct Trigger {
    lane: usize,
    /// Unique; a part of the request. The gateway refuses those that begin with "invalid".
    name: String,
    outcome: String,
    ms: u64,
    trigger_id: Option<String>,
}

#[derive(Clone)]
pub struct Read {
    lane: usize,
    outcome: String,
    ms: u64,
    /// False if the response was about another run.
    is_own: bool,
}

#[derive(Clone, Default)]
pub struct Calls {
    triggers: Vec<Trigger>,
    reads: Vec<Read>,
}

/// What reached the gateway.
#[derive(Clone)]
pub struct Received {
    /// For each name, the number of complete requests.
    pub delivered: BTreeMap<String, usize>,
    /// For each trigger id, the name in the request that started the run.
    pub runs: BTreeMap<String, String>,
}

impl Calls {
    pub fn parse(text: &str) -> Self {
        let mut calls = Calls::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let [kind @ ("trigger" | "read"), lane, name, outcome, _, ms, last] = words[..] else {
                continue;
            };
            let (lane, ms) = (lane.parse().unwrap(), ms.parse().unwrap());
            let (name, outcome) = (name.to_owned(), outcome.to_owned());
            if kind == "trigger" {
                let trigger_id = (last != "-").then(|| last.to_owned());
                calls.triggers.push(Trigger { lane, name, outcome, ms, trigger_id });
            } else {
                calls.reads.push(Read { lane, outcome, ms, is_own: last == "own" });
            }
        }
        calls
    }

    /// The number of triggers on a lane with an outcome.
    pub fn count(&self, lane: usize, outcome: &str) -> usize {
        let all = self.triggers.iter();
        all.filter(|trigger| trigger.lane == lane && trigger.outcome == outcome).count()
    }

    pub fn print(&self) {
        let mut counts = BTreeMap::<(usize, &str), usize>::new();
        for trigger in &self.triggers {
            *counts.entry((trigger.lane, &trigger.outcome)).or_default() += 1;
        }
        for ((lane, outcome), count) in counts {
            println!("FIGURES triggers {lane} {outcome} {count}");
        }
        let read = self.reads.iter().filter(|read| read.outcome == "ACCEPTED").count();
        println!("FIGURES reads {} {read}", self.reads.len());
        let slowest = self.triggers.iter().map(|trigger| trigger.ms);
        let slowest = slowest.chain(self.reads.iter().map(|read| read.ms)).max();
        println!("FIGURES slowest {} of {TIMEOUT_MS}", slowest.unwrap_or_default());
    }
}

/// Returns a line for each outcome that is not true.
pub fn wrong_outcomes(calls: &Calls, received: &Received) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut runs_of = BTreeMap::<&str, Vec<&str>>::new();
    for (trigger_id, name) in &received.runs {
        runs_of.entry(name).or_default().push(trigger_id);
    }
    let mut known = BTreeSet::new();
    for trigger in &calls.triggers {
        let name = &*trigger.name;
        let deliveries = received.delivered.get(name).copied().unwrap_or_default();
        let runs = runs_of.get(name).map(Vec::as_slice).unwrap_or_default();
        let is_valid = name.starts_with("valid");
        let is_true = match &*trigger.outcome {
            "ACCEPTED" => is_valid && deliveries == 1 && runs == trigger.trigger_id.as_slice(),
            "REJECTED" => !is_valid && deliveries == 1 && runs.is_empty(),
            "NOT_SENT" => deliveries == 0 && runs.is_empty(),
            "UNKNOWN" => deliveries <= 1 && runs.len() <= deliveries,
            _ => false,
        };
        let is_late = trigger.ms > TIMEOUT_MS + OVERSHOOT_MS;
        let is_repeated = !known.insert(name);
        if !is_true || is_late || is_repeated {
            let (outcome, id, ms) = (&trigger.outcome, &trigger.trigger_id, trigger.ms);
            wrong.push(format!(
                "{name} on lane {}: {outcome} {id:?} after {ms} ms, but {deliveries} deliveries \
                 and runs {runs:?}",
                trigger.lane
            ));
        }
    }
    for name in received.delivered.keys().filter(|name| !known.contains(&***name)) {
        wrong.push(format!("{name} was delivered, but no call ended"));
    }
    for read in &calls.reads {
        if (read.outcome == "ACCEPTED") != read.is_own || read.ms > TIMEOUT_MS + OVERSHOOT_MS {
            wrong.push(format!(
                "a read on lane {}: {} after {} ms, its own run: {}",
                read.lane, read.outcome, read.ms, read.is_own
            ));
        }
    }
    wrong
}

/// A positive control: falsifies one outcome at a time, in every way.
pub fn every_falsified_outcome_is_found(calls: &Calls, received: &Received) {
    let assert_found = |what: &str, calls: &Calls, received: &Received| {
        assert_eq!(wrong_outcomes(calls, received).len(), 1, "{what} is not found");
    };
    let is_delivered = |trigger: &Trigger| received.delivered.contains_key(&trigger.name);
    let at = |outcome: &str, delivered: bool| {
        let mut all = calls.triggers.iter();
        all.position(|trigger| trigger.outcome == outcome && is_delivered(trigger) == delivered)
    };
    let accepted = at("ACCEPTED", true).expect("an accepted trigger");
    let rejected = at("REJECTED", true).expect("a rejected trigger");
    let delivered = at("UNKNOWN", true).expect("an unknown trigger that was delivered");
    for (index, claim) in [
        (accepted, "REJECTED"),
        (accepted, "NOT_SENT"),
        (rejected, "ACCEPTED"),
        (rejected, "NOT_SENT"),
        (delivered, "NOT_SENT"),
        (delivered, "ACCEPTED"),
    ] {
        let mut false_calls = calls.clone();
        false_calls.triggers[index].outcome = claim.into();
        assert_found(claim, &false_calls, received);
    }
    if let Some(index) = at("UNKNOWN", false).or(at("NOT_SENT", false)) {
        for claim in ["ACCEPTED", "REJECTED"] {
            let mut false_calls = calls.clone();
            false_calls.triggers[index].outcome = claim.into();
            assert_found(claim, &false_calls, received);
        }
    }

    let mut false_calls = calls.clone();
    false_calls.triggers[accepted].trigger_id = Some("of another run".into());
    assert_found("the id of another run", &false_calls, received);
    false_calls.triggers[accepted].trigger_id = None;
    assert_found("ACCEPTED without an id", &false_calls, received);

    let mut false_calls = calls.clone();
    let read = calls.reads.iter().position(|read| read.is_own).expect("a read");
    false_calls.reads[read].is_own = false;
    assert_found("a response about another run", &false_calls, received);

    for index in [accepted, rejected, delivered] {
        let mut twice = received.clone();
        *twice.delivered.get_mut(&calls.triggers[index].name).unwrap() += 1;
        assert_found("a second delivery", calls, &twice);
    }
    let mut more = received.clone();
    more.runs.insert("second".into(), calls.triggers[accepted].name.clone());
    assert_found("a second run", calls, &more);
    let mut more = received.clone();
    more.delivered.insert("valid-of-nobody".into(), 1);
    assert_found("a request that no call has sent", calls, &more);
}

/// The resources of the process at a time.
#[derive(Clone, Copy)]
pub struct Sample {
    ms: u64,
    /// Resident memory in KB, open descriptors, threads.
    amounts: [u64; 3],
}

const RESOURCES: [&str; 3] = ["KB of memory", "descriptors", "threads"];

impl Sample {
    pub fn parse(line: &str) -> Option<Self> {
        let mut numbers = line.strip_prefix("sample ")?.split(' ').map(|word| word.parse());
        let mut next = || numbers.next().unwrap().unwrap();
        Some(Sample { ms: next(), amounts: [next(), next(), next()] })
    }

    pub fn figures(&self) -> String {
        let [memory, descriptors, threads] = self.amounts;
        format!("FIGURES sample {} {memory} {descriptors} {threads}", self.ms)
    }
}

/// Returns a line for each resource of which the last quarter of the time needs more than the
/// second quarter, or of which more remains in the end than there was in the beginning.
pub fn growing(samples: &[Sample]) -> Vec<String> {
    let during = &samples[1..samples.len() - 1];
    let quarter = during.len() / 4;
    let mut growing = Vec::new();
    // Memory grows a little while threads take the heap's arenas into use for the first time;
    // descriptors come and go with the connections.
    for (index, tolerance) in [(0, 1024), (1, 6), (2, 0)] {
        let median = |samples: &[Sample]| {
            let mut amounts: Vec<u64> = samples.iter().map(|s| s.amounts[index]).collect();
            amounts.sort_unstable();
            amounts[amounts.len() / 2]
        };
        let early = median(&during[quarter..2 * quarter]);
        let late = median(&during[during.len() - quarter..]);
        if late > early + early / 20 + tolerance {
            growing.push(format!("{} grow from {early} to {late}", RESOURCES[index]));
        }
        let (first, last) = (samples[0].amounts[index], samples[samples.len() - 1].amounts[index]);
        if index > 0 && last != first {
            growing.push(format!("{}: {first} before, {last} after", RESOURCES[index]));
        }
    }
    growing
}

/// A positive control: a tenth more of each resource, and one that remains.
pub fn every_leak_is_found(samples: &[Sample]) {
    for (index, name) in RESOURCES.iter().enumerate() {
        let mut leaking = samples.to_vec();
        let count = leaking.len() as u64;
        for (number, sample) in leaking.iter_mut().enumerate() {
            let most = 4 * sample.amounts[index] / 10 + 20;
            sample.amounts[index] += most * number as u64 / count;
        }
        assert!(!growing(&leaking).is_empty(), "{name} may leak");
    }
    for (index, name) in RESOURCES.iter().enumerate().skip(1) {
        let mut leaking = samples.to_vec();
        leaking.last_mut().unwrap().amounts[index] += 1;
        assert_eq!(growing(&leaking).len(), 1, "{name} may remain");
    }
}
