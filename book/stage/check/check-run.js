// @ts-check
// Makes checks, each within its time, and tells what becomes of them. Whatever happens in a check is an outcome, and what it has started ends with it.
//
// May import: outcome.js, within.js, ../visible.js.

import { visibleLine } from '../visible.js';
import { fails } from './outcome.js';
import { within } from './within.js';

/** @typedef {import('./check-list.js').Check} Check */
/** @typedef {import('./outcome.js').Outcome} Outcome */
/** @typedef {(section: string, state: 'waiting' | 'checking' | Outcome) => void} Show told of each change, and of none after the run was ended */

/** @param {Check[][]} groups @param {AbortSignal} signal ends the run @param {Show} show */
export async function runChecks(groups, signal, show) {
  for (const { section } of groups.flat()) show(section, 'waiting');
  for (const group of groups) {
    await Promise.all(group.map((check) => runCheck(check, signal, show)));
    if (signal.aborted) return;
  }
}

/** @param {Check} check @param {AbortSignal} signal ends it @param {Show} show */
export async function runCheck(check, signal, show) {
  show(check.section, 'checking');
  const outcome = await outcomeOf(check, signal);
  if (!signal.aborted) show(check.section, outcome);
}

/** @param {Check} check @param {AbortSignal} signal @returns {Promise<Outcome>} */
async function outcomeOf({ check, patience }, signal) {
  try {
    return await within(patience, signal, check);
  } catch (error) {
    // Its message is left out: it may quote what the server has given.
    const name = error instanceof Error ? error.name : typeof error;
    if (name === 'AbortError') return fails(`It did not end within ${patience / 1_000} s.`);
    return fails(`The browser refuses what the check needs: ${visibleLine(name)}.`, 'Try another browser.');
  }
}
