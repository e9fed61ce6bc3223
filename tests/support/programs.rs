//! Third-party servers and proxies, started on loopback.

use std::fs;
use std::io::ErrorKind as Io;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{LIMIT, skipped};

/// A running program, killed when dropped.
pub struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a program that listens on a port. `command` gets that port and an empty directory.
///
/// Fails with the reason if the program is not installed; `tests` are recorded as skipped then.
pub fn start(
    name: &str,
    tests: &str,
    command: impl Fn(u16, &Path) -> Command,
) -> Result<(Program, u16, PathBuf), String> {
    let mut output = String::new();
    for _ in 0..5 {
        let port = free_port();
        let folder = PathBuf::from(format!("{}/{name}-{port}", env!("CARGO_TARGET_TMPDIR")));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let log = fs::File::create(folder.join("output")).unwrap();
        let mut command = command(port, &folder);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut program = match command.spawn() {
            Ok(child) => Program(child),
            Err(error) if error.kind() == Io::NotFound => {
                skipped::record(name, tests);
                return Err(format!("{name} is not installed"));
            }
            Err(error) => panic!("{name}: {error}"),
        };
        // Another process may have taken the port meanwhile.
        if wait_for_port(port, || program.0.try_wait().unwrap().is_some()) {
            return Ok((program, port, folder));
        }
        output = fs::read_to_string(folder.join("output")).unwrap();
    }
    panic!("{name} does not start: {output}");
}

/// The command of a program that Debian installs outside of most users' PATH.
pub fn command(name: &str) -> Command {
    let path = Path::new("/usr/sbin").join(name);
    Command::new(if path.exists() { path } else { name.into() })
}

/// tinyproxy, which requires the user jdoe and the password s3cr3t.
pub fn tinyproxy(tests: &str) -> Result<(Program, u16), String> {
    let (program, port, _) = start("tinyproxy", tests, |port, folder| {
        let file = folder.join("tinyproxy.conf");
        let settings = format!(
            "Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 10\nAllow 127.0.0.1\n\
             BasicAuth jdoe s3cr3t\n"
        );
        fs::write(&file, settings).unwrap();
        let mut command = command("tinyproxy");
        command.arg("-d").arg("-c").arg(file);
        command
    })?;
    Ok((program, port))
}

/// A port that is most likely free, below the range from which the system assigns ports.
fn free_port() -> u16 {
    static TRIED: AtomicU32 = AtomicU32::new(0);
    loop {
        let tried = TRIED.fetch_add(1, Ordering::SeqCst);
        let port = 20_000 + (std::process::id().wrapping_mul(7).wrapping_add(tried) % 10_000);
        if TcpListener::bind(("127.0.0.1", port as u16)).is_ok() {
            return port as u16;
        }
    }
}

/// Waits until a program listens on a port. False if the program has ended.
fn wait_for_port(port: u16, mut has_ended: impl FnMut() -> bool) -> bool {
    let until = Instant::now() + LIMIT;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if has_ended() {
            return false;
        }
        assert!(Instant::now() < until, "no program listens on port {port}");
        thread::sleep(Duration::from_millis(5));
    }
    !has_ended()
}

/// Builds the simulator, and returns its path.
pub fn simulator_program() -> PathBuf {
    let built = cargo_build().args(["--package", "luma-simulator"]).status();
    assert!(built.unwrap().success());
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    target.join("debug/luma-simulator")
}

/// The command `cargo build`.
pub fn cargo_build() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--locked"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    // What Cargo tells a test. Build scripts read some of it, so this build, and the next one
    // outside of a test, would compile ring and rustls again.
    for (name, _) in std::env::vars_os() {
        let starts = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_"];
        if starts.iter().any(|start| name.to_string_lossy().starts_with(start)) {
            cargo.env_remove(name);
        }
    }
    cargo
}
