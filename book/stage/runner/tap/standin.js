// @ts-check
// Proxies for functions of the browser that the demo can't tell from the originals: same name, length, prototype and source text.

/**
 * Creates a proxy for a function of the browser.
 * @param {Function} native
 * @param {ProxyHandler<any>} handler what happens when it is called, or constructs
 * @returns {any}
 */
stage.standIn = (() => {
  const { apply } = stage;
  const { assign, create } = Object;
  /** @type {WeakMap<object, Function>} */
  const natives = new WeakMap();
  const nativeOf = natives.get.bind(natives);

  /** @param {Function} native @param {ProxyHandler<any>} handler */
  function standIn(native, handler) {
    // The handler has no prototype, so that properties which the demo adds to `Object.prototype` are no traps.
    const proxy = /** @type {any} */ (new Proxy(native, assign(create(null), handler)));
    natives.set(proxy, nativeOf(native) ?? native);
    return proxy;
  }

  // Of a proxy, `toString` would return a function without a name.
  Function.prototype.toString = standIn(Function.prototype.toString, {
    apply: (toString, self, args) => apply(toString, nativeOf(self) ?? self, args),
  });
  return standIn;
})();
