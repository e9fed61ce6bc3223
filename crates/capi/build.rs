//! Sets the soname of the shared library, and keeps the library in memory after `dlclose`.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is_linux = std::env::var_os("CARGO_CFG_TARGET_OS").is_some_and(|os| os == "linux");
    if is_linux {
        // Rust never drops statics, so each load and unload would leak the memory that they own,
        // such as 10 bytes of ureq's. A linker like Zig's also imports `pthread_atfork` from an old
        // glibc, which would keep the fork handler after the library was unloaded.
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
        // The ABI only grows, so every 0.x release is libluma.so.0.
        let major = std::env::var("CARGO_PKG_VERSION_MAJOR").unwrap();
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libluma.so.{major}");
    }
}
