//! Previews: upright, bounded, and made from pixels alone.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::MAX_BYTES;

/// The longest side of a preview, in pixels.
const PREVIEW_SIDE: u32 = 1600;
/// The longest side of an original that is decoded.
const SIDE_MAX: u32 = 12_000;
/// The most pixels of an original that is decoded.
const PIXELS_MAX: u64 = 60_000_000;
/// The most memory a decoder may take.
const MEMORY_MAX: u64 = 256 << 20;
const QUALITY: u8 = 80;

/// Why bytes are not taken as a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// Over 25 MiB.
    #[error("the photo is over 25 MiB")]
    TooLarge,
    /// Not a JPEG, PNG, WebP or HEIC.
    #[error("this file is not a photo")]
    NotAPhoto,
    /// A photo by its first bytes, and broken or too large to decode.
    #[error("this photo cannot be read")]
    Unreadable,
}

/// What is known of a photo, and its preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The media type of the original.
    pub mime: &'static str,
    /// Width of the original, upright; 0 where this device cannot decode it.
    pub width: u32,
    /// Height of the original, upright; 0 where this device cannot decode it.
    pub height: u32,
    /// A JPEG; none where this device cannot decode the original (HEIC).
    pub preview: Option<Vec<u8>>,
}

/// Looks at the bytes of an original and makes its preview. The original is never changed.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, PhotoError> {
    if bytes.len() > MAX_BYTES {
        return Err(PhotoError::TooLarge);
    }
    if is_heic(bytes) {
        return Ok(Prepared {
            mime: "image/heic",
            width: 0,
            height: 0,
            preview: None,
        });
    }
    let (format, mime) = match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => (ImageFormat::Jpeg, "image/jpeg"),
        Ok(ImageFormat::Png) => (ImageFormat::Png, "image/png"),
        Ok(ImageFormat::WebP) => (ImageFormat::WebP, "image/webp"),
        _ => return Err(PhotoError::NotAPhoto),
    };
    // Others' photos come from outside: a decoder that panics costs that one photo.
    let upright = std::panic::catch_unwind(|| decode(bytes, format));
    let upright = upright.ok().flatten().ok_or(PhotoError::Unreadable)?;
    let (width, height) = (upright.width(), upright.height());
    let preview = encode(upright).ok_or(PhotoError::Unreadable)?;
    Ok(Prepared {
        mime,
        width,
        height,
        preview: Some(preview),
    })
}

fn decode(bytes: &[u8], format: ImageFormat) -> Option<DynamicImage> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return None;
    }
    // Broken EXIF does not lose the picture: it is then shown as it lies in the file.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    image.apply_orientation(orientation);
    Some(image)
}

fn encode(image: DynamicImage) -> Option<Vec<u8>> {
    // Averages whole pixels: a filter in floating point would take three times the picture's own
    // memory, and longer than decoding it.
    let small = if image.width().max(image.height()) > PREVIEW_SIDE {
        image.thumbnail(PREVIEW_SIDE, PREVIEW_SIDE)
    } else {
        image
    };
    let mut out = Vec::new();
    small
        .into_rgb8()
        .write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY))
        .ok()?;
    Some(out)
}

/// HEIF brands that cameras write (ISO/IEC 23008-12); no decoder here reads them.
fn is_heic(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp")
        && bytes.get(8..12).is_some_and(|brand| {
            [b"heic", b"heix", b"mif1", b"msf1", b"hevc"]
                .iter()
                .any(|known| brand == *known)
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]
    use super::*;
    use image::{Rgb, RgbImage};

    /// A JPEG, red on its left half and blue on its right, with this EXIF orientation.
    fn jpeg(orientation: u8) -> Vec<u8> {
        let picture = RgbImage::from_fn(64, 32, |x, _| {
            if x < 32 {
                Rgb([255, 0, 0])
            } else {
                Rgb([0, 0, 255])
            }
        });
        let mut plain = Vec::new();
        picture
            .write_with_encoder(JpegEncoder::new_with_quality(&mut plain, 95))
            .unwrap();
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let mut out = plain[..2].to_vec();
        out.extend_from_slice(&[0xff, 0xe1, length[0], length[1]]);
        out.extend_from_slice(&exif);
        out.extend_from_slice(&plain[2..]);
        out
    }

    #[test]
    fn previews_are_upright_and_carry_no_exif() {
        for (orientation, width, height, red_at) in [
            (1, 64, 32, (5, 16)),
            (3, 64, 32, (58, 16)),
            (6, 32, 64, (16, 5)),
            (8, 32, 64, (16, 58)),
        ] {
            let prepared = prepare(&jpeg(orientation)).unwrap();
            assert_eq!(
                (prepared.width, prepared.height),
                (width, height),
                "{orientation}"
            );
            let preview = prepared.preview.unwrap();
            assert!(!preview.windows(4).any(|window| window == b"Exif"));
            let picture = image::load_from_memory(&preview).unwrap().to_rgb8();
            assert!(
                picture.get_pixel(red_at.0, red_at.1)[0] > 200,
                "{orientation}"
            );
        }
    }

    #[test]
    fn a_large_picture_is_made_small_and_a_small_one_is_not_made_large() {
        let mut png = Vec::new();
        RgbImage::new(3200, 800)
            .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
            .unwrap();
        let preview = prepare(&png).unwrap().preview.unwrap();
        let picture = image::load_from_memory(&preview).unwrap();
        assert_eq!((picture.width(), picture.height()), (1600, 400));
    }

    #[test]
    fn what_is_no_photo_is_refused_by_name() {
        assert_eq!(prepare(b"%PDF-1.7"), Err(PhotoError::NotAPhoto));
        assert_eq!(
            prepare(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            Err(PhotoError::NotAPhoto)
        );
        assert_eq!(prepare(b""), Err(PhotoError::NotAPhoto));
        let whole = jpeg(1);
        assert_eq!(prepare(&whole[..60]), Err(PhotoError::Unreadable));
        assert_eq!(prepare(&vec![0; MAX_BYTES + 1]), Err(PhotoError::TooLarge));
    }

    #[test]
    fn a_picture_that_would_fill_memory_is_refused_before_it_does() {
        // A PNG header that claims 60,000 by 60,000 pixels.
        let mut png = Vec::new();
        RgbImage::new(1, 1)
            .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
            .unwrap();
        png[16..20].copy_from_slice(&60_000u32.to_be_bytes());
        png[20..24].copy_from_slice(&60_000u32.to_be_bytes());
        assert_eq!(prepare(&png), Err(PhotoError::Unreadable));
    }

    #[test]
    fn a_heic_is_kept_without_a_preview() {
        let mut heic = vec![0, 0, 0, 24];
        heic.extend_from_slice(b"ftypheic\0\0\0\0mif1heic");
        assert_eq!(prepare(&heic).unwrap().preview, None);
    }
}
