//! The course of a run: its statuses and its steps, in milliseconds from its start.

/// The course of a run.
#[derive(Debug, PartialEq)]
pub(crate) struct Script {
    /// The statuses in turn, each with its duration.
    pub(super) phases: Vec<(String, u64)>,
    /// The final status.
    pub(super) end: String,
    pub(super) activities: Vec<Activity>,
    /// True if the steps use forms that the API allows but clients may not expect: ids that are
    /// strings, and fields that are null or absent.
    pub(super) irregular_steps: bool,
}

/// One element of a workflow's diagram, and its course in a run.
#[derive(Debug, PartialEq)]
pub(crate) struct Activity {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) start: u64,
    pub(crate) duration: u64,
    pub(super) final_status: String,
    pub(crate) attempts: u32,
    /// The number of steps: more than one in a loop.
    pub(crate) repetitions: usize,
}

/// A step that has started.
pub(crate) struct StartedStep<'a> {
    /// Counted from 1 in each run.
    pub(crate) number: u64,
    pub(crate) activity: &'a Activity,
    pub(crate) name: String,
    pub(crate) status: &'a str,
}

impl Script {
    pub(crate) fn duration(&self) -> u64 {
        self.phases.iter().map(|(_, duration)| duration).sum()
    }

    pub(crate) fn has_irregular_steps(&self) -> bool {
        self.irregular_steps
    }

    /// The status of a run, this long after its start.
    pub(crate) fn status_at(&self, elapsed: u64) -> &str {
        let mut left = elapsed;
        for (status, duration) in &self.phases {
            if left < *duration {
                return status;
            }
            left -= duration;
        }
        &self.end
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
    pub(crate) fn steps_started_at(&self, elapsed: u64) -> Vec<StartedStep<'_>> {
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
                    1 => activity.name.clone(),
                    _ => format!("{} {repetition}", activity.name),
                },
                status: activity.status_at(elapsed),
            })
            .collect()
    }
}

impl Activity {
    /// Its end, from the start of the run.
    pub(crate) fn end(&self) -> u64 {
        self.start + self.duration
    }

    fn status_at(&self, elapsed: u64) -> &str {
        if elapsed < self.end() { "RUNNING" } else { &self.final_status }
    }
}
