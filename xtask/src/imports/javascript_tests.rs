use super::*;

fn problems_of(source: &str) -> Vec<String> {
    super::problems_of("book/stage/panels/a.js", source, &mut Graph::new())
}

const IMPORTS: &str = "
import { b } from './b.js';
import * as c from '../c.js';
import './shared/d.js';
export { e } from 'rtc-quickconnect';
const later = () => import('./shared/f.js');
";

#[test]
fn a_line_that_says_what_is_imported_passes() {
    let source = format!(
        "// @ts-check\n// What it is.\n//\n// May import: b.js, ../c.js, shared/,\n// rtc-quickconnect.\n{IMPORTS}"
    );
    assert_eq!(problems_of(&source), [""; 0]);
}

#[test]
fn a_module_without_a_line_is_not_checked() {
    assert_eq!(problems_of(IMPORTS), [""; 0]);
}

#[test]
fn an_import_that_the_line_leaves_out_fails_with_its_place_and_the_remedy() {
    let source = format!("// May import: b.js, ../c.js, shared/d.js.\n{IMPORTS}");
    let problems = problems_of(&source);
    let begins = [
        "book/stage/panels/a.js:6 imports rtc-quickconnect,",
        "book/stage/panels/a.js:7 imports ./shared/f.js,",
    ];
    assert_eq!(problems.len(), 2, "{problems:?}");
    for (problem, begin) in problems.iter().zip(begins) {
        assert!(problem.starts_with(begin), "{problem}");
    }
    assert!(problems[1].ends_with("add shared/f.js to the line"));
}

#[test]
fn a_name_that_is_not_imported_fails() {
    let source = "/** May import: b.js, other/. */\nimport './b.js';";
    let problems = problems_of(source);
    assert_eq!(
        problems,
        [
            "book/stage/panels/a.js says that it may import other/, and does not: take it out of the line"
        ]
    );
}

#[test]
fn what_stands_in_comments_is_no_import() {
    let source = "// May import: nothing.
        /** @typedef {import('./b.js').B} B */
        // import './c.js';
        const url = 'http://a/'; f(/** @type {import('./d.js').D} */ (x));
        /* import './e.js' */
    ";
    assert_eq!(problems_of(source), [""; 0]);
}

#[test]
fn modules_that_import_each_other_are_found() {
    let mut graph = Graph::new();
    super::problems_of(
        "book/a.js",
        "// May import: x/b.js.\nimport './x/b.js';",
        &mut graph,
    );
    assert_eq!(graph::cycle(&graph), None);
    super::problems_of(
        "book/x/b.js",
        "// May import: ../a.js.\nimport '../a.js';",
        &mut graph,
    );
    let cycle = graph::cycle(&graph);
    assert_eq!(
        cycle,
        Some(vec!["book/a.js".to_owned(), "book/x/b.js".to_owned()])
    );
}
