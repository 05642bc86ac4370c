//! Pinyin of Chinese names: how a name can be read, and where it sorts.
//!
//! Syllables are plain (no tones) and `ü` after `l` and `n` is `v`, as it is typed. The readings of characters
//! come from a crate; what it cannot know, surnames and common words, stands here.

use pinyin::{Pinyin, ToPinyinMulti};

use crate::domain::fold;

/// How many readings of one name are kept, the likeliest first.
pub const READINGS: usize = 8;
/// Runs of Chinese characters longer than this are read only so far: they are not names.
const LONGEST: usize = 32;
/// Stands between the reading and the name in a sort key; it sorts before everything that can be in a name.
const SEPARATOR: char = '\u{1}';

/// Surnames of two characters.
const DOUBLE_SURNAMES: &[(&str, [&str; 2])] = &[
    ("欧阳", ["ou", "yang"]),
    ("司马", ["si", "ma"]),
    ("上官", ["shang", "guan"]),
    ("诸葛", ["zhu", "ge"]),
    ("东方", ["dong", "fang"]),
    ("皇甫", ["huang", "fu"]),
    ("尉迟", ["yu", "chi"]),
    ("公孙", ["gong", "sun"]),
    ("慕容", ["mu", "rong"]),
    ("长孙", ["zhang", "sun"]),
    ("宇文", ["yu", "wen"]),
    ("司徒", ["si", "tu"]),
    ("司空", ["si", "kong"]),
    ("令狐", ["ling", "hu"]),
    ("万俟", ["mo", "qi"]),
    ("单于", ["chan", "yu"]),
    ("澹台", ["tan", "tai"]),
    ("夏侯", ["xia", "hou"]),
    ("端木", ["duan", "mu"]),
    ("百里", ["bai", "li"]),
    ("呼延", ["hu", "yan"]),
    ("南宫", ["nan", "gong"]),
    ("独孤", ["du", "gu"]),
    ("赫连", ["he", "lian"]),
    ("西门", ["xi", "men"]),
    ("闻人", ["wen", "ren"]),
    ("钟离", ["zhong", "li"]),
    ("太史", ["tai", "shi"]),
    ("申屠", ["shen", "tu"]),
    ("轩辕", ["xuan", "yuan"]),
    ("鲜于", ["xian", "yu"]),
    ("完颜", ["wan", "yan"]),
    ("纳兰", ["na", "lan"]),
    ("宰父", ["zai", "fu"]),
    ("亓官", ["qi", "guan"]),
    ("拓跋", ["tuo", "ba"]),
    ("乐正", ["yue", "zheng"]),
    ("缑亢", ["gou", "kang"]),
];

/// Surnames that are read otherwise than the character mostly is; where families differ, the likelier first.
const SURNAMES: &[(char, &[&str])] = &[
    ('单', &["shan"]),
    ('仇', &["qiu"]),
    ('解', &["xie"]),
    ('曾', &["zeng"]),
    ('查', &["zha"]),
    ('朴', &["piao"]),
    ('区', &["ou"]),
    ('任', &["ren"]),
    ('盖', &["ge", "gai"]),
    ('乐', &["yue", "le"]),
    ('重', &["chong"]),
    ('尉', &["wei"]),
    ('宿', &["su"]),
    ('种', &["chong"]),
    ('缪', &["miao"]),
    ('翟', &["zhai", "di"]),
    ('员', &["yun"]),
    ('贠', &["yun"]),
    ('貟', &["yun"]),
    ('折', &["she"]),
    ('逄', &["pang"]),
    ('晁', &["chao"]),
    ('秘', &["bi"]),
    ('冼', &["xian"]),
    ('洗', &["xian"]),
    ('黑', &["he"]),
    ('教', &["jiao"]),
    ('覃', &["qin", "tan"]),
    ('柏', &["bai", "bo"]),
    ('石', &["shi"]),
    ('沈', &["shen"]),
    ('尹', &["yin"]),
    ('瞿', &["qu"]),
    ('隗', &["wei", "kui"]),
    ('佴', &["nai"]),
    ('句', &["gou"]),
    ('召', &["shao"]),
    ('祭', &["zhai"]),
    ('哈', &["ha"]),
    ('祝', &["zhu"]),
    ('华', &["hua"]),
    ('过', &["guo"]),
    ('纪', &["ji"]),
    ('燕', &["yan"]),
    ('繁', &["po"]),
    ('幺', &["yao"]),
    ('么', &["yao"]),
    ('那', &["na"]),
    ('难', &["nan"]),
    ('粘', &["nian"]),
    ('藏', &["zang"]),
    ('扎', &["za"]),
    ('都', &["du"]),
    ('六', &["lu"]),
    ('薄', &["bo"]),
    ('贾', &["jia"]),
    ('的', &["de"]),
    ('居', &["ju"]),
    ('盛', &["sheng"]),
    ('塔', &["ta"]),
    ('和', &["he"]),
    ('牟', &["mou", "mu"]),
    ('殷', &["yin"]),
    ('陆', &["lu"]),
    ('乜', &["nie"]),
    ('阚', &["kan"]),
    ('叶', &["ye"]),
    ('强', &["qiang"]),
    ('不', &["fou"]),
    ('万', &["wan"]),
    ('车', &["che"]),
    ('称', &["cheng"]),
    ('卜', &["bu"]),
    ('於', &["yu"]),
    ('余', &["yu"]),
    ('浣', &["wan"]),
    ('俞', &["yu"]),
    ('若', &["ruo"]),
    ('撒', &["sa"]),
    ('郗', &["xi", "chi"]),
    ('郇', &["xun", "huan"]),
    ('谌', &["chen", "shen"]),
    ('嵇', &["ji"]),
    ('郝', &["hao"]),
    ('费', &["fei", "bi"]),
    ('曲', &["qu"]),
    ('景', &["jing"]),
    ('钭', &["tou"]),
    ('葛', &["ge"]),
    ('能', &["nai"]),
    ('适', &["kuo"]),
    ('訾', &["zi"]),
    ('行', &["xing"]),
    ('长', &["zhang"]),
    ('呙', &["guo"]),
    ('庹', &["tuo"]),
    ('相', &["xiang"]),
    ('应', &["ying"]),
    ('宁', &["ning"]),
    ('党', &["dang"]),
    ('便', &["pian"]),
    ('谷', &["gu"]),
    ('戚', &["qi"]),
    ('褚', &["chu"]),
    ('郄', &["qie", "xi"]),
    ('颉', &["xie"]),
    ('祢', &["mi"]),
    ('骆', &["luo"]),
    ('朱', &["zhu"]),
    ('吕', &["lv"]),
];

/// Words of company and place names in which a character is read otherwise than it mostly is.
const WORDS: &[(&str, &[&str])] = &[
    ("重庆", &["chong", "qing"]),
    ("重阳", &["chong", "yang"]),
    ("长沙", &["chang", "sha"]),
    ("长春", &["chang", "chun"]),
    ("长江", &["chang", "jiang"]),
    ("长城", &["chang", "cheng"]),
    ("长安", &["chang", "an"]),
    ("长虹", &["chang", "hong"]),
    ("长治", &["chang", "zhi"]),
    ("长兴", &["chang", "xing"]),
    ("厦门", &["xia", "men"]),
    ("大厦", &["da", "sha"]),
    ("广厦", &["guang", "sha"]),
    ("成都", &["cheng", "du"]),
    ("首都", &["shou", "du"]),
    ("都市", &["du", "shi"]),
    ("银行", &["yin", "hang"]),
    ("行业", &["hang", "ye"]),
    ("分行", &["fen", "hang"]),
    ("支行", &["zhi", "hang"]),
    ("商行", &["shang", "hang"]),
    ("车行", &["che", "hang"]),
    ("音乐", &["yin", "yue"]),
    ("乐器", &["yue", "qi"]),
    ("乐清", &["yue", "qing"]),
    ("朝阳", &["chao", "yang"]),
    ("会计", &["kuai", "ji"]),
    ("番禺", &["pan", "yu"]),
    ("六安", &["lu", "an"]),
    ("东阿", &["dong", "e"]),
    ("蚌埠", &["beng", "bu"]),
    ("台州", &["tai", "zhou"]),
    ("丽水", &["li", "shui"]),
    ("西藏", &["xi", "zang"]),
    ("单县", &["shan", "xian"]),
    ("调味", &["tiao", "wei"]),
    ("调查", &["diao", "cha"]),
    ("传记", &["zhuan", "ji"]),
    ("传媒", &["chuan", "mei"]),
    ("仓储", &["cang", "chu"]),
    ("供应", &["gong", "ying"]),
    ("科技", &["ke", "ji"]),
    ("有限公司", &["you", "xian", "gong", "si"]),
    ("公司", &["gong", "si"]),
    ("信息", &["xin", "xi"]),
    ("网络", &["wang", "luo"]),
    ("传播", &["chuan", "bo"]),
    ("系统", &["xi", "tong"]),
    ("大学", &["da", "xue"]),
    ("大连", &["da", "lian"]),
    ("中国", &["zhong", "guo"]),
    ("上海", &["shang", "hai"]),
    ("广州", &["guang", "zhou"]),
    ("数据", &["shu", "ju"]),
    ("服务", &["fu", "wu"]),
    ("工厂", &["gong", "chang"]),
    ("南昌", &["nan", "chang"]),
    ("南京", &["nan", "jing"]),
    ("阿里", &["a", "li"]),
];

/// The ways in which a run of Chinese characters can be read, likeliest first, at most [`READINGS`].
///
/// A text of up to four characters may be a person: the reading of its surname comes first. In any other, the
/// commonest readings come first. Characters without a known reading are left out; none at all gives no reading.
pub fn readings(name: &str) -> Vec<Vec<&'static str>> {
    let letters: Vec<char> = name
        .chars()
        .filter(|letter| fold::is_han(*letter))
        .take(LONGEST)
        .collect();
    let options = options(&letters);
    let mut found = Vec::new();
    if options.is_empty() {
        return found;
    }
    // The sum of the ranks of the chosen options; a reading of sum n departs n times from the likeliest one.
    let furthest: usize = options.iter().map(|option| option.len() - 1).sum();
    for departure in 0..=furthest {
        if found.len() >= READINGS {
            break;
        }
        spread(
            &options,
            departure,
            &mut Vec::with_capacity(options.len()),
            &mut found,
        );
    }
    found
}

/// True if `name` has Chinese characters that are to be read as Chinese: kana beside them say Japanese.
pub fn is_chinese(name: &str) -> bool {
    let mut han = false;
    for letter in name.chars() {
        if fold::is_kana(letter) || fold::is_hangul(letter) {
            return false;
        }
        han |= fold::is_han(letter);
    }
    han
}

/// True for a surname of two characters.
pub fn is_double_surname(text: &str) -> bool {
    DOUBLE_SURNAMES.iter().any(|(surname, _)| *surname == text)
}

/// The text by which `name` sorts: folded, Chinese characters replaced by their likeliest reading, so that 张伟
/// stands at `zhang wei` among the Latin names; then the folded name, so that no two different names are equal.
///
/// Names without Chinese characters sort by their folded form alone.
pub fn sort_key(name: &str) -> String {
    let folded = fold::fold(name);
    if !is_chinese(&folded) {
        return folded;
    }
    let mut key = String::with_capacity(folded.len() * 4);
    for (kind, run) in runs(&folded) {
        if kind == Run::Other {
            key.push_str(run);
            continue;
        }
        let reading = readings(run).into_iter().next().unwrap_or_default();
        let reading = if reading.is_empty() {
            run.to_owned()
        } else {
            reading.join(" ")
        };
        if key.chars().next_back().is_some_and(char::is_alphanumeric) {
            key.push(' ');
        }
        key.push_str(&reading);
        key.push(' ');
    }
    let mut key: String = key.split_whitespace().collect::<Vec<_>>().join(" ");
    key.push(SEPARATOR);
    key.push_str(&folded);
    key
}

/// Whether a run consists of Chinese characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// Chinese characters only.
    Han,
    /// Anything else.
    Other,
}

/// Cuts `text` into runs of Chinese characters and what stands between them.
pub fn runs(text: &str) -> impl Iterator<Item = (Run, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let han = fold::is_han(rest.chars().next()?);
        let end = rest
            .find(|letter| fold::is_han(letter) != han)
            .unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(end)?;
        rest = after;
        Some((if han { Run::Han } else { Run::Other }, run))
    })
}

/// The spellings under which a syllable is typed: `lv` also as `lu` and `lyu`.
pub fn spellings(syllable: &'static str) -> &'static [&'static str] {
    match syllable {
        "lv" => &["lv", "lu", "lyu"],
        "lve" => &["lve", "lue", "lyue"],
        "nv" => &["nv", "nu", "nyu"],
        "nve" => &["nve", "nue", "nyue"],
        _ => &[],
    }
}

/// The possible syllables of every character that has one, likeliest first.
fn options(letters: &[char]) -> Vec<Vec<&'static str>> {
    let mut options: Vec<Vec<&'static str>> = Vec::with_capacity(letters.len());
    let person = letters.len() <= 4;
    let mut rest = letters;
    let mut first = true;
    while let Some((letter, after)) = rest.split_first() {
        let known = if first && person {
            double_surname(rest)
        } else {
            None
        };
        if let Some(syllables) = known.or_else(|| word(rest)) {
            options.extend(syllables.iter().map(|syllable| vec![*syllable]));
            rest = rest.get(syllables.len()..).unwrap_or_default();
        } else {
            let surname = if first && person { surname(*letter) } else { &[] };
            let mut syllables: Vec<&'static str> = surname.to_vec();
            for syllable in common(*letter) {
                if !syllables.contains(&syllable) {
                    syllables.push(syllable);
                }
            }
            if !syllables.is_empty() {
                options.push(syllables);
            }
            rest = after;
        }
        first = false;
    }
    options
}

fn double_surname(letters: &[char]) -> Option<&'static [&'static str]> {
    let found = DOUBLE_SURNAMES
        .iter()
        .find(|(surname, _)| starts_with(letters, surname));
    found.map(|(_, syllables)| syllables.as_slice())
}

fn word(letters: &[char]) -> Option<&'static [&'static str]> {
    let found = WORDS.iter().find(|(word, _)| starts_with(letters, word));
    found.map(|(_, syllables)| *syllables)
}

fn starts_with(letters: &[char], word: &str) -> bool {
    let mut letters = letters.iter();
    word.chars().all(|letter| letters.next() == Some(&letter))
}

fn surname(letter: char) -> &'static [&'static str] {
    SURNAMES
        .iter()
        .find(|(surname, _)| *surname == letter)
        .map_or(&[], |(_, syllables)| *syllables)
}

fn common(letter: char) -> impl Iterator<Item = &'static str> {
    letter.to_pinyin_multi().into_iter().flatten().map(plain)
}

/// The syllable in ASCII, `ü` as `v`.
fn plain(pinyin: Pinyin) -> &'static str {
    let syllable = pinyin.plain();
    if syllable.is_ascii() {
        return syllable;
    }
    match (syllable.chars().next(), syllable.ends_with('e')) {
        (Some('l'), true) => "lve",
        (Some('l'), false) => "lv",
        (Some('n'), true) => "nve",
        (Some('n'), false) => "nv",
        _ => "e",
    }
}

/// Adds to `found` the readings whose ranks sum up to `departure`, until there are enough.
fn spread(
    options: &[Vec<&'static str>],
    departure: usize,
    chosen: &mut Vec<&'static str>,
    found: &mut Vec<Vec<&'static str>>,
) {
    let Some((option, rest)) = options.split_first() else {
        if departure == 0 {
            found.push(chosen.clone());
        }
        return;
    };
    // Departing early comes first: the surname is the first character.
    for (rank, syllable) in option.iter().enumerate().take(departure + 1).rev() {
        if found.len() >= READINGS {
            return;
        }
        chosen.push(syllable);
        spread(rest, departure - rank, chosen, found);
        chosen.pop();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn first(name: &str) -> String {
        readings(name)
            .first()
            .map(|reading| reading.join(" "))
            .unwrap_or_default()
    }

    #[test]
    fn reads_names() {
        let cases = [
            ("张伟", "zhang wei"),
            ("李娜", "li na"),
            ("单伟", "shan wei"),
            ("仇英", "qiu ying"),
            ("曾伟", "zeng wei"),
            ("解放", "xie fang"),
            ("区中青", "ou zhong qing"),
            ("欧阳修", "ou yang xiu"),
            ("尉迟恭", "yu chi gong"),
            ("尉某某", "wei mou mou"),
            ("万俟英", "mo qi ying"),
            ("单于单", "chan yu dan"),
            ("令狐冲", "ling hu chong"),
            ("吕秀才", "lv xiu cai"),
            ("重庆", "chong qing"),
            ("重庆长安汽车", "chong qing chang an qi che"),
            ("中国银行", "zhong guo yin hang"),
            ("杭州阿里巴巴", "hang zhou a li ba ba"),
            ("", ""),
            ("Ann", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(first(name), expected, "{name}");
        }
    }

    #[test]
    fn gives_other_readings_after_the_likeliest() {
        let joined = |name| {
            readings(name)
                .iter()
                .map(|reading| reading.join(" "))
                .collect::<Vec<_>>()
        };
        assert!(
            joined("单伟").contains(&"dan wei".to_owned()),
            "{:?}",
            joined("单伟")
        );
        assert!(joined("曾伟").contains(&"ceng wei".to_owned()));
        assert_eq!(joined("张伟"), ["zhang wei"]);
        let many = readings("重重重重重重重重重重");
        assert_eq!(many.len(), READINGS);
    }

    #[test]
    fn sorts_among_latin_names() {
        let mut names = [
            "张伟",
            "Zhao",
            "Anna",
            "李娜",
            "Zhang Wei",
            "Zoe",
            "さくら",
            "張偉",
            "Li Wei",
            "3M中国",
            "김민수",
        ];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(
            names,
            [
                "3M中国",
                "Anna",
                "李娜",
                "Li Wei",
                "Zhang Wei",
                "张伟",
                "張偉",
                "Zhao",
                "Zoe",
                "さくら",
                "김민수"
            ]
        );
        assert_eq!(sort_key("张伟"), "zhang wei\u{1}张伟");
        assert_eq!(sort_key("3M中国"), "3m zhong guo\u{1}3m中国");
        assert_eq!(sort_key("田中さくら"), "田中さくら");
        assert_eq!(sort_key("Anna Lee"), "anna lee");
    }

    proptest! {
        #[test]
        fn never_panics(text in "[\\u{4e00}-\\u{9fff}a-z ]{0,40}|.*") {
            for reading in readings(&text) {
                prop_assert!(reading.iter().all(|syllable| syllable.bytes().all(|byte| byte.is_ascii_lowercase())), "{reading:?}");
            }
            prop_assert!(readings(&text).len() <= READINGS);
            let _ = sort_key(&text);
        }

        #[test]
        fn different_names_have_different_keys(one in "[张伟李娜a-b ]{0,4}", other in "[张伟李娜a-b ]{0,4}") {
            prop_assume!(fold::fold(&one) != fold::fold(&other));
            prop_assert_ne!(sort_key(&one), sort_key(&other));
        }
    }
}
