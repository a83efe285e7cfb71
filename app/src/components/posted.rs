//! What came of the form that was posted last: its server function sends back to the page, with the error in the query.

use leptos::prelude::*;
use leptos::server::ServerActionError;
use server_fn::error::ServerFnUrlError;

use super::notice::Notice;
use crate::api::error::ApiError;

/// The error of one form, if there is one.
#[derive(Clone, Debug, Default)]
pub struct Posted(Option<ApiError>);

impl Posted {
    /// The error that the server function at `path` answered with.
    pub fn to(path: &str) -> Self {
        let error = use_context::<ServerActionError>().filter(|error| error.path() == path);
        Posted(error.map(|error| ServerFnUrlError::<ApiError>::decode_err(error.err())))
    }

    /// Whether something went wrong.
    pub fn is_error(&self) -> bool {
        self.0.is_some()
    }

    /// The sentence about a field.
    pub fn about(&self, field: &str) -> Option<String> {
        self.0.as_ref()?.about(field)
    }

    /// What was typed into a field, or what stood in it before.
    pub fn typed(&self, field: &str, before: String) -> String {
        self.0.as_ref().and_then(|error| error.typed(field)).unwrap_or(before)
    }

    /// A notice about an error that is about none of the form's fields.
    pub fn notice(&self, fields: &[&str]) -> AnyView {
        let other = self.0.as_ref().filter(|error| fields.iter().all(|field| error.about(field).is_none()));
        other.map(|error| view! { <Notice tone="danger" text=error.sentence() /> }).into_any()
    }
}
