// @ts-check
// What the reader is told, or asked, while the panel may be closed: what the host says, where they ask to come, a link into a pair, what was refused.
// Nothing takes the keyboard, and nothing moves the page. What the panel says too goes by itself (WCAG 2.2.1); all else stays until it is answered.
//
// May import: fade.js, ../dom.js.

import { button, el } from '../dom.js';
import { fade } from './fade.js';

/** What a notice is about. @typedef {'link' | 'bring' | 'shown' | 'said' | 'refused' | 'timer' | 'pair' | 'moved' | 'brought' | 'lost'} About */

/** What the panel says too. @type {About[]} */
const IN_PANEL = ['pair'];

/** The notices, as a place for the page. */
export function createNotices() {
  const element = el('div', { class: 'workshop-notices', role: 'status', 'aria-atomic': 'false', tabindex: '-1' });
  /** One of each kind: a later one takes the place of an earlier one. @type {Map<About, HTMLElement>} */
  const shown = new Map();

  /** @param {About} about */
  function remove(about) {
    const notice = shown.get(about);
    const hadKeyboard = notice?.contains(document.activeElement);
    notice?.remove();
    shown.delete(about);
    // It goes on in its place, before the other notices and the panel.
    if (hadKeyboard) element.focus({ preventScroll: true });
  }

  /** @param {About} about @param {HTMLElement} notice */
  function whileSeen(about, notice) {
    return {
      isThere: () => notice.isConnected,
      isHeld: () => document.hidden || notice.matches(':hover') || notice.contains(document.activeElement),
      takeAway: () => remove(about),
    };
  }

  return {
    element,
    remove,

    /**
     * @param {About} about
     * @param {string} sentence
     * @param {[word: string, act: () => void, href?: string][]} [answers] what the reader can press; each takes the notice away. One with an
     *   address is a link
     */
    show(about, sentence, answers = [['Close', () => {}]]) {
      remove(about);
      const buttons = answers.map(([word, act, href], i) => {
        /** @type {Record<string, string>} */
        const attributes = i === 0 && answers.length > 1 ? { class: 'primary' } : {};
        const done = () => {
          remove(about);
          act();
        };
        if (!href) return button(word, done, attributes);
        const link = el('a', { href, ...attributes }, word);
        link.addEventListener('click', (event) => {
          // One that is opened in another tab leads where it says.
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          done();
        });
        return link;
      });
      const notice = el(
        'div',
        { class: 'workshop-notice' },
        el('p', {}, sentence),
        el('div', { class: 'workshop-answers' }, ...buttons),
      );
      shown.set(about, notice);
      element.append(notice);
      if (IN_PANEL.includes(about)) fade(whileSeen(about, notice), setTimeout);
    },
  };
}
