//! HTML as plain text: paragraphs, lists and links stay, scripts and what is hidden go, and what is quoted gets marks.

use mail_parser::decoders::html::add_html_token;

/// The most that is read of an HTML text, in bytes.
const MOST: usize = 2 << 20;

/// Longer addresses of links say nothing to people.
const LONGEST_LINK: usize = 160;

/// Elements whose content is no text.
const SILENT: &[&str] = &[
    "head", "script", "style", "title", "template", "svg", "noscript", "object",
];

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "figure",
    "footer",
    "form",
    "header",
    "main",
    "nav",
    "section",
    "table",
    "tbody",
    "thead",
    "tr",
    "ul",
    "ol",
    "li",
    "hr",
    "br",
];

/// Elements with an empty line around them.
const PARAGRAPHS: &[&str] = &["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre"];

/// The text of an HTML document. What is quoted is marked by `> `, as in plain mail.
pub(super) fn to_text(html: &str) -> String {
    let mut text = Text::default();
    let mut rest = head(html);
    while !rest.is_empty() {
        let Some(at) = rest.find('<') else {
            text.words(rest);
            break;
        };
        let (before, tagged) = rest.split_at_checked(at).unwrap_or((rest, ""));
        text.words(before);
        rest = match Tag::read(tagged) {
            Markup::Tag(tag, after) => {
                text.tag(&tag);
                if !tag.closes && (tag.name == "script" || tag.name == "style") {
                    skip_raw(after, tag.name)
                } else {
                    after
                }
            }
            Markup::Comment(after) => after,
            Markup::Text(after) => {
                text.words("<");
                after
            }
        };
    }
    text.finish()
}

/// As much of the text as is read.
fn head(html: &str) -> &str {
    let mut end = html.len().min(MOST);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    html.get(..end).unwrap_or(html)
}

/// What follows the end of an element in which nothing is markup.
fn skip_raw<'h>(rest: &'h str, name: &str) -> &'h str {
    let mut at = 0;
    while let Some(found) = rest.get(at..).and_then(|rest| rest.find("</")) {
        let end = at + found;
        let closes = rest
            .get(end + 2..)
            .and_then(|rest| rest.get(..name.len()))
            .is_some_and(|word| word.eq_ignore_ascii_case(name));
        if closes {
            return rest.get(end..).unwrap_or_default();
        }
        at = end + 2;
    }
    ""
}

/// What stands at a `<`, and what follows it.
enum Markup<'h> {
    Tag(Tag<'h>, &'h str),
    Comment(&'h str),
    /// It is a mere sign.
    Text(&'h str),
}

struct Tag<'h> {
    name: &'h str,
    closes: bool,
    /// What stands behind the name.
    attributes: &'h str,
}

impl<'h> Tag<'h> {
    fn read(text: &'h str) -> Markup<'h> {
        let inside = text.strip_prefix('<').unwrap_or(text);
        if let Some(comment) = inside.strip_prefix("!--") {
            let after = comment.find("-->").and_then(|end| comment.get(end + 3..));
            return Markup::Comment(after.unwrap_or_default());
        }
        let closes = inside.starts_with('/');
        let named = inside.strip_prefix('/').unwrap_or(inside);
        if !named.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '!' || letter == '?') {
            return Markup::Text(inside);
        }
        let Some(end) = end_of_tag(named) else {
            return Markup::Comment("");
        };
        let (tag, after) = named.split_at_checked(end).unwrap_or((named, ""));
        let after = after.strip_prefix('>').unwrap_or(after);
        let length = tag
            .find(|letter: char| letter.is_whitespace() || letter == '/')
            .unwrap_or(tag.len());
        let (name, attributes) = tag.split_at_checked(length).unwrap_or((tag, ""));
        Markup::Tag(
            Tag {
                name,
                closes,
                attributes,
            },
            after,
        )
    }

    fn is(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }

    /// The value of an attribute, without its quotes.
    fn attribute(&self, name: &str) -> Option<&'h str> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
            if rest.is_empty() {
                return None;
            }
            let end = rest
                .find(|letter: char| letter.is_whitespace() || letter == '=')
                .unwrap_or(rest.len());
            let (key, after) = rest.split_at_checked(end)?;
            let after = after.trim_start();
            let (value, after) = match after.strip_prefix('=') {
                None => ("", after),
                Some(value) => {
                    let value = value.trim_start();
                    match value.chars().next() {
                        Some(quote @ ('"' | '\'')) => {
                            let inner = value.get(1..).unwrap_or_default();
                            inner.split_once(quote).unwrap_or((inner, ""))
                        }
                        _ => {
                            let end = value.find(char::is_whitespace).unwrap_or(value.len());
                            value.split_at_checked(end).unwrap_or((value, ""))
                        }
                    }
                }
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(value);
            }
            // An equals sign without a name before it would be found again for ever.
            rest = if key.is_empty() && value.is_empty() {
                after
                    .get(after.chars().next().map_or(0, char::len_utf8)..)
                    .unwrap_or_default()
            } else {
                after
            };
        }
    }

    fn is_hidden(&self) -> bool {
        let style = self.attribute("style").unwrap_or_default().to_ascii_lowercase();
        let style: String = style.chars().filter(|letter| !letter.is_whitespace()).collect();
        style.contains("display:none") || style.contains("visibility:hidden")
    }
}

/// Where a tag ends; a `>` in quotes is a part of it, unless its quote never ends.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    // A tag of many kilobytes is none.
    for (at, letter) in text.char_indices().take(1 << 16) {
        match (quote, letter) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    text.find('>')
}

/// The text as it grows.
#[derive(Default)]
struct Text {
    out: String,
    /// The words of the line that is being written.
    line: String,
    /// Whether a blank is due before the next word.
    blank: bool,
    /// Empty lines that are due before the next line.
    gap: bool,
    /// Elements that are open in which nothing is said, by name, and how deep in elements of that name.
    silent: Option<(String, usize)>,
    pre: usize,
    quoted: usize,
    lists: Vec<Option<u32>>,
    links: Vec<(String, usize)>,
}

/// Deeper lists and quotes are drawn no deeper.
const DEEPEST: usize = 8;

impl Text {
    fn words(&mut self, raw: &str) {
        if self.silent.is_some() || raw.is_empty() {
            return;
        }
        let text = decoded(raw);
        if self.pre > 0 {
            for (at, line) in text.split('\n').enumerate() {
                if at > 0 {
                    self.end_line(true);
                }
                self.line.push_str(line.trim_end_matches('\r'));
            }
            return;
        }
        for letter in text.chars() {
            match letter {
                '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{feff}' | '\u{ad}' | '\u{34f}' => {}
                letter if letter.is_whitespace() => self.blank = true,
                letter => {
                    if std::mem::take(&mut self.blank) && !self.line.is_empty() {
                        self.line.push(' ');
                    }
                    self.line.push(letter);
                }
            }
        }
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        if self.is_silent(tag) {
            return;
        }
        if tag.is(PARAGRAPHS) {
            self.end_line(false);
            self.gap = true;
        } else if tag.is(BLOCKS) {
            self.end_line(tag.is(&["br"]));
        }
        match tag.name.to_ascii_lowercase().as_str() {
            "pre" => {
                self.pre = if tag.closes {
                    self.pre.saturating_sub(1)
                } else {
                    self.pre + 1
                }
            }
            "blockquote" if tag.closes => self.quoted = self.quoted.saturating_sub(1),
            "blockquote" => self.quoted += 1,
            "ul" | "ol" if tag.closes => {
                self.lists.pop();
            }
            "ul" if self.lists.len() < DEEPEST => self.lists.push(None),
            "ol" if self.lists.len() < DEEPEST => self.lists.push(Some(0)),
            "li" if !tag.closes => self.item(),
            "td" | "th" if !tag.closes && !self.line.is_empty() => self.line.push_str("  "),
            "a" if tag.closes => self.end_link(),
            "a" => {
                let link = decoded(tag.attribute("href").unwrap_or_default());
                // Its text begins behind the blank before it.
                if std::mem::take(&mut self.blank) && !self.line.is_empty() {
                    self.line.push(' ');
                }
                self.links.truncate(DEEPEST);
                self.links.push((link, self.line.len()));
            }
            "img" => {
                let words = tag.attribute("alt").unwrap_or_default();
                if words.len() <= LONGEST_LINK {
                    self.words(words);
                }
            }
            _ => {}
        }
    }

    /// Whether what stands here is not to be seen; counts the elements by which that ends.
    fn is_silent(&mut self, tag: &Tag<'_>) -> bool {
        if let Some((name, depth)) = &mut self.silent {
            if tag.name.eq_ignore_ascii_case(name) {
                *depth = if tag.closes { *depth - 1 } else { *depth + 1 };
            }
            if *depth == 0 {
                self.silent = None;
            }
            return true;
        }
        let is_alone =
            tag.attributes.ends_with('/') || tag.is(&["br", "hr", "img", "input", "meta", "link", "wbr"]);
        let hides = !tag.closes && !is_alone && (tag.is(SILENT) || tag.is_hidden());
        if hides {
            self.silent = Some((tag.name.to_owned(), 1));
        }
        hides
    }

    fn item(&mut self) {
        let indent = "  ".repeat(self.lists.len().saturating_sub(1));
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number = number.saturating_add(1);
                format!("{number}. ")
            }
            _ => "- ".to_owned(),
        };
        self.line = format!("{indent}{mark}");
        self.blank = false;
    }

    /// The address of a link behind its words, where they do not say it.
    fn end_link(&mut self) {
        let Some((link, start)) = self.links.pop() else {
            return;
        };
        let said = self.line.get(start..).unwrap_or_default().trim().to_owned();
        let target = link.trim().trim_end_matches('/');
        let is_web = target.starts_with("http://") || target.starts_with("https://");
        let bare = target.split_once("://").map_or(target, |(_, bare)| bare);
        if !is_web || said.is_empty() || target.len() > LONGEST_LINK || said.contains(bare) {
            return;
        }
        self.line.push_str(&format!(" ({target})"));
    }

    fn end_line(&mut self, even_empty: bool) {
        let line = std::mem::take(&mut self.line);
        self.blank = false;
        for (_, start) in &mut self.links {
            *start = 0;
        }
        if line.trim().is_empty() {
            if even_empty && !self.out.is_empty() {
                self.gap = true;
            }
            return;
        }
        let marks = "> ".repeat(self.quoted.min(DEEPEST));
        if std::mem::take(&mut self.gap) && !self.out.is_empty() {
            self.out.push_str(marks.trim_end());
            self.out.push('\n');
        }
        self.out.push_str(&marks);
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn finish(mut self) -> String {
        self.end_line(false);
        self.out
    }
}

/// Text with its entities as the letters that they stand for.
fn decoded(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at_checked(at).unwrap_or((rest, ""));
        text.push_str(before);
        let end = entity
            .char_indices()
            .take(34)
            .find(|(_, letter)| *letter == ';')
            .map(|(end, _)| end + 1);
        let (token, after) = match end {
            Some(end) => entity.split_at_checked(end).unwrap_or((entity, "")),
            None => entity.split_at_checked(1).unwrap_or((entity, "")),
        };
        add_html_token(&mut text, token.as_bytes(), false);
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_see_stays() {
        let cases = [
            (
                "<p>Hello&nbsp;<b>Ann</b>,</p><p>how are\n you?</p>",
                "Hello Ann,\n\nhow are you?\n",
            ),
            ("<div>one<br>two<br><br>three</div>", "one\ntwo\n\nthree\n"),
            ("<ul><li>a<li>b<ol><li>c</ol></ul>", "- a\n- b\n  1. c\n"),
            (
                "see <a href=\"https://firm.example/x\">our offer</a> or <a href='https://firm.example'>firm.example</a>",
                "see our offer (https://firm.example/x) or firm.example\n",
            ),
            (
                "<a href=\"mailto:ann@firm.example\">ann@firm.example</a>",
                "ann@firm.example\n",
            ),
            (
                "<head><title>t</title></head><style>p{}</style><script>if (a<b) {}</script>hi",
                "hi\n",
            ),
            (
                "<div style=\"display: none\">preview<div>x</div></div>seen",
                "seen\n",
            ),
            (
                "<blockquote>old<blockquote>older</blockquote></blockquote>new",
                "> old\n> > older\nnew\n",
            ),
            (
                "1 < 2 &amp; 3 &gt; 2 &#20320;&#x597d; &unknown; &",
                "1 < 2 & 3 > 2 你好 &unknown; &\n",
            ),
            ("<pre>a\n  b</pre>", "a\n  b\n"),
            (
                "<table><tr><td>Total<td>5</tr><tr><td>Tax</td><td>1</td></tr></table>",
                "Total  5\nTax  1\n",
            ),
            ("<!-- <p>no</p> -->yes<img src=x alt='a chart'>", "yesa chart\n"),
            ("<p title='a > b'>quoted</p>", "quoted\n"),
        ];
        for (html, expected) in cases {
            assert_eq!(to_text(html), expected, "{html}");
        }
    }

    #[test]
    fn a_hostile_document_takes_no_time_and_no_room() {
        for html in [
            "<div>".repeat(200_000),
            "<ul><li>".repeat(100_000),
            "<blockquote>x".repeat(100_000),
            "<a href=\"".repeat(100_000),
            "<script></".repeat(100_000),
            "<style><".repeat(100_000),
            "&".repeat(500_000),
            "<!--".repeat(200_000),
            "<x =".repeat(200_000),
        ] {
            let text = to_text(&html);
            assert!(text.len() <= 20 * html.len(), "{}", text.len());
        }
    }

    proptest! {
        #[test]
        fn any_document_is_read(html in any::<String>()) {
            to_text(&html);
        }

        #[test]
        fn any_markup_is_read(parts in proptest::collection::vec(prop_oneof![
            Just("<"), Just(">"), Just("</"), Just("<div"), Just("<a href="), Just("\""), Just("'"), Just("="), Just("<li>"),
            Just("</a>"), Just("<blockquote>"), Just("</blockquote>"), Just("<script>"), Just("</script"), Just("<!--"),
            Just("-->"), Just("&"), Just(";"), Just("&#x"), Just("é"), Just(" "), Just("style=display:none"), Just("张"),
        ], 0..40)) {
            to_text(&parts.concat());
        }
    }
}
