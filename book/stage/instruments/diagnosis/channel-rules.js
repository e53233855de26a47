// @ts-check
// Rules about data channels that are silent, and about messages that they refuse. Pure.
//
// May import: query.js, ../model/.

import { current } from '../model/model.js';
import { PATIENCE, ms } from './query.js';

/** @typedef {import('./query.js').Rule} Rule */

/** The client library's heartbeat channel, and the number of pings that may be unanswered. */
const LIVENESS = { label: 'rtc-quickconnect', unanswered: 2 };
/** The errors of `send()` on an open channel (https://www.w3.org/TR/webrtc/#dom-rtcdatachannel-send). */
const REFUSALS = new Map([
  ['TypeError', 'too-large'],
  ['OperationError', 'queue-full'],
]);

/** @type {Rule} */
function silence({ connection, partner, now }) {
  for (const channel of connection.channels) {
    if (current(channel.states) !== 'open' || connection.closedAt !== undefined) continue;
    const twin = partner?.channels.find(({ label, id }) => label === channel.label && id !== channel.id);
    // By time, not by number: in a flood some messages were not recorded, and an unreliable channel loses some.
    const heard = twin?.received.at(-1) ?? 0;
    const unheard = twin && channel.sent.find((at) => at > heard);
    const last = channel.received.at(-1) ?? 0;
    const questions = channel.label === LIVENESS.label ? channel.sent.filter((at) => at > last) : [];
    if ((unheard !== undefined && now - unheard > PATIENCE) || questions.length > LIVENESS.unanswered) {
      return {
        id: 'freeze',
        evidence: `The channel “${channel.label}” is open, and what was sent at ${ms(unheard ?? questions[0])} did not come to anything: ${channel.received.length === 0 ? 'nothing ever came back' : `the last message came at ${ms(last)}`}.`,
      };
    }
  }
  return undefined;
}

/** @type {Rule} */
function refusedMessage({ connection }) {
  for (const { failures, label, states } of connection.channels) {
    const [failure] = failures;
    if (!failure) continue;
    const evidence = `send() on “${label}” threw ${failure.errorName} at ${ms(failure.at)}${failure.errorText ? `: ${failure.errorText}` : '.'}`;
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
