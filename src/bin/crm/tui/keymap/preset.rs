//! Sets of keys to choose from: in what each differs from the table of actions.

use crm::config::dashboard::Preset;

/// The keys of some actions, by what settings call these.
type Keys = &'static [(&'static str, &'static [&'static str])];

/// What a preset has in place of the keys of the table.
pub(super) fn keys(preset: Preset) -> Keys {
    match preset {
        Preset::Default => &[],
        Preset::Vim => VIM,
        Preset::Plain => PLAIN,
    }
}

/// As in the editor: what takes away and what copies is pressed twice.
const VIM: Keys = &[
    ("remove", &["d d", "delete"]),
    ("copy", &["y y"]),
    ("undo", &["u"]),
    ("redo", &["ctrl-r", "U"]),
    ("page.down", &["ctrl-d", "ctrl-f", "pagedown"]),
    ("page.up", &["ctrl-u", "ctrl-b", "pageup"]),
    ("filter", &["/"]),
    ("quit", &["Z Z", "Z Q", "Q"]),
    ("new", &["o", "n", "insert"]),
    ("launch", &["g o"]),
];

/// As in other programs: letters are for typing, what is done has Ctrl or a function key.
const PLAIN: Keys = &[
    ("help", &["f1", "?"]),
    ("palette", &["ctrl-p", ":"]),
    ("go.today", &["1", "alt-t"]),
    ("go.customers", &["2", "alt-c"]),
    ("go.pipeline", &["3", "alt-p"]),
    ("go.tasks", &["4", "alt-a"]),
    ("go.orders", &["6", "alt-o"]),
    ("go.reports", &["8", "alt-r"]),
    ("go.week", &["alt-w"]),
    ("go.operations", &["alt-l"]),
    ("go.trash", &["alt-x"]),
    ("go.duplicates", &["alt-d"]),
    ("back", &["esc"]),
    ("leave", &[]),
    ("quit", &["ctrl-q"]),
    ("suspend", &[]),
    ("refresh", &["f5"]),
    ("undo", &["ctrl-z"]),
    ("redo", &["ctrl-y", "ctrl-r"]),
    ("repeat", &[]),
    ("labels", &["ctrl-g"]),
    ("preview", &["f3"]),
    ("copy.command", &["shift-f8"]),
    ("down", &["down"]),
    ("up", &["up"]),
    ("first", &["home"]),
    ("last", &["end"]),
    ("page.down", &["pagedown"]),
    ("page.up", &["pageup"]),
    ("detail.down", &["shift-pagedown"]),
    ("detail.up", &["shift-pageup"]),
    ("open", &["enter", "right"]),
    ("filter", &["ctrl-f", "/"]),
    ("sort", &["f9"]),
    ("mark.range", &["shift-down"]),
    ("view.save", &["ctrl-s"]),
    ("new", &["ctrl-n", "insert"]),
    ("edit", &["ctrl-e"]),
    ("edit.cell", &["f2"]),
    ("edit.editor", &["shift-f2"]),
    ("add", &["f4"]),
    ("follow_up", &["ctrl-t"]),
    ("task.done", &["ctrl-d"]),
    ("modify", &["f7"]),
    ("tags", &["ctrl-l"]),
    ("redraw", &[]),
    ("contact", &["ctrl-k"]),
    ("launch", &["ctrl-o"]),
    ("copy", &["f8"]),
    ("remove", &["delete"]),
    ("delete", &["shift-delete"]),
    ("queue", &["ctrl-w"]),
    ("record.next", &["ctrl-down"]),
    ("record.previous", &["ctrl-up"]),
    ("order.confirm", &["alt-f"]),
    ("order.pay", &["alt-m"]),
    ("order.ship", &["alt-s"]),
    ("order.deliver", &["alt-v"]),
    ("order.cancel", &["alt-k"]),
    ("stage.left", &["left"]),
    ("stage.right", &["right"]),
    ("move.left", &["shift-left"]),
    ("move.right", &["shift-right"]),
];
