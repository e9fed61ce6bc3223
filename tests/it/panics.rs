//! Promises 1 and 2 when the library itself is wrong: a panic anywhere inside it never reaches the
//! caller. The call returns LUMA_ERROR_INTERNAL with the right outcome, the connection is closed,
//! and the next call works.
//!
//! The feature `panic-points` makes the library panic at each of the points in `src`, one after the
//! other, in each function of `include/luma.h`, see `tests/c/panics.h`.

#![cfg(target_os = "linux")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use luma_simulator::{Options, Simulator};

use crate::soak::connect_proxy;
use crate::stdcall::declarations;
use crate::support::c::{
    ROOT, compile, library_dir, library_of_profile, run_checks, unchecked, with_gateway,
};
use crate::support::programs::cargo_build;
use crate::support::{skipped, wait_until};
use crate::total::{argument, parse, returns_status};

/// These look up a name in a table, and pass no point.
const WITHOUT_POINTS: [&str; 8] = [
    "luma_counter_name",
    "luma_log_level_name",
    "luma_outcome_name",
    "luma_run_status_is_final",
    "luma_run_status_name",
    "luma_status_message",
    "luma_status_name",
    "luma_version",
];

const INTERNAL: i32 = 900;
/// More points than any call passes. Those that read each key of a journal pass one for each.
const MOST: i32 = 100;
/// The journal does not know the key.
const NOTHING: i32 = 0;
const NOT_SENT: i32 = 3;
const UNKNOWN: i32 = 4;

const IS_WRITTEN: &str = "a request is written";
const WAS_WRITTEN: &str = "a request was written";
const IS_PUT_BACK: &str = "a connection is put back";
const POOL_IS_LOCKED: &str = "the pool is locked";
const LINE_IS_APPENDED: &str = "a line is appended";

/// Returns a C program that calls every function, with a panic at each point that it passes.
fn program(header: &str) -> String {
    let (mut functions, mut table) = (String::new(), String::new());
    for declaration in declarations(header) {
        let (returned, name, arguments) = parse(&declaration);
        let (mut made, mut checked, mut freed, mut result) =
            (String::new(), String::new(), String::new(), "NULL".to_owned());
        let mut is_call = false;
        for (index, given) in arguments.iter().enumerate() {
            let at = index + 1;
            let (make, check) = argument(name, *given, at);
            writeln!(made, "        {make}").unwrap();
            // The others free the handle.
            let part = if check.starts_with("if (a") { &mut checked } else { &mut freed };
            *part = format!("        {check}\n{part}");
            if given.0 == "luma_result **" {
                result = format!("o{at}");
            }
            is_call |= ["client", "wait", "wait_set"]
                .iter()
                .any(|handle| given.0.trim_start_matches("const ") == format!("luma_{handle} *"));
        }
        if name == "luma_client_free" {
            made += "        calling = NULL;\n";
        }
        let names: Vec<_> = (1..=arguments.len()).map(|at| format!("a{at}")).collect();
        let call = format!("{name}({})", names.join(", "));
        let has_status = returned == "int32_t" && returns_status(header, name);
        let mut body = String::new();
        let status = if has_status { "status" } else { "-1" };
        match returned {
            _ if has_status => writeln!(
                body,
                "        status = {call};\n        disarm();\n        check_status(status);"
            ),
            "const char *" => {
                writeln!(
                    body,
                    "        text = {call};\n        disarm();\n        check_text(text);"
                )
            }
            _ => writeln!(body, "        (void){call};\n        disarm();"),
        }
        .unwrap();
        writeln!(body, "        report({status}, {result});\n{checked}").unwrap();
        // The same call again, with handles that a panic has interrupted. Not what has an effect on
        // the gateway, which would count as a second delivery; nor a poll, because the panic has
        // ended the wait.
        let has_effect = name.contains("trigger_workflow") || name.contains("generate");
        if has_status && !has_effect && name != "luma_wait_poll" {
            writeln!(
                body,
                "        if (has_panicked) {{\n            status = {call};\n            \
                 CHECK(status != LUMA_ERROR_INTERNAL);\n{checked}        }}"
            )
            .unwrap();
        }
        write!(
            functions,
            "static void panics_{name}(void)\n{{\n    const int position = 0, variant = GOOD;\n    \
             int32_t status = 0;\n    const char *text = NULL;\n    size_t number;\n\n    \
             (void)position;\n    (void)variant;\n    (void)status;\n    (void)text;\n    \
             for (number = 0; number < 2 || (has_panicked && number < MOST); number++) {{\n        \
             begin(\"{name}\", 0, (int)number);\n{made}        arm(number);\n{body}{freed}        \
             end();\n    }}\n}}\n\n"
        )
        .unwrap();
        writeln!(table, "    {{\"{name}\", panics_{name}, {}}},", i32::from(is_call)).unwrap();
    }
    format!(
        "#define MOST {MOST}\n#include \"{ROOT}/tests/c/panics.h\"\n\n{functions}\
         static const struct function functions[] = {{\n{table}}};\n\n\
         int main(int count, char **arguments)\n{{\n    (void)count;\n    \
         return run(arguments[1], functions, sizeof functions / sizeof *functions);\n}}\n"
    )
}

/// A call, as the program reports it.
struct Call<'a> {
    function: &'a str,
    has_panicked: bool,
    /// `None` for a function that returns none.
    status: Option<i32>,
    /// `None` if there is no result.
    outcome: Option<i32>,
    unique: &'a str,
    /// The outcome of the key in the journal; 0 for none.
    recorded: i32,
    points: Vec<&'a str>,
    next_status: i32,
    is_next_reused: bool,
}

impl<'a> Call<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [
            function,
            point,
            panicked,
            status,
            has_result,
            outcome,
            unique,
            recorded,
            points,
            next,
            reused,
        ] = fields[..]
        else {
            return None;
        };
        let number = |text: &str| text.parse::<i32>().unwrap();
        // A call that passes more is not tested to its end.
        assert!(number(point) + 1 < MOST || function.contains("journal"), "{function}");
        Some(Call {
            function,
            has_panicked: panicked == "1",
            status: Some(number(status)).filter(|status| *status != -1),
            outcome: Some(number(outcome)).filter(|_| has_result == "1"),
            unique,
            recorded: number(recorded),
            points: points.split(',').filter(|point| !point.is_empty()).collect(),
            next_status: number(next),
            is_next_reused: reused == "1",
        })
    }

    fn last(&self, name: &str) -> Option<usize> {
        self.points.iter().rposition(|point| *point == name)
    }

    /// True if bytes of a request may have been passed to the operating system.
    fn is_sent(&self) -> bool {
        self.last(WAS_WRITTEN).is_some()
    }

    /// True if the last request ended before its connection was in the pool.
    fn is_interrupted(&self) -> bool {
        let returned = self.last(IS_PUT_BACK).filter(|at| {
            let locked = self.points[*at..].iter().position(|point| *point == POOL_IS_LOCKED);
            locked.is_some_and(|locked| at + locked + 1 < self.points.len())
        });
        self.last(IS_WRITTEN).is_some_and(|written| returned.is_none_or(|at| at < written))
    }

    fn check(&self, way: &str, deliveries: usize) -> Result<(), &'static str> {
        let Call { function, outcome, .. } = *self;
        if !self.has_panicked {
            return match self.status {
                Some(INTERNAL) => Err("the status is LUMA_ERROR_INTERNAL without a panic"),
                _ => Ok(()),
            };
        }
        if self.status.is_some_and(|status| status != INTERNAL) {
            return Err("the status is not LUMA_ERROR_INTERNAL");
        }
        let is_call = !function.contains("_journal_") && !function.contains("luma_wait_");
        let expected = if self.is_sent() { UNKNOWN } else { NOT_SENT };
        // From this point on, the key is in the journal without an outcome.
        let is_claimed = function.contains("_once") && self.last(LINE_IS_APPENDED).is_some();
        if is_call
            && outcome.is_some_and(|outcome| outcome != expected)
            && !(is_claimed && outcome == Some(UNKNOWN))
        {
            return Err("the outcome is wrong");
        }
        // Between the parts of a large request, a panic cuts it off.
        let is_whole = way != "large" || deliveries == 1;
        if function.contains("trigger_workflow")
            && deliveries != usize::from(self.is_sent() && is_whole)
        {
            return Err("the number of deliveries is wrong");
        }
        // The journal never knows less than the caller, and more if the panic came after the
        // outcome was written.
        let is_complete = self.last("an outcome is recorded") < self.last("a line was written");
        let may_be_recorded = match outcome {
            Some(UNKNOWN) => self.recorded == UNKNOWN || is_complete || !self.is_sent(),
            _ => self.recorded == NOTHING || self.recorded == NOT_SENT,
        };
        if function == "luma_trigger_workflow_once" && !may_be_recorded {
            return Err("the outcome in the journal is wrong");
        }
        if self.next_status == INTERNAL
            || self.next_status != 0
                && !function.contains("regenerate")
                && !function.contains("set_access_token")
        {
            return Err("the next call fails");
        }
        if self.is_interrupted() && self.is_next_reused {
            return Err("the next call uses the same connection");
        }
        Ok(())
    }
}

/// Builds the library with panics, and returns its directory.
fn library() -> PathBuf {
    let mut cargo = cargo_build();
    cargo.args(["--features", "panic-points", "--example", "luma_panics"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    assert!(cargo.status().unwrap().success());
    library_of_profile().join("examples")
}

/// Every point in the source.
fn points(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            points(&path, found);
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        for rest in source.split("panic_points::pass(").skip(1) {
            let names = rest[..rest.find(')').unwrap()].split('"').skip(1).step_by(2);
            found.extend(names.map(str::to_owned));
        }
    }
}

#[test]
#[ignore = "takes long: make test"]
fn a_panic_anywhere_in_the_library_is_a_status_with_the_right_outcome() {
    let header = std::fs::read_to_string(Path::new(ROOT).join("include/luma.h")).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("panics");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let source = folder.join("panics.c");
    std::fs::write(&source, program(&header)).unwrap();
    let library = library().display().to_string();
    let linking = [
        format!("-L{library}"),
        "-lluma_panics".into(),
        format!("-Wl,--disable-new-dtags,-rpath,{library}"),
    ];
    let flags = ["-std=c99", "-Wno-overlength-strings"];
    let program = compile(&[source.to_str().unwrap()], "cc", &flags, &linking);

    let (mut panics, mut tested, mut forced) =
        (0, BTreeSet::<String>::new(), BTreeSet::<String>::new());
    let mut failures = BTreeMap::<String, usize>::new();
    for way in ["all", "https", "large", "lost"] {
        let simulator =
            Simulator::start_with(Options { tls: way == "https", ..Options::default() }).unwrap();
        let proxy = connect_proxy();
        let folder = folder.join(way);
        std::fs::create_dir_all(&folder).unwrap();
        let mut command = unchecked(&program);
        for variable in ["http", "https", "all", "socks", "no"].map(|name| format!("{name}_proxy"))
        {
            command.env_remove(variable.to_ascii_uppercase()).env_remove(variable);
        }
        with_gateway(command.current_dir(&folder).arg(way), &simulator)
            .env("LUMA_TEST_WORKFLOW", "unlock_account")
            // Otherwise freed memory counts as used while malloc caches it for the thread.
            .env("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0");
        match way {
            // The program is its own name server.
            "large" => {
                let url = simulator.url().replace("127.0.0.1", "gateway.test");
                command.env("LUMA_URL", url).env("LUMA_TEST_LARGE", "1");
            }
            "lost" => {
                command.env("LUMA_TEST_WORKFLOW", "fault-close-after-reading");
            }
            "https" => {
                let (ca, token) = (folder.join("ca.pem"), folder.join("token"));
                std::fs::write(&ca, simulator.ca_pem().unwrap()).unwrap();
                std::fs::write(&token, simulator.token()).unwrap();
                std::fs::set_permissions(&token, std::fs::Permissions::from_mode(0o600)).unwrap();
                command
                    .env("LUMA_TEST_CA", ca)
                    .env("LUMA_TEST_TOKEN_FILE", token)
                    .env("LUMA_TEST_PROXY", format!("http://127.0.0.1:{}", proxy.port));
            }
            _ => {}
        }
        let output = run_checks(&mut command);
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        let output = String::from_utf8(output.stdout).unwrap();
        let calls: Vec<Call> = output.lines().filter_map(Call::parse).collect();
        assert!(!calls.is_empty(), "{output}");

        let sent = |path: &str| {
            let journal = simulator.journal();
            journal.iter().filter(|delivery| delivery.path.contains(path)).count()
        };
        let calls_of = |part: &str| {
            let calls = calls.iter().filter(|call| call.function.contains(part));
            calls.filter(|call| call.is_sent()).count()
        };
        for (function, path) in [("generate_launch", "launch"), ("regenerate", "apiaccesskeys")] {
            // The simulator may still be reading what a call has sent.
            wait_until("all requests were received", || sent(path) >= calls_of(function));
            assert_eq!(sent(path), calls_of(function), "{way}: {function}");
        }
        let journal = simulator.journal();
        for call in &calls {
            let is_own = |body: &str| body.contains(call.unique) && body.contains("userName");
            let deliveries = journal.iter().filter(|delivery| is_own(&delivery.body)).count();
            if let Err(problem) = call.check(way, deliveries) {
                let last = &call.points[call.points.len().saturating_sub(4)..];
                let text = format!(
                    "{way}: {}, panic after {}: {problem}: status {:?}, outcome {:?}, \
                     {deliveries} deliveries, recorded {}, next {} {}",
                    call.function,
                    last.join(", "),
                    call.status,
                    call.outcome,
                    call.recorded,
                    call.next_status,
                    call.is_next_reused,
                );
                *failures.entry(text).or_default() += 1;
            }
            if call.has_panicked {
                panics += 1;
                tested.insert(call.function.to_owned());
                forced.insert(call.points.last().unwrap().to_string());
            }
        }
    }
    let first: Vec<_> = failures.keys().take(20).map(String::as_str).collect();
    assert!(failures.is_empty(), "{} failures, such as\n{}", failures.len(), first.join("\n"));
    println!("{panics} panics in {} functions, at {} points", tested.len(), forced.len());
    for declaration in declarations(&header) {
        let (_, name, _) = parse(&declaration);
        assert_ne!(tested.contains(name), WITHOUT_POINTS.contains(&name), "{name}");
    }
    let mut all = BTreeSet::new();
    points(&Path::new(ROOT).join("src"), &mut all);
    assert_eq!(forced, all);
}

#[test]
fn the_library_itself_contains_no_point() {
    if std::env::var_os("LUMA_LIB_DIR").is_none() {
        skipped::record_because("LUMA_LIB_DIR is not set (make test sets it)", "no panic points");
        return;
    }
    let mut names = BTreeSet::new();
    points(&Path::new(ROOT).join("src"), &mut names);
    let library = std::fs::read(library_dir().join("libluma.so")).unwrap();
    // The text of a number of messages, to show that the search finds something.
    names.insert("the client was closed".into());
    let has = |name: &String| memchr::memmem::find(&library, name.as_bytes()).is_some();
    assert_eq!(Vec::from_iter(names.iter().filter(|name| has(name))), ["the client was closed"]);
}
