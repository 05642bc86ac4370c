//! The settings that have one value: what each is called, is for, takes, and where it is kept.

use std::fmt;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::config::dashboard::{Charts, Clipboard, Preset, StartScreen, Symbols, Theme};
use crate::config::{Color, Config, Durability, tables};
use crate::domain::money::Currency;
use crate::domain::near::near;
use crate::domain::when::DateOrder;
use crate::error::{Error, Result};

/// What a value is in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A text in quotes.
    Text,
    /// `true` or `false`, without quotes.
    Truth,
}

/// One setting.
pub struct Setting {
    /// Its name in the file.
    pub name: &'static str,
    /// What it is for, an imperative or a noun phrase, without a period.
    pub help: &'static str,
    /// The value that stands, commented out, in the file of defaults.
    pub example: &'static str,
    /// What its value is in the file.
    pub shape: Shape,
    /// The words that it can be; none if it can be anything else too.
    pub words: fn() -> Vec<&'static str>,
    /// What it accepts, to follow "takes".
    pub(super) accepts: &'static str,
    /// Takes a text; false if it is not acceptable.
    pub(super) set: fn(&mut Config, &str) -> bool,
    /// The value as a text.
    pub(super) get: fn(&Config) -> Option<String>,
}

impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The settings, in the order of the file of defaults.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "user",
        help: "The user who acts, by key",
        example: "self",
        shape: Shape::Text,
        words: Vec::new,
        accepts: "the key of a user",
        set: |config, text| put(&mut config.user, not_blank(text)),
        get: |config| config.user.clone(),
    },
    Setting {
        name: "database",
        help: "The database file; `~/` is the home folder, and a relative path starts at the folder of this file",
        example: "~/sales/crm.db",
        shape: Shape::Text,
        words: Vec::new,
        accepts: "a path",
        set: |config, text| put(&mut config.database, not_blank(text)),
        get: |config| config.database.clone(),
    },
    Setting {
        name: "region",
        help: "The country of phone numbers that are written without one, two letters",
        example: "DE",
        shape: Shape::Text,
        words: Vec::new,
        accepts: "a country code of two letters",
        set: |config, text| put(&mut config.region, country_code(text)),
        get: |config| config.region.clone(),
    },
    Setting {
        name: "currency",
        help: "The currency in which a new base makes its sums, USD if not set; a base keeps the one it was made with",
        example: "EUR",
        shape: Shape::Text,
        words: Vec::new,
        accepts: "an ISO 4217 currency code",
        set: |config, text| put(&mut config.currency, Currency::parse(text)),
        get: |config| config.currency.map(|currency| currency.code().to_owned()),
    },
    Setting {
        name: "zone",
        help: "The time zone, by its IANA name; that of the system if not set",
        example: "Europe/Berlin",
        shape: Shape::Text,
        words: Vec::new,
        accepts: "the IANA name of a time zone",
        set: |config, text| put(&mut config.zone, TimeZone::get(text).ok()),
        get: |config| {
            config
                .zone
                .as_ref()
                .and_then(|zone| zone.iana_name().map(str::to_owned))
        },
    },
    Setting {
        name: "date_order",
        help: "How 1/2/2026 is read, dmy or mdy; such dates are refused if not set",
        example: "dmy",
        shape: Shape::Text,
        words: || names(&DATE_ORDERS),
        accepts: "dmy or mdy",
        set: |config, text| put(&mut config.date_order, word(text, &DATE_ORDERS)),
        get: |config| config.date_order.and_then(|order| name_of(&DATE_ORDERS, &order)),
    },
    Setting {
        name: "week_start",
        help: "The first day of the week",
        example: "monday",
        shape: Shape::Text,
        words: || names(&WEEKDAYS),
        accepts: "a day of the week",
        set: |config, text| put(&mut config.week_start, word(text, &WEEKDAYS)),
        get: |config| config.week_start.and_then(|day| name_of(&WEEKDAYS, &day)),
    },
    Setting {
        name: "quote_days",
        help: "How many days a new quote is good for, 30 if not set",
        example: "30",
        shape: Shape::Text,
        words: Vec::new,
        accepts: "a number of days from 1 to 3650",
        set: |config, text| {
            let days = text.trim().parse().ok().filter(|days| (1..=3650).contains(days));
            put(&mut config.quote_days, days)
        },
        get: |config| config.quote_days.map(|days| days.to_string()),
    },
    Setting {
        name: "durability",
        help: "What a power cut may cost: the last moments with normal, nothing with full, which is slower",
        example: "normal",
        shape: Shape::Text,
        words: || names(&DURABILITIES),
        accepts: "normal or full",
        set: |config, text| put(&mut config.durability, word(text, &DURABILITIES)),
        get: |config| {
            config
                .durability
                .and_then(|durability| name_of(&DURABILITIES, &durability))
        },
    },
    Setting {
        name: "undo_horizon",
        help: "How far back operations can be undone; `crm compact` forgets older ones, and none if this is not set",
        example: "1 year",
        shape: Shape::Text,
        words: Vec::new,
        accepts: "90 days, 12 weeks, 6 months, 2 years, 1000 operations or forever",
        set: |config, text| put(&mut config.undo_horizon, text.parse().ok()),
        get: |config| config.undo_horizon.map(|horizon| horizon.to_string()),
    },
    Setting {
        name: "seller",
        help: "Who sells, as printed orders call it",
        example: "Harbour Trading Ltd",
        shape: Shape::Text,
        words: Vec::new,
        accepts: "a name",
        set: |config, text| put(&mut config.seller, not_blank(text)),
        get: |config| config.seller.clone(),
    },
    Setting {
        name: "seller_address",
        help: "The address of the seller on printed orders, `;` between lines",
        example: "1 Quay Street; Bristol BS1 4DJ",
        shape: Shape::Text,
        words: Vec::new,
        accepts: "an address",
        set: |config, text| put(&mut config.seller_address, not_blank(text)),
        get: |config| config.seller_address.clone(),
    },
    Setting {
        name: "seller_tax_id",
        help: "The number of the seller with the tax office, on printed orders",
        example: "GB123456789",
        shape: Shape::Text,
        words: Vec::new,
        accepts: "a number",
        set: |config, text| put(&mut config.seller_tax_id, not_blank(text)),
        get: |config| config.seller_tax_id.clone(),
    },
    Setting {
        name: "seller_account",
        help: "How the seller is paid, on printed orders, `;` between lines",
        example: "Harbour Bank; IBAN GB00HARB00000000000000",
        shape: Shape::Text,
        words: Vec::new,
        accepts: "an account",
        set: |config, text| put(&mut config.seller_account, not_blank(text)),
        get: |config| config.seller_account.clone(),
    },
    Setting {
        name: "rule_commands",
        help: "Whether rules may run programs; a base that came from somebody else has rules of theirs",
        example: "true",
        shape: Shape::Truth,
        words: || names(&TRUTHS),
        accepts: "true or false",
        set: |config, text| put(&mut config.rule_commands, word(text, &TRUTHS)),
        get: |config| {
            config
                .rule_commands
                .and_then(|allowed| name_of(&TRUTHS, &allowed))
        },
    },
    Setting {
        name: "color",
        help: "When colour is used: auto, always or never",
        example: "auto",
        shape: Shape::Text,
        words: || names(&COLORS),
        accepts: "auto, always or never",
        set: |config, text| put(&mut config.color, word(text, &COLORS)),
        get: |config| config.color.and_then(|color| name_of(&COLORS, &color)),
    },
    Setting {
        name: "start_screen",
        help: "The screen with which the dashboard begins: today, customers, pipeline, tasks, orders or reports",
        example: "today",
        shape: Shape::Text,
        words: || names(&SCREENS),
        accepts: "today, customers, pipeline, tasks, tickets, orders or reports",
        set: |config, text| put(&mut config.dashboard.start_screen, word(text, &SCREENS)),
        get: |config| {
            config
                .dashboard
                .start_screen
                .and_then(|screen| name_of(&SCREENS, &screen))
        },
    },
    Setting {
        name: "theme",
        help: "The theme of the dashboard: default, which uses the colours of the terminal, dark, light, mono, high-contrast, or auto, which is dark or light as the terminal is",
        example: "default",
        shape: Shape::Text,
        words: || names(&THEMES),
        accepts: "auto, default, dark, light, mono or high-contrast",
        set: |config, text| put(&mut config.dashboard.theme, word(text, &THEMES)),
        get: |config| config.dashboard.theme.and_then(|theme| name_of(&THEMES, &theme)),
    },
    Setting {
        name: "symbols",
        help: "What the dashboard draws with: unicode, ascii, or auto, which is ascii where the terminal may lack the others",
        example: "auto",
        shape: Shape::Text,
        words: || names(&SYMBOLS),
        accepts: "auto, unicode or ascii",
        set: |config, text| put(&mut config.dashboard.symbols, word(text, &SYMBOLS)),
        get: |config| {
            config
                .dashboard
                .symbols
                .and_then(|symbols| name_of(&SYMBOLS, &symbols))
        },
    },
    Setting {
        name: "charts",
        help: "What the dashboard draws charts with: blocks, braille or ascii",
        example: "blocks",
        shape: Shape::Text,
        words: || names(&CHARTS),
        accepts: "blocks, braille or ascii",
        set: |config, text| put(&mut config.dashboard.charts, word(text, &CHARTS)),
        get: |config| {
            config
                .dashboard
                .charts
                .and_then(|charts| name_of(&CHARTS, &charts))
        },
    },
    Setting {
        name: "mouse",
        help: "Whether the dashboard takes the mouse; without, the terminal selects text as always",
        example: "true",
        shape: Shape::Truth,
        words: || names(&TRUTHS),
        accepts: "true or false",
        set: |config, text| put(&mut config.dashboard.mouse, word(text, &TRUTHS)),
        get: |config| config.dashboard.mouse.and_then(|mouse| name_of(&TRUTHS, &mouse)),
    },
    Setting {
        name: "clipboard",
        help: "How the dashboard copies: native with a program of the system, osc52 through the terminal, auto with what is there, off not at all",
        example: "auto",
        shape: Shape::Text,
        words: || names(&CLIPBOARDS),
        accepts: "auto, native, osc52 or off",
        set: |config, text| put(&mut config.dashboard.clipboard, word(text, &CLIPBOARDS)),
        get: |config| {
            config
                .dashboard
                .clipboard
                .and_then(|clipboard| name_of(&CLIPBOARDS, &clipboard))
        },
    },
    Setting {
        name: "keymap",
        help: "The keys of the dashboard: default, vim where that differs, or plain with letters left for looking up names",
        example: "default",
        shape: Shape::Text,
        words: || names(&KEYMAPS),
        accepts: "default, vim or plain",
        set: |config, text| put(&mut config.dashboard.keymap, word(text, &KEYMAPS)),
        get: |config| {
            let keymap = config.dashboard.keymap;
            keymap.and_then(|keymap| name_of(&KEYMAPS, &keymap))
        },
    },
];

const KEYMAPS: [(&str, Preset); 3] = [
    ("default", Preset::Default),
    ("vim", Preset::Vim),
    ("plain", Preset::Plain),
];

const DURABILITIES: [(&str, Durability); 2] = [("normal", Durability::Normal), ("full", Durability::Full)];
const DATE_ORDERS: [(&str, DateOrder); 2] =
    [("dmy", DateOrder::DayMonthYear), ("mdy", DateOrder::MonthDayYear)];
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];
const COLORS: [(&str, Color); 3] = [
    ("auto", Color::Auto),
    ("always", Color::Always),
    ("never", Color::Never),
];
const TRUTHS: [(&str, bool); 2] = [("true", true), ("false", false)];
const SCREENS: [(&str, StartScreen); 7] = [
    ("today", StartScreen::Today),
    ("customers", StartScreen::Customers),
    ("pipeline", StartScreen::Pipeline),
    ("tasks", StartScreen::Tasks),
    ("orders", StartScreen::Orders),
    ("tickets", StartScreen::Tickets),
    ("reports", StartScreen::Reports),
];
const THEMES: [(&str, Theme); 6] = [
    ("auto", Theme::Auto),
    ("default", Theme::Default),
    ("dark", Theme::Dark),
    ("light", Theme::Light),
    ("mono", Theme::Mono),
    ("high-contrast", Theme::HighContrast),
];
const SYMBOLS: [(&str, Symbols); 3] = [
    ("auto", Symbols::Auto),
    ("unicode", Symbols::Unicode),
    ("ascii", Symbols::Ascii),
];
const CHARTS: [(&str, Charts); 3] = [
    ("blocks", Charts::Blocks),
    ("braille", Charts::Braille),
    ("ascii", Charts::Ascii),
];
const CLIPBOARDS: [(&str, Clipboard); 4] = [
    ("auto", Clipboard::Auto),
    ("native", Clipboard::Native),
    ("osc52", Clipboard::Osc52),
    ("off", Clipboard::Off),
];

/// Whether there may be a setting called `name`, which may be an entry of a table.
///
/// # Errors
///
/// Usage if not, with near names.
pub fn check_name(name: &str) -> Result<()> {
    match tables::entry(name) {
        Some(_) => Ok(()),
        None => named(name).map(|_| ()),
    }
}

/// The setting called `name`.
///
/// # Errors
///
/// Usage if there is none, with near names.
pub(super) fn named(name: &str) -> Result<&'static Setting> {
    find(name).ok_or_else(|| {
        let names = SETTINGS.iter().map(|setting| setting.name);
        Error::usage(format!("there is no setting {name:?}")).with_near(near(name, names))
    })
}

/// The setting called `name`; none if there is no such one.
pub(super) fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

fn put<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    let taken = value.is_some();
    if taken {
        *place = value;
    }
    taken
}

fn not_blank(text: &str) -> Option<String> {
    (!text.is_empty() && !text.contains('\0')).then(|| text.to_owned())
}

fn country_code(text: &str) -> Option<String> {
    let two_letters = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    two_letters.then(|| text.to_ascii_uppercase())
}

/// What `text` means in a table of words; case is ignored.
fn word<T: Copy>(text: &str, words: &[(&str, T)]) -> Option<T> {
    let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
    found.map(|&(_, value)| value)
}

fn name_of<T: PartialEq>(words: &[(&str, T)], value: &T) -> Option<String> {
    let found = words.iter().find(|(_, other)| other == value);
    found.map(|(word, _)| (*word).to_owned())
}

fn names<T>(words: &[(&'static str, T)]) -> Vec<&'static str> {
    words.iter().map(|(word, _)| *word).collect()
}
