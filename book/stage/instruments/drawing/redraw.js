// @ts-check
// How often something is drawn that may change at any time. Imports nothing.

/** It is drawn at most this often, in ms … */
const INTERVAL = 100;
/** … and drawing takes no more than one part in so many of the time, however much there is to draw. */
const DRAWING_PART = 10;

/** @param {() => void} draw @returns {() => void} draws soon; however often it is called, once */
export function createRedraw(draw) {
  let isDue = false;
  let interval = INTERVAL;

  return () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      const began = performance.now();
      draw();
      interval = Math.max(INTERVAL, (performance.now() - began) * DRAWING_PART);
    }, interval);
  };
}
