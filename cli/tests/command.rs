//! Runs the `luma` command against the simulator.

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use luma_simulator::Simulator;
#[cfg(unix)]
use luma_simulator::{Options, Time};
use serde_json::{Value, json};

use support::{bare, expect, luma, make_private, run, stderr_of, temporary_file, text};

const ACCEPTED: i32 = 0;
const MISTAKE: i32 = 1;
const REJECTED: i32 = 2;
const NOT_SENT: i32 = 3;
const UNKNOWN: i32 = 4;
const RUN_FAILED: i32 = 5;
const TIMED_OUT: i32 = 6;
const BROKE_OFF: i32 = 7;

#[test]
fn the_exit_code_of_a_trigger_is_its_outcome() {
    let simulator = Simulator::start().unwrap();
    let trigger = |workflow: &str, code| {
        let arguments = ["trigger", workflow, "userName=a", "--contact", "7", "--ticket", "T-1"];
        expect(&mut luma(&simulator), code, &arguments)
    };
    let id = trigger("reset_password", ACCEPTED);
    assert_eq!(id.trim().len(), 36, "{id}");
    trigger("no_such_workflow", REJECTED);
    trigger("fault-close-after-reading", UNKNOWN);
    let mut elsewhere = bare();
    elsewhere.env("LUMA_URL", "http://127.0.0.1:1").env("LUMA_TOKEN", "t");
    expect(&mut elsewhere, NOT_SENT, &["trigger", "reset_password", "userName=a"]);
    let stderr =
        stderr_of(&mut luma(&simulator), MISTAKE, &["trigger", "reset_password", "--contact", "7"]);
    assert!(stderr.contains("--ticket or --channel"), "{stderr}");
}

#[test]
fn a_wait_has_its_own_exit_codes() {
    let simulator = Simulator::start().unwrap();
    let wait = ["--wait", "--timeout", "60s"];
    let trigger = |code, arguments: &[&str]| {
        expect(&mut luma(&simulator), code, &[&["trigger"], arguments].concat())
    };
    let printed = trigger(ACCEPTED, &[&["unlock_account", "userName=a"], &wait[..]].concat());
    let lines: Vec<_> = printed.lines().collect();
    let id = lines[0];
    assert_eq!(lines[1], format!("{id}\tRUNNING"));
    assert!(lines[2].starts_with(&format!("{id}\tCOMPLETED\ttook ")), "{printed}");
    let service = ["restart_service", "hostName=a", "serviceName=b"];
    trigger(RUN_FAILED, &[&service[..], &wait[..]].concat());
    let timeout = ["patch_server", "hostName=a", "--wait", "--timeout", "300ms"];
    let output = run(&mut luma(&simulator), &[&["trigger"], &timeout[..]].concat());
    assert_eq!(output.status.code(), Some(TIMED_OUT));
    let id = text(&output.stdout).lines().next().unwrap().to_owned();
    let stderr = text(&output.stderr);
    assert!(stderr.contains(&format!("To wait again: luma wait {id}")), "{stderr}");
    // The token is not accepted any more: the run goes on all the same.
    let mut other = luma(&simulator);
    expect(other.env("LUMA_TOKEN", "wrong"), BROKE_OFF, &["wait", &id]);
}

#[test]
fn several_runs_are_waited_for_at_once() {
    let simulator = Simulator::start().unwrap();
    let trigger = |arguments: &[&str]| {
        let id = expect(&mut luma(&simulator), ACCEPTED, &[&["trigger"], arguments].concat());
        id.trim().to_owned()
    };
    let good = trigger(&["unlock_account", "userName=a"]);
    let bad = trigger(&["restart_service", "hostName=a", "serviceName=b"]);
    let printed = expect(&mut luma(&simulator), RUN_FAILED, &["wait", &good, &bad]);
    assert!(printed.contains(&format!("{good}\tCOMPLETED")), "{printed}");
    assert!(printed.contains(&format!("{bad}\tFAILED")), "{printed}");
}

#[test]
fn json_is_one_event_per_line() {
    let simulator = Simulator::start().unwrap();
    let arguments = ["trigger", "unlock_account", "userName=a", "--wait", "--json"];
    let printed = expect(&mut luma(&simulator), ACCEPTED, &arguments);
    let events: Vec<Value> =
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["accepted", "status", "ended"]);
    let id = events[0]["triggerId"].as_str().unwrap();
    assert!(events.iter().all(|event| event["triggerId"] == id));
    let arguments = ["trigger", "nope", "--json"];
    let printed = expect(&mut luma(&simulator), REJECTED, &arguments);
    let event: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(event["outcome"], "REJECTED");
    for arguments in [&["workflows"][..], &["steps", id], &["status", id], &["open", id]] {
        let printed = expect(&mut luma(&simulator), ACCEPTED, &[arguments, &["--json"]].concat());
        assert_eq!(printed.lines().count(), 1, "{printed}");
        serde_json::from_str::<Value>(&printed).unwrap();
    }
}

#[test]
fn a_pipe_gets_plain_columns() {
    let simulator = Simulator::start().unwrap();
    let printed = expect(&mut luma(&simulator), ACCEPTED, &["workflows"]);
    assert!(printed.starts_with("reset_password\tReset Password\t"), "{printed}");
    assert!(!printed.contains('\x1b'));
    let filter = ["workflows", "--filter", "identifier==unlock_account"];
    assert_eq!(expect(&mut luma(&simulator), ACCEPTED, &filter).lines().count(), 1);
    let printed = expect(&mut luma(&simulator), ACCEPTED, &["describe", "reset_password"]);
    assert!(printed.contains("userName\tTEXT\trequired\t"), "{printed}");
    let stderr = stderr_of(&mut luma(&simulator), MISTAKE, &["describe", "nope"]);
    assert!(stderr.contains("luma workflows"), "{stderr}");
}

/// A ticket's author chooses a variable, and a person looks at the run.
#[test]
fn a_text_from_outside_does_not_control_the_terminal() {
    let simulator = Simulator::start().unwrap();
    let variable = "userName=\u{1b}[2J\u{9b}31m\u{202e}a";
    let id = expect(&mut luma(&simulator), ACCEPTED, &["trigger", "unlock_account", variable]);
    let id = id.trim();
    let printed = expect(&mut luma(&simulator), ACCEPTED, &["status", id]);
    let shown = "userName\t\u{fffd}[2J\u{fffd}31m\u{fffd}a\n";
    assert!(printed.ends_with(shown), "{printed}");
    // A program gets it as it is.
    let printed = expect(&mut luma(&simulator), ACCEPTED, &["status", id, "--json"]);
    let document: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(document["parameters"][0]["value"], variable["userName=".len()..]);
}

/// Runs the command in a terminal with this many columns, and returns its output.
#[cfg(target_os = "linux")]
fn in_terminal(simulator: &Simulator, columns: u16, code: i32, arguments: &str) -> String {
    let program = env!("CARGO_BIN_EXE_luma");
    let command = format!("stty cols {columns}; exec '{program}' {arguments}");
    let mut script = luma(simulator);
    let environment: Vec<_> =
        script.get_envs().filter_map(|(k, v)| Some((k.to_owned(), v?.to_owned()))).collect();
    script = Command::new("script");
    script.env_clear().envs(environment).env("TERM", "xterm").env("SHELL", "/bin/sh");
    expect(&mut script, code, &["-qec", &command, "/dev/null"])
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_tables_with_colours() {
    let simulator = Simulator::start().unwrap();
    let printed = in_terminal(&simulator, 100, ACCEPTED, "workflows");
    assert!(printed.starts_with("\u{1b}[1mWORKFLOW         NAME"), "{printed}");
    assert!(printed.contains("\r\nreset_password   Reset Password   Resets a"), "{printed}");
    let printed = in_terminal(&simulator, 100, ACCEPTED, "describe rotate_keys");
    assert!(printed.contains("luma trigger rotate_keys keyName=TEXT --contact"), "{printed}");
    let printed =
        in_terminal(&simulator, 100, ACCEPTED, "trigger unlock_account userName=a --wait");
    // The live line with the current step, then the end.
    assert!(printed.contains("\u{1b}[36mRUNNING\u{1b}[0m: "), "{printed}");
    assert!(printed.contains("  \u{1b}[32mCOMPLETED\u{1b}[0m  took 1.0 s\r\n"), "{printed}");
    let id = simulator.runs().pop().unwrap().trigger_id;
    let printed = in_terminal(&simulator, 100, ACCEPTED, &format!("steps {id}"));
    assert!(printed.contains("\u{1b}[32mCOMPLETED\u{1b}[0m"), "{printed}");
    // It stays readable in a terminal of any width.
    for columns in [0, 1, 20] {
        for arguments in ["workflows", "check", &format!("status {id}"), &format!("wait {id}")] {
            in_terminal(&simulator, columns, ACCEPTED, arguments);
        }
        in_terminal(&simulator, columns, REJECTED, "trigger nope --wait");
    }
}

#[test]
fn the_steps_of_a_run_can_be_followed() {
    let simulator = Simulator::start().unwrap();
    let id = expect(&mut luma(&simulator), ACCEPTED, &["trigger", "unlock_account", "userName=a"]);
    let id = id.trim();
    let printed = expect(&mut luma(&simulator), ACCEPTED, &["steps", id, "--follow"]);
    assert!(printed.contains("\tCOMPLETED\t"), "{printed}");
    let steps = expect(&mut luma(&simulator), ACCEPTED, &["steps", id]);
    let step_id = steps.split('\t').next().unwrap();
    let detail = expect(&mut luma(&simulator), ACCEPTED, &["step", id, step_id]);
    assert!(detail.contains(&format!("id\t{step_id}")), "{detail}");
    let url = expect(&mut luma(&simulator), ACCEPTED, &["open", id, "--print"]);
    assert!(page(&url).contains("<bdi>Unlock Account</bdi>"), "{url}");
}

/// Returns the response at a URL, as a browser gets it.
fn page(url: &str) -> String {
    let (host, path) = url.trim().strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 200 "), "{url}: {response}");
    response
}

#[test]
#[cfg(target_os = "linux")]
fn open_gives_the_browser_a_url_that_opens() {
    let simulator = Simulator::start().unwrap();
    let id = expect(&mut luma(&simulator), ACCEPTED, &["trigger", "unlock_account", "userName=a"]);
    // Takes the place of the browser.
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("open");
    fs::create_dir_all(&folder).unwrap();
    let browser = folder.join("xdg-open");
    let seen = folder.join("seen");
    let _ = fs::remove_file(&seen);
    let script = "#!/bin/sh\necho \"$1\" >\"$0.new\"\nmv \"$0.new\" \"${0%/*}/seen\"\n";
    fs::write(&browser, script).unwrap();
    fs::set_permissions(&browser, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    expect(luma(&simulator).env("PATH", path), ACCEPTED, &["open", id.trim()]);
    while !seen.exists() {
        thread::sleep(Duration::from_millis(10));
    }
    let url = fs::read_to_string(seen).unwrap();
    assert!(page(&url).contains("<bdi>Unlock Account</bdi>"), "{url}");
}

#[test]
fn a_variable_can_be_json_or_a_secret_file() {
    let simulator = Simulator::start().unwrap();
    let secret = temporary_file("secret.txt", "s3cr3t-value-of-a-variable\n");
    let file = format!("userName=@{}", secret.display());
    let arguments = ["trigger", "reset_password", &file, "notifyBy:=\"email\""];
    let output = run(luma(&simulator).arg("-vv"), &arguments);
    assert_eq!(output.status.code(), Some(ACCEPTED), "{}", text(&output.stderr));
    assert!(!text(&output.stderr).contains("s3cr3t"), "{}", text(&output.stderr));
    let body: Value = serde_json::from_str(&simulator.journal()[0].body).unwrap();
    assert_eq!(body["variables"]["userName"], "s3cr3t-value-of-a-variable");
    assert_eq!(body["variables"]["notifyBy"], "email");
    for (argument, message) in [
        ("s3cr3t", "NAME=VALUE"),
        ("a:=[", "line 1 column"),
        ("a=@/nonexistent", "/nonexistent"),
        ("a=@", "a=@ needs the name of a file"),
    ] {
        let arguments = ["trigger", "reset_password", argument];
        let stderr = stderr_of(&mut luma(&simulator), MISTAKE, &arguments);
        assert!(stderr.contains(message) && !stderr.contains("s3cr3t"), "{stderr}");
    }
    for twice in [&["a=1", "a=2"][..], &["a=1", "a:=2"], &["a=1", "--text", "a=2"]] {
        let arguments = [&["trigger", "reset_password"], twice].concat();
        let stderr = stderr_of(&mut luma(&simulator), MISTAKE, &arguments);
        assert!(stderr.contains("the variable a appears twice"), "{stderr}");
    }
    assert_eq!(simulator.journal().len(), 1);
}

#[test]
fn a_request_can_come_from_stdin() {
    let simulator = Simulator::start().unwrap();
    let mut command = luma(&simulator);
    command.args(["trigger", "--request", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let request = r#"{"workflowIdentifier":"unlock_account","variables":{"userName":"a"}}"#;
    child.stdin.take().unwrap().write_all(request.as_bytes()).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(ACCEPTED));
    assert_eq!(simulator.journal().len(), 1);
}

#[test]
fn url_and_token_come_from_the_same_source() {
    let simulator = Simulator::start().unwrap();
    let (url, token) = (simulator.url(), simulator.token());
    let token_file = temporary_file("token.txt", &format!("{token}\n"));
    make_private(&token_file);
    let file = serde_json::json!({
        "profiles": {
            "good": { "base_url": url, "token_file": token_file },
            "bad": { "base_url": "http://127.0.0.1:1", "token_file": token_file },
        },
    });
    let file = temporary_file("luma.json", &file.to_string());
    make_private(&file);
    let file = file.to_str().unwrap();
    let token_file = token_file.to_str().unwrap();
    let workflows = |command: &mut Command, code, options: &[&str]| {
        stderr_of(command, code, &[options, &["workflows"]].concat())
    };
    // Options.
    workflows(&mut bare(), ACCEPTED, &["--url", url, "--token-file", token_file]);
    let command = match cfg!(windows) {
        true => format!("cmd /c type \"{}\"", token_file.replace('/', "\\")),
        false => format!("cat '{token_file}'"),
    };
    workflows(&mut bare(), ACCEPTED, &["--url", url, "--token-command", &command]);
    let stderr = workflows(&mut bare(), ACCEPTED, &["--url", url, "--token", &token]);
    assert!(stderr.contains("warning"), "{stderr}");
    let mut piped = bare();
    piped.args(["--url", url, "--token", "-", "workflows"]);
    let mut child = piped.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(token.as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(ACCEPTED));
    // The other variables are ignored too, and luma says so.
    let options = ["--url", url, "--token-file", token_file, "journal", "list"];
    let mut with_journal = bare();
    let stderr = stderr_of(with_journal.env("LUMA_JOURNAL", "j"), MISTAKE, &options);
    assert!(stderr.contains("LUMA_JOURNAL is ignored with --url"), "{stderr}");
    // The environment's token is not sent to another URL.
    let mut stray = bare();
    stray.env("LUMA_TOKEN", &token);
    let stderr = workflows(&mut stray, MISTAKE, &["--url", url]);
    assert!(stderr.contains("--url needs a token"), "{stderr}");
    workflows(&mut bare(), MISTAKE, &["--token-file", token_file]);
    if cfg!(not(windows)) {
        let options = ["--url", url, "--token-credential", "luma"];
        let stderr = workflows(&mut bare(), MISTAKE, &options);
        assert!(stderr.contains("needs Windows") && stderr.contains("--token-file"), "{stderr}");
    }
    // A profile that is named wins over the environment.
    let mut other = bare();
    other.env("LUMA_URL", "http://127.0.0.1:1").env("LUMA_TOKEN", "t");
    workflows(&mut other, ACCEPTED, &["--config", file, "--profile", "good"]);
    workflows(&mut luma(&simulator), NOT_SENT, &["--config", file, "--profile", "bad"]);
    workflows(&mut bare(), MISTAKE, &["--config", file, "--profile", "none"]);
    let stderr = workflows(&mut bare(), MISTAKE, &[]);
    assert!(stderr.contains("LUMA_URL") && stderr.contains("luma.json"), "{stderr}");
}

#[test]
fn a_key_is_triggered_once() {
    let simulator = Simulator::start().unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("journal");
    let _ = fs::remove_dir_all(&folder);
    let luma = |code, arguments: &[&str]| {
        let mut command = luma(&simulator);
        command.env("LUMA_JOURNAL", &folder);
        expect(&mut command, code, arguments)
    };
    let trigger = ["trigger", "unlock_account", "userName=a", "--once", "T-1"];
    luma(MISTAKE, &trigger);
    luma(ACCEPTED, &["journal", "create"]);
    let id = luma(ACCEPTED, &trigger);
    assert_eq!(luma(ACCEPTED, &trigger), id);
    luma(MISTAKE, &["trigger", "unlock_account", "userName=b", "--once", "T-1"]);
    let unknown = ["trigger", "fault-close-after-reading", "--once", "T-2"];
    luma(UNKNOWN, &unknown);
    luma(UNKNOWN, &unknown);
    assert_eq!(simulator.journal().len(), 2);
    let printed = luma(1, &["check"]);
    assert!(printed.contains("1 key whose outcome is unknown"), "{printed}");
    let figures: Value = serde_json::from_str(&luma(1, &["check", "--json"])).unwrap();
    assert_eq!((&figures["unknownKeys"], &figures["unacknowledgedKeys"]), (&json!(1), &json!(1)));
    assert_eq!(luma(ACCEPTED, &["journal", "list"]).lines().count(), 2);
    assert!(luma(ACCEPTED, &["journal", "find", "T-1"]).contains(id.trim()));
    let note = ["--who", "tester", "--reason", "nothing in the history"];
    luma(MISTAKE, &[&["journal", "resolve", "T-2"], &note[..]].concat());
    // A guess, which would make the key accepted.
    luma(MISTAKE, &[&["journal", "resolve", "T-2", "--run", "none"], &note[..]].concat());
    luma(ACCEPTED, &[&["journal", "resolve", "T-2", "--no-run"], &note[..]].concat());
    luma(ACCEPTED, &["journal", "acknowledge", "T-1"]);
    assert_eq!(luma(ACCEPTED, &["journal", "list"]), "");
    luma(0, &["check"]);
    luma(ACCEPTED, &[&["journal", "new-attempt", "T-1"], &note[..]].concat());
    assert_ne!(luma(ACCEPTED, &trigger), id);
    assert_eq!(luma(ACCEPTED, &["journal", "prune", "--older-than", "1d"]), "0 removed\n");
}

#[test]
fn a_token_can_be_regenerated() {
    let simulator = Simulator::start().unwrap();
    let file = temporary_file("super.txt", simulator.super_admin_token());
    let tenant = luma_simulator::TENANT_EXTERNAL_ID;
    let arguments = ["token", "regenerate", "--tenant", tenant, "--super-admin-token"];
    let token = expect(
        &mut luma(&simulator),
        ACCEPTED,
        &[&arguments[..], &[file.to_str().unwrap()]].concat(),
    );
    assert_eq!(token.trim(), simulator.token());
}

#[test]
fn the_help_lists_the_exit_codes() {
    let help = expect(&mut bare(), ACCEPTED, &["--help"]);
    let of_trigger = expect(&mut bare(), ACCEPTED, &["trigger", "--help"]);
    for code in ["0", "1", "2", "3", "4", "5", "6", "7"] {
        assert!(of_trigger.contains(&format!("\n  {code}  ")), "{of_trigger}");
        assert!(help.lines().any(|line| line.trim_start().starts_with(&format!("{code}  "))));
    }
    expect(&mut bare(), ACCEPTED, &["--version"]);
    expect(&mut bare(), ACCEPTED, &["completions", "bash"]);
    // clap's own code for usage errors would mean "rejected".
    for arguments in [
        &["bogus"][..],
        &[],
        &["trigger"],
        &["wait"],
        &["trigger", "a", "--timeout", "x"],
        // They would have no effect.
        &["trigger", "a", "--timeout", "5m"],
        &["steps", "a", "--timeout", "5m"],
    ] {
        expect(&mut bare(), MISTAKE, arguments);
    }
    // 1 would be a warning to Nagios.
    expect(&mut bare(), 3, &["check", "--bogus"]);
    for arguments in
        [&["trigger", "--help"][..], &["help", "journal", "list"], &["check", "-h"], &["-V"]]
    {
        expect(&mut bare(), ACCEPTED, arguments);
    }
    // A script whose variable contains `--help` must not read the help as an accepted trigger.
    expect(&mut bare(), MISTAKE, &["trigger", "--help", "userName=a"]);
    expect(&mut bare(), MISTAKE, &["trigger", "unlock_account", "--version"]);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("man");
    expect(&mut bare(), ACCEPTED, &["man", folder.to_str().unwrap()]);
    let page = fs::read_to_string(folder.join("luma.1")).unwrap();
    assert!(page.contains("the gateway refused the request"), "{page}");
    assert!(folder.join("luma-trigger.1").exists());
}

/// The process is stopped in the middle of a wait.
#[cfg(unix)]
#[test]
fn an_interrupted_wait_says_how_to_go_on() {
    let options = Options { time: Time::Virtual, ..Options::default() };
    let simulator = Simulator::start_with(options).unwrap();
    let mut command = luma(&simulator);
    command.args(["trigger", "patch_server", "hostName=a", "--wait"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let id = lines.next().unwrap().unwrap();
    // The first status: the wait has begun.
    lines.next().unwrap().unwrap();
    thread::sleep(Duration::from_millis(50));
    signal(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(BROKE_OFF), "{}", text(&output.stderr));
    let stderr = text(&output.stderr);
    assert!(stderr.starts_with("interrupted\n"), "{stderr}");
    assert!(stderr.contains(&format!("The run continues. To wait again: luma wait {id}")));
}

/// The script in `docs/command.md` says what happened, for each outcome.
#[cfg(unix)]
#[test]
fn the_script_of_the_documentation_works() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/command.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, script) = page.split_once("## In a script").unwrap();
    let (_, script) = script.split_once("```sh\n").unwrap();
    let (script, _) = script.split_once("```").unwrap();
    let simulator = Simulator::start().unwrap();
    let folder = PathBuf::from(env!("CARGO_BIN_EXE_luma"));
    let path = format!("{}:/usr/bin:/bin", folder.parent().unwrap().display());
    for (user, code) in [("jdoe", "running as "), ("", "refused: ")] {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).env("PATH", &path).env("user", user);
        shell.env("contact", "7").env("ticket", "T-1");
        shell.env("LUMA_URL", simulator.url()).env("LUMA_TOKEN", simulator.token());
        let output = shell.output().unwrap();
        assert!(text(&output.stdout).starts_with(code), "{}", text(&output.stdout));
    }
}

/// Serves the same state of every run, and an empty list of steps.
fn gateway_with_status(status: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            respond_with_status(&mut stream.unwrap(), status);
        }
    });
    url
}

fn respond_with_status(stream: &mut TcpStream, status: &str) {
    let mut request = [0; 4096];
    let length = stream.read(&mut request).unwrap();
    let data = match String::from_utf8_lossy(&request[..length]).contains("/stephistory") {
        true => "[]".to_owned(),
        false => format!(r#"{{"status":"{status}","startTime":1000,"endTime":2000}}"#),
    };
    let body = format!(r#"{{"status":"Success","resultData":{data}}}"#);
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
    let response = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(response.as_bytes()).unwrap();
}

#[test]
fn only_a_completed_run_is_a_success() {
    for (status, code) in [
        ("COMPLETED", ACCEPTED),
        ("FAILED", RUN_FAILED),
        ("TERMINATED", RUN_FAILED),
        // The vendor's documentation does not list it.
        ("ARCHIVED", RUN_FAILED),
    ] {
        let url = gateway_with_status(status);
        for arguments in [&["wait", "a"][..], &["steps", "a", "--follow"]] {
            let mut command = bare();
            expect(command.env("LUMA_URL", &url).env("LUMA_TOKEN", "t"), code, arguments);
        }
    }
    let url = gateway_with_status("SUSPENDED");
    let arguments = ["wait", "a", "--until-suspended"];
    let mut command = bare();
    command.env("LUMA_URL", &url).env("LUMA_TOKEN", "t");
    let stderr = stderr_of(&mut command, BROKE_OFF, &arguments);
    assert!(stderr.contains("The run continues. To wait again: luma wait a"), "{stderr}");
}

#[test]
fn one_process_waits_for_many_runs() {
    let simulator = Simulator::start().unwrap();
    let ids: Vec<_> = (0..20)
        .map(|_| {
            let arguments = ["trigger", "inventory_scan", "siteName=a"];
            expect(&mut luma(&simulator), ACCEPTED, &arguments).trim().to_owned()
        })
        .collect();
    let mut arguments = vec!["wait", "--timeout", "60s", &ids[0]];
    arguments.extend(ids.iter().map(String::as_str));
    let printed = expect(&mut luma(&simulator), ACCEPTED, &arguments);
    for id in &ids {
        assert_eq!(printed.matches(&format!("{id}\tCOMPLETED")).count(), 1, "{printed}");
    }
    // An invalid id is a mistake, and nobody waits for the others.
    expect(&mut luma(&simulator), MISTAKE, &["wait", &ids[0], "a/b"]);
}

/// A gateway that can be gone for a while.
struct Outage {
    address: std::net::SocketAddr,
    status: Arc<Mutex<&'static str>>,
    polls: Arc<AtomicUsize>,
    gateway: Option<(Arc<AtomicBool>, JoinHandle<()>)>,
}

impl Outage {
    fn new() -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (status, polls) = (Arc::new(Mutex::new("RUNNING")), Arc::default());
        let mut outage = Outage { address, status, polls, gateway: None };
        outage.comes_back();
        outage
    }

    fn comes_back(&mut self) {
        let listener = TcpListener::bind(self.address).unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let (status, polls, is_gone) = (self.status.clone(), self.polls.clone(), is_over.clone());
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if is_gone.load(Ordering::SeqCst) {
                    return;
                }
                respond_with_status(&mut stream.unwrap(), *status.lock().unwrap());
                polls.fetch_add(1, Ordering::SeqCst);
            }
        });
        self.gateway = Some((is_over, thread));
    }

    fn begins(&mut self) {
        let (is_over, thread) = self.gateway.take().unwrap();
        is_over.store(true, Ordering::SeqCst);
        // It waits for a connection.
        drop(TcpStream::connect(self.address));
        thread.join().unwrap();
    }

    fn luma(&self, arguments: &[&str]) -> Child {
        let mut command = bare();
        command.env("LUMA_URL", format!("http://{}", self.address)).env("LUMA_TOKEN", "t");
        let child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let child = child.unwrap();
        while self.polls.load(Ordering::SeqCst) == 0 {
            thread::sleep(Duration::from_millis(10));
        }
        child
    }
}

#[test]
fn a_wait_survives_an_outage_of_the_gateway() {
    for arguments in [&["wait", "a"][..], &["steps", "a", "--follow"]] {
        let mut outage = Outage::new();
        let mut child = outage.luma(arguments);
        outage.begins();
        // The wait polls in vain, and says so.
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        match arguments[0] {
            "wait" => {
                stderr.read_line(&mut line).unwrap();
                assert!(line.contains("cannot connect"), "{line}");
            }
            _ => thread::sleep(Duration::from_secs(2)),
        }
        *outage.status.lock().unwrap() = "COMPLETED";
        outage.comes_back();
        let output = child.wait_with_output().unwrap();
        stderr.read_to_string(&mut line).unwrap();
        assert_eq!(output.status.code(), Some(ACCEPTED), "{arguments:?}: {line}");
        if arguments[0] == "wait" {
            assert!(text(&output.stdout).contains("a\tCOMPLETED"), "{}", text(&output.stdout));
        }
        outage.begins();
    }
    // The gateway does not come back.
    for (arguments, resume) in [
        (&["wait", "a", "--timeout", "2s"][..], "luma wait a"),
        (&["steps", "a", "--follow", "--timeout", "2s"], "luma steps a --follow"),
    ] {
        let mut outage = Outage::new();
        let child = outage.luma(arguments);
        outage.begins();
        let output = child.wait_with_output().unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(TIMED_OUT), "{arguments:?}: {stderr}");
        assert!(stderr.contains(resume), "{arguments:?}: {stderr}");
    }
    // It was never there.
    let mut command = bare();
    command.env("LUMA_URL", "http://127.0.0.1:1").env("LUMA_TOKEN", "t");
    let stderr = stderr_of(&mut command, BROKE_OFF, &["wait", "a"]);
    assert!(stderr.contains("To wait again: luma wait a"), "{stderr}");
}

#[test]
fn a_timeout_that_is_too_long_is_found_before_anything_is_sent() {
    let simulator = Simulator::start().unwrap();
    let arguments = ["trigger", "unlock_account", "userName=a", "--wait", "--timeout", "48h"];
    let stderr = stderr_of(&mut luma(&simulator), MISTAKE, &arguments);
    assert!(stderr.contains("timeout"), "{stderr}");
    assert!(simulator.journal().is_empty());
}

#[test]
fn the_text_of_somebody_else_is_not_the_name_of_a_file() {
    let simulator = Simulator::start().unwrap();
    let arguments = ["trigger", "unlock_account", "--text", "userName=@/etc/passwd"];
    expect(&mut luma(&simulator), ACCEPTED, &arguments);
    let body: Value = serde_json::from_str(&simulator.journal()[0].body).unwrap();
    assert_eq!(body["variables"]["userName"], "@/etc/passwd");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_does_not_hide_what_happened() {
    let simulator = Simulator::start().unwrap();
    let with_full_disk = |code, arguments: &[&str]| {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = luma(&simulator).args(arguments).stdin(Stdio::null()).stdout(full).output();
        let output = output.unwrap();
        let stderr = text(&output.stderr).to_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        stderr
    };
    // The caller does not know the run, but a person can find it.
    for option in ["--wait", "--json"] {
        let arguments = ["trigger", "unlock_account", "userName=a", option];
        let stderr = with_full_disk(UNKNOWN, &arguments);
        let run = simulator.runs().pop().unwrap();
        assert!(
            stderr.contains(&format!("accepted the request as {}", run.trigger_id)),
            "{stderr}"
        );
    }
    with_full_disk(REJECTED, &["trigger", "nope", "--json"]);
    let id = simulator.runs().pop().unwrap().trigger_id;
    for (code, arguments) in [
        (MISTAKE, &["workflows"][..]),
        (MISTAKE, &["status", &id]),
        (MISTAKE, &["--help"]),
        (MISTAKE, &["completions", "zsh"]),
        (BROKE_OFF, &["steps", &id, "--follow"]),
        (3, &["check"]),
    ] {
        let stderr = with_full_disk(code, arguments);
        assert!(arguments == ["--help"] || stderr.contains("stdout"), "{arguments:?}: {stderr}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_is_gone_ends_only_the_wait() {
    let simulator = Simulator::start().unwrap();
    let mut command = luma(&simulator);
    command.args(["trigger", "reset_password", "userName=a", "--wait"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut id = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut id).unwrap();
    assert_eq!(id.trim().len(), 36);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(BROKE_OFF), "{}", text(&output.stderr));
}

#[cfg(unix)]
fn signal(child: &std::process::Child, name: &str) {
    let kill = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
}

/// Ctrl-C ends a trigger with its outcome.
#[cfg(unix)]
#[test]
fn an_interrupted_trigger_says_what_is_certain() {
    let simulator = Simulator::start().unwrap();
    let mut command = luma(&simulator);
    command.args(["trigger", "fault-hang"]).stdout(Stdio::null()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    while simulator.journal().is_empty() {
        thread::sleep(Duration::from_millis(10));
    }
    signal(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(UNKNOWN), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("interrupted"), "{}", text(&output.stderr));

    // In the handshake nothing has been sent.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = bare();
    command.env("LUMA_URL", format!("https://{}", silent.local_addr().unwrap()));
    command.env("LUMA_TOKEN", "t").args(["trigger", "unlock_account"]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let _connection = silent.accept().unwrap();
    signal(&child, "-TERM");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(NOT_SENT), "{}", text(&output.stderr));

    // A program that reads its input can be ended. A signal is not an exit code. Not SIGINT: a
    // shell that starts the tests in the background lets them ignore it.
    let mut command = luma(&simulator);
    command.args(["trigger", "--request", "-"]).stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    thread::sleep(Duration::from_millis(200));
    signal(&child, "-TERM");
    let started = std::time::Instant::now();
    assert_eq!(child.wait().unwrap().code(), None);
    assert!(started.elapsed() < Duration::from_secs(5));
}

/// Whatever the journal says about a key, the exit code never allows a second run.
#[test]
fn each_state_of_a_key_has_its_exit_code() {
    let simulator = Simulator::start().unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("states");
    let _ = fs::remove_dir_all(&folder);
    let luma = || {
        let mut command = luma(&simulator);
        command.env("LUMA_JOURNAL", &folder);
        command
    };
    let once = |code, workflow: &str, key: &str| {
        let arguments = ["trigger", workflow, "userName=a", "--once", key];
        stderr_of(&mut luma(), code, &arguments)
    };
    expect(&mut luma(), ACCEPTED, &["journal", "create"]);
    once(ACCEPTED, "unlock_account", "accepted");
    once(ACCEPTED, "unlock_account", "accepted");
    let stderr = once(MISTAKE, "reset_password", "accepted");
    assert!(stderr.contains("accepted"), "{stderr}");
    once(UNKNOWN, "fault-close-after-reading", "unknown");
    once(UNKNOWN, "fault-close-after-reading", "unknown");
    once(MISTAKE, "unlock_account", "unknown");
    // These are sent again.
    once(REJECTED, "nope", "rejected");
    once(ACCEPTED, "unlock_account", "rejected");
    let mut elsewhere = luma();
    elsewhere.env("LUMA_URL", "http://127.0.0.1:1");
    // The journal belongs to one gateway.
    let arguments = ["trigger", "unlock_account", "--once", "k"];
    expect(&mut elsewhere, MISTAKE, &arguments);
    once(MISTAKE, "unlock_account", " ");

    // In progress in another process, and then interrupted in the middle.
    let arguments = ["trigger", "fault-hang", "userName=a", "--once", "busy"];
    let sent = simulator.journal().len();
    let mut child = luma().args(arguments).stdout(Stdio::null()).spawn().unwrap();
    while simulator.journal().len() == sent {
        thread::sleep(Duration::from_millis(10));
    }
    once(UNKNOWN, "fault-hang", "busy");
    child.kill().unwrap();
    assert!(child.wait().unwrap().code().is_none_or(|code| code == 1 && cfg!(windows)));
    once(UNKNOWN, "fault-hang", "busy");
    assert_eq!(simulator.journal().len(), sent + 1);

    // Nobody knows what was sent.
    let file = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let file = file.filter(|path| path.is_dir()).flat_map(|path| fs::read_dir(path).unwrap());
    for file in file {
        fs::write(file.unwrap().path(), "damaged\n").unwrap();
    }
    once(UNKNOWN, "unlock_account", "accepted");
    fs::remove_file(folder.join("journal.json")).unwrap();
    once(MISTAKE, "unlock_account", "accepted");
    assert_eq!(simulator.journal().len(), sent + 1);
}
