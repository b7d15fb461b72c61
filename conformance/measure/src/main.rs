//! `measure`: prints what a message and a call cost.

use std::alloc::System;
use std::io::{self, Write};
use std::process::{Command, ExitCode};

use agentchat_measure::pin::{Core, pin};
use agentchat_measure::{Effort, MEASUREMENTS, Measurement, Part, against, peer};
use clap::Parser;
use mockalloc::Mockalloc;

/// Counts while a measurement asks it to; otherwise it passes on to the system's.
#[global_allocator]
static ALLOCATOR: Mockalloc<System> = Mockalloc(System);

/// Measures what a message and a call cost, each against bare Rust that does the same work. Prints one line a figure:
/// name, ratio, unit, baseline, what, with tabs between them.
#[derive(Parser)]
struct Arguments {
    /// What to measure; all of it by default.
    names: Vec<String>,
    /// So little of everything that the figures mean nothing: only to see that it runs.
    #[arg(long)]
    quick: bool,
    /// Only the names of what can be measured.
    #[arg(long, conflicts_with_all = ["names", "against"])]
    list: bool,
    /// Ours alone against a server of this machine; prints name, metric, value. The key is AGENTCHAT_API_KEY, if there is one.
    #[arg(long, conflicts_with = "names", requires = "only")]
    against: bool,
    /// The server's port; not needed for ingest and webhook.
    #[arg(long, requires = "against")]
    port: Option<u16>,
    /// Which part of ours.
    #[arg(long, requires = "against")]
    only: Option<Part>,
    /// As a part of a longer run.
    #[arg(long, hide = true)]
    part: bool,
}

fn main() -> ExitCode {
    let mut given = std::env::args().skip(1);
    let done = if given.next().as_deref() == Some(peer::ARGUMENT) {
        let port = given.next().and_then(|port| port.parse().ok()).unwrap_or_default();
        let frames = given.next().and_then(|frames| frames.parse().ok()).unwrap_or_default();
        peer::serve(port, frames).map(|()| ExitCode::SUCCESS)
    } else {
        measure(&Arguments::parse())
    };
    match done {
        Ok(code) => code,
        Err(problem) => {
            // If nobody reads that either, the exit code has to do.
            let _ = writeln!(io::stderr(), "what was to be done broke off: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &Arguments) -> io::Result<ExitCode> {
    let mut notes = io::stderr();
    if arguments.list {
        let mut out = io::stdout().lock();
        for measurement in MEASUREMENTS {
            writeln!(out, "{}", measurement.name)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut chosen: Vec<&Measurement> = Vec::new();
    for name in &arguments.names {
        match MEASUREMENTS.iter().find(|measurement| measurement.name == name) {
            Some(measurement) => chosen.push(measurement),
            None => {
                writeln!(notes, "there is no measurement {name:?}; --list has them all")?;
                return Ok(ExitCode::from(2));
            }
        }
    }
    if !arguments.part {
        if let Err(problem) = pin(Core::Measured) {
            writeln!(notes, "not on one core, so the figures vary more: {problem}")?;
        }
        if !arguments.against {
            writeln!(notes, "name\tratio\tunit\tbaseline\twhat")?;
        }
    } else {
        // The parent process has reported whether it works.
        let _ = pin(Core::Measured);
    }
    match (arguments.only, &chosen[..]) {
        (Some(part), _) => compare_with(part, arguments),
        (None, [one]) => run(one, effort(arguments)),
        (None, []) => each(MEASUREMENTS.iter(), arguments),
        (None, several) => each(several.iter().copied(), arguments),
    }
}

fn effort(arguments: &Arguments) -> Effort {
    if arguments.quick { Effort::QUICK } else { Effort::FULL }
}

/// Each in a process of its own, so that none finds memory that another one left.
fn each<'a>(chosen: impl Iterator<Item = &'a Measurement>, arguments: &Arguments) -> io::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for measurement in chosen {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--part", measurement.name]).args(arguments.quick.then_some("--quick"));
        if !command.status()?.success() {
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

fn run(Measurement { name, baseline, run }: &Measurement, effort: Effort) -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    match run(effort) {
        Ok(figures) => {
            for figure in figures {
                writeln!(out, "{name}\t{:.3}\t{}\t{baseline}\t{}", figure.ratio, figure.unit, figure.what)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(problem) => {
            writeln!(io::stderr(), "{name} did not run: {problem}")?;
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Ours alone against a server.
fn compare_with(part: Part, arguments: &Arguments) -> io::Result<ExitCode> {
    if arguments.port.is_none() && part.needs_server() {
        writeln!(io::stderr(), "a port is needed: --port")?;
        return Ok(ExitCode::from(2));
    }
    let key = std::env::var("AGENTCHAT_API_KEY").ok().filter(|key| !key.is_empty());
    let key = key.as_deref().unwrap_or("ac_measured");
    match against(part, arguments.port.unwrap_or_default(), key, effort(arguments)) {
        Ok(values) => {
            let mut out = io::stdout().lock();
            for value in values {
                writeln!(out, "{}\t{}\t{:.6}", value.name, value.metric, value.value)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(problem) => {
            writeln!(io::stderr(), "it did not run: {problem}")?;
            Ok(ExitCode::FAILURE)
        }
    }
}
