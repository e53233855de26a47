// @ts-check
// Inside a demo's frame: runs the text it is given as a module, and tells the page what it logs and where it fails.
// A classic script for the reason given in describe.js. It holds its port in a closure, so that the demo's code finds nothing of it.

(() => {
  /** Entries that wait for the page; in a loop that logs without end the oldest of them are dropped. */
  const MAX_PENDING = 1_000;
  const MAX_PENDING_CHARACTERS = 400_000;
  /** Entries travel together, at most this often, in ms. */
  const FLUSH_INTERVAL = 50;

  const { stageDescribe: describe } = /** @type {any} */ (globalThis);
  delete (/** @type {any} */ (globalThis).stageDescribe);
  const later = setTimeout.bind(globalThis);
  const now = performance.now.bind(performance);

  /** @type {MessagePort} */
  let port;
  let codeUrl = '';
  let startedAt = 0;
  /** @type {{ level: string, text: string, at: number, line: number | undefined }[]} */
  let pending = [];
  let pendingCharacters = 0;
  let dropped = 0;
  let flushedAt = -FLUSH_INTERVAL;
  let isFlushDue = false;

  addEventListener('message', function start(event) {
    if (event.source !== parent || !event.ports[0]) return;
    removeEventListener('message', start);
    [port] = event.ports;
    port.onmessage = ({ data }) => {
      if (data.type === 'ping') port.postMessage({ type: 'pong' });
    };
    run(event.data.code);
  });

  /** @param {string} code */
  function run(code) {
    codeUrl = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
    const script = document.createElement('script');
    script.type = 'module';
    script.src = codeUrl;
    // The first pass over the code is done: an `await` at its top level may still wait.
    script.onload = () => port.postMessage({ type: 'evaluated' });
    script.onerror = () => {
      log('error', 'The code could not start: a module that it imports did not load.', undefined);
      port.postMessage({ type: 'import-failed' });
    };
    startedAt = now();
    document.head.append(script);
    watchHeight();
  }

  // --- What is logged

  /**
   * @param {string} level
   * @param {string} text
   * @param {number | undefined} line
   */
  function log(level, text, line) {
    pending.push({ level, text, at: now() - startedAt, line });
    pendingCharacters += text.length;
    while (pending.length > MAX_PENDING || pendingCharacters > MAX_PENDING_CHARACTERS) {
      pendingCharacters -= /** @type {{ text: string }} */ (pending.shift()).text.length;
      dropped += 1;
    }
    const wait = flushedAt + FLUSH_INTERVAL - now();
    if (wait <= 0) flush();
    else if (!isFlushDue) {
      isFlushDue = true;
      later(flush, wait);
    }
  }

  function flush() {
    isFlushDue = false;
    flushedAt = now();
    if (pending.length === 0) return;
    port.postMessage({ type: 'entries', entries: pending, dropped });
    pending = [];
    pendingCharacters = 0;
    dropped = 0;
  }

  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @type {Map<string, number>} */
  const timers = new Map();
  let groups = 0;

  /** @param {string} level @param {unknown[]} args */
  function print(level, args) {
    const text = format(args);
    log(level, groups ? text.replaceAll(/^/gm, '  '.repeat(groups)) : text, lineIn(new Error().stack));
  }

  /** What the console does besides its own printing. @type {Record<string, (...args: any[]) => void>} */
  const consoleMethods = {
    log: (...args) => print('log', args),
    info: (...args) => print('info', args),
    debug: (...args) => print('debug', args),
    warn: (...args) => print('warn', args),
    error: (...args) => print('error', args),
    trace: (...args) => print('log', ['trace:', ...args]),
    dir: (value) => print('log', [value]),
    table: (value) => print('log', [value]),
    assert: (condition, ...args) => condition || print('error', ['Assertion failed:', ...args]),
    count(label = 'default') {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      print('log', [`${label}: ${counts.get(label)}`]);
    },
    countReset: (label = 'default') => counts.delete(label),
    time: (label = 'default') => timers.set(label, now()),
    timeLog: (label = 'default', ...args) => print('log', [`${label}: ${(now() - (timers.get(label) ?? now())).toFixed(1)} ms`, ...args]),
    timeEnd(label = 'default') {
      consoleMethods.timeLog(label);
      timers.delete(label);
    },
    group(...args) {
      print('log', args);
      groups += 1;
    },
    groupCollapsed: (...args) => consoleMethods.group(...args),
    groupEnd() {
      groups = Math.max(0, groups - 1);
    },
    clear: () => port.postMessage({ type: 'clear' }),
  };
  for (const [name, own] of Object.entries(consoleMethods)) {
    const native = /** @type {any} */ (console)[name].bind(console);
    /** @type {any} */ (console)[name] = (/** @type {any[]} */ ...args) => {
      own(...args);
      native(...args);
    };
  }

  /** Fills `%s` and its kin, then joins with spaces, as consoles do. @param {unknown[]} args */
  function format([first, ...rest]) {
    if (typeof first !== 'string') return [first, ...rest].map(describe).join(' ');
    const head = first.replaceAll(/%[sdifoOc%]/g, (hole) => {
      if (hole === '%%') return '%';
      if (rest.length === 0) return hole;
      const value = rest.shift();
      return hole === '%c' ? '' : describe(value);
    });
    return [head, ...rest.map(describe)].join(' ');
  }

  // --- What fails

  addEventListener('error', (event) => {
    const line = event.filename === codeUrl && event.lineno ? event.lineno : lineIn(event.error?.stack);
    log('error', `Uncaught ${event.error === undefined || event.error === null ? event.message.replace(/^Uncaught /, '') : describe(event.error)}`, line);
  });
  addEventListener('unhandledrejection', ({ reason }) => {
    log('error', `Unhandled rejection: ${describe(reason)}`, lineIn(reason?.stack));
  });
  addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) => {
    log('error', `Refused: ${blockedURI} (${effectiveDirective}). A demo talks only to the server that its page came from.`, undefined);
  });

  /** The line of the demo's code that stands first in a stack. @param {unknown} stack */
  function lineIn(stack) {
    if (typeof stack !== 'string') return undefined;
    const at = stack.indexOf(`${codeUrl}:`);
    return at < 0 ? undefined : Number.parseInt(stack.slice(at + codeUrl.length + 1), 10) || undefined;
  }

  // --- What the page shows beside the console

  function watchHeight() {
    new ResizeObserver(() => {
      port.postMessage({ type: 'height', height: Math.ceil(document.body.getBoundingClientRect().height) });
    }).observe(document.body);
  }

  /** Counts who is in the demo's room from what its socket hears, so that it holds for edited code as well. */
  function watchRoom(/** @type {WebSocket} */ socket) {
    let count = 0;
    /** @type {Set<string>} */
    const others = new Set();
    socket.addEventListener('message', ({ data }) => {
      if (typeof data !== 'string') return;
      const [command, id] = (data.startsWith('/to|') ? data.slice(data.indexOf('|', 4) + 1) : data).split('|');
      const before = count;
      if (command === '/roominfo') count = Number(/"memberCount":(\d+)/.exec(data)?.[1] ?? 0);
      else if (command === '/announce' && !others.has(id)) {
        others.add(id);
        // Who answers us in person was there before, and is counted.
        if (!data.startsWith('/to|')) count += 1;
      } else if (command === '/leave') {
        others.delete(id);
        count -= 1;
      }
      if (count !== before) port.postMessage({ type: 'room', count });
    });
  }
  const NativeWebSocket = WebSocket;
  globalThis.WebSocket = new Proxy(NativeWebSocket, {
    construct(target, args, newTarget) {
      const socket = Reflect.construct(target, args, newTarget === globalThis.WebSocket ? target : newTarget);
      watchRoom(socket);
      return socket;
    },
  });
})();
