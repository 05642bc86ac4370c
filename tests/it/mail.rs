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
