//! guidebook: parses the arguments, binds the address, opens the book, and serves until it is told to stop.

mod check_config;
mod host_key;
mod listen;
mod local_name;
mod notify;
mod tls;
mod token;
mod wifi;

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use server::book::live::LiveBook;
use server::book::source::Source;
use server::config::given::Given;
use server::config::{self, Command, Config, Label, PublicUrl, Serving, Shown};
use server::doctor::report::Report;
use server::host_access::HostAccess;
use server::local_name::Published;
use server::process::addresses::{self, Urls};
use server::process::{descriptors, folders};
use server::terminal::Terminal;
use server::workshop_address::{self, LOOK_EVERY};
use server::{Listeners, author, doctor, line, log, relay};
use wifi::Answer;

/// Gives memory back that a burst took. The allocator of glibc keeps it: after a minute of hostile members 24 to 44 MiB more than before.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> Result<ExitCode> {
    // Where there is one core, workers would only wake each other.
    let mut runtime = match std::thread::available_parallelism() {
        Ok(cores) if cores.get() == 1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = runtime.enable_all().event_interval(TASKS_PER_POLL).build();
    runtime
        .context("The runtime can't start")?
        .block_on(start())
}

/// Tasks that run before the operating system is asked what else can be read. tokio's 61 would have what a hundred clients say at once
/// read and relayed in two halves.
const TASKS_PER_POLL: u32 = 1024;

/// Whom the book is served to.
enum Audience {
    /// Whoever was told by other means, most often the reader at this machine.
    Reader(Shown),
    /// A room, perhaps at an address that this machine does not know, in a Wi-Fi that may have a code.
    Workshop(Shown, Option<PublicUrl>, config::LocalName, config::Wifi),
    /// Nobody: there is no book, and programs signal.
    Programs,
}

async fn start() -> Result<ExitCode> {
    let Config {
        command,
        shown,
        serving,
    } = Given::of_process().config;
    match command {
        None => serve(serving, Audience::Reader(shown)).await,
        Some(Command::Workshop(workshop)) => {
            let config::Workshop {
                public_url,
                local_name,
                wifi,
                shown,
                serving,
            } = *workshop;
            serve(
                serving,
                Audience::Workshop(shown, public_url, local_name, wifi),
            )
            .await
        }
        Some(Command::Signaling(signaling)) => {
            let mut serving = signaling.serving;
            let limits = &mut serving.settings.limits;
            limits.no_companion = true;
            limits.no_line = true;
            limits.no_sfu = true;
            serve(serving, Audience::Programs).await
        }
        Some(Command::CheckConfig(asked)) => {
            let checked = check_config::check(&asked);
            let written = io::stdout().write_all(checked.says.as_bytes());
            written.context("What was found can't be printed")?;
            Ok(match checked.is_good {
                true => ExitCode::SUCCESS,
                false => ExitCode::FAILURE,
            })
        }
        Some(Command::Token(asked)) => {
            let says = token::make(&asked)?;
            let written = io::stdout().write_all(says.as_bytes());
            written.context("It can't be printed")?;
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Doctor {
            url,
            json,
            token,
            ice_servers,
        }) => {
            let _log = start_log(&serving, io::stderr())?;
            let report = doctor::examine(&url, &ice_servers, token.as_deref()).await;
            print_report(&report, json)
        }
    }
}

fn start_log<W: io::Write + Send + 'static>(
    serving: &Serving,
    output: W,
) -> Result<impl Sized + use<W>> {
    let limits = &serving.settings.limits;
    let log = log::start(&serving.log, serving.log_format, limits, output);
    log.with_context(|| no_filter(&serving.log))
}

/// Why there is no log.
fn no_filter(filter: &str) -> String {
    format!("{filter:?} is no filter for the log; try --log info or --log server=debug")
}

/// Why there is no workshop.
const NOBODY_CAN_OPEN_IT: &str = "Nobody can open a Unix socket in a browser: name the address of the proxy in front with --public-url";

async fn serve(mut config: Serving, mut audience: Audience) -> Result<ExitCode> {
    // Is dropped after the log, which it may have on it.
    let terminal = match &audience {
        Audience::Reader(_) | Audience::Programs => Terminal::scrolling(),
        Audience::Workshop(..) => Terminal::keeping(),
    };
    let _log = start_log(&config, terminal.log())?;
    if config.tls.forget_authority {
        let says = tls::forget()?;
        let written = io::stdout().write_all(says.as_bytes());
        written.context("What has happened can't be printed")?;
        return Ok(ExitCode::SUCCESS);
    }
    let limits = &config.settings.limits;
    let mut stopped = Box::pin(stop_signal().context("Ctrl-C and SIGTERM can't be caught")?);
    // Before the book is rendered: who has to wait for it is in the queue already.
    let listening = listen::open(&config).await?;
    let metrics = match config.settings.admin.metrics_listen {
        Some(address) => Some(listen::bind(address, "--metrics-listen").await?),
        None => None,
    };
    let public = listening.public.address();
    let relay_settings = &config.settings.relay;
    let relay = match public.or(relay_settings.turn_listen) {
        Some(address) => relay::bind(address, relay_settings).await?,
        // At a Unix socket nothing says where.
        None => None,
    };
    let base_path = config.settings.proxy.base_path.clone();
    if let Audience::Workshop(_, public_url, ..) = &mut audience {
        *public_url = public_url.take().map(|url| url.below(&base_path));
    }
    let public_url = match &audience {
        Audience::Workshop(_, public_url, ..) => public_url.as_ref(),
        Audience::Reader(_) | Audience::Programs => None,
    };
    let name = match (&audience, public) {
        (Audience::Workshop(_, url, local_name, _), Some(public)) => {
            local_name::wanted(local_name, public, url.as_ref())
        }
        _ => None,
    };
    let port = public.map(|public| public.port());
    let spoken = tls::open(&config, public_url, name.map(Label::host), port)?;
    let relayed_ports = relay.as_ref().map_or(0, |_| limits.max_relayed_ports);
    let line_ports = match limits.no_line {
        true => 0,
        false => (limits.max_lines.saturating_mul(2))
            .saturating_add(limits.max_labs.saturating_mul(line::MAX_PORTS_OF_LAB)),
    };
    let sockets = [limits.max_connections, relayed_ports, line_ports];
    descriptors::provide_for(sockets.into_iter().fold(0, usize::saturating_add));
    let urls = match public {
        Some(public) => addresses::urls(public).below(&base_path),
        None => Urls::nowhere(config.listen.to_string()),
    };
    let announce = terminal.speaker();
    let workshop = match &audience {
        Audience::Reader(_) | Audience::Programs => None,
        Audience::Workshop(_, public_url, _, wifi) => {
            if public.is_none() && public_url.is_none() {
                bail!(NOBODY_CAN_OPEN_IT);
            }
            // Before anything is printed.
            let Answer::Wifi(wifi) = wifi::of(wifi.clone(), stopped.as_mut()).await? else {
                return Ok(ExitCode::SUCCESS);
            };
            let state_dir = &mut config.settings.admin.state_dir;
            *state_dir = state_dir.take().or_else(folders::state);
            let own_name = public_url.as_ref().and_then(PublicUrl::name);
            config.settings.access.host_name.extend(own_name.cloned());
            let (workshop, notice) = workshop_address::begin(&urls, public_url.as_ref(), wifi)
                .context("The address has no QR code")?;
            // The book is not waited for.
            announce(notice);
            Some(workshop.with_tls(spoken.is_some()))
        }
    };
    let max_bytes = config.settings.limits.max_book_bytes;
    let shown = match &audience {
        Audience::Reader(shown) | Audience::Workshop(shown, ..) => Some(shown),
        Audience::Programs => None,
    };
    let source = match shown.map(|shown| shown.book.clone()) {
        None => Source::Library,
        Some(None) => Source::Embedded,
        Some(Some(folder)) => Source::Checkout { folder, max_bytes },
    };
    let book = LiveBook::open_for(workshop, source).context("The book can't be shown")?;
    let book = Arc::new(book.compressed_once_asked());
    let _watch = author::watch(&book).context("The checkout can't be watched")?;

    let Urls {
        here, for_others, ..
    } = &urls;
    if !matches!(audience, Audience::Workshop(..)) {
        let others = for_others.iter().filter(|url| *url != here);
        let others: String = others
            .map(|url| format!("For others it is at {url}\n"))
            .collect();
        let title = book.current().title().to_owned();
        announce(format!("{title} is at {here}  (Ctrl-C stops it)\n{others}").into());
    }
    if let Some(spoken) = &spoken
        && !spoken.says.is_empty()
    {
        announce(format!("\n{}", spoken.says).into());
    }
    if shown.is_some_and(|shown| shown.open)
        && public.is_some()
        && let Err(error) = open::that_detached(here)
    {
        tracing::warn!(%error, url = here, "No browser could be opened; open the address yourself");
    }
    let host_access = Arc::new(HostAccess::default());
    if matches!(audience, Audience::Workshop(..)) && io::stdin().is_terminal() {
        let is_at_loopback =
            public.is_some_and(|public| public.ip().is_unspecified() || public.ip().is_loopback());
        let book = is_at_loopback.then(|| here.clone());
        let announce = announce.clone();
        host_key::watch(Arc::clone(&host_access), book, move |text| {
            announce(text.into())
        });
    }
    let published = name.map(|name| local_name::publish(name, &mut config));
    let naming = published.as_ref().map(Published::naming);
    let _address = match (&audience, public) {
        (Audience::Workshop(_, url, ..), Some(public))
            if workshop_address::can_change(public, url.as_ref()) =>
        {
            let look = move || addresses::urls(public).below(&base_path);
            let watch = workshop_address::watch(&book, &urls, naming, LOOK_EVERY, look, announce);
            Some(watch)
        }
        _ => None,
    };
    let listeners = Listeners {
        public: listening.public,
        metrics,
        relay,
        tls: spoken.as_ref().map(|spoken| spoken.tls.clone()),
    };
    let stopped = async move {
        stopped.await;
        notify::tell(notify::State::Stopping);
    };
    // Whoever connects from now on is in the queue of a listener.
    notify::tell(notify::State::Ready);
    let ended = server::run_for_host(listeners, book, config.settings, host_access, stopped).await;
    if let Some(published) = published {
        published.end().await;
    }
    ended?;
    Ok(ExitCode::SUCCESS)
}

fn print_report(report: &Report, json: bool) -> Result<ExitCode> {
    let text = match json {
        true => format!("{:#}\n", report.to_json()),
        false => report.to_string(),
    };
    let written = io::stdout().write_all(text.as_bytes());
    written.context("The report can't be printed")?;
    Ok(match report.has_failed() {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

/// Ready on Ctrl-C, and on the SIGTERM of a process manager. Both are caught from this call on.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Ready on Ctrl-C, which is caught from this call on.
#[cfg(windows)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupted = tokio::signal::windows::ctrl_c()?;
    Ok(async move { drop(interrupted.recv().await) })
}
