//! Steps, workflow definitions and parameters, converted for C.

use std::sync::OnceLock;

use crate::ffi::run_status;
use crate::ffi::strings::{Terminated, identifier, without_nul};
use crate::memory;
use crate::{Parameter as ClientParameter, Step as ClientStep, WorkflowDefinition};

/// The elements of a list. Each is converted when a getter first needs it.
pub(super) struct Elements<T>(OnceLock<Vec<OnceLock<Box<T>>>>);

impl<T> Default for Elements<T> {
    fn default() -> Self {
        Elements(OnceLock::new())
    }
}

impl<T> Elements<T> {
    /// Returns the element at an index of a list of `count` elements, if `convert` returns one and
    /// memory suffices.
    pub(super) fn get(
        &self,
        index: usize,
        count: usize,
        convert: impl FnOnce() -> Option<T>,
    ) -> Option<&T> {
        if self.0.get().is_none() {
            memory::check(count * size_of::<OnceLock<Box<T>>>()).ok()?;
        }
        let all = || (0..count).map(|_| OnceLock::new()).collect();
        let element = self.0.get_or_init(all).get(index)?;
        if let Some(converted) = element.get() {
            return Some(converted);
        }
        let new = Box::new(convert()?);
        Some(element.get_or_init(|| new))
    }
}

/// A step of a run.
pub(super) struct Step {
    pub(super) id: Terminated,
    pub(super) name: Terminated,
    /// One of `LUMA_RUN_*`.
    pub(super) status: i32,
    pub(super) status_text: Terminated,
    pub(super) start_time_ms: Option<i64>,
    pub(super) end_time_ms: Option<i64>,
    pub(super) time_spent_ms: Option<i64>,
}

impl Step {
    /// Returns `None` if memory is short.
    pub(super) fn new(step: ClientStep<'_>) -> Option<Self> {
        memory::check(4 * step.json().raw().len()).ok()?;
        Some(Step {
            id: Terminated::new(identifier(step.id())),
            name: Terminated::new(without_nul(step.name())),
            status: step.status().map_or(run_status::LUMA_RUN_NONE, run_status::number),
            status_text: Terminated::new(without_nul(step.status_text())),
            start_time_ms: step.start_time_ms(),
            end_time_ms: step.end_time_ms(),
            time_spent_ms: step.time_spent_ms(),
        })
    }
}

/// A workflow definition.
pub(super) struct Definition {
    pub(super) identifier: Terminated,
    pub(super) name: Terminated,
    pub(super) description: Terminated,
    pub(super) parameters: OnceLock<Parameters>,
}

impl Definition {
    /// Returns `None` if memory is short.
    pub(super) fn new(definition: WorkflowDefinition<'_>) -> Option<Self> {
        memory::check(4 * definition.json().raw().len()).ok()?;
        Some(Definition {
            identifier: Terminated::new(identifier(definition.identifier())),
            name: Terminated::new(without_nul(definition.name())),
            description: Terminated::new(without_nul(definition.description())),
            parameters: OnceLock::new(),
        })
    }
}

/// The parameters of a run or of a workflow definition.
pub(super) struct Parameters(Vec<Parameter>);

struct Parameter {
    /// In the order of [`Text`].
    texts: [Terminated; 5],
    is_required: bool,
}

/// One of the texts of a parameter.
#[derive(Clone, Copy)]
pub(super) enum Text {
    Name,
    Value,
    DataType,
    Caption,
    Description,
}

impl From<ClientParameter<'_>> for Parameter {
    fn from(parameter: ClientParameter<'_>) -> Self {
        let texts = [
            identifier(parameter.name()),
            without_nul(parameter.value()),
            without_nul(parameter.data_type()),
            without_nul(parameter.caption()),
            without_nul(parameter.description()),
        ];
        Parameter { texts: texts.map(Terminated::new), is_required: parameter.is_required() }
    }
}

impl Parameters {
    pub(super) fn new(parameters: Vec<ClientParameter<'_>>) -> Self {
        Parameters(parameters.into_iter().map(Parameter::from).collect())
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns a text of the parameter at an index.
    pub(super) fn text(&self, index: usize, text: Text) -> Option<&Terminated> {
        self.0.get(index).map(|parameter| &parameter.texts[text as usize])
    }

    /// True if there is a parameter at an index and it is required.
    pub(super) fn is_required(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(|parameter| parameter.is_required)
    }
}
