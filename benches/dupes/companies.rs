//! Companies: sister companies and neighbours among them, in Latin letters and in Chinese.

use crate::Record;
use crate::chance::Chance;
use crate::spoil::{shouted, slip, telephone, turned};

const HEADS: &[&str] = &[
    "Alpen", "Nord", "Blau", "Silver", "Iron", "Green", "Quick", "Bright", "North", "Grand", "Prime",
    "Solar", "Delta", "Omni", "Terra", "Vita", "Luma", "Kera", "Bora", "Fjord", "Rhein", "Donau", "Arctic",
    "Coral", "Ember", "Falcon", "Harbor", "Juniper", "Krypton", "Lotus", "Maple", "Nimbus", "Orbit",
    "Pioneer", "Quartz", "Raven", "Summit", "Tundra", "Umbra", "Zenith",
];
const MIDDLES: &[&str] = &[
    "", "", "line", "tec", "works", "gate", "stone", "wave", "field", "bridge", "craft", "point", "star",
    "mark", "lab", "net",
];
const TRADES: &[&str] = &[
    "Logistics",
    "Engineering",
    "Technologies",
    "Consulting",
    "Services",
    "Systems",
    "Foods",
    "Textiles",
    "Pharma",
    "Energy",
    "Media",
    "Bau",
    "Handel",
    "Druck",
    "Solutions",
    "Manufacturing",
    "International",
    "Partners",
    "Electronics",
    "Design",
];
/// Legal forms, each as it is written long and short.
const FORMS: &[[&str; 2]] = &[
    ["GmbH", "GmbH"],
    ["GmbH & Co. KG", "GmbH & Co KG"],
    ["Limited", "Ltd."],
    ["Incorporated", "Inc."],
    ["Corporation", "Corp."],
    ["AG", "AG"],
    ["S.p.A.", "SpA"],
    ["B.V.", "BV"],
    ["Oy", "Oy"],
    ["Sp. z o.o.", "Sp z oo"],
];
const CORES: &[(&str, &str)] = &[
    ("云", "yun"),
    ("帆", "fan"),
    ("蓝", "lan"),
    ("海", "hai"),
    ("星", "xing"),
    ("辰", "chen"),
    ("华", "hua"),
    ("兴", "xing"),
    ("瑞", "rui"),
    ("丰", "feng"),
    ("恒", "heng"),
    ("远", "yuan"),
    ("金", "jin"),
    ("泰", "tai"),
    ("宏", "hong"),
    ("达", "da"),
    ("博", "bo"),
    ("雅", "ya"),
    ("东", "dong"),
    ("方", "fang"),
    ("永", "yong"),
    ("盛", "sheng"),
    ("天", "tian"),
    ("龙", "long"),
    ("凯", "kai"),
    ("思", "si"),
    ("创", "chuang"),
    ("信", "xin"),
    ("联", "lian"),
    ("合", "he"),
];
const PLACES: &[&str] = &["北京", "上海", "深圳", "杭州", "广州", "成都", "武汉", "苏州"];
const BUSINESSES: &[&str] = &["科技", "贸易", "电子", "软件", "物流", "实业"];
const CITIES: &[&str] = &[
    "Hamburg", "Leeds", "Lyon", "Kiel", "Torino", "Gdansk", "Dresden", "Porto", "Bergen", "Graz", "Gent",
    "Boston",
];

#[derive(Debug, Clone)]
struct Company {
    /// The name without the legal form; for Chinese companies the core.
    name: String,
    trade: &'static str,
    form: usize,
    /// Place, business, and how the core sounds, for Chinese companies.
    chinese: Option<(&'static str, &'static str, String)>,
    domain: String,
    country: &'static str,
    digits: String,
    street: String,
    house: usize,
    city: String,
    code: String,
    tax: String,
}

fn company(chance: &mut Chance, number: u64) -> Company {
    let chinese = chance.percent(30).then(|| {
        let letters: Vec<usize> = (0..3).map(|_| chance.below(CORES.len())).collect();
        let core: String = letters.iter().map(|letter| CORES[*letter].0).collect();
        let sound: String = letters.iter().map(|letter| CORES[*letter].1).collect();
        (core, (chance.one(PLACES), chance.one(BUSINESSES), sound))
    });
    let (name, chinese) = match chinese {
        Some((core, rest)) => (core, Some(rest)),
        None => {
            let word = format!(
                "{}{}{}",
                chance.one(HEADS),
                chance.one(MIDDLES),
                chance.one(&["", "", "o", "is", "ix", "an"])
            );
            let second = if chance.percent(40) {
                format!(" {}", chance.one(HEADS))
            } else {
                String::new()
            };
            (word + &second, None)
        }
    };
    let stem = chinese.as_ref().map_or_else(
        || name.to_lowercase().replace(' ', "-"),
        |(_, _, sound)| sound.clone(),
    );
    let is_chinese = chinese.is_some();
    Company {
        trade: chance.one(TRADES),
        form: chance.below(FORMS.len()),
        domain: format!("{stem}{}.example", number % 997),
        country: if is_chinese { "86" } else { "49" },
        digits: if is_chinese {
            format!("10{:08}", 50_000_000 + chance.below(40_000_000))
        } else {
            format!("403{:07}", chance.below(10_000_000))
        },
        street: if is_chinese {
            format!(
                "{}路",
                chance.one(&["建国", "中山", "解放", "人民", "和平", "长江"])
            )
        } else {
            format!(
                "{}{} Street",
                chance.one(HEADS),
                chance.one(&["ton", "ham", "ley", "gate", "wood"])
            )
        },
        house: 1 + chance.below(200),
        city: if is_chinese {
            chance.one(PLACES).to_owned()
        } else {
            chance.one(CITIES).to_owned()
        },
        code: if is_chinese {
            format!("{:06}", 100_000 + chance.below(3_000))
        } else {
            format!("{:05}", 10_000 + chance.below(5_000))
        },
        tax: format!("DE{:09}", chance.below(1_000_000_000)),
        name,
        chinese,
    }
}

/// A set of about `size` records.
pub(crate) fn make(chance: &mut Chance, size: u64, spoiled: usize) -> Vec<Record> {
    let mut records = Vec::new();
    let mut entity = 0;
    let mut last = company(chance, 0);
    while (records.len() as u64) < size {
        let mut which = company(chance, entity);
        match chance.below(20) {
            // A sister: the same name in another trade or place.
            0 if last.chinese.is_none() && which.chinese.is_none() => {
                which.name.clone_from(&last.name);
                which.trade = TRADES[(TRADES.iter().position(|trade| *trade == last.trade).unwrap()
                    + 1
                    + chance.below(12))
                    % TRADES.len()];
                which.domain.clone_from(&last.domain);
            }
            // A neighbour in the same house.
            1 => {
                which.street.clone_from(&last.street);
                which.house = last.house;
                which.city.clone_from(&last.city);
                which.code.clone_from(&last.code);
            }
            _ => {}
        }
        records.push(plain(chance, entity, &which));
        let further = match chance.below(20) {
            0..=4 => 1,
            5 => 2,
            _ => 0,
        };
        for _ in 0..further {
            let mut record = plain(chance, entity, &which);
            let mut free: Vec<usize> = (0..6).collect();
            for _ in 0..spoiled {
                let part = free.remove(chance.below(free.len()));
                spoil(chance, &mut record, &which, part);
            }
            record.parts[0] = shouted(chance, std::mem::take(&mut record.parts[0]));
            records.push(record);
        }
        entity += 1;
        last = which;
    }
    for place in (1..records.len()).rev() {
        records.swap(place, chance.below(place + 1));
    }
    records
}

fn plain(chance: &mut Chance, entity: u64, which: &Company) -> Record {
    let name = match &which.chinese {
        Some((place, business, _)) => match chance.below(3) {
            0 => format!("{place}{}{business}有限公司", which.name),
            1 => format!("{}（{place}）{business}有限公司", which.name),
            _ => format!("{place}市{}{business}股份有限公司", which.name),
        },
        None => format!(
            "{} {} {}",
            which.name,
            which.trade,
            FORMS[which.form][chance.below(2)]
        ),
    };
    let box_name = chance.one(&["info", "office", "sales", "contact"]);
    Record {
        entity,
        parts: [
            name,
            format!("{box_name}@{}", which.domain),
            telephone(chance, which.country, &which.digits),
            format!(
                "{}{}",
                chance.one(&["https://www.", "http://", "https://"]),
                which.domain
            ),
            if which.chinese.is_some() {
                format!("{}{}号", which.street, which.house)
            } else {
                format!("{} {}", which.house, which.street)
            },
            which.tax.clone(),
        ],
        city: which.city.clone(),
        code: which.code.clone(),
        country: if which.chinese.is_some() {
            "CN".to_owned()
        } else {
            String::new()
        },
    }
}

fn spoil(chance: &mut Chance, record: &mut Record, which: &Company, part: usize) {
    let number = chance.next();
    let other = company(chance, number);
    let spoiled = match (part, chance.below(4)) {
        (0, kind) => match (&which.chinese, kind) {
            (Some((_, business, _)), 0 | 1) => format!("{}{business}", which.name),
            (Some((_, _, sound)), _) => sound[..1].to_uppercase() + &sound[1..],
            (None, 0) => which.name.clone(),
            (None, 1) => format!("{} {}", which.name, which.trade),
            (None, _) => format!(
                "{} {} {}",
                slip(chance, &which.name),
                which.trade,
                FORMS[which.form][0]
            ),
        },
        (4, 0) => {
            record.city.clear();
            record.code.clear();
            String::new()
        }
        (4, 1 | 2) => {
            record.city.clone_from(&other.city);
            record.code.clone_from(&other.code);
            format!("{} {}", other.house, other.street)
        }
        (4, _) => slip(chance, &record.parts[4]),
        (1, 1) => format!(
            "{}@gmail.com",
            slip(chance, &which.domain.replace(['.', '-'], ""))
        ),
        (2, 1) => telephone(chance, other.country, &other.digits),
        (2, 2) => {
            let digits = turned(chance, &which.digits);
            telephone(chance, which.country, &digits)
        }
        (3, 1) => format!("https://{}", other.domain),
        (5, 1) => turned(chance, &which.tax),
        _ => String::new(),
    };
    record.parts[part] = spoiled;
}
