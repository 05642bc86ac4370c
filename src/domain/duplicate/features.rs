//! A record as it is compared: every part brought into the form in which equal is equal, as words of the vocabulary.

use crate::domain::duplicate::text::hash;
use crate::domain::duplicate::vocabulary::{Sort, Vocabulary, Word};
use crate::domain::duplicate::{Profile, address, company, mail, names};
use crate::domain::{mailbox, phone, web};

/// So many digits from the end tell a number, with or without its country.
const TAIL: usize = 9;
/// Fewer digits are no number.
const FEWEST_DIGITS: usize = 5;
/// Of each sort of address so many are looked at.
const MOST: usize = 6;
/// Of the names of a person so many.
pub(super) const NAMES: usize = 3;

/// A record in words.
#[derive(Debug, Clone, Default)]
pub(super) struct Features {
    pub(super) is_company: bool,
    /// Given names, the last one possibly all of them as one.
    pub(super) given: [Word; NAMES],
    pub(super) family: [Word; NAMES],
    pub(super) han: Word,
    pub(super) generation: Word,
    /// The hashes of the letters in order, one for each reading; zero for none.
    pub(super) letters: [u32; 2],
    /// The company itself, or the employer, by its key.
    pub(super) firm: Word,
    /// The reading of a Chinese company name.
    pub(super) reading: Word,
    pub(super) house: Word,
    pub(super) street: Word,
    pub(super) city: Word,
    pub(super) code: Word,
    pub(super) country: Word,
    pub(super) day: Word,
    pub(super) tax: Word,
    pub(super) gender: Word,
    lists: Lists,
}

/// Where the lists of a record are: one after the other.
#[derive(Debug, Clone, Copy, Default)]
struct Lists {
    start: u32,
    mails: u8,
    phones: u8,
    handles: u8,
    domains: u8,
    words: u8,
    extra: u8,
}

/// An e-mail address in its two halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mail {
    pub(super) local: Word,
    pub(super) domain: Word,
}

/// The lists of all records.
#[derive(Debug, Default)]
pub(super) struct Arena {
    words: Vec<Word>,
}

impl Arena {
    fn part(&self, lists: Lists, before: usize, count: usize) -> &[Word] {
        let start = lists.start as usize + before;
        self.words.get(start..start + count).unwrap_or_default()
    }

    pub(super) fn mails(&self, features: &Features) -> impl Iterator<Item = Mail> + Clone {
        let count = usize::from(features.lists.mails);
        let halves = self.part(features.lists, 0, count * 2);
        halves.chunks_exact(2).filter_map(|halves| match halves {
            [local, domain] => Some(Mail {
                local: *local,
                domain: *domain,
            }),
            _ => None,
        })
    }

    pub(super) fn phones(&self, features: &Features) -> &[Word] {
        let lists = features.lists;
        self.part(lists, usize::from(lists.mails) * 2, usize::from(lists.phones))
    }

    pub(super) fn handles(&self, features: &Features) -> &[Word] {
        let lists = features.lists;
        let before = usize::from(lists.mails) * 2 + usize::from(lists.phones);
        self.part(lists, before, usize::from(lists.handles))
    }

    /// The domains that belong to the record alone or to its employer: not those where anybody can have an address.
    pub(super) fn domains(&self, features: &Features) -> &[Word] {
        let lists = features.lists;
        let before = usize::from(lists.mails) * 2 + usize::from(lists.phones) + usize::from(lists.handles);
        self.part(lists, before, usize::from(lists.domains))
    }

    /// The words of a company's name.
    pub(super) fn words(&self, features: &Features) -> &[Word] {
        let lists = features.lists;
        let before = usize::from(lists.mails) * 2
            + usize::from(lists.phones)
            + usize::from(lists.handles)
            + usize::from(lists.domains);
        self.part(lists, before, usize::from(lists.words))
    }

    /// Place and kind of business of a Chinese company.
    pub(super) fn extra(&self, features: &Features) -> &[Word] {
        let lists = features.lists;
        let before = usize::from(lists.mails) * 2
            + usize::from(lists.phones)
            + usize::from(lists.handles)
            + usize::from(lists.domains)
            + usize::from(lists.words);
        self.part(lists, before, usize::from(lists.extra))
    }
}

/// Brings a record into the form in which it is compared.
pub(super) fn read(vocabulary: &mut Vocabulary, arena: &mut Arena, profile: &Profile) -> Features {
    let mut features = Features {
        is_company: profile.is_company,
        ..Features::default()
    };
    features.lists.start = u32::try_from(arena.words.len()).unwrap_or(u32::MAX);
    lists(vocabulary, arena, profile, &mut features);
    if profile.is_company {
        let name = company::parse(&profile.name);
        features.firm = vocabulary.word(Sort::Firm, &name.words.concat());
        features.reading = vocabulary.word(Sort::Firm, &name.reading);
        for word in &name.words {
            arena.words.push(vocabulary.word(Sort::Name, word));
            features.lists.words += 1;
        }
        for word in name.extra.iter().take(MOST) {
            arena.words.push(vocabulary.word(Sort::City, word));
            features.lists.extra += 1;
        }
    } else {
        person(vocabulary, &profile.name, &mut features);
        features.firm = vocabulary.amount(Sort::Firm, &profile.company, company::key);
        features.day = vocabulary.word(Sort::Day, &profile.birthday);
        features.gender = vocabulary.word(Sort::Mark, &profile.gender);
    }
    if !profile.address.is_empty() {
        let street = address::parse(&profile.address);
        features.house = vocabulary.word(Sort::House, &street.house);
        features.street = vocabulary.word(Sort::Street, &street.name);
    }
    if !profile.city.is_empty() {
        features.city = vocabulary.word(Sort::City, &address::city(&profile.city));
    }
    if !profile.postal_code.is_empty() {
        features.code = vocabulary.word(Sort::Code, &address::postal_code(&profile.postal_code));
    }
    features.country = vocabulary.word(Sort::Country, &profile.country);
    let tax: String = profile
        .tax_id
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect();
    features.tax = vocabulary.word(Sort::Tax, &tax.to_lowercase());
    features
}

fn person(vocabulary: &mut Vocabulary, name: &str, features: &mut Features) {
    let name = names::parse(name);
    for (into, from) in [
        (&mut features.given, &name.given),
        (&mut features.family, &name.family),
    ] {
        let whole = (from.len() > 1).then(|| from.concat());
        // What does not fit is in the whole at least.
        let room = if whole.is_some() { NAMES - 1 } else { NAMES };
        let parts = from.iter().take(room).chain(&whole);
        for (place, part) in into.iter_mut().zip(parts) {
            *place = vocabulary.word(Sort::Name, part);
        }
    }
    features.han = vocabulary.word(Sort::Han, &name.han);
    features.generation = vocabulary.word(Sort::Mark, &name.generation);
    for (place, letters) in features.letters.iter_mut().zip(&name.letters) {
        *place = (hash(1, letters) as u32).max(1);
    }
}

/// Reads addresses of all sorts.
fn lists(vocabulary: &mut Vocabulary, arena: &mut Arena, profile: &Profile, features: &mut Features) {
    let mut domains: Vec<Word> = Vec::new();
    for email in profile.emails.iter().take(MOST) {
        let mailbox = mail::mailbox(email);
        let Some((local, domain)) = mailbox.rsplit_once('@') else {
            continue;
        };
        let word = vocabulary.word(Sort::Domain, domain);
        arena.words.extend([vocabulary.word(Sort::Local, local), word]);
        features.lists.mails += 1;
        if !mailbox::is_free_host(domain) && !domains.contains(&word) {
            domains.push(word);
        }
    }
    let website = web::domain(&profile.website).unwrap_or_default();
    let website = website.strip_prefix("www.").unwrap_or(website);
    if !website.is_empty() && !mailbox::is_free_host(website) {
        let word = vocabulary.word(Sort::Domain, website);
        if !domains.contains(&word) {
            domains.push(word);
        }
    }
    for key in profile.phones.iter().take(MOST) {
        let digits = phone::digits(key);
        if digits.len() < FEWEST_DIGITS {
            continue;
        }
        let tail = digits.get(digits.len().saturating_sub(TAIL)..).unwrap_or(&digits);
        arena.words.push(vocabulary.word(Sort::Phone, tail));
        features.lists.phones += 1;
    }
    for handle in profile
        .handles
        .iter()
        .filter(|handle| !handle.is_empty())
        .take(MOST)
    {
        arena.words.push(vocabulary.word(Sort::Handle, handle));
        features.lists.handles += 1;
    }
    domains.truncate(MOST);
    features.lists.domains = u8::try_from(domains.len()).unwrap_or(0);
    arena.words.extend(domains);
}
