// @ts-check
// Where the demo called what the browser refuses without a stack: promises that are rejected from elsewhere, and properties of the window that a sandbox
// has not. The peer connection's own methods are noted by `connections.js`.

(() => {
  const { apply, attempt, lines, recorder, standIn } = stage;
  const { here, then } = recorder;
  const NativePromise = Promise;

  /** Methods whose rejections have no stack in Chromium, in Firefox, or in both. @type {[holder: string, methods: string[]][]} */
  const METHODS = [
    ['MediaDevices', ['getUserMedia', 'getDisplayMedia']],
    ['HTMLMediaElement', ['play']],
    ['HTMLImageElement', ['decode']],
    ['BaseAudioContext', ['decodeAudioData']],
    ['RTCRtpSender', ['replaceTrack', 'setParameters']],
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

  /** Properties of the window that Chromium refuses to a sandbox without a stack. */
  const PROPERTIES = ['localStorage', 'sessionStorage', 'caches'];

  for (const [holder, methods] of METHODS) {
    const prototype = /** @type {any} */ (globalThis)[holder]?.prototype;
    for (const name of methods)
      if (prototype && typeof prototype[name] === 'function')
        prototype[name] = standIn(prototype[name], { apply: noting });
  }
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

  /**
   * The promise that is passed on follows the browser's own, so that it fails unhandled where that one would have.
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
