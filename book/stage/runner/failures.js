// @ts-check
// Reports unhandled errors of the demo's code with their line, and what a policy refuses. Whatever reporting depends on is captured before
// the demo runs and could replace it; what only makes reports more readable may fail.

/**
 * Listens for unhandled errors.
 * @param {(text: string, place: number | undefined, error?: unknown) => void} tell
 * @returns {{ importFailed: () => void, evaluationFailed: (error: unknown) => void }} to be called when the code could not start, and with what it has ended by
 */
stage.tapFailures = (tell) => {
  const { describe, lines, listeners, recorder, uncurry } = stage;
  const { getter } = recorder;
  const [errorOf, messageOf, filenameOf, lineOf] = ['error', 'message', 'filename', 'lineno'].map((name) =>
    getter(ErrorEvent.prototype, name),
  );
  const targetOf = getter(Event.prototype, 'target');
  const frame = globalThis;
  const reasonOf = getter(PromiseRejectionEvent.prototype, 'reason');
  const hasPrefix = uncurry(String.prototype.startsWith);
  const after = uncurry(String.prototype.slice);
  const PREFIX = 'Uncaught ';

  /**
   * What to do instead of what an iframe without an origin refuses, by the browsers' words for it, or the code's own.
   * @type {[words: RegExp, advice: string][]}
   */
  const ADVICE = [
    [
      /localStorage|sessionStorage|indexedDB|IDBFactory|\b[cC]ache|cookie|[sS]ervice ?[wW]orker|Locks?\b/,
      'A demo keeps nothing in the browser: use a variable.',
    ],
    [
      /Location|cross-origin|navigate|\b(?:top|parent|opener|frames)\b/,
      'A demo can not reach the page around it, nor lead it elsewhere: show what you have in document.body.',
    ],
  ];
  /** Code that accesses the embedding page, which Chromium refuses without a line. */
  const REACHES_OUT = /\b(?:top|parent|opener|frames|document\.domain)\b/;

  /** Blocked by a policy, other than by address. @type {Record<string, string>} */
  const REFUSED = {
    eval: 'text can not be run as code here (eval, new Function, a text in place of a function). Give a function instead.',
    'wasm-eval': 'WebAssembly can not be compiled here.',
    inline: 'what HTML holds of scripts does not run here (onclick=, <script>, javascript:). Use addEventListener.',
  };

  /** To whom a demo may talk. A frame with an origin is one for the reader's own devices. */
  const TALKS =
    frame.origin === 'null'
      ? 'A demo talks only to the server that its page came from.'
      : 'A demo with your own devices talks to no server: run it with stand-in devices.';

  /** @param {string} text @param {number | undefined} place @param {unknown} [error] */
  const fail = (text, place, error) => tell(lines.named(text), place, error);

  /** What was thrown last and not handled. @type {unknown} */
  let reported;

  /** @template T @param {() => T} look at what the demo may have changed @returns {T | undefined} */
  function attempt(look) {
    try {
      return look();
    } catch {
      return undefined;
    }
  }

  listeners.listen('error', (/** @type {ErrorEvent} */ event) => {
    // The `error` event of an element that did not load, such as an image, is no error of the code.
    if (targetOf(event) !== frame) return;
    const error = errorOf(event);
    const message = messageOf(event);
    const plain = hasPrefix(message, PREFIX) ? after(message, PREFIX.length) : message;
    const described =
      error === undefined || error === null
        ? describe.UNREADABLE
        : (attempt(() => describe(error)) ?? describe.UNREADABLE);
    const text = described === describe.UNREADABLE ? plain : described;
    // Browsers report a failed import without its line, or with another one, but with its specifier.
    reported = error;
    const line =
      attempt(() => lineOfImport(plain)) ??
      lines.noted(error) ??
      lines.inCode(filenameOf(event), lineOf(event)) ??
      lines.ofError(error) ??
      attempt(() => (isSecurityError(error) ? lines.matching(REACHES_OUT) : undefined));
    fail(`${PREFIX}${text}${attempt(() => adviceFor(error, line)) ?? ''}`, line, error);
  });

  listeners.listen('unhandledrejection', (/** @type {PromiseRejectionEvent} */ event) => {
    const reason = reasonOf(event);
    const line = attempt(() => lineOfImport(String(reason?.message))) ?? attempt(() => lines.ofError(reason));
    fail(
      `Unhandled rejection: ${attempt(() => describe(reason)) ?? 'its reason can not be shown'}${attempt(() => adviceFor(reason, line)) ?? ''}`,
      line,
      reason,
    );
  });

  listeners.listen(
    'securitypolicyviolation',
    (/** @type {SecurityPolicyViolationEvent} */ { blockedURI, effectiveDirective, sourceFile, lineNumber }) => {
      const [words, line] = attempt(() => {
        const known = Object.hasOwn(REFUSED, blockedURI) ? REFUSED[blockedURI] : undefined;
        // Browsers shorten the code's blob URL to its scheme.
        const line =
          sourceFile === 'blob' && lineNumber && lines.url
            ? lines.inCode(lines.url, lineNumber)
            : lines.ofAddress(blockedURI);
        return [known ?? `${blockedURI} (${effectiveDirective}). ${TALKS}`, line];
      }) ?? [blockedURI, undefined];
      fail(`Refused: ${words}`, line);
    },
  );

  /** @param {string} message */
  function lineOfImport(message) {
    const name = /specifier ["'“]([^"'”]+)/.exec(message)?.[1];
    return name ? lines.ofImport(name) : undefined;
  }

  /** @param {any} error */
  const isSecurityError = (error) => error instanceof DOMException && error.name === 'SecurityError';

  /** @param {any} error @param {number | undefined} line */
  function adviceFor(error, line) {
    if (!isSecurityError(error)) return '';
    const advice = [error.message, lines.textAt(line)]
      .map((text) => ADVICE.find(([words]) => words.test(text))?.[1])
      .find((found) => found);
    return advice ? `\n${advice}` : '';
  }

  return {
    evaluationFailed(error) {
      if (error === reported) return;
      const line = attempt(() => lines.ofError(error));
      const text = attempt(() => describe(error)) ?? describe.UNREADABLE;
      fail(`${PREFIX}${text}${attempt(() => adviceFor(error, line)) ?? ''}`, line, error);
    },

    importFailed() {
      const resources = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));
      const missing = resources.findLast(({ responseStatus }) => responseStatus >= 400)?.name;
      const imports = [...new Set(/** @type {string[]} */ (lines.imports()))];
      const name =
        imports.find((name) => missing && (name === missing || new URL(name, document.baseURI).href === missing)) ??
        (imports.length === 1 ? imports[0] : undefined);
      fail(
        `The code could not start, because a module that it imports did not load${missing ? `: ${missing}` : '.'}`,
        name === undefined ? undefined : lines.ofImport(name),
      );
    },
  };
};
