//! The real program, and what it acknowledges in its log.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
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
#[derive(Debug, Default)]
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
#[derive(Clone, Debug)]
pub struct Settings {
    pub data: PathBuf,
    pub shop_port: u16,
}

impl Settings {
    pub fn command(&self, arguments: &[&str]) -> Command {
        let host = format!("shop.localhost:{}", self.shop_port);
        let mut command = Command::new(env!("CARGO_BIN_EXE_plummet"));
        command.args(arguments).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("PLUMMET_DATA", &self.data).env("PLUMMET_LISTEN", "127.0.0.1:0");
        command.env("PLUMMET_ALLOW_HOSTS", &host).env("PLUMMET_UNLIMITED_HOSTS", &host);
        command.env("PLUMMET_CHECK_EVERY", format!("{host}=6")).env("PLUMMET_WORKERS", "8");
        command.env("PLUMMET_LOG", "warn,plummet::recorded=debug").env("PLUMMET_LOG_FORMAT", "json");
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

/// `plummet serve`. Killed at the end of its test, whatever happens.
pub struct Program {
    child: Child,
    log: Option<JoinHandle<Acknowledged>>,
    printed: BufReader<std::process::ChildStdout>,
}

impl Program {
    pub fn start(settings: &Settings) -> Self {
        let mut child = settings.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let printed = BufReader::new(child.stdout.take().unwrap());
        let log = std::thread::spawn(move || {
            let mut acknowledged = Acknowledged::default();
            for line in log.lines().map_while(Result::ok) {
                acknowledged.read(&line);
            }
            acknowledged
        });
        Program { child, log: Some(log), printed }
    }

    /// Where it is, once it says so.
    pub fn url(&mut self) -> String {
        for line in self.printed.by_ref().lines().map_while(Result::ok) {
            if let Some(url) = line.strip_prefix("Plummet is at ") {
                return url.trim_end().to_owned();
            }
        }
        panic!("plummet ended before it said where it is");
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
        (status.code(), self.log.take().expect("read once").join().unwrap())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
