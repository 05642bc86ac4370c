//! Shapes that leave the process: what outsiders are promised. No rules, lookups or SQL.

pub mod cell;
pub mod column;
pub mod json;
pub mod time;
