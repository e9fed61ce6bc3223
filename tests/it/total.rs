//! Promise 2 for every function of the header: whatever its arguments are, it returns something
//! that is defined. The calls are generated from `include/luma.h`, so a new function, or a new type
//! of argument, cannot be forgotten.

#![cfg(unix)]

use std::fmt::Write;
use std::path::Path;

use luma_simulator::Simulator;

use crate::stdcall::declarations;
use crate::support::c::{ROOT, checked, compile, run_checks, shared, unchecked, with_gateway};

/// An argument: its type and name.
pub(crate) type Argument<'a> = (&'a str, &'a str);

/// Splits a declaration into the type that it returns, its name and its arguments.
pub(crate) fn parse(declaration: &str) -> (&str, &str, Vec<Argument<'_>>) {
    let (before, arguments) = declaration.split_once('(').unwrap();
    let split = |text: &'_ str| text.rfind([' ', '*']).unwrap() + 1;
    let (returned, name) = before.split_at(split(before));
    let arguments = arguments.split(',').map(str::trim).filter(|argument| *argument != "void");
    let arguments = arguments.map(|argument| {
        let (kind, name) = argument.split_at(split(argument));
        (kind.trim(), name)
    });
    (returned.trim(), name, arguments.collect())
}

/// True if the documentation of a function says that it returns a status.
pub(crate) fn returns_status(header: &str, name: &str) -> bool {
    let at = header.find(&format!("int32_t {name}(")).unwrap_or_default();
    let documentation = header[..at].rsplit("/**").next().unwrap();
    let returns = documentation.split("@return ").nth(1).unwrap_or_default();
    ["LUMA_OK", "The status of the result", "As luma_"]
        .iter()
        .any(|start| returns.starts_with(start))
        && !name.starts_with("luma_result_")
}

/// Returns the code that makes an argument, and the code that checks and frees it after the call.
pub(crate) fn argument(function: &str, (kind, name): Argument<'_>, at: usize) -> (String, String) {
    let variant = format!("(position == {at} ? variant : GOOD)");
    let plain = |kind: &str, value: String| (format!("{kind} a{at} = {value};"), String::new());
    let out = |kind: &str, dirty: &str, check: &str| {
        let made = format!(
            "{kind} o{at} = {dirty}; {kind} *a{at} = position == {at} && variant == 0 ? NULL : &o{at};"
        );
        (
            made,
            format!("if (a{at} != NULL) {{ {check} }} else {{ (void)o{at}; }}")
                .replace('@', &format!("o{at}")),
        )
    };
    let handle = kind.trim_start_matches("const ").trim_end_matches(['*', ' ']);
    match kind {
        "const char *" => plain("const char *", format!("make_text({variant}, \"{name}\")")),
        "int64_t" => plain(kind, format!("make_int64({variant}, \"{name}\")")),
        "int32_t" => plain(kind, format!("make_int32({variant})")),
        "size_t" => plain(kind, format!("make_size({variant})")),
        "double" => plain(kind, format!("make_double({variant})")),
        "void *" => plain("void *", format!("{variant} == 0 ? NULL : (void *)shared")),
        "luma_token_fn" => plain(kind, format!("{variant} == 0 ? NULL : on_token")),
        "luma_free_fn" => plain(kind, format!("{variant} == 0 ? NULL : on_free")),
        "luma_log_fn" => plain(kind, format!("{variant} == 0 ? NULL : on_line")),
        "luma_poll_fn" => plain(kind, format!("{variant} == 0 ? NULL : on_poll")),
        "luma_claim_fn" => plain(kind, format!("{variant} == 0 ? NULL : on_claim")),
        "luma_complete_fn" => plain(kind, format!("{variant} == 0 ? NULL : on_complete")),
        "luma_result **" => out("luma_result *", "DIRTY(luma_result)", "check_result(@);"),
        "const char **" => out("const char *", "NULL", "CHECK(@ != NULL);"),
        "void **" => out("void *", "DIRTY(void)", "CHECK(@ != DIRTY(void));"),
        "size_t *" | "int64_t *" | "int32_t *" => {
            out(kind.trim_end_matches(" *"), "DIRTY_NUMBER", "CHECK(@ != DIRTY_NUMBER);")
        }
        // Shared by all calls.
        "const luma_result *" | "const luma_journal *" => {
            let make = handle.replace("luma_", "make_");
            plain(kind, format!("{make}({variant})"))
        }
        "luma_result *" => plain(kind, format!("new_result({variant})")),
        "luma_journal *" => plain(kind, format!("new_journal({variant})")),
        _ if kind.ends_with("**") => out(
            &format!("{handle} *"),
            &format!("DIRTY({handle})"),
            &format!("CHECK(@ != DIRTY({handle})); if (@ != DIRTY({handle})) {handle}_free(@);"),
        ),
        _ if ["client", "config", "trigger_request", "wait", "wait_set"]
            .iter()
            .any(|known| handle == format!("luma_{known}")) =>
        {
            let make = handle.replace("luma_", "make_");
            let free = match handle {
                _ if function.ends_with("_free") && !function.ends_with("_with_free") => {
                    String::new()
                }
                // `end` frees it, because a callback may have done so.
                "luma_client" => String::new(),
                "luma_config" => format!("use(a{at}); luma_config_free(a{at});"),
                _ => format!("{handle}_free(a{at});"),
            };
            (format!("{handle} *a{at} = {make}({variant});"), free)
        }
        _ => {
            panic!("{function}: no values for {kind} {name}; add them here and to tests/c/total.h")
        }
    }
}

/// Returns a C program that calls every function with every value in each position.
fn program(header: &str) -> (String, usize) {
    let (mut tests, mut calls, mut count) = (String::new(), String::new(), 0);
    for declaration in declarations(header) {
        let (returned, name, arguments) = parse(&declaration);
        let mut made = String::new();
        let mut checked = String::new();
        for (index, given) in arguments.iter().enumerate() {
            let (make, check) = argument(name, *given, index + 1);
            writeln!(made, "            {make}").unwrap();
            // Freed in reverse, so that a client outlives what was created from it.
            checked = format!("            {check}\n{checked}");
        }
        let names: Vec<_> = (1..=arguments.len()).map(|at| format!("a{at}")).collect();
        let call = format!("{name}({})", names.join(", "));
        if name == "luma_client_free" {
            writeln!(made, "            calling = NULL;").unwrap();
        }
        let call = match returned {
            "int32_t" if returns_status(header, name) => format!("check_status({call});"),
            "const char *" => format!("check_text({call});"),
            _ => format!("(void){call};"),
        };
        let last = arguments.len();
        write!(
            tests,
            "static void test_{name}(void)\n{{\n    int position, variant;\n\n    \
             for (position = 0; position <= {last}; position++) {{\n        \
             for (variant = 0; variant < (position == 0 ? 1 : VARIANTS); variant++) {{\n\
             \x20           begin(\"{name}\", position, variant);\n{made}            {call}\n\
             {checked}            end();\n        }}\n    }}\n}}\n\n"
        )
        .unwrap();
        writeln!(calls, "    test_{name}();").unwrap();
        count += 1;
    }
    let main = format!("int main(void)\n{{\n    set_up();\n{calls}    return tear_down();\n}}\n");
    (format!("#include \"{ROOT}/tests/c/total.h\"\n\n{tests}{main}"), count)
}

#[test]
fn every_function_returns_something_defined_whatever_its_arguments_are() {
    let header = std::fs::read_to_string(Path::new(ROOT).join("include/luma.h")).unwrap();
    let (source, count) = program(&header);
    let symbols =
        std::fs::read_to_string(Path::new(ROOT).join("tests/luma.stdcall.symbols")).unwrap();
    assert_eq!(count, symbols.lines().count(), "not every function was found");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("total");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("total.c");
    std::fs::write(&file, source).unwrap();
    let flags = ["-std=c99", "-Wno-overlength-strings"];
    let program = compile(&[file.to_str().unwrap()], "cc", &flags, &shared());
    std::fs::remove_file(&file).unwrap();
    let simulator = Simulator::start().unwrap();
    // Under valgrind it takes minutes: `make total` does that.
    let is_thorough = std::env::var_os("LUMA_PROOF").is_some();
    let mut command = if is_thorough { checked(&program) } else { unchecked(&program) };
    let output = run_checks(with_gateway(command.current_dir(&folder), &simulator));
    println!("{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
