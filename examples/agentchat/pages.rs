//! What is made of the command line's description: completions and the manual.

use std::path::Path;

use clap_complete::Shell;

use crate::exit::{Code, Exit};
use crate::files::unwritable;
use crate::output::say_whole;
use crate::parsing;

/// Prints what a shell needs to complete arguments.
pub(crate) fn completions(shell: Shell) -> Result<Code, Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut parsing::command(), "agentchat", &mut script);
    say_whole(&script)?;
    Ok(Code::Ok)
}

/// Writes a page for the command and one for each of its subcommands.
pub(crate) fn manual(folder: &Path) -> Result<Code, Exit> {
    // Pages leave out only what is hidden altogether.
    let command = parsing::command()
        .mut_subcommand("help", |help| help.hide(true))
        .mut_subcommands(|command| command.mut_args(|arg| if arg.is_global_set() { arg.hide(true) } else { arg }));
    let written = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder));
    written.map_err(|e| unwritable(folder, &e))?;
    Ok(Code::Ok)
}
