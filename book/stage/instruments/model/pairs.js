// @ts-check
// The candidate pairs of a connection, as the browser reports them, and how it is connected by them, in words. Pure.
//
// May import: model.js, selected-pair.js.

import { current, reached } from './model.js';
import { selectedPairs } from './selected-pair.js';

/** @typedef {import('./model.js').Connection} Connection */
/** @typedef {import('../../stats.js').Report} Report */

/**
 * @typedef {{ here: string, there: string, state: string, isSelected: boolean, roundTrip: number | undefined, answered: string, types: [string, string], ports: [string, string] }} Pair
 */

/** The candidate pairs in a report of `getStats`. @param {Report[]} reports @returns {Pair[]} */
export function pairsIn(reports) {
  const byId = new Map(reports.map((report) => [String(report.id), report]));
  const selected = new Set(selectedPairs(reports));
  return reports
    .filter(({ type }) => type === 'candidate-pair')
    .map((pair) => {
      const [here, there] = [pair.localCandidateId, pair.remoteCandidateId].map((id) => byId.get(String(id)));
      const name = (/** @type {Report | undefined} */ one) =>
        one
          ? `${one.candidateType ?? '?'} ${one.address || one.ip || '(address hidden)'} port ${one.port ?? '?'}`
          : '?';
      return {
        here: name(here),
        there: name(there),
        state: String(pair.state ?? ''),
        isSelected: selected.has(pair),
        roundTrip: roundTripOf(pair),
        answered: answeredIn(pair),
        types: [String(here?.candidateType ?? ''), String(there?.candidateType ?? '')],
        ports: [String(here?.port ?? ''), String(there?.port ?? '')],
      };
    });
}

/** A browser may say 0 of a pair that no check has measured. @param {Report} pair */
function roundTripOf({ currentRoundTripTime: time, responsesReceived: answers }) {
  if (typeof time !== 'number') return undefined;
  return time > 0 || (typeof answers === 'number' && answers > 0) ? time : undefined;
}

/** Firefox counts the answers and not the checks. @param {Report} pair */
function answeredIn({ responsesReceived: answers, requestsSent: checks }) {
  if (typeof answers !== 'number') return '';
  return typeof checks === 'number' && checks >= answers ? `${answers} of ${checks}` : String(answers);
}

/** Says how the two sides are connected, or why not. @param {Connection} connection @param {Pair | undefined} selected */
export function verdict({ states, localCandidates, remoteCandidates, descriptions }, selected) {
  const isConnected = reached(states.connection, 'connected') !== undefined;
  const isThere =
    remoteCandidates.some(({ text }) => text) ||
    descriptions.some(({ side, sdp }) => side === 'remote' && /^a=candidate:/m.test(sdp));
  if (isConnected) {
    const now =
      current(states.connection) === 'connected'
        ? 'Connected'
        : `It was connected, and is ${current(states.connection)} now`;
    if (!selected) return `${now}. Run it again with this panel open to see by which pair.`;
    if (selected.types.includes('relay')) return `${now} through the relay: ${selected.here} ↔ ${selected.there}.`;
    if (selected.types.includes('srflx'))
      return `${now} directly, at an address that a STUN server saw: ${selected.here} ↔ ${selected.there}.`;
    return `${now} directly, on this machine or in one network: ${selected.here} ↔ ${selected.there}.`;
  }
  if (descriptions.length === 0) return 'No description has taken effect, so nothing is gathered.';
  if (localCandidates.length === 0) return 'No candidate was found here yet.';
  if (!descriptions.some(({ side }) => side === 'remote'))
    return 'Candidates were found here; there is no description of the other side yet.';
  if (!isThere) return 'No candidate of the other side ever arrived.';
  if (current(states.ice) === 'failed') return 'Both sides have candidates, and no pair of them worked.';
  return `Both sides have candidates; ICE is ${current(states.ice)}.`;
}
