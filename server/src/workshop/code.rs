//! A QR code (ISO/IEC 18004) of an address, as text for a terminal and as a picture.
//!
//! May import: qrcode.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode, types::QrError};

/// Light modules around a code, without which scanners do not find it.
const QUIET_ZONE: usize = 4;

/// Sides of a picture that is shown in its own size: the same for every code, so that nothing moves when another one comes.
const SIDE: usize = 1000;

/// White on black, of the palette's part that no theme of a terminal changes: a code whose colours are those of the terminal is inverted
/// in every second one.
const COLOURS: &str = "\x1b[38;5;231;48;5;16m";
const NO_COLOURS: &str = "\x1b[0m";

/// A QR code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Row by row; `true` is dark.
    modules: Vec<bool>,
    /// In modules, without the quiet zone.
    width: usize,
}

impl Code {
    /// The code of a text, with as little redundancy as there is: nothing soils or tears a screen, and the fewer modules there are, the
    /// larger is each. Fails if the text is too long for a code.
    pub fn of(text: &str) -> Result<Self, QrError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::L)?;
        let width = code.width();
        let colours = code.into_colors().into_iter();
        Ok(Self {
            modules: colours.map(|colour| colour == Color::Dark).collect(),
            width,
        })
    }

    /// Modules from one side to the other, with the quiet zone: the columns that [its lines](Self::to_lines) take.
    pub fn side(&self) -> usize {
        self.width + 2 * QUIET_ZONE
    }

    /// Lines of half blocks, two rows of modules in each: light ones are drawn, in white, and dark ones are left out, on black. Without its
    /// colours it is right on a dark terminal.
    pub fn to_lines(&self) -> Vec<String> {
        let side = self.side();
        let line = |y: usize| {
            let mut line = COLOURS.to_owned();
            for x in 0..side {
                line.push(match (self.is_dark(x, y), self.is_dark(x, y + 1)) {
                    (false, false) => '█',
                    (false, true) => '▀',
                    (true, false) => '▄',
                    (true, true) => ' ',
                });
            }
            line.push_str(NO_COLOURS);
            line
        };
        (0..side).step_by(2).map(line).collect()
    }

    /// A picture in SVG, a unit for each module, black on white, 1,000 pixels wide and high where nothing else is said.
    pub fn to_svg(&self) -> String {
        let side = self.side();
        let mut dark = String::new();
        for y in 0..side {
            let mut x = 0;
            while x < side {
                let run = (x..side).take_while(|x| self.is_dark(*x, y)).count();
                if run > 0 {
                    // A string takes everything.
                    let _ = write!(dark, "M{x} {y}h{run}v1h-{run}z");
                }
                x += run + 1;
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{SIDE}\" height=\"{SIDE}\" viewBox=\"0 0 {side} {side}\" \
             shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/><path fill=\"#000\" d=\"{dark}\"/></svg>\n"
        )
    }

    /// Whether a module is dark; the first one is the corner of the quiet zone, which has no end to the right and below.
    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |place: usize| {
            let place = place.checked_sub(QUIET_ZONE)?;
            (place < self.width).then_some(place)
        };
        let module = inside(x).zip(inside(y));
        module.is_some_and(|(x, y)| self.modules[y * self.width + x])
    }
}
