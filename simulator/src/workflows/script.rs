//! How a run goes: its statuses and its steps, in milliseconds from its start.

/// The whole life of a run.
pub(crate) struct Script {
    /// What the run is in turn, and for how long.
    pub(super) phases: &'static [(&'static str, u64)],
    /// What it is in the end.
    pub(super) end: &'static str,
    pub(super) activities: &'static [Activity],
    /// Whether its steps are told as loosely as the API allows: ids that are strings, fields that are null or missing.
    pub(super) loose: bool,
}

/// One element of a workflow's diagram, and what becomes of it in a run.
pub(crate) struct Activity {
    name: &'static str,
    pub(crate) id: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) start: u64,
    pub(crate) duration: u64,
    end: &'static str,
    pub(crate) attempts: u32,
    /// How many steps it makes: more than one in a loop.
    times: usize,
}

/// A step that has begun.
pub(crate) struct Begun {
    /// Counted from 1 in one run.
    pub(crate) number: u64,
    pub(crate) activity: &'static Activity,
    pub(crate) name: String,
    pub(crate) status: &'static str,
}

impl Script {
    /// How long a run takes.
    pub(crate) fn duration(&self) -> u64 {
        self.phases.iter().map(|(_, lasts)| lasts).sum()
    }

    pub(crate) fn is_loose(&self) -> bool {
        self.loose
    }

    /// What a run is, so long after its start.
    pub(crate) fn status_at(&self, elapsed: u64) -> &'static str {
        let mut left = elapsed;
        for (status, lasts) in self.phases {
            if left < *lasts {
                return status;
            }
            left -= lasts;
        }
        self.end
    }

    /// The steps that have begun, so long after the run's start.
    pub(crate) fn begun_at(&self, elapsed: u64) -> Vec<Begun> {
        let activities = self.activities.iter();
        let every =
            activities.flat_map(|activity| (1..=activity.times).map(move |n| (activity, n)));
        (1..)
            .zip(every)
            .filter(|(_, (activity, _))| activity.start <= elapsed)
            .map(|(number, (activity, repetition))| Begun {
                number,
                activity,
                name: match activity.times {
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
        Self { name, id, kind, start, duration, end: "COMPLETED", attempts: 1, times: 1 }
    }

    /// Where a run begins.
    pub(super) const fn start_event(name: &'static str, start: u64, duration: u64) -> Self {
        Self::new("startEvent", name, "StartEvent_1", start, duration)
    }

    /// Where it comes to its end as planned.
    pub(super) const fn end_event(name: &'static str, start: u64, duration: u64) -> Self {
        Self::new("endEvent", name, "EndEvent_1", start, duration)
    }

    /// Something that is done by a machine.
    pub(super) const fn service_task(
        name: &'static str,
        id: &'static str,
        start: u64,
        duration: u64,
    ) -> Self {
        Self::new("serviceTask", name, id, start, duration)
    }

    /// Something that waits for a person.
    pub(super) const fn user_task(
        name: &'static str,
        id: &'static str,
        start: u64,
        duration: u64,
    ) -> Self {
        Self::new("userTask", name, id, start, duration)
    }

    /// It ends otherwise than well.
    pub(super) const fn ending(self, end: &'static str) -> Self {
        Self { end, ..self }
    }

    /// It is tried so often.
    pub(super) const fn attempted(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    /// It is done so often.
    pub(super) const fn repeated(self, times: usize) -> Self {
        Self { times, ..self }
    }
}
