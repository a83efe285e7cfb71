//! `plummet demo`: the same as `serve`, with a demo shop whose prices move.

use super::Ended;
use super::serve::{listen, serve, stop_on_signal};
use crate::config::Config;
use crate::demo_shop::{self, DemoShop};

/// The demo's prices move by this seed, the same at every start.
const SEED: u64 = 20_251_113;

/// Runs the shop and the program until SIGTERM or SIGINT.
pub async fn run(mut config: Config) -> anyhow::Result<Ended> {
    let stop = stop_on_signal()?;
    let (listener, bound) = listen(config.web.demo_listen, "PLUMMET_DEMO_LISTEN").await?;
    let port = bound.port();
    config.admit_demo_shop(port);
    let shop = DemoShop::new(SEED);
    println!("The demo shop is at http://localhost:{port}; its prices move by themselves, or at http://localhost:{port}/control");
    println!("A product to track: {}", shop.sample_urls(port).first().map(String::as_str).unwrap_or_default());
    // The shop outlives the program: checks in flight finish.
    let shop_stop = tokio_util::sync::CancellationToken::new();
    let shop = tokio::spawn(demo_shop::serve(listener, shop, shop_stop.clone()));
    let ended = serve(config, Some(format!("http://localhost:{port}")), stop).await;
    shop_stop.cancel();
    shop.await??;
    ended
}
