//! What a page asks of its client, in the terms of the client.
//!
//! May import: quickconnect, `tunnel` for its address.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc as blocking};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use quickconnect::protocol::peer::{ChannelConfig, PeerData};
use quickconnect::protocol::{NameLimits, PeerId};
use quickconnect::{Builder, QuickConnect};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::tunnel::Tunnel;

/// How long a page may take to say whether a peer is let in.
const FILTER_PATIENCE: Duration = Duration::from_secs(10);

/// The options of a client; times are in ms.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Start {
    signalhost: String,
    pub(super) is_tunneled: bool,
    room: String,
    id: Option<String>,
    #[serde(default)]
    manual_join: bool,
    #[serde(default)]
    never_dial: bool,
    reconnect: Option<bool>,
    heartbeat: Option<u64>,
    fail_timeout: Option<u64>,
    disconnect_timeout: Option<u64>,
    channel_timeout: Option<u64>,
}

impl Start {
    pub(super) fn builder(self, tunnel: Option<&Tunnel>, filter: Filter) -> Result<Builder> {
        let url = tunnel.map_or(self.signalhost, Tunnel::url);
        let mut builder = QuickConnect::builder(url)
            .room(self.room)
            .addresses(vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))])
            .peer_filter(move |data| filter.allows(data));
        if let Some(id) = self.id {
            builder = builder.id(id);
        }
        if self.manual_join {
            builder = builder.manual_join();
        }
        if self.never_dial {
            builder = builder.never_dial();
        }
        if let Some(reconnect) = self.reconnect {
            builder = builder.reconnect(reconnect);
        }
        let ms = |time: Option<u64>| time.map(Duration::from_millis);
        if let Some(interval) = ms(self.heartbeat) {
            builder = builder.heartbeat(interval);
        }
        if let Some(timeout) = ms(self.fail_timeout) {
            builder = builder.fail_timeout(timeout);
        }
        if let Some(timeout) = ms(self.disconnect_timeout) {
            builder = builder.disconnect_timeout(timeout);
        }
        if let Some(timeout) = ms(self.channel_timeout) {
            builder = builder.channel_timeout(timeout);
        }
        Ok(builder)
    }
}

/// Asks the page about each peer, once a case wants to be asked.
#[derive(Clone)]
pub(super) struct Filter {
    is_wanted: Arc<AtomicBool>,
    to_page: mpsc::UnboundedSender<Value>,
    answers: Arc<Mutex<blocking::Receiver<bool>>>,
}

impl Filter {
    pub(super) fn new(to_page: mpsc::UnboundedSender<Value>) -> (blocking::Sender<bool>, Self) {
        let (answers, receiver) = blocking::channel();
        let filter = Self {
            is_wanted: Arc::default(),
            to_page,
            answers: Arc::new(Mutex::new(receiver)),
        };
        (answers, filter)
    }

    fn want(&self) {
        self.is_wanted.store(true, Ordering::Relaxed);
    }

    /// The client's filter is no future, so this holds up a thread. A page that is gone lets everybody in.
    fn allows(&self, data: &PeerData) -> bool {
        if !self.is_wanted.load(Ordering::Relaxed) {
            return true;
        }
        let _ = self
            .to_page
            .send(json!({ "event": "filter", "data": data }));
        tokio::task::block_in_place(|| {
            let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            answers.recv_timeout(FILTER_PATIENCE).unwrap_or(true)
        })
    }
}

/// The arguments of a method, one by one.
struct Args(std::vec::IntoIter<Value>);

impl Args {
    fn next<T: DeserializeOwned>(&mut self) -> Result<T> {
        let value = self.0.next().context("an argument is missing")?;
        Ok(serde_json::from_value(value)?)
    }

    fn peer(&mut self) -> Result<PeerId> {
        let id: String = self.next()?;
        Ok(PeerId::new(&id, &NameLimits::DEFAULT)?)
    }
}

/// Has the client do something, and returns what it answers.
pub(super) async fn obey(
    client: &QuickConnect,
    filter: &Filter,
    method: &str,
    args: Vec<Value>,
) -> Result<Value> {
    let mut args = Args(args.into_iter());
    match method {
        "filter" => filter.want(),
        "join" => client.join().await?,
        "createDataChannel" => {
            let (label, config): (String, ChannelConfig) = (args.next()?, args.next()?);
            client.create_data_channel(&label, config).await?;
        }
        "endCall" => client.end_call(&args.peer()?).await?,
        "reconnectTo" => client.reconnect_to(&args.peer()?).await?,
        "profile" => client.profile(args.next()?).await?,
        "isMaster" => return Ok(client.is_master(&args.peer()?).into()),
        "send" => {
            let target: Option<String> = args.next()?;
            let target = target.map(|id| PeerId::new(&id, &NameLimits::DEFAULT));
            let (command, values): (String, Vec<Value>) = (args.next()?, args.next()?);
            client
                .send(target.transpose()?.as_ref(), &command, values)
                .await?;
        }
        method => bail!("the Rust client has no {method}"),
    }
    Ok(Value::Null)
}
