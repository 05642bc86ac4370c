//! A printed order or quote: laid out once, as blocks; written as Markdown or as a page that stands alone.

mod html;
mod markdown;
#[cfg(test)]
mod tests;
mod words;

pub use html::html;
pub use markdown::markdown;

use crate::domain::paper::{Item, Paper, Party};
use crate::domain::sale::Tax;
use crate::domain::sale::notation::{percent_text, quantity_text};
use crate::wire::paper::words::{Phrase, amount, day, say};

/// A part of the document, from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Block {
    /// What it is, and what must not be overlooked.
    Heading {
        text: String,
        mark: Option<String>,
        title: String,
    },
    /// Who sells and who buys, each under a label.
    Parties(Vec<(String, Vec<String>)>),
    /// Labels with what is behind them.
    Facts(Vec<(String, String)>),
    /// A table under a title, which may be empty.
    Table {
        title: String,
        columns: Vec<Column>,
        rows: Vec<Vec<String>>,
    },
    /// Sums; the last but `rest` is what it comes to.
    Sums {
        rows: Vec<(String, String)>,
        total: (String, String),
        rest: Vec<(String, String)>,
    },
    /// Lines of text under a title.
    Text { title: String, lines: Vec<String> },
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    name: String,
    is_number: bool,
}

/// The document as blocks.
fn blocks(paper: &Paper) -> Vec<Block> {
    let mut blocks = vec![
        Block::Heading {
            text: words::heading(paper),
            mark: words::mark(paper).map(str::to_owned),
            title: paper.title.clone(),
        },
        parties(paper),
        facts(paper),
        items(paper),
        sums(paper),
    ];
    blocks.extend(plan(paper));
    blocks.extend(received(paper));
    let text = |title: Phrase, lines: Vec<String>| Block::Text {
        title: say(title, paper.language).to_owned(),
        lines,
    };
    if !paper.account.is_empty() {
        blocks.push(text(words::ACCOUNT, paper.account.clone()));
    }
    if !paper.terms.is_empty() {
        blocks.push(text(
            words::TERMS,
            paper.terms.lines().map(str::to_owned).collect(),
        ));
    }
    blocks
}

fn parties(paper: &Paper) -> Block {
    let language = paper.language;
    let party = |label: Phrase, party: &Party| {
        let mut lines: Vec<String> = Some(party.name.clone())
            .into_iter()
            .chain(party.lines.iter().cloned())
            .filter(|line| !line.is_empty())
            .collect();
        for (label, text) in [(words::CONTACT, &party.contact), (words::TAX_ID, &party.tax_id)] {
            if !text.is_empty() {
                lines.push(format!("{}: {text}", say(label, language)));
            }
        }
        (say(label, language).to_owned(), lines)
    };
    let seller = paper.seller.as_ref().map(|seller| party(words::FROM, seller));
    let buyer = party(words::FOR, &paper.buyer);
    Block::Parties(seller.into_iter().chain([buyer]).collect())
}

fn facts(paper: &Paper) -> Block {
    let days = [
        (words::DATE, Some(paper.on)),
        (words::VALID, paper.valid_until),
        (words::PROMISED, paper.promised_on),
        // A plan says it better.
        (words::DUE, paper.due_on.filter(|_| paper.plan.is_empty())),
    ];
    let known = days.into_iter().filter_map(|(label, on)| Some((label, on?)));
    let fact = |(label, on)| (say(label, paper.language).to_owned(), day(on, paper.language));
    Block::Facts(known.map(fact).collect())
}

fn column(phrase: Phrase, is_number: bool, paper: &Paper) -> Column {
    Column {
        name: say(phrase, paper.language).to_owned(),
        is_number,
    }
}

/// The lines; a column that would say nothing is not there.
fn items(paper: &Paper) -> Block {
    let has_discount = paper.items.iter().any(|item| item.discount != 0);
    let has_tax = paper.items.iter().any(|item| item.tax_rate != 0);
    let mut columns = vec![
        column(words::POSITION, true, paper),
        column(words::ITEM, false, paper),
        column(words::QUANTITY, true, paper),
        column(words::PRICE, true, paper),
    ];
    if has_discount {
        columns.push(column(words::DISCOUNT, true, paper));
    }
    if has_tax {
        columns.push(column(words::TAX, true, paper));
    }
    columns.push(column(words::AMOUNT, true, paper));
    let percent = |rate: i64| match rate {
        0 => String::new(),
        rate => format!("{}%", percent_text(rate)),
    };
    let row = |(number, item): (usize, &Item)| {
        let name = match item.code.is_empty() {
            true => item.name.clone(),
            false => format!("{} ({})", item.name, item.code),
        };
        let quantity = [quantity_text(item.quantity), item.unit.clone()];
        let quantity: Vec<String> = quantity.into_iter().filter(|part| !part.is_empty()).collect();
        let mut row = vec![
            number.to_string(),
            name,
            quantity.join(" "),
            amount(paper.money(item.unit_price)),
        ];
        if has_discount {
            row.push(percent(item.discount));
        }
        if has_tax {
            row.push(percent(item.tax_rate));
        }
        row.push(amount(paper.money(item.amount)));
        row
    };
    Block::Table {
        title: String::new(),
        columns,
        rows: (1..).zip(&paper.items).map(row).collect(),
    }
}

fn sums(paper: &Paper) -> Block {
    let language = paper.language;
    let line = |phrase: Phrase, minor: i64| (say(phrase, language).to_owned(), amount(paper.money(minor)));
    let mut rows = vec![line(words::SUBTOTAL, paper.subtotal)];
    if paper.discount != 0 {
        rows.push(line(words::DISCOUNT, paper.discount.saturating_neg()));
    }
    if paper.shipping != 0 {
        rows.push(line(words::SHIPPING, paper.shipping));
    }
    let tax = match paper.tax {
        Tax::Added => words::TAX,
        Tax::Included => words::TAX_INCLUDED,
    };
    for (rate, minor) in &paper.taxes {
        let (label, text) = line(tax, *minor);
        rows.push((format!("{label} {}%", percent_text(*rate)), text));
    }
    let rest = match paper.received.is_empty() {
        true => Vec::new(),
        false => vec![line(words::PAID, paper.paid), line(words::BALANCE, paper.balance)],
    };
    Block::Sums {
        rows,
        total: line(words::TOTAL, paper.total),
        rest,
    }
}

fn plan(paper: &Paper) -> Option<Block> {
    if paper.plan.is_empty() {
        return None;
    }
    let rows = paper.plan.iter().map(|due| {
        vec![
            day(due.on, paper.language),
            amount(paper.money(due.amount)),
            amount(paper.money(due.paid)),
        ]
    });
    Some(Block::Table {
        title: say(words::PLAN, paper.language).to_owned(),
        columns: vec![
            column(words::DUE, false, paper),
            column(words::AMOUNT, true, paper),
            column(words::PAID, true, paper),
        ],
        rows: rows.collect(),
    })
}

fn received(paper: &Paper) -> Option<Block> {
    if paper.received.is_empty() {
        return None;
    }
    let rows = paper.received.iter().map(|received| {
        let method = words::method(&received.method, paper.language);
        let (method, sign) = match received.is_refund {
            true => (format!("{}, {method}", say(words::REFUND, paper.language)), -1),
            false => (method, 1),
        };
        vec![
            day(received.on, paper.language),
            method,
            received.reference.clone(),
            amount(paper.money(received.amount.saturating_mul(sign))),
        ]
    });
    Some(Block::Table {
        title: say(words::PAYMENTS, paper.language).to_owned(),
        columns: vec![
            column(words::DATE, false, paper),
            column(words::METHOD, false, paper),
            column(words::REFERENCE, false, paper),
            column(words::AMOUNT, true, paper),
        ],
        rows: rows.collect(),
    })
}
