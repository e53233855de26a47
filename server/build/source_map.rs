//! The source map of a joined module. oxc says where in the joined text each thing that it printed stands; here that becomes the place in the module
//! that the text is from. Its pieces have the lines and columns of their modules, so only the number of the first line differs.
//!
//! May import: oxc, std.

use oxc_sourcemap::{SourceMap, SourceMapBuilder};

/// A module within the joined text.
pub(crate) struct Piece {
    /// The line of the joined text that it begins in, from 0.
    pub(crate) first_line: u32,
    /// The name of its file.
    pub(crate) name: String,
    /// The file as it is.
    pub(crate) source: String,
}

/// The map to the `pieces`, which are in the order of their lines, as JSON. `lines_before` lines stand in the file before what was printed.
pub(crate) fn of(joined: &SourceMap, pieces: &[Piece], lines_before: u32) -> String {
    let mut map = SourceMapBuilder::default();
    let sources: Vec<u32> = (pieces.iter())
        .map(|piece| map.set_source_and_content(&piece.name, &piece.source))
        .collect();
    for token in joined.get_tokens() {
        let line = token.get_src_line();
        let following = pieces.partition_point(|piece| piece.first_line <= line);
        let Some(index) = following.checked_sub(1) else {
            continue;
        };
        let name = token.get_name_id().and_then(|id| joined.get_name(id));
        let name = name.map(|name| map.add_name(name));
        map.add_token(
            token.get_dst_line() + lines_before,
            token.get_dst_col(),
            line - pieces[index].first_line,
            token.get_src_col(),
            Some(sources[index]),
            name,
        );
    }
    map.into_sourcemap().to_json_string()
}
