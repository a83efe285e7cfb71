//! `plummet setup-link`: a new one-time link to create the first account.

use actions::ActionError;
use secrecy::ExposeSecret;

use super::Ended;
use crate::config::Config;
use crate::program;

/// Makes a new link and prints it.
pub async fn run(config: &Config) -> anyhow::Result<Ended> {
    let operator = program::open_beside(config).await?;
    let made = actions::new_setup_link(&operator).await;
    operator.store.close().await;
    let token = match made {
        Err(ActionError::Taken(_)) => {
            anyhow::bail!("there is an account already; sign in, or set its password by `plummet user set-password`")
        }
        other => other?,
    };
    let link = link(&config.web.url(config.web.listen), token.expose_secret());
    program::write_secret(&program::setup_link_path(config), &link)?;
    println!("{link}");
    Ok(Ended::Done)
}

/// The page that makes the first account.
pub fn link(public_url: &str, token: &str) -> String {
    format!("{public_url}/setup?token={token}")
}
