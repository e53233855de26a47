// @ts-check
// Queues console entries for the page: a bounded ring, sent in batches. It uses no method that the demo can replace, so that errors of code
// which replaces prototypes still arrive.

/** Creates the queue. @param {(message: object) => void} post to the page */
stage.createEntries = (post) => {
  /** Entries that are queued. When a loop logs endlessly, the oldest are dropped. */
  const MAX_PENDING = 1_000;
  const MAX_PENDING_CHARACTERS = 400_000;
  /** Characters of one entry; the number of cut ones is appended. The page accepts 100,000. */
  const MAX_TEXT = 99_000;
  /** The shortest time between two batches, in ms. */
  const FLUSH_INTERVAL = 50;
  /** After entries were dropped, the time until the next batch, in ms, so that the page can show the last one. */
  const FLOOD_PAUSE = 1_000;

  const { lines, uncurry, values } = stage;
  const later = setTimeout.bind(globalThis);
  const now = performance.now.bind(performance);
  const cut = uncurry(String.prototype.slice);
  const takeFirst = uncurry(Array.prototype.shift);
  const { max } = Math;

  let startedAt = now();
  /** @type {{ level: string, text: string, at: number, line: number | undefined, part: number, isUncaught: boolean, file: object | undefined, values: number }[]} */
  let pending = [];
  let pendingCharacters = 0;
  let dropped = 0;
  let isCleared = false;
  let flushDue = 0;
  let isFlushDue = false;

  /**
   * @param {string} level
   * @param {string} text
   * @param {number | undefined} place in the code (lines.js)
   * @param {unknown[]} [args] what can be unfolded
   * @param {boolean} [isUncaught] the code did not handle the error
   * @param {{ name: string, blob: Blob }} [file] what the page is to offer
   */
  function print(level, text, place, args = [], isUncaught = false, file) {
    const shown =
      text.length > MAX_TEXT ? `${cut(text, 0, MAX_TEXT)}… (${text.length - MAX_TEXT} more characters)` : text;
    // Not `push`, which the demo may have replaced.
    const { line, file: part } = lines.apart(place);
    pending[pending.length] = {
      level,
      text: shown,
      at: now() - startedAt,
      line,
      part,
      isUncaught,
      file,
      values: values.keep(args),
    };
    pendingCharacters += shown.length;
    while (pending.length > MAX_PENDING || pendingCharacters > MAX_PENDING_CHARACTERS) {
      pendingCharacters -= /** @type {{ text: string }} */ (takeFirst(pending)).text.length;
      dropped += 1;
    }
    flushSoon();
  }

  function flushSoon() {
    const wait = flushDue - now();
    if (wait <= 0) flush();
    else if (!isFlushDue) {
      isFlushDue = true;
      later(flush, wait);
    }
  }

  function flush() {
    isFlushDue = false;
    // 1 ms per entry, so that the page keeps up also when no entry is dropped.
    flushDue = now() + max(FLUSH_INTERVAL, dropped > 0 ? FLOOD_PAUSE : pending.length);
    if (pending.length === 0 && !isCleared) return;
    post({ type: 'entries', entries: pending, dropped, isCleared });
    pending = [];
    pendingCharacters = 0;
    dropped = 0;
    isCleared = false;
  }

  return {
    print,

    clear() {
      pending = [];
      pendingCharacters = 0;
      dropped = 0;
      isCleared = true;
      flushSoon();
    },

    /** Whether entries are being dropped. */
    isFlooded: () => dropped > 0,

    /** The demo's code starts now: times are counted from here. */
    start() {
      startedAt = now();
    },

    /** Time since the start, in ms. */
    elapsed: () => now() - startedAt,
  };
};
