//! Deeds for the law of undo that are about many records at once, or about the shape of a base: imports, changes of all
//! that a filter selects, labels, custom fields, pipelines.

use super::law::{Act, Deed, NAMES, nth, pick, policy};
use super::{assignments, creating};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::sale::QuoteStatus;
use crate::error::{Error, Result};
use crate::ops::draft::Lists;
use crate::ops::import::verdict::Silent;
use crate::ops::import::{self, OnDuplicate, Request};
use crate::ops::pipeline::{self, StageSpec};
use crate::ops::quote::{self, Move};
use crate::ops::typed::OnMissing;
use crate::ops::{bulk, customer, deal, field, forecast, handover, list, process, tag, tagging, trash, view};
use crate::store::{WriteTx, deals, pipelines, records, seed};
use crate::wire::read::rows::{Options, Reader, Source};

/// True for deeds that are the work of `crm import`, which asks less of a record than people are asked.
pub(super) fn is_import(deed: Deed) -> bool {
    [import_customers, import_deals, import_copies, import_shape]
        .iter()
        .any(|import: &Deed| *import as usize == deed as usize)
}

/// Imports a text.
fn import(tx: &WriteTx<'_>, noun: Noun, source: Source, text: String, act: &Act) -> Result<()> {
    let options = Options {
        source: Some(source),
        ..Options::default()
    };
    let reader = Reader::open(Box::new(std::io::Cursor::new(text.into_bytes())), &options)?;
    let columns = reader.columns().map(<[String]>::to_vec);
    let request = Request {
        on_missing: (act.value != 0).then_some(OnMissing::Create),
        on_duplicate: [OnDuplicate::Update, OnDuplicate::Skip, OnDuplicate::Create][act.other % 3],
        ..Request::new(noun, "file", "file")
    };
    let columns = columns.as_deref().filter(|_| source == Source::Csv);
    import::run(tx, columns, reader, &request, &mut Silent)?;
    Ok(())
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

/// People and their companies: rows that make, change, say nothing new, are refused, and name a later one.
pub(super) fn import_customers(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let (name, email) = (NAMES[act.value], ["a", "b", "c", "e"][act.which]);
    let row = format!(
        "{},person,{email}@mail.example,+49 30 90183{},{},Boss,vip;new{},lead,Ulm,\n",
        quoted(name),
        act.other,
        quoted(NAMES[act.other]),
        act.value
    );
    let mut text =
        "name,type,email,phone,company,title,tags,lifecycle,city,subsidiary of\n".to_owned() + &row + &row;
    text.push_str("Bad,person,nonsense,,,,,,,\n");
    text.push_str(&format!(
        "{},company,,,,,,first_customer,,Holding {}\nHolding {},company,,,,,,,,\n",
        quoted(NAMES[act.which]),
        act.value,
        act.other
    ));
    import(tx, Noun::Customer, Source::Csv, text, act)
}

/// Deals whose customers, users, products and stages are made where they are missing.
pub(super) fn import_deals(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let stage = ["Won", "Lost", "Engaging", "proposal", "Prospecting"][act.value];
    let closed = if act.value < 2 { "2026-02-03" } else { "" };
    let mut text = "external_id,customer,owner,product,stage,opened_on,closed_on,amount\n".to_owned();
    for number in [act.which, act.which, act.other] {
        text.push_str(&format!(
            "X{number},Firm {},Seller {},Gadget {},{stage},2026-01-05,{closed},{}00\n",
            act.other,
            act.which % 2,
            act.other,
            act.value
        ));
    }
    text.push_str("Y,,,,Won,2026-02-01,2026-01-01,1\n");
    import(tx, Noun::Deal, Source::Csv, text, act)
}

/// Rows of a full export: with an identity, details and a past; the same one later with a longer past.
pub(super) fn import_copies(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let text = format!(
        concat!(
            r#"{{"kind":"customer","id":"C9{0}","uid":"36fxanxzz000{0}","type":"person","name":"Copy {1}","#,
            r#""version":{1},"created_at":"2024-01-0{1}T00:00:00Z","updated_at":"2026-02-0{1}T00:00:00Z","#,
            r#""created_by":"Grace","emails":["copy{0}@mail.example","open{0}@mail.example"],"tags":["copied"],"#,
            r#""email_details":[{{"email":"copy{0}@mail.example","label":"work","#,
            r#""opted_out_at":"2025-01-01T00:00:00Z"}},{{"email":"open{0}@mail.example"}}],"#,
            r#""employments":[{{"company":{{"uid":"36fxanxzz000z","name":"Copied"}},"title":"Boss"}}],"#,
            r#""intervals":[{{"attribute":"lifecycle","value":"lead","started_at":"2024-01-01T00:00:00Z"}}]}}"#,
            "\n",
            r#"{{"kind":"customer","uid":"36fxanxzz000z","type":"company","name":"Copied","version":2}}"#,
        ),
        act.which,
        act.value + 1
    );
    import(tx, Noun::Customer, Source::Ndjson, text, act)
}

/// The first user and the sales process of another base, and a pipeline of its own.
pub(super) fn import_shape(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let past = format!(
        r#""version":{},"created_at":"2025-01-01T00:00:00Z","updated_at":"2026-04-01T00:00:00Z""#,
        act.value + 1
    );
    if act.other == 0 {
        let text = format!(
            r#"{{"uid":"0000000000001","name":"self","email":"me{}@mail.example",{past}}}"#,
            act.which
        );
        return import(tx, Noun::User, Source::Ndjson, text, act);
    }
    let text = format!(
        concat!(
            r#"{{"uid":"36fxanxzz00p{0}","key":"other{0}","label":"Other","default":{1},"#,
            r#""stages":[{{"key":"talk"}},{{"key":"won","type":"won"}}],{2}}}"#,
            "\n",
            r#"{{"key":"sales","default":false,"stages":[{{"key":"proposal","label":"Offer"}},{{"key":"fresh{0}"}}],{2}}}"#,
        ),
        act.which,
        act.value.is_multiple_of(2),
        past
    );
    import(tx, Noun::Pipeline, Source::Ndjson, text, act)
}

/// Changes all customers, or deals, that a filter selects.
pub(super) fn change_selected(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let (noun, filter) = [
        (Noun::Customer, "is:person"),
        (Noun::Customer, "has:emails or city:ulm"),
        (Noun::Deal, "is:open"),
        (Noun::Customer, "type:company or +vip"),
    ][act.which];
    let ids = records::ids(tx, noun, &list::condition(tx, noun, &[filter.to_owned()])?)?;
    let how = [Lists::Replace, Lists::Add][act.other % 2];
    match (noun, act.value) {
        (Noun::Customer, 0) => return tagging::tag(tx, noun, &ids, "bulk"),
        (Noun::Customer, 1) => return trash::remove(tx, noun, &ids).map(drop),
        _ => {}
    }
    let text = match noun {
        Noun::Deal => ["owner=Grace", "note=bulk", "amount=5", "probability=50", "owner="][act.value],
        _ => [
            "",
            "",
            "owner=Grace; level=B",
            "emails=",
            "lifecycle=qualified; phones=+49 30 1234",
        ][act.value],
    };
    for id in ids {
        match noun {
            Noun::Deal => deal::edit(tx, id, &assignments(text), how, &creating())?,
            _ => customer::edit(tx, id, &assignments(text), how, &creating())?,
        };
    }
    Ok(())
}

/// Adds or changes a label.
pub(super) fn shape_tags(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let Some(id) = nth(tx, Noun::Tag, act.which)?.filter(|_| act.value > 0) else {
        let text = format!("name=label {}; description=of {}", act.which, act.other);
        return tag::add(tx, &assignments(&text), &policy()).map(drop);
    };
    let text = [
        "",
        "name=vip",
        "name=Renamed",
        "keep_in_touch=20",
        "keep_in_touch=; description=new",
    ][act.value];
    tag::edit(tx, id, &assignments(text), Lists::Replace, &policy()).map(drop)
}

/// Adds or changes a custom field of customers.
pub(super) fn shape_fields(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let Some(id) = nth(tx, Noun::Field, act.which)?.filter(|_| act.value > 1) else {
        let kind = [
            "type=text",
            "type=select; options=red,12,x",
            "type=integer",
            "type=multi_select; options=red:Red,x:X ray,y",
            "type=company; label.zh=公司",
            "type=auto_number",
            "type=text; unique=yes",
            "type=decimal; default=12; max=100; options.zh=",
        ];
        let text = format!(
            "noun=customer; key=k{}{}; label=Key; {}",
            act.value,
            act.which,
            kind[act.other + 4 * (act.which % 2)]
        );
        return field::add(tx, &assignments(&text), &policy()).map(drop);
    };
    let text = ["label=Named", "options=red,blue", "type=text"][act.value - 2];
    let how = [Lists::Replace, Lists::Add][act.other % 2];
    field::edit(tx, id, &assignments(text), how, &policy()).map(drop)
}

/// Adds, changes, trashes or restores a view.
pub(super) fn shape_views(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let Some(id) = nth(tx, Noun::View, act.which)?.filter(|_| act.value > 0) else {
        let filter = [
            "+vip",
            "is:person",
            "owner:@me -tags:cold",
            "city:Łódź or last_activity:..-30d",
        ][act.other];
        let text = format!(
            "key=view {}; noun=customer; filter={filter}; columns=name,+city; sort=-name",
            act.which
        );
        return view::add(tx, &assignments(&text), &policy()).map(drop);
    };
    let text = match act.value {
        1 => "filter=is:company; description=new",
        2 => "visibility=team; sort=city",
        3 => return trash::remove(tx, Noun::View, &[id]).map(drop),
        _ => return trash::restore(tx, Noun::View, &[id]).map(drop),
    };
    view::edit(tx, id, &assignments(text), Lists::Replace, &policy()).map(drop)
}

/// Lets one label take the place of another.
pub(super) fn merge_tags(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    match (nth(tx, Noun::Tag, act.which)?, nth(tx, Noun::Tag, act.other)?) {
        (Some(from), Some(to)) => tag::merge(tx, &[from], to).map(drop),
        _ => Ok(()),
    }
}

/// Adds or changes a pipeline or one of its stages.
pub(super) fn shape_pipelines(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let id = match nth(tx, Noun::Pipeline, act.which)? {
        Some(id) if act.value > 0 => id,
        _ => {
            let text = format!("key=p{}; label=Process; default={}", act.which, act.other == 0);
            return pipeline::add(tx, &assignments(&text), &[], &policy()).map(drop);
        }
    };
    let stage: Option<Id> = pick(
        &seed::stages(tx, id)?
            .iter()
            .map(|stage| stage.id)
            .collect::<Vec<_>>(),
        act.other,
    );
    let stage = stage.ok_or_else(|| Error::invalid("stage", "a pipeline without stages"))?;
    let spec = StageSpec {
        label: Some(format!("Stage {}", act.other)),
        probability: Some(33),
        rot_days: Some(3),
        ..StageSpec::default()
    };
    let rules = rules(act);
    match act.value {
        1 => pipeline::edit(tx, id, &assignments("label=Renamed"), Lists::Replace, &policy()).map(drop),
        2 => pipeline::set_default(tx, id).map(drop),
        3 if act.other > 0 => pipeline::stage_set(tx, stage, &rules).map(drop),
        3 => pipeline::stage_set(tx, stage, &spec).map(drop),
        _ => pipeline::stage_add(tx, id, &spec).map(drop),
    }
}

/// Rules that a stage may be given.
fn rules(act: &Act) -> StageSpec {
    let some = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect());
    match act.other {
        2 => StageSpec {
            required: some(&["amount", "customer.email"]),
            ..StageSpec::default()
        },
        3 => StageSpec {
            checklist: some(&["Budget confirmed", "关键人已见面"]),
            tasks: some(&["follow_up: Send the offer +2d", "call: {deal} +3wd @self"]),
            ..StageSpec::default()
        },
        _ => StageSpec {
            next: some(&["won", "lost"]),
            required: some(&[]),
            ..StageSpec::default()
        },
    }
}

/// Something is ticked off for a deal, or no longer is; its stage gets a checklist for that, if it has none.
pub(super) fn tick(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let Some(deal) = nth(tx, Noun::Deal, act.which)? else {
        return Ok(());
    };
    let stage = deals::get(tx, deal)?.map(|deal| deal.stage);
    if let Some(stage) = stage
        .map(|stage| pipelines::stage(tx, stage))
        .transpose()?
        .flatten()
        && stage.rules.checklist.is_empty()
    {
        let act = Act {
            other: 3,
            ..act.clone()
        };
        return pipeline::stage_set(tx, stage.id, &rules(&act)).map(drop);
    }
    process::tick(tx, deal, &(act.other % 2 + 1).to_string(), act.value > 0).map(drop)
}

/// What one of the two users has goes to the other; or a user leaves.
pub(super) fn hand_over(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let (Some(from), Some(to)) = (nth(tx, Noun::User, act.which)?, nth(tx, Noun::User, act.other)?) else {
        return Ok(());
    };
    match act.value {
        // Who restores a base is its first user, who cannot be disabled by that.
        0 if Some(from) != nth(tx, Noun::User, 0)? => {
            handover::disable(tx, from, handover::Work::Goes(&[to])).map(drop)
        }
        1 => handover::enable(tx, from).map(drop),
        _ => {
            let what = handover::What {
                closed: act.value == 2,
                ..handover::What::default()
            };
            handover::transfer(tx, from, &[to], &what).map(drop)
        }
    }
}

/// All customers are changed, of whom some may be refused; the others go on.
pub(super) fn change_many(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let ids = records::ids(tx, Noun::Customer, &list::condition(tx, Noun::Customer, &[])?)?;
    let text = [
        "city=Ulm",
        "emails=one@mail.example",
        "level=B; owner=self",
        "phones=",
        "company=Bo",
    ][act.value];
    let change = |tx: &WriteTx<'_>, id| {
        customer::edit(tx, id, &assignments(text), Lists::Replace, &policy()).map(drop)
    };
    let plan = bulk::Plan {
        noun: Noun::Customer,
        check: None,
        act: &change,
    };
    let going = [bulk::Going::Nowhere, bulk::Going::On][act.which % 2];
    bulk::each(tx, &plan, &ids)?.verdict(Noun::Customer, going)?;
    tx.describe("Changed customers");
    Ok(())
}

/// Keeps what the forecast says today; a second time in place of the first.
pub(super) fn keep_forecast(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let request = crate::report::Request {
        filters: vec![["", "amount:1k..", "is:open", "owner:self", "no:owner"][act.value].to_owned()],
        ..crate::report::Request::default()
    };
    forecast::snapshot(tx, &request).map(drop)
}

/// A quote for somebody, perhaps for a deal, with other lines or another discount for a draft.
pub(super) fn offer(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let customer = nth(tx, Noun::Customer, act.which)?.map_or_else(String::new, Id::uid);
    let deal = nth(tx, Noun::Deal, act.other)?.map_or_else(String::new, Id::uid);
    match (act.value, nth(tx, Noun::Quote, act.which)?) {
        (3, Some(id)) => {
            let text = format!("lines=Crane x{} @9.99 -2.5%", act.other + 1);
            quote::edit(tx, id, &assignments(&text), Lists::Replace, &policy()).map(drop)
        }
        (4, Some(id)) => {
            let text = assignments("discount=3%; shipping=1.50; tags=vip");
            quote::edit(tx, id, &text, Lists::Replace, &policy()).map(drop)
        }
        (value, _) => {
            let deal = if value == 0 { "" } else { &deal };
            let text = format!(
                "customer={customer}; deal={deal}; lines=Crane x{} @100",
                value + 1
            );
            quote::add(tx, &assignments(&text), &policy()).map(drop)
        }
    }
}

/// A quote is sent, accepted with an order, revised, refused, or open again.
pub(super) fn move_quote(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let Some(id) = nth(tx, Noun::Quote, act.which)? else {
        return Ok(());
    };
    let step = Move::default();
    match act.value {
        0 => quote::move_to(tx, id, QuoteStatus::Sent, &step).map(drop),
        1 => quote::accept(tx, id, None, act.other > 0).map(drop),
        2 => quote::revise(tx, id, None).map(drop),
        3 => quote::reopen(tx, id, &step).map(drop),
        _ => quote::move_to(tx, id, QuoteStatus::Rejected, &step).map(drop),
    }
}
