//! Rust source as identifiers and punctuation, without comments and literals, and without what is compiled for tests only.
//!
//! May import: nothing.

/// A piece of source that matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'s> {
    Word(&'s str),
    Sign(char),
}

/// A token, and the number of its line.
pub(super) type Located<'s> = (Token<'s>, usize);

/// All of them, in order. Items behind `#[cfg(test)]` are left out.
pub(super) fn of(source: &str) -> Vec<Located<'_>> {
    without_tests(&all(source))
}

fn all(source: &str) -> Vec<Located<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut line = 1;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        let len = if first.is_alphabetic() || first == '_' {
            match literal_with_prefix(rest) {
                Some(len) => len,
                None => {
                    let word = word(rest);
                    tokens.push((Token::Word(word), line));
                    word.len()
                }
            }
        } else if first.is_ascii_digit() {
            word(rest).len()
        } else if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if first == '"' {
            string(rest)
        } else if first == '\'' {
            character_or_lifetime(rest)
        } else {
            if !first.is_whitespace() {
                tokens.push((Token::Sign(first), line));
            }
            first.len_utf8()
        };
        line += rest[..len].matches('\n').count();
        at += len;
    }
    tokens
}

fn word(rest: &str) -> &str {
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
    &rest[..end.unwrap_or(rest.len())]
}

/// Strings such as `r#"…"#`, `b"…"` and `br"…"`, and bytes such as `b'a'`.
fn literal_with_prefix(rest: &str) -> Option<usize> {
    let prefix = word(rest);
    let behind = &rest[prefix.len()..];
    match prefix {
        "b" | "c" if behind.starts_with('"') => Some(prefix.len() + string(behind)),
        "b" if behind.starts_with('\'') => Some(prefix.len() + character_or_lifetime(behind)),
        "r" | "br" | "cr" => {
            let hashes = behind.len() - behind.trim_start_matches('#').len();
            behind[hashes..].strip_prefix('"')?;
            let end = format!("\"{}", "#".repeat(hashes));
            let inside = prefix.len() + hashes + 1;
            Some(match rest[inside..].find(&end) {
                Some(len) => inside + len + end.len(),
                None => rest.len(),
            })
        }
        _ => None,
    }
}

fn string(rest: &str) -> usize {
    end_of_quoted(rest, '"').unwrap_or(rest.len())
}

fn character_or_lifetime(rest: &str) -> usize {
    let mut chars = rest.chars().skip(1);
    let is_character = match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    };
    match is_character {
        true => end_of_quoted(rest, '\'').unwrap_or(rest.len()),
        false => 1 + word(&rest[1..]).len(),
    }
}

fn end_of_quoted(rest: &str, quote: char) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        if char == '\\' {
            chars.next();
        } else if char == quote {
            return Some(at + 1);
        }
    }
    None
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(found) = rest[at..].find(['/', '*']) {
        at += found;
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

fn without_tests<'s>(tokens: &[Located<'s>]) -> Vec<Located<'s>> {
    const CFG_TEST: [Token<'static>; 7] = [
        Token::Sign('#'),
        Token::Sign('['),
        Token::Word("cfg"),
        Token::Sign('('),
        Token::Word("test"),
        Token::Sign(')'),
        Token::Sign(']'),
    ];
    let mut kept = Vec::new();
    let mut rest = tokens;
    while let Some((first, after)) = rest.split_first() {
        let begin = rest.iter().map(|(token, _)| token).take(CFG_TEST.len());
        if begin.eq(&CFG_TEST) {
            let item = &rest[CFG_TEST.len()..];
            rest = &item[length_of_item(item)..];
        } else {
            kept.push(*first);
            rest = after;
        }
    }
    kept
}

/// An item ends with its outermost brace, or with a semicolon outside of all brackets.
fn length_of_item(tokens: &[Located<'_>]) -> usize {
    let mut depth = 0_usize;
    for (index, (token, _)) in tokens.iter().enumerate() {
        match token {
            Token::Sign('{' | '(' | '[') => depth += 1,
            Token::Sign(closing @ ('}' | ')' | ']')) => {
                depth = depth.saturating_sub(1);
                if depth == 0 && *closing == '}' {
                    return index + 1;
                }
            }
            Token::Sign(';') if depth == 0 => return index + 1,
            _ => {}
        }
    }
    tokens.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<&str> {
        let words = of(source).into_iter().filter_map(|(token, _)| match token {
            Token::Word(word) => Some(word),
            Token::Sign(_) => None,
        });
        words.collect()
    }

    #[test]
    fn comments_and_literals_are_left_out() {
        let source = r##"
            a // b
            /* c /* d */ e */ f "g \" h" r#"i " j"# b"k" b'l' 'm' '\'' 'n: 1_000 br"o" p
        "##;
        assert_eq!(words(source), ["a", "f", "p"]);
    }

    #[test]
    fn what_is_for_tests_is_left_out() {
        let source = "
            use a;
            #[cfg(test)] mod tests { use b; fn f() { if c {} } }
            #[cfg(test)] use d::{e, f};
            #[cfg(test)] #[allow(x)] fn g(h: [u8; 2]) -> i { j }
            use k;
        ";
        assert_eq!(words(source), ["use", "a", "use", "k"]);
    }

    #[test]
    fn tokens_know_their_lines() {
        let lines: Vec<_> = of("a\n\"\n\"\nb")
            .into_iter()
            .map(|(_, line)| line)
            .collect();
        assert_eq!(lines, [1, 4]);
    }
}
