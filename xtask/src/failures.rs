//! What the tests that failed have said, to be told again at the end: in an output of thousands of lines nobody finds it, and of a long output some
//! places that run it keep only the end.
//!
//! May import: nothing.

/// Of all tests, in lines. A test gets an equal share: its first lines, or those from its panic on, since what is wrong comes before where it was found.
const MAX_LINES: usize = 48;
/// Of one test, in lines: enough for its message, not for a console that it quotes whole.
const MAX_LINES_OF_TEST: usize = 24;
/// Of one line, in characters.
const MAX_LENGTH: usize = 400;
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
        if !self.is_in_section || says_nothing(line) {
            return;
        }
        let Some(section) = self.sections.last_mut() else {
            return;
        };
        // What a test has printed before it failed is about what went well.
        if line.starts_with("thread '") && line.contains(" panicked at ") {
            section.truncate(1);
        }
        if section.len() < MAX_LINES_OF_TEST {
            section.push(line.chars().take(MAX_LENGTH).collect());
        }
    }

    /// All of it, or nothing if no test has failed.
    pub(crate) fn told(&self) -> String {
        // A heading says nothing without a line below it.
        let share = (MAX_LINES / self.sections.len().max(1)).max(2);
        let mut told: String = (self.sections.iter())
            .map(|section| {
                let lines: Vec<_> = section.iter().take(share).map(String::as_str).collect();
                format!("{}\n\n", lines.join("\n"))
            })
            .collect();
        if self.left_out > 0 {
            told += &format!("and {} more, further up\n", self.left_out);
        }
        told
    }
}

/// Whether it is empty, or a part of the list of calls that led to a panic.
fn says_nothing(line: &str) -> bool {
    let line = line.trim_start();
    let number = line.split_once(": ").map(|(number, _)| number);
    let is_call = number.is_some_and(|number| number.parse::<u16>().is_ok());
    let is_place = line.starts_with("at ") && line.ends_with(|end: char| end.is_ascii_digit());
    line.is_empty() || is_call || is_place || line.eq_ignore_ascii_case("stack backtrace:")
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
            format!("wrong{}\n", " and so on".repeat(MAX_LENGTH)).repeat(MAX_LINES)
        );
        let one = told(&message);
        assert_eq!(one.matches("wrong").count(), MAX_LINES_OF_TEST - 1);
        assert!(one.lines().all(|line| line.len() <= MAX_LENGTH));
        let six = told(&message.repeat(6));
        assert_eq!(six.matches("wrong").count(), MAX_LINES - 6);
        let many = told(&message.repeat(MAX_TESTS + 2));
        assert_eq!(many.matches("----").count(), 2 * MAX_TESTS);
        assert_eq!(many.matches("wrong").count(), MAX_TESTS);
        assert!(many.ends_with("and 2 more, further up\n"), "{many}");
    }

    #[test]
    fn the_calls_that_led_to_a_panic_take_no_room() {
        let output = "---- a stdout ----\nit is wrong at 3: 4\nStack backtrace:\n   0: anyhow::error\n  11: main\n             at ./nptl/pthread_create.c:442:8\nbecause of this\nfailures:";
        assert_eq!(
            told(output),
            "---- a stdout ----\nit is wrong at 3: 4\nbecause of this\n\n"
        );
    }

    #[test]
    fn what_a_test_has_printed_before_its_panic_takes_no_room() {
        let output = "---- a stdout ----\n 5ms  this case\n 6ms  and this one\n\nthread 'a' (7) panicked at main.rs:1:2:\nit is wrong\nfailures:";
        assert_eq!(
            told(output),
            "---- a stdout ----\nthread 'a' (7) panicked at main.rs:1:2:\nit is wrong\n\n"
        );
    }
}
