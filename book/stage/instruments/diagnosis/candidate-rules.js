// @ts-check
// Rules about candidates that are missing, early or reordered, and about failing connectivity checks. Pure.
//
// May import: heard.js, query.js, ../model/.

import { parseCandidate } from '../model/candidate.js';
import { current, reached, since } from '../model/model.js';
import { inWords } from '../model/time.js';
import { passwordsIn } from './heard.js';
import { PATIENCE, isConnected, isNegotiated, isWaiting, made } from './query.js';

/** @typedef {import('./query.js').Rule} Rule */
/** @typedef {import('../model/model.js').Connection} Connection */

/** @type {Rule} */
function earlyCandidates({ connection }) {
  const early = made(connection, 'addIceCandidate').filter(
    (call) => call.outcome === 'failed' && call.errorName === 'InvalidStateError',
  );
  const [first] = early;
  if (!first || connection.descriptions.some(({ at, side }) => side === 'remote' && at <= first.at)) return undefined;
  return {
    id: 'early-candidates',
    evidence: `${early.length === 1 ? 'A candidate was' : `${early.length} candidates were`} refused from ${inWords(first.at)} on: there was no remote description yet.`,
    line: first.line,
  };
}

/** @type {Rule} */
function outOfOrder({ connection, partner, heard }) {
  const places = partner ? placesOf(partner.localCandidates) : heard.candidates;
  const seen = new Set();
  let last = -1;
  for (const { text, at, line } of made(connection, 'addIceCandidate')) {
    if (!text || seen.has(text)) continue;
    seen.add(text);
    const place = places.get(text) ?? -1;
    if (place >= 0 && place < last)
      return {
        id: 'out-of-order',
        evidence: `The candidate handed over at ${inWords(at)} had been ${partner ? 'found' : 'received'} before one that was handed over earlier.`,
        line,
      };
    last = Math.max(last, place);
  }
  return undefined;
}

/** @type {Rule} */
function onlyRelays({ connection, now }) {
  const { localCandidates, configuration } = connection;
  if (!isRelayOnly(configuration) || localCandidates.some(({ text }) => text) || !isWaiting(connection, now))
    return undefined;
  return {
    id: 'relay-only',
    evidence: 'The connection may use relays only (iceTransportPolicy: relay), and no relay candidate was found.',
  };
}

/** @type {Rule} */
function refusedCredentials({ connection }) {
  const refused = connection.candidateErrors.find(({ value }) => value === '401');
  return (
    refused && {
      id: 'turn-credentials',
      evidence: `A TURN server refused the user name or the password at ${inWords(refused.at)} (error 401).`,
    }
  );
}

/** @type {Rule} */
function noLocalCandidates({ connection, now }) {
  const { localCandidates, configuration, states } = connection;
  if (
    isRelayOnly(configuration) ||
    localCandidates.some(({ text }) => text) ||
    current(states.gathering) !== 'complete' ||
    !isWaiting(connection, now)
  )
    return undefined;
  return {
    id: 'no-local-candidates',
    evidence: `Gathering is complete since ${inWords(since(states.gathering))} into the run, and no candidate was found here.`,
  };
}

/** @type {Rule} */
function wrongPassword({ connection, partner, heard, now }) {
  const remote = connection.descriptions.findLast(({ side }) => side === 'remote');
  if (!remote || isConnected(connection) || !isWaiting(connection, now)) return undefined;
  const sent = new Set(sentPasswords(remote.session, partner, heard));
  if (sent.size === 0 || passwordsIn(remote.sdp).some((password) => sent.has(password))) return undefined;
  return {
    id: 'wrong-password',
    evidence: `The ${remote.type} that was set at ${inWords(remote.at)} has another a=ice-pwd than the one that the other side sent.`,
  };
}

/** @type {Rule} */
function noRemoteCandidates({ connection, partner, now }) {
  if (!isNegotiated(connection) || hasRemoteCandidates(connection) || isRelayOnly(partner?.configuration ?? ''))
    return undefined;
  if (isConnected(connection))
    return now - since(connection.states.connection) < PATIENCE
      ? undefined
      : {
          id: 'one-way-candidates',
          evidence: 'No candidate of the other side was handed over here, and it is connected all the same.',
        };
  if (!isWaiting(connection, now) || (partner && hasRemoteCandidates(partner))) return undefined;
  return {
    id: 'no-candidates',
    evidence: `Offer and answer are exchanged since ${inWords(since(connection.states.signaling))} into the run, ICE is ${current(connection.states.ice)}, and no candidate of the other side was handed over.`,
  };
}

/** @type {Rule} */
function failedChecks({ connection }) {
  const failed = reached(connection.states.connection, 'failed') ?? reached(connection.states.ice, 'failed');
  if (!failed || current(connection.states.connection) === 'connected') return undefined;
  const remote = connection.remoteCandidates
    .map(({ text }) => parseCandidate(text))
    .filter((parts) => parts !== undefined);
  const evidence = `ICE gave up at ${inWords(failed.at)}: of ${connection.localCandidates.length} candidates here and ${remote.length} there, no pair worked.`;
  const isHidden = remote.length > 0 && remote.every(({ address }) => address.endsWith('.local'));
  return isHidden
    ? { id: 'local-names', evidence: `${evidence} All of the other side’s addresses are .local names.` }
    : { id: 'checks-failed', evidence };
}

/** All rules about candidates. @type {Rule[]} */
export const candidateRules = [
  earlyCandidates,
  outOfOrder,
  onlyRelays,
  refusedCredentials,
  noLocalCandidates,
  wrongPassword,
  noRemoteCandidates,
  failedChecks,
];

/** @param {Connection} connection */
const hasRemoteCandidates = ({ remoteCandidates, descriptions }) =>
  remoteCandidates.some(({ text, outcome }) => text && outcome === 'done') ||
  descriptions.some(({ side, sdp }) => side === 'remote' && /^a=candidate:/m.test(sdp));

/** The index at which each candidate was found first. @param {import('../model/model.js').Candidate[]} candidates */
function placesOf(candidates) {
  /** @type {Map<string, number>} */
  const places = new Map();
  candidates.forEach(({ text }, place) => places.has(text) || places.set(text, place));
  return places;
}

/** @param {string} configuration */
const isRelayOnly = (configuration) => configuration.includes('"iceTransportPolicy":"relay"');

/**
 * The ICE passwords in the other side's descriptions of this session, from signaling or from a connection on the same page.
 * @param {string} session @param {Connection | undefined} partner @param {import('./heard.js').Heard} heard
 */
function sentPasswords(session, partner, heard) {
  const own = partner?.descriptions.filter((one) => one.side === 'local' && one.session === session) ?? [];
  return [...own.flatMap(({ sdp }) => passwordsIn(sdp)), ...(heard.passwords.get(session) ?? [])];
}
