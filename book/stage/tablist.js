// @ts-check
// Tabs after the ARIA pattern (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/): arrow keys choose a tab, the Tab key moves into its panel.
//
// May import: dom.js.

import { el } from './dom.js';

/**
 * Creates a list of tabs.
 * @param {string} label
 * @param {string} className of the list
 * @param {{ title: string, panel: HTMLElement }[]} entries each panel has an id already
 * @param {(index: number) => void} onchoose what the reader has chosen; whether it is shown is up to the caller
 */
export function createTablist(label, className, entries, onchoose) {
  const element = el('div', { role: 'tablist', 'aria-label': label, class: className });
  const tabs = entries.map(({ title, panel }, index) => {
    const tab = el('button', { type: 'button', role: 'tab', id: `${panel.id}-tab`, 'aria-controls': panel.id }, title);
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', tab.id);
    tab.addEventListener('click', () => onchoose(index));
    return tab;
  });
  element.append(...tabs);

  element.addEventListener('keydown', (event) => {
    const there = tabs.filter(({ hidden }) => !hidden);
    const at = there.findIndex((tab) => tab === document.activeElement);
    const last = there.length - 1;
    /** @type {Record<string, number>} */
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last };
    // mdBook turns pages with the arrow keys.
    if (event.key.startsWith('Arrow')) event.stopPropagation();
    if (!(event.key in next) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const tab = there[next[event.key]];
    onchoose(tabs.indexOf(tab));
    tab.focus();
  });

  return {
    element,

    /** Shows a tab, or hides it. @param {number} index of one that is not chosen, if it is to be hidden @param {boolean} isThere */
    offer(index, isThere) {
      tabs[index].hidden = !isThere;
    },

    /** @param {number} chosen */
    show(chosen) {
      tabs.forEach((tab, index) => {
        const isChosen = index === chosen;
        tab.setAttribute('aria-selected', String(isChosen));
        tab.tabIndex = isChosen ? 0 : -1;
        entries[index].panel.hidden = !isChosen;
      });
    },
  };
}
