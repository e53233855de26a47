// @ts-check
// A spark line: numbers over time without axes, beside which the newest one stands in words.
//
// May import: svg.js.

import { svg } from './svg.js';

/** Numbers that are drawn, the newest, and the drawing's own units. */
const MOST = 60;
const WIDTH = 120;
const HEIGHT = 24;

/** Creates a spark line, which is for the eye only. */
export function createSparkLine() {
  const line = svg('path', { class: 'spark-line' });
  const marks = svg('path', { class: 'spark-marks' });
  const element = svg(
    'svg',
    { class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    marks,
    line,
  );

  return {
    element,

    /** @param {(number | null)[]} values the newest last @param {number[]} marked which of them are marked */
    draw(values, marked) {
      const first = Math.max(0, values.length - MOST);
      const shown = values.slice(first);
      const most = Math.max(1, ...shown.map((value) => value ?? 0));
      const x = (/** @type {number} */ i) => (((MOST - shown.length + i) / (MOST - 1)) * WIDTH).toFixed(1);
      let isDown = false;
      const steps = shown.map((value, i) => {
        if (value === null) {
          isDown = false;
          return '';
        }
        const step = `${isDown ? 'L' : 'M'}${x(i)} ${(HEIGHT - 1 - (value / most) * (HEIGHT - 2)).toFixed(1)}`;
        isDown = true;
        return step;
      });
      line.setAttribute('d', steps.join(''));
      const at = marked.filter((i) => i >= first).map((i) => `M${x(i - first)} 0V${HEIGHT}`);
      marks.setAttribute('d', at.join(''));
    },
  };
}
