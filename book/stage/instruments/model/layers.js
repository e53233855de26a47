// @ts-check
// Which part of a connection's making an event belongs to, and whether it is one of many of its kind. Pure.
//
// May import: ../../wire.js.

import { splitMessage } from '../../wire.js';

/** @typedef {import('../../events.js').TapEvent} TapEvent */
/** @typedef {'signaling' | 'ice' | 'dtls' | 'messages' | ''} Layer */
/** @typedef {{ what: string, key: string }} Repeat what it is one of, in words, and which row of them it belongs to */

/** The label of the client library's heartbeat channel. */
const HEARTBEAT = 'rtc-quickconnect';
/** Characters of a channel's label in words. */
const MAX_LABEL = 40;
/** Questions of the two sides, and of the server, whether the other is there. */
const PING = /^primus::p[io]ng/;

/** The layers of calls and of states. @type {Map<string, Layer>} */
const LAYERS = new Map([
  ...[
    'createOffer',
    'createAnswer',
    'setLocalDescription',
    'setRemoteDescription',
    'negotiationneeded',
    'signaling',
  ].map((name) => /** @type {[string, Layer]} */ ([name, 'signaling'])),
  ...['addIceCandidate', 'restartIce', 'gathering', 'ice'].map(
    (name) => /** @type {[string, Layer]} */ ([name, 'ice']),
  ),
  // The connection is `connected` when DTLS is, too (https://www.w3.org/TR/webrtc/#rtcpeerconnectionstate-enum).
  ['connection', 'dtls'],
  ['createDataChannel', 'messages'],
]);

/** The layer of an event; empty for what belongs to none, such as the making of a connection. @param {TapEvent} event @returns {Layer} */
export function layerOf({ on, type, name }) {
  if (on.startsWith('ws')) return 'signaling';
  if (on.startsWith('ch')) return 'messages';
  return type === 'candidate' || type === 'candidate-error' ? 'ice' : (LAYERS.get(name) ?? '');
}

/** The layer of a state of a connection. @param {string} name of the state machine @returns {Layer} */
export const layerOfState = (name) => LAYERS.get(name) ?? '';

/**
 * What an event is one of many of; undefined for one that stands for itself.
 * @param {TapEvent} event
 * @param {string} label of its channel
 * @param {string} connection of its channel
 * @returns {Repeat | undefined}
 */
export function repeatOf({ on, type, name, side, text, fault }, label, connection) {
  if (fault) return undefined;
  if (on.startsWith('ch')) {
    if (type !== 'message') return undefined;
    if (label === HEARTBEAT) return { what: 'heartbeats', key: `heartbeats ${connection}` };
    const short = label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL)}…` : label;
    return { what: `messages on “${short}”`, key: `messages ${connection} ${label}` };
  }
  if (on.startsWith('ws')) {
    if (type !== 'message') return undefined;
    const command = splitMessage(text)?.command;
    if (command === 'ping' || PING.test(text)) return { what: 'heartbeats', key: `heartbeats ${on}` };
    if (command !== 'candidate') return undefined;
    return { what: `candidates ${side === 'in' ? 'received' : 'sent'}`, key: `candidates ${on} ${side}` };
  }
  // The end of the candidates is one thing of its own.
  if (!text) return undefined;
  if (type === 'candidate') return { what: 'candidates found', key: `found ${on}` };
  if (type === 'candidate-error') return { what: 'servers that did not help', key: `errors ${on}` };
  return type === 'call' && name === 'addIceCandidate' ? { what: 'candidates added', key: `added ${on}` } : undefined;
}
