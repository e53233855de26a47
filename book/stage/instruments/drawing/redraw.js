// @ts-check
// Limits how often something is drawn that may change at any time.
//
// May import: nothing.

/** The shortest time between two drawings, in ms … */
const INTERVAL = 100;
/** … which grows so that drawing takes at most one part in this many of the time. */
const DRAWING_PART = 10;

/**
 * Limits how often a drawing is made.
 * @param {() => void} draw
 * @returns {() => void} draws soon; however often it is called, once
 */
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
