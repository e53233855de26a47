// @ts-check
// Reads a timeline as people write it, “cut at 2 s, mend at 5 s”. The stage uses it too (`book/stage/line/line-timeline.js`). Pure.
//
// May import: nothing.

/**
 * @typedef {{ at: number, way: string, set: { cut?: boolean, loss?: number, delay?: number, jitter?: number, rate?: number } }} Step
 * `at` is in s from the start of the timeline
 */

/** What may be set, with the units that may follow the number. @type {Map<string, RegExp>} */
const NUMBERS = new Map([
  ['loss', /^(%|per cent)?$/],
  ['delay', /^(ms)?$/],
  ['jitter', /^(ms)?$/],
  ['rate', /^(kbit\/s|Mbit\/s)?$/i],
]);
const WAYS = new Map([
  ['', 'both'],
  ['out', 'a-to-b'],
  ['in', 'b-to-a'],
]);

/** What a field says that can't be read. */
const EXAMPLE = 'Write, for example, “cut at 2 s, mend at 5 s” or “out loss 20 % at 3 s, rate 500 kbit/s at 8 s”.';

/**
 * Reads a timeline. How many steps it may have, and how late, is the server's to say.
 * @param {string} text
 * @returns {{ steps: Step[], mistake: string }} the mistake is empty if there is none
 */
export function timelineIn(text) {
  const parts = text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter(Boolean);
  /** @type {Step[]} */
  const steps = [];
  for (const part of parts) {
    const step = stepIn(part);
    if (!step) return { steps: [], mistake: `“${part}” is not understood. ${EXAMPLE}` };
    steps.push(step);
  }
  return { steps: steps.sort((a, b) => a.at - b.at), mistake: '' };
}

/** @param {string} text @returns {Step | undefined} */
function stepIn(text) {
  const [, way = '', what, at] = /^(?:(out|in)\s+)?(.+?)\s+at\s+(\d+(?:\.\d+)?)\s*s?$/i.exec(text) ?? [];
  const set = what && changeIn(what.toLowerCase());
  return set ? { at: Number(at), way: /** @type {string} */ (WAYS.get(way.toLowerCase())), set } : undefined;
}

/** @param {string} what */
function changeIn(what) {
  if (what === 'cut' || what === 'mend') return { cut: what === 'cut' };
  const [, name = '', number, unit = ''] = /^(\w+)\s+(\d+(?:\.\d+)?)\s*(.*)$/.exec(what) ?? [];
  if (!NUMBERS.get(name)?.test(unit)) return undefined;
  return { [name]: unit === 'mbit/s' ? Number(number) * 1_000 : Number(number) };
}

/** Writes a timeline as a reader would. @param {Step[]} steps */
export const wordsOf = (steps) => steps.flatMap(wordsOfStep).join(', ');

/** @param {Step} step @returns {string[]} one part for each thing that is set */
function wordsOfStep({ at, way, set }) {
  const [sign] = [...WAYS].find(([, value]) => value === way) ?? [''];
  const start = sign ? `${sign} ` : '';
  return Object.entries(set).map(([name, value]) => {
    const what = name === 'cut' ? (value ? 'cut' : 'mend') : `${name} ${value}`;
    return `${start}${what} at ${at} s`;
  });
}
