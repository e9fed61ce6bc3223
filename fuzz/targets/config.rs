//! Configuration files: any content gives settings, or an error on one line with nothing sent.
#![no_main]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use luma::{Client, Config, ErrorKind, Outcome};

/// The file, which only its owner can read, beside a token file.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("luma-fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for name in ["luma.json", "token"] {
        fs::write(folder.join(name), "t0ken\n").unwrap();
        fs::set_permissions(folder.join(name), PermissionsExt::from_mode(0o600)).unwrap();
    }
    folder.join("luma.json")
});

fuzz_target!(|data: &[u8]| {
    // A log file would be created wherever the input says.
    let contains = |part: &[u8]| data.windows(part.len()).any(|window| window == part);
    if contains(b"\"log\"") || contains(b"\\u00") {
        return;
    }
    fs::write(&*FILE, data).unwrap();
    for profile in [None, Some("test")] {
        match Config::from_file(Some(&FILE), profile) {
            Ok(config) => {
                assert!(serde_json::from_slice::<serde_json::Value>(data).is_ok());
                assert!(!format!("{config:?}").contains("t0ken"));
                let _ = Client::with_config(&config);
            }
            Err(error) => {
                assert_eq!(error.outcome(), Outcome::NotSent);
                assert_ne!(error.kind(), ErrorKind::Internal, "{error}");
                assert!(!error.message().chars().any(char::is_control), "{error:?}");
                assert!(!error.message().contains("t0ken"), "{error}");
            }
        }
    }
});
