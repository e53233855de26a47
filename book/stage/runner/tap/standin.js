// @ts-check
// What stands in the place of a function of the browser's: it has the same name, length and prototype, and shows the same text.

/**
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
    // Without a prototype: what the demo adds to `Object.prototype` must not become a trap.
    const proxy = /** @type {any} */ (new Proxy(native, assign(create(null), handler)));
    natives.set(proxy, nativeOf(native) ?? native);
    return proxy;
  }

  // A proxy would show as a function without a name.
  Function.prototype.toString = standIn(Function.prototype.toString, {
    apply: (toString, self, args) => apply(toString, nativeOf(self) ?? self, args),
  });
  return standIn;
})();
