//! Fields with named parts (details of addresses, stages, intervals): read record by record for full exports, and
//! written back by full imports.

use rusqlite::Row;
use rusqlite::types::{Value as Sql, ValueRef};

use crate::domain::id::Id;
use crate::domain::money::{Currency, Money};
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::store::links;
use crate::store::records::instant;
use crate::store::rows::scalar;
use crate::store::tx::{Column, ReadTx, WriteTx};

/// The columns of an address beyond the main one.
pub(crate) const ADDRESS: [&str; 7] = [
    "label",
    "street",
    "district",
    "city",
    "region",
    "postal_code",
    "country",
];

/// The value of the field `name` of one record: a list of maps.
///
/// What is null or empty is left out, so that only what is known is written.
pub(crate) fn load(tx: &ReadTx<'_>, noun: Noun, name: &str, id: Id) -> Result<Value> {
    let mut items = Vec::new();
    for sql in statements(noun, name)? {
        let mut statement = tx.connection().prepare_cached(sql)?;
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([id.raw()])?;
        while let Some(row) = rows.next()? {
            let mut entries = Vec::new();
            for (at, column) in columns.iter().enumerate() {
                let (name, value) = decode(tx, column, row, at)?;
                if !value.is_empty() {
                    entries.push((name.to_owned(), value));
                }
            }
            items.push(Value::Map(entries));
        }
    }
    Ok(Value::List(items))
}

/// One part. What stands before a colon in the name of its column says how it is read: `link:NOUN:` an id,
/// `labels:` the id of what has labels, `milli:` and `centi:` a scaled number, `instant:` milliseconds, `money:` minor units
/// with their currency in the next column, `texts:` an array of texts, `skip:` nothing. Without one, names decide: `…_at` is an
/// instant, `is_…` yes or no.
fn decode<'c>(tx: &ReadTx<'_>, column: &'c str, row: &Row<'_>, at: usize) -> Result<(&'c str, Value)> {
    let (how, name) = column.rsplit_once(':').unwrap_or(("", column));
    let value = match (how, row.get_ref(at)?) {
        ("instant", ValueRef::Integer(ms)) => instant(ms)?,
        ("skip", _) | (_, ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_)) => Value::Null,
        ("texts", ValueRef::Text(text)) => {
            let texts: Vec<String> = serde_json::from_slice(text).unwrap_or_default();
            Value::List(texts.into_iter().map(Value::Text).collect())
        }
        ("labels", ValueRef::Integer(id)) => labels(tx, Id::from_raw(id))?,
        ("milli", ValueRef::Integer(number)) => scaled(number, 1000),
        ("centi", ValueRef::Integer(number)) => scaled(number, 100),
        ("money", ValueRef::Integer(minor)) => match Currency::parse(&row.get::<_, String>(at + 1)?) {
            Some(currency) => Value::Money(Money { minor, currency }),
            None => Value::Int(minor),
        },
        (link, ValueRef::Integer(id)) if link.starts_with("link") => {
            let noun = link.split_once(':').and_then(|(_, noun)| Noun::parse(noun));
            let noun = noun.ok_or_else(|| Error::internal(format!("{column} names no noun")))?;
            links::link(tx, noun, Id::from_raw(id))?.map_or(Value::Null, Value::Link)
        }
        (_, ValueRef::Integer(ms)) if name.ends_with("_at") => instant(ms)?,
        (_, ValueRef::Integer(number)) if name.starts_with("is_") => Value::Bool(number != 0),
        (_, ValueRef::Integer(number)) => Value::Int(number),
        (_, ValueRef::Text(text)) => Value::text(String::from_utf8_lossy(text)),
    };
    Ok((name, value))
}

/// A number that is kept as so many parts of one: whole where it is, else a decimal.
fn scaled(number: i64, parts: i64) -> Value {
    if number % parts == 0 {
        return Value::Int(number / parts);
    }
    let sign = if number < 0 { "-" } else { "" };
    let (whole, rest) = (
        number.unsigned_abs() / parts.unsigned_abs(),
        number.unsigned_abs() % parts.unsigned_abs(),
    );
    let places = if parts == 1000 { 3 } else { 2 };
    let digits = format!("{rest:0places$}");
    Value::Text(format!("{sign}{whole}.{}", digits.trim_end_matches('0')))
}

/// What people see of something, by language; `und` where nobody said which language it is.
fn labels(tx: &ReadTx<'_>, id: Id) -> Result<Value> {
    let all = tx.all(
        "SELECT CASE language WHEN '' THEN 'und' ELSE language END, text FROM label WHERE record_id = ?1 ORDER BY language",
        [id.raw()],
        |row| Ok((row.get::<_, String>(0)?, Value::Text(row.get(1)?))),
    )?;
    Ok(Value::Map(all))
}

fn statements(noun: Noun, name: &str) -> Result<&'static [&'static str]> {
    Ok(match (noun, name) {
        (Noun::Customer, "email_details") => &[
            "SELECT address AS email, label, validity, opted_out_at FROM email WHERE customer_id = ?1 ORDER BY position",
        ],
        (Noun::Customer, "phone_details") => &[
            "SELECT CASE e164 WHEN '' THEN raw ELSE e164 END AS phone, raw, extension, label, validity, opted_out_at
             FROM phone WHERE customer_id = ?1 ORDER BY position",
        ],
        (Noun::Customer, "address_details") => &[
            "SELECT label, street, district, city, region, postal_code, country
             FROM address WHERE customer_id = ?1 ORDER BY position",
        ],
        (Noun::Customer, "employments") => &[
            "SELECT company_id AS \"link:customer:company\", title, role, is_primary, started_on, ended_on
             FROM employment WHERE customer_id = ?1 ORDER BY ended_on IS NOT NULL, is_primary DESC, id DESC",
        ],
        (Noun::Customer, "relationships") => &[
            "SELECT type, other_id AS \"link:customer:customer\", note
             FROM relationship WHERE customer_id = ?1 ORDER BY id",
        ],
        (Noun::Customer | Noun::Ticket, "intervals") => &[VALUE_INTERVALS],
        (Noun::Pipeline, "stages") => &[
            "SELECT s.key, (SELECT text FROM label WHERE record_id = s.id ORDER BY language LIMIT 1) AS label,
                    s.id AS \"labels:labels\", s.type, s.probability, s.category, s.rot_days,
                    s.required AS \"texts:required\", s.checklist AS \"texts:checklist\", s.tasks AS \"texts:tasks\",
                    s.next AS \"texts:next\"
             FROM stage AS s WHERE s.pipeline_id = ?1 AND s.deleted_at IS NULL ORDER BY s.position",
        ],
        (Noun::Field, "labels") => &[
            "SELECT CASE language WHEN '' THEN 'und' ELSE language END AS language, text
             FROM label WHERE record_id = ?1 ORDER BY language",
        ],
        (Noun::Field, "option_details") => &[
            "SELECT o.key, o.id AS \"labels:labels\" FROM field AS f JOIN option AS o ON o.list = f.noun || '.' || f.key
             WHERE f.id = ?1 ORDER BY o.position, o.id",
        ],
        (Noun::Activity, "letter") => {
            &["SELECT thread, ancestors, subject, text FROM letter WHERE activity_id = ?1"]
        }
        (Noun::Deal, name) if name != "attachments" => return of_deal(name),
        (Noun::Quote, "line_details") => &[QUOTE_LINES],
        (Noun::Order, name) if name != "attachments" => return of_order(name),
        (Noun::Ticket, "steps") => TICKET_STEPS,
        (Noun::Ticket, "comments") => TICKET_COMMENTS,
        (_, "attachments") => &[
            "SELECT location, title, bytes, sha256, created_at,
                    (SELECT name FROM user WHERE user.id = attachment.created_by) AS created_by
             FROM attachment WHERE record_id = ?1 ORDER BY id",
        ],
        _ => return Err(Error::internal(format!("{name} of {noun} has no parts"))),
    })
}

/// The stays of a ticket.
const TICKET_STEPS: &[&str] = &[
            "SELECT step, CASE wait WHEN 'none' THEN '' ELSE wait END AS wait, nullif(is_cancelled, 0) AS is_cancelled, entered_at,
                    left_at, (SELECT name FROM user WHERE user.id = by_id) AS \"by\"
             FROM ticket_step WHERE ticket_id = ?1 ORDER BY id",
        ];

/// What was written about a ticket.
const TICKET_COMMENTS: &[&str] = &[
            "SELECT type, at AS \"instant:at\", text, channel, nullif(is_automatic, 0) AS is_automatic,
                    (SELECT name FROM user WHERE user.id = author_id) AS author, customer_id AS \"link:customer:customer\"
             FROM ticket_comment WHERE ticket_id = ?1 ORDER BY at, id",
        ];

/// The same for deals.
fn of_deal(name: &str) -> Result<&'static [&'static str]> {
    Ok(match name {
        "lines" => &[
            "SELECT l.product_id AS \"link:product:product\", l.description, l.quantity AS \"milli:quantity\",
                    l.unit_price AS \"money:unit_price\", d.currency AS \"skip:currency\", l.discount AS \"centi:discount\"
             FROM deal_line AS l JOIN deal AS d ON d.id = l.deal_id WHERE l.deal_id = ?1 ORDER BY l.position",
        ],
        "person_details" => &[
            "SELECT customer_id AS \"link:customer:customer\", role, is_primary
             FROM deal_person WHERE deal_id = ?1 ORDER BY id",
        ],
        "checklist" => &[
            "SELECT c.value AS item, x.id IS NOT NULL AS is_done, x.done_at,
                    (SELECT name FROM user WHERE user.id = x.done_by) AS done_by
             FROM deal AS d JOIN stage AS s ON s.id = d.stage_id JOIN json_each(s.checklist) AS c
             LEFT JOIN deal_step AS x
               ON x.deal_id = d.id AND x.stage_id = s.id AND x.type = 'check' AND x.item = c.value
             WHERE d.id = ?1 ORDER BY c.key",
        ],
        "steps" => &[
            "SELECT x.type, s.key AS stage, p.key AS pipeline, x.item, x.done_at,
                    (SELECT name FROM user WHERE user.id = x.done_by) AS done_by
             FROM deal_step AS x JOIN stage AS s ON s.id = x.stage_id JOIN pipeline AS p ON p.id = s.pipeline_id
             WHERE x.deal_id = ?1 ORDER BY x.id",
        ],
        "intervals" => &[
            "SELECT 'stage' AS attribute, s.key AS value, p.key AS pipeline, i.entered_on, i.left_on, i.entered_at,
                    i.left_at, i.direction, i.amount, i.probability
             FROM stage_interval AS i JOIN stage AS s ON s.id = i.stage_id JOIN pipeline AS p ON p.id = s.pipeline_id
             WHERE i.deal_id = ?1 ORDER BY i.id",
            "SELECT 'closed' AS attribute, (SELECT name FROM user WHERE user.id = closed_owner_id) AS value,
                    closed_on AS entered_on, closed_rate AS rate
             FROM deal WHERE id = ?1 AND closed_on IS NOT NULL",
            VALUE_INTERVALS,
        ],
        _ => return Err(Error::internal(format!("{name} of a deal has no parts"))),
    })
}

/// The lines of a quote.
const QUOTE_LINES: &str = "SELECT l.product_id AS \"link:product:product\", l.description, l.quantity AS \"milli:quantity\", l.unit,
                    l.unit_price AS \"money:unit_price\", q.currency AS \"skip:currency\", l.discount AS \"centi:discount\",
                    l.tax_rate AS \"centi:tax_rate\", l.cost AS \"money:cost\", q.currency AS \"skip:cost_currency\",
                    l.is_shipped
             FROM quote_line AS l JOIN quote AS q ON q.id = l.quote_id WHERE l.quote_id = ?1 ORDER BY l.position";

/// The same for orders.
fn of_order(name: &str) -> Result<&'static [&'static str]> {
    Ok(match name {
        "line_details" => &[
            "SELECT l.product_id AS \"link:product:product\", l.description, l.quantity AS \"milli:quantity\", l.unit,
                    l.unit_price AS \"money:unit_price\", o.currency AS \"skip:currency\", l.discount AS \"centi:discount\",
                    l.tax_rate AS \"centi:tax_rate\", l.cost AS \"money:cost\", o.currency AS \"skip:cost_currency\",
                    l.is_shipped
             FROM order_line AS l JOIN sales_order AS o ON o.id = l.order_id WHERE l.order_id = ?1 ORDER BY l.position",
        ],
        "plan" => &[
            "SELECT i.due_on, i.amount AS \"money:amount\", o.currency AS \"skip:currency\", i.note, i.remind_days
             FROM installment AS i JOIN sales_order AS o ON o.id = i.order_id WHERE i.order_id = ?1 ORDER BY i.position",
        ],
        "payments" => &[
            "SELECT p.type, p.status, p.received_on, p.amount AS \"money:amount\", o.currency AS \"skip:currency\",
                    p.amount_base, p.method, p.reference, p.note,
                    (SELECT i.position FROM installment AS i WHERE i.id = p.installment_id) AS part,
                    (SELECT name FROM user WHERE user.id = p.confirmed_by) AS confirmed_by, p.confirmed_at, p.created_at,
                    (SELECT name FROM user WHERE user.id = p.created_by) AS created_by
             FROM payment AS p JOIN sales_order AS o ON o.id = p.order_id WHERE p.order_id = ?1 ORDER BY p.id",
        ],
        "shipments" => &[
            "SELECT s.status, s.carrier, s.tracking, s.shipped_on, s.delivered_on, s.note,
                    (SELECT group_concat(line, ' ') FROM (SELECT printf('%d:%.3f', l.position, x.quantity / 1000.0) AS line
                     FROM shipment_line AS x JOIN order_line AS l ON l.id = x.order_line_id
                     WHERE x.shipment_id = s.id ORDER BY x.id)) AS contents
             FROM shipment AS s WHERE s.order_id = ?1 ORDER BY s.position",
        ],
        _ => return Err(Error::internal(format!("{name} of an order has no parts"))),
    })
}

/// Users are named; numbers are as they are kept, an amount in minor units of the deal's currency.
const VALUE_INTERVALS: &str =
    "SELECT attribute, CASE WHEN attribute IN ('owner', 'assignee') THEN (SELECT name FROM user WHERE user.id = value)
            WHEN attribute = 'sla' THEN (SELECT key FROM sla WHERE sla.id = value) ELSE value END AS value, started_at, ended_at
     FROM value_interval WHERE record_id = ?1 ORDER BY id";

/// Takes the addresses beyond the main one away.
pub(crate) fn clear_addresses(tx: &WriteTx<'_>, customer: Id) -> Result<()> {
    let sql = "SELECT id FROM address WHERE customer_id = ?1";
    let rows: Vec<i64> = tx.all(sql, [customer.raw()], |row| row.get(0))?;
    for row in rows {
        tx.delete("address", Id::from_raw(row))?;
    }
    Ok(())
}

/// Adds an address beyond the main one unless the customer has it; the texts are in the order of [`ADDRESS`]. True if
/// it is new.
pub(crate) fn put_address(tx: &WriteTx<'_>, customer: Id, texts: &[String; 7]) -> Result<bool> {
    let known: Vec<(i64, [String; 6])> = tx.all(
        "SELECT 0, address, '', city, region, postal_code, country FROM customer WHERE id = ?1
         UNION ALL
         SELECT position, street, district, city, region, postal_code, country FROM address WHERE customer_id = ?1
         ORDER BY 1",
        [customer.raw()],
        |row| {
            let text = |at| row.get(at);
            Ok((row.get(0)?, [text(1)?, text(2)?, text(3)?, text(4)?, text(5)?, text(6)?]))
        },
    )?;
    let [_, place @ ..] = texts;
    if known.iter().any(|(_, known)| known == place) {
        return Ok(false);
    }
    let last = known.last().map_or(0, |(position, _)| *position);
    add_address(tx, customer, last + 1, texts)?;
    Ok(true)
}

/// Adds an address beyond the main one; the texts are in the order of [`ADDRESS`].
pub(crate) fn add_address(tx: &WriteTx<'_>, customer: Id, position: i64, texts: &[String]) -> Result<()> {
    let mut columns = vec![
        ("customer_id", Sql::Integer(customer.raw())),
        ("position", Sql::Integer(position)),
    ];
    columns.extend(
        ADDRESS
            .into_iter()
            .zip(texts)
            .map(|(column, text)| (column, Sql::Text(text.clone()))),
    );
    tx.insert("address", tx.new_id(), columns)
}

/// Columns of one row; a record is its id as a number.
pub(crate) type Part = Vec<(&'static str, Value)>;

/// A deal as a full export tells of it, beyond its own fields.
#[derive(Debug, Default)]
pub(crate) struct DealPast {
    /// Columns of its row.
    pub(crate) columns: Part,
    /// Its stays in stages, in order; empty to leave those of a new deal.
    pub(crate) stays: Vec<Part>,
    /// Its lines, in order; none to leave those of a new deal.
    pub(crate) lines: Option<Vec<Part>>,
    /// Its people, in order; none to leave those of a new deal.
    pub(crate) people: Option<Vec<Part>>,
    /// What was ticked off and made in its stages, in order.
    pub(crate) steps: Vec<Part>,
}

/// Puts the past of a deal that this operation has made in place of what every new deal has.
pub(crate) fn restore_deal(tx: &WriteTx<'_>, deal: Id, past: DealPast) -> Result<()> {
    if !past.columns.is_empty() {
        amend(tx, "deal", deal, &past.columns)?;
    }
    let stays = Some(past.stays).filter(|stays| !stays.is_empty());
    for (table, rows) in [
        ("stage_interval", stays),
        ("deal_line", past.lines),
        ("deal_person", past.people),
        ("deal_step", Some(past.steps).filter(|steps| !steps.is_empty())),
    ] {
        let Some(rows) = rows else { continue };
        tx.unmake(table, "deal_id", deal)?;
        for part in rows {
            let mut columns = columns(&part)?;
            columns.push(("deal_id", Sql::Integer(deal.raw())));
            tx.insert(table, tx.new_id(), columns)?;
        }
    }
    Ok(())
}

/// Adds a row of `table` that belongs to an order which this operation has made; its id.
pub(crate) fn add_to_order(tx: &WriteTx<'_>, table: &'static str, order: Id, part: &Part) -> Result<Id> {
    add_to(tx, table, ("order_id", order), part)
}

/// Adds a row of `table` that belongs, by a column, to a record which this operation has made; its id.
pub(crate) fn add_to(
    tx: &WriteTx<'_>,
    table: &'static str,
    (owner, record): (&'static str, Id),
    part: &Part,
) -> Result<Id> {
    let id = tx.new_id();
    let mut columns = columns(part)?;
    columns.push((owner, Sql::Integer(record.raw())));
    tx.insert(table, id, columns)?;
    Ok(id)
}

/// Sets columns of a row of `table` that this operation has made, as a part of making it.
pub(crate) fn amend(tx: &WriteTx<'_>, table: &'static str, id: Id, part: &Part) -> Result<()> {
    tx.amend(table, id, &columns(part)?)
}

fn columns(part: &Part) -> Result<Vec<Column<'static>>> {
    part.iter()
        .map(|(column, value)| Ok((*column, scalar(value)?)))
        .collect()
}

/// The stage with this key; of several pipelines, the one that is named.
pub(crate) fn stage(tx: &ReadTx<'_>, pipeline: &str, key: &str) -> Result<Option<Id>> {
    tx.one(
        "SELECT s.id FROM stage AS s JOIN pipeline AS p ON p.id = s.pipeline_id
         WHERE s.key = ?1 AND p.key = ?2 AND p.deleted_at IS NULL ORDER BY s.deleted_at IS NOT NULL, s.id LIMIT 1",
        (key, pipeline),
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}
