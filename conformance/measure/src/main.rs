//! `measure`: prints what a message and a call cost.

use std::alloc::System;
use std::io::{self, Write};
use std::process::ExitCode;

use agentchat_measure::pin::{Core, pin};
use agentchat_measure::{Effort, MEASUREMENTS, Measurement, peer};
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
    #[arg(long)]
    list: bool,
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
    let (mut out, mut notes) = (io::stdout().lock(), io::stderr());
    if arguments.list {
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
    if chosen.is_empty() {
        chosen.extend(MEASUREMENTS);
    }
    if let Err(problem) = pin(Core::Measured) {
        writeln!(notes, "not on one core, so the figures vary more: {problem}")?;
    }
    let effort = if arguments.quick { Effort::QUICK } else { Effort::FULL };
    writeln!(notes, "name\tratio\tunit\tbaseline\twhat")?;
    let mut code = ExitCode::SUCCESS;
    for Measurement { name, baseline, run } in chosen {
        match run(effort) {
            Ok(figures) => {
                for figure in figures {
                    writeln!(out, "{name}\t{:.3}\t{}\t{baseline}\t{}", figure.ratio, figure.unit, figure.what)?;
                    out.flush()?;
                }
            }
            Err(problem) => {
                writeln!(notes, "{name} did not run: {problem}")?;
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}
