//! How a run proceeds: its statuses and its steps, in milliseconds from its start.

/// The course of a run.
pub(crate) struct Script {
    /// The statuses in turn, each with its duration.
    pub(super) phases: &'static [(&'static str, u64)],
    /// The final status.
    pub(super) end: &'static str,
    pub(super) activities: &'static [Activity],
    /// Whether the steps use forms that the API allows but clients may not expect: ids that are
    /// strings, and fields that are null or absent.
    pub(super) irregular_steps: bool,
}

/// One element of a workflow's diagram, and its course in a run.
pub(crate) struct Activity {
    pub(crate) name: &'static str,
    pub(crate) id: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) start: u64,
    pub(crate) duration: u64,
    /// The final status.
    end: &'static str,
    pub(crate) attempts: u32,
    /// The number of steps: more than one in a loop.
    pub(crate) repetitions: usize,
}

/// A step that has started.
pub(crate) struct StartedStep {
    /// Counted from 1 in each run.
    pub(crate) number: u64,
    pub(crate) activity: &'static Activity,
    pub(crate) name: String,
    pub(crate) status: &'static str,
}

impl Script {
    pub(crate) fn duration(&self) -> u64 {
        self.phases.iter().map(|(_, duration)| duration).sum()
    }

    pub(crate) fn has_irregular_steps(&self) -> bool {
        self.irregular_steps
    }

    /// The status of a run, this long after its start.
    pub(crate) fn status_at(&self, elapsed: u64) -> &'static str {
        let mut left = elapsed;
        for (status, duration) in self.phases {
            if left < *duration {
                return status;
            }
            left -= duration;
        }
        self.end
    }

    /// Every activity with its status, this long after the start of the run. Those that have not
    /// started have none.
    pub(crate) fn activities_at(
        &self,
        elapsed: u64,
    ) -> impl Iterator<Item = (&Activity, Option<&str>)> {
        self.activities.iter().map(move |activity| {
            let has_started = activity.start <= elapsed;
            (activity, has_started.then(|| activity.status_at(elapsed)))
        })
    }

    /// The steps that have started, this long after the start of the run.
    pub(crate) fn steps_started_at(&self, elapsed: u64) -> Vec<StartedStep> {
        let steps = self
            .activities
            .iter()
            .flat_map(|activity| (1..=activity.repetitions).map(move |n| (activity, n)));
        (1..)
            .zip(steps)
            .filter(|(_, (activity, _))| activity.start <= elapsed)
            .map(|(number, (activity, repetition))| StartedStep {
                number,
                activity,
                name: match activity.repetitions {
                    1 => activity.name.to_owned(),
                    _ => format!("{} {repetition}", activity.name),
                },
                status: activity.status_at(elapsed),
            })
            .collect()
    }
}

impl Activity {
    fn status_at(&self, elapsed: u64) -> &'static str {
        if elapsed < self.start + self.duration { "RUNNING" } else { self.end }
    }

    const fn new(
        kind: &'static str,
        name: &'static str,
        id: &'static str,
        start: u64,
        duration: u64,
    ) -> Self {
        Self { name, id, kind, start, duration, end: "COMPLETED", attempts: 1, repetitions: 1 }
    }

    /// The start of a run.
    pub(super) const fn start_event(name: &'static str, start: u64, duration: u64) -> Self {
        Self::new("startEvent", name, "StartEvent_1", start, duration)
    }

    /// The regular end of a run.
    pub(super) const fn end_event(name: &'static str, start: u64, duration: u64) -> Self {
        Self::new("endEvent", name, "EndEvent_1", start, duration)
    }

    /// A task for a machine.
    pub(super) const fn service_task(
        name: &'static str,
        id: &'static str,
        start: u64,
        duration: u64,
    ) -> Self {
        Self::new("serviceTask", name, id, start, duration)
    }

    /// A task for a person.
    pub(super) const fn user_task(
        name: &'static str,
        id: &'static str,
        start: u64,
        duration: u64,
    ) -> Self {
        Self::new("userTask", name, id, start, duration)
    }

    /// Sets a final status other than `COMPLETED`.
    pub(super) const fn ending(self, end: &'static str) -> Self {
        Self { end, ..self }
    }

    pub(super) const fn with_attempts(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    pub(super) const fn repeated(self, repetitions: usize) -> Self {
        Self { repetitions, ..self }
    }
}
