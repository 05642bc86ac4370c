//! Sixteen processes that write at once while another imports: how long each of them waits.

use std::process::Stdio;

use crate::Row;
use crate::bases::Bases;
use crate::measure::{crm, percentile, prepare, wall};

const WRITERS: usize = 16;
const EACH: usize = 25;

pub(crate) fn writers(bases: &Bases, size: u64) -> Vec<Row> {
    let csv = bases.csv(size);
    let base = bases.scratch("writers");
    prepare(crm(&base).arg("init"));
    let add = |writer: usize, number: usize| {
        let mut command = crm(&base);
        command.args(["customer", "add", &format!("Person {writer} {number}")]);
        command.args(["--email", &format!("p{number}.{writer}@writers.example")]);
        let (status, spent) = wall(|| command.status().unwrap());
        assert!(status.success(), "a writer was refused: {status}");
        spent
    };
    let alone: Vec<f64> = (0..EACH).map(|number| add(WRITERS, number)).collect();
    let mut import = crm(&base)
        .args(["import", "customer"])
        .arg(&csv)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let (mut waits, all) = wall(|| {
        std::thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    scope.spawn(move || (0..EACH).map(|number| add(writer, number)).collect::<Vec<_>>())
                })
                .collect();
            let waits: Vec<f64> = writers
                .into_iter()
                .flat_map(|writer| writer.join().unwrap())
                .collect();
            assert!(import.wait().unwrap().success(), "the import was refused");
            waits
        })
    });
    let what = format!("{WRITERS} processes, {EACH} each, during an import of {size}");
    let mut alone = alone;
    vec![
        Row::plain(
            "`customer add`, nobody else writes",
            "median",
            percentile(&mut alone, 0.5),
            "ms",
        ),
        Row::plain("`customer add`, median", &what, percentile(&mut waits, 0.5), "ms"),
        Row::plain("`customer add`, p99", &what, percentile(&mut waits, 0.99), "ms"),
        Row::figure(
            "`customer add`, longest",
            &what,
            percentile(&mut waits, 1.0),
            300_000.0,
            "ms",
        ),
        Row::plain("all of it", &what, all, "ms"),
    ]
}
