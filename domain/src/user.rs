//! Accounts.

use serde::{Deserialize, Serialize};

use crate::ids::UserId;
use crate::locale::Locale;
use crate::time::Timestamp;

/// What an account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Own trackings only.
    User,
    /// Everything.
    Admin,
}

impl Role {
    /// The word in tables and in the HTTP API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Role::User => "user",
            Role::Admin => "admin",
        }
    }

    /// The role of a word written by [`Role::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        [Role::User, Role::Admin].into_iter().find(|role| role.as_str() == word)
    }
}

/// What an API token may do; each includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Read trackings, products and histories.
    Read,
    /// Add, change and remove trackings.
    Track,
    /// Everything, of everybody; only for an admin's token.
    Admin,
}

impl Scope {
    /// The word on the command line and in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Track => "track",
            Scope::Admin => "admin",
        }
    }

    /// The scope of a word written by [`Scope::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        [Scope::Read, Scope::Track, Scope::Admin].into_iter().find(|scope| scope.as_str() == word)
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Lower-cased e-mail address; unique.
    pub email: String,
    /// What it may do.
    pub role: Role,
    /// Language and region of texts, numbers and dates.
    pub locale: Locale,
    /// IANA name of the time zone of dates, such as `Europe/Berlin`.
    pub time_zone: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An e-mail address that can be one: one `@`, something on both sides, no white space or control characters, at most 254 bytes
/// (RFC 5321 §4.5.3.1). Lower-cased. Whether it exists only a message can tell.
pub fn parse_email(text: &str) -> Option<String> {
    let email = text.trim().to_lowercase();
    let (local, host) = email.rsplit_once('@')?;
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')' | '@');
    let fits = email.len() <= 254 && !local.is_empty() && local.len() <= 64 && !host.is_empty();
    let host_ok =
        host.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.')) && !host.starts_with('.') && !host.ends_with('.');
    (fits && host_ok && local.chars().all(plain)).then_some(email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_trimmed_and_lower_cased() {
        assert_eq!(parse_email(" Anna@Example.org "), Some("anna@example.org".into()));
        for wrong in ["", "anna", "@x.org", "anna@", "a b@x.org", "a@b@c", "anna@.org", "a\n@x.org", "<a@x.org>"] {
            assert_eq!(parse_email(wrong), None, "{wrong}");
        }
    }
}
