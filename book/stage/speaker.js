// @ts-check
// Says sentences to screen readers alone, politely: what is seen stands elsewhere in the page, perhaps in several places, or changes more often than
// somebody wants to hear it.
//
// May import: dom.js.

import { el } from './dom.js';

/** How long a sentence stays, in ms: until it was noticed. It must not be met a second time by whoever reads on. */
const STAYS = 3_000;

/** A place for the page, and what says a sentence there. */
export function createSpeaker() {
  const element = el('p', { class: 'unseen', role: 'status' });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return {
    element,
    /** @param {string} sentence */
    say(sentence) {
      clearTimeout(timer);
      element.textContent = sentence;
      timer = setTimeout(() => element.replaceChildren(), STAYS);
    },
  };
}

/**
 * Decides when a sentence that changes often is said: only if it is another one than was said last, and not before some time has passed since then.
 * Pure.
 * @param {number} period that time, in ms
 */
export function createPace(period) {
  let said = '';
  let saidAt = Number.NEGATIVE_INFINITY;
  return {
    /** Whether to say it now. Has to be asked again later if not. @param {string} sentence @param {number} now in ms */
    isDue(sentence, now) {
      if (sentence === said || now - saidAt < period) return false;
      [said, saidAt] = [sentence, now];
      return true;
    },
  };
}
