//! Faults of code that reads what strangers wrote: a panic becomes an error instead of the end of the program.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// What `work` gives, or what it panicked with. Nothing that `work` was changing may be used after a panic.
///
/// # Errors
///
/// The words of the panic.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let before = CAUGHT.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(before);
    done.map_err(|panic| match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => panic
            .downcast::<&str>()
            .map_or_else(|_| "no reason was given".to_owned(), |text| (*text).to_owned()),
    })
}

/// Whether a panic of this thread would now be [`caught`]. The library sets no panic hook; that of the program asks
/// this, so that a person does not read of a fault that is then told as an error.
pub fn is_caught() -> bool {
    CAUGHT.try_with(Cell::get).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_that_is_caught_is_a_message() {
        assert_eq!(caught(|| 1), Ok(1));
        assert_eq!(caught(is_caught), Ok(true));
        let number = 7;
        assert_eq!(caught(|| panic!("no {number}")).err().as_deref(), Some("no 7"));
        assert_eq!(caught(|| panic!("plain")).err().as_deref(), Some("plain"));
        assert!(!is_caught());
    }
}
