//! The bases that are measured, made once and kept; and the library's own view of them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crm::domain::actor::{Caller, Scope};
use crm::domain::clock::Clock;
use crm::store::{Durability, Store};
use jiff::tz::TimeZone;

use crate::commands::connect;
use crate::measure::{bases_now, crm, prepare};

/// Where the bases are.
pub(crate) struct Bases {
    folder: PathBuf,
}

impl Bases {
    pub(crate) fn new(folder: PathBuf) -> Bases {
        Bases { folder }
    }

    /// The sample company with `size` more customers, five activities each.
    pub(crate) fn customers(&self, size: u64) -> PathBuf {
        let path = self.folder.join(format!("customers-{size}.db"));
        if !path.exists() {
            eprintln!("making {}", path.display());
            let mut command = crm(&path);
            command
                .args(["demo", "--customers", &size.to_string(), "--db"])
                .arg(&path);
            prepare(&mut command);
        }
        path
    }

    /// A base with `size` closed and open deals of ten sellers over three years, twenty a company.
    pub(crate) fn deals(&self, size: u64) -> PathBuf {
        let path = self.folder.join(format!("deals-{size}.db"));
        if !path.exists() {
            eprintln!("making {}", path.display());
            let csv = self.folder.join(format!("deals-{size}.csv"));
            std::fs::write(&csv, deals(size)).unwrap();
            prepare(crm(&path).args(["init", "--currency", "EUR"]));
            let mut import = crm(&path);
            import
                .args(["import", "deal"])
                .arg(&csv)
                .args(["--on-missing", "create"]);
            prepare(&mut import);
        }
        path
    }

    /// A base with `size` orders of a line each, twenty a customer; half of them are done and paid.
    pub(crate) fn orders(&self, size: u64) -> PathBuf {
        let path = self.folder.join(format!("orders-{size}.db"));
        if !path.exists() {
            eprintln!("making {}", path.display());
            prepare(crm(&path).args(["init", "--currency", "EUR"]));
            let files = [
                ("customer", buyers(size)),
                ("product", products()),
                ("order", orders(size)),
            ];
            for (noun, text) in files {
                let csv = self.folder.join(format!("{noun}s-of-orders-{size}.csv"));
                std::fs::write(&csv, text).unwrap();
                prepare(crm(&path).args(["import", noun]).arg(&csv));
            }
            connect(&path).execute_batch(PAID).unwrap();
        }
        path
    }

    /// A base with `size` tickets of twenty a customer, worked on by twenty; six of eight are closed, one is called off.
    pub(crate) fn tickets(&self, size: u64) -> PathBuf {
        let path = self.folder.join(format!("tickets-{size}.db"));
        if !path.exists() {
            eprintln!("making {}", path.display());
            prepare(crm(&path).args(["init", "--currency", "EUR"]));
            let files = [
                ("user", agents()),
                ("customer", buyers(size)),
                ("ticket", tickets(size)),
            ];
            for (noun, text) in files {
                let csv = self.folder.join(format!("{noun}s-of-tickets-{size}.csv"));
                std::fs::write(&csv, text).unwrap();
                prepare(crm(&path).args(["import", noun]).arg(&csv));
            }
        }
        path
    }

    /// A file of `size` customers with companies, addresses and numbers.
    pub(crate) fn csv(&self, size: u64) -> PathBuf {
        let path = self.folder.join(format!("customers-{size}.csv"));
        if !path.exists() {
            std::fs::write(&path, customers(size)).unwrap();
        }
        path
    }

    /// A fresh path for a base that a benchmark writes to; what was there is gone.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        let path = self.folder.join(format!("scratch-{name}.db"));
        remove(&path);
        path
    }

    /// A copy that may be written to.
    pub(crate) fn copy(&self, base: &Path, name: &str) -> PathBuf {
        let path = self.scratch(name);
        std::fs::copy(base, &path).unwrap();
        path
    }
}

/// Takes a base away with its log.
pub(crate) fn remove(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        std::fs::remove_file(name).ok();
    }
}

/// The base in this process, seen with `scope`.
pub(crate) fn open(path: &Path, scope: Scope) -> (Store, Caller) {
    let clock = Clock::new(bases_now().parse().unwrap(), TimeZone::UTC);
    let store = Store::open(path, Durability::default(), clock.now_ms()).unwrap();
    let mut actor = store.actor("self").unwrap();
    actor.scope = scope;
    let caller = Caller::new(actor, clock, 1);
    (store, caller)
}

fn customers(size: u64) -> String {
    const GIVEN: [&str; 10] = [
        "Anna", "Bruno", "Clara", "David", "Elena", "秀英", "伟", "芳", "健太", "Łukasz",
    ];
    const FAMILY: [&str; 10] = [
        "Keller", "Müller", "Castro", "O'Neil", "Eriksen", "王", "张", "李", "山本", "Wójcik",
    ];
    let turn = |list: &[&'static str; 10], at: u64| list[usize::try_from(at % 10).unwrap()];
    let mut text = "name,email,phone,city,company,title,lifecycle,tags\n".to_owned();
    for at in 0..size {
        let (given, family) = (turn(&GIVEN, at), turn(&FAMILY, at / 10));
        writeln!(
            text,
            "{given} {family} {},p{at}@mail{}.example,+49 30 {},Berlin,Company {},Buyer,lead,vip",
            at % 9_973,
            at % 500,
            1_000_000 + at,
            at % (size / 5).max(1),
        )
        .unwrap();
    }
    text
}

fn deals(size: u64) -> String {
    const STAGES: [&str; 8] = [
        "won",
        "lost",
        "prospecting",
        "won",
        "qualification",
        "proposal",
        "lost",
        "negotiation",
    ];
    let mut text =
        "external_id,name,customer,owner,stage,amount,opened_on,closed_on,expected_close\n".to_owned();
    let first: jiff::civil::Date = "2023-11-01".parse().unwrap();
    for at in 0..size {
        let stage = STAGES[usize::try_from(at % 8).unwrap()];
        let days = |number: u64| jiff::Span::new().days(i64::try_from(number).unwrap());
        let opened = first.saturating_add(days(at * 7 % 1_000));
        let ended = opened.saturating_add(days(5 + at % 90));
        let (closed, expected) = match stage {
            "won" | "lost" => (ended.to_string(), String::new()),
            _ => (String::new(), ended.to_string()),
        };
        writeln!(
            text,
            "{at},Deal {at},Company {},Seller {},{stage},{},{opened},{closed},{expected}",
            at % (size / 20).max(1),
            at % 10,
            500 + at * 37 % 90_000,
        )
        .unwrap();
    }
    text
}

/// Pays the orders that are done, with what follows from it.
const PAID: &str = "BEGIN;
    INSERT INTO payment (id, order_id, received_on, amount, amount_base, created_at, created_by)
      SELECT (SELECT max(id) FROM sales_order) + no, id, due_on, total, total_base, created_at, created_by
      FROM sales_order WHERE status = 'completed';
    UPDATE sales_order SET payment_status = 'paid', paid = total, balance = 0, balance_base = 0, overdue_on = NULL
      WHERE status = 'completed';
    COMMIT;";

fn buyers(size: u64) -> String {
    let mut text = "name,type,email\n".to_owned();
    for at in 0..(size / 20).max(1) {
        writeln!(text, "Company {at},company,c{at}@crowd.example").unwrap();
    }
    text
}

fn products() -> String {
    let mut text = "sku,name,price,currency\n".to_owned();
    for at in 0..50 {
        writeln!(text, "SKU-{at},Product {at},{},EUR", 10 + at).unwrap();
    }
    text
}

fn agents() -> String {
    let mut text = "name\n".to_owned();
    for at in 0..20 {
        writeln!(text, "Agent {at}").unwrap();
    }
    text
}

/// Tickets of three years until an hour before the bases were made. Those that are open came in at any time.
fn tickets(size: u64) -> String {
    const PRIORITIES: [&str; 4] = ["normal", "high", "low", "urgent"];
    let mut text =
        "external_id,name,customer,priority,status,assignee,received_at,first_responded_at,resolved_at,\
                    closed_at\n"
            .to_owned();
    let last: jiff::Timestamp = bases_now().parse().unwrap();
    for at in 0..size {
        let hours = |number: u64| jiff::SignedDuration::from_hours(i64::try_from(number).unwrap());
        let received = last - hours(1 + at * 7_919 % 26_280);
        // The oldest fifty wait to be checked, and nobody knows who works on them.
        let status = match at {
            0..50 => "resolved",
            at => match at % 8 {
                6 => "cancelled",
                7 => "open",
                _ => "closed",
            },
        };
        let answered = received + hours(at % 11);
        let over = answered + hours(2 + at % 90);
        let when = |is_known: bool, instant: jiff::Timestamp| match is_known && instant < last {
            true => instant.to_string(),
            false => String::new(),
        };
        // What would end later is still open.
        let status = if over >= last { "open" } else { status };
        writeln!(
            text,
            "t{at},Ticket {at},c{}@crowd.example,{},{status},{},{received},{},{},{}",
            at * 13 % (size / 20).max(1),
            PRIORITIES[usize::try_from(at % 4).unwrap()],
            match at {
                0..50 => String::new(),
                at => format!("Agent {}", at % 20),
            },
            when(at % 5 != 0, answered),
            when(matches!(status, "closed" | "resolved"), over),
            when(matches!(status, "closed" | "cancelled"), over + hours(1)),
        )
        .unwrap();
    }
    text
}

fn orders(size: u64) -> String {
    const STATUSES: [&str; 8] = [
        "completed",
        "confirmed",
        "completed",
        "draft",
        "completed",
        "processing",
        "completed",
        "cancelled",
    ];
    let mut text = "external_id,name,customer,lines,status,ordered_on,due_on,owner\n".to_owned();
    let first: jiff::civil::Date = "2024-01-01".parse().unwrap();
    for at in 0..size {
        let days = |number: u64| jiff::Span::new().days(i64::try_from(number).unwrap());
        let ordered = first.saturating_add(days(at * 7 % 1_050));
        // The oldest fifty came back.
        let status = match at {
            0..50 => "returned",
            at => STATUSES[usize::try_from(at % 8).unwrap()],
        };
        writeln!(
            text,
            "o{at},Order {at},c{}@crowd.example,SKU-{} x{},{status},{ordered},{},{}",
            at * 13 % (size / 20).max(1),
            at % 50,
            1 + at % 5,
            ordered.saturating_add(days(30)),
            if at % 10 == 0 { "self" } else { "" },
        )
        .unwrap();
    }
    text
}
