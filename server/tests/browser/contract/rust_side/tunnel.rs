//! A signaling server that is in the page: each socket of the client becomes one that the page opens, with whatever class a case has
//! put in the place of `WebSocket`.
//!
//! May import: tokio-tungstenite.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_util::task::AbortOnDropHandle;

/// Bytes of the longest head of a request.
const MAX_HEAD: usize = 4096;
const REFUSAL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
/// Close codes that stand for a connection that just ended, and are in no frame
/// ([RFC 6455](https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1)).
const NO_CODES: [u64; 2] = [1005, 1006];

type Sockets = Arc<Mutex<HashMap<u64, mpsc::UnboundedSender<Value>>>>;

/// It is open until it is dropped.
pub(super) struct Tunnel {
    address: SocketAddr,
    sockets: Sockets,
    _task: AbortOnDropHandle<()>,
}

impl Tunnel {
    pub(super) async fn open(to_page: mpsc::UnboundedSender<Value>) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let sockets = Sockets::default();
        let (address, known) = (listener.local_addr()?, Arc::clone(&sockets));
        let task = tokio::spawn(async move {
            let mut number = 0;
            while let Ok((stream, _)) = listener.accept().await {
                number += 1;
                let (from_page, hears_page) = mpsc::unbounded_channel();
                lock(&known).insert(number, from_page);
                tokio::spawn(pass(stream, number, to_page.clone(), hears_page));
            }
        });
        Ok(Self {
            address,
            sockets,
            _task: AbortOnDropHandle::new(task),
        })
    }

    /// Where the client finds it.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the page says of one of its sockets.
    pub(super) fn hear(&self, word: &Value) {
        let number = word["socket"].as_u64().unwrap_or_default();
        if let Some(socket) = lock(&self.sockets).get(&number) {
            let _ = socket.send(word.clone());
        }
    }
}

fn lock(
    sockets: &Sockets,
) -> std::sync::MutexGuard<'_, HashMap<u64, mpsc::UnboundedSender<Value>>> {
    sockets.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has the page open a socket, and passes on what is said, until one side closes.
async fn pass(
    mut stream: TcpStream,
    number: u64,
    to_page: mpsc::UnboundedSender<Value>,
    mut from_page: mpsc::UnboundedReceiver<Value>,
) -> Result<()> {
    let tell = |word: Value| to_page.send(word).ok().context("the page is gone");
    let mut head = vec![0; MAX_HEAD];
    let length = read_head(&stream, &mut head).await?;
    let request = String::from_utf8_lossy(&head[..length]).into_owned();
    let path = request.split(' ').nth(1).context("a request has a path")?;
    tell(json!({ "event": "socket", "socket": number, "path": path }))?;
    let first = from_page.recv().await.context("the page is gone")?;
    if first["open"] != true {
        stream.read_exact(&mut head[..length]).await?;
        return Ok(stream.write_all(REFUSAL).await?);
    }
    let mut socket = accept_async(stream).await?;
    loop {
        tokio::select! {
            word = from_page.recv() => {
                let word = word.context("the page is gone")?;
                if let Some(text) = word["text"].as_str() {
                    socket.send(Message::text(text)).await?;
                } else if let Some(code) = word["code"].as_u64().filter(|code| !NO_CODES.contains(code)) {
                    let code = u16::try_from(code)?.into();
                    return Ok(socket.close(Some(CloseFrame { code, reason: "".into() })).await?);
                } else {
                    return Ok(());
                }
            }
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    tell(json!({ "event": "socket", "socket": number, "text": text.as_str() }))?;
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => {
                    return tell(json!({ "event": "socket", "socket": number }));
                }
                Some(Ok(_)) => {}
            },
        }
    }
}

/// Waits for the head of a request, which stays to be read, and returns its length.
async fn read_head(stream: &TcpStream, head: &mut [u8]) -> Result<usize> {
    loop {
        let length = stream.peek(head).await?;
        ensure!(length > 0, "the client is gone");
        if head[..length].ends_with(b"\r\n\r\n") {
            return Ok(length);
        }
        ensure!(length < head.len(), "the head is too long");
        stream.readable().await?;
        tokio::task::yield_now().await;
    }
}
