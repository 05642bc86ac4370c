//! What every part of the dashboard may know and none may change: the time, the terminal, the settings, who acts.

use std::collections::BTreeMap;

use crm::config::Config;
use crm::domain::actor::Caller;
use crm::domain::clock::Clock;
use crm::domain::noun::Noun;
use ratatui::layout::Rect;

use crate::tui::component::look::Look;
use crate::tui::keymap::Keymap;
use crate::tui::theme::Display;

/// The surroundings of the model.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// Who acts, and now.
    pub(crate) caller: Caller,
    /// The whole terminal.
    pub(crate) area: Rect,
    /// What the terminal can show.
    pub(crate) display: Display,
    /// The settings that hold.
    pub(crate) config: Config,
    pub(crate) look: Look,
    pub(crate) keymap: Keymap,
    /// The name of the base, as the tab line shows it.
    pub(crate) base: String,
    /// The columns of lists that the settings name.
    pub(crate) columns: BTreeMap<Noun, Vec<String>>,
    /// Whether the detail is shown beside the list.
    pub(crate) preview: bool,
}

impl World {
    /// Now, and where.
    pub(crate) fn clock(&self) -> &Clock {
        &self.caller.clock
    }

    /// Whether panes stand beside each other.
    pub(crate) fn is_wide(&self) -> bool {
        self.area.width >= 80
    }

    /// Whether there is room for one pane only, without borders around it.
    pub(crate) fn is_narrow(&self) -> bool {
        self.area.width < 60
    }
}
