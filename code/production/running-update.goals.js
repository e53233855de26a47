// @ts-check
// What the exercise “A page of last week” asks for. Pure.
//
// May import: ../goals.js.

import { arrivals } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 10;

const WELCOME = 'welcome';

/** As last week's program has it. @param {{ text: string }} message */
const isPlain = ({ text }) => text === WELCOME;

/** As today's program has it. @param {{ text: string }} message */
function isJson({ text }) {
  try {
    return JSON.parse(text)?.text === WELCOME;
  } catch {
    return false;
  }
}

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Ada’s page gets its welcome as plain text.',
    missed:
      'The console says where reading failed. What does last week’s program send, and what can it read?',
    met: (run) => arrivals(run).some(isPlain),
  },
  {
    says: 'Ben’s page gets it as JSON.',
    missed: 'Today’s program goes on speaking today’s form.',
    met: (run) => arrivals(run).some(isJson),
  },
  {
    says: 'Nobody is sent a form that is not theirs.',
    missed:
      'One channel got the welcome in both forms. Its protocol says which of them is right.',
    holds(run) {
      const plain = arrivals(run).filter(isPlain);
      const json = arrivals(run).filter(isJson);
      return !plain.some(({ on }) => json.some((other) => other.on === on));
    },
  },
];
