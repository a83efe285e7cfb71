//! Pages that cannot be tracked: what a failed first look says, and what to do about it.

use domain::{FailureKind, Reading};

use crate::error::ActionError;

/// Why a page that nobody tracks yet is refused, if it is. Failures of the shop (it blocks, limits, does not answer) refuse
/// nothing: the product may be fine, and its first price comes when the shop lets us in.
pub(crate) fn refusal(shop: &str, reading: &Reading) -> Option<ActionError> {
    let Reading::Failed { kind, detail, .. } = reading else { return None };
    let message = match kind {
        FailureKind::Blocked | FailureKind::RateLimited | FailureKind::Unreachable | FailureKind::Timeout => return None,
        FailureKind::Refused => "this address is inside a private network; Plummet opens public shop pages only".to_owned(),
        FailureKind::Gone => format!("`{shop}` says that there is no such page; check the link and paste it again"),
        FailureKind::NoPrice => {
            format!("no price was found on this page of `{shop}`; open one product and paste that link")
        }
        FailureKind::Ambiguous => {
            format!(
                "this page of `{shop}` shows several prices and we will not guess; choose the variant there and paste its link"
            )
        }
        FailureKind::WrongRegion => {
            format!(
                "`{shop}` showed us prices in another currency than its own; try again later, or paste the link of your country's shop"
            )
        }
        FailureKind::Moved => {
            "this link leads to another product; open the product and paste the link that it has there".to_owned()
        }
        FailureKind::Empty => {
            format!(
                "this page of `{shop}` shows nothing without JavaScript, which Plummet does not run; track the product in another shop"
            )
        }
        FailureKind::Unreadable => {
            let why = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
            format!("this page of `{shop}` cannot be read{why}; paste the link of a product page")
        }
        FailureKind::NotAllowed => {
            format!(
                "`{shop}` forbids automatic checks of this page in its robots.txt, and we obey; track the product in another shop"
            )
        }
    };
    Some(ActionError::Invalid { field: "product_url", message })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::offer::ProductFacts;

    #[test]
    fn failures_of_the_shop_refuse_nothing_and_all_others_say_what_to_do() {
        for kind in FailureKind::ALL {
            let reading = Reading::Failed { kind, detail: String::new(), facts: ProductFacts::default(), evidence: Vec::new() };
            match refusal("shop.example", &reading) {
                None => assert!(kind.is_of_the_shop(), "{kind:?}"),
                Some(error) => assert!(!kind.is_of_the_shop() && error.to_string().contains("; "), "{kind:?}: {error}"),
            }
        }
    }
}
