//! Cards and calendars: what files of other programs mean, what goes out, and a folder that is kept in step.

use std::fs;
use std::path::{Path, PathBuf};

use crate::env::Env;

/// The fields of customers that a card can say something of.
const OF_CARDS: &str = "name,type,company.name,title,emails,phones,handles,website,address,city,region,postal_code,\
                        country,birthday,gender,language,tags,note,external_ids";

fn fixtures(sort: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/content")
        .join(sort)
}

/// Compares with a file beside the fixture, or writes it.
#[track_caller]
#[expect(
    clippy::disallowed_methods,
    reason = "whether the expectations are to be written"
)]
fn expect(path: &Path, text: &str) {
    if std::env::var_os("CRM_TEST_UPDATE").is_some() {
        fs::write(path, text).expect("the expectation is written");
    }
    let expected = fs::read_to_string(path).expect("there is an expectation");
    assert_eq!(text, expected, "{}", path.display());
}

fn copied(env: &Env, sort: &str, name: &str) {
    fs::copy(fixtures(sort).join(name), env.home().join(name)).expect("the fixture is there");
}

#[test]
fn cards_of_every_version_mean_what_they_say() {
    for name in ["telephone-3.0", "old-2.1", "chinese-gbk-2.1", "modern-4.0"] {
        let env = Env::new();
        copied(&env, "vcard", &format!("{name}.vcf"));
        let run = env.run(&format!("import {name}.vcf --region CN --errors rejects"));
        let rejects = fs::read_to_string(env.home().join("rejects")).unwrap_or_default();
        let list = env.ok(&format!("customer list --sort uid --format ndjson -F {OF_CARDS}"));
        let further = env.ok("export customer --format ndjson");
        let further: String = further
            .lines()
            .map(|line| part(line, "address_details"))
            .collect();
        let text = format!("{list}{further}{rejects}");
        expect(&fixtures("vcard").join(format!("{name}.expected.ndjson")), &text);
        assert_eq!(
            run.code,
            if rejects.is_empty() { 0 } else { 6 },
            "{name}: {}",
            run.stderr
        );
        // The same file again says nothing new.
        let image = env.ok("export customer --format ndjson");
        env.run(&format!("import {name}.vcf --region CN"));
        assert_eq!(env.ok("export customer --format ndjson"), image, "{name}");
    }
}

/// One member of a line of NDJSON, as a line.
fn part(line: &str, name: &str) -> String {
    let tree: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
    match tree.get(name).and_then(serde_json::Value::as_array) {
        Some(items) if !items.is_empty() => format!("{}\n", serde_json::Value::from(items.clone())),
        _ => String::new(),
    }
}

#[test]
fn groups_give_labels_and_relations_link_who_is_known() {
    let env = Env::new();
    copied(&env, "vcard", "telephone-3.0.vcf");
    env.ok("import telephone-3.0.vcf");
    assert_eq!(
        env.ok("customer list -w '+\"Chess club\"' --format ids")
            .lines()
            .count(),
        2
    );
    let shown = env.ok("export customer -w name:Anna --format ndjson");
    assert!(
        shown.contains(r#""relationships":[{"type":"spouse","customer":{"id":"#),
        "{shown}"
    );
    env.ok("undo");
    assert_eq!(env.ok("customer list --format ids"), "");
}

#[test]
fn calendars_become_tasks_and_activities() {
    let env = Env::new();
    copied(&env, "ics", "mixed.ics");
    env.ok("contact add 'Anna Keller' --email anna@keller.example");
    let run = env.run("import mixed.ics --errors rejects");
    assert_eq!(run.code, 6, "{}", run.stderr);
    let tasks = env.ok(
        "task list --sort uid --format ndjson -F title,type,status,due,priority,customer.name,repeat,remind,completed_at,tags,note,external_ids",
    );
    let activities = env.ok(
        "activity list --sort uid --format ndjson -F type,at,duration,customer.name,people,text,tags,external_ids",
    );
    let rejects = fs::read_to_string(env.home().join("rejects")).expect("something was refused");
    expect(
        &fixtures("ics").join("mixed.expected.ndjson"),
        &format!("{tasks}{activities}{rejects}"),
    );
    let again = env.run("import mixed.ics");
    assert!(again.stderr.contains("0 created, 0 updated"), "{}", again.stderr);
}

#[test]
fn a_file_is_told_by_what_it_says() {
    let env = Env::new();
    copied(&env, "vcard", "old-2.1.vcf");
    copied(&env, "ics", "mixed.ics");
    fs::rename(env.home().join("old-2.1.vcf"), env.home().join("people.txt")).expect("renamed");
    env.ok("import customer people.txt");
    let run = env.run("import deal people.txt");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("holds customers, not deals"),
        "{}",
        run.stderr
    );
    let run = env.run("import activity mixed.ics");
    assert_eq!(env.ok("task list --format ids"), "", "{}", run.stderr);
    let output = env
        .command("import -")
        .stdin(fs::File::open(env.home().join("people.txt")).expect("a file"))
        .output()
        .expect("the program starts");
    assert!(output.status.success());
}

#[test]
fn exports_come_back_as_the_same_records() {
    let env = Env::new();
    copied(&env, "vcard", "telephone-3.0.vcf");
    env.ok("import telephone-3.0.vcf");
    env.ok("company add 云帆");
    env.ok(
        "contact add 张伟 --phone 13812345678 --region CN --company 云帆 --email zw@yunfan.example --level A",
    );
    env.ok(
        "customer set C1 birthday=1985-05-17 gender=female language=de keep_in_touch=30 do_not_contact=yes",
    );
    env.ok("task add 'Call Anna' --for C1 --due 'mon 15:00' --priority high --remind 1h,1d --repeat weekly");
    env.ok("task add Meet --for C1 --due 2026-12-24");
    env.ok("task set T2 type=meeting");
    env.ok("task add Done --for C1");
    env.ok("task done T3");
    env.ok("log C1 meeting Lunch --at '2026-11-19 12:30' --duration 90m");
    let fields = format!(
        "{OF_CARDS},level,lifecycle,keep_in_touch,do_not_contact,uid,id,email_details,address_details"
    );
    let of_tasks =
        "id,uid,title,type,status,due,zone,priority,customer,repeat,remind,completed_at,note,tags,assignee";
    let of_activities = "id,uid,type,at,customer,duration,text,owner,tags";
    let image = |env: &Env| {
        [
            env.ok(&format!("customer list --sort uid --format ndjson -F {fields}")),
            env.ok(&format!("task list --sort uid --format ndjson -F {of_tasks}")),
            env.ok(&format!(
                "activity list --sort uid --format ndjson -F {of_activities}"
            )),
        ]
        .concat()
    };
    let before = image(&env);
    for version in ["4.0", "3.0"] {
        env.ok(&format!("export customer -o all.vcf --vcard-version {version}"));
        env.ok("export task -o tasks.ics");
        env.ok("export activity -o done.ics");
        let copy = Env::new();
        for name in ["all.vcf", "tasks.ics", "done.ics"] {
            fs::copy(env.home().join(name), copy.home().join(name)).expect("copied");
            let run = copy.run(&format!("import {name}"));
            assert_eq!(run.code, 0, "{name} {version}: {}", run.stderr);
        }
        assert_eq!(image(&copy), before, "{version}");
        let again = copy.run("import all.vcf");
        assert!(again.stderr.contains("0 created, 0 updated"), "{}", again.stderr);
    }
}

/// The files of a folder, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    names.sort();
    names
}

#[test]
fn a_folder_is_kept_in_step() {
    let env = Env::new();
    env.ok("contact add 'Anna Keller' --email anna@keller.example --phone '+49 171 1234567'");
    env.ok("contact add Bo");
    env.ok("task add 'Call Anna' --for C1 --due 'mon 15:00' --remind 1h");
    env.ok("vdir sync pim");
    let folder = env.home().join("pim/contacts");
    let cards = files(&folder);
    assert_eq!(cards.len(), 2);
    assert_eq!(files(&env.home().join("pim/calendar")).len(), 1);
    let quiet = env.run("vdir sync pim");
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""));

    // Somebody edits a card, with what we do not know in it; somebody changes another field here afterwards.
    let card = fs::read_to_string(&cards[0]).expect("a card");
    let edited = card.replace("FN:Anna Keller", "FN:Anna Weber").replace(
        "END:VCARD",
        "NICKNAME:Ann\r\nTEL;TYPE=WORK:+49 30 23125100\r\nEND:VCARD",
    );
    fs::write(&cards[0], &edited).expect("written");
    env.ok("vdir sync pim");
    assert_eq!(
        env.ok("customer list -w id:C1 --format tsv -F name,phones --no-header"),
        "Anna Weber\t+491711234567; +493023125100\n"
    );
    assert_eq!(
        fs::read_to_string(&cards[0]).expect("a card"),
        edited,
        "it is as it was left"
    );
    env.ok("customer set C1 city=Berlin note=Hello");
    env.ok("vdir sync pim");
    let card = fs::read_to_string(&cards[0]).expect("a card");
    assert!(
        card.contains("NICKNAME:Ann\r\n") && card.contains("NOTE:Hello\r\n"),
        "{card}"
    );
    assert!(card.contains(";Berlin;"), "{card}");
    assert!(card.contains("TEL;TYPE=WORK:+49 30 23125100\r\n"), "{card}");
}

#[test]
fn a_conflict_touches_nothing() {
    let env = Env::new();
    env.ok("contact add 'Anna Keller' --note Hello");
    env.ok("vdir sync pim");
    let folder = env.home().join("pim/contacts");
    let cards = files(&folder);
    let card = fs::read_to_string(&cards[0]).expect("a card");
    fs::write(&cards[0], card.replace("NOTE:Hello", "NOTE:Theirs")).expect("written");
    env.ok("customer set C1 note=Ours");
    let run = env.run("vdir sync pim");
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("both the file and its record were changed (note)")
            && run.stderr.contains("--prefer files"),
        "{}",
        run.stderr
    );
    assert_eq!(
        env.ok("customer list -w id:C1 --format tsv -F note --no-header"),
        "Ours\n"
    );
    env.ok("vdir sync pim --prefer files");
    assert_eq!(
        env.ok("customer list -w id:C1 --format tsv -F note --no-header"),
        "Theirs\n"
    );
}

#[test]
fn files_that_come_and_go_are_records_that_do() {
    let env = Env::new();
    env.ok("contact add 'Anna Weber'");
    env.ok("contact add Bo");
    env.ok("vdir sync pim");
    let folder = env.home().join("pim/contacts");
    let cards = files(&folder);
    // What is new comes in, and keeps its name and UID; what is gone goes to the trash.
    fs::write(
        folder.join("new.vcf"),
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:abc\r\nN:Neu;Nina;;;\r\nFN:Nina Neu\r\nX-FOO:bar\r\nEND:VCARD\r\n",
    )
    .expect("written");
    fs::remove_file(&cards[1]).expect("removed");
    env.ok("vdir sync pim");
    assert_eq!(
        env.ok("customer list --format tsv -F name --sort name --no-header"),
        "Anna Weber\nNina Neu\n"
    );
    env.ok("customer set C3 title=Boss");
    env.ok("vdir sync pim");
    let new = fs::read_to_string(folder.join("new.vcf")).expect("a card");
    assert!(
        new.contains("UID:abc\r\n") && new.contains("X-FOO:bar\r\n") && new.contains("TITLE:Boss\r\n"),
        "{new}"
    );
    env.ok("customer rm C3");
    env.ok("vdir sync pim");
    assert!(!folder.join("new.vcf").exists());
}

#[test]
fn entries_of_a_folder_are_tasks() {
    let env = Env::new();
    for number in 1..=3 {
        env.ok(&format!(
            "task add 'Task {number}' --due 2026-11-2{number} --remind 1d"
        ));
    }
    env.ok("vdir sync pim --only calendar");
    let folder = env.home().join("pim/calendar");
    let names = files(&folder);
    let entry = fs::read_to_string(&names[0]).expect("an entry");
    fs::write(
        &names[0],
        entry.replace(
            "STATUS:NEEDS-ACTION",
            "STATUS:COMPLETED\r\nCOMPLETED:20261121T080000Z",
        ),
    )
    .expect("written");
    let entry = fs::read_to_string(&names[1]).expect("an entry");
    fs::write(&names[1], entry.replace("20261122\r\n", "20261128\r\n")).expect("written");
    fs::write(
        folder.join("weekly.ics"),
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:weekly\r\nDTSTART:20261123T090000Z\r\nRRULE:FREQ=WEEKLY\r\n\
         SUMMARY:Team\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    )
    .expect("written");
    fs::write(
        folder.join("once.ics"),
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:once\r\nDTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z\r\n\
         LOCATION:Room\r\nSUMMARY:Once\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    )
    .expect("written");
    env.ok("vdir sync pim --only calendar");
    assert_eq!(
        env.ok("task list --sort id --format tsv -F title,status,due,type --no-header"),
        "Task 1\tdone\t2026-11-21\ttodo\nTask 2\topen\t2026-11-28\ttodo\nTask 3\topen\t2026-11-23\ttodo\n\
         Once\topen\t2026-11-24T10:00\tmeeting\n"
    );
    // What is done has no place there any more; what repeats by itself is the calendar's alone.
    env.ok("vdir sync pim --only calendar");
    assert!(!names[0].exists() && folder.join("weekly.ics").exists());
    env.ok("task set T4 due='2026-11-25 11:00'");
    env.ok("vdir sync pim --only calendar");
    let once = fs::read_to_string(folder.join("once.ics")).expect("an entry");
    assert!(
        once.contains("DTSTART:20261125T100000Z") && once.contains("LOCATION:Room"),
        "{once}"
    );

    // So many at once are no news that is believed.
    for entry in fs::read_dir(&folder).expect("a folder") {
        fs::remove_file(entry.expect("an entry").path()).expect("removed");
    }
    let run = env.run("vdir sync pim --only calendar");
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert_eq!(env.ok("task list -w is:open --format ids").lines().count(), 3);
    env.ok("vdir sync pim --only calendar --allow-deletions");
    assert_eq!(env.ok("task list -w is:open --format ids").lines().count(), 0);
}

#[test]
fn a_renamed_file_is_of_the_same_record() {
    let env = Env::new();
    env.ok("contact add 张伟");
    env.ok("task add '写报价单' --due 2026-11-21");
    env.ok("vdir sync pim");
    let (contacts, tasks) = (env.home().join("pim/contacts"), env.home().join("pim/calendar"));
    let foreign = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:one\r\nFN:王秀英\r\nEND:VCARD\r\n";
    fs::write(contacts.join("one.vcf"), foreign).expect("written");
    env.ok("vdir sync pim");

    // One is renamed as it was, one was changed as well, and of one the record was.
    fs::write(
        contacts.join("王.vcf"),
        foreign.replace("END", "TITLE:经理\r\nEND"),
    )
    .expect("written");
    fs::remove_file(contacts.join("one.vcf")).expect("removed");
    for (folder, new) in [(&contacts, "张.vcf"), (&tasks, "offer.ics")] {
        let own = files(folder).into_iter().find(|path| !path.ends_with("王.vcf"));
        fs::rename(own.expect("a file"), folder.join(new)).expect("renamed");
    }
    env.ok("task set T1 title='写新报价单'");
    env.ok("vdir sync pim");
    assert_eq!(env.ok("trash list --format ids"), "");
    assert_eq!(
        env.ok("customer list --sort id --format tsv -F name,title --no-header"),
        "张伟\t\n王秀英\t经理\n"
    );
    assert_eq!(files(&contacts).len(), 2);
    let offer = fs::read_to_string(tasks.join("offer.ics")).expect("an entry");
    assert!(offer.contains("SUMMARY:写新报价单"), "{offer}");
    assert_eq!(files(&tasks).len(), 1);
}

/// A calendar of these lines.
fn calendar(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\n{lines}\nEND:VCALENDAR\n").replace('\n', "\r\n")
}

#[test]
fn of_several_versions_of_an_entry_the_latest_counts() {
    let env = Env::new();
    let version = |sequence: u32, title: &str| {
        format!(
            "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20270102T100000Z\nDTSTART:20270102T140000Z\nSUMMARY:{title}\n\
             SEQUENCE:{sequence}\nEND:VEVENT\n"
        )
    };
    for (first, second) in [(1, 3), (3, 1)] {
        let lines = [version(first, "标题一"), version(second, "标题二")].concat();
        fs::write(env.home().join("c.ics"), calendar(&lines)).expect("written");
        let run = env.run("import c.ics --dry-run --format tsv");
        let latest = if first > second { "标题一" } else { "标题二" };
        assert!(
            run.stdout
                .lines()
                .any(|line| line.contains("create") && line.contains(latest)),
            "{}",
            run.stdout
        );
        let run = env.run("import c.ics");
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(
            run.stderr.contains(
                "a later version of the same UID and RECURRENCE-ID 20270102T100000Z (SEQUENCE 3 after 1)"
            ),
            "{}",
            run.stderr
        );
        assert_eq!(
            env.ok("task list --format tsv -F title --no-header"),
            format!("{latest}\n")
        );
        env.ok("undo");
    }
    // Nothing tells which of two counts whose versions are the same.
    let lines = [version(2, "One"), version(2, "Two")].concat();
    fs::write(env.home().join("c.ics"), calendar(&lines)).expect("written");
    let run = env.run("import c.ics");
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert!(
        run.stderr.contains("SEQUENCE 2, and says something else"),
        "{}",
        run.stderr
    );
}

#[test]
fn nothing_of_a_calendar_goes_without_a_word() {
    let env = Env::new();
    let lines = "X-WR-CALNAME:课表\nBEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20041231\nRRULE:FREQ=YEARLY\n\
                 SUMMARY:除夕\nBEGIN:VLOCATION\nNAME:大礼堂\nEND:VLOCATION\nEND:VEVENT";
    fs::write(env.home().join("c.ics"), calendar(lines)).expect("written");
    let run = env.run("import c.ics");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("line 2 is of no entry and left out: X-WR-CALNAME: 课表"),
        "{}",
        run.stderr
    );
    let note = env.ok("task list --format json -F note");
    assert!(
        note.contains("DTSTART: 2004-12-31") && note.contains("NAME: 大礼堂"),
        "{note}"
    );
}

#[test]
fn a_refused_card_comes_back_whole() {
    let env = Env::new();
    let card = "BEGIN:VCARD\nNOTE:Likes tea\nX-FOO:bar\nADR:;;Hauptstr. 1;Kiel;;24103;DE\n\
                ADR;TYPE=home:;;Nebenstr. 2;Bonn;;53111;DE\nEND:VCARD\n";
    fs::write(env.home().join("c.vcf"), card).expect("written");
    assert_eq!(env.run("import c.vcf --errors refused.ndjson").code, 6);
    let refused = fs::read_to_string(env.home().join("refused.ndjson")).expect("refused");
    assert!(refused.contains(r#"Likes tea\n\nX-FOO: bar"#), "{refused}");
    let mended = refused.replace(r#"{"type""#, r#"{"name":"Ann","type""#);
    fs::write(env.home().join("mended.ndjson"), mended).expect("written");
    env.ok("import customer mended.ndjson");
    let known = env.ok("customer list --format json -F name,note,address,address_details");
    for text in ["Ann", "Likes tea", "Hauptstr. 1", "Nebenstr. 2"] {
        assert!(known.contains(text), "{known}");
    }
}

#[test]
fn groups_label_who_is_known_and_name_the_others() {
    let env = Env::new();
    let cards = "BEGIN:VCARD\nUID:one\nFN:王秀英\nCATEGORIES:My Contacts\nEND:VCARD\n\
                 BEGIN:VCARD\nKIND:group\nFN:客户\nMEMBER:one\nMEMBER:urn:uuid:two\nEND:VCARD\n";
    fs::write(env.home().join("c.vcf"), cards).expect("written");
    let run = env.run("import c.vcf");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("1 of the 2 members of 客户 is not known here: urn:uuid:two")
            && run.stderr.contains("CATEGORIES (My Contacts)"),
        "{}",
        run.stderr
    );
    assert_eq!(
        env.ok("customer list --format tsv -F name,tags --no-header"),
        "王秀英\t客户\n"
    );
}

#[test]
fn a_broken_card_of_a_folder_is_told_with_its_line() {
    let env = Env::new();
    env.ok("contact add 'Anna Keller'");
    env.ok("vdir sync pim");
    let folder = env.home().join("pim/contacts");
    fs::write(
        folder.join("x.vcf"),
        "\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n",
    )
    .expect("written");
    let run = env.run("vdir sync pim");
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert!(
        run.stderr.contains("x.vcf: line 2: the card says nothing"),
        "{}",
        run.stderr
    );
}
