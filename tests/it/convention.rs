//! Numbers and days of foreign files: told from the whole file, or said, and never guessed.

use std::fs;

use crate::env::Env;

fn with(name: &str, text: &str) -> Env {
    let env = Env::new();
    env.ok("init --currency EUR");
    fs::write(env.home().join(name), text).expect("a file");
    env
}

#[test]
fn what_the_rows_leave_open_has_to_be_said() {
    let text = "name;amount;expected close\nAcme;1.500;05/03/2027\nBeta;2.250;06/04/2027\n";
    let env = with("open.csv", text);
    let run = env.run("import deal open.csv");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains(
            "\"amount\" can be read in more than one way: 1.500 (line 2) is 1.5 or 1500; say --decimal . or --decimal ,"
        ),
        "{}",
        run.stderr
    );
    let run = env.run("import deal open.csv --decimal ,");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains(
            "\"expected close\" can be read in more than one way: 05/03/2027 (line 2) is 2027-03-05 or 2027-05-03; say \
             --date-order dmy or --date-order mdy"
        ),
        "{}",
        run.stderr
    );
    assert_eq!(env.ok("deal list"), "", "nothing is in");
    for (flags, words) in [
        ("--decimal x", "--decimal takes `.` or `,`, not \"x\""),
        (
            "--date-order day",
            "--date-order takes dmy, mdy or ymd, not \"day\"",
        ),
    ] {
        let run = env.run(&format!("import deal open.csv {flags}"));
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
    env.ok("import deal open.csv --decimal , --date-order mdy");
    assert_eq!(
        env.ok("deal list --sort name -F name,amount,expected_close"),
        "Acme\t1500.00\tEUR\t2027-05-03\nBeta\t2250.00\tEUR\t2027-06-04\n"
    );
}

#[test]
fn one_row_decides_for_the_others_and_says_so() {
    let text = "name,amount,expected close\n\
                Acme,\"$1,500\",05/03/2027\n\
                Beta,$342.09K,12/25/2027\n\
                Gamma,(99.90),1/2/27 3:15 PM\n\
                Delta,1.2万元,2027年3月5日\n\
                Epsilon,-,0/0/00\n\
                Zeta,\"CHF 12'000.50\",45356\n";
    let env = with("told.csv", text);
    let run = env.run("import deal told.csv");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("expected close: month first, as 12/25/2027 shows (line 3)"),
        "{}",
        run.stderr
    );
    assert_eq!(
        env.ok("deal list --sort name -F name,amount,expected_close"),
        "Acme\t1500.00\tUSD\t2027-05-03\n\
         Beta\t342090.00\tUSD\t2027-12-25\n\
         Delta\t12000.00\tCNY\t2027-03-05\n\
         Epsilon\t\t\t\n\
         Gamma\t-99.90\tEUR\t2027-01-02\n\
         Zeta\t12000.50\tCHF\t2024-03-05\n"
    );
}

#[test]
fn two_ways_in_one_column_are_refused_or_one_of_them_is() {
    let text = "name,expected close\nAcme,25/12/2027\nBeta,12/26/2027\n";
    let env = with("torn.csv", text);
    let run = env.run("import deal torn.csv");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("12/26/2027 (line 3) and 25/12/2027 (line 2) do not go together"),
        "{}",
        run.stderr
    );
    let run = env.run("import deal torn.csv --date-order dmy");
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("line 3: expected_close: \"12/26/2027\" is no day with the day first (dmy)"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_settings_and_the_country_decide_where_the_file_does_not() {
    let text = "name,amount,expected close\nAcme,¥1200,05/03/2027\n";
    let env = with("deals.csv", text);
    env.ok("config set date_order dmy");
    let run = env.run("import deal deals.csv --region CN");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("expected close: day first, as the settings say"),
        "{}",
        run.stderr
    );
    assert_eq!(
        env.ok("deal list -F amount,expected_close"),
        "1200.00\tCNY\t2027-03-05\n"
    );
    fs::write(env.home().join("kr.csv"), "name,amount\nBeta,5 kr\n").expect("a file");
    let run = env.run("import deal kr.csv");
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("the currency of \"5 kr\" may be any of SEK, NOK, DKK, ISK"),
        "{}",
        run.stderr
    );
    fs::write(env.home().join("aud.csv"), "name,amount,currency\nGamma,$5,AUD\n").expect("a file");
    env.ok("import deal aud.csv");
    assert_eq!(env.ok("deal list -w name:Gamma -F amount"), "5.00\tAUD\n");
}

#[test]
fn birthdays_of_two_digits_are_past() {
    let env = with(
        "people.csv",
        "name,birthday\nAda,5/17/85\nBob,12/31/45\nEve,1990-01-02 00:00:00\n",
    );
    env.ok("import customer people.csv");
    assert_eq!(
        env.ok("customer list --sort name -F name,birthday"),
        "Ada\t1985-05-17\nBob\t1945-12-31\nEve\t1990-01-02\n"
    );
}
