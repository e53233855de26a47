// @ts-check
// The public API of a quickconnect (`index.d.ts` documents each member), built on the parts that `index.js` joins. Most methods return the
// quickconnect itself, so that calls can be chained, as in the original library.
//
// May import: protocol.js.

import { directed, encodeMessage } from './protocol.js';

/**
 * Creates the public object.
 * @param {object} parts
 * @param {string} parts.id
 * @param {{ isReactive: boolean }} parts.mode
 * @param {Map<string, RTCDataChannelInit>} parts.labels
 * @param {ReturnType<typeof import('./media.js').createLocalMedia>} parts.localMedia
 * @param {ReturnType<typeof import('./emitter.js').createEmitter>} parts.emitter
 * @param {(event: string, ...args: any[]) => void} parts.emit
 * @param {(error: Error) => void} parts.raise
 * @param {ReturnType<typeof import('./announcer.js').createAnnouncer>} parts.announcer
 * @param {ReturnType<typeof import('./signaling.js').createSignaling>} parts.signaling
 * @param {ReturnType<typeof import('./room.js').createRoom>} parts.members
 */
export function createApi({ id, mode, labels, localMedia, emitter, emit, raise, announcer, signaling, members }) {
  const { calls } = members;

  /** @type {import('./index.js').QuickConnect} */
  const qc = {
    id,
    get room() {
      return announcer.room;
    },
    peers: members.peers,
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
      announcer.leave();
      const wasConnected = signaling.isReady;
      signaling.close();
      members.clear();
      if (wasConnected) emit('disconnected');
      return qc;
    },
    leave: () => qc.close(),
    join() {
      signaling.open();
      announcer.join();
      return qc;
    },
    announce(data) {
      const { room: given, ...rest } = data ?? {};
      // Calls with peers of the former room go on.
      if (announcer.enter(given)) members.away();
      return qc.profile(rest);
    },
    profile(data) {
      announcer.profile(data);
      return qc;
    },
    get: announcer.get,
    reactive() {
      mode.isReactive = true;
      calls.forEach((call) => call.renegotiate());
      return qc;
    },
    isMaster: members.isMaster,

    send(command, ...args) {
      announcer.post(encodeOwn(command, args));
      return qc;
    },
    to: (targetId) => ({
      send(command, ...args) {
        announcer.post(directed(targetId, encodeOwn(command, args)));
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

  return qc;

  function connections() {
    return [...calls.values()].map(({ pc }) => pc);
  }

  function mediaChanged() {
    calls.forEach((call) => call.sendMedia());
    if (!announcer.isAnnounced) announcer.announceSoon();
  }

  /** @param {string} command @param {unknown[]} args */
  function encodeOwn(command, args) {
    if (!/^\/[^|]+$/.test(command))
      throw new TypeError(`a command begins with "/" and has no "|", unlike "${command}"`);
    return encodeMessage(command.slice(1), id, args);
  }

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
}
