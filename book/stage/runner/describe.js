// @ts-check
// Values as text that a person can read: what the console of a demo shows. Uses nothing but the language.

stage.describe = (() => {
  const MAX_DEPTH = 4;
  const MAX_KEYS = 50;
  const MAX_STRING = 10_000;
  const MAX_TOTAL = 20_000;
  /** Values looked at for one text: a wide and deep object ends here. */
  const MAX_VALUES = 1_000;
  /** Longer than this, an object is written one property to a line. */
  const LINE_WIDTH = 76;

  const functionText = Function.prototype.toString;
  let valuesLeft = 0;

  /**
   * @param {unknown} value
   * @returns {string} never throws, and calls no getter of a plain object; a Proxy or a getter of an error may run code of the demo
   */
  function describe(value) {
    if (typeof value === 'string') return clip(value, MAX_TOTAL);
    valuesLeft = MAX_VALUES;
    try {
      return clip(inspect(value, 0, []), MAX_TOTAL);
    } catch {
      return '[an object that can not be looked at]';
    }
  }

  /**
   * @param {unknown} value
   * @param {number} depth
   * @param {object[]} path the objects around this one
   * @returns {string}
   */
  function inspect(value, depth, path) {
    if (typeof value === 'string') return quote(value, depth);
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'symbol') return String(value);
    if (typeof value === 'function') return describeFunction(value);
    if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
    if (path.includes(value)) return '[circular]';
    if (--valuesLeft < 0) return '…';
    if (isError(value)) return describeError(value, depth, path);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof RegExp) return RegExp.prototype.toString.call(value);
    if (value instanceof Node) return describeNode(value);
    if (value === globalThis) return '[window]';
    const name = typeName(value);
    if (depth >= MAX_DEPTH) return Array.isArray(value) ? `[array of ${value.length}]` : `[${name}]`;
    return compound(value, name, depth, [...path, value]);
  }

  /**
   * @param {object} value
   * @param {string} name
   * @param {number} depth
   * @param {object[]} path
   */
  function compound(value, name, depth, path) {
    /** @param {unknown} inner */
    const show = (inner) => inspect(inner, depth + 1, path);
    if (value instanceof ArrayBuffer) return `ArrayBuffer(${value.byteLength} bytes) ${bytes(new Uint8Array(value))}`;
    if (value instanceof DataView || value instanceof Uint8Array) return `${name}(${value.byteLength} bytes) ${bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))}`;
    if (ArrayBuffer.isView(value)) return layOut(name, '[', ']', take(first(/** @type {any} */ (value)).map((inner) => show(inner)), /** @type {any} */ (value).length), depth);
    if (Array.isArray(value)) return layOut('', '[', ']', take(value.slice(0, MAX_KEYS).map((inner) => show(inner)), value.length), depth);
    if (value instanceof Map) return layOut(`Map(${value.size})`, '{', '}', take(first(value).map(([k, v]) => `${show(k)} => ${show(v)}`), value.size), depth);
    if (value instanceof Set) return layOut(`Set(${value.size})`, '{', '}', take(first(value).map((inner) => show(inner)), value.size), depth);
    const [entries, total] = isPlatformObject(value) ? platformEntries(value) : ownEntries(value);
    const shown = entries.map(([key, inner]) => `${key}: ${inner === ACCESSOR ? '[getter]' : show(inner)}`);
    return layOut(name === 'Object' ? '' : name, '{', '}', take(shown, total), depth);
  }

  /** As many values of a collection as are shown. @param {Iterable<any>} values */
  function first(values) {
    const found = [];
    for (const value of values) if (found.push(value) === MAX_KEYS) break;
    return found;
  }

  /** Stands for a property whose value only code of the demo could tell. */
  const ACCESSOR = Symbol('accessor');

  /** @typedef {[entries: [string, unknown][], total: number]} Entries those that are shown, and how many there are */

  /** @param {object} value @returns {Entries} */
  function ownEntries(value) {
    const keys = Object.keys(value);
    const entries = keys.slice(0, MAX_KEYS).map((key) => {
      const property = Object.getOwnPropertyDescriptor(value, key);
      return /** @type {[string, unknown]} */ ([plainKey(key), property && 'value' in property ? property.value : ACCESSOR]);
    });
    return [entries, keys.length];
  }

  /**
   * What the browser's own objects (a description, a candidate, an event) hold stands behind getters, most of them in prototypes.
   * @param {object} value
   * @returns {Entries}
   */
  function platformEntries(value) {
    /** @type {Map<string, unknown>} */
    const entries = new Map();
    for (let holder = value; holder && holder !== Object.prototype && holder !== EventTarget.prototype; holder = Object.getPrototypeOf(holder)) {
      for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
        const isOwnValue = holder === value && property.enumerable && 'value' in property;
        if (entries.has(key) || !(isOwnValue || (property.get && isNative(property.get)))) continue;
        const inner = isOwnValue ? property.value : attempt(/** @type {() => unknown} */ (property.get), value);
        if (inner === null || inner === undefined || inner === '' || typeof inner === 'function') continue;
        entries.set(key, inner);
      }
    }
    return [[...entries].slice(0, MAX_KEYS), entries.size];
  }

  /** @param {() => unknown} get @param {object} self */
  function attempt(get, self) {
    try {
      return get.call(self);
    } catch {
      return undefined;
    }
  }

  /** @param {Function} fn */
  const isNative = (fn) => functionText.call(fn).endsWith('{ [native code] }') || functionText.call(fn).endsWith('[native code]\n}');

  /** @param {object} value */
  function isPlatformObject(value) {
    const proto = Object.getPrototypeOf(value);
    const constructor = proto && Object.getOwnPropertyDescriptor(proto, 'constructor')?.value;
    return typeof constructor === 'function' && constructor !== Object && isNative(constructor);
  }

  /** @param {object} value */
  function typeName(value) {
    const proto = Object.getPrototypeOf(value);
    if (proto === null) return 'Object';
    const constructor = Object.getOwnPropertyDescriptor(proto, 'constructor')?.value;
    return (typeof constructor === 'function' && nameOf(constructor)) || 'Object';
  }

  /** @param {Function} fn */
  function nameOf(fn) {
    const name = Object.getOwnPropertyDescriptor(fn, 'name')?.value;
    return typeof name === 'string' ? name : '';
  }

  /** @param {Function} fn */
  function describeFunction(fn) {
    const kind = functionText.call(fn).startsWith('class') ? 'class' : 'function';
    return `[${kind} ${nameOf(fn) || '(anonymous)'}]`;
  }

  /** @param {object} value */
  const isError = (value) => value instanceof Error || value instanceof DOMException;

  /** @param {any} error @param {number} depth @param {object[]} path */
  function describeError(error, depth, path) {
    const text = `${error.name}: ${error.message}`;
    if (depth >= MAX_DEPTH) return text;
    /** @param {string} label @param {unknown} inner */
    const line = (label, inner) => `\n${'  '.repeat(depth + 1)}${label} ${inspect(inner, depth + 1, [...path, error])}`;
    const several = error instanceof AggregateError ? error.errors.slice(0, MAX_KEYS).map((/** @type {unknown} */ one) => line('-', one)) : [];
    return text + several.join('') + (error.cause === undefined ? '' : line('caused by', error.cause));
  }

  /** @param {Node} node */
  function describeNode(node) {
    if (node instanceof Element) return `<${node.localName}${node.id ? ` id="${node.id}"` : ''}>`;
    return `[${node.nodeName}]`;
  }

  /** @param {Uint8Array} view */
  function bytes(view) {
    const shown = Array.from(view.subarray(0, MAX_KEYS), (byte) => byte.toString(16).padStart(2, '0'));
    return `<${shown.join(' ')}${view.length > MAX_KEYS ? ' …' : ''}>`;
  }

  /** A text of several lines, such as SDP, is shown as lines. @param {string} text @param {number} depth */
  function quote(text, depth) {
    const shown = clip(text, MAX_STRING);
    const lines = shown.trimEnd().split(/\r?\n/);
    if (lines.length === 1) return JSON.stringify(shown);
    const indent = '  '.repeat(depth + 1);
    return `\`\n${lines.map((line) => indent + line).join('\n')}\n${'  '.repeat(depth)}\``;
  }

  /** @param {string} key */
  const plainKey = (key) => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? key : JSON.stringify(key));

  /** @param {string[]} shown @param {number} total */
  const take = (shown, total) => (total > shown.length ? [...shown, `… ${total - shown.length} more`] : shown);

  /**
   * @param {string} name
   * @param {string} open
   * @param {string} close
   * @param {string[]} items
   * @param {number} depth
   */
  function layOut(name, open, close, items, depth) {
    const head = name ? `${name} ${open}` : open;
    if (items.length === 0) return head + close;
    const oneLine = `${head} ${items.join(', ')} ${close}`;
    if (oneLine.length <= LINE_WIDTH && !oneLine.includes('\n')) return oneLine;
    const indent = '  '.repeat(depth + 1);
    return `${head}\n${items.map((item) => indent + item).join(',\n')}\n${'  '.repeat(depth)}${close}`;
  }

  /** @param {string} text @param {number} length */
  const clip = (text, length) => (text.length > length ? `${text.slice(0, length)}… (${text.length - length} more characters)` : text);

  return describe;
})();
