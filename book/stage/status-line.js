// @ts-check
// The status line of a demo: what it is doing, in a sentence that begins with the state, and a remark behind that.
//
// May import: dom.js.

import { el } from './dom.js';

export function createStatusLine() {
  const word = el('strong', { class: 'demo-word' });
  const activity = el('span');
  const remark = el('span');
  const element = el('p', { role: 'status', class: 'demo-status', tabindex: '-1' }, word, activity, ' ', remark);

  return {
    element,

    /** Whether it says this. @param {string} sentence */
    says: (sentence) => element.textContent?.includes(sentence) === true,

    /** Says what the demo is doing. @param {string} sentence it begins with the state, in a word */
    say(sentence) {
      const [first, ...others] = sentence.split(/(?<=[.:]) /);
      word.textContent = first;
      activity.textContent = others.length > 0 ? ` ${others.join(' ')}` : '';
    },

    /**
     * Adds a remark, which stands until the next one.
     * @param {string} sentence
     * @param {boolean} [isQuiet] screen readers are told elsewhere: it is in each demo of the page
     */
    note(sentence, isQuiet = false) {
      // Writing the same text again would make a screen reader repeat it.
      if (remark.textContent === sentence) return;
      if (isQuiet) remark.setAttribute('aria-live', 'off');
      else remark.removeAttribute('aria-live');
      remark.textContent = sentence;
    },
  };
}
