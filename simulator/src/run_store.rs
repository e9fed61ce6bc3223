//! The runs that were started, found by trigger id in the same time however many there are.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::state::Run;

/// The part of a trigger id before the id of its run.
const TRIGGER_ID_PREFIX: &str = "51a70000-0000-4000-8000-";

/// Returns the trigger id of the run with this id.
pub(crate) fn trigger_id(id: u64) -> String {
    format!("{TRIGGER_ID_PREFIX}{:012x}", id & 0xffff_ffff_ffff)
}

/// All runs by their id, which is the order of their start.
#[derive(Debug, Default)]
pub(crate) struct RunStore {
    runs: BTreeMap<u64, StoredRun>,
}

/// A run, with its maps as JSON: a map takes 600 bytes, even for a single entry.
#[derive(Debug)]
struct StoredRun {
    without_maps: Run,
    /// The variables and the initiation info.
    maps: Box<str>,
}

impl RunStore {
    pub(crate) fn push(&mut self, mut run: Run) {
        let variables = std::mem::take(&mut run.variables);
        let info = std::mem::take(&mut run.initiator.initiation_info);
        let maps = serde_json::to_string(&(variables, info)).expect("plain data always serializes");
        let stored = StoredRun { without_maps: run, maps: maps.into() };
        self.runs.insert(stored.without_maps.id, stored);
    }

    /// Returns the run with this trigger id, with its status when it was stored.
    pub(crate) fn find(&self, trigger_id: &str) -> Option<Run> {
        let id = u64::from_str_radix(trigger_id.strip_prefix(TRIGGER_ID_PREFIX)?, 16).ok()?;
        let stored = self.runs.get(&id)?;
        // The id can be spelled in other ways.
        (stored.without_maps.trigger_id == trigger_id).then(|| stored.run())
    }

    /// All runs, from the oldest on.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Run> {
        self.runs.values().map(StoredRun::run)
    }

    /// Runs from the newest on.
    pub(crate) fn newest(&self, skip: usize, count: usize) -> impl Iterator<Item = Run> {
        self.runs.values().rev().skip(skip).take(count).map(StoredRun::run)
    }

    pub(crate) fn len(&self) -> usize {
        self.runs.len()
    }
}

impl StoredRun {
    fn run(&self) -> Run {
        let mut run = self.without_maps.clone();
        let maps: (Map<String, Value>, Map<String, Value>) =
            serde_json::from_str(&self.maps).expect("JSON that was written by push");
        (run.variables, run.initiator.initiation_info) = maps;
        run
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::workflows::Workflow;

    #[test]
    fn a_stored_run_is_found_by_its_exact_trigger_id() {
        let mut store = RunStore::default();
        let mut run = Run::submitted(0xab, &Arc::new(Workflow::for_fault("w")), 7);
        run.variables.insert("a".to_owned(), json!([1, "ä"]));
        run.initiator.initiation_info.insert("b".to_owned(), json!(null));
        store.push(run.clone());
        let id = "51a70000-0000-4000-8000-0000000000ab";
        assert_eq!(store.find(id), Some(run));
        for other in ["", "51a70000", &id.to_uppercase(), &id.replace("0000ab", "ab"), &id[..35]] {
            assert_eq!(store.find(other), None, "{other}");
        }
    }
}
