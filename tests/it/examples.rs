//! The programs in `examples/` do what they say.

use std::process::Command;

/// Runs an example, which is built beside the program.
fn example(name: &str) -> String {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_crm"));
    let path = program.with_file_name("examples").join(name);
    let output = Command::new(&path).env_clear().output();
    let output = output.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn quickstart() {
    assert_eq!(
        example("quickstart"),
        "C1 张伟 zhangwei@yunfan.example\nafter undo: 0 found\n"
    );
}

#[test]
fn bulk_import() {
    let told = example("bulk_import");
    assert!(told.contains("line 2: create Anna Keller"), "{told}");
    assert!(told.contains("line 4: reject Nobody"), "{told}");
    assert!(told.ends_with("2 created, 1 rejected\n"), "{told}");
}

#[test]
fn custom_report() {
    let shares: Vec<f64> = example("custom_report")
        .lines()
        .filter_map(|line| line.strip_suffix(" %")?.rsplit(": ").next()?.parse().ok())
        .collect();
    assert_eq!(shares.len(), 3, "three sellers");
    assert!((shares.iter().sum::<f64>() - 100.0).abs() < 0.2, "{shares:?}");
}
