// @ts-check
// What is sent to the host of the result of *Check this device*, when the reader asks for it: what works and what does not, and of the latter what was
// found. Addresses that the browser names, and anything else that only the copied result has, are no part of it. Pure.
//
// May import: seen.js.

import { bytesOf, cut, MAX_BYTES } from './seen.js';

/** Checks, characters of a name, and of what was found; the server refuses more. */
const MAX = { checks: 16, name: 60, words: 200 };

const OUTCOMES = ['works', 'fails'];

/** @typedef {{ name: string, state: string, says: string }} Finding */

/** @param {Finding[]} findings */
export function checkedMessage(findings) {
  const checks = findings.slice(0, MAX.checks).map(({ name, state, says }) => ({
    name: cut(name, MAX.name),
    outcome: OUTCOMES.includes(state) ? state : 'untried',
    words: state === 'fails' ? cut(says, MAX.words) : '',
  }));
  const message = { type: 'checked', checks };
  // What failed is of more use than why.
  for (const check of checks.toReversed()) if (bytesOf(message) > MAX_BYTES) check.words = '';
  return message;
}
