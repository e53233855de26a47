// @ts-check
// What the exercise “Three seconds that play” asks for. Pure.
//
// May import: nothing.

/** @typedef {import('../goals.js').Run} Run */

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 10;

/** How long the recording may last, in s: a busy machine is late. */
const LASTS = { least: 1.5, most: 10 };

/** For how many seconds a recording has played to its end. @param {Run} run */
const played = ({ said }) =>
  said.map((entry) => {
    const [, time] = /^it has played for ([\d.]+) s$/.exec(entry) ?? [];
    return Number(time);
  });

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'The recording has bytes.',
    missed: 'When does the recorder give what it has? Log it there.',
    met: ({ said }) =>
      said.some((entry) => /^the recording has [1-9]\d* bytes$/.test(entry)),
  },
  {
    says: 'It plays to its end, for about three seconds.',
    missed: 'A recording needs all its parts, the first and the last as well.',
    met: (run) =>
      played(run).some((time) => time >= LASTS.least && time <= LASTS.most),
  },
];
