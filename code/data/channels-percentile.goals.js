// @ts-check
// What the exercise “Keep up at 10 % loss” asks for. Pure.
//
// May import: nothing.

/** @typedef {import('../goals.js').Run} Run */

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 18;

/** A repeat takes three ways at least, 300 ms on this line, and the time until the loss is noticed. */
const MOST_MS = 300;
/** Positions in a row that are looked at: about 5 s. On a busy machine some of these may be late for other reasons than the line. */
const IN_A_ROW = 150;
/** Of these, how many have to arrive at least. The line loses a tenth. */
const LEAST = 0.75 * IN_A_ROW;

/** What the exercise breaks, as Break it has it. Nothing is lost while the two connect. @type {import('../goals.js').Broken[]} */
export const faults = [
  {
    id: 'bad-line',
    line: { both: { delay: 100 }, timeline: 'loss 10 % at 1.5 s' },
  },
];

/**
 * How long messages took, in ms, in the order in which they were sent; Infinity if they have not arrived. Those of the last second are left
 * out, since they may be under way.
 * @param {Run} run
 */
function delays({ events, elapsed }) {
  /** @type {{ at: number, took: number }[]} */
  const all = [];
  /** Sent and not arrived, by text. @type {Map<string, { at: number, took: number }[]>} */
  const underWay = new Map();
  for (const { type, on, side, text, at } of events) {
    if (type !== 'message' || !on.startsWith('ch')) continue;
    if (side === 'out') {
      const message = { at, took: Infinity };
      all.push(message);
      underWay.set(text, [...(underWay.get(text) ?? []), message]);
    } else {
      const message = underWay.get(text)?.shift();
      if (message) message.took = at - message.at;
    }
  }
  return all.filter(({ at }) => at < elapsed - 1_000).map(({ took }) => took);
}

/** Whether something is true of any so many messages in a row. @param {Run} run @param {(arrived: number[]) => boolean} isGood */
function isOnce(run, isGood) {
  const all = delays(run);
  for (let first = 0; first + IN_A_ROW <= all.length; first += 10) {
    if (isGood(all.slice(first, first + IN_A_ROW).filter(Number.isFinite)))
      return true;
  }
  return false;
}

/** @param {number[]} arrived */
function isInTime(arrived) {
  const sorted = arrived.toSorted((one, other) => one - other);
  return sorted[Math.floor(0.99 * sorted.length)] <= MOST_MS;
}

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: `Of ${IN_A_ROW} positions in a row, at least three quarters arrive.`,
    missed:
      'Positions have to be sent as text, each with its own, about 30 a second.',
    met: (run) => isOnce(run, (arrived) => arrived.length >= LEAST),
  },
  {
    says: `Of those that arrive, 99 of 100 take at most ${MOST_MS} ms.`,
    missed:
      'What waits for a repeat is late, and so is what waits behind it. Does this channel have to repeat, or to wait?',
    met: (run) =>
      isOnce(run, (arrived) => arrived.length >= LEAST && isInTime(arrived)),
  },
];
