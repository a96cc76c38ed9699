//! Previews: upright, bounded, and without the original's metadata.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits};
use shared::wire::{ErrorCode, WireError};

use super::PhotoBytes;

/// Longest side of a preview.
const SIDE: u32 = 1024;
/// Largest picture that is decoded.
const PIXELS_SIDE: u32 = 16_384;
const DECODED_BYTES: u64 = 256 << 20;
const QUALITY: u8 = 80;

/// The preview of a photo; a photo of a format that is not decoded here has none.
pub(super) fn of(bytes: &[u8]) -> Result<PhotoBytes, WireError> {
    let none = |_| WireError::refused(ErrorCode::NotFound);
    let picture = decode(bytes, DECODED_BYTES)
        .map_err(none)?
        .thumbnail(SIDE, SIDE)
        .into_rgb8();
    let mut out = Vec::new();
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY))
        .map_err(none)?;
    Ok(PhotoBytes {
        mime: "image/jpeg",
        bytes: out,
    })
}

fn decode(bytes: &[u8], at_most: u64) -> image::ImageResult<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(PIXELS_SIDE);
    limits.max_image_height = Some(PIXELS_SIDE);
    limits.max_alloc = Some(at_most);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    // The decoder keeps its own buffers to the limit, and not the picture that it gives.
    limits.reserve(decoder.total_bytes())?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// The media type, from the bytes themselves: what a device says of them is not trusted in a
/// browser.
pub(super) fn mime(bytes: &[u8]) -> &'static str {
    match image::guess_format(bytes) {
        Ok(image::ImageFormat::Jpeg) => "image/jpeg",
        Ok(image::ImageFormat::Png) => "image/png",
        Ok(image::ImageFormat::WebP) => "image/webp",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_that_would_be_a_large_picture_is_not_decoded() {
        let mut file = Cursor::new(Vec::new());
        let picture = image::RgbImage::new(600, 400);
        picture
            .write_to(&mut file, image::ImageFormat::Png)
            .unwrap();
        let file = file.into_inner();
        assert!(file.len() < 10_000);
        assert!(decode(&file, 600 * 400 * 3).is_ok());
        assert!(decode(&file, 600 * 400 * 3 - 1).is_err());
        assert!(of(&file).is_ok());
    }
}
