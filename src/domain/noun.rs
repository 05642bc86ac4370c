//! The nouns: the kinds of record, the same word in every room.

use std::fmt;

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Noun {
    /// A person or a company.
    Customer,
    /// Something that happened: a call, a meeting, a note.
    Activity,
    /// Something to be done; a follow-up is a task.
    Task,
    /// A chance to sell.
    Deal,
    /// What somebody was offered.
    Quote,
    /// What somebody bought: lines, payments, shipments.
    Order,
    /// What a customer wants from us, step by step.
    Ticket,
    /// What a customer says: an answer to a survey, a complaint.
    Feedback,
    /// A sales process: an ordered list of stages.
    Pipeline,
    /// Something that can be sold.
    Product,
    /// A person who works with this base.
    User,
    /// A group of users.
    Team,
    /// A label on any record.
    Tag,
    /// A custom field.
    Field,
    /// A saved list.
    View,
    /// An intake form: what people outside may send, and what becomes of it.
    Form,
    /// A rule that says who gets a lead.
    Assignment,
    /// A business calendar: when a team works.
    Calendar,
    /// A service policy: what is promised for which tickets.
    Sla,
    /// Something to say again: a canned reply, an article of knowledge.
    Article,
    /// A rule that gives points to customers.
    Score,
    /// A public pool: where customers go whom nobody follows up.
    Pool,
    /// A question that customers answer with a score.
    Survey,
    /// A rule that does something when something happens.
    Rule,
}

impl Noun {
    /// All nouns, in the order in which a whole base is exported: what is referred to comes first.
    pub const ALL: [Noun; 24] = [
        Noun::Team,
        Noun::User,
        Noun::Tag,
        Noun::Field,
        Noun::Pipeline,
        Noun::Survey,
        Noun::Calendar,
        Noun::Sla,
        Noun::Article,
        Noun::Product,
        Noun::Pool,
        Noun::Customer,
        Noun::Deal,
        Noun::Quote,
        Noun::Order,
        Noun::Ticket,
        Noun::Feedback,
        Noun::Task,
        Noun::Activity,
        Noun::View,
        Noun::Form,
        Noun::Assignment,
        Noun::Score,
        Noun::Rule,
    ];

    /// The word, singular, as in commands, JSON (`kind`) and the base.
    pub fn name(self) -> &'static str {
        match self {
            Noun::Customer => "customer",
            Noun::Activity => "activity",
            Noun::Task => "task",
            Noun::Deal => "deal",
            Noun::Quote => "quote",
            Noun::Order => "order",
            Noun::Ticket => "ticket",
            Noun::Feedback => "feedback",
            Noun::Pipeline => "pipeline",
            Noun::Product => "product",
            Noun::User => "user",
            Noun::Team => "team",
            Noun::Tag => "tag",
            Noun::Field => "field",
            Noun::View => "view",
            Noun::Form => "form",
            Noun::Assignment => "assignment",
            Noun::Calendar => "calendar",
            Noun::Sla => "sla",
            Noun::Article => "article",
            Noun::Score => "score",
            Noun::Pool => "pool",
            Noun::Survey => "survey",
            Noun::Rule => "rule",
        }
    }

    /// The word in the plural.
    pub fn plural(self) -> &'static str {
        match self {
            Noun::Customer => "customers",
            Noun::Activity => "activities",
            Noun::Task => "tasks",
            Noun::Deal => "deals",
            Noun::Quote => "quotes",
            Noun::Order => "orders",
            Noun::Ticket => "tickets",
            Noun::Feedback => "feedback",
            Noun::Pipeline => "pipelines",
            Noun::Product => "products",
            Noun::User => "users",
            Noun::Team => "teams",
            Noun::Tag => "tags",
            Noun::Field => "fields",
            Noun::View => "views",
            Noun::Form => "forms",
            Noun::Assignment => "assignments",
            Noun::Calendar => "calendars",
            Noun::Sla => "slas",
            Noun::Article => "articles",
            Noun::Score => "scores",
            Noun::Pool => "pools",
            Noun::Survey => "surveys",
            Noun::Rule => "rules",
        }
    }

    /// The letter of this noun's refs (`C42`); nouns without one are named by a key.
    pub fn prefix(self) -> Option<char> {
        match self {
            Noun::Customer => Some('C'),
            Noun::Activity => Some('A'),
            Noun::Task => Some('T'),
            Noun::Deal => Some('D'),
            Noun::Quote => Some('Q'),
            Noun::Order => Some('O'),
            Noun::Ticket => Some('K'),
            Noun::Feedback => Some('F'),
            Noun::Product => Some('P'),
            _ => None,
        }
    }

    /// Whether people name its records by a key, which is never folded; users, teams and tags are named by their name.
    pub fn is_keyed(self) -> bool {
        matches!(
            self,
            Noun::Pipeline
                | Noun::Field
                | Noun::View
                | Noun::Form
                | Noun::Assignment
                | Noun::Calendar
                | Noun::Sla
                | Noun::Article
                | Noun::Score
                | Noun::Pool
                | Noun::Survey
                | Noun::Rule
        )
    }

    /// The noun whose refs begin with `letter`, in either case.
    pub fn from_prefix(letter: char) -> Option<Noun> {
        Noun::ALL
            .into_iter()
            .find(|noun| noun.prefix() == Some(letter.to_ascii_uppercase()))
    }

    /// The noun named by `word`: singular, plural, or an explicit alias of customer.
    pub fn parse(word: &str) -> Option<Noun> {
        match word {
            "contact" | "contacts" | "company" | "companies" | "person" | "people" => Some(Noun::Customer),
            _ => Noun::ALL
                .into_iter()
                .find(|noun| noun.name() == word || noun.plural() == word),
        }
    }
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
