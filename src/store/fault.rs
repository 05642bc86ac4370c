//! What SQLite says, as what a caller can act on.

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;

use crate::error::{Error, Kind};

impl From<rusqlite::Error> for Error {
    fn from(source: rusqlite::Error) -> Self {
        let (kind, message) = describe(&source);
        Error::new(kind, message).with_source(source)
    }
}

fn describe(source: &rusqlite::Error) -> (Kind, String) {
    let code = match source {
        // The only way in which the index of the log fails to grow.
        rusqlite::Error::SqliteFailure(failure, _) if failure.extended_code == SQLITE_IOERR_SHMSIZE => {
            ErrorCode::DiskFull
        }
        rusqlite::Error::SqliteFailure(failure, _) => failure.code,
        other => {
            return (
                Kind::Internal,
                format!("the base answered in an unexpected way: {other}"),
            );
        }
    };
    let (kind, message) = match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            (Kind::Busy, "another process is writing to the base")
        }
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied => {
            (Kind::ReadOnly, "the base cannot be written")
        }
        ErrorCode::CannotOpen => (Kind::Missing, "the base cannot be opened"),
        ErrorCode::NotADatabase => (Kind::Foreign, "the file is not a base of crm"),
        ErrorCode::DatabaseCorrupt => (Kind::Corrupt, "the base is damaged"),
        ErrorCode::DiskFull => (Kind::Full, "the disk is full; nothing was changed"),
        ErrorCode::SystemIoFailure => (Kind::Io, "the base cannot be read or written"),
        ErrorCode::OperationInterrupted => (Kind::Interrupted, "interrupted; nothing was changed"),
        _ => return (Kind::Internal, format!("the base refused a statement: {source}")),
    };
    (kind, message.to_owned())
}
