//! What the host sees of everybody.
//!
//! May import: checked, id, pair_name, seen, serde.

use serde::Serialize;

use super::checked::Checked;
use super::id::Id;
use super::pair_name::PairName;
use super::seen::Way;

/// The whole workshop, as the host's page is told: `{"type":"view","attendees":[…],"pairs":[…],"noTls":0,"timer":null}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "view", rename_all = "camelCase")]
pub struct View {
    /// Everybody who is here, or has been lately, in the order in which they came.
    pub attendees: Vec<AttendeeView>,
    /// All pairs, by their names.
    pub pairs: Vec<PairView>,
    /// Connections that began with TLS where none is spoken.
    pub no_tls: u64,
    /// What everybody is shown, if anything.
    pub timer: Option<TimerView>,
    /// Who reaches whom, once that was asked.
    pub reach: Option<ReachView>,
}

/// One attendee. Of one who does not share, all that is seen is `None`, `false` or empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttendeeView {
    /// By which commands name the attendee.
    pub id: Id,
    /// By which people do.
    pub name: String,
    /// Whether a page is connected.
    pub here: bool,
    /// Milliseconds since they came.
    pub since: u64,
    /// The page in view, as it stands in addresses behind the root.
    pub page: Option<String>,
    /// What it is called.
    pub title: Option<String>,
    /// The demo in view.
    pub demo: Option<String>,
    /// Whether it runs.
    pub running: bool,
    /// Its last error, in a sentence.
    pub error: Option<String>,
    /// How the attendee is connected with a peer.
    pub way: Option<Way>,
    /// Exercises that were solved.
    pub solved: Vec<String>,
    /// What their device can do, if they have shown it.
    pub checked: Vec<Checked>,
    /// Whether the hand is raised.
    pub hand: bool,
    /// Milliseconds since it was.
    pub hand_for: Option<u64>,
    /// Whether they want to be paired with someone.
    pub waiting: bool,
    /// Their pair.
    pub pair: Option<PairName>,
    /// Whether they share what they see and do.
    pub shares: bool,
}

/// One pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PairView {
    /// Its two words.
    pub name: PairName,
    /// Whether nobody else may join.
    pub locked: bool,
    /// In the order in which they joined.
    pub members: Vec<Id>,
    /// Members at most: 2 or 3.
    pub size: usize,
}

/// The timer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimerView {
    /// What it is for.
    pub label: String,
    /// Milliseconds until it ends; 0 once it has.
    pub remaining: u64,
}

/// Who reaches whom directly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReachView {
    /// Those who are tried, in the order in which they came.
    pub ids: Vec<Id>,
    /// Of each, a sign for each one before: `d` for directly, `n` for not, `?` where it is not known.
    pub rows: Vec<String>,
    /// Pairs that are still to be tried, or are trying it.
    pub remaining: usize,
    /// Attendees who are not tried, because there are too many.
    pub left_out: usize,
}
