//! Decides which run of a set of waits is polled next, and when. The time and the results of the
//! polls are arguments, so that tests need no real time.
//!
//! Each run has its own pauses, as in [`wait`](crate::wait), but they are measured in stretched
//! time. If all runs together would need more polls per second than the limit allows, that time
//! passes more slowly, in the same proportion. So pauses grow with the number of runs and shrink
//! again when runs end, new runs are still polled more often than old ones, and no step costs more
//! than O(log n).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::api::history::WorkflowHistory;
use crate::call_info::CallInfo;
use crate::error::{Error, ErrorKind};
use crate::random;
use crate::wait::{AfterPoll, FIRST_PAUSE, MAX_RETRY_AFTER, Progress, Wait, WaitOptions};

const DEFAULT_LIMIT: u32 = 20;

/// The pauses of the whole set when the gateway cannot be polled: each is twice as long as the one
/// before.
const FIRST_TROUBLE_PAUSE: Duration = Duration::from_secs(1);
const MAX_TROUBLE_PAUSE: Duration = Duration::from_secs(60);

/// How many polls in a row must fail, where one may concern only its run.
const MAX_FAILURES: u32 = 3;

/// When a last poll is due, in stretched time, which starts later: it comes before all other polls.
const LAST_POLL: u64 = 0;

/// One run of a set.
struct Run<T> {
    id: Arc<str>,
    user_data: T,
    progress: Progress,
    /// How often it wants to be polled, in millionths per second.
    rate: u64,
    /// When it is due, in stretched time, or [`LAST_POLL`].
    due: u64,
    /// When its last poll is due, or its deadline.
    deadline: Option<Instant>,
}

/// The runs of a set.
pub(crate) struct WaitQueue<T> {
    runs: BTreeMap<u64, Box<Run<T>>>,
    /// The keys of the runs in `runs`.
    ids: BTreeMap<Arc<str>, u64>,
    next_key: u64,
    /// When the runs that are not being polled are due, and their keys.
    due: BTreeSet<(u64, u64)>,
    /// Those with a deadline, in microseconds since `start`. Not `Instant`: a second type of set
    /// would add 6 KB to the library.
    deadlines: BTreeSet<(u64, u64)>,
    start: Instant,
    /// Stretched time in microseconds, as of `updated`.
    time: f64,
    updated: Instant,
    /// The sum of the rates.
    demand: u64,
    /// The most polls per second.
    limit: u32,
    /// When the limit allows the next poll.
    next_slot: Instant,
    /// When the gateway allows the next poll (`Retry-After`).
    held_until: Instant,
    trouble: Option<Trouble>,
    /// Polls in a row that failed with an error that may concern the whole gateway.
    failures: u32,
    random: fastrand::Rng,
}

/// Why no run can be polled at the moment.
struct Trouble {
    kind: ErrorKind,
    /// When to poll one run, to see whether it is over.
    until: Instant,
    pause: Duration,
    is_probing: bool,
    /// The version of the access token that was refused.
    token: Option<u64>,
}

/// The next thing to do.
pub(crate) enum Step<T> {
    Poll(Job),
    /// The wait of a run ended without another poll.
    Ended(Box<RunEvent<T>>),
    /// Sleep until then, or until something changes.
    Sleep(Option<Instant>),
}

/// A poll that is to be made.
pub(crate) struct Job {
    pub(crate) key: u64,
    pub(crate) id: Arc<str>,
    pub(crate) deadline: Option<Instant>,
    started: Instant,
    /// True if the deadline of the run is the reason for this poll.
    is_last: bool,
    is_probe: bool,
}

/// The news that a poll of a set brings.
pub(crate) enum Finding<T> {
    Run(Box<RunEvent<T>>),
    /// The whole set pauses.
    Trouble(Error),
}

/// A change of a run in a [`WaitSet`](crate::WaitSet): a new status, or the end of its wait.
///
/// Since 0.1.0.
#[derive(Debug, Clone)]
pub struct RunEvent<T> {
    trigger_id: Arc<str>,
    user_data: T,
    wait: Wait,
}

impl<T> RunEvent<T> {
    /// Returns the run's trigger id.
    pub fn trigger_id(&self) -> &str {
        &self.trigger_id
    }

    /// Returns the user data that was added with the run.
    pub fn user_data(&self) -> &T {
        &self.user_data
    }

    /// Returns true if the wait has ended, and the run is not in the set any more. False if the run
    /// has a new status.
    pub fn has_ended(&self) -> bool {
        self.wait.error().is_none_or(|error| error.kind() != ErrorKind::WaitOpen)
    }

    /// Returns the state of the wait, as [`OpenWait::poll_now`](crate::OpenWait::poll_now) does:
    /// its error is [`ErrorKind::WaitOpen`] unless the wait has ended.
    pub fn wait(&self) -> &Wait {
        &self.wait
    }

    /// Returns trigger id, user data and state of the wait.
    pub fn into_parts(self) -> (String, T, Wait) {
        (self.trigger_id.to_string(), self.user_data, self.wait)
    }
}

impl<T: Clone> WaitQueue<T> {
    pub(crate) fn new(now: Instant) -> Self {
        WaitQueue {
            runs: BTreeMap::new(),
            ids: BTreeMap::new(),
            next_key: 0,
            due: BTreeSet::new(),
            deadlines: BTreeSet::new(),
            start: now,
            time: 1.0,
            updated: now,
            demand: 0,
            limit: DEFAULT_LIMIT,
            next_slot: now,
            held_until: now,
            trouble: None,
            failures: 0,
            random: random::generator(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.runs.len()
    }

    pub(crate) fn set_limit(&mut self, limit: u32, now: Instant) {
        self.advance(now);
        self.limit = limit;
        self.next_slot = self.next_slot.min(now + self.gap());
    }

    /// Adds a run, whose first poll is due at once. Returns false if it is there already.
    pub(crate) fn add(
        &mut self,
        id: &str,
        options: &WaitOptions,
        user_data: T,
        now: Instant,
    ) -> bool {
        if self.ids.contains_key(id) {
            return false;
        }
        self.advance(now);
        let key = self.next_key;
        self.next_key += 1;
        let progress = Progress::new(options, now);
        let rate = rate(FIRST_PAUSE);
        let id: Arc<str> = id.into();
        let run = Run {
            id: id.clone(),
            user_data,
            deadline: progress.last_poll_after(now, Duration::ZERO),
            progress,
            rate,
            due: self.time as u64,
        };
        self.demand += rate;
        self.ids.insert(id, key);
        self.insert(key, run.due, run.deadline);
        self.runs.insert(key, Box::new(run));
        true
    }

    /// Removes a run. Returns false if it is not there. If it is being polled, the result of the
    /// poll will be dropped.
    pub(crate) fn remove(&mut self, id: &str, now: Instant) -> bool {
        let Some(&key) = self.ids.get(id) else { return false };
        self.advance(now);
        self.take(key);
        true
    }

    /// Lets a run be polled.
    fn insert(&mut self, key: u64, due: u64, deadline: Option<Instant>) {
        self.due.insert((due, key));
        if let Some(deadline) = deadline {
            self.deadlines.insert((self.since_start(deadline), key));
        }
    }

    /// Reverses [`insert`](Self::insert).
    fn extract(&mut self, key: u64, due: u64, deadline: Option<Instant>) {
        self.due.remove(&(due, key));
        if let Some(deadline) = deadline {
            self.deadlines.remove(&(self.since_start(deadline), key));
        }
    }

    /// Converts a deadline to microseconds. Rounded up, so that it is over then.
    fn since_start(&self, at: Instant) -> u64 {
        at.saturating_duration_since(self.start).as_nanos().div_ceil(1000) as u64
    }

    /// Returns the first deadline, and the key of its run.
    fn first_deadline(&self) -> Option<(Instant, u64)> {
        let (at, key) = self.deadlines.first()?;
        Some((self.start + Duration::from_micros(*at), *key))
    }

    /// Takes a run out of the queue.
    fn take(&mut self, key: u64) -> Option<Run<T>> {
        let run = self.runs.remove(&key)?;
        self.extract(key, run.due, run.deadline);
        self.ids.remove(&run.id);
        self.demand -= run.rate;
        Some(*run)
    }

    /// The time from one poll to the next.
    fn gap(&self) -> Duration {
        Duration::from_secs(1) / self.limit
    }

    /// How fast stretched time passes: 1 if the limit allows all polls.
    fn speed(&self) -> f64 {
        let allowed = f64::from(self.limit) * 1e6;
        if self.demand as f64 <= allowed { 1.0 } else { allowed / self.demand as f64 }
    }

    /// Lets stretched time pass. Comes before each change of its speed.
    fn advance(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.updated);
        self.time += passed.as_micros() as f64 * self.speed();
        self.updated = self.updated.max(now);
    }

    /// Returns what to do. `token` is the version of the current access token.
    pub(crate) fn step(&mut self, now: Instant, token: u64) -> Step<T> {
        self.advance(now);
        if let Some(event) = self.expire(now) {
            return Step::Ended(event);
        }
        if let Some(trouble) = &mut self.trouble
            && trouble.token.is_some_and(|refused| refused != token)
        {
            trouble.token = None;
            trouble.until = now;
        }
        let first_deadline = self.first_deadline().map(|(at, _)| at);
        let Some((due, key)) = self.due.first().copied() else { return Step::Sleep(None) };
        let at = self.time_of(due, now);
        let mut at = at.max(self.next_slot).max(self.held_until);
        if let Some(trouble) = &self.trouble {
            if trouble.is_probing {
                return Step::Sleep(first_deadline);
            }
            at = at.max(trouble.until);
        }
        if at > now {
            return Step::Sleep(Some(first_deadline.map_or(at, |deadline| at.min(deadline))));
        }
        let run = self.runs.get(&key);
        let Some((id, deadline, ends)) =
            run.map(|run| (run.id.clone(), run.deadline, run.progress.deadline()))
        else {
            return Step::Sleep(None);
        };
        self.extract(key, due, deadline);
        self.next_slot = now + self.gap();
        let is_probe = self.trouble.as_mut().map(|trouble| trouble.is_probing = true).is_some();
        let is_last = due == LAST_POLL;
        Step::Poll(Job { key, id, deadline: ends, started: now, is_last, is_probe })
    }

    /// Returns when stretched time reaches `due`.
    fn time_of(&self, due: u64, now: Instant) -> Instant {
        let left = (due as f64 - self.time) / self.speed();
        // Rounded up, so that it is due then.
        if left <= 0.0 { now } else { now + Duration::from_micros(left as u64 + 1) }
    }

    /// Ends a wait whose deadline has passed, if there is one. Moves runs whose last poll is due to
    /// the front, unless no poll can be made.
    fn expire(&mut self, now: Instant) -> Option<Box<RunEvent<T>>> {
        let is_held = self.trouble.is_some() || self.held_until > now;
        while let Some((at, key)) = self.first_deadline()
            && at <= now
        {
            let run = self.runs.get_mut(&key)?;
            let deadline = run.progress.deadline()?;
            if deadline <= now {
                let run = self.take(key)?;
                let error = run.progress.timed_out(None);
                let last = run.progress.last().map(|last| last.to_history());
                return Some(run.event(now, last, Some(error), CallInfo::default()));
            }
            // The limit may delay its last poll, so now its deadline counts.
            let (old_due, old_deadline) = (run.due, run.deadline);
            run.due = if is_held { old_due } else { LAST_POLL };
            run.deadline = Some(deadline);
            let (due, deadline) = (run.due, run.deadline);
            self.extract(key, old_due, old_deadline);
            self.insert(key, due, deadline);
        }
        None
    }

    /// Returns a run to the queue as if it had not been polled.
    pub(crate) fn put_back(&mut self, job: &Job) {
        if job.is_probe
            && let Some(trouble) = &mut self.trouble
        {
            trouble.is_probing = false;
        }
        let run = self.runs.get(&job.key).map(|run| (run.due, run.deadline));
        if let Some((due, deadline)) = run {
            self.insert(job.key, due, deadline);
        }
    }

    /// Ends a poll. `token` is the version of the current access token.
    pub(crate) fn finish(
        &mut self,
        job: &Job,
        result: Result<WorkflowHistory, Error>,
        now: Instant,
        token: u64,
    ) -> Option<Finding<T>> {
        self.advance(now);
        let key = job.key;
        if let Err(error) = &result {
            if error.kind() == ErrorKind::Cancelled {
                self.put_back(job);
                return None;
            }
            if let Some(asked) = error.retry_after() {
                self.held_until = self.held_until.max(now + asked.min(MAX_RETRY_AFTER));
            }
            // The time of this run was over: that says nothing about the gateway.
            let is_cut_short = self.trouble.is_none()
                && matches!(error.kind(), ErrorKind::ConnectTimeout | ErrorKind::ResponseTimeout)
                && job.deadline.is_some_and(|deadline| deadline <= now);
            self.failures = match scope(error.kind()) {
                _ if is_cut_short => self.failures,
                Scope::Run => 0,
                Scope::Unclear => self.failures + 1,
                Scope::Gateway => MAX_FAILURES,
            };
            if self.failures >= MAX_FAILURES {
                self.put_back(job);
                let is_new = self.begin_trouble(error.kind(), job, now, token);
                // It regulates itself.
                let is_reported = is_new && error.kind() != ErrorKind::RateLimited;
                return is_reported.then(|| Finding::Trouble(error.clone()));
            }
        } else {
            self.failures = 0;
        }
        if self.failures == 0 {
            self.trouble = None;
        }
        let run = self.runs.get_mut(&key)?;
        let is_changed = match (&result, run.progress.last()) {
            (Ok(history), Some(last)) => !last.has_status_of(history),
            (result, _) => result.is_ok(),
        };
        let next = run.progress.judge(&result, now);
        let info = match &result {
            Ok(history) => history.response().info().clone(),
            Err(error) => error.info().clone(),
        };
        if next != AfterPoll::Continue {
            let run = self.take(key)?;
            let (last, error) = match result {
                Ok(history) => (Some(history), None),
                Err(error) => {
                    let last = run.progress.last().map(|last| last.to_history());
                    (last, Some(run.progress.failed(error)))
                }
            };
            return Some(Finding::Run(run.event(now, last, error, info)));
        }
        // Stretched pauses let a run age faster than its pauses grow.
        run.progress.catch_up(now);
        self.demand -= run.rate;
        run.rate = rate(run.progress.pause());
        self.demand += run.rate;
        let pause = run.progress.next_pause(&mut self.random);
        run.due = (self.time + pause.as_micros() as f64) as u64;
        let poll_took = now.saturating_duration_since(job.started);
        run.deadline = match job.is_last {
            true => run.progress.deadline(),
            false => run.progress.last_poll_after(now, poll_took),
        };
        let event = is_changed.then(|| {
            let error = run.progress.still_open(None);
            Box::new(RunEvent {
                trigger_id: run.id.clone(),
                user_data: run.user_data.clone(),
                wait: run.progress.wait(now, result.ok(), Some(error), info),
            })
        });
        let (due, deadline) = (run.due, run.deadline);
        self.insert(key, due, deadline);
        event.map(Finding::Run)
    }

    /// Pauses the set. Returns true if it has not been pausing for this reason.
    fn begin_trouble(&mut self, kind: ErrorKind, job: &Job, now: Instant, token: u64) -> bool {
        let jitter = 1.0 + self.random.f64() / 4.0;
        let trouble = self.trouble.get_or_insert(Trouble {
            kind: ErrorKind::Internal,
            until: now,
            pause: Duration::ZERO,
            is_probing: false,
            token: None,
        });
        // A poll that began before the trouble says nothing about its duration.
        if job.is_probe || trouble.pause.is_zero() {
            trouble.pause = (trouble.pause * 2).clamp(FIRST_TROUBLE_PAUSE, MAX_TROUBLE_PAUSE);
            trouble.until = now + trouble.pause.mul_f64(jitter);
        }
        let is_token = matches!(
            kind,
            ErrorKind::Unauthorized | ErrorKind::AccessToken | ErrorKind::TokenSource
        );
        trouble.token = is_token.then_some(token);
        std::mem::replace(&mut trouble.kind, kind) != kind
    }
}

impl<T> Run<T> {
    fn event(
        self,
        now: Instant,
        last: Option<WorkflowHistory>,
        error: Option<Error>,
        info: CallInfo,
    ) -> Box<RunEvent<T>> {
        let wait = self.progress.wait(now, last, error, info);
        Box::new(RunEvent { trigger_id: self.id, user_data: self.user_data, wait })
    }
}

/// How often a run with this pause, plus jitter, wants to be polled, in millionths per second.
fn rate(pause: Duration) -> u64 {
    1_000_000_000_000 / (pause.as_micros() as u64 * 9 / 8)
}

/// Whom an error of a poll concerns.
enum Scope {
    Run,
    /// The run or the whole gateway.
    Unclear,
    Gateway,
}

fn scope(kind: ErrorKind) -> Scope {
    use ErrorKind::*;
    match kind {
        Dns | Connect | ConnectTimeout | Tls | ProxyFailed | Unauthorized | AccessToken
        | TokenSource | Redirected | RateLimited => Scope::Gateway,
        ResponseTimeout | ConnectionLost | InvalidHttp | ServerFailed | UnexpectedResponse => {
            Scope::Unclear
        }
        _ => Scope::Run,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::history;
    use crate::api::status::RunStatus as S;
    use crate::error::Outcome;
    use ErrorKind as E;

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    fn failure(kind: ErrorKind) -> Result<WorkflowHistory, Error> {
        Err(Error::new(kind, Outcome::Unknown, "failed"))
    }

    #[test]
    fn a_last_poll_that_the_limit_delays_does_not_delay_the_end_of_other_waits() {
        let start = Instant::now();
        let at = |time| start + seconds(time);
        let timeout = |time| WaitOptions::new(seconds(time)).unwrap();
        let poll = |queue: &mut WaitQueue<()>, time| match queue.step(at(time), 0) {
            Step::Poll(job) => job,
            _ => panic!("no poll at {time}"),
        };
        let running = || Ok(history::test::with_status("RUNNING"));
        let mut queue = WaitQueue::new(start);
        queue.set_limit(1, start);
        // Its poll takes half a minute, so its last one is due a minute before its deadline.
        queue.add("slow", &timeout(100.0), (), start);
        let job = poll(&mut queue, 0.0);
        assert!(queue.finish(&job, running(), at(30.0), 0).is_some());
        queue.add("short", &timeout(10.5), (), at(30.0));
        let job = poll(&mut queue, 39.9);
        assert!(&*job.id == "short" && queue.finish(&job, running(), at(39.9), 0).is_some());
        // Both last polls are due, but the limit allows one a second later.
        assert!(matches!(queue.step(at(40.47), 0), Step::Sleep(Some(end)) if end == at(40.5)));
        match queue.step(at(40.6), 0) {
            Step::Ended(event) => assert_eq!(event.trigger_id(), "short"),
            _ => panic!("the wait goes on after its deadline"),
        }
        assert!(matches!(queue.step(at(40.6), 0), Step::Sleep(Some(slot)) if slot == at(40.9)));
        let job = poll(&mut queue, 40.9);
        assert!(&*job.id == "slow" && job.is_last);
    }

    /// The course of a simulation.
    #[derive(Debug, Default)]
    struct Seen {
        /// Times in seconds, and runs.
        polls: Vec<(f64, usize)>,
        /// New statuses of runs and ends of waits.
        events: Vec<(f64, usize, Option<ErrorKind>)>,
        troubles: Vec<(f64, ErrorKind)>,
    }

    impl Seen {
        fn times_of(&self, run: usize) -> Vec<f64> {
            self.polls.iter().filter(|(_, polled)| *polled == run).map(|(at, _)| *at).collect()
        }

        /// The longest pauses between two polls of a run.
        fn longest_pause(&self) -> f64 {
            let mut last = BTreeMap::new();
            let pauses =
                self.polls.iter().map(|(at, run)| at - last.insert(run, *at).unwrap_or(*at));
            pauses.fold(0.0, f64::max)
        }

        /// The most polls in any second.
        fn most_per_second(&self) -> usize {
            let mut first = 0;
            let mut most = 0;
            for (index, (at, _)) in self.polls.iter().enumerate() {
                while self.polls[first].0 <= at - 1.0 {
                    first += 1;
                }
                most = most.max(index + 1 - first);
            }
            most
        }
    }

    struct World {
        queue: WaitQueue<usize>,
        start: Instant,
        now: Instant,
        token: u64,
        seen: Seen,
    }

    impl World {
        fn new() -> Self {
            let now = Instant::now();
            let queue = WaitQueue::new(now);
            World { queue, start: now, now, token: 0, seen: Seen::default() }
        }

        fn elapsed(&self) -> f64 {
            (self.now - self.start).as_secs_f64()
        }

        fn add(&mut self, run: usize, options: &WaitOptions) {
            assert!(self.queue.add(&run.to_string(), options, run, self.now));
        }

        /// Drives the queue until a time. A poll of a run takes 10 ms.
        fn drive(
            &mut self,
            until: f64,
            mut poll: impl FnMut(f64, usize) -> Result<WorkflowHistory, Error>,
        ) {
            let until = self.start + seconds(until);
            while self.now < until {
                match self.queue.step(self.now, self.token) {
                    Step::Ended(event) => self.note(&event),
                    Step::Sleep(at) => {
                        let at = at.unwrap_or(until).min(until);
                        assert!(at > self.now);
                        self.now = at;
                    }
                    Step::Poll(job) => {
                        let run = job.id.parse().unwrap();
                        self.seen.polls.push((self.elapsed(), run));
                        let result = poll(self.elapsed(), run);
                        self.now += seconds(0.01);
                        match self.queue.finish(&job, result, self.now, self.token) {
                            Some(Finding::Run(event)) => self.note(&event),
                            Some(Finding::Trouble(error)) => {
                                self.seen.troubles.push((self.elapsed(), error.kind()));
                            }
                            None => {}
                        }
                    }
                }
            }
        }

        fn note(&mut self, event: &RunEvent<usize>) {
            let kind = event.wait().error().map(Error::kind);
            assert_eq!(event.has_ended(), kind != Some(E::WaitOpen));
            self.seen.events.push((self.elapsed(), *event.user_data(), kind));
        }
    }

    fn running() -> Result<WorkflowHistory, Error> {
        Ok(history::test::with_status("RUNNING"))
    }

    fn forever() -> WaitOptions {
        WaitOptions::without_timeout()
    }

    fn at_most(timeout: f64) -> WaitOptions {
        WaitOptions::new(seconds(timeout)).unwrap()
    }

    #[test]
    fn few_runs_are_polled_as_often_as_alone() {
        let mut world = World::new();
        for run in 0..5 {
            world.add(run, &forever());
        }
        world.drive(600.0, |_, _| running());
        for run in 0..5 {
            let times = world.seen.times_of(run);
            let mut pause: f64 = 0.5;
            for pair in times.windows(2) {
                let gap = pair[1] - pair[0];
                let longest = f64::min(15.0, 1.0 + pair[0] * 0.75);
                // A poll may have to wait for others: at most 50 ms for each.
                assert!(gap >= pause && gap <= longest + 0.3, "{gap} {pause}");
                pause = f64::min(pause * 1.5, 12.0);
            }
        }
        // The first status of each.
        assert_eq!(world.seen.events.len(), 5);
    }

    #[test]
    fn many_runs_share_the_limit_in_proportion() {
        for count in [100, 1000, 3000] {
            let mut world = World::new();
            for run in 0..count {
                world.add(run, &forever());
            }
            let first_pass = count as f64 / 20.0;
            world.drive(first_pass + 0.5, |_, _| running());
            // Each run is polled once before any is polled for the second time.
            let mut first: Vec<usize> = world.seen.polls.iter().map(|(_, run)| *run).collect();
            first.truncate(count);
            first.sort_unstable();
            first.dedup();
            assert!(first.len() >= count * 95 / 100, "{count}: {}", first.len());

            world.drive(first_pass * 20.0 + 400.0, |_, _| running());
            assert!(world.seen.most_per_second() <= 21);
            let longest = world.seen.longest_pause();
            let fair = f64::max(first_pass, 13.5);
            assert!(longest < fair * 3.0, "{count}: {longest} {fair}");

            // A new run is still polled more often than the old ones.
            let now = world.elapsed();
            world.add(count, &forever());
            world.drive(now + 10.0 * fair, |_, _| running());
            let polls = world.seen.times_of(count);
            assert!(polls[0] - now < 5.0, "{count}: {polls:?} {now}");
            assert!(polls.len() > 9, "{count}: {}", polls.len());

            // And when most runs are gone, the others are polled as often as alone.
            for run in 10..=count {
                assert!(world.queue.remove(&run.to_string(), world.now));
            }
            let now = world.elapsed();
            world.drive(now + 60.0, |_, _| running());
            let later = world.seen.polls.iter().filter(|(at, _)| *at > now).count();
            assert!(later >= 30, "{count}: {later}");
        }
    }

    #[test]
    fn each_new_status_and_each_end_is_reported_once() {
        let mut world = World::new();
        for run in 0..100 {
            world.add(run, &forever());
        }
        world.drive(2000.0, |now, run| {
            let status = match now - run as f64 {
                ..30.0 => "RUNNING",
                30.0..120.0 => "SUSPENDED",
                120.0..200.0 => "WAITING_FOR_SPARE_PARTS",
                _ if run % 2 == 0 => "COMPLETED",
                _ => "FAILED",
            };
            Ok(history::test::with_status(status))
        });
        assert_eq!(world.queue.len(), 0);
        assert_eq!(world.seen.events.len(), 400);
        for run in 0..100 {
            let events = world.seen.events.iter().filter(|(_, seen, _)| *seen == run);
            let kinds: Vec<_> = events.map(|(_, _, kind)| *kind).collect();
            let open = Some(E::WaitOpen);
            assert_eq!(kinds, [open, open, open, None]);
        }
    }

    #[test]
    fn a_wait_ends_at_its_deadline_after_a_last_poll() {
        let mut world = World::new();
        let end = 20.0;
        for run in 0..10 {
            world.add(run, &at_most(end + run as f64));
        }
        world.drive(60.0, |_, _| running());
        for run in 0..10 {
            let end = end + run as f64;
            let timed_out = world
                .seen
                .events
                .iter()
                .find(|(_, seen, kind)| *seen == run && *kind == Some(E::WaitTimeout));
            let at = timed_out.unwrap().0;
            assert!(at >= end && at < end + 0.05, "{at} {end}");
            let last = *world.seen.times_of(run).last().unwrap();
            assert!(last >= end - 0.12 && last < end, "{last} {end}");
        }
        // Even if all end at once and the limit does not allow their last polls.
        let mut world = World::new();
        for run in 0..1000 {
            world.add(run, &at_most(100.0));
        }
        world.drive(101.0, |_, _| running());
        assert_eq!(world.queue.len(), 0);
        assert!(world.seen.most_per_second() <= 21);
        let ends = world.seen.events.iter().filter(|event| event.2 == Some(E::WaitTimeout));
        assert_eq!(ends.filter(|(at, ..)| *at >= 100.0 && *at < 100.1).count(), 1000);
    }

    #[test]
    fn a_poll_that_the_deadline_of_its_run_cut_short_says_nothing_about_the_gateway() {
        for kind in [E::ConnectTimeout, E::ResponseTimeout] {
            let mut world = World::new();
            for run in 0..10 {
                world.add(run, &at_most(0.001));
                let Step::Poll(job) = world.queue.step(world.now, 0) else { panic!("no poll") };
                world.now += seconds(0.06);
                assert!(world.queue.finish(&job, failure(kind), world.now, 0).is_none());
                let Step::Ended(event) = world.queue.step(world.now, 0) else { panic!("no end") };
                let (_, _, wait) = event.into_parts();
                assert_eq!(wait.error().unwrap().kind(), E::WaitTimeout);
            }
        }
    }

    #[test]
    fn a_wait_that_timed_out_has_the_last_state() {
        for (status, expected) in [("RUNNING", S::Running), ("odd \"one\"", S::Other)] {
            let mut world = World::new();
            world.add(0, &at_most(10.0));
            world.drive(9.0, |_, _| Ok(history::test::with_status(status)));
            world.now += seconds(10.0);
            let Step::Ended(event) = world.queue.step(world.now, 0) else { panic!("no end") };
            let (id, run, wait) = event.into_parts();
            assert_eq!((&*id, run), ("0", 0));
            let last = wait.last().unwrap();
            assert_eq!((last.status(), &*last.status_text()), (expected, status));
            assert_eq!(last.start_time_ms(), Some(7));
            assert_eq!(last.end_time_ms(), None);
            assert_eq!(last.response().pointer("/resultData/startTime").unwrap().raw(), "7");
        }
    }

    #[test]
    fn an_unreachable_gateway_pauses_the_set_and_is_reported_once() {
        for kind in [E::Connect, E::Dns, E::Tls, E::ProxyFailed, E::ServerFailed, E::Redirected] {
            let mut world = World::new();
            for run in 0..1000 {
                world.add(run, &forever());
            }
            world.drive(10.0, |_, _| running());
            let before = world.seen.polls.len();
            world.drive(3610.0, |_, _| failure(kind));
            let probes = world.seen.polls.len() - before;
            // 1, 2, 4, 8, 16, 32 and then every 60 to 75 s; up to three to notice it.
            assert!((50..=70).contains(&probes), "{kind:?}: {probes}");
            assert_eq!(world.seen.troubles.len(), 1, "{kind:?}: {:?}", world.seen.troubles);
            assert_eq!(world.seen.troubles[0].1, kind);
            world.drive(3800.0, |_, _| running());
            // No wait has ended, and the set is at work again.
            assert_eq!(world.queue.len(), 1000);
            assert!(world.seen.polls.len() - before - probes > 1000);
            // The next one is reported too.
            world.drive(3900.0, |_, _| failure(kind));
            assert_eq!(world.seen.troubles.len(), 2);
        }
    }

    #[test]
    fn a_refused_token_pauses_the_set_until_there_is_another_one() {
        let mut world = World::new();
        for run in 0..1000 {
            world.add(run, &forever());
        }
        world.drive(600.0, |_, _| failure(E::Unauthorized));
        assert_eq!(world.seen.troubles.len(), 1);
        assert!(world.seen.polls.len() < 20);
        world.token += 1;
        let before = world.seen.polls.len();
        world.drive(601.0, |_, _| running());
        assert!(world.seen.polls.len() - before >= 15);
        assert_eq!(world.queue.len(), 1000);
        // A token that is refused too is noticed at once, and not reported again.
        let mut world = World::new();
        world.add(0, &forever());
        world.drive(100.0, |_, _| failure(E::Unauthorized));
        let before = world.seen.polls.len();
        world.token += 1;
        world.drive(100.5, |_, _| failure(E::Unauthorized));
        assert_eq!(world.seen.polls.len() - before, 1);
        assert_eq!(world.seen.troubles.len(), 1);
    }

    #[test]
    fn retry_after_holds_the_whole_set() {
        let mut world = World::new();
        for run in 0..100 {
            world.add(run, &forever());
        }
        let busy = || {
            let error = Error::new(E::RateLimited, Outcome::Rejected, "busy");
            Err(error.with_response(429, Some(seconds(30.0)), vec![], None))
        };
        world.drive(2.0, |_, _| running());
        let before = world.seen.polls.len();
        world.drive(31.0, |_, _| busy());
        assert_eq!(world.seen.polls.len() - before, 1);
        assert_eq!(world.seen.troubles, []);
        world.drive(40.0, |_, _| running());
        assert!(world.seen.polls.len() - before > 100);
    }

    #[test]
    fn an_error_of_one_run_ends_only_its_wait() {
        let mut world = World::new();
        for run in 0..100 {
            world.add(run, &forever());
        }
        world.drive(60.0, |_, run| match run {
            0 => failure(E::NotFound),
            1 => failure(E::Forbidden),
            2 => failure(E::ServerFailed),
            _ => running(),
        });
        assert_eq!(world.queue.len(), 98);
        assert_eq!(world.seen.troubles, []);
        let ends: Vec<_> =
            world.seen.events.iter().filter(|event| event.2 != Some(E::WaitOpen)).collect();
        assert_eq!(ends.len(), 2, "{ends:?}");
        let end_of = |run| ends.iter().find(|event| event.1 == run).unwrap();
        assert_eq!(end_of(1).2, Some(E::Forbidden));
        assert!(end_of(1).0 < 1.0);
        // A new run may be unknown for 10 s.
        assert_eq!(end_of(0).2, Some(E::NotFound));
        assert!(end_of(0).0 > 10.0);
        // It is polled less and less often.
        assert!(world.seen.times_of(2).len() < 15);
    }

    #[test]
    fn a_run_is_in_the_set_once_and_can_be_removed_during_its_poll() {
        let mut world = World::new();
        world.add(7, &forever());
        assert!(!world.queue.add("7", &at_most(1.0), 8, world.now));
        let Step::Poll(job) = world.queue.step(world.now, 0) else { panic!("no poll") };
        // Nothing else to do meanwhile.
        assert!(matches!(world.queue.step(world.now, 0), Step::Sleep(None)));
        assert!(world.queue.remove("7", world.now));
        assert!(!world.queue.remove("7", world.now));
        assert_eq!((world.queue.len(), world.queue.demand), (0, 0));
        // Added again, it is another wait.
        world.now += seconds(1.0);
        world.add(7, &forever());
        assert!(world.queue.finish(&job, running(), world.now, 0).is_none());
        world.queue.put_back(&job);
        assert_eq!(world.queue.len(), 1);
        let Step::Poll(second) = world.queue.step(world.now, 0) else { panic!("no poll") };
        world.queue.put_back(&second);
        world.now += seconds(1.0);
        let Step::Poll(third) = world.queue.step(world.now, 0) else { panic!("no poll") };
        assert!(world.queue.finish(&third, failure(E::Cancelled), world.now, 0).is_none());
        world.now += seconds(1.0);
        let Step::Poll(fourth) = world.queue.step(world.now, 0) else { panic!("no poll") };
        let completed = Ok(history::test::with_status("COMPLETED"));
        let Some(Finding::Run(event)) = world.queue.finish(&fourth, completed, world.now, 0) else {
            panic!("no event");
        };
        assert_eq!((event.trigger_id(), event.wait().polls()), ("7", 1));
        assert_eq!((world.queue.len(), world.queue.demand), (0, 0));
    }

    #[test]
    fn the_limit_can_be_changed() {
        for limit in [1, 5, 200, 1000] {
            let mut world = World::new();
            world.queue.set_limit(limit, world.now);
            for run in 0..5000 {
                world.add(run, &forever());
            }
            world.drive(20.0, |_, _| running());
            // One thread, whose polls take 10 ms.
            let expected = limit.min(100) as usize * 20;
            let polls = world.seen.polls.len();
            assert!((expected * 95 / 100..=expected + 1).contains(&polls), "{limit}: {polls}");
        }
    }

    #[test]
    fn a_sleep_ends_when_a_poll_is_due() {
        for count in [5, 300] {
            let mut world = World::new();
            for run in 0..count {
                world.add(run, &forever());
            }
            let mut has_slept = false;
            let mut polls = 0;
            while world.elapsed() < 60.0 {
                match world.queue.step(world.now, 0) {
                    Step::Sleep(at) => {
                        assert!(!has_slept, "woken in vain at {} s", world.elapsed());
                        has_slept = true;
                        world.now = at.unwrap();
                    }
                    Step::Poll(job) => {
                        has_slept = false;
                        polls += 1;
                        world.now += seconds(0.01);
                        world.queue.finish(&job, running(), world.now, 0);
                    }
                    Step::Ended(_) => panic!("a wait without a timeout has ended"),
                }
            }
            assert!(polls > 5 * 8, "{polls}");
        }
    }

    #[test]
    fn a_higher_limit_counts_from_the_moment_it_is_set() {
        let start = Instant::now();
        let at = |time| start + seconds(time);
        let mut queue = WaitQueue::new(start);
        queue.set_limit(1, start);
        queue.add("a", &forever(), (), start);
        queue.add("b", &forever(), (), start);
        assert!(matches!(queue.step(start, 0), Step::Poll(_)));
        assert!(matches!(queue.step(at(0.1), 0), Step::Sleep(Some(slot)) if slot == at(1.0)));
        queue.set_limit(2, at(0.2));
        assert!(matches!(queue.step(at(0.2), 0), Step::Sleep(Some(slot)) if slot == at(0.7)));
        assert!(matches!(queue.step(at(0.7), 0), Step::Poll(_)));
    }

    /// The resident memory of this process in bytes; `None` if the system does not say.
    fn memory() -> Option<f64> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.split_whitespace().next()?.parse::<f64>().ok().map(|kib| kib * 1024.0)
    }

    /// Follows a constant number of runs in virtual time, on one thread. Each takes up to four
    /// hours, and is replaced when its end was reported. Returns the polls per second,
    /// the median and the 95th percentile of the time from the end of a run to its report in
    /// seconds, the memory of a run in bytes, and the time of the queue for a poll in microseconds.
    fn follow(count: usize, limit: u32, hours: f64) -> [f64; 5] {
        const HOURS_4: f64 = 14_400.0;
        let until = hours * 3600.0;
        let mut random = fastrand::Rng::with_seed(count as u64);
        let before = memory();
        let start = Instant::now();
        let mut now = start;
        let mut queue = WaitQueue::new(now);
        queue.set_limit(limit, now);
        let mut ends: Vec<f64> = Vec::new();
        let add = |queue: &mut WaitQueue<usize>, ends: &mut Vec<f64>, at: f64, end: f64| {
            // As long as a real one.
            let id = format!("51a70000-0000-4000-8000-{:012x}", ends.len());
            let now = start + seconds(at);
            assert!(queue.add(&id, &forever(), ends.len(), now));
            ends.push(end);
        };
        for _ in 0..count {
            add(&mut queue, &mut ends, 0.0, HOURS_4 * random.f64());
        }
        let (mut polls, mut delays, mut used) = (0, Vec::new(), None);
        let working = std::time::Instant::now();
        let mut elsewhere = Duration::ZERO;
        while now < start + seconds(until) {
            let at = (now - start).as_secs_f64();
            match queue.step(now, 0) {
                Step::Sleep(until) => now = until.unwrap(),
                Step::Ended(_) => unreachable!(),
                Step::Poll(job) => {
                    polls += 1;
                    let gateway = std::time::Instant::now();
                    let number = usize::from_str_radix(&job.id[24..], 16).unwrap();
                    let has_ended = ends[number] <= at;
                    let status = if has_ended { "COMPLETED" } else { "RUNNING" };
                    let history = Ok(history::test::with_status(status));
                    elsewhere += gateway.elapsed();
                    queue.finish(&job, history, now, 0);
                    if has_ended {
                        delays.push(at - ends[number]);
                        add(&mut queue, &mut ends, at, at + HOURS_4 * random.f64());
                    }
                    // All have been polled.
                    if polls == count * 2 {
                        used = before.zip(memory()).map(|(before, after)| after - before);
                    }
                }
            }
        }
        let queue_took = (working.elapsed() - elsewhere).as_secs_f64() * 1e6;
        delays.sort_by(f64::total_cmp);
        let at = |part: f64| delays[(delays.len() as f64 * part) as usize];
        let bytes = used.unwrap_or(f64::NAN) / count as f64;
        [polls as f64 / until, at(0.5), at(0.95), bytes, queue_took / f64::from(polls as u32)]
    }

    /// `make bench-waits` runs it.
    #[test]
    #[ignore = "a benchmark"]
    fn figures_of_many_runs() {
        // The largest first, because freed memory would be used again.
        for count in [10_000, 1_000, 100, 10] {
            // The second limit is never reached, as if each run had a wait of its own.
            for (limit, hours) in [(20, 4.0), (1000, 1.0)] {
                // Few runs end rarely.
                let hours = if count > 100 { hours } else { 100.0 };
                let [polls, median, late, bytes, microseconds] = follow(count, limit, hours);
                println!(
                    "FIGURES {count} {limit} {polls:.2} {median:.1} {late:.1} {bytes:.0} \
                     {microseconds:.2}"
                );
            }
        }
    }
}
