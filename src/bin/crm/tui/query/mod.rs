//! What the dashboard reads. A query is data; a worker runs it on a snapshot of its own.

pub(crate) mod board;
pub(crate) mod notices;
pub(crate) mod record;
pub(crate) mod reports;
pub(crate) mod work;

use crm::domain::count::Count;
use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::error::{Error, Result};
use crm::ops::window::{self, Window};
use crm::ops::{find, list, notify, propose, refer, view};
use crm::report::Report;
use crm::report::behind::Row;
use crm::report::story::{self, Limit, Story};
use crm::store::attachments::{self, Attachment};
use crm::store::history::{self, Edit};
use crm::store::{ReadTx, links, log, records};
use jiff::civil::Date;

use crate::tui::page::duplicates::read as duplicates;
use crate::tui::page::today::read as today;
use crate::tui::page::week::read as week;

use crate::tui::query::reports::{Ask, Behind};
use crate::tui::query::work::{Touched, touched, views};

use crate::tui::act::copy;
use crate::tui::modal::palette::reach;

/// A question to the base.
#[derive(Debug, Clone)]
pub(crate) enum Query {
    /// A stretch of a list.
    Window(window::Request),
    /// How many records of the noun the filters select.
    Total(Noun, Vec<String>),
    /// A record with its story.
    Sheet(Noun, Id),
    /// The agenda of the acting user, with at most so many entries a section.
    Agenda(i64),
    /// The figures under the agenda.
    Figures,
    /// What to know about a record before something is done about it.
    Preview(Link),
    /// A task, or the next open task about a customer or a deal.
    Step(Link),
    /// What is planned in the week that begins with this day.
    Week(Date),
    /// Whether it is a base of samples in which nobody has changed anything yet.
    Fresh,
    /// Which record a text means.
    Refer(String),
    /// Something that has to be known for changing records.
    Change(record::Question),
    /// Reports.
    Reports(Vec<Ask>),
    /// The records behind a row of a report.
    Behind(Box<Ask>, Box<Row>),
    /// Something about pipelines and their deals.
    Pipeline(board::Question),
    /// The saved views of a noun.
    Views(Noun),
    /// What the end of a filter may become.
    Propose(Noun, String),
    /// The files and links of a record.
    Files(Id),
    /// What was changed of a record.
    Changes(Noun, Id),
    /// Operations before one, the latest first, at most so many.
    Log(Option<Id>, i64),
    /// What an operation changed.
    Operation(Id),
    /// Records of one noun, as they leave the program.
    Rows(Vec<Link>),
    /// Saved views and labels.
    Known,
    /// What the acting user was told, the newest first, at most so much.
    Notices(i64),
    /// How much of it was not read yet.
    Unread,
    /// Who may be there twice; where the base is large, which of these still are.
    Duplicates(Vec<duplicates::Double>),
    /// The records that a text means or finds, of one noun or of any.
    Reach(String, Option<Noun>),
    /// What happened with a record, the latest first.
    Timeline {
        record: Link,
        /// Only what comes after this activity.
        after: Option<Id>,
        /// Only activities of this type.
        kind: Option<String>,
        /// At most so many.
        most: usize,
    },
}

/// What the base said.
#[derive(Debug)]
pub(crate) enum Answer {
    Window(Window),
    Total(Count),
    Sheet(Box<Sheet>),
    Agenda(Box<today::Agenda>),
    Figures(Box<today::Figures>),
    Preview(Box<today::Preview>),
    Step(Option<today::Step>),
    Week(Box<week::Week>),
    Fresh(today::Freshness),
    /// Operations before the one that was named.
    Operations(Option<Id>, Vec<log::Op>),
    Refer(Link),
    Change(record::Found),
    Reports(Vec<Report>),
    Behind(Behind),
    Pipeline(board::Found),
    Views(Vec<view::Saved>),
    Proposal(propose::Proposal),
    Files(Vec<Attachment>),
    Changes(Vec<Edit>),
    /// What this operation changed.
    Operation(Id, Vec<Touched>),
    Rows(Box<copy::Rows>),
    Known(reach::Known),
    Notices(Vec<notices::Notice>),
    Unread(u64),
    Duplicates(duplicates::Doubles),
    Reach(Vec<find::Hit>),
    Timeline(story::Page),
}

/// All that is known of a record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) record: Link,
    /// Every field with a value, in the order of the field table.
    pub(crate) fields: Vec<(String, FieldType, Value)>,
    pub(crate) story: Story,
}

impl Sheet {
    /// The value of a field; null if nothing is known.
    pub(crate) fn value(&self, name: &str) -> &Value {
        let found = self.fields.iter().find(|(known, ..)| known == name);
        found.map_or(&Value::Null, |(_, _, value)| value)
    }
}

impl Query {
    /// Asks the base.
    ///
    /// # Errors
    ///
    /// Whatever the operation fails with; `Interrupted` if somebody wants to know something newer.
    pub(crate) fn run(&self, tx: &ReadTx<'_>) -> Result<Answer> {
        Ok(match self {
            Query::Window(request) => Answer::Window(window::window(tx, request)?),
            Query::Total(noun, filters) => Answer::Total(window::counted(tx, *noun, filters)?),
            Query::Sheet(noun, id) => Answer::Sheet(Box::new(sheet(tx, *noun, *id)?)),
            Query::Agenda(limit) => Answer::Agenda(Box::new(today::read(tx, *limit)?)),
            Query::Figures => Answer::Figures(Box::new(today::figures(tx)?)),
            Query::Preview(link) => Answer::Preview(Box::new(today::preview(tx, link)?)),
            Query::Step(link) => Answer::Step(today::step(tx, link)?),
            Query::Week(first) => Answer::Week(Box::new(week::read(tx, *first)?)),
            Query::Fresh => Answer::Fresh(today::freshness(tx)?),
            Query::Change(question) => Answer::Change(question.run(tx)?),
            Query::Pipeline(question) => question.run(tx)?,
            Query::Refer(text) => {
                let (noun, id) = refer::any(tx, text)?;
                let link = links::link(tx, noun, id)?;
                Answer::Refer(link.ok_or_else(|| Error::not_found(noun, text))?)
            }
            Query::Reports(asks) => {
                Answer::Reports(asks.iter().map(|ask| ask.run(tx)).collect::<Result<_>>()?)
            }
            Query::Behind(ask, row) => Answer::Behind(ask.behind(tx, row)?),
            Query::Views(noun) => Answer::Views(views(tx, *noun)?),
            Query::Propose(noun, text) => Answer::Proposal(propose::filter(tx, *noun, text, PROPOSED)?),
            Query::Files(id) => Answer::Files(attachments::of(tx, *id)?),
            Query::Changes(noun, id) => Answer::Changes(history::of(tx, *noun, *id)?),
            Query::Log(op, limit) => Answer::Operations(*op, log::before(tx, *op, *limit)?),
            Query::Operation(op) => Answer::Operation(*op, touched(tx, *op)?),
            Query::Rows(links) => Answer::Rows(Box::new(copy::rows(tx, links)?)),
            Query::Duplicates(known) => Answer::Duplicates(duplicates::read(tx, known)?),
            Query::Notices(most) => Answer::Notices(notices::list(tx, *most)?),
            Query::Unread => Answer::Unread(notify::unread(tx)?),
            Query::Known => Answer::Known(reach::known(tx)?),
            Query::Reach(text, noun) => Answer::Reach(reach::records(tx, text, *noun)?),
            Query::Timeline {
                record,
                after,
                kind,
                most,
            } => {
                let asked = story::Asked {
                    after: *after,
                    kind: kind.as_deref(),
                    most: Some(*most),
                };
                Answer::Timeline(story::page(tx, record.noun, record.id, asked)?)
            }
        })
    }
}

/// At most so many records are proposed for the end of a filter.
const PROPOSED: usize = 8;

fn sheet(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Sheet> {
    let columns = list::all_columns(tx, noun)?;
    let row = records::get(tx, noun, id, &columns)?;
    let row = row.ok_or_else(|| Error::not_found(noun, &id.uid()))?;
    let story = story::of(tx, noun, id, Limit::PAGE)?;
    let fields = columns
        .into_iter()
        .zip(row)
        .filter(|(_, value)| !value.is_empty())
        .map(|(column, value)| (column.name, column.kind, value))
        .collect();
    Ok(Sheet {
        record: story.record.clone(),
        fields,
        story,
    })
}
