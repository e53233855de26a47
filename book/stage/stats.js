// @ts-check
// Validates the statistics of a connection that an iframe sends.
//
// May import: nothing.

const MAX_REPORTS = 300;
const MAX_FIELDS = 80;
const MAX_TEXT = 500;
const MAX_TRANSCEIVERS = 50;
const MAX_SHOWN = 50;

/** One object of `getStats`. @typedef {Record<string, string | number | boolean>} Report */

/**
 * A transceiver, as it is when the statistics are read.
 * @typedef {object} Transceiver
 * @property {string} mid empty before there is a description
 * @property {'audio' | 'video'} kind
 * @property {string} direction what this side wants
 * @property {string} current what was agreed; empty before
 * @property {string} sends the track, `tr1`; empty for none
 * @property {string} source the browser's id of that track; empty for none
 * @property {string} receives the track; empty before it was told of
 * @property {number | undefined} level of the sound that is received, from 0 to 1, where the browser tells
 */

/** @typedef {{ on: string, frames: number }} Shown pictures that an element, `el1`, has shown so far */

/**
 * @typedef {object} Stats
 * @property {string} on the connection
 * @property {number} at the time of the page, in ms
 * @property {Report[]} reports
 * @property {Transceiver[]} transceivers
 * @property {Shown[]} shown by elements that show what the connection receives
 */

/** Validates the answer of an iframe. @param {any} data @returns {Stats | undefined} */
export function statsOf(data) {
  if (!isId(data?.on, 'pc') || !Array.isArray(data.reports)) return undefined;
  return {
    on: data.on,
    at: performance.now(),
    reports: Array.from(data.reports.slice(0, MAX_REPORTS), reportOf),
    transceivers: listOf(data.transceivers, MAX_TRANSCEIVERS).map(transceiverOf),
    shown: listOf(data.shown, MAX_SHOWN)
      .filter(({ on, frames }) => isId(on, 'el') && Number.isFinite(frames))
      .map(({ on, frames }) => ({ on, frames })),
  };
}

/** @param {unknown} id @param {string} kind */
const isId = (id, kind) => typeof id === 'string' && id.startsWith(kind) && /^[a-z]{2}\d{1,6}$/.test(id);

/** The objects of a list, up to a number of them. @param {unknown} list @param {number} most @returns {any[]} */
const listOf = (list, most) =>
  Array.isArray(list) ? list.slice(0, most).filter((one) => typeof one === 'object' && one) : [];

const DIRECTIONS = ['sendrecv', 'sendonly', 'recvonly', 'inactive', 'stopped'];

/** @param {any} transceiver @returns {Transceiver} */
const transceiverOf = ({ mid, kind, direction, current, sends, source, receives, level }) => ({
  mid: typeof mid === 'string' ? mid.slice(0, MAX_TEXT) : '',
  kind: kind === 'audio' ? 'audio' : 'video',
  direction: DIRECTIONS.includes(direction) ? direction : '',
  current: DIRECTIONS.includes(current) ? current : '',
  sends: isId(sends, 'tr') ? sends : '',
  source: typeof source === 'string' ? source.slice(0, MAX_TEXT) : '',
  receives: isId(receives, 'tr') ? receives : '',
  level: Number.isFinite(level) ? Math.min(Math.max(level, 0), 1) : undefined,
});

/** @param {unknown} report @returns {Report} */
function reportOf(report) {
  if (typeof report !== 'object' || !report) return {};
  const fields = Object.entries(report)
    .slice(0, MAX_FIELDS)
    .filter(([, value]) => /^(string|boolean)$/.test(typeof value) || Number.isFinite(value));
  return Object.fromEntries(
    fields.map(([name, value]) => [
      name.slice(0, MAX_TEXT),
      typeof value === 'string' ? value.slice(0, MAX_TEXT) : value,
    ]),
  );
}
