//! Text that both faces show: width, cut, sanitise, relative time, numbers and money. It never writes anywhere.

pub(crate) mod agenda;
pub(crate) mod bar;
pub(crate) mod brief;
pub(crate) mod cut;
pub(crate) mod display;
pub(crate) mod flow;
pub(crate) mod markdown;
pub(crate) mod mistake;
pub(crate) mod number;
pub(crate) mod relative;
pub(crate) mod report;
pub(crate) mod sanitise;
pub(crate) mod shell;
pub(crate) mod story;
pub(crate) mod style;
pub(crate) mod width;
