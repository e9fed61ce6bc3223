//! Makes text from outside fit for a log: without secrets, and on one line.

mod escapes;
mod json;
mod mask;
mod printable;
mod reader;

pub(crate) use json::masked_json;
pub(crate) use mask::{CallTexts, MASK_BYTES, MAX_START_BYTES, Mask, repeats};
pub(crate) use printable::{is_invisible, plain_words, shortened, without_escapes};
pub(crate) use reader::WINDOW;
