// @ts-check
// rtc-quickconnect: join a room, and be connected to everybody in it. Joins the parts; `index.d.ts` documents what it offers.

import { createEmitter } from './emitter.js';
import { directed, encodeFrame, sizeOf } from './frames.js';
import { createId } from './id.js';
import { receiveLarge, sendLarge } from './large.js';
import { createLocalMedia } from './media.js';
import { nameOf, readOptions, roomOfPage } from './options.js';
import { createRoom } from './room.js';
import { createSignaling } from './signaling.js';

export { receiveLarge, sendLarge };

/** Messages that wait for the signaling server; of more the oldest are dropped. */
const MAX_WAITING = 64;
/** Bytes of our announce: the smallest frame that servers take by default is a little larger. */
const MAX_ANNOUNCE = 61_440;
/** What the two sides of a call say to each other. */
const CALL_COMMANDS = ['ready', 'ping', 'sdp', 'candidate', 'endofcandidates', 'negotiate', 'requestoffer'];

/** @type {typeof import('./index.js').default} */
export default function quickconnect(signalhost, givenOptions = {}) {
  const options = readOptions(givenOptions);
  const id = nameOf(options.id) || createId();
  /** Tells us from an earlier page with our id. */
  const instance = createId();
  const emitter = createEmitter();
  const localMedia = createLocalMedia();
  /** @type {Map<string, RTCDataChannelInit>} */
  const labels = new Map();
  /** @type {Record<string, any>} */
  let profile = {};
  let room = nameOf(options.room) || roomOfPage(options.ns);
  /** Sockets that we have had. The others see by it that we may have forgotten them. */
  let connection = 0;
  let isReactive = options.reactive;
  let mayJoin = !options.manualJoin;
  let isAnnounced = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let announceTimer;
  /** @type {string[]} */
  let waiting = [];

  /** @param {string} what @param {...unknown} details */
  function log(what, ...details) {
    if (options.debug) console.debug('quickconnect', what, ...details);
  }

  /** @param {string} event @param {...any} args */
  function emit(event, ...args) {
    log(event, ...args);
    return emitter.emit(event, ...args);
  }

  /** @param {Error & { peerId?: string }} error */
  function raise(error) {
    if (!emit('error', error)) console.error(error);
  }

  // --- The signaling server

  const signaling = createSignaling(signalhost, options, {
    onready() {
      connection += 1;
      emit('connected');
      if (!announceTimer) announce();
      members.resume();
    },
    onframe,
    onaway() {
      isAnnounced = false;
      members.away();
      emit('disconnected');
    },
    onerror: raise,
    log,
  });

  /** @param {import('./frames.js').Frame} frame */
  function onframe({ command, sender, args, target }) {
    const [data] = args;
    if (command === 'error' && !sender)
      return raise(new Error(`the signaling server refused a frame: ${data?.message ?? data}`));
    if (sender === id || (target !== undefined && target !== id)) return;
    // Whoever is not in a room hears nobody.
    if (!isAnnounced) return;
    if (command === 'announce') members.announced(sender, data, target === undefined);
    else if (command === 'leave') members.left(sender);
    else if (command === 'reconnect') members.reconnectAsked(sender);
    else if (CALL_COMMANDS.includes(command)) members.receive(sender, command, data);
    else emit(`message:${command}`, ...args, members.peers.get(sender) ?? sender);
  }

  const attributes = () => ({ ...profile, id, room, instance, connection });

  function announceSoon() {
    clearTimeout(announceTimer);
    announceTimer = setTimeout(announce, options.announceDelay);
  }

  function announce() {
    clearTimeout(announceTimer);
    announceTimer = undefined;
    if (!signaling.isReady || !mayJoin || localMedia.size < options.expectedLocalStreams) return;
    isAnnounced = true;
    const frame = () => encodeFrame('announce', id, [attributes()]);
    if (!signaling.send(frame())) {
      // Better without a profile than not at all.
      profile = {};
      signaling.send(frame());
    }
    waiting.splice(0).forEach(signaling.send);
    emit('local:announce', attributes());
  }

  /** @param {string} frame */
  function post(frame) {
    if (isAnnounced) signaling.send(frame);
    else waiting = [...waiting, frame].slice(-MAX_WAITING);
  }

  /** @param {string} command @param {unknown[]} args */
  function encodeMessage(command, args) {
    if (!/^\/[^|]+$/.test(command))
      throw new TypeError(`a command begins with "/" and has no "|", as in send('/hello'); this one is "${command}"`);
    return encodeFrame(command.slice(1), id, args);
  }

  // --- The peers

  const members = createRoom({
    id,
    room: () => room,
    options,
    labels,
    localMedia,
    isReactive: () => isReactive,
    isSignalingUp: () => signaling.isReady,
    sendTo: (peerId, command, data) =>
      signaling.send(directed(peerId, encodeFrame(command, id, data === undefined ? [] : [data]))),
    announceTo: (peerId) => signaling.send(directed(peerId, encodeFrame('announce', id, [attributes()]))),
    emit,
    raise: (message, cause, peerId) =>
      raise(Object.assign(new Error(`peer ${peerId} ${message}`, { cause }), { peerId })),
  });
  const { peers, calls } = members;
  const connections = () => [...calls.values()].map(({ pc }) => pc);

  /** @param {string} peerId */
  function callWith(peerId) {
    const call = calls.get(peerId);
    if (!call) throw new Error(`there is no call with ${peerId}: wait for it with waitForCall`);
    return call;
  }

  /**
   * Calls back now, or at an event that brings what was asked for.
   * @template T
   * @param {string} event
   * @param {() => T | undefined} find
   * @param {(error: null, found: T) => void} callback
   */
  function whenThere(event, find, callback) {
    const found = find();
    if (found) return callback(null, found);
    const stop = emitter.on(event, () => {
      const found = find();
      if (!found) return;
      stop();
      callback(null, found);
    });
  }

  function mediaChanged() {
    calls.forEach((call) => call.sendMedia());
    if (!isAnnounced) announceSoon();
  }

  // --- What it offers

  /** @type {import('./index.js').QuickConnect} */
  const qc = {
    id,
    get room() {
      return room;
    },
    peers,
    calls,

    addStream(stream) {
      localMedia.add(stream);
      mediaChanged();
      return qc;
    },
    broadcast: (stream) => qc.addStream(stream),
    addTrack(track, stream) {
      localMedia.addTrack(track, stream);
      mediaChanged();
      return qc;
    },
    replaceTrack(track, trackId) {
      localMedia.replaceTrack(track, trackId, connections()).catch(raise);
      return qc;
    },
    removeStream(stream) {
      localMedia.remove(stream, connections());
      return qc;
    },
    getLocalStreams: () => localMedia.list(),

    createDataChannel(label, config) {
      labels.set(label, config ?? {});
      calls.forEach((call) => call.addChannel(label));
      return qc;
    },
    requestChannel(targetId, label, callback) {
      callWith(targetId);
      whenThere(`channel:opened:${label}`, () => calls.get(targetId)?.channels.get(label), callback);
      return qc;
    },
    requestStream(targetId, index, callback) {
      callWith(targetId);
      whenThere('stream:added', () => calls.get(targetId)?.streams[index], callback);
      return qc;
    },
    waitForCall(targetId, callback) {
      whenThere('call:started', () => (calls.get(targetId)?.active ? calls.get(targetId)?.pc : undefined), callback);
      return qc;
    },
    endCall(peerId) {
      members.endCall(peerId);
      return qc;
    },
    endCalls() {
      [...calls.keys()].forEach(members.endCall);
      return qc;
    },
    reconnectTo(peerId) {
      members.reconnectTo(peerId);
      return qc;
    },

    close() {
      if (isAnnounced) signaling.send(encodeFrame('leave', id, [{ id }]));
      isAnnounced = mayJoin = false;
      clearTimeout(announceTimer);
      waiting = [];
      const wasConnected = signaling.isReady;
      signaling.close();
      members.clear();
      if (wasConnected) emit('disconnected');
      return qc;
    },
    leave: () => qc.close(),
    join() {
      mayJoin = true;
      signaling.open();
      announceSoon();
      return qc;
    },
    announce(data) {
      const { room: given, ...rest } = data ?? {};
      const before = room;
      room = nameOf(given) || room;
      // Calls with those who stay behind go on.
      if (room !== before) members.away();
      return qc.profile(rest);
    },
    profile(data) {
      const former = profile;
      profile = { ...profile, ...data };
      const size = sizeOf(JSON.stringify(attributes()));
      const limit = Math.min(signaling.limit, MAX_ANNOUNCE);
      if (size <= limit) announceSoon();
      else {
        profile = former;
        // Whoever sets it may listen only afterwards.
        queueMicrotask(() =>
          raise(
            new Error(
              `the profile is not changed: with it, /announce has ${size} bytes, and at most ${limit} are allowed`,
            ),
          ),
        );
      }
      return qc;
    },
    get: (name) => profile[name],
    reactive() {
      isReactive = true;
      calls.forEach((call) => call.renegotiate());
      return qc;
    },
    isMaster: members.isMaster,

    send(command, ...args) {
      post(encodeMessage(command, args));
      return qc;
    },
    to: (targetId) => ({
      send(command, ...args) {
        post(directed(targetId, encodeMessage(command, args)));
        return qc;
      },
    }),

    on(name, listener) {
      emitter.on(name, listener);
      return qc;
    },
    once(name, listener) {
      emitter.once(name, listener);
      return qc;
    },
    off(name, listener) {
      emitter.off(name, listener);
      return qc;
    },
  };

  signaling.open();
  announceSoon();
  return qc;
}
