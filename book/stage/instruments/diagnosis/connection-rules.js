// @ts-check
// Rules about connections that are interrupted, closed early or stuck, and about calls that fail. Pure.
//
// May import: query.js, ../model/.

import { current, since } from '../model/model.js';
import { inWords } from '../model/time.js';
import { PATIENCE, isNegotiated, unansweredBeats } from './query.js';

/** @typedef {import('./query.js').Rule} Rule */

/** A connection that is neither connected nor failed after this time, in ms, is stuck. */
const STUCK = 8_000;

/** @type {Rule} */
function interrupted({ connection, now }) {
  const { states } = connection;
  if (current(states.connection) !== 'disconnected' || now - since(states.connection) < PATIENCE) return undefined;
  return {
    id: 'disconnected',
    evidence: `disconnected since ${inWords(since(states.connection))} into the run: nothing of the other side arrives.`,
  };
}

/** @type {Rule} */
function closedTooSoon({ connection }) {
  const { states, closedAt } = connection;
  const before = states.connection.at(-2)?.value;
  // A peer that answers no heartbeat is given up with good reason.
  return closedAt !== undefined && before === 'disconnected' && !unansweredBeats(connection)
    ? {
        id: 'closed-too-soon',
        evidence: `The code closed the connection at ${inWords(closedAt)}, while it was only disconnected.`,
      }
    : undefined;
}

/** @type {Rule} */
function stuck({ connection, now }) {
  const { connection: state } = connection.states;
  if (
    !isNegotiated(connection) ||
    !/^(new|connecting)$/.test(current(state)) ||
    now - since(connection.states.signaling) < STUCK
  )
    return undefined;
  return {
    id: 'stuck',
    evidence: `Offer and answer are exchanged since ${inWords(since(connection.states.signaling))} into the run; connection: ${current(state)}, ICE: ${current(connection.states.ice)}.`,
  };
}

/** @type {Rule} */
function refusedCall({ connection }) {
  const failed = connection.calls.find(({ outcome }) => outcome === 'failed');
  return (
    failed && {
      id: 'call-failed',
      evidence: `${failed.name}() failed at ${inWords(failed.at)}: ${failed.errorName} ${failed.errorText}`,
      line: failed.line,
    }
  );
}

/** All rules about connections. @type {Rule[]} */
export const connectionRules = [interrupted, closedTooSoon, stuck, refusedCall];
