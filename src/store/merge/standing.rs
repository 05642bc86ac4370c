//! What a customer is to a merge.

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tx::ReadTx;

/// What a merge looks at in a customer, beside the values of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// person or company.
    pub kind: String,
    /// Whether it is in the trash.
    pub is_trashed: bool,
}

/// What a merge looks at in a customer.
pub fn standing(tx: &ReadTx<'_>, id: Id) -> Result<Option<Standing>> {
    tx.one(
        "SELECT type, deleted_at IS NOT NULL FROM customer WHERE id = ?1",
        [id.raw()],
        |row| {
            Ok(Standing {
                kind: row.get(0)?,
                is_trashed: row.get(1)?,
            })
        },
    )
}
