//! What came of a plain form: forms that change who is here are posted without scripts, so that every page is loaded anew.

use leptos::prelude::*;
use leptos::server::ServerActionError;
use server_fn::error::ServerFnUrlError;

use crate::api::error::ApiError;

/// The error that the server function at `path` answered the last post with; it comes back in the page's query.
pub fn posted_error(path: &str) -> Option<ApiError> {
    let error = use_context::<ServerActionError>().filter(|error| error.path() == path)?;
    Some(ServerFnUrlError::<ApiError>::decode_err(error.err()))
}
