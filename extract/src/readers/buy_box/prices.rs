//! The amounts around the heading, each judged by its own words and place.

use std::borrow::Cow;

use domain::Money;

use crate::context::Context;
use crate::document::{is_signed, names_price};
use crate::markup::Element;
use crate::price_text::{ParsedPrice, parse_price};
use crate::visible::{short_text, standing_text, strikes};

use super::region::{Region, names_hold};
use super::words::{FROM, OTHER_AMOUNT, USUAL};

/// A longer text is no price.
const MAX_CHARS: usize = 48;

/// Amounts that are looked at; more are a listing.
const MAX_AMOUNTS: usize = 60;

/// Working buttons to buy on one product's page: the form's, a sticky bar's, one for "buy now".
const MAX_BUTTONS: usize = 4;

/// An amount as it is shown.
pub(super) struct Shown<'a> {
    pub money: Money,
    pub text: String,
    pub place: String,
    pub element: Element<'a>,
    is_named: bool,
    /// Called "regular" or "list": the price to pay where there is no other, else the older one.
    is_usual: bool,
}

/// The amounts of a region.
#[derive(Default)]
pub(super) struct Amounts<'a> {
    pub standing: Vec<Shown<'a>>,
    pub struck: Vec<Shown<'a>>,
    pub range: Option<(Money, Money)>,
}

/// The amounts that may be the price to pay, as few as the rules leave.
pub(super) fn around<'a>(region: &Region<'a>, working: &[Element<'a>], context: &Context) -> Amounts<'a> {
    let mut amounts = collect(region, context);
    if amounts.standing.iter().any(|shown| !shown.is_usual) {
        let (usual, now) = std::mem::take(&mut amounts.standing).into_iter().partition(|shown| shown.is_usual);
        amounts.standing = now;
        amounts.struck.extend::<Vec<_>>(usual);
    }
    // Elements that call themselves a price are meant as one; other amounts stand in texts.
    if amounts.standing.iter().any(|shown| shown.is_named) {
        amounts.standing.retain(|shown| shown.is_named);
    }
    if is_one(&amounts.standing) {
        return amounts;
    }
    // Many buttons are a listing's: none of them is the product's.
    if working.len() > MAX_BUTTONS {
        return amounts;
    }
    // The form of the button, or the smallest element around it that shows an amount.
    for button in working.iter().filter(|button| region.holds(**button)) {
        let around = button.ancestors().take(8).find(|outer| amounts.standing.iter().any(|shown| outer.contains(shown.element)));
        let Some(outer) = around else { continue };
        let inside: Vec<usize> = (0..amounts.standing.len()).filter(|at| outer.contains(amounts.standing[*at].element)).collect();
        let first = amounts.standing[inside[0]].money;
        if inside.iter().all(|at| amounts.standing[*at].money == first) {
            amounts.standing.retain(|shown| shown.money == first);
            return amounts;
        }
    }
    // What stands between the heading and the button, where neighbours stand behind it.
    let heading = region.heading.index();
    if let Some(button) = working.iter().map(Element::index).filter(|at| *at > heading).min() {
        let between = |shown: &&Shown<'_>| (heading..button).contains(&shown.element.index());
        let first = amounts.standing.iter().find(between).map(|shown| shown.money);
        if first.is_some() && amounts.standing.iter().filter(between).all(|shown| Some(shown.money) == first) {
            amounts.standing.retain(|shown| Some(shown.money) == first);
        }
    }
    amounts
}

fn is_one(standing: &[Shown<'_>]) -> bool {
    standing.windows(2).all(|pair| pair[0].money == pair[1].money)
}

/// From the outside in: an element whose whole text is one amount is that amount; what holds several is looked into.
fn collect<'a>(region: &Region<'a>, context: &Context) -> Amounts<'a> {
    let hints = context.hints(None);
    let mut amounts = Amounts::default();
    let mut done_to = 0;
    for element in region.elements() {
        if element.index() < done_to || amounts.standing.len() + amounts.struck.len() >= MAX_AMOUNTS {
            continue;
        }
        let named = names_price(element.attribute_text());
        if strikes(element) {
            let text = short_text(element, MAX_CHARS).unwrap_or_default();
            if let ParsedPrice::One(amount) = parse_price(&text, &hints)
                && let Some(money) = amount.money()
            {
                amounts.struck.push(shown(money, text, element, named));
                done_to = element.end();
            }
            continue;
        }
        let Some(text) = standing_text(element, MAX_CHARS) else { continue };
        if !text.bytes().any(|byte| byte.is_ascii_digit()) && !text.chars().any(char::is_numeric) {
            continue;
        }
        if !is_signed(&text) && !named && !says_currency(&text, context) {
            continue;
        }
        let lower = text.to_lowercase();
        match parse_price(&text, &hints) {
            ParsedPrice::One(amount) => {
                done_to = element.end();
                note_struck(&mut amounts, element, context);
                let Some(money) = amount.money() else { continue };
                if says(&lower, OTHER_AMOUNT) || is_labelled_other(element) {
                    continue;
                }
                if says(&lower, FROM) {
                    amounts.range.get_or_insert((money, Money::new(i64::MAX, money.currency)));
                    continue;
                }
                let mut shown = shown(money, text, element, named || is_named_around(element));
                shown.is_usual = says(&lower, USUAL) || (numbers(&line_of(element)) <= 1 && says(&line_of(element), USUAL));
                amounts.standing.push(shown);
            }
            ParsedPrice::Range(low, high) => {
                done_to = element.end();
                if let (Some(low), Some(high)) = (low.money(), high.money()) {
                    amounts.range.get_or_insert((low, high));
                }
            }
            ParsedPrice::Unclear | ParsedPrice::Free | ParsedPrice::Nothing => {}
        }
    }
    amounts
}

/// Struck amounts inside an element whose standing amount is taken.
fn note_struck<'a>(amounts: &mut Amounts<'a>, element: Element<'a>, context: &Context) {
    for inner in element.descendants().filter(|inner| strikes(*inner)).take(3) {
        let text = short_text(inner, MAX_CHARS).unwrap_or_default();
        if let ParsedPrice::One(amount) = parse_price(&text, &context.hints(None))
            && let Some(money) = amount.money()
        {
            amounts.struck.push(shown(money, text, inner, false));
        }
    }
}

/// How many numbers a text holds.
fn numbers(text: &str) -> usize {
    text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))
        .filter(|part| part.bytes().any(|b| b.is_ascii_digit()))
        .count()
}

fn shown<'a>(money: Money, text: String, element: Element<'a>, is_named: bool) -> Shown<'a> {
    let class = element.attr("class").unwrap_or_default();
    let place =
        format!("{}.{}", element.tag_name().to_ascii_lowercase(), class.split_ascii_whitespace().next().unwrap_or_default());
    Shown { money, text, place: place.trim_end_matches('.').to_owned(), element, is_named, is_usual: false }
}

/// A code or word of a currency beside a number (`40 EUR`, `131 990 тг`): the sign is then no sign of one character.
fn says_currency(text: &str, context: &Context) -> bool {
    let mut bare = context.hints(None);
    bare.currency = None;
    matches!(parse_price(text, &bare), ParsedPrice::One(amount) if amount.currency.is_some())
}

/// Whether the element around is a price by name: signs often stand in an element of their own.
fn is_named_around(element: Element<'_>) -> bool {
    element.ancestors().take(2).any(|outer| names_price(outer.attribute_text()))
}

/// Whether the words just around the element say that its amount is another kind of price: a label before it in the same line.
fn is_labelled_other(element: Element<'_>) -> bool {
    let by_name = std::iter::once(element).chain(element.parent()).any(|outer| {
        ["class", "id", "data-testid"].iter().any(|name| outer.attr(name).is_some_and(|value| names_hold(&value, OTHER_NAMES)))
    });
    // A line that is little longer than the amount is its label; one with more prices labels none of them for sure.
    let line = line_of(element);
    by_name || (numbers(&line) <= 1 && says(&line, OTHER_AMOUNT))
}

/// The text of the element around, if it is little longer than the amount.
fn line_of(element: Element<'_>) -> String {
    element.parent().and_then(|parent| standing_text(parent, 70)).unwrap_or_default().to_lowercase()
}

/// A text without `save 10%`: the share by which a price fell says nothing about the amount beside it.
fn without_percentages(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut kept: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        if !word.contains('%') {
            kept.push(word);
        } else if kept.last().is_some_and(|last| last.ends_with(|c: char| c.is_alphabetic() || c == ':')) {
            kept.pop();
        }
    }
    Cow::Owned(kept.join(" "))
}

/// Words that names of other amounts begin with.
const OTHER_NAMES: &[&str] = &[
    "saving",
    "save",
    "saved",
    "coupon",
    "instal",
    "financ",
    "shipping",
    "unit price",
    "unitprice",
    "price per",
    "member",
    "subscri",
    "reward",
    "loyalty",
    "points",
    "deposit",
    "used",
    "refurb",
    "basis",
    "omnibus",
    "lowest",
    "delivery",
    "percent",
    "monthly",
    "remain",
    "threshold",
    "afterpay",
    "klarna",
    "affirm",
    "vat ex",
    "excl",
    "netto",
    "trade",
    "gift",
];

/// Whether a text holds one of the words: those of letters from a word's beginning on, short ones as whole words.
fn says(text: &str, words: &[&str]) -> bool {
    let text = without_percentages(text);
    words.iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + word.len()..].chars().next();
            let starts = !word.starts_with(char::is_alphabetic) || before.is_none_or(|c| !c.is_alphabetic());
            let ends = word.chars().count() > 5 || after.is_none_or(|c| !c.is_alphabetic());
            starts && ends
        })
    })
}
