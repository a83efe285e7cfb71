//! Small text operations shared by the readers.

/// Collapses white space, trims, and cuts to `max` characters.
pub(crate) fn collapse(text: &str, max: usize) -> String {
    let mut out = String::with_capacity(text.len().min(max * 4));
    let mut chars = 0;
    for word in text.split(|c: char| c.is_whitespace() || c == '\u{200b}' || c == '\u{feff}').filter(|word| !word.is_empty()) {
        if chars > 0 {
            out.push(' ');
            chars += 1;
        }
        for c in word.chars() {
            if chars >= max {
                return out.trim_end().to_owned();
            }
            out.push(c);
            chars += 1;
        }
    }
    out
}

/// Letters and digits only, lower-cased: for comparing names and ids that differ in punctuation.
pub(crate) fn squash(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Decodes the entities that shops leave in JSON strings (`&amp;`, `&quot;`, `&#39;`, `&nbsp;`, numeric ones).
pub(crate) fn unescape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        // The longest entity read here is `&#1114111;`.
        let end = rest.bytes().take(11).position(|byte| byte == b';');
        match end.and_then(|end| Some((entity(&rest[1..end])?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "lt" => '<',
        "gt" => '>',
        "nbsp" => '\u{a0}',
        "euro" => '€',
        "pound" => '£',
        "yen" => '¥',
        "ndash" => '–',
        "rsquo" => '’',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_collapses_and_long_text_is_cut_on_a_character() {
        assert_eq!(collapse("  a\u{a0}\n b  ", 10), "a b");
        assert_eq!(collapse("äöü äöü", 4), "äöü");
    }

    #[test]
    fn entities_are_decoded_once() {
        assert_eq!(unescape_html("A &amp; B &#39;x&#x27; &amp;quot; & &nope;"), "A & B 'x' &quot; & &nope;");
        assert_eq!(unescape_html("&#99999999;&"), "&#99999999;&");
    }
}
