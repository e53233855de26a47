//! guidebook: parses the arguments, binds the address, opens the book, and serves until it is told to stop.

mod host_key;
mod tls;
mod token;
mod wifi;

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use server::book::live::LiveBook;
use server::book::source::Source;
use server::config::{self, Command, Config, IceServers, PublicUrl, Serving};
use server::host_access::HostAccess;
use server::process::addresses::{self, Urls};
use server::process::{descriptors, folders};
use server::terminal::Terminal;
use server::workshop_address::{self, LOOK_EVERY};
use server::{Listeners, author, doctor, line, log, relay};
use tokio::net::TcpListener;
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
    Reader,
    /// A room, perhaps at an address that this machine does not know, in a Wi-Fi that may have a code.
    Workshop(Option<PublicUrl>, config::Wifi),
}

async fn start() -> Result<ExitCode> {
    let Config { command, serving } = Config::of_process();
    match command {
        None => serve(serving, Audience::Reader).await,
        Some(Command::Workshop(workshop)) => {
            let audience = Audience::Workshop(workshop.public_url, workshop.wifi);
            serve(workshop.serving, audience).await
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
            ice_servers,
        }) => {
            let _log = start_log(&serving, io::stderr())?;
            examine(&url, json, &ice_servers).await
        }
    }
}

fn start_log<W: io::Write + Send + 'static>(
    serving: &Serving,
    output: W,
) -> Result<impl Sized + use<W>> {
    log::start(&serving.log, &serving.settings.limits, output).with_context(|| {
        format!(
            "{:?} is no filter for the log; try --log info or --log server=debug",
            serving.log
        )
    })
}

async fn serve(mut config: Serving, audience: Audience) -> Result<ExitCode> {
    // Is dropped after the log, which it may have on it.
    let terminal = match &audience {
        Audience::Reader => Terminal::scrolling(),
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
    let listener = bind(config.listen, "--listen").await?;
    let metrics = match config.settings.admin.metrics_listen {
        Some(address) => Some(bind(address, "--metrics-listen").await?),
        None => None,
    };
    let public = listener
        .local_addr()
        .context("The address of the server is unknown")?;
    let relay = relay::bind(public, &config.settings.relay).await?;
    let public_url = match &audience {
        Audience::Workshop(public_url, _) => public_url.as_ref(),
        Audience::Reader => None,
    };
    let spoken = tls::open(&config, public_url)?;
    let relayed_ports = relay.as_ref().map_or(0, |_| limits.max_relayed_ports);
    let line_ports = match limits.no_line {
        true => 0,
        false => (limits.max_lines.saturating_mul(2))
            .saturating_add(limits.max_labs.saturating_mul(line::MAX_PORTS_OF_LAB)),
    };
    let sockets = [limits.max_connections, relayed_ports, line_ports];
    descriptors::provide_for(sockets.into_iter().fold(0, usize::saturating_add));
    let urls = addresses::urls(public);
    let announce = terminal.speaker();
    let workshop = match &audience {
        Audience::Reader => None,
        Audience::Workshop(public_url, wifi) => {
            // Before anything is printed.
            let Answer::Wifi(wifi) = wifi::of(wifi.clone(), stopped.as_mut()).await? else {
                return Ok(ExitCode::SUCCESS);
            };
            let state_dir = &mut config.settings.admin.state_dir;
            *state_dir = state_dir.take().or_else(folders::state);
            let name = public_url.as_ref().and_then(PublicUrl::name);
            config.settings.access.host_name.extend(name.cloned());
            let (workshop, notice) = workshop_address::begin(&urls, public_url.as_ref(), wifi)
                .context("The address has no QR code")?;
            // The book is not waited for.
            announce(notice);
            Some(workshop.with_tls(spoken.is_some()))
        }
    };
    let max_bytes = config.settings.limits.max_book_bytes;
    let source = config
        .book
        .map_or(Source::Embedded, |folder| Source::Checkout {
            folder,
            max_bytes,
        });
    let book = Arc::new(LiveBook::open_for(workshop, source).context("The book can't be shown")?);
    let _watch = author::watch(&book).context("The checkout can't be watched")?;

    let Urls {
        here, for_others, ..
    } = &urls;
    if matches!(audience, Audience::Reader) {
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
    if config.open
        && let Err(error) = open::that_detached(here)
    {
        tracing::warn!(%error, url = here, "No browser could be opened; open the address yourself");
    }
    let host_access = Arc::new(HostAccess::default());
    if matches!(audience, Audience::Workshop(..)) && io::stdin().is_terminal() {
        let is_at_loopback = public.ip().is_unspecified() || public.ip().is_loopback();
        let book = is_at_loopback.then(|| here.clone());
        let announce = announce.clone();
        host_key::watch(Arc::clone(&host_access), book, move |text| {
            announce(text.into())
        });
    }
    let _address = match &audience {
        Audience::Workshop(url, _) if workshop_address::can_change(public, url.as_ref()) => {
            let look = move || addresses::urls(public);
            let watch = workshop_address::watch(&book, &urls, LOOK_EVERY, look, announce);
            Some(watch)
        }
        _ => None,
    };
    let listeners = Listeners {
        public: listener,
        metrics,
        relay,
        tls: spoken.as_ref().map(|spoken| spoken.tls.clone()),
    };
    server::run_for_host(listeners, book, config.settings, host_access, stopped).await?;
    Ok(ExitCode::SUCCESS)
}

async fn examine(url: &str, json: bool, ice_servers: &IceServers) -> Result<ExitCode> {
    let report = doctor::examine(url, ice_servers).await;
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

async fn bind(address: SocketAddr, flag: &str) -> Result<TcpListener> {
    let port = address.port();
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow::anyhow!(
            "Port {port} is in use by another program. Stop that program, or choose another port with {flag} {}:{}",
            address.ip(),
            port.saturating_add(1),
        ),
        _ => anyhow::Error::new(error).context(format!("Cannot listen on {address}; choose another address with {flag}")),
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
