// @ts-check
// Which rooms a demo is in, and how many peers are in the last of them. Derived from the signaling messages that its sockets send and
// receive, so that it also works for edited code. Pure.
//
// May import: wire.js.

import { parseValue, splitMessage } from './wire.js';

/** Sockets of one demo that are followed; browsers open fewer. */
const MAX_SOCKETS = 1_000;
/** Ids of one room that are remembered; servers let fewer in. */
const MAX_OTHERS = 10_000;
/** Characters in the name of a room; more than any server takes. */
const MAX_ROOM = 1_000;

/** @typedef {import('./events.js').TapEvent} TapEvent */

/**
 * @typedef {object} Presence
 * @property {number} count how many peers are in the demo's room, this one included; 0 when it is in none
 * @property {string} room of several, the one that it entered last and is still in
 * @property {number} rooms how many it is in
 */

/**
 * The membership of one socket.
 * @typedef {{ room: string, count: number, others: Set<string> }} Membership `others` are the ids that were announced there
 */

/** Follows the sockets of one run. */
export function createPresence() {
  /** Of each socket that has announced itself and is open, the last one last. @type {Map<string, Membership>} */
  const memberships = new Map();

  /** @param {TapEvent} event @returns {boolean} whether there is news */
  function take({ on, type, side, value, text, fault }) {
    if (type === 'state' && value === 'closed') {
      const membership = memberships.get(on);
      memberships.delete(on);
      return membership !== undefined && membership.count > 0;
    }
    // The fault `freeze` keeps this message from the demo.
    if (type !== 'message' || fault === 'freeze') return false;
    const message = splitMessage(text);
    if (!message) return false;
    if (side === 'in') return hears(memberships.get(on), message);
    if (message.command === 'announce' && message.target === undefined) enter(on, roomIn(message));
    return false;
  }

  /** @param {string} socket @param {string | undefined} room */
  function enter(socket, room) {
    if (room === undefined) return;
    const known = memberships.get(socket);
    // A repeated announce changes only which socket entered last.
    const membership = known?.room === room ? known : { room, count: 0, others: new Set() };
    memberships.delete(socket);
    if (memberships.size < MAX_SOCKETS) memberships.set(socket, membership);
  }

  return {
    /** @param {TapEvent[]} events the next ones of the run @returns {Presence | undefined} undefined if they change nothing */
    take(events) {
      const hasNews = events.filter(({ on }) => on.startsWith('ws')).filter(take).length > 0;
      if (!hasNews) return undefined;
      const inside = [...memberships.values()].filter(({ count }) => count > 0);
      const { count, room } = inside.at(-1) ?? { count: 0, room: '' };
      return { count, room, rooms: new Set(inside.map((one) => one.room)).size };
    },
  };
}

/**
 * @param {Membership | undefined} membership
 * @param {import('./wire.js').Envelope} message
 * @returns {boolean} whether it changes how many there are
 */
function hears(membership, { command, sender, target, payload = '' }) {
  if (!membership) return false;
  const { others, count } = membership;
  if (command === 'roominfo') {
    const { memberCount } = parseValue(payload) ?? {};
    membership.count = Number.isSafeInteger(memberCount) ? Math.max(0, memberCount) : 0;
    return true;
  }
  if (command === 'announce' && !others.has(sender) && others.size < MAX_OTHERS) {
    others.add(sender);
    // A peer that answers with a directed announce was in the room before, and so is in the count of `roominfo`.
    if (target === undefined) membership.count += 1;
  } else if (command === 'leave' && target === undefined) {
    others.delete(sender);
    membership.count -= 1;
  }
  return membership.count !== count;
}

/** The room in an announce. The server accepts a number as well as a string. @param {import('./wire.js').Envelope} message */
function roomIn({ payload = '' }) {
  const { room } = parseValue(payload) ?? {};
  return typeof room === 'string' || typeof room === 'number' ? String(room).slice(0, MAX_ROOM) : undefined;
}
