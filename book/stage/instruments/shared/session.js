// @ts-check
// One page among those that share a room's events: a socket of its own to the signaling server, in a room beside the demo's, so that no demo
// hears of it. Sends what was recorded, asks for the time, and takes what the others send.

import { createClock } from '../../clock.js';
import { bounded } from '../../events.js';
import { refusal } from '../../proof.js';
import { announcedName, COMMAND, MAX_SIDE_EVENTS, MAX_SIDES, messageOf, nextBatch } from './wire.js';

/** Before the name of the demo's room. */
const ROOM_PREFIX = 'instruments:';
/** What is due is sent this often, in ms … */
const SEND_INTERVAL = 100;
/** … and no more than so many frames in a second, a tenth of what the server takes; nor are more taken of one side. */
const MAX_FRAMES_PER_SECOND = 20;
/** The first questions for the time follow each other at once, later ones at this distance, in ms. */
const FIRST_QUESTIONS = 8;
const QUESTION_INTERVAL = 2_000;
/** How long the server has to answer at each path, in ms. */
const TIMEOUT = 5_000;

/** @typedef {import('../../recording.js').Recording} Recording */
/** @typedef {import('./wire.js').Side} Side */
/** @typedef {import('./wire.js').Batch} Batch */
/** @typedef {typeof import('../../../../code/quickconnect/js/signaling.js') & typeof import('../../../../code/quickconnect/js/frames.js')} Signaling */

/**
 * @typedef {object} Other a page in the room
 * @property {ReturnType<typeof createClock>} clock its page's clock
 * @property {import('../../clock.js').Reading | undefined} reading of it
 * @property {number} askedAt
 * @property {string} told what it knows of our run
 * @property {number} next the number of the event that it gets next
 * @property {Omit<Batch, 'events'> | undefined} about its run, as it said last
 * @property {import('../../events.js').TapEvent[]} events
 * @property {string} name
 * @property {boolean} isGone
 * @property {number} budget messages that it may send at the moment
 */

/**
 * @param {Recording} recording
 * @param {Signaling} signaling
 * @param {() => void} onchange
 */
export function createSession(recording, { createSignaling, encodeFrame, directed }, onchange) {
  const id = `i${Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  /** @type {Map<string, Other>} */
  const others = new Map();
  const socket = createSignaling(location.origin, { endpoints: ['/', '/primus'], timeout: TIMEOUT, reconnect: true }, {
    onready: announce,
    onframe: hear,
    onaway: () => allGone('The signaling server is away.'),
    onerror: explain,
    log() {},
  });
  let room = '';
  let problem = '';
  let ignored = 0;
  let budget = MAX_FRAMES_PER_SECOND;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  let refilledAt = 0;

  /** The server may be there, and refuse this page. @param {Error} error */
  async function explain(error) {
    say(`The events are not shared: ${error.message}`);
    const words = await refusal();
    if (words && !socket.isReady) say(`The events are not shared: ${words}`);
  }

  function announce() {
    problem = '';
    if (room) socket.send(encodeFrame('announce', id, [{ id, room: ROOM_PREFIX + room }]));
  }

  /** @param {import('../../../../code/quickconnect/js/frames.js').Frame} frame */
  function hear({ command, sender, args, target }) {
    const other = others.get(sender);
    if (command === 'error') say(`The events are not shared: ${String(args[0]?.message ?? 'the server refuses').slice(0, 200)}`);
    // It is asked for the time as soon as there is budget for it, and so knows of this page as well.
    else if (command === 'announce' && sender !== id) meet(sender);
    else if (command === 'leave' && other) {
      other.isGone = true;
      onchange();
    } else if (command === COMMAND && target === id) take(sender, args[0]);
  }

  /** @param {string} sender @param {unknown} data */
  function take(sender, data) {
    refill();
    const message = messageOf(data);
    const other = message && meet(sender);
    if (!other || other.budget < 1) {
      ignored += 1;
      return onchange();
    }
    other.budget -= 1;
    const now = performance.now();
    if ('ask' in message) send(sender, { answer: message.ask, now });
    else if ('answer' in message) {
      other.clock.take(message.answer, message.now, now);
      other.reading = other.clock.read(now);
    }
    else takeBatch(other, message.batch);
    onchange();
  }

  /** @param {string} sender @returns {Other | undefined} undefined if there are as many as can be shown */
  function meet(sender) {
    const other = others.get(sender) ?? newcomer(sender);
    // Who comes back may have missed anything.
    if (other?.isGone) Object.assign(other, { isGone: false, told: '', next: 0 });
    return other;
  }

  /** @param {string} sender @returns {Other | undefined} */
  function newcomer(sender) {
    const [gone] = [...others].find(([, { isGone }]) => isGone) ?? [];
    if (others.size >= MAX_SIDES && gone) others.delete(gone);
    if (others.size >= MAX_SIDES) return undefined;
    /** @type {Other} */
    const other = { clock: createClock(), reading: undefined, askedAt: -Infinity, told: '', next: 0, about: undefined, events: [], name: '', isGone: false, budget: 2 * MAX_FRAMES_PER_SECOND };
    others.set(sender, other);
    return other;
  }

  /** @param {Other} other @param {Batch} batch */
  function takeBatch(other, { events, ...about }) {
    // It begins anew when its code does, and when it can't know what we have.
    const isNew = other.about?.run !== about.run || about.from < other.about.to;
    if (isNew) other.name = '';
    other.name ||= announcedName(events);
    other.events = bounded([...(isNew ? [] : other.events), ...events], MAX_SIDE_EVENTS);
    other.about = about;
  }

  /** Sends what is due, as far as there is budget for it. */
  function pump() {
    const now = performance.now();
    for (const [name, other] of others) {
      if (other.isGone) continue;
      const isDue = now - other.askedAt >= (other.clock.count < FIRST_QUESTIONS ? SEND_INTERVAL : QUESTION_INTERVAL);
      if (isDue && send(name, { ask: now })) other.askedAt = now;
    }
    for (let isBusy = true; isBusy && budget >= 1;) {
      isBusy = false;
      for (const [name, other] of others) isBusy = sendBatch(name, other) || isBusy;
    }
  }

  /** @param {string} name @param {Other} other @returns {boolean} whether there was something to send */
  function sendBatch(name, other) {
    const { run, total, events, begun } = recording;
    if (other.isGone || !begun) return false;
    if (!other.told.startsWith(`${run} `)) other.next = 0;
    const from = other.next;
    const due = events.slice(events.findLastIndex(({ number }) => number < from) + 1);
    const batch = nextBatch(due);
    const to = due[batch.length]?.number ?? total;
    const told = `${run} ${begun.at.toFixed(1)}`;
    if (to === from && told === other.told) return false;
    if (!send(name, { batch: { run, from, to, begin: begun.at, uncertainty: begun.uncertainty, events: batch } })) return false;
    other.told = told;
    other.next = to;
    return true;
  }

  /** @param {string} target @param {object} message @returns {boolean} whether there was budget for it */
  function send(target, message) {
    refill();
    if (budget < 1 || !socket.isReady) return false;
    budget -= 1;
    socket.send(directed(target, encodeFrame(COMMAND, id, [message])));
    return true;
  }

  /** Whenever a budget is looked at: timers of a tab in the background are late. */
  function refill() {
    const now = performance.now();
    const added = ((now - refilledAt) / 1_000) * MAX_FRAMES_PER_SECOND;
    refilledAt = now;
    budget = Math.min(MAX_FRAMES_PER_SECOND, budget + added);
    for (const other of others.values()) other.budget = Math.min(2 * MAX_FRAMES_PER_SECOND, other.budget + 2 * added);
  }

  /** @param {string} sentence */
  function say(sentence) {
    problem = sentence;
    onchange();
  }

  /** @param {string} sentence */
  function allGone(sentence) {
    for (const other of others.values()) other.isGone = true;
    say(sentence);
  }

  return {
    /** What stands in the way, as a sentence; empty if nothing does. */
    get problem() {
      return problem;
    },
    /** Messages that made no sense, came too fast, or were of one side too many. */
    get ignored() {
      return ignored;
    },

    /** Those whose place in time is known. @returns {Side[]} */
    sides() {
      const { begun } = recording;
      return [...others].flatMap(([id, { reading, about, events, name, isGone }]) => {
        if (!reading || !about || !begun) return [];
        return { id, name, events, lost: about.to - events.length, isGone, shift: about.begin - reading.offset - begun.at, uncertainty: about.uncertainty + reading.uncertainty + begun.uncertainty };
      });
    },

    /** The demo is in this room now. @param {string} name */
    enter(name) {
      if (name === room) return;
      room = name;
      others.clear();
      timer ??= setInterval(pump, SEND_INTERVAL);
      if (socket.isReady) announce();
      else socket.open();
    },

    /** Says nothing more, and is in no room. What was heard stays. */
    leave() {
      room = '';
      clearInterval(timer);
      timer = undefined;
      socket.close();
    },
  };
}
