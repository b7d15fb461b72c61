//! A file's type by the end of its name.

/// The type that the platform takes for files of such a name, if it takes any (contract 7).
///
/// ```
/// use agentchat_engine::transfer::content_type_of;
/// assert_eq!(content_type_of("Report.PDF"), Some("application/pdf"));
/// assert_eq!(content_type_of("tool.exe"), None);
/// ```
#[must_use]
pub fn content_type_of(filename: &str) -> Option<&'static str> {
    let (_, extension) = filename.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "json" => "application/json",
        "txt" => "text/plain",
        "md" | "markdown" => "text/markdown",
        "csv" => "text/csv",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "ogg" | "oga" => "audio/ogg",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rest::ATTACHMENT_TYPES;

    #[test]
    fn every_type_that_is_taken_has_an_ending_and_no_other() {
        let endings =
            ["png", "jpg", "gif", "webp", "pdf", "json", "txt", "md", "csv", "mp3", "wav", "ogg", "mp4", "webm"];
        let types: Vec<_> = endings.iter().map(|ending| content_type_of(&format!("f.{ending}")).unwrap()).collect();
        assert_eq!(
            {
                let mut types = types;
                types.sort_unstable();
                types
            },
            {
                let mut taken = ATTACHMENT_TYPES.to_vec();
                taken.sort_unstable();
                taken
            }
        );
        for none in ["png", "", ".", "f.", "f.png.exe"] {
            assert_eq!(content_type_of(none), None, "{none}");
        }
    }
}
