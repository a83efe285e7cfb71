//! Numbers in a price string: where they stand, and which of their separators is the decimal one.

use domain::Currency;

use super::Hints;
use super::symbols::home_mark;

/// What separates decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// `1,299.00`
    Dot,
    /// `1.299,00`
    Comma,
}

impl DecimalMark {
    /// The mark of a sign: `.` or `,`.
    pub fn of_sign(sign: &str) -> Option<Self> {
        match sign {
            "." => Some(DecimalMark::Dot),
            "," => Some(DecimalMark::Comma),
            _ => None,
        }
    }

    fn as_char(self) -> char {
        match self {
            DecimalMark::Dot => '.',
            DecimalMark::Comma => ',',
        }
    }
}

/// A number in the text, with its separators.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// A minus sign is fixed to it.
    pub is_negative: bool,
    /// `,-` follows: what stands before it is whole.
    is_whole: bool,
    /// ASCII digits, with `.` `,` `'` and spaces between groups.
    text: String,
}

/// Other scripts' digits and separators as ASCII; every kind of space that stands in numbers as NBSP.
pub(super) fn plain_char(c: char) -> char {
    match c {
        '０'..='９' => digit(c, '０'),
        '٠'..='٩' => digit(c, '٠'),
        '۰'..='۹' => digit(c, '۰'),
        '०'..='९' => digit(c, '०'),
        '．' | '٫' | '·' if c == '٫' => ',',
        '．' | '·' => '.',
        '，' | '٬' | '،' => ',',
        '’' | '‘' | 'ʼ' | '´' | '`' | '′' | '＇' => '\'',
        '\u{202f}' | '\u{2009}' | '\u{2007}' => '\u{a0}',
        '\n' | '\t' | '\r' | '\u{3000}' => ' ',
        '＄' => '$',
        _ => c,
    }
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(c as u32 - zero as u32, 10).unwrap_or(c)
}

/// The numbers of a text, from left to right. Percentages, counts such as `100+`, and digits inside words are left out.
pub(super) fn find_numbers(chars: &[char]) -> Vec<Number> {
    let mut numbers = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        let end = number_end(chars, start);
        at = end;
        let start = with_leading_mark(chars, start);
        if is_no_amount(chars, start, end) {
            continue;
        }
        numbers.push(Number {
            start,
            end,
            is_negative: has_minus(chars, start),
            is_whole: false,
            text: chars[start..end].iter().collect(),
        });
        at = skip_dash_decimals(chars, end);
        if at > end + 1
            && let Some(last) = numbers.last_mut()
        {
            last.is_whole = true;
        }
    }
    numbers
}

fn number_end(chars: &[char], start: usize) -> usize {
    let digits_from = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut end = start + digits_from(start);
    let mut last_group = end - start;
    let mut groups_by_space = 0;
    loop {
        let Some(separator) = chars.get(end).copied() else { return end };
        let next = digits_from((end + 1).min(chars.len()));
        let fits = match separator {
            // `119. 95`: a whole string of one price that was put together from parts.
            '.' | ',' if chars.get(end + 1) == Some(&' ') && ends_with_cents(chars, start, end + 2) => {
                return end + 4;
            }
            '.' | ',' => next > 0,
            '\'' => next == 3,
            // A space groups strict triples only: `1 299`, not `19 100+ sold` or `12 95`.
            ' ' | '\u{a0}' => {
                next == 3
                    && (last_group <= 3
                        && (groups_by_space > 0 && last_group == 3 || groups_by_space == 0 && end - start == last_group))
                    && !matches!(chars.get(end + 4), Some('+' | '%'))
                    && chars[start] != '0'
            }
            // `35€99`: the sign stands where the mark would.
            '€' if chars.get(end + 1) == Some(&' ') && ends_with_cents(chars, start, end + 2) => return end + 4,
            '€' | '£' | '$' => next == 2 && !chars[start..end].contains(&',') && !chars[start..end].contains(&'.'),
            _ => false,
        };
        if !fits {
            return end;
        }
        groups_by_space += usize::from(matches!(separator, ' ' | '\u{a0}'));
        end += 1 + next;
        last_group = next;
    }
}

/// Whether two digits, and at most a sign behind them, end the text, and no other number stands before.
fn ends_with_cents(chars: &[char], start: usize, from: usize) -> bool {
    let digits = chars[from.min(chars.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    let is_free = |c: &char| !c.is_ascii_digit();
    digits == 2 && chars[..start].iter().all(is_free) && chars[from + 2..].iter().all(is_free) && chars.len() - from <= 8
}

/// `.79` is 0.79 where no letter or digit stands before the dot (`Rs.499` is 499).
fn with_leading_mark(chars: &[char], start: usize) -> usize {
    let Some(before) = start.checked_sub(1).filter(|at| matches!(chars[*at], '.' | ',')) else { return start };
    let free = before == 0
        || (before > 1 && matches!(chars[before - 1], '.' | ','))
        || chars[before - 1].is_whitespace()
        || matches!(chars[before - 1], '$' | '€' | '£');
    if free { before } else { start }
}

fn is_no_amount(chars: &[char], start: usize, end: usize) -> bool {
    let after = chars.get(end).copied().unwrap_or(' ');
    let after_space = chars[end..].iter().copied().find(|c| !c.is_whitespace()).unwrap_or(' ');
    // `2x`, `iPhone15`, `50%`, `100+`: counts and names.
    let before_word = start > 1 && chars[start - 1].is_ascii_alphabetic() && chars[start - 2].is_ascii_lowercase() && {
        let word: String = chars[..start].iter().rev().take_while(|c| c.is_alphabetic()).collect();
        word.chars().count() > 5
    };
    after == '+' || after_space == '%' || after_space == '٪' || before_word
}

fn has_minus(chars: &[char], start: usize) -> bool {
    // A sign may stand between: `-€5`.
    let mut at = start;
    while at > 0 && (matches!(chars[at - 1], '€' | '$' | '£' | '¥')) {
        at -= 1;
    }
    if chars[..at].iter().collect::<String>().trim() == "-" {
        return true;
    }
    let minus = at > 0 && matches!(chars[at - 1], '-' | '\u{2212}');
    minus && (at == 1 || chars[at - 2].is_whitespace() || matches!(chars[at - 2], '(' | '€' | '$' | '£' | '¥'))
}

/// Past `,-`, `.–`, `,--`: "and no cents".
fn skip_dash_decimals(chars: &[char], end: usize) -> usize {
    let marks = usize::from(matches!(chars.get(end), Some(',' | '.')));
    let dashes = chars[(end + marks).min(chars.len())..].iter().take_while(|c| matches!(c, '-' | '–' | '—')).count();
    if marks > 0 { end + marks + dashes } else { end }
}

impl Number {
    /// The number as a machine's decimal; `None` where it has two readings, or none.
    pub(super) fn decimal(&self, currency: Option<Currency>, hints: &Hints) -> Option<String> {
        // `119. 95` was put together from parts.
        let text = self.text.replace(". ", ".").replace(", ", ",").replace("€ ", "€");
        let joined = self.text.len() - text.len();
        let text: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\'')).collect();
        let text = text.replace(['€', '£', '$'], ".");
        if text.len() > 18 {
            return None;
        }
        let grouped_by_space = text.len() + joined < self.text.chars().count();
        let marks: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
        let Some(last) = marks.last().copied() else { return Some(text) };
        let position = text.rfind(last)?;
        let (whole, fraction) = (&text[..position], &text[position + 1..]);
        let same = marks.iter().filter(|mark| **mark == last).count();
        if same < marks.len() {
            // Both kinds: the last is the decimal one and stands once; the other groups.
            let other = if last == '.' { ',' } else { '.' };
            return (same == 1 && is_grouped(whole, other)).then(|| format!("{}.{fraction}", whole.replace(other, "")));
        }
        if same > 1 {
            return is_grouped(&text, last).then(|| text.replace(last, ""));
        }
        if whole.is_empty() {
            return Some(format!("0.{fraction}"));
        }
        if fraction.len() != 3 || whole.len() > 3 || whole.starts_with('0') || grouped_by_space {
            return Some(format!("{whole}.{fraction}"));
        }
        if self.is_whole {
            return Some(format!("{whole}{fraction}"));
        }
        lone_mark(last, currency, hints).map(|mark| match mark {
            Lone::Groups => format!("{whole}{fraction}"),
            Lone::Decimals => format!("{whole}.{fraction}"),
        })
    }
}

enum Lone {
    Groups,
    Decimals,
}

/// What a lone separator before exactly three digits is: `1.299`.
fn lone_mark(mark: char, currency: Option<Currency>, hints: &Hints) -> Option<Lone> {
    let decimals = currency.map(Currency::decimals);
    if decimals == Some(0) {
        return Some(Lone::Groups);
    }
    let known = hints.decimal_mark.or_else(|| currency.or(hints.currency).and_then(home_mark));
    let is_decimal = known.map(|known| known.as_char() == mark);
    match (decimals, is_decimal) {
        (Some(3), Some(true)) => Some(Lone::Decimals),
        (_, Some(false)) => Some(Lone::Groups),
        // Three decimals in a currency of two: a price per litre, or a shop that writes in another way than its language.
        (_, Some(true) | None) => None,
    }
}

/// Strict triples, or Indian pairs before a last triple (`1,23,456`).
fn is_grouped(text: &str, separator: char) -> bool {
    let groups: Vec<&str> = text.split(separator).collect();
    let [first, middle @ .., last] = groups.as_slice() else { return false };
    let triples = (1..=3).contains(&first.len()) && middle.iter().all(|group| group.len() == 3);
    let pairs = (1..=2).contains(&first.len()) && separator == ',' && middle.iter().all(|group| group.len() == 2);
    last.len() == 3 && (triples || pairs) && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()))
        || groups.len() == 1
}
