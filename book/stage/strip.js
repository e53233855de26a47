// @ts-check
// The newest line of a demo's console, for a reader who has pressed Run and has the console below the window: a button that leads there. It is
// shown while a run lasts and the console is out of sight; where code and console stand side by side, never (layout.css).
//
// May import: dom.js.

import { button, el } from './dom.js';

/** Characters of an entry that are shown: no window is wider. */
const MAX_TEXT = 300;
/** How much of the console has to be in the window before it counts as seen: a line of it. */
const SEEN = '0px 0px -32px 0px';

/**
 * @param {HTMLElement} consoleElement
 */
export function createStrip(consoleElement) {
  const log = /** @type {HTMLElement} */ (consoleElement.querySelector('[role=log]'));
  // A screen reader has heard it from the log.
  const line = el('span', { class: 'strip-line', 'aria-hidden': 'true' });
  const go = button('', lead, {});
  go.append(line, 'Console', el('span', { 'aria-hidden': 'true' }, '↓'));
  const element = el('div', { class: 'demo-strip', hidden: '' }, go);
  let isRunning = false;
  let isSeen = false;
  if (globalThis.IntersectionObserver)
    new IntersectionObserver(
      (entries) => {
        isSeen = entries.at(-1)?.isIntersecting === true;
        update();
      },
      { rootMargin: SEEN },
    ).observe(log);

  function update() {
    element.hidden = !isRunning || isSeen;
  }

  function lead() {
    consoleElement.scrollIntoView({ block: 'end' });
    log.focus({ preventScroll: true });
  }

  return {
    element,

    /** @param {import('./iframe.js').Entry | undefined} entry the newest; undefined if there is none */
    show(entry) {
      line.textContent = entry?.text.slice(0, MAX_TEXT) || 'Nothing is logged yet.';
      go.dataset.level = entry?.level ?? '';
    },

    start() {
      isRunning = true;
      update();
    },

    stop() {
      isRunning = false;
      update();
    },
  };
}
