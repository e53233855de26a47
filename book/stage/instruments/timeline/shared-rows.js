// @ts-check
// The rows of a ladder of several sides: one column for each peer, and one for the server. Pure.
//
// May import: exchange.js, merge.js, ../model/, ../../peer-names.js.

import { NO_NAMES } from '../../peer-names.js';
import { rowsOf, withFewColumns } from '../model/rows.js';
import { partnersOf, peerAt, placeOf } from './merge.js';
import { announcedName } from './exchange.js';

/** Characters of an id in a column's head, as in labels. */
const MAX_NAME = 8;
const OWN = 'own';

/** @typedef {import('../model/rows.js').Row} Row */
/** @typedef {import('./merge.js').MergedEvent} MergedEvent */

/**
 * The ladder of all sides.
 * @param {MergedEvent[]} events
 * @param {import('./exchange.js').Side[]} sides
 * @param {import('../../peer-names.js').NameOf} [nameOf]
 * @returns {{ columns: import('../model/rows.js').Column[], rows: Row[] }}
 */
export function sharedRowsOf(events, sides, nameOf = NO_NAMES) {
  if (sides.length === 0) return withFewColumns(rowsOf(events, nameOf));
  /** @type {Map<string, { peer: string, events: MergedEvent[], places: number[] }>} */
  const lanes = new Map([['', { peer: '', events: [], places: [] }]]);
  events.forEach((event, place) => {
    const peer = event.peer ?? '';
    const lane = lanes.get(peer) ?? { peer, events: [], places: [] };
    lanes.set(peer, lane);
    lane.events.push(event);
    lane.places.push(place);
  });
  const partners = partnersOf([...lanes.values()]);
  const ladders = [...lanes.values()].map(({ peer, events, places }) => {
    const { columns, rows } = rowsOf(events, nameOf);
    const hasMany = columns.filter(({ id }) => id.startsWith('pc')).length > 1;
    // Changed in place, because there are thousands of rows ten times a second, and nobody else has them.
    for (const row of rows)
      Object.assign(row, between(peer, row, hasMany), { event: places[row.event], repeat: repeatOf(peer, row) });
    return rows;
  });
  const rows = ladders.flat().sort((a, b) => a.event - b.event);
  rows.forEach((row, event) => {
    row.event = event;
  });

  /** @type {import('../model/rows.js').Column[]} */
  const columns = [
    { id: OWN, ...titled('This side', announcedName(lanes.get('')?.events ?? []), nameOf) },
    { id: 'server', title: 'Server' },
  ];
  for (const { id, name, isGone } of sides) {
    const { title, ...peer } = titled('Other side', name, nameOf);
    if (lanes.has(id)) columns.push({ id: columnOf(id), title: isGone ? `${title} (gone)` : title, ...peer });
  }
  if (rows.some(({ from, to }) => from === 'other' || to === 'other'))
    columns.push({ id: 'other', title: 'Somebody else' });
  return { columns, rows };

  /** What both sides of a connection say of its messages repeats each other. @param {string} peer @param {Row} row */
  function repeatOf(peer, { repeat, from, to, isDirect }) {
    if (!repeat) return undefined;
    const connection = [from, to].find((id) => id.startsWith('pc'));
    const place = connection && placeOf(peer, connection);
    const partner = place && partners.get(place);
    if (!isDirect || !partner) return { ...repeat, key: `${repeat.key} ${peer}` };
    return { ...repeat, key: `${repeat.what} ${[place, partner].sort().join(' ')}` };
  }

  /** @param {string} peer @param {Row} row @param {boolean} hasMany connections */
  function between(peer, { from, to, label }, hasMany) {
    // A channel whose connection is unknown.
    if (from === 'other' && to === 'other') return { from: columnOf(peer), to: columnOf(peer), label };
    const connection = [from, to].find((id) => id.startsWith('pc'));
    const partner = connection && partners.get(placeOf(peer, connection));
    const column = (/** @type {string} */ id) => {
      if (id === 'server') return id;
      if (id !== 'other') return columnOf(peer);
      return partner ? columnOf(peerAt(partner)) : id;
    };
    // A message to a side that shares its events appears there again as received. One arrow for both is enough, so the sent one becomes a box.
    const hasArrow = to !== 'other' || !partner;
    return {
      from: column(from),
      to: column(hasArrow ? to : from),
      label: hasMany && connection ? `[${connection.slice(2)}] ${label}` : label,
    };
  }
}

/** The column of a side. The prefix keeps ids, which may be any text, apart from other columns. @param {string} peer empty for this side */
const columnOf = (peer) => (peer ? `side ${peer}` : OWN);

/** @param {string} title @param {string} id @param {import('../../peer-names.js').NameOf} nameOf @returns {{ title: string, peer?: string }} */
function titled(title, id, nameOf) {
  const name = nameOf(id);
  if (name) return { title: name, peer: id };
  return { title: id ? `${title}: ${id.length > MAX_NAME ? `${id.slice(0, MAX_NAME)}…` : id}` : title };
}
