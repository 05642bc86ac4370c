//! People: families, namesakes and colleagues among them, in Latin letters and in Chinese.

use crate::Record;
use crate::chance::Chance;
use crate::spoil::{shouted, slip, telephone, turned};

/// Given names, each with what else the same person is called.
const GIVEN: &[&[&str]] = &[
    &["Robert", "Bob", "Rob"],
    &["William", "Bill", "Will"],
    &["Elizabeth", "Liz", "Beth"],
    &["Margaret", "Peggy", "Maggie"],
    &["Richard", "Dick", "Rick"],
    &["Katherine", "Kate", "Kathy"],
    &["Michael", "Mike"],
    &["Thomas", "Tom"],
    &["James", "Jim"],
    &["Charles", "Charlie"],
    &["Susan", "Sue"],
    &["Patricia", "Pat"],
    &["Edward", "Ted", "Ed"],
    &["Anthony", "Tony"],
    &["Joseph", "Joe"],
    &["Daniel", "Dan"],
    &["Matthew", "Matt"],
    &["Andrew", "Andy"],
    &["Christopher", "Chris"],
    &["Jennifer", "Jenny"],
    &["Deborah", "Debbie"],
    &["Samuel", "Sam"],
    &["Benjamin", "Ben"],
    &["Nicholas", "Nick"],
    &["Alexander", "Alex"],
    &["Victoria", "Vicky"],
    &["Rebecca", "Becky"],
    &["Johannes", "Hans"],
    &["Friedrich", "Fritz"],
    &["Wilhelm", "Willi"],
    &["Heinrich", "Heinz"],
    &["Maximilian", "Max"],
    &["Katharina", "Kathi"],
    &["Elisabeth", "Lisa"],
    &["Anna"],
    &["Maria"],
    &["Laura"],
    &["Sophie"],
    &["Emma"],
    &["Hannah"],
    &["Clara"],
    &["Ingrid"],
    &["Helga"],
    &["Ursula"],
    &["Renate"],
    &["Monika"],
    &["Petra"],
    &["Sabine"],
    &["Karin"],
    &["Birgit"],
    &["Stefan"],
    &["Andreas"],
    &["Jürgen"],
    &["Günther"],
    &["Wolfgang"],
    &["Klaus"],
    &["Uwe"],
    &["Torsten"],
    &["Ralf"],
    &["Dirk"],
    &["Pierre"],
    &["Jacques"],
    &["Amélie"],
    &["Chloé"],
    &["Luc"],
    &["Giulia"],
    &["Marco"],
    &["Paolo"],
    &["Francesca"],
    &["Lucía"],
    &["Javier"],
    &["Carmen"],
    &["Diego"],
    &["Agnieszka"],
    &["Piotr"],
    &["Łukasz"],
    &["Ewa"],
    &["Olga"],
    &["Dmitri"],
    &["Priya"],
    &["Arjun"],
    &["Fatima"],
    &["Omar"],
    &["Yusuf"],
    &["Aisha"],
    &["Noah"],
    &["Oliver"],
    &["Grace"],
    &["Ruth"],
    &["Walter"],
    &["Harold"],
    &["Albert"],
    &["Frank"],
    &["Dorothy"],
    &["Helen"],
    &["Frances"],
    &["Louise"],
    &["Simon"],
    &["Philip"],
    &["Martin"],
];

/// Beginnings, middles and ends of surnames: enough for a million people.
const HEADS: &[&str] = &[
    "Berg", "Stein", "Wald", "Hol", "Mar", "Kron", "Lind", "Sand", "Win", "Har", "Nord", "West", "Ash",
    "Black", "Brad", "Cal", "Dun", "Ell", "Fair", "Gar", "Hart", "Kel", "Lang", "Mil", "Nor", "Old", "Pem",
    "Quil", "Ros", "Shel", "Thorn", "Ul", "Van", "Whit", "Yor", "Zim", "Bru", "Dor", "Fel", "Gros",
];
const MIDDLES: &[&str] = &["", "", "", "en", "er", "ing", "le", "o", "i", "a", "el", "an"];
const TAILS: &[&str] = &[
    "ton", "ley", "man", "mann", "feld", "er", "bauer", "hoff", "dorf", "ham", "ford", "wood", "field",
    "worth", "by", "well", "son", "sen", "bach", "berg", "stein", "burg", "hurst", "land", "more", "ski",
    "vich", "ini", "ez", "low",
];
/// Surnames that many people have.
const COMMON: &[&str] = &[
    "Smith", "Müller", "Jones", "Schmidt", "Brown", "Weber", "Martin", "García", "Rossi", "Nowak", "Lee",
    "Wagner", "Taylor", "Becker", "Schäfer", "Wilson", "Dubois", "Weiß", "Johnson", "Fischer",
];

/// Chinese surnames and characters of given names, with their sounds.
const SURNAMES: &[(&str, &str)] = &[
    ("王", "Wang"),
    ("李", "Li"),
    ("张", "Zhang"),
    ("刘", "Liu"),
    ("陈", "Chen"),
    ("杨", "Yang"),
    ("赵", "Zhao"),
    ("黄", "Huang"),
    ("周", "Zhou"),
    ("吴", "Wu"),
    ("徐", "Xu"),
    ("孙", "Sun"),
    ("胡", "Hu"),
    ("朱", "Zhu"),
    ("高", "Gao"),
    ("林", "Lin"),
    ("何", "He"),
    ("郭", "Guo"),
    ("马", "Ma"),
    ("罗", "Luo"),
    ("梁", "Liang"),
    ("宋", "Song"),
    ("郑", "Zheng"),
    ("谢", "Xie"),
    ("韩", "Han"),
    ("唐", "Tang"),
    ("冯", "Feng"),
    ("董", "Dong"),
    ("萧", "Xiao"),
    ("程", "Cheng"),
    ("欧阳", "Ouyang"),
    ("司马", "Sima"),
];
const LETTERS: &[(&str, &str)] = &[
    ("伟", "wei"),
    ("芳", "fang"),
    ("娜", "na"),
    ("敏", "min"),
    ("静", "jing"),
    ("丽", "li"),
    ("强", "qiang"),
    ("磊", "lei"),
    ("军", "jun"),
    ("洋", "yang"),
    ("勇", "yong"),
    ("艳", "yan"),
    ("杰", "jie"),
    ("涛", "tao"),
    ("明", "ming"),
    ("超", "chao"),
    ("霞", "xia"),
    ("平", "ping"),
    ("刚", "gang"),
    ("桂", "gui"),
    ("英", "ying"),
    ("华", "hua"),
    ("玉", "yu"),
    ("兰", "lan"),
    ("红", "hong"),
    ("飞", "fei"),
    ("鹏", "peng"),
    ("宇", "yu"),
    ("晓", "xiao"),
    ("雪", "xue"),
    ("梅", "mei"),
    ("凤", "feng"),
    ("龙", "long"),
    ("海", "hai"),
    ("波", "bo"),
    ("辉", "hui"),
    ("宁", "ning"),
    ("健", "jian"),
    ("文", "wen"),
    ("浩", "hao"),
];

const CITIES: &[&str] = &[
    "Hamburg", "Leeds", "Lyon", "Bristol", "Kiel", "Bremen", "Torino", "Gdansk", "Sevilla", "Dresden",
    "Leipzig", "Aachen", "Porto", "Bergen", "Malmö", "Graz", "Basel", "Nantes", "Gent", "Utrecht", "Boston",
    "Denver", "Portland", "Austin",
];
const CHINESE_CITIES: &[&str] = &[
    "北京市",
    "上海市",
    "杭州",
    "广州市",
    "深圳",
    "成都",
    "武汉市",
    "南京",
    "苏州",
    "西安",
];
const CHINESE_STREETS: &[&str] = &[
    "建国", "中山", "解放", "人民", "南京", "和平", "文一", "天河", "长江", "新华", "学院", "滨海",
];
const HOSTS: &[&str] = &[
    "gmail.com",
    "outlook.com",
    "gmx.de",
    "yahoo.com",
    "web.de",
    "icloud.com",
    "qq.com",
    "163.com",
];

/// Somebody as they are, before anybody writes it down.
#[derive(Debug, Clone)]
struct Person {
    given: usize,
    family: String,
    /// Surname and characters of the given name, for Chinese people.
    chinese: Option<(usize, Vec<usize>)>,
    local: String,
    host: String,
    country: &'static str,
    digits: String,
    company: String,
    street: String,
    house: usize,
    city: String,
    code: String,
    birthday: (usize, usize, usize),
}

fn surname(chance: &mut Chance) -> String {
    if chance.percent(15) {
        return chance.one(COMMON).to_owned();
    }
    format!(
        "{}{}{}",
        chance.one(HEADS),
        chance.one(MIDDLES),
        chance.one(TAILS)
    )
}

fn street(chance: &mut Chance, chinese: bool) -> String {
    if chinese {
        return format!("{}路", chance.one(CHINESE_STREETS));
    }
    format!(
        "{}{} {}",
        chance.one(HEADS),
        chance.one(TAILS),
        chance.one(&["Street", "Road", "Avenue", "Lane"])
    )
}

/// Somebody new in a place of this size.
fn person(chance: &mut Chance, size: u64) -> Person {
    let is_chinese = chance.percent(25);
    let chinese = is_chinese.then(|| {
        let letters: Vec<usize> = (0..1 + usize::from(chance.percent(70)))
            .map(|_| chance.below(LETTERS.len()))
            .collect();
        (chance.skewed(SURNAMES.len()), letters)
    });
    let given = chance.skewed(GIVEN.len());
    let family = surname(chance);
    let firms = (size / 15).max(20) as usize;
    let firm = chance.skewed(firms);
    let mut own = Chance::new(firm as u64);
    let company = format!(
        "{}{}{} {}",
        own.one(HEADS),
        own.one(MIDDLES),
        own.one(TAILS),
        own.one(&["Logistics", "Tools", "Foods", "Media"])
    );
    let company = format!("{company} {firm}");
    let local = match chance.below(4) {
        0 => format!("{}.{}", GIVEN[given][0], family),
        1 => format!("{}{}", GIVEN[given][0], family),
        2 => format!("{}{}", GIVEN[given][0].chars().next().unwrap(), family),
        _ => format!("{}{}", family, chance.below(1000)),
    };
    let local = match &chinese {
        Some((surname, letters)) => {
            let sounds: String = letters.iter().map(|letter| LETTERS[*letter].1).collect();
            format!("{}{sounds}{}", SURNAMES[*surname].1, chance.below(10_000))
        }
        None => local,
    };
    let local: String = local
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '.')
        .collect();
    let at_work = chance.percent(40) && !is_chinese;
    Person {
        given,
        family,
        local,
        host: if at_work {
            format!("firm{firm}.example")
        } else {
            chance.one(HOSTS).to_owned()
        },
        country: if is_chinese { "86" } else { "49" },
        digits: if is_chinese {
            format!("13{:09}", chance.below(1_000_000_000))
        } else {
            format!("151{:08}", chance.below(100_000_000))
        },
        company,
        street: street(chance, is_chinese),
        house: 1 + chance.skewed(200),
        city: if is_chinese {
            chance.one(CHINESE_CITIES).to_owned()
        } else {
            chance.one(CITIES).to_owned()
        },
        code: if is_chinese {
            format!("{:06}", 100_000 + chance.below(5_000))
        } else {
            format!("{:05}", 10_000 + chance.below(8_000))
        },
        birthday: (
            1940 + chance.below(65),
            1 + chance.below(12),
            1 + chance.below(28),
        ),
        chinese,
    }
}

/// A set of about `size` records.
pub(crate) fn make(chance: &mut Chance, size: u64, spoiled: usize) -> Vec<Record> {
    let mut records = Vec::new();
    let mut entity = 0;
    let mut last = person(chance, size);
    while (records.len() as u64) < size {
        let mut who = person(chance, size);
        match chance.below(20) {
            // One of the family before: one home, one line, one name.
            0 => {
                who.family.clone_from(&last.family);
                who.chinese = last.chinese.as_ref().map(|(surname, letters)| {
                    (
                        *surname,
                        letters
                            .iter()
                            .map(|letter| (letter + 1 + chance.below(30)) % LETTERS.len())
                            .collect(),
                    )
                });
                who.given = (last.given + 1 + chance.below(40)) % GIVEN.len();
                who.street.clone_from(&last.street);
                (who.house, who.country) = (last.house, last.country);
                who.city.clone_from(&last.city);
                who.code.clone_from(&last.code);
                if chance.percent(50) {
                    who.digits.clone_from(&last.digits);
                }
            }
            // A namesake.
            1 => {
                who.family.clone_from(&last.family);
                who.given = last.given;
                who.chinese.clone_from(&last.chinese);
            }
            // A colleague, with the number of the switchboard.
            2 => {
                who.company.clone_from(&last.company);
                who.host.clone_from(&last.host);
                who.digits.clone_from(&last.digits);
                who.country = last.country;
            }
            _ => {}
        }
        records.push(plain(chance, entity, &who));
        let further = match chance.below(20) {
            0..=4 => 1,
            5 => 2,
            _ => 0,
        };
        for _ in 0..further {
            records.push(again(chance, entity, &who, size, spoiled));
        }
        entity += 1;
        last = who;
    }
    // Who belongs together does not stand together.
    for place in (1..records.len()).rev() {
        records.swap(place, chance.below(place + 1));
    }
    records
}

fn chinese_name(who: &Person) -> Option<(String, String)> {
    let (surname, letters) = who.chinese.as_ref()?;
    let characters: String = letters.iter().map(|letter| LETTERS[*letter].0).collect();
    let sounds: String = letters.iter().map(|letter| LETTERS[*letter].1).collect();
    let sounds = sounds[..1].to_uppercase() + &sounds[1..];
    let (han, sound) = SURNAMES[*surname];
    Some((format!("{han}{characters}"), format!("{sounds} {sound}")))
}

fn plain(chance: &mut Chance, entity: u64, who: &Person) -> Record {
    let name = match chinese_name(who) {
        Some((han, _)) => han,
        None => format!("{} {}", GIVEN[who.given][0], who.family),
    };
    let (year, month, day) = who.birthday;
    Record {
        entity,
        parts: [
            name,
            format!("{}@{}", who.local, who.host),
            telephone(chance, who.country, &who.digits),
            who.company.clone(),
            address(chance, who),
            format!("{year}-{month:02}-{day:02}"),
        ],
        city: who.city.clone(),
        code: who.code.clone(),
        country: if who.chinese.is_some() {
            "CN".to_owned()
        } else {
            String::new()
        },
    }
}

fn address(chance: &mut Chance, who: &Person) -> String {
    if who.street.ends_with('路') {
        return format!("{}{}号", who.street, who.house);
    }
    match chance.below(3) {
        0 => format!(
            "{} {}",
            who.house,
            who.street
                .replace("Street", "St.")
                .replace("Road", "Rd")
                .replace("Avenue", "Ave")
        ),
        1 => format!("{}, {}", who.street, who.house),
        _ => format!("{} {}", who.house, who.street),
    }
}

/// The same person in another file.
fn again(chance: &mut Chance, entity: u64, who: &Person, size: u64, spoiled: usize) -> Record {
    let mut record = plain(chance, entity, who);
    let mut left = spoiled;
    let mut free: Vec<usize> = (0..6).collect();
    while left > 0 {
        let part = free.remove(chance.below(free.len()));
        spoil(chance, &mut record, who, part, size);
        left -= 1;
    }
    // What survives is written otherwise all the same.
    if free.contains(&0) {
        record.parts[0] = match chance.below(10) {
            0 if who.chinese.is_none() => format!("{}, {}", who.family, GIVEN[who.given][0]),
            1 if who.chinese.is_none() => format!("Dr. {}", record.parts[0]),
            2 => record.parts[0]
                .replace('ü', "ue")
                .replace('ä', "ae")
                .replace('ß', "ss"),
            _ => record.parts[0].clone(),
        };
        record.parts[0] = shouted(chance, std::mem::take(&mut record.parts[0]));
    }
    record.parts[1] = shouted(chance, std::mem::take(&mut record.parts[1]));
    record
}

fn spoil(chance: &mut Chance, record: &mut Record, who: &Person, part: usize, size: u64) {
    let other = person(chance, size);
    let (year, month, day) = who.birthday;
    let spoiled = match (part, chance.below(4)) {
        (0, kind) => name(chance, who, kind),
        (4, 0) => {
            record.city.clear();
            record.code.clear();
            String::new()
        }
        // Moved house.
        (4, 1 | 2) => {
            record.city.clone_from(&other.city);
            record.code.clone_from(&other.code);
            address(chance, &other)
        }
        (4, _) => slip(chance, &record.parts[4]),
        (_, 0) => String::new(),
        (1, 1 | 2) => format!("{}@{}", other.local, other.host),
        (1, _) => slip(chance, &who.local) + "@" + &who.host,
        (2, 1) => telephone(chance, other.country, &other.digits),
        (2, _) => {
            let digits = turned(chance, &who.digits);
            telephone(chance, who.country, &digits)
        }
        (3, _) => other.company,
        (5, 1) if day <= 12 => format!("{year}-{day:02}-{month:02}"),
        (5, 1 | 2) => format!("{year}-{month:02}-{:02}", 1 + (day + 9) % 28),
        _ => String::new(),
    };
    record.parts[part] = spoiled;
}

fn name(chance: &mut Chance, who: &Person, kind: usize) -> String {
    if let Some((han, latin)) = chinese_name(who) {
        return match kind {
            0 | 1 => latin,
            2 => latin
                .split_once(' ')
                .map_or_else(String::new, |(given, surname)| format!("{surname} {given}")),
            _ => han.replace('张', "張").replace('陈', "陳").replace('刘', "劉") + "先生",
        };
    }
    let forms = GIVEN[who.given];
    let given = forms[chance.below(forms.len())];
    match kind {
        0 => format!("{given} {}", slip(chance, &who.family)),
        1 => format!("{} {given}", who.family),
        2 => format!("{}. {}", &forms[0].chars().next().unwrap(), who.family),
        _ => format!("{} {}", slip(chance, given), who.family),
    }
}
