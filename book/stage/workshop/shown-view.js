// @ts-check
// The host's demo beside the reader's own: its text and console, read-only, as they are at the host's. The reader is told of it, and opens it by a tap; their
// own text and run stay as they are.
//
// May import: shown.js, ../dom.js, ../put-text.js.

import { button, el, keepArrowKeys } from '../dom.js';
import { put } from '../put-text.js';
import { isSameShown } from './shown.js';

/** @typedef {import('./shown.js').Shown} Shown */

/**
 * @param {object} hooks
 * @param {Pick<ReturnType<typeof import('./notices.js').createNotices>, 'show' | 'remove'>} hooks.notices
 * @param {(shown: Shown) => boolean} hooks.isHere whether it is told on this page
 * @param {(number: number | null) => void} hooks.watch the page looks at what has this number, or at nothing any more
 */
export function createShownDemo({ notices, isHere, watch }) {
  /** What the reader was told of last. @type {Shown | undefined} */
  let offered;
  /** What the reader does not want to look at: the server tells of it again after each new connection. @type {Shown | undefined} */
  let declined;
  /** @type {ReturnType<typeof createView> | undefined} */
  let view;
  /** What the view is of. @type {Shown | undefined} */
  let watched;

  /** @param {Shown} shown */
  function open(shown) {
    view?.element.remove();
    watched = shown;
    view = createView(shown.demo, close);
    placeOf(shown.demo)?.before(view.element);
    watch(shown.number);
    view.element.scrollIntoView({ block: 'nearest' });
    view.title.focus({ preventScroll: true });
  }

  function close() {
    const place = watched && placeOf(watched.demo);
    const hadKeyboard = view?.element.contains(document.activeElement);
    view?.element.remove();
    view = watched = undefined;
    watch(null);
    // It goes on where the view was.
    if (hadKeyboard) /** @type {HTMLElement | null | undefined} */ (place?.querySelector('button'))?.focus();
  }

  return {
    /** @param {Shown | undefined} shown */
    update(shown) {
      if (!isSameShown(shown, offered)) {
        offered = shown;
        notices.remove('shown');
        // After another connection has begun, the server does not know any more what this page looks at.
        if (shown && watched && isSameShown(shown, watched)) watch(shown.number);
        else if (shown && !isSameShown(shown, declined) && isHere(shown) && placeOf(shown.demo))
          notices.show('shown', `The host shows ${shown.demo}.`, [
            ['Look at it', () => open(shown)],
            ['Not now', () => (declined = shown)],
          ]);
      }
      if (!view || !watched) return;
      if (shown && isSameShown(shown, watched)) view.show(shown);
      else view.end();
    },
  };
}

/** What the view of a demo stands before: the demo, with its tabs if it has a twin. @param {string} name */
function placeOf(name) {
  const demo = document.getElementById(`demo-${name}`);
  const panel = demo?.closest('.tab-panel');
  // The tabs are before the panels.
  return /** @type {HTMLElement | null | undefined} */ (panel ? panel.previousElementSibling : demo);
}

/** @param {string} name of the demo @param {() => void} onclose */
function createView(name, onclose) {
  const title = el('p', { class: 'workshop-shown-title', tabindex: '-1' }, `The host’s ${name}`);
  const status = el('p', { role: 'status' }, 'Waiting for its text.');
  const code = el('code');
  const text = el('pre', { tabindex: '0', role: 'group', 'aria-label': `Text of the host’s ${name}` }, code);
  const list = el('ol');
  const log = el('div', { role: 'log', tabindex: '0', 'aria-label': `Console of the host’s ${name}` }, list);
  const element = el(
    'section',
    { class: 'workshop-shown', 'aria-label': `The host’s ${name}, read-only` },
    el('div', { class: 'workshop-answers workshop-head' }, title, button('Close', onclose)),
    status,
    text,
    log,
  );
  keepArrowKeys(element);
  /** Items by the number of their line. @type {Map<number, HTMLElement>} */
  const items = new Map();

  return {
    element,
    title,

    /** @param {Shown} shown */
    show({ text: shownText, lines }) {
      if (shownText === undefined) return;
      put(status, 'As it is at the host’s. Nothing of it runs here, and your own text stays as it is.');
      put(code, shownText);
      const numbers = new Set(lines.map(({ number }) => number));
      for (const [number, item] of items) {
        if (numbers.has(number)) continue;
        item.remove();
        items.delete(number);
      }
      const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
      for (const { number, level, text } of lines) {
        if (items.has(number)) continue;
        const word = { warn: 'Warning: ', error: 'Error: ' }[level] ?? '';
        const item = el('li', { 'data-level': level }, word, text);
        items.set(number, item);
        list.append(item);
      }
      if (isAtEnd) log.scrollTop = log.scrollHeight;
    },

    end: () => put(status, 'The host shows it no more. This is how it was.'),
  };
}
