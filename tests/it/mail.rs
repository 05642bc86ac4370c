//! E-mail in and out, as a mail program or a filter calls it.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::env::{Env, Run};

/// Runs the program with something on stdin.
pub(crate) fn fed(env: &Env, line: &str, input: &str) -> Run {
    let mut child = env
        .command(line)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that refuses its arguments does not wait for what is sent to it.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    Run::of(child.wait_with_output().expect("the program ends"))
}

fn base() -> Env {
    let env = Env::new();
    env.ok("init");
    env.ok("user set self email=me@us.example");
    env.ok("customer add 'Ann Lee' --email ann@firm.example");
    env.ok("customer add 张伟 --email zhangwei@yunfan.example");
    env
}

const OFFER: &str = "From: Ann <ann@firm.example>\nTo: me@us.example\nMessage-ID: <1@firm.example>\n\
                     Date: Fri, 20 Nov 2026 09:00:00 +0100\nSubject: Offer\nMIME-Version: 1.0\n\
                     Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHere it is.\n\
                     --b\nContent-Type: text/plain; name=\"../a b.txt\"\nContent-Disposition: attachment\n\nnumbers\n--b--\n";

#[test]
fn a_filter_knows_by_the_exit_code() {
    let env = base();
    let run = fed(&env, "mail ingest -", OFFER);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert_eq!(run.stderr, "1 logged\n");
    let run = fed(&env, "mail ingest -q", OFFER);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let stranger = "From: eve@strange.example\nTo: me@us.example\n\nHello\n";
    assert_eq!(fed(&env, "mail ingest -q", stranger).code, 0);
    assert_eq!(fed(&env, "mail ingest -q --fail-empty", stranger).code, 3);
    let run = fed(&env, "mail ingest -q", "name,email\n");
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert!(run.stderr.contains("no message"), "{}", run.stderr);
    let mbox =
        format!("From x Thu Jan  1 00:00:00 1970\nnothing\n\nFrom x Thu Jan  1 00:00:00 1970\n{stranger}");
    assert_eq!(fed(&env, "mail ingest -q", &mbox).code, 6);
    assert_eq!(env.run("mail ingest nowhere").code, 3);
    assert_eq!(
        env.ok("activity list --format csv -F type,direction,customer,text")
            .replace('\r', ""),
        "type,direction,customer,text\nemail,in,C1,\"Offer\n\nHere it is.\n\n[../a b.txt]\"\n"
    );
}

#[test]
fn a_maildir_is_read_and_nothing_twice() {
    let env = base();
    let mail = env.home().join("Mail");
    for folder in ["cur", "new", "tmp", ".Sent/cur"] {
        fs::create_dir_all(mail.join(folder)).unwrap();
    }
    fs::write(mail.join("cur/1.host:2,S"), OFFER).unwrap();
    fs::write(mail.join(".Sent/cur/2"), OFFER).unwrap();
    fs::write(mail.join("tmp/3"), "half").unwrap();
    fs::write(mail.join("dovecot-uidlist"), "3 V1\n").unwrap();
    fs::write(
        mail.join("new/4"),
        "From: me@us.example\nTo: =?utf-8?B?5byg5Lyf?= <zhangwei@yunfan.example>\n\
         Date: Fri, 20 Nov 2026 10:00:00 +0100\nSubject: =?gb2312?B?sai82w==?=\n\
         Content-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: base64\n\nxPq6w6Os\n",
    )
    .unwrap();
    let rehearsed = env.ok("mail ingest Mail --dry-run --format csv");
    assert_eq!(rehearsed.lines().count(), 4, "{rehearsed}");
    assert!(rehearsed.contains("known"), "{rehearsed}");
    assert_eq!(env.ok("activity list --format ids"), "");
    env.ok("mail ingest Mail --attachments");
    assert_eq!(
        env.ok("activity list --format csv -F direction,customer,text --sort at")
            .replace('\r', ""),
        "direction,customer,text\nin,C1,\"Offer\n\nHere it is.\"\nout,C2,\"报价\n\n您好，\"\n"
    );
    let listed = env.ok("attachment list A1 --format csv");
    assert!(listed.contains(".._a b.txt"), "{listed}");
    env.ok("attachment verify");
    assert_eq!(env.ok("mail thread mail:1@firm.example --format ids"), "A1\n");
    assert!(env.ok("mail thread A1 --whole").contains("Here it is."));
    env.ok("undo");
    assert_eq!(env.ok("activity list --format ids"), "");
    env.ok("check");
}

#[test]
fn a_draft_is_for_a_mail_program_to_send() {
    let env = base();
    let path = env.ok("mail templates --new offer");
    assert!(path.trim_end().ends_with("templates/offer.eml"), "{path}");
    assert_eq!(env.run("mail templates --new offer").code, 4);
    let listed = env.ok("mail templates --format csv");
    assert!(listed.contains("offer,Our offer for"), "{listed}");
    env.ok("mail draft offer C2 --log -o m.eml");
    let message = fs::read_to_string(env.home().join("m.eml")).unwrap();
    assert!(
        message.contains("To: =?utf-8?B?5byg5Lyf?= <zhangwei@yunfan.example>\n"),
        "{message}"
    );
    assert!(
        message.contains("charset=utf-8\n") && message.contains("Dear 张伟,"),
        "{message}"
    );
    assert_eq!(env.ok("activity list --format ids"), "A1\n");
    assert_eq!(fed(&env, "mail ingest", &message).stderr, "0 logged, 1 known\n");
    let run = env.run("mail draft ofer C2");
    assert!(run.code == 3 && run.stderr.contains("offer"), "{}", run.stderr);
    let run = fed(&env, "mail draft - C1", "Subject: x\n\n{{ customer.naem }}");
    assert_eq!(run.code, 5);
    assert!(run.stderr.contains("customer.name"), "{}", run.stderr);
    assert_eq!(fed(&env, "mail draft - C1", "no template").code, 5);
    let json = fed(&env, "mail draft - C1 --json", "Subject: x\n\ny").stdout;
    assert!(json.contains("\"subject\":\"x\""), "{json}");
    assert_eq!(
        fed(&env, "mail draft - C1 --format csv", "Subject: x\n\ny").code,
        2
    );
    env.ok("customer set C1 do_not_contact=yes");
    assert_eq!(fed(&env, "mail draft - C1", "Subject: x\n\ny").code, 5);
}

#[test]
fn mail_programs_complete_addresses() {
    let env = base();
    env.ok("customer set C2 title=总经理 emails+=second@yunfan.example");
    let expected = "\nzhangwei@yunfan.example\t张伟\t总经理\nsecond@yunfan.example\t张伟\t总经理\n";
    for words in ["张伟", "zhangwei", "zw", "yunfan"] {
        assert_eq!(env.ok(&format!("address-book {words}")), expected, "{words}");
    }
    assert_eq!(env.ok("address-book zw --no-header --limit 1").lines().count(), 1);
    assert_eq!(env.ok("address-book nobody"), "\n");
    assert_eq!(env.run("address-book nobody --fail-empty").code, 3);
}

#[test]
fn what_a_message_is_called_and_what_it_lacks_is_understood() {
    let env = base();
    let undated = "From: ann@firm.example\nTo: me@us.example\nMessage-ID: <2@firm>\nSubject: 好\n\n你好\n";
    let run = fed(&env, "mail ingest -", undated);
    assert_eq!(
        run.stderr,
        "1 message has no date that can be right, and is logged as of now\n1 logged\n"
    );
    for name in ["mail:2@firm", "'mail:<2@firm>'", "'<2@firm>'", "A1"] {
        let thread = env.ok(&format!("mail thread {name} --whole"));
        assert!(thread.contains("你好"), "{name}: {thread}");
    }
    assert_eq!(env.run("mail thread '<3@firm>'").code, 3);
    let run = env.run("mail draft offer C1");
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("`crm mail templates`"), "{}", run.stderr);
    assert!(run.stderr.contains("--new offer"), "{}", run.stderr);
}

#[test]
fn a_conversation_goes_along_with_an_export() {
    let env = base();
    let answer = "From: ann@firm.example\nTo: me@us.example\nMessage-ID: <2@firm.example>\n\
                  In-Reply-To: <1@firm.example>\nDate: Fri, 20 Nov 2026 10:00:00 +0100\nSubject: Re: Offer\n\n\
                  Thanks\n\n-- \nAnn\n";
    for message in [OFFER, answer] {
        assert_eq!(fed(&env, "mail ingest -", message).code, 0);
    }
    let other = Env::new();
    other.ok("init");
    for noun in ["customer", "activity"] {
        let exported = env.ok(&format!("export {noun} --format ndjson"));
        let run = fed(&other, &format!("import {noun} - --from ndjson"), &exported);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    let exported = env.ok("export activity --format ndjson");
    assert!(
        exported.contains(r#""letter":[{"thread":"1@firm.example""#),
        "{exported}"
    );
    assert_eq!(other.ok("export activity --format ndjson"), exported);
    let whole = env.ok("mail thread A2 --whole");
    assert!(whole.contains("-- \nAnn"), "{whole}");
    assert_eq!(other.ok("mail thread A1 --whole"), whole);
    other.ok("user set self email=me@us.example");
    assert!(fed(&other, "mail ingest -", answer).stderr.contains("1 known"));
    let third = answer
        .replace("<1@", "<0@")
        .replace("<2@", "<3@")
        .replace("<0@", "<2@");
    assert_eq!(fed(&other, "mail ingest -", &third).code, 0);
    assert_eq!(
        other
            .ok("mail thread '<3@firm.example>' --format ids")
            .lines()
            .count(),
        3
    );
    other.ok("check");
}
