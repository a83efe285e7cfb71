//! `plummet user`: accounts, from the operator's terminal.

use std::io::BufRead;

use actions::{NewAccount, add_user};
use anyhow::{Context, ensure};
use domain::user::Role;
use secrecy::SecretString;

use super::Ended;
use crate::config::Config;
use crate::program;

/// Makes an account with the password on standard input.
pub async fn add(config: &Config, email: String, is_admin: bool) -> anyhow::Result<Ended> {
    let password = read_password()?;
    let operator = program::open_beside(config).await?;
    let role = if is_admin { Role::Admin } else { Role::User };
    let account = NewAccount { email, password, locale: domain::Locale::default(), time_zone: "UTC".to_owned() };
    let added = add_user(&operator, account, role).await;
    operator.store.close().await;
    let user = added?;
    println!("made the account {} ({}), id {}", user.email, user.role.as_str(), user.id);
    Ok(Ended::Done)
}

/// Sets a password from standard input.
pub async fn set_password(config: &Config, email: &str) -> anyhow::Result<Ended> {
    let password = read_password()?;
    let operator = program::open_beside(config).await?;
    let set = actions::set_password(&operator, email, password).await;
    operator.store.close().await;
    set?;
    println!("set the password of {email}; its sessions have ended");
    Ok(Ended::Done)
}

/// Makes an account an admin's.
pub async fn promote(config: &Config, email: &str) -> anyhow::Result<Ended> {
    let operator = program::open_beside(config).await?;
    let promoted = actions::promote(&operator, email).await;
    operator.store.close().await;
    promoted?;
    println!("{email} is an admin");
    Ok(Ended::Done)
}

/// The first line of standard input, without its end.
fn read_password() -> anyhow::Result<SecretString> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("no password could be read from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']);
    ensure!(!password.is_empty(), "standard input holds no password; write it on the first line");
    Ok(password.to_owned().into())
}
