//! The real program, and what it acknowledges in its log.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use domain::{Money, ProductId, Timestamp};
use serde_json::Value;

/// A check that the program called recorded.
#[derive(Clone, Debug)]
pub struct AcknowledgedCheck {
    pub product: ProductId,
    pub at: Timestamp,
    pub is_good: bool,
    /// The price of the run that it began, if it began one.
    pub new_price: Option<Money>,
}

/// Everything that was acknowledged.
#[derive(Clone, Debug, Default)]
pub struct Acknowledged {
    pub checks: Vec<AcknowledgedCheck>,
}

impl Acknowledged {
    pub fn extend(&mut self, more: Acknowledged) {
        self.checks.extend(more.checks);
    }

    /// Reads one line of the log. Half a line, cut off by the kill, acknowledges nothing.
    fn read(&mut self, line: &str) {
        let Ok(line) = serde_json::from_str::<Value>(line) else { return };
        if line["target"] != "plummet::recorded" {
            return;
        }
        let field = |name: &str| line["fields"][name].as_str();
        let outcome = field("check.outcome").expect("a check has an outcome");
        self.checks.push(AcknowledgedCheck {
            product: field("product.id").expect("a check has a product").parse().unwrap(),
            at: field("check.at").expect("a check has a time").parse().unwrap(),
            is_good: matches!(outcome, "offer" | "out_of_stock"),
            new_price: field("check.price").map(read_price),
        });
    }
}

/// `149.99 EUR`.
fn read_price(text: &str) -> Money {
    let (amount, currency) = text.split_once(' ').expect("a price has a currency");
    Money::from_decimal(amount, currency.parse().unwrap()).unwrap()
}

/// How the program is started.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    variables: Vec<(&'static str, String)>,
    /// Words before the program's own name.
    prefix: Vec<&'static str>,
}

impl Settings {
    /// The same with one more variable, or another value of it.
    pub fn with(&self, name: &'static str, value: impl Into<String>) -> Self {
        let mut more = self.clone();
        more.variables.retain(|(other, _)| *other != name);
        more.variables.push((name, value.into()));
        more
    }

    /// The same, started by another program.
    pub fn behind(&self, prefix: &[&'static str]) -> Self {
        Settings { prefix: prefix.to_vec(), ..self.clone() }
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let words: Vec<&str> = self.prefix.iter().copied().chain([env!("CARGO_BIN_EXE_plummet")]).collect();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).args(arguments).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("PLUMMET_LOG", "warn,plummet::recorded=debug").env("PLUMMET_LOG_FORMAT", "json");
        command.envs(self.variables.iter().map(|(name, value)| (*name, value.as_str())));
        command
    }

    /// Runs a command to its end, with `input` on its standard input; gives what it printed.
    pub fn run(&self, arguments: &[&str], input: &str) -> String {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "plummet {arguments:?}: {}", output.status);
        String::from_utf8(output.stdout).unwrap()
    }
}

/// A running program. Killed at the end of its test, whatever happens.
pub struct Program {
    child: Child,
    acknowledged: Arc<Mutex<Acknowledged>>,
    log: Option<JoinHandle<()>>,
    printed: BufReader<std::process::ChildStdout>,
}

impl Program {
    /// Starts `plummet serve`, `web` or `worker`.
    pub fn start(settings: &Settings, command: &str) -> Self {
        let mut child = settings.command(&[command]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let printed = BufReader::new(child.stdout.take().unwrap());
        let acknowledged = Arc::new(Mutex::new(Acknowledged::default()));
        let (heard, is_shown) = (acknowledged.clone(), std::env::var_os("SHOW_LOG").is_some());
        let log = std::thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                if is_shown && !line.contains("plummet::recorded") {
                    println!("{line}");
                }
                heard.lock().unwrap().read(&line);
            }
        });
        Program { child, acknowledged, log: Some(log), printed }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Reads on to what it says after these words, to the end of the line.
    pub fn says(&mut self, words: &str) -> String {
        for line in self.printed.by_ref().lines().map_while(Result::ok) {
            if let Some(rest) = line.strip_prefix(words) {
                return rest.trim_end().to_owned();
            }
        }
        panic!("plummet ended before it said `{words}`");
    }

    /// Where it is, once it says so.
    pub fn url(&mut self) -> String {
        self.says("Plummet is at ")
    }

    /// What it has acknowledged until now.
    pub fn heard(&self) -> Acknowledged {
        self.acknowledged.lock().unwrap().clone()
    }

    /// SIGKILL: what it had said until then counts.
    pub fn kill(mut self) -> Acknowledged {
        assert!(self.child.try_wait().unwrap().is_none(), "plummet had ended by itself");
        self.child.kill().unwrap();
        self.ended().1
    }

    /// SIGTERM, and how it ended.
    pub fn terminate(self) -> (Option<i32>, Acknowledged) {
        let killed = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        self.ended()
    }

    fn ended(mut self) -> (Option<i32>, Acknowledged) {
        let status = self.child.wait().unwrap();
        self.log.take().expect("read once").join().unwrap();
        (status.code(), self.heard())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
