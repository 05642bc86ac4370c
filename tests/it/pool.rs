//! `crm pool`: who is taken back and warned of, who claims, and what is told of it.

use crate::env::Env;

fn with_pool() -> Env {
    let env = Env::new();
    env.ok("user add Ann");
    env.ok("pool add east -m self -m Ann --no-follow-up '30;A=60' --warn 5 --cool-down 7 --claim-per-day 2");
    env.ok("customer add 张伟 --lifecycle lead --now 2026-10-20");
    env.ok("customer add Nora --lifecycle lead --level A --now 2026-10-20");
    env.ok("customer add Olaf --lifecycle lead --now 2026-10-25");
    env
}

#[test]
fn who_is_due_is_taken_back_and_warned_of_before() {
    let env = with_pool();
    assert_eq!(
        env.ok("pool warnings --format csv"),
        "customer,name,owner,pool,on,days,why\r\n\
         C1,张伟,self,east,2026-11-19,-2,\"no follow-up for 30 days, since 2026-10-20\"\r\n\
         C3,Olaf,self,east,2026-11-24,3,\"no follow-up for 30 days, since 2026-10-25\"\r\n"
    );
    // The owner is warned.
    assert!(
        env.ok("today --format csv")
            .contains("pool,C3,Olaf,Olaf,back to the pool east in 3 days")
    );
    assert!(env.ok("remind --format csv").contains("C3,Olaf"));
    assert!(!env.ok("today --format csv --as Ann").contains("pool"));
    let tried = env.ok("pool recycle --dry-run --format csv");
    assert_eq!(tried.lines().count(), 2);
    assert_eq!(env.run("customer list -w is:pooled --fail-empty").code, 3);
    assert_eq!(env.ok("pool recycle --format csv"), tried);
    let again = env.run("pool recycle");
    assert_eq!(
        (again.code, again.stdout.as_str(), again.stderr.as_str()),
        (0, "", "")
    );
    assert_eq!(env.run("pool recycle --fail-empty").code, 3);
    assert_eq!(env.ok("pool customers east -F id,pooled_on"), "C1\t2026-11-21\n");
    env.ok("customer lock C3");
    assert_eq!(env.run("pool warnings --fail-empty").code, 3);
    env.ok("customer unlock C3");
    let line: serde_json::Value =
        serde_json::from_str(&env.ok("pool warnings --format ndjson")).expect("a line of JSON");
    assert_eq!(
        (&line["customer"]["id"], &line["days"]),
        (&"C3".into(), &3.into())
    );
    assert_eq!(
        env.ok("sql 'SELECT customer_ref, reason, from_user FROM v_pool_log'"),
        "C1\trecycle\tself\n"
    );
}

#[test]
fn what_is_in_a_pool_is_claimed_given_and_given_up() {
    let env = with_pool();
    env.ok("pool recycle");
    let refused = env.run("pool claim C1");
    assert_eq!(refused.code, 5);
    assert!(refused.stderr.contains("on 2026-11-28"), "{}", refused.stderr);
    env.ok("pool claim C1 --as Ann");
    assert_eq!(env.ok("customer list -w owner:Ann -F id"), "C1\n");
    assert_eq!(env.run("pool claim C1").code, 4);
    env.ok("pool release C2 C3 --note 'no answer' --yes");
    env.ok("pool give C2 --to Ann");
    env.ok("undo");
    assert_eq!(
        env.ok("customer list -w is:pooled --sort name -F id,owner,pool"),
        "C2\t\teast\nC3\t\teast\n"
    );
    assert_eq!(
        env.ok("pool log --customer C1 --format tsv"),
        "2026-11-21T09:00:00Z\tC1\t张伟\teast\tclaim\t\tAnn\tclaimed from east\n\
         2026-11-21T09:00:00Z\tC1\t张伟\teast\trecycle\tself\t\tno follow-up for 30 days, since 2026-10-20\n"
    );
    assert_eq!(env.run("pool add west --no-deal 30;D=1").code, 5);
    // Two pools could be meant.
    env.ok("pool add west --no-deal 90");
    let refused = env.run("pool release C1");
    assert_eq!(refused.code, 5);
    assert!(refused.stderr.contains("east and west"), "{}", refused.stderr);
}
