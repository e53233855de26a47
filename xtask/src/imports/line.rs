//! Reads the line of a module that says what it may import, out of the comment at the module's head.
//!
//! May import: nothing.

const LABEL: &str = "May import:";

/// The names in the line; `None` if there is no such line.
///
/// # Errors
/// When the line does not follow the format.
pub(super) fn names(head: &[&str]) -> Result<Option<Vec<String>>, String> {
    let Some(begin) = head.iter().position(|line| line.contains(LABEL)) else {
        return Ok(None);
    };
    let Some(rest) = head[begin].trim().strip_prefix(LABEL) else {
        return Err(format!("\"{LABEL}\" does not begin a line of its own"));
    };
    let mut text = rest.to_owned();
    for line in &head[begin + 1..] {
        if text.ends_with('.') || line.trim().is_empty() {
            break;
        }
        text = format!("{text} {}", line.trim());
    }
    let Some(list) = text.trim().strip_suffix('.') else {
        return Err(format!(
            "the list after \"{LABEL}\" does not end a line with a full stop"
        ));
    };
    if list == "nothing" {
        return Ok(Some(Vec::new()));
    }
    let names: Vec<String> = list.split(',').map(|name| name.trim().to_owned()).collect();
    match names
        .iter()
        .find(|name| name.is_empty() || name.contains(char::is_whitespace))
    {
        Some(odd) => Err(format!(
            "\"{odd}\" after \"{LABEL}\" is no name; the line has names, separated by commas, or \"nothing\", and nothing else"
        )),
        None => Ok(Some(names)),
    }
}

/// The line that has these names.
pub(super) fn with_names<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<_> = names.into_iter().collect();
    match names[..] {
        [] => format!("{LABEL} nothing."),
        _ => format!("{LABEL} {}.", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_line_may_go_on_until_its_full_stop() {
        let head = [
            "What it is.",
            "",
            " May import: a, b::c,",
            " shared/d.js.",
            "More.",
        ];
        assert_eq!(names(&head).unwrap().unwrap(), ["a", "b::c", "shared/d.js"]);
        assert!(
            names(&["May import: nothing."])
                .unwrap()
                .unwrap()
                .is_empty()
        );
        assert_eq!(names(&["What it is."]), Ok(None));
    }

    #[test]
    fn what_is_no_list_of_names_is_refused() {
        for head in [
            "It counts. May import: a.",
            "May import: a",
            "May import: a, b's types.",
            "May import: a,, b.",
            "May import: .",
        ] {
            assert!(names(&[head]).is_err(), "{head}");
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        for expected in [vec![], vec!["a"], vec!["a", "b::c"]] {
            let line = with_names(expected.iter().copied());
            assert_eq!(names(&[&line]).unwrap().unwrap(), expected);
        }
    }
}
