// @ts-check
// What the library reads in session descriptions, and the candidates that stand for an end of a line or for a host behind a NAT of a lab. Pure.
//
// May import: nothing.

/** By the types of candidates, with the recommended type preferences (RFC 8445, sections 5.1.2.1 and 5.1.2.2). */
const PRIORITIES = { host: 2_130_706_431, srflx: 1_694_498_815, relay: 16_777_215 };

/** @typedef {{ ufrag: string, password: string }} Credentials */

/**
 * The ICE credentials that a description says: those of its first media section, with which browsers bundle all others.
 * @param {string} whose for the message of an error: “A”
 * @param {{ sdp?: string } | null | undefined} description
 * @returns {Credentials}
 */
export function credentialsIn(whose, description) {
  const [, ufrag] = /^a=ice-ufrag:(\S+)/m.exec(description?.sdp ?? '') ?? [];
  const [, password] = /^a=ice-pwd:(\S+)/m.exec(description?.sdp ?? '') ?? [];
  if (!ufrag || !password)
    throw new TypeError(`The description of ${whose} has no ICE credentials (a=ice-ufrag, a=ice-pwd).`);
  return { ufrag, password };
}

/** @param {{ address: string, port: number, type?: 'host' | 'srflx' | 'relay' }} end @param {number} index @returns {RTCIceCandidateInit} */
export function candidateOf({ address, port, type = 'host' }, index = 0) {
  const priority = PRIORITIES[type];
  // Where it is seen from is nobody's to know; the attribute needs a value all the same (RFC 8839, section 5.1).
  const kind = type === 'host' ? type : `${type} raddr ${address.includes(':') ? '::' : '0.0.0.0'} rport 9`;
  return { candidate: `candidate:${index + 1} 1 udp ${priority} ${address} ${port} typ ${kind}`, sdpMLineIndex: 0 };
}

/** @param {{ sdp?: string } | null} description */
export const hasCandidates = (description) => /^a=candidate:/m.test(description?.sdp ?? '');

/**
 * A description without candidates.
 * @param {RTCSessionDescriptionInit | null} description
 * @returns {RTCSessionDescriptionInit}
 */
export function withoutCandidates(description) {
  if (!description) throw new TypeError('withoutCandidates: there is no description yet.');
  const { type, sdp = '' } = description;
  return { type, sdp: sdp.replaceAll(/^a=(?:candidate:.*|end-of-candidates)\r?\n/gm, '') };
}
