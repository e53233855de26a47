// @ts-check
// A demo keeps nothing in the browser. In a frame whose origin is opaque, the browser sees to that; in one for the reader's own devices, which has an
// origin, what is kept is refused here, with the same error. Code that gets at it all the same, in a frame or a worker of its own, finds nothing later: the
// next run has another origin (stage/own-devices.js).

if (globalThis.origin !== 'null') {
  /** @type {[holder: object, names: string[]][]} */
  const kept = [
    [globalThis, ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore']],
    [Navigator.prototype, ['serviceWorker', 'storage']],
    [Document.prototype, ['cookie']],
  ];
  for (const [holder, names] of kept)
    for (const name of names) {
      const refuse = () => {
        throw new DOMException(`${name} is not there in the frame of a demo.`, 'SecurityError');
      };
      if (name in holder) Object.defineProperty(holder, name, { get: refuse, set: refuse, enumerable: true });
    }
}
