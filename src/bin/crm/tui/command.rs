//! Deeds as command lines: what a person has done by keys, as it is typed in a shell or a script.

use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::ops::revise;

use crate::tui::deed::{DealVerb, Deed, Step, TaskVerb};
use crate::tui::ticket::TicketVerb;

/// The commands that do what a deed does, each as words without the name of the program.
pub(crate) fn of(deed: &Deed) -> Vec<Vec<String>> {
    match deed {
        Deed::Add {
            noun,
            assignments,
            anyway,
        } => vec![add(*noun, assignments, *anyway)],
        Deed::Adopt(assignments) => {
            let mut words = add(Noun::Customer, assignments, false);
            // Before a `--`, behind which nothing is an option.
            words.splice(2..2, ["--on-duplicate".to_owned(), "update".to_owned()]);
            vec![words]
        }
        Deed::Revise { of, changes } => of
            .iter()
            .zip(changes)
            .map(|(link, changes)| {
                let mut words = on(std::slice::from_ref(link), "set");
                words.extend(assigned(&revise::assignments(changes)));
                words
            })
            .collect(),
        Deed::Same(same) => vec![same.words()],
        Deed::Set {
            of,
            assignments,
            version,
        } => {
            let mut words = on(of, "set");
            words.extend(assigned(assignments));
            if let Some(version) = version {
                words.extend(["--if-version".to_owned(), version.to_string()]);
            }
            vec![words]
        }
        Deed::Log {
            customer,
            assignments,
            next,
        } => {
            vec![log(customer, assignments, next.as_ref())]
        }
        Deed::Tasks(verb, of) => vec![tasks(verb, of)],
        Deed::Deals(verb, of) => vec![deals(verb, of)],
        Deed::Orders(verb, of) => verb.words(of),
        Deed::Tickets(verb, of) => vec![tickets(verb, of)],
        Deed::Tag { of, add, remove } => {
            let each = |verb: &'static str, names: &[String]| {
                names
                    .iter()
                    .map(|name| {
                        let mut words = on(of, verb);
                        words.push(name.clone());
                        words
                    })
                    .collect::<Vec<_>>()
            };
            let mut commands = each("tag", add);
            commands.extend(each("untag", remove));
            commands
        }
        Deed::Remove(of) => vec![on(of, "rm")],
        Deed::Restore(of) => vec![on(of, "restore")],
        Deed::Heard(numbers) => vec![heard(numbers)],
        Deed::Undo(no) => vec![turn("undo", *no)],
        Deed::Redo(no) => vec![turn("redo", *no)],
        Deed::All(_, deeds) => deeds.iter().flat_map(of).collect(),
    }
}

/// What was read of what rules told; everything where there are no numbers.
fn heard(numbers: &[i64]) -> Vec<String> {
    let mut words = vec!["notify".to_owned(), "read".to_owned()];
    words.extend(numbers.iter().map(i64::to_string));
    if numbers.is_empty() {
        words.push("--all".to_owned());
    }
    words
}

/// Fields and values as `set` takes them.
fn assigned(assignments: &[Assignment]) -> impl Iterator<Item = String> {
    let pairs = assignments.iter();
    pairs.map(|(name, input)| format!("{name}={}", text(input)))
}

/// Flags of `log`, by the field that they give.
const LOG_FLAGS: &[(&str, &str)] = &[
    ("at", "--at"),
    ("duration", "--duration"),
    ("outcome", "--outcome"),
    ("direction", "--direction"),
    ("deal", "--deal"),
];

fn log(customer: &Link, assignments: &[Assignment], next: Option<&Step>) -> Vec<String> {
    let value = |wanted: &str| {
        let found = assignments.iter().find(|(name, _)| name == wanted);
        found.map(|(_, input)| text(input))
    };
    let positional = vec![
        reference(customer),
        value("type").unwrap_or_default(),
        value("text").unwrap_or_default(),
    ];
    let mut options = Vec::new();
    for (name, flag) in LOG_FLAGS {
        if let Some(value) = value(name) {
            options.extend(option(flag, &value));
        }
    }
    if let Some(step) = next {
        options.extend(option("--next", &step.title));
        if let Some(due) = &step.due {
            options.extend(option("--due", due));
        }
    }
    called(vec!["log".to_owned()], positional, options)
}

/// An option and its value, in one word where the value looks like an option itself.
pub(crate) fn option(flag: &str, value: &str) -> Vec<String> {
    match value.starts_with('-') {
        true => vec![format!("{flag}={value}")],
        false => vec![flag.to_owned(), value.to_owned()],
    }
}

/// A command with its words in the usual order; words that look like options come last, behind a `--`.
fn called(mut command: Vec<String>, positional: Vec<String>, options: Vec<String>) -> Vec<String> {
    if positional.iter().any(|word| word.starts_with('-')) {
        command.extend(options);
        command.push("--".to_owned());
        command.extend(positional);
    } else {
        command.extend(positional);
        command.extend(options);
    }
    command
}

/// Flags of `add` by noun and field; any other field is given by `--field`, where the command has that.
const ADD_FLAGS: &[(Noun, &[(&str, &str)])] = &[
    (
        Noun::Customer,
        &[
            ("type", "--type"),
            ("company", "--company"),
            ("title", "--title"),
            ("emails", "--email"),
            ("phones", "--phone"),
            ("handles", "--handle"),
            ("city", "--city"),
            ("country", "--country"),
            ("industry", "--industry"),
            ("source", "--source"),
            ("lifecycle", "--lifecycle"),
            ("level", "--level"),
            ("owner", "--owner"),
            ("tags", "--tag"),
            ("note", "--note"),
        ],
    ),
    (
        Noun::Deal,
        &[
            ("customer", "--customer"),
            ("amount", "--amount"),
            ("pipeline", "--pipeline"),
            ("stage", "--stage"),
            ("probability", "--probability"),
            ("expected_close", "--close"),
            ("owner", "--owner"),
            ("product", "--product"),
            ("source", "--source"),
            ("tags", "--tag"),
            ("note", "--note"),
        ],
    ),
    (
        Noun::Quote,
        &[
            ("customer", "--customer"),
            ("contact", "--contact"),
            ("deal", "--deal"),
            ("lines", "--line"),
            ("currency", "--currency"),
            ("tax", "--tax"),
            ("discount", "--discount"),
            ("shipping", "--shipping"),
            ("valid_until", "--until"),
            ("terms", "--terms"),
            ("owner", "--owner"),
            ("tags", "--tag"),
            ("note", "--note"),
        ],
    ),
    (
        Noun::Order,
        &[
            ("customer", "--customer"),
            ("contact", "--contact"),
            ("deal", "--deal"),
            ("quote", "--quote"),
            ("lines", "--line"),
            ("currency", "--currency"),
            ("tax", "--tax"),
            ("discount", "--discount"),
            ("shipping", "--shipping"),
            ("ordered_on", "--on"),
            ("due_on", "--due"),
            ("promised_on", "--promised"),
            ("owner", "--owner"),
            ("source", "--source"),
            ("tags", "--tag"),
            ("note", "--note"),
        ],
    ),
    (
        Noun::Ticket,
        &[
            ("customer", "--customer"),
            ("contact", "--contact"),
            ("description", "--description"),
            ("channel", "--channel"),
            ("type", "--type"),
            ("category", "--category"),
            ("priority", "--priority"),
            ("severity", "--severity"),
            ("assignee", "--assignee"),
            ("team", "--team"),
            ("owner", "--owner"),
            ("order", "--order"),
            ("product", "--product"),
            ("parent", "--parent"),
            ("source", "--source"),
            ("received_at", "--at"),
            ("tags", "--tag"),
        ],
    ),
    (
        Noun::Feedback,
        &[
            ("customer", "--customer"),
            ("contact", "--contact"),
            ("order", "--order"),
            ("ticket", "--ticket"),
            ("type", "--type"),
            ("survey", "--survey"),
            ("score", "--score"),
            ("comment", "--comment"),
            ("channel", "--channel"),
            ("sent_on", "--sent"),
            ("answered_on", "--on"),
            ("owner", "--owner"),
            ("tags", "--tag"),
            ("note", "--note"),
        ],
    ),
    (
        Noun::Task,
        &[
            ("customer", "--for"),
            ("deal", "--for"),
            ("due", "--due"),
            ("priority", "--priority"),
            ("type", "--type"),
            ("assignee", "--assignee"),
            ("repeat", "--repeat"),
            ("remind", "--remind"),
            ("tags", "--tag"),
            ("note", "--note"),
        ],
    ),
];

fn add(noun: Noun, assignments: &[Assignment], anyway: bool) -> Vec<String> {
    let is_name = |name: &str| match noun {
        Noun::Task => name == "title",
        Noun::Activity => name == "text",
        _ => name == "name",
    };
    let name = assignments.iter().find(|(name, _)| is_name(name));
    let mut options = Vec::new();
    let flags = ADD_FLAGS
        .iter()
        .find(|(known, _)| *known == noun)
        .map_or(&[][..], |(_, flags)| flags);
    for (field, input) in assignments.iter().filter(|(field, _)| !is_name(field)) {
        let flag = flags.iter().find(|(known, _)| known == field);
        for value in values(input) {
            match flag {
                Some((_, flag)) => options.extend(option(flag, &value)),
                None => options.extend(option("--field", &format!("{field}={value}"))),
            }
        }
    }
    if matches!(noun, Noun::Deal | Noun::Ticket) && assignments.iter().all(|(field, _)| field != "customer") {
        options.push("--no-customer".to_owned());
    }
    if anyway {
        options.extend(["--on-duplicate".to_owned(), "create".to_owned()]);
    }
    let positional = name.map(|(_, input)| text(input)).into_iter().collect();
    called(
        vec![noun.name().to_owned(), "add".to_owned()],
        positional,
        options,
    )
}

fn tasks(verb: &TaskVerb, of: &[Link]) -> Vec<String> {
    match verb {
        TaskVerb::Done => on(of, "done"),
        TaskVerb::Reopen => on(of, "reopen"),
        TaskVerb::Cancel => on(of, "cancel"),
        TaskVerb::Snooze(phrase) => with(on(of, "snooze"), phrase),
    }
}

fn deals(verb: &DealVerb, of: &[Link]) -> Vec<String> {
    match verb {
        DealVerb::Move(stage) => with(on(of, "move"), stage),
        DealVerb::Win(None) => on(of, "win"),
        DealVerb::Win(Some(day)) => [on(of, "win"), option("--on", day)].concat(),
        DealVerb::Lose(reason, note) => {
            let note = note.as_ref().map(|note| option("--note", note));
            [
                on(of, "lose"),
                option("--reason", reason),
                note.unwrap_or_default(),
            ]
            .concat()
        }
        DealVerb::Reopen => on(of, "reopen"),
        DealVerb::Tick(item, true) => with(on(of, "check"), item),
        DealVerb::Tick(item, false) => with(on(of, "uncheck"), item),
    }
}

fn tickets(verb: &TicketVerb, of: &[Link]) -> Vec<String> {
    let (verb, text, options) = verb.words();
    let command = vec!["ticket".to_owned(), verb.to_owned()];
    let positional = of.iter().map(reference).chain(text.map(str::to_owned)).collect();
    let options = options.into_iter().flat_map(|(flag, value)| option(flag, value));
    called(command, positional, options.collect())
}

fn with(mut words: Vec<String>, word: &str) -> Vec<String> {
    if word.starts_with('-') {
        words.push("--".to_owned());
    }
    words.push(word.to_owned());
    words
}

fn turn(verb: &str, no: Option<i64>) -> Vec<String> {
    let mut words = vec![verb.to_owned()];
    words.extend(no.map(|no| no.to_string()));
    words
}

/// `NOUN VERB REF…`, with a yes where the command would ask for one.
pub(crate) fn on(of: &[Link], verb: &str) -> Vec<String> {
    let noun = of.first().map_or("customer", |link| link.noun.name());
    let mut words = vec![noun.to_owned(), verb.to_owned()];
    words.extend(of.iter().map(reference));
    words
}

/// What a record is called on the command line.
fn reference(link: &Link) -> String {
    match link.noun.prefix() {
        Some(_) => link.reference().to_string(),
        None => link.name.clone(),
    }
}

/// The values of an input, one by one.
fn values(input: &Input) -> Vec<String> {
    match input {
        Input::List(items) => items.iter().map(text).collect(),
        other => vec![text(other)],
    }
}

/// An input as it is written after `=`.
fn text(input: &Input) -> String {
    match input {
        Input::Clear => String::new(),
        Input::Text(text) => text.clone(),
        Input::List(items) => {
            let items: Vec<String> = items.iter().map(text).collect();
            items.join("; ")
        }
        Input::Map(parts) => {
            let parts: Vec<String> = parts.iter().map(|(_, input)| text(input)).collect();
            parts.join(" ")
        }
    }
}
