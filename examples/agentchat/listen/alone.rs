//! One listener a key on this machine: two would both answer every message.

use std::env;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use agentchat_tokio::{ApiKey, Context};
use sha2::{Digest, Sha256};

use crate::directories;
use crate::exit::{Code, Exit};

/// Held while this process listens with a key. The operating system lets go of it when the process dies.
#[derive(Debug)]
pub(super) struct Alone(#[expect(dead_code, reason = "the lock lives as long as the file is open")] File);

impl Alone {
    /// Claims the key for this process, unless another process of this user has.
    pub(super) fn claim(cx: &Context, key: &ApiKey) -> Result<Self, Exit> {
        let name = name(cx, key);
        let mut refused = io::Error::other("there is neither a home directory nor one for temporary files");
        for folder in folders() {
            match open(&folder, &name) {
                Ok(file) => return lock(file).map(Self),
                Err(error) => refused = error,
            }
        }
        let problem = format!(
            "cannot make sure that no other process listens with this key: {refused}; --shared listens without a lock"
        );
        Err(Exit::new(Code::Files, problem))
    }
}

fn lock(mut file: File) -> Result<File, Exit> {
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            // The process that has it may be writing this just now.
            let mut id = String::new();
            let _ = file.take(20).read_to_string(&mut id);
            let who = if id.is_empty() { String::new() } else { format!(" (process {id})") };
            return Err(Exit::usage(format!(
                "another process{who} listens with this key on this machine: every message would be handled twice; --shared listens all the same"
            )));
        }
        Err(TryLockError::Error(error)) => {
            let problem = format!("cannot lock the key: {error}; --shared listens without a lock");
            return Err(Exit::new(Code::Files, problem));
        }
    }
    // For the words above, and nothing else.
    let _ = file.set_len(0).and_then(|()| file.write_all(std::process::id().to_string().as_bytes()));
    Ok(file)
}

/// The same for everybody who listens with this key, and telling nobody which it is.
fn name(cx: &Context, key: &ApiKey) -> String {
    let digest = Sha256::new_with_prefix("agentchat listen\0")
        .chain_update(cx.base_url())
        .chain_update("\0")
        .chain_update(key.expose())
        .finalize();
    format!("{}.lock", hex::encode(digest.get(..16).unwrap_or_default()))
}

/// Where locks may be, the best place first.
fn folders() -> impl Iterator<Item = PathBuf> {
    let mine = format!("agentchat-{}", rustix::process::geteuid().as_raw());
    let state = directories::state().map(|path| path.join("agentchat/locks"));
    let runtime = directories::runtime().map(|path| path.join("agentchat"));
    [state, runtime].into_iter().flatten().chain([env::temp_dir().join(mine)])
}

fn open(folder: &Path, name: &str) -> io::Result<File> {
    directories::private(folder)?;
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(folder.join(name))
}
