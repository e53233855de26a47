// @ts-check
// What is in the “Media” panel: each track from its source to the screen, link by link, so that one sees where it stops.
//
// May import: table.js, track-row.js, ../../dom.js, ../../put-text.js.

import { el } from '../../dom.js';
import { put } from '../../put-text.js';
import { createTable } from './table.js';
import { createTrackRow, write } from './track-row.js';

/** Tracks that are open to view; the others are folded. */
const MAX_OPEN = 6;

/** @typedef {import('../model/chains.js').Chain} Chain */
/** @typedef {ReturnType<typeof createTrackRow>} Row */

/** Creates what is in the panel. @param {import('./panel.js').Lines} lines */
export function createMediaPanel({ online }) {
  const note = el('p', { class: 'note' });
  const open = el('div', { class: 'media-tracks' });
  const summary = el('summary');
  const folded = el('div', { class: 'media-tracks' });
  const more = el('details', {}, summary, folded);
  const table = createTable('Each link of each track', [
    'Track',
    'Link',
    'What it does',
    'Now',
    'Least',
    'Most',
    'Unit',
  ]);
  const transceivers = createTable('Transceivers, as they are now', [
    'Of',
    'mid',
    'Kind',
    'Wants',
    'Agreed',
    'Sends',
    'Receives',
    'Codec',
  ]);
  const ofTransceivers = el('details', {}, el('summary', {}, 'Transceivers'), transceivers.element);
  const element = el(
    'div',
    { class: 'media' },
    note,
    open,
    more,
    el('details', {}, el('summary', {}, 'The tracks as a table'), table.element),
    ofTransceivers,
  );
  /** By the ids of chains. @type {Map<string, Row>} */
  const rows = new Map();
  /** @type {number | undefined} */
  let litLine;

  /** @param {import('./panel.js').View} view */
  function draw({ media }) {
    if (!media) return;
    const { chains, transceivers: all, state } = media;
    put(note, noteOf(chains, state));
    const ids = new Set(chains.map(({ id }) => id));
    for (const [id, row] of rows) {
      if (ids.has(id)) continue;
      row.element.remove();
      rows.delete(id);
    }
    chains.forEach((chain, i) => {
      const row = rows.get(chain.id) ?? createTrackRow(chain, online);
      rows.set(chain.id, row);
      const [place, at] = i < MAX_OPEN ? [open, i] : [folded, i - MAX_OPEN];
      if (place.children[at] !== row.element) place.insertBefore(row.element, place.children[at] ?? null);
      row.draw(chain);
    });
    const rest = Math.max(0, chains.length - MAX_OPEN);
    more.hidden = rest === 0;
    put(summary, `${rest} further ${rest === 1 ? 'track' : 'tracks'}`);
    table.show(chains.flatMap(cellsOf));
    ofTransceivers.hidden = all.length === 0;
    transceivers.show(
      all.map(({ of, mid, kind, direction, current, sends, receives, codecs }) => [
        of,
        mid || 'none yet',
        kind,
        direction,
        current || 'nothing yet',
        nameOf(sends),
        nameOf(receives),
        codecs || 'not told',
      ]),
    );
    light(litLine);
  }

  /** Highlights the tracks that came from a line of the code. @param {number | undefined} line */
  function light(line) {
    litLine = line;
    for (const row of rows.values()) row.element.classList.toggle('lit', line !== undefined && row.line === line);
  }

  return { element, draw, light };
}

/** @param {string} track */
const nameOf = (track) => (track ? `track ${track.slice(2)}` : 'nothing');

/** @param {Chain[]} chains @param {'runs' | 'ended' | 'recorded'} state */
function noteOf(chains, state) {
  if (chains.length === 0) return 'No track is sent or received yet.';
  if (state === 'recorded') return 'A recording has no numbers: what it tells is what elements and tracks did.';
  return state === 'ended' ? 'The run has ended. These are its last numbers.' : '';
}

/** @param {Chain} chain */
const cellsOf = ({ title, links }) =>
  links.map(({ name, word, unit, values }) => {
    const known = values.filter((value) => value !== null);
    const [least, most] = known.length > 0 ? [Math.min(...known), Math.max(...known)] : [undefined, undefined];
    return [title, name, word, write(values[values.length - 1]), write(least), write(most), unit];
  });
