//! Recognizes a response that belongs to an earlier request on its connection. Some servers and
//! proxies send a response twice, and HTTP/1.1 does not number responses.

/// Empty for a new connection. Keeps only hashes: a server may put a secret into any value.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The last trigger id, also if reads came after it.
    trigger_id: Option<Hash>,
    /// The workflow identifier of the last trigger request.
    workflow: Option<Hash>,
    history: Last,
    launch_url: Last,
    steps: Last,
    /// The read whose response, the last one, was an error.
    failed: Option<Hash>,
}

/// The last request of a kind, and a value of its response that no other run has.
#[derive(Debug, Default)]
struct Last {
    run: Option<Hash>,
    value: Option<Hash>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hash(u64);

impl Hash {
    /// FNV-1a. Ignores surrounding blanks and, in ASCII, case.
    pub(crate) fn of(text: &str) -> Self {
        let bytes = text.trim_ascii().bytes();
        Hash(bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x100_0000_01B3)
        }))
    }
}

impl Seen {
    /// Records how the last exchange ended: `failed` is the read whose response was an error.
    /// Errors look alike: if it was sent twice, the copy would refuse another request, which may
    /// have been served. So only that read may follow.
    pub(crate) fn end(&mut self, failed: Option<Hash>) {
        self.failed = failed;
    }

    /// Returns the only read that may follow, if not every request may.
    pub(crate) fn failed(&self) -> Option<Hash> {
        self.failed
    }

    /// Checks the response to a trigger of a workflow, and records what it names. Returns why it
    /// belongs to an earlier request, if it does.
    pub(crate) fn check_trigger(
        &mut self,
        workflow: &str,
        trigger_id: Option<&str>,
        identifier: Option<&str>,
    ) -> Option<&'static str> {
        let trigger_id = trigger_id.filter(|id| !id.is_empty()).map(Hash::of);
        let identifier = identifier.filter(|identifier| *identifier != workflow).map(Hash::of);
        let workflow = Some(Hash::of(workflow));
        // Trigger ids are unique.
        let problem = if trigger_id.is_some() && trigger_id == self.trigger_id {
            Some("its trigger id is that of the previous trigger on this connection")
        } else if identifier.is_some() && identifier == self.workflow && identifier != workflow {
            // An identifier that differs from both can be an alias.
            Some("it names the workflow of the previous trigger on this connection")
        } else {
            None
        };
        self.workflow = workflow;
        self.trigger_id = trigger_id.or(self.trigger_id);
        problem
    }

    /// Checks the history of a run, which `record` identifies, and records it. Returns why it
    /// belongs to an earlier request, if it does.
    pub(crate) fn check_history(
        &mut self,
        run: &str,
        record: impl FnOnce() -> Option<Hash>,
    ) -> Option<&'static str> {
        let is_repeated = self.history.is_repeated(run, record);
        is_repeated
            .then_some("it is the history of the run that was read before on this connection")
    }

    /// Checks the launch URL of a run, and records it. Returns why it belongs to an earlier
    /// request, if it does.
    pub(crate) fn check_launch_url(
        &mut self,
        run: &str,
        url: impl FnOnce() -> Option<Hash>,
    ) -> Option<&'static str> {
        let is_repeated = self.launch_url.is_repeated(run, url);
        is_repeated.then_some("its URL is that of another run, generated before on this connection")
    }

    /// Checks steps that were read from a path, and records them: the data of the response, unless
    /// it is empty. Returns why it belongs to an earlier request, if it does.
    pub(crate) fn check_steps(&mut self, path: &str, data: Option<&str>) -> Option<&'static str> {
        let data = data.map(Hash::of)?;
        // The pages of a list share a path: some gateways ignore the query.
        let path = Hash::of(path.split_once('?').map_or(path, |(path, _)| path));
        let steps = Last { run: Some(path), value: Some(data) };
        let is_repeated = steps.value == self.steps.value && steps.run != self.steps.run;
        self.steps = steps;
        is_repeated.then_some("its steps are those that were read before on this connection")
    }
}

impl Last {
    fn is_repeated(&mut self, run: &str, value: impl FnOnce() -> Option<Hash>) -> bool {
        let run = Some(Hash::of(run));
        // The polls of a wait need no more than this comparison.
        if run == self.run {
            return false;
        }
        self.run = run;
        let value = value();
        let is_repeated = value.is_some() && value == self.value;
        self.value = value;
        is_repeated
    }
}
