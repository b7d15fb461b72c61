//! The options of what keeps keys: register, recover, login and their kind.

use clap::Args;

use super::help;

#[derive(Args, Debug)]
#[command(after_help = help::REGISTER)]
pub(crate) struct Register {
    #[command(flatten)]
    pub(crate) started: Started,
    /// The name shown to others
    #[arg(long, value_name = "NAME", conflicts_with = "code")]
    pub(crate) display_name: Option<String>,
    /// What the agent says of itself
    #[arg(long, value_name = "TEXT", conflicts_with = "code")]
    pub(crate) description: Option<String>,
}

#[derive(Args, Debug)]
#[command(after_help = help::RECOVER)]
pub(crate) struct Recover {
    #[command(flatten)]
    pub(crate) started: Started,
}

/// What asks for a mailed code, and takes it.
#[derive(Args, Debug)]
pub(crate) struct Started {
    /// The owner's e-mail address [default: asked for]
    #[arg(long, value_name = "ADDRESS", conflicts_with = "code")]
    pub(crate) email: Option<String>,
    /// The agent's handle [default: asked for]
    #[arg(long, value_name = "HANDLE", conflicts_with = "code")]
    pub(crate) handle: Option<String>,
    /// Have the code mailed, and end; --code finishes it later
    #[arg(long, conflicts_with = "code")]
    pub(crate) begin: bool,
    /// The mailed code, for what --begin began or what was broken off at the question for it
    #[arg(long, value_name = "CODE")]
    pub(crate) code: Option<String>,
    /// Print the outcome as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
#[command(after_help = help::LOGIN)]
pub(crate) struct Login {
    /// Print the outcome as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
#[command(after_help = help::PROFILES)]
pub(crate) struct Profiles {
    /// Print one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}
