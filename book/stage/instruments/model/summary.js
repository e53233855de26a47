// @ts-check
// A run in one sentence: whether it is connected, how fast, and how. Pure.
//
// May import: candidate.js, model.js, pairs.js, time.js.

import { parseCandidate } from './candidate.js';
import { current, reached } from './model.js';
import { pairsIn, verdict } from './pairs.js';
import { inWords } from './time.js';

/** @typedef {import('./model.js').Connection} Connection */
/** @typedef {import('../../stats.js').Report} Report */

/**
 * Sums a run up; empty for one without connections.
 * @param {import('./model.js').Model} model
 * @param {Map<string, Report[]>} stats the newest of each connection, as far as they are known
 */
export function summaryOf({ connections, left }, stats) {
  if (connections.length === 0) return '';
  const count = connections.length + left.connections;
  const connected = connections.filter(({ states }) => current(states.connection) === 'connected');
  const failed = connections.find(({ states }) => current(states.connection) === 'failed');
  if (failed && reached(failed.states.connection, 'connected')) return `${failed.title}: it was connected, and failed.`;
  if (failed) return `${failed.title}: failed. ${verdict(failed, undefined)}`;
  if (connected.length === 0) return withoutConnection(connections);
  const ways = new Set(connected.map((connection) => wayOf(connection, stats.get(connection.id) ?? [])));
  const [way] = ways;
  const how = ways.size === 1 && way ? `: ${way}` : '';
  if (connected.length === count && count <= 2) return `Connected in ${inWords(durationOf(connected))}${how}.`;
  const times = connected.map((connection) => durationOf([connection]));
  const between = `in ${inWords(Math.min(...times))}${times.length > 1 ? ` to ${inWords(Math.max(...times))}` : ''}`;
  return `${connected.length} of ${count} connections ${connected.length === 1 ? 'is' : 'are'} connected, ${between}${how}.`;
}

/** @param {Connection[]} connections none of which is connected now */
function withoutConnection(connections) {
  const ended = connections.find(({ states }) => reached(states.connection, 'connected'));
  if (!ended) return `Not connected. ${verdict(connections[connections.length - 1], undefined)}`;
  return `It was connected in ${inWords(durationOf([ended]))}, and is ${current(ended.states.connection)} now.`;
}

/** How long it took from the first of these connections to the last that became connected, in ms. @param {Connection[]} connections */
function durationOf(connections) {
  const end = connections.map(({ states }) => reached(states.connection, 'connected')?.at ?? 0);
  return Math.max(...end) - Math.min(...connections.map(({ at }) => at));
}

/**
 * From which type of candidate to which it is connected; empty if that is not known.
 * @param {Connection} connection @param {Report[]} reports
 */
function wayOf({ localCandidates, remoteCandidates, descriptions }, reports) {
  const given = descriptions.flatMap(({ side, sdp }) => (side === 'remote' ? (sdp.match(/candidate:.*/g) ?? []) : []));
  const known = [localCandidates.map(({ text }) => text), [...remoteCandidates.map(({ text }) => text), ...given]].map(
    (texts) => texts.flatMap((text) => parseCandidate(text) ?? []),
  );
  const selected = pairsIn(reports).find(({ isSelected }) => isSelected);
  if (selected?.types.every(Boolean)) {
    // A check may come before the candidate that it comes from is signaled; some browsers go on calling that one peer-reflexive.
    const signaled = known.map(
      (candidates, side) => candidates.find(({ port }) => port === selected.ports[side])?.type,
    );
    return selected.types.map((type, side) => (type === 'prflx' ? (signaled[side] ?? type) : type)).join(' to ');
  }
  // Without a report it is known only if there was no choice.
  const types = known.map((candidates) => new Set(candidates.map(({ type }) => type)));
  return types.every(({ size }) => size === 1) ? types.map(([type]) => type).join(' to ') : '';
}
