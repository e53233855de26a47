// @ts-check
// The demo's `console`: what the browser's own does, and the same as text for the page.

/**
 * @param {object} output
 * @param {(level: string, text: string, line: number | undefined) => void} output.print
 * @param {() => void} output.clear
 * @param {() => boolean} output.isFlooded more is printed than the page can show
 */
stage.tapConsole = (output) => {
  const { describe, lines } = stage;
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @type {Map<string, number>} */
  const timers = new Map();
  let groups = 0;

  /** @param {string} level @param {unknown[]} args */
  function print(level, args) {
    const text = format(args);
    output.print(level, groups ? text.replaceAll(/^/gm, '  '.repeat(groups)) : text, lines.here());
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
    time: (label = 'default') => timers.set(label, performance.now()),
    timeLog: (label = 'default', ...args) => print('log', [`${label}: ${(performance.now() - (timers.get(label) ?? performance.now())).toFixed(1)} ms`, ...args]),
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
    clear: () => output.clear(),
  };
  for (const [name, own] of Object.entries(consoleMethods)) {
    const native = /** @type {any} */ (console)[name].bind(console);
    /** @type {any} */ (console)[name] = (/** @type {any[]} */ ...args) => {
      own(...args);
      // The browser's own console is no match for a flood: it would slow down the page as well.
      if (!output.isFlooded()) native(...args);
    };
  }

  /** Fills `%s` and its kin, then joins with spaces, as consoles do. @param {unknown[]} args */
  function format(args) {
    if (args.length === 0) return '';
    const [first, ...rest] = args;
    if (typeof first !== 'string') return [first, ...rest].map(describe).join(' ');
    const head = first.replaceAll(/%[sdifoOc%]/g, (hole) => {
      if (hole === '%%') return '%';
      if (rest.length === 0) return hole;
      const value = rest.shift();
      return hole === '%c' ? '' : describe(value);
    });
    return [head, ...rest.map(describe)].join(' ');
  }
};
