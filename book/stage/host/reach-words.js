// @ts-check
// Who reaches whom, in a sentence and as a table: from what the server tells to words. Pure.
//
// May import: nothing.

/** Names of a list that are said; the table has all of them. */
const MAX_NAMES = 12;

/**
 * `rows` has of each a sign for each one before: `d` for directly, `n` for not, anything else where it is not known.
 * @typedef {{ ids: string[], rows: string[], remaining: number, leftOut: number }} Reach
 */
/** @typedef {'direct' | 'not' | 'unknown'} Way */

/** How two of them reach each other. @param {Reach} reach @param {number} one @param {number} other @returns {Way} */
export function wayBetween({ rows }, one, other) {
  const sign = rows[Math.max(one, other)]?.[Math.min(one, other)];
  return sign === 'd' ? 'direct' : sign === 'n' ? 'not' : 'unknown';
}

/** What came of it. @param {Reach} reach */
export function sentenceOf(reach) {
  const { ids, remaining, leftOut } = reach;
  const counts = { direct: 0, not: 0, unknown: 0 };
  for (let one = 1; one < ids.length; one++)
    for (let other = 0; other < one; other++) counts[wayBetween(reach, one, other)] += 1;
  const all = counts.direct + counts.not + counts.unknown;
  if (remaining > 0) return `Trying: ${all - remaining} of ${all} pairs are done.`;
  const unknown =
    counts.unknown > 0 ? ` Of ${pairs(counts.unknown)} it is not known: a page was closed, or asleep.` : '';
  const left =
    leftOut > 0 ? ` ${ids.length} were tried; ${leftOut} were left out, and are first when you press it again.` : '';
  return verdict(counts) + unknown + left;
}

/** @param {Record<Way, number>} counts */
function verdict({ direct, not }) {
  if (direct + not === 0) return 'Nobody could try it.';
  if (not === 0) return 'Everybody reaches everybody directly.';
  if (direct === 0) return 'This Wi-Fi isolates its clients: calls go through the relay.';
  return `${direct} of ${direct + not} pairs reach each other directly. Calls of the others go through the relay.`;
}

/** @param {number} count */
const pairs = (count) => (count === 1 ? '1 pair' : `${count} pairs`);

/**
 * The rows of the table, and the same as a sentence for each, for a narrow screen.
 * @param {Reach} reach
 * @param {(id: string) => string} nameOf
 */
export function reachRows(reach, nameOf) {
  const names = reach.ids.map(nameOf);
  return names.map((name, one) => {
    const ways = names.map((_, other) => (one === other ? undefined : wayBetween(reach, one, other)));
    const of = (/** @type {Way} */ way) => names.filter((_, other) => ways[other] === way);
    const parts = [
      said('reaches directly', of('direct')),
      said('not directly', of('not')),
      said('not known', of('unknown')),
    ];
    return { name, ways, sentence: `${parts.filter(Boolean).join('; ')}.` };
  });
}

/** @param {string} words @param {string[]} names */
function said(words, names) {
  if (names.length === 0) return '';
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return `${words}: ${names.slice(0, MAX_NAMES).join(', ')}${more}`;
}
