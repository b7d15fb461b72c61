//! The five promises hold in every scenario, and a run is a function of its seed.

use std::collections::BTreeSet;

use agentchat_simulation::{Scenario, explore, tell};

#[test]
fn the_promises_hold_in_every_scenario() {
    for &scenario in Scenario::ALL {
        let report = explore(Some(scenario), 0, 100, 2);
        assert!(report.failures.is_empty(), "{:#?}", report.failures);
        assert_eq!(report.tally.schedules, 100);
        assert!(report.tally.deliveries > 0 && report.tally.messages > 0, "{scenario}");
    }
}

#[test]
fn faults_of_every_kind_happen() {
    let report = explore(Some(Scenario::Storm), 1_000, 300, 2);
    assert!(report.failures.is_empty(), "{:#?}", report.failures);
    let kinds: BTreeSet<_> = report.tally.faults.keys().collect();
    assert!(kinds.len() >= 40, "{} kinds: {kinds:?}", kinds.len());
}

#[test]
fn the_report_depends_on_seeds_and_not_on_threads() {
    let reports = [1, 2, 3].map(|threads| explore(None, 7, 60, threads));
    assert!(reports.iter().all(|report| report.tally == reports[0].tally));
    let [first, second] = [0, 1].map(|_| tell(Some(Scenario::Storm), 3, false).trace);
    assert!(first.len() > 100 && first == second);
}
