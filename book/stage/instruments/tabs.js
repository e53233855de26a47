// @ts-check
// The panels of the instruments behind tabs. A panel that is out of sight need not draw.

import { el } from '../dom.js';
import { createTablist } from '../tablist.js';

/** @typedef {{ title: string, element: HTMLElement, show?: () => void, hide?: () => void }} Panel */

let count = 0;

/** @param {string} label @param {Panel[]} panels */
export function createTabs(label, panels) {
  const prefix = `instruments-${(count += 1)}`;
  const entries = panels.map(({ title, element }, index) => {
    element.id = `${prefix}-panel-${index}`;
    element.classList.add('panel');
    return { title, panel: element };
  });
  const list = createTablist(label, 'panel-tabs', entries, choose);
  let chosen = 0;
  let isShown = false;

  /** @param {number} index */
  function choose(index) {
    if (isShown) panels[chosen].hide?.();
    chosen = index;
    list.show(index);
    if (isShown) panels[index].show?.();
  }
  choose(0);

  return {
    element: el('div', { class: 'panels' }, list.element, ...panels.map(({ element }) => element)),
    show() {
      isShown = true;
      panels[chosen].show?.();
    },
    hide() {
      if (isShown) panels[chosen].hide?.();
      isShown = false;
    },
    get chosen() {
      return panels[chosen];
    },
  };
}
