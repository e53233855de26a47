// @ts-check
// Compares descriptions: lists those of a run, finds the one that each is best compared with, and pairs their lines. Pure.
//
// May import: nothing.

/** @typedef {import('./model.js').Model} Model */

/**
 * @typedef {object} Item
 * @property {string} id stays the same while the run goes on
 * @property {string} title
 * @property {string} of the connection
 * @property {number} at ms since Run
 * @property {string} type
 * @property {string} side `local` or `remote`
 * @property {string} sdp
 * @property {number} cut characters that are missing at its end
 * @property {number | undefined} line of the code that set it, or had it made
 */

/** The descriptions that took effect, and offers that never did. @param {Model} model @returns {Item[]} */
export function itemsOf({ connections }) {
  return connections.flatMap(({ id, title, descriptions, calls }) => {
    const set = descriptions.map(({ at, type, sdp, cut = 0, side, line }, i) => ({
      id: `${id} ${i}`,
      title: `${title}: ${side} ${type}, ${at.toFixed(0)} ms`,
      of: id,
      at,
      type,
      side,
      sdp,
      cut,
      line,
    }));
    if (set.length > 0) return set;
    return calls
      .filter(({ name, outcome, text }) => name.startsWith('create') && outcome === 'done' && text)
      .map(({ at, type, text, cut = 0, line }, i) => ({
        id: `${id} unset ${i}`,
        title: `${title}: ${type}, never set, ${at.toFixed(0)} ms`,
        of: id,
        at,
        type,
        side: 'local',
        sdp: text,
        cut,
        line,
      }));
  });
}

/** The answer to an offer, or the offer that an answer belongs to. @param {Item[]} items in order @param {Item | undefined} item */
export function counterpart(items, item) {
  if (!item) return undefined;
  const others = items.filter(({ of, type, side }) => of === item.of && type !== item.type && side !== item.side);
  return item.type === 'offer' ? others.find(({ at }) => at >= item.at) : others.findLast(({ at }) => at <= item.at);
}

/**
 * The same side's previous description: the difference is what a renegotiation changed.
 * @param {Item[]} items in order
 * @param {Item | undefined} item
 */
export const predecessor = (items, item) =>
  items.slice(0, item && items.indexOf(item)).findLast(({ of, side }) => of === item?.of && side === item?.side);

/** @typedef {'same' | 'other' | 'only' | 'gone'} Mark `gone` is a line that only the other description has */

/**
 * Pairs each line of a section with its counterpart in another description; lines that only the other one has come last. Takes linear time.
 * @param {string[]} lines @param {string[]} others
 * @returns {{ line: string, mark: Mark, other: string }[]}
 */
export function compare(lines, others) {
  const own = new Set(lines);
  const same = new Set(others);
  const left = others.filter((line) => !own.has(line)).map((line) => ({ line, isMatched: false }));
  /** The other's lines that are not paired yet, by subject, the last line first. @type {Map<string, typeof left>} */
  const byKey = new Map();
  for (const one of [...left].reverse()) {
    const key = keyOf(one.line);
    const some = byKey.get(key);
    if (some) some.push(one);
    else byKey.set(key, [one]);
  }
  /** @type {{ line: string, mark: Mark, other: string }[]} */
  const compared = lines.map((line) => {
    if (same.has(line)) return { line, mark: 'same', other: '' };
    const found = byKey.get(keyOf(line))?.pop();
    if (!found) return { line, mark: 'only', other: '' };
    found.isMatched = true;
    return { line, mark: 'other', other: found.line };
  });
  const gone = left.filter(({ isMatched }) => !isMatched);
  return [...compared, ...gone.map(({ line }) => ({ line, mark: /** @type {Mark} */ ('gone'), other: '' }))];
}

/** The subject of a line: its type or attribute; for attributes that occur many times, with the format they are about. @param {string} line */
const keyOf = (line) =>
  /^a=(rtpmap|fmtp|rtcp-fb|extmap|ssrc|rid|candidate):\S+|^a=[^:]+|^[a-z]=/.exec(line)?.[0] ?? line;
