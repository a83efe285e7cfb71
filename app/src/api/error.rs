//! What a server function may answer instead of its result: one variant per thing that the person can do about it.

use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

/// Why nothing was done, or nothing can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiError {
    /// A field must be corrected.
    Invalid {
        /// The field's name in its form.
        field: String,
        /// What is wrong and what to do, as a sentence.
        message: String,
        /// What was typed, by field, to be filled in again. Never a secret.
        typed: Vec<(String, String)>,
    },
    /// Sign in; the answer also leads there.
    SignInFirst,
    /// There is no such thing, or it is not theirs.
    NotFound {
        /// What was looked for.
        what: String,
    },
    /// Ask somebody who may.
    NotAllowed {
        /// What is needed, as a sentence.
        message: String,
    },
    /// Try again later.
    Later {
        /// When and why, as a sentence.
        message: String,
    },
    /// Get a new set-up link.
    DeadLink,
    /// Get a connection.
    Offline,
    /// Our fault: try again, or tell the operator.
    Broken,
}

impl ApiError {
    /// The same error with what was typed, for the form to fill in again.
    #[must_use]
    pub fn with_typed(mut self, fields: &[(&str, &str)]) -> Self {
        if let ApiError::Invalid { typed, .. } = &mut self {
            let short = |text: &str| text.chars().take(600).collect();
            *typed = fields.iter().map(|(name, value)| ((*name).to_owned(), short(value))).collect();
        }
        self
    }

    /// The sentence about a field, if this error is about it.
    pub fn about(&self, name: &str) -> Option<String> {
        match self {
            ApiError::Invalid { field, message, .. } if field == name => Some(message.clone()),
            _ => None,
        }
    }

    /// What was typed into a field.
    pub fn typed(&self, name: &str) -> Option<String> {
        match self {
            ApiError::Invalid { typed, .. } => typed.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()),
            _ => None,
        }
    }

    /// What happened and what to do, as a sentence.
    pub fn sentence(&self) -> String {
        match self {
            ApiError::Invalid { message, .. } | ApiError::NotAllowed { message } | ApiError::Later { message } => message.clone(),
            ApiError::SignInFirst => "Sign in to go on.".into(),
            ApiError::NotFound { what } => format!("There is no such {what}, or it is not yours."),
            ApiError::DeadLink => "This link was used or has expired. Run `plummet setup-link` for a new one.".into(),
            ApiError::Offline => "Plummet cannot be reached. Check your connection and try again.".into(),
            ApiError::Broken => "Something broke on our side. Your data is safe; the fault is logged.".into(),
        }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => ApiError::Offline,
            _ => ApiError::Broken,
        }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence())
    }
}

impl std::error::Error for ApiError {}

/// Texts of actions are fragments; a page shows sentences.
#[cfg(feature = "ssr")]
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let start: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?', ']']) { "" } else { "." };
    format!("{start}{}{end}", letters.as_str())
}

#[cfg(feature = "ssr")]
impl From<actions::ActionError> for ApiError {
    fn from(error: actions::ActionError) -> Self {
        use actions::ActionError;
        let message = sentence(&error.to_string());
        let invalid = |field: &str| ApiError::Invalid { field: field.into(), message: message.clone(), typed: Vec::new() };
        match &error {
            ActionError::Invalid { field, .. } => invalid(field),
            ActionError::WrongPassword => invalid("password"),
            ActionError::Taken(what) => invalid(what),
            ActionError::NotFound(what) => ApiError::NotFound { what: (*what).into() },
            ActionError::SignInFirst => ApiError::SignInFirst,
            ActionError::Forbidden(_) => ApiError::NotAllowed { message },
            ActionError::NotBefore(at) => ApiError::Later {
                message: format!("The shop's limit allows the next check at {}.", crate::context::show().time(*at).text),
            },
            ActionError::TooOften { .. } | ActionError::Unavailable => ApiError::Later { message },
            ActionError::DeadLink => ApiError::DeadLink,
            ActionError::Other(_) => ApiError::Broken,
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_becomes_a_sentence() {
        assert_eq!(sentence("sign in first"), "Sign in first.");
        assert_eq!(sentence("`abc` is not a price; enter one such as 99.99"), "`abc` is not a price; enter one such as 99.99.");
    }

    #[test]
    fn what_was_typed_comes_back_with_the_error() {
        let error = ApiError::from(actions::ActionError::invalid("target_price", "enter a price such as 99.99"));
        let error = error.with_typed(&[("target_price", "abc")]);
        assert_eq!(error.about("target_price").as_deref(), Some("Enter a price such as 99.99."));
        assert_eq!(error.typed("target_price").as_deref(), Some("abc"));
        assert_eq!(error.about("email"), None);
    }
}
