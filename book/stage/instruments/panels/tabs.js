// @ts-check
// The tabs of the instruments, one for each panel.
//
// May import: panel.js, ../../dom.js, ../../tablist.js.

import { el } from '../../dom.js';
import { createTablist } from '../../tablist.js';
import { introduced } from './panel.js';

/** @typedef {import('./panel.js').Panel} Panel */

let count = 0;

/**
 * Creates the tabs.
 * @param {string} label
 * @param {Panel[]} panels
 * @param {() => void} onchoose another one is chosen
 */
export function createTabs(label, panels, onchoose) {
  const prefix = `instruments-${(count += 1)}`;
  const entries = panels.map((panel, index) => {
    const element = introduced(panel);
    element.id = `${prefix}-panel-${index}`;
    element.classList.add('panel');
    return { title: panel.title, panel: element };
  });
  const list = createTablist(label, 'panel-tabs', entries, (index) => {
    choose(index);
    onchoose();
  });
  let chosen = 0;

  /** @param {number} index */
  function choose(index) {
    chosen = index;
    list.show(index);
  }
  choose(0);

  return {
    /**
     * Offers a panel, or takes it away unless it is the chosen one.
     * @param {Panel} panel @param {boolean} isThere
     */
    offer(panel, isThere) {
      const index = panels.indexOf(panel);
      list.offer(index, isThere || index === chosen);
    },
    element: el('div', { class: 'panels' }, list.element, ...entries.map(({ panel }) => panel)),
    get chosen() {
      return panels[chosen];
    },
  };
}
