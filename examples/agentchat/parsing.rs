//! From words to arguments. Text and names come from strangers and models, so no value turns into an option; and what is set
//! in the environment but empty is not set.

use std::ffi::OsString;

use clap::builder::Resettable;
use clap::{Arg, CommandFactory, FromArgMatches};

use crate::arguments::{Arguments, Command, Online, Send};
use crate::exit::Exit;

/// What a page says of the options that it leaves out.
const GLOBAL: &str = "Options of every command, such as --profile, --base-url and --quiet: agentchat --help";

/// The arguments of this process. Those that clap refuses, and `--help`, end it here.
pub(crate) fn parse() -> Result<Arguments, Exit> {
    let words: Vec<_> = std::env::args_os().collect();
    let arguments = parsed(&words);
    let Command::Online(Online::Send(send)) = &arguments.command else { return Ok(arguments) };
    match send.words.as_slice() {
        [to, ..] if to.starts_with('-') => Err(Exit::usage(format!("send has no option {to}"))),
        [_, _] | [_] => Ok(arguments),
        // What is said to be a text by `--` is one.
        [_, dashes, _] if dashes == "--" => Ok(arguments),
        [_, _, option, ..] if option.starts_with('-') => with_options(&words, send, 2),
        // A file without a text.
        [_, option, _] if option == "--file" => with_options(&words, send, 1),
        _ => Err(Exit::usage("send takes one text: put it between quotes")),
    }
}

/// Options that stand after the recipient and the text, which are so many words: these are taken from between, whatever
/// they are.
fn with_options(words: &[OsString], send: &Send, said: usize) -> Result<Arguments, Exit> {
    let (options, values) = words.split_at(words.len().saturating_sub(send.words.len()));
    let (values, more_options) = values.split_at(values.len().min(said));
    let arguments = parsed(&[options, more_options, values].concat());
    match &arguments.command {
        // Else an option that lacks its value has taken the recipient, or there was a second text.
        Command::Online(Online::Send(again)) if send.words.starts_with(&again.words) && again.words.len() == said => {
            Ok(arguments)
        }
        _ => Err(Exit::usage("send takes one text, and options before the recipient or after the text")),
    }
}

fn parsed(words: &[OsString]) -> Arguments {
    let matched = command().get_matches_from(words);
    Arguments::from_arg_matches(&matched).unwrap_or_else(|error| error.exit())
}

/// The description of the command line. Options of all commands are on the first page only.
pub(crate) fn command() -> clap::Command {
    let mut command = strict(Arguments::command());
    // From here on every command has them.
    command.build();
    command.mut_subcommands(|command| {
        let after = [command.get_after_help().map(ToString::to_string), Some(GLOBAL.to_owned())];
        let after: Vec<_> = after.into_iter().flatten().collect();
        let long = command.get_after_long_help().map(ToString::to_string);
        let command = command.mut_args(|arg| match arg.is_global_set() {
            true => arg.hide_short_help(true).hide_long_help(true),
            false => arg,
        });
        let command = command.after_help(after.join("\n\n"));
        match long {
            Some(long) => command.after_long_help(format!("{long}\n\n{GLOBAL}")),
            None => command,
        }
    })
}

/// The page of a command.
pub(crate) fn page(name: &str) -> String {
    let page = command().find_subcommand_mut(name).map(|command| command.render_long_help().to_string());
    page.unwrap_or_default()
}

fn strict(command: clap::Command) -> clap::Command {
    command.mut_args(strict_arg).mut_subcommands(strict)
}

fn strict_arg(arg: Arg) -> Arg {
    let takes_a_value = arg.get_action().takes_values() && arg.get_num_args().is_none_or(|n| n.min_values() > 0);
    // The value of an option is the next word, whatever it is.
    let arg = if takes_a_value && !arg.is_positional() { arg.allow_hyphen_values(true) } else { arg };
    let is_empty = arg.get_env().is_some_and(|name| std::env::var_os(name).is_some_and(|value| value.is_empty()));
    if is_empty { arg.env(Resettable::<clap::builder::OsStr>::Reset) } else { arg }
}
