// @ts-check
// Which of several connections a panel shows, or of several labs. A few are shown together, of many one at a time, or the panel would fill several screens.
//
// May import: ../../dom.js, ../../visible.js.

import { el } from '../../dom.js';
import { visibleLine } from '../../visible.js';

/** Connections that are shown together until the reader chooses. */
const MAX_TOGETHER = 3;

/** Creates the choice. @param {() => void} onchange another one is chosen @param {string} [all] what all of them are called */
export function createConnectionChoice(onchange, all = 'all connections') {
  const select = el('select');
  const element = el('div', { class: 'instruments-bar' }, el('label', {}, 'Of ', select));
  element.hidden = true;
  /** What the select offers. */
  let offered = '';
  let isReaders = false;
  select.addEventListener('change', () => {
    isReaders = true;
    onchange();
  });

  return {
    element,

    /** Offers these connections. @param {{ id: string, title: string }[]} connections in the order in which they were made */
    offer(connections) {
      element.hidden = connections.length < 2;
      const words = JSON.stringify(connections.map(({ id, title }) => [id, title]));
      if (words === offered) return;
      offered = words;
      const chosen = select.value;
      select.replaceChildren(
        el('option', { value: '' }, all),
        ...connections.map(({ id, title }) => el('option', { value: id }, visibleLine(title))),
      );
      isReaders = isReaders && (chosen === '' || connections.some(({ id }) => id === chosen));
      const usual = connections.length > MAX_TOGETHER ? connections[0].id : '';
      select.value = isReaders ? chosen : usual;
    },

    /** @param {string} id of a connection that was offered */
    isShown: (id) => select.value === '' || select.value === id,
  };
}
