//! What has to hold on every screen, by the rows of the list of what a reviewer would try. The rows that need a real
//! terminal are in `tests/it/dashboard`, where the table of all of them is.

mod data;
mod draw;
mod input;
