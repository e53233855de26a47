//! The paths that Rust source names: in `use` declarations, and written out in the code.
//!
//! May import: tokens.

use std::collections::BTreeSet;

use super::tokens::{Located, Token};

/// A path as it is written, and the number of its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
}

/// What a file says of other modules.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Modules that are declared with `mod x;`.
    pub(super) children: Vec<String>,
    /// Of `use` declarations.
    pub(super) used: Vec<Path>,
    /// What else has `::` in it.
    pub(super) written_out: Vec<Path>,
}

/// Reads them.
pub(super) fn of(tokens: &[Located<'_>]) -> Names {
    let mut names = Names::default();
    let mut bound = BTreeSet::new();
    let mut at = 0;
    while let Some((token, line)) = tokens.get(at) {
        let is_begin = at == 0 || !is_sign(tokens, at - 1, ':') && !is_sign(tokens, at - 1, '.');
        match token {
            Token::Word("use") if is_begin => {
                at = tree(tokens, at + 1, &[], &mut names.used, &mut bound);
                continue;
            }
            Token::Word("mod") if is_sign(tokens, at + 2, ';') => {
                if let Some((Token::Word(name), _)) = tokens.get(at + 1) {
                    names.children.push((*name).to_owned());
                }
            }
            // `pub(in a::b)` says who may see a thing, and imports nothing.
            Token::Word("in") if at > 1 && is_word(tokens, at - 2, "pub") => {
                while at < tokens.len() && !is_sign(tokens, at, ')') {
                    at += 1;
                }
            }
            Token::Word(_) if is_begin && is_double_colon(tokens, at + 1) => {
                let mut segments = Vec::new();
                let mut next = at;
                while let Some((Token::Word(word), _)) = tokens.get(next) {
                    segments.push((*word).to_owned());
                    next += 1;
                    if !is_double_colon(tokens, next) {
                        break;
                    }
                    next += 2;
                }
                names.written_out.push(Path {
                    segments,
                    line: *line,
                });
                at = next;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    // They begin with what a `use` declaration has brought in, which counts already.
    names
        .written_out
        .retain(|path| !bound.contains(&path.segments[0]));
    names
}

/// Reads a tree such as `a::{b, c::d as e}` and returns where it ends.
fn tree(
    tokens: &[Located<'_>],
    begin: usize,
    above: &[String],
    paths: &mut Vec<Path>,
    bound: &mut BTreeSet<String>,
) -> usize {
    let mut segments = above.to_vec();
    let mut at = begin;
    let line = tokens.get(begin).map_or(0, |(_, line)| *line);
    loop {
        match tokens.get(at).map(|(token, _)| *token) {
            Some(Token::Word("as")) => {
                if let Some((Token::Word(name), _)) = tokens.get(at + 1) {
                    bound.insert((*name).to_owned());
                }
                paths.push(Path { segments, line });
                return at + 2;
            }
            Some(Token::Word(word)) => {
                if word != "self" || above.is_empty() {
                    segments.push(word.to_owned());
                }
                at += 1;
            }
            Some(Token::Sign('*')) => {
                paths.push(Path { segments, line });
                return at + 1;
            }
            Some(Token::Sign('{')) => {
                at += 1;
                while at < tokens.len() && !is_sign(tokens, at, '}') {
                    match is_sign(tokens, at, ',') {
                        true => at += 1,
                        false => at = tree(tokens, at, &segments, paths, bound),
                    }
                }
                return at + 1;
            }
            Some(Token::Sign(':')) => at += 1,
            _ => {
                let name = segments.last().cloned();
                // `use crate` alone is no Rust.
                bound.extend(name);
                paths.push(Path { segments, line });
                return at;
            }
        }
    }
}

fn is_word(tokens: &[Located<'_>], at: usize, word: &str) -> bool {
    tokens
        .get(at)
        .is_some_and(|(token, _)| *token == Token::Word(word))
}

fn is_sign(tokens: &[Located<'_>], at: usize, sign: char) -> bool {
    tokens
        .get(at)
        .is_some_and(|(token, _)| *token == Token::Sign(sign))
}

fn is_double_colon(tokens: &[Located<'_>], at: usize) -> bool {
    is_sign(tokens, at, ':') && is_sign(tokens, at + 1, ':')
}

#[cfg(test)]
mod tests {
    use super::super::tokens;
    use super::*;

    fn written(paths: &[Path]) -> Vec<String> {
        paths.iter().map(|path| path.segments.join("::")).collect()
    }

    #[test]
    fn a_use_declaration_is_read_to_its_last_branch() {
        let source = "
            pub use crate::a::{self, b::{C, D as E}, f::*};
            use super::g;
            use tokio::sync as s;
        ";
        let names = of(&tokens::of(source));
        let expected = [
            "crate::a",
            "crate::a::b::C",
            "crate::a::b::D",
            "crate::a::f",
            "super::g",
            "tokio::sync",
        ];
        assert_eq!(written(&names.used), expected);
    }

    #[test]
    fn paths_that_are_written_out_count_unless_they_begin_with_what_is_in_use() {
        let source = "
            use super::frame;
            mod child;
            fn f() { frame::text(); child::work(x.y::<Z>()); std::mem::take(&mut crate::a::B::new()) }
        ";
        let names = of(&tokens::of(source));
        assert_eq!(names.children, ["child"]);
        assert_eq!(
            written(&names.written_out),
            ["child::work", "std::mem::take", "crate::a::B::new"]
        );
    }
}
