//! The name of a company by what is its own: legal forms, the place and the usual words set apart.

use crate::domain::duplicate::{chinese, kana, names::loose};
use crate::domain::fold::{self, fold};
use crate::domain::pinyin;

/// More words than this are not looked at.
const MOST: usize = 8;

/// A company's name in parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompanyName {
    /// The words that are its own, in order; in Chinese the core of the name as one.
    pub words: Vec<String>,
    /// The Chinese core in Latin letters, as the company may write itself abroad; empty if there is none.
    pub reading: String,
    /// Place and kind of business, which tell sister companies apart: `北京` of 北京云帆科技有限公司.
    pub extra: Vec<String>,
}

/// Legal forms and the like in Latin letters. What is said with dots is here without them.
const FORMS: &[&str] = &[
    "gmbh",
    "mbh",
    "ag",
    "kg",
    "kgaa",
    "ohg",
    "ug",
    "ev",
    "eg",
    "se",
    "gbr",
    "haftungsbeschrankt",
    "cokg",
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lp",
    "ltd",
    "limited",
    "plc",
    "corp",
    "corporation",
    "co",
    "company",
    "pty",
    "pte",
    "pvt",
    "private",
    "public",
    "sa",
    "sas",
    "sarl",
    "sasu",
    "eurl",
    "snc",
    "srl",
    "spa",
    "sl",
    "slu",
    "bv",
    "nv",
    "vof",
    "cv",
    "ab",
    "as",
    "asa",
    "aps",
    "oy",
    "oyj",
    "kft",
    "zrt",
    "nyrt",
    "doo",
    "sro",
    "spzoo",
    "sp",
    "zoo",
    "oo",
    "ooo",
    "oao",
    "zao",
    "pao",
    "jsc",
    "ojsc",
    "ltda",
    "eireli",
    "sab",
    "kk",
    "gk",
    "bhd",
    "sdn",
    "tbk",
    "pt",
    "the",
    "and",
    "und",
    "et",
    "y",
    "e",
    "of",
    "cie",
    "cia",
];

/// What is written shortly as often as not.
const SHORT: &[(&str, &str)] = &[
    ("international", "intl"),
    ("internationale", "intl"),
    ("int'l", "intl"),
    ("manufacturing", "mfg"),
    ("technologies", "tech"),
    ("technology", "tech"),
    ("technologie", "tech"),
    ("systems", "system"),
    ("systeme", "system"),
    ("sys", "system"),
    ("services", "service"),
    ("svcs", "service"),
    ("svc", "service"),
    ("solutions", "solution"),
    ("industries", "industry"),
    ("ind", "industry"),
    ("brothers", "bros"),
    ("gebruder", "bros"),
    ("gebr", "bros"),
    ("associates", "assoc"),
    ("association", "assoc"),
    ("consultants", "consulting"),
    ("engineering", "eng"),
    ("department", "dept"),
    ("university", "univ"),
    ("universitat", "univ"),
    ("national", "natl"),
    ("management", "mgmt"),
    ("laboratories", "lab"),
    ("laboratory", "lab"),
    ("labs", "lab"),
    ("electronics", "electronic"),
    ("enterprises", "enterprise"),
    ("holdings", "holding"),
    ("partners", "partner"),
    ("products", "product"),
    ("saint", "st"),
    ("center", "centre"),
    ("ctr", "centre"),
    ("group", "grp"),
    ("gruppe", "grp"),
    ("groupe", "grp"),
];

/// Legal forms in Chinese, longer ones first.
const CHINESE_FORMS: &[&str] = &[
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "控股有限公司",
    "有限公司",
    "股份公司",
    "总公司",
    "分公司",
    "集团公司",
    "公司",
    "集团",
    "控股",
    "股份",
    "事务所",
    "株式会社",
    "(株)",
    "厂",
];

/// What companies in Chinese say of their business, and what their names are told apart by least.
const BUSINESSES: &[&str] = &[
    "信息科技",
    "网络科技",
    "电子商务",
    "信息技术",
    "网络技术",
    "软件技术",
    "投资管理",
    "企业管理",
    "供应链管理",
    "文化传媒",
    "文化传播",
    "生物科技",
    "电子科技",
    "新能源",
    "国际贸易",
    "进出口",
    "科技",
    "技术",
    "软件",
    "网络",
    "信息",
    "电子",
    "贸易",
    "商贸",
    "实业",
    "投资",
    "咨询",
    "传媒",
    "广告",
    "物流",
    "制造",
    "机械",
    "服饰",
    "食品",
    "化工",
    "医药",
    "建筑",
    "工程",
    "发展",
    "数据",
    "智能",
    "能源",
    "服务",
    "管理",
    "文化",
    "教育",
    "国际",
];

/// Places that Chinese companies begin with, beside any that end in 省 or 市.
const PLACES: &[&str] = &[
    "中国",
    "北京",
    "上海",
    "天津",
    "重庆",
    "广州",
    "深圳",
    "杭州",
    "南京",
    "苏州",
    "武汉",
    "成都",
    "西安",
    "长沙",
    "郑州",
    "青岛",
    "济南",
    "大连",
    "沈阳",
    "哈尔滨",
    "长春",
    "福州",
    "厦门",
    "宁波",
    "无锡",
    "常州",
    "佛山",
    "东莞",
    "珠海",
    "中山",
    "惠州",
    "合肥",
    "南昌",
    "昆明",
    "贵阳",
    "南宁",
    "海口",
    "太原",
    "石家庄",
    "兰州",
    "西宁",
    "银川",
    "乌鲁木齐",
    "呼和浩特",
    "拉萨",
    "温州",
    "嘉兴",
    "绍兴",
    "台州",
    "金华",
    "义乌",
    "南通",
    "徐州",
    "扬州",
    "烟台",
    "潍坊",
    "洛阳",
    "香港",
    "澳门",
    "台湾",
    "台北",
    "广东",
    "浙江",
    "江苏",
    "山东",
    "河南",
    "河北",
    "湖南",
    "湖北",
    "四川",
    "福建",
    "安徽",
    "江西",
    "陕西",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "云南",
    "贵州",
    "广西",
    "海南",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
    "西藏",
    "内蒙古",
];

/// Takes a company's name apart.
pub fn parse(name: &str) -> CompanyName {
    let folded = fold(name);
    if folded.chars().any(fold::is_han) {
        return chinese_name(&folded);
    }
    let folded = kana::romanised(&folded).unwrap_or(folded);
    let mut words = Vec::new();
    let mut all = Vec::new();
    // Letters with dots between them are one word: `s.p.a.`
    let spoken = folded.replace(['\'', '’'], "");
    for word in spoken.split(|letter: char| letter.is_whitespace() || ",;:/()[]\"-–_!|".contains(letter)) {
        let dotted = word.contains('.') && word.split('.').all(|part| part.chars().count() <= 1);
        let pieces: Vec<String> = if dotted {
            vec![word.replace('.', "")]
        } else {
            word.split(['.', '&', '+']).map(str::to_owned).collect()
        };
        for piece in pieces {
            let piece: String = piece.chars().filter(|letter| letter.is_alphanumeric()).collect();
            let piece = loose(&piece);
            if piece.is_empty() {
                continue;
            }
            let short = SHORT.iter().find(|(long, _)| *long == piece);
            let piece = short.map_or(piece, |(_, short)| (*short).to_owned());
            if !FORMS.contains(&piece.as_str()) {
                words.push(piece.clone());
            }
            all.push(piece);
        }
    }
    if words.is_empty() {
        words = all;
    }
    words.truncate(MOST);
    CompanyName {
        words,
        ..CompanyName::default()
    }
}

fn chinese_name(folded: &str) -> CompanyName {
    let simple = chinese::simplified(folded);
    let mut text: String = simple.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let mut extra = Vec::new();
    // A place may stand in brackets behind the core: 云帆(北京)科技. The brackets are gone already.
    if let Some(place) = PLACES
        .iter()
        .find(|place| text.starts_with(**place) && text.len() > place.len())
    {
        text = text.replacen(place, "", 1);
        for suffix in ['省', '市'] {
            if let Some(rest) = text.strip_prefix(suffix) {
                text = rest.to_owned();
            }
        }
        extra.push((*place).to_owned());
    }
    let whole = text.clone();
    while let Some(rest) = CHINESE_FORMS.iter().find_map(|form| text.strip_suffix(form)) {
        if rest.is_empty() {
            break;
        }
        text = rest.to_owned();
    }
    for _ in 0..2 {
        let found = BUSINESSES
            .iter()
            .find(|word| text.ends_with(**word) && text.chars().count() >= word.chars().count() + 2);
        if let Some(word) = found {
            text = text.strip_suffix(word).unwrap_or(&text).to_owned();
            extra.push((*word).to_owned());
        }
    }
    let inner = PLACES
        .iter()
        .find(|place| text.ends_with(**place) && text.chars().count() >= place.chars().count() + 2);
    if let Some(place) = inner {
        text = text.strip_suffix(place).unwrap_or(&text).to_owned();
        extra.push((*place).to_owned());
    }
    if text.is_empty() {
        text = whole;
    }
    let reading = if pinyin::is_chinese(&text) {
        let first = pinyin::readings(&text).into_iter().next().unwrap_or_default();
        first.concat().replace('v', "u")
    } else {
        String::new()
    };
    extra.sort_unstable();
    CompanyName {
        words: vec![text],
        reading,
        extra,
    }
}

/// The words of a company's name as one key: equal for `Acme Intl. Ltd` and `ACME International Limited`.
pub fn key(name: &str) -> String {
    parse(name).words.concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys() {
        for (one, other) in [
            ("Acme Intl. Ltd", "ACME International Limited"),
            ("Müller & Söhne GmbH & Co. KG", "Mueller und Soehne"),
            ("The Widget Company, Inc.", "Widget"),
            ("Fratelli Rossi S.p.A.", "Fratelli Rossi SPA"),
            ("北京云帆科技有限公司", "云帆科技"),
            ("雲帆科技股份有限公司", "云帆科技有限公司"),
            ("云帆（北京）科技有限公司", "北京云帆科技有限公司"),
            ("浙江省云帆信息科技有限公司", "云帆"),
            ("Smith Brothers", "Smith Bros."),
        ] {
            assert_eq!(key(one), key(other), "{one} {other}");
        }
        assert_ne!(key("Acme Tools"), key("Acme Foods"));
        assert_eq!(key("Co. Ltd"), "coltd");
    }

    #[test]
    fn sisters_differ_in_what_is_beside_the_core() {
        let (north, south) = (parse("北京云帆科技有限公司"), parse("上海云帆科技有限公司"));
        assert_eq!(north.words, south.words);
        assert_ne!(north.extra, south.extra);
        assert_eq!(north.reading, "yunfan");
    }

    proptest! {
        #[test]
        fn never_panics(name in "\\PC{0,40}|[北京云帆科技有限公司集团A-Z ()]{0,14}") {
            let parsed = parse(&name);
            prop_assert!(parsed.words.len() <= MOST);
        }
    }
}
