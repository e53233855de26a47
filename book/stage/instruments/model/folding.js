// @ts-check
// Which rows of a ladder are shown: those of one layer or column, and one in place of many that repeat each other. Pure.
//
// May import: time.js.

import { inWords } from './time.js';

/** So many rows of one kind are folded, if nothing else happens between them. */
const FOLDED_FROM = 4;

/** @typedef {import('./rows.js').Row} Row */
/** @typedef {import('./rows.js').Column} Column */
/** @typedef {{ key: string, isOpen: boolean, lines: Set<number> }} Fold `lines` of the code from which its rows came */

/** The chips, and the layers that each of them shows. @type {Record<string, import('./layers.js').Layer[]>} */
export const FILTERS = { Signaling: ['signaling'], ICE: ['ice', 'dtls'], Messages: ['messages'] };

/**
 * Keeps the rows of a layer and of a column, and the columns that they are in.
 * @param {{ columns: Column[], rows: Row[] }} ladder
 * @param {string} filter one of FILTERS; empty for all
 * @param {string} column empty for all
 * @returns {{ columns: Column[], rows: Row[] }}
 */
export function filtered({ columns, rows }, filter, column) {
  if (!filter && !column) return { columns, rows };
  const layers = FILTERS[filter];
  const kept = rows.filter(
    ({ layer, from, to }) => (!layers || layers.includes(layer)) && (!column || from === column || to === column),
  );
  const used = new Set([column, ...kept.flatMap(({ from, to }) => [from, to])]);
  return { columns: columns.filter(({ id }) => used.has(id)), rows: kept };
}

/**
 * Puts one row in place of many that repeat each other. What repeats nothing, or failed, ends the row of repetitions before it.
 * @param {Row[]} rows
 * @param {(key: string) => boolean} isOpen whether the rows of a fold are shown too, below its own
 * @returns {Row[]}
 */
export function folded(rows, isOpen) {
  /** @type {Row[]} */
  const shown = [];
  let begin = 0;
  let part = 0;
  for (let end = 0; end <= rows.length; end += 1) {
    if (end < rows.length && canFold(rows[end])) continue;
    if (end > begin) foldPart(rows.slice(begin, end), part, isOpen, shown);
    if (end < rows.length) shown.push(rows[end]);
    begin = end + 1;
    part += 1;
  }
  return shown;
}

/** @param {Row} row */
const canFold = ({ repeat, tone }) => repeat !== undefined && tone !== 'bad';

/** @param {Row[]} rows all of which can be folded @param {number} part how many parts come before @param {(key: string) => boolean} isOpen @param {Row[]} shown gets what is shown of them */
function foldPart(rows, part, isOpen, shown) {
  /** @type {Map<string, Row[]>} */
  const kinds = new Map();
  for (const row of rows) {
    const key = row.repeat?.key ?? '';
    const same = kinds.get(key);
    if (same) same.push(row);
    else kinds.set(key, [row]);
  }
  /** @type {Map<string, boolean>} */
  const open = new Map();
  for (const row of rows) {
    const key = row.repeat?.key ?? '';
    const same = kinds.get(key) ?? [];
    if (same.length < FOLDED_FROM) {
      shown.push(row);
      continue;
    }
    if (!open.has(key)) {
      const fold = foldOf(same, `${part} ${key}`, isOpen);
      open.set(key, fold.fold?.isOpen ?? false);
      shown.push(fold);
    }
    if (open.get(key)) shown.push(row);
  }
}

/** @param {Row[]} rows of one kind @param {string} key @param {(key: string) => boolean} isOpen @returns {Row} */
function foldOf(rows, key, isOpen) {
  const [first] = rows;
  const last = rows[rows.length - 1];
  const { repeat } = first;
  // A heartbeat is a question and its answer, and both sides ask.
  const beats = repeat?.what === 'heartbeats' ? rows.filter(({ label }) => label === first.label) : rows;
  const isSteady = beats.length > 1 && repeat?.what === 'heartbeats';
  const when = isSteady
    ? `${inWords((beats[beats.length - 1].at - beats[0].at) / (beats.length - 1))} apart`
    : `within ${inWords(last.at - first.at)}`;
  const isShown = isOpen(key);
  const arrow = rows.find(({ from, to }) => from !== to) ?? first;
  return {
    ...arrow,
    event: first.event,
    at: first.at,
    label: `${isShown ? '▾' : '⋯'} ${beats.length} ${repeat?.what}, ${when}`,
    line: undefined,
    tone: 'ok',
    isState: false,
    fold: { key, isOpen: isShown, lines: new Set(rows.flatMap(({ line }) => line ?? [])) },
  };
}
