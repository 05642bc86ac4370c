//! `crm form`: from what a web server hands over to a customer whom somebody calls.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use serde_json::Value as Json;

use crate::env::{Env, Run};

/// Runs the program with a body on stdin.
fn piped(env: &Env, line: &str, body: impl AsRef<[u8]>) -> Run {
    let mut child = env
        .command(line)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("stdin");
    stdin.write_all(body.as_ref()).expect("it reads");
    drop(stdin);
    Run::of(child.wait_with_output().expect("it ends"))
}

fn answers(run: &Run) -> Vec<Json> {
    let lines = run.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect()
}

fn names(env: &Env, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(env.home().join(folder)).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    names
}

fn with_form() -> Env {
    let env = Env::new();
    env.ok("user add Ann");
    env.ok("user add 陈晓");
    env.ok(
        "form add contact -e 姓名=name -e email! -e tel=phones -e firma=company -e 'message;label=Question' \
         -e 'budget=;label=Budget' --source web_form --campaign 'Fair 2026' --tag web --assign Ann,陈晓 \
         --next 'Call back' --due tomorrow --honeypot url region=DE",
    );
    env
}

#[test]
fn a_name_that_is_taken_is_no_double_to_be_made_all_the_same() {
    let env = Env::new();
    env.ok("init");
    env.ok("form add contact -e name");
    let run = env.run("form add contact -e name");
    assert_eq!(run.code, 4);
    assert!(!run.stderr.contains("--on-duplicate"), "{}", run.stderr);
    env.ok("customer add Eve --email eve@moss.example");
    let run = env.run("customer add Eve --email eve@moss.example");
    assert!(run.stderr.contains("--on-duplicate create"), "{}", run.stderr);
}

#[test]
fn from_a_folder_to_a_customer_whom_somebody_calls() {
    let env = with_form();
    let spool = env.home().join("spool");
    fs::create_dir_all(spool.join("contact")).expect("a folder");
    let write = |name: &str, body: &[u8]| fs::write(spool.join(name), body).expect("a file");
    write(
        "contact/1",
        "姓名=%E5%BC%A0%E4%BC%9F&email=zw%40yunfan.example&tel=030+901820&firma=云帆&message=你好&budget=10k"
            .as_bytes(),
    );
    write("contact/2.json", br#"{"email":"ben@firm.example"}"#);
    write(
        "contact/3.ndjson",
        b"{\"email\":\"cid@firm.example\"}\n{\"email\":\"nobody\",\"tel\":\"1\"}\n",
    );
    write("contact/.4.json", b"{\"email\":\"half");
    write("contact.5.json", br#"{"email":"dora@firm.example"}"#);
    write("else.json", b"{}");
    let run = env.run("form spool spool");
    assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{}", run.stderr);
    assert!(
        run.stderr
            .contains("3.ndjson, line 2: email: \"nobody\" is not an e-mail address"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("else.json: it belongs to no form"),
        "{}",
        run.stderr
    );
    assert_eq!(names(&env, "spool"), ["contact", "done", "else.json"]);
    assert_eq!(names(&env, "spool/done"), ["contact.5.json"]);
    assert_eq!(names(&env, "spool/contact"), ["done", "failed"]);
    assert_eq!(names(&env, "spool/contact/done"), ["1", "2.json"]);
    assert_eq!(
        names(&env, "spool/contact/failed"),
        ["3.ndjson", "3.ndjson.answers.ndjson"]
    );
    assert!(spool.join("contact/.4.json").exists(), "what is not whole stays");
    let answers = fs::read_to_string(spool.join("contact/failed/3.ndjson.answers.ndjson")).expect("answers");
    assert!(
        answers
            .lines()
            .nth(1)
            .expect("two")
            .contains("\"accepted\":false"),
        "{answers}"
    );

    let shown = "customer list -w type:person --sort id -F name,emails,phones,company.name,source,tags,owner,lifecycle";
    assert_eq!(
        env.ok(shown).lines().next(),
        Some("dora@firm.example\tdora@firm.example\t\t\tweb_form\tFair 2026; web\tAnn\tlead")
    );
    assert_eq!(
        env.ok("customer list -w name:张伟 -F name,emails,phones,company.name,owner"),
        "张伟\tzw@yunfan.example\t+4930901820\t云帆\t陈晓\n"
    );
    assert_eq!(
        env.ok("task list -w customer.name:张伟 -F title,due,assignee"),
        "Call back\t2026-11-22\t陈晓\n"
    );
    assert!(
        env.ok("activity list -w customer.name:张伟 -F text --format json")
            .contains("Budget: 10k")
    );
    assert_eq!(env.run("check").code, 0);
}

#[test]
fn a_file_that_comes_back_is_known() {
    let env = with_form();
    let spool = env.home().join("spool");
    fs::create_dir(&spool).expect("a folder");
    fs::write(spool.join("contact.json"), br#"{"email":"ben@firm.example"}"#).expect("a file");
    for _ in 0..2 {
        let run = env.run("form spool spool");
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    }
    fs::rename(spool.join("done/contact.json"), spool.join("contact.json")).expect("it moves");
    let run = env.run("form spool spool --format ndjson");
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("\"repeated\":true"), "{}", run.stdout);
    assert_eq!(env.ok("form submissions contact --format ids"), "1\n");
    fs::write(spool.join("contact.json"), br#"{"email":"cid@firm.example"}"#).expect("a file");
    env.ok("form spool spool");
    assert_eq!(
        env.ok("form submissions contact --format ids"),
        "2\n1\n",
        "the content is another"
    );
    assert_eq!(names(&env, "spool/done"), ["contact-2.json", "contact.json"]);
}

#[test]
fn one_run_at_a_time_works_on_a_folder() {
    let env = with_form();
    fs::create_dir(env.home().join("in")).expect("a folder");
    for number in 0..40 {
        let body = format!("email=a{number}%40b.example");
        fs::write(env.home().join(format!("in/{number}")), body).expect("a file");
    }
    let runs: Vec<_> = (0..4)
        .map(|_| {
            env.command("form spool in --form contact")
                .stderr(Stdio::piped())
                .spawn()
                .expect("the program starts")
        })
        .collect();
    for run in runs {
        let run = Run::of(run.wait_with_output().expect("it ends"));
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    }
    env.ok("form spool in --form contact");
    assert_eq!(names(&env, "in"), ["done"]);
    assert_eq!(names(&env, "in/done").len(), 40);
    assert_eq!(env.ok("customer list --format ids").lines().count(), 40);
    assert_eq!(
        env.ok("form list -F key,submissions,rejected"),
        "contact\t40\t0\n"
    );
}

#[test]
fn bodies_are_answered_line_by_line() {
    let env = with_form();
    let run = piped(
        &env,
        "form submit contact -",
        r#"{"email":"ann@firm.example","extra":1}"#,
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    let expected = r#"{"file":null,"line":1,"submission":1,"accepted":true,"outcome":"created","customer":{"id":"C1","name":"ann@firm.example"},"owner":"Ann","task":"T1","token":null,"errors":[],"unknown":["extra"],"repeated":false}"#;
    assert_eq!(run.stdout.trim_end(), expected);
    let run = piped(
        &env,
        "form submit contact",
        "{\"email\":\"ben@firm.example\"}\n{\"email\":\"nobody\"}\nnonsense\n",
    );
    assert_eq!(run.code, 6);
    let lines = answers(&run);
    let accepted: Vec<bool> = lines.iter().map(|line| line["accepted"] == true).collect();
    assert_eq!(accepted, [true, false, false], "{}", run.stdout);
    assert_eq!(lines[1]["errors"][0]["field"], "email");
    assert_eq!(lines[2]["line"], 3);
    let form = "--x7\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\ncid@firm.example\r\n--x7--\r\n";
    let run = piped(&env, "form submit contact - --format csv", form);
    assert_eq!(
        run.stdout.lines().nth(1),
        Some("5,created,C3,cid@firm.example,Ann,T3,,,")
    );
    let spam = piped(&env, "form submit contact", "email=bot%40x.example&url=buy");
    assert_eq!(
        (spam.code, answers(&spam)[0]["outcome"].as_str()),
        (0, Some("spam"))
    );
    let run = piped(&env, "form submit contact --dry-run", "email=dry%40x.example");
    assert_eq!((run.code, answers(&run)[0]["submission"].is_null()), (0, true));
    assert_eq!(env.ok("customer list --format ids").lines().count(), 3);

    for (line, body, code) in [
        ("form submit contact", "", 5),
        ("form submit contact", "[]", 5),
        ("form submit nothing", "email=a%40b.example", 3),
        ("form submit contact nowhere", "", 3),
        ("form submit contact --from xml", "email=a%40b.example", 2),
        ("form submit contact --encoding klingon", "email=a%40b.example", 2),
        (
            "form submit contact --key 1",
            "{\"email\":\"a@b.example\"}{\"email\":\"c@d.example\"}",
            2,
        ),
    ] {
        assert_eq!(piped(&env, line, body).code, code, "{line} {body}");
    }
    env.ok("form set contact active=no");
    let run = piped(&env, "form submit contact", "email=a%40b.example");
    assert_eq!(run.code, 5, "{}", run.stderr);
}

#[test]
fn what_was_refused_is_listed_and_tried_again() {
    let env = with_form();
    piped(&env, "form submit contact", "email=nobody&姓名=张三");
    piped(&env, "form submit contact", "email=a%40b.example");
    assert_eq!(
        env.ok("form submissions contact --outcome rejected --format csv").lines().nth(1).map(|line| line.replace("2026-11-21T09:00:00Z", "…")),
        Some("1,contact,…,rejected,,,\"email: \"\"nobody\"\" is not an e-mail address: it has no @\",\"{\"\"email\"\":\"\"nobody\"\",\"\"姓名\"\":\"\"张三\"\"}\",Fair 2026,,".to_owned())
    );
    let object: Json =
        serde_json::from_str(&env.ok("form submissions --number 1 --format ndjson")).expect("JSON");
    assert_eq!(object["payload"]["姓名"], "张三");
    assert_eq!(
        env.ok("form submissions --number 1 --json=outcome,no"),
        "[\n{\"kind\":\"submission\",\"outcome\":\"rejected\",\"no\":1}\n]\n"
    );
    let run = env.run("form submissions --json=outcom");
    assert!(
        run.code == 2 && run.stderr.contains("did you mean outcome"),
        "{}",
        run.stderr
    );
    assert_eq!(env.run("form submit contact .").code, 2);
    assert_eq!(env.run("form submissions --outcome wrong").code, 2);
    assert_eq!(env.run("form submissions --outcome spam --fail-empty").code, 3);
    let run = env.run("form retry 1 --set email=zhang@b.example");
    assert_eq!(
        (run.code, answers(&run)[0]["customer"]["name"].as_str()),
        (0, Some("张三")),
        "{}",
        run.stderr
    );
    assert_eq!(env.run("form retry 1").code, 4);
    assert_eq!(env.run("form retry 99").code, 3);
    assert_eq!(env.run("form retry").code, 2);
    env.ok("undo");
    assert_eq!(env.ok("form submissions --outcome rejected --format ids"), "1\n");
    assert_eq!(
        env.run("form retry --form contact").code,
        8,
        "many at once need a yes"
    );
    assert_eq!(env.run("form retry --form contact --yes").code, 6);
}

#[test]
fn an_address_is_confirmed_by_a_secret_that_the_base_does_not_know() {
    let env = Env::new();
    env.ok("form add news -e email! -e ok!=consent --consent 'One letter a month' --double-opt-in");
    let run = piped(&env, "form submit news", "email=a%40b.example&ok=on");
    let answer = &answers(&run)[0];
    assert_eq!(answer["outcome"], "pending_confirm");
    let token = answer["token"].as_str().expect("a token");
    assert_eq!(token.len(), 32);
    assert_eq!(env.ok("customer list"), "");
    let bytes = fs::read(env.base()).expect("the base");
    let wal = fs::read(env.base().with_extension("db-wal")).unwrap_or_default();
    let stored = String::from_utf8_lossy(&bytes).into_owned() + &String::from_utf8_lossy(&wal);
    assert!(!stored.contains(token), "only the hash is kept");
    assert_eq!(env.run("form confirm 0000").code, 3);
    let run = piped(&env, "form confirm -", format!("{token}\n"));
    assert_eq!(
        (run.code, answers(&run)[0]["outcome"].as_str()),
        (0, Some("created")),
        "{}",
        run.stderr
    );
    assert_eq!(
        answers(&env.run(&format!("form confirm {token}")))[0]["repeated"],
        true
    );
    assert!(env.ok("activity list -F text").contains("One letter a month"));
}

#[test]
fn forms_are_records_like_others() {
    let env = with_form();
    piped(&env, "form submit contact", "email=a%40b.example");
    let page = env.ok("form html contact --action /send --lang zh");
    assert!(
        page.contains("<input type=\"email\" id=\"f2\" name=\"email\" required autocomplete=\"email\">"),
        "{page}"
    );
    assert!(page.contains("请留空") && !page.contains("<script"), "{page}");
    assert_eq!(env.run("form add contact").code, 4);
    assert_eq!(env.run("form add other -e nonsense").code, 5);
    assert!(env.ok("form show contact --format json").contains("Fair 2026"));
    assert_eq!(
        env.ok("form list -w on_duplicate:update_blank -F key"),
        "contact\n"
    );
    env.ok("form add two -e email! --on-duplicate note --assign Ann");
    assert_eq!(
        env.ok("form list --sort key -F key,on_duplicate,assign")
            .lines()
            .last(),
        Some("two\tnew_activity\tAnn")
    );
    env.ok("form rm two");
    assert_eq!(env.ok("form list -F key"), "contact\n");
    env.ok("form restore two");

    // A base of its dump is the same base, with everything that was ever sent.
    env.ok("dump out");
    let run = env.run("--db other.db load out");
    assert_eq!(run.code, 0, "{}", run.stderr);
    for line in ["form list --format ndjson", "form submissions --format ndjson"] {
        assert_eq!(env.ok(&format!("--db other.db {line}")), env.ok(line), "{line}");
    }
    assert_eq!(
        env.ok("sql 'SELECT form, outcome, customer_ref FROM v_form_submission'"),
        "contact\tcreated\tC1\n"
    );

    // The definitions alone travel as records do.
    let exported = env.ok("export form --format ndjson");
    fs::write(env.home().join("forms.ndjson"), exported).expect("a file");
    env.ok("--db third.db user add Ann");
    env.ok("--db third.db user add 陈晓");
    env.ok("--db third.db import form forms.ndjson");
    let shown = "form list --sort key -F key,entries,assign,tags,source,next --format json";
    assert_eq!(env.ok(&format!("--db third.db {shown}")), env.ok(shown));
}

#[test]
fn a_narrow_screen_says_what_it_leaves_out() {
    let env = with_form();
    piped(&env, "form submit contact", "email=nobody&姓名=张三");
    let printed = |width: &str| {
        let mut command = env.command("form submissions");
        command
            .env("TERM", "xterm")
            .env("CRM_WIDTH", width)
            .env("CRM_NO_INPUT", "1");
        let output = command.output().expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, stdout, stderr) = printed("80");
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("ERRORS"), "{stdout}");
    assert!(
        stderr.contains("not enough room for: ") && stderr.contains("assignee"),
        "{stderr}"
    );
    assert!(
        !stdout.contains('\u{1b}'),
        "a pipe gets no colour, however wide it is"
    );
    assert!(printed("300").2.is_empty());
}
