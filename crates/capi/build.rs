//! Sets the soname of the shared library, unless cargo-c does, and keeps the library in memory
//! after `dlclose`.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name| std::env::var_os(name);
    let is_linux = variable("CARGO_CFG_TARGET_OS").is_some_and(|os| os == "linux");
    if is_linux {
        // Rust never drops statics, so each load and unload would leak the memory that they own,
        // such as 10 bytes of ureq's.
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    if is_linux && variable("CARGO_FEATURE_CAPI").is_none() {
        let major = std::env::var("CARGO_PKG_VERSION_MAJOR").unwrap();
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libluma.so.{major}");
    }
}
