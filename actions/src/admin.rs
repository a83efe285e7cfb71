//! What an admin sees of the whole instance.

use domain::user::Scope;
use domain::{ProductState, UserId};
use store::{Account, Page, Totals, UserChange, Window};

use crate::error::{ActionError, Result};
use crate::{Plummet, Viewer};

/// Counts of the instance.
pub async fn totals(plummet: &Plummet, viewer: &Viewer) -> Result<Totals> {
    viewer.require(Scope::Admin)?;
    Ok(plummet.store.totals(plummet.clock.now()).await?)
}

/// Products whose last checks failed, the latest failure first.
pub async fn failing_products(plummet: &Plummet, viewer: &Viewer, window: Window) -> Result<Page<ProductState>> {
    viewer.require(Scope::Admin)?;
    Ok(plummet.store.failing_products(window).await?)
}

/// All accounts, by address.
pub async fn list_accounts(plummet: &Plummet, viewer: &Viewer, window: Window) -> Result<Page<Account>> {
    viewer.require(Scope::Admin)?;
    Ok(plummet.store.list_accounts(window).await?)
}

/// Makes an account an admin's, or a user's again. Nobody takes the role from themselves: there would be no way back.
pub async fn change_role(plummet: &Plummet, viewer: &Viewer, account: UserId, role: domain::user::Role) -> Result<()> {
    viewer.require(Scope::Admin)?;
    if account == viewer.user.id {
        return Err(ActionError::invalid("role", "you cannot change your own role; ask another admin"));
    }
    let change = UserChange { role: Some(role), ..UserChange::default() };
    let changed = plummet.store.update_user(account, &change).await?;
    tracing::info!(user.id = %account, admin.id = %viewer.user.id, role = role.as_str(), "an admin changed a role");
    if changed { Ok(()) } else { Err(ActionError::NotFound("account")) }
}
