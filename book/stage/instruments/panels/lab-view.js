// @ts-check
// One NAT lab in the “NATs” panel: the ways of its hosts as a drawing, and of each NAT its kind, its table and what it has dropped.
//
// May import: table.js, ../model/, ../../dom.js, ../../put-text.js, ../../visible.js.

import { el } from '../../dom.js';
import { put } from '../../put-text.js';
import { visibleLine } from '../../visible.js';
import {
  DROP_HEADS,
  dropNote,
  dropRows,
  kindOf,
  MAPPING_HEADS,
  mappingNote,
  mappingRows,
  nameOfNat,
  wayOut,
} from '../model/lab-words.js';
import { createTable } from './table.js';

/** @typedef {import('../model/lab-report.js').Lab} Lab */
/** @typedef {import('../model/lab-report.js').Nat} Nat */
/** @typedef {import('../model/lab-report.js').Tally} Tally */

/** @type {import('../model/lab-report.js').Side[]} */
const SIDES = ['a', 'b'];

/** @param {string} title */
export function createLabView(title) {
  const status = el('p', { class: 'note', role: 'status' });
  const ways = SIDES.map((side) =>
    el('ol', { class: 'lab-way', role: 'list', 'aria-label': `The way out of ${side.toUpperCase()}` }),
  );
  const places = el('div');
  const internet = createDrops('Dropped in the internet, because nobody has the address; the newest first');
  const element = el(
    'div',
    { class: 'lab', role: 'group', 'aria-label': title },
    el('p', { class: 'panel-head' }, title),
    status,
    ...ways,
    places,
    el('div', { class: 'lab-nat' }, el('p', { class: 'panel-head' }, 'Internet'), internet.element),
  );
  /** By the names of the NATs, which a lab keeps. @type {Map<string, ReturnType<typeof createNat>>} */
  const nats = new Map();
  /** What the drawing says. */
  let drawn = '';

  /** @param {Lab} lab */
  function draw(lab) {
    const stops = SIDES.map((side) => wayOut(lab, side));
    const words = JSON.stringify(stops);
    if (words === drawn) return;
    drawn = words;
    ways.forEach((way, i) => way.replaceChildren(...stops[i].map(stopOf)));
  }

  return {
    element,

    /** @param {Lab} lab @param {string} words what is to be said of it */
    show(lab, words) {
      put(status, words);
      draw(lab);
      for (const nat of lab.nats) {
        let shown = nats.get(nat.name);
        if (!shown) {
          shown = createNat(nat);
          nats.set(nat.name, shown);
          places.append(shown.element);
        }
        shown.show(nat);
      }
      internet.show(lab.internet);
    },

    /** @param {string} words */
    say: (words) => put(status, words),
  };
}

/** @param {import('../model/lab-words.js').Stop} stop */
function stopOf({ title, at, states }) {
  const lines = states.map((state) => el('span', {}, state));
  return el('li', {}, el('strong', {}, title), ...(at ? [el('span', {}, visibleLine(at))] : []), ...lines);
}

/** @param {Nat} nat */
function createNat(nat) {
  const name = nameOfNat(nat);
  const table = createTable(`Mappings of the ${name}`, MAPPING_HEADS);
  const note = el('p', { class: 'note' });
  const drops = createDrops(`Dropped by the ${name}, the newest first`);
  const kind = kindOf(nat).map(([term, words]) => el('div', {}, el('dt', {}, term), el('dd', {}, visibleLine(words))));
  const element = el(
    'div',
    { class: 'lab-nat', role: 'group', 'aria-label': name },
    el('p', { class: 'panel-head' }, name),
    el('dl', { class: 'facts lab-kind' }, ...kind),
    table.element,
    note,
    drops.element,
  );
  return {
    element,
    /** @param {Nat} now */
    show(now) {
      table.element.hidden = now.mappings.length === 0;
      table.show(mappingRows(now));
      put(note, mappingNote(now));
      note.hidden = note.textContent === '';
      drops.show(now);
    },
  };
}

/** @param {string} caption */
function createDrops(caption) {
  const table = createTable(caption, DROP_HEADS);
  const note = el('p', { class: 'note' });
  return {
    element: el('div', { class: 'lab-drops' }, table.element, note),
    /** @param {Tally} tally */
    show(tally) {
      table.element.hidden = tally.drops.length === 0;
      table.show(dropRows(tally));
      put(note, dropNote(tally));
      note.hidden = note.textContent === '';
    },
  };
}
