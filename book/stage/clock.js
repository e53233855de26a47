// @ts-check
// Estimates the offset of another clock from this page's, as NTP does (RFC 5905, section 8): the other clock was read halfway between question and
// answer, and the sample with the shortest round trip has the smallest error. Pure.
//
// May import: nothing.

/** Samples that are kept. */
const MAX_SAMPLES = 30;
/** The resolution of browsers' clocks, in ms: 1 in Firefox, 0.1 in Chromium. */
const RESOLUTION = 'mozInnerScreenX' in globalThis ? 1 : 0.1;
/** The assumed drift between two clocks, in ms per ms: about five times that of quartz. */
const DRIFT = 1e-4;

/** @typedef {{ offset: number, uncertainty: number }} Reading the other clock is so many ms ahead, give or take the second number */

/** Estimates another clock, from questions that it has answered. */
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
