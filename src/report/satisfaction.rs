//! What customers think of us, by their answers to surveys: CSAT, NPS and CES.

use crate::domain::noun::Noun;
use crate::domain::satisfaction::SurveyType;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::cell::ratio;
use crate::report::drill::{Drill, within};
use crate::report::groups::{Names, order};
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::rollups::Group;
use crate::store::rollups::feedback::{Survey, surveys};

/// The name of the report of how satisfied customers are.
pub const CSAT: &str = "csat";

/// The name of the report of who would recommend us.
pub const NPS: &str = "nps";

/// The name of the report of how easy customers have it.
pub const CES: &str = "ces";

/// Whether a report is one of these.
pub(super) fn is(name: &str) -> bool {
    matches!(name, CSAT | NPS | CES)
}

/// What rows can be made by.
pub const BY: &[Dimension] = &[
    Dimension::Owner,
    Dimension::Team,
    Dimension::Survey,
    Dimension::Source,
    Dimension::Level,
    Dimension::Channel,
    Dimension::Customer,
    Dimension::Assignee,
    Dimension::Month,
    Dimension::Quarter,
];

/// The columns of [`CSAT`].
pub const CSAT_COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("sent", CellKind::Count),
    column("response_rate", CellKind::Ratio),
    column("answers", CellKind::Count),
    column("satisfied", CellKind::Count),
    column("csat", CellKind::Ratio),
    column("mean", CellKind::Mean),
];

/// The columns of [`NPS`].
pub const NPS_COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("sent", CellKind::Count),
    column("response_rate", CellKind::Ratio),
    column("answers", CellKind::Count),
    column("promoters", CellKind::Count),
    column("passives", CellKind::Count),
    column("detractors", CellKind::Count),
    column("nps", CellKind::Count),
];

/// The columns of [`CES`].
pub const CES_COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("sent", CellKind::Count),
    column("response_rate", CellKind::Ratio),
    column("answers", CellKind::Count),
    column("mean", CellKind::Mean),
    column("easy", CellKind::Count),
    column("easy_share", CellKind::Ratio),
];

const CSAT_DEFINITION: &str = "csat = scores of 4 and 5 / answers; mean of 1 to 5; by the day of the answer; response rate = \
    asked in the period and answered since / asked in the period";

const NPS_DEFINITION: &str = "nps = % of promoters (9, 10) - % of detractors (0 to 6), from -100 to 100; by the day of the \
    answer; response rate = asked in the period and answered since / asked in the period";

const CES_DEFINITION: &str = "mean of 1 to 7; easy share = scores of 5 to 7 / answers; by the day of the answer; response \
    rate = asked in the period and answered since / asked in the period";

/// How satisfied customers are.
pub fn csat(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    run(tx, request, SurveyType::Csat)
}

/// Who would recommend us.
pub fn nps(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    run(tx, request, SurveyType::Nps)
}

/// How easy customers have it.
pub fn ces(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    run(tx, request, SurveyType::Ces)
}

/// The answers behind [`CSAT`].
pub(super) fn csat_records(_: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    Ok(records(request, CSAT))
}

/// The answers behind [`NPS`].
pub(super) fn nps_records(_: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    Ok(records(request, NPS))
}

/// The answers behind [`CES`].
pub(super) fn ces_records(_: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    Ok(records(request, CES))
}

fn records(request: &Request, kind: &str) -> Drill {
    let within = within("answered_on", request.period.unwrap_or(Period::ALL));
    Drill::filtered(
        Noun::Feedback,
        request,
        format!("has:score survey.type:{kind}{within}"),
    )
}

fn run(tx: &ReadTx<'_>, request: &Request, kind: SurveyType) -> Result<Report> {
    let (name, definition, columns) = match kind {
        SurveyType::Csat => (CSAT, CSAT_DEFINITION, CSAT_COLUMNS),
        SurveyType::Nps => (NPS, NPS_DEFINITION, NPS_COLUMNS),
        SurveyType::Ces => (CES, CES_DEFINITION, CES_COLUMNS),
    };
    let by = request.dimension(name, BY)?;
    let group = by.map_or(Group::All, Dimension::group);
    let condition = request.condition_on(tx, Noun::Feedback)?;
    let period = request.period.unwrap_or(Period::ALL);
    let mut lines = surveys(tx, &condition, kind, period, group)?;
    lines.sort_by(|a, b| order(group, (&a.1, a.2.answers.count()), (&b.1, b.2.answers.count())));
    let names = Names::of(group, lines.iter().map(|(_, heading, _)| heading));
    let rows = lines
        .iter()
        .map(|(_, heading, survey)| cells(names.cell(group, heading), survey, kind));
    let all = surveys(tx, &condition, kind, period, Group::All)?;
    let total = match all.first() {
        Some((.., survey)) => cells(Cell::Null, survey, kind),
        None => cells(Cell::Null, &Survey::new(kind), kind),
    };
    let frame = Frame {
        name,
        definition,
        period,
        by,
        columns,
    };
    let off_scale = all.first().map_or(0, |(.., survey)| survey.answers.off_scale());
    let left_out = vec![(
        "not on the scale".to_owned(),
        i64::try_from(off_scale).unwrap_or(i64::MAX),
    )];
    Ok(frame.report(tx, request, rows.collect(), total, left_out))
}

fn cells(name: Cell, survey: &Survey, kind: SurveyType) -> Vec<Cell> {
    let answers = &survey.answers;
    let (count, good) = (answers.count(), answers.good());
    let mean = Cell::Mean(answers.sum(), count);
    let mut cells = vec![
        name,
        Cell::Count(survey.sent),
        ratio(survey.came, survey.sent),
        Cell::Count(count),
    ];
    cells.extend(match kind {
        SurveyType::Csat => vec![Cell::Count(good), ratio(good, count), mean],
        SurveyType::Nps => {
            let against = answers.detractors().unwrap_or(0);
            vec![
                Cell::Count(good),
                Cell::Count(count - good - against),
                Cell::Count(against),
                answers.nps().map_or(Cell::Null, Cell::Count),
            ]
        }
        SurveyType::Ces => vec![mean, Cell::Count(good), ratio(good, count)],
    });
    cells
}
