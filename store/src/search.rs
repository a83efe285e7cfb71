//! Searching by words: what counts as found, and what is better than what. The engines only fetch candidates, each by its index.
//!
//! A product is found if every word stands in its name or URL, in any case, be it inside of another word. Better matches come
//! first: whole words, then beginnings, then insides, then what is in the URL alone. If that finds nothing, words may differ
//! from a word of the name, or its beginning, by one letter.

use domain::ProductId;

/// More words than this narrow nothing down.
const MAX_WORDS: usize = 16;
/// At most so many candidates are looked at, and counted.
pub(crate) const MOST: u32 = 1_000;
/// A shorter word has no trigram, by which the indexes find what is inside of words.
const TRIGRAM: usize = 3;
/// A shorter word with another letter is another word.
const MIN_NEARLY: usize = 4;

/// What is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words(Vec<String>);

/// A product that may be one that is searched for, with its text.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) product_id: ProductId,
    pub(crate) text: String,
}

/// How well a word is found; the least is best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    Beginning,
    Inside,
    Url,
    Nearly,
}

/// The text of a product, up to its URL: a space before every word of the name, and one behind the last.
pub(crate) fn name_text(name: Option<&str>) -> String {
    name.map_or_else(|| " ".to_owned(), |name| format!(" {} \n", name.to_lowercase().replace(char::is_whitespace, " ")))
}

/// The text of a product without a name yet.
pub(crate) fn text_of_new(url: &str) -> String {
    name_text(None) + &url.to_lowercase()
}

impl Words {
    pub(crate) fn parse(query: &str) -> Self {
        let query = query.to_lowercase().replace('\0', "");
        Words(query.split_whitespace().take(MAX_WORDS).map(str::to_owned).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn all(&self) -> &[String] {
        &self.0
    }

    /// The word that narrows most down.
    pub(crate) fn longest(&self) -> &str {
        self.0.iter().max_by_key(|word| word.chars().count()).map_or("", String::as_str)
    }

    /// Whether no word is long enough for an index of trigrams.
    pub(crate) fn are_short(&self) -> bool {
        self.longest().chars().count() < TRIGRAM
    }

    /// For every word two texts, of which one stands in whatever differs from the word by one letter: its halves. Half of a short
    /// word is next to nothing, so it is taken with the edge of the word.
    pub(crate) fn halves(&self) -> Vec<[String; 2]> {
        let halves = |word: &String| {
            let letters: Vec<char> = word.chars().collect();
            let part = |part: &[char]| part.iter().collect::<String>();
            match letters.len() {
                ..MIN_NEARLY => [word.clone(), word.clone()],
                length @ 4..=5 => [format!(" {}", part(&letters[..2])), format!("{} ", part(&letters[length - 2..]))],
                length => [part(&letters[..length / 2]), part(&letters[length / 2..])],
            }
        };
        self.0.iter().map(halves).collect()
    }

    /// Of these halves, those of the longest word.
    pub(crate) fn longest_halves(&self) -> [String; 2] {
        let at = self.0.iter().position(|word| word == self.longest()).unwrap_or(0);
        self.halves().swap_remove(at)
    }

    /// Those in which every word stands, best first.
    pub(crate) fn exactly(&self, candidates: Vec<Candidate>) -> Vec<ProductId> {
        let mut found = self.ranked(candidates, exact_fit);
        // One or two letters are inside of nearly everything: they count where a word begins so, if one does.
        if self.are_short() && found.first().is_some_and(|(fits, _)| fits.iter().all(|fit| *fit <= Fit::Beginning)) {
            found.retain(|(fits, _)| fits.iter().all(|fit| *fit <= Fit::Beginning));
        }
        found.into_iter().map(|(_, candidate)| candidate.product_id).collect()
    }

    /// Those in which every word stands but for one letter, best first.
    pub(crate) fn nearly(&self, candidates: Vec<Candidate>) -> Vec<ProductId> {
        let fit = |text: &str, word: &str| {
            exact_fit(text, word)
                .or_else(|| (word.chars().count() >= MIN_NEARLY && is_nearly_in(name_of(text), word)).then_some(Fit::Nearly))
        };
        self.ranked(candidates, fit).into_iter().map(|(_, candidate)| candidate.product_id).collect()
    }

    fn ranked(&self, candidates: Vec<Candidate>, fit: impl Fn(&str, &str) -> Option<Fit>) -> Vec<(Vec<Fit>, Candidate)> {
        let fits = |candidate: &Candidate| self.0.iter().map(|word| fit(&candidate.text, word)).collect::<Option<Vec<_>>>();
        let mut found: Vec<_> = candidates.into_iter().filter_map(|candidate| Some((fits(&candidate)?, candidate))).collect();
        let rank = |fits: &[Fit]| fits.iter().map(|fit| *fit as u32).sum::<u32>();
        found.sort_by(|(a_fits, a), (b_fits, b)| {
            (rank(a_fits), &a.text, a.product_id).cmp(&(rank(b_fits), &b.text, b.product_id))
        });
        found.dedup_by_key(|(_, candidate)| candidate.product_id);
        found
    }
}

/// The part of a text that is the name; empty without one.
fn name_of(text: &str) -> &str {
    text.split_once('\n').map_or("", |(name, _)| name)
}

fn exact_fit(text: &str, word: &str) -> Option<Fit> {
    let name = name_of(text);
    let is_edge = |neighbour: Option<char>| neighbour.is_none_or(|letter| !letter.is_alphanumeric());
    let in_name = name.match_indices(word).map(|(at, _)| {
        if !is_edge(name[..at].chars().next_back()) {
            Fit::Inside
        } else if is_edge(name[at + word.len()..].chars().next()) {
            Fit::Whole
        } else {
            Fit::Beginning
        }
    });
    in_name.min().or_else(|| text.contains(word).then_some(Fit::Url))
}

/// Whether a word of the name, or its beginning, differs from `word` by at most one letter.
fn is_nearly_in(name: &str, word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    let begins_nearly = |other: &str| begins_nearly(&other.chars().collect::<Vec<_>>(), &word);
    name.split_whitespace().any(begins_nearly) || name.split(|letter: char| !letter.is_alphanumeric()).any(begins_nearly)
}

/// Whether the beginning of `other` differs from `word` by at most one letter: another one, one too many, or one too few.
fn begins_nearly(other: &[char], word: &[char]) -> bool {
    let same = other.iter().zip(word).take_while(|(a, b)| a == b).count();
    let (other, word) = (&other[same..], &word[same..]);
    match (other, word) {
        (_, []) => true,
        ([], [_]) => true,
        ([], _) => false,
        ([_, other_rest @ ..], [_, word_rest @ ..]) => {
            other_rest.starts_with(word_rest) || other.starts_with(word_rest) || other_rest.starts_with(word)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(names: &[&str]) -> Vec<Candidate> {
        let candidate = |(n, name): (u128, &&str)| Candidate {
            product_id: ProductId(uuid::Uuid::from_u128(n)),
            text: name_text(Some(name)) + "https://shop.example/tv",
        };
        (0..).zip(names).map(candidate).collect()
    }

    fn order(found: &[ProductId]) -> Vec<u128> {
        found.iter().map(|product| product.0.as_u128()).collect()
    }

    #[test]
    fn whole_words_come_before_beginnings_before_insides_before_the_url() {
        let names = ["Smart HDTV", "TVs and more", "A chair", "Big TV"];
        assert_eq!(order(&Words::parse("tv hd").exactly(candidates(&names))), [0]);
        assert_eq!(order(&Words::parse("Tv").exactly(candidates(&names))), [3, 1], "insides of words and URLs are too many");
        assert_eq!(order(&Words::parse("chair").exactly(candidates(&names))), [2]);
        let names = ["Armchair", "Chairs", "Nothing", "Chair"];
        assert_eq!(order(&Words::parse("chair").exactly(candidates(&names))), [3, 1, 0]);
        assert_eq!(order(&Words::parse("shop.example").exactly(candidates(&names))), [0, 3, 1, 2], "by name");
    }

    #[test]
    fn one_letter_may_be_another_or_missing_or_too_many() {
        let names = ["Lenovo Laptop 15"];
        for (query, is_found) in [
            ("lenovp", true),
            ("lenvo", true),
            ("lenoovo", true),
            ("xenovo", true),
            ("lptop lenov", true),
            ("lptop 15", true),
            ("lptop 16", false),
            ("lpatop", false),
            ("lnvo", false),
            ("zz", false),
        ] {
            let words = Words::parse(query);
            assert_eq!(!words.nearly(candidates(&names)).is_empty(), is_found, "{query}");
            let text = &candidates(&names)[0].text;
            let by_index = words.halves().iter().all(|halves| halves.iter().any(|half| text.contains(half)));
            assert!(by_index || !is_found, "the index finds {query}");
        }
    }
}
