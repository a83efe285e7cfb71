//! Tags and texts, in one pass that jumps from one `<` to the next.

use super::attributes::is_space;
use super::name::Name;

/// A tag, as places in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag {
    pub name: Name,
    /// Where its `<` stands.
    pub start: u32,
    /// One past its `>`.
    pub end: u32,
    /// One past its name: attributes begin here.
    pub name_end: u32,
    pub self_closing: bool,
}

impl Tag {
    /// The text of the attributes.
    pub(crate) fn attributes<'a>(&self, text: &'a str) -> &'a str {
        &text[self.name_end as usize..self.end as usize - 1]
    }

    /// The name as it is written.
    pub(crate) fn name_in<'a>(&self, text: &'a str) -> &'a str {
        let slash = usize::from(text.as_bytes()[self.start as usize + 1] == b'/');
        &text[self.start as usize + 1 + slash..self.name_end as usize]
    }
}

/// One piece of markup.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Token {
    Start(Tag),
    End(Tag),
    /// Text with character references, or the whole content of a raw element, without its end tag.
    Text(u32, u32),
    Comment,
}

/// Reads tokens until the text ends. What is cut off there (half a tag, an open comment) is no token: with more text behind it,
/// the lexer goes on from the same place.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// The raw element whose content comes next.
    raw: Option<Name>,
    /// Inside `svg` and `math` no element is raw.
    pub(crate) is_foreign: bool,
    /// A script holds `<!--` and `<script`: its end is not where it seems to be.
    pub(crate) has_escaped_script: bool,
    /// More text will come: a text that reaches the end is not whole yet.
    pub(crate) is_partial: bool,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Lexer::resume(text, LexerState::default())
    }

    /// Goes on where another lexer stopped, on the same text with more behind it.
    pub(crate) fn resume(text: &'a str, state: LexerState) -> Self {
        Lexer {
            text,
            at: state.at,
            raw: state.raw,
            is_foreign: state.is_foreign,
            has_escaped_script: state.has_escaped_script,
            is_partial: false,
        }
    }

    pub(crate) fn state(&self) -> LexerState {
        LexerState { at: self.at, raw: self.raw, is_foreign: self.is_foreign, has_escaped_script: self.has_escaped_script }
    }

    /// Where the next token begins.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn next(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        if let Some(name) = self.raw {
            return self.raw_text(name);
        }
        {
            if *bytes.get(self.at)? != b'<' {
                return self.plain_text();
            }
            match *bytes.get(self.at + 1)? {
                b'a'..=b'z' | b'A'..=b'Z' => self.tag(1),
                b'/' => match *bytes.get(self.at + 2)? {
                    b'a'..=b'z' | b'A'..=b'Z' => self.tag(2),
                    _ => self.bogus_comment(2),
                },
                b'!' if bytes[self.at..].starts_with(b"<!--") => self.comment(),
                b'!' if self.is_foreign && bytes[self.at..].starts_with(b"<![CDATA[") => {
                    let end = memchr::memmem::find(&bytes[self.at..], b"]]>")?;
                    self.at += end + 3;
                    Some(Token::Comment)
                }
                b'!' | b'?' => self.bogus_comment(1),
                _ => self.plain_text(),
            }
        }
    }

    /// What is left at the end of the text: browsers show it, unless it is half a tag or half a comment.
    pub(crate) fn rest(&mut self) -> Option<Token> {
        let (start, end) = (self.at, self.text.len());
        if start >= end {
            return None;
        }
        self.at = end;
        let bytes = &self.text.as_bytes()[start..];
        let is_markup = self.raw.is_none()
            && bytes.first() == Some(&b'<')
            && bytes != b"</"
            && bytes.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?'));
        (!is_markup).then_some(Token::Text(start as u32, end as u32))
    }

    fn plain_text(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start;
        loop {
            // The first byte is text in any case.
            match memchr::memchr(b'<', &bytes[at + 1..]) {
                None if self.is_partial => return None,
                None => {
                    self.at = bytes.len();
                    break;
                }
                Some(length) => {
                    at += 1 + length;
                    let next = bytes.get(at + 1);
                    if next.is_none_or(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?')) {
                        self.at = at;
                        break;
                    }
                }
            }
        }
        Some(Token::Text(start as u32, self.at as u32))
    }

    fn raw_text(&mut self, name: Name) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        loop {
            at += memchr::memmem::find(&bytes[at..], b"</")?;
            let rest = &bytes[at + 2..];
            let length = rest.iter().take(12).take_while(|byte| byte.is_ascii_alphabetic()).count();
            let after = rest.get(length)?;
            if Name::of(&rest[..length]) == name && (is_space(*after) || matches!(after, b'/' | b'>')) {
                break;
            }
            at += 2;
        }
        let content = &bytes[self.at..at];
        if name == Name::Script
            && let Some(open) = memchr::memmem::find(content, b"<!--")
            && memchr::memmem::find_iter(&content[open..], b"<")
                .any(|tag| content[open + tag + 1..].get(..6).is_some_and(|name| name.eq_ignore_ascii_case(b"script")))
        {
            self.has_escaped_script = true;
        }
        self.raw = None;
        let start = self.at;
        self.at = at;
        if start == at { self.next() } else { Some(Token::Text(start as u32, at as u32)) }
    }

    fn tag(&mut self, name_at: usize) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let name_start = start + name_at;
        let mut at = name_start;
        while bytes.get(at).is_some_and(|byte| !is_space(*byte) && !matches!(byte, b'/' | b'>')) {
            at += 1;
        }
        let name_end = at;
        let (end, self_closing) = tag_end(bytes, at)?;
        let name = Name::of(&bytes[name_start..name_end]);
        let tag = Tag { name, start: start as u32, end: end as u32, name_end: name_end as u32, self_closing };
        self.at = end;
        if name_at == 2 {
            return Some(Token::End(tag));
        }
        if name.is_raw() && !self.is_foreign {
            self.raw = Some(name);
        }
        Some(Token::Start(tag))
    }

    fn comment(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let mut at = self.at + 4;
        // `<!-->` and `<!--->` end at once.
        let rest = bytes.get(at..)?;
        if rest.starts_with(b">") || rest.starts_with(b"->") {
            self.at = at + if rest[0] == b'>' { 1 } else { 2 };
            return Some(Token::Comment);
        }
        loop {
            at += memchr::memmem::find(&bytes[at..], b"--")?;
            match (bytes.get(at + 2)?, bytes.get(at + 3)) {
                (b'>', _) => {
                    self.at = at + 3;
                    return Some(Token::Comment);
                }
                (b'!', Some(b'>')) => {
                    self.at = at + 4;
                    return Some(Token::Comment);
                }
                (b'!', None) => return None,
                _ => at += 1,
            }
        }
    }

    /// `<!doctype …>`, `<?…>`, `</ …>`: up to the next `>`.
    fn bogus_comment(&mut self, skip: usize) -> Option<Token> {
        let from = self.at + skip;
        let length = memchr::memchr(b'>', &self.text.as_bytes()[from..])?;
        self.at = from + length + 1;
        Some(Token::Comment)
    }
}

/// Where a lexer stopped.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LexerState {
    at: usize,
    raw: Option<Name>,
    is_foreign: bool,
    has_escaped_script: bool,
}

/// One past the `>` of a tag, and whether `/` stands before it. A quote counts only where a value begins.
fn tag_end(bytes: &[u8], mut at: usize) -> Option<(usize, bool)> {
    loop {
        match *bytes.get(at)? {
            b'>' => return Some((at + 1, false)),
            b'/' => {
                if *bytes.get(at + 1)? == b'>' {
                    return Some((at + 2, true));
                }
                at += 1;
            }
            byte if is_space(byte) => at += 1,
            _ => {
                at += 1;
                while !NAME_END[*bytes.get(at)? as usize] {
                    at += 1;
                }
                while is_space(*bytes.get(at)?) {
                    at += 1;
                }
                if bytes[at] != b'=' {
                    continue;
                }
                at += 1;
                while is_space(*bytes.get(at)?) {
                    at += 1;
                }
                match bytes[at] {
                    quote @ (b'"' | b'\'') => at += 2 + memchr::memchr(quote, &bytes[at + 1..])?,
                    b'>' => {}
                    _ => {
                        while !is_space(*bytes.get(at)?) && bytes[at] != b'>' {
                            at += 1;
                        }
                    }
                }
            }
        }
    }
}

/// Bytes that end an attribute's name.
const NAME_END: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = is_space(byte as u8) || matches!(byte as u8, b'/' | b'=' | b'>');
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<String> {
        let mut lexer = Lexer::new(text);
        let mut found = Vec::new();
        while let Some(token) = lexer.next().or_else(|| lexer.rest()) {
            found.push(match token {
                Token::Start(tag) => format!("<{}>", tag.name_in(text)),
                Token::End(tag) => format!("</{}>", tag.name_in(text)),
                Token::Text(start, end) => text[start as usize..end as usize].to_owned(),
                Token::Comment => "#".to_owned(),
            });
        }
        found
    }

    #[test]
    fn markup_is_cut_where_browsers_cut_it() {
        for (text, expect) in [
            ("<!doctype html><p a='>'>x", vec!["#", "<p>", "x"]),
            ("a<b>c</b >d", vec!["a", "<b>", "c", "</b>", "d"]),
            ("1 < 2 <3<i>", vec!["1 < 2 <3", "<i>"]),
            ("<!-- <p> --><!--><!---><!-- a --!>x", vec!["#", "#", "#", "#", "x"]),
            ("<script>if(a<b)'</scr'</SCRIPT >y", vec!["<script>", "if(a<b)'</scr'", "</SCRIPT>", "y"]),
            ("<title></title><br/>", vec!["<title>", "</title>", "<br>"]),
            ("<a title=it's href=x>y</>z</ q>", vec!["<a>", "y", "#", "z", "#"]),
            ("<textarea><p></textarea>", vec!["<textarea>", "<p>", "</textarea>"]),
            ("x<a href='", vec!["x"]),
            ("<!-- open", vec![]),
            ("<", vec!["<"]),
        ] {
            assert_eq!(tokens(text), expect, "{text}");
        }
    }
}
