// @ts-check
// Which line of the demo's code is at work: read off the stack, and kept for failures that carry no stack.

stage.lines = (() => {
  /** Where a call that failed was made. @type {WeakMap<object, Error>} */
  const calls = new WeakMap();
  let codeUrl = '';

  /** @param {unknown} stack @returns {number | undefined} from 1 */
  function inStack(stack) {
    if (typeof stack !== 'string' || !codeUrl) return undefined;
    const at = stack.indexOf(`${codeUrl}:`);
    return at < 0 ? undefined : Number.parseInt(stack.slice(at + codeUrl.length + 1), 10) || undefined;
  }

  return {
    /** @param {string} url where the demo's code stands from now on */
    setCode(url) {
      codeUrl = url;
    },

    /** @returns {number | undefined} */
    here: () => inStack(new Error().stack),

    /** An error that may have no stack of its own, and where its call was made. @param {unknown} error @param {Error} trace */
    note(error, trace) {
      if (typeof error === 'object' && error) calls.set(error, trace);
    },

    inStack,

    /** @param {any} error @returns {number | undefined} */
    ofError: (error) => inStack(error?.stack) ?? (typeof error === 'object' && error ? inStack(calls.get(error)?.stack) : undefined),
  };
})();
