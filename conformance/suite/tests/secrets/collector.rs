//! Everything that was printed, in one text.

use std::fmt::{Debug, Display};
use std::io;
use std::sync::{Arc, Mutex};

use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

/// A log and a notebook.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collector(Arc<Mutex<Vec<u8>>>);

impl Collector {
    /// Takes down all that this thread logs, of every crate, through `tracing` and through `log`.
    pub(crate) fn listen(&self) -> DefaultGuard {
        // Fails if it was done before, which is as good.
        let _ = tracing_log::LogTracer::init();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
            .with_ansi(false)
            .without_time()
            .with_writer(self.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    /// Takes down how something prints.
    pub(crate) fn see<T: Debug>(&self, thing: T) -> T {
        self.add(&format!("{thing:?}\n{thing:#?}\n"));
        thing
    }

    /// Takes down how an error reads, with everything behind it.
    pub(crate) fn see_error<T: Display + Debug + std::error::Error>(&self, error: &T) {
        self.add(&format!("{error}\n{error:?}\n{error:#?}\n"));
        let mut source = error.source();
        while let Some(cause) = source {
            self.add(&format!("{cause}\n{cause:?}\n"));
            source = cause.source();
        }
    }

    pub(crate) fn add(&self, text: &str) {
        self.0.lock().expect("nobody panicked").extend_from_slice(text.as_bytes());
    }

    pub(crate) fn printed(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("nobody panicked")).into_owned()
    }
}

impl io::Write for Collector {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Collector {
    type Writer = Collector;

    fn make_writer(&'a self) -> Collector {
        self.clone()
    }
}

/// Whether a line shows a secret: as it is, in hexadecimal digits, or as a list of numbers. A code of six digits counts
/// only where it stands alone, as it may well be part of another number.
pub(crate) fn shows(line: &str, secret: &str) -> bool {
    let hex = hex::encode(secret);
    let numbers = secret.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
    let alone = |(start, found): (usize, &str)| {
        let is_part = |other: Option<char>| other.is_some_and(|other| other.is_ascii_alphanumeric());
        !is_part(line[..start].chars().next_back()) && !is_part(line[start + found.len()..].chars().next())
    };
    let plain = line.match_indices(secret).any(|found| secret.len() > 8 || alone(found));
    plain || line.contains(&hex) || line.contains(&hex.to_uppercase()) || line.contains(&numbers)
}

/// The beginning of a line, which says who printed it.
pub(crate) fn shortened(line: &str) -> String {
    line.chars().take(200).collect()
}
