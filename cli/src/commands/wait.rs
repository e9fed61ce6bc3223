//! `luma wait`, and the second half of `luma trigger --wait`.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use luma::{Client, Error, ErrorKind, ListQuery, WaitOptions, WaitSet, WorkflowHistory};
use serde_json::{Value, json};

use crate::exit::{Exit, Failure, reason};
use crate::output::{self, Output, note, printable};

/// With more runs than this, one live line counts them.
const MAX_BARS: usize = 8;

/// How often a live line is refreshed: one request for each step that it shows.
const REFRESH: Duration = Duration::from_secs(1);

pub fn options(timeout: Duration, until_suspended: bool) -> Result<WaitOptions, Failure> {
    let options = WaitOptions::new(timeout)?;
    Ok(if until_suspended { options.or_suspended() } else { options })
}

/// Waits for runs, and prints every change.
pub fn wait(
    client: &Client,
    ids: &[String],
    options: &WaitOptions,
    output: Output,
) -> Result<Exit, Failure> {
    let set = client.wait_set();
    let mut runs: Vec<Run> = Vec::new();
    for id in ids {
        match set.add(id, options, runs.len()) {
            // It was named twice.
            Err(error) if error.kind() == ErrorKind::AlreadyInSet => continue,
            added => added?,
        }
        let id = id.trim().to_owned();
        runs.push(Run { id, exit: None, status: String::new(), is_missing: false });
    }
    let live = Live::new(client, &runs, output)?;
    let mut waits = Waits { runs, output, live };
    let followed = waits.follow(&set);
    if let Some(live) = &waits.live {
        live.clear();
    }
    let continuing: Vec<_> =
        waits.runs.iter().filter(|run| run.continues()).map(|run| &*run.id).collect();
    if !continuing.is_empty() {
        let who = if continuing.len() == 1 { "The run continues" } else { "The runs continue" };
        note(&format!("{who}. To wait again: luma wait {}", continuing.join(" ")));
    }
    followed?;
    // The same for any order in which they end.
    let failed = waits.runs.iter().filter_map(|run| run.exit).filter(|e| *e != Exit::Accepted);
    Ok(failed.min_by_key(|exit| *exit as i32).unwrap_or(Exit::Accepted))
}

struct Run {
    id: String,
    /// `None` until the wait has ended.
    exit: Option<Exit>,
    /// Its last status, with its colour.
    status: String,
    /// True if the gateway does not know it.
    is_missing: bool,
}

impl Run {
    /// True if the wait ended before the run did.
    fn continues(&self) -> bool {
        !self.is_missing && matches!(self.exit, None | Some(Exit::TimedOut | Exit::BrokeOff))
    }
}

struct Waits {
    runs: Vec<Run>,
    output: Output,
    live: Option<Live>,
}

impl Waits {
    /// Follows the runs until all waits have ended.
    fn follow(&mut self, set: &WaitSet<usize>) -> Result<(), Failure> {
        let mut has_polled = false;
        while set.count() > 0 {
            match set.next(self.live.as_ref().map(|_| REFRESH)) {
                Ok(event) => {
                    has_polled = true;
                    let (_, index, wait) = event.into_parts();
                    match wait.error().map(Error::kind) {
                        Some(ErrorKind::WaitOpen) => self.changed(index, wait.last())?,
                        _ => self.ended(index, &wait)?,
                    }
                }
                Err(error) if error.kind() == ErrorKind::NothingChanged => {}
                // An outage ends only waits that never began. The set polls again, and reports each
                // kind of error once.
                Err(error) if has_polled && !ends_all(error.kind()) => note(&reason(&error)),
                Err(error) => return self.broke_off(&error),
            }
            if let Some(live) = &mut self.live {
                live.show(&self.runs);
            }
        }
        Ok(())
    }

    fn changed(&mut self, index: usize, last: Option<&WorkflowHistory>) -> Result<(), Failure> {
        let Some(last) = last else { return Ok(()) };
        let text = last.status_text();
        self.runs[index].status = output::status(&text);
        match self.live {
            Some(_) => Ok(()),
            None => self.event("status", index, [("status", json!(text))]),
        }
    }

    /// Prints how a wait ended.
    fn ended(&mut self, index: usize, wait: &luma::Wait) -> Result<(), Failure> {
        let exit = Exit::of_wait(wait);
        self.runs[index].exit = Some(exit);
        let id = &self.runs[index].id;
        let last = wait.last();
        let text = last.map(|last| last.status_text().into_owned());
        if let Some(error) = wait.error() {
            self.runs[index].is_missing = error.kind() == ErrorKind::NotFound;
            let id = &self.runs[index].id;
            let event = if exit == Exit::TimedOut { "timeout" } else { "broken" };
            let message = format!("{id}: {}", reason(error));
            self.above(|| note(&message));
            return match self.output.is_json {
                true => {
                    let message = json!(reason(error));
                    self.event(event, index, [("status", json!(text)), ("message", message)])
                }
                false => Ok(()),
            };
        }
        if self.output.is_json {
            return self.event("ended", index, [("status", json!(text))]);
        }
        let status = output::status(&text.unwrap_or_default());
        let took = last.and_then(WorkflowHistory::time_spent_ms);
        let took = took.map(|ms| format!("took {}", output::duration(ms)));
        let cells = [Some(id.clone()), Some(status), took];
        let between = if self.output.is_terminal { "  " } else { "\t" };
        let line = cells.into_iter().flatten().collect::<Vec<_>>().join(between);
        self.above(|| output::line(&line))
    }

    /// Ends all waits.
    fn broke_off(&mut self, error: &Error) -> Result<(), Failure> {
        self.above(|| note(&reason(error)));
        for index in 0..self.runs.len() {
            if self.runs[index].exit.is_none() {
                self.runs[index].exit = Some(Exit::BrokeOff);
                if self.output.is_json {
                    self.event("broken", index, [("message", json!(reason(error)))])?;
                }
            }
        }
        Ok(())
    }

    fn event<const N: usize>(
        &self,
        event: &str,
        index: usize,
        members: [(&str, Value); N],
    ) -> Result<(), Failure> {
        let id = &self.runs[index].id;
        if self.output.is_json {
            let mut document = output::object(members);
            document["event"] = json!(event);
            document["triggerId"] = json!(id);
            output::document(&document)
        } else {
            let text = members.iter().find_map(|(_, value)| value.as_str()).unwrap_or_default();
            output::cells(&[id.clone(), text.to_owned()])
        }
    }

    /// Prints above the live lines.
    fn above<R>(&self, print: impl FnOnce() -> R) -> R {
        match &self.live {
            Some(live) => live.all.suspend(print),
            None => print(),
        }
    }
}

/// True if waiting longer does not help.
fn ends_all(kind: ErrorKind) -> bool {
    use ErrorKind::{AccessToken, Cancelled, Forbidden, SetClosed, TokenSource, Unauthorized};
    matches!(kind, AccessToken | Cancelled | Forbidden | SetClosed | TokenSource | Unauthorized)
}

/// The live display of waits on a terminal: a line for each run, or one for many.
struct Live {
    client: Client,
    all: MultiProgress,
    bars: Vec<ProgressBar>,
    /// The run whose step is asked for next.
    next: usize,
}

impl Live {
    /// Returns `None` if there is no terminal.
    fn new(client: &Client, runs: &[Run], output: Output) -> Result<Option<Self>, Failure> {
        if !output.is_terminal || output.is_json {
            return Ok(None);
        }
        let all = MultiProgress::new();
        let style = ProgressStyle::with_template("{spinner} {prefix}  {wide_msg} {elapsed:>4}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = |prefix: String| {
            let bar = all.add(ProgressBar::new_spinner()).with_style(style.clone());
            bar.set_prefix(prefix);
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        };
        let bars = match runs.len() {
            ..=MAX_BARS => runs.iter().map(|run| bar(run.id.clone())).collect(),
            count => vec![bar(format!("{count} runs"))],
        };
        // A step is only for display: the end of a run must not wait for it.
        let client = client.with_timeout(2 * REFRESH)?;
        Ok(Some(Live { client, all, bars, next: 0 }))
    }

    fn show(&mut self, runs: &[Run]) {
        if runs.len() > MAX_BARS {
            let open = runs.iter().filter(|run| run.exit.is_none()).count();
            self.bars[0].set_message(format!("{open} in progress"));
            return;
        }
        for (run, bar) in runs.iter().zip(&self.bars) {
            if run.exit.is_some() && !bar.is_finished() {
                bar.finish_and_clear();
            }
        }
        let in_turn = (self.next..runs.len()).chain(0..self.next);
        let Some(index) = in_turn.into_iter().find(|index| runs[*index].exit.is_none()) else {
            return;
        };
        self.next = index + 1;
        let run = &runs[index];
        let step =
            current_step(&self.client, &run.id).map(|step| format!(": {}", printable(&step)));
        let message = format!("{}{}", run.status, step.unwrap_or_default());
        self.bars[index].set_message(output::for_stderr(&message));
    }

    fn clear(&self) {
        for bar in &self.bars {
            bar.finish_and_clear();
        }
    }
}

/// Returns the name of the step that started last. Only for display, so errors do not matter.
fn current_step(client: &Client, id: &str) -> Option<String> {
    let query = ListQuery { order_by: "startTime desc", top: 1, ..ListQuery::default() };
    let steps = client.list_workflow_steps(id, &query).ok()?;
    Some(steps.get(0)?.name().into_owned())
}
