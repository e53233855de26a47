// @ts-check
// What came in through the signaling sockets, read once for all rules and all connections: to search every message for each of them would take time
// in proportion to the square of what came. Pure.

/** ICE passwords of one session that are kept: one for each media section, or for each restart of ICE. */
const MAX_PASSWORDS = 100;

/** @typedef {import('../model/model.js').Model} Model */

/**
 * @typedef {object} Heard
 * @property {Map<string, number>} candidates which message brought each, counted in order
 * @property {boolean} hasAnswer one of the messages is an answer
 * @property {Map<string, string[]>} passwords ICE passwords in the messages that name a session
 */

/** @param {Model} model @returns {Heard} */
export function heardIn({ sockets }) {
  /** @type {Heard} */
  const heard = { candidates: new Map(), hasAnswer: false, passwords: new Map() };
  sockets
    .flatMap(({ received }) => received)
    .forEach(({ text }, place) => {
      heard.hasAnswer ||= text.includes('"type":"answer"');
      // Within JSON, a candidate ends at a quote, or at the escape of a line's end.
      for (const [candidate] of text.matchAll(/candidate:[^"\\]+/g))
        if (!heard.candidates.has(candidate)) heard.candidates.set(candidate, place);
      // A message carries one description, as JSON: its lines end with escapes.
      const [, session = ''] = /(?:\\n|\n)o=([^\s"\\]+ [^\s"\\]+)/.exec(text) ?? [];
      if (session)
        heard.passwords.set(
          `o=${session}`,
          [...(heard.passwords.get(`o=${session}`) ?? []), ...passwordsIn(text)].slice(-MAX_PASSWORDS),
        );
    });
  return heard;
}

/** @param {string} sdp */
export const passwordsIn = (sdp) => Array.from(sdp.matchAll(/a=ice-pwd:([\w+/]+)/g), ([, password]) => password);
