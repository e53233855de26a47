// @ts-check
// What the bar of a demo offers for its text: Reset and Copy, and, while the text is not the book's, a mark beside the name that says so, and a button. That copies a
// link with the text; of a text that came by a link, the mark and the button say and do what code-link.js wants.
//
// May import: dom.js.

import { button, el } from './dom.js';

/**
 * @typedef {object} Mark
 * @property {string} word
 * @property {string} more what stands behind the word where there is room, and is always read out
 * @property {string} [action] the name of the button, if it is another one than usual
 * @property {() => void} [act]
 */

/**
 * @param {string} demo its name
 * @param {object} text of several files, that of the one that is shown
 * @param {() => void} text.reset
 * @param {() => void} text.copy
 * @param {() => void} text.copyLink
 */
export function createTextTools(demo, { reset, copy, copyLink }) {
  const tools = [
    { word: 'Reset', element: button('Reset', reset, { class: 'quiet' }) },
    { word: 'Copy', element: button('Copy', copy, { class: 'quiet' }) },
  ];
  const edited = { word: 'Edited', more: 'Reset brings back the text of the book', action: 'Copy link', act: copyLink };
  let { act } = edited;
  const word = el('span', { class: 'edited-word' });
  const more = el('span', { class: 'edited-more' });
  const go = button('', () => act(), { class: 'quiet' });
  const words = el('span', { class: 'edited-words' }, word, more);
  const head = el('span', { class: 'demo-head' }, el('span', { class: 'demo-name' }, demo));

  return {
    head,
    element: el('span', { class: 'demo-text' }, ...tools.map(({ element }) => element)),

    /** Of several files, what these do is done to this one. @param {string} file */
    lookAt(file) {
      for (const { word, element } of tools) element.setAttribute('aria-label', `${word} ${file}`);
    },

    /**
     * Shows the mark, or takes it away.
     * @param {boolean} isEdited the text is not the book's
     * @param {Mark} [own] in place of the usual one
     */
    mark(isEdited, own) {
      if (!isEdited) {
        words.remove();
        go.remove();
        return;
      }
      const shown = { ...edited, ...own };
      word.textContent = shown.word;
      more.textContent = `: ${shown.more}`;
      go.textContent = shown.action;
      act = shown.act;
      if (!words.parentElement) head.append(words, go);
    },
  };
}
