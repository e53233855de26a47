//! nginx, Caddy and HAProxy in front of the server, with the files that the book shows.
//!
//! Each listens at an address of its own within 127.0.0.0/8, so that no two tests want the same port.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use server::config::{IceServers, Limits, Settings};
use server::doctor::examine;
use tempfile::TempDir;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::sleep;

use crate::support::http::get_over;
use crate::support::{PROGRAM, Peer, Server, guidebook, own_address, project_file, soon};

/// Where the files name the server, and where it listens there.
const UPSTREAM: &str = "127.0.0.1:8000";
const PREFIX: &str = "/rtc";

/// That one address may have: the doctor has two peers, and sockets before that may not be over.
const CONNECTIONS: usize = 4;

/// A proxy that ends with the test.
struct Proxy {
    child: Child,
    address: SocketAddr,
    folder: TempDir,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> SocketAddr {
    own_address(8080)
}

/// What the book shows, for this server.
fn shown(file: &str, server: &Server) -> String {
    let text = project_file(&format!("code/take/{file}"));
    assert!(text.contains(UPSTREAM), "{file}");
    text.replace(UPSTREAM, &server.address.to_string())
}

/// The same at the root of a host.
fn at_root(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.contains("redir "));
    let text = lines.collect::<Vec<_>>().join("\n") + "\n";
    text.replace("/rtc/", "/")
}

async fn start(
    program: &str,
    package: &str,
    arguments: &[&str],
    file: &str,
    text: &str,
    address: SocketAddr,
) -> Proxy {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    fs::write(
        &path,
        text.replace("FOLDER", folder.path().to_str().unwrap()),
    )
    .unwrap();
    let mut command = Command::new(program);
    command.args(arguments).arg(&path).stdin(Stdio::null());
    command
        .current_dir(folder.path())
        .env("HOME", folder.path());
    let child = command
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn();
    let child = child.unwrap_or_else(|error| {
        panic!("{program} is missing, get it by `apt-get install {package}`: {error}")
    });
    let mut proxy = Proxy {
        child,
        address,
        folder,
    };
    let listening = async {
        while TcpStream::connect(address).await.is_err() {
            let ended = proxy.child.try_wait().unwrap();
            assert!(ended.is_none(), "{program} has ended: {ended:?}\n{text}");
            sleep(Duration::from_millis(10)).await;
        }
    };
    soon(program, listening).await;
    proxy
}

async fn nginx(snippet: &str) -> Proxy {
    let address = free_address();
    let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let paths: String = paths
        .iter()
        .map(|name| format!("{name}_temp_path FOLDER/{name};\n"))
        .collect();
    let snippet = snippet
        .replace("listen 80;", &format!("listen {address};"))
        .replace("/var/log/nginx/guidebook.log", "FOLDER/access.log");
    let text = format!(
        "daemon off;\nmaster_process off;\npid FOLDER/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{paths}{snippet}\n}}\n"
    );
    start(
        "nginx",
        "nginx-light",
        &["-e", "stderr", "-c"],
        "nginx.conf",
        &text,
        address,
    )
    .await
}

async fn caddy(snippet: &str) -> Proxy {
    let address = free_address();
    // By its name it would ask for a certificate.
    let snippet = snippet.replace(
        "book.example.org {",
        &format!("http://{address} {{\n\tbind {}", address.ip()),
    );
    let text = format!("{{\n\tadmin off\n}}\n{snippet}");
    let arguments = ["run", "--adapter", "caddyfile", "--config"];
    start("caddy", "caddy", &arguments, "Caddyfile", &text, address).await
}

async fn haproxy(text: &str) -> Proxy {
    let address = free_address();
    let text = text
        .replace("bind :80", &format!("bind {address}"))
        .replace("bind :443", &format!("bind {address}"));
    start(
        "haproxy",
        "haproxy",
        &["-db", "-f"],
        "haproxy.cfg",
        &text,
        address,
    )
    .await
}

async fn behind(base: &str, proxy_protocol: bool) -> Server {
    let mut settings = Settings::from(Limits {
        max_connections_per_address: CONNECTIONS,
        ..Limits::default()
    });
    settings.access.trusted_proxy = vec!["127.0.0.1".parse().unwrap()];
    settings.proxy.base_path = base.parse().unwrap();
    settings.proxy.proxy_protocol = proxy_protocol;
    Server::with_settings(settings).await
}

/// A connection to the proxy from this address.
async fn from(client: [u8; 4], proxy: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::from(client), 0).into()).unwrap();
    soon("a connection", socket.connect(proxy)).await.unwrap()
}

/// Pages, peers of two addresses that exchange a message, and that addresses are told apart.
async fn works(proxy: &Proxy, base: &str) {
    let Proxy { address, .. } = *proxy;
    let host = address.to_string();
    let path = format!("{base}/connecting/");
    let stream = from([127, 0, 0, 7], address).await;
    let page = get_over(stream, &path, &[("host", &host), ("connection", "close")]).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("stage/stage.js"));

    let url = format!("ws://{address}{base}/");
    let peer = async |client, id| {
        let stream = from(client, address).await;
        Peer::connect_over(stream, &url, id).await.unwrap()
    };
    let mut alice = peer([127, 0, 0, 7], "alice").await;
    let mut bob = peer([127, 0, 0, 8], "bob").await;
    for peer in [&mut alice, &mut bob] {
        peer.hears_greeting().await;
    }
    alice.announce("room").await;
    alice.hears_room_info(1).await;
    bob.announce("room").await;
    bob.hears_room_info(2).await;
    let heard = alice.next_text().await;
    assert!(heard.starts_with("/announce|bob|"), "{heard}");
    alice.says("/to|bob|/hello|alice|1").await;
    bob.hears("/to|bob|/hello|alice|1").await;

    let mut others = Vec::new();
    for _ in 1..CONNECTIONS {
        let mut other = peer([127, 0, 0, 7], "other").await;
        other.hears_greeting().await;
        others.push(other);
    }
    let mut late = peer([127, 0, 0, 7], "late").await;
    late.hears_error("too-many-connections-per-address").await;

    // All that a browser asks for, with its origin.
    let url = format!("http://{address}{base}/");
    let report = soon("a report", examine(&url, &IceServers::default(), None)).await;
    assert!(!report.has_failed(), "{report}");
}

#[tokio::test]
async fn nginx_passes_on_all_that_the_book_needs_below_a_prefix_and_at_the_root() {
    let server = behind(PREFIX, false).await;
    let proxy = nginx(&shown("nginx.conf", &server)).await;
    works(&proxy, PREFIX).await;
    let stream = from([127, 0, 0, 7], proxy.address).await;
    let host = proxy.address.to_string();
    let asked = get_over(stream, "/rtc/?token=secret", &[("host", &host)]).await;
    assert_eq!(asked.status, 200);
    let log = fs::read_to_string(proxy.folder.path().join("access.log")).unwrap();
    assert!(log.contains("\"GET /rtc/\" 200"), "{log}");
    assert!(!log.contains("secret"), "{log}");

    let server = behind("/", false).await;
    let proxy = nginx(&at_root(&shown("nginx.conf", &server))).await;
    works(&proxy, "").await;
}

#[tokio::test]
async fn nginx_may_take_the_prefix_away() {
    let server = behind(PREFIX, false).await;
    let upstream = format!("proxy_pass http://{};", server.address);
    let text = shown("nginx.conf", &server);
    assert!(text.contains(&upstream));
    let taking = format!("proxy_pass http://{}/;", server.address);
    works(&nginx(&text.replace(&upstream, &taking)).await, PREFIX).await;
}

/// The path that the page names for a Unix socket.
const SOCKET: &str = "/run/guidebook/guidebook.sock";

#[tokio::test]
async fn nginx_and_caddy_reach_the_program_at_a_unix_socket() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guidebook.sock");
    let path = path.to_str().unwrap();
    let mut program = guidebook(PROGRAM);
    program.args(["signaling", "--base-path", PREFIX, "--socket-mode", "666"]);
    program.args(["--listen", &format!("unix:{path}")]);
    let child = program
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _ends_it = Proxy {
        child,
        address: free_address(),
        folder,
    };
    soon("the socket", async {
        while tokio::net::UnixStream::connect(path).await.is_err() {
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    let page = project_file("book/take/proxies.md");
    let ways = [
        (
            "nginx.conf",
            "http://127.0.0.1:8000",
            format!("http://unix:{SOCKET}"),
        ),
        ("proxy.caddyfile", UPSTREAM, format!("unix/{SOCKET}")),
    ];
    for (file, tcp, unix) in ways {
        assert!(page.contains(&unix), "{unix}");
        let text =
            project_file(&format!("code/take/{file}")).replace(tcp, &unix.replace(SOCKET, path));
        let proxy = match file {
            "nginx.conf" => nginx(&text).await,
            _ => caddy(&text).await,
        };
        let url = format!("ws://{}{PREFIX}/", proxy.address);
        let stream = from([127, 0, 0, 7], proxy.address).await;
        let mut peer = Peer::connect_over(stream, &url, "a").await.unwrap();
        peer.hears_greeting().await;
    }
}

/// Of each command that the page or the unit shows, the options.
fn commands() -> Vec<String> {
    let page = project_file("book/take/proxies.md");
    let unit = project_file("code/take/guidebook.service");
    let shown = page
        .lines()
        .filter_map(|line| line.strip_prefix("$ guidebook "));
    let started = unit
        .lines()
        .filter_map(|line| line.strip_prefix("ExecStart=/usr/local/bin/guidebook "));
    shown.chain(started).map(str::to_owned).collect()
}

#[test]
fn the_program_takes_each_command_that_the_page_and_the_unit_show() {
    let commands = commands();
    assert!(commands.len() >= 5, "{commands:?}");
    for options in commands {
        // Nothing is started for who asks for help, and what stands before is read.
        let mut command = guidebook(PROGRAM);
        let output = command.args(options.split(' ')).arg("--help").output();
        assert!(output.unwrap().status.success(), "{options}");
        let wrong = options.replacen("--", "--no-such-", 1);
        if wrong != options {
            let output = guidebook(PROGRAM)
                .args(wrong.split(' '))
                .arg("--help")
                .output();
            assert!(!output.unwrap().status.success(), "{wrong}");
        }
    }
}

#[tokio::test]
async fn caddy_passes_on_all_that_the_book_needs_below_a_prefix_and_at_the_root() {
    let server = behind(PREFIX, false).await;
    let proxy = caddy(&shown("proxy.caddyfile", &server)).await;
    works(&proxy, PREFIX).await;
    let server = behind("/", false).await;
    let proxy = caddy(&at_root(&shown("proxy.caddyfile", &server))).await;
    works(&proxy, "").await;
}

#[tokio::test]
async fn haproxy_passes_on_all_that_the_book_needs_below_a_prefix_and_at_the_root() {
    let server = behind(PREFIX, false).await;
    let proxy = haproxy(&shown("haproxy.cfg", &server)).await;
    works(&proxy, PREFIX).await;
    let server = behind("/", false).await;
    let proxy = haproxy(&at_root(&shown("haproxy.cfg", &server))).await;
    works(&proxy, "").await;
}

#[tokio::test]
async fn haproxy_passes_on_bytes_and_says_for_whom() {
    let server = behind("/", true).await;
    let proxy = haproxy(&shown("haproxy-tcp.cfg", &server)).await;
    works(&proxy, "").await;
}
