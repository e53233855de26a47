// @ts-check
// Finds the line of the demo's code that is running, from stack traces, and remembers it for errors that have none. Lines are those of the
// editor, from 1.

stage.lines = (() => {
  /** What JavaScript takes for the end of a line (https://tc39.es/ecma262/#sec-line-terminators). The editor knows line feeds only. */
  const ENDS = /\r\n|[\n\r\u2028\u2029]/g;
  /** Comments and literals, so that what looks like an import in them is none. */
  const TOKENS = /\/\/.*|\/\*[\s\S]*?(?:\*\/|$)|`(?:\\[\s\S]|[^`\\])*`|'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"/g;
  /** Precedes the specifier of a module. */
  const BEFORE_MODULE = /(?:\bfrom|\bimport)\s*\(?\s*$/;
  /** Characters between `from` and the name that are looked at. */
  const MAX_BEFORE = 100;
  /** Addresses whose line is remembered, because a request to them may be refused without a stack. */
  const MAX_ADDRESSES = 100;

  const { uncurry } = stage;
  const NativeError = Error;
  const { parseInt } = Number;
  const find = uncurry(String.prototype.indexOf);
  const after = uncurry(String.prototype.slice);
  const recall = uncurry(WeakMap.prototype.get);
  const remember = uncurry(WeakMap.prototype.set);

  /** Where a call that failed was made. @type {WeakMap<object, Error>} */
  const calls = new WeakMap();
  /** Where an address was last asked for. @type {Map<string, Error>} */
  const addresses = new Map();
  let code = '';
  let codeUrl = '';
  /** The editor's number of each line as the browser counts them; nothing if the two agree. @type {number[]} */
  let numbers = [];

  /** @param {number} line as the browser counts */
  const inEditor = (line) => numbers[line - 1] ?? line;

  /** @param {unknown} stack @returns {number | undefined} */
  function inStack(stack) {
    if (typeof stack !== 'string' || !codeUrl) return undefined;
    const at = find(stack, `${codeUrl}:`);
    const line = at < 0 ? 0 : parseInt(after(stack, at + codeUrl.length + 1), 10);
    return line ? inEditor(line) : undefined;
  }

  /** @param {unknown} error */
  const noted = (error) => (typeof error === 'object' && error ? inStack(recall(calls, error)?.stack) : undefined);

  /** Whether the literal at this place names a module. @param {number} index */
  const isModule = (index) => BEFORE_MODULE.test(code.slice(Math.max(0, index - MAX_BEFORE), index));

  /** The numbers of the code's lines at which a module or another text with this name stands. @param {string} name */
  function placesOf(name) {
    const places = { modules: /** @type {number[]} */ ([]), others: /** @type {number[]} */ ([]) };
    for (const { 1: single, 2: double, index } of code.matchAll(TOKENS)) {
      if ((single ?? double) !== name) continue;
      (isModule(index) ? places.modules : places.others).push(code.slice(0, index).split('\n').length);
    }
    return places;
  }

  return {
    /** @param {string} url where the demo's code stands from now on @param {string} text */
    setCode(url, text) {
      codeUrl = url;
      code = text;
      let line = 1;
      const ends = text.match(ENDS) ?? [];
      numbers = ends.every((end) => end === '\n')
        ? []
        : [1, ...ends.map((end) => (end.includes('\n') ? (line += 1) : line))];
    },

    /** Where the code stands. */
    get url() {
      return codeUrl;
    },

    /** @param {string} url @param {number} line as the browser counts, from 1 @returns {number | undefined} */
    inCode: (url, line) => (url === codeUrl && line ? inEditor(line) : undefined),

    /** @returns {number | undefined} */
    here: () => inStack(new NativeError().stack),

    /** All lines of the stack, the innermost first, for `console.trace`. @param {string} stack @returns {number[]} */
    ofStack: (stack) => stack.split('\n').flatMap((frame) => inStack(frame) ?? []),

    /** An error that may have no stack of its own, and where its call was made. @param {unknown} error @param {Error} trace */
    note(error, trace) {
      if (typeof error === 'object' && error) remember(calls, error, trace);
    },

    /** A request that may be refused without a stack. @param {string} url @param {Error} trace */
    noteAddress(url, trace) {
      if (addresses.size >= MAX_ADDRESSES) addresses.clear();
      addresses.set(url, trace);
    },

    inStack,

    /** Whether errors say where they were made in properties of their own, as those of Safari's engine do. */
    isJavaScriptCore: Object.hasOwn(new NativeError(), 'sourceURL'),

    /** The noted call comes first, because browsers omit the innermost frame of some stacks. @param {any} error @returns {number | undefined} */
    ofError: (error) => noted(error) ?? inStack(error?.stack),

    noted,

    /** The only line at which something is imported by this name. @param {string} name @returns {number | undefined} */
    ofImport(name) {
      const { modules } = placesOf(name);
      return modules.length === 1 ? modules[0] : undefined;
    },

    /** Where this address was asked for, as far as it is known. @param {string} url @returns {number | undefined} */
    ofAddress(url) {
      const known = inStack(addresses.get(url)?.stack);
      if (known) return known;
      const { modules, others } = placesOf(url);
      return modules.length + others.length === 1 ? [...modules, ...others][0] : undefined;
    },

    /** The names of all modules that the code imports. @returns {string[]} */
    imports: () =>
      [...code.matchAll(TOKENS)].flatMap(({ 1: single, 2: double, index }) =>
        isModule(index) ? (single ?? double ?? []) : [],
      ),

    /** What stands in a line. @param {number | undefined} line */
    textAt: (line) => code.split('\n')[(line ?? 0) - 1] ?? '',

    /** The only line of code, comments and texts aside, that this matches. @param {RegExp} pattern @returns {number | undefined} */
    matching(pattern) {
      const bare = code.replaceAll(TOKENS, (token) => token.replaceAll(/[^\n]/g, ' '));
      const found = bare.split('\n').flatMap((line, index) => (pattern.test(line) ? [index + 1] : []));
      return found.length === 1 ? found[0] : undefined;
    },
  };
})();
