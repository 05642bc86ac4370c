//! Whether two records are one customer: what of them is compared, how much each likeness weighs, and how pairs that are
//! worth a comparison are found among a million.
//!
//! # How it is judged
//!
//! After Fellegi and Sunter: each part that two records have both of weighs for or against, in bits, that is in powers of
//! two of the odds. What is equal weighs the more the rarer it is among all people, or all companies, of this base, so
//! `Müller` says little and `Quittenbaum` much, and a number that fifty people share hardly anything. Whatever is asked
//! for, two records have one score. Blank never equals blank. The odds of any
//! two records being one, which fall with their number, are taken off; what is left is shown as a score of 0 to 100.
//!
//! # How pairs are found
//!
//! Each record has several keys (its addresses, the sound of its name, its street …), and records with a key in common
//! are compared. A key that too many share is narrowed by a second one, and at last by a window over the sorted records:
//! so the work grows with the number of records and not with its square, whatever they hold.

pub mod address;
mod blocks;
pub mod chinese;
pub mod company;
mod evidence;
mod features;
mod firm;
pub mod kana;
mod likeness;
pub mod mail;
pub mod matcher;
pub mod names;
pub mod nicknames;
mod person;
pub mod text;
mod vocabulary;

#[cfg(test)]
mod tests;

/// What is known of a customer, as far as it tells customers apart. A blank text means that it is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// A company, and not a person.
    pub is_company: bool,
    /// The name.
    pub name: String,
    /// The name of the employer.
    pub company: String,
    /// E-mail addresses, by their keys.
    pub emails: Vec<String>,
    /// Telephone numbers, by their keys: digits alone.
    pub phones: Vec<String>,
    /// Names in other services, each as `kind:key`.
    pub handles: Vec<String>,
    /// Street and number.
    pub address: String,
    /// City.
    pub city: String,
    /// Postal code.
    pub postal_code: String,
    /// Country code.
    pub country: String,
    /// `1985-05-17`, or `--05-17` without the year.
    pub birthday: String,
    /// Website.
    pub website: String,
    /// Tax id.
    pub tax_id: String,
    /// Key of the gender.
    pub gender: String,
}

/// A part of two records that was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The whole name.
    Name,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A name in another service.
    Handle,
    /// Street and number.
    Street,
    /// Postal code and city.
    Place,
    /// The day of birth.
    Birthday,
    /// The employer.
    Company,
    /// The domain of website and e-mail.
    Domain,
    /// The tax id.
    TaxId,
    /// The gender.
    Gender,
}

impl Part {
    /// The word, as programs read it.
    pub fn name(self) -> &'static str {
        match self {
            Part::Name => "name",
            Part::Email => "email",
            Part::Phone => "phone",
            Part::Handle => "handle",
            Part::Street => "address",
            Part::Place => "city",
            Part::Birthday => "birthday",
            Part::Company => "company",
            Part::Domain => "domain",
            Part::TaxId => "tax_id",
            Part::Gender => "gender",
        }
    }
}

/// How a part of two records compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It is the same, spelling and order apart.
    Same,
    /// It is nearly the same: a typing error, a short form, an initial.
    Alike,
    /// It is another.
    Differs,
}

/// Why two records are thought to be one, or are not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    /// What was compared.
    pub part: Part,
    /// How it compares.
    pub how: How,
    /// How much it weighs, in powers of two of the odds; below zero it weighs against.
    pub bits: f32,
}

impl Reason {
    /// The reason in two words: `same email`, `name alike`, `birthday differs`.
    pub fn words(&self) -> String {
        let part = self.part.name().replace('_', " ");
        match self.how {
            How::Same => format!("same {part}"),
            How::Alike => format!("{part} alike"),
            How::Differs => format!("{part} differs"),
        }
    }
}

/// The score from which two records are shown as duplicates unless somebody wants fewer or more of them.
pub const USUAL_SCORE: u8 = 60;
