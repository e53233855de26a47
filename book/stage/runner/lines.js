// @ts-check
// Which line of the demo's code is at work: read off the stack, and kept for failures that carry no stack.

stage.lines = (() => {
  const { apply } = stage;
  /** Where a promise that failed was asked for. @type {WeakMap<object, number>} */
  const callLines = new WeakMap();
  let codeUrl = '';

  /** @param {unknown} stack @returns {number | undefined} from 1 */
  function inStack(stack) {
    if (typeof stack !== 'string' || !codeUrl) return undefined;
    const at = stack.indexOf(`${codeUrl}:`);
    return at < 0 ? undefined : Number.parseInt(stack.slice(at + codeUrl.length + 1), 10) || undefined;
  }

  // What a peer connection refuses comes as a DOMException without a stack, so the line of the call is noted. The promise that is
  // passed on follows the browser's own, so that it fails unhandled where that one would have.
  for (const name of ['createOffer', 'createAnswer', 'setLocalDescription', 'setRemoteDescription', 'addIceCandidate']) {
    const prototype = /** @type {any} */ (RTCPeerConnection.prototype);
    prototype[name] = new Proxy(prototype[name], {
      apply: (method, self, args) => {
        const line = inStack(new Error().stack);
        const result = apply(method, self, args);
        result.then(undefined, (/** @type {unknown} */ error) => {
          if (line && typeof error === 'object' && error) callLines.set(error, line);
        });
        return new Promise((resolve) => resolve(result));
      },
    });
  }

  return {
    /** @param {string} url where the demo's code stands from now on */
    setCode(url) {
      codeUrl = url;
    },

    /** @returns {number | undefined} */
    here: () => inStack(new Error().stack),

    /** @param {any} error @returns {number | undefined} */
    ofError: (error) => inStack(error?.stack) ?? (typeof error === 'object' && error ? callLines.get(error) : undefined),
  };
})();
