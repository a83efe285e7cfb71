//! Pages about signing in.

mod sign_in;

pub use sign_in::SignInPage;
