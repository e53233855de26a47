// @ts-check
// Describes values as text for the console of a demo. What is left out is marked. `platform.js` reads objects of the browser.

stage.describe = (() => {
  const MAX_DEPTH = 4;
  const MAX_KEYS = 50;
  const MAX_STRING = 10_000;
  const MAX_TOTAL = 20_000;
  /** Values that one text describes at most, so that a wide and deep object takes bounded time. */
  const MAX_VALUES = 1_000;
  /** An object that is longer than this, in characters, is written with one property per line. */
  const LINE_WIDTH = 76;

  const UNREADABLE = '[an object that can not be looked at]';

  const { platform } = stage;
  const functionText = Function.prototype.toString;
  let valuesLeft = 0;

  /**
   * @param {unknown} value
   * @returns {string} never throws, and calls no getter of a plain object; a Proxy or a getter of an error may run code of the demo
   */
  function describe(value) {
    if (typeof value === 'string') return clip(value, MAX_TOTAL);
    try {
      return clip(brief(value, 0), MAX_TOTAL);
    } catch {
      return UNREADABLE;
    }
  }

  /** A value as it is shown inside of so many others. @param {unknown} value @param {number} depth */
  function brief(value, depth) {
    valuesLeft = MAX_VALUES;
    return inspect(value, depth, []);
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
    const [kind, primitive] = platform.unboxed(value) ?? [];
    if (kind) return `[${kind}: ${inspect(primitive, depth, path)}]`;
    const iterator = platform.iteratorIn(value);
    if (iterator) return iterator;
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
    if (value instanceof DataView || value instanceof Uint8Array)
      return `${name}(${value.byteLength} bytes) ${bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))}`;
    if (ArrayBuffer.isView(value))
      return layOut(
        name,
        '[',
        ']',
        take(
          first(/** @type {any} */ (value)).map((inner) => show(inner)),
          /** @type {any} */ (value).length,
        ),
        depth,
      );
    if (Array.isArray(value))
      return layOut(
        '',
        '[',
        ']',
        take(
          Array.from(value.slice(0, MAX_KEYS), (inner, i) => (i in value ? show(inner) : '(empty)')),
          value.length,
        ).concat(namedIn(value, show)),
        depth,
      );
    if (value instanceof Map)
      return layOut(
        `${name}(${value.size})`,
        '{',
        '}',
        take(
          first(value).map(([k, v]) => `${show(k)} => ${show(v)}`),
          value.size,
        ),
        depth,
      );
    if (value instanceof Set)
      return layOut(
        `${name}(${value.size})`,
        '{',
        '}',
        take(
          first(value).map((inner) => show(inner)),
          value.size,
        ),
        depth,
      );
    if (!platform.isPlatformObject(value))
      return layOut(
        name === 'Object' ? '' : name,
        '{',
        '}',
        take(...shownOf(ownEntries(value), show)).concat(hiddenIn(value)),
        depth,
      );
    const collection = platform.collectionOf(value, MAX_KEYS);
    if (collection) {
      const { items, size, isKeyed } = collection;
      const shown = items.map((/** @type {any} */ item) =>
        isKeyed ? `${show(item[0])} => ${show(item[1])}` : show(item),
      );
      return layOut(
        size === undefined ? name : `${name}(${size})`,
        ...(isKeyed ? BRACES : BRACKETS),
        take(shown, size ?? (items.length === MAX_KEYS ? Infinity : items.length)),
        depth,
      );
    }
    const getters = platform.gettersOf(value);
    const shown = take(...shownOf([[...getters].slice(0, MAX_KEYS), getters.size], show));
    const missing = platform.missingOf(value, name, shown.length === 0);
    return layOut(name, '{', '}', missing ? [...shown, `… ${missing}`] : shown, depth);
  }

  /** @type {[string, string]} */
  const BRACES = ['{', '}'];
  /** @type {[string, string]} */
  const BRACKETS = ['[', ']'];

  /** @param {Entries} entries @param {(inner: unknown) => string} show @returns {[shown: string[], total: number]} */
  const shownOf = ([entries, total], show) => [
    entries.map(([key, inner]) => `${key}: ${inner === ACCESSOR ? '[getter]' : show(inner)}`),
    total,
  ];

  /** Properties of an array that are not elements. @param {unknown[]} array @param {(inner: unknown) => string} show */
  function namedIn(array, show) {
    // Listing the keys of a long array takes long.
    if (array.length > MAX_VALUES) return [];
    const [entries] = ownEntries(array, (key) => typeof key === 'symbol' || !/^\d+$/.test(key));
    return shownOf([entries, 0], show)[0];
  }

  /** A remark if the object's class declares private fields, which can't be read from outside. @param {object} value */
  function hiddenIn(value) {
    const constructor = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(value) ?? {}, 'constructor')?.value;
    const isPrivate = typeof constructor === 'function' && /[\s{;]#[\p{L}_$]/u.test(functionText.call(constructor));
    return isPrivate ? ['… its private fields can not be read'] : [];
  }

  /** The values of a collection that are shown. @param {Iterable<any>} values */
  function first(values) {
    const found = [];
    for (const value of values) if (found.push(value) === MAX_KEYS) break;
    return found;
  }

  /** Stands for a property that has a getter of the demo, which is not called. */
  const ACCESSOR = Symbol('accessor');

  /** @typedef {[entries: [string, unknown][], total: number]} Entries those that are shown, and how many there are */

  /** @param {object} value @param {(key: string | symbol) => boolean} [isWanted] @returns {Entries} */
  function ownEntries(value, isWanted = () => true) {
    const keys = Reflect.ownKeys(value).filter(
      (key) => isWanted(key) && Object.prototype.propertyIsEnumerable.call(value, key),
    );
    const entries = keys.slice(0, MAX_KEYS).map((key) => {
      const property = Object.getOwnPropertyDescriptor(value, key);
      const shown = typeof key === 'symbol' ? `[${String(key)}]` : plainKey(key);
      return /** @type {[string, unknown]} */ ([shown, property && 'value' in property ? property.value : ACCESSOR]);
    });
    return [entries, keys.length];
  }

  /** @param {object} value */
  function typeName(value) {
    const proto = Object.getPrototypeOf(value);
    if (proto === null) return 'Object';
    const constructor = Object.getOwnPropertyDescriptor(proto, 'constructor')?.value;
    const name = (typeof constructor === 'function' && nameOf(constructor)) || 'Object';
    // Namespace objects such as `Math` have no class, but a tag.
    const tag = Object.getOwnPropertyDescriptor(value, Symbol.toStringTag)?.value;
    return name === 'Object' && typeof tag === 'string' ? tag : name;
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

  /** Properties that the text of an error already shows, or its line in the console. @type {PropertyKey[]} */
  const SHOWN_OF_ERRORS = ['name', 'message', 'stack', 'cause', 'errors'];
  if (stage.lines.isJavaScriptCore) SHOWN_OF_ERRORS.push('line', 'column', 'sourceURL');

  /** Besides `Error` and `DOMException`, Firefox throws an `Exception` from some methods. @param {object} value */
  const isError = (value) =>
    value instanceof Error ||
    value instanceof DOMException ||
    platform.nativeProperty(value, Symbol.toStringTag) === 'Exception';

  /** @param {any} error @param {number} depth @param {object[]} path */
  function describeError(error, depth, path) {
    const text = error.message ? `${error.name}: ${error.message}` : String(error.name);
    if (depth >= MAX_DEPTH) return text;
    /** @param {string} label @param {unknown} inner */
    const line = (label, inner) => `\n${'  '.repeat(depth + 1)}${label} ${inspect(inner, depth + 1, [...path, error])}`;
    const several =
      error instanceof AggregateError
        ? error.errors.slice(0, MAX_KEYS).map((/** @type {unknown} */ one) => line('-', one))
        : [];
    // Own properties, and the getters of subclasses of DOMException such as `RTCError`.
    const more =
      error instanceof DOMException && Object.getPrototypeOf(error) !== DOMException.prototype
        ? [...platform.gettersOf(error, DOMException.prototype)]
        : ownEntries(error, (key) => !SHOWN_OF_ERRORS.includes(key))[0];
    const rest = more.map(([key, inner]) => line(`${key}:`, inner === ACCESSOR ? '[getter]' : inner));
    return [text, ...several, ...rest].join('') + (error.cause === undefined ? '' : line('caused by', error.cause));
  }

  /** @param {Node} node */
  function describeNode(node) {
    if (node instanceof CharacterData) return `${node.nodeName} ${quote(node.data, 0)}`;
    if (!(node instanceof Element)) return `[${node.nodeName}]`;
    const attributes = [...node.attributes]
      .slice(0, MAX_KEYS)
      .map(({ name, value }) => ` ${name}="${clip(value, LINE_WIDTH)}"`);
    return `<${node.localName}${attributes.join('')}>${node.hasChildNodes() ? `…</${node.localName}>` : ''}`;
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
  const take = (shown, total) =>
    total > shown.length ? [...shown, Number.isFinite(total) ? `… ${total - shown.length} more` : '… more'] : shown;

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
  const clip = (text, length) =>
    text.length > length ? `${text.slice(0, length)}… (${text.length - length} more characters)` : text;

  return Object.assign(describe, { UNREADABLE, brief, hiddenIn, isError });
})();
