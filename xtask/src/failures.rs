//! What the tests that failed have said, to be told again at the end: in an output of thousands of lines nobody finds it.
//!
//! May import: nothing.

/// Of one test, in lines: enough for its message, not for a console that it quotes whole.
const MAX_LINES: usize = 30;
/// Of all tests.
const MAX_TESTS: usize = 20;

/// Reads the output of test programs, line by line, as libtest prints it: after all tests of a program, `failures:` and a section for each test that
/// failed, which begins with `---- its::name stdout ----`; then `failures:` again, with the names.
#[derive(Default)]
pub(crate) struct Failures {
    sections: Vec<Vec<String>>,
    is_in_section: bool,
    left_out: usize,
}

impl Failures {
    /// Takes one line, without its end.
    pub(crate) fn take(&mut self, line: &str) {
        let is_heading = line.starts_with("---- ") && line.ends_with(" stdout ----");
        if is_heading {
            self.is_in_section = self.sections.len() < MAX_TESTS;
            if self.is_in_section {
                self.sections.push(Vec::new());
            } else {
                self.left_out += 1;
            }
        } else if line == "failures:" {
            self.is_in_section = false;
        }
        if !self.is_in_section || line.is_empty() {
            return;
        }
        if let Some(section) = self.sections.last_mut()
            && section.len() < MAX_LINES
        {
            section.push(line.to_owned());
        }
    }

    /// All of it, or nothing if no test has failed.
    pub(crate) fn told(&self) -> String {
        let mut told: String = (self.sections.iter())
            .map(|section| format!("{}\n\n", section.join("\n")))
            .collect();
        if self.left_out > 0 {
            told += &format!("and {} more, further up\n", self.left_out);
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(output: &str) -> String {
        let mut failures = Failures::default();
        output.lines().for_each(|line| failures.take(line));
        failures.told()
    }

    #[test]
    fn what_failed_tests_have_said_is_told_and_nothing_else() {
        let output = "running 2 tests\ntest a ... FAILED\ntest b ... ok\n\nfailures:\n\n---- a stdout ----\nit is wrong\n\nvery\n\n\nfailures:\n    a\n\ntest result: FAILED.";
        assert_eq!(told(output), "---- a stdout ----\nit is wrong\nvery\n\n");
        assert_eq!(
            told("running 1 test\ntest b ... ok\n\ntest result: ok."),
            ""
        );
    }

    #[test]
    fn long_messages_and_many_failures_are_cut() {
        let message = format!(
            "---- a stdout ----\n{}failures:\n",
            "wrong\n".repeat(MAX_LINES)
        );
        assert_eq!(told(&message).matches("wrong").count(), MAX_LINES - 1);
        let many = told(&message.repeat(MAX_TESTS + 2));
        assert_eq!(many.matches("----").count(), 2 * MAX_TESTS);
        assert!(many.ends_with("and 2 more, further up\n"), "{many}");
    }
}
