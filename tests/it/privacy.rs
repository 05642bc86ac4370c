//! What is held of a person: shown, handed over, erased for good.

use std::fs;
use std::path::Path;

use crate::env::Env;

#[test]
fn whoever_is_erased_does_not_come_back() {
    let env = Env::new();
    env.ok("init");
    env.ok("customer add 'Eve Moss' --email eve@moss.example --note secret");
    fs::write(env.home().join("letter.txt"), "secret").unwrap();
    env.ok("attach C1 letter.txt --copy");
    env.ok("log C1 call 'said so'");
    env.ok("backup");
    let files = env.home().join("base.files");
    assert_eq!(fs::read_dir(&files).unwrap().count(), 1);
    let shown = env.ok("privacy show eve@moss.example --format csv");
    assert!(
        shown.contains("email,1") && shown.contains("attachment,1"),
        "{shown}"
    );
    let exported = env.ok("privacy export C1");
    assert!(exported.lines().all(|line| line.starts_with('{')), "{exported}");
    assert!(
        exported.contains("said so") && exported.contains("eve@moss.example"),
        "{exported}"
    );

    assert_eq!(env.run("privacy erase C1").code, 8);
    env.ok("privacy erase C1 --dry-run");
    assert!(env.ok("customer show C1").contains("Eve"));
    let run = env.run("privacy erase eve@moss.example --reason asked --yes");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("1 copy of the base"), "{}", run.stderr);
    assert_eq!(fs::read_dir(&files).unwrap().count(), 0);
    assert!(env.ok("privacy list --format csv").contains("C1,"));
    for line in [
        "op list --format json",
        "privacy export C1",
        "customer list",
        "find moss",
        "find secret",
    ] {
        let said = env.ok(line).to_lowercase();
        for secret in ["moss", "secret", "said so"] {
            assert!(!said.contains(secret), "crm {line}: {said}");
        }
    }
    assert_eq!(env.run("undo").code, 4);
    env.ok("check");

    assert_eq!(env.run("customer add Eve --email Eve@Moss.example").code, 5);
    fs::write(
        env.home().join("people.csv"),
        "name,email\nEve,eve@moss.example\nBo,bo@hill.example\n",
    )
    .unwrap();
    let run = env.run("import customer people.csv");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("line 2 skipped: emails: eve@moss.example"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("1 created, 0 updated, 0 unchanged, 1 skipped"),
        "{}",
        run.stderr
    );
    env.ok("privacy lift eve@moss.example");
    env.ok("customer add Eve --email eve@moss.example");
    assert_eq!(env.run("privacy lift eve@moss.example").code, 3);
    assert_eq!(env.run("customer restore C1").code, 4);
}

#[test]
fn a_file_of_another_program_that_knows_whoever_was_erased_is_read_to_its_end() {
    let env = Env::new();
    env.ok("init");
    let file = "Record ID,First Name,Last Name,Email,Phone Number,Contact owner\n\
                101,Eve,Moss,eve@moss.example,+44 131 496 0100,\n\
                102,Bo,Hill,bo@hill.example,,\n";
    fs::write(env.home().join("contacts.csv"), file).unwrap();
    env.ok("import contacts.csv");
    env.ok("privacy erase eve@moss.example --yes");
    let later = format!("{file}103,伟,张,wei@zhang.example,,\n");
    fs::write(env.home().join("contacts.csv"), later).unwrap();
    let run = env.run("import contacts.csv");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("1 created, 0 updated, 1 unchanged, 1 skipped, 0 rejected"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("erased on request"), "{}", run.stderr);
    assert_eq!(env.ok("customer list --sort name -F name"), "Bo Hill\n张伟\n");

    let deals = "Record ID,Deal Name,Deal Stage,Associated Contact\n\
                 301,Moor,Contract sent,Eve (eve@moss.example);Ann (ann@hill.example)\n";
    fs::write(env.home().join("deals.csv"), deals).unwrap();
    env.ok("import deals.csv");
    let deal = env.ok("export deal --format ndjson");
    assert!(
        deal.contains("ann@hill.example") && !deal.contains("eve@moss"),
        "{deal}"
    );
}

/// The names of the words that are anywhere in the bytes of the files of a folder, whatever their case.
fn in_bytes(folder: &Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(in_bytes(&path, words));
            continue;
        }
        let bytes = fs::read(&path).expect("a file").to_ascii_lowercase();
        let has = |word: &&&str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        found.extend(words.iter().filter(has).map(|word| format!("{name}: {word}")));
    }
    found
}

#[test]
fn no_byte_of_whoever_is_erased_is_left_in_the_files() {
    let env = Env::new();
    env.ok("init");
    env.ok("customer add 'Eve Quixmoss' --email eve@quixmoss.example --phone '+49 30 23125177' --note 'loves jazzword'");
    env.ok("customer add 曾晓燕 --email xiaoyan@yunfan.example --note 喜欢骑马");
    env.ok("customer add 'Bo Hill' --email bo@hill.example");
    // What was there before an edit is in a page that is free, and in the log.
    env.ok("customer set C1 name='Eve Zebrafield' note='hates vexword'");
    env.ok("log C1 call 'said pizzaword'");
    env.ok("log C2 call 她说了秘密");
    env.ok("task add 'Send wyvernword' --for C1");
    // The index keeps of a word what the word before it does not begin with.
    let latin = [
        "ixmoss", "23125177", "azzword", "brafield", "xword", "zzaword", "vernword",
    ];
    let han = ["曾晓燕", "晓燕", "xiaoyan", "喜欢", "骑马", "秘密"];
    for words in [&latin[..], &han[..]] {
        let before = in_bytes(&env.home(), words);
        assert!(before.len() >= words.len(), "{before:?}");
    }
    for (reference, words) in [("C1", &latin[..]), ("C2", &han[..])] {
        let run = env.run(&format!("privacy erase {reference} --yes"));
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(in_bytes(&env.home(), words), Vec::<String>::new());
    }
    env.ok("backup");
    for words in [&latin[..], &han[..]] {
        assert_eq!(in_bytes(&env.home(), words), Vec::<String>::new());
    }
    assert_eq!(in_bytes(&env.home(), &["bo@hill.example"]).len(), 2);
    assert!(env.ok("find hill").contains("Bo Hill"));
    env.ok("check");
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "another program reads the base while the program works on it"
)]
fn a_reader_of_what_was_is_told_of() {
    let env = Env::new();
    env.ok("init");
    env.ok("customer add 'Ann Quixmoss' --note 'loves jazzword'");
    let reader = rusqlite::Connection::open(env.base()).unwrap();
    let begin = "BEGIN; SELECT name FROM customer;";
    reader.execute_batch(begin).unwrap();
    let run = env.run("privacy erase C1 --yes");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("another program reads the base; until `crm compact`"),
        "{}",
        run.stderr
    );
    reader.execute_batch("COMMIT").unwrap();
    drop(reader);
    env.ok("compact");
    assert_eq!(
        in_bytes(&env.home(), &["ixmoss", "azzword"]),
        Vec::<String>::new()
    );
}

#[test]
fn a_rehearsal_says_what_an_erasure_would_leave() {
    let env = Env::new();
    env.ok("init");
    env.ok("customer add 'Eve Moss' --email eve@moss.example");
    fs::write(env.home().join("letter.txt"), "secret").unwrap();
    env.ok("attach C1 letter.txt --copy");
    env.ok("backup");
    let run = env.run("privacy erase C1 --dry-run");
    assert_eq!(run.code, 0);
    for said in [
        "Would erase the data of C1",
        "would keep out 1 address from then on",
        "Would take away",
        "warning: 1 copy of the base from before holds the data still",
        "nothing was changed",
    ] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    assert_eq!(fs::read_dir(env.home().join("base.files")).unwrap().count(), 1);
    assert!(env.ok("customer show C1").contains("Eve"));
}
