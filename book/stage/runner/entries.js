// @ts-check
// What is logged, on its way to the page: a ring with a bound, sent in batches. It uses nothing that the demo can replace, so that errors of code which
// replaces prototypes are still seen.

/** @param {(message: object) => void} post to the page */
stage.createEntries = (post) => {
  /** Entries that wait for the page; in a loop that logs without end the oldest of them are dropped. */
  const MAX_PENDING = 1_000;
  const MAX_PENDING_CHARACTERS = 400_000;
  /** Characters of one entry; what is cut is counted. The page takes no more than 100,000. */
  const MAX_TEXT = 99_000;
  /** Entries travel together, at most this often, in ms. */
  const FLUSH_INTERVAL = 50;
  /** After more entries than the page can show, it gets this long, in ms, to show them. */
  const FLOOD_PAUSE = 1_000;

  const { uncurry } = stage;
  const later = setTimeout.bind(globalThis);
  const now = performance.now.bind(performance);
  const cut = uncurry(String.prototype.slice);
  const takeFirst = uncurry(Array.prototype.shift);
  const { max } = Math;

  let startedAt = now();
  /** @type {{ level: string, text: string, at: number, line: number | undefined, isUncaught: boolean }[]} */
  let pending = [];
  let pendingCharacters = 0;
  let dropped = 0;
  let isCleared = false;
  let flushDue = 0;
  let isFlushDue = false;

  /**
   * @param {string} level
   * @param {string} text
   * @param {number | undefined} line
   * @param {boolean} [isUncaught] the code did not handle the error
   */
  function print(level, text, line, isUncaught = false) {
    const shown =
      text.length > MAX_TEXT ? `${cut(text, 0, MAX_TEXT)}… (${text.length - MAX_TEXT} more characters)` : text;
    // Not `push`: the demo may have changed it.
    pending[pending.length] = { level, text: shown, at: now() - startedAt, line, isUncaught };
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
    // The page gets 1 ms for each entry, also in a flood that is just too slow for any to be lost.
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

    /** More is printed than the page can show. */
    isFlooded: () => dropped > 0,

    /** The code begins now. */
    start() {
      startedAt = now();
    },

    /** How long it runs, in ms. */
    elapsed: () => now() - startedAt,
  };
};
