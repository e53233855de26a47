// @ts-check
// Notes where the demo made calls that the browser rejects without a stack: methods that reject later, and properties of the window that a
// sandbox lacks. The peer connection's own methods are covered by `connections.js`, what few runs call by parts of their own (../parts/).

(() => {
  const { apply, attempt, lines, recorder, standIn } = stage;
  const { here, then } = recorder;
  const NativePromise = Promise;

  /** Methods whose rejections have no stack in Chromium, in Firefox, or in both. @type {[holder: string, methods: string[]][]} */
  const METHODS = [
    ['HTMLImageElement', ['decode']],
    ['RTCPeerConnection', ['getStats']],
    [
      'SubtleCrypto',
      [
        'encrypt',
        'decrypt',
        'sign',
        'verify',
        'digest',
        'generateKey',
        'deriveKey',
        'deriveBits',
        'importKey',
        'exportKey',
        'wrapKey',
        'unwrapKey',
      ],
    ],
  ];

  /** Properties of the window whose getters throw in a sandbox, in Chromium without a stack. */
  const PROPERTIES = ['localStorage', 'sessionStorage', 'caches'];

  stage.noteCalls = noteCalls;
  noteCalls(METHODS);
  for (const name of PROPERTIES) {
    const property = Object.getOwnPropertyDescriptor(globalThis, name);
    if (!property?.get || !property.configurable) continue;
    const get = standIn(property.get, {
      apply: (/** @type {Function} */ native, /** @type {unknown} */ self, /** @type {unknown[]} */ args) =>
        attempt(
          () => apply(native, self, args),
          (/** @type {unknown} */ error) => lines.note(error, here()),
        ),
    });
    Object.defineProperty(globalThis, name, { ...property, get });
  }

  /** @param {[holder: string, methods: string[]][]} list classes of the browser, and methods of theirs whose calls are noted */
  function noteCalls(list) {
    for (const [holder, methods] of list) {
      const prototype = /** @type {any} */ (globalThis)[holder]?.prototype;
      for (const name of methods)
        if (prototype && typeof prototype[name] === 'function')
          prototype[name] = standIn(prototype[name], { apply: noting });
    }
  }

  /**
   * Returns a new promise that adopts the browser's: if the demo does not handle a rejection, it is still reported as unhandled.
   * @param {Function} native @param {unknown} self @param {unknown[]} args
   */
  function noting(native, self, args) {
    const trace = here();
    const result = apply(native, self, args);
    if (!(result instanceof NativePromise)) return result;
    then(result, undefined, (/** @type {unknown} */ error) => lines.note(error, trace));
    return new NativePromise((resolve) => resolve(result));
  }
})();
