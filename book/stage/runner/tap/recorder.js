// @ts-check
// Queues the events of the taps for the page: a bounded ring, sent in batches. Also helps taps to read objects without running code of the
// demo: by the browser's own getters, captured before the demo could replace them. Layout:
//   standin.js       proxies for functions of the browser
//   connections.js   records peer connections and data channels
//   sockets.js       records WebSockets
//   calls.js         notes other calls that are rejected without a stack
//   faults.js        what is broken on purpose (../parts/break.js)
//   line.js          whether a connection goes over a line of the server (../parts/line-way.js)
//   requests.js      what the demo asks of the server's endpoints (../parts/ask-page.js)
//   media-signs.js   whether there is a picture or a sound at all, for the page
//   media.js         tracks and media elements (../parts/audio-video.js)
//   get-stats.js     statistics

stage.recorder = (() => {
  /** Events that are queued. In a flood the oldest messages are dropped and counted. */
  const MAX_PENDING = 1_000;
  /** Characters of their texts: enough for a loop of renegotiations, whose descriptions grow. */
  const MAX_PENDING_CHARACTERS = 4_000_000;
  /** Characters of one text: a description, a signaling message, the beginning of another one. The page has the same bound (events.js). */
  const MAX_TEXT = 200_000;
  /** The delay of a batch, in ms: long enough not to compete with a handshake. */
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

  /**
   * @typedef {{ at: number, type: string, trace?: Error, later?: () => object, line?: number, [field: string]: unknown }} TapEvent see stage/events.js; `later` gives fields that can't change any more, and so need not be read while a handshake waits
   */

  /** @type {TapEvent[]} */
  let pending = [];
  let characters = 0;
  let dropped = 0;
  let isFlushDue = false;
  let startedAt = now();
  let calls = 0;
  /** @type {(events: TapEvent[], dropped: number) => void} */
  let send = () => {};

  /** @param {Omit<TapEvent, 'at'>} fields @param {number} [time] when it happened, if it was not just now */
  function record(fields, time = now()) {
    const event = /** @type {TapEvent} */ (fields);
    event.at = time - startedAt;
    characters += clip(event);
    // Not `push`, which the demo may have replaced.
    pending[pending.length] = event;
    while (pending.length > MAX_PENDING || characters > MAX_PENDING_CHARACTERS) drop();
    if (isFlushDue) return;
    isFlushDue = true;
    // In a microtask, when the demo's code pauses, because starting a timer takes time too.
    then(settled, arm);
  }

  /** Cuts the text of an event to the bound, and notes how much is missing. @param {TapEvent} event @returns {number} how long the text is */
  function clip(event) {
    const { text } = event;
    if (typeof text !== 'string') return 0;
    if (text.length <= MAX_TEXT) return text.length;
    event.text = text.slice(0, MAX_TEXT);
    event.cut = text.length - MAX_TEXT;
    return MAX_TEXT;
  }

  /**
   * The oldest message of a channel, on which nothing depends; then the oldest that is not of a socket: the page counts from these who is
   * in the room.
   */
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
    // Reading a stack costs more than capturing it, so it is done here, after the handshake.
    for (const event of events) {
      // Of a demo with several files, the line of the first one that called: what the instruments show leads there.
      if (event.trace) event.line = lines.ofFirst(event.trace.stack);
      if (event.later) clip(assign(event, event.later()));
      event.trace = event.later = undefined;
    }
    send(events, dropped);
    dropped = 0;
  }

  /**
   * The browser's own getter of a property, whatever the demo does to the prototype later.
   * @param {any} prototype @param {string} name
   * @returns {(self: object) => any}
   */
  function getter(prototype, name) {
    const get = propertyOf(prototype, name)?.get;
    return get ? uncurry(get) : () => undefined;
  }

  /** Reads a property of one of the demo's objects, if that runs no code. @param {unknown} object @param {string} name */
  const plain = (object, name) => (typeof object === 'object' && object ? propertyOf(object, name)?.value : undefined);

  /**
   * @typedef {{ type: string, listener: (this: any, event: Event) => void }} Observer shared by all objects of a class, because one function that runs often is optimised
   */

  /**
   * Ignores events that the demo dispatches itself.
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
        // An error of the tap must not reach the demo.
      }
    },
  });

  /** Adds listeners, before the demo can add its own. @param {object} target @param {Observer[]} observers */
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
    /** Keeps an event from listeners of the demo. @param {Event} event */
    halt: (event) => stop(event),
    /** Captures the stack; the demo's line is read from it later. */
    here: () => new NativeError(),
    /** The number of the next call whose outcome comes later: one count for all classes. */
    nextCall: () => (calls += 1),

    /** @param {typeof send} take gets each batch, and how many events before it were dropped */
    start(take) {
      send = take;
      startedAt = now();
    },
  };
})();

/**
 * The beginning and the size of data that is sent or received. The size is in bytes, or in UTF-16 units for text.
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
        // It is of another class.
      }
    }
    return {};
  };
})();
