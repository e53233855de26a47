// @ts-check
// How good a connection is, again and again, until it is closed or nobody wants to know any more.
//
// May import: figures.js, levels.js.

import { figuresOf } from './figures.js';
import { createLevels } from './levels.js';

/** How often figures are made if nobody says, and bounds of that, in ms. */
export const USUAL_PERIOD = 1_000;
const SHORTEST = 100;
const LONGEST = 60_000;
/** How often levels are read meanwhile, and how soon it is noticed that the connection was closed, in ms: `close()` raises no event. */
const GLANCE = 100;

/** @param {number} every in ms @throws {RangeError} */
export function checkPeriod(every) {
  if (!(every >= SHORTEST && every <= LONGEST))
    throw new RangeError(`every is ${every}, which is out of range: it may be ${SHORTEST} to ${LONGEST} ms`);
}

/** @type {typeof import('./index.js').watchQuality} */
export function watchQuality(pc, { every = USUAL_PERIOD, signal } = {}) {
  // Not in the generator, which would throw it only when it is first asked.
  checkPeriod(every);
  return watch(pc, every, signal);
}

/** @param {RTCPeerConnection} pc @param {number} every @param {AbortSignal} [signal] */
async function* watch(pc, every, signal) {
  const isOver = () => signal?.aborted || pc.signalingState === 'closed';
  const levels = createLevels(pc);
  let before = await read(pc, isOver);
  while (before) {
    const end = performance.now() + every;
    for (let left = every; left > 0; left = end - performance.now()) {
      await sleep(Math.min(left, GLANCE), signal);
      if (isOver()) return;
      levels.glance();
    }
    const now = await read(pc, isOver);
    if (!now) return;
    yield figuresOf(before, now, levels.take());
    before = now;
  }
}

/** @param {RTCPeerConnection} pc @param {() => unknown} isOver */
async function read(pc, isOver) {
  if (isOver()) return undefined;
  try {
    const report = await pc.getStats();
    return isOver() ? undefined : report;
  } catch (error) {
    if (isOver()) return undefined;
    throw error;
  }
}

/** @param {number} ms @param {AbortSignal} [signal] ends it early @returns {Promise<void>} */
function sleep(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(wake, ms);
    signal?.addEventListener('abort', wake);
    function wake() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    }
  });
}
