//! `simulate`: runs the engine's session through schedules of faults, and checks what it promises after every step.

use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Instant;

use agentchat_conformance::simulation::{Scenario, explore, tell};
use clap::Parser;

/// Runs the realtime session through simulated faults and checks its five promises after every step.
#[derive(Parser)]
struct Arguments {
    /// How many seeds to run.
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The scenario; without it, every seed chooses one.
    #[arg(long)]
    scenario: Option<Scenario>,
    /// Tell all of one run: of the first seed, as it is.
    #[arg(long)]
    trace: bool,
    /// How many threads to use; the result does not depend on it.
    #[arg(long)]
    threads: Option<usize>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.trace {
        let account = tell(arguments.scenario, arguments.seed, false);
        println!("{}", account.schedule);
        for line in &account.trace {
            println!("{line}");
        }
        println!("\n{}", account.tally);
        return match account.violation {
            Some(violation) => {
                println!("broken: {violation}");
                ExitCode::FAILURE
            }
            None => ExitCode::SUCCESS,
        };
    }
    let threads = arguments.threads.or_else(|| available_parallelism().ok().map(Into::into)).unwrap_or(1);
    let began = Instant::now();
    let report = explore(arguments.scenario, arguments.seed, arguments.seeds, threads);
    print!("{}", report.tally);
    println!("{:>12} violations", report.violations);
    eprintln!("in {:.1} s", began.elapsed().as_secs_f64());
    for failure in &report.failures {
        println!("\nseed {} ({}): {}", failure.seed, failure.scenario, failure.violation);
    }
    if let Some(failure) = report.failures.first() {
        let account = tell(Some(failure.scenario), failure.seed, true);
        println!("\nthe shortest schedule found for seed {}:\n{}", failure.seed, account.schedule);
        for line in &account.trace {
            println!("{line}");
        }
        if let Some(violation) = account.violation {
            println!("broken: {violation}");
        }
        println!(
            "\nto reproduce: cargo run --release -p agentchat-conformance --bin simulate -- --scenario {} --seed {} --trace",
            failure.scenario, failure.seed
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
