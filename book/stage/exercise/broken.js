// @ts-check
// What an exercise breaks: faults of *Break it*, as the goals of an exercise name them, made into what the stage takes. Pure.
//
// May import: ../line/line-settings.js, ../line/line-timeline.js.

import { PERFECT } from '../line/line-settings.js';
import { timelineIn } from '../line/line-timeline.js';

/** @typedef {import('../load-instruments.js').Fault} Fault */
/** @typedef {import('../line/line-settings.js').Change} Change */

/**
 * A bad line: `both` says how packets fare either way, `out` and `back` what is different one way.
 * @typedef {{ both?: Change, out?: Change, back?: Change, seed?: number, timeline?: string }} BrokenLine
 */
/** @typedef {{ id: string, amounts?: Record<string, number | string>, line?: BrokenLine }} Broken */

/** @param {unknown} list @returns {Fault[]} */
export function faultsOf(list) {
  if (!Array.isArray(list)) return [];
  return list.map(({ id, amounts = {}, line }) => ({ id, amounts, ...(line && { line: settingsOf(line) }) }));
}

/** @param {BrokenLine} line @returns {import('../line/line-settings.js').Settings} */
const settingsOf = ({ both, out, back, seed = 1, timeline = '' }) => ({
  seed,
  a_to_b: { ...PERFECT, ...both, ...out },
  b_to_a: { ...PERFECT, ...both, ...back },
  timeline: timelineIn(timeline).steps,
});
