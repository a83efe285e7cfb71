//! The command line: what can be asked, and how the answer ends.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::user::Scope;
use jobs::Role;
use tracing_subscriber::EnvFilter;

use crate::commands::{self, Ended};
use crate::config::{Config, ConfigError, LogConfig, LogFormat};

/// Watches the prices of products in online shops and tells you when they fall.
///
/// Without a command: `serve`. Everything has a default that works; `plummet config` shows all settings.
///
/// Exit status: 0 done; 1 failed; 2 a wrong command line or setting; 3 `check` or `extract` read nothing sure.
#[derive(Debug, Parser)]
#[command(name = "plummet", version, about)]
struct Cli {
    /// Work on the demo's data: `plummet demo` keeps its own, unless PLUMMET_DATA is set
    #[arg(long, global = true)]
    demo: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the web site and the workers in one process (the default)
    Serve,
    /// Runs the web site alone, one of any number; needs PostgreSQL, Redis, and `plummet worker`
    Web {
        /// Offer the demo shop that `plummet demo-shop` runs at this port of this machine
        #[arg(long, value_name = "PORT")]
        demo_shop: Option<u16>,
    },
    /// Checks prices and sends messages, one of any number; needs PostgreSQL and Redis
    Worker {
        /// Check the demo shop that `plummet demo-shop` runs at this port of this machine, often
        #[arg(long, value_name = "PORT")]
        demo_shop: Option<u16>,
    },
    /// Runs the same with a demo shop whose prices move, on data of its own
    Demo,
    /// Runs the demo shop alone, for several processes
    DemoShop,
    /// Reads a product page once and prints the offer with its evidence as JSON; stores nothing
    Check {
        /// The page's URL
        url: String,
    },
    /// Reads saved pages and prints what they offer as JSON; opens no connection
    Extract(Extract),
    /// Makes the database or brings it up to date, and ends
    Migrate,
    /// Adds and changes accounts
    #[command(subcommand)]
    User(User),
    /// Makes API tokens
    #[command(subcommand)]
    Token(Token),
    /// Prints the effective configuration with the source of each value, passwords hidden
    Config {
        /// Print `.env.example` instead: every setting with its default
        #[arg(long)]
        example: bool,
    },
    /// Compares the scheduler with fixed intervals at the same number of checks, in a model world; opens nothing
    Simulate {
        /// Tracked products
        #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(100..=5_000_000))]
        products: u64,
        /// Days that are measured
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=3_650))]
        days: u32,
        /// The seed of the world
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Other budgets and other worlds too, with a tenth of the products
        #[arg(long)]
        worlds: bool,
    },
    /// Makes a new one-time link to create the first account; the old one dies
    SetupLink,
}

#[derive(Debug, Args)]
#[group(id = "what", required = true, multiple = true)]
struct Extract {
    /// Where the page was found
    #[arg(long, requires = "file")]
    url: Option<String>,
    /// The saved page
    #[arg(requires = "url", conflicts_with = "batch")]
    file: Option<PathBuf>,
    /// Many pages: a file of {"id","url","path"} lines, paths relative to it; prints one line each
    #[arg(long, value_name = "PAGES.jsonl", conflicts_with = "url")]
    batch: Option<PathBuf>,
    /// Many price strings: a file of {"id","price_string","currency_hint","decimal_separator_hint"} lines; prints one line each
    #[arg(long, value_name = "STRINGS.jsonl", conflicts_with_all = ["url", "batch"])]
    strings: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum User {
    /// Makes an account
    Add {
        /// Its e-mail address
        #[arg(long)]
        email: String,
        /// Make it an admin's
        #[arg(long)]
        admin: bool,
        /// Read the password, at least 12 characters, from the first line of standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Sets a password and ends every session of the account
    SetPassword {
        /// The account's e-mail address
        #[arg(long)]
        email: String,
        /// Read the password, at least 12 characters, from the first line of standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Makes an account an admin's
    Promote {
        /// The account's e-mail address
        #[arg(long)]
        email: String,
    },
}

#[derive(Debug, Subcommand)]
enum Token {
    /// Makes an API token and prints it, once
    Create {
        /// The account's e-mail address
        #[arg(long)]
        email: String,
        /// What it may do
        #[arg(long)]
        scope: ScopeWord,
        /// What to call it
        #[arg(long, default_value = "command line")]
        name: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ScopeWord {
    /// Read trackings, products and histories
    Read,
    /// Add, change and remove trackings too
    Track,
    /// Everything, of everybody; for an admin's account only
    Admin,
}

impl From<ScopeWord> for Scope {
    fn from(word: ScopeWord) -> Self {
        match word {
            ScopeWord::Read => Scope::Read,
            ScopeWord::Track => Scope::Track,
            ScopeWord::Admin => Scope::Admin,
        }
    }
}

/// Runs the command line and says how it ended.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let command = cli.command.unwrap_or(Command::Serve);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    match runtime.block_on(run(command, cli.demo)) {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::NothingSure) => ExitCode::from(3),
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("plummet: {error:#}");
    ExitCode::from(if error.is::<ConfigError>() { 2 } else { 1 })
}

async fn run(command: Command, on_demo_data: bool) -> anyhow::Result<Ended> {
    let config = match command {
        Command::Demo => Config::load_demo()?,
        Command::Extract(extract) => {
            return commands::extract::run(extract.url.zip(extract.file), extract.batch, extract.strings);
        }
        Command::Config { example: true } => {
            print!("{}", crate::config::env_example());
            return Ok(Ended::Done);
        }
        Command::Simulate { products, days, seed, worlds } => {
            return commands::simulate::run(usize::try_from(products)?, days, seed, worlds);
        }
        _ if on_demo_data => Config::load_demo()?,
        _ => Config::load()?,
    };
    start_log(&config.log);
    match command {
        Command::Serve => commands::serve::run(config, Role::All, None).await,
        Command::Web { demo_shop } => commands::serve::run(config, Role::Web, demo_shop).await,
        Command::Worker { demo_shop } => commands::worker::run(config, demo_shop).await,
        Command::Demo => commands::demo::run(config).await,
        Command::DemoShop => commands::demo::shop(config).await,
        Command::Check { url } => commands::check::run(config, &url).await,
        Command::Migrate => commands::migrate::run(&config).await,
        Command::User(User::Add { email, admin, .. }) => commands::user::add(&config, email, admin).await,
        Command::User(User::SetPassword { email, .. }) => commands::user::set_password(&config, &email).await,
        Command::User(User::Promote { email }) => commands::user::promote(&config, &email).await,
        Command::Token(Token::Create { email, scope, name }) => {
            commands::token::create(&config, &email, &name, scope.into()).await
        }
        Command::Config { .. } => Ok(commands::config::run(&config)),
        Command::SetupLink => commands::setup_link::run(&config).await,
        Command::Extract(_) | Command::Simulate { .. } => unreachable!("handled before the configuration was read"),
    }
}

/// Logs go to standard error; standard output is for what was asked for.
fn start_log(config: &LogConfig) {
    // What the queue and the database say about themselves is of no use to an operator, unless they ask for it.
    let filter = if config.filter == "info" { "info,apalis_core=warn,sqlx=warn" } else { &config.filter };
    let filter = EnvFilter::new(filter);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn the_commands_are_those_documented() {
        for line in [
            "plummet",
            "plummet serve",
            "plummet web",
            "plummet web --demo-shop 8481",
            "plummet worker",
            "plummet worker --demo-shop 8481",
            "plummet demo",
            "plummet demo-shop",
            "plummet check https://shop.example/1",
            "plummet extract --url https://shop.example/1 page.html",
            "plummet extract --batch PAGES.jsonl",
            "plummet migrate",
            "plummet user add --email a@b.c --admin --password-stdin",
            "plummet user set-password --email a@b.c --password-stdin",
            "plummet user promote --email a@b.c",
            "plummet token create --email a@b.c --scope track",
            "plummet token create --email a@b.c --scope admin --name x",
            "plummet config",
            "plummet simulate",
            "plummet simulate --products 1000 --days 10 --seed 7 --worlds",
            "plummet setup-link",
            "plummet setup-link --demo",
        ] {
            Cli::try_parse_from(line.split(' ')).unwrap_or_else(|error| panic!("{line}: {error}"));
        }
        for line in ["plummet extract", "plummet extract page.html", "plummet extract --url u", "plummet user add --email a@b.c"]
        {
            assert!(Cli::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }
}
