// @ts-check
// The SDP panel: a description as it is, line by line, with what each means, beside another one if the reader wants.

import { el } from '../dom.js';
import { compare, explain, sectionsOf } from './sdp-lines.js';

/** @typedef {import('./model.js').Model} Model */
/** @typedef {{ title: string, sdp: string, of: string, type: string, side: string }} Item */

/** @type {Record<string, string>} */
const SIGNS = { same: '= same', other: '≠', only: '+ only here' };

export function createSdp() {
  const choice = el('select');
  const against = el('select');
  const body = el('div');
  const empty = el('p', { class: 'note' }, 'No description has been made yet: press Run.');
  const bar = el('div', { class: 'instruments-bar' }, el('label', {}, 'Description ', choice), el('label', {}, 'compared with ', against));
  const element = el('div', {}, empty, bar, body);
  /** @type {Item[]} */
  let items = [];
  let drawn = '';
  choice.addEventListener('change', () => {
    against.value = String(counterpart(Number(choice.value)));
    draw();
  });
  against.addEventListener('change', draw);

  /** @param {Model} model */
  function show(model) {
    const fresh = itemsOf(model);
    empty.hidden = fresh.length > 0;
    bar.hidden = fresh.length === 0;
    if (fresh.length !== items.length || fresh.some(({ sdp, title }, i) => sdp !== items[i].sdp || title !== items[i].title)) {
      items = fresh;
      const options = () => items.map(({ title }, i) => el('option', { value: String(i) }, title));
      const before = Number(choice.value) || 0;
      choice.replaceChildren(...options());
      against.replaceChildren(el('option', { value: '-1' }, 'nothing'), ...options());
      choice.value = String(Math.min(before, items.length - 1));
      against.value = String(counterpart(Number(choice.value)));
    }
    draw();
  }

  /** The answer to an offer, the offer of an answer. @param {number} index */
  function counterpart(index) {
    const item = items[index];
    return item ? items.findIndex((other) => other.of === item.of && other.type !== item.type && other.side !== item.side) : -1;
  }

  function draw() {
    const item = items[Number(choice.value)];
    const other = items[Number(against.value)];
    const key = `${item?.title}\n${item?.sdp}\n${other?.title}\n${other?.sdp}`;
    if (key === drawn) return;
    drawn = key;
    const others = other ? sectionsOf(other.sdp) : [];
    body.replaceChildren(...(item ? sectionsOf(item.sdp).map(({ title, lines }, i) => section(title, lines, other ? (others[i]?.lines ?? []) : undefined)) : []));
  }

  return { element, show };
}

/** @param {string} title @param {string[]} lines @param {string[] | undefined} others */
function section(title, lines, others) {
  const rows = (others ? compare(lines, others) : lines.map((line) => ({ line, mark: '', other: '' }))).map(({ line, mark, other }) => {
    const meaning = explain(line);
    const link = meaning?.rfc ? [' ', el('a', { href: `https://www.rfc-editor.org/rfc/rfc${meaning.rfc}#section-${meaning.section}`, target: '_blank', rel: 'noopener' }, `RFC ${meaning.rfc}, ${meaning.section}`)] : [];
    return el('tr', {},
      el('td', {}, el('code', {}, line), ...(mark ? [el('span', { class: `mark-${mark}` }, ` ${SIGNS[mark]}${other ? ` ${other}` : ''}`)] : [])),
      el('td', {}, meaning?.words ?? 'This book does not know this line.', ...link));
  });
  return el('details', { open: '', class: 'sdp-section' }, el('summary', {}, title),
    el('div', { class: 'table-box', tabindex: '0', role: 'region', 'aria-label': title },
      el('table', {}, el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Line'), el('th', { scope: 'col' }, 'What it means'))), el('tbody', {}, ...rows))));
}

/** Those that took effect, and offers that never did. @param {Model} model @returns {Item[]} */
function itemsOf({ connections }) {
  return connections.flatMap(({ title, descriptions, calls }) => {
    const set = descriptions.map(({ at, type, sdp, side }) => ({ title: `${title}: ${side} ${type}, ${at.toFixed(0)} ms`, sdp, type, side, of: title }));
    const unset = calls.filter(({ name, outcome, text }) => name.startsWith('create') && outcome === 'done' && text && !descriptions.some(({ sdp }) => sdp === text))
      .filter(() => descriptions.length === 0)
      .map(({ at, type, text }) => ({ title: `${title}: ${type}, never set, ${at.toFixed(0)} ms`, sdp: text, type, side: 'local', of: title }));
    return [...set, ...unset];
  });
}
