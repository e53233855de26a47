// @ts-check
// What needs no server: the kind of page, its clock, the addresses that the browser names, and a connection that stays in the page.
//
// May import: connections.js, outcome.js, within.js.

import { missingWebRtc, openConnection, talk } from './connections.js';
import { fails, untried, works } from './outcome.js';
import { orAborted } from './within.js';

/** Clocks that differ by more, in ms, make certificates and credentials fail. */
const MAX_SKEW = 60_000;
/** The server tells the time in whole seconds, in ms. */
const RESOLUTION = 1_000;
/** Addresses that are shown; the copied result has all of them. */
const MAX_SHOWN = 3;

/** @typedef {import('./outcome.js').Outcome} Outcome */

/** Whether the page may ask for camera and microphone. @returns {Outcome} */
export function checkSecureContext() {
  if (!globalThis.isSecureContext)
    return fails(
      'Browsers allow no camera and no microphone at this address. Data channels work.',
      'If you want both, open an address that begins with https://, if the host has one.',
    );
  const why = location.protocol === 'https:' ? 'came by HTTPS' : 'came from this machine, which browsers trust';
  return works(`The page ${why}: it may ask for camera and microphone.`);
}

/** Compares the clock with the server's. @param {AbortSignal} signal @returns {Promise<Outcome>} */
export async function checkClock(signal) {
  const asked = Date.now();
  const page = location.href.split('#')[0];
  const response = await fetch(page, { method: 'HEAD', cache: 'no-store', signal }).catch(() => undefined);
  if (!response) return untried('The server does not answer.');
  return saidOfClock(Date.parse(response.headers.get('date') ?? ''), asked, Date.now());
}

/**
 * What the clocks tell.
 * @param {number} theirs what the server's clock said, without the part of a second; NaN if it said nothing
 * @param {number} asked when it was asked, by the clock here
 * @param {number} answered when it had answered
 * @returns {Outcome}
 */
export function saidOfClock(theirs, asked, answered) {
  if (Number.isNaN(theirs)) return untried('The server does not say what time it is.');
  // It was read between question and answer, and had passed the second that it told by less than one.
  const leastAhead = theirs - answered;
  const mostAhead = theirs + RESOLUTION - asked;
  // What the two differ by at least.
  const skew = Math.max(leastAhead, -mostAhead, 0);
  if (skew <= MAX_SKEW) return works("The server's clock and the one here agree, to a minute.");
  return fails(
    `The server's clock and the one here differ by ${durationOf(skew)}: set the one that is wrong.`,
    'Certificates and credentials that expire are judged by the clock.',
  );
}

/** @param {number} ms */
function durationOf(ms) {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** The addresses that the browser names to peers. @param {AbortSignal} signal @returns {Promise<Outcome>} */
export async function checkCandidates(signal) {
  const missing = missingWebRtc();
  if (missing) return missing;
  const { candidates, isGathered, gather } = openConnection({}, signal);
  await gather();
  await orAborted(isGathered, signal);
  // Browsers can't use those of TCP with each other.
  const own = candidates.filter(({ type, protocol }) => type === 'host' && protocol === 'udp');
  return saidOfCandidates([...new Set(own.flatMap(({ address }) => address || []))]);
}

/** @param {string[]} addresses @returns {Outcome} */
export function saidOfCandidates(addresses) {
  if (addresses.length === 0)
    return fails(
      'The browser names no address of this device.',
      'Look for a setting or an extension that hides addresses, and for a VPN; without one, calls need a relay.',
    );
  const open = addresses.filter((address) => !address.endsWith('.local'));
  const hidden = addresses.length - open.length;
  const parts = [];
  if (open.length > 0) parts.push(`Addresses of this device: ${listOf(open)}.`);
  if (hidden > 0)
    parts.push(`${hidden} ${hidden === 1 ? 'is' : 'are'} hidden behind a made-up name that ends in .local.`);
  return works(parts.join(' '), addresses.join(' '));
}

/** @param {string[]} addresses */
function listOf(addresses) {
  const rest = addresses.length - MAX_SHOWN;
  return addresses.slice(0, MAX_SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** Two connections in this page, without any server. @param {AbortSignal} signal @returns {Promise<Outcome>} */
export async function checkDirect(signal) {
  const missing = missingWebRtc();
  if (missing) return missing;
  const { isHeard, took, candidates } = await talk({}, signal);
  if (isHeard) return works(`A message went each way between two connections in this page, within ${took} ms.`);
  if (candidates.length === 0) return fails('The browser names no address of this device, so there is nothing to try.');
  return fails(
    'Offer and answer went through, but no connection came about: a firewall on this machine may block UDP.',
    'Check again first: made-up names that end in .local may be looked up late.',
  );
}
