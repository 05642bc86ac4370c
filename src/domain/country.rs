//! Countries by code and by the names people write.

/// The code of a country named by its ISO 3166 code or a common name; none for any other text.
pub fn parse(text: &str) -> Option<&'static str> {
    let wanted = crate::domain::fold::fold(text);
    COUNTRIES
        .iter()
        .find(|(code, names)| code.eq_ignore_ascii_case(&wanted) || names.contains(&wanted.as_str()))
        .map(|(code, _)| *code)
}

/// Code and folded names.
const COUNTRIES: &[(&str, &[&str])] = &[
    ("AT", &["austria", "aut", "osterreich", "奥地利"]),
    ("AU", &["australia", "aus", "澳大利亚"]),
    ("BE", &["belgium", "bel", "belgie", "belgique", "比利时"]),
    ("BR", &["brazil", "bra", "brasil", "巴西"]),
    ("CA", &["canada", "can", "加拿大"]),
    ("CH", &["switzerland", "che", "schweiz", "suisse", "瑞士"]),
    ("CN", &["china", "chn", "中国", "中华人民共和国", "中國"]),
    ("CZ", &["czechia", "cze", "czech republic", "cesko", "捷克"]),
    ("DE", &["germany", "deu", "deutschland", "德国"]),
    ("DK", &["denmark", "dnk", "danmark", "丹麦"]),
    ("ES", &["spain", "esp", "espana", "西班牙"]),
    ("FI", &["finland", "fin", "suomi", "芬兰"]),
    ("FR", &["france", "fra", "法国"]),
    (
        "GB",
        &["united kingdom", "gbr", "uk", "great britain", "england", "英国"],
    ),
    ("HK", &["hong kong", "hkg", "香港"]),
    ("IE", &["ireland", "irl", "爱尔兰"]),
    ("IN", &["india", "ind", "印度"]),
    ("IT", &["italy", "ita", "italia", "意大利"]),
    ("JP", &["japan", "jpn", "日本"]),
    ("KE", &["kenya", "ken", "肯尼亚"]),
    ("KR", &["korea", "kor", "south korea", "韩国", "대한민국"]),
    ("MX", &["mexico", "mex", "墨西哥"]),
    (
        "NL",
        &[
            "netherlands",
            "nld",
            "the netherlands",
            "nederland",
            "holland",
            "荷兰",
        ],
    ),
    ("NO", &["norway", "nor", "norge", "挪威"]),
    ("NZ", &["new zealand", "nzl", "新西兰"]),
    ("PH", &["philippines", "phl", "菲律宾"]),
    ("PL", &["poland", "pol", "polska", "波兰"]),
    ("PT", &["portugal", "prt", "葡萄牙"]),
    ("RO", &["romania", "rou", "罗马尼亚"]),
    ("RU", &["russia", "rus", "russian federation", "俄罗斯"]),
    ("SE", &["sweden", "swe", "sverige", "瑞典"]),
    ("SG", &["singapore", "sgp", "新加坡"]),
    ("TR", &["turkey", "tur", "turkiye", "土耳其"]),
    ("TW", &["taiwan", "twn", "台湾"]),
    ("UA", &["ukraine", "ukr", "乌克兰"]),
    (
        "US",
        &["united states", "usa", "united states of america", "美国"],
    ),
    ("ZA", &["south africa", "zaf", "南非"]),
];
