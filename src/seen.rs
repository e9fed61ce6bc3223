//! What a connection has carried so far, which recognizes a response that belongs to an earlier
//! request: some servers and proxies send a response twice, and HTTP/1.1 does not number them.

/// Empty for a new connection.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The last trigger id, also if reads came after it.
    trigger_id: String,
    /// The workflow identifier of the last trigger request.
    workflow: String,
    /// The last run whose history was read, as the request named it.
    run: String,
    /// The id of its history record and its start, if the response contained both.
    record: Option<(String, i64)>,
}

impl Seen {
    /// Records the trigger of a workflow, and what its response names. Returns why the response
    /// belongs to an earlier request, if it does.
    pub(crate) fn trigger(
        &mut self,
        workflow: &str,
        trigger_id: Option<&str>,
        identifier: Option<&str>,
    ) -> Option<&'static str> {
        // Trigger ids are unique.
        let problem = if trigger_id.is_some_and(|id| !id.is_empty() && id == self.trigger_id) {
            Some("its trigger id is that of the previous trigger on this connection")
        } else if identifier.is_some_and(|identifier| {
            // An identifier that differs from both can be an alias.
            identifier == self.workflow && !identifier.eq_ignore_ascii_case(workflow)
        }) {
            Some("it names the workflow of the previous trigger on this connection")
        } else {
            None
        };
        replace(&mut self.workflow, workflow);
        if let Some(id) = trigger_id {
            replace(&mut self.trigger_id, id);
        }
        problem
    }

    /// Records that the history of a run was read. `record` returns the id of the history record and
    /// the start of the run. Returns why the response belongs to an earlier request, if it does.
    pub(crate) fn run(
        &mut self,
        run: &str,
        record: impl FnOnce() -> Option<(String, i64)>,
    ) -> Option<&'static str> {
        // The polls of a wait need no more than this comparison.
        if run == self.run {
            return None;
        }
        replace(&mut self.run, run);
        let record = record();
        let is_repeated = record.is_some() && record == self.record;
        self.record = record;
        is_repeated
            .then_some("it is the history of the run that was read before on this connection")
    }
}

/// Replaces a string without a new allocation if possible.
fn replace(string: &mut String, new: &str) {
    string.clear();
    string.push_str(new);
}
