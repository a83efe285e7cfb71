//! `plummet demo`: the same as `serve`, with a demo shop whose prices move. `plummet demo-shop`: the shop alone.

use jobs::Role;
use tokio_util::sync::CancellationToken;

use super::Ended;
use super::running::{listen, stop_on_signal};
use super::serve::serve;
use crate::config::Config;
use crate::demo_shop::{self, DemoShop};

/// The demo's prices move by this seed, the same at every start.
const SEED: u64 = 20_251_113;

/// Runs the shop and the program until SIGTERM or SIGINT.
pub async fn run(mut config: Config) -> anyhow::Result<Ended> {
    let stop = stop_on_signal()?;
    let (listener, port) = open_shop(&config).await?;
    config.admit_demo_shop(port);
    // The shop outlives the program: checks in flight finish.
    let shop_stop = CancellationToken::new();
    let shop = tokio::spawn(demo_shop::serve(listener, DemoShop::new(SEED), shop_stop.clone()));
    let ended = serve(config, Role::All, Some(format!("http://localhost:{port}")), stop).await;
    shop_stop.cancel();
    shop.await??;
    ended
}

/// Runs the shop alone until SIGTERM or SIGINT.
pub async fn shop(config: Config) -> anyhow::Result<Ended> {
    let stop = stop_on_signal()?;
    let (listener, _) = open_shop(&config).await?;
    demo_shop::serve(listener, DemoShop::new(SEED), stop).await?;
    Ok(Ended::Done)
}

async fn open_shop(config: &Config) -> anyhow::Result<(tokio::net::TcpListener, u16)> {
    let (listener, bound) = listen(config.web.demo_listen, "PLUMMET_DEMO_LISTEN").await?;
    let port = bound.port();
    println!("The demo shop is at http://localhost:{port}; its prices move by themselves, or at http://localhost:{port}/control");
    println!("A product to track: {}", DemoShop::new(SEED).sample_urls(port).first().map(String::as_str).unwrap_or_default());
    Ok((listener, port))
}
