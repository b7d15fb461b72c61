//! A program in a pseudo-terminal, as somebody sits before it.

use std::fs::File;
use std::io::{Read, Write};
use std::process::Stdio;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

/// Far more than anything takes here.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct TerminalSession {
    pub(crate) child: Child,
    keyboard: File,
    /// The program's side, which stays open so that its modes can be looked at.
    there: File,
    output: UnboundedReceiver<Vec<u8>>,
    /// All that was printed so far.
    screen: String,
}

impl TerminalSession {
    /// Starts the program with the terminal as all its standard streams.
    pub(crate) fn start(mut command: Command) -> Self {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let name = ptsname(&keyboard, Vec::new()).unwrap().into_string().unwrap();
        let there = File::options().read(true).write(true).open(name).unwrap();
        let stream = || Stdio::from(there.try_clone().unwrap());
        command.env("TERM", "xterm").stdin(stream()).stdout(stream()).stderr(stream());
        let child = command.spawn().unwrap();
        let keyboard = File::from(keyboard);
        let mut screen = keyboard.try_clone().unwrap();
        let (read, output) = unbounded_channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                if read.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { child, keyboard, there, output, screen: String::new() }
    }

    pub(crate) fn types(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until this is on the screen, behind what was waited for before; all from there to it.
    pub(crate) async fn shows(&mut self, text: &str) -> String {
        loop {
            if let Some(at) = self.screen.find(text) {
                let rest = self.screen.split_off(at + text.len());
                return std::mem::replace(&mut self.screen, rest);
            }
            let Ok(Some(bytes)) = timeout(PATIENCE, self.output.recv()).await else {
                panic!("no {text:?} in {:?}", self.screen)
            };
            self.screen.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    pub(crate) async fn signal(&self, signal: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().await.unwrap().success());
    }

    /// Whether what is typed is shown, and lines are edited by the terminal itself.
    pub(crate) fn is_as_it_was(&self) -> bool {
        tcgetattr(&self.there).unwrap().local_modes.contains(LocalModes::ECHO | LocalModes::ICANON)
    }

    /// Whether what is typed is shown.
    pub(crate) fn echoes(&self) -> bool {
        tcgetattr(&self.there).unwrap().local_modes.contains(LocalModes::ECHO)
    }
}
