//! A data channel as a program has it, what it carries, and why a message was not sent.
//!
//! May import: bytes, protocol, protocol::peer, thiserror, webrtc.

use std::fmt;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use webrtc::data_channel::{
    DataChannel, DataChannelEvent, RTCDataChannelMessage, RTCDataChannelState,
};

use crate::protocol::PeerId;
use crate::protocol::peer::ChannelConfig;

/// Bytes of the largest message that an implementation takes if its description says nothing of it
/// ([RFC 8841](https://www.rfc-editor.org/rfc/rfc8841#section-6.1)).
pub const MAX_MESSAGE: usize = 65_536;

/// An open data channel. Cheap to clone; two are equal if they are the same channel.
#[derive(Clone)]
pub struct Channel {
    peer: PeerId,
    label: String,
    config: Arc<ChannelConfig>,
    inner: Arc<dyn DataChannel>,
}

impl Channel {
    pub(super) fn new(
        peer: PeerId,
        label: String,
        config: ChannelConfig,
        inner: Arc<dyn DataChannel>,
    ) -> Self {
        Self {
            peer,
            label,
            config: Arc::new(config),
            inner,
        }
    }

    /// What happens on it next; none when nothing can any more. One task asks, the others would take its answers.
    pub(super) async fn poll(&self) -> Option<DataChannelEvent> {
        self.inner.poll().await
    }

    pub(super) async fn is_open(&self) -> bool {
        matches!(
            self.inner.ready_state().await,
            Ok(RTCDataChannelState::Open)
        )
    }

    /// The other side.
    pub fn peer(&self) -> &PeerId {
        &self.peer
    }

    /// Its label.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// How it is, whichever side declared it.
    pub fn config(&self) -> &ChannelConfig {
        &self.config
    }

    /// Sends a text. Waits while [`SEND_BUFFER`](super::SEND_BUFFER) bytes are on their way.
    ///
    /// # Errors
    /// When the channel is closed, and for more than [`MAX_MESSAGE`] bytes.
    pub async fn send_text(&self, text: &str) -> Result<(), SendError> {
        self.check(text.len())?;
        let sent = self.inner.send_text(text).await;
        sent.map_err(|_| self.closed())
    }

    /// Sends bytes; otherwise as [`send_text`](Self::send_text).
    ///
    /// # Errors
    /// The same.
    pub async fn send(&self, bytes: &[u8]) -> Result<(), SendError> {
        self.check(bytes.len())?;
        let sent = self.inner.send(BytesMut::from(bytes)).await;
        sent.map_err(|_| self.closed())
    }

    /// Closes it. The other side hears so.
    pub async fn close(&self) {
        // An error says that it is closed.
        let _ = self.inner.close().await;
    }

    fn check(&self, bytes: usize) -> Result<(), SendError> {
        let limit = MAX_MESSAGE;
        (bytes <= limit)
            .then_some(())
            .ok_or(SendError::TooLarge { bytes, limit })
    }

    fn closed(&self) -> SendError {
        SendError::Closed {
            label: self.label.clone(),
        }
    }
}

impl PartialEq for Channel {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Channel({:?} with {})", self.label, self.peer)
    }
}

/// What a data channel carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A text.
    Text(String),
    /// Bytes.
    Binary(Bytes),
}

impl From<RTCDataChannelMessage> for Message {
    fn from(message: RTCDataChannelMessage) -> Self {
        if message.is_string {
            Self::Text(String::from_utf8_lossy(&message.data).into_owned())
        } else {
            Self::Binary(message.data.freeze())
        }
    }
}

/// Why a message was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The channel, the call or the client is closed.
    #[error("The data channel {label:?} is closed; the message was not sent.")]
    Closed {
        /// Which channel.
        label: String,
    },
    /// More than every implementation takes in one message.
    #[error(
        "The message has {bytes} bytes, and the limit is {limit}; it was not sent. Send it in parts."
    )]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The allowed size.
        limit: usize,
    },
}
