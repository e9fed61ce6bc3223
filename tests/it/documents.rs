//! The documents agree with the code: versions, statuses, links. `docs.rs` tests their code blocks.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(ROOT).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn markdown_in(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let files = fs::read_dir(Path::new(ROOT).join(folder)).unwrap();
    let files = files.map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// All Markdown files at the root and in docs/.
fn documents() -> Vec<PathBuf> {
    [markdown_in(""), markdown_in("docs")].concat()
}

/// Those of the simulator and of the bindings.
fn other_documents() -> Vec<PathBuf> {
    let bindings = fs::read_dir(Path::new(ROOT).join("bindings")).unwrap();
    let bindings = bindings.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let folders = ["simulator", "bindings"].map(PathBuf::from).into_iter().chain(bindings);
    folders.flat_map(markdown_in).collect()
}

#[test]
fn the_changelog_lists_the_current_version() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(read("CHANGELOG.md").contains(&format!("\n## [{version}] - ")), "{version}");
}

#[test]
fn every_status_is_explained_in_troubleshooting() {
    let page = read("docs/troubleshooting.md");
    let header = read("include/luma.h");
    let names = header.lines().filter_map(|line| line.strip_prefix("#define LUMA_ERROR_"));
    let names: Vec<&str> = names.filter_map(|line| line.split(' ').next()).collect();
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        // These are explained by their range.
        let is_range = ["NULL_ARGUMENT_", "UTF8_ARGUMENT_"].iter().any(|n| name.starts_with(n));
        assert!(is_range || page.contains(&format!("{name}`")), "{name}");
    }
}

/// Returns the anchors of a page, as GitHub derives them from its headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let headings = outside_code(text).filter_map(|line| line.strip_prefix('#'));
    let headings = headings.map(|line| line.trim_start_matches('#').trim().to_lowercase());
    headings
        .map(|heading| heading.chars().filter(is_kept).collect::<String>().replace(' ', "-"))
        .collect()
}

fn outside_code(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// Checks all links of pages to files, and returns how many there are.
fn check_links(pages: Vec<PathBuf>, may_link_to: impl Fn(&Path) -> bool) -> usize {
    let mut count = 0;
    for path in pages {
        let text = read(&path);
        for link in outside_code(&text).flat_map(|line| line.split("](").skip(1)) {
            let target = link.split(')').next().unwrap();
            if target.contains("://") {
                continue;
            }
            count += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { path.clone() } else { path.with_file_name(file) };
            assert!(may_link_to(&file), "{}: {target}", path.display());
            let found = anchor.is_empty() || anchors(&read(&file)).contains(anchor);
            assert!(found, "{}: {target}", path.display());
        }
    }
    count
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let pages: Vec<_> = documents().iter().map(|path| path.canonicalize().unwrap()).collect();
    let count = check_links(documents(), |file| {
        // The crate and the tar.gz contain these pages, their images and the description in
        // OpenAPI, and nothing else that can be linked to.
        let is_included = file.extension().is_some_and(|e| e == "svg" || e == "png" || e == "yaml");
        file.canonicalize().is_ok_and(|file| is_included || pages.contains(&file))
    });
    assert!(count > 20, "{count}");
    check_links(other_documents(), Path::exists);
}

/// The words of a text that start with a prefix.
fn words<'a>(text: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(move |word| word.starts_with(prefix))
}

#[test]
fn every_name_on_a_page_is_in_the_header() {
    let header = read("include/luma.h");
    let known: BTreeSet<&str> = ["luma_", "LUMA_"].iter().flat_map(|p| words(&header, p)).collect();
    // Packages, modules and settings of other languages and tools.
    let others = [
        "luma_automation",
        "luma_native",
        "luma_simulator",
        "luma_static",
        "luma_client_new_stdcall",
    ];
    let constants = ["OK", "ERROR", "OUTCOME", "RUN", "COUNTER", "AUTH_", "APPLICATION", "CLAIM"];
    let constants = constants.map(|name| format!("LUMA_{name}"));
    for path in [documents(), other_documents()].concat() {
        let text = read(&path);
        // The changelog ends with old names and what replaced them.
        let text = text.split("\n| before | now |").next().unwrap();
        for word in words(text, "luma_").chain(constants.iter().flat_map(|p| words(text, p))) {
            // `luma_config_...` and `LUMA_ERROR_` stand for all names that start like this.
            let is_known = known.contains(word)
                || others.contains(&word)
                || word.ends_with('_') && known.iter().any(|name| name.starts_with(word));
            assert!(is_known, "{}: {word}", path.display());
        }
    }
}

#[test]
fn every_function_is_in_the_overview_of_calls() {
    let page = read("docs/calls.md");
    let (calls, rest) = page.split_once("\n## ").unwrap();
    let (_, topics) = rest.split_once("## Functions by topic").unwrap();
    for name in read("tests/luma.symbols").lines() {
        let is_there = name.starts_with("luma_config_")
            || [calls, topics]
                .iter()
                .flat_map(|part| part.split('`'))
                .any(|code| code == name || code.starts_with('_') && name.ends_with(code));
        assert!(is_there || !name.starts_with("luma_"), "{name}");
    }
}

#[test]
fn every_make_target_on_a_page_exists() {
    let makefile = read("Makefile");
    for path in [documents(), other_documents()].concat() {
        let text = read(&path);
        for target in text.split("`make ").skip(1).filter_map(|rest| rest.split(['`', ' ']).next())
        {
            let is_target = makefile.contains(&format!("\n{target}:"));
            // Variables, as in `make PREFIX=...`.
            assert!(is_target || target.contains('='), "{}: make {target}", path.display());
        }
    }
}

#[test]
fn the_readme_links_to_every_page() {
    let readme = read("README.md");
    for path in markdown_in("docs") {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(readme.contains(&format!("](docs/{name})")), "{name}");
    }
}
