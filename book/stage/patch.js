// @ts-check
// Applies a diff to a text. A diff is what `diff -u` prints, without the names of the files: lines that begin with a space stay, with `-` go, with `+`
// come. A line with `@@` stands between two places, and its numbers are not read: each place is found by its text. Pure.
//
// May import: nothing.

/**
 * A text that was changed.
 * @typedef {object} Change
 * @property {string} code
 * @property {number[]} added the lines that came, from 1
 * @property {number[]} removed the lines before which others went, from 1
 */

/**
 * @param {string} code
 * @param {string} diff
 * @returns {Change | undefined} undefined if a place is not in the text exactly once
 */
export function patched(code, diff) {
  const lines = code.split('\n');
  /** @type {Change} */
  const change = { code, added: [], removed: [] };
  for (const place of diff.replace(/\n$/, '').split(/^@@.*\n/m)) {
    if (place === '') continue;
    const parts = place.replace(/\n$/, '').split('\n');
    const old = parts.filter((part) => part[0] !== '+').map((part) => part.slice(1));
    const at = onlyPlaceOf(old, lines);
    if (at === undefined) return undefined;
    let line = at;
    for (const part of parts) {
      if (part[0] === '-') {
        lines.splice(line, 1);
        if (!change.removed.includes(line + 1)) change.removed.push(line + 1);
        continue;
      }
      if (part[0] === '+') {
        lines.splice(line, 0, part.slice(1));
        change.added.push(line + 1);
      }
      line += 1;
    }
  }
  change.code = lines.join('\n');
  return change;
}

/** @param {string[]} part @param {string[]} lines @returns {number | undefined} the index of its first line, if it is there once */
function onlyPlaceOf(part, lines) {
  const places = lines.flatMap((_, at) => (part.every((line, i) => lines[at + i] === line) ? [at] : []));
  return part.length > 0 && places.length === 1 ? places[0] : undefined;
}
