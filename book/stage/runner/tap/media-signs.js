// @ts-check
// Tells the page, once, that this run makes pictures or sounds: it has given a track to a connection or to an element, has played an element, or has an
// audio context. What it only negotiates, and what an offline audio context computes, is none.

stage.mediaSigns = (() => {
  const { construct, standIn } = stage;
  let isTold = false;
  /** @type {(() => void) | undefined} */
  let tell;

  function begin() {
    if (isTold || !tell) return;
    isTold = true;
    tell();
  }

  for (const name of ['AudioContext', 'webkitAudioContext']) {
    const native = /** @type {any} */ (globalThis)[name];
    if (typeof native !== 'function') continue;
    /** @type {any} */
    const tapped = standIn(native, {
      construct(/** @type {Function} */ target, /** @type {any[]} */ args, /** @type {Function} */ newTarget) {
        const context = construct(target, args, newTarget === tapped ? target : newTarget);
        begin();
        return context;
      },
    });
    native.prototype.constructor = tapped;
    /** @type {any} */ (globalThis)[name] = tapped;
  }

  return {
    begin,

    /** @param {() => void} take called at the first sign from now on */
    start(take) {
      tell = take;
    },
  };
})();
