//! From a checked plan to SQL with bound parameters.
//!
//! The rules a plan asks for (two-valued logic, what "missing" means, trash) stand at the head of `query/plan.rs`. Here
//! is only how they are said in SQL, and how a list stays an index walk:
//!
//! * Lists run newest first, that is by id downwards. An index on one column keeps equal keys in the order of ids, so an
//!   equality test and the order are one walk.
//! * A search word, a tag or one value of a custom field among the conditions becomes the *driver*: its index comes first
//!   in the join and hands out ids in order, and everything else is a test on each of them.
//! * Names and cities are looked up before ([`narrow`]), so that a test on them is an equality too.
//! * A record that is reached from another is found by its link alone. SQLite, which keeps no statistics here, would take
//!   an index on what is tested of it for better, and walk that for every row.

mod custom;
mod driver;
mod kept;
mod linked;
mod narrow;
mod test;

pub(crate) use custom::custom_expressions;
pub(crate) use test::base_amount;

use rusqlite::types::Value as Sql;

use crate::domain::actor::{Actor, Scope};
use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;
use crate::domain::search::query::{Scope as SearchScope, SearchQuery};
use crate::error::{Error, Result};
use crate::query::plan::{Condition, Path, Predicate, Relation, Step, Target, Test};
use crate::store::columns::{owner_column, table};
use crate::store::filter::driver::Driver;
use crate::store::records::link_id;
use crate::store::tx::ReadTx;

/// The parts of a statement that lists what a condition selects.
#[derive(Debug)]
pub(crate) struct Selection {
    /// What stands after `FROM`; the record's row is `r`.
    pub(crate) from: String,
    /// What stands after `WHERE`.
    pub(crate) condition: String,
    /// The same for a statement that has a lower bound on the id of its own: of two, SQLite takes the first.
    pub(crate) unbounded: String,
    /// The expression that is the id, by which the driver runs in order.
    pub(crate) id: &'static str,
}

/// Says a condition in SQL; values go to `bound` in the order of their marks.
pub(crate) fn selection(
    tx: &ReadTx<'_>,
    noun: Noun,
    condition: &Condition,
    bound: &mut Vec<Sql>,
) -> Result<Selection> {
    let mut compiler = Compiler {
        tx,
        bound,
        aliases: 0,
    };
    let parts: Vec<&Condition> = match condition {
        Condition::And(parts) => parts.iter().collect(),
        one => vec![one],
    };
    let mut driver = parts
        .iter()
        .enumerate()
        .find_map(|(at, part)| Some((at, Driver::of(noun, part)?)));
    for (at, part) in parts.iter().enumerate() {
        if driver.is_none() {
            driver = narrow::one_value(tx, noun, part)?.map(|value| (at, Driver::Value(value)));
        }
    }
    // Several words are one question to the index of the search, which meets far fewer records then.
    let by_search = matches!(driver, Some((_, Driver::Words(_) | Driver::Part(_))));
    let others: Vec<&str> = parts
        .iter()
        .enumerate()
        .filter(|(at, _)| by_search && driver.as_ref().is_some_and(|(driven, _)| driven != at))
        .filter_map(|(_, part)| match part {
            Condition::Words(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let (from, id, mut tests) = match &driver {
        Some((_, driver)) => compiler.drive(noun, driver, &others),
        // The bound on the id makes a walk over all records a range like any other.
        None => (format!("{} AS r", table(noun)), "r.id", vec![LOWEST.to_owned()]),
    };
    for (at, part) in parts.iter().enumerate() {
        let covered = driver
            .as_ref()
            .is_some_and(|(driven, driver)| *driven == at && driver.is_exact());
        let covered = covered || by_search && matches!(part, Condition::Words(_));
        if !covered && !matches!(part, Condition::All) {
            tests.push(compiler.condition(part, noun, "r")?);
        }
    }
    if !condition.mentions_trash() {
        tests.push("r.deleted_at IS NULL".to_owned());
    }
    let scope = scope(tx, noun, "r", compiler.bound);
    let condition = format!("{}{scope}", tests.join(" AND "));
    if let Some(lowest) = tests.first_mut().filter(|test| *test == LOWEST) {
        "1".clone_into(lowest);
    }
    Ok(Selection {
        from,
        condition,
        unbounded: format!("{}{scope}", tests.join(" AND ")),
        id,
    })
}

/// What every id is above.
const LOWEST: &str = "r.id > 0";

/// A condition on the row `alias` and what keeps to what the actor may see, beginning with ` AND `; empty for everything.
pub(crate) fn narrowed(
    tx: &ReadTx<'_>,
    noun: Noun,
    condition: &Condition,
    alias: &str,
    bound: &mut Vec<Sql>,
) -> Result<String> {
    let mut sql = String::new();
    if !matches!(condition, Condition::All) {
        let mut compiler = Compiler {
            tx,
            bound,
            aliases: 0,
        };
        sql = format!(" AND {}", compiler.condition(condition, noun, alias)?);
    }
    sql.push_str(&scope(tx, noun, alias, bound));
    Ok(sql)
}

/// The condition that keeps to what the actor may see, beginning with ` AND `; empty for everything.
pub(crate) fn scope(tx: &ReadTx<'_>, noun: Noun, alias: &str, bound: &mut Vec<Sql>) -> String {
    let actor = &tx.caller().actor;
    if noun == Noun::View {
        return readable_views(actor, alias, bound);
    }
    let Some(column) = owner_column(noun) else {
        return String::new();
    };
    let own = match (actor.scope, actor.team) {
        (Scope::All, _) => return String::new(),
        (Scope::Team, Some(team)) => {
            bound.push(Sql::Integer(team.raw()));
            format!("{alias}.{column} IN (SELECT mate.id FROM user AS mate WHERE mate.team_id = ?)")
        }
        (Scope::Own | Scope::Team, _) => {
            bound.push(Sql::Integer(actor.id.raw()));
            format!("{alias}.{column} = ?")
        }
    };
    // Who is in a public pool is for everybody to claim.
    match noun == Noun::Customer && has_pools(tx) {
        true => format!(" AND ({own} OR ({alias}.pool_id IS NOT NULL AND {alias}.{column} IS NULL))"),
        false => format!(" AND {own}"),
    }
}

/// Whether there is any public pool; most bases have none, and their lists walk the index of the owners.
fn has_pools(tx: &ReadTx<'_>) -> bool {
    let sql = "SELECT EXISTS (SELECT 1 FROM pool WHERE deleted_at IS NULL)";
    let found: Result<Option<bool>> = tx.one(sql, [], |row| row.get(0));
    found.ok().flatten().unwrap_or(false)
}

/// The condition that keeps to the views that a user may see, however far that user sees otherwise: the own ones, those
/// of everybody, and those of the same team. Whoever is in no team shares with everybody.
fn readable_views(actor: &Actor, alias: &str, bound: &mut Vec<Sql>) -> String {
    bound.push(Sql::Integer(actor.id.raw()));
    bound.push(actor.team.map_or(Sql::Null, |team| Sql::Integer(team.raw())));
    format!(
        " AND ({alias}.visibility = 'all' OR {alias}.owner_id IS NULL OR {alias}.owner_id = ?
          OR ({alias}.visibility = 'team' AND EXISTS (SELECT 1 FROM user AS mate
            WHERE mate.id = {alias}.owner_id AND (mate.team_id IS NULL OR mate.team_id = ?))))"
    )
}

struct Compiler<'t, 's, 'b> {
    tx: &'t ReadTx<'s>,
    bound: &'b mut Vec<Sql>,
    aliases: usize,
}

impl Compiler<'_, '_, '_> {
    fn bind(&mut self, value: Sql) -> &'static str {
        self.bound.push(value);
        "?"
    }

    fn bind_text(&mut self, text: impl Into<String>) -> &'static str {
        self.bind(Sql::Text(text.into()))
    }

    fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("x{}", self.aliases)
    }

    /// The expression for the search index; none if there is nothing to look for. A team is sieved by the scope
    /// test alone.
    fn expression(&self, text: &str, noun: Noun) -> Option<String> {
        let actor = &self.tx.caller().actor;
        let own = [Some(actor.id)];
        let owners = (actor.scope == Scope::Own && owner_column(noun).is_some()).then_some(own.as_slice());
        SearchQuery::parse(text).expression(&SearchScope {
            owners,
            nouns: &[noun],
            whole_words: false,
        })
    }

    fn condition(&mut self, condition: &Condition, noun: Noun, alias: &str) -> Result<String> {
        Ok(match condition {
            Condition::All => "1".to_owned(),
            Condition::And(parts) => self.join(parts, " AND ", noun, alias)?,
            Condition::Or(parts) => self.join(parts, " OR ", noun, alias)?,
            Condition::Not(inner) => format!("NOT coalesce(({}), 0)", self.condition(inner, noun, alias)?),
            Condition::Named { condition, .. } => self.condition(condition, noun, alias)?,
            Condition::Predicate(Predicate::Trashed) => format!("{alias}.deleted_at IS NOT NULL"),
            Condition::Predicate(Predicate::Archived) if noun == Noun::Article => {
                format!("{alias}.status = 'archived'")
            }
            Condition::Predicate(Predicate::Archived) => "0".to_owned(),
            Condition::Predicate(Predicate::Any) => "1".to_owned(),
            Condition::Tag(key) => self.tagged(std::slice::from_ref(key), alias),
            Condition::Records(ids) => {
                // One value, however many records there are.
                let ids: Vec<String> = ids.iter().map(|id| id.raw().to_string()).collect();
                let list = self.bind_text(format!("[{}]", ids.join(",")));
                format!("{alias}.id IN (SELECT value FROM json_each({list}))")
            }
            Condition::Words(text) => self.words(text, noun, alias),
            Condition::Compare { path, test } => self.compare(path, test, noun, alias)?,
            Condition::Missing(path) => self.missing(path, noun, alias)?,
        })
    }

    fn join(&mut self, parts: &[Condition], by: &str, noun: Noun, alias: &str) -> Result<String> {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| self.condition(part, noun, alias))
            .collect::<Result<_>>()?;
        Ok(format!("({})", parts.join(by)))
    }

    fn words(&mut self, text: &str, noun: Noun, alias: &str) -> String {
        let Some(expression) = self.expression(text, noun) else {
            return "0".to_owned();
        };
        let expression = self.bind_text(expression);
        let text = self.bind_text(text);
        format!(
            "({alias}.id IN (SELECT rowid FROM search WHERE search MATCH {expression}) \
             AND found({text}, (SELECT doc.text FROM search_doc AS doc WHERE doc.id = {alias}.id)))"
        )
    }

    fn compare(&mut self, path: &Path, test: &Test, noun: Noun, alias: &str) -> Result<String> {
        match &path.target {
            Target::Count | Target::Sum(_) => self.aggregate(path, test, noun, alias),
            Target::Record => match test {
                Test::Records(records) => {
                    self.walk(&path.steps, noun, alias, &mut |compiler, noun, alias| {
                        compiler.records(&format!("{alias}.id"), noun, records)
                    })
                }
                _ => Err(Error::internal("a record can only be compared with records")),
            },
            Target::Field(field) => {
                let field = *field;
                self.walk(&path.steps, noun, alias, &mut |compiler, noun, alias| {
                    compiler.test(noun, field, alias, test)
                })
            }
            Target::Custom(field) => {
                let key = field.key.clone();
                self.walk(&path.steps, noun, alias, &mut |compiler, noun, alias| {
                    compiler.custom_test(noun, &key, alias, test)
                })
            }
        }
    }

    fn missing(&mut self, path: &Path, noun: Noun, alias: &str) -> Result<String> {
        if path.steps.is_empty()
            && let Target::Field(field) = &path.target
        {
            return Ok(self.absent(noun, field, alias));
        }
        let target = path.target.clone();
        let present = self.walk(
            &path.steps,
            noun,
            alias,
            &mut |compiler, noun, alias| match &target {
                Target::Field(field) => Ok(format!("NOT ({})", compiler.absent(noun, field, alias))),
                Target::Custom(field) => compiler.custom_present(noun, &field.key, alias),
                Target::Record | Target::Count | Target::Sum(_) => Ok("1".to_owned()),
            },
        )?;
        Ok(format!("NOT coalesce(({present}), 0)"))
    }

    /// Says that something holds for a record at the end of the steps.
    fn walk(
        &mut self,
        steps: &[Step],
        noun: Noun,
        alias: &str,
        leaf: &mut dyn FnMut(&mut Self, Noun, &str) -> Result<String>,
    ) -> Result<String> {
        let Some((step, rest)) = steps.split_first() else {
            return leaf(self, noun, alias);
        };
        let next = self.alias();
        let (linked, related) = related(*step, noun, alias, &next)?;
        // A plus keeps the indexes of what is tested out of it.
        let inner = self.walk(rest, linked, &format!("+{next}"), leaf)?;
        Ok(format!(
            "EXISTS (SELECT 1 FROM {} AS {next} WHERE {related} AND {inner})",
            table(linked)
        ))
    }

    /// Says that a count or a sum over the related records passes the test.
    fn aggregate(&mut self, path: &Path, test: &Test, noun: Noun, alias: &str) -> Result<String> {
        let Some((last, first)) = path.steps.split_last() else {
            return Err(Error::internal("nothing to count"));
        };
        let last = *last;
        let target = path.target.clone();
        self.walk(first, noun, alias, &mut |compiler, noun, alias| {
            let next = compiler.alias();
            let (linked, related) = related(last, noun, alias, &next)?;
            let (what, kind) = match &target {
                Target::Sum(field) => {
                    let expression = match field.kind {
                        FieldType::Money => test::base_amount(linked, field, &next),
                        _ => crate::store::columns::source(linked, field)
                            .read
                            .replace('@', &next),
                    };
                    (format!("coalesce(sum({expression}), 0)"), field.kind)
                }
                _ => ("count(*)".to_owned(), FieldType::Integer),
            };
            let expression = format!("(SELECT {what} FROM {} AS {next} WHERE {related})", table(linked));
            compiler.number_test(&expression, kind, test)
        })
    }
}

/// The noun a step leads to, and the condition under which `next` is a row that it reaches from `alias`.
fn related(step: Step, noun: Noun, alias: &str, next: &str) -> Result<(Noun, String)> {
    Ok(match step {
        Step::Link(field) => match field.kind {
            FieldType::Link(linked) => (linked, format!("{next}.id = {}", link_id(noun, field, alias))),
            FieldType::Links(linked) => {
                let rows = link_rows(noun, field, alias)?;
                (
                    linked,
                    format!("{next}.id IN ({rows}) AND {next}.deleted_at IS NULL"),
                )
            }
            _ => return Err(Error::internal(format!("{} is no link", field.name))),
        },
        Step::Many(relation) => (relation.to(), many(relation, noun, alias, next)),
    })
}

/// The statement with the ids behind a list of links.
fn link_rows(noun: Noun, field: &Field, alias: &str) -> Result<String> {
    Ok(match (noun, field.name) {
        (Noun::Deal, "people") => format!("SELECT customer_id FROM deal_person WHERE deal_id = {alias}.id"),
        (Noun::Deal, "product") => {
            format!("SELECT product_id FROM deal_line WHERE deal_id = {alias}.id AND product_id IS NOT NULL")
        }
        (Noun::Quote, "product") => {
            format!(
                "SELECT product_id FROM quote_line WHERE quote_id = {alias}.id AND product_id IS NOT NULL"
            )
        }
        (Noun::Order, "product") => {
            format!(
                "SELECT product_id FROM order_line WHERE order_id = {alias}.id AND product_id IS NOT NULL"
            )
        }
        (Noun::Ticket, "articles") => {
            format!("SELECT article_id FROM ticket_article WHERE ticket_id = {alias}.id")
        }
        (Noun::Activity, "people") => format!(
            "SELECT customer_id FROM activity_customer WHERE activity_id = {alias}.id AND role = 'participant'"
        ),
        (Noun::Activity, "employers") => format!(
            "SELECT customer_id FROM activity_customer WHERE activity_id = {alias}.id AND role = 'employer'"
        ),
        _ => {
            return Err(Error::internal(format!(
                "{} of {noun} is no list of links",
                field.name
            )));
        }
    })
}

fn many(relation: Relation, noun: Noun, alias: &str, next: &str) -> String {
    let linked = match (relation, noun) {
        (Relation::Deals, _) => format!(
            "({next}.customer_id = {alias}.id OR {next}.id IN
              (SELECT deal_id FROM deal_person WHERE customer_id = {alias}.id))"
        ),
        (Relation::Quotes, Noun::Deal) => format!("{next}.deal_id = {alias}.id"),
        (Relation::Quotes, _) => format!("{next}.customer_id = {alias}.id"),
        (Relation::Orders, Noun::Quote) => format!("{next}.quote_id = {alias}.id"),
        (Relation::Orders, Noun::Deal) => format!("{next}.deal_id = {alias}.id"),
        (Relation::Orders, _) => format!("{next}.customer_id = {alias}.id"),
        (Relation::Tickets, Noun::Order) => format!("{next}.order_id = {alias}.id"),
        (Relation::Tickets, _) => format!(
            "({next}.customer_id = {alias}.id OR {next}.company_id = {alias}.id OR {next}.contact_id = {alias}.id)"
        ),
        (Relation::Children, _) => format!("{next}.parent_id = {alias}.id"),
        (Relation::Feedback, Noun::Order) => format!("{next}.order_id = {alias}.id"),
        (Relation::Feedback, Noun::Ticket) => format!("{next}.ticket_id = {alias}.id"),
        (Relation::Feedback, _) => format!("{next}.customer_id = {alias}.id"),
        (Relation::Tasks, Noun::Deal) => format!("{next}.deal_id = {alias}.id"),
        (Relation::Tasks, _) => format!("{next}.customer_id = {alias}.id"),
        (Relation::Activities, Noun::Deal) => format!("{next}.deal_id = {alias}.id"),
        (Relation::Activities, Noun::Ticket) => format!("{next}.ticket_id = {alias}.id"),
        (Relation::Activities, _) => {
            format!("{next}.id IN (SELECT activity_id FROM activity_customer WHERE customer_id = {alias}.id)")
        }
        (Relation::People, _) => format!(
            "{next}.id IN (SELECT customer_id FROM employment WHERE company_id = {alias}.id AND ended_on IS NULL)"
        ),
        (Relation::Employers, _) => {
            format!("{next}.id IN (SELECT company_id FROM employment WHERE customer_id = {alias}.id)")
        }
        (Relation::Subsidiaries, _) => format!("{next}.parent_id = {alias}.id"),
        (Relation::Related, _) => format!(
            "{next}.id IN (SELECT other_id FROM relationship WHERE customer_id = {alias}.id
              UNION ALL SELECT customer_id FROM relationship WHERE other_id = {alias}.id)"
        ),
        (Relation::Reports, _) => sort("reports_to", alias, next),
        (Relation::Referrals, _) => sort("referred_by", alias, next),
    };
    format!("{linked} AND {next}.deleted_at IS NULL")
}

/// Those of whom a relation of one sort to the record is said.
fn sort(key: &str, alias: &str, next: &str) -> String {
    format!(
        "{next}.id IN (SELECT customer_id FROM relationship WHERE other_id = {alias}.id AND type = '{key}')"
    )
}
