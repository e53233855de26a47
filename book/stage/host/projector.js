// @ts-check
// What may be on the projector: how many there are of each, and the timer, in large type. No name, no error and no code is in it. A modal dialog, so that nothing
// behind it is reached.
//
// May import: ../dom.js, ../put-text.js.

import { button, el } from '../dom.js';
import { put } from '../put-text.js';

/** @param {() => void} onclose */
export function createProjector(onclose) {
  const figures = el('ul', { class: 'projector-figures', role: 'list' });
  const label = el('span', { class: 'projector-label' });
  const clock = el('span', { class: 'projector-clock', role: 'timer' });
  const timer = el('p', { class: 'projector-timer' }, label, ' ', clock);
  const close = button('Back to the list (P)', () => dialog.close());
  const dialog = el('dialog', { class: 'host-projector', 'aria-label': 'The room in numbers' }, timer, figures, close);
  timer.hidden = true;
  dialog.addEventListener('close', onclose);
  dialog.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (isProjectorKey(event)) dialog.close();
  });
  return {
    element: dialog,

    get isOpen() {
      return dialog.open;
    },

    open: () => dialog.showModal(),
    close: () => dialog.close(),

    /** @param {[number: number, words: string][]} shown */
    show(shown) {
      while (figures.children.length < shown.length)
        figures.append(el('li', {}, el('span', { class: 'projector-number' }), ' ', el('span')));
      while (figures.children.length > shown.length) figures.lastElementChild?.remove();
      shown.forEach(([number, words], at) => {
        const [count, what] = figures.children[at].children;
        put(count, String(number));
        put(what, words);
      });
    },

    /** @param {{ label: string, clock: string } | undefined} shown */
    showTimer(shown) {
      timer.hidden = !shown;
      put(label, shown?.label ?? '');
      put(clock, shown?.clock ?? '');
    },
  };
}

/** Whether a key opens and closes it. @param {KeyboardEvent} event */
export const isProjectorKey = ({ key, altKey, ctrlKey, metaKey, repeat }) =>
  key.toLowerCase() === 'p' && !altKey && !ctrlKey && !metaKey && !repeat;
