//! A client of another instance, in a room that is at home here: the ordinary session, with a way out that leads to that instance.
//!
//! May import: message, tasks, way, signaling, quickconnect::protocol, tokio, tungstenite.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use quickconnect::protocol;
use signaling::close_reason::CloseReason;
use signaling::connection::{self, ID_KEPT_FOR};
use signaling::frame::Text;
use signaling::outbox::{Edge, Outbox};
use signaling::participant::Participant;
use signaling::session::price::{BYTES_OF_A_DELIVERY, Price};
use signaling::switchboard::Switchboard;
use signaling::token::Token;
use tokio::time::sleep;
use tungstenite::Bytes;

use super::message::Kind;
use super::tasks::Tasks;
use super::way::Way;

/// Bytes of texts that wait while it is found out who has an id.
const MAX_WAITING_BYTES: usize = 1024 * 1024;

/// One guest.
#[derive(Debug)]
pub(super) struct Guest {
    /// A std mutex, held while a message is handled, which never waits.
    state: Mutex<State>,
    outbox: Outbox,
    way: Arc<Way>,
    client: u64,
    tasks: Tasks,
}

#[derive(Debug)]
struct State {
    /// None while it is found out who has the id that the guest announced, and after its end.
    participant: Option<Participant>,
    /// What has come meanwhile.
    waiting: VecDeque<Text>,
    waiting_bytes: usize,
    is_gone: bool,
}

/// What a client says first.
pub(super) struct Opening {
    pub(super) tokens: [Option<Token>; 2],
    pub(super) announce: Text,
}

impl Opening {
    /// As bytes.
    pub(super) fn write(tokens: [Option<Token>; 2], announce: &Bytes) -> Bytes {
        let [token, resumes] = tokens.map(Token::to_bytes);
        [&token[..], &resumes[..], &announce[..]].concat().into()
    }

    /// From bytes; `None` if they are none.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let (token, rest) = body.split_first_chunk()?;
        let (resumes, frame) = rest.split_first_chunk()?;
        Some(Self {
            tokens: [token, resumes].map(|bytes| Token::of_bytes(*bytes)),
            announce: Text::from_frame(Bytes::copy_from_slice(frame))?,
        })
    }
}

impl Guest {
    /// Of this client of another instance.
    pub(super) fn begin(
        way: &Arc<Way>,
        client: u64,
        switchboard: &Arc<Switchboard>,
        tokens: [Option<Token>; 2],
        tasks: Tasks,
    ) -> Arc<Self> {
        let edge = Box::new(ToEdge {
            way: Arc::clone(way),
            client,
        });
        let outbox = Outbox::elsewhere(edge, Arc::clone(switchboard.counts()));
        let participant = Participant::begin_guest(Arc::clone(switchboard), outbox.clone(), tokens);
        Arc::new(Self {
            state: Mutex::new(State {
                participant: Some(participant),
                waiting: VecDeque::new(),
                waiting_bytes: 0,
                is_gone: false,
            }),
            outbox,
            way: Arc::clone(way),
            client,
            tasks,
        })
    }

    /// The client said something.
    pub(super) fn hears(self: &Arc<Self>, text: Text, now: Instant) {
        let mut state = self.state();
        if state.participant.is_none() {
            state.waiting_bytes += text.len();
            if state.waiting_bytes > MAX_WAITING_BYTES {
                drop(state);
                return self.outbox.end(CloseReason::TooSlow);
            }
            state.waiting.push_back(text);
            return;
        }
        self.handle(&mut state, &text, now);
    }

    /// Handles a text. If the guest wants an id that somebody has, whoever has it is asked, and nothing else is handled meanwhile.
    fn handle(self: &Arc<Self>, state: &mut State, text: &Text, now: Instant) {
        let Some(participant) = &mut state.participant else {
            return;
        };
        let Some(occupant) = self.receive(participant, text, now) else {
            return;
        };
        let Some(mut participant) = state.participant.take() else {
            return;
        };
        let guest = Arc::clone(self);
        self.tasks.spawn(async move {
            connection::claim(&mut participant, occupant).await;
            guest.goes_on(participant).await;
        });
    }

    /// Has the session handle a text, and the edge charge what that costs. Returns who has the id that the guest wants, if somebody has.
    fn receive(&self, participant: &mut Participant, text: &Text, now: Instant) -> Option<Outbox> {
        let frame = participant.parse(text);
        let charged = Price {
            deliveries: text.len().div_ceil(BYTES_OF_A_DELIVERY).max(1),
            joins: usize::from(protocol::is_announce(text)),
        };
        let costs = participant.price(text, &frame);
        let occupant = participant.receive_of_guest(text, frame, now);
        self.costs(costs, charged);
        occupant
    }

    /// Handles what has come meanwhile.
    async fn goes_on(self: Arc<Self>, participant: Participant) {
        let mut participant = Some(participant);
        loop {
            let Some(text) = self.next_text(&mut participant) else {
                return; // and if the guest has gone, so does its participant
            };
            let Some(ours) = &mut participant else { return };
            if let Some(occupant) = self.receive(ours, &text, Instant::now()) {
                connection::claim(ours, occupant).await;
            }
        }
    }

    /// What is to be handled next. If there is nothing more, the participant is given back, unless the guest has gone.
    fn next_text(&self, participant: &mut Option<Participant>) -> Option<Text> {
        let mut state = self.state();
        if state.is_gone {
            return None;
        }
        let Some(text) = state.waiting.pop_front() else {
            state.participant = participant.take();
            return None;
        };
        state.waiting_bytes -= text.len();
        Some(text)
    }

    fn costs(&self, costs: Price, charged: Price) {
        let more = |costs: usize, charged: usize| {
            u32::try_from(costs.saturating_sub(charged)).unwrap_or(u32::MAX)
        };
        let deliveries = more(costs.deliveries, charged.deliveries);
        let joins = more(costs.joins, charged.joins);
        if (deliveries, joins) == (0, 0) {
            return;
        }
        let body = [deliveries.to_le_bytes(), joins.to_le_bytes()].concat();
        self.way.push(Kind::Cost, self.client, body.into());
    }

    /// Its edge has found out whether it is there.
    pub(super) fn is_found(&self, is_alive: bool) {
        match is_alive {
            true => self.outbox.is_alive(),
            false => self.outbox.is_gone(),
        }
    }

    /// Its instance stops, and its client comes back by another one: it keeps its seat. Whoever announces its id there has it at once, as nobody
    /// answers for it any more.
    pub(super) fn keeps_its_seat(&self) {
        self.outbox.end(CloseReason::Shutdown);
    }

    /// The client has gone, and leaves its room. If it was cut off, its id is kept for it for a while.
    pub(super) fn ends(&self, is_cut_off: bool) {
        let mut state = self.state();
        state.is_gone = true;
        let participant = state.participant.take();
        drop(state);
        let Some(mut participant) = participant else {
            return;
        };
        if !is_cut_off {
            return;
        }
        // Whoever wants the id meanwhile need not ask.
        self.outbox.end(CloseReason::TooSlow);
        if participant.cut_off(Instant::now()) {
            self.tasks.spawn(async move {
                sleep(ID_KEPT_FOR).await;
                drop(participant);
            });
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic ends the link, and the guest with it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The way to a client, by its edge.
#[derive(Debug)]
struct ToEdge {
    way: Arc<Way>,
    client: u64,
}

/// Why a connection ends, as one byte.
const REASONS: [(u8, CloseReason); 5] = [
    (1, CloseReason::TakenOver),
    (2, CloseReason::IdTaken),
    (3, CloseReason::Moved),
    (4, CloseReason::TooSlow),
    (5, CloseReason::Failed),
];

/// Why the connection of one of our clients has to end.
pub(super) fn reason(body: &[u8]) -> CloseReason {
    let mut known = REASONS.into_iter();
    let named = known.find(|(byte, _)| body == [*byte]);
    named.map_or(CloseReason::Moved, |(_, reason)| reason)
}

impl Edge for ToEdge {
    fn send(&self, frame: Bytes) {
        self.way.push(Kind::Send, self.client, frame);
    }

    fn end(&self, reason: CloseReason) {
        let mut known = REASONS.iter();
        // Whatever else it is, its edge has said it.
        if let Some((byte, _)) = known.find(|(_, known)| *known == reason) {
            let body = Bytes::copy_from_slice(&[*byte]);
            self.way.push(Kind::End, self.client, body);
        }
    }

    fn probe(&self) {
        self.way.push(Kind::Probe, self.client, Bytes::new());
    }
}
