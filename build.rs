//! The soname of the shared library, where cargo-c does not set it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let set = |name| std::env::var_os(name);
    let linux = set("CARGO_CFG_TARGET_OS").is_some_and(|os| os == "linux");
    if linux && set("CARGO_FEATURE_CAPI").is_none() {
        let major = std::env::var("CARGO_PKG_VERSION_MAJOR").unwrap();
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libluma.so.{major}");
    }
}
