// @ts-check
// Indexes what arrived at the signaling sockets, once for all rules and connections: searching all messages for each of them would take
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
 */

/** Indexes what the sockets of a run received. @param {Model} model @returns {Heard} */
export function heardIn({ sockets }) {
  /** @type {Heard} */
  const heard = { candidates: new Map(), hasAnswer: false, passwords: new Map() };
  sockets
    .flatMap(({ received }) => received)
    .forEach(({ text }, place) => {
      heard.hasAnswer ||= text.includes('"type":"answer"');
      // In JSON, a candidate ends at a quote or at an escaped line break.
      for (const [candidate] of text.matchAll(/candidate:[^"\\]+/g))
        if (!heard.candidates.has(candidate)) heard.candidates.set(candidate, place);
      // In JSON, the lines of a description end with escaped line breaks.
      const [, session = ''] = /(?:\\n|\n)o=([^\s"\\]+ [^\s"\\]+)/.exec(text) ?? [];
      if (session)
        heard.passwords.set(
          `o=${session}`,
          [...(heard.passwords.get(`o=${session}`) ?? []), ...passwordsIn(text)].slice(-MAX_PASSWORDS),
        );
    });
  return heard;
}

/** The ICE passwords in a description. @param {string} sdp */
export const passwordsIn = (sdp) => Array.from(sdp.matchAll(/a=ice-pwd:([\w+/]+)/g), ([, password]) => password);
