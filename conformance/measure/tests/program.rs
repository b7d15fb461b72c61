//! The program runs, and its lines have their shape. What they say depends on the machine.

use std::process::{Command, Output};

fn measure(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_measure")).args(arguments).output().expect("it starts")
}

fn lines(output: &Output) -> Vec<&str> {
    std::str::from_utf8(&output.stdout).expect("UTF-8").lines().collect()
}

#[test]
fn every_measurement_prints_figures() {
    let listed = measure(&["--list"]);
    assert_eq!(listed.status.code(), Some(0));
    let names = lines(&listed);
    assert!(names.contains(&"ingest"), "{names:?}");

    let output = measure(&["--quick"]);
    let notes = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{notes}");
    assert!(notes.lines().any(|line| line == "name\tratio\tunit\tbaseline\twhat"), "{notes}");
    for line in lines(&output) {
        let [name, ratio, unit, baseline, what] = Vec::from_iter(line.split('\t'))[..] else {
            panic!("five columns: {line}");
        };
        assert!(names.contains(&name), "{line}");
        let ratio: f64 = ratio.parse().expect("a number");
        assert!(ratio.is_finite() && ratio >= 0.0, "{line}");
        assert!([unit, baseline, what].iter().all(|column| !column.is_empty()), "{line}");
    }
    for name in names {
        let prefix = format!("{name}\t");
        assert!(lines(&output).iter().any(|line| line.starts_with(&prefix)), "no figure of {name}");
    }
}

#[test]
fn only_what_is_named_is_measured() {
    let output = measure(&["--quick", "webhook"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(!output.stdout.is_empty());
    assert!(lines(&output).iter().all(|line| line.starts_with("webhook\t")));
}

#[test]
fn an_unknown_name_is_wrong_usage() {
    for arguments in [&["nothing"][..], &["webhook", "nothing"], &["--nothing"]] {
        let output = measure(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        assert!(String::from_utf8_lossy(&output.stderr).contains("nothing"));
    }
}
