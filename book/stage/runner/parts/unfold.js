// @ts-check
// The part of the runner for values that the reader unfolds in the console: what is in each, one level at a time, as it is when it is asked for. Getters of the demo's
// objects are not called, nothing is awaited or used up, and promises get no handler. Code of the demo may run where it stands in the place of the browser's: a Proxy,
// what a subclass of a built-in class overrides, such as `entries()` of a Map, and getters of an error, such as `stack`.
//
// May import: nothing.

/** Values that one answer lists; the reader can ask for those behind them. */
const MAX_ITEMS = 100;
/** Characters of one value, of its name, and of all in an answer. */
const MAX_TEXT = 10_000;
const MAX_KEY = 200;
const MAX_CHARACTERS = 100_000;
/** Entries whose values are kept (../values.js). */
const MAX_KEPT = 100;
/** Values inside of each other. */
const MAX_DEPTH = 30;
/** Values of one entry that can be unfolded. */
const MAX_NODES = 2_000;
/** Characters that are shown of what is in a value. */
const LINE = 80;
/** Bytes in a row. */
const ROW = 16;

/** The depths at which `describe` shows of an object what is in it, and its kind alone. */
const ONE_LEVEL = 3;
const KIND = 4;

/** A value that is no object's: words in its place. */
class Words {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

const GETTER = new Words('[getter]');
const EMPTY = new Words('(empty)');

/** @typedef {[key: string, value: unknown]} Pair */
/** @typedef {{ pairs: Pair[], total: number, remark?: string }} Contents those that were asked for, and how many there are, which may not be known: Infinity */
/** @typedef {{ value: unknown, parent: number, depth: number }} Place of a value among those of its entry */

/** @param {any} stage what the runner shares (../runner.html) @param {any} values those that are kept (../values.js) */
export function install(stage, values) {
  const { describe, lines, platform } = stage;

  /**
   * @param {{ entry: number, node: number, from: number }} question `node` is a value of the entry, the entry itself if it is negative; so many of what is in it are
   * passed over
   * @returns {{ items: { key: string, text: string, node?: number }[], rest: number, remark: string }}
   */
  function open({ entry, node, from }) {
    const kept = values.find(entry);
    if (!kept) return { items: [], rest: 0, remark: `Kept are the values of the ${MAX_KEPT} newest entries.` };
    /** @type {Place[]} */
    const nodes = (kept.nodes ??= []);
    try {
      const parent = nodes[node];
      const { pairs, total, remark = '' } = parent ? contentsOf(parent.value, from) : argumentsOf(kept.args, from);
      const items = [];
      let characters = 0;
      for (const [key, value] of pairs) {
        const item = attempt(() => itemOf(key, value, node, nodes)) ?? { key, text: describe.UNREADABLE };
        characters += item.key.length + item.text.length;
        if (items.length > 0 && characters > MAX_CHARACTERS) break;
        items.push(item);
      }
      return { items, rest: Math.max(0, total - from - items.length), remark };
    } catch {
      return { items: [], rest: 0, remark: 'This can not be looked at.' };
    }
  }

  /** @param {string} key @param {unknown} value @param {number} parent @param {Place[]} nodes */
  function itemOf(key, value, parent, nodes) {
    const name = clip(key, MAX_KEY);
    if (value instanceof Words) return { key: name, text: clip(value.text, MAX_TEXT) };
    const text = clip(previewOf(value), MAX_TEXT);
    if (!canUnfold(value) || isEmpty(value, text)) return { key: name, text };
    const depth = (nodes[parent]?.depth ?? 0) + 1;
    if (isAround(value, parent, nodes)) return { key: name, text: '[circular]' };
    if (depth > MAX_DEPTH) return { key: name, text: `${text} (in more than ${MAX_DEPTH} others)` };
    if (nodes.length >= MAX_NODES)
      return { key: name, text: `${text} (of one entry ${MAX_NODES} can be unfolded: log a part of it)` };
    return { key: name, text, node: nodes.push({ value, parent, depth }) - 1 };
  }

  /** @param {unknown} value @returns {string} */
  function previewOf(value) {
    if (typeof value !== 'object' || value === null) return describe.brief(value, 0);
    if (value instanceof Couple) return `{ ${previewOf(value.key)} => ${previewOf(value.value)} }`;
    const isLine = (/** @type {string} */ text) => text.length <= LINE && !text.includes('\n');
    const text = describe.brief(value, ONE_LEVEL);
    if (isLine(text)) return text;
    if (Array.isArray(value) || describe.isError(value)) return describe.brief(value, KIND);
    return `${text.replaceAll(/\s+/g, ' ').slice(0, LINE)}…`;
  }

  /** @param {unknown} value @returns {value is object} */
  const canUnfold = (value) =>
    typeof value === 'object' &&
    value !== null &&
    value !== globalThis &&
    !(value instanceof Date || value instanceof RegExp || value instanceof CharacterData) &&
    !platform.unboxed(value) &&
    !platform.iteratorIn(value);

  /** Nothing is in it, not even a property that its text leaves out because it is not enumerable. @param {object} value @param {string} text */
  const isEmpty = (value, text) =>
    /^(?:\S+ )?(?:\{\}|\[\])$/.test(text) && Reflect.ownKeys(value).every((key) => key === 'length');

  /** Those of an entry that are objects. @param {unknown[]} args @param {number} from @returns {Contents} */
  function argumentsOf(args, from) {
    const objects = args.filter((value) => typeof value === 'object' && value !== null);
    return part(objects.length, from, (i) => ['', objects[i]]);
  }

  /** @param {any} value @param {number} from @returns {Contents} */
  function contentsOf(value, from) {
    if (value instanceof Couple) return part(2, from, (i) => (i === 0 ? ['key:', value.key] : ['value:', value.value]));
    if (describe.isError(value)) return ofError(value, from);
    if (value instanceof ArrayBuffer) return ofBytes(new Uint8Array(value), from);
    if (value instanceof DataView)
      return ofBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), from);
    if (ArrayBuffer.isView(value))
      return part(/** @type {any} */ (value).length, from, (i) => [`${i}:`, /** @type {any} */ (value)[i]]);
    if (Array.isArray(value)) return ofArray(value, from);
    if (value instanceof Map) return ofEntries(value.entries(), value.size, from);
    if (value instanceof Set) return ofItems(value.values(), value.size, from);
    if (value instanceof Node) return part(value.childNodes.length, from, (i) => [`${i}:`, value.childNodes[i]]);
    if (!platform.isPlatformObject(value)) return { ...ofOwn(value, from), remark: describe.hiddenIn(value)[0] };
    const collection = platform.collectionOf(value, from + MAX_ITEMS);
    if (collection) {
      const { items, size = Infinity, isKeyed } = collection;
      return isKeyed ? ofEntries(items.values(), size, from) : ofItems(items.values(), size, from);
    }
    const getters = [...platform.gettersOf(value)];
    return {
      ...part(getters.length, from, (i) => [`${getters[i][0]}:`, getters[i][1]]),
      remark: platform.missingOf(value, '', getters.length === 0),
    };
  }

  /** @param {any} error @param {number} from */
  function ofError(error, from) {
    const { stack } = error;
    /** @type {Pair[]} */
    const pairs = [['message:', error.message]];
    if (error.cause !== undefined) pairs.push(['cause:', error.cause]);
    if (error instanceof AggregateError) pairs.push(['errors:', error.errors]);
    const isSubclass = error instanceof DOMException && Object.getPrototypeOf(error) !== DOMException.prototype;
    const getters = isSubclass ? [...platform.gettersOf(error, DOMException.prototype)] : [];
    for (const [key, value] of getters) pairs.push([`${key}:`, value]);
    const known = ['name', 'message', 'stack', 'cause', 'errors'];
    for (const key of Reflect.ownKeys(error)) if (!known.includes(String(key))) pairs.push(ownPair(error, key));
    if (typeof stack === 'string') pairs.push(['stack:', new Words(lines.named(stack, 0))]);
    return part(pairs.length, from, (i) => pairs[i]);
  }

  /** @param {unknown[]} array @param {number} from */
  function ofArray(array, from) {
    const { length } = array;
    // Listing the keys of a long array takes long.
    const named =
      length > MAX_NODES ? [] : Reflect.ownKeys(array).filter((key) => !/^(?:\d+|length)$/.test(String(key)));
    return part(length + named.length, from, (i) =>
      i < length ? (i in array ? ownPair(array, String(i)) : [`${i}:`, EMPTY]) : ownPair(array, named[i - length]),
    );
  }

  /** Each own property, also those that loops don't find. @param {object} value @param {number} from */
  function ofOwn(value, from) {
    const keys = Reflect.ownKeys(value);
    return part(keys.length, from, (i) => ownPair(value, keys[i]));
  }

  /** @param {object} value @param {string | symbol} key @returns {Pair} */
  function ownPair(value, key) {
    const property = Object.getOwnPropertyDescriptor(value, key);
    const name = typeof key === 'symbol' ? `[${String(key)}]` : key;
    return [`${name}:`, property && 'value' in property ? property.value : GETTER];
  }

  /** @param {Iterator<[unknown, unknown]>} entries @param {number} size @param {number} from */
  const ofEntries = (entries, size, from) =>
    passed(entries, size, from, ([key, value], i) =>
      typeof key === 'object' && key !== null
        ? [`${i}:`, new Couple(key, value)]
        : [`${describe.brief(key, 0)} =>`, value],
    );

  /** @param {Iterator<unknown>} items @param {number} size @param {number} from */
  const ofItems = (items, size, from) => passed(items, size, from, (value, i) => [`${i}:`, value]);

  /**
   * Bytes in rows.
   * @param {Uint8Array} bytes @param {number} from
   */
  const ofBytes = (bytes, from) =>
    part(Math.ceil(bytes.length / ROW), from, (i) => {
      const row = Array.from(bytes.subarray(i * ROW, (i + 1) * ROW), (byte) => byte.toString(16).padStart(2, '0'));
      return [`${(i * ROW).toString(16).padStart(4, '0')}:`, new Words(row.join(' '))];
    });

  return { open };
}

/** An entry of a Map whose key is an object. */
class Couple {
  /** @param {unknown} key @param {unknown} value */
  constructor(key, value) {
    this.key = key;
    this.value = value;
  }
}

/** @template T @param {() => T} look at what may run code of the demo @returns {T | undefined} */
function attempt(look) {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** Whether a value is one of those that a node is in, or the node's own. @param {unknown} value @param {number} node @param {Place[]} nodes */
function isAround(value, node, nodes) {
  for (let at = node; nodes[at]; at = nodes[at].parent) if (nodes[at].value === value) return true;
  return false;
}

/**
 * @param {number} total @param {number} from @param {(i: number) => Pair} pairAt
 * @returns {Contents}
 */
function part(total, from, pairAt) {
  const pairs = [];
  for (let i = from; i < total && pairs.length < MAX_ITEMS; i += 1) pairs.push(pairAt(i));
  return { pairs, total };
}

/**
 * The same of what can only be gone through.
 * @template T
 * @param {Iterator<T>} items @param {number} total @param {number} from @param {(item: T, i: number) => Pair} pairOf
 * @returns {Contents}
 */
function passed(items, total, from, pairOf) {
  const pairs = [];
  for (let i = 0; pairs.length < MAX_ITEMS; i += 1) {
    const { done, value } = items.next();
    if (done) break;
    if (i >= from) pairs.push(pairOf(value, i));
  }
  return { pairs, total };
}

/** @param {string} text @param {number} length */
const clip = (text, length) =>
  text.length > length ? `${text.slice(0, length)}… (${text.length - length} more characters)` : text;
