//! Parts of screens that know no record: fields, menus, forms, charts. They are given strings and indices.
//!
//! Whatever they are given is made harmless before it is drawn, and nothing is drawn outside the area that the
//! caller names, however small.

pub(crate) mod area;
pub(crate) mod chart;
pub(crate) mod choice;
pub(crate) mod confirm;
pub(crate) mod draw;
pub(crate) mod edit;
pub(crate) mod form;
pub(crate) mod input;
pub(crate) mod line;
pub(crate) mod look;
pub(crate) mod menu;
pub(crate) mod pane;
pub(crate) mod popup;
#[cfg(test)]
mod screen_tests;
pub(crate) mod sides;
pub(crate) mod table;
pub(crate) mod tabs;
pub(crate) mod viewer;
pub(crate) mod words;
