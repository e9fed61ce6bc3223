//! The openssl command: certificates as administrators make them, and a third-party server.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A directory with certificates and keys for one test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("openssl-{name}"));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        // The usual configuration adds extensions.
        std::fs::write(path.join("plain.cnf"), "[req]\ndistinguished_name=dn\n[dn]\n").unwrap();
        Folder(path)
    }

    /// Runs a command of OpenSSL, given in one string; words are separated by single spaces.
    pub fn run(&self, command: &str) {
        let output =
            Command::new("openssl").args(command.split(' ')).current_dir(&self.0).output().unwrap();
        assert!(output.status.success(), "{command}: {output:?}");
    }

    /// Makes `NAME.pem` and `NAME.key`: self-signed, or with `-CA ca.pem -CAkey ca.key` in `more`.
    pub fn make(&self, name: &str, key: &str, extensions: &[&str], more: &str) {
        let extensions: Vec<_> = extensions.iter().map(|text| format!(" -addext {text}")).collect();
        let extensions = extensions.concat();
        let more = if more.is_empty() { String::new() } else { format!(" {more}") };
        self.run(&format!(
            "req -config plain.cnf -x509 -newkey {key} -nodes -keyout {name}.key -out {name}.pem \
             -days 30 -subj /CN={name}{extensions}{more}"
        ));
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }
}

/// `openssl s_server`, killed when dropped.
pub struct OpenSsl {
    process: Child,
    pub url: String,
}

impl OpenSsl {
    /// Starts a server for one connection. The arguments may name files in the directory.
    pub fn serve(directory: &Path, arguments: &[&str]) -> Self {
        let mut process = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-naccept", "1"])
            .args(arguments)
            .current_dir(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        while !line.starts_with("ACCEPT") {
            line.clear();
            // Byte by byte, so that the rest stays in the pipe.
            let output = process.stdout.as_mut().unwrap();
            while !line.ends_with('\n') {
                let mut byte = [0];
                output.read_exact(&mut byte).expect("the line with ACCEPT");
                line.push(byte[0].into());
            }
        }
        let port = line.trim_end().rsplit(':').next().unwrap();
        OpenSsl { process, url: format!("https://127.0.0.1:{port}") }
    }

    /// Reads the server's output up to this text.
    pub fn wait_for(&mut self, text: &str) {
        let mut output = Vec::new();
        while !output.ends_with(text.as_bytes()) {
            let mut byte = [0];
            self.process.stdout.as_mut().unwrap().read_exact(&mut byte).expect(text);
            output.push(byte[0]);
        }
    }

    /// Types into the server's terminal.
    pub fn type_in(&mut self, text: &str) {
        self.process.stdin.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// Stops the server and returns its output, which includes the bytes it received.
    pub fn finish(mut self) -> String {
        let _ = self.process.kill();
        let mut output = Vec::new();
        self.process.stdout.take().unwrap().read_to_end(&mut output).unwrap();
        String::from_utf8_lossy(&output).into_owned()
    }
}

impl Drop for OpenSsl {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
