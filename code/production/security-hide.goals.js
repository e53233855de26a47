// @ts-check
// What the exercise “Hide where you are” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, said } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 8;

/** @param {import('../goals.js').Run} run */
const alice = ({ model: { connections } }) =>
  connections.find(({ title }) => /alice/i.test(title)) ?? connections[0];

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Bob reads the message.',
    missed:
      'It did not arrive. Has Alice a relay candidate, and Bob one as well?',
    // At an address where this browser is lent no relay, nothing can arrive. What Alice has gathered is known by then.
    met: (run) =>
      arrived(run, 'Guess') ||
      (said(run, 'none for this browser') && run.elapsed > 4_000),
  },
  {
    says: 'Alice sends nothing from an address of her own.',
    missed:
      'Open Candidates: from which addresses of Alice’s own does her browser try to reach Bob?',
    holds: (run) =>
      alice(run)?.localCandidates.every(
        ({ text }) => text === '' || / typ relay /.test(text),
      ) ?? false,
  },
];
