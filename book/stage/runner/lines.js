// @ts-check
// Finds the place in the demo's code that is running, from stack traces, and remembers it for errors that have none. A place is one number: the line in
// the editor, from 1, and so many more for each file before it (`apart`). Of a demo with one file it is the line.

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
  /** What a place has more for each file before it. What is in a later line has no place. */
  const FILE = 1_000_000;

  const { uncurry } = stage;
  const NativeError = Error;
  const { parseInt } = Number;
  const find = uncurry(String.prototype.indexOf);
  const after = uncurry(String.prototype.slice);
  const replace = uncurry(String.prototype.replaceAll);
  const recall = uncurry(WeakMap.prototype.get);
  const remember = uncurry(WeakMap.prototype.set);

  /** Where a call that failed was made. @type {WeakMap<object, Error>} */
  const calls = new WeakMap();
  /** Where an address was last asked for. @type {Map<string, Error>} */
  const addresses = new Map();
  /**
   * The demo's files; the first is the one that begins. `numbers` are the editor's numbers of lines as the browser counts them; none if the two agree.
   * @type {{ name: string, url: string, code: string, numbers: number[] }[]}
   */
  const files = [];

  /** @param {number} index of a file @param {number} line as the browser counts @returns {number | undefined} */
  function placeIn(index, line) {
    const shown = files[index].numbers[line - 1] ?? line;
    return shown > 0 && shown < FILE ? index * FILE + shown : undefined;
  }

  /**
   * The innermost place.
   * @param {unknown} stack @param {number} [count] how many files are looked for
   * @returns {number | undefined}
   */
  function inStack(stack, count = files.length) {
    if (typeof stack !== 'string') return undefined;
    let first = Infinity;
    let place;
    for (let i = 0; i < count && i < files.length; i += 1) {
      const { url } = files[i];
      const at = find(stack, `${url}:`);
      if (at < 0 || at > first) continue;
      first = at;
      place = placeIn(i, parseInt(after(stack, at + url.length + 1), 10));
    }
    return place;
  }

  /** @param {unknown} error */
  const noted = (error) => (typeof error === 'object' && error ? inStack(recall(calls, error)?.stack) : undefined);

  /** Whether the literal at this index of a code names a module. @param {string} code @param {number} index */
  const isModule = (code, index) => BEFORE_MODULE.test(code.slice(Math.max(0, index - MAX_BEFORE), index));

  /** The places at which a module or another text with this name stands. @param {string} name */
  function placesOf(name) {
    const places = { modules: /** @type {number[]} */ ([]), others: /** @type {number[]} */ ([]) };
    files.forEach(({ code }, file) => {
      for (const { 1: single, 2: double, index } of code.matchAll(TOKENS)) {
        if ((single ?? double) !== name) continue;
        const line = code.slice(0, index).split('\n').length;
        (isModule(code, index) ? places.modules : places.others).push(file * FILE + line);
      }
    });
    return places;
  }

  return {
    /** @param {number} index of the file @param {string} name @param {string} url where its code stands from now on @param {string} code */
    setCode(index, name, url, code) {
      let line = 1;
      const ends = code.match(ENDS) ?? [];
      const numbers = ends.every((end) => end === '\n')
        ? []
        : [1, ...ends.map((end) => (end.includes('\n') ? (line += 1) : line))];
      files[index] = { name, url, code, numbers };
    },

    /**
     * A code in which modules are imported from other addresses. Its lines stay where they are.
     * @param {string} code @param {ReadonlyMap<string, string>} addresses by the names that the code has for them
     */
    linked: (code, addresses) =>
      code.replaceAll(TOKENS, (token, single, double, index) => {
        const address = isModule(code, index) ? addresses.get(single ?? double) : undefined;
        return address === undefined ? token : `'${address}'`;
      }),

    /** A code without its comments. @param {string} code */
    withoutComments: (code) => code.replaceAll(TOKENS, (token) => (token[0] === '/' ? ' ' : token)),

    /** A text of the browser, with the names of files in place of their addresses. @param {string} text @param {number} [first] the index of the first file that is named */
    named(text, first = 1) {
      for (let i = first; i < files.length; i += 1) text = replace(text, files[i].url, `./${files[i].name}`);
      return text;
    },

    /** Where the code stands; undefined if it has several files. */
    get url() {
      return files.length === 1 ? files[0].url : undefined;
    },

    /** The line and the index of the file that a place is. @param {number | undefined} place */
    apart: (place) =>
      place ? { line: place % FILE, file: (place - (place % FILE)) / FILE } : { line: undefined, file: 0 },

    /** @param {number} index of a file */
    nameOf: (index) => files[index]?.name ?? '',

    /** The innermost line of the first file. @param {unknown} stack */
    ofFirst: (stack) => inStack(stack, 1),

    /** @param {string} url @param {number} line as the browser counts, from 1 @returns {number | undefined} */
    inCode(url, line) {
      for (let i = 0; i < files.length; i += 1) if (files[i].url === url && line) return placeIn(i, line);
      return undefined;
    },

    /** @returns {number | undefined} */
    here: () => inStack(new NativeError().stack),

    /** All places of the stack, the innermost first, for `console.trace`. @param {string} stack @returns {number[]} */
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
      files.flatMap(({ code }) =>
        [...code.matchAll(TOKENS)].flatMap(({ 1: single, 2: double, index }) =>
          isModule(code, index) ? (single ?? double ?? []) : [],
        ),
      ),

    /** What stands at a place. @param {number | undefined} place */
    textAt: (place = 0) => files[(place - (place % FILE)) / FILE]?.code.split('\n')[(place % FILE) - 1] ?? '',

    /** The only line of code, comments and texts aside, that this matches. @param {RegExp} pattern @returns {number | undefined} its place */
    matching(pattern) {
      const found = files.flatMap(({ code }, file) => {
        const bare = code.replaceAll(TOKENS, (token) => token.replaceAll(/[^\n]/g, ' '));
        return bare.split('\n').flatMap((line, index) => (pattern.test(line) ? [file * FILE + index + 1] : []));
      });
      return found.length === 1 ? found[0] : undefined;
    },
  };
})();
