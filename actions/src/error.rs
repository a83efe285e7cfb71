//! What an action may answer instead of its result: one variant per thing that the person can do about it.

use domain::Timestamp;
use domain::platform::Platform;
use domain::product::ProductUrlError;

/// The result of an action.
pub type Result<T, E = ActionError> = std::result::Result<T, E>;

/// Why an action did nothing. The texts are shown to people; detail of `Other` is logged, never shown.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// A field holds something that cannot be: its name, and a sentence with the remedy.
    #[error("{message}")]
    Invalid {
        /// The field's name, as in the HTTP API: `product_url`, `target_price`, `percentage_drop`, `email`, `password`, …
        field: &'static str,
        /// What is wrong and what to do.
        message: String,
    },
    /// There is no such thing, or it is not theirs.
    #[error("there is no such {0}, or it is not yours")]
    NotFound(&'static str),
    /// Not signed in.
    #[error("sign in first")]
    SignInFirst,
    /// E-mail or password is wrong.
    #[error("e-mail or password is not right")]
    WrongPassword,
    /// The session or token may not do this.
    #[error("this needs the `{0}` scope; make a token that has it")]
    Forbidden(&'static str),
    /// Too often.
    #[error("too many tries; again in {seconds} s")]
    TooOften {
        /// Seconds to wait.
        seconds: u64,
    },
    /// The shop's limit allows no request before then.
    #[error("the shop's limit allows the next check at {0}")]
    NotBefore(Timestamp),
    /// A link that was used, has expired or never was.
    #[error("this link was used or has expired; run `plummet setup-link` for a new one")]
    DeadLink,
    /// Already there.
    #[error("{0} is already taken")]
    Taken(&'static str),
    /// Busy: worth trying again.
    #[error("the database is busy; try again in a moment")]
    Unavailable,
    /// Our fault.
    #[error("something broke on our side; it is logged")]
    Other(#[source] anyhow::Error),
}

impl ActionError {
    /// A field error.
    pub fn invalid(field: &'static str, message: impl ToString) -> Self {
        ActionError::Invalid { field, message: message.to_string() }
    }

    /// A platform id that is none of the platform's, or a platform that is not in the table.
    pub fn unknown_platform_id(platform: &str) -> Self {
        let known: Vec<&str> = Platform::all().filter(|known| *known != Platform::GENERIC).map(Platform::as_str).collect();
        let message = format!(
            "there is no product of that id at `{platform}`; give its link, or an id of one of: {} (or a marketplace such as amazon.de)",
            known.join(", ")
        );
        ActionError::Invalid { field: "platform", message }
    }
}

impl From<ProductUrlError> for ActionError {
    fn from(error: ProductUrlError) -> Self {
        ActionError::invalid("product_url", error)
    }
}

impl From<store::StoreError> for ActionError {
    fn from(error: store::StoreError) -> Self {
        match error {
            store::StoreError::Taken(what) => ActionError::Taken(what),
            store::StoreError::Unavailable(_) => ActionError::Unavailable,
            store::StoreError::Unusable(_) | store::StoreError::Other(_) => ActionError::Other(error.into()),
        }
    }
}

impl From<anyhow::Error> for ActionError {
    fn from(error: anyhow::Error) -> Self {
        ActionError::Other(error)
    }
}
