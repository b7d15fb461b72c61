//! Pictures of agents (contract 2.2).

use std::time::Duration;

use agentchat_local::{LocalPlatform, RateLimit, Settings};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::Value;

use super::client::{Agent, Reply, agent, request, start};
use super::pictures::{
    AUTHOR, BLUE, GREEN, RED, animated_gif, animated_webp, encoded, painted, png, png_header, with_metadata,
};

const FORMATS: [ImageFormat; 4] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif];

/// Alice, who may change her picture as often as she likes.
async fn painter() -> Agent {
    let avatar_writes = RateLimit { count: usize::MAX, ..Settings::default().avatar_writes };
    agent(&start(Settings::default().avatar_writes(avatar_writes)).await, "alice")
}

async fn set(alice: &Agent, picture: impl AsRef<[u8]>) -> Reply {
    alice.put("/v1/agents/@alice/avatar", picture).await
}

async fn served(platform: &LocalPlatform, avatar: &Value) -> Reply {
    let url = avatar["avatar_url"].as_str().expect("a URL");
    let path = url.strip_prefix(&platform.base_url()).expect("a URL of this platform");
    request(platform, "GET", path, &[], "").await
}

/// Sets a picture and looks at what has become of it.
async fn shown(alice: &Agent, picture: impl AsRef<[u8]>) -> RgbImage {
    let avatar = set(alice, picture).await.ok(200);
    decoded(&served(&alice.platform, &avatar).await.body)
}

fn decoded(webp: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(webp, ImageFormat::WebP).expect("WebP").into_rgb8()
}

#[track_caller]
fn assert_colour(picture: &RgbImage, x: u32, y: u32, expected: Rgb<u8>) {
    let found = picture.get_pixel(x, y);
    // Neither JPEG nor WebP is exact.
    let near = found.0.iter().zip(expected.0).all(|(found, expected)| found.abs_diff(expected) < 30);
    assert!(near, "{found:?} in place of {expected:?} at {x}, {y}");
}

#[track_caller]
fn assert_all(picture: &RgbImage, expected: Rgb<u8>) {
    for (x, y, _) in picture.enumerate_pixels() {
        assert_colour(picture, x, y, expected);
    }
}

#[tokio::test]
async fn a_picture_has_an_address_that_follows_from_its_contents() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let first = set(&alice, png(128, 300)).await.ok(200);
    let key = first["avatar_key"].as_str().expect("a key");
    let (owner, file) = key.split_once('/').expect("two parts");
    let name = file.strip_suffix(".webp").expect("WebP");
    let is_hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    assert!(owner.len() == 16 && name.len() == 32 && is_hex(owner) && is_hex(name), "{key}");
    assert_eq!(alice.put("/v1/agents/alice/avatar", png(128, 300)).await.ok(200), first);
    let second = set(&alice, encoded(&RgbImage::from_pixel(128, 300, BLUE), ImageFormat::Png)).await.ok(200);
    assert_ne!(second["avatar_key"], first["avatar_key"]);
    assert_ne!(second["avatar_url"], first["avatar_url"]);

    assert_eq!(alice.get("/v1/agents/me").await.ok(200)["avatar_url"], second["avatar_url"]);
    assert_eq!(alice.get("/v1/agents/alice").await.ok(200)["avatar_url"], second["avatar_url"]);
    let picture = served(&platform, &second).await;
    assert_eq!((picture.status, picture.header("content-type")), (200, Some("image/webp")));

    assert_eq!(alice.delete("/v1/agents/alice/avatar").await.ok(200)["ok"], true);
    assert_eq!(alice.get("/v1/agents/me").await.ok(200)["avatar_url"], Value::Null);
    alice.delete("/v1/agents/alice/avatar").await.refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn every_format_becomes_a_square_of_webp() {
    let alice = painter().await;
    for format in FORMATS {
        for (width, height) in [(128, 128), (512, 512), (300, 700), (900, 200)] {
            let picture = shown(&alice, encoded(&painted(width, height), format)).await;
            assert_eq!(picture.dimensions(), (512, 512), "{format:?} of {width} by {height}");
            assert_colour(&picture, 10, 10, RED);
            assert_colour(&picture, 500, 500, GREEN);
        }
    }
}

#[tokio::test]
async fn what_colours_are_stored_as_is_no_matter() {
    let alice = painter().await;
    let painted = DynamicImage::from(painted(200, 200));
    let variants: [DynamicImage; 4] = [
        painted.to_luma8().into(),
        painted.to_luma_alpha16().into(),
        painted.to_rgba16().into(),
        DynamicImage::from(painted.to_rgba8()),
    ];
    for variant in variants {
        let mut bytes = Vec::new();
        variant.write_to(&mut std::io::Cursor::new(&mut bytes), ImageFormat::Png).expect("a PNG");
        assert_eq!(shown(&alice, bytes).await.dimensions(), (512, 512), "{:?}", variant.color());
    }
}

#[tokio::test]
async fn the_middle_of_a_picture_is_shown() {
    let alice = painter().await;
    let stripes = |x: u32| [RED, BLUE, GREEN][usize::try_from(x / 200).expect("a small number")];
    let picture = shown(&alice, encoded(&RgbImage::from_fn(600, 200, |x, _| stripes(x)), ImageFormat::Png)).await;
    assert_all(&picture, BLUE);
    let picture = shown(&alice, encoded(&RgbImage::from_fn(200, 600, |_, y| stripes(y)), ImageFormat::Png)).await;
    assert_all(&picture, BLUE);
}

#[tokio::test]
async fn metadata_are_obeyed_once_and_then_gone() {
    let alice = painter().await;
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let original = with_metadata(&painted(400, 300), format);
        assert!(original.windows(AUTHOR.len()).any(|part| part == AUTHOR), "{format:?}");
        let avatar = set(&alice, &original).await.ok(200);
        let webp = served(&alice.platform, &avatar).await.body;
        // One chunk, the pixels, and no other from the twelfth byte to the end.
        assert_eq!((&webp[..4], &webp[8..16]), (b"RIFF".as_slice(), b"WEBPVP8 ".as_slice()), "{format:?}");
        let pixels = usize::try_from(u32::from_le_bytes(webp[16..20].try_into().expect("a length"))).expect("small");
        assert_eq!(webp.len(), 20 + pixels.next_multiple_of(2), "{format:?}");
        assert!(!webp.windows(AUTHOR.len()).any(|part| part == AUTHOR), "{format:?}");

        // What was above is on the right after a quarter turn.
        let picture = decoded(&webp);
        assert_colour(&picture, 500, 256, RED);
        assert_colour(&picture, 10, 256, GREEN);
    }
}

#[tokio::test]
async fn an_animation_shows_its_first_frame() {
    let alice = painter().await;
    for animation in [animated_gif(160, &[BLUE, RED, GREEN]), animated_webp(160, &[BLUE, RED, GREEN])] {
        let picture = shown(&alice, animation).await;
        assert_eq!(picture.dimensions(), (512, 512));
        assert_colour(&picture, 256, 256, BLUE);
    }
}

#[tokio::test]
async fn other_bytes_are_refused() {
    let platform = start(Settings::default().request_body_bytes(10_000).avatar_bytes(5_000)).await;
    let alice = agent(&platform, "alice");
    alice.put("/v1/agents/bob/avatar", png(128, 128)).await.refused(403, "FORBIDDEN");
    let refusals: [(&[u8], u16, &str); 9] = [
        (b"", 400, "EMPTY_BODY"),
        (&[0; 5_001], 413, "PAYLOAD_TOO_LARGE"),
        (&[0; 10_001], 413, "PAYLOAD_TOO_LARGE"),
        (b"BM", 400, "UNSUPPORTED_FORMAT"),
        (b"II*\0\x08\0\0\0", 400, "UNSUPPORTED_FORMAT"),
        // More pixels than would ever fit into the memory of this process.
        (&png_header(2_000_000_000, 2_000_000_000), 400, "DECODE_FAILED"),
        (&png_header(5_100, 5_100), 400, "DECODE_FAILED"),
        (&png(127, 500), 400, "IMAGE_TOO_SMALL"),
        (&png_header(128, 128), 400, "DECODE_FAILED"),
    ];
    for (bytes, status, code) in refusals {
        set(&alice, bytes).await.refused(status, code);
        platform.clock().advance(Duration::from_secs(60));
    }
    assert_eq!(alice.get("/v1/agents/me").await.ok(200)["avatar_url"], Value::Null);
}

#[tokio::test]
async fn a_strip_with_as_many_pixels_as_allowed_is_taken() {
    let alice = painter().await;
    let most = Settings::default().avatar_pixels;
    let length = u32::try_from(most / 128).expect("a length");
    let strip = |length| encoded(&RgbImage::from_pixel(128, length, BLUE), ImageFormat::Png);
    assert_colour(&shown(&alice, strip(length)).await, 256, 256, BLUE);
    set(&alice, strip(length + 1)).await.refused(400, "DECODE_FAILED");
}

/// Cut off anywhere, and with any byte changed, a picture is shown or refused, and the platform goes on.
#[tokio::test]
async fn damaged_pictures_do_no_damage() {
    let alice = painter().await;
    let pictures = FORMATS.map(|format| encoded(&painted(128, 128), format));
    let animations = [animated_gif(128, &[RED, BLUE]), animated_webp(128, &[RED, BLUE])];
    for picture in pictures.into_iter().chain(animations) {
        let places = (0..48).step_by(3).chain((1..8).map(|eighth| picture.len() * eighth / 8));
        for at in places.filter(|at| *at < picture.len()) {
            let mut changed = picture.clone();
            changed[at] ^= 0xff;
            for damaged in [&picture[..at], &changed] {
                let reply = set(&alice, damaged).await;
                let code = if reply.status == 200 { Value::Null } else { reply.json()["code"].take() };
                let expected = match (reply.status, code.as_str()) {
                    (200, None) => true,
                    (400, Some("EMPTY_BODY")) => damaged.is_empty(),
                    (400, Some("UNSUPPORTED_FORMAT")) => at < 16,
                    (400, Some("DECODE_FAILED" | "IMAGE_TOO_SMALL")) => true,
                    _ => false,
                };
                assert!(expected, "{reply:?} for damage at {at} of {:?}", &picture[..16]);
            }
        }
    }
}

#[tokio::test]
async fn changes_are_counted() {
    let RateLimit { count, window } = Settings::default().avatar_writes;
    assert_eq!((count, window), (5, Duration::from_secs(60)));
    // A longer window, so that no pause of this process leads out of it.
    let window = Duration::from_secs(24 * 60 * 60);
    let avatar_writes = RateLimit { count, window };
    let platform = start(Settings::default().avatar_writes(avatar_writes)).await;
    let alice = agent(&platform, "alice");
    // Ten changes can fall into two windows; eleven cannot.
    let mut limited = None;
    for size in 128..139 {
        let reply = set(&alice, png(size, size)).await;
        if reply.status != 200 {
            limited = Some(reply);
        }
    }
    let limited = limited.expect("a refusal");
    assert!(limited.refused(429, "RATE_LIMITED")["retry_after_ms"].is_u64());
    assert!(limited.header("retry-after").is_some());
    alice.delete("/v1/agents/alice/avatar").await.refused(429, "RATE_LIMITED");
    platform.clock().advance(window);
    alice.delete("/v1/agents/alice/avatar").await.ok(200);
}
