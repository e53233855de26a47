//! A side of the contract that is the Rust client: it runs in this process, and a page drives it, so that the cases need not know.
//!
//! The page's half is `suite/rust.js`. A request starts a client or has one do something; events, what channels carry and the
//! sockets of a tunnel go over a WebSocket of its own, as JSON.
//!
//! # Layout
//! - [`orders`]: what the page asks for, in the terms of the client
//! - [`events`]: what the client tells, in the terms of the page
//! - [`tunnel`]: a signaling server that is in the page
//!
//! May import: quickconnect, axum, tokio-tungstenite.

mod events;
mod orders;
mod tunnel;

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc as blocking};

use anyhow::{Context, Result, bail};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use quickconnect::{Event, QuickConnect};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::Request;

use self::events::Channels;
use self::orders::{Filter, Start};
use self::tunnel::Tunnel;

/// Every client that a page of this lab has started.
#[derive(Clone)]
pub(super) struct Clients {
    /// Where pages and clients meet.
    wire: SocketAddr,
    next: Arc<AtomicUsize>,
    running: Arc<Mutex<HashMap<usize, Running>>>,
}

/// The ways to a client.
struct Running {
    orders: mpsc::UnboundedSender<Order>,
    from_page: mpsc::UnboundedSender<Value>,
    /// Until the page takes it.
    to_page: Option<mpsc::UnboundedReceiver<Value>>,
}

/// What a page waits for.
struct Order {
    method: String,
    args: Vec<Value>,
    answer: oneshot::Sender<Result<Value>>,
}

/// A client, and what its page may say to it.
struct Driven {
    client: QuickConnect,
    orders: mpsc::UnboundedReceiver<Order>,
    from_page: mpsc::UnboundedReceiver<Value>,
    to_page: mpsc::UnboundedSender<Value>,
    channels: Channels,
    filter: Filter,
    answers: blocking::Sender<bool>,
    tunnel: Option<Tunnel>,
}

impl Clients {
    /// It lives as long as the runtime of its test.
    pub(super) async fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let clients = Self {
            wire: listener.local_addr()?,
            next: Arc::default(),
            running: Arc::default(),
        };
        let meeting = clients.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(meeting.clone().meet(stream));
            }
        });
        Ok(clients)
    }

    /// A page comes for its client.
    async fn meet(self, stream: TcpStream) -> Result<()> {
        let mut path = String::new();
        #[expect(
            clippy::result_large_err,
            reason = "the error is tungstenite's, for a refusal that never comes"
        )]
        let read = |request: &Request, response| {
            path = request.uri().path().trim_start_matches('/').to_owned();
            Ok(response)
        };
        let socket = tokio_tungstenite::accept_hdr_async(stream, read).await?;
        let number: usize = path.parse()?;
        let (mut to_page, from_page) = {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            let running = running
                .get_mut(&number)
                .context("there is no such client")?;
            let to_page = running.to_page.take().context("its page is here already")?;
            (to_page, running.from_page.clone())
        };
        let (mut sink, mut stream) = socket.split();
        loop {
            tokio::select! {
                word = to_page.recv() => match word {
                    Some(word) => sink.send(Message::text(word.to_string())).await?,
                    None => break,
                },
                message = stream.next() => match message {
                    Some(Ok(Message::Text(text))) => from_page.send(serde_json::from_str(&text)?)?,
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => break,
                },
            }
        }
        // Whoever is gone drives nobody.
        self.forget(number);
        Ok(sink.close().await?)
    }

    fn forget(&self, number: usize) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(&number);
    }

    async fn begin(&self, start: Start) -> Result<Value> {
        let (to_page, page_hears) = mpsc::unbounded_channel();
        let tunnel = match start.is_tunneled {
            true => Some(Tunnel::open(to_page.clone()).await?),
            false => None,
        };
        let (answers, filter) = Filter::new(to_page.clone());
        let client = start.builder(tunnel.as_ref(), filter.clone())?.start()?;
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let description = json!({
            "client": number, "id": client.id().as_str(), "room": client.room().as_str(), "wire": format!("ws://{}/{number}", self.wire),
        });
        let (orders, taken) = mpsc::unbounded_channel();
        let (from_page, hears_page) = mpsc::unbounded_channel();
        let driven = Driven {
            client,
            orders: taken,
            from_page: hears_page,
            channels: Channels::default(),
            to_page,
            filter,
            answers,
            tunnel,
        };
        tokio::spawn(driven.run());
        let running = Running {
            orders,
            from_page,
            to_page: Some(page_hears),
        };
        let mut all = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(number, running);
        Ok(description)
    }

    async fn order(&self, number: usize, method: String, args: Vec<Value>) -> Result<Value> {
        let (answer, answered) = oneshot::channel();
        let order = Order {
            method,
            args,
            answer,
        };
        {
            let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            let running = running.get(&number).context("the client is closed")?;
            running.orders.send(order).ok().context("it is closing")?;
        }
        answered.await.context("the client is closed")?
    }
}

impl Driven {
    async fn run(mut self) {
        loop {
            tokio::select! {
                event = self.client.next() => match event {
                    Some(event) => self.tell(event),
                    None => return,
                },
                word = self.from_page.recv() => match word {
                    Some(word) => self.hear(&word),
                    None => return,
                },
                order = self.orders.recv() => match order {
                    Some(order) if order.method == "close" => return self.close(order).await,
                    Some(Order { method, args, answer }) => {
                        let done = orders::obey(&self.client, &self.filter, &method, args).await;
                        let _ = answer.send(done);
                    }
                    None => return,
                },
            }
        }
    }

    fn tell(&mut self, event: Event) {
        if let Some(word) = self.channels.describe(event) {
            let _ = self.to_page.send(word);
        }
    }

    fn hear(&mut self, word: &Value) {
        if let Some(allow) = word["allow"].as_bool() {
            let _ = self.answers.send(allow);
        } else if let Some(tunnel) = self.tunnel.as_ref().filter(|_| word["socket"].is_u64()) {
            tunnel.hear(word);
        } else {
            self.channels.hear(word);
        }
    }

    async fn close(self, order: Order) {
        match self.tunnel {
            // The page can't answer its sockets while it waits.
            Some(_) => drop(self.client),
            None => self.client.close().await,
        }
        let _ = self.to_page.send(json!({ "event": "disconnected" }));
        let _ = order.answer.send(Ok(Value::Null));
    }
}

/// Starts a client, or has one do something. What it refuses is the text of the answer.
pub(super) async fn ask(
    State(clients): State<Clients>,
    Path(path): Path<String>,
    body: String,
) -> Response {
    let answer = async {
        if path == "start" {
            return clients.begin(serde_json::from_str(&body)?).await;
        }
        let Some((number, method)) = path.split_once('/') else {
            bail!("{path} names no method");
        };
        let args = serde_json::from_str(&body)?;
        clients
            .order(number.parse()?, method.to_owned(), args)
            .await
    };
    match answer.await {
        Ok(value) => value.to_string().into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, format!("{error:#}")).into_response(),
    }
}
