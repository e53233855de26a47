// @ts-check
// The “SDP” panel: a description line by line, each explained, and compared with another description: after a renegotiation with the
// previous one, otherwise offer with answer.
//
// May import: table.js, ../model/, ../../dom.js, ../../visible.js.

import { button, el } from '../../dom.js';
import { visibleLine } from '../../visible.js';
import { compare, counterpart, itemsOf, predecessor } from '../model/sdp-compare.js';
import { explain, sectionsOf } from '../model/sdp-lines.js';
import { lineOf } from './table.js';

/** Descriptions to choose from, the newest; sections and lines of one, the first. A note says what is left out. */
const MAX_ITEMS = 200;
const MAX_SECTIONS = 100;
const MAX_LINES = 3_000;

/** @typedef {import('../model/sdp-compare.js').Item} Item */
/** @typedef {(items: Item[], item: Item | undefined) => Item | undefined} Pairing which one a description is compared with */

/** @type {Record<string, string>} */
const SIGNS = { same: '= same', other: '≠', only: '+ only here', gone: '− not here' };

/** @type {Pairing} */
const usual = (items, item) => predecessor(items, item) ?? counterpart(items, item);

/** Creates the “SDP” panel. @param {import('./panel.js').Lines} lines */
export function createSdp({ online, onrow }) {
  const choice = el('select');
  const against = el('select');
  const withBefore = button('With the one before', () => pair(predecessor));
  const withCounterpart = button('Offer with answer', () => pair(counterpart));
  const origin = el('p', { class: 'note origin' });
  const note = el('p', { class: 'note' });
  const body = el('div', {
    class: 'sdp-box',
    tabindex: '0',
    role: 'group',
    'aria-label': 'The description, line by line',
  });
  const empty = el('p', { class: 'note' }, 'No description has been made yet: press Run.');
  const bar = el(
    'div',
    { class: 'instruments-bar' },
    el('label', {}, 'Description ', choice),
    el('label', {}, 'compared with ', against),
    withBefore,
    withCounterpart,
  );
  const element = el('div', {}, empty, bar, origin, note, body);
  /** @type {Item[]} */
  let items = [];
  /** Descriptions that are left out of the list. */
  let earlier = 0;
  let pairing = usual;
  let drawn = '';
  /** @type {number | undefined} */
  let litLine;
  choice.addEventListener('change', () => {
    pair(usual);
    const line = chosen()?.line;
    if (line) onrow(line);
  });
  against.addEventListener('change', () => {
    const { value } = against;
    pair(() => items.find(({ id }) => id === value));
  });

  /** @param {Pairing} way */
  function pair(way) {
    pairing = way;
    redraw();
  }

  const chosen = () => items.find(({ id }) => id === choice.value);

  /** Shows the newest description that a line of the code has set. @param {number | undefined} line */
  function light(line) {
    litLine = line;
    const item = line === undefined ? undefined : items.findLast((one) => one.line === line);
    if (item && chosen()?.line !== line) {
      choice.value = item.id;
      pairing = usual;
    }
    redraw();
  }

  /** @param {Pick<import('./panel.js').View, 'model'>} view */
  function show({ model }) {
    const all = itemsOf(model);
    const fresh = all.slice(-MAX_ITEMS);
    earlier = all.length - fresh.length;
    empty.hidden = fresh.length > 0;
    bar.hidden = origin.hidden = fresh.length === 0;
    if (
      fresh.length !== items.length ||
      fresh.some(({ sdp, title }, i) => sdp !== items[i].sdp || title !== items[i].title)
    ) {
      items = fresh;
      const options = () => items.map(({ id, title }) => el('option', { value: id }, visibleLine(title)));
      const before = items.find(({ id }) => id === choice.value) ?? items[0];
      choice.replaceChildren(...options());
      against.replaceChildren(el('option', { value: '' }, 'nothing'), ...options());
      choice.value = before?.id ?? '';
    }
    redraw();
  }

  function redraw() {
    const item = chosen();
    origin.classList.toggle('lit', item?.line !== undefined && item.line === litLine);
    const other = pairing(items, item);
    against.value = other?.id ?? '';
    for (const [control, find] of /** @type {[HTMLButtonElement, Pairing][]} */ ([
      [withBefore, predecessor],
      [withCounterpart, counterpart],
    ])) {
      const found = find(items, item);
      control.disabled = !found;
      control.setAttribute('aria-pressed', String(found !== undefined && found === other));
    }
    const key = `${earlier}\n${item?.id}\n${item?.sdp}\n${other?.id}\n${other?.sdp}`;
    if (key === drawn) return;
    drawn = key;
    origin.replaceChildren(...originOf(item, other, online));
    const sections = sectionsBeside(item, other);
    const lines = sections.reduce((sum, { rows }) => sum + rows.length, 0);
    let room = MAX_LINES;
    const drawnSections = sections.slice(0, MAX_SECTIONS).flatMap(({ title, rows }) => {
      const shown = rows.slice(0, room);
      room -= shown.length;
      return shown.length > 0 ? [section(title, shown)] : [];
    });
    body.replaceChildren(...drawnSections);
    note.textContent = missing(item, other, lines, MAX_LINES - room, earlier);
    note.hidden = note.textContent === '';
  }

  return {
    title: 'SDP',
    about:
      'What each side said of itself, line by line, with what it means. “≠” marks where the other of the two says something else.',
    element,
    draw: show,
    light,
  };
}

/** @typedef {{ line: string, mark: string, other: string }} Row */

/**
 * The sections of a description, their lines paired with those of the other one.
 * @param {Item | undefined} item
 * @param {Item | undefined} other
 * @returns {{ title: string, rows: Row[] }[]}
 */
function sectionsBeside(item, other) {
  const own = item ? sectionsOf(item.sdp) : [];
  const others = other ? sectionsOf(other.sdp) : [];
  const longer = others.length > own.length ? others : own;
  return longer.map(({ title }, i) => {
    const lines = own[i]?.lines ?? [];
    return {
      title,
      rows: other ? compare(lines, others[i]?.lines ?? []) : lines.map((line) => ({ line, mark: '', other: '' })),
    };
  });
}

/**
 * Says what is left out.
 * @param {Item | undefined} item @param {Item | undefined} other @param {number} lines that there are @param {number} shown of them @param {number} before descriptions
 */
function missing(item, other, lines, shown, before) {
  const cut = (/** @type {Item | undefined} */ one, /** @type {string} */ name) =>
    one && one.cut > 0 ? `${one.cut} characters at the end of ${name} were too many to be recorded.` : '';
  return [
    item && item.sdp.trim() === '' ? 'This description is empty.' : '',
    cut(item, 'this description'),
    cut(other, 'the other'),
    lines > shown ? `The first ${shown} lines are shown, and ${lines - shown} are not.` : '',
    before > 0 ? `${before} earlier descriptions are not in the list.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/**
 * Says which description is shown, where it came from, and what it is compared with: in print the controls are missing.
 * @param {Item | undefined} item @param {Item | undefined} other @param {((line: number) => void) | undefined} online
 */
function originOf(item, other, online) {
  if (!item) return [];
  const { title, line, side } = item;
  const from = line === undefined ? ['set by no line of this code itself'] : ['from ', lineOf(line, online)];
  const writer = side === 'remote' ? ' The other side wrote it: “this side” below is that one.' : '';
  return [`${visibleLine(title)}, `, ...from, other ? `; compared with ${visibleLine(other.title)}.` : '.', writer];
}

/** @param {string} title @param {Row[]} rows */
function section(title, rows) {
  const name = visibleLine(title);
  const cells = rows.map(({ line, mark, other }) => {
    const meaning = explain(line);
    const link = meaning?.rfc
      ? [
          ' ',
          el(
            'a',
            {
              href: `https://www.rfc-editor.org/rfc/rfc${meaning.rfc}#section-${meaning.section}`,
              target: '_blank',
              rel: 'noopener',
            },
            `RFC ${meaning.rfc}, ${meaning.section}`,
          ),
        ]
      : [];
    return el(
      'tr',
      {},
      el(
        'td',
        {},
        el('code', {}, visibleLine(line)),
        ...(mark
          ? [el('span', { class: `mark-${mark}` }, ` ${SIGNS[mark]}${other ? ` ${visibleLine(other)}` : ''}`)]
          : []),
      ),
      el('td', {}, visibleLine(meaning?.words ?? 'This book does not know this line.'), ...link),
    );
  });
  return el(
    'details',
    { open: '', class: 'sdp-section' },
    el('summary', {}, name),
    el(
      'div',
      { class: 'table-box', tabindex: '0', role: 'group', 'aria-label': name },
      el(
        'table',
        {},
        el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Line'), el('th', { scope: 'col' }, 'What it means'))),
        el('tbody', {}, ...cells),
      ),
    ),
  );
}
