//! 32-bit Windows also exports each function as stdcall.

#![cfg(unix)]

use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Returns the lines of the C ABI's source, each with the attributes above it.
fn items(folder: &Path) -> Vec<(Vec<String>, String)> {
    let mut items = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            items.extend(self::items(&path));
            continue;
        }
        let source = std::fs::read_to_string(path).unwrap();
        let mut attributes = Vec::new();
        for line in source.lines() {
            if line.starts_with("#[") {
                attributes.push(line.to_owned());
            } else {
                items.push((std::mem::take(&mut attributes), line.to_owned()));
            }
        }
    }
    items
}

#[test]
fn every_exported_function_and_callback_type_has_a_stdcall_twin() {
    let mut count = 0;
    for (attributes, item) in items(&Path::new(ROOT).join("src/ffi")) {
        let has = |text: &str| attributes.iter().any(|attribute| attribute == text);
        let is_callback = item.starts_with("pub type luma_") && item.contains("_fn =");
        if has("#[unsafe(no_mangle)]") || item.contains(" extern \"C\" fn luma_") || is_callback {
            assert!(has("#[luma_stdcall::also]"), "{item} lacks #[luma_stdcall::also]");
            count += 1;
        }
    }
    assert!(count > 90, "{count}");
}

/// A stdcall name ends in the size of its arguments, which the linker checks. From 0.1.0 on,
/// `tests/luma.stdcall.symbols` is append-only, like `tests/luma.symbols`.
#[test]
fn the_stdcall_names_are_the_promised_ones() {
    let header = std::fs::read_to_string(Path::new(ROOT).join("include/luma.h")).unwrap();
    let mut names = Vec::new();
    for declaration in declarations(&header) {
        let (before, arguments) = declaration.split_once('(').unwrap();
        let name = before.rsplit([' ', '*']).next().unwrap();
        let arguments = arguments.split(',').map(str::trim);
        let bytes: usize = arguments.map(argument_bytes).sum();
        names.push(format!("{name}_stdcall@{bytes}"));
    }
    names.sort();
    let names = names.join("\n") + "\n";
    let path = Path::new(ROOT).join("tests/luma.stdcall.symbols");
    if std::env::var_os("LUMA_UPDATE_HEADER").is_some() {
        std::fs::write(&path, &names).unwrap();
    }
    let promised = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(names, promised, "to write the file anew: make header");
}

/// Returns the declaration of each function, on one line and without its `);`.
pub fn declarations(header: &str) -> Vec<String> {
    let mut declarations = Vec::new();
    let mut lines = header.lines();
    while let Some(line) = lines.next() {
        let is_function = line.starts_with(|first: char| first.is_ascii_lowercase())
            && !line.starts_with("typedef ")
            && line.contains('(');
        if is_function {
            let mut declaration = line.to_owned();
            while !declaration.ends_with(");") {
                declaration += lines.next().unwrap();
            }
            declarations.push(declaration.trim_end_matches(");").to_owned());
        }
    }
    declarations
}

fn argument_bytes(argument: &str) -> usize {
    match argument {
        "void" => 0,
        _ if argument.contains('*') || argument.contains("_fn ") => 4,
        _ if argument.starts_with("int32_t ") || argument.starts_with("size_t ") => 4,
        _ if argument.starts_with("int64_t ") || argument.starts_with("double ") => 8,
        _ => panic!("the size of {argument} is unknown"),
    }
}
