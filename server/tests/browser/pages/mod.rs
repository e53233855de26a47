//! Page objects: what is on a page, by accessible names and roles. May import [`harness`](crate::harness).

mod console;
mod control;
pub(crate) mod demo;
mod page;

/// The chapter with the three demos.
pub(crate) const CHAPTER: &str = "connecting/";

/// The chapter about the instruments.
pub(crate) const INSTRUMENTS: &str = "connecting/instruments.html";

/// The reference of the library, with its examples.
pub(crate) const REFERENCE: &str = "quickconnect/reference.html";

/// The page that checks the reader's device.
pub(crate) const CHECK: &str = "workshop/check.html";

/// The page for whoever runs the workshop.
pub(crate) const HOST: &str = "workshop/host.html";

/// The chapters that `cases::guide` plays.
pub(crate) const GUIDE: [&str; 36] = [
    "begin/what-webrtc-is.html",
    "agreeing/descriptions.html",
    "agreeing/states.html",
    "agreeing/changing.html",
    "network/ice.html",
    "network/nats.html",
    "network/stun.html",
    "network/turn.html",
    "network/breaking.html",
    "network/test-network.html",
    "media/test-media.html",
    "media/quickconnect.html",
    "data/channels.html",
    "data/amounts.html",
    "data/live-graph.html",
    "rooms/machines.html",
    "rooms/meshes.html",
    "media/tracks.html",
    "media/without-a-camera.html",
    "media/cameras.html",
    "media/black-pictures.html",
    "media/mute.html",
    "media/codecs.html",
    "media/rates.html",
    "media/bad-network.html",
    "media/statistics.html",
    "media/transforms.html",
    "media/voice.html",
    "media/topologies.html",
    "media/whip.html",
    "production/security.html",
    "production/watching.html",
    "production/debugging.html",
    "production/testing.html",
    "production/running.html",
    "production/pitfalls.html",
];

/// One page of each kind, and those that are like no other: for what takes long, and depends on the kind alone.
pub(crate) const KINDS: [&str; 9] = [
    "",
    CHAPTER,
    INSTRUMENTS,
    REFERENCE,
    "quickconnect/how-to.html",
    "quickconnect/migration.html",
    "glossary.html",
    "network/ice.html",
    CHECK,
];

/// Pages without a demo, of a kind that is among [`KINDS`].
const APPENDICES: [&str; 14] = [
    "appendix/browsers.html",
    "appendix/questions.html",
    "appendix/stack.html",
    "appendix/standards.html",
    "take/internet.html",
    "take/moving.html",
    "take/operating.html",
    "take/own-page.html",
    "take/proxies.html",
    "take/scaling.html",
    "take/tokens.html",
    "workshop/join.html",
    "workshop/https.html",
    HOST,
];

/// All pages.
pub(crate) fn pages() -> impl Iterator<Item = &'static str> {
    let others = KINDS.into_iter().filter(|page| !GUIDE.contains(page));
    others.chain(GUIDE).chain(APPENDICES)
}

/// The demos of the chapter.
pub(crate) const CREATE_OFFER: &str = "createoffer.js";
pub(crate) const SINGLE_BROWSER: &str = "p2p-singlebrowser.js";
pub(crate) const QUICKCONNECT: &str = "quickconnect-intro.js";
pub(crate) const DEMOS: [&str; 3] = [CREATE_OFFER, SINGLE_BROWSER, QUICKCONNECT];
/// What the exercise of the chapter begins with.
pub(crate) const REPAIR: &str = "repair.js";
