// @ts-check
// Listeners of the runner at the window that outlive `document.write`. `document.open`, which the first `document.write` after loading
// implies, removes all listeners of the document and its window
// (https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-open-steps), so they are added again.

stage.listeners = (() => {
  const { apply, standIn, uncurry } = stage;
  const listen = uncurry(EventTarget.prototype.addEventListener);
  /** @type {[type: string, listener: (event: any) => void][]} */
  const listeners = [];
  /** @type {(() => void)[]} */
  const rewritten = [];

  /** Adding a listener twice has no effect. */
  function restore() {
    for (let i = 0; i < listeners.length; i += 1) listen(globalThis, listeners[i][0], listeners[i][1], true);
    for (let i = 0; i < rewritten.length; i += 1) rewritten[i]();
  }

  for (const name of ['open', 'write', 'writeln', 'close']) {
    /** @type {any} */
    let holder = document;
    while (holder && !Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder);
    if (!holder) continue;
    holder[name] = standIn(holder[name], {
      apply(/** @type {Function} */ native, /** @type {unknown} */ self, /** @type {unknown[]} */ args) {
        try {
          return apply(native, self, args);
        } finally {
          restore();
        }
      },
    });
  }

  return {
    /** @param {string} type @param {(event: any) => void} listener */
    listen(type, listener) {
      listeners[listeners.length] = [type, listener];
      // Capturing, so that they run before listeners of the demo, which could stop the event.
      listen(globalThis, type, listener, true);
    },

    /** @param {() => void} listener called when the document may have been written anew */
    onrewritten(listener) {
      rewritten[rewritten.length] = listener;
    },

    restore,
  };
})();
