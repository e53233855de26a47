// @ts-check
// One quickconnect: puts the parts together, and leads what comes from the signaling server to the part that it is for.
//
// May import: announcer.js, api.js, emitter.js, id.js, media.js, options.js, protocol.js, room.js, signaling.js.

import { createAnnouncer } from './announcer.js';
import { createApi } from './api.js';
import { createEmitter } from './emitter.js';
import { directed, encodeMessage } from './protocol.js';
import { createId } from './id.js';
import { createLocalMedia } from './media.js';
import { nameOf, readOptions, roomOfPage } from './options.js';
import { createRoom } from './room.js';
import { createSignaling } from './signaling.js';

/** The commands of messages between the two sides of a call. */
const CALL_COMMANDS = ['ready', 'ping', 'sdp', 'candidate', 'endofcandidates', 'negotiate', 'requestoffer'];

/** @type {typeof import('./index.js').default} */
export function quickconnect(signalhost, givenOptions = {}) {
  const options = readOptions(givenOptions);
  const id = nameOf(options.id) || createId();
  const { emitter, log, emit, raise } = createEvents(options.debug);
  const localMedia = createLocalMedia();
  /** The data channels that we declare. @type {Map<string, RTCDataChannelInit>} */
  const labels = new Map();
  const mode = { isReactive: options.reactive };

  const announcer = createAnnouncer({
    id,
    room: nameOf(options.room) || roomOfPage(options.ns),
    delay: options.announceDelay,
    mayJoin: !options.manualJoin,
    isHeldBack: () => localMedia.size < options.expectedLocalStreams,
    signaling: () => signaling,
    emit,
    raise,
  });
  const signaling = createSignaling(signalhost, options, {
    onready() {
      announcer.connected();
      members.resume();
    },
    onmessage: (message) => hear(message),
    onaway() {
      announcer.away();
      members.away();
      emit('disconnected');
    },
    onerror: raise,
    log,
  });
  const members = createRoom({
    id,
    room: () => announcer.room,
    options,
    labels,
    localMedia,
    isReactive: () => mode.isReactive,
    isSignalingUp: () => signaling.isReady,
    givenServers: () => signaling.iceServers,
    sendTo: (peerId, command, data) =>
      signaling.send(directed(peerId, encodeMessage(command, id, data === undefined ? [] : [data]))),
    announceTo: (peerId) => signaling.send(directed(peerId, announcer.message())),
    emit,
    raise: (message, cause, peerId) =>
      raise(Object.assign(new Error(`peer ${peerId} ${message}`, { cause }), { peerId })),
  });

  /** @param {import('./protocol.js').Message} message */
  function hear({ command, sender, args, target }) {
    const [data] = args;
    if (command === 'error' && !sender)
      return raise(new Error(`the signaling server refused a frame: ${data?.message ?? data}`));
    if (sender === id || (target !== undefined && target !== id) || !announcer.isAnnounced) return;
    if (command === 'announce') members.announced(sender, data, target === undefined);
    else if (command === 'leave') members.left(sender);
    else if (command === 'reconnect') members.reconnectAsked(sender);
    else if (CALL_COMMANDS.includes(command)) members.receive(sender, command, data);
    else emit(`message:${command}`, ...args, members.peers.get(sender) ?? sender);
  }

  const qc = createApi({ id, mode, labels, localMedia, emitter, emit, raise, announcer, signaling, members });
  signaling.open();
  announcer.announceSoon();
  return qc;
}

/** The events of one quickconnect. @param {boolean} isDebugging whether each is written to the browser's console */
function createEvents(isDebugging) {
  const emitter = createEmitter();

  /** @param {string} what @param {...unknown} details */
  function log(what, ...details) {
    if (isDebugging) console.debug('quickconnect', what, ...details);
  }

  /** @param {string} event @param {...any} args */
  function emit(event, ...args) {
    log(event, ...args);
    return emitter.emit(event, ...args);
  }

  /** An error that nobody listens for must be seen all the same. @param {Error & { peerId?: string }} error */
  function raise(error) {
    if (!emit('error', error)) console.error(error);
  }

  return { emitter, log, emit, raise };
}
