//! A place in the text where the price stands for all to see. One is enough: the full path would find it too.

use domain::Money;

use super::scan::{DigitText, Scan, Side};
use crate::document::{is_signed, names_price};
use crate::markup::{Name, Tag, attribute, decode_text};
use crate::price_text::Hints;
use crate::sight::amounts;
use crate::text::collapse;
use crate::visible::{is_unseen, says_struck};

/// Tags before the price among which something that strikes it is looked for.
const STRUCK_WITHIN: usize = 150;

/// Whether the price stands plainly in a scanned text: alone in its element, with a sign or in an element that calls itself a price,
/// and nothing that may be open around it strikes it.
pub(super) fn is_seen(text: &str, scan: &Scan, price: Money) -> bool {
    place(text, scan, price).is_some()
}

/// Where that text begins.
pub(super) fn place(text: &str, scan: &Scan, price: Money) -> Option<u32> {
    let hints = Hints { currency: Some(price.currency), ..Hints::default() };
    let whole = price.to_decimal();
    let whole = whole.split('.').next().unwrap_or_default();
    let digits = &whole[whole.len().saturating_sub(3)..];
    let holds = |found: &&DigitText| {
        let part = &text[found.start as usize..found.end as usize];
        part.contains(digits) && stands_plainly(text, scan, found, price, &hints)
    };
    scan.texts().iter().find(holds).map(|found| found.start)
}

fn stands_plainly(text: &str, scan: &Scan, found: &DigitText, price: Money, hints: &Hints) -> bool {
    let Some((parent, Side::Start)) = scan.tags().get((found.tags as usize).wrapping_sub(1)).copied() else { return false };
    if parent.end != found.start || parent.name.is_void() || is_unseen(parent.name) || !ends_at(text, parent, found.end) {
        return false;
    }
    let shown = collapse(&decode_text(&text[found.start as usize..found.end as usize]), 41);
    (is_signed(&shown) || names_price(parent.attributes(text)))
        && shown.chars().count() <= 40
        && amounts(&shown, hints).iter().any(|amount| amount.money() == Some(price))
        && !may_be_struck(text, &scan.tags()[..found.tags as usize])
}

/// Whether the element's own end tag follows at once.
fn ends_at(text: &str, parent: Tag, at: u32) -> bool {
    let name = parent.name_in(text).as_bytes();
    let rest = &text.as_bytes()[at as usize..];
    rest.starts_with(b"</")
        && rest.get(2..2 + name.len()).is_some_and(|known| known.eq_ignore_ascii_case(name))
        && rest.get(2 + name.len()).is_some_and(|after| *after == b'>' || after.is_ascii_whitespace())
}

/// Whether one of the tags before may be a struck element that is still open.
fn may_be_struck(text: &str, tags: &[(Tag, Side)]) -> bool {
    let tags = &tags[tags.len().saturating_sub(STRUCK_WITHIN)..];
    tags.iter().enumerate().any(|(at, (tag, side))| *side == Side::Start && strikes(text, *tag) && !is_closed(text, &tags[at..]))
}

/// Whether as many end tags of the first tag's name follow as start tags.
fn is_closed(text: &str, tags: &[(Tag, Side)]) -> bool {
    let Some(((first, _), rest)) = tags.split_first() else { return true };
    let mut open = 1;
    for (tag, side) in rest {
        let is_same =
            tag.name == first.name && (tag.name != Name::Other || tag.name_in(text).eq_ignore_ascii_case(first.name_in(text)));
        if is_same {
            open += match side {
                Side::Start => 1,
                Side::End => -1,
            };
            if open == 0 {
                return true;
            }
        }
    }
    false
}

fn strikes(text: &str, tag: Tag) -> bool {
    let attribute_text = tag.attributes(text);
    matches!(tag.name, Name::Del | Name::S | Name::Strike)
        || (attribute_text.contains("line-through"))
        || attribute(attribute_text, "class").is_some_and(|classes| classes.split_ascii_whitespace().any(says_struck))
}
