//! Avatars of 512 by 512 pixels as WebP of quality 85, without metadata (contract 2.2).
//!
//! Where the contract is silent: a picture is turned as its EXIF asks before that is dropped, cut to the square in its
//! middle, and of an animation the first frame is taken.

use std::io::Cursor;

use bytes::Bytes;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, ImageResult, Limits, guess_format};

use super::{Bounds, NotAnAvatar};

/// Pixels on each side of an avatar.
const SIDE: u32 = 512;
/// Of 100.
const QUALITY: f32 = 85.0;
/// Of the four formats, the most that one pixel takes when decoded: PNG with 16 bits for each of four channels.
const BYTES_PER_PIXEL: u64 = 8;

/// Makes an avatar of a JPEG, PNG, WebP or GIF. The same picture always becomes the same bytes.
///
/// Takes up to a second for the largest pictures, so it is nothing for a thread that serves others as well.
pub(crate) fn avatar(bytes: &[u8], bounds: Bounds) -> Result<Bytes, NotAnAvatar> {
    let picture = decode(bytes, bounds)?;
    let square = square(&picture).resize_exact(SIDE, SIDE, FilterType::Lanczos3).into_rgba8();
    let encoder = ::webp::Encoder::from_rgba(&square, square.width(), square.height());
    let written = encoder.encode_simple(false, QUALITY).map_err(|_| NotAnAvatar::NotWritten)?;
    Ok(Bytes::copy_from_slice(&written))
}

/// The size that the header claims is checked before anything of that size is allocated.
fn decode(bytes: &[u8], bounds: Bounds) -> Result<DynamicImage, NotAnAvatar> {
    let format = guess_format(bytes)
        .ok()
        .filter(|format| matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif));
    let format = format.ok_or(NotAnAvatar::UnknownFormat)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // For what the header does not tell, such as metadata that swell when they are unpacked.
    let mut limits = Limits::default();
    limits.max_alloc = Some(bounds.pixels.saturating_mul(BYTES_PER_PIXEL));
    reader.limits(limits);
    let mut decoder = broken(reader.into_decoder())?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > bounds.pixels {
        return Err(NotAnAvatar::TooManyPixels);
    }
    if width.min(height) < bounds.smallest_side {
        return Err(NotAnAvatar::TooSmall);
    }
    // A picture is not broken because its metadata is.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = broken(DynamicImage::from_decoder(decoder))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn broken<T>(result: ImageResult<T>) -> Result<T, NotAnAvatar> {
    result.map_err(|_| NotAnAvatar::Broken)
}

/// Cutting comes before scaling: a long strip that is scaled first would be far larger than it came.
fn square(picture: &DynamicImage) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let side = width.min(height);
    picture.crop_imm((width - side) / 2, (height - side) / 2, side, side)
}
