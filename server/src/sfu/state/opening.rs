//! How a session begins: what is checked, and how an offer is answered.
//!
//! May import: signaling::bucket, demux, offer, hex, order, publisher, refusal, secret, session, state, watcher, base64, quickconnect::protocol,
//! str0m.

use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use quickconnect::protocol::RoomName;
use signaling::bucket::Bucket;
use str0m::bwe::Bitrate;
use str0m::change::SdpOffer;
use str0m::format::PayloadParams;
use str0m::media::Mid;
use str0m::{Candidate, IceCreds, Rtc};

use super::State;
use crate::hex;
use crate::secret::{Secret, random_bytes};
use crate::sfu::demux::UFRAG_BEGIN;
use crate::sfu::offer::{self, Intent};
use crate::sfu::order::{Opened, Opening, Wish};
use crate::sfu::publisher::Publisher;
use crate::sfu::refusal::Refusal;
use crate::sfu::session::{Beginning, Role, Session};
use crate::sfu::watcher::{Watcher, in_common};

impl State {
    /// Begins a session.
    ///
    /// # Errors
    /// When it may not be, or the offer is none that can be answered.
    pub(in crate::sfu) fn open(
        &mut self,
        opening: Opening,
        now: Instant,
    ) -> Result<Opened, Refusal> {
        let intent = match &opening.wish {
            Wish::Publish => Intent::Publish,
            Wish::Watch { .. } => Intent::Watch,
        };
        offer::check(&opening.offer, intent)?;
        self.check_bounds(&opening)?;
        let watched = match &opening.wish {
            Wish::Publish => None,
            Wish::Watch { id, .. } => Some(self.publisher(&opening.room, id)?),
        };
        self.count_opening(opening.client, now)?;
        let ufrag = format!("{UFRAG_BEGIN}{}", hex::of(&random_bytes::<8>()?));
        // Only where there is something to choose from does it matter what a line carries.
        let is_paced = watched.is_some_and(|key| self.has_layers(key));
        let (rtc, answer) = self.answer(&opening, &ufrag, is_paced, now)?;
        let (id, role, answer) = match opening.wish {
            Wish::Publish => {
                let id = BASE64_URL_SAFE_NO_PAD.encode(random_bytes::<6>()?);
                let bytes = self.limits.max_sfu_bytes_per_second;
                let has_layers = offer::has_layers(&opening.offer);
                let publisher = Publisher::new(id.clone(), has_layers, bytes, now);
                let answer = offer::with_bit_rate(&answer, bytes.saturating_mul(8));
                (id, Role::Publishes(publisher), answer)
            }
            Wish::Watch {
                id,
                passes_keyframes,
            } => {
                let publisher = watched.unwrap_or_default();
                self.check_codecs(publisher, &rtc, &answer)?;
                let watcher = Watcher::new(publisher, passes_keyframes);
                (id, Role::Watches(watcher), answer)
            }
        };
        let secret = Secret::random()?;
        let opened = Opened {
            id,
            secret: secret.reveal(),
            answer,
        };
        let beginning = Beginning {
            secret,
            room: opening.room,
            client: opening.client,
            stay: opening.stay,
            port: opening.port,
            told: opening.told,
            ufrag: ufrag.clone(),
            peer_password: offer::password(&opening.offer).to_owned(),
            is_paced,
        };
        let key = self.next_key;
        self.next_key += 1;
        self.by_ufrag.insert(ufrag, key);
        let session = Session::new(beginning, rtc, role, now);
        self.sessions.insert(key, Box::new(session));
        if let Some(publisher) = watched
            && let Some(Role::Publishes(publisher)) =
                (self.sessions.get_mut(&publisher)).map(|session| &mut session.role)
        {
            publisher.watchers.push(key);
        }
        self.touched.push_back(key);
        self.proceed_touched(now);
        Ok(opened)
    }

    fn check_bounds(&self, opening: &Opening) -> Result<(), Refusal> {
        let limits = &self.limits;
        let sessions = || self.sessions.values();
        let limit = limits.max_sfu_sessions_per_address;
        let own = sessions().filter(|session| session.client == opening.client);
        if own.count() >= limit {
            return Err(Refusal::TooManyOfTheAddress { limit });
        }
        let here = || sessions().filter(|session| session.room == opening.room);
        let publishers = here()
            .filter(|session| session.publisher().is_some())
            .count();
        let (what, number, limit, flag) = match opening.wish {
            Wish::Publish if publishers == 0 => {
                let mut rooms: Vec<_> = sessions().map(|session| &session.room).collect();
                rooms.sort_unstable();
                rooms.dedup();
                (
                    "rooms",
                    rooms.len(),
                    limits.max_sfu_rooms,
                    "--max-sfu-rooms",
                )
            }
            Wish::Publish => {
                let limit = limits.max_sfu_publishers_per_room;
                (
                    "publishers",
                    publishers,
                    limit,
                    "--max-sfu-publishers-per-room",
                )
            }
            Wish::Watch { .. } => {
                let limit = limits.max_sfu_watchers_per_room;
                let watchers = here().count() - publishers;
                ("watchers", watchers, limit, "--max-sfu-watchers-per-room")
            }
        };
        match number < limit {
            true => Ok(()),
            false => Err(Refusal::TooMany { what, limit, flag }),
        }
    }

    /// To answer an offer is what costs, whether it can be answered or not. What is refused before and here is not counted.
    fn count_opening(&mut self, client: IpAddr, now: Instant) -> Result<(), Refusal> {
        self.openings.retain(|_, bucket| !bucket.is_repaid(now));
        let known = self.openings.get(&client).copied();
        let mut bucket = known.unwrap_or_else(|| Bucket::new(now));
        let wait = bucket.take(1, self.limits.sfu_openings(), now);
        if !wait.is_zero() {
            return Err(Refusal::TooOften { wait });
        }
        self.openings.insert(client, bucket);
        Ok(())
    }

    fn publisher(&self, room: &RoomName, id: &str) -> Result<u64, Refusal> {
        let is_it = |session: &Session| {
            session.room == *room && session.publisher().is_some_and(|it| it.id == id)
        };
        let found = self.sessions.iter().find(|(_, session)| is_it(session));
        found.map(|(key, _)| *key).ok_or(Refusal::NoPublisher)
    }

    fn has_layers(&self, publisher: u64) -> bool {
        let session = self.sessions.get(&publisher);
        session.is_some_and(|session| session.publisher().is_some_and(|it| it.has_layers))
    }

    /// A peer that has answered an offer. A mistake in what reads offers is one of the offer.
    fn answer(
        &self,
        opening: &Opening,
        ufrag: &str,
        is_paced: bool,
        now: Instant,
    ) -> Result<(Rtc, String), Refusal> {
        let pass = hex::of(&random_bytes::<16>()?);
        let credentials = IceCreds {
            ufrag: ufrag.to_owned(),
            pass,
        };
        let answer = || -> Result<(Rtc, String), String> {
            // As much as a publisher may send: a watcher begins with the largest layer, as without an estimate.
            let most =
                Bitrate::bps((self.limits.max_sfu_bytes_per_second as u64).saturating_mul(8));
            let mut rtc = Rtc::builder()
                .set_crypto_provider(self.crypto.clone())
                .set_dtls_cert(self.certificate.clone())
                .set_local_ice_credentials(credentials)
                .set_rtp_mode(true)
                .enable_bwe(is_paced.then_some(most))
                .clear_codecs()
                .enable_opus(true, false)
                .enable_vp8(true)
                .enable_vp9(true)
                .enable_h264(true)
                .build(now);
            let candidate =
                Candidate::host(opening.told, "udp").map_err(|error| error.to_string())?;
            rtc.add_local_candidate(candidate);
            let offer = offer::without_candidates(&opening.offer);
            let offer = SdpOffer::from_sdp_string(&offer).map_err(|error| error.to_string())?;
            let answer = rtc.sdp_api().accept_offer(offer);
            let answer = answer.map_err(|error| error.to_string())?;
            Ok((rtc, answer.to_sdp_string()))
        };
        let answered = catch_unwind(AssertUnwindSafe(answer));
        let answered = answered.unwrap_or_else(|_| Err("it can't be read".to_owned()));
        answered.map_err(Refusal::Malformed)
    }

    /// Whether a watcher has a codec of what is sent now.
    fn check_codecs(&self, publisher: u64, rtc: &Rtc, answer: &str) -> Result<(), Refusal> {
        let Some(session) = self.sessions.get(&publisher) else {
            return Err(Refusal::NoPublisher);
        };
        let codecs: &[PayloadParams] = session.publisher().map_or(&[], |it| it.codecs());
        let mids = answer
            .lines()
            .filter_map(|line| line.trim_end().strip_prefix("a=mid:"));
        let mids: Vec<Mid> = mids.map(Mid::from).collect();
        let of_kind = |mid: &&Mid, sent: &PayloadParams| {
            (rtc.media(**mid)).is_some_and(|media| media.kind() == sent.spec().codec.kind())
        };
        for sent in codecs {
            let section = mids.iter().find(|mid| of_kind(mid, sent));
            if section.is_some_and(|mid| in_common(rtc, *mid, sent).is_none()) {
                let codec = sent.spec().codec.to_string();
                return Err(Refusal::NoCodec { codec });
            }
        }
        Ok(())
    }
}
