//! What the end of a filter may become.

use crate::domain::noun::Noun;
use crate::ops::propose;
use crate::ops::tests::Base;

fn proposed(base: &Base, noun: Noun, typed: &str) -> String {
    let proposal = base.read(|tx| propose::filter(tx, noun, typed, 5));
    let words: Vec<String> = proposal.words.into_iter().map(|word| word.value).collect();
    format!("{}|{}", proposal.before, words.join(" "))
}

#[test]
fn the_last_term_is_completed_and_the_others_stay() {
    let base = Base::new();
    for (noun, typed, expected) in [
        (Noun::Customer, "li", "|lifecycle:"),
        (Noun::Customer, "acme -(is:c", "acme -(is:|company contacted"),
        (Noun::Customer, "type:", "type:|person company"),
        (Noun::Customer, "type:person,c", "type:person,|company"),
        (Noun::Customer, "has:ema", "has:|emails email_details"),
        (Noun::Customer, "company.ci", "|company.city:"),
        (Noun::Task, "due：明", "due:|"),
        (Noun::Task, "due:tom", "due:|tomorrow"),
        (Noun::Deal, "stage:nego", "stage:|negotiation"),
        (Noun::Deal, "nonsense:x", "nonsense:|"),
    ] {
        assert_eq!(proposed(&base, noun, typed), expected, "{typed}");
    }
}
