//! The sales process as a team defines it: what a stage asks, how it is told, and how the process is drawn.

use crate::env::Env;

/// A process with rules, a customer without an e-mail, a deal.
fn base() -> Env {
    let env = Env::new();
    env.ok("init --currency EUR");
    env.ok("pipeline stage set sales proposal --required amount,customer.email --next negotiation,lost");
    env.ok("pipeline stage set sales qualification --checklist 'Budget confirmed; 关键人已见面'");
    env.ok("pipeline stage set sales negotiation --task 'send_quote: 发送报价 +2d' --task 'call: Ask about {deal} +5wd'");
    env.ok("customer add 张伟");
    env.ok("deal add 年度续约 --customer C1 --stage qualification");
    env
}

#[test]
fn a_refusal_says_what_is_missing_and_how_to_give_it() {
    let env = base();
    let run = env.run("deal move D1 proposal");
    assert_eq!((run.code, run.stdout.as_str()), (5, ""));
    assert!(
        run.stderr
            .contains("proposal needs amount, customer.emails; qualification is not ticked off: "),
        "{}",
        run.stderr
    );
    for hint in [
        "--set amount=…",
        "crm deal set D1 amount=…",
        "crm customer set C1 emails=…",
        "crm deal check D1 'Budget confirmed; 关键人已见面'",
    ] {
        assert!(run.stderr.contains(hint), "{hint}: {}", run.stderr);
    }
    let told = env.run("deal move D1 proposal --json");
    assert!(
        told.stderr.contains("\"field\":\"amount\"") && told.stderr.contains("\"exit\":5"),
        "{}",
        told.stderr
    );
    // A dry run, many at once and the end say the same.
    for line in [
        "deal move D1 proposal --dry-run",
        "deal move -w is:open proposal --yes",
        "deal win D1",
    ] {
        let run = env.run(line);
        assert!(
            run.code == 5 && run.stderr.contains("amount"),
            "{line}: {}",
            run.stderr
        );
    }
    env.ok("customer set C1 emails=wei@mail.example");
    env.ok("deal check D1 budget");
    assert_eq!(env.run("deal check D1 nonsense").code, 5);
    assert_eq!(env.ok("deal check D1 2"), "D1\n");
    let shown = env.ok("deal show D1 --format table");
    assert!(shown.contains("Checklist") && shown.contains("[x]"), "{shown}");
    env.ok("deal move D1 proposal --set amount=48k");
    assert_eq!(
        env.ok("deal list -F id,stage,amount --no-header"),
        "D1\tproposal\t48000.00\n"
    );
    let run = env.run("deal move D1 qualification");
    assert!(
        run.code == 5 && run.stderr.contains("did you mean negotiation, lost?"),
        "{}",
        run.stderr
    );
    env.ok("undo");
    assert_eq!(
        env.ok("deal list -F id,stage,amount --no-header"),
        "D1\tqualification\t\n"
    );
    assert!(env.ok("history D1").contains("checklist"));
}

#[test]
fn a_stage_makes_its_tasks_and_a_file_is_not_held_to_rules() {
    let env = base();
    std::fs::write(
        env.home().join("deals.csv"),
        "name,stage\nFrom a file,negotiation\n",
    )
    .expect("a file");
    env.ok("import deal deals.csv");
    assert_eq!(env.ok("task list --format ids"), "");
    env.ok("customer set C1 emails=wei@mail.example");
    env.ok("deal check D1 '1; 2'");
    env.ok("deal move D1 negotiation --set amount=48k");
    assert_eq!(
        env.ok("task list -F title,type,due --sort id --no-header"),
        "发送报价: 年度续约\tsend_quote\t2026-11-23\nAsk about 年度续约\tcall\t2026-11-27\n"
    );
}

#[test]
fn rules_and_ticks_go_where_the_base_goes() {
    let env = base();
    env.ok("deal check D1 1");
    let copy = Env::new();
    copy.ok("init --currency EUR");
    for noun in ["pipeline", "customer", "deal"] {
        let text = env.ok(&format!("export {noun} --format ndjson"));
        std::fs::write(copy.home().join("file.ndjson"), text).expect("a file");
        copy.ok(&format!("import {noun} file.ndjson"));
    }
    for line in [
        "pipeline stage list --format json",
        "deal list --format json -F id,checklist,steps",
    ] {
        assert_eq!(copy.ok(line), env.ok(line), "{line}");
    }
    env.ok("dump copy");
    let loaded = Env::new();
    loaded.ok(&format!("load {}", env.home().join("copy").display()));
    assert_eq!(
        loaded.ok("pipeline stage list --format json"),
        env.ok("pipeline stage list --format json")
    );
    env.ok("pipeline stage set sales proposal --required '' --next ''");
    let stages = env.ok("pipeline stage list --format csv");
    assert!(!stages.contains("amount"), "{stages}");
}

#[test]
fn the_process_is_drawn_as_defined_and_as_it_ran() {
    let env = base();
    let defined = env.ok("flow");
    assert!(
        defined.contains("needs amount, customer.emails") && defined.contains("▼"),
        "{defined}"
    );
    env.ok("customer set C1 emails=wei@mail.example");
    env.ok("deal check D1 '1; 2'");
    env.ok("deal move D1 proposal --set amount=48k");
    env.ok("deal lose D1 --reason price");
    let real = env.ok("flow sales --real --period this-year -w amount:1k..");
    assert!(real.contains("├─✕") && real.contains("1 · 100%"), "{real}");
    for (format, begins) in [
        ("mermaid", "flowchart TD\n"),
        ("dot", "digraph process {\n"),
        ("svg", "<svg xmlns="),
        ("markdown", "```mermaid\n"),
        ("json", "{"),
        ("csv", "from,to,"),
    ] {
        let text = env.ok(&format!("flow --real --format {format}"));
        assert!(text.starts_with(begins), "{format}: {text}");
    }
    env.ok("flow --real -o flow.svg");
    let svg = std::fs::read_to_string(env.home().join("flow.svg")).expect("a picture");
    assert!(
        svg.starts_with("<svg") && svg.contains("方案/报价") || svg.contains("Proposal"),
        "{svg}"
    );
    assert_eq!(env.run("flow --period this-year").code, 2);
    assert_eq!(env.run("flow nowhere").code, 3);
    assert_eq!(env.run("flow --format nonsense").code, 2);
    // The numbers are those of the report.
    let report = env.ok("report flow --format csv");
    assert!(report.contains("proposal,lost,1,"), "{report}");
    assert_eq!(env.ok("report flow --records --format ids"), "D1\n");
}
