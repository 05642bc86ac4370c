//! Words and lines of a shell, which the library knows too.

pub(crate) use crm::domain::shell::{line, quoted, words};
