//! Everything a person can mean, in one table: keys, hints, help and the palette are made of it.

use crm::domain::noun::Noun;

/// What a person means by a key, a click or a choice in the palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    // Everywhere.
    Help,
    Palette,
    Today,
    Customers,
    Pipeline,
    Tasks,
    Orders,
    Tickets,
    Reports,
    Week,
    Operations,
    Trash,
    Duplicates,
    Notices,
    Back,
    Leave,
    Quit,
    Cancel,
    Suspend,
    Redraw,
    Refresh,
    Undo,
    Redo,
    Repeat,
    Labels,
    Preview,
    Larger,
    Smaller,
    CopyCommand,
    Shell,
    Mouse,
    NextPane,
    PreviousPane,
    Detail,
    NextTab,
    PreviousTab,
    Tutorial,
    // In lists.
    Down,
    Up,
    First,
    Last,
    PageDown,
    PageUp,
    DetailDown,
    DetailUp,
    Open,
    Filter,
    Sort,
    Columns,
    Mark,
    Range,
    Invert,
    MarkAll,
    SaveView,
    View(u8),
    // With records.
    New,
    Edit,
    EditCell,
    Editor,
    Add,
    Note,
    Call,
    Email,
    Meeting,
    Task,
    Deal,
    Order,
    FollowUp,
    Done,
    Reopen,
    Modify,
    Assign,
    Tags,
    Contact,
    Launch,
    Copy,
    Remove,
    Delete,
    Restore,
    Pipe,
    History,
    // With tickets.
    TicketReply,
    TicketMessage,
    TicketNote,
    TicketTake,
    TicketAdvance,
    TicketWait,
    TicketResolve,
    TicketClose,
    // Today.
    Queue,
    // On a page of its own.
    NextRecord,
    PreviousRecord,
    // On the board.
    Left,
    Right,
    MoveLeft,
    MoveRight,
    Win,
    Lose,
    // With orders.
    Confirm,
    Pay,
    Ship,
    Arrived,
    Complete,
    CancelOrder,
    Refund,
    Group,
    OtherPipeline,
    Zoom,
    // In reports.
    Period,
    Dimension,
    Compare,
    Earlier,
    Later,
    // Among notifications.
    NoticeRead,
    NoticeReadAll,
    // In the work queue.
    Reached,
    Voicemail,
    NoAnswer,
    CallBack,
    NotInterested,
    Skip,
    // In the week.
    ThisWeek,
    // In the log of operations.
    UndoThis,
    // Among duplicates.
    MergeBoth,
    NotSame,
}

impl Action {
    /// Whether it only moves on the page that is shown, or ends what lies over it.
    pub(crate) fn looks_around(self) -> bool {
        matches!(
            self,
            Action::Down
                | Action::Up
                | Action::First
                | Action::Last
                | Action::PageDown
                | Action::PageUp
                | Action::DetailDown
                | Action::DetailUp
                | Action::Left
                | Action::Right
                | Action::NextPane
                | Action::PreviousPane
                | Action::Back
                | Action::Redraw
                | Action::Refresh
        )
    }
}

impl Action {
    /// Whether it makes or changes records, which what is in the trash is spared.
    pub(crate) fn is_of_living(self) -> bool {
        matches!(
            self,
            Action::New
                | Action::Edit
                | Action::EditCell
                | Action::Editor
                | Action::Add
                | Action::Note
                | Action::Call
                | Action::Email
                | Action::Meeting
                | Action::Task
                | Action::Deal
                | Action::Order
                | Action::FollowUp
                | Action::Done
                | Action::Modify
                | Action::Assign
                | Action::Tags
                | Action::Contact
                | Action::Win
                | Action::Lose
                | Action::Confirm
                | Action::Pay
                | Action::Ship
                | Action::Arrived
                | Action::Complete
                | Action::CancelOrder
                | Action::Refund
                | Action::TicketReply
                | Action::TicketMessage
                | Action::TicketNote
                | Action::TicketTake
                | Action::TicketAdvance
                | Action::TicketWait
                | Action::TicketResolve
                | Action::TicketClose
        )
    }
}

/// Where a key counts. The keys of a page count before those of all lists, and these before those of everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    Global,
    List,
    Record,
    Tickets,
    Today,
    Orders,
    Board,
    Reports,
    Report,
    Queue,
    Week,
    Operations,
    Trash,
    Duplicates,
    Notices,
}

impl Scope {
    /// Whether its pages show reports, which have no records of their own.
    pub(crate) fn is_of_reports(self) -> bool {
        matches!(self, Scope::Reports | Scope::Report)
    }

    /// The heading in the help.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Scope::Global => "Everywhere",
            Scope::List => "Lists",
            Scope::Record => "Record",
            Scope::Tickets => "Tickets",
            Scope::Today => "Today",
            Scope::Orders => "Orders",
            Scope::Board => "Pipeline",
            Scope::Reports => "Reports",
            Scope::Report => "Report",
            Scope::Queue => "Work queue",
            Scope::Week => "Week",
            Scope::Operations => "Operations",
            Scope::Trash => "Trash",
            Scope::Duplicates => "Duplicates",
            Scope::Notices => "Notifications",
        }
    }
}

/// One line of the table.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) action: Action,
    /// What settings call it.
    pub(crate) id: &'static str,
    /// What it does, as an imperative.
    pub(crate) title: &'static str,
    pub(crate) scope: Scope,
    /// Keys, each as [`crate::tui::key::Key::sequence`] reads it.
    pub(crate) keys: &'static [&'static str],
    /// Records of which nouns it needs; none for no record.
    pub(crate) needs: &'static [Noun],
    /// The word in the line of hints, and how early it comes there.
    pub(crate) hint: Option<(u8, &'static str)>,
}

/// The records that people work with.
pub(crate) const RECORDS: &[Noun] = &[
    Noun::Customer,
    Noun::Deal,
    Noun::Quote,
    Noun::Order,
    Noun::Ticket,
    Noun::Feedback,
    Noun::Task,
    Noun::Activity,
    Noun::Product,
];
const TAGGED: &[Noun] = &[
    Noun::Customer,
    Noun::Deal,
    Noun::Quote,
    Noun::Order,
    Noun::Ticket,
    Noun::Feedback,
    Noun::Task,
    Noun::Activity,
];
const CUSTOMER: &[Noun] = &[Noun::Customer];
const DEAL: &[Noun] = &[Noun::Deal];
const TASK: &[Noun] = &[Noun::Task];
const ORDER: &[Noun] = &[Noun::Order];
const TICKET: &[Noun] = &[Noun::Ticket];
const OWNED: &[Noun] = &[
    Noun::Customer,
    Noun::Deal,
    Noun::Quote,
    Noun::Order,
    Noun::Ticket,
    Noun::Feedback,
    Noun::Task,
];
const NONE: &[Noun] = &[];

const fn global(
    action: Action,
    id: &'static str,
    title: &'static str,
    keys: &'static [&'static str],
    hint: Option<(u8, &'static str)>,
) -> Entry {
    in_scope(Scope::Global, action, id, title, keys, hint)
}

const fn in_scope(
    scope: Scope,
    action: Action,
    id: &'static str,
    title: &'static str,
    keys: &'static [&'static str],
    hint: Option<(u8, &'static str)>,
) -> Entry {
    Entry {
        action,
        id,
        title,
        scope,
        keys,
        needs: NONE,
        hint,
    }
}

const fn on_ticket(
    action: Action,
    id: &'static str,
    title: &'static str,
    keys: &'static [&'static str],
    hint: Option<(u8, &'static str)>,
) -> Entry {
    Entry {
        action,
        id,
        title,
        scope: Scope::Tickets,
        keys,
        needs: TICKET,
        hint,
    }
}

const fn on_record(
    action: Action,
    id: &'static str,
    title: &'static str,
    keys: &'static [&'static str],
    needs: &'static [Noun],
    hint: Option<(u8, &'static str)>,
) -> Entry {
    Entry {
        action,
        id,
        title,
        scope: Scope::List,
        keys,
        needs,
        hint,
    }
}

const fn on_order(
    action: Action,
    id: &'static str,
    title: &'static str,
    keys: &'static [&'static str],
    hint: Option<(u8, &'static str)>,
) -> Entry {
    Entry {
        needs: ORDER,
        ..in_scope(Scope::Orders, action, id, title, keys, hint)
    }
}

/// The table, in the order of the help.
pub(crate) const ACTIONS: &[Entry] = &[
    global(
        Action::Help,
        "help",
        "Show what can be done here",
        &["?", "f1"],
        Some((99, "help")),
    ),
    global(
        Action::Palette,
        "palette",
        "Go to anything, do anything",
        &[":", "ctrl-p"],
        Some((60, "commands")),
    ),
    global(Action::Today, "go.today", "Go to Today", &["1", "g t"], None),
    global(
        Action::Customers,
        "go.customers",
        "Go to Customers",
        &["2", "g c"],
        None,
    ),
    global(
        Action::Pipeline,
        "go.pipeline",
        "Go to the pipeline",
        &["3", "g p"],
        None,
    ),
    global(Action::Tasks, "go.tasks", "Go to Tasks", &["4", "g a"], None),
    global(
        Action::Tickets,
        "go.tickets",
        "Go to Tickets",
        &["5", "g k"],
        None,
    ),
    global(Action::Orders, "go.orders", "Go to Orders", &["6", "g o"], None),
    global(
        Action::Reports,
        "go.reports",
        "Go to Reports",
        &["8", "g r"],
        None,
    ),
    global(Action::Week, "go.week", "Show the week", &["g w"], None),
    global(
        Action::Operations,
        "go.operations",
        "Show what was done, and take any of it back",
        &["g l"],
        None,
    ),
    global(Action::Trash, "go.trash", "Show the trash", &["g x"], None),
    global(
        Action::Duplicates,
        "go.duplicates",
        "Review who may be there twice",
        &["g d"],
        None,
    ),
    global(
        Action::Notices,
        "go.notices",
        "Show what rules told you",
        &["g n"],
        None,
    ),
    global(Action::Back, "back", "Go one step back", &["esc", "-"], None),
    global(
        Action::Leave,
        "leave",
        "Go back, and quit at the top",
        &["q"],
        None,
    ),
    global(Action::Quit, "quit", "Quit", &["Q"], None),
    global(
        Action::Cancel,
        "cancel",
        "Cancel what is running; twice quits",
        &["ctrl-c"],
        None,
    ),
    global(
        Action::Suspend,
        "suspend",
        "Go to the shell; fg comes back",
        &["ctrl-z"],
        None,
    ),
    global(
        Action::Redraw,
        "redraw",
        "Draw everything anew",
        &["ctrl-l"],
        None,
    ),
    global(
        Action::Refresh,
        "refresh",
        "Read everything anew",
        &["R", "f5"],
        None,
    ),
    global(
        Action::Undo,
        "undo",
        "Take back the last operation",
        &["z", "u"],
        Some((80, "undo")),
    ),
    global(
        Action::Redo,
        "redo",
        "Do again what was undone",
        &["Z", "U", "ctrl-r"],
        None,
    ),
    global(
        Action::Repeat,
        "repeat",
        "Do the last thing again here",
        &["."],
        None,
    ),
    global(Action::Labels, "labels", "Jump by letters", &["s"], None),
    global(
        Action::Preview,
        "preview",
        "Show or hide the detail beside the list",
        &["p"],
        None,
    ),
    global(
        Action::Larger,
        "larger",
        "Make this pane larger",
        &["+", "="],
        None,
    ),
    global(Action::Smaller, "smaller", "Make this pane smaller", &["_"], None),
    global(
        Action::CopyCommand,
        "copy.command",
        "Copy as a command for the shell",
        &["Y"],
        None,
    ),
    global(Action::Shell, "shell", "Run a command of the shell", &["!"], None),
    global(
        Action::Mouse,
        "mouse",
        "Use the mouse, or leave it to the terminal",
        &["f6"],
        None,
    ),
    global(
        Action::NextPane,
        "pane.next",
        "Go to the next pane",
        &["tab"],
        None,
    ),
    global(
        Action::PreviousPane,
        "pane.previous",
        "Go to the pane before",
        &["shift-tab"],
        None,
    ),
    global(Action::Detail, "pane.detail", "Go to the detail", &["0"], None),
    global(
        Action::NextTab,
        "tab.next",
        "Show the next tab",
        &["]", ")", "ctrl-pagedown"],
        None,
    ),
    global(
        Action::PreviousTab,
        "tab.previous",
        "Show the tab before",
        &["[", "(", "ctrl-pageup"],
        None,
    ),
    global(
        Action::Tutorial,
        "tutorial",
        "Learn the keys in five steps",
        &[],
        None,
    ),
    in_scope(Scope::List, Action::Down, "down", "Go down", &["j", "down"], None),
    in_scope(Scope::List, Action::Up, "up", "Go up", &["k", "up"], None),
    in_scope(
        Scope::List,
        Action::First,
        "first",
        "Go to the first",
        &["g g", "home"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::Last,
        "last",
        "Go to the last",
        &["G", "end"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::PageDown,
        "page.down",
        "Go down half a page",
        &["ctrl-d", "pagedown"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::PageUp,
        "page.up",
        "Go up half a page",
        &["ctrl-u", "pageup"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::DetailDown,
        "detail.down",
        "Scroll the detail down",
        &["J", "shift-pagedown"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::DetailUp,
        "detail.up",
        "Scroll the detail up",
        &["K", "shift-pageup"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::Open,
        "open",
        "Open",
        &["enter", "l", "right"],
        Some((10, "open")),
    ),
    in_scope(
        Scope::List,
        Action::Filter,
        "filter",
        "Filter",
        &["/", "ctrl-f"],
        Some((40, "filter")),
    ),
    in_scope(
        Scope::List,
        Action::Sort,
        "sort",
        "Sort by another column",
        &["comma"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::Columns,
        "columns",
        "Choose the columns",
        &[],
        None,
    ),
    in_scope(
        Scope::List,
        Action::Mark,
        "mark",
        "Mark, and go to the next",
        &["space"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::Range,
        "mark.range",
        "Mark from here to where the cursor goes",
        &["v"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::Invert,
        "mark.invert",
        "Mark the others",
        &["*"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::MarkAll,
        "mark.all",
        "Mark everything that the filter finds",
        &["ctrl-a"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::SaveView,
        "view.save",
        "Keep this list as a view",
        &["V"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::View(1),
        "view.1",
        "Show the first view",
        &["alt-1"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::View(2),
        "view.2",
        "Show the second view",
        &["alt-2"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::View(3),
        "view.3",
        "Show the third view",
        &["alt-3"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::View(4),
        "view.4",
        "Show the fourth view",
        &["alt-4"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::View(5),
        "view.5",
        "Show the fifth view",
        &["alt-5"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::View(6),
        "view.6",
        "Show the sixth view",
        &["alt-6"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::View(7),
        "view.7",
        "Show the seventh view",
        &["alt-7"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::View(8),
        "view.8",
        "Show the eighth view",
        &["alt-8"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::View(9),
        "view.9",
        "Show the ninth view",
        &["alt-9"],
        None,
    ),
    in_scope(
        Scope::List,
        Action::New,
        "new",
        "Add a record",
        &["n", "insert"],
        Some((45, "new")),
    ),
    on_record(
        Action::Edit,
        "edit",
        "Edit in a form",
        &["e"],
        RECORDS,
        Some((30, "edit")),
    ),
    on_record(
        Action::EditCell,
        "edit.cell",
        "Edit one field",
        &["i", "f2"],
        RECORDS,
        None,
    ),
    on_record(
        Action::Editor,
        "edit.editor",
        "Edit in the editor; with marks as a table",
        &["E"],
        RECORDS,
        None,
    ),
    on_record(
        Action::Add,
        "add",
        "Add a note, call, e-mail, meeting, task, deal or order",
        &["a"],
        CUSTOMER,
        Some((20, "add")),
    ),
    on_record(Action::Note, "log.note", "Write a note", &[], CUSTOMER, None),
    on_record(Action::Call, "log.call", "Log a call", &[], CUSTOMER, None),
    on_record(Action::Email, "log.email", "Log an e-mail", &[], CUSTOMER, None),
    on_record(
        Action::Meeting,
        "log.meeting",
        "Log a meeting",
        &[],
        CUSTOMER,
        None,
    ),
    on_record(Action::Task, "task.add", "Add a task", &[], CUSTOMER, None),
    on_record(Action::Deal, "deal.add", "Add a deal", &[], CUSTOMER, None),
    on_record(Action::Order, "order.add", "Add an order", &[], CUSTOMER, None),
    on_record(
        Action::FollowUp,
        "follow_up",
        "Set or move the next step",
        &["f"],
        &[Noun::Task, Noun::Customer],
        Some((15, "follow-up")),
    ),
    on_record(
        Action::Done,
        "task.done",
        "Mark as done",
        &["x"],
        TASK,
        Some((12, "done")),
    ),
    on_record(
        Action::Reopen,
        "reopen",
        "Open again",
        &[],
        &[Noun::Task, Noun::Deal, Noun::Ticket],
        None,
    ),
    on_record(
        Action::Modify,
        "modify",
        "Change one thing: stage, owner, priority …",
        &["m"],
        RECORDS,
        Some((35, "modify")),
    ),
    on_record(Action::Assign, "assign", "Give to another user", &[], OWNED, None),
    on_record(
        Action::Tags,
        "tags",
        "Put labels on and take them off",
        &["t"],
        TAGGED,
        None,
    ),
    on_record(
        Action::Contact,
        "contact",
        "Call, write or visit",
        &["c"],
        CUSTOMER,
        None,
    ),
    on_record(
        Action::Launch,
        "launch",
        "Open the web page",
        &["o"],
        RECORDS,
        None,
    ),
    on_record(Action::Copy, "copy", "Copy", &["y"], RECORDS, None),
    on_record(
        Action::Remove,
        "remove",
        "Move to the trash",
        &["d", "delete"],
        RECORDS,
        None,
    ),
    on_record(
        Action::Delete,
        "delete",
        "Merge, take a merge apart, or call off for good",
        &["D", "shift-delete"],
        RECORDS,
        None,
    ),
    Entry {
        action: Action::Restore,
        id: "restore",
        title: "Take out of the trash",
        scope: Scope::Trash,
        keys: &["r"],
        needs: RECORDS,
        hint: Some((5, "restore")),
    },
    on_record(
        Action::Pipe,
        "pipe",
        "Send to a command of the shell",
        &["|"],
        RECORDS,
        None,
    ),
    on_record(
        Action::History,
        "history",
        "Show what was changed",
        &[],
        RECORDS,
        None,
    ),
    on_record(Action::Win, "deal.win", "Win", &[], DEAL, None),
    on_record(Action::Lose, "deal.lose", "Lose, with a reason", &[], DEAL, None),
    on_order(
        Action::Confirm,
        "order.confirm",
        "Confirm: both sides are bound",
        &["C"],
        Some((16, "confirm")),
    ),
    on_order(
        Action::Pay,
        "order.pay",
        "Money came: how much, and how",
        &["P"],
        Some((13, "pay")),
    ),
    on_order(
        Action::Ship,
        "order.ship",
        "Send, with carrier and tracking number",
        &["S"],
        Some((14, "ship")),
    ),
    on_order(
        Action::Arrived,
        "order.deliver",
        "What was sent has arrived",
        &["A"],
        Some((17, "arrived")),
    ),
    on_order(
        Action::CancelOrder,
        "order.cancel",
        "Cancel the order, with a reason",
        &["X"],
        None,
    ),
    on_order(Action::Complete, "order.complete", "The order is done", &[], None),
    on_order(Action::Refund, "order.refund", "Give money back", &[], None),
    on_ticket(
        Action::TicketReply,
        "ticket.reply",
        "Answer the customer",
        &["r"],
        Some((12, "reply")),
    ),
    on_ticket(
        Action::TicketMessage,
        "ticket.message",
        "Take down what the customer said",
        &["M"],
        None,
    ),
    on_ticket(
        Action::TicketNote,
        "ticket.note",
        "Write something down for us alone",
        &["a"],
        Some((14, "note")),
    ),
    on_ticket(
        Action::TicketTake,
        "ticket.take",
        "Work on it yourself",
        &["T"],
        Some((16, "take")),
    ),
    on_ticket(
        Action::TicketAdvance,
        "ticket.advance",
        "Move it to the next step",
        &["L", "shift-right"],
        Some((18, "next step")),
    ),
    on_ticket(
        Action::TicketWait,
        "ticket.wait",
        "Wait for somebody outside, or go on",
        &["w"],
        None,
    ),
    on_ticket(
        Action::TicketResolve,
        "ticket.resolve",
        "Say how it was solved",
        &["x"],
        Some((20, "solve")),
    ),
    on_ticket(
        Action::TicketClose,
        "ticket.close",
        "Close what is solved",
        &["X"],
        None,
    ),
    in_scope(
        Scope::Today,
        Action::Queue,
        "queue",
        "Work through the list, one customer after the other",
        &["w"],
        Some((5, "work")),
    ),
    in_scope(
        Scope::Record,
        Action::NextRecord,
        "record.next",
        "Show the next record",
        &["J"],
        None,
    ),
    in_scope(
        Scope::Record,
        Action::PreviousRecord,
        "record.previous",
        "Show the record before",
        &["K"],
        None,
    ),
    in_scope(
        Scope::Board,
        Action::Left,
        "stage.left",
        "Go to the stage on the left",
        &["h", "left"],
        None,
    ),
    in_scope(
        Scope::Board,
        Action::Right,
        "stage.right",
        "Go to the stage on the right",
        &["l", "right"],
        None,
    ),
    in_scope(
        Scope::Board,
        Action::MoveLeft,
        "move.left",
        "Move the card a stage back",
        &["H", "shift-left"],
        None,
    ),
    in_scope(
        Scope::Board,
        Action::MoveRight,
        "move.right",
        "Move the card a stage on",
        &["L", "shift-right"],
        Some((5, "move")),
    ),
    in_scope(
        Scope::Board,
        Action::Zoom,
        "zoom",
        "Show this stage as a list",
        &["+"],
        None,
    ),
    in_scope(
        Scope::Board,
        Action::Group,
        "group",
        "Group by stage, owner or month",
        &[")", "]"],
        None,
    ),
    in_scope(
        Scope::Board,
        Action::OtherPipeline,
        "pipeline.other",
        "Show another pipeline",
        &["P"],
        None,
    ),
    in_scope(
        Scope::Report,
        Action::Period,
        "period",
        "Choose the period",
        &["m"],
        Some((20, "period")),
    ),
    in_scope(
        Scope::Report,
        Action::Dimension,
        "dimension",
        "Choose what rows are made by",
        &["b"],
        Some((25, "by")),
    ),
    in_scope(
        Scope::Report,
        Action::Compare,
        "compare",
        "Compare with the period before",
        &["c"],
        Some((30, "compare")),
    ),
    in_scope(
        Scope::Report,
        Action::Earlier,
        "period.earlier",
        "Show the period before",
        &["[", "(", "ctrl-pageup"],
        None,
    ),
    in_scope(
        Scope::Report,
        Action::Later,
        "period.later",
        "Show the period after",
        &["]", ")", "ctrl-pagedown"],
        None,
    ),
    in_scope(
        Scope::Queue,
        Action::Reached,
        "reached",
        "Reached: note it, and go on",
        &["r"],
        Some((1, "reached")),
    ),
    in_scope(
        Scope::Queue,
        Action::Voicemail,
        "voicemail",
        "Left a message; try again in two days",
        &["v"],
        Some((2, "voicemail")),
    ),
    in_scope(
        Scope::Queue,
        Action::NoAnswer,
        "no_answer",
        "No answer; try again tomorrow",
        &["n"],
        Some((3, "no answer")),
    ),
    in_scope(
        Scope::Queue,
        Action::CallBack,
        "call_back",
        "Call back, and when",
        &["b"],
        Some((4, "call back")),
    ),
    in_scope(
        Scope::Queue,
        Action::NotInterested,
        "not_interested",
        "Not interested",
        &["i"],
        Some((5, "not interested")),
    ),
    in_scope(
        Scope::Queue,
        Action::Skip,
        "skip",
        "Leave for later",
        &["space"],
        Some((6, "skip")),
    ),
    in_scope(
        Scope::Week,
        Action::Left,
        "week.left",
        "Go to the day before",
        &["h", "left"],
        None,
    ),
    in_scope(
        Scope::Week,
        Action::Right,
        "week.right",
        "Go to the next day",
        &["l", "right"],
        None,
    ),
    in_scope(
        Scope::Week,
        Action::MoveLeft,
        "week.move.left",
        "Move the task a day back",
        &["H", "shift-left"],
        None,
    ),
    in_scope(
        Scope::Week,
        Action::MoveRight,
        "week.move.right",
        "Move the task a day on",
        &["L", "shift-right"],
        Some((5, "move")),
    ),
    in_scope(
        Scope::Week,
        Action::PreviousTab,
        "week.before",
        "Show the week before",
        &["[", "("],
        None,
    ),
    in_scope(
        Scope::Week,
        Action::NextTab,
        "week.after",
        "Show the week after",
        &["]", ")"],
        Some((6, "next week")),
    ),
    in_scope(
        Scope::Week,
        Action::ThisWeek,
        "week.today",
        "Show this week, with the cursor on today",
        &["t"],
        Some((7, "today")),
    ),
    in_scope(
        Scope::Operations,
        Action::UndoThis,
        "undo.this",
        "Take back this operation",
        &["x"],
        Some((5, "take back")),
    ),
    in_scope(
        Scope::Duplicates,
        Action::MergeBoth,
        "duplicates.merge",
        "Make the two one, and choose what stays",
        &["m"],
        Some((2, "merge")),
    ),
    in_scope(
        Scope::Duplicates,
        Action::NotSame,
        "duplicates.not",
        "These are two: never show them here again",
        &["x"],
        Some((3, "not the same")),
    ),
    in_scope(
        Scope::Duplicates,
        Action::Skip,
        "duplicates.skip",
        "Leave for later",
        &["space"],
        Some((4, "skip")),
    ),
    in_scope(
        Scope::Duplicates,
        Action::NextPane,
        "duplicates.other",
        "Let the other one stay",
        &["tab"],
        Some((5, "other stays")),
    ),
    in_scope(
        Scope::Notices,
        Action::NoticeRead,
        "notice.read",
        "Mark as read",
        &["x"],
        Some((2, "mark as read")),
    ),
    in_scope(
        Scope::Notices,
        Action::NoticeReadAll,
        "notice.read_all",
        "Mark all as read",
        &["X"],
        Some((3, "all read")),
    ),
];

/// The line of an action.
pub(crate) fn entry(action: Action) -> Option<&'static Entry> {
    ACTIONS.iter().find(|entry| entry.action == action)
}

/// The line that settings call so.
pub(crate) fn named(id: &str) -> Option<&'static Entry> {
    ACTIONS.iter().find(|entry| entry.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::tui::key::Key;

    #[test]
    fn every_action_has_one_name_and_keys_that_can_be_read() {
        let mut ids = HashSet::new();
        for entry in ACTIONS {
            assert!(ids.insert(entry.id), "{} is there twice", entry.id);
            for keys in entry.keys {
                assert!(Key::sequence(keys).is_some(), "{}: {keys}", entry.id);
            }
            assert!(!entry.title.ends_with('.'), "{}", entry.id);
        }
    }
}
