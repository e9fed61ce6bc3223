//! The C library: exports the C ABI of `luma-automation`, and nothing of its own.

pub use luma::*;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;
