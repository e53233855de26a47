// @ts-check
// The media of one quickconnect: follows its calls, and leads each to the part that it is for.
//
// May import: quality.js, received.js, sent.js, ../emitter.js.

import { createEmitter } from '../emitter.js';
import { checkPeriod, USUAL_PERIOD } from './quality.js';
import { createReceived } from './received.js';
import { createSent } from './sent.js';

/** @type {typeof import('./index.js').createMedia} */
export function createMedia(qc, { encodings = {}, every = USUAL_PERIOD } = {}) {
  if (every !== 0) checkPeriod(every);
  const emitter = createEmitter();
  /** Of each call, until it is over. @type {Map<string, AbortController>} */
  const calls = new Map();

  /** An error that nobody listens for must be seen all the same. @param {unknown} error */
  function raise(error) {
    if (!emitter.emit('error', error)) console.error(error);
  }

  const sent = createSent(qc, encodings, raise);
  const received = createReceived(qc, every, (...args) => emitter.emit('state', ...args), raise);

  const listeners = {
    'peer:connect': (/** @type {string} */ _, /** @type {RTCPeerConnection} */ pc) => sent.prepare(pc),
    'peer:couple': couple,
    'peer:update': (/** @type {unknown} */ _, /** @type {string} */ id) => received.hear(id),
    'call:started': start,
    'call:ended': end,
  };
  for (const [name, listener] of entries()) qc.on(name, listener);
  for (const [id, { pc, active }] of qc.calls) {
    couple(id, pc);
    if (active) start(id, pc);
  }

  function entries() {
    return /** @type {[import('../index.js').EventName, (...args: any[]) => void][]} */ (Object.entries(listeners));
  }

  /** @param {string} id @param {RTCPeerConnection} pc */
  function couple(id, pc) {
    end(id);
    const over = new AbortController();
    calls.set(id, over);
    sent.keep(pc, over.signal);
  }

  /** @param {string} id @param {RTCPeerConnection} pc */
  function start(id, pc) {
    const signal = calls.get(id)?.signal;
    if (signal) received.follow(id, pc, signal);
  }

  /** @param {string} id */
  function end(id) {
    calls.get(id)?.abort();
    calls.delete(id);
  }

  return {
    setMuted: sent.setMuted,
    isMuted: sent.isMuted,
    replaceTrack: sent.replaceTrack,
    setEncodings: sent.setEncodings,
    stateOf: received.stateOf,
    on: (name, listener) => emitter.on(name, listener),
    close() {
      for (const [name, listener] of entries()) qc.off(name, listener);
      [...calls.keys()].forEach(end);
    },
  };
}
