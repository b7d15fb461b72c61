//! Where profiles are kept: files for this user alone, replaced whole.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use agentchat_tokio::ApiKey;
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::begun::{Begun, Kind};
use super::name::Name;
use crate::directories;
use crate::exit::{Code, Exit};
use crate::files::{self, small_text};

/// Bytes that a file of a profile may take, so that there is room for it before the platform gives the key.
const ROOM: usize = 4 * 1024;

/// An agent whose key is kept.
#[derive(Debug, Deserialize)]
pub(crate) struct Profile {
    pub(crate) handle: String,
    pub(crate) base_url: String,
    pub(crate) api_key: ApiKey,
}

/// The directory of the profiles.
#[derive(Debug)]
pub(crate) struct Store(PathBuf);

/// Room for a profile, taken before there is a key for it.
#[derive(Debug)]
pub(crate) struct Place {
    file: NamedTempFile,
    path: PathBuf,
}

impl Store {
    pub(crate) fn open() -> Result<Self, Exit> {
        let none = || Exit::usage("there is no place for profiles: set HOME or XDG_CONFIG_HOME");
        directories::config().map(|path| Self(path.join("agentchat/profiles"))).ok_or_else(none)
    }

    /// A profile, if there is one of the name.
    pub(crate) fn load(&self, name: &Name) -> Result<Option<Profile>, Exit> {
        read(&self.path(name)).map_err(|problem| Exit::usage(format!("the profile {name} cannot be used: {problem}")))
    }

    /// The names of all profiles, in order.
    pub(crate) fn names(&self) -> Result<Vec<Name>, Exit> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|e| files::unreadable(&self.0, &e))?,
        };
        let files = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<Name> = files.filter_map(|file| file.strip_suffix(".json")?.parse().ok()).collect();
        names.sort();
        Ok(names)
    }

    /// Room for a profile that is made, or of this agent already: nobody's key is replaced by another's.
    pub(crate) fn place(&self, name: &Name, agent: Option<(&str, &str)>) -> Result<Place, Exit> {
        if let Some(there) = self.load(name)?
            && agent != Some((&there.handle, &there.base_url))
        {
            let (handle, base_url) = (there.handle, there.base_url);
            return Err(Exit::usage(format!(
                "the profile {name} has the key of @{handle} at {base_url}: choose another with --profile, or log out of it first"
            )));
        }
        Place::new(&self.0, self.path(name))
    }

    /// What waits for its code.
    pub(crate) fn begun(&self, name: &Name, kind: Kind) -> Result<Begun, Exit> {
        let begun: Option<Begun> = read(&self.begun_path(name)).map_err(Exit::usage)?;
        let begun = begun.filter(|begun| begun.kind == kind);
        begun.ok_or_else(|| Exit::usage(format!("no code is waited for: begin with agentchat {kind} --begin")))
    }

    pub(crate) fn keep_begun(&self, name: &Name, begun: &Begun) -> Result<(), Exit> {
        Place::new(&self.0, self.begun_path(name))?.write(&json!(begun))
    }

    pub(crate) fn forget_begun(&self, name: &Name) {
        // It is worth nothing any more.
        let _ = fs::remove_file(self.begun_path(name));
    }

    /// Removes a profile; whether there was one.
    pub(crate) fn remove(&self, name: &Name) -> Result<bool, Exit> {
        self.forget_begun(name);
        let path = self.path(name);
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Exit::new(Code::Files, format!("cannot remove {}: {error}", path.display()))),
        }
    }

    fn path(&self, name: &Name) -> PathBuf {
        self.0.join(format!("{name}.json"))
    }

    fn begun_path(&self, name: &Name) -> PathBuf {
        self.0.join(format!("{name}.begun"))
    }
}

impl Place {
    fn new(folder: &Path, path: PathBuf) -> Result<Self, Exit> {
        let room = || -> io::Result<NamedTempFile> {
            directories::private(folder)?;
            // For its owner alone from the beginning.
            let mut file = NamedTempFile::new_in(folder)?;
            file.write_all(&[b' '; ROOM])?;
            file.as_file().sync_all()?;
            Ok(file)
        };
        room().map(|file| Self { file, path }).map_err(|e| unkept(folder, &e))
    }

    /// Keeps a profile here, in place of what there was.
    pub(crate) fn keep(self, profile: &Profile) -> Result<(), Exit> {
        let Profile { handle, base_url, api_key } = profile;
        self.write(&json!({"handle": handle, "base_url": base_url, "api_key": api_key.expose()}))
    }

    fn write(self, value: &Value) -> Result<(), Exit> {
        let Self { mut file, path } = self;
        let text = format!("{value}\n");
        let written = || -> io::Result<()> {
            let inside = file.as_file_mut();
            io::Seek::rewind(inside)?;
            inside.write_all(text.as_bytes())?;
            inside.set_len(text.len() as u64)?;
            inside.sync_all()?;
            file.persist(&path)?;
            // The name as well, where a directory can be synced.
            let _ = path.parent().map(|folder| fs::File::open(folder).and_then(|folder| folder.sync_all()));
            Ok(())
        };
        written().map_err(|e| unkept(&path, &e))
    }
}

/// A record, if there is such a file. A problem does not quote it.
fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<Option<T>, String> {
    if let Err(error) = fs::metadata(path)
        && matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
    {
        return Ok(None);
    }
    let text = small_text(path).map_err(|problem| problem.to_string())?;
    let broken = |_| format!("{} is not as this command writes it", path.display());
    serde_json::from_str(&text).map(Some).map_err(broken)
}

/// A file system that refuses a key says so by its own exit code.
fn unkept(path: &Path, error: &io::Error) -> Exit {
    Exit::new(Code::Files, format!("cannot keep anything in {}: {error}", path.display()))
}
