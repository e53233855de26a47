// @ts-check
// Shares the events of a demo with the other pages in its room. Uses its own socket to the signaling server, in a room beside the demo's,
// so that demos don't notice. Sends recorded events, measures the offsets of clocks, and receives the events of others.
//
// May import: budget.js, exchange.js, sides.js, ../../events.js, ../../proof.js, ../../root.js, ../../visible.js.

import { bounded } from '../../events.js';
import { refusal } from '../../proof.js';
import { endpoint } from '../../root.js';
import { visibleLine } from '../../visible.js';
import { createBudget } from './budget.js';
import { createSides } from './sides.js';
import { announcedName, COMMAND, MAX_SIDE_EVENTS, messageOf, nextBatch } from './exchange.js';

/** Precedes the name of the demo's room. */
const ROOM_PREFIX = 'instruments:';
/** The time between two rounds of sending, in ms … */
const SEND_INTERVAL = 100;
/**
 * … and the messages per second, and at once: together 20 a second, a tenth of what the server allows. Questions, answers and events have
 * separate budgets, so that a page which asks much does not keep events from the others.
 */
const QUESTIONS = { perSecond: 3, most: 5 };
const ANSWERS = { perSecond: 3, most: 5 };
const BATCHES = { perSecond: 14, most: 8 };
/** Messages a second that are read from all members together that have no place. */
const STRANGERS = { perSecond: 20, most: 40 };
/** The first questions for the time are sent in each round, later ones with this pause, in ms. */
const FIRST_QUESTIONS = 8;
const QUESTION_INTERVAL = 2_000;
/** How long the server may take to answer at each path, in ms. */
const TIMEOUT = 5_000;

/** @typedef {import('../../recording.js').Recording} Recording */
/** @typedef {import('./exchange.js').Side} Side */
/** @typedef {import('./exchange.js').Batch} Batch */
/**
 * @typedef {typeof import('../../../../code/quickconnect/js/signaling.js') & typeof import('../../../../code/quickconnect/js/protocol.js')} Signaling
 */

/** @typedef {import('./sides.js').Other} Other */
/** @typedef {import('./budget.js').Budget} Budget */

/**
 * Creates a session. It joins a room, and so begins to share, with `enter`.
 * @param {Recording} recording
 * @param {Signaling} signaling
 * @param {() => void} onchange
 */
export function createSession(recording, { createSignaling, encodeMessage, directed }, onchange) {
  const id = `i${Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  const others = createSides();
  const [questions, answers, batches, strangers] = [QUESTIONS, ANSWERS, BATCHES, STRANGERS].map(({ perSecond, most }) =>
    createBudget(perSecond, most),
  );
  const socket = createSignaling(
    endpoint(''),
    { endpoints: ['/', '/primus'], timeout: TIMEOUT, reconnect: true },
    {
      onready: announce,
      onmessage: hear,
      onaway: () => allGone('The signaling server is away.'),
      onerror: explain,
      log() {},
    },
  );
  let room = '';
  let problem = '';
  let ignored = 0;
  /** Whether `ignored` has changed since it was shown. */
  let isUntold = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;

  /** Asks the server why, since it may refuse this page. @param {Error} error */
  async function explain(error) {
    say(`The events are not shared: ${error.message}`);
    const words = await refusal();
    if (words && !socket.isReady) say(`The events are not shared: ${words}`);
  }

  function announce() {
    problem = '';
    if (room) socket.send(encodeMessage('announce', id, [{ id, room: ROOM_PREFIX + room }]));
  }

  /**
   * The server lets nobody speak under another's id, and has none of its own.
   * @param {import('../../../../code/quickconnect/js/protocol.js').Message} message
   */
  function hear({ command, sender, args, target }) {
    if (command === 'error' && !sender)
      say(`The events are not shared: ${String(args[0]?.message ?? 'the server refuses').slice(0, 200)}`);
    if (!sender || sender === id) return;
    const other = others.get(sender);
    if (command === 'announce') {
      // It is asked for the time at once, if the budget allows, and thereby learns of this page.
      if (others.meet(sender, false)) pump();
    } else if (command === 'leave' && other) {
      other.isGone = true;
      onchange();
    } else if (command === COMMAND && target === id) take(sender, args[0]);
  }

  /** @param {string} sender @param {unknown} data */
  function take(sender, data) {
    // Messages over the budget are not even parsed.
    const isTaken = (others.get(sender)?.messages ?? strangers).take();
    const message = isTaken ? messageOf(data) : undefined;
    const other = message && others.meet(sender, !('ask' in message));
    if (!other) {
      ignored += 1;
      isUntold = true;
      return;
    }
    const now = performance.now();
    if ('ask' in message) {
      if (answers.isThere && other.answers.take()) send(sender, { answer: message.ask, now }, answers);
    } else if ('answer' in message) {
      other.clock.take(message.answer, message.now, now);
      other.reading = other.clock.read(now);
    } else takeBatch(other, message.batch);
    onchange();
  }

  /** @param {Other} other @param {Batch} batch */
  function takeBatch(other, { events, ...about }) {
    // Another run has begun, or the sender does not know what we have and starts from the beginning.
    const isNew = other.about?.run !== about.run || about.from < other.about.to;
    if (isNew) other.name = '';
    other.name ||= announcedName(events);
    other.events = bounded([...(isNew ? [] : other.events), ...events], MAX_SIDE_EVENTS);
    other.about = about;
  }

  /** Sends what is due, as far as the budgets allow, and shows what was ignored. */
  function pump() {
    const now = performance.now();
    // The page that was asked least recently is asked first.
    for (const [name, other] of [...others.all()].sort(([, a], [, b]) => a.askedAt - b.askedAt)) {
      if (other.isGone) continue;
      const isDue = now - other.askedAt >= (other.clock.count < FIRST_QUESTIONS ? SEND_INTERVAL : QUESTION_INTERVAL);
      if (isDue && send(name, { ask: now }, questions)) other.askedAt = now;
    }
    for (let isBusy = true; isBusy && batches.isThere; ) {
      isBusy = false;
      for (const [name, other] of others.all()) isBusy = sendBatch(name, other) || isBusy;
    }
    if (!isUntold) return;
    isUntold = false;
    onchange();
  }

  /** @param {string} name @param {Other} other @returns {boolean} whether there was something to send */
  function sendBatch(name, other) {
    const { run, total, events, begun } = recording;
    if (other.isGone || !begun || !batches.isThere) return false;
    if (!other.told.startsWith(`${run} `)) other.next = 0;
    const from = other.next;
    const due = events.slice(events.findLastIndex(({ number }) => number < from) + 1);
    const batch = nextBatch(due);
    const to = due[batch.length]?.number ?? total;
    const told = `${run} ${begun.at.toFixed(1)}`;
    if (to === from && told === other.told) return false;
    if (
      !send(name, { batch: { run, from, to, begin: begun.at, uncertainty: begun.uncertainty, events: batch } }, batches)
    )
      return false;
    other.told = told;
    other.next = to;
    return true;
  }

  /** @param {string} target @param {object} message @param {Budget} budget @returns {boolean} whether there was budget for it */
  function send(target, message, budget) {
    if (!socket.isReady || !budget.take()) return false;
    socket.send(directed(target, encodeMessage(COMMAND, id, [message])));
    return true;
  }

  /** @param {string} sentence */
  function say(sentence) {
    problem = visibleLine(sentence);
    onchange();
  }

  /** @param {string} sentence */
  function allGone(sentence) {
    for (const [, other] of others.all()) other.isGone = true;
    say(sentence);
  }

  return {
    /** Why nothing is shared, as a sentence; empty if there is no problem. */
    get problem() {
      return problem;
    },
    /** Messages that were ignored: malformed, over the budget, or from a member without a place. */
    get ignored() {
      return ignored;
    },

    /** The sides whose clock is known. @returns {Side[]} */
    sides() {
      const { begun } = recording;
      return [...others.all()].flatMap(([id, { reading, about, events, name, isGone }]) => {
        if (!reading || !about || !begun) return [];
        return {
          id,
          name,
          events,
          lost: about.to - events.length,
          isGone,
          shift: about.begin - reading.offset - begun.at,
          uncertainty: about.uncertainty + reading.uncertainty + begun.uncertainty,
        };
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

    /** Stops sharing and leaves the room. Events that were received are kept. */
    leave() {
      room = '';
      clearInterval(timer);
      timer = undefined;
      socket.close();
    },
  };
}
