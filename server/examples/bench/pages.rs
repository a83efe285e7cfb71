//! How long each page takes on a database as after years.

use crate::http::Connection;
use crate::process::Program;
use crate::seed::{SESSION, Seeded, TRACKINGS};
use crate::times::{Times, print_heads};

const WARM_UP: usize = 20;
pub const LOADS: usize = 300;

/// What a browser sends: answers are compressed as they would be for it.
const ENCODINGS: &str = "Accept: text/html\r\nAccept-Encoding: gzip, br\r\n";

/// Loads every page some hundred times over one connection, one after the other.
pub async fn measure(program: &Program, seeded: &Seeded) -> anyhow::Result<()> {
    let usual = format!("/products/{}", seeded.usual);
    let long = format!("/products/{}", seeded.long);
    let mut stranger = Connection::open(program.port, "localhost", ENCODINGS).await?;
    let mut person = as_person(program).await?;
    print_heads(&format!("pages, {TRACKINGS} trackings"));
    for (name, path) in [
        ("watchlist /", "/"),
        ("product with 20 runs", &usual),
        ("product with 43,800 runs, 90 days", &long),
        ("product with 43,800 runs, ?range=all", &format!("{long}?range=all")),
        ("add /add", "/add"),
        ("search /search?q=measured", "/search?q=measured"),
        ("notifications /notifications", "/notifications"),
        ("settings /settings", "/settings"),
    ] {
        load(&mut person, path).await?.print(name);
    }
    load(&mut stranger, "/sign-in").await?.print("sign-in /sign-in");
    println!("memory after that: {:.1} MB", program.resident_mb()?);
    Ok(())
}

/// A connection of somebody who is signed in.
pub async fn as_person(program: &Program) -> anyhow::Result<Connection> {
    Connection::open(program.port, "localhost", &format!("{ENCODINGS}Cookie: plummet_session={SESSION}\r\n")).await
}

/// How the loads of a page went.
pub struct Loaded {
    times: Times,
    bytes: usize,
}

impl Loaded {
    pub fn print(&self, what: &str) {
        self.times.print(what, &format!("{:.1} kB sent", self.bytes as f64 / 1e3));
    }
}

pub async fn load(connection: &mut Connection, path: &str) -> anyhow::Result<Loaded> {
    let mut loaded = Loaded { times: Times::default(), bytes: 0 };
    for load in 0..WARM_UP + LOADS {
        let answer = connection.get_ok(path).await?;
        loaded.bytes = answer.bytes;
        if load >= WARM_UP {
            loaded.times.push(answer.took);
        }
    }
    Ok(loaded)
}
