//! What an article is: something that is said again and again, to the customer or among us.

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;

/// What an article is for: a canned reply, or knowledge to look up.
pub const TYPES: &[&str] = &[REPLY, ARTICLE];

/// An answer that is sent as it stands, values in braces.
pub const REPLY: &str = "reply";

/// Something to look up.
pub const ARTICLE: &str = "article";

/// How far an article is, in order.
pub const STATUSES: &[&str] = &[DRAFT, PUBLISHED, "archived"];

/// It is still written.
pub const DRAFT: &str = "draft";

/// It may be used.
pub const PUBLISHED: &str = "published";

/// The columns of a list.
pub const COLUMNS: &[&str] = &["key", "type", "status", "language", "topic", "title", "tickets"];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::UID,
    Field::write(
        "key",
        FieldType::Text,
        &["name", "article", "文章", "名称"],
        "name of the article",
    ),
    Field::write(
        "title",
        FieldType::Text,
        &["subject", "标题"],
        "what it is about, in one line; the first heading of the body, unless it is given",
    ),
    Field::write(
        "type",
        FieldType::Word(TYPES),
        &["类型"],
        "reply: a canned reply, whose values stand in braces; article: something to look up",
    ),
    Field::write(
        "status",
        FieldType::Word(STATUSES),
        &["状态"],
        "draft, published or archived; only what is published is sent and suggested",
    ),
    Field::write(
        "language",
        FieldType::Text,
        &["语言"],
        "language that it is written in, as a BCP 47 tag",
    ),
    Field::write(
        "topic",
        FieldType::Text,
        &["category", "分类", "主题"],
        "what part of our work it is about, in free words",
    ),
    Field::write(
        "body",
        FieldType::LongText,
        &["text", "content", "内容", "正文"],
        "what it says, in Markdown",
    ),
    Field::TAGS,
    Field::read("tickets", FieldType::Integer, &[], "how many tickets it helped"),
    Field::CREATED_AT,
    Field::read(
        "created_by",
        FieldType::Link(Noun::User),
        &["author", "作者"],
        "user who made the record",
    ),
    Field::UPDATED_AT,
    Field::UPDATED_BY,
    Field::DELETED_AT,
    Field::VERSION,
];

/// The title of a text: its first heading; none if it does not begin with one.
pub fn heading(body: &str) -> Option<&str> {
    let first = body.lines().find(|line| !line.trim().is_empty())?;
    let title = first.trim_start().trim_start_matches('#');
    let is_heading = title.len() < first.trim_start().len() && title.starts_with(' ');
    Some(title.trim().trim_end_matches('#').trim_end()).filter(|title| is_heading && !title.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_called_by_its_first_heading() {
        for (body, title) in [
            ("# How to start it\n\nPress.", Some("How to start it")),
            ("\n\n  ## 打印机 ##\ntext", Some("打印机")),
            ("Press.\n# Later", None),
            ("#hash", None),
            ("# ", None),
            ("", None),
        ] {
            assert_eq!(heading(body), title, "{body:?}");
        }
    }
}
