//! What the write path must know of each table: which columns are kept up, and what a change of a row touches.

/// What has to be brought up to date after a row changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Touch {
    /// The kept-up columns and the search document of the customer in this column.
    Customer(&'static str),
    /// Only the search document of the record in this column.
    Document(&'static str),
    /// The kept-up columns and the search document of the deal in this column.
    Deal(&'static str),
    /// The kept-up columns of the task in this column, and then what it is about.
    Task(&'static str),
    /// The links of the activity in this column, and then who took part.
    Activity(&'static str),
    /// The search document and the folded name of the product in this column.
    Product(&'static str),
    /// All deals that are in the stage in this column.
    Stage(&'static str),
    /// What the quote in this column comes to.
    Quote(&'static str),
    /// What the order in this column comes to, and how far it is paid and delivered.
    Order(&'static str),
    /// What follows from the stays and comments of the ticket in this column.
    Ticket(&'static str),
    /// What the feedback in this column is called, and what its score says.
    Feedback(&'static str),
    /// The same of all feedback of the survey in this column.
    Survey(&'static str),
    /// The clocks of the tickets of the policy in this column.
    Policy(&'static str),
    /// The clocks of the tickets that are measured by the calendar in this column.
    Calendar(&'static str),
    /// All open deals: a rate changed.
    Rates,
    /// The customer in this column, if some label says how often its customers want to be heard of.
    Tagged(&'static str),
    /// All customers with this label, if what it says of them changed.
    Wish,
}

/// One table that business data lives in.
#[derive(Debug)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: &'static str,
    /// Columns that follow from other rows: recomputed after every change, never logged.
    pub(crate) kept_up: &'static [&'static str],
    /// Whether a row says who made and changed it, and counts its versions.
    pub(crate) audited: bool,
    /// What a change of a row touches.
    pub(crate) touches: &'static [Touch],
}

impl Table {
    /// The columns that name the records which a change of a row touches.
    pub(crate) fn owners(&self) -> impl Iterator<Item = &'static str> {
        self.touches.iter().filter_map(|touch| touch.column())
    }
}

impl Touch {
    /// The column that names what is touched; none if it is no single record.
    pub(crate) fn column(self) -> Option<&'static str> {
        match self {
            Touch::Customer(column)
            | Touch::Document(column)
            | Touch::Deal(column)
            | Touch::Task(column)
            | Touch::Activity(column)
            | Touch::Product(column)
            | Touch::Stage(column)
            | Touch::Quote(column)
            | Touch::Order(column)
            | Touch::Ticket(column)
            | Touch::Feedback(column)
            | Touch::Survey(column)
            | Touch::Policy(column)
            | Touch::Calendar(column)
            | Touch::Tagged(column) => Some(column),
            Touch::Rates | Touch::Wish => None,
        }
    }
}

/// Columns that say who changed a row when; a change of them alone is no change.
pub(crate) const AUDIT: &[&str] = &["version", "updated_at", "updated_by"];

/// Columns that name a record of any table, beside the declared foreign keys.
pub(crate) const LOOSE_REFERENCES: &[(&str, &str)] = &[
    ("tagging", "record_id"),
    ("custom_value", "record_id"),
    ("custom_value", "link_id"),
    ("external_id", "record_id"),
    ("value_interval", "record_id"),
    ("attachment", "record_id"),
    ("label", "record_id"),
    ("rule_log", "record_id"),
    ("notification", "record_id"),
];

/// The columns of a label that say something of its customers.
pub(crate) const WISH_COLUMNS: &[&str] = &["keep_in_touch", "deleted_at"];

/// The tables that the operation log covers.
pub(crate) const TABLES: &[Table] = &[
    plain("team", true, &[]),
    plain("user", true, &[]),
    plain("option", false, &[]),
    plain("label", false, &[]),
    Table {
        name: "customer",
        kept_up: &[
            "name_key",
            "sort_key",
            "company_id",
            "last_activity_on",
            "next_task_at",
            "open_tasks",
            "open_deals",
            "quiet_on",
        ],
        audited: true,
        touches: &[Touch::Customer("id")],
    },
    plain("email", false, &[Touch::Document("customer_id")]),
    plain("phone", false, &[Touch::Document("customer_id")]),
    plain("handle", false, &[Touch::Document("customer_id")]),
    plain("address", false, &[]),
    plain("employment", false, &[Touch::Customer("customer_id")]),
    plain("relationship", false, &[]),
    plain("not_duplicate", false, &[]),
    plain("suppression", false, &[]),
    plain("pipeline", true, &[]),
    plain("stage", false, &[Touch::Stage("id")]),
    Table {
        name: "product",
        kept_up: &["name_key"],
        audited: true,
        touches: &[Touch::Product("id")],
    },
    Table {
        name: "deal",
        kept_up: &[
            "name_key",
            "amount_base",
            "last_activity_on",
            "next_task_at",
            "open_tasks",
            "rotting_on",
        ],
        audited: true,
        touches: &[Touch::Deal("id"), Touch::Customer("customer_id")],
    },
    Table {
        name: "quote",
        kept_up: &[
            "name_key",
            "lines",
            "subtotal",
            "discount_amount",
            "tax_amount",
            "total",
            "total_base",
            "margin",
        ],
        audited: true,
        touches: &[Touch::Quote("id")],
    },
    plain("quote_line", false, &[Touch::Quote("quote_id")]),
    Table {
        name: "sales_order",
        kept_up: &[
            "name_key",
            "lines",
            "subtotal",
            "discount_amount",
            "tax_amount",
            "total",
            "total_base",
            "margin",
            "paid",
            "balance",
            "balance_base",
            "overdue_on",
            "remind_on",
            "awaited_on",
            "payment_status",
            "fulfilment_status",
        ],
        audited: true,
        touches: &[Touch::Order("id")],
    },
    plain("order_line", false, &[Touch::Order("order_id")]),
    plain("installment", false, &[Touch::Order("order_id")]),
    plain("payment", false, &[Touch::Order("order_id")]),
    plain("shipment", false, &[Touch::Order("order_id")]),
    plain("shipment_line", false, &[Touch::Order("order_id")]),
    Table {
        name: "ticket",
        kept_up: &[
            "name_key",
            "priority_rank",
            "step",
            "wait",
            "status",
            "received_at",
            "step_since",
            "paused_since",
            "first_responded_at",
            "resolved_at",
            "closed_at",
            "reopen_count",
            "replies",
            "last_message_at",
            "last_reply_at",
            "first_response_due_at",
            "first_response_late_at",
            "next_response_due_at",
            "next_response_late_at",
            "resolution_due_at",
            "resolution_late_at",
            "due_at",
            "at_risk_at",
            "late_at",
            "response_s",
            "resolution_s",
        ],
        audited: true,
        touches: &[
            Touch::Ticket("id"),
            Touch::Customer("customer_id"),
            Touch::Customer("company_id"),
            Touch::Customer("contact_id"),
        ],
    },
    plain("ticket_step", false, &[Touch::Ticket("ticket_id")]),
    plain("ticket_comment", false, &[Touch::Ticket("ticket_id")]),
    plain("article", true, &[Touch::Document("id")]),
    plain("ticket_article", false, &[]),
    plain("survey", true, &[Touch::Survey("id")]),
    Table {
        name: "feedback",
        kept_up: &["name", "verdict", "waiting_on"],
        audited: true,
        touches: &[Touch::Feedback("id")],
    },
    plain("deal_person", false, &[]),
    plain("deal_line", false, &[]),
    plain("deal_step", false, &[]),
    plain("stage_interval", false, &[]),
    // The clocks of a ticket follow from the priorities that it has had; other records are no tickets.
    plain("value_interval", false, &[Touch::Ticket("record_id")]),
    plain("forecast_snapshot", false, &[]),
    plain("rate", false, &[Touch::Rates]),
    plain("activity", true, &[Touch::Activity("id"), Touch::Deal("deal_id")]),
    Table {
        name: "activity_customer",
        kept_up: &["contact_on"],
        audited: false,
        touches: &[Touch::Activity("activity_id"), Touch::Customer("customer_id")],
    },
    Table {
        name: "task",
        kept_up: &["due_at"],
        audited: true,
        touches: &[
            Touch::Task("id"),
            Touch::Customer("customer_id"),
            Touch::Deal("deal_id"),
        ],
    },
    Table {
        name: "reminder",
        kept_up: &["at"],
        audited: false,
        touches: &[Touch::Task("task_id")],
    },
    plain("tag", true, &[Touch::Wish]),
    plain("tagging", false, &[Touch::Tagged("record_id")]),
    plain("field", true, &[]),
    plain("custom_value", false, &[Touch::Document("record_id")]),
    plain("external_id", false, &[]),
    plain("attachment", false, &[]),
    plain("view", true, &[]),
    plain("form", true, &[]),
    plain("form_submission", true, &[]),
    plain("assignment", true, &[]),
    plain("assignment_log", true, &[]),
    plain("calendar", true, &[Touch::Calendar("id")]),
    plain("sla", true, &[Touch::Policy("id")]),
    plain("sla_past", false, &[Touch::Policy("sla_id")]),
    plain("score", true, &[]),
    plain("pool", true, &[]),
    plain("pool_log", true, &[]),
    plain("rule", true, &[]),
    plain("rule_log", true, &[]),
    plain("notification", false, &[]),
    plain("import_choice", false, &[]),
    plain("letter", false, &[]),
    plain("erasure", false, &[]),
    plain("erased_address", false, &[]),
];

const fn plain(name: &'static str, audited: bool, touches: &'static [Touch]) -> Table {
    Table {
        name,
        kept_up: &[],
        audited,
        touches,
    }
}

/// The table called `name`.
pub(crate) fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::TABLES;

    #[test]
    fn a_table_stands_once() {
        let names: HashSet<_> = TABLES.iter().map(|table| table.name).collect();
        assert_eq!(names.len(), TABLES.len());
    }
}
