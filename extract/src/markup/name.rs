//! Element names as small numbers: a page has thousands of tags, and each is compared many times.

/// Up to eight bytes of a lower-cased name as a number.
const fn key(name: &[u8]) -> u64 {
    let mut key = 0;
    let mut at = 0;
    while at < name.len() {
        key = (key << 8) | name[at].to_ascii_lowercase() as u64;
        at += 1;
    }
    key
}

macro_rules! names {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// An element's name, as far as the parser or a reader treats it in its own way.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Name { $($name,)* Blockquote, Figcaption, Plaintext, Other }

        mod keys {
            #![expect(non_upper_case_globals, reason = "they are the names of the variants")]
            $(pub(super) const $name: u64 = super::key($text.as_bytes());)*
        }

        impl Name {
            fn of_key(key: u64) -> Name {
                match key { $(keys::$name => Name::$name,)* _ => Name::Other }
            }
        }
    };
}

names! {
    A = "a", Abbr = "abbr", Address = "address", Applet = "applet", Area = "area", Article = "article", Aside = "aside",
    B = "b", Base = "base", Basefont = "basefont", Bdi = "bdi", Bdo = "bdo", Bgsound = "bgsound", Big = "big", Body = "body",
    Br = "br", Button = "button", Caption = "caption", Center = "center", Code = "code", Col = "col", Colgroup = "colgroup",
    Data = "data", Dd = "dd", Del = "del", Details = "details", Dialog = "dialog", Dir = "dir", Div = "div", Dl = "dl",
    Dt = "dt", Em = "em", Embed = "embed", Fieldset = "fieldset", Figure = "figure", Font = "font", Footer = "footer",
    Form = "form", Frame = "frame", Frameset = "frameset", H1 = "h1", H2 = "h2", H3 = "h3", H4 = "h4", H5 = "h5", H6 = "h6",
    Head = "head", Header = "header", Hgroup = "hgroup", Hr = "hr", Html = "html", I = "i", Iframe = "iframe",
    Image = "image", Img = "img", Input = "input", Ins = "ins", Keygen = "keygen", Label = "label", Li = "li", Link = "link",
    Listing = "listing", Main = "main", Mark = "mark", Marquee = "marquee", Math = "math", Menu = "menu", Meta = "meta",
    Nav = "nav", Nobr = "nobr", Noembed = "noembed", Noframes = "noframes", Noscript = "noscript", Object = "object",
    Ol = "ol", Optgroup = "optgroup", Option = "option", P = "p", Param = "param", Pre = "pre", Rb = "rb", Rp = "rp",
    Rt = "rt", Rtc = "rtc", S = "s", Script = "script", Search = "search", Section = "section", Select = "select",
    Small = "small", Source = "source", Span = "span", Strike = "strike", Strong = "strong", Style = "style", Sub = "sub",
    Summary = "summary", Sup = "sup", Svg = "svg", Table = "table", Tbody = "tbody", Td = "td", Template = "template",
    Textarea = "textarea", Tfoot = "tfoot", Th = "th", Thead = "thead", Title = "title", Tr = "tr", Track = "track",
    Tt = "tt", U = "u", Ul = "ul", Wbr = "wbr", Xmp = "xmp",
}

impl Name {
    pub(crate) fn of(name: &[u8]) -> Name {
        match name.len() {
            1..=8 => Name::of_key(key(name)),
            9 if name.eq_ignore_ascii_case(b"plaintext") => Name::Plaintext,
            10 if name.eq_ignore_ascii_case(b"blockquote") => Name::Blockquote,
            10 if name.eq_ignore_ascii_case(b"figcaption") => Name::Figcaption,
            _ => Name::Other,
        }
    }

    /// Without content and end tag.
    pub(crate) fn is_void(self) -> bool {
        use Name::*;
        matches!(
            self,
            Area | Base
                | Basefont
                | Bgsound
                | Br
                | Col
                | Embed
                | Frame
                | Hr
                | Image
                | Img
                | Input
                | Keygen
                | Link
                | Meta
                | Param
                | Source
                | Track
                | Wbr
        )
    }

    /// Whose content is text up to its own end tag, whatever it looks like.
    pub(crate) fn is_raw(self) -> bool {
        use Name::*;
        matches!(self, Script | Style | Textarea | Title | Iframe | Noembed | Noframes | Noscript | Xmp)
    }

    /// Elements that the standard re-opens after whatever closed them by surprise.
    pub(crate) fn is_formatting(self) -> bool {
        use Name::*;
        matches!(self, A | B | Big | Code | Em | Font | I | Nobr | S | Small | Strike | Strong | Tt | U)
    }

    /// Elements that an end tag of another name does not look beyond (HTML standard, "special").
    pub(crate) fn is_special(self) -> bool {
        use Name::*;
        self.is_void() && !matches!(self, Image) && !matches!(self, Keygen)
            || (self.closes_p() && !matches!(self, Dialog))
            || matches!(
                self,
                Applet
                    | Body
                    | Button
                    | Caption
                    | Colgroup
                    | Dd
                    | Dt
                    | Frameset
                    | Head
                    | Html
                    | Iframe
                    | Li
                    | Marquee
                    | Noembed
                    | Noframes
                    | Noscript
                    | Object
                    | P
                    | Script
                    | Select
                    | Style
                    | Table
                    | Tbody
                    | Td
                    | Template
                    | Textarea
                    | Tfoot
                    | Th
                    | Thead
                    | Title
                    | Tr
            )
    }

    /// Start tags that close an open paragraph. `table` does too, but for documents in quirks mode.
    pub(crate) fn closes_p(self) -> bool {
        use Name::*;
        self.is_block() || matches!(self, H1 | H2 | H3 | H4 | H5 | H6 | Form | Hr | Plaintext | Xmp | P | Pre | Listing)
    }

    /// Plain blocks: their end tag closes what may be left open inside.
    pub(crate) fn is_block(self) -> bool {
        use Name::*;
        matches!(
            self,
            Address
                | Article
                | Aside
                | Blockquote
                | Center
                | Details
                | Dialog
                | Dir
                | Div
                | Dl
                | Fieldset
                | Figcaption
                | Figure
                | Footer
                | Header
                | Hgroup
                | Main
                | Menu
                | Nav
                | Ol
                | Search
                | Section
                | Summary
                | Ul
        )
    }

    pub(crate) fn is_heading(self) -> bool {
        use Name::*;
        matches!(self, H1 | H2 | H3 | H4 | H5 | H6)
    }

    /// Elements whose end tag may be left out where their parent ends.
    pub(crate) fn is_implied_end(self) -> bool {
        use Name::*;
        matches!(self, Dd | Dt | Li | Optgroup | Option | P | Rb | Rp | Rt | Rtc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_any_case() {
        assert_eq!(Name::of(b"DIV"), Name::Div);
        assert_eq!(Name::of(b"blockQuote"), Name::Blockquote);
        assert_eq!(Name::of(b"template"), Name::Template);
        assert_eq!(Name::of(b"my-price"), Name::Other);
        assert_eq!(Name::of(b""), Name::Other);
    }
}
