//! Arguments that commands share.
//!
//! What the structs are stands in plain comments: clap would take their docs for what the command does.

use std::path::PathBuf;

use clap::Args;

/// Flags that stand anywhere on the line.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Global {
    /// Base to work on
    #[arg(
        long,
        global = true,
        env = "CRM_DB",
        value_name = "FILE",
        help_heading = "Global"
    )]
    pub(crate) db: Option<PathBuf>,
    /// Whether the base was named on the line itself, not by the environment
    #[arg(skip)]
    pub(crate) db_on_line: bool,
    /// Whether the region was said in this call, and not by the environment.
    #[arg(skip)]
    pub(crate) region_on_line: bool,
    /// Output format: auto table tsv csv json ndjson ids markdown template xlsx
    #[arg(
        long,
        global = true,
        env = "CRM_FORMAT",
        value_name = "F",
        help_heading = "Output"
    )]
    pub(crate) format: Option<String>,
    /// JSON output, with these fields if any are named: --json=name,city
    #[arg(long, global = true, num_args = 0..=1, require_equals = true, default_missing_value = "", value_name = "FIELDS", help_heading = "Output")]
    pub(crate) json: Option<String>,
    /// File to write in place of stdout; its extension names the format where nothing else does
    #[arg(short, long, global = true, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// End with a line of JSON on stderr: rows, milliseconds, operation
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) stats: bool,
    /// Template for each record: '{name} {emails}'
    #[arg(long, global = true, value_name = "T", help_heading = "Output")]
    pub(crate) template: Option<String>,
    /// Print a header line
    #[arg(long, global = true, overrides_with = "no_header", help_heading = "Output")]
    pub(crate) header: bool,
    /// Print no header line
    #[arg(long, global = true, overrides_with = "header", help_heading = "Output")]
    pub(crate) no_header: bool,
    /// Begin CSV with a byte order mark, for spreadsheets
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) bom: bool,
    /// Keep spreadsheets from running cells as formulas
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) csv_safe: bool,
    /// Version of vCard: 4.0, or 3.0 as telephones take it
    #[arg(long, global = true, value_name = "V", value_parser = ["4.0", "3.0"], help_heading = "Output")]
    pub(crate) vcard_version: Option<String>,
    /// Separate ids by NUL
    #[arg(short = '0', long, global = true, help_heading = "Output")]
    pub(crate) null: bool,
    /// Colour: auto, always or never
    #[arg(
        long,
        global = true,
        env = "CRM_COLOR",
        value_name = "WHEN",
        value_parser = ["auto", "always", "never"],
        hide_possible_values = true,
        help_heading = "Output"
    )]
    pub(crate) color: Option<String>,
    /// Let long output run over the screen, without a pager
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) no_pager: bool,
    /// Print errors only
    #[arg(short, long, global = true, help_heading = "Output")]
    pub(crate) quiet: bool,
    /// Say more on stderr
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Output")]
    pub(crate) verbose: u8,
    /// Check everything, show what would happen, change nothing
    #[arg(short = 'n', long, global = true, help_heading = "Safety")]
    pub(crate) dry_run: bool,
    /// Answer yes to a question that would be asked
    #[arg(short, long, global = true, help_heading = "Safety")]
    pub(crate) yes: bool,
    /// Start no hooks and no programs of rules
    #[arg(
        long,
        global = true,
        env = "CRM_NO_HOOKS",
        value_parser = clap::builder::FalseyValueParser::new(),
        hide = true,
        help_heading = "Safety"
    )]
    pub(crate) no_hooks: bool,
    /// Never ask
    #[arg(
        long,
        global = true,
        env = "CRM_NO_INPUT",
        value_parser = clap::builder::FalseyValueParser::new(),
        help_heading = "Safety"
    )]
    pub(crate) no_input: bool,
    /// User who acts
    #[arg(long = "as", global = true, value_name = "USER", help_heading = "Global")]
    pub(crate) user: Option<String>,
    /// Pretend that it is this day or instant
    #[arg(long, global = true, value_name = "WHEN", help_heading = "Global")]
    pub(crate) now: Option<String>,
    /// Time zone in which a day is a day
    #[arg(
        long,
        global = true,
        env = "CRM_TZ",
        value_name = "ZONE",
        help_heading = "Global"
    )]
    pub(crate) tz: Option<String>,
    /// Country whose telephone numbers need no prefix
    #[arg(
        long,
        global = true,
        env = "CRM_REGION",
        value_name = "CC",
        help_heading = "Global"
    )]
    pub(crate) region: Option<String>,
    /// Seconds to wait for another process that writes
    #[arg(
        long,
        global = true,
        env = "CRM_TIMEOUT",
        value_name = "SECONDS",
        help_heading = "Global"
    )]
    pub(crate) timeout: Option<u32>,
}

// What selects and shapes a list.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ListArgs {
    /// Saved view to begin with; the other flags add to it
    #[arg(long, value_name = "KEY")]
    pub(crate) view: Option<String>,
    /// Filter; several have to hold together
    #[arg(short = 'w', long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) filters: Vec<String>,
    /// Columns: name,company.city; +x adds to the usual ones, -x takes away
    #[arg(
        short = 'F',
        long,
        value_name = "FIELDS",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    pub(crate) fields: Vec<String>,
    /// Order: name,-amount
    #[arg(
        long,
        value_name = "FIELDS",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    pub(crate) sort: Vec<String>,
    /// At most so many; 0 for all
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    pub(crate) fail_empty: bool,
}

// What a change of many records needs besides references.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct BulkArgs {
    /// Every record that this filter selects
    #[arg(
        short = 'w',
        long = "where",
        value_name = "EXPR",
        allow_hyphen_values = true,
        help_heading = "Selection"
    )]
    pub(crate) filters: Vec<String>,
    /// Every record there is
    #[arg(long, help_heading = "Selection")]
    pub(crate) all: bool,
    /// Change the others where some are refused, and exit with 6
    #[arg(long, help_heading = "Safety")]
    pub(crate) keep_going: bool,
}

// Records by reference or by filter.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct TargetArgs {
    /// Ref (C42), uid, e-mail, phone, handle, system:value or exact name; `-` reads refs from stdin
    #[arg(value_name = "REF")]
    pub(crate) references: Vec<String>,
    #[command(flatten)]
    pub(crate) bulk: BulkArgs,
}

// Fields to change, and of which records.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SetArgs {
    /// References and FIELD=VALUE, in any order; FIELD+=VALUE adds to a list, FIELD= clears
    #[arg(value_name = "REF|FIELD=VALUE", required = true)]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) bulk: BulkArgs,
    /// Only if the record still has this version, see `list -F +version`; exit with 4 if not
    #[arg(long, value_name = "N", help_heading = "Safety")]
    pub(crate) if_version: Option<i64>,
}

// Labels, and the records that they are put on.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct TagArgs {
    /// References (`-` reads them from stdin) and, last, the label
    #[arg(value_name = "REF… TAG", required = true)]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) bulk: BulkArgs,
}

// Records, and the user who gets them.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct AssignArgs {
    /// References (`-` reads them from stdin) and, last, the user; `none` for nobody
    #[arg(value_name = "REF… USER", required = true)]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) bulk: BulkArgs,
}
