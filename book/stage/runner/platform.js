// @ts-check
// Reads objects of the browser for the console of a demo: values behind getters, in collections, or out of reach, which is then remarked.

stage.platform = (() => {
  const functionText = Function.prototype.toString;
  const {
    getOwnPropertyDescriptor: propertyOf,
    getOwnPropertyDescriptors: propertiesOf,
    getPrototypeOf: prototypeOf,
  } = Object;
  const isIn = Object.prototype.isPrototypeOf;
  const iterators = [
    prototypeOf(prototypeOf([][Symbol.iterator]())),
    prototypeOf(prototypeOf(prototypeOf((async function* () {})()))),
  ];

  /** Boxed primitives. @type {[kind: string, prototype: { valueOf(): unknown }][]} */
  const BOXES = [
    ['Number', Number.prototype],
    ['String', String.prototype],
    ['Boolean', Boolean.prototype],
    ['Symbol', Symbol.prototype],
    ['BigInt', BigInt.prototype],
  ];
  const unboxers = BOXES.map(([, { valueOf }]) => valueOf);

  /** Classes whose contents can only be awaited, read or consumed. */
  const OUT_OF_REACH = {
    Promise: 'its outcome comes later: await it',
    WeakMap: 'its entries can not be listed',
    WeakSet: 'its values can not be listed',
    FinalizationRegistry: 'what it watches can not be listed',
    Blob: 'its contents are read with text() or arrayBuffer()',
    Response: 'its body is read with text() or json()',
    Request: 'its body is read with text() or json()',
    ReadableStream: 'what it carries is read with getReader()',
    TimeRanges: 'its ranges are read with start(0) and end(0)',
  };
  const OF_THE_REST = 'nothing of it can be read';

  /** Methods without arguments that return what no getter does. Few runs show any of these, so none is looked up before. @type {[type: () => any, key: string, method: string][]} */
  const TOLD_BY_METHODS = [
    [() => globalThis.MediaStream, 'tracks', 'getTracks'],
    [() => globalThis.WeakRef, 'target', 'deref'],
    [() => globalThis.Intl?.DateTimeFormat, 'options', 'resolvedOptions'],
    [() => globalThis.Intl?.NumberFormat, 'options', 'resolvedOptions'],
  ];

  /** @param {Function} fn */
  function isNative(fn) {
    const text = functionText.call(fn);
    return text.endsWith('{ [native code] }') || text.endsWith('[native code]\n}');
  }

  /** @param {object} value */
  function isPlatformObject(value) {
    const proto = prototypeOf(value);
    const constructor = proto && propertyOf(proto, 'constructor')?.value;
    return typeof constructor === 'function' && constructor !== Object && isNative(constructor);
  }

  /** The primitive in a box, as `new Number(5)` makes one. @param {object} value @returns {[kind: string, primitive: unknown] | undefined} */
  function unboxed(value) {
    const at = BOXES.findIndex(([, prototype]) => isIn.call(prototype, value));
    if (at < 0) return undefined;
    try {
      return [BOXES[at][0], unboxers[at].call(value)];
    } catch {
      return undefined; // It has only the prototype of one.
    }
  }

  /** Reads a property, own or inherited, if that runs no code of the demo. @param {object} value @param {PropertyKey} key @returns {unknown} */
  function nativeProperty(value, key) {
    for (let holder = value; holder; holder = prototypeOf(holder)) {
      const property = propertyOf(holder, key);
      if (!property) continue;
      if ('value' in property) return property.value;
      return property.get && isNative(property.get) ? property.get.call(value) : undefined;
    }
    return undefined;
  }

  /**
   * What a collection of the browser's holds: headers, the fields of a form, the reports of a connection, nodes.
   * @param {object} value @param {number} most how many of its items are read
   * @returns {{ items: any[], size: number | undefined, isKeyed: boolean } | undefined} nothing if it is none; `size` is not known of all
   */
  function collectionOf(value, most) {
    const iterate = nativeProperty(value, Symbol.iterator);
    if (typeof iterate !== 'function' || !isNative(iterate)) return undefined;
    const items = [];
    const iterator = iterate.call(value);
    for (let step = iterator.next(); !step.done; step = iterator.next()) if (items.push(step.value) > most) break;
    const size = nativeProperty(value, 'size') ?? nativeProperty(value, 'length');
    const isWhole = items.length <= most;
    return {
      items: items.slice(0, most),
      size: typeof size === 'number' ? size : isWhole ? items.length : undefined,
      isKeyed: iterate === nativeProperty(value, 'entries'),
    };
  }

  /** Describes an iterator or a generator without its values, which reading would consume. @param {object} value @returns {string | undefined} */
  function iteratorIn(value) {
    if (!iterators.some((prototype) => isIn.call(prototype, value))) return undefined;
    const kind = nativeProperty(value, Symbol.toStringTag);
    return `[${typeof kind === 'string' && kind ? kind : 'Iterator'}: looking at its values uses them up, spread it into an array]`;
  }

  /**
   * What is not shown of it, in words; nothing if all is.
   * @param {object} value
   * @param {string} name of its class
   * @param {boolean} isEmpty nothing of it is shown
   */
  function missingOf(value, name, isEmpty) {
    for (const [kind, words] of Object.entries(OUT_OF_REACH)) {
      const type = /** @type {any} */ (globalThis)[kind];
      if (typeof type === 'function' && isIn.call(type.prototype, value)) return words;
    }
    return isEmpty && name !== 'Object' ? OF_THE_REST : '';
  }

  /**
   * The properties of a browser object (a description, a candidate, an event), which are getters, most of them in prototypes.
   * @param {object} value
   * @param {object} [root] a prototype whose getters, and those above, are left out
   * @returns {Map<string, unknown>}
   */
  function gettersOf(value, root = EventTarget.prototype) {
    /** @type {Map<string, unknown>} */
    const entries = new Map();
    for (let holder = value; holder && holder !== Object.prototype && holder !== root; holder = prototypeOf(holder)) {
      for (const [key, property] of Object.entries(propertiesOf(holder))) {
        const isOwnValue = holder === value && property.enumerable && 'value' in property;
        if (entries.has(key) || !(isOwnValue || (property.get && isNative(property.get)))) continue;
        const inner = isOwnValue ? property.value : attempt(/** @type {() => unknown} */ (property.get), value);
        if (inner === null || inner === undefined || inner === '' || typeof inner === 'function') continue;
        entries.set(key, inner);
      }
    }
    for (const [typeOf, key, method] of TOLD_BY_METHODS) {
      const prototype = typeOf()?.prototype;
      const tell = prototype && isIn.call(prototype, value) && nativeProperty(value, method);
      if (typeof tell === 'function') entries.set(key, attempt(/** @type {() => unknown} */ (tell), value));
    }
    return entries;
  }

  /** @param {() => unknown} read @param {object} self */
  function attempt(read, self) {
    try {
      return read.call(self);
    } catch {
      return undefined;
    }
  }

  return { isPlatformObject, unboxed, nativeProperty, iteratorIn, collectionOf, missingOf, gettersOf };
})();
