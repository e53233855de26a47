// @ts-check
// Which checks there are, by the section of the page that explains them, and what is checked at the same time.
//
// May import: device-checks.js, given-servers.js, media-check.js, server-checks.js.

import { checkCandidates, checkClock, checkDirect, checkSecureContext } from './device-checks.js';
import { givenServers } from './given-servers.js';
import { checkMedia } from './media-check.js';
import { checkRelay, checkSocket, checkUdp } from './server-checks.js';

/** How long a check may take, in ms: browsers give up on a silent STUN or TURN server a little earlier. */
const PATIENCE = 10_000;
/** How long somebody may take to answer whether the page gets camera and microphone, in ms. */
const MEDIA_PATIENCE = 60_000;

/**
 * @typedef {object} Check
 * @property {string} section its anchor on the page
 * @property {number} patience in ms
 * @property {(signal: AbortSignal) => import('./outcome.js').Outcome | Promise<import('./outcome.js').Outcome>} check
 */

/** Asks for permission, so it is no part of the others. @type {Check} */
export const MEDIA = { section: 'camera-and-microphone', patience: MEDIA_PATIENCE, check: checkMedia };

/**
 * The checks of one run, in groups: those of a group are made at the same time, and one group after the other. The direct connection is alone, because
 * Firefox may forget the names that it looks up when any other connection of the page closes.
 * @returns {Check[][]}
 */
export function createChecks() {
  /** All that need servers ask once. @type {ReturnType<typeof givenServers> | undefined} */
  let given;
  const ask = (/** @type {AbortSignal} */ signal) => (given ??= givenServers(signal));
  const one = (/** @type {string} */ section, /** @type {Check['check']} */ check) => ({
    section,
    patience: PATIENCE,
    check,
  });
  return [
    [
      one('a-secure-context', checkSecureContext),
      one('websocket', checkSocket),
      one('the-clock', checkClock),
      one('candidates', checkCandidates),
    ],
    [one('a-direct-connection', checkDirect)],
    [
      one('stun-over-udp', (signal) => checkUdp(signal, ask)),
      one('a-relay-over-udp', (signal) => checkRelay('udp', signal, ask)),
      one('a-relay-over-tcp', (signal) => checkRelay('tcp', signal, ask)),
    ],
  ];
}
