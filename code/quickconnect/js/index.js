// @ts-check
// rtc-quickconnect: join a room, and be connected to everybody in it. Joins the parts: signaling, peers, calls.

import { createCall } from './call.js';
import { createEmitter } from './emitter.js';
import { directed, encodeFrame } from './frames.js';
import { createId } from './id.js';
import { connectSignaling } from './signaling.js';

/** Peers of one room that are remembered at once; whoever comes after them is not called. */
const MAX_PEERS = 256;

/**
 * @typedef {object} Options
 * @property {string} room everybody who names the same room meets in it
 * @property {string} [id] who we are; by default a new id, higher than all before it
 * @property {RTCIceServer[]} [iceServers] STUN and TURN servers; none by default
 */

/**
 * Joins a room and calls everybody in it. Events, with their arguments:
 *
 * - `peer:announce` (data, peer): somebody is in the room; no peer connection exists yet
 * - `call:started` (id, pc, data): the peer connection to them is up
 * - `call:ended` (id): it is over, for whatever reason
 * - `connected`, `disconnected`: the signaling server is there, or gone
 * - `error` (error): with nobody listening it goes to the console
 *
 * @param {string} signalhost the origin of the signaling server, such as `location.origin`
 * @param {Options} options
 * @throws {TypeError} without a room, or when the host is no URL
 */
export default function quickconnect(signalhost, options) {
  const { room, id = createId(), iceServers = [] } = options ?? {};
  if (!room) throw new TypeError("quickconnect needs a room: quickconnect(location.origin, { room: 'any-name' })");

  const { on, off, emit } = createEmitter();
  /** @type {Map<string, { id: string, data: any }>} */
  const peers = new Map();
  /** @type {Map<string, import('./call.js').Call>} */
  const calls = new Map();
  const profile = { id, room };

  const signaling = connectSignaling(signalhost, {
    onready() {
      signaling.send(encodeFrame('announce', id, profile));
      emit('connected');
    },
    onframe,
    onclose(wasReady) {
      emit('disconnected');
      if (!wasReady) raise(new Error(`no signaling server answers at ${signaling.url}: is it running?`));
      else raise(new Error(`the signaling server at ${signaling.url} went away: calls go on, but nobody new can join`));
    },
  });

  /** @param {import('./frames.js').Frame} frame */
  function onframe({ command, sender, data, target }) {
    if (command === 'error' && !sender) return raise(new Error(`the signaling server refused a frame: ${data?.message ?? data}`));
    if (!sender || sender === id || (target !== undefined && target !== id)) return;
    if (command === 'announce') return announced(sender, data, target === undefined);
    if (command === 'leave') return left(sender);
    if (target === id) calls.get(sender)?.receive(command, data);
  }

  /**
   * @param {string} peerId
   * @param {any} data
   * @param {boolean} isBroadcast the peer spoke to the whole room, so it does not know us yet
   */
  function announced(peerId, data, isBroadcast) {
    if (peers.has(peerId) || peers.size >= MAX_PEERS || data?.room !== room) return;
    const peer = { id: peerId, data };
    peers.set(peerId, peer);
    if (isBroadcast) signaling.send(directed(peerId, encodeFrame('announce', id, profile)));
    emit('peer:announce', data, peer);
    // A listener may have closed us meanwhile.
    if (!peers.has(peerId)) return;
    try {
      startCall(peer);
    } catch (error) {
      peers.delete(peerId);
      raise(new Error(`no call to peer ${peerId} could be made`, { cause: error }));
    }
  }

  /** @param {{ id: string, data: any }} peer */
  function startCall(peer) {
    const call = createCall({
      isMaster: id < peer.id,
      configuration: { iceServers },
      send: (command, data) => signaling.send(directed(peer.id, encodeFrame(command, id, data))),
      onstarted: () => emit('call:started', peer.id, call.pc, peer.data),
      onfailed: () => left(peer.id),
      onerror: (error) => raise(new Error(`peer ${peer.id} sent something unusable`, { cause: error })),
    });
    calls.set(peer.id, call);
  }

  /** @param {string} peerId */
  function left(peerId) {
    if (peers.delete(peerId)) endCall(peerId);
  }

  /** @param {string} peerId */
  function endCall(peerId) {
    const call = calls.get(peerId);
    if (!call) return;
    calls.delete(peerId);
    call.close();
    emit('call:ended', peerId);
  }

  /** @param {Error} error */
  function raise(error) {
    if (!emit('error', error)) console.error(error);
  }

  const qc = {
    id,
    room,
    /** Everybody seen in the room, by id. */
    peers,
    /** The calls with them, by id. */
    calls,
    /** @param {string} name @param {import('./emitter.js').Listener} listener */
    on(name, listener) {
      on(name, listener);
      return qc;
    },
    /** @param {string} name @param {import('./emitter.js').Listener} listener */
    off(name, listener) {
      off(name, listener);
      return qc;
    },
    /** Leaves the room, ends every call, and closes the socket. */
    close() {
      signaling.send(encodeFrame('leave', id, { id }));
      signaling.close();
      for (const peerId of [...peers.keys()]) left(peerId);
      return qc;
    },
    leave: () => qc.close(),
  };
  return qc;
}
