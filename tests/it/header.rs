//! `include/luma.h` and the exported symbols are what the source says.

#![cfg(unix)]

use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_header_is_generated_from_the_source() {
    let config = cbindgen::Config::from_file(Path::new(ROOT).join("cbindgen.toml")).unwrap();
    let mut generated = Vec::new();
    cbindgen::generate_with_config(ROOT, config).unwrap().write(&mut generated);
    let generated = String::from_utf8(generated).unwrap();
    let path = Path::new(ROOT).join("include/luma.h");
    if std::env::var_os("LUMA_UPDATE_HEADER").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == generated,
        "include/luma.h is not what src/ffi says; rewrite it with \
         make header"
    );
}
