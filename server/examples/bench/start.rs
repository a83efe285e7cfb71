//! How long a start takes on an empty data folder, and what the program holds when nothing happens.

use std::time::Duration;

use tempfile::TempDir;

use crate::http::Connection;
use crate::process::Program;
use crate::times::{Times, print_heads};

const STARTS: usize = 5;
const IDLE: Duration = Duration::from_secs(3);

pub async fn measure() -> anyhow::Result<()> {
    let (mut answers, mut pages, mut idle) = (Times::default(), Times::default(), 0.0);
    for start in 1..=STARTS {
        let folder = TempDir::new()?;
        let program = Program::start(folder.path(), &[]).await?;
        let mut connection = Connection::open(program.port, "localhost", "").await?;
        let page = connection.get_ok("/setup").await?;
        answers.push(program.first_answer);
        pages.push(program.first_answer + page.took);
        if start == STARTS {
            tokio::time::sleep(IDLE).await;
            idle = program.resident_mb()?;
        }
    }
    print_heads("start, empty data folder");
    answers.print("to the first answer (/healthz)", "");
    pages.print("to the first page (/setup)", "");
    println!("memory after {} s idle: {idle:.1} MB", IDLE.as_secs());
    Ok(())
}
