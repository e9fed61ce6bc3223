//! `include/luma.h` is generated from `src/ffi`.

#![cfg(unix)]

use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The headings of the header, each with the first item below it.
const HEADINGS: &[(&str, &str)] = &[
    ("#define LUMA_OK ", "Statuses"),
    ("#define LUMA_OUTCOME_ACCEPTED ", "Outcomes"),
    ("#define LUMA_RUN_NONE ", "Statuses of runs and steps"),
    ("#define LUMA_COUNTER_CALLS_ACCEPTED ", "Counters, for luma_client_counter()"),
    ("#define LUMA_AUTH_BEARER ", "Authentication schemes, for luma_config_set_auth_scheme()"),
    ("#define LUMA_LOG_OFF ", "Log levels, for luma_config_set_log()"),
    ("#define LUMA_APPLICATION_LUMA ", "Applications, for luma_trigger_request_set_initiator()"),
    ("#define LUMA_CLAIM_GRANTED ", "Claims, returned by a luma_claim_fn"),
    ("#define LUMA_JSON_ABSENT ", "JSON types, returned by luma_result_json_type()"),
    ("#define LUMA_TIMING_DNS ", "Parts of a call, for luma_result_timing_us()"),
    ("typedef struct luma_client ", "Handles and callbacks"),
    ("const char *luma_version(", "Version and names"),
    ("int32_t luma_config_new(", "Configurations"),
    ("int32_t luma_trigger_request_new(", "Trigger requests"),
    ("int32_t luma_client_new(", "Clients"),
    ("int32_t luma_trigger_workflow(", "Calls"),
    ("int32_t luma_journal_create(", "Journals"),
    ("int32_t luma_wait_new(", "Waits that their owner drives"),
    ("int32_t luma_wait_set_new(", "Sets of waits"),
    ("void luma_result_free(", "Results"),
];

#[test]
fn the_header_is_generated_from_the_source() {
    let mut config = cbindgen::Config::from_file(Path::new(ROOT).join("cbindgen.toml")).unwrap();
    config.after_includes = config.after_includes.map(|text| with_version(&text));
    let mut header = Vec::new();
    cbindgen::generate_with_config(ROOT, config).unwrap().write(&mut header);
    let generated = with_headings(&String::from_utf8(header).unwrap());
    let path = Path::new(ROOT).join("include/luma.h");
    if std::env::var_os("LUMA_UPDATE_HEADER").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == generated,
        "include/luma.h differs from the one that src/ffi generates; write it anew: make header"
    );
}

/// Fills in the version of the package, so that it agrees with `luma_version`.
fn with_version(text: &str) -> String {
    let [major, minor, patch] = [
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
        env!("CARGO_PKG_VERSION_PATCH"),
    ]
    .map(|part| part.parse::<u8>().unwrap());
    text.replace("@VERSION@", env!("CARGO_PKG_VERSION"))
        .replace("@VERSION_NUMBER@", &format!("0x{major:02x}{minor:02x}{patch:02x}"))
}

/// Puts each heading above the comment of its item, as a member group for Doxygen.
fn with_headings(header: &str) -> String {
    let mut headings = HEADINGS.iter().peekable();
    let mut is_open = false;
    let mut items = Vec::new();
    for item in header.split("\n\n") {
        let starts = |start: &str| item.lines().any(|line| line.starts_with(start));
        if let Some((_, heading)) = headings.next_if(|(start, _)| starts(start)) {
            let close = if is_open { "/** @} */\n\n" } else { "" };
            items.push(format!("{close}/** @name {heading}\n * @{{ */"));
            is_open = true;
        }
        items.push(item.to_owned());
    }
    assert_eq!(headings.next(), None, "the header has no such item, or not in this order");
    // Before the end of `extern "C"` and that of the include guard.
    let end = items.len() - 2;
    items.insert(end, "/** @} */".to_owned());
    items.join("\n\n")
}
