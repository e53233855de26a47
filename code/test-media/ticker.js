// @ts-check
// Ticks that come in the background as well. Browsers slow down the timers of a page that nobody sees; those of a worker go on.
//
// May import: nothing.

/**
 * Calls a function again and again.
 * @param {number} period in ms
 * @param {() => void} tick
 * @returns {() => void} ends it
 */
export function every(period, tick) {
  const program = `setInterval(() => postMessage(0), ${period})`;
  const url = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  const worker = new Worker(url);
  // It has loaded when it ticks.
  worker.addEventListener('message', () => URL.revokeObjectURL(url), { once: true });
  let last = -Infinity;
  worker.onmessage = () => {
    // Ticks that have waited while the page was busy count as one.
    if (performance.now() - last < period / 2) return;
    last = performance.now();
    tick();
  };
  worker.onerror = () => {
    reportError(new Error('test-media: the worker whose ticks move pictures and sounds does not run.'));
  };
  return () => worker.terminate();
}
