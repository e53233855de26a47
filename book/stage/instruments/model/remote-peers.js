// @ts-check
// With which peer each connection of a run is: the one from whose signaling message the remote description came. Pure.
//
// May import: ../../wire.js.

import { parseValue, splitMessage } from '../../wire.js';

/** @typedef {import('../../events.js').TapEvent} TapEvent */

/** @param {TapEvent[]} events @returns {Map<string, string>} the id of the peer, by the connection */
export function remotePeersOf(events) {
  /** Who sent each description, by its `o=` line. @type {Map<string, string>} */
  const senders = new Map();
  /** @type {Map<string, string>} */
  const peers = new Map();
  for (const { on, type, name, side, text } of events) {
    if (on.startsWith('ws') && type === 'message' && side === 'in') {
      const message = splitMessage(text);
      const origin = message?.command === 'sdp' ? originOf(parseValue(message.payload ?? '')?.sdp) : '';
      if (message && origin) senders.set(origin, message.sender);
    } else if (on.startsWith('pc') && type === 'call' && name === 'setRemoteDescription') {
      const peer = senders.get(originOf(text));
      if (peer) peers.set(on, peer);
    }
  }
  return peers;
}

/** What stays the same when code changes other lines; empty for what is no description. @param {unknown} sdp */
const originOf = (sdp) => (typeof sdp === 'string' ? (/^o=.*$/m.exec(sdp)?.[0].trim() ?? '') : '');
