//! A form as a page that a browser shows without scripts: plain controls with labels, in the order of the form.

use std::fmt::Write;

/// What a visitor fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// What it is called in a submission.
    pub name: String,
    /// What stands above it.
    pub label: String,
    /// What stands below it; empty for nothing.
    pub help: String,
    /// What it is to begin with.
    pub value: String,
    /// Whether it has to be filled.
    pub required: bool,
    /// The most letters; none for any number.
    pub longest: Option<usize>,
    /// What alone may be chosen; empty for anything.
    pub options: Vec<String>,
    /// How it is filled.
    pub kind: Kind,
}

/// How a control is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// On one line; the words are the type of the input and what a browser fills in by itself, empty for nothing.
    Line(&'static str, &'static str),
    /// On several lines.
    Text,
    /// Yes or nothing.
    Tick,
    /// Not at all.
    Hidden,
}

/// A form as a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The heading.
    pub heading: String,
    /// Where the browser sends it; empty for the address of the page itself.
    pub action: String,
    /// The language as a BCP 47 tag.
    pub language: String,
    /// What is filled, in order.
    pub controls: Vec<Control>,
    /// The name of a field that people do not see; empty for none.
    pub honeypot: String,
}

/// Words of the page itself: what sends it, what has to be filled, what people are to leave blank.
struct Words {
    send: &'static str,
    required: &'static str,
    blank: &'static str,
    choose: &'static str,
}

const ENGLISH: Words = Words {
    send: "Send",
    required: "required",
    blank: "Leave this blank",
    choose: "Please choose",
};

const CHINESE: Words = Words {
    send: "提交",
    required: "必填",
    blank: "请留空",
    choose: "请选择",
};

impl Page {
    /// The whole page, in UTF-8.
    pub fn html(&self) -> String {
        let mut html = String::new();
        let main = self.language.split(['-', '_']).next().unwrap_or_default();
        let words = if main == "zh" { &CHINESE } else { &ENGLISH };
        // Writing to a string cannot fail.
        self.write(&mut html, words).unwrap_or_default();
        html
    }

    fn write(&self, html: &mut String, words: &Words) -> std::fmt::Result {
        let heading = escaped(&self.heading);
        writeln!(
            html,
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>",
            escaped(&self.language)
        )?;
        writeln!(html, "<meta charset=\"utf-8\">")?;
        writeln!(
            html,
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        )?;
        writeln!(
            html,
            "<title>{heading}</title>\n</head>\n<body>\n<main>\n<h1>{heading}</h1>"
        )?;
        let action = match self.action.as_str() {
            "" => String::new(),
            action => format!(" action=\"{}\"", escaped(action)),
        };
        writeln!(html, "<form method=\"post\"{action} accept-charset=\"utf-8\">")?;
        writeln!(html, "<input type=\"hidden\" name=\"_charset_\">")?;
        for (number, control) in (1..).zip(&self.controls) {
            control.write(html, words, &format!("f{number}"))?;
        }
        if !self.honeypot.is_empty() {
            let name = escaped(&self.honeypot);
            writeln!(
                html,
                "<p style=\"position:absolute;left:-10000px\" aria-hidden=\"true\">"
            )?;
            writeln!(html, "<label for=\"f0\">{}</label>", words.blank)?;
            writeln!(
                html,
                "<input id=\"f0\" name=\"{name}\" tabindex=\"-1\" autocomplete=\"off\">\n</p>"
            )?;
        }
        writeln!(html, "<p><button type=\"submit\">{}</button></p>", words.send)?;
        writeln!(html, "</form>\n</main>\n</body>\n</html>")
    }
}

impl Control {
    fn write(&self, html: &mut String, words: &Words, id: &str) -> std::fmt::Result {
        let name = escaped(&self.name);
        let value = escaped(&self.value);
        if self.kind == Kind::Hidden {
            return writeln!(html, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
        }
        let mark = match self.required {
            true => format!(" <small>({})</small>", words.required),
            false => String::new(),
        };
        let label = format!("<label for=\"{id}\">{}{mark}</label>", escaped(&self.label));
        let mut rest = format!("id=\"{id}\" name=\"{name}\"");
        if self.required {
            rest.push_str(" required");
        }
        if !self.help.is_empty() {
            write!(rest, " aria-describedby=\"{id}h\"")?;
        }
        if let Some(longest) = self.longest.filter(|_| self.options.is_empty()) {
            write!(rest, " maxlength=\"{longest}\"")?;
        }
        writeln!(html, "<p>")?;
        match (self.kind, self.options.is_empty()) {
            (Kind::Tick, _) => writeln!(html, "<input type=\"checkbox\" {rest} value=\"yes\">\n{label}")?,
            (_, false) => {
                writeln!(
                    html,
                    "{label}<br>\n<select {rest}>\n<option value=\"\">{}</option>",
                    words.choose
                )?;
                for option in &self.options {
                    let chosen = if *option == self.value { " selected" } else { "" };
                    let option = escaped(option);
                    writeln!(html, "<option value=\"{option}\"{chosen}>{option}</option>")?;
                }
                writeln!(html, "</select>")?;
            }
            // A browser drops the first line end of the content.
            (Kind::Text, _) => writeln!(
                html,
                "{label}<br>\n<textarea {rest} rows=\"6\" cols=\"40\">\n{value}</textarea>"
            )?,
            (Kind::Line(kind, fills), _) => {
                if !fills.is_empty() {
                    write!(rest, " autocomplete=\"{fills}\"")?;
                }
                if !self.value.is_empty() {
                    write!(rest, " value=\"{value}\"")?;
                }
                writeln!(html, "{label}<br>\n<input type=\"{kind}\" {rest}>")?;
            }
            (Kind::Hidden, _) => {}
        }
        if !self.help.is_empty() {
            writeln!(html, "<br><small id=\"{id}h\">{}</small>", escaped(&self.help))?;
        }
        writeln!(html, "</p>")
    }
}

/// A text that no browser takes for anything else.
pub(crate) fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&#39;"),
            '\n' => written.push('\n'),
            letter if letter.is_control() => written.push(' '),
            letter => written.push(letter),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn control(name: &str, kind: Kind) -> Control {
        Control {
            name: name.to_owned(),
            label: name.to_owned(),
            help: String::new(),
            value: String::new(),
            required: false,
            longest: None,
            options: Vec::new(),
            kind,
        }
    }

    fn page(controls: Vec<Control>) -> Page {
        Page {
            heading: "Contact".to_owned(),
            action: String::new(),
            language: "en".to_owned(),
            controls,
            honeypot: String::new(),
        }
    }

    #[test]
    fn a_page_of_every_control() {
        let mut email = control("contact[email]", Kind::Line("email", "email"));
        email.label = "邮箱".to_owned();
        email.help = "<只用于回复>".to_owned();
        email.required = true;
        let mut size = control("size", Kind::Line("text", ""));
        size.options = vec!["S".to_owned(), "L & XL".to_owned()];
        size.value = "L & XL".to_owned();
        let mut hidden = control("utm", Kind::Hidden);
        hidden.value = "spring".to_owned();
        let mut text = control("message", Kind::Text);
        text.longest = Some(500);
        let page = Page {
            heading: "联系我们".to_owned(),
            action: "/send?a=1&b=2".to_owned(),
            language: "zh-CN".to_owned(),
            honeypot: "url2".to_owned(),
            ..page(vec![email, size, hidden, text, control("news", Kind::Tick)])
        };
        insta::assert_snapshot!(page.html(), @r#"
        <!DOCTYPE html>
        <html lang="zh-CN">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>联系我们</title>
        </head>
        <body>
        <main>
        <h1>联系我们</h1>
        <form method="post" action="/send?a=1&amp;b=2" accept-charset="utf-8">
        <input type="hidden" name="_charset_">
        <p>
        <label for="f1">邮箱 <small>(必填)</small></label><br>
        <input type="email" id="f1" name="contact[email]" required aria-describedby="f1h" autocomplete="email">
        <br><small id="f1h">&lt;只用于回复&gt;</small>
        </p>
        <p>
        <label for="f2">size</label><br>
        <select id="f2" name="size">
        <option value="">请选择</option>
        <option value="S">S</option>
        <option value="L &amp; XL" selected>L &amp; XL</option>
        </select>
        </p>
        <input type="hidden" name="utm" value="spring">
        <p>
        <label for="f4">message</label><br>
        <textarea id="f4" name="message" maxlength="500" rows="6" cols="40">
        </textarea>
        </p>
        <p>
        <input type="checkbox" id="f5" name="news" value="yes">
        <label for="f5">news</label>
        </p>
        <p style="position:absolute;left:-10000px" aria-hidden="true">
        <label for="f0">请留空</label>
        <input id="f0" name="url2" tabindex="-1" autocomplete="off">
        </p>
        <p><button type="submit">提交</button></p>
        </form>
        </main>
        </body>
        </html>
        "#);
    }

    proptest! {
        #[test]
        fn nothing_gets_out_of_its_place(text in "[<>\"'&a\n/]{0,20}", tick in any::<bool>()) {
            let plain = page(vec![control("x", if tick { Kind::Tick } else { Kind::Line("text", "") })]);
            let mut hostile = plain.clone();
            for control in &mut hostile.controls {
                control.name.clone_from(&text);
                control.label.clone_from(&text);
                control.value.clone_from(&text);
            }
            hostile.heading.clone_from(&text);
            hostile.action = format!("/{text}");
            let marks = |html: &str| html.matches(['<', '>']).count();
            prop_assert_eq!(marks(&hostile.html()), marks(&plain.html()));
            // Quotes come in pairs, and those of an action and a value are the only further ones.
            let quotes = |html: &str| html.matches('"').count();
            let more = 2 + if tick || text.is_empty() { 0 } else { 2 };
            prop_assert_eq!(quotes(&hostile.html()), quotes(&plain.html()) + more);
        }
    }
}
