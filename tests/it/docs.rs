//! The code blocks of `README.md` and `docs/*.md` compile, and whole programs run.
//!
//! A block is tested by its language. A comment in front of it changes how:
//!
//! ```text
//! <!-- test: prints TEXT -->      the output of the program contains TEXT
//! <!-- test: exits N -->          the program has this exit code; also `exits N, prints TEXT`
//! <!-- test: run -->              run this sh block, in an empty directory
//! <!-- test: compile -->          compile this program, but do not run it
//! <!-- test: skip, REASON -->     do not test this block
//! ```
//!
//! Rust blocks are documentation tests: `src/lib.rs` includes their pages.

#![cfg(unix)]

use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use luma_simulator::Simulator;

use crate::support::c::{
    ROOT, WARNINGS, checked, compile, library_dir, output, run, shared, unchecked, with_gateway,
};
use crate::support::child::{assert_passes, child, is_child};
use crate::support::programs::simulator_program;
use crate::support::skipped;

/// A fenced block of a page.
struct Block {
    /// The page, relative to the repository.
    page: String,
    /// The line of the fence, counted from 1.
    line: usize,
    language: String,
    code: String,
    directive: Directive,
}

#[derive(Debug, Default, PartialEq)]
struct Directive {
    prints: Option<String>,
    exits: Option<i32>,
    is_compiled_only: bool,
    is_run: bool,
    is_skipped: bool,
}

impl Block {
    /// Page and line, for messages.
    fn place(&self) -> String {
        format!("{}:{}", self.page, self.line)
    }

    /// A file name that no other block has.
    fn file(&self, extension: &str) -> PathBuf {
        let page = self.page.replace(['/', '.'], "-");
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{page}-{}.{extension}", self.line))
    }

    fn write(&self, extension: &str, code: &str) -> PathBuf {
        let file = self.file(extension);
        std::fs::write(&file, code).unwrap();
        file
    }

    fn is_program(&self) -> bool {
        self.code.contains("int main(")
    }

    /// Creates an empty directory.
    fn folder(&self) -> PathBuf {
        let folder = self.file("folder");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).unwrap();
        folder
    }

    /// Runs a program beside a simulator, in an empty directory unless it has another one, and
    /// asserts its exit code and its output.
    fn assert_runs(&self, command: &mut Command) {
        if command.get_current_dir().is_none() {
            command.current_dir(self.folder());
        }
        let simulator = Simulator::start().unwrap();
        let output = output(with_gateway(command, &simulator));
        let text = [&output.stdout[..], &output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        let exits = self.directive.exits.unwrap_or(0);
        assert_eq!(output.status.code(), Some(exits), "{}: {text}", self.place());
        if let Some(expected) = &self.directive.prints {
            assert!(text.contains(expected), "{}: {text}", self.place());
        }
    }
}

fn directive(text: &str) -> Result<Directive, String> {
    let mut directive = Directive::default();
    if let Some(reason) = text.strip_prefix("skip,") {
        if reason.trim().is_empty() {
            return Err("skip needs a reason".into());
        }
        return Ok(Directive { is_skipped: true, ..directive });
    }
    let (options, prints) = match text.split_once("prints ") {
        Some((options, prints)) => (options, Some(prints.to_owned())),
        None => (text, None),
    };
    directive.prints = prints;
    for option in options.split(',').map(str::trim).filter(|option| !option.is_empty()) {
        match option.split_once(' ') {
            None if option == "run" => directive.is_run = true,
            None if option == "compile" => directive.is_compiled_only = true,
            Some(("exits", code)) => {
                directive.exits = Some(code.parse().map_err(|_| format!("exits {code}"))?);
            }
            _ => return Err(format!("unknown: {option}")),
        }
    }
    Ok(directive)
}

/// The fenced blocks of a page.
fn blocks_of(page: &str, text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut comment = None;
    let mut lines = (1..).zip(text.lines());
    while let Some((line, text)) = lines.next() {
        let place = format!("{page}:{line}");
        if let Some(fence) = text.trim_start().strip_prefix("```") {
            let language = fence.split(',').next().unwrap().trim();
            assert!(!language.is_empty(), "{place}: a fence without a language; use text");
            let code = lines.by_ref().map(|(_, line)| line).take_while(|line| line.trim() != "```");
            let code = code.flat_map(|line| [line, "\n"]).collect();
            blocks.push(Block {
                page: page.to_owned(),
                line,
                language: language.to_owned(),
                code,
                directive: comment.take().unwrap_or_default(),
            });
        } else if let Some(test) = text.strip_prefix("<!-- test: ") {
            let test = test.strip_suffix(" -->").unwrap_or_else(|| panic!("{place}: no -->"));
            let test = directive(test).unwrap_or_else(|error| panic!("{place}: {error}"));
            comment = Some(test);
        } else if !text.trim().is_empty() {
            assert!(comment.is_none(), "{place}: no block follows the comment");
        }
    }
    blocks
}

/// README.md and the pages in docs, relative to the repository.
fn pages() -> Vec<String> {
    let docs = std::fs::read_dir(Path::new(ROOT).join("docs")).unwrap();
    let docs = docs.map(|file| format!("docs/{}", file.unwrap().file_name().to_str().unwrap()));
    let mut pages: Vec<_> = docs.filter(|page| page.ends_with(".md")).collect();
    pages.push("README.md".into());
    pages.sort();
    pages
}

/// The blocks of a language in all pages that are not skipped.
fn blocks(language: &str) -> Vec<Block> {
    let blocks_of_page = |page: String| {
        let text = std::fs::read_to_string(Path::new(ROOT).join(&page)).unwrap();
        blocks_of(&page, &text)
    };
    let blocks = pages().into_iter().flat_map(blocks_of_page);
    blocks.filter(|block| block.language == language && !block.directive.is_skipped).collect()
}

#[test]
fn comments_select_how_a_block_is_tested() {
    let text =
        "<!-- test: exits 1, prints A, B -->\n\n```c\nint x;\n```\n\n```rust,no_run\n\n```\n";
    let [c, rust] = &blocks_of("p.md", text)[..] else { panic!("two blocks") };
    let expected = Directive { exits: Some(1), prints: Some("A, B".into()), ..Default::default() };
    assert_eq!((&c.code[..], c.line, &c.directive), ("int x;\n", 3, &expected));
    assert_eq!((&rust.language[..], &rust.code[..]), ("rust", "\n"));
    assert_eq!(rust.directive, Directive::default());
    assert!(directive("skip, needs a tenant").unwrap().is_skipped);
    for wrong in ["skip,", "skip", "walk", "exits x"] {
        directive(wrong).unwrap_err();
    }
}

/// Declares what the excerpts in C use.
const C_EXCERPT: &str = "#include <luma.h>\n#include <stdio.h>\n#include <stdlib.h>\n\
    #include <string.h>\n\
    luma_client *client;\nluma_config *config;\nluma_trigger_request *request;\n\
    luma_result *result;\nint32_t status;\nconst char *trigger_id, *url, *token;\n\
    int excerpt(void);\nint excerpt(void)\n{\n";

/// Declares what the excerpts in C++ use.
const CPP_EXCERPT: &str = "#include <luma.hpp>\n#include <chrono>\n#include <cstdlib>\n\
    #include <iostream>\n#include <string>\nusing namespace std::chrono_literals;\n\
    extern luma::client client;\nextern luma::config config;\n\
    extern luma::trigger_request request;\nextern std::string trigger_id, url, token;\n\
    int excerpt();\nint excerpt()\n{\n";

/// Compiles a block that is not a program: a file, or the body of a function.
fn compile_excerpt(block: &Block, compiler: &str, standard: &str, before: &str) {
    let is_file = block.code.trim_start().starts_with("#include");
    let code = if is_file {
        block.code.clone()
    } else {
        // The compiler's messages show the lines of the page.
        format!(
            "{before}#line {} \"{}\"\n{}return 0;\n}}\n",
            block.line + 1,
            block.page,
            block.code
        )
    };
    let file = block.write(if compiler == "cc" { "c" } else { "cpp" }, &code);
    run(Command::new(compiler)
        .arg(standard)
        .args(WARNINGS)
        .args(["-Wno-unused-variable", "-Wno-unused-but-set-variable"])
        .arg(format!("-I{ROOT}/include"))
        .arg("-c")
        .arg(&file)
        .args(["-o", "/dev/null"]));
}

#[test]
fn the_c_blocks_compile_and_run() {
    let blocks = blocks("c");
    assert!(blocks.iter().any(Block::is_program));
    for block in blocks {
        if !block.is_program() {
            compile_excerpt(&block, "cc", "-std=c99", C_EXCERPT);
            continue;
        }
        let source = block.write("c", &block.code);
        let program = compile(&[source.to_str().unwrap()], "cc", &["-std=c99"], &shared());
        if !block.directive.is_compiled_only {
            block.assert_runs(&mut checked(&program));
        }
    }
}

#[test]
fn in_ci_a_missing_tool_fails() {
    let test = "docs::in_ci_a_missing_tool_fails";
    if is_child() {
        let is_missing = || skipped::is_missing("nginx", "this test");
        let has_no_package = || skipped::record("valgrind", "this test");
        assert!(std::panic::catch_unwind(is_missing).is_err());
        assert!(std::panic::catch_unwind(has_no_package).is_err());
        return;
    }
    assert_passes(child(test).env("CI", "true").env("PATH", "/nowhere"));
}

/// Two processes handle the same tickets and are killed at random.
#[test]
fn the_sqlite_store_sends_each_ticket_once() {
    const TICKETS: usize = 40;
    if !Path::new("/usr/include/sqlite3.h").exists() {
        return skipped::record("sqlite3.h", "the store with SQLite");
    }
    let page = "docs/once.md";
    let text = std::fs::read_to_string(Path::new(ROOT).join(page)).unwrap();
    let is_store = |block: &Block| block.code.contains("<sqlite3.h>");
    let block = blocks_of(page, &text).into_iter().find(is_store).unwrap();
    let source = block.write("c", &block.code);
    let linking = [shared(), vec!["-lsqlite3".into()]].concat();
    let program = compile(&[source.to_str().unwrap()], "cc", &["-std=c99"], &linking);
    let folder = block.folder();
    let tickets = folder.join("tickets");
    let lines: Vec<_> = (0..TICKETS).map(|number| format!("INC-{number}\n")).collect();
    std::fs::write(&tickets, lines.concat()).unwrap();
    let simulator = Simulator::start().unwrap();
    let start = |command: &mut Command| {
        let tickets = std::fs::File::open(&tickets).unwrap();
        let command = with_gateway(command, &simulator).current_dir(&folder).stdin(tickets);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    for round in 0..10 {
        let mut processes = [(); 2].map(|()| start(&mut unchecked(&program)));
        for process in &mut processes {
            std::thread::sleep(Duration::from_millis((round * 7919) % 97));
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }
    let last = start(&mut checked(&program)).wait_with_output().unwrap();
    let text = String::from_utf8([last.stdout, last.stderr].concat()).unwrap();
    let count = |part: &str| text.lines().filter(|line| line.contains(part)).count();
    let accepted = count(": accepted with") + count("was already accepted with");
    let unknown = count("is in progress");
    println!("{accepted} accepted, {unknown} in progress");
    assert_eq!((accepted + unknown, text.lines().count()), (TICKETS, TICKETS), "{text}");
    assert!(matches!(last.status.code(), Some(0 | 4)), "{}: {text}", last.status);
    let delivered = simulator.journal();
    let bodies: BTreeSet<_> = delivered.iter().map(|delivery| &delivery.body).collect();
    assert_eq!(bodies.len(), delivered.len(), "a ticket was sent twice");
    assert!((accepted..=TICKETS).contains(&delivered.len()));
}

#[test]
fn the_first_program_of_the_readme_reports_every_mistake() {
    let block = blocks("c").into_iter().find(|block| block.page == "README.md").unwrap();
    let source = block.write("mistakes.c", &block.code);
    let program = compile(&[source.to_str().unwrap()], "cc", &["-std=c99"], &shared());
    let simulator = Simulator::start().unwrap();
    for (token, outcome) in
        [(Some("another"), "REJECTED: "), (Some("a b"), "NOT_SENT: "), (None, "NOT_SENT: ")]
    {
        let mut command = checked(&program);
        command.env_remove("LUMA_TOKEN").env("LUMA_URL", simulator.url());
        let output = output(command.envs(token.map(|token| ("LUMA_TOKEN", token))));
        assert_eq!(output.status.code(), Some(1), "{token:?}: {output:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.starts_with(outcome), "{token:?}: {text}");
    }
}

#[test]
fn the_cpp_blocks_compile_and_run() {
    let blocks = blocks("cpp");
    assert!(blocks.iter().any(Block::is_program));
    for block in blocks {
        if !block.is_program() {
            compile_excerpt(&block, "c++", "-std=c++17", CPP_EXCERPT);
            continue;
        }
        let source = block.write("cpp", &block.code);
        let program = compile(&[source.to_str().unwrap()], "c++", &["-std=c++17"], &shared());
        if !block.directive.is_compiled_only {
            block.assert_runs(&mut unchecked(&program));
        }
    }
}

#[test]
#[ignore = "takes long: make test"]
fn the_csharp_blocks_run() {
    if skipped::is_missing("mcs", "the C# programs of the documentation") {
        return;
    }
    for block in blocks("csharp") {
        let source = block.write("cs", &block.code);
        let program = block.file("cs.exe");
        let mut mcs = Command::new("mcs");
        mcs.arg("-warnaserror").arg(format!("-out:{}", program.display())).arg(source);
        let is_test = block.code.contains("using Xunit;");
        if is_test {
            mcs.arg(block.write("xunit.cs", XUNIT));
        }
        if block.code.contains("using Luma.Automation;") {
            let binding = Path::new(ROOT).join("bindings/csharp/src");
            mcs.arg(binding.join("Luma.cs")).arg(binding.join("Native.g.cs"));
        }
        run(&mut mcs);
        let mut mono = Command::new("mono");
        mono.arg(program).env("LD_LIBRARY_PATH", library_dir());
        if is_test {
            mono.env("LUMA_SIMULATOR", simulator_program());
        }
        block.assert_runs(mono.env("LUMA_LIBRARY", library_dir().join("libluma.so.0")));
    }
}

#[test]
#[ignore = "takes long: make test"]
fn the_python_blocks_run() {
    if skipped::is_missing("python3", "the Python programs of the documentation") {
        return;
    }
    // Creates the library's soname beside it.
    shared();
    for block in blocks("python") {
        let source = block.write("py", &block.code);
        let mut python = Command::new("python3");
        python.arg("-B").arg(source);
        if block.code.contains("import pytest\n") {
            if skipped::is_missing("pytest-3", "the pytest fixture of the documentation") {
                continue;
            }
            python = Command::new("pytest-3");
            python.args(["-q", "-p", "no:cacheprovider"]).arg(block.file("py"));
            python.env("LUMA_SIMULATOR", simulator_program()).env("PYTHONDONTWRITEBYTECODE", "1");
        }
        python.env("PYTHONPATH", Path::new(ROOT).join("bindings/python/src"));
        block.assert_runs(python.env("LUMA_LIBRARY", library_dir().join("libluma.so.0")));
    }
}

#[test]
#[ignore = "takes long: make test"]
fn the_java_blocks_run() {
    if skipped::is_missing("javac", "the Java programs of the documentation") {
        return;
    }
    for block in blocks("java").iter().filter(|block| block.code.contains("import org.junit.")) {
        let folder = block.file("java");
        let _ = std::fs::remove_dir_all(&folder);
        let classes = folder.join("classes");
        std::fs::create_dir_all(&classes).unwrap();
        let sources = [("UnlockTest.java", &*block.code), ("Main.java", JUNIT_MAIN)];
        let mut javac = Command::new("javac");
        javac.args(["--release", "11", "-Xlint:all", "-Werror", "-d"]).arg(&classes);
        for (name, code) in sources.into_iter().chain(JUNIT) {
            std::fs::write(folder.join(name), code).unwrap();
            javac.arg(folder.join(name));
        }
        run(&mut javac);
        let mut java = Command::new("java");
        java.arg("-cp").arg(&classes).arg("Main").env("LUMA_SIMULATOR", simulator_program());
        block.assert_runs(&mut java);
    }
}

/// The parts of JUnit 5 that the documentation uses, so that no package is needed.
const JUNIT: [(&str, &str); 4] = [
    ("BeforeAll.java", "package org.junit.jupiter.api; public @interface BeforeAll {}"),
    ("AfterAll.java", "package org.junit.jupiter.api; public @interface AfterAll {}"),
    ("Test.java", "package org.junit.jupiter.api; public @interface Test {}"),
    (
        "Assertions.java",
        "package org.junit.jupiter.api;
        public class Assertions {
            public static void assertEquals(Object expected, Object actual) {
                if (!expected.equals(actual)) throw new AssertionError(actual);
            }
        }",
    ),
];

const JUNIT_MAIN: &str = "
    class Main {
        public static void main(String[] arguments) throws Exception {
            UnlockTest.start();
            new UnlockTest().nothingIsTriggered();
            UnlockTest.stop();
        }
    }";

/// The parts of xUnit.net that the documentation uses, and a program that runs the test.
const XUNIT: &str = "
    namespace Xunit
    {
        public interface IClassFixture<T> {}
        public class FactAttribute : System.Attribute {}
        public static class Assert
        {
            public static void Throws<T>(System.Action action) where T : System.Exception
            {
                try { action(); } catch (T) { return; }
                throw new System.Exception(\"nothing was thrown\");
            }
            public static void Single(System.Collections.ICollection all)
            {
                if (all.Count != 1) throw new System.Exception(all.Count.ToString());
            }
        }
    }
    static class Program
    {
        static void Main()
        {
            using (var simulator = new LumaSimulator())
                new UnlockTest(simulator).ALostResponseStartsNoSecondRun();
        }
    }";

/// The targets of the Makefile.
fn make_targets() -> BTreeSet<String> {
    let makefile = std::fs::read_to_string(Path::new(ROOT).join("Makefile")).unwrap();
    let rules = makefile.lines().filter(|line| !line.starts_with(['\t', '#', '.', ' ']));
    let rules =
        rules.filter_map(|line| line.split_once(':')).filter(|rule| !rule.1.starts_with('='));
    rules.flat_map(|(targets, _)| targets.split_whitespace()).map(str::to_owned).collect()
}

#[test]
fn the_sh_blocks_name_targets_and_files_that_exist() {
    let targets = make_targets();
    assert!(targets.contains("test") && targets.contains("install"), "{targets:?}");
    for block in blocks("sh") {
        let place = block.place();
        run(Command::new("sh").arg("-n").arg(block.write("sh", &block.code)));
        for line in block.code.lines() {
            let words: Vec<_> = line.split_whitespace().take_while(|word| *word != "#").collect();
            if let Some(make) = words.iter().position(|word| *word == "make") {
                let arguments = words[make + 1..].iter();
                let arguments = arguments.take_while(|word| !["&&", "||", ";", "|"].contains(word));
                for target in arguments.filter(|word| !word.starts_with('-') && !word.contains('='))
                {
                    assert!(targets.contains(*target), "{place}: make has no target {target}");
                }
            }
            for word in words {
                let is_source = ["benches/", "docs/", "examples-c/", "fuzz/", "include/"]
                    .iter()
                    .chain(&["packaging/", "simulator/", "tests/"])
                    .any(|folder| word.starts_with(folder));
                if is_source && !word.contains(['*', '$']) {
                    assert!(Path::new(ROOT).join(word).exists(), "{place}: there is no {word}");
                }
            }
        }
        if block.directive.is_run {
            run_sh(&block);
        }
    }
}

/// Runs a block in an empty directory, with `luma-simulator` in the PATH.
fn run_sh(block: &Block) {
    let folder = block.folder();
    std::fs::create_dir(folder.join("bin")).unwrap();
    symlink(simulator_program(), folder.join("bin/luma-simulator")).unwrap();
    let path = std::env::var("PATH").unwrap();
    block.assert_runs(
        Command::new("sh")
            .arg("-eu")
            .arg(block.write("sh", &block.code))
            .env("PATH", format!("{}:{path}", folder.join("bin").display()))
            .env("LUMA_ROOT", ROOT)
            .current_dir(&folder),
    );
}

#[test]
fn the_rust_blocks_are_documentation_tests() {
    let library = std::fs::read_to_string(Path::new(ROOT).join("src/lib.rs")).unwrap();
    for block in blocks("rust") {
        let include = format!("include_str!(\"../{}\")", block.page);
        assert!(library.contains(&include), "{}: src/lib.rs lacks {include}", block.place());
    }
}
