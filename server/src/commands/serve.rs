//! `plummet serve` and `plummet web`: the web, with or without workers in the same process, until it is told to stop.

use actions::{Instance, Plummet};
use jobs::{Clock, Jobs, Role};
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use super::running::{STOP_PATIENCE, answer, later, listen, stop_on_signal};
use super::{Ended, setup_link};
use crate::config::Config;
use crate::program;
use crate::web::{self, Health};

/// Serves until SIGTERM or SIGINT. `demo_shop` is the port of a demo shop that runs elsewhere on this machine.
pub async fn run(mut config: Config, role: Role, demo_shop: Option<u16>) -> anyhow::Result<Ended> {
    let stop = stop_on_signal()?;
    let demo_shop = demo_shop.map(|port| {
        config.admit_demo_shop(port);
        format!("http://localhost:{port}")
    });
    serve(config, role, demo_shop, stop).await
}

/// Serves until `stop`. `demo_shop` is the base URL of the demo shop, if it runs.
pub async fn serve(config: Config, role: Role, demo_shop: Option<String>, stop: CancellationToken) -> anyhow::Result<Ended> {
    config.check_role(role)?;
    let (listener, bound) = listen(config.web.listen, "PLUMMET_LISTEN").await?;
    let secret_key = program::find_secret_key(&config)?;
    let opened = program::open(&config, role).await?;
    let store = opened.store.clone();
    let jobs = Jobs::start(config.jobs(role, bound, secret_key), store.clone(), Clock::System).await?;
    let sends_mail = config.mail.smtp_url.is_some();
    let instance = Instance { public_url: config.web.url(bound), demo_shop, sends_mail };
    let plummet = Plummet::new(store.clone(), jobs.clone(), Clock::System, instance);
    announce(&config, role, &plummet).await?;

    let health = Health::new(opened, jobs, stop.clone());
    answer(listener, web::router(plummet.clone(), health), later(&stop, config.scale.drain)).await?;
    plummet.jobs.stop(STOP_PATIENCE).await;
    if let Ok(false) = actions::needs_setup(&plummet).await {
        program::remove_secret(&program::setup_link_path(&config))?;
    }
    store.close().await;
    tracing::info!("stopped");
    Ok(Ended::Done)
}

/// Says where the program is and, while there is no account, how to make the first.
async fn announce(config: &Config, role: Role, plummet: &Plummet) -> anyhow::Result<()> {
    let url = &plummet.instance.public_url;
    println!("Plummet is at {url}");
    if !actions::needs_setup(plummet).await? {
        program::remove_secret(&program::setup_link_path(config))?;
    } else if role == Role::Web {
        // A link that each of several webs made would end the others'.
        println!("Create the first account by the link that `plummet setup-link` prints");
    } else {
        let token = actions::new_setup_link(&plummet.operator()).await?;
        let link = setup_link::link(url, token.expose_secret());
        program::write_secret(&program::setup_link_path(config), &link)?;
        println!("Create the first account within 24 hours: {link}");
    }
    Ok(())
}
