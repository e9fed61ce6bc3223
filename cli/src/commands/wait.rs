//! `luma wait`, and the second half of `luma trigger --wait`.

use std::ops::ControlFlow;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use luma::{Client, ListQuery, Poll, RunStatus, WaitOptions, WorkflowHistory};
use serde_json::{Value, json};

use crate::exit::{Exit, Failure};
use crate::output::{self, Output, note};

/// What happens during the waits.
enum Event {
    Changed { index: usize, status: RunStatus, text: String, step: Option<String> },
    Ended { index: usize, wait: Box<luma::Wait> },
}

/// Waits for runs, each on its own thread, and prints every change.
pub fn wait(
    client: &Client,
    ids: &[String],
    timeout: Duration,
    until_suspended: bool,
    output: Output,
) -> Result<Exit, Failure> {
    let mut options = WaitOptions::new(timeout)?;
    if until_suspended {
        options = options.or_suspended();
    }
    let lines = Lines::new(ids, output);
    let mut exits = Vec::new();
    thread::scope(|scope| {
        let (events, receiver) = mpsc::channel();
        for (index, id) in ids.iter().enumerate() {
            let events = events.clone();
            scope.spawn(move || follow(client, index, id, &options, output.is_terminal, &events));
        }
        drop(events);
        for event in receiver {
            match event {
                Event::Changed { index, status, text, step } => {
                    lines.show(index, status, &text, step.as_deref());
                }
                Event::Ended { index, wait } => exits.push(lines.end(index, &wait)),
            }
        }
    });
    // The same for any order in which they end.
    let failed = exits.into_iter().filter(|exit| *exit != Exit::Accepted);
    Ok(failed.min_by_key(|exit| *exit as i32).unwrap_or(Exit::Accepted))
}

fn follow(
    client: &Client,
    index: usize,
    id: &str,
    options: &WaitOptions,
    shows_step: bool,
    events: &Sender<Event>,
) {
    let mut last = None;
    let wait = client.wait_for_workflow(id, options, |poll: &Poll| {
        let Ok(history) = &poll.result else { return ControlFlow::Continue(()) };
        let status = history.status();
        let step = (shows_step && !status.is_final()).then(|| current_step(client, id)).flatten();
        let shown = (history.status_text().into_owned(), step);
        if last.as_ref() != Some(&shown) {
            let (text, step) = shown.clone();
            last = Some(shown);
            // The receiver lives as long as this thread.
            let _ = events.send(Event::Changed { index, status, text, step });
        }
        ControlFlow::Continue(())
    });
    let _ = events.send(Event::Ended { index, wait: Box::new(wait) });
}

/// Returns the name of the step that started last. Only for display, so errors do not matter.
fn current_step(client: &Client, id: &str) -> Option<String> {
    let query = ListQuery { order_by: "startTime desc", top: 1, ..ListQuery::default() };
    let steps = client.list_workflow_steps(id, &query).ok()?;
    Some(steps.get(0)?.name().into_owned())
}

/// The lines that show the runs.
struct Lines<'a> {
    ids: &'a [String],
    output: Output,
    /// On a terminal: a line per run that is still going.
    bars: Vec<ProgressBar>,
}

impl<'a> Lines<'a> {
    fn new(ids: &'a [String], output: Output) -> Self {
        let bars = if output.is_terminal && !output.is_json {
            let all = MultiProgress::new();
            let style = ProgressStyle::with_template("{spinner} {prefix}  {msg}  {elapsed}");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
            let bar = |id: &String| {
                let bar = all.add(ProgressBar::new_spinner()).with_style(style.clone());
                bar.set_prefix(id.clone());
                bar.enable_steady_tick(Duration::from_millis(120));
                bar
            };
            ids.iter().map(bar).collect()
        } else {
            Vec::new()
        };
        Lines { ids, output, bars }
    }

    fn show(&self, index: usize, status: RunStatus, text: &str, step: Option<&str>) {
        if let Some(bar) = self.bars.get(index) {
            let step = step.map(|step| format!(": {step}")).unwrap_or_default();
            bar.set_message(format!("{}{step}", output::status(Some(status), text)));
        } else if !status.is_final() {
            self.event("status", index, [("status", json!(text))]);
        }
    }

    /// Prints how a wait ended, and returns its exit code.
    fn end(&self, index: usize, wait: &luma::Wait) -> Exit {
        let id = &self.ids[index];
        if let Some(bar) = self.bars.get(index) {
            bar.finish_and_clear();
        }
        let last = wait.last().map(|history| history.status_text().into_owned());
        let Some(error) = wait.error() else {
            let status = wait.last().map(WorkflowHistory::status);
            let text = last.unwrap_or_default();
            match self.output.is_json {
                true => self.event("ended", index, [("status", json!(text))]),
                false => {
                    let ms = wait.last().and_then(WorkflowHistory::time_spent_ms);
                    let took = ms.map(|ms| format!("took {}", output::duration(ms)));
                    let status = output::status(status, &text);
                    let cells = [Some(id.clone()), Some(status), took];
                    output::line(&cells.into_iter().flatten().collect::<Vec<_>>().join("\t"));
                }
            }
            return match status {
                Some(RunStatus::Failed | RunStatus::Terminated) => Exit::RunFailed,
                _ => Exit::Accepted,
            };
        };
        let exit = Exit::of_wait(error);
        let message = error.message();
        if self.output.is_json {
            let members = [("status", json!(last)), ("message", json!(message))];
            self.event(if exit == Exit::TimedOut { "timeout" } else { "broken" }, index, members);
        }
        note(&format!("{id}: {message}"));
        if exit != Exit::Mistake {
            note(&format!("The run continues. To wait again: luma wait {id}"));
        }
        exit
    }

    fn event<const N: usize>(&self, event: &str, index: usize, members: [(&str, Value); N]) {
        let id = &self.ids[index];
        if self.output.is_json {
            let mut document = output::object(members);
            document["event"] = json!(event);
            document["triggerId"] = json!(id);
            output::document(&document);
        } else {
            let text = members.iter().find_map(|(_, value)| value.as_str()).unwrap_or_default();
            output::line(&format!("{id}\t{text}"));
        }
    }
}
