// @ts-check
// Announces us to the room: our id, room and profile. Messages to the room wait here until the announce is sent, because the server relays
// nothing from a socket that is in no room.
//
// May import: id.js, options.js, protocol.js.

import { encodeMessage, sizeOf } from './protocol.js';
import { createId } from './id.js';
import { nameOf } from './options.js';

/** Messages that are queued until we are in the room. When the queue is full, the oldest is dropped. */
const MAX_WAITING = 64;
/** The largest announce, in bytes. It is below the smallest limit that servers have by default. */
const MAX_ANNOUNCE = 61_440;

/**
 * Creates the announcer of one quickconnect.
 * @param {object} context
 * @param {string} context.id
 * @param {string} context.room
 * @param {number} context.delay how long an announce waits for others that follow, in ms
 * @param {boolean} context.mayJoin
 * @param {() => boolean} context.isHeldBack whether something is missing that has to be there first
 * @param {() => ReturnType<typeof import('./signaling.js').createSignaling>} context.signaling
 * @param {(event: string, ...args: any[]) => void} context.emit
 * @param {(error: Error) => void} context.raise
 */
export function createAnnouncer({ id, room, delay, mayJoin, isHeldBack, signaling, emit, raise }) {
  /** Differs from page to page, so that the others tell us from an earlier page with the same id. */
  const instance = createId();
  /** Counts our sockets. A higher number tells the others that we may have lost what we knew of them. */
  let connection = 0;
  /** @type {Record<string, any>} */
  let profile = {};
  let isAnnounced = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {string[]} */
  let waiting = [];

  const attributes = () => ({ ...profile, id, room, instance, connection });
  const message = () => encodeMessage('announce', id, [attributes()]);

  function announceSoon() {
    clearTimeout(timer);
    timer = setTimeout(announce, delay);
  }

  function announce() {
    clearTimeout(timer);
    timer = undefined;
    const { isReady, send } = signaling();
    if (!isReady || !mayJoin || isHeldBack()) return;
    isAnnounced = true;
    if (!send(message())) {
      // The server takes no message as large: announce ourselves without the profile.
      profile = {};
      send(message());
    }
    waiting.splice(0).forEach(send);
    emit('local:announce', attributes());
  }

  return {
    get room() {
      return room;
    },
    /** Whether we are in the room. Messages that arrive before that are ignored. */
    get isAnnounced() {
      return isAnnounced;
    },
    /** @param {string} name of the profile's */
    get: (name) => profile[name],
    message,
    announceSoon,

    /** A socket to the server is open, the first or another one. */
    connected() {
      connection += 1;
      emit('connected');
      if (!timer) announce();
    },

    /** The socket to the server is gone. */
    away() {
      isAnnounced = false;
    },

    /** Sends a message once we are in the room. @param {string} message */
    post(message) {
      if (isAnnounced) signaling().send(message);
      else waiting = [...waiting, message].slice(-MAX_WAITING);
    },

    /** @param {unknown} given @returns {boolean} whether it is another room than before */
    enter(given) {
      const before = room;
      room = nameOf(given) || room;
      return room !== before;
    },

    /** Adds to the profile, unless it would become too large. @param {Record<string, any>} [data] */
    profile(data) {
      const former = profile;
      profile = { ...profile, ...data };
      const size = sizeOf(JSON.stringify(attributes()));
      const limit = Math.min(signaling().limit, MAX_ANNOUNCE);
      if (size <= limit) return announceSoon();
      profile = former;
      const why = `the profile is not changed: with it, /announce has ${size} bytes, and at most ${limit} are allowed`;
      // Asynchronously, so that a listener that is added after this call hears of it.
      queueMicrotask(() => raise(new Error(why)));
    },

    join() {
      mayJoin = true;
      announceSoon();
    },

    leave() {
      if (isAnnounced) signaling().send(encodeMessage('leave', id, [{ id }]));
      isAnnounced = mayJoin = false;
      clearTimeout(timer);
      waiting = [];
    },
  };
}
