//! `--listen unix:…`, the socket that a process manager opens, and what it is told.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::{TcpStream, UnixStream};

use crate::support::http::{exchange_over, get_over};
use crate::support::{PROGRAM, Peer, guidebook};

/// A program that has printed where it is, and ends with the test.
struct Started {
    child: Child,
    printed: String,
}

impl Started {
    fn by(command: &mut Command) -> Self {
        let command = command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut printed = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut printed).unwrap();
        Self { child, printed }
    }

    fn gets(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.unwrap().success());
    }

    fn ends_by(mut self, signal: &str) {
        self.gets(signal);
        self.child.wait().unwrap();
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guidebook.sock");
    (folder, path)
}

fn signaling_at(path: &Path) -> Command {
    let mut command = guidebook(PROGRAM);
    let listen = format!("unix:{}", path.display());
    command.args(["signaling", "--listen", &listen]);
    command
}

async fn connect(path: &Path) -> UnixStream {
    UnixStream::connect(path).await.unwrap()
}

#[tokio::test]
async fn peers_meet_at_a_unix_socket_and_its_clients_are_those_that_the_proxy_names() {
    let (_folder, path) = folder();
    let mut command = signaling_at(&path);
    let started = Started::by(command.args(["--max-connections-per-address", "1"]));
    let expected = format!("Signaling is at unix:{}  (Ctrl-C", path.display());
    assert!(
        started.printed.starts_with(&expected),
        "{}",
        started.printed
    );
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
    let answer = get_over(connect(&path).await, "/healthz", &[]).await;
    assert_eq!(answer.status, 200);

    let peer = async |client: &str| {
        let headers = [("x-forwarded-for", client)];
        let stream = connect(&path).await;
        Peer::connect_over_with(stream, "ws://localhost/", &headers, client).await
    };
    let mut alice = peer("192.0.2.1").await.unwrap();
    alice.hears_greeting().await;
    let mut bob = peer("192.0.2.2").await.unwrap();
    bob.hears_greeting().await;
    let mut late = peer("192.0.2.1").await.unwrap();
    late.hears_error("too-many-connections-per-address").await;
    alice.announce("room").await;
    alice.hears_room_info(1).await;
    bob.announce("room").await;
    bob.hears_room_info(2).await;
}

#[tokio::test]
async fn the_book_is_served_there_and_has_lines_where_turn_listens() {
    let (_folder, path) = folder();
    let mut command = guidebook(PROGRAM);
    let listen = format!("unix:{}", path.display());
    let started = Started::by(command.args(["--listen", &listen, "--turn-listen", "127.0.0.1:0"]));
    assert!(started.printed.contains(&listen), "{}", started.printed);
    let page = get_over(connect(&path).await, "/connecting/", &[]).await;
    assert_eq!(page.status, 200);
    let line = exchange_over(connect(&path).await, "POST", "/line", &[], "{}").await;
    assert_eq!(line.status, 201, "{}", line.text());
    let companion = exchange_over(connect(&path).await, "POST", "/companion", &[], "room").await;
    assert_eq!(companion.status, 404);
}

#[tokio::test]
async fn the_mode_is_a_flag_and_the_file_is_gone_at_the_end() {
    let (_folder, path) = folder();
    let mut command = signaling_at(&path);
    let started = Started::by(command.args(["--socket-mode", "600"]));
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    started.ends_by("-TERM");
    assert!(!path.exists());
}

#[tokio::test]
async fn the_file_of_a_program_that_was_killed_is_replaced_and_that_of_one_that_lives_is_not() {
    let (_folder, path) = folder();
    Started::by(&mut signaling_at(&path)).ends_by("-KILL");
    assert!(fs::metadata(&path).unwrap().file_type().is_socket());
    let _living = Started::by(&mut signaling_at(&path));
    let second = signaling_at(&path).output().unwrap();
    assert!(!second.status.success());
    let error = String::from_utf8(second.stderr).unwrap();
    assert!(
        error.contains("Another program listens on unix:"),
        "{error}"
    );
    let answer = get_over(connect(&path).await, "/healthz", &[]).await;
    assert_eq!(answer.status, 200);
}

#[test]
fn a_file_that_is_no_socket_stays() {
    let (_folder, path) = folder();
    fs::write(&path, "mine").unwrap();
    let output = signaling_at(&path).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("is no socket"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[test]
fn a_workshop_there_wants_the_address_of_its_proxy() {
    let (_folder, path) = folder();
    let listen = format!("unix:{}", path.display());
    let output = guidebook(PROGRAM)
        .args(["workshop", "--listen", &listen])
        .output();
    let error = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(error.contains("--public-url"), "{error}");
}

/// The program with this socket as systemd passes it on: as file 3.
fn activated_with(socket: OwnedFd) -> Started {
    let mut command = guidebook("sh");
    let script = "exec 3<&0 </dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" signaling --listen 192.0.2.1:1";
    command.args(["-c", script, PROGRAM]).stdin(socket);
    Started::by(&mut command)
}

#[tokio::test]
async fn the_socket_that_a_process_manager_has_opened_is_served() {
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = tcp.local_addr().unwrap();
    let started = activated_with(tcp.into());
    assert!(
        started.printed.contains(&address.to_string()),
        "{}",
        started.printed
    );
    let stream = TcpStream::connect(address).await.unwrap();
    assert_eq!(get_over(stream, "/healthz", &[]).await.status, 200);

    let (_folder, path) = folder();
    let _started = activated_with(UnixListener::bind(&path).unwrap().into());
    let answer = get_over(connect(&path).await, "/healthz", &[]).await;
    assert_eq!(answer.status, 200);
}

/// What the process manager is told next.
fn told(manager: &UnixDatagram) -> String {
    let mut text = [0; 64];
    let length = manager.recv(&mut text).unwrap();
    String::from_utf8(text[..length].to_vec()).unwrap()
}

#[test]
fn the_process_manager_is_told_when_it_is_ready_and_when_it_stops() {
    let (folder, path) = folder();
    let notify = folder.path().join("notify");
    let manager = UnixDatagram::bind(&notify).unwrap();
    // Far more than it takes.
    manager
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let mut command = signaling_at(&path);
    let started = Started::by(command.env("NOTIFY_SOCKET", &notify));
    assert_eq!(told(&manager), "READY=1");
    let mut health = String::new();
    let mut socket = std::os::unix::net::UnixStream::connect(&path).unwrap();
    std::io::Write::write_all(&mut socket, b"GET /readyz HTTP/1.0\r\n\r\n").unwrap();
    socket.read_to_string(&mut health).unwrap();
    assert!(health.contains("ready"), "{health}");
    started.gets("-TERM");
    assert_eq!(told(&manager), "STOPPING=1");
}

#[cfg(target_os = "linux")]
#[test]
fn its_socket_may_be_in_no_folder() {
    use std::os::linux::net::SocketAddrExt as _;
    let name = format!("guidebook-test-{}", std::process::id());
    let address = std::os::unix::net::SocketAddr::from_abstract_name(&name).unwrap();
    let manager = UnixDatagram::bind_addr(&address).unwrap();
    manager
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let (_folder, path) = folder();
    let mut command = signaling_at(&path);
    let _started = Started::by(command.env("NOTIFY_SOCKET", format!("@{name}")));
    assert_eq!(told(&manager), "READY=1");
}
