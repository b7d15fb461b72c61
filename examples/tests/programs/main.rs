//! The programs that are copied, as users run them, against a local platform.

#[path = "../command/run.rs"]
#[expect(dead_code, reason = "shared with the command's tests, which use all of it")]
mod run;
#[path = "../command/scene.rs"]
#[expect(dead_code, reason = "shared with the command's tests, which use all of it")]
mod scene;

mod group_moderator;
mod llm_agent;
mod stage;
mod webhook_receiver;
