//! The preview of a photo of 12 megapixels, made by the app's own function in a process of its
//! own.

use std::hint::black_box;
use std::io::Cursor;
use std::path::Path;

use anyhow::Result;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, ImageReader, Rgb, RgbImage};

use crate::Bench;
use crate::cpu::of_this_thread;
use crate::job::Job;
use crate::report::{Figure, Measured};
use crate::stats::Samples;
use crate::text::Dice;

/// What a phone's camera makes.
const WIDTH: u32 = 4_000;
const HEIGHT: u32 = 3_000;
/// As cameras save.
const QUALITY: u8 = 92;

pub(crate) async fn measure(bench: &Bench) -> Result<Measured> {
    let scratch = bench.scratch()?;
    let file = scratch.path().join("photo.jpg");
    let bytes = make(&file)?;
    let job = Job::Photo { file };
    let [mut cpu, mut memory, mut limit] = [const { Samples::EMPTY }; 3];
    for _ in 0..bench.runs {
        let done = job.run().await?;
        cpu.push(done.cpu_s * 1e3);
        memory.push(done.peak_mb - done.before_mb);
        let before = of_this_thread()?;
        let reader = ImageReader::with_format(Cursor::new(&bytes), ImageFormat::Jpeg);
        black_box(reader.decode()?);
        limit.push_ms(of_this_thread()?.saturating_sub(before));
    }
    let megabytes = bytes.len() as f64 / 1e6;
    Ok(Measured::Figures(vec![
        Figure::new("cpu_ms", cpu.p50(), "ms")
            .against(limit.p50())
            .at_most(125.0)
            .note(format!(
                "12 megapixels, {megabytes:.1} MB, to 1,600 pixels; baseline: decoding alone"
            )),
        Figure::new("extra_memory_mb", memory.p50(), "MB")
            .at_most(40.0)
            .note("its pixels alone are 36 MB"),
        Figure::new("ratio_to_limit", cpu.p50() / limit.p50(), "x"),
    ]))
}

/// A picture with shapes, slopes and noise, as pictures have them.
fn make(file: &Path) -> Result<Vec<u8>> {
    let dice = &mut Dice::new(12);
    let picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let noise = dice.below(30);
        let shape = if (x / 160 + y / 120) % 3 == 0 { 60 } else { 0 };
        let at = |from: u32, of: u32| {
            let value = u64::from(from * 150 / of) + shape + noise;
            u8::try_from(value.min(255)).unwrap_or(u8::MAX)
        };
        Rgb([at(x, WIDTH), at(y, HEIGHT), at(x + y, WIDTH + HEIGHT)])
    });
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?;
    std::fs::write(file, &bytes)?;
    Ok(bytes)
}
