//! Asks for a password on the terminal, without showing it.
//!
//! May import: rpassword, rustix, tokio.

use std::io::{self, Write as _};
use std::thread;

use tokio::sync::oneshot;

/// Asks, and waits for a line; `None` if `stopped` is ready before. However it ends, the terminal shows what is typed as it did before.
///
/// # Errors
/// When stdin is no terminal, or is closed.
pub async fn ask(question: &str, stopped: impl Future<Output = ()>) -> io::Result<Option<String>> {
    let silence = silence::Silence::begin()?;
    let (answer, is_answered) = oneshot::channel();
    let question = question.to_owned();
    // Nobody waits for it when the program is stopped: it is stuck in the read.
    thread::spawn(move || {
        // The program may have been stopped.
        let _ = answer.send(silence::read(&question));
    });
    let answer = tokio::select! {
        answer = is_answered => Some(answer.map_err(io::Error::other)??),
        () = stopped => {
            // What comes next stands below the question.
            let _ = io::stderr().write_all(b"\n");
            None
        }
    };
    drop(silence);
    Ok(answer)
}

#[cfg(unix)]
mod silence {
    use std::io::{self, BufRead as _, Write as _};

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// The terminal of stdin shows nothing of what is typed but the end of the line, until it is dropped.
    pub(super) struct Silence {
        before: Termios,
    }

    impl Silence {
        pub(super) fn begin() -> io::Result<Self> {
            let before = tcgetattr(io::stdin())?;
            let mut silent = before.clone();
            silent.local_modes.remove(LocalModes::ECHO);
            silent.local_modes.insert(LocalModes::ECHONL);
            tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
            Ok(Self { before })
        }
    }

    impl Drop for Silence {
        fn drop(&mut self) {
            // A terminal that is gone shows nothing.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
        }
    }

    pub(super) fn read(question: &str) -> io::Result<String> {
        io::stderr().write_all(question.as_bytes())?;
        let mut line = String::new();
        match io::stdin().lock().read_line(&mut line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end_matches(['\r', '\n']).to_owned()),
        }
    }
}

#[cfg(not(unix))]
mod silence {
    use std::io::{self, IsTerminal as _};

    pub(super) struct Silence;

    impl Silence {
        pub(super) fn begin() -> io::Result<Self> {
            match io::stdin().is_terminal() {
                true => Ok(Self),
                false => Err(io::Error::other("stdin is no terminal")),
            }
        }
    }

    pub(super) fn read(question: &str) -> io::Result<String> {
        rpassword::prompt_password(question)
    }
}
