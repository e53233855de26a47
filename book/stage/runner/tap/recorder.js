// @ts-check
// What the taps saw, kept until the page takes it: a ring with a bound, sent in batches. Also how taps look at objects without running
// code of the demo: by the browser's own getters, taken before the demo could change them. Layout:
//   standin.js       what stands in the place of a function of the browser's
//   connections.js   peer connections and data channels, observed
//   sockets.js       WebSockets, observed
//   calls.js         other calls that are refused without a stack
//   faults.js        what breaks on purpose
//   get-stats.js     statistics

stage.recorder = (() => {
  /** Events that wait for the page; of a flood the oldest messages are dropped, and counted. */
  const MAX_PENDING = 1_000;
  /** Enough for a loop of renegotiations, whose descriptions grow. */
  const MAX_PENDING_CHARACTERS = 4_000_000;
  /** Characters of one text: a description, a signaling message, the beginning of another one. The page has the same bound (events.js). */
  const MAX_TEXT = 200_000;
  /** Events travel together, at most this often, in ms: late enough to stay out of the way of a handshake. */
  const FLUSH_INTERVAL = 150;

  const { lines, uncurry } = stage;
  const later = setTimeout.bind(globalThis);
  const settled = Promise.resolve();
  const now = performance.now.bind(performance);
  const NativeError = Error;
  const { assign } = Object;
  const { max } = Math;
  const propertyOf = Object.getOwnPropertyDescriptor;
  const stop = uncurry(Event.prototype.stopImmediatePropagation);
  const then = uncurry(Promise.prototype.then);
  const listen = uncurry(EventTarget.prototype.addEventListener);

  /** @typedef {{ at: number, type: string, trace?: Error, later?: () => object, line?: number, [field: string]: unknown }} TapEvent see stage/events.js; `later` gives
   * fields that can't change any more, and so need not be read while a handshake waits */

  /** @type {TapEvent[]} */
  let pending = [];
  let characters = 0;
  let dropped = 0;
  let isFlushDue = false;
  let startedAt = now();
  /** @type {(events: TapEvent[], dropped: number) => void} */
  let send = () => {};

  /** @param {Omit<TapEvent, 'at'>} fields @param {number} [time] when it happened, if it was not just now */
  function record(fields, time = now()) {
    const event = /** @type {TapEvent} */ (fields);
    event.at = time - startedAt;
    characters += clip(event);
    // Not `push`: the demo may have changed it.
    pending[pending.length] = event;
    while (pending.length > MAX_PENDING || characters > MAX_PENDING_CHARACTERS) drop();
    if (isFlushDue) return;
    isFlushDue = true;
    // When the code pauses, while the browser is at work on what it was told: also a timer takes its time.
    then(settled, arm);
  }

  /** Keeps its text within the bound, and says how much is missing. @param {TapEvent} event @returns {number} how long the text is */
  function clip(event) {
    const { text } = event;
    if (typeof text !== 'string') return 0;
    if (text.length <= MAX_TEXT) return text.length;
    event.text = text.slice(0, MAX_TEXT);
    event.cut = text.length - MAX_TEXT;
    return MAX_TEXT;
  }

  /** The oldest message of a channel, on which nothing depends; then the oldest that is not of a socket: the page counts from these who is in the room. */
  function drop() {
    let index = oldest(isChannelMessage);
    if (index < 0) index = oldest(isOfConnection);
    const [{ text }] = pending.splice(max(index, 0), 1);
    characters -= typeof text === 'string' ? text.length : 0;
    dropped += 1;
  }

  /** @param {(event: TapEvent) => boolean} canGo @returns {number} its index; -1 if there is none */
  function oldest(canGo) {
    for (let i = 0; i < pending.length; i += 1) if (canGo(pending[i])) return i;
    return -1;
  }

  /** @param {TapEvent} event */
  const isChannelMessage = ({ type, on }) => type === 'message' && /** @type {string} */ (on)[0] === 'c';
  /** @param {TapEvent} event */
  const isOfConnection = ({ on }) => /** @type {string} */ (on)[0] !== 'w';

  const arm = () => later(flush, FLUSH_INTERVAL);

  function flush() {
    isFlushDue = false;
    const events = pending;
    pending = [];
    characters = 0;
    // To write out a stack costs more than to take it, so it waits until now.
    for (const event of events) {
      if (event.trace) event.line = lines.inStack(event.trace.stack);
      if (event.later) clip(assign(event, event.later()));
      event.trace = event.later = undefined;
    }
    send(events, dropped);
    dropped = 0;
  }

  /**
   * The browser's own getter of a property, whatever the demo makes of the prototype later.
   * @param {any} prototype @param {string} name
   * @returns {(self: object) => any}
   */
  function getter(prototype, name) {
    const get = propertyOf(prototype, name)?.get;
    return get ? uncurry(get) : () => undefined;
  }

  /** A property of an object of the demo's, if no code has to run to know it. @param {unknown} object @param {string} name */
  const plain = (object, name) => (typeof object === 'object' && object ? propertyOf(object, name)?.value : undefined);

  /** @typedef {{ type: string, listener: (this: any, event: Event) => void }} Observer one for all objects of a class: code that runs often is fast */

  /**
   * Only what the browser itself dispatches counts.
   * @param {string} type @param {(target: any, event: any) => void} see
   * @returns {Observer}
   */
  const observer = (type, see) => ({
    type,
    listener(event) {
      if (!event.isTrusted) return;
      try {
        see(this, event);
      } catch {
        // What observes must not break what it observes.
      }
    },
  });

  /** Listens before the demo can. @param {object} target @param {Observer[]} observers */
  function watch(target, observers) {
    for (let i = 0; i < observers.length; i += 1) listen(target, observers[i].type, observers[i].listener);
  }

  return {
    record,
    then,
    getter,
    plain,
    now,
    observer,
    watch,
    /** Keeps an event from the demo. @param {Event} event */
    halt: (event) => stop(event),
    /** Where the demo is; its line is read off later. */
    here: () => new NativeError(),

    /** @param {typeof send} take gets each batch, and how many events before it were dropped */
    start(take) {
      send = take;
      startedAt = now();
    },
  };
})();

/**
 * Of what is sent or received: the text, and its size in bytes, or in UTF-16 units for text.
 * @param {any} data
 * @param {number} [length] of the text
 */
stage.contents = (() => {
  const { getter } = stage.recorder;
  const byteLength = getter(ArrayBuffer.prototype, 'byteLength');
  const sizeOf = getter(Blob.prototype, 'size');
  const viewLength = getter(Object.getPrototypeOf(Uint8Array.prototype), 'byteLength');
  const dataViewLength = getter(DataView.prototype, 'byteLength');
  return (/** @type {any} */ data, length = Infinity) => {
    if (typeof data === 'string') return { text: data.slice(0, length), size: data.length };
    for (const measure of [byteLength, viewLength, dataViewLength, sizeOf]) {
      try {
        const size = measure(data);
        if (typeof size === 'number') return { size };
      } catch {
        // It is something else.
      }
    }
    return {};
  };
})();
