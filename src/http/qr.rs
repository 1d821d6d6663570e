//! QR codes of links: as rows that the page draws, as SVG or PNG to save or print, as text for a terminal.
//!
//! Called by `handlers::invites` and, for the console, by `host::cli`. Error correction M and the quiet
//! zone of four modules that ISO/IEC 18004 asks for; black on white in every colour scheme, because readers
//! need it.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

use crate::limits::PNG_SIDE_MIN;

/// Modules of white around the code (ISO/IEC 18004, section 6.3.8).
const QUIET: usize = 4;
const HEX: &[u8; 16] = b"0123456789abcdef";

#[derive(Debug, thiserror::Error)]
pub enum QrError {
    #[error("the text does not fit a QR code")]
    TooLong,
    #[error("the image could not be written: {0}")]
    Png(#[from] png::EncodingError),
}

struct Modules {
    dark: Vec<bool>,
    inner: usize,
    side: usize,
}

impl Modules {
    fn of(text: &str) -> Result<Self, QrError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| QrError::TooLong)?;
        let inner = code.width();
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { dark, inner, side: inner + 2 * QUIET })
    }

    /// Whether the module is dark; white outside of the code.
    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = QUIET..QUIET + self.inner;
        inside.contains(&x) && inside.contains(&y) && self.dark[(y - QUIET) * self.inner + x - QUIET]
    }

    /// The runs of dark modules of one line, as start and length.
    fn runs(&self, y: usize) -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for x in (0..self.side).filter(|&x| self.is_dark(x, y)) {
            match runs.last_mut() {
                Some((start, length)) if *start + *length == x => *length += 1,
                _ => runs.push((x, 1)),
            }
        }
        runs
    }
}

/// The rows of `text`'s code from the top, without the quiet zone: each in hexadecimal with a bit for each
/// module, the last bit being the rightmost one. A fifth of the SVG, and a page waits for two codes.
pub fn rows(text: &str) -> Result<Vec<String>, QrError> {
    let modules = Modules::of(text)?;
    let digits = modules.inner.div_ceil(4);
    let row = |y| {
        let digit = |left: usize| {
            let bits = (0..4).map(|bit| modules.is_dark(left + bit, y));
            HEX[bits.fold(0, |number, is_dark| number * 2 + usize::from(is_dark))]
        };
        let begin = QUIET + modules.inner - digits * 4;
        (0..digits).map(|at| char::from(digit(begin + at * 4))).collect()
    };
    Ok((QUIET..QUIET + modules.inner).map(row).collect())
}

/// `text` as an SVG image of one path, without script, style or size. Each run of dark modules is a line as
/// thick as a module: half as long as a box.
pub fn svg(text: &str) -> Result<String, QrError> {
    let modules = Modules::of(text)?;
    let mut path = String::new();
    for y in 0..modules.side {
        for (x, length) in modules.runs(y) {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{x} {y}h{length}");
        }
    }
    let side = modules.side;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
         <path stroke=\"#000\" transform=\"translate(0 .5)\" d=\"{path}\"/></svg>"
    ))
}

/// `text` as a PNG image of one bit a pixel, at least 512 pixels wide.
pub fn png(text: &str) -> Result<Vec<u8>, QrError> {
    let modules = Modules::of(text)?;
    let scale = PNG_SIDE_MIN.div_ceil(modules.side);
    let side = modules.side * scale;
    let mut rows = Vec::with_capacity(side * side.div_ceil(8));
    for y in 0..modules.side {
        let row = packed_row(&modules, y, scale);
        for _ in 0..scale {
            rows.extend_from_slice(&row);
        }
    }
    let width = u32::try_from(side).map_err(|_| QrError::TooLong)?;
    let mut image = Vec::new();
    let mut encoder = png::Encoder::new(&mut image, width, width);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header()?.write_image_data(&rows)?;
    Ok(image)
}

/// One line of pixels, eight to a byte, white being 1.
fn packed_row(modules: &Modules, y: usize, scale: usize) -> Vec<u8> {
    let side = modules.side * scale;
    let mut row = vec![0u8; side.div_ceil(8)];
    for x in (0..side).filter(|x| !modules.is_dark(x / scale, y)) {
        row[x / 8] |= 0x80 >> (x % 8);
    }
    row
}

/// `text` for a terminal, two lines of modules to a line of half blocks. White is drawn, so that the code can
/// be read on a dark ground; on a light one most readers take the inverse as well.
pub fn terminal(text: &str) -> Result<String, QrError> {
    let modules = Modules::of(text)?;
    let mut out = String::new();
    for y in (0..modules.side).step_by(2) {
        for x in 0..modules.side {
            let lower_is_light = y + 1 < modules.side && !modules.is_dark(x, y + 1);
            out.push(match (!modules.is_dark(x, y), lower_is_light) {
                (true, true) => '\u{2588}',
                (true, false) => '\u{2580}',
                (false, true) => '\u{2584}',
                (false, false) => ' ',
            });
        }
        out.push('\n');
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const LINK: &str = "http://192.168.1.20:8080/j#0123456789ABCDEFGHJKMNPQRS";

    /// The modules as the `qrcode` crate made them, quiet zone added, for comparison with what was drawn.
    fn expected() -> (usize, Vec<bool>) {
        let modules = Modules::of(LINK).unwrap();
        let side = modules.side;
        (side, (0..side * side).map(|at| modules.is_dark(at % side, at / side)).collect())
    }

    #[test]
    fn the_rows_are_the_modules_without_the_quiet_zone() {
        let rows = rows(LINK).unwrap();
        let (side, dark) = expected();
        let inner = side - 2 * QUIET;
        assert_eq!(rows.len(), inner);
        for (y, row) in rows.iter().enumerate() {
            assert_eq!(row.len(), inner.div_ceil(4), "{row}");
            let bits = u128::from_str_radix(row, 16).unwrap();
            for x in 0..inner {
                assert_eq!(bits >> (inner - 1 - x) & 1 == 1, dark[(y + QUIET) * side + x + QUIET], "{x} {y}");
            }
        }
    }

    #[test]
    fn the_svg_draws_every_dark_module_once() {
        let svg = svg(LINK).unwrap();
        let (side, dark) = expected();
        assert!(svg.starts_with("<svg ") && !svg.contains("script") && !svg.contains("style"));
        assert!(svg.contains(&format!("viewBox=\"0 0 {side} {side}\"")));
        let path = svg.split("d=\"").nth(2).unwrap().split('"').next().unwrap();
        let mut drawn = vec![false; side * side];
        for run in path.split('M').filter(|run| !run.is_empty()) {
            let numbers: Vec<usize> =
                run.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
            for x in numbers[0]..numbers[0] + numbers[2] {
                assert!(!std::mem::replace(&mut drawn[numbers[1] * side + x], true));
            }
        }
        assert_eq!(drawn, dark);
    }

    #[test]
    fn the_png_shows_the_same_modules_large_enough_to_print() {
        let image = png(LINK).unwrap();
        let (side, dark) = expected();
        let mut reader = png::Decoder::new(std::io::Cursor::new(image)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        assert_eq!(frame.bit_depth, png::BitDepth::One);
        let width = frame.width as usize;
        assert!(width >= PNG_SIDE_MIN && width.is_multiple_of(side));
        let scale = width / side;
        for (at, dark) in dark.into_iter().enumerate() {
            let (x, y) = (at % side * scale + scale / 2, at / side * scale + scale / 2);
            let light = pixels[y * frame.line_size + x / 8] & (0x80 >> (x % 8)) != 0;
            assert_eq!(light, !dark, "{x} {y}");
        }
    }

    #[test]
    fn the_terminal_shows_two_rows_to_a_line() {
        let (side, dark) = expected();
        let text = terminal(LINK).unwrap();
        assert_eq!(text.lines().count(), side.div_ceil(2));
        for (y, line) in text.lines().enumerate() {
            for (x, block) in line.chars().enumerate() {
                let upper_is_light = matches!(block, '\u{2588}' | '\u{2580}');
                assert_eq!(upper_is_light, !dark[2 * y * side + x]);
            }
        }
    }

    #[test]
    fn a_text_that_fits_no_code_is_an_error() {
        assert!(matches!(svg(&"x".repeat(4_000)), Err(QrError::TooLong)));
    }
}
