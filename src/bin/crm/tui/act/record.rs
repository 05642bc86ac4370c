//! What is done with records whatever they are: forms, single fields, labels, the trash, the editor.

use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::value::Link;

use crate::tui::action::{Action, RECORDS};
use crate::tui::component::confirm::Grade;
use crate::tui::component::menu::Item;
use crate::tui::deed::{Deed, TaskVerb};
use crate::tui::effect::{Effect, Message};
use crate::tui::modal::Dialog;
use crate::tui::modal::confirm::Ask;
use crate::tui::modal::contact::Contact;
use crate::tui::modal::editing::Editing;
use crate::tui::modal::form::RecordForm;
use crate::tui::modal::menu::{Options, item};
use crate::tui::modal::merge::{Apart, Merge};
use crate::tui::modal::pick_field::PickField;
use crate::tui::page::selection::Selection;

/// From so many records on there is a question before they go.
const MANY: usize = 3;
/// For more than so many their number has to be typed.
const TYPED: usize = 100;
/// So many records are named before they go.
const NAMED: usize = 200;

/// The nouns that can be labelled.
const LABELLED: &[Noun] = &[
    Noun::Customer,
    Noun::Deal,
    Noun::Quote,
    Noun::Order,
    Noun::Ticket,
    Noun::Feedback,
    Noun::Task,
    Noun::Activity,
];
/// The nouns that somebody looks after.
const OWNED: &[Noun] = &[
    Noun::Customer,
    Noun::Deal,
    Noun::Quote,
    Noun::Order,
    Noun::Ticket,
    Noun::Feedback,
    Noun::Task,
];

/// A field that a letter leads to: the letter, the field, what it is called.
type Lettered = (char, &'static str, &'static str);

/// Fields that letters lead to, by noun.
const MENU: &[(Noun, &[Lettered])] = &[
    (
        Noun::Customer,
        &[
            ('o', "owner", "Owner"),
            ('l', "lifecycle", "Lifecycle"),
            ('v', "level", "Level"),
            ('s', "source", "Source"),
            ('i', "industry", "Industry"),
            ('c', "company", "Company"),
            ('t', "title", "Job title"),
            ('p', "phones", "Telephone numbers"),
            ('e', "emails", "E-mail addresses"),
            ('y', "keep_in_touch", "Keep in touch, in days"),
            ('d', "do_not_contact", "Do not contact"),
            ('n', "note", "Note"),
        ],
    ),
    (
        Noun::Deal,
        &[
            ('s', "stage", "Stage"),
            ('o', "owner", "Owner"),
            ('a', "amount", "Amount"),
            ('c', "expected_close", "Expected close"),
            ('p', "probability", "Probability"),
            ('f', "category", "Forecast category"),
            ('t', "type", "Type"),
            ('r', "source", "Source"),
            ('n', "note", "Note"),
        ],
    ),
    (
        Noun::Order,
        &[
            ('o', "owner", "Owner"),
            ('d', "due_on", "Due"),
            ('l', "promised_on", "Promised"),
            ('n', "note", "Note"),
        ],
    ),
    (
        Noun::Task,
        &[
            ('d', "due", "Due"),
            ('p', "priority", "Priority"),
            ('s', "status", "Status"),
            ('o', "assignee", "Assignee"),
            ('t', "title", "Title"),
            ('y', "type", "Type"),
            ('r', "repeat", "Repeat"),
            ('n', "note", "Note"),
        ],
    ),
    (
        Noun::Ticket,
        &[
            ('p', "priority", "Priority"),
            ('o', "assignee", "Assignee"),
            ('s', "step", "Step"),
            ('t', "type", "Type"),
            ('y', "category", "Category"),
            ('v', "severity", "Severity"),
            ('e', "parent", "Problem behind it"),
            ('n', "name", "Subject"),
            ('d', "description", "Description"),
        ],
    ),
    (
        Noun::Activity,
        &[
            ('t', "type", "Type"),
            ('o', "outcome", "Outcome"),
            ('a', "at", "When"),
            ('d', "duration", "Duration"),
            ('x', "text", "Text"),
        ],
    ),
];

/// What the same menu offers to do with orders.
const ORDER_MENU: &[(char, &str, Action)] = &[
    ('c', "Confirmed", Action::Confirm),
    ('p', "Money came", Action::Pay),
    ('s', "Sent", Action::Ship),
    ('a', "Arrived", Action::Arrived),
    ('f', "Done", Action::Complete),
    ('r', "Give money back", Action::Refund),
    ('x', "Cancelled", Action::CancelOrder),
];

/// Does an action with what is chosen; none if it is none of these.
pub(super) fn on(action: Action, selection: &Selection) -> Option<Vec<Effect>> {
    let customer = || selection.single(&[Noun::Customer]);
    let effects = match action {
        Action::New => {
            let noun = selection
                .current
                .as_ref()
                .map_or(Noun::Customer, |link| link.noun);
            vec![Effect::New(noun, Vec::new())]
        }
        Action::Edit => match chosen(selection, RECORDS) {
            (_, of) if of.len() == 1 => of.into_iter().map(Effect::Revise).collect(),
            (noun, of) => vec![popup(RecordForm::bulk(noun, of))],
        },
        Action::EditCell => {
            let (noun, of) = chosen(selection, RECORDS);
            vec![popup(PickField::new(noun, of))]
        }
        Action::Editor => {
            let (noun, of) = chosen(selection, RECORDS);
            vec![popup(Editing::new(noun, of))]
        }
        Action::Add => one_customer(customer(), |customer| {
            vec![add_menu(&customer, deal(selection).as_ref())]
        }),
        Action::Note => log("note", selection),
        Action::Call => log("call", selection),
        Action::Email => log("email", selection),
        Action::Meeting => log("meeting", selection),
        Action::Task => one_customer(customer(), |customer| {
            vec![Effect::New(
                Noun::Task,
                about(&customer, deal(selection).as_ref()),
            )]
        }),
        Action::Deal => one_customer(customer(), |customer| {
            vec![Effect::New(Noun::Deal, about(&customer, None))]
        }),
        Action::Order => one_customer(customer(), |customer| {
            let values = about(&customer, deal(selection).as_ref());
            vec![Effect::New(Noun::Order, values)]
        }),
        Action::Modify => modify(selection),
        Action::Assign => {
            let (noun, of) = chosen(selection, OWNED);
            let field = if matches!(noun, Noun::Task | Noun::Ticket) {
                "assignee"
            } else {
                "owner"
            };
            vec![popup(RecordForm::one(noun, of, field))]
        }
        Action::Tags => {
            let (noun, of) = chosen(selection, LABELLED);
            vec![popup(RecordForm::tags(noun, of))]
        }
        Action::Contact => one_customer(customer(), |customer| {
            vec![popup(Contact::new(customer, deal(selection)))]
        }),
        Action::Launch => one_customer(customer(), |customer| vec![popup(Contact::web(customer))]),
        Action::Remove => remove(selection),
        Action::Restore => vec![Effect::Write(Deed::Restore(selection.of(RECORDS)))],
        Action::Delete => delete(selection),
        _ => return None,
    };
    Some(effects)
}

fn popup(dialog: impl Dialog + 'static) -> Effect {
    Effect::Popup(Box::new(dialog))
}

/// The chosen records, all of one noun.
fn chosen(selection: &Selection, nouns: &[Noun]) -> (Noun, Vec<Link>) {
    let of = selection.of(nouns);
    let noun = of.first().map_or(Noun::Customer, |link| link.noun);
    (noun, of)
}

fn deal(selection: &Selection) -> Option<Link> {
    match selection.marked.is_empty() {
        true => selection.single(&[Noun::Deal]),
        false => None,
    }
}

fn one_customer(customer: Option<Link>, act: impl FnOnce(Link) -> Vec<Effect>) -> Vec<Effect> {
    match customer {
        Some(customer) => act(customer),
        None => vec![Effect::Say(Message::refused(
            "this is done with one customer at a time",
        ))],
    }
}

/// What a record about a customer begins with.
fn about(customer: &Link, deal: Option<&Link>) -> Vec<Assignment> {
    let given = |name: &str, link: &Link| (name.to_owned(), Input::text(link.reference().to_string()));
    let mut values = vec![given("customer", customer)];
    values.extend(deal.map(|deal| given("deal", deal)));
    values
}

fn log(kind: &'static str, selection: &Selection) -> Vec<Effect> {
    let customer = selection.single(&[Noun::Customer]);
    one_customer(customer, |customer| {
        vec![popup(RecordForm::log(kind, customer, deal(selection)))]
    })
}

fn add_menu(customer: &Link, deal: Option<&Link>) -> Effect {
    let log = |letter: char, label: &str, kind: &'static str| {
        let form = RecordForm::log(kind, customer.clone(), deal.cloned());
        (item(letter, label), vec![popup(form)])
    };
    let new = |letter: char, label: &str, noun: Noun, values: Vec<Assignment>| {
        (item(letter, label), vec![Effect::New(noun, values)])
    };
    let options = vec![
        log('n', "Note", "note"),
        log('c', "Call", "call"),
        log('e', "E-mail", "email"),
        log('m', "Meeting", "meeting"),
        new('t', "Task", Noun::Task, about(customer, deal)),
        new('d', "Deal", Noun::Deal, about(customer, None)),
        new('o', "Order", Noun::Order, about(customer, deal)),
    ];
    Options::popup(&format!("Add to {}", customer.name), options)
}

fn modify(selection: &Selection) -> Vec<Effect> {
    let (noun, of) = chosen(selection, RECORDS);
    let Some((_, fields)) = MENU.iter().find(|(known, _)| *known == noun) else {
        return vec![popup(PickField::new(noun, of))];
    };
    let mut options: Vec<(Item, Vec<Effect>)> = fields
        .iter()
        .map(|(letter, name, label)| {
            let form = RecordForm::one(noun, of.clone(), name);
            (item(*letter, *label), vec![popup(form)])
        })
        .collect();
    if noun == Noun::Deal {
        // Of several ones, or of one that is not under the cursor itself, it is not known.
        let is_it = selection.marked.is_empty() && selection.current.as_ref() == of.first();
        let is_open = selection.is_open.filter(|_| is_it);
        if is_open != Some(false) {
            options.push((item('w', "Won"), vec![Effect::Act(Action::Win)]));
            options.push((item('x', "Lost"), vec![Effect::Act(Action::Lose)]));
        }
        if is_open != Some(true) {
            options.push((item('u', "Open again"), vec![Effect::Act(Action::Reopen)]));
        }
    }
    if noun == Noun::Order {
        options.extend(
            ORDER_MENU
                .iter()
                .map(|(letter, label, action)| (item(*letter, *label), vec![Effect::Act(*action)])),
        );
    }
    if noun == Noun::Ticket {
        options.push((item('w', "Wait"), vec![Effect::Act(Action::TicketWait)]));
        options.push((item('x', "Solved"), vec![Effect::Act(Action::TicketResolve)]));
        options.push((item('c', "Close"), vec![Effect::Act(Action::TicketClose)]));
        options.push((item('u', "Open again"), vec![Effect::Act(Action::Reopen)]));
    }
    options.push((item('+', "Another field"), vec![Effect::Act(Action::EditCell)]));
    let what = match of.as_slice() {
        [one] => one.name.clone(),
        several => format!("{} {}", several.len(), noun.plural()),
    };
    vec![Options::popup(&format!("Change {what}"), options)]
}

/// One or two go at once, because that can be taken back; more after a question.
fn remove(selection: &Selection) -> Vec<Effect> {
    let (noun, of) = chosen(selection, RECORDS);
    let deed = Effect::Write(Deed::Remove(of.clone()));
    if of.len() < MANY {
        return vec![deed];
    }
    let grade = match of.len() > TYPED {
        true => Grade::Typed(of.len().to_string()),
        false => Grade::Simple,
    };
    let mut named: Vec<String> = of
        .iter()
        .take(NAMED)
        .map(|link| format!("{} {}", link.reference(), link.name))
        .collect();
    if of.len() > NAMED {
        named.push(format!("and {} more", of.len() - NAMED));
    }
    let question = format!("Move {} {} to the trash?", of.len(), noun.plural());
    vec![Ask::popup(
        &question,
        named,
        "Move to the trash",
        grade,
        vec![deed],
    )]
}

fn delete(selection: &Selection) -> Vec<Effect> {
    let mut options = Vec::new();
    let customers = selection.of(&[Noun::Customer]);
    let mut merge = item('m', "Merge into another customer");
    let mut apart = item('u', "Take a merge apart");
    let (merging, parting) = match customers.as_slice() {
        [one] => (
            vec![popup(Merge::new(one.clone()))],
            vec![popup(Apart::new(one.clone()))],
        ),
        _ => {
            merge.off = Some("one customer at a time".to_owned());
            apart.off.clone_from(&merge.off);
            (Vec::new(), Vec::new())
        }
    };
    if !customers.is_empty() {
        options.extend([(merge, merging), (apart, parting)]);
    }
    let tasks = selection.of(&[Noun::Task]);
    if !tasks.is_empty() {
        let deed = Deed::Tasks(TaskVerb::Cancel, tasks);
        options.push((item('c', "Call off for good"), vec![Effect::Write(deed)]));
    }
    options.push((item('d', "Move to the trash"), vec![Effect::Act(Action::Remove)]));
    vec![Options::popup("Delete", options)]
}
