//! Every process is replaced, one after the other, under load: nobody notices.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::fleet::Fleet;
use crate::under_load::load::{self, PEOPLE, send};
use crate::under_load::program::{Program, Settings};

const PATIENCE: Duration = Duration::from_secs(30);
/// Longest time that a person waits for an answer, all tries together.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

/// A client as anybody would write it: two addresses, and the other one when one does not answer.
struct Client {
    addresses: [String; 2],
    token: String,
    answered: AtomicU32,
    longest: std::sync::Mutex<Duration>,
}

impl Client {
    fn ask(&self, method: &str, path: &str, body: &str) {
        let began = Instant::now();
        for tries in 0.. {
            let address = &self.addresses[tries % 2];
            match send(address, method, path, &self.token, body) {
                Ok(answer) if answer.starts_with("HTTP/1.1 20") => break,
                failed => assert!(began.elapsed() < ANSWERED_WITHIN, "{method} {path}: {failed:?}"),
            }
        }
        self.answered.fetch_add(1, Ordering::Relaxed);
        let mut longest = self.longest.lock().unwrap();
        *longest = longest.max(began.elapsed());
    }
}

fn start_web(settings: &Settings, address: &str) -> Program {
    let mut web = Program::start(&settings.with("PLUMMET_LISTEN", address), "web");
    web.url();
    web
}

fn is_ready(address: &str) -> bool {
    send(address, "GET", "/readyz", "", "").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn webs_and_workers_are_replaced_one_by_one_and_no_request_fails() {
    let mut fleet = Fleet::start().await;
    let addresses = [testbed::free_port(), testbed::free_port()].map(|port| format!("127.0.0.1:{port}"));
    let settings = fleet.settings();
    let mut webs: Vec<Program> = addresses.iter().map(|address| start_web(&settings, address)).collect();
    let token = fleet.load.token(PEOPLE[0]);
    let client =
        Arc::new(Client { addresses: addresses.clone(), token, answered: AtomicU32::new(0), longest: Default::default() });

    let stop = Arc::new(AtomicBool::new(false));
    let page = fleet.load.another_page(0);
    let list = format!("/api/v1/users/{}/trackings?limit=5", fleet.load.people[0]);
    let asking = std::thread::spawn({
        let (client, stop) = (client.clone(), stop.clone());
        move || {
            // Tracking what is tracked already changes nothing, so that a try that was lost may be repeated.
            let body = format!(r#"{{"product_url":"{page}","target_price":0.01,"notification_channels":["email"]}}"#);
            while !stop.load(Ordering::Relaxed) {
                client.ask("GET", &list, "");
                client.ask("POST", "/api/v1/products/track", &body);
            }
        }
    });

    for (index, address) in addresses.iter().enumerate() {
        let before = client.answered.load(Ordering::Relaxed);
        assert_eq!(webs.remove(0).terminate().0, Some(0), "a web was stopped in peace");
        webs.push(start_web(&settings, address));
        let until = Instant::now() + PATIENCE;
        while !is_ready(address) || client.answered.load(Ordering::Relaxed) < before + 10 {
            assert!(Instant::now() < until && !asking.is_finished(), "the new web does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        fleet.is_at_work().await;
        fleet.stop_worker(index);
        fleet.start_worker(index);
    }
    stop.store(true, Ordering::Relaxed);
    asking.join().unwrap();
    let longest = client.longest.lock().unwrap().as_secs_f64();
    println!("{} requests, none failed, the longest took {longest:.2} s", client.answered.load(Ordering::Relaxed));
    fleet.load.strays.push(load::product_of(&fleet.load.another_page(0)));
    fleet.recovers_from("a rolling restart").await;
    for web in webs {
        assert_eq!(web.terminate().0, Some(0));
    }
    fleet.ends_in_peace().await;
}
