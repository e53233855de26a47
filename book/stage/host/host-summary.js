// @ts-check
// The room in numbers: in one sentence for the host, and as figures for the projector, which has no names. Pure.
//
// May import: needs.js.

import { isAlone } from './needs.js';

/** @typedef {import('./host-view.js').View} View */
/** @typedef {Record<'here' | 'hands' | 'errors' | 'alone' | 'connected' | 'solved' | 'pairs', number>} Counts */

/** Counts those who are here. @param {View} view @returns {Counts} */
export function countsOf({ attendees, pairs }) {
  const byName = new Map(pairs.map((pair) => [pair.name, pair]));
  const here = attendees.filter((attendee) => attendee.here);
  const count = (/** @type {(attendee: import('./host-view.js').Attendee) => boolean} */ is) => here.filter(is).length;
  return {
    here: here.length,
    hands: count(({ hand }) => hand),
    errors: count(({ error }) => error !== ''),
    alone: count((attendee) => isAlone(attendee, byName)),
    connected: count(({ way }) => way !== ''),
    solved: here.reduce((sum, { solved }) => sum + solved.length, 0),
    pairs: pairs.filter(({ members }) => members.length > 1).length,
  };
}

/** @param {Counts} counts */
export function summaryOf({ here, hands, errors, alone }) {
  if (here === 0) return 'Nobody is here yet.';
  const parts = [
    `${here} here`,
    hands > 0 && `${hands} ${hands === 1 ? 'hand' : 'hands'} raised`,
    errors > 0 && `${errors} with an error`,
    alone > 0 && `${alone} without a pair`,
  ];
  return `${parts.filter(Boolean).join(', ')}.`;
}

/**
 * @param {Counts} counts
 * @param {number} [there] how many are on the page that is presented, if one is
 * @returns {[number: number, words: string][]}
 */
export const figuresOf = ({ here, pairs, connected, solved, hands }, there) => [
  [here, 'here'],
  [pairs, pairs === 1 ? 'pair' : 'pairs'],
  [connected, 'connected'],
  [solved, solved === 1 ? 'exercise solved' : 'exercises solved'],
  [hands, hands === 1 ? 'hand raised' : 'hands raised'],
  .../** @type {[number, string][]} */ (there === undefined ? [] : [[there, 'on the page']]),
];

/** What the host says to those whose browsers ask for TLS where the server has none; empty if none did. @param {number} count of connections */
export function noTlsWords(count) {
  if (count === 0) return '';
  const what = count === 1 ? '1 connection was' : `${count} connections were`;
  return `${what} asked for with https://, which this server does not speak. Say: “Type the address with http:// in front.”`;
}
