// @ts-check
// Redacts events before they leave this page: names, kinds, states and times stay; addresses, descriptions, passwords, messages and lines
// of the code don't. Events of other pages are redacted as well when they arrive, so that nobody can send more than this page would. Pure.
//
// May import: ../model/, ../../wire.js.

import { GREETING, parseValue, splitMessage } from '../../wire.js';
import { parseCandidate } from '../model/candidate.js';

/** Characters of a name or a state. */
const MAX_WORD = 80;
/** Times are rounded to one part in this many of a ms: clocks are no finer, and longer numbers only fill messages. */
const TICKS = 1_000;
/** Characters of a peer's id: what the server allows. */
const MAX_ID = 128;
/** More members than any server takes into a room. */
const MAX_MEMBERS = 999_999;
/** The commands that are shown. Others may be text of the user. */
const COMMAND = /^[a-z]{1,32}$/;

/** @typedef {import('../../events.js').TapEvent} TapEvent */

/** Redacts an event. @param {TapEvent} event @returns {TapEvent} of a redacted event, an equal one */
export function redacted(event) {
  const { at, type, on, name, value, side, of, fault, call, size } = event;
  return {
    at: Math.round(at * TICKS) / TICKS,
    type,
    on,
    name: word(name),
    // What the code calls a connection is of the code.
    value: type === 'new' && on.startsWith('pc') ? '' : word(value),
    text: textOf(event),
    side: word(side),
    of: word(of),
    mid: '',
    fragment: '',
    fault: word(fault),
    index: undefined,
    line: undefined,
    call,
    size,
    cut: undefined,
  };
}

/** @param {TapEvent} event */
function textOf({ type, on, name, value, text }) {
  if (!text) return '';
  if (on.startsWith('ws')) {
    if (type === 'message') return redactedMessage(text);
    return type === 'state' ? word(text) : '';
  }
  if (on.startsWith('ch')) return type === 'new' ? word(text) : '';
  if (type === 'candidate' || name === 'addIceCandidate') return type === 'failed' ? '' : kindOfCandidate(text);
  return value === 'offer' || value === 'answer' || value === 'pranswer' ? originOf(text) : '';
}

/** A signaling message without its payload, but for what kind of description or candidate it is. @param {string} message */
export function redactedMessage(message) {
  if (message.startsWith(GREETING)) return GREETING;
  const envelope = splitMessage(message);
  if (!envelope || !COMMAND.test(envelope.command)) return '';
  const { command, sender, target, payload = '' } = envelope;
  const to = target === undefined ? '' : `/to|${target.slice(0, MAX_ID)}|`;
  return `${to}/${command}|${sender && `${sender.slice(0, MAX_ID)}|`}${redactedPayload(command, payload)}`;
}

/** @param {string} command @param {string} payload */
function redactedPayload(command, payload) {
  if (command === 'roominfo') {
    const { memberCount } = parseValue(payload) ?? {};
    return Number.isInteger(memberCount) && memberCount >= 0 && memberCount <= MAX_MEMBERS
      ? JSON.stringify({ memberCount })
      : '';
  }
  if (command === 'sdp') {
    const { type } = parseValue(payload) ?? {};
    return type === 'offer' || type === 'answer' ? JSON.stringify({ type }) : '';
  }
  if (command === 'candidate') {
    const { candidate } = parseValue(payload) ?? {};
    const kind = typeof candidate === 'string' ? kindOfCandidate(candidate) : '';
    return kind && JSON.stringify({ candidate: kind });
  }
  return '';
}

/** @param {string} candidate */
function kindOfCandidate(candidate) {
  const parts = parseCandidate(candidate);
  const kind = parts ? `${parts.type} ${parts.protocol}` : candidate;
  return /^(host|srflx|prflx|relay) (udp|tcp)$/.test(kind) ? kind : '';
}

/** Identifies the session of a description by a random number, which both sides know (RFC 8866, section 5.2). @param {string} sdp */
export const originOf = (sdp) => /^o=[\w.-]{1,64} \d{1,20}/m.exec(sdp)?.[0] ?? '';

/** Cuts a name or a state. @param {string} text */
export const word = (text) => text.slice(0, MAX_WORD);
