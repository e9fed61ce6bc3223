//! The allocator of the C library. The standard library prints a message when an allocation fails,
//! and only a nightly compiler can replace that.

use std::alloc::{GlobalAlloc, Layout, System};
use std::process::abort;

use crate::memory::MIN_CHECKED;

/// The system's allocator, but the process ends without a message if a small allocation fails.
///
/// Large allocations are checked before, and their failure is a status: see `memory.rs`.
pub struct Allocator;

#[inline]
fn checked(memory: *mut u8, size: usize) -> *mut u8 {
    if memory.is_null() && size < MIN_CHECKED {
        abort()
    }
    memory
}

// SAFETY: all functions forward to the system's allocator. `abort` does not unwind.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise.
        checked(unsafe { System.alloc(layout) }, layout.size())
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise.
        checked(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        checked(unsafe { System.realloc(memory, layout, new_size) }, new_size)
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(memory, layout) }
    }
}
