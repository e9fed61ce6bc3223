//! Copies `src/transport/cancel.rs` of the library, with the locks, atomics and threads of shuttle.
//! Also makes a copy for each mistake that the models must find.

use std::path::Path;

const SOURCE: &str = "../src/transport/cancel.rs";

/// The name of a copy, and what is replaced in it by what.
const MISTAKES: [(&str, &str, &str); 6] = [
    (
        "without_waking",
        "of_this_process().open);\n            canceller.changed.notify_all();\n",
        "of_this_process().open);\n",
    ),
    (
        "released_although_cancelled",
        "Arc::as_ptr(socket));\n        !self.is_cancelled()",
        "Arc::as_ptr(socket));\n        true",
    ),
    ("woken_without_the_lock", "                drop(level.lock());\n", ""),
    (
        "generation_before_registering",
        "            let mut state = root.lock();\n            state.add(socket);\n            \
         generation = root.generation.load(Ordering::SeqCst);\n",
        "            generation = root.generation.load(Ordering::SeqCst);\n            \
         root.lock().add(socket);\n",
    ),
    ("never_refused", "& DRAINING != 0;", "== u32::MAX;"),
    ("lost_after_a_fork", "=> Some(active + 1),", "=> Some(active),"),
];

fn replaced(text: &str, old: &str, new: &str) -> String {
    assert_eq!(text.matches(old).count(), 1, "{SOURCE} has changed; adapt build.rs: {old}");
    text.replace(old, new)
}

fn main() {
    println!("cargo::rerun-if-changed={SOURCE}");
    let text = std::fs::read_to_string(SOURCE).unwrap();
    let (code, _tests) = text.split_once("#[cfg(test)]\nmod tests").unwrap();
    let mut code: String = code
        .lines()
        .filter(|line| !line.starts_with("//!"))
        .flat_map(|line| [line, "\n"])
        .collect();
    for (old, new) in [
        ("use std::net::{Shutdown, TcpStream};", "use crate::net::{Shutdown, TcpStream};"),
        ("use std::sync::atomic::", "use shuttle::sync::atomic::"),
        ("use std::sync::{", "use shuttle::sync::{"),
    ] {
        code = replaced(&code, old, new);
    }
    let folder = std::env::var("OUT_DIR").unwrap();
    let write = |name: &str, text: String| {
        std::fs::write(Path::new(&folder).join(name).with_extension("rs"), text).unwrap();
    };
    for (name, old, new) in MISTAKES {
        write(name, replaced(&code, old, new));
    }
    write("as_it_is", code);
}
