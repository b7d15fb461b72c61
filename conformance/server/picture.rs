//! What a picture is, by its first bytes: format and size (the avatar rules of wire contract section 2.2).
//!
//! The real platform decodes the picture and scales it to 512 by 512 WebP. This one reads the header and serves the
//! bytes as they came, under the extension of their format: what callers see of it, key and address, works the same.

/// A picture that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) format: Format,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// The four formats that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
    WebP,
    Gif,
}

/// Why there is no header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotAPicture {
    UnknownFormat,
    Broken,
}

impl Format {
    fn of(bytes: &[u8]) -> Option<Format> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Format::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Format::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::WebP),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Format::Gif),
            _ => None,
        }
    }

    pub(crate) fn extension(self) -> &'static str {
        match self {
            Format::Jpeg => "jpg",
            Format::Png => "png",
            Format::WebP => "webp",
            Format::Gif => "gif",
        }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Format::Jpeg => "image/jpeg",
            Format::Png => "image/png",
            Format::WebP => "image/webp",
            Format::Gif => "image/gif",
        }
    }
}

/// Reads as much as is needed to know the size.
pub(crate) fn read_header(bytes: &[u8]) -> Result<Header, NotAPicture> {
    let format = Format::of(bytes).ok_or(NotAPicture::UnknownFormat)?;
    let size = match format {
        Format::Jpeg => jpeg_size(bytes),
        Format::Png => png_size(bytes),
        Format::WebP => webp_size(bytes),
        Format::Gif => gif_size(bytes),
    };
    let (width, height) = size.ok_or(NotAPicture::Broken)?;
    Ok(Header { format, width, height })
}

fn take<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    (take(bytes, 12)? == *b"IHDR")
        .then_some((u32::from_be_bytes(take(bytes, 16)?), u32::from_be_bytes(take(bytes, 20)?)))
}

fn gif_size(bytes: &[u8]) -> Option<(u32, u32)> {
    Some((u16::from_le_bytes(take(bytes, 6)?).into(), u16::from_le_bytes(take(bytes, 8)?).into()))
}

/// The size is in the first chunk, of which there are three kinds.
fn webp_size(bytes: &[u8]) -> Option<(u32, u32)> {
    match &take::<4>(bytes, 12)? {
        b"VP8X" => {
            let side = |at| take(bytes, at).map(|[a, b, c]| u32::from_le_bytes([a, b, c, 0]) + 1);
            Some((side(24)?, side(27)?))
        }
        b"VP8L" => {
            let packed = u32::from_le_bytes(take(bytes, 21)?);
            Some(((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => {
            let side = |at| take(bytes, at).map(|two| u32::from(u16::from_le_bytes(two) & 0x3fff));
            Some((side(26)?, side(28)?))
        }
        _ => None,
    }
}

/// Segments follow each other until the one that begins a frame, which has the size.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let [0xff, marker] = take(bytes, at)? else { return None };
        let begins_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if begins_frame {
            let (height, width) = (u16::from_be_bytes(take(bytes, at + 5)?), u16::from_be_bytes(take(bytes, at + 7)?));
            return Some((width.into(), height.into()));
        }
        at += match marker {
            0xff => 1,
            0x01 | 0xd0..=0xd8 => 2,
            _ => 2 + usize::from(u16::from_be_bytes(take(bytes, at + 2)?)),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(bytes: &[u8]) -> Result<(u32, u32), NotAPicture> {
        read_header(bytes).map(|header| (header.width, header.height))
    }

    #[test]
    fn every_format_tells_its_size() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\x00\0\0\0\x80";
        assert_eq!(size(png), Ok((256, 128)));
        assert_eq!(size(b"GIF89a\x00\x01\x80\x00"), Ok((256, 128)));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x11\x08\0\x80\x01\0";
        assert_eq!(size(jpeg), Ok((256, 128)));
        let webp = |chunk: &[u8]| [b"RIFF\0\0\0\0WEBP", chunk].concat();
        assert_eq!(size(&webp(b"VP8X\0\0\0\0\0\0\0\0\xff\0\0\x7f\0\0")), Ok((256, 128)));
        assert_eq!(size(&webp(b"VP8L\0\0\0\0\x2f\xff\xc0\x1f\0")), Ok((256, 128)));
        assert_eq!(size(&webp(b"VP8 \0\0\0\0\0\0\0\x9d\x01\x2a\0\x01\x80\0")), Ok((256, 128)));
    }

    #[test]
    fn other_bytes_are_told_apart_from_broken_pictures() {
        assert_eq!(size(b""), Err(NotAPicture::UnknownFormat));
        assert_eq!(size(b"BM"), Err(NotAPicture::UnknownFormat));
        for broken in
            [&b"\x89PNG\r\n\x1a\n"[..], b"GIF89a", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0\0", b"RIFF\0\0\0\0WEBP"]
        {
            assert_eq!(size(broken), Err(NotAPicture::Broken), "{broken:?}");
        }
    }
}
