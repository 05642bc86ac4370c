//! `crm article`, and what tickets do with articles.

use serde_json::Value as Json;

use crate::env::Env;

/// A base with a ticket of 张伟, a canned reply and an article.
fn filled() -> Env {
    let env = Env::new();
    env.ok("customer add 张伟 --email zhang@east.example");
    env.ok("ticket add '打印机卡纸' --customer C1");
    env.ok("article add hello --body '{{ customer.name }}，您好！{{ ticket.id }}' --title 问候 --reply --publish --language zh");
    env.ok("article add 卡纸 --body '# 打印机卡纸怎么办\n\n先打开上盖。' --topic 打印机 --tag 硬件");
    env
}

#[test]
fn an_article_is_written_shown_and_found() {
    let env = filled();
    assert_eq!(
        env.ok("article list -F key,type,status,language,topic,title,tags,tickets --sort key"),
        "hello\treply\tpublished\tzh\t\t问候\t\t0\n\
         卡纸\tarticle\tdraft\t\t打印机\t打印机卡纸怎么办\t硬件\t0\n"
    );
    let shown = env.ok("article show 卡纸 --format table");
    assert!(
        shown.contains("先打开上盖。") && shown.contains("打印机卡纸怎么办"),
        "{shown}"
    );
    assert_eq!(env.ok("find 上盖"), "article\t卡纸\t打印机卡纸怎么办\t\n");
    assert_eq!(env.ok("find dayinji --kind article --format ids"), "卡纸\n");
    assert_eq!(env.ok("article list -w 'is:published' -F key"), "hello\n");
    env.ok("article set 卡纸 status=archived");
    assert_eq!(env.ok("article list -w is:archived -F key"), "卡纸\n");
    let run = env.run("article add hello");
    assert_eq!(run.code, 4, "{}", run.stderr);
    let run = env.run("article set hello 'body={{ custmer.name }}'");
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert!(run.stderr.contains("did you mean customer?"), "{}", run.stderr);
    env.ok("article rm 卡纸");
    assert_eq!(env.run("article show 卡纸").code, 3);
    env.ok("article restore 卡纸");
    std::fs::write(env.home().join("start.md"), "# Start it\n\nPress both keys.\n").expect("a file");
    env.ok("article add start --body @start.md");
    assert_eq!(env.ok("article show start --template '{title}'"), "Start it\n");
    assert_eq!(env.ok("article list -w '+硬件' -F key"), "卡纸\n");
    assert_eq!(env.ok("tag list -F name,records"), "硬件\t1\n");
}

#[test]
fn a_canned_reply_is_rehearsed_and_sent() {
    let env = filled();
    let run = env.run("ticket reply K1 --canned hello 稍等 --dry-run");
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "张伟，您好！K1\n\n稍等\n"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("dry run"), "{}", run.stderr);
    let json: Json =
        serde_json::from_str(&env.ok("ticket reply K1 --canned hello --dry-run --json")).expect("JSON");
    assert_eq!(json[0]["text"], "张伟，您好！K1");
    assert_eq!(env.ok("ticket show K1 --template '{replies} {articles}'"), "0 \n");
    env.ok("ticket reply K1 --canned hello 稍等 --wait --channel wechat");
    assert_eq!(
        env.ok("ticket show K1 --template '{replies} {articles} {status}'"),
        "1 hello waiting_customer\n"
    );
    let page = env.ok("ticket show K1 --format table");
    assert!(page.contains("张伟，您好！K1") && page.contains("问候"), "{page}");
    for (line, code, said) in [
        (
            "ticket reply K1 --canned 卡纸",
            5,
            "卡纸 is an article and no canned reply",
        ),
        ("ticket reply K1 --canned helo", 3, "did you mean hello?"),
        ("ticket reply K1", 2, "<TEXT>"),
    ] {
        let run = env.run(line);
        assert_eq!(run.code, code, "{line}: {}", run.stderr);
        assert!(run.stderr.contains(said), "{line}: {}", run.stderr);
    }
    env.ok("article add due --reply --publish --body 'Until {{ ticket.due_at }}, {{ contact.name }}'");
    let run = env.run("ticket reply K1 --canned due");
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert!(
        run.stderr.contains("nothing is known of contact.name"),
        "{}",
        run.stderr
    );
    env.ok("undo");
    env.ok("undo");
    assert_eq!(env.ok("ticket show K1 --template '{replies} {articles}'"), "0 \n");
}

#[test]
fn tickets_are_linked_to_what_helped_them() {
    let env = filled();
    env.ok("ticket add 'Printers stop' --customer C1 --field articles=hello");
    env.ok("ticket link K1 K2 --article 卡纸");
    assert_eq!(
        env.ok("ticket list -w article:卡纸 --format ids").lines().count(),
        2
    );
    assert_eq!(
        env.ok("ticket list -w 'article:hello' -F id,articles"),
        "K2\thello; 卡纸\n"
    );
    assert_eq!(
        env.ok("article list -w 'is:used' -F key,tickets --sort key"),
        "hello\t1\n卡纸\t2\n"
    );
    let page = env.ok("article show 卡纸 --format table");
    assert!(page.contains("K1") && page.contains("K2"), "{page}");
    assert!(env.ok("history K2").contains("articles"));
    let run = env.run("article rm 卡纸");
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert!(run.stderr.contains("it helped tickets (2)"), "{}", run.stderr);
    assert_eq!(
        env.ok("sql 'SELECT * FROM v_ticket_article ORDER BY 1, 2'"),
        "K1\t卡纸\nK2\thello\nK2\t卡纸\n"
    );
    // All of it goes wherever a base goes.
    env.ok("dump out");
    env.ok("--db other.db load out");
    for noun in ["article", "ticket"] {
        env.ok(&format!("export {noun} --format ndjson -o {noun}.ndjson"));
        assert_eq!(
            env.ok(&format!("--db other.db export {noun} --format ndjson")),
            env.ok(&format!("export {noun} --format ndjson")),
            "{noun}"
        );
    }
    env.ok("export customer --format ndjson -o customer.ndjson");
    for noun in ["article", "customer", "ticket"] {
        env.ok(&format!("--db third.db import {noun} {noun}.ndjson"));
    }
    for line in [
        "article list -F uid,key,type,status,language,topic,title,body,tags,tickets --sort key --format json",
        "ticket list -F id,name,articles --sort id --format json",
    ] {
        assert_eq!(env.ok(&format!("--db third.db {line}")), env.ok(line), "{line}");
    }
    let csv = env.ok("article list -F key,title,body,tags --sort key --format csv --header");
    std::fs::write(env.home().join("articles.csv"), csv).expect("a file");
    env.ok("--db fourth.db import article articles.csv");
    assert_eq!(
        env.ok("--db fourth.db article list -F key,title,tags --sort key"),
        env.ok("article list -F key,title,tags --sort key")
    );
    env.ok("ticket merge K1 K2");
    assert_eq!(
        env.ok("article list -F key,tickets --sort key"),
        "hello\t1\n卡纸\t1\n"
    );
    env.ok("undo");
    env.ok("ticket unlink K1 K2 --article 卡纸");
    assert_eq!(env.ok("article list -w is:unused -F key"), "卡纸\n");
    env.ok("check");
}

#[test]
fn what_shares_words_is_suggested() {
    let env = filled();
    assert_eq!(env.run("article suggest K1 --fail-empty").code, 3);
    env.ok("article set 卡纸 status=published");
    assert_eq!(
        env.ok("article suggest K1"),
        "卡纸\tarticle\t打印机卡纸怎么办\t打印; 印机; 机卡; 卡纸\tfalse\n"
    );
    assert_eq!(env.ok("article suggest K1 --type reply"), "");
    assert_eq!(env.run("article suggest K9").code, 3);
    assert_eq!(env.run("article suggest K1 --type letter").code, 5);
}
