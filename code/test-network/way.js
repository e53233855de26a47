// @ts-check
// What a line and a lab have in common: a connection is led over them by telling the server the ICE credentials of both sides, and each side
// nothing but ports of the server as candidates of the other one.
//
// May import: descriptions.js, server.js.

import { credentialsIn, hasCandidates } from './descriptions.js';
import { ask } from './server.js';

/** Of packets the server tells this many in one answer. */
const PACKETS_AN_ANSWER = 200;
/** Answers that are read at once: more than the server keeps packets. */
const MAX_ANSWERS = 25;

/** @typedef {{ forA: RTCIceCandidateInit[], forB: RTCIceCandidateInit[] }} Candidates */
/** @typedef {ReturnType<typeof wayOf>} Way */

/**
 * @param {'line' | 'lab'} kind
 * @param {string} id
 * @param {() => Candidates} candidates what each side is given now
 */
export function wayOf(kind, id, candidates) {
  const path = `${kind}/${id}`;

  /** @param {string} name of the method @param {object} body @returns {Promise<any>} what it is like then */
  const tell = (name, body) => ask(`${kind}.${name}`, 'PATCH', path, body);

  /** @param {{ sdp?: string } | null} [a] @param {{ sdp?: string } | null} [b] */
  async function trust(a, b) {
    const credentials = { a: a ? credentialsIn('A', a) : undefined, b: b ? credentialsIn('B', b) : undefined };
    await tell('trust', { credentials });
  }

  return {
    tell,
    trust,

    /** @param {RTCPeerConnection} a @param {RTCPeerConnection} b */
    async join(a, b) {
      checkSide(`${kind}.join`, 'A', a);
      checkSide(`${kind}.join`, 'B', b);
      await trust(a.localDescription, b.localDescription);
      const { forA, forB } = candidates();
      await Promise.all([
        ...forA.map((candidate) => a.addIceCandidate(candidate)),
        ...forB.map((candidate) => b.addIceCandidate(candidate)),
      ]);
    },

    /** @returns {Promise<any>} */
    read: () => ask(`${kind}.read`, 'GET', path),

    /** @param {{ after?: number }} [options] */
    async packets({ after = 0 } = {}) {
      const packets = [];
      let dropped = 0;
      for (let answers = 0; answers < MAX_ANSWERS; answers += 1) {
        const last = packets.at(-1)?.number ?? after;
        const answer = await ask(`${kind}.packets`, 'GET', `${path}/packets?after=${last}`);
        packets.push(...answer.packets);
        dropped = answer.dropped;
        if (answer.packets.length < PACKETS_AN_ANSWER) break;
      }
      return { packets, dropped };
    },

    close: () => ask(`${kind}.close`, 'DELETE', path),
  };
}

/** @param {string} what @param {'A' | 'B'} side @param {RTCPeerConnection} pc */
function checkSide(what, side, pc) {
  if (!(pc instanceof RTCPeerConnection)) throw new TypeError(`${what}: ${side} is no RTCPeerConnection.`);
  if (!pc.localDescription || !pc.remoteDescription)
    throw new Error(`${what}: ${side} has not both descriptions yet. Exchange offer and answer first.`);
  if (hasCandidates(pc.remoteDescription))
    throw new Error(
      `${what}: the description that ${side} was given has candidates in it, so that the connection may go around the ${what.split('.')[0]}. Give ${side} withoutCandidates(description).`,
    );
}
