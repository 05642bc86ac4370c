//! Whom a search finds: a published base, a published table of what people type, exactly those who are to be found, and
//! nobody else. The table holds on a fresh base, and again after edits, the trash, a merge, and taking them back.

use crate::env::{Env, Run};

/// Name, type, e-mail, phone, note.
const BASE: &str = "name,type,email,phone,note
张伟,person,zhangwei@yunfan.example,13812345678,
张伟丽,person,,,
李伟,person,,,
王芳,person,wangfang@qinghe.example,+86 10 5550 1001,喜欢喝茶
欧阳明,person,,,
单丽华,person,,,
解晓东,person,,,
曾晓燕,person,,,
仇英,person,,,
查良,person,,,
吕静,person,,,
杭州阿里巴巴网络有限公司,company,,,
上海阿里山茶业有限公司,company,,,
山本 ゆい,person,yui@minato.example,+81 3 5550 1024,
高橋 健太,person,,,
株式会社ひまわり商事,company,,,
Telekom Nord AG,company,info@telekomnord.example,+49 228 181 0,
Ekonomi Danışmanlık,company,,,
Łukasz Wójcik,person,lukasz@globex.example,,
Łódź Foods,company,,,
Jürgen Weiß,person,juergen.weiss@nordlicht.example,+49 30 23125 100,asked for a quote before Easter
Jana Weisz,person,,,
Müller & Söhne,company,,,
Anna Muller,person,anna@mueller.example,,
Anna Keller,person,anna.keller@acme.example,(030) 23125-200,
Keller Anna Maria,person,,,
Annabel Hartley,person,,,
Hanna Kellermann,person,,,
Sean O'Neil,person,,+1 212 555 0123,
Jean-Luc Picard,person,,,
Jean Lucas,person,,,
Weißensee Straßenbau,company,,,
ＡＣＭＥ　Ｌｔｄ,company,,,
Acme GmbH,company,info@acme.example,,
Bo Li,person,,,
B,person,,,
Zoë Zw,person,,,
";

/// What is typed, and who is found, the best first.
const TABLE: &[(&str, &[&str])] = &[
    // Two characters, one, and a part of a run.
    ("张伟", &["张伟", "张伟丽"]),
    ("伟", &["李伟", "张伟丽", "张伟"]),
    ("伟丽", &["张伟丽"]),
    ("阿里", &["上海阿里山茶业有限公司", "杭州阿里巴巴网络有限公司"]),
    ("阿里巴巴", &["杭州阿里巴巴网络有限公司"]),
    ("杭州阿里", &["杭州阿里巴巴网络有限公司"]),
    ("里阿", &[]),
    ("喝茶", &["王芳"]),
    // Pinyin, whole and in part, and initials.
    ("zhangwei", &["张伟", "张伟丽"]),
    ("zhang wei", &["张伟", "张伟丽"]),
    ("wei zhang", &["张伟丽", "张伟"]),
    ("zhangweili", &["张伟丽"]),
    ("zw", &["张伟", "Zoë Zw", "张伟丽"]),
    ("zwl", &["张伟丽"]),
    ("ouyang", &["欧阳明"]),
    ("oym", &["欧阳明"]),
    ("lvjing", &["吕静"]),
    ("lüjing", &["吕静"]),
    // Surnames have readings of their own.
    ("shanlihua", &["单丽华"]),
    ("xiexiaodong", &["解晓东"]),
    ("zengxiaoyan", &["曾晓燕"]),
    ("qiuying", &["仇英"]),
    ("zhaliang", &["查良"]),
    // Japanese, as it is written.
    ("山本", &["山本 ゆい"]),
    ("ゆい", &["山本 ゆい"]),
    ("ひまわり", &["株式会社ひまわり商事"]),
    ("健太", &["高橋 健太"]),
    // Any part of a Latin word from three letters, the beginning from one.
    ("ekom", &["Telekom Nord AG"]),
    ("eko", &["Ekonomi Danışmanlık", "Telekom Nord AG"]),
    ("ek", &["Ekonomi Danışmanlık"]),
    ("kell", &["Keller Anna Maria", "Hanna Kellermann", "Anna Keller"]),
    (
        "keller",
        &["Keller Anna Maria", "Hanna Kellermann", "Anna Keller"],
    ),
    ("ellerma", &["Hanna Kellermann"]),
    // Without accents, with them, and spelled out.
    ("lodz", &["Łódź Foods"]),
    ("Łódź", &["Łódź Foods"]),
    ("wojcik", &["Łukasz Wójcik"]),
    ("weiss", &["Weißensee Straßenbau", "Jürgen Weiß"]),
    ("strasse", &["Weißensee Straßenbau"]),
    ("muller", &["Müller & Söhne", "Anna Muller"]),
    ("müller", &["Müller & Söhne", "Anna Muller"]),
    ("zoe", &["Zoë Zw"]),
    ("danismanlik", &["Ekonomi Danışmanlık"]),
    // Full width, on both sides.
    (
        "ａｎｎａ　ｋｅｌｌｅｒ",
        &["Anna Keller", "Hanna Kellermann", "Keller Anna Maria"],
    ),
    ("acme ltd", &["ＡＣＭＥ　Ｌｔｄ"]),
    // Words in any order; the beginning of a name goes before a part of one.
    (
        "anna keller",
        &["Anna Keller", "Hanna Kellermann", "Keller Anna Maria"],
    ),
    (
        "keller anna",
        &["Keller Anna Maria", "Hanna Kellermann", "Anna Keller"],
    ),
    ("hartley anna", &["Annabel Hartley"]),
    // Names with signs in them.
    ("o'neil", &["Sean O'Neil"]),
    ("oneil", &["Sean O'Neil"]),
    ("neil", &["Sean O'Neil"]),
    ("jean-luc", &["Jean-Luc Picard", "Jean Lucas"]),
    ("jean luc", &["Jean Lucas", "Jean-Luc Picard"]),
    // Numbers in any form, and their ends.
    ("+86 138 1234 5678", &["张伟"]),
    ("138-1234-5678", &["张伟"]),
    ("5678", &["张伟"]),
    ("030 23125 100", &["Jürgen Weiß"]),
    ("+493023125100", &["Jürgen Weiß"]),
    ("2125550123", &["Sean O'Neil"]),
    ("0123", &["Sean O'Neil"]),
    ("9999", &[]),
    // Parts of an address.
    ("yunfan", &["张伟"]),
    ("keller@acme", &["Anna Keller"]),
    ("acme.example", &["Acme GmbH", "Anna Keller"]),
    ("juergen.weiss@nordlicht.example", &["Jürgen Weiß"]),
    // Words of a note.
    ("easter", &["Jürgen Weiß"]),
    ("quote before", &["Jürgen Weiß"]),
    // A single letter is a beginning.
    ("b", &["B", "Bo Li"]),
    // Nobody.
    ("nobody", &[]),
    ("zx", &["曾晓燕"]),
    ("zq", &[]),
    ("鑫", &[]),
];

fn base() -> Env {
    let env = Env::new();
    env.ok("init");
    let mut command =
        env.command("import customer people.csv --region CN --map email=emails --map phone=phones");
    let file = env.home().join("people.csv");
    // Numbers without a country are Chinese but for two, which are written for Germany.
    std::fs::write(&file, BASE.replace("(030) 23125-200", "+49 (030) 23125-200")).expect("a file");
    let run = Run::of(command.output().expect("it runs"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    env
}

fn found(env: &Env, words: &str) -> Vec<String> {
    let run = env
        .command("find --kind customer --region DE --template '{name}'")
        .args(["--", words])
        .output()
        .expect("it runs");
    let run = Run::of(run);
    assert_eq!(run.code, 0, "{words}: {}", run.stderr);
    run.stdout.lines().map(str::to_owned).collect()
}

/// Everything in the table that is found otherwise, with `changed` in place of its rows.
fn differences(env: &Env, changed: &[(&str, &[&str])]) -> Vec<String> {
    let rows = TABLE.iter().map(|(words, names)| {
        let other = changed.iter().find(|(known, _)| known == words);
        (*words, other.map_or(*names, |(_, names)| *names))
    });
    rows.filter_map(|(words, names)| {
        let found = found(env, words);
        (found != names).then(|| format!("{words}: {found:?}, not {names:?}"))
    })
    .collect()
}

#[track_caller]
fn holds(env: &Env, changed: &[(&str, &[&str])]) {
    let differences = differences(env, changed);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn exactly_these_are_found() {
    holds(&base(), &[]);
}

#[test]
fn no_limit_finds_all() {
    let env = base();
    assert_eq!(env.ok("find a --limit 1 --format ids").lines().count(), 1);
    assert!(env.ok("find a --limit 0 --format ids").lines().count() > 5);
}

#[test]
fn an_edit_is_found_at_once_and_taken_back_as_fast() {
    let env = base();
    let changed: &[(&str, &[&str])] = &[
        ("ekom", &[]),
        ("eko", &["Ekonomi Danışmanlık"]),
        ("neil", &["Sean O'Neil", "Neil & Co"]),
        ("oneil", &["Sean O'Neil"]),
    ];
    env.ok("customer set 'Telekom Nord AG' 'name=Neil & Co' emails=");
    let changed: Vec<(&str, &[&str])> = changed
        .iter()
        .map(|(words, names)| match *words {
            // A name that begins so goes before one that has it inside.
            "neil" => (*words, &["Neil & Co", "Sean O'Neil"] as &[&str]),
            _ => (*words, *names),
        })
        .collect();
    holds(&env, &changed);
    env.ok("undo");
    holds(&env, &[]);
    env.ok("redo");
    holds(&env, &changed);
}

#[test]
fn the_trash_is_not_searched() {
    let env = base();
    env.ok("customer rm 吕静");
    let changed: &[(&str, &[&str])] = &[("lvjing", &[]), ("lüjing", &[])];
    holds(&env, changed);
    env.ok("undo");
    holds(&env, &[]);
    env.ok("redo");
    env.ok("customer restore 吕静");
    holds(&env, &[]);
}

#[test]
fn a_merge_leaves_one_who_is_found_by_all_that_both_had() {
    let env = base();
    env.ok("customer merge 'Anna Muller' 查良 --yes");
    let changed: &[(&str, &[&str])] = &[("zhaliang", &[])];
    holds(&env, changed);
    env.ok("undo");
    env.ok("customer merge 'Jana Weisz' 'Jürgen Weiß' --yes");
    let merged: &[(&str, &[&str])] = &[
        ("weiss", &["Weißensee Straßenbau", "Jana Weisz"]),
        ("030 23125 100", &["Jana Weisz"]),
        ("+493023125100", &["Jana Weisz"]),
        ("juergen.weiss@nordlicht.example", &["Jana Weisz"]),
        ("easter", &["Jana Weisz"]),
        ("quote before", &["Jana Weisz"]),
    ];
    holds(&env, merged);
    env.ok("undo");
    holds(&env, &[]);
    env.ok("redo");
    holds(&env, merged);
}
