//! Reads QR codes, with another library than the server makes them with.
#![allow(clippy::unwrap_used)]

/// Pixels of a module in the picture that the reader is given.
const SCALE: usize = 6;

/// Light modules that a code needs around it.
const QUIET_ZONE: usize = 4;

/// Modules, row by row, with the quiet zone; `true` is dark.
pub(crate) struct Modules(pub(crate) Vec<Vec<bool>>);

impl Modules {
    /// Of a code that is printed as half blocks, the light ones drawn. Colours have to be removed before.
    pub(crate) fn printed_in(text: &str) -> Self {
        let is_part = |line: &&str| line.starts_with('█') && line.ends_with('█');
        let lines = text.lines().map(str::trim).filter(is_part);
        let rows = lines.flat_map(|line| {
            let halves = line.chars().map(|half| match half {
                '█' => (false, false),
                '▀' => (false, true),
                '▄' => (true, false),
                ' ' => (true, true),
                other => panic!("{other:?} is no part of a code"),
            });
            let (upper, lower) = halves.unzip();
            [upper, lower]
        });
        Self(rows.collect())
    }

    /// Of a picture whose dark modules are runs in a path, as the server draws them.
    pub(crate) fn drawn_in(svg: &str) -> Self {
        let part = |begin: &str, end: &str| svg.split(begin).nth(1).unwrap().split(end).next();
        let side: usize = part("viewBox=\"0 0 ", " ").unwrap().parse().unwrap();
        let white = format!("<path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/>");
        assert!(svg.contains(&white), "{svg}");
        let mut rows = vec![vec![false; side]; side];
        let runs = part("<path fill=\"#000\" d=\"", "\"").unwrap();
        for run in runs.split('M').skip(1) {
            let (place, rest) = run.split_once('h').unwrap();
            let (x, y) = place.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let length: usize = rest.split('v').next().unwrap().parse().unwrap();
            assert_eq!(run, format!("{x} {y}h{length}v1h-{length}z"));
            rows[y][x..x + length].fill(true);
        }
        Self(rows)
    }

    /// What a phone reads in it. The quiet zone is checked, too, as phones need more of it than the reader.
    pub(crate) fn read(&self) -> String {
        let rows = &self.0;
        let (width, height) = (rows[0].len(), rows.len());
        assert!(rows.iter().all(|row| row.len() == width));
        let is_margin = |place: usize, end: usize| place < QUIET_ZONE || place >= end - QUIET_ZONE;
        for (y, row) in rows.iter().enumerate() {
            for (x, is_dark) in row.iter().enumerate() {
                let is_quiet = is_margin(x, width) || is_margin(y, height);
                assert!(!(is_quiet && *is_dark), "dark at {x}, {y}");
            }
        }
        let grey = |x: usize, y: usize| match rows[y / SCALE][x / SCALE] {
            true => 0,
            false => 255,
        };
        let mut picture =
            rqrr::PreparedImage::prepare_from_greyscale(width * SCALE, height * SCALE, grey);
        let grids = picture.detect_grids();
        assert_eq!(grids.len(), 1, "one code");
        grids[0].decode().unwrap().1
    }
}
