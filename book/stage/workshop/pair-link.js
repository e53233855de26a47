// @ts-check
// Links into a pair: the fragment of an address ends in `~amber-otter`, behind the id of a demo or alone. Pure.
//
// May import: pair-room.js.

import { isPair } from './pair-room.js';

/** What stands between the id and the pair. */
const SIGN = '~';

/**
 * The pair that a fragment names.
 * @param {string} fragment with its `#`, as `location.hash` is
 * @returns {{ pair: string, fragment: string } | undefined} with the fragment that is left; undefined if it names none
 */
export function pairLinkIn(fragment) {
  const at = fragment.lastIndexOf(SIGN);
  const pair = fragment.slice(at + 1);
  if (at < 1 || !isPair(pair)) return undefined;
  const rest = fragment.slice(0, at);
  return { pair, fragment: rest === '#' ? '' : rest };
}

/** The fragment of a link into a pair. @param {string} id of a demo's element; empty for the page alone @param {string} [pair] */
export const fragmentOf = (id, pair) => id + (pair ? SIGN + pair : '');
