//! A server that never outlives the test that started it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longest time for a server to end after it was told to.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server. A shell is between it and us, whose standard input is a pipe from us: when we end, however we do, the pipe
/// closes and the shell ends the server.
pub(crate) struct Held {
    shell: Child,
    pid: u32,
}

impl Held {
    /// Starts `command`; on drop it gets `signal`.
    pub(crate) fn start(command: &[String], signal: &str, log: &Path) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", include_str!("held.sh"), "sh"]).arg(log).arg(signal).args(command).current_dir("/");
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut shell = shell.spawn().expect("a shell can be started");
        let mut line = String::new();
        BufReader::new(shell.stdout.take().expect("it is piped")).read_line(&mut line).expect("the shell says who the server is");
        let pid = line.trim().parse().unwrap_or_else(|_| panic!("{command:?} could not be started"));
        Held { shell, pid }
    }

    /// The server's process.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// Whether it still runs: one that has ended and was not waited for is a zombie.
    pub(crate) fn is_running(&self) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap_or_default();
        stat.rsplit(')').next().is_some_and(|rest| !rest.is_empty() && !rest.trim_start().starts_with('Z'))
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.pid.to_string()]).stderr(Stdio::null()).status();
        assert!(sent.is_ok_and(|status| status.success()) || !self.is_running(), "the server could not be sent {name}");
    }

    /// Sends a signal and waits for the end.
    pub(crate) async fn end_by(mut self, signal: &str) {
        self.signal(signal);
        let until = Instant::now() + PATIENCE;
        while self.is_running() {
            assert!(Instant::now() < until, "the server did not end by {signal} within {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.let_go();
    }

    fn let_go(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.shell.stdin.is_some() {
            self.let_go();
        }
    }
}
