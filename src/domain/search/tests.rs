//! Search over invented people, through a full-text table as the store has it.

use proptest::prelude::*;
use rusqlite::{Connection, params};

use super::query::{Exactness, Scope, SearchQuery};
use super::tokens::tokens;
use super::*;

/// name, company, words, phone, note
type Person = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip]
const PEOPLE: &[Person] = &[
    ("Jane Doe", "Telekom Nord", "jane.doe@telekom.example", "+49 30 5550100", "met at the spring fair"),
    ("John O’Brien", "O'Brien & Sons", "john@obrien.example", "+1 212 555 0123", "prefers email"),
    ("Mary-Ann Smith", "Acme Ltd", "mary@acme.example", "+44 20 7946 0018", "contract renewal in May"),
    ("Kenneth Li", "Acme Ltd", "ken.li@acme.example @kenli", "+44 20 7946 0999", ""),
    ("Robert King", "GTX Motors", "rob@gtx.example GTX-4711", "+1 415 555 0199", "HR asked for a demo"),
    ("Hans Müller", "Müller GmbH", "hans@mueller-bau.example", "+49 89 5550142", "Angebot über Söhne"),
    ("Jürgen Groß", "Straßenbau Süd", "j.gross@strassenbau.example", "+49 711 5550170", ""),
    ("Käthe Vogel", "Vogel & Söhne", "kaethe@vogel.example", "030 5550155", ""),
    ("Anna Schmidt", "Telekom Süd", "anna.schmidt@telekom.example", "+49 30 5550101", ""),
    ("Łukasz Żółć", "Łódź Meble", "lukasz@lodz.example", "+48 42 555 01 11", "spotkanie w Warszawie"),
    ("Małgorzata Nowak", "Nowak Sp. z o.o.", "m.nowak@nowak.example", "+48 22 555 01 22", ""),
    ("Śliwa Tomasz", "Meble Śliwa", "tomasz@sliwa.example", "+48 12 555 01 33", ""),
    ("Søren Østergård", "Ærø Både", "soren@aeroe.example", "+45 32 55 03 88", ""),
    ("José Nuñez", "Café Peña", "jose@pena.example", "+34 91 555 03 99", ""),
    ("张伟", "杭州阿里云帆网络有限公司", "zhangwei@yunfan.example", "+86 138 0013 8000", "价格敏感，需折扣"),
    ("张伟明", "上海快讯信息有限公司", "zwm@kuaixun.example", "+86 139 0013 9001", ""),
    ("李娜", "北京群英科技有限公司", "lina@qunying.example", "+86 137 0013 7002", "展会上认识"),
    ("单伟", "深圳飞信科技有限公司", "shan@feixin.example", "+86 136 0013 6003", ""),
    ("曾婷婷", "广州乐享音乐有限公司", "zeng@lexiang.example", "+86 135 0013 5004", ""),
    ("吕秀英", "重庆长江机械有限公司", "lv@changjiang.example", "+86 134 0013 4005", ""),
    ("欧阳娜娜", "厦门海风贸易有限公司", "oyn@haifeng.example", "+86 133 0013 3006", ""),
    ("仇英", "苏州桃花坞画社", "qiu@taohua.example", "+86 132 0013 2007", ""),
    ("王毅", "南京毕博网络有限公司", "wangyi@bibo.example", "+86 131 0013 1008", ""),
    ("吴毅 (David)", "Sino Trade 中贸", "david@sino.example", "+86 130 0013 0009", ""),
    ("翟天", "大连远洋船务有限公司", "zhai@yuanyang.example", "+86 150 0013 0010", ""),
    ("田中太郎", "株式会社アクメ", "tanaka@akume.example", "+81 3 5550 0111", "見積もりを送る"),
    ("山田さくら", "さくら商事", "sakura@sakura.example", "+81 3 5550 0222", ""),
    ("ガルシア・カルロス", "カルロス商会", "carlos@carlos.example", "+81 6 5550 0333", ""),
    ("佐藤健", "ｶﾞｽ工業", "sato@gasu.example", "+81 6 5550 0444", ""),
    ("김민수", "한빛전자", "minsu@hanbit.example", "+82 2 555 0100", "견적 요청"),
    ("박지민", "서울상사", "jimin@seoul.example", "+82 2 555 0255", ""),
    ("이수진", "한빛물산", "sujin@mulsan.example", "+82 2 555 0366", ""),
    ("Иван Йорданов", "Йорданов ООД", "ivan@yordanov.example", "+359 2 555 0288", ""),
    ("Γιώργος Παππάς", "Παππάς ΑΕ", "giorgos@pappas.example", "+30 21 0555 0299", ""),
    ("हिन्दी शर्मा", "शर्मा ट्रेडर्स", "sharma@traders.example", "+91 22 5550 0311", ""),
    ("ＡＢＣ　Trading", "ＡＢＣ　Trading", "info@abctrading.example", "+852 5550 0322", ""),
    ("İsmail Yıldız", "Yıldız A.Ş.", "ismail@yildiz.example", "+90 212 555 03 44", ""),
    ("3M Handel", "3M Handel", "info@dreim.example DE123456789", "+49 211 5550188", ""),
    ("Al Ek", "Ek Ab", "al@ek.example", "+46 8 555 035 50", ""),
    ("Noémie D’Angelo", "D’Angelo Frères", "noemie@dangelo.example", "+33 1 55 50 03 77", "likes 'vin'"),
];

/// What is typed, and exactly who is found, by the first word or character run of the name.
#[rustfmt::skip]
const QUERIES: &[(&str, &[&str])] = &[
    // parts of Latin words, first letters, order
    ("ekom", &["Jane Doe", "Anna Schmidt"]),
    ("telekom anna", &["Anna Schmidt"]),
    ("doe jane", &["Jane Doe"]),
    ("ja", &["Jane Doe"]),
    ("j d", &["Jane Doe"]),
    ("ek", &["Al Ek"]),
    ("al", &["Al Ek"]),
    ("smith jane", &[]),
    ("mary ann", &["Mary-Ann Smith"]),
    ("Mary-Ann", &["Mary-Ann Smith"]),
    ("3m", &["3M Handel"]),
    ("kenli", &["Kenneth Li"]),
    ("gtx 4711", &["Robert King"]),
    ("GTX-4711", &["Robert King"]),
    ("4711", &["Robert King"]),
    // accents, ligatures, apostrophes, width
    ("lodz", &["Łukasz Żółć"]),
    ("Łódź", &["Łukasz Żółć"]),
    ("zolc", &["Łukasz Żółć"]),
    ("strasse", &["Jürgen Groß"]),
    ("GROSS", &["Jürgen Groß"]),
    ("muller", &["Hans Müller"]),
    ("müller", &["Hans Müller"]),
    ("mueller", &["Hans Müller"]),
    ("oestergaard", &["Søren Østergård"]),
    ("ostergard", &["Søren Østergård"]),
    ("nunez", &["José Nuñez"]),
    ("yildiz", &["İsmail Yıldız"]),
    ("obrien", &["John O’Brien"]),
    ("o'brien", &["John O’Brien"]),
    ("O’BRIEN", &["John O’Brien"]),
    ("angelo", &["Noémie D’Angelo"]),
    ("abc", &["ＡＢＣ　Trading"]),
    ("ａｂｃ", &["ＡＢＣ　Trading"]),
    ("малко", &[]),
    ("йордан", &["Иван Йорданов"]),
    ("иван", &["Иван Йорданов"]),
    ("παππασ", &["Γιώργος Παππάς"]),
    ("γιωργος", &["Γιώργος Παππάς"]),
    ("हिन्दी", &["हिन्दी शर्मा"]),
    ("शर्मा", &["हिन्दी शर्मा"]),
    // Chinese characters
    ("张伟", &["张伟", "张伟明"]),
    ("张", &["张伟", "张伟明"]),
    ("伟", &["张伟", "张伟明", "单伟"]),
    ("阿里", &["张伟"]),
    ("群英科技", &["李娜"]),
    ("科技 李", &["李娜"]),
    ("英群", &[]),
    ("伟张", &[]),
    ("中贸", &["吴毅 (David)"]),
    // pinyin and initials
    ("zhangwei", &["张伟", "张伟明"]),
    ("zhang wei", &["张伟", "张伟明"]),
    ("zhangw", &["张伟", "张伟明"]),
    ("zw", &["张伟", "张伟明"]),
    ("zwm", &["张伟明"]),
    ("weiming", &["张伟明"]),
    // within a syllable only by the e-mail address
    ("hangwei", &["张伟"]),
    ("shanwei", &["单伟"]),
    ("danwei", &["单伟"]),
    ("sw", &["单伟"]),
    ("zengting", &["曾婷婷"]),
    ("ztt", &["曾婷婷"]),
    ("lvxiuying", &["吕秀英"]),
    ("luxiuying", &["吕秀英"]),
    ("lyuxiuying", &["吕秀英"]),
    ("lv xiu", &["吕秀英"]),
    ("ouyang", &["欧阳娜娜"]),
    ("oynn", &["欧阳娜娜"]),
    ("li na", &["李娜"]),
    ("qiuying", &["仇英"]),
    ("wu yi", &["吴毅 (David)"]),
    ("zhaitian", &["翟天"]),
    ("ditian", &["翟天"]),
    ("aliyun", &["张伟"]),
    ("alyf", &["张伟"]),
    ("chongqing", &["吕秀英"]),
    ("yinyue", &["曾婷婷"]),
    ("david wuyi", &["吴毅 (David)"]),
    // Japanese and Korean
    ("田中", &["田中太郎"]),
    ("株式", &["田中太郎"]),
    ("アクメ", &["田中太郎"]),
    ("ｱｸﾒ", &["田中太郎"]),
    ("さくら", &["山田さくら"]),
    ("ガス", &["佐藤健"]),
    ("カス", &[]),
    ("カルロス", &["ガルシア・カルロス"]),
    ("민수", &["김민수"]),
    ("김", &["김민수"]),
    ("한빛", &["김민수", "이수진"]),
    ("박지민 서울", &["박지민"]),
    // telephone numbers
    ("+49 30 555-0100", &["Jane Doe"]),
    ("(030) 5550100", &["Jane Doe"]),
    ("0305550100", &["Jane Doe"]),
    ("0049305550100", &["Jane Doe"]),
    ("+49 (0)30 5550100", &["Jane Doe"]),
    ("030/5550100", &["Jane Doe"]),
    ("5550142", &["Hans Müller"]),
    ("0142", &["Hans Müller"]),
    ("0100", &["Jane Doe", "김민수"]),
    ("8000", &["张伟"]),
    ("13800138000", &["张伟"]),
    ("138 0013 8000", &["张伟"]),
    ("+86 13800138000", &["张伟"]),
    ("+49 30 5550155", &["Käthe Vogel"]),
    ("7946", &[]),
    ("20 7946", &["Mary-Ann Smith", "Kenneth Li"]),
    ("smith 0018", &["Mary-Ann Smith"]),
    // e-mail and other words
    ("jane.doe@telekom.example", &["Jane Doe"]),
    ("doe@tele", &["Jane Doe"]),
    ("@acme.example", &["Mary-Ann Smith", "Kenneth Li"]),
    ("acme@example", &[]),
    ("JOHN@obrien.example", &["John O’Brien"]),
    ("https://telekom.example", &["Jane Doe", "Anna Schmidt"]),
    ("de123456789", &["3M Handel"]),
    ("123456789", &["3M Handel"]),
    ("mueller-bau", &["Hans Müller"]),
    // notes: words, and longer words by their beginning
    ("contract", &["Mary-Ann Smith"]),
    ("contr", &["Mary-Ann Smith"]),
    ("ontract", &[]),
    ("hr", &["Robert King"]),
    ("spring fair", &["Jane Doe"]),
    ("折扣", &["张伟"]),
    ("展会", &["李娜"]),
    ("見積", &["田中太郎"]),
    ("견적", &["김민수"]),
    ("warszawie", &["Łukasz Żółć"]),
    ("vin", &["Noémie D’Angelo"]),
    // nothing to look for
    ("nobodyatall", &[]),
    ("", &[]),
    ("★ — !", &[]),
];

fn document(person: &Person) -> Document {
    let (name, company, words, phone, note) = *person;
    Document {
        names: vec![name.to_owned(), company.to_owned()],
        words: words.split(' ').map(str::to_owned).collect(),
        phones: vec![phone.to_owned()],
        notes: vec![note.to_owned()],
        ..Document::new(Noun::Customer)
    }
}

/// The full-text table, and the stored texts by row.
struct Index {
    base: Connection,
    texts: Vec<String>,
}

impl Index {
    fn of(texts: Vec<String>) -> Index {
        let base = Connection::open_in_memory().unwrap();
        let table = "CREATE VIRTUAL TABLE search USING fts5(tokens, content='', detail=none, prefix='1', tokenize='unicode61')";
        base.execute_batch(table).unwrap();
        for (row, text) in (1i64..).zip(&texts) {
            let insert = "INSERT INTO search (rowid, tokens) VALUES (?1, ?2)";
            base.execute(insert, params![row, tokens(text)]).unwrap();
        }
        Index { base, texts }
    }

    fn candidates(&self, expression: &str) -> Vec<usize> {
        let mut select = self
            .base
            .prepare("SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid")
            .unwrap();
        let rows = select
            .query_map([expression], |row| row.get::<_, isize>(0))
            .unwrap();
        rows.map(|row| usize::try_from(row.unwrap() - 1).unwrap())
            .collect()
    }

    fn hits(&self, query: &SearchQuery, scope: &Scope) -> Vec<usize> {
        let Some(expression) = query.expression(scope) else {
            return Vec::new();
        };
        let candidates = self.candidates(&expression);
        candidates
            .into_iter()
            .filter(|row| query.verifies(&self.texts[*row]))
            .collect()
    }

    fn remove(&self, row: usize) {
        let delete = "INSERT INTO search (search, rowid, tokens) VALUES ('delete', ?1, ?2)";
        self.base
            .execute(
                delete,
                params![isize::try_from(row + 1).unwrap(), tokens(&self.texts[row])],
            )
            .unwrap();
    }
}

fn people() -> Index {
    Index::of(PEOPLE.iter().map(|person| document(person).text()).collect())
}

#[test]
fn finds_exactly_whom_it_should() {
    let index = people();
    let mut wrong = Vec::new();
    for (typed, expected) in QUERIES {
        let query = SearchQuery::parse(typed);
        let found: Vec<&str> = index
            .hits(&query, &Scope::default())
            .iter()
            .map(|row| PEOPLE[*row].0)
            .collect();
        if found != *expected {
            wrong.push(format!("{typed:?}: found {found:?}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn candidates_leave_nobody_out() {
    let index = people();
    for (typed, _) in QUERIES {
        let query = SearchQuery::parse(typed);
        let verified: Vec<usize> = (0..PEOPLE.len())
            .filter(|row| query.verifies(&index.texts[*row]))
            .collect();
        assert_eq!(index.hits(&query, &Scope::default()), verified, "{typed:?}");
    }
}

#[test]
fn candidates_are_few() {
    let index = people();
    let (mut candidates, mut hits) = (0, 0);
    for (typed, _) in QUERIES {
        let query = SearchQuery::parse(typed);
        if let Some(expression) = query.expression(&Scope::default()) {
            candidates += index.candidates(&expression).len();
            hits += index.hits(&query, &Scope::default()).len();
        }
    }
    assert!(
        candidates * 4 <= hits * 5,
        "{candidates} candidates for {hits} hits"
    );
}

#[test]
fn a_whole_number_is_asked_for_by_its_end() {
    let index = people();
    for typed in ["+49 30 5550100", "030 5550100", "5550100", "0049305550100"] {
        let query = SearchQuery::parse(typed);
        let expression = query.number_expression().expect(typed);
        let is_whole = |row: &usize| query.exactness(&index.texts[*row]) == Exactness::Whole;
        let candidates = index.candidates(&expression);
        let found: Vec<usize> = candidates.into_iter().filter(is_whole).collect();
        let all: Vec<usize> = (0..PEOPLE.len()).filter(is_whole).collect();
        assert!(found.contains(&0), "{typed}");
        assert_eq!(found, all, "{typed}");
    }
    for typed in ["5550", "030 555", "jane 5550100", "anna", ""] {
        assert_eq!(SearchQuery::parse(typed).number_expression(), None, "{typed}");
    }
}

#[test]
fn removal_leaves_an_empty_index() {
    let index = people();
    for row in 0..PEOPLE.len() {
        index.remove(row);
    }
    for (typed, _) in QUERIES {
        if let Some(expression) = SearchQuery::parse(typed).expression(&Scope::default()) {
            assert_eq!(index.candidates(&expression), Vec::<usize>::new(), "{typed:?}");
        }
    }
    index
        .base
        .execute_batch("INSERT INTO search (search) VALUES ('integrity-check')")
        .unwrap();
    index
        .base
        .execute_batch("CREATE VIRTUAL TABLE terms USING fts5vocab(search, 'row')")
        .unwrap();
    let left: i64 = index
        .base
        .query_row("SELECT count(*) FROM terms", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0);
}

#[test]
fn scope_narrows() {
    let (ann, ben) = (Id::from_raw(1 << 40), Id::from_raw((1 << 40) + 1));
    let of = |noun, owner| Document {
        names: vec!["Acme".to_owned()],
        owner,
        ..Document::new(noun)
    };
    let documents = [
        of(Noun::Customer, Some(ann)),
        of(Noun::Customer, Some(ben)),
        of(Noun::Deal, Some(ann)),
        of(Noun::Deal, None),
    ];
    let index = Index::of(documents.iter().map(Document::text).collect());
    let query = SearchQuery::parse("acme");
    let check = |owners: Option<&[Option<Id>]>, nouns: &[Noun], expected: &[usize]| {
        let scope = Scope {
            owners,
            nouns,
            whole_words: false,
        };
        assert_eq!(index.hits(&query, &scope), expected, "{scope:?}");
    };
    check(None, &[], &[0, 1, 2, 3]);
    check(Some(&[Some(ann)]), &[], &[0, 2]);
    check(Some(&[Some(ann), None]), &[Noun::Deal], &[2, 3]);
    check(None, &[Noun::Customer, Noun::Task], &[0, 1]);
    check(Some(&[]), &[], &[]);
}

#[test]
fn ranks() {
    let index = people();
    let rank = |typed: &str, name: &str| {
        let row = PEOPLE.iter().position(|person| person.0 == name).unwrap();
        SearchQuery::parse(typed).exactness(&index.texts[row])
    };
    let cases = [
        ("JANE DOE", "Jane Doe", Exactness::Whole),
        ("jane.doe@telekom.example", "Jane Doe", Exactness::Whole),
        ("(030) 5550100", "Jane Doe", Exactness::Whole),
        ("telekom nord", "Jane Doe", Exactness::Whole),
        ("jan", "Jane Doe", Exactness::Prefix),
        ("doe", "Jane Doe", Exactness::Part),
        ("0100", "Jane Doe", Exactness::Part),
        ("张伟", "张伟", Exactness::Whole),
        ("张伟", "张伟明", Exactness::Prefix),
        ("zhang wei", "张伟明", Exactness::Prefix),
        ("zw", "张伟", Exactness::Prefix),
        ("阿里", "张伟", Exactness::Part),
        ("lodz meble", "Łukasz Żółć", Exactness::Whole),
    ];
    for (typed, name, expected) in cases {
        assert_eq!(rank(typed, name), expected, "{typed:?} {name}");
    }
}

#[test]
fn long_queries_and_texts_are_bounded() {
    let index = people();
    for typed in [
        "jane ".repeat(500),
        "张伟".repeat(500),
        "x".repeat(5000),
        "030 ".repeat(500),
        "a@b.".repeat(500),
    ] {
        let query = SearchQuery::parse(&typed);
        index.hits(&query, &Scope::default());
        assert!(query.expression(&Scope::default()).unwrap().len() < 100_000);
    }
    let long = Document {
        notes: vec!["长 note ".repeat(10_000)],
        ..Document::new(Noun::Activity)
    };
    assert!(long.text().len() <= LONGEST_NOTE + 16);
}

#[test]
fn umlauts_are_kept_in_both_spellings() {
    let text = document(&PEOPLE[5]).text();
    assert!(
        text.contains("hans muller") && text.contains("mueller"),
        "{text:?}"
    );
    assert_eq!(Document::parse(&text).text(), text);
    let other = Document {
        names: vec!["Mueller".to_owned()],
        ..Document::new(Noun::Customer)
    };
    assert!(SearchQuery::parse("Müller").verifies(&other.text()));
}

fn any_document() -> impl Strategy<Value = Document> {
    let text = "[a-zA-ZäöüßéŁ0-9 '’@.-]{0,24}|[张伟李娜单吕重阿A-Z ]{0,8}|[ァ-ヶ가-힣]{0,6}|.{0,12}";
    let texts = proptest::collection::vec(text, 0..3);
    let phones = proptest::collection::vec("[+0-9 ()/-]{0,16}", 0..3);
    (
        texts.clone(),
        texts.clone(),
        phones,
        texts,
        proptest::option::of(0i64..),
    )
        .prop_map(|(names, words, phones, notes, owner)| Document {
            names,
            words,
            phones,
            notes,
            owner: owner.map(Id::from_raw),
            noun: Noun::Deal,
        })
}

proptest! {
    #[test]
    fn tokens_are_plain(document in any_document()) {
        let tokens = tokens(&document.text());
        prop_assert!(!tokens.contains('"'));
        prop_assert!(!tokens.chars().any(char::is_control));
        let mut distinct: Vec<&str> = tokens.split(' ').collect();
        distinct.sort_unstable();
        let all = distinct.len();
        distinct.dedup();
        prop_assert_eq!(distinct.len(), all);
    }

    #[test]
    fn text_round_trips(document in any_document()) {
        let text = document.text();
        let parsed = Document::parse(&text);
        prop_assert_eq!(parsed.text(), text);
        prop_assert_eq!((parsed.owner, parsed.noun), (document.owner, document.noun));
    }

    #[test]
    fn nothing_panics(typed in ".*|[0-9+() a@.:/张v]{0,30}", text in ".*|[a-z0-9张吕\u{1e}\u{1f}]{0,30}") {
        let query = SearchQuery::parse(&typed);
        query.verifies(&text);
        query.exactness(&text);
        tokens(&text);
        Document::parse(&text);
        let index = Index::of(vec![text]);
        index.hits(&query, &Scope::default());
    }

    #[test]
    fn every_fragment_finds(document in any_document(), start in 0usize..30, length in 1usize..12) {
        let text = document.text();
        let index = Index::of(vec![text.clone()]);
        for word in Document::parse(&text).names.iter().flat_map(|name| segments(name)) {
            let (script, word) = word;
            let fragment: String = word.chars().skip(start % word.chars().count()).take(length).collect();
            if script == Script::Word && fragment.chars().count() < 3 {
                continue;
            }
            let query = SearchQuery::parse(&fragment);
            prop_assert_eq!(index.hits(&query, &Scope::default()), vec![0], "{:?} in {:?}", fragment, text);
        }
    }

    #[test]
    fn candidates_hold_every_hit(document in any_document(), typed in "[a-z张伟李0-9 @.-]{1,8}") {
        let text = document.text();
        let query = SearchQuery::parse(&typed);
        let index = Index::of(vec![text.clone()]);
        prop_assert_eq!(index.hits(&query, &Scope::default()).len() == 1, query.verifies(&text), "{:?}", text);
    }
}
