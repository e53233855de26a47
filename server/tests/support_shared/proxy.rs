//! A reverse proxy that passes on what it should, but for one fault that proxies in front of workshops have.
//!
//! Each connection has one request. May import: tokio, std.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// Bytes of the longest head of a request.
const MAX_HEAD: usize = 16 * 1024;

/// What it gets wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// `Host` is the server's own address: nginx's default.
    Host,
    /// `Host` has no port: `proxy_set_header Host $host`.
    Port,
    /// No `Upgrade` and no `Connection` are passed on: nginx's default.
    Upgrade,
    /// What is below this folder is the server's root; the rest is not there.
    Prefix(&'static str),
}

/// Stands before a server for as long as the runtime lives, and returns its own address.
pub(crate) async fn before(server: SocketAddr, fault: Fault) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port on the loopback address is free");
    let address = listener.local_addr().expect("it listens");
    tokio::spawn(async move {
        while let Ok((outside, _)) = listener.accept().await {
            tokio::spawn(pass_on(outside, server, fault));
        }
    });
    address
}

async fn pass_on(mut outside: TcpStream, server: SocketAddr, fault: Fault) -> Option<()> {
    let (head, rest) = read_head(&mut outside).await?;
    let Some(head) = changed(&head, server, fault) else {
        let missing = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        return outside.write_all(missing).await.ok();
    };
    let mut inside = TcpStream::connect(server).await.ok()?;
    inside.write_all(head.as_bytes()).await.ok()?;
    inside.write_all(&rest).await.ok()?;
    copy_bidirectional(&mut outside, &mut inside).await.ok()?;
    Some(())
}

/// The head of a request, and what came behind it.
async fn read_head(socket: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    const END: &[u8] = b"\r\n\r\n";
    let mut bytes = Vec::new();
    while bytes.len() < MAX_HEAD {
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if let Some(end) = bytes.windows(END.len()).position(|part| part == END) {
            let rest = bytes.split_off(end + END.len());
            return Some((String::from_utf8(bytes).ok()?, rest));
        }
    }
    None
}

/// The head as the server gets it, or nothing if it gets none.
fn changed(head: &str, server: SocketAddr, fault: Fault) -> Option<String> {
    let is_upgrade = head.to_ascii_lowercase().contains("\r\nupgrade: websocket");
    let mut lines = head.trim_end().split("\r\n");
    let mut first = lines.next()?.to_owned();
    if let Fault::Prefix(prefix) = fault {
        let (method, path) = first.split_once(' ')?;
        let path = path.strip_prefix(prefix)?;
        first = format!("{method} {path}");
    }
    let mut changed = vec![first];
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        match (&*name.to_ascii_lowercase(), fault) {
            ("host", Fault::Host) => changed.push(format!("host: {server}")),
            ("host", Fault::Port) => {
                let (name, _) = value.rsplit_once(':')?;
                changed.push(format!("host: {name}"));
            }
            ("upgrade" | "connection", Fault::Upgrade) => {}
            ("connection", _) if !is_upgrade => {}
            _ => changed.push(line.to_owned()),
        }
    }
    if !is_upgrade || fault == Fault::Upgrade {
        changed.push("connection: close".to_owned());
    }
    Some(changed.join("\r\n") + "\r\n\r\n")
}
