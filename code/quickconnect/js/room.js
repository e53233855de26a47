// @ts-check
// Who is in the room, and the call with each of them: when one begins, when it ends, and when it begins anew.

import { createBackoff } from './backoff.js';
import { createCall } from './call.js';
import { findIceServers, nameOf } from './options.js';

/** Peers of one room that are remembered at once; whoever comes after them is not called. */
const MAX_PEERS = 256;
/** The least time, in ms, between two calls with one peer: at first, and at the longest. */
const FIRST_REDIAL = 1_000;
const LONGEST_REDIAL = 30_000;
/** A call that lasted so long, in ms, was a good one: the next may follow at once. */
const STEADY = 1_000;
/** Calls that are being set up at once; of more, each waits until there is room. */
const MAX_SETUPS = 64;
/** Characters of what a peer announces, as JSON. */
const MAX_DATA = 65_536;
/** Frames of a peer that wait for the ICE servers of its call. */
const MAX_EARLY = 64;

/**
 * What is known of one peer.
 * @typedef {object} Entry
 * @property {{ id: string, data: import('./index.js').PeerData }} peer
 * @property {boolean} isPresent the signaling server has it in the room, as far as we know
 * @property {'here' | 'there'} [endedBy] who ended the last call on purpose
 * @property {object} [attempt] to make a call, until there is one
 * @property {ReturnType<typeof setTimeout>} [timer] of what leads to the next call
 * @property {[command: string, data: any][]} early what it said during the attempt
 */

/**
 * How soon a peer is called again. It outlives the entry: whoever comes anew again and again is called no more often.
 * @typedef {object} Pace
 * @property {ReturnType<typeof createBackoff>} backoff
 * @property {number} freeAt not before
 * @property {number} startedAt when its last call started; Infinity if it did not
 */

/**
 * @param {object} context
 * @param {string} context.id who we are
 * @param {() => string} context.room
 * @param {ReturnType<typeof import('./options.js').readOptions>} context.options
 * @param {Map<string, RTCDataChannelInit>} context.labels
 * @param {ReturnType<typeof import('./media.js').createLocalMedia>} context.localMedia
 * @param {() => boolean} context.isReactive
 * @param {() => boolean} context.isSignalingUp
 * @param {(peerId: string, command: string, data?: unknown) => boolean} context.sendTo whether the signaling server takes so much
 * @param {(peerId: string) => void} context.announceTo
 * @param {(event: string, ...args: any[]) => void} context.emit
 * @param {(message: string, cause: unknown, peerId: string) => void} context.raise
 */
export function createRoom({ id: ownId, room, options, sendTo, announceTo, emit, raise, ...shared }) {
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  /** @type {Map<string, import('./index.js').Peer>} */
  const peers = new Map();
  /** @type {Map<string, import('./call.js').Call>} */
  const calls = new Map();
  /** Those of {@link MAX_PEERS} peers, the newest last. @type {Map<string, Pace>} */
  const paces = new Map();

  /** @param {string} id */
  const isMaster = (id) => ownId < id;

  /** Listeners have neither closed us, nor ended the call with a peer, nor begun another. @param {Entry} entry */
  function isCallable(entry) {
    const { id } = entry.peer;
    return entries.get(id) === entry && !entry.endedBy && !entry.attempt && !calls.has(id);
  }

  /**
   * @param {string} id
   * @param {any} given
   * @param {boolean} isBroadcast the peer spoke to the whole room, and perhaps does not know us
   * @returns {void}
   */
  function announced(id, given, isBroadcast) {
    // Original clients announce an id or a room that is a number as one.
    const name = nameOf(given?.room);
    if (!name || String(given.id) !== id) return raise('announced itself without its id and its room', given, id);
    const data = { ...given, id, room: name };
    if (JSON.stringify(data).length > MAX_DATA)
      return raise(`announced itself with more than ${MAX_DATA} characters`, undefined, id);
    if (shared.localMedia.size < options.expectedLocalStreams) return;
    // A listener may have closed us, or led us to another room.
    const isHere = () => data.room === room() && shared.isSignalingUp();
    if (!isHere()) return;
    const filtered = { ...data, allow: true };
    emit('peer:filter', id, filtered);
    if (!filtered.allow || !isHere()) return;
    emit('peer:connected', id, data);
    if (!isHere()) return;
    const entry = entries.get(id);
    if (entry) update(entry, data, isBroadcast);
    else if (entries.size < MAX_PEERS) welcome(id, data, isBroadcast);
  }

  /** @param {string} id @param {any} data @param {boolean} isBroadcast */
  function welcome(id, data, isBroadcast) {
    const peer = { id, data };
    /** @type {Entry} */
    const entry = { peer, isPresent: true, early: [] };
    entries.set(id, entry);
    peers.set(id, peer);
    if (isBroadcast && options.autoreply) announceTo(id);
    emit('peer:announce', data, peer);
    if (isCallable(entry)) startCall(entry);
  }

  /** @param {Entry} entry @param {any} data @param {boolean} isBroadcast */
  function update(entry, data, isBroadcast) {
    const { id, data: before } = entry.peer;
    const call = calls.get(id);
    // It has had another socket since, and may have forgotten whom it had no call with.
    const isBack = data.connection !== before.connection;
    if (data.instance !== before.instance || (isBack && !call?.active)) {
      // It knows of no call.
      forget(id);
      if (data.room === room() && shared.isSignalingUp()) welcome(id, data, isBroadcast);
      return;
    }
    // Who ended a call on purpose is not called because of a new profile.
    const mayCall = !call && !entry.attempt && entry.endedBy !== 'here' && !(isBroadcast && entry.endedBy === 'there');
    if (isBroadcast && options.autoreply && (!entry.isPresent || isBack || mayCall)) announceTo(id);
    entry.isPresent = true;
    entry.peer.data = data;
    if (mayCall) entry.endedBy = undefined;
    emit('peer:update', data, id);
    call?.resume();
    if (mayCall && isCallable(entry)) reconnectTo(id);
  }

  /** The server says that a peer left. It may have lost its socket only. @param {string} id */
  async function left(id) {
    const entry = entries.get(id);
    if (!entry) return;
    entry.isPresent = false;
    const call = calls.get(id);
    if (call?.active && (await call.isAlive())) return;
    if (calls.get(id) !== call) return;
    // It may have come back meanwhile.
    if (call) lost(entry, 'failed');
    else forget(id);
  }

  /** @param {string} id */
  function forget(id) {
    const entry = entries.get(id);
    if (entry) stop(entry);
    entries.delete(id);
    peers.delete(id);
    end(id);
  }

  /** Nothing leads to a call any more. @param {Entry} entry */
  function stop(entry) {
    clearTimeout(entry.timer);
    entry.attempt = undefined;
    entry.early = [];
  }

  /** @param {string} id */
  function paceOf(id) {
    const pace = paces.get(id) ?? {
      backoff: createBackoff(FIRST_REDIAL, LONGEST_REDIAL),
      freeAt: 0,
      startedAt: Infinity,
    };
    paces.delete(id);
    paces.set(id, pace);
    const [oldest] = paces.keys();
    if (paces.size > MAX_PEERS) paces.delete(oldest);
    return pace;
  }

  /** As soon as the peer may be called. @param {Entry} entry */
  function startCall(entry) {
    stop(entry);
    entry.endedBy = undefined;
    const attempt = {};
    entry.attempt = attempt;
    const pace = paceOf(entry.peer.id);
    const wait = pace.freeAt - performance.now();
    if (wait > 0) entry.timer = setTimeout(make, wait);
    else make();

    function make() {
      const settingUp = [...calls.values()].filter(({ active }) => !active);
      if (settingUp.length >= MAX_SETUPS) {
        entry.timer = setTimeout(make, FIRST_REDIAL);
        return;
      }
      pace.freeAt = performance.now() + pace.backoff.next();
      pace.startedAt = Infinity;
      findIceServers(options, entry.peer.id, (error, iceServers = []) => {
        if (entry.attempt !== attempt) return;
        if (!error) return makeCall(entry, pace, iceServers);
        stop(entry);
        raise('could not be called, because no ICE servers were found', error, entry.peer.id);
      });
    }
  }

  /** @param {Entry} entry @param {Pace} pace @param {RTCIceServer[]} iceServers */
  function makeCall(entry, pace, iceServers) {
    const { peer, attempt } = entry;
    const { id } = peer;
    let pc;
    try {
      pc = new RTCPeerConnection({ iceServers });
      emit('peer:connect', id, pc, peer.data);
      // A listener may have closed us, or ended the call.
      if (entry.attempt !== attempt) return pc.close();
      /** @type {import('./call.js').Call} */
      const call = createCall({
        ...shared,
        peer,
        pc,
        isMaster: isMaster(id),
        options,
        emit,
        send: (command, data) => sendTo(id, command, data),
        onerror: (cause) => raise('sent something unusable', cause, id),
        onstart: () => (pace.startedAt = performance.now()),
        onend: (why) => calls.get(id) === call && lost(entry, why),
      });
      const { early } = entry;
      stop(entry);
      calls.set(id, call);
      emit('peer:couple', id, pc, peer.data, call.monitor);
      early.forEach(([command, data]) => call.receive(command, data));
    } catch (cause) {
      stop(entry);
      pc?.close();
      raise('could not be called', cause, id);
    }
  }

  /** @param {Entry} entry @param {import('./call.js').Why} why */
  function lost(entry, why) {
    const { id } = entry.peer;
    if (why === 'ended') entry.endedBy = 'there';
    // The next offer would be as large.
    if (why === 'refused') entry.endedBy = 'here';
    end(id);
    if (isCallable(entry)) redialLater(entry);
  }

  /** @param {string} id */
  function end(id) {
    const entry = entries.get(id);
    if (entry) stop(entry);
    const call = calls.get(id);
    if (!call) return;
    call.close();
    // A listener may have ended it, and begun another.
    if (calls.get(id) !== call) return;
    calls.delete(id);
    const pace = paceOf(id);
    if (performance.now() - pace.startedAt >= STEADY) paces.delete(id);
    emit('call:ended', id);
    if (entries.get(id)?.isPresent === false && !calls.has(id)) forget(id);
  }

  /** A peer that hears of us again without a call with us begins one. @param {Entry} entry */
  function redialLater(entry, backoff = createBackoff(FIRST_REDIAL, LONGEST_REDIAL)) {
    const { id } = entry.peer;
    clearTimeout(entry.timer);
    entry.timer = setTimeout(
      () => {
        announceTo(id);
        redialLater(entry, backoff);
      },
      Math.max(backoff.next(), paceOf(id).freeAt - performance.now()),
    );
  }

  /** @param {string} id */
  function reconnectTo(id) {
    const entry = entries.get(id);
    if (!entry) return;
    entry.endedBy = undefined;
    end(id);
    if (!isCallable(entry)) return;
    sendTo(id, 'reconnect');
    // The slave waits until the master says the same.
    if (isMaster(id)) startCall(entry);
  }

  /** @param {string} id */
  function reconnectAsked(id) {
    const entry = entries.get(id);
    const call = calls.get(id);
    // Both asked at the same time, and the call is new already.
    if (!entry || (call && !call.hasHeard)) return;
    entry.endedBy = undefined;
    end(id);
    if (!isCallable(entry)) return;
    if (isMaster(id)) sendTo(id, 'reconnect');
    startCall(entry);
  }

  return {
    peers,
    calls,
    isMaster,
    announced,
    left,
    reconnectAsked,

    /** The user wants it, and so at once. @param {string} id */
    reconnectTo(id) {
      paces.delete(id);
      reconnectTo(id);
    },

    /** What a peer says to its call with us. @param {string} id @param {string} command @param {any} data */
    receive(id, command, data) {
      const entry = entries.get(id);
      const call = calls.get(id);
      if (call) call.receive(command, data);
      else if (entry?.attempt && entry.early.length < MAX_EARLY) entry.early.push([command, data]);
    },

    /** @param {string} id */
    endCall(id) {
      const entry = entries.get(id);
      if (!entry) return;
      entry.endedBy = 'here';
      end(id);
    },

    /** The signaling server is gone, or we move to another room. What has not started by now begins anew when they are found again. */
    away() {
      for (const [id, entry] of [...entries]) {
        entry.isPresent = false;
        if (!calls.get(id)?.active) forget(id);
      }
    },

    /** The signaling server is back: what was said meanwhile may be lost. */
    resume: () => calls.forEach((call) => call.resume()),

    clear() {
      [...entries.keys()].forEach(forget);
      paces.clear();
    },
  };
}
