//! A real proxy on loopback.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Ends with it.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// It listens on a free port, and wants jdoe's password, `s3cr3t`.
pub fn start() -> io::Result<(Running, u16)> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let file = format!("{}/tinyproxy-{port}.conf", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(
        &file,
        format!(
            "Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 10\nAllow 127.0.0.1\n\
             BasicAuth jdoe s3cr3t\n"
        ),
    )?;
    let running = Command::new("tinyproxy")
        .args(["-d", "-c", &file])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let running = Running(running);
    let until = Instant::now() + Duration::from_secs(5);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until, "tinyproxy does not listen");
        thread::sleep(Duration::from_millis(10));
    }
    Ok((running, port))
}
