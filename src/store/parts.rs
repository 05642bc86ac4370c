//! Fields with named parts (details of addresses, stages, intervals): loaded record by record, for full exports.

use rusqlite::types::ValueRef;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::store::records::instant;
use crate::store::tx::ReadTx;

/// The value of the field `name` of one record: a list of maps.
///
/// A column whose name ends with `_at` is an instant; a null or empty one is left out, so that only what is known
/// is written.
pub(crate) fn load(tx: &ReadTx<'_>, noun: Noun, name: &str, id: Id) -> Result<Value> {
    let sql = match (noun, name) {
        (Noun::Customer, "email_details") => {
            "SELECT address AS email, label, validity, opted_out_at FROM email WHERE customer_id = ?1 ORDER BY position"
        }
        (Noun::Customer, "phone_details") => {
            "SELECT CASE e164 WHEN '' THEN raw ELSE e164 END AS phone, raw, extension, label, validity, opted_out_at
             FROM phone WHERE customer_id = ?1 ORDER BY position"
        }
        (Noun::Customer, "address_details") => {
            "SELECT label, street, district, city, region, postal_code, country
             FROM address WHERE customer_id = ?1 ORDER BY position"
        }
        (Noun::Customer, "employments") => {
            "SELECT 'C' || c.no AS company, c.name AS company_name, e.title, e.role, e.is_primary, e.started_on, e.ended_on
             FROM employment AS e JOIN customer AS c ON c.id = e.company_id WHERE e.customer_id = ?1
             ORDER BY e.ended_on IS NOT NULL, e.is_primary DESC, e.id DESC"
        }
        (Noun::Customer, "relationships") => {
            "SELECT r.type, 'C' || c.no AS customer, c.name AS customer_name, r.note
             FROM relationship AS r JOIN customer AS c ON c.id = r.other_id WHERE r.customer_id = ?1 ORDER BY r.id"
        }
        (Noun::Deal, "lines") => {
            "SELECT 'P' || p.no AS product, p.name AS product_name, l.description, l.quantity, l.unit_price, l.discount
             FROM deal_line AS l LEFT JOIN product AS p ON p.id = l.product_id WHERE l.deal_id = ?1 ORDER BY l.position"
        }
        (Noun::Deal, "person_details") => {
            "SELECT 'C' || c.no AS customer, c.name AS customer_name, l.role, l.is_primary
             FROM deal_person AS l JOIN customer AS c ON c.id = l.customer_id WHERE l.deal_id = ?1 ORDER BY l.id"
        }
        (Noun::Deal, "intervals") => {
            "SELECT 'stage' AS attribute, s.key AS value, i.entered_on, i.left_on, i.entered_at, i.left_at, i.direction,
                    i.amount, i.probability
             FROM stage_interval AS i JOIN stage AS s ON s.id = i.stage_id WHERE i.deal_id = ?1 ORDER BY i.id"
        }
        (Noun::Customer, "intervals") => {
            "SELECT attribute, CASE attribute WHEN 'owner' THEN (SELECT name FROM user WHERE user.id = value)
                    ELSE value END AS value, started_at, ended_at
             FROM value_interval WHERE record_id = ?1 ORDER BY id"
        }
        (Noun::Pipeline, "stages") => {
            "SELECT s.key, (SELECT text FROM label WHERE record_id = s.id ORDER BY language LIMIT 1) AS label, s.type,
                    s.probability, s.category, s.rot_days
             FROM stage AS s WHERE s.pipeline_id = ?1 AND s.deleted_at IS NULL ORDER BY s.position"
        }
        _ => return Err(Error::internal(format!("{name} of {noun} has no parts"))),
    };
    let mut statement = tx.connection().prepare_cached(sql)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([id.raw()])?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        let mut entries = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let value = match row.get_ref(at)? {
                ValueRef::Integer(ms) if name.ends_with("_at") => instant(ms)?,
                ValueRef::Integer(number) if name.starts_with("is_") => Value::Bool(number != 0),
                ValueRef::Integer(number) => Value::Int(number),
                ValueRef::Text(text) => Value::text(String::from_utf8_lossy(text)),
                ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => Value::Null,
            };
            if !value.is_empty() {
                entries.push((name.clone(), value));
            }
        }
        items.push(Value::Map(entries));
    }
    Ok(Value::List(items))
}
