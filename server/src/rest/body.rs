//! A call's JSON body: an object with known fields, each read by name, so that a mistake names the field.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use domain::Channel;
use serde_json::{Map, Value};

use super::problem::Problem;
use crate::web::MAX_BODY_BYTES;

/// A JSON object.
pub struct Fields(Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let detail = "the body must be JSON; send it with `Content-Type: application/json`";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", detail));
        }
        let body = to_bytes(request.into_body(), MAX_BODY_BYTES).await.map_err(|_| {
            let detail = format!("the body is larger than {} kB; a link and a few words are enough", MAX_BODY_BYTES >> 10);
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
        })?;
        Fields::parse(&body)
    }
}

/// Whether the body says that it is JSON, or says nothing.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else { return true };
    let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

impl Fields {
    fn parse(body: &[u8]) -> Result<Self, Problem> {
        let malformed = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "malformed", detail);
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Fields(fields)),
            Ok(_) => Err(malformed("the body must be a JSON object, such as {\"product_url\": \"https://…\"}".to_owned())),
            Err(error) => Err(malformed(format!("the body is not JSON: {error}"))),
        }
    }

    /// Refuses fields that the call does not know: a misspelt rule must not be taken for no rule.
    pub fn only(self, known: &[&str]) -> Result<Self, Problem> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            Some(unknown) => {
                let shown: String = unknown.chars().take(60).collect();
                Err(Problem::of_field(&shown, format!("there is no field `{shown}` here; there are {}", known.join(", "))))
            }
            None => Ok(self),
        }
    }

    /// A text; `null` is none.
    pub fn text(&self, name: &str) -> Result<Option<String>, Problem> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(wrong(name, "a text", other)),
        }
    }

    /// A number as decimal text. Outer `None`: the field is not there; `Some(None)`: it is `null`.
    pub fn number(&self, name: &str) -> Result<Option<Option<String>>, Problem> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(Value::Number(number)) => Ok(Some(Some(number.to_string()))),
            Some(other) => Err(wrong(name, "a number such as 99.99", other)),
        }
    }

    /// `true` or `false`; `null` is none.
    pub fn yes_or_no(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(yes)) => Ok(Some(*yes)),
            Some(other) => Err(wrong(name, "true or false", other)),
        }
    }

    /// A list of channels' words; `null` is none.
    pub fn channels(&self, name: &str) -> Result<Option<Vec<Channel>>, Problem> {
        let items = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Array(items)) => items,
            Some(other) => return Err(wrong(name, "a list of channels such as [\"email\"]", other)),
        };
        let channel = |item: &Value| {
            let word = item.as_str().ok_or_else(|| wrong(name, "a list of texts", item))?;
            Channel::parse(word).ok_or_else(|| {
                let shown: String = word.chars().take(60).collect();
                let known: Vec<&str> = Channel::ALL.iter().map(|channel| channel.as_str()).collect();
                Problem::of_field(name, format!("there is no channel `{shown}`; there are {}", known.join(", ")))
            })
        };
        items.iter().map(channel).collect::<Result<Vec<_>, _>>().map(Some)
    }
}

fn wrong(name: &str, wanted: &str, value: &Value) -> Problem {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    Problem::of_field(name, format!("`{name}` must be {wanted}, not {kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> Fields {
        Fields::parse(json.as_bytes()).unwrap_or_else(|problem| panic!("{json}: {problem:?}"))
    }

    #[test]
    fn absent_and_null_differ_for_rules() {
        let fields = fields(r#"{"target_price": null, "percentage_drop": 7.5}"#);
        assert_eq!(fields.number("target_price").unwrap(), Some(None));
        assert_eq!(fields.number("percentage_drop").unwrap(), Some(Some("7.5".into())));
        assert_eq!(fields.number("other").unwrap(), None);
    }

    #[test]
    fn prices_keep_their_digits() {
        for text in ["99.99", "0.79", "1299000", "123456789.01", "-5"] {
            assert_eq!(fields(&format!("{{\"p\":{text}}}")).number("p").unwrap(), Some(Some(text.to_owned())));
        }
    }

    #[test]
    fn a_wrong_type_names_its_field() {
        let fields = fields(r#"{"product_url": 5, "target_price": "99", "notification_channels": ["pigeon"]}"#);
        for (problem, says) in [
            (fields.text("product_url").unwrap_err(), "`product_url` must be a text, not a number"),
            (fields.number("target_price").unwrap_err(), "`target_price` must be a number such as 99.99, not a text"),
            (fields.channels("notification_channels").unwrap_err(), "no channel `pigeon`"),
        ] {
            let json = serde_json::to_string(&problem).unwrap();
            assert!(json.contains(says), "{json}");
        }
    }

    #[test]
    fn a_body_that_says_to_be_a_form_is_refused() {
        let headers = |kind: &str| HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]);
        assert!(is_json(&headers("application/json; charset=utf-8")) && is_json(&HeaderMap::new()));
        assert!(!is_json(&headers("application/x-www-form-urlencoded")));
    }
}
