//! Whatever is killed, cut, restarted, flushed or filled up: nothing acknowledged is lost, nothing is told twice, nothing is stuck.
//!
//! Two real workers and a real web on a private PostgreSQL and Redis, under load. The first worker reaches both over wires that can be
//! cut. After each fault all products must be checked again and the books must balance; how long that took is printed.
//! `CHAOS_ROUNDS=20` does everything so often, in another order each time.

#![cfg(test)]

mod databases;
mod fleet;
mod full_disk;
mod processes;
mod rolling;
#[path = "../under_load/mod.rs"]
mod under_load;

use fleet::Fleet;

/// Does something to a fleet; when it returns, what was broken is whole again.
type Fault = (&'static str, fn(&mut Fleet) -> futures::future::BoxFuture<'_, ()>);

/// How often everything is done.
fn rounds() -> u64 {
    std::env::var("CHAOS_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1)
}

/// Does each of these to a fleet, and looks at the books after each.
async fn survives(faults: &[Fault]) {
    let mut fleet = Fleet::start().await;
    let mut random = under_load::load::Random(rounds());
    for round in 1..=rounds() {
        let mut left: Vec<&Fault> = faults.iter().collect();
        while !left.is_empty() {
            // In the order in which they are written, the first time.
            let next = if round == 1 { 0 } else { (random.share() * left.len() as f64) as usize };
            let (name, fault) = left.remove(next);
            fleet.is_at_work().await;
            fault(&mut fleet).await;
            fleet.recovers_from(name).await;
        }
    }
    fleet.ends_in_peace().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deaths_of_processes_and_losses_of_redis_are_survived() {
    survives(processes::FAULTS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outages_of_postgres_and_of_the_network_are_survived() {
    survives(databases::FAULTS).await;
}
