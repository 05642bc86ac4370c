//! Ways to reach a customer: what is chosen is opened by the program of the system for it, and then can be logged.

use crm::domain::value::Link;
use crm::error::Result;
use crossterm::event::{KeyCode, MouseEvent};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::component::menu::{Item, Menu, MenuEvent};
use crate::tui::effect::{Effect, Message};
use crate::tui::key::Key;
use crate::tui::modal::Dialog;
use crate::tui::modal::form::RecordForm;
use crate::tui::modal::menu::{clicked, why_not};
use crate::tui::page::Typed;
use crate::tui::query::record::{Found, Question, Reach};
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// Who is not to be contacted at all.
const NOT_AT_ALL: &str = "the customer asked not to be contacted";
/// Who does not want it this way.
const NOT_SO: &str = "the customer has opted out of this";

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Way {
    Call(String),
    Mail(String),
    Map(String),
    Web(String),
    Copy(String),
}

/// The menu, once it is known what there is; or the web page at once.
#[derive(Debug)]
pub(crate) struct Contact {
    customer: Link,
    deal: Option<Link>,
    web_only: bool,
    ways: Vec<Way>,
    menu: Option<Menu>,
}

impl Contact {
    /// A menu of all ways.
    pub(crate) fn new(customer: Link, deal: Option<Link>) -> Contact {
        Contact {
            customer,
            deal,
            web_only: false,
            ways: Vec::new(),
            menu: None,
        }
    }

    /// Opens the web page.
    pub(crate) fn web(customer: Link) -> Contact {
        Contact {
            web_only: true,
            ..Contact::new(customer, None)
        }
    }

    /// Every way, and why it is closed.
    fn ways(reach: &Reach) -> Vec<(Way, Item)> {
        let mut ways = Vec::new();
        let off = |may: bool| match (reach.do_not_contact, may) {
            (true, _) => Some(NOT_AT_ALL.to_owned()),
            (false, false) => Some(NOT_SO.to_owned()),
            (false, true) => None,
        };
        let mut add = |way: Way, letter: char, label: String, off: Option<String>| {
            let is_first = !ways
                .iter()
                .any(|(_, item): &(Way, Item)| item.key == Some(Key::letter(letter)));
            let item = Item {
                key: is_first.then(|| Key::letter(letter)),
                label,
                note: String::new(),
                off,
            };
            ways.push((way, item));
        };
        for (phone, may) in &reach.phones {
            add(Way::Call(phone.clone()), 'c', format!("Call {phone}"), off(*may));
        }
        for (email, may) in &reach.emails {
            add(
                Way::Mail(email.clone()),
                'e',
                format!("Write to {email}"),
                off(*may),
            );
        }
        if !reach.address.is_empty() {
            let address = &reach.address;
            add(
                Way::Map(address.clone()),
                'm',
                format!("Show on a map: {address}"),
                None,
            );
        }
        if !reach.website.is_empty() {
            let website = &reach.website;
            add(Way::Web(website.clone()), 'w', format!("Open {website}"), None);
        }
        for (text, _) in reach.phones.iter().chain(&reach.handles) {
            add(Way::Copy(text.clone()), 'y', format!("Copy {text}"), None);
        }
        ways
    }

    fn chosen(&self, event: MenuEvent) -> Vec<Effect> {
        match (event, &self.menu) {
            (MenuEvent::Chosen(number), _) => match self.ways.get(number) {
                Some(way) => self.go(way),
                None => vec![Effect::Close],
            },
            (MenuEvent::Refused(number), Some(menu)) => vec![why_not(menu, number)],
            _ => Vec::new(),
        }
    }

    fn go(&self, way: &Way) -> Vec<Effect> {
        let log = |kind: &'static str| {
            let form = RecordForm::log(kind, self.customer.clone(), self.deal.clone());
            Effect::Popup(Box::new(form))
        };
        let mut effects = vec![Effect::Close];
        match way {
            Way::Call(phone) => {
                let number: String = phone.chars().filter(|letter| !letter.is_whitespace()).collect();
                effects.extend([Effect::Launch(format!("tel:{number}")), log("call")]);
            }
            Way::Mail(email) => effects.extend([Effect::Launch(format!("mailto:{email}")), log("email")]),
            Way::Map(address) => {
                let place = escaped(address);
                effects.push(Effect::Launch(format!(
                    "https://www.openstreetmap.org/search?query={place}"
                )));
            }
            Way::Web(page) => effects.push(Effect::Launch(address_of(page))),
            Way::Copy(text) => effects.push(Effect::Copy(text.clone(), text.clone())),
        }
        effects
    }
}

/// The whole address of a web page.
fn address_of(page: &str) -> String {
    match page.contains("://") {
        true => page.to_owned(),
        false => format!("https://{page}"),
    }
}

/// A text as a part of a web address.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

impl Dialog for Contact {
    fn begin(&mut self, _world: &World) -> Vec<Effect> {
        let question = Question::Reach(self.customer.clone());
        vec![Effect::Read(0, Query::Change(question))]
    }

    fn answer(&mut self, _slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        let refused = |text: String| vec![Effect::Close, Effect::Say(Message::refused(text))];
        let reach = match answer {
            Ok(Answer::Change(Found::Reach(reach))) => reach,
            Ok(_) => return Vec::new(),
            Err(error) => return refused(act::told(&error)),
        };
        if self.web_only {
            return match reach.website.is_empty() {
                true => refused(format!("no web page is known of {}", self.customer.name)),
                false => self.go(&Way::Web(reach.website)),
            };
        }
        let (ways, items): (Vec<Way>, Vec<Item>) = Contact::ways(&reach).into_iter().unzip();
        if ways.is_empty() {
            return refused(format!(
                "no number, address or web page is known of {}",
                self.customer.name
            ));
        }
        self.ways = ways;
        self.menu = Some(Menu::new(&format!("Contact {}", self.customer.name), items));
        Vec::new()
    }

    fn typed(&mut self, typed: &Typed, _world: &World) -> Vec<Effect> {
        let Typed::Key(key) = typed else {
            return Vec::new();
        };
        let Some(menu) = &mut self.menu else {
            let is_escape = key.code == KeyCode::Esc;
            return is_escape.then_some(Effect::Close).into_iter().collect();
        };
        match menu.key(*key) {
            event @ (MenuEvent::Chosen(_) | MenuEvent::Refused(_)) => self.chosen(event),
            MenuEvent::Closed => vec![Effect::Close],
            MenuEvent::Kept | MenuEvent::Unknown => Vec::new(),
        }
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        let Some(menu) = &mut self.menu else {
            return Vec::new();
        };
        match clicked(menu, event, area, world).map(|item| menu.choose(item)) {
            Some(event) => self.chosen(event),
            None => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        if let Some(menu) = &self.menu {
            menu.render(area, frame.buffer_mut(), &world.look);
        }
        None
    }
}
