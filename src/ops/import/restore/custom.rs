//! Custom fields: what people see of them, by language, and those that lead to records which may come later.

use crate::domain::field::FieldType;
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::error::{Kind, Result};
use crate::ops::custom;
use crate::ops::typed::Policy;
use crate::store::fields::{self, CustomField};
use crate::store::{ReadTx, WriteTx, values};

use super::super::rows::Wanted;
use super::{list, text};

/// Custom fields of new records that lead to what is not there yet.
#[derive(Debug, Default)]
pub(in super::super) struct Links {
    open: Vec<(Id, CustomField, Input)>,
}

impl Links {
    /// Sets what can be set of a new record, and remembers the rest.
    pub(in super::super) fn set(
        &mut self,
        tx: &WriteTx<'_>,
        id: Id,
        taken: Vec<(CustomField, Input)>,
        policy: &Policy,
    ) -> Result<()> {
        for (field, input) in taken {
            match custom::value(tx, &field, &input, policy) {
                Ok(Some(value)) => {
                    values::set_custom(tx, id, &field, &value)?;
                }
                Ok(None) => {}
                Err(error) if error.kind() == Kind::NotFound => self.open.push((id, field, input)),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Sets the rest when all rows are there.
    pub(in super::super) fn finish(&mut self, tx: &WriteTx<'_>, policy: &Policy) -> Result<()> {
        for (id, field, input) in std::mem::take(&mut self.open) {
            if let Some(value) = custom::value(tx, &field, &input, policy)? {
                values::set_custom(tx, id, &field, &value)?;
            }
        }
        Ok(())
    }
}

/// Takes out of a new record the custom fields that lead to records, which may come later, or be the record itself.
pub(in super::super) fn take_links(
    tx: &ReadTx<'_>,
    noun: Noun,
    wanted: &mut Wanted,
) -> Result<Vec<(CustomField, Input)>> {
    let mut taken = Vec::new();
    if !wanted
        .assignments
        .iter()
        .any(|(name, _)| name.starts_with("fields."))
    {
        return Ok(taken);
    }
    for field in fields::customs(tx, noun)? {
        let name = custom::name_of(&field);
        if let (FieldType::Link(_), Some(input)) = (field.kind, wanted.get(&name).cloned()) {
            wanted.drop(&name);
            taken.push((field, input));
        }
    }
    Ok(taken)
}

/// What people see of a custom field and of its choices, by language.
pub(super) fn labels(tx: &WriteTx<'_>, id: Id, wanted: &Wanted) -> Result<()> {
    let language = |name: &str| if name == "und" { "" } else { name }.to_owned();
    for item in list(wanted, "labels") {
        fields::set_label(tx, id, &language(text(item, "language")), text(item, "text"))?;
    }
    let Some(custom) = fields::custom_by_id(tx, id)? else {
        return Ok(());
    };
    for item in list(wanted, "option_details") {
        let Some(option) = fields::choice_id(tx, &custom.list(), text(item, "key"))? else {
            continue;
        };
        fields::clear_label(tx, option, fields::ANY_LANGUAGE)?;
        if let Some(Input::Map(labels)) = item.part("labels") {
            for (name, label) in labels {
                fields::set_label(tx, option, &language(name), label.as_text().unwrap_or_default())?;
            }
        }
    }
    Ok(())
}
