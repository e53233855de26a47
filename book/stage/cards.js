// @ts-check
// Cards: what a chapter suggests to try. A `<div class="card">` has a heading, perhaps a block of code in the language `diff`, and `<details>` that say
// what to expect. This script adds a button that applies the diff to the text of the demo before the card, and takes it back, and a tick.
//
// May import: dom.js, kept.js, patch.js.

import { button, el } from './dom.js';
import { keep, kept } from './kept.js';
import { patched } from './patch.js';

/** @typedef {ReturnType<typeof import('./demo.js').createDemo>} Demo */

const KEY = 'creating-connections done';

/** @param {Demo[]} demos those of the page, in order */
export function createCards(demos) {
  const all = demos.filter(({ element }) => !element.closest('.exercise')).map(createEdits);
  for (const card of document.querySelectorAll('.card')) {
    const edits = all.filter(({ demo }) => isBefore(demo.element, card)).at(-1);
    const controls = [...(edits ? [editButton(card, edits)] : []), tick(card)];
    const heading = card.querySelector(':is(h3, h4)');
    const bar = el('div', { class: 'card-bar', role: 'group', 'aria-labelledby': heading?.id ?? '' }, ...controls);
    card.insertBefore(bar, card.querySelector('details'));
  }
}

/** @param {Element} one @param {Element} other */
const isBefore = (one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) > 0;

/** The edits that the page suggests for one demo. @param {Demo} demo */
export function createEdits(demo) {
  /** The text that stood in the editor before an edit was applied. */
  let before = demo.bookCode;
  /** @type {Set<string>} */
  const codes = new Set();
  return {
    demo,

    /** @param {import('./patch.js').Change} change */
    add: ({ code }) => codes.add(code),

    /** @param {import('./patch.js').Change} change */
    apply(change) {
      if (!codes.has(demo.code)) before = demo.code;
      demo.put(change.code, change);
    },

    takeBack: () => demo.put(before),
  };
}

/**
 * A button that applies a diff, and takes it back.
 * @param {Element} card what the diff is in
 * @param {ReturnType<typeof createEdits>} edits
 * @returns {HTMLElement | string} nothing if there is no diff
 */
export function editButton(card, edits) {
  const diff = card.querySelector('code.language-diff')?.textContent;
  const change = diff ? patched(edits.demo.bookCode, diff) : undefined;
  if (!change) return '';
  edits.add(change);
  const isApplied = () => edits.demo.code === change.code;
  const element = button('', () => (isApplied() ? edits.takeBack() : edits.apply(change)), { class: 'primary' });
  const update = () => {
    element.textContent = isApplied() ? 'Take it back' : 'Apply this edit';
  };
  update();
  edits.demo.onedit(update);
  return element;
}

/** @param {Element} card */
function tick(card) {
  const name = `${location.pathname.replace(/index\.html$/, '')}#${card.querySelector('[id]')?.id}`;
  const box = el('input', { type: 'checkbox' });
  box.checked = kept(KEY).includes(name);
  box.addEventListener('change', () => keep(KEY, name, box.checked));
  return el('label', { class: 'card-tick' }, box, 'Done');
}
