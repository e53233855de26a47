// @ts-check
// What the reader is told, or asked, while the panel may be closed: what the host says, where they ask to come, a link into a pair, what was refused.
// Nothing takes the keyboard, and nothing moves the page.
//
// May import: ../dom.js.

import { button, el } from '../dom.js';

/** What a notice is about. @typedef {'link' | 'bring' | 'said' | 'refused' | 'timer' | 'pair'} About */

/** The notices, as a place for the page. */
export function createNotices() {
  const element = el('div', { class: 'workshop-notices', role: 'status', 'aria-atomic': 'false' });
  /** One of each kind: a later one takes the place of an earlier one. @type {Map<About, HTMLElement>} */
  const shown = new Map();

  /** @param {About} about */
  function remove(about) {
    shown.get(about)?.remove();
    shown.delete(about);
  }

  return {
    element,
    remove,

    /**
     * @param {About} about
     * @param {string} sentence
     * @param {[word: string, act: () => void][]} [answers] what the reader can press; each takes the notice away
     */
    show(about, sentence, answers = [['Close', () => {}]]) {
      remove(about);
      const buttons = answers.map(([word, act], i) =>
        button(
          word,
          () => {
            remove(about);
            act();
          },
          i === 0 && answers.length > 1 ? { class: 'primary' } : {},
        ),
      );
      const notice = el(
        'div',
        { class: 'workshop-notice' },
        el('p', {}, sentence),
        el('div', { class: 'workshop-answers' }, ...buttons),
      );
      shown.set(about, notice);
      element.append(notice);
    },
  };
}
