//! Waits for the end of the parent process, so that a killed test leaves no simulator behind.

use std::io::{self, Read};
use std::sync::mpsc::{self, Sender};
use std::thread;

/// Blocks until stdin is closed or the parent process ends. A stdin that is not a pipe counts as
/// open: a terminal or `/dev/null` says nothing about the parent.
pub(crate) fn wait_for_end() -> io::Result<()> {
    let (sender, ended) = mpsc::channel();
    if is_pipe() {
        let sender = sender.clone();
        watch(sender, || {
            let mut stdin = io::stdin().lock();
            while !matches!(stdin.read(&mut [0; 1024]), Ok(0) | Err(_)) {}
        })?;
    }
    watch_process(sender)?;
    // An error means that nothing can be watched.
    if ended.recv().is_err() {
        let message = "--exit-with-parent requires a pipe as stdin";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    Ok(())
}

/// Reports when `wait` returns.
fn watch(sender: Sender<()>, wait: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let run = move || {
        wait();
        let _ = sender.send(());
    };
    thread::Builder::new().name("luma-simulator-parent".to_owned()).spawn(run).map(drop)
}

#[cfg(unix)]
fn is_pipe() -> bool {
    use std::fs::File;
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;

    let metadata =
        io::stdin().as_fd().try_clone_to_owned().and_then(|fd| File::from(fd).metadata());
    metadata.is_ok_and(|metadata| {
        let kind = metadata.file_type();
        kind.is_fifo() || kind.is_socket()
    })
}

#[cfg(not(unix))]
fn is_pipe() -> bool {
    use std::io::IsTerminal;

    !io::stdin().is_terminal()
}

/// Polls, because a signal at the end of the parent would come at the end of the thread that
/// started this process (prctl(2), `PR_SET_PDEATHSIG`), which may end much earlier.
#[cfg(unix)]
fn watch_process(sender: Sender<()>) -> io::Result<()> {
    use std::os::unix::process::parent_id;
    use std::time::Duration;

    let parent = parent_id();
    watch(sender, move || {
        while parent_id() == parent {
            thread::sleep(Duration::from_millis(200));
        }
    })
}

/// Windows knows no parents, only who created a process. The pipe is closed when that one ends.
#[cfg(not(unix))]
fn watch_process(_: Sender<()>) -> io::Result<()> {
    Ok(())
}
