//! The documents agree with the code: versions, statuses, links. `docs.rs` tests their code blocks.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(ROOT).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All Markdown files at the root and in docs/.
fn documents() -> Vec<PathBuf> {
    let folders = [PathBuf::from(ROOT), Path::new(ROOT).join("docs")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let files = files.map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
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

#[test]
fn every_link_between_documents_leads_somewhere() {
    let mut count = 0;
    let pages: Vec<_> = documents().iter().map(|path| path.canonicalize().unwrap()).collect();
    for path in documents() {
        let text = read(&path);
        for link in outside_code(&text).flat_map(|line| line.split("](").skip(1)) {
            let target = link.split(')').next().unwrap();
            if target.contains("://") {
                continue;
            }
            count += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { path.clone() } else { path.with_file_name(file) };
            // The crate and the tar.gz contain these pages, their images and the description in
            // OpenAPI, and nothing else that can be linked to.
            let is_included =
                file.extension().is_some_and(|e| e == "svg" || e == "png" || e == "yaml");
            let is_there =
                file.canonicalize().is_ok_and(|file| is_included || pages.contains(&file));
            assert!(is_there, "{}: {target}", path.display());
            let found = anchor.is_empty() || anchors(&read(&file)).contains(anchor);
            assert!(found, "{}: {target}", path.display());
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn the_readme_links_to_every_page() {
    let readme = read("README.md");
    for path in documents().iter().filter(|path| path.parent().unwrap().ends_with("docs")) {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(readme.contains(&format!("](docs/{name})")), "{name}");
    }
}
