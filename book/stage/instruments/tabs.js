// @ts-check
// Tabs as the ARIA Authoring Practices describe them: arrow keys choose, Tab goes into the panel.

import { el } from '../dom.js';

/** @typedef {{ title: string, element: HTMLElement, show?: () => void, hide?: () => void }} Panel */

let count = 0;

/** @param {string} label @param {Panel[]} panels */
export function createTabs(label, panels) {
  const prefix = `instruments-${(count += 1)}`;
  const list = el('div', { role: 'tablist', 'aria-label': label, class: 'panel-tabs' });
  const tabs = panels.map(({ title, element }, i) => {
    const tab = el('button', { type: 'button', role: 'tab', id: `${prefix}-tab-${i}`, 'aria-controls': `${prefix}-panel-${i}` }, title);
    for (const [name, value] of Object.entries({ role: 'tabpanel', id: `${prefix}-panel-${i}`, 'aria-labelledby': tab.id })) element.setAttribute(name, value);
    element.classList.add('panel');
    tab.addEventListener('click', () => choose(i));
    tab.addEventListener('keydown', (event) => {
      const next = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: panels.length - 1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      choose((next + panels.length) % panels.length);
      tabs[chosen].focus();
    });
    return tab;
  });
  list.append(...tabs);
  let chosen = 0;
  let isShown = false;

  /** @param {number} index */
  function choose(index) {
    if (isShown) panels[chosen].hide?.();
    chosen = index;
    tabs.forEach((tab, i) => {
      tab.setAttribute('aria-selected', String(i === index));
      tab.tabIndex = i === index ? 0 : -1;
      panels[i].element.hidden = i !== index;
    });
    if (isShown) panels[index].show?.();
  }
  choose(0);

  return {
    element: el('div', { class: 'panels' }, list, ...panels.map(({ element }) => element)),
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
