//! A word that is nearly right: what was meant is said, whatever sort of word it is.

use crate::env::Env;

/// What is typed, and what the program proposes.
const TYPED: &[(&str, &str)] = &[
    ("custmer list", "a similar subcommand exists: 'customer'"),
    ("customer lst", "'list'"),
    ("customer list --limt 3", "'--limit'"),
    ("customer list -F nam", "did you mean name?"),
    ("customer list --sort nam", "did you mean name?"),
    ("customer set C1 lifecycl=lead", "did you mean lifecycle?"),
    ("customer set C1 lifecycle=leed", "did you mean lead?"),
    ("customer list -w lifecycle:leed", "did you mean lead?"),
    ("customer list -w is:quet", "did you mean quiet?"),
    ("customer list -w +vpi", "did you mean vip?"),
    ("customer untag C1 vpi", "did you mean vip?"),
    ("customer show 'Anna Keler'", "did you mean Anna Keller?"),
    ("customer show 'Ana Keller'", "did you mean Anna Keller?"),
    ("customer list -w owner:slf", "did you mean self?"),
    ("customer add X --owner slf", "did you mean self?"),
    ("today --owner slf", "did you mean self?"),
    ("--as slf today", "did you mean self?"),
    (
        "deal add X --customer C1 --stage propsal",
        "did you mean proposal?",
    ),
    ("deal add X --customer C1 --pipeline sale", "did you mean sales?"),
    ("deal move D1 negotation", "did you mean negotiation?"),
    ("deal lose D1 --reason pric", "did you mean price?"),
    ("log C1 cal x", "did you mean call?"),
    ("log C1 call x --outcome conected", "did you mean connected?"),
    ("task add X --priority hgh", "did you mean high?"),
    ("report winrate", "did you mean win-rate?"),
    ("report win-rate --by ownr", "did you mean owner?"),
    ("customer list --format jsn", "did you mean json?"),
    ("customer list --color alway", "'always'"),
    ("find x --kind custmer", "did you mean customer?"),
    ("export custmer", "did you mean customer?"),
    ("import custmer x.csv", "did you mean customer?"),
    ("filter fields custmer", "did you mean customer?"),
    ("config get colr", "did you mean color?"),
    ("help filtr", "did you mean filter?"),
    ("completions zhs", "possible values: bash, zsh"),
];

#[test]
fn what_was_meant_is_proposed() {
    let env = Env::new();
    for line in [
        "customer add 'Anna Keller' --tag vip",
        "deal add 'Fleet renewal' --customer C1",
    ] {
        env.ok(line);
    }
    let mut wrong = Vec::new();
    for (line, proposed) in TYPED {
        let run = env.run(line);
        if run.code == 0 || !run.stderr.contains(proposed) {
            wrong.push(format!(
                "crm {line}\n  {} without {proposed:?}: {}",
                run.code, run.stderr
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
