// @ts-check
// Indexes what the signaling sockets carried, once for all rules and connections: searching all messages for each of them would take
// quadratic time. Pure.
//
// May import: nothing.

/** ICE passwords of one session that are kept. There is one per media section, or per ICE restart. */
const MAX_PASSWORDS = 100;

/** @typedef {import('../model/model.js').Model} Model */

/**
 * @typedef {object} Heard
 * @property {Map<string, number>} candidates which message brought each, counted in order
 * @property {boolean} hasAnswer one of the messages is an answer
 * @property {Map<string, string[]>} passwords ICE passwords in the messages that name a session
 * @property {Map<string, number>} sent when each description (`revisionIn`) first left by a socket of this page, in ms since Run
 * @property {Map<string, number>} received when it first arrived by one
 */

/** Indexes what the sockets of a run carried. @param {Model} model @returns {Heard} */
export function heardIn({ sockets }) {
  /** @type {Heard} */
  const heard = { candidates: new Map(), hasAnswer: false, passwords: new Map(), sent: new Map(), received: new Map() };
  for (const { at, text } of sockets.flatMap(({ sent }) => sent)) note(heard.sent, revisionIn(text), at);
  sockets
    .flatMap(({ received }) => received)
    .forEach(({ at, text }, place) => {
      heard.hasAnswer ||= text.includes('"type":"answer"');
      // In JSON, a candidate ends at a quote or at an escaped line break.
      for (const [candidate] of text.matchAll(/candidate:[^"\\]+/g))
        if (!heard.candidates.has(candidate)) heard.candidates.set(candidate, place);
      const revision = revisionIn(text);
      note(heard.received, revision, at);
      const session = revision.slice(0, revision.lastIndexOf(' '));
      if (session)
        heard.passwords.set(
          `o=${session}`,
          [...(heard.passwords.get(`o=${session}`) ?? []), ...passwordsIn(text)].slice(-MAX_PASSWORDS),
        );
    });
  return heard;
}

/** @param {Map<string, number>} times @param {string} revision @param {number} at */
function note(times, revision, at) {
  if (revision) times.set(revision, Math.min(at, times.get(revision) ?? Infinity));
}

/**
 * Which description of which session a text holds, as such or in JSON: user name, session id and version of the `o=` line (RFC 8866,
 * section 5.2). Each renegotiation raises the version. Empty if there is none.
 * @param {string} text
 */
export const revisionIn = (text) => /(?:\\n|\n)o=([^\s"\\]+ [^\s"\\]+ [^\s"\\]+)/.exec(text)?.[1] ?? '';

/** The ICE passwords in a description. @param {string} sdp */
export const passwordsIn = (sdp) => Array.from(sdp.matchAll(/a=ice-pwd:([\w+/]+)/g), ([, password]) => password);
