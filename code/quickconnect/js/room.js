// @ts-check
// The calls with the members of the room: when each begins, ends, and begins again. Layout:
//   membership.js   who is a member, and may be called
//   pace.js         how soon a peer is called again
//   call.js         one call (servers.js: its ICE servers)
// Every `emit` runs listeners of the user, which may close the quickconnect, end the call, or start another. State is therefore read again after it.
//
// May import: backoff.js, call.js, membership.js, options.js, pace.js, servers.js.

import { createBackoff } from './backoff.js';
import { createCall } from './call.js';
import { absent, announced, hungUp, lostCall, wanted } from './membership.js';
import { findIceServers, nameOf } from './options.js';
import { createPaces, FIRST_REDIAL, LONGEST_REDIAL } from './pace.js';
import { createServers } from './servers.js';

/** Peers of one room that are known at once. Further ones are not called. */
const MAX_PEERS = 256;
/** Calls that are being set up at once. Further ones wait. */
const MAX_SETUPS = 64;
/** The longest announce of a peer, in characters of JSON. */
const MAX_DATA = 65_536;
/** Messages of a peer that are queued until the ICE servers for its call are known. */
const MAX_EARLY = 64;

/**
 * One peer, and what leads to the next call with it.
 * @typedef {object} Entry
 * @property {{ id: string, data: import('./index.js').PeerData }} peer as the user sees it
 * @property {import('./membership.js').Member} member
 * @property {object} [attempt] to make a call, until there is one
 * @property {ReturnType<typeof setTimeout>} [timer] of what leads to the next call
 * @property {[command: string, data: any][]} early what it said during the attempt
 */

/**
 * Creates the calls of one quickconnect.
 * @param {object} context
 * @param {string} context.id who we are
 * @param {() => string} context.room
 * @param {ReturnType<typeof import('./options.js').readOptions>} context.options
 * @param {() => RTCIceServer[]} context.givenServers by the signaling server
 * @param {Map<string, RTCDataChannelInit>} context.labels
 * @param {ReturnType<typeof import('./media.js').createLocalMedia>} context.localMedia
 * @param {() => boolean} context.isReactive
 * @param {() => boolean} context.isSignalingUp
 * @param {(peerId: string, command: string, data?: unknown) => boolean} context.sendTo whether the signaling server takes so much
 * @param {(peerId: string) => void} context.announceTo
 * @param {(event: string, ...args: any[]) => void} context.emit
 * @param {(message: string, cause: unknown, peerId: string) => void} context.raise
 */
export function createRoom({ id: ownId, room, options, givenServers, sendTo, announceTo, emit, raise, ...shared }) {
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  /** @type {Map<string, import('./index.js').Peer>} */
  const peers = new Map();
  /** @type {Map<string, import('./call.js').Call>} */
  const calls = new Map();
  const paces = createPaces(MAX_PEERS);

  /** @param {string} id */
  const isMaster = (id) => ownId < id;

  /** Whether it is still a member, and there is neither a call with it nor one on the way. @param {Entry} entry */
  function isCallable(entry) {
    const { id } = entry.peer;
    return entries.get(id) === entry && !entry.member.endedBy && !entry.attempt && !calls.has(id);
  }

  /**
   * @param {string} id
   * @param {any} given
   * @param {boolean} isBroadcast the peer spoke to the whole room, and perhaps does not know us
   * @returns {void}
   */
  function hear(id, given, isBroadcast) {
    // Original clients send an id or a room that looks like a number as a number.
    const name = nameOf(given?.room);
    if (!name || String(given.id) !== id) return raise('announced itself without its id and its room', given, id);
    const data = { ...given, id, room: name };
    if (JSON.stringify(data).length > MAX_DATA)
      return raise(`announced itself with more than ${MAX_DATA} characters`, undefined, id);
    if (shared.localMedia.size < options.expectedLocalStreams) return;
    // Whether we are still in that room.
    const isHere = () => data.room === room() && shared.isSignalingUp();
    if (!isHere()) return;
    const filtered = { ...data, allow: true };
    emit('peer:filter', id, filtered);
    if (!filtered.allow || !isHere()) return;
    emit('peer:connected', id, data);
    if (!isHere()) return;
    const entry = entries.get(id);
    if (!entry && entries.size >= MAX_PEERS) return;
    const news = announced(entry?.member, data, { isBroadcast, call: progressOf(id) });
    if (entry && !news.isNew) return update(entry, news);
    forget(id);
    if (isHere()) welcome(id, news);
  }

  /** How far the call with a peer is. @param {string} id */
  function progressOf(id) {
    const call = calls.get(id);
    if (call) return call.active ? 'active' : 'setup';
    return entries.get(id)?.attempt ? 'attempt' : 'none';
  }

  /** @param {string} id @param {import('./membership.js').Announced} news */
  function welcome(id, { member, mustReply }) {
    const peer = { id, data: member.data };
    /** @type {Entry} */
    const entry = { peer, member, early: [] };
    entries.set(id, entry);
    peers.set(id, peer);
    if (mustReply && options.autoreply) announceTo(id);
    emit('peer:announce', member.data, peer);
    if (isCallable(entry)) startCall(entry);
  }

  /** @param {Entry} entry @param {import('./membership.js').Announced} news */
  function update(entry, { member, isBack, mustReply, mayCall }) {
    const { id } = entry.peer;
    const call = calls.get(id);
    if (mustReply && options.autoreply) announceTo(id);
    entry.member = member;
    entry.peer.data = member.data;
    emit('peer:update', member.data, id);
    call?.resume();
    if (isBack) call?.check();
    if (mayCall && isCallable(entry)) reconnectTo(id);
  }

  /** The server says that a peer left. Perhaps it lost only its socket: a call that has started goes on if the peer answers. @param {string} id */
  async function left(id) {
    const entry = entries.get(id);
    if (!entry) return;
    entry.member = absent(entry.member);
    const call = calls.get(id);
    if (call?.active && (await call.isAlive())) return;
    if (calls.get(id) !== call) return;
    // If it has come back meanwhile, there is another call.
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

  /** Cancels the attempt to make a call, and its timer. @param {Entry} entry */
  function stop(entry) {
    clearTimeout(entry.timer);
    entry.attempt = undefined;
    entry.early = [];
  }

  /** Makes a call, as soon as the peer may be called. @param {Entry} entry */
  function startCall(entry) {
    stop(entry);
    entry.member = wanted(entry.member);
    const { id } = entry.peer;
    const attempt = {};
    entry.attempt = attempt;
    const wait = paces.wait(id);
    if (wait > 0) entry.timer = setTimeout(make, wait);
    else make();

    function make() {
      const settingUp = [...calls.values()].filter(({ active }) => !active);
      if (settingUp.length >= MAX_SETUPS) {
        entry.timer = setTimeout(make, FIRST_REDIAL);
        return;
      }
      const onstart = paces.begin(id);
      findIceServers(options, givenServers(), id, (error, iceServers = []) => {
        if (entry.attempt !== attempt) return;
        if (!error) return makeCall(entry, iceServers, onstart);
        stop(entry);
        raise('could not be called: no ICE servers were found', error, id);
      });
    }
  }

  /** @param {Entry} entry @param {RTCIceServer[]} iceServers @param {() => void} onstart */
  function makeCall(entry, iceServers, onstart) {
    const { peer, attempt } = entry;
    const { id } = peer;
    let pc;
    try {
      pc = new RTCPeerConnection({ iceServers });
      const servers = createServers(pc, () => ((options.ice ?? options.iceServers) ? undefined : givenServers()));
      emit('peer:connect', id, pc, peer.data);
      if (entry.attempt !== attempt) return pc.close();
      /** @type {import('./call.js').Call} */
      const call = createCall({
        ...shared,
        peer,
        pc,
        servers,
        isMaster: isMaster(id),
        options,
        emit,
        send: (command, data) => sendTo(id, command, data),
        onerror: (cause) => raise('sent something unusable', cause, id),
        onstart,
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
    entry.member = lostCall(entry.member, why);
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
    if (calls.get(id) !== call) return;
    calls.delete(id);
    paces.end(id);
    emit('call:ended', id);
    if (entries.get(id)?.member.isPresent === false && !calls.has(id)) forget(id);
  }

  /** Announces us to the peer at growing intervals: one that has no call with us then starts one. @param {Entry} entry */
  function redialLater(entry, backoff = createBackoff(FIRST_REDIAL, LONGEST_REDIAL)) {
    const { id } = entry.peer;
    clearTimeout(entry.timer);
    entry.timer = setTimeout(
      () => {
        announceTo(id);
        redialLater(entry, backoff);
      },
      Math.max(backoff.next(), paces.wait(id)),
    );
  }

  /** @param {string} id */
  function reconnectTo(id) {
    const entry = entries.get(id);
    if (!entry) return;
    entry.member = wanted(entry.member);
    end(id);
    if (!isCallable(entry)) return;
    sendTo(id, 'reconnect');
    // The slave waits for the master's `reconnect`.
    if (isMaster(id)) startCall(entry);
  }

  /** @param {string} id */
  function reconnectAsked(id) {
    const entry = entries.get(id);
    const call = calls.get(id);
    // Both sides have asked at the same time: the call is the new one already.
    if (!entry || (call && !call.hasHeard)) return;
    entry.member = wanted(entry.member);
    end(id);
    if (!isCallable(entry)) return;
    if (isMaster(id)) sendTo(id, 'reconnect');
    startCall(entry);
  }

  return {
    peers,
    calls,
    isMaster,
    announced: hear,
    left,
    reconnectAsked,

    /** The user asks for it, so it happens at once. @param {string} id */
    reconnectTo(id) {
      paces.forget(id);
      reconnectTo(id);
    },

    /** A message for the call with a peer. @param {string} id @param {string} command @param {any} data */
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
      entry.member = hungUp(entry.member);
      end(id);
    },

    /** The signaling server is gone, or we move to another room. Calls that have started go on; the others begin again when their peers are back. */
    away() {
      for (const [id, entry] of [...entries]) {
        entry.member = absent(entry.member);
        if (!calls.get(id)?.active) forget(id);
      }
    },

    /** The signaling server is back: repeats what may have been lost meanwhile. */
    resume: () => calls.forEach((call) => call.resume()),

    clear() {
      [...entries.keys()].forEach(forget);
      paces.clear();
    },
  };
}
