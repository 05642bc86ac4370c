//! Which preset a header belongs to, and the presets that are built in.

use crate::domain::field;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};

use super::header::normal;
use super::plan::{Asked, Plan};
use super::{Preset, Shape};

/// The built-in presets: name and text. They are parsed when they are needed.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("chinese", include_str!("vendors/chinese.toml")),
    ("google", include_str!("vendors/google.toml")),
    ("linkedin", include_str!("vendors/linkedin.toml")),
    ("outlook", include_str!("vendors/outlook.toml")),
    ("thunderbird", include_str!("vendors/thunderbird.toml")),
    ("hubspot", include_str!("vendors/hubspot.toml")),
    ("salesforce", include_str!("vendors/salesforce.toml")),
    ("pipedrive", include_str!("vendors/pipedrive.toml")),
    ("zoho", include_str!("vendors/zoho.toml")),
    ("odoo", include_str!("vendors/odoo.toml")),
    ("espocrm", include_str!("vendors/espocrm.toml")),
    ("suitecrm", include_str!("vendors/suitecrm.toml")),
    ("twenty", include_str!("vendors/twenty.toml")),
    ("shopify", include_str!("vendors/shopify.toml")),
    ("mailchimp", include_str!("vendors/mailchimp.toml")),
    ("monica", include_str!("vendors/monica.toml")),
    ("frappe", include_str!("vendors/frappe.toml")),
    ("krayin", include_str!("vendors/krayin.toml")),
    ("zendesk", include_str!("vendors/zendesk.toml")),
    ("freshdesk", include_str!("vendors/freshdesk.toml")),
];

/// The built-in preset of this name.
///
/// # Errors
///
/// `Usage` if there is none, with the names that there are.
pub fn built_in(name: &str) -> Result<Preset> {
    match BUILT_IN.iter().find(|(known, _)| *known == name) {
        Some((name, text)) => Preset::parse(text, &format!("preset {name}")),
        None => {
            let names = BUILT_IN.iter().map(|(name, _)| *name);
            let near = crate::domain::near::near(name, names);
            let message = format!("there is no preset {name:?}; `crm import presets` lists them");
            Err(Error::usage(message).with_near(near))
        }
    }
}

/// What somebody said of presets.
#[derive(Debug, Clone, Default)]
pub enum Choice {
    /// Nothing: the header decides.
    #[default]
    Recognise,
    /// The file is taken as it stands.
    Plain,
    /// This one.
    Preset(Box<Preset>),
}

/// What the rows of a file with these columns make, if a preset says so. `own` are presets of the user, `file` is how the
/// file is called.
///
/// # Errors
///
/// `Usage` if a preset was chosen and does not fit, or what was asked for makes no sense.
pub fn meaning(
    choice: &Choice,
    own: &[Preset],
    columns: &[String],
    file: &str,
    asked: &Asked<'_>,
) -> Result<Option<Plan>> {
    let found = match choice {
        Choice::Plain => None,
        Choice::Recognise => recognise(own, columns, asked.noun)?,
        Choice::Preset(preset) => match preset.shape_of(columns, file, asked.noun) {
            Some(shape) => Some((preset.as_ref().clone(), shape)),
            None => {
                let kinds: Vec<&str> = preset.shapes.iter().map(|shape| shape.title.as_str()).collect();
                return Err(Error::usage(format!(
                    "{file} has none of the columns of {}: {}",
                    preset.title,
                    kinds.join(", ")
                )));
            }
        },
    };
    let Some((preset, shape)) = found else {
        return Ok(None);
    };
    let shape = preset
        .shapes
        .get(shape)
        .ok_or_else(|| Error::internal("the preset has no such shape"))?;
    Plan::new(&preset, shape, columns, asked).map(Some)
}

/// So many headers of a file must stand in the text of a preset before it is parsed at all.
const WORTH_PARSING: usize = 2;

/// The preset and the shape that a header belongs to; `own` are presets of the user, which go first. None for a plain
/// file: one that says itself that it is ours, or fits none.
///
/// With a noun only shapes that make it are looked at.
///
/// # Errors
///
/// If a built-in preset cannot be read, which would be a defect.
fn recognise(
    own: &[Preset],
    columns: &[String],
    noun: Option<(Noun, Option<&str>)>,
) -> Result<Option<(Preset, usize)>> {
    let headers: Vec<String> = columns.iter().map(|column| normal(column)).collect();
    if is_ours(&headers) {
        return Ok(None);
    }
    let own = own.iter().filter_map(|preset| {
        let (shape, score) = best(preset, &headers, noun)?;
        Some((preset.clone(), shape, score))
    });
    if let Some((preset, shape, _)) = own.max_by_key(|(_, _, score)| *score) {
        return Ok(Some((preset, shape)));
    }
    let mut found: Option<(Preset, usize, Score)> = None;
    for (name, text) in BUILT_IN {
        let mentioned = headers
            .iter()
            .filter(|header| text.contains(&format!("\"{header}\"")));
        if mentioned.take(WORTH_PARSING).count() < WORTH_PARSING {
            continue;
        }
        let preset = Preset::parse(text, &format!("preset {name}"))?;
        if let Some((shape, score)) = best(&preset, &headers, noun)
            && found.as_ref().is_none_or(|(_, _, other)| score > *other)
        {
            found = Some((preset, shape, score));
        }
    }
    Ok(found.map(|(preset, shape, _)| (preset, shape)))
}

impl Preset {
    /// The shape that a file with these columns has, by its header, else by how the file is called.
    pub fn shape_of(
        &self,
        columns: &[String],
        file: &str,
        noun: Option<(Noun, Option<&str>)>,
    ) -> Option<usize> {
        let headers: Vec<String> = columns.iter().map(|column| normal(column)).collect();
        if let Some((shape, _)) = best(self, &headers, noun) {
            return Some(shape);
        }
        let makes = |shape: &Shape| noun.is_none_or(|(noun, kind)| shape.makes(noun, kind));
        let by_name = self
            .shapes
            .iter()
            .position(|shape| makes(shape) && shape.is_called(file));
        // Somebody said that it is one of these: then it is the one that knows the most of its columns.
        by_name.or_else(|| {
            let known = self.shapes.iter().enumerate().filter(|(_, shape)| makes(shape));
            known
                .map(|(at, shape)| (shape.known(&headers), std::cmp::Reverse(at)))
                .filter(|(known, _)| *known > 0)
                .max()
                .map(|(_, std::cmp::Reverse(at))| at)
        })
    }

    /// True if a file is one of these by its header, or by its name and a column or more.
    pub fn knows(&self, columns: &[String], file: &str) -> bool {
        let headers: Vec<String> = columns.iter().map(|column| normal(column)).collect();
        let by_name = |shape: &Shape| shape.is_called(file) && shape.known(&headers) > 0;
        best(self, &headers, None).is_some() || self.shapes.iter().any(by_name)
    }
}

/// How well a header fits: headers of the signature, then columns that are known.
type Score = (usize, usize);

fn best(preset: &Preset, headers: &[String], noun: Option<(Noun, Option<&str>)>) -> Option<(usize, Score)> {
    let mut best: Option<(usize, Score)> = None;
    for (at, shape) in preset.shapes.iter().enumerate() {
        if noun.is_some_and(|(noun, kind)| !shape.makes(noun, kind)) {
            continue;
        }
        if let Some(score) = shape.fits(headers)
            && best.is_none_or(|(_, other)| score > other)
        {
            best = Some((at, score));
        }
    }
    best
}

impl Shape {
    /// True if a file is called as files of this shape are.
    fn is_called(&self, file: &str) -> bool {
        let name = file.rsplit('/').next().unwrap_or(file);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        self.files
            .iter()
            .any(|pattern| super::header::file_fits(pattern, stem))
    }

    fn fits(&self, headers: &[String]) -> Option<Score> {
        let there = |any: &&Vec<String>| any.iter().any(|header| headers.contains(header));
        let found = self.signature.iter().filter(there).count();
        let is_it =
            found > 0 && found >= self.enough && !self.without.iter().any(|header| headers.contains(header));
        let has = |header: &String| headers.contains(header);
        let makes = |record: &super::Record| record.when.is_empty() || record.when.iter().any(has);
        let is_it = is_it && self.records.iter().any(makes);
        is_it.then(|| (found, self.known(headers)))
    }

    /// How many of the headers feed something.
    fn known(&self, headers: &[String]) -> usize {
        let named = |header: &&String| {
            self.records.iter().any(|record| {
                record.columns.iter().any(|(pattern, _)| {
                    *header == pattern || super::header::number(pattern, header).is_some()
                })
            })
        };
        headers.iter().filter(named).count()
    }
}

/// True for a file of our own: it has a uid, or all its columns are called as our fields are.
fn is_ours(headers: &[String]) -> bool {
    if headers.iter().any(|header| header == "uid") {
        return true;
    }
    Noun::ALL.iter().any(|noun| {
        headers.iter().all(|header| {
            let head = header.split('.').next().unwrap_or(header);
            field::fields(*noun).iter().any(|field| field.name == head)
                || head == "fields"
                || head == "kind"
                || header.strip_suffix("_currency").is_some()
        })
    })
}
