//! `plummet token`: API tokens.

use domain::user::Scope;
use secrecy::ExposeSecret;

use super::Ended;
use crate::config::Config;
use crate::program;

/// Makes a token and prints it, alone on its line, for scripts.
pub async fn create(config: &Config, email: &str, name: &str, scope: Scope) -> anyhow::Result<Ended> {
    let operator = program::open_beside(config).await?;
    let created = actions::create_token(&operator, email, name, scope).await;
    operator.store.close().await;
    println!("{}", created?.expose_secret());
    eprintln!("this is shown once; send it as `Authorization: Bearer …`");
    Ok(Ended::Done)
}
