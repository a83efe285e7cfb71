//! A Redis of one's own.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::held::Held;
use crate::{folder, free_port, programs};

/// Longest time until a server answers.
const PATIENCE: Duration = Duration::from_secs(30);

/// What becomes of a Redis' data while it is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// All is there again: it was written to the append-only file before it was answered.
    Keep,
    /// All is gone.
    Lose,
}

/// A Redis server, empty. It ends when it is dropped, and its data with it.
pub struct Redis {
    held: Option<Held>,
    port: u16,
    arguments: Vec<String>,
    folder: TempDir,
}

impl Redis {
    /// Starts one that writes everything to its append-only file.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts one with more arguments: `&["--cluster-enabled", "yes"]`.
    pub async fn start_with(arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|&word| word.to_owned()).collect();
        let mut redis = Redis { held: None, port: free_port(), arguments, folder: folder::temporary(None) };
        redis.start_again(Memory::Keep).await;
        redis
    }

    /// The port at 127.0.0.1, the same after every start.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// SIGKILL.
    pub async fn kill(&mut self) {
        if let Some(held) = self.held.take() {
            held.end_by("KILL").await;
        }
    }

    /// Starts it on the same port, with its data or without, and waits until it answers.
    pub async fn start_again(&mut self, memory: Memory) {
        assert!(self.held.is_none(), "the server runs already");
        let (data, log) = (self.folder.path().join("data"), self.folder.path().join("log"));
        if memory == Memory::Lose {
            let _ = std::fs::remove_dir_all(&data);
        }
        std::fs::create_dir_all(&data).expect("a folder of ours can be made");
        let mut command = command(&data, self.port);
        command.extend(self.arguments.iter().cloned());
        let held = Held::start(&command, "KILL", &log);
        wait_until_it_answers(self.port, || held.is_running(), &log).await;
        self.held = Some(held);
    }

    /// Sends a command, and gives the first line of the answer: `redis.command("FLUSHALL")`.
    pub fn command(&self, words: &str) -> String {
        command_to(self.port, words).unwrap_or_else(|error| panic!("{words}: {error}"))
    }
}

/// The command line of a server.
pub(crate) fn command(data: &Path, port: u16) -> Vec<String> {
    let program = programs::redis();
    let mut words = programs::prefix(&program, None);
    words.extend([program.display().to_string(), "--port".into(), port.to_string(), "--dir".into(), data.display().to_string()]);
    words.extend(["--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--daemonize", "no"].map(str::to_owned));
    words
}

pub(crate) async fn wait_until_it_answers(port: u16, is_running: impl Fn() -> bool, log: &Path) {
    let until = Instant::now() + PATIENCE;
    while command_to(port, "PING").ok().as_deref() != Some("+PONG") {
        assert!(is_running(), "Redis does not start:\n{}", folder::last_words(log));
        assert!(Instant::now() < until, "Redis does not answer:\n{}", folder::last_words(log));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Sends commands as lines, each answered with a line that is `+…`, `-…` or `:…`; gives the last answer.
pub(crate) fn command_to(port: u16, lines: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut answers = BufReader::new(stream.try_clone()?);
    let mut answer = String::new();
    for line in lines.lines() {
        stream.write_all(format!("{line}\r\n").as_bytes())?;
        answer.clear();
        answers.read_line(&mut answer)?;
        if answer.starts_with('-') {
            return Err(std::io::Error::other(format!("{line}: {}", answer.trim_end())));
        }
    }
    Ok(answer.trim_end().to_owned())
}
