//! Pictures to upload, in every format that is taken, and some that only look like one.

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage};

pub(crate) const RED: Rgb<u8> = Rgb([230, 20, 20]);
pub(crate) const GREEN: Rgb<u8> = Rgb([20, 200, 20]);
pub(crate) const BLUE: Rgb<u8> = Rgb([20, 20, 230]);

/// What the metadata of [`with_metadata`] say of their author.
pub(crate) const AUTHOR: &[u8] = b"Somebody who wants no traces";

/// Red above, green below.
pub(crate) fn painted(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |_, y| if y < height / 2 { RED } else { GREEN })
}

pub(crate) fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).expect("a picture in this format");
    bytes
}

/// A valid PNG of this size.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(&painted(width, height), ImageFormat::Png)
}

/// The beginning of a PNG that claims this size.
pub(crate) fn png_header(width: u32, height: u32) -> Vec<u8> {
    let (width, height) = (width.to_be_bytes(), height.to_be_bytes());
    let header = [b"IHDR".as_slice(), &width, &height, b"\x08\x02\0\0\0"].concat();
    let data = [b"IDAT".as_slice(), b"\x78\x9c"].concat();
    [b"\x89PNG\r\n\x1a\n".as_slice(), &png_chunk(&header), &png_chunk(&data)].concat()
}

/// A chunk of name and contents, with their length and checksum.
fn png_chunk(contents: &[u8]) -> Vec<u8> {
    let length = u32::try_from(contents.len() - 4).expect("a small chunk").to_be_bytes();
    let checksum = contents.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    });
    [&length, contents, &(!checksum).to_be_bytes()].concat()
}

/// A picture whose EXIF names [`AUTHOR`], and asks to be shown a quarter turn to the right.
pub(crate) fn with_metadata(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    let to = &mut Cursor::new(&mut bytes);
    let written = match format {
        ImageFormat::Jpeg => with_exif(JpegEncoder::new(to), picture),
        ImageFormat::Png => with_exif(PngEncoder::new(to), picture),
        ImageFormat::WebP => with_exif(WebPEncoder::new_lossless(to), picture),
        other => panic!("{other:?} has no EXIF"),
    };
    written.expect("a picture with EXIF");
    bytes
}

fn with_exif(mut encoder: impl image::ImageEncoder, picture: &RgbImage) -> image::ImageResult<()> {
    // TIFF, little endian: a directory with the orientation (0x0112) and the author (0x013b), which follows it.
    let author_at = 8 + 2 + 2 * 12 + 4_u32;
    let author_length = u32::try_from(AUTHOR.len()).expect("a short name");
    let mut exif = b"II*\0\x08\0\0\0\x02\0".to_vec();
    exif.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
    exif.extend([b"\x3b\x01\x02\0".as_slice(), &author_length.to_le_bytes(), &author_at.to_le_bytes()].concat());
    exif.extend([&[0; 4], AUTHOR].concat());
    encoder.set_exif_metadata(exif).expect("a format with EXIF");
    encoder.write_image(picture, picture.width(), picture.height(), image::ExtendedColorType::Rgb8)
}

/// An animation whose frames have one colour each.
pub(crate) fn animated_gif(side: u32, colours: &[Rgb<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for colour in colours {
        let frame = DynamicImage::from(RgbImage::from_pixel(side, side, *colour)).into_rgba8();
        encoder.encode_frame(Frame::new(frame)).expect("a frame");
    }
    drop(encoder);
    bytes
}

/// The same as WebP.
pub(crate) fn animated_webp(side: u32, colours: &[Rgb<u8>]) -> Vec<u8> {
    let chunk = |name: &[u8; 4], contents: &[u8]| {
        let length = u32::try_from(contents.len()).expect("a small chunk").to_le_bytes();
        [name.as_slice(), &length, contents, &[0][..contents.len() % 2]].concat()
    };
    let size = &(side - 1).to_le_bytes()[..3];
    let mut chunks = chunk(b"VP8X", &[&[0b10, 0, 0, 0], size, size].concat());
    chunks.extend(chunk(b"ANIM", &[0; 6]));
    for colour in colours {
        let still = encoded(&RgbImage::from_pixel(side, side, *colour), ImageFormat::WebP);
        // Position, size, 100 ms, no blending: then what a still picture has after its 12 bytes of header.
        chunks.extend(chunk(b"ANMF", &[&[0; 6], size, size, &[100, 0, 0, 0b10], &still[12..]].concat()));
    }
    chunk(b"RIFF", &[b"WEBP".as_slice(), &chunks].concat())
}
