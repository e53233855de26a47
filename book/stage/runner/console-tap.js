// @ts-check
// Wraps the demo's `console`: each method still does what the browser's does, and also sends the page what was logged, as text.

/**
 * Wraps the methods of `console`.
 * @param {object} output
 * @param {(level: string, text: string, line: number | undefined, values?: unknown[]) => void} output.print
 * @param {() => void} output.clear
 * @param {() => boolean} output.isFlooded more is printed than the page can show
 */
stage.tapConsole = (output) => {
  /** The deepest indentation of nested groups. */
  const MAX_INDENT = 10;
  const { apply, describe, lines, standIn } = stage;
  const NativeError = Error;
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @type {Map<string, number>} */
  const timers = new Map();
  let groups = 0;
  let isPrinting = false;

  /** @param {string} level @param {unknown[]} args */
  function print(level, args) {
    const text = format(args);
    const indent = '  '.repeat(Math.min(groups, MAX_INDENT));
    output.print(level, indent ? text.replaceAll(/^/gm, indent) : text, lines.here(), args);
  }

  /** @param {number} place */
  function wordsOf(place) {
    const { line, file } = lines.apart(place);
    return file === 0 ? line : `${line} of ${lines.nameOf(file)}`;
  }

  /** What each method sends to the page. @type {Record<string, (...args: any[]) => void>} */
  const consoleMethods = {
    log: (...args) => print('log', args),
    info: (...args) => print('info', args),
    debug: (...args) => print('debug', args),
    warn: (...args) => print('warn', args),
    error: (...args) => print('error', args),
    trace(...args) {
      const called = lines
        .ofStack(new NativeError().stack)
        .map((/** @type {number} */ place) => `\n  called in line ${wordsOf(place)}`);
      print('log', [`trace: ${format(args)}${called.join('')}`]);
    },
    dir: (value) => print('log', [value]),
    dirxml: (...args) => print('log', args),
    table: (value) => print('log', [value]),
    assert: (condition, ...args) =>
      condition || print('error', [args.length > 0 ? `Assertion failed: ${format(args)}` : 'Assertion failed']),
    count(label = 'default') {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      print('log', [`${label}: ${counts.get(label)}`]);
    },
    countReset: (label = 'default') => counts.delete(label),
    time: (label = 'default') => timers.set(label, performance.now()),
    timeLog: (label = 'default', ...args) =>
      print('log', [
        `${label}: ${(performance.now() - (timers.get(label) ?? performance.now())).toFixed(1)} ms`,
        ...args,
      ]),
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
    /** @type {any} */ (console)[name] = standIn(/** @type {any} */ (console)[name], {
      apply(/** @type {Function} */ native, /** @type {unknown} */ self, /** @type {any[]} */ args) {
        // Describing a value may run code of the demo (a Proxy, a getter), which may log again: that would not end.
        if (isPrinting) return;
        isPrinting = true;
        try {
          apply(own, undefined, args);
          // In a flood the browser's own console is skipped, because it would slow down the page as well.
          if (!output.isFlooded() && name !== 'clear') apply(native, self, args);
        } catch {
          // Logging must not throw, whatever the demo has replaced.
          output.print(
            'warn',
            'Something was logged that can not be shown: the code has replaced what the console is made of.',
            lines.here(),
          );
        }
        isPrinting = false;
      },
    });
  }

  /** Replaces format specifiers such as `%s`, then joins with spaces (https://console.spec.whatwg.org/#formatter). @param {unknown[]} args */
  function format(args) {
    if (args.length === 0) return '';
    const [first, ...rest] = args;
    if (typeof first !== 'string' || rest.length === 0) return args.map(describe).join(' ');
    const head = first.replaceAll(/%[sdifoOc%]/g, (hole) => {
      if (hole === '%%') return '%';
      if (rest.length === 0) return hole;
      const value = rest.shift();
      if (hole === '%c') return '';
      const isNumber = (hole === '%d' || hole === '%i' || hole === '%f') && typeof value !== 'bigint';
      if (!isNumber) return describe(value);
      if (typeof value === 'symbol' || typeof value === 'object') return 'NaN';
      return String(hole === '%f' ? Number.parseFloat(String(value)) : Number.parseInt(String(value), 10));
    });
    return [head, ...rest.map(describe)].join(' ');
  }
};
