//! The descriptors below the standard streams. Another program may have made them non-blocking for both (a pipe's two
//! users share that), and then a full one says "would block" where it ought to wait.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{OFlags, fcntl_getfl};

/// A stream that is waited for, without a buffer.
#[derive(Debug)]
pub(super) struct Stream(File);

impl Stream {
    pub(super) fn stdout() -> io::Result<Self> {
        Self::of(&io::stdout())
    }

    pub(super) fn stderr() -> io::Result<Self> {
        Self::of(&io::stderr())
    }

    /// Whether it was closed when the process began: the standard library then opens the null device in its place, for reading
    /// as well, which a shell's `> /dev/null` does not.
    pub(super) fn was_closed(&self) -> io::Result<bool> {
        let device = self.0.metadata()?.rdev();
        let for_both = fcntl_getfl(&self.0)?.contains(OFlags::RDWR);
        Ok(for_both && device == std::fs::metadata("/dev/null")?.rdev())
    }

    fn of(stream: &impl AsFd) -> io::Result<Self> {
        stream.as_fd().try_clone_to_owned().map(|fd| Self(fd.into()))
    }

    fn wait(&self) -> io::Result<()> {
        match poll(&mut [PollFd::new(&self.0, PollFlags::OUT)], None) {
            Err(error) if error != rustix::io::Errno::INTR => Err(error.into()),
            _ => Ok(()),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match self.0.write(bytes) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.wait()?,
                written => return written,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
