//! Secrets: randomness of the system that leaves this process.

use crm::error::{Error, Kind, Result};

/// A secret that nobody can guess, as hexadecimal digits.
///
/// # Errors
///
/// The system gives no randomness.
pub(crate) fn secret() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(Kind::Io, format!("the system gives no randomness: {error}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
