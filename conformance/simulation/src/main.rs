//! `simulate`: runs the engine's session through schedules of faults, and checks what it promises after every step.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Instant;

use agentchat_simulation::{Account, Scenario, explore, tell};
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
    /// The folder for recordings of a run that breaks a promise, or else target/simulation; with --trace, of any run.
    /// `agentchat replay` replays them.
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
    /// How many threads to use; the result does not depend on it.
    #[arg(long)]
    threads: Option<usize>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let kept = if arguments.trace { trace(&arguments) } else { simulate(&arguments) };
    match kept {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            // If nobody reads that either, the exit code has to do.
            let _ = writeln!(io::stderr(), "what was found could not be written: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// One run as it is; whether every promise was kept.
fn trace(arguments: &Arguments) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    let account = tell(arguments.scenario, arguments.seed, false);
    print(&mut out, &account)?;
    writeln!(out, "\n{}", account.tally)?;
    let kept = account.violation.is_none();
    if !kept || arguments.record.is_some() {
        let scenario = arguments.scenario.unwrap_or_else(|| Scenario::of_seed(arguments.seed));
        save(&mut out, &account, arguments.record.as_deref(), scenario, arguments.seed)?;
    }
    Ok(kept)
}

/// Many runs, and of the first that breaks a promise all there is to know; whether every promise was kept.
fn simulate(arguments: &Arguments) -> io::Result<bool> {
    let threads = arguments.threads.or_else(|| available_parallelism().ok().map(Into::into)).unwrap_or(1);
    let began = Instant::now();
    let mut out = io::stdout().lock();
    let report = explore(arguments.scenario, arguments.seed, arguments.seeds, threads);
    write!(out, "{}", report.tally)?;
    writeln!(out, "{:>12} violations", report.violations)?;
    let _ = writeln!(io::stderr(), "in {:.1} s", began.elapsed().as_secs_f64());
    for failure in &report.failures {
        writeln!(out, "\nseed {} ({}): {}", failure.seed, failure.scenario, failure.violation)?;
    }
    if let Some(failure) = report.failures.first() {
        let account = tell(Some(failure.scenario), failure.seed, true);
        writeln!(out, "\nthe shortest schedule found for seed {}:", failure.seed)?;
        print(&mut out, &account)?;
        save(&mut out, &account, arguments.record.as_deref(), failure.scenario, failure.seed)?;
        writeln!(
            out,
            "\nto reproduce: cargo run --release -p agentchat-simulation --bin simulate -- --scenario {} --seed {} --trace",
            failure.scenario, failure.seed
        )?;
    }
    Ok(report.violations == 0)
}

fn print(out: &mut impl Write, account: &Account) -> io::Result<()> {
    writeln!(out, "{}", account.schedule)?;
    for line in &account.trace {
        writeln!(out, "{line}")?;
    }
    if let Some(violation) = &account.violation {
        writeln!(out, "broken: {violation}")?;
    }
    Ok(())
}

/// Writes what was recorded of a run, and says where.
fn save(
    out: &mut impl Write,
    account: &Account,
    folder: Option<&Path>,
    scenario: Scenario,
    seed: u64,
) -> io::Result<()> {
    let folder = folder.unwrap_or(Path::new("target/simulation"));
    std::fs::create_dir_all(folder)?;
    for (process, recording) in account.recordings.iter().enumerate() {
        let file = folder.join(format!("{scenario}-{seed}-process-{}.jsonl", process + 1));
        std::fs::write(&file, recording)?;
        writeln!(out, "to replay: agentchat replay {}", file.display())?;
    }
    Ok(())
}
