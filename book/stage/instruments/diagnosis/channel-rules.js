// @ts-check
// Rules about data channels that are silent, and about messages that they refuse. Pure.
//
// May import: query.js, ../model/.

import { current } from '../model/model.js';
import { inWords } from '../model/time.js';
import { PATIENCE, unansweredBeats } from './query.js';

/** @typedef {import('./query.js').Rule} Rule */

/** The errors of `send()` on an open channel (https://www.w3.org/TR/webrtc/#dom-rtcdatachannel-send). */
const REFUSALS = new Map([
  ['TypeError', 'too-large'],
  ['OperationError', 'queue-full'],
]);

/** @type {Rule} */
function silence({ connection, partner, model, now }) {
  const { closedAt, channels } = connection;
  const beats = unansweredBeats(connection);
  // The code has given up a connection because nobody answered, and has no other one yet.
  const isOver = closedAt !== undefined && !model.connections.some(({ at }) => at > closedAt);
  if (beats && (isOver || closedAt === undefined)) return freezeOf(beats.channel, beats.since, closedAt);
  for (const channel of channels) {
    if (current(channel.states) !== 'open' || closedAt !== undefined) continue;
    const twin = partner?.channels.find(({ label, id }) => label === channel.label && id !== channel.id);
    // By time, not by number: in a flood some messages were not recorded, and an unreliable channel loses some.
    const heard = twin?.received.at(-1) ?? 0;
    const unheard = twin && channel.sent.find((at) => at > heard);
    if (unheard !== undefined && now - unheard > PATIENCE) return freezeOf(channel, unheard, undefined);
  }
  return undefined;
}

/**
 * @param {import('../model/model.js').Channel} channel
 * @param {number} from when something was sent that came to nothing
 * @param {number | undefined} closedAt
 */
function freezeOf({ label, received }, from, closedAt) {
  const last = received.at(-1);
  const back = last === undefined ? 'nothing ever came back' : `the last message came at ${inWords(last)}`;
  const end = closedAt === undefined ? '' : ` The code closed the connection at ${inWords(closedAt)}.`;
  return {
    id: 'freeze',
    evidence: `The channel “${label}” ${closedAt === undefined ? 'is' : 'was'} open, and what was sent at ${inWords(from)} did not come to anything: ${back}.${end}`,
  };
}

/** @type {Rule} */
function refusedMessage({ connection }) {
  for (const { failures, label, states } of connection.channels) {
    const [failure] = failures;
    if (!failure) continue;
    const evidence = `send() on “${label}” threw ${failure.errorName} at ${inWords(failure.at)}${failure.errorText ? `: ${failure.errorText}` : '.'}`;
    const isEarly =
      failure.errorName === 'InvalidStateError' &&
      !states.some(({ value, at }) => value === 'open' && at <= failure.at);
    return {
      id: isEarly ? 'send-early' : (REFUSALS.get(failure.errorName) ?? 'send-closed'),
      evidence,
      line: failure.line,
    };
  }
  return undefined;
}

/** All rules about data channels. @type {Rule[]} */
export const channelRules = [silence, refusedMessage];
