// @ts-check
// What is shared with the host: which page, which demo and whether it runs, its last error, how it is connected, and which exercises are solved. Told
// when it has changed, and at most once a second. Pure but for the timer that it is given.
//
// May import: ../visible.js.

import { visibleLine } from '../visible.js';

/** Characters of each; the server refuses longer ones. */
const MAX = { page: 200, title: 100, demo: 100, error: 300, solved: 60 };
/** Exercises that are told, the newest. */
const MAX_SOLVED = 100;
/** Bytes of a message; the server takes 4,096. */
export const MAX_BYTES = 4_000;
/** The time between two messages, in ms. */
export const INTERVAL = 1_000;

/**
 * @typedef {object} Seen
 * @property {string} page its path in the book
 * @property {string} title
 * @property {string | undefined} demo that runs, or is in view
 * @property {boolean} running
 * @property {string | undefined} error the last one of the run, a sentence
 * @property {'direct' | 'relay' | undefined} way
 * @property {string[]} solved names of exercises
 */

/** The message of what is seen, within the server's bounds. @param {Seen} seen */
export function seenMessage({ page, title, demo, running, error, way, solved }) {
  const message = {
    type: 'seen',
    page: cut(page, MAX.page),
    title: cut(title, MAX.title),
    demo: demo ? cut(demo, MAX.demo) : null,
    running,
    error: error ? cut(error, MAX.error) : null,
    way: way ?? null,
    // A name that is cut would be another one's.
    solved: solved.filter((name) => name.length <= MAX.solved).slice(-MAX_SOLVED),
  };
  while (message.solved.length > 0 && bytesOf(message) > MAX_BYTES) message.solved.shift();
  return message;
}

/**
 * Tells what is seen.
 * @param {object} world
 * @param {(message: ReturnType<typeof seenMessage>) => void} world.send
 * @param {() => number} world.now in ms
 * @param {(act: () => void, after: number) => unknown} world.later
 */
export function createTeller({ send, now, later }) {
  /** What was told last, as JSON. */
  let told = '';
  let toldAt = -INTERVAL;
  /** @type {Seen | undefined} */
  let latest;
  let isDue = false;

  function tellNow() {
    isDue = false;
    if (!latest) return;
    const message = seenMessage(latest);
    latest = undefined;
    const text = JSON.stringify(message);
    if (text === told) return;
    told = text;
    toldAt = now();
    send(message);
  }

  return {
    /** @param {Seen} seen */
    tell(seen) {
      latest = seen;
      if (isDue) return;
      const wait = toldAt + INTERVAL - now();
      if (wait <= 0) return tellNow();
      isDue = true;
      later(tellNow, wait);
    },

    /** Nobody knows what was told: another connection has begun, or another tab has told something else. */
    forget() {
      told = '';
    },

    /** The reader shares nothing any more: what waits is not told. */
    stop() {
      told = '';
      latest = undefined;
    },
  };
}

/** @param {unknown} message */
export const bytesOf = (message) => new TextEncoder().encode(JSON.stringify(message)).length;

/** Cuts a line between characters: half of one is no JSON that the server reads. @param {string} text @param {number} most */
export const cut = (text, most) =>
  visibleLine(
    text
      .slice(0, 2 * most)
      .toWellFormed()
      .trim(),
  )
    .slice(0, most)
    .toWellFormed();
