//! Running the program.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

/// The program on a data folder, with nothing of our own environment but the path.
pub fn plummet(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plummet"));
    command.args(arguments).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("PLUMMET_DATA", data).env("PLUMMET_LISTEN", "127.0.0.1:0").env("PLUMMET_DEMO_LISTEN", "127.0.0.1:0");
    command
}

/// Runs it to its end, with `input` on its standard input.
pub fn run(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = plummet(data, arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Asserts how it ended and what it said about it on standard error.
#[track_caller]
pub fn assert_ended(output: &Output, status: i32, says: &str) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{error}");
    assert!(error.contains(says), "{says}: {error}");
}

/// What it printed.
pub fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A running program. Killed at the end of its test.
pub struct Running {
    pub child: Child,
    lines: BufReader<ChildStdout>,
}

impl Running {
    pub fn start(data: &Path, command: &str) -> Self {
        Running::start_by(plummet(data, &[command]))
    }

    pub fn start_by(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Running { child, lines }
    }

    /// Reads on to a line with these words and gives it from there.
    #[track_caller]
    pub fn line(&mut self, words: &str) -> String {
        let mut seen = String::new();
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "`{words}` was not printed: {seen}");
            if let Some(at) = line.find(words) {
                return line[at..].trim_end().to_owned();
            }
            seen.push_str(&line);
        }
    }

    /// Asks it to end and says how it did.
    pub fn terminate(mut self) -> Option<i32> {
        let killed = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
