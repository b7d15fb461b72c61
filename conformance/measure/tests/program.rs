//! The program runs, and its lines have their shape. What they say depends on the machine.

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

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
fn parts_of_ours_run_against_a_server() {
    for part in ["ingest", "webhook"] {
        let output = measure(&["--quick", "--against", "--only", part]);
        assert_eq!(output.status.code(), Some(0));
        assert!(!output.stdout.is_empty());
        for line in lines(&output) {
            let [name, _, value] = Vec::from_iter(line.split('\t'))[..] else { panic!("three columns: {line}") };
            assert_eq!(name, part);
            assert!(value.parse::<f64>().expect("a number").is_finite(), "{line}");
        }
    }
    for part in ["rest", "ws", "mem"] {
        let mut peer = Command::new(env!("CARGO_BIN_EXE_measure"))
            .args(["peer", "0", if part == "ws" { "100" } else { "0" }])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a server");
        let mut port = String::new();
        BufReader::new(peer.stdout.take().expect("its output")).read_line(&mut port).expect("its port");
        let output = measure(&["--quick", "--against", "--port", port.trim(), "--only", part]);
        // It ends with its input.
        drop(peer.stdin.take());
        peer.wait().expect("its end");
        assert_eq!(output.status.code(), Some(0), "{part}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(lines(&output).iter().all(|line| line.starts_with(part) && line.split('\t').count() == 3));
        assert!(!output.stdout.is_empty(), "{part}");
    }
}

#[test]
fn an_unknown_name_is_wrong_usage() {
    for arguments in [&["nothing"][..], &["webhook", "nothing"], &["--nothing"], &["--against", "--only", "nothing"]] {
        let output = measure(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        assert!(String::from_utf8_lossy(&output.stderr).contains("nothing"));
    }
}

#[test]
fn a_server_needs_a_port() {
    for arguments in [&["--against", "--only", "rest"][..], &["--against", "--port", "1"]] {
        let output = measure(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
    }
}
