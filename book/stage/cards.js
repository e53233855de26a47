// @ts-check
// Cards: what a chapter suggests to try. A `<div class="card">` has a heading, perhaps a block of code in the language `diff`, and `<details>` that say
// what to expect. This script adds a button that applies the diff to the text of the demo before the card, or to the file of it that the block names
// (`diff,file=nat.js`), and takes it back, and a tick.
//
// May import: dom.js, kept.js, patch.js.

import { button, el } from './dom.js';
import { keep, kept } from './kept.js';
import { patched } from './patch.js';

/** @typedef {ReturnType<typeof import('./demo.js').createDemo>} Demo */
/**
 * A text that a diff is applied to: a demo's first file, or another one of it.
 * @typedef {Pick<Demo, 'name' | 'bookCode' | 'code' | 'put' | 'onedit'>} Text
 */

const KEY = 'creating-connections done';

/** @param {Demo[]} demos those of the page, in order */
export function createCards(demos) {
  const all = demos
    .filter(({ element }) => !element.closest('.exercise'))
    .map((demo) => ({ demo, texts: [demo, ...demo.parts].map(createEdits) }));
  for (const card of document.querySelectorAll('.card')) {
    const texts = all.filter(({ demo }) => isBefore(demo.element, card)).at(-1)?.texts;
    const file = fileOf(card);
    const edits = file ? texts?.find(({ text }) => text.name === file) : texts?.[0];
    const controls = [...(edits ? [editButton(card, edits)] : []), tick(card)];
    const heading = card.querySelector(':is(h3, h4)');
    const bar = el('div', { class: 'card-bar', role: 'group', 'aria-labelledby': heading?.id ?? '' }, ...controls);
    card.insertBefore(bar, card.querySelector('details'));
  }
}

/** @param {Element} one @param {Element} other */
const isBefore = (one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) > 0;

/** The file that the diff of a card names. @param {Element} card @returns {string} empty if it names none */
function fileOf(card) {
  const names = [...(card.querySelector('code.language-diff')?.classList ?? [])];
  return names.find((name) => name.startsWith('file='))?.slice('file='.length) ?? '';
}

/** The edits that the page suggests for one text. @param {Text} text */
export function createEdits(text) {
  /** What stood in the editor before an edit was applied. */
  let before = text.bookCode;
  /** @type {Set<string>} */
  const codes = new Set();
  return {
    text,

    /** @param {import('./patch.js').Change} change */
    add: ({ code }) => codes.add(code),

    /** @param {import('./patch.js').Change} change */
    apply(change) {
      if (!codes.has(text.code)) before = text.code;
      text.put(change.code, change);
    },

    takeBack: () => text.put(before),
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
  const change = diff ? patched(edits.text.bookCode, diff) : undefined;
  if (!change) return '';
  edits.add(change);
  const isApplied = () => edits.text.code === change.code;
  const element = button('', () => (isApplied() ? edits.takeBack() : edits.apply(change)), { class: 'primary' });
  const update = () => {
    element.textContent = isApplied() ? 'Take it back' : 'Apply this edit';
  };
  update();
  edits.text.onedit(update);
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
