// @ts-check
// Runs the text that the page has put into the frame's name, as a module, and tells the page what it logs and where it fails.
// The port to the page stays in a closure, so that the demo's code finds nothing of it.

(() => {
  /** Entries that wait for the page; in a loop that logs without end the oldest of them are dropped. */
  const MAX_PENDING = 1_000;
  const MAX_PENDING_CHARACTERS = 400_000;
  const MAX_TEXT = 100_000;
  /** Entries travel together, at most this often, in ms. */
  const FLUSH_INTERVAL = 50;
  /** After more entries than the page can show, it gets this long, in ms, to show them. */
  const FLOOD_PAUSE = 1_000;

  const { describe, faults, lines, recorder, tapConnections, tapConsole, tapRoom, tapSockets, tapStats } = stage;
  const later = setTimeout.bind(globalThis);
  const now = performance.now.bind(performance);
  const dataOf = recorder.getter(MessageEvent.prototype, 'data');

  const { port1: port, port2: remotePort } = new MessageChannel();
  /** Bound early: the demo may change the prototype of ports, and must never see this one. @type {MessagePort['postMessage']} */
  const post = port.postMessage.bind(port);
  let code = '';
  let codeUrl = '';
  let startedAt = 0;
  /** @type {{ level: string, text: string, at: number, line: number | undefined, isUncaught: boolean }[]} */
  let pending = [];
  let pendingCharacters = 0;
  let dropped = 0;
  let isCleared = false;
  let flushDue = 0;
  let isFlushDue = false;

  // Not sooner, so that a frame which its code leads elsewhere has loaded once before, and the page sees the second time.
  addEventListener('load', run, { once: true });

  function run() {
    // There is nothing when the demo's code has loaded the frame anew.
    if (!window.name) return;
    const given = JSON.parse(window.name);
    window.name = '';
    code = given.code;
    faults.set(given.faults);
    port.onmessage = (/** @type {MessageEvent} */ message) => {
      // The browser's own getter: the demo may have put another in its place.
      const data = dataOf(message);
      if (data.type === 'faults') faults.set(data.faults);
      else if (data.type === 'stats') readStats((/** @type {string} */ on, /** @type {object[]} */ reports) => post({ type: 'stats', on, reports }));
      else post({ type: 'pong', asked: data.asked, elapsed: now() - startedAt });
    };
    parent.postMessage('', '*', [remotePort]);
    post({ type: 'started' });
    codeUrl = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
    lines.setCode(codeUrl);
    const script = document.createElement('script');
    script.type = 'module';
    script.src = codeUrl;
    // The first pass over the code is done: an `await` at its top level may still wait.
    script.onload = () => post({ type: 'evaluated' });
    script.onerror = () => {
      const resources = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));
      const missing = resources.findLast(({ responseStatus }) => responseStatus >= 400)?.name;
      fail(`The code could not start, because a module that it imports did not load${missing ? `: ${missing}` : '.'}`, undefined);
      post({ type: 'import-failed' });
    };
    startedAt = now();
    recorder.start((/** @type {object[]} */ events, /** @type {number} */ dropped) => post({ type: 'tap', events, dropped }));
    document.head.append(script);
    watchHeight();
  }

  // --- What is logged

  /**
   * @param {string} level
   * @param {string} text
   * @param {number | undefined} line
   * @param {boolean} [isUncaught]
   */
  function print(level, text, line, isUncaught = false) {
    const shown = text.slice(0, MAX_TEXT);
    // Not `push`: the demo may have changed it.
    pending[pending.length] = { level, text: shown, at: now() - startedAt, line, isUncaught };
    pendingCharacters += shown.length;
    while (pending.length > MAX_PENDING || pendingCharacters > MAX_PENDING_CHARACTERS) {
      pendingCharacters -= /** @type {{ text: string }} */ (pending.shift()).text.length;
      dropped += 1;
    }
    flushSoon();
  }

  function clear() {
    pending = [];
    pendingCharacters = 0;
    dropped = 0;
    isCleared = true;
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
    flushDue = now() + Math.max(FLUSH_INTERVAL, dropped > 0 ? FLOOD_PAUSE : pending.length);
    if (pending.length === 0 && !isCleared) return;
    post({ type: 'entries', entries: pending, dropped, isCleared });
    pending = [];
    pendingCharacters = 0;
    dropped = 0;
    isCleared = false;
  }

  // The first connection of a process waits some 30 ms for the browser's network threads: they start while the code is on its way.
  if (globalThis.RTCPeerConnection) new RTCPeerConnection().close();
  tapConsole({ print, clear, isFlooded: () => dropped > 0 });
  const { isConnected, alive } = tapConnections(() => hasSocket());
  const hasSocket = tapSockets(tapRoom((/** @type {number} */ count, /** @type {string} */ room) => post({ type: 'room', count, room })), isConnected);
  const readStats = tapStats(alive);
  // A `var` can't be deleted: the demo finds the name, and nothing in it.
  stage = undefined;

  // --- What fails

  /** @param {string} text @param {number | undefined} line */
  const fail = (text, line) => print('error', text, line, true);

  addEventListener('error', ({ error, message, filename, lineno }) => {
    const line = filename === codeUrl && lineno ? lineno : (lines.ofError(error) ?? lineOfImport(message));
    fail(`Uncaught ${error === undefined || error === null ? message.replace(/^Uncaught /, '') : describe(error)}`, line);
  });
  addEventListener('unhandledrejection', ({ reason }) => {
    fail(`Unhandled rejection: ${describe(reason)}`, lines.ofError(reason));
  });
  addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) => {
    fail(`Refused: ${blockedURI} (${effectiveDirective}). A demo talks only to the server that its page came from.`, undefined);
  });

  /** An import that leads nowhere is reported without its line, but with its name. @param {string} message */
  function lineOfImport(message) {
    const name = /specifier ["“]([^"”]+)/.exec(message)?.[1];
    const index = name ? code.split('\n').findIndex((text) => text.includes(name)) : -1;
    return index < 0 ? undefined : index + 1;
  }

  function watchHeight() {
    new ResizeObserver(([{ target }]) => {
      post({ type: 'height', height: Math.ceil(target.getBoundingClientRect().height) });
    }).observe(document.body);
  }
})();
