// @ts-check
// How far another clock is from this page's, told from questions and answers, as NTP does it (RFC 5905, section 8): halfway between question and
// answer is when the other one read its clock, and the quickest answer leaves the least room for error. Pure.

/** Questions that are remembered. */
const MAX_SAMPLES = 30;
/** Browsers round their clocks, in ms: Firefox to 1, Chromium to 0.1. */
const RESOLUTION = 'mozInnerScreenX' in globalThis ? 1 : 0.1;
/** Two clocks may drift apart by as much, in ms for each ms: quartz is some five times better. */
const DRIFT = 1e-4;

/** @typedef {{ offset: number, uncertainty: number }} Reading the other clock is so many ms ahead, give or take the second number */

export function createClock() {
  /** @type {{ at: number, offset: number, error: number }[]} */
  let samples = [];

  return {
    /** How many answers there were, up to a bound. */
    get count() {
      return samples.length;
    },

    /**
     * @param {number} asked when, by this clock, in ms
     * @param {number} theirs what the other clock said
     * @param {number} answered when that was here
     */
    take(asked, theirs, answered) {
      if (!(asked <= answered) || !Number.isFinite(theirs)) return;
      const sample = {
        at: answered,
        offset: theirs - (asked + answered) / 2,
        error: (answered - asked) / 2 + RESOLUTION,
      };
      samples = [...samples.slice(1 - MAX_SAMPLES), sample];
    },

    /** @param {number} now by this clock @returns {Reading | undefined} undefined before the first answer */
    read(now) {
      const errorOf = (/** @type {typeof samples[0]} */ { error, at }) => error + (now - at) * DRIFT;
      const [best] = [...samples].sort((a, b) => errorOf(a) - errorOf(b));
      return best && { offset: best.offset, uncertainty: errorOf(best) };
    },
  };
}
