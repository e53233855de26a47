// @ts-check
// What the exercise “A test that can't fail” asks for. Pure. A verdict is what the program logs: nothing else can know it.
//
// May import: ../goals.js.

import { arrivals, said } from '../goals.js';

/** @typedef {import('../goals.js').Run} Run */

/** After so many seconds of a run, what is still missed is said. The silent one takes the whole of a deadline. */
export const seconds = 20;

/** Whether what was sent to one of the three has arrived there, and come back. @param {Run} run @param {string} name */
const isEchoed = (run, name) => arrivals(run, `hello, ${name}`).length >= 2;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'The prompt one passes.',
    missed:
      'Its echo is there within milliseconds. What does the test look at?',
    met: (run) => isEchoed(run, 'prompt') && said(run, 'prompt: passed'),
  },
  {
    says: 'The late one passes as well.',
    missed: 'Its echo comes after 1.5 s. What does the test wait for?',
    met: (run) => isEchoed(run, 'late') && said(run, 'late: passed'),
  },
  {
    says: 'The silent one fails.',
    missed:
      'Does anything that the test looks at depend on whether an echo comes? And does it ever stop waiting for one?',
    met: (run) => said(run, 'silent: failed'),
  },
  {
    says: 'No verdict is wrong.',
    missed: 'The console has a verdict that is not true.',
    holds: (run) =>
      !said(run, 'prompt: failed') &&
      !said(run, 'late: failed') &&
      !said(run, 'silent: passed'),
  },
  {
    says: 'In the end, every connection is closed.',
    missed: 'Open States: which connections does nobody close?',
    holds: ({ model: { connections } }) =>
      connections.length >= 6 &&
      connections.every(({ closedAt }) => closedAt !== undefined),
  },
];
