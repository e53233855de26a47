// @ts-check
// Who is in the room, and the call with each of them: when one begins, when it ends, and when it begins anew.

import { createBackoff } from './backoff.js';
import { createCall } from './call.js';
import { findIceServers } from './options.js';

/** Peers of one room that are remembered at once; whoever comes after them is not called. */
const MAX_PEERS = 256;
/** The first wait, in ms, before a call that failed is tried again, and the longest. */
const FIRST_REDIAL = 1_000;
const LONGEST_REDIAL = 30_000;
/** Frames of a peer that wait for the ICE servers of its call. */
const MAX_EARLY = 64;

/**
 * What is known of one peer.
 * @typedef {object} Entry
 * @property {{ id: string, data: import('./index.js').PeerData }} peer
 * @property {boolean} isPresent the signaling server has it in the room, as far as we know
 * @property {'here' | 'there' | undefined} endedBy who ended the last call on purpose
 * @property {ReturnType<typeof createBackoff>} backoff
 * @property {ReturnType<typeof setTimeout> | undefined} redialTimer
 * @property {[command: string, data: any][]} early what it said while ICE servers were looked for
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
 * @param {(peerId: string, command: string, data?: unknown) => void} context.sendTo
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

  /** @param {string} id */
  const isMaster = (id) => ownId < id;

  /**
   * @param {string} id
   * @param {any} data
   * @param {boolean} isBroadcast the peer spoke to the whole room, and perhaps does not know us
   * @returns {void}
   */
  function announced(id, data, isBroadcast) {
    if (typeof data !== 'object' || data?.id !== id || typeof data.room !== 'string') {
      return raise('announced itself without its id and its room', data, id);
    }
    if (data.room !== room() || shared.localMedia.size < options.expectedLocalStreams) return;
    const filtered = { ...data, allow: true };
    emit('peer:filter', id, filtered);
    // A listener may have closed us.
    if (!filtered.allow || !shared.isSignalingUp()) return;
    emit('peer:connected', id, data);
    if (!shared.isSignalingUp()) return;
    const entry = entries.get(id);
    if (entry) update(entry, data, isBroadcast);
    else if (entries.size < MAX_PEERS) welcome(id, data, isBroadcast);
  }

  /** @param {string} id @param {any} data @param {boolean} isBroadcast */
  function welcome(id, data, isBroadcast) {
    const peer = { id, data };
    const backoff = createBackoff(FIRST_REDIAL, LONGEST_REDIAL);
    const entry = { peer, isPresent: true, endedBy: undefined, backoff, redialTimer: undefined, early: [] };
    entries.set(id, entry);
    peers.set(id, peer);
    if (isBroadcast && options.autoreply) announceTo(id);
    emit('peer:announce', data, peer);
    // A listener may have closed us meanwhile.
    if (entries.get(id) === entry) startCall(entry);
  }

  /** @param {Entry} entry @param {any} data @param {boolean} isBroadcast */
  function update(entry, data, isBroadcast) {
    const { id } = entry.peer;
    if (data.instance !== entry.peer.data.instance) {
      // It has come back as a new page, which knows of no call.
      forget(id);
      if (shared.isSignalingUp()) welcome(id, data, isBroadcast);
      return;
    }
    const wasPresent = entry.isPresent;
    entry.isPresent = true;
    entry.peer.data = { ...entry.peer.data, ...data };
    emit('peer:update', data, id);
    if (entries.get(id) !== entry) return;
    const call = calls.get(id);
    // Who ended a call on purpose is not called because of a new profile.
    const mayCall = !call && entry.endedBy !== 'here' && !(isBroadcast && entry.endedBy === 'there');
    if (isBroadcast && options.autoreply && (!wasPresent || mayCall)) announceTo(id);
    call?.resume();
    if (mayCall) reconnectTo(id);
  }

  /** The server says that a peer left. It may have lost its socket only. @param {string} id */
  async function left(id) {
    const entry = entries.get(id);
    if (!entry) return;
    entry.isPresent = false;
    const call = calls.get(id);
    if (call?.active && (await call.isAlive())) return;
    if (calls.get(id) !== call) return;
    // Either it is forgotten with its call, or it has no call.
    if (call) end(id);
    else forget(id);
  }

  /** @param {string} id */
  function forget(id) {
    clearTimeout(entries.get(id)?.redialTimer);
    entries.delete(id);
    peers.delete(id);
    end(id);
  }

  /** @param {Entry} entry */
  function startCall(entry) {
    const { peer } = entry;
    const { id } = peer;
    clearTimeout(entry.redialTimer);
    entry.endedBy = undefined;
    entry.early = [];
    findIceServers(options, id, (error, iceServers = []) => {
      if (entries.get(id) !== entry || calls.has(id)) return;
      if (error) return raise('could not be called, because no ICE servers were found', error, id);
      try {
        const pc = new RTCPeerConnection({ iceServers });
        emit('peer:connect', id, pc, peer.data);
        // A listener may have closed us.
        if (entries.get(id) !== entry) return pc.close();
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
          onstart: entry.backoff.reset,
          onend: (why) => calls.get(id) === call && lost(entry, why),
        });
        // So may one to `peer:couple`.
        if (entries.get(id) !== entry) return call.close();
        calls.set(id, call);
        entry.early.splice(0).forEach(([command, data]) => call.receive(command, data));
      } catch (cause) {
        raise('could not be called', cause, id);
      }
    });
  }

  /** @param {Entry} entry @param {'ended' | 'failed'} why */
  function lost(entry, why) {
    if (why === 'ended') entry.endedBy = 'there';
    end(entry.peer.id);
    // A listener may have closed us.
    if (why === 'failed' && entry.isPresent && entries.get(entry.peer.id) === entry) redialLater(entry);
  }

  /** @param {string} id */
  function end(id) {
    const call = calls.get(id);
    if (!call) return;
    calls.delete(id);
    call.close();
    emit('call:ended', id);
    if (entries.get(id)?.isPresent === false) forget(id);
  }

  /** A peer that hears of us again without a call with us begins one. @param {Entry} entry */
  function redialLater(entry) {
    const { id } = entry.peer;
    clearTimeout(entry.redialTimer);
    entry.redialTimer = setTimeout(() => {
      if (calls.has(id)) return;
      announceTo(id);
      redialLater(entry);
    }, entry.backoff.next());
  }

  /** @param {string} id */
  function reconnectTo(id) {
    const entry = entries.get(id);
    if (!entry) return;
    end(id);
    entry.endedBy = undefined;
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
    end(id);
    if (isMaster(id)) sendTo(id, 'reconnect');
    startCall(entry);
  }

  return {
    peers,
    calls,
    isMaster,
    announced,
    left,
    reconnectTo,
    reconnectAsked,

    /** What a peer says to its call with us. @param {string} id @param {string} command @param {any} data */
    receive(id, command, data) {
      const call = calls.get(id);
      const early = entries.get(id)?.early;
      if (call) call.receive(command, data);
      else if (early && early.length < MAX_EARLY) early.push([command, data]);
    },

    /** @param {string} id */
    endCall(id) {
      const entry = entries.get(id);
      if (!entry) return;
      entry.endedBy = 'here';
      clearTimeout(entry.redialTimer);
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

    clear: () => [...entries.keys()].forEach(forget),
  };
}
