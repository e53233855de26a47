// @ts-check
// Knows what stands behind the demo's `blob:` addresses. A sandbox downloads nothing, so what a link would download is handed to the page, which
// offers it to the reader (../made-file.js).

stage.madeFiles = (() => {
  /** Bytes of a file that is handed over. The page has the same bound. */
  const MAX_BYTES = 50 * 1_024 * 1_024;
  /** Characters of its name that are. The page shows fewer. */
  const MAX_NAME = 1_000;

  const { apply, recorder, standIn, uncurry } = stage;
  const attribute = uncurry(Element.prototype.getAttribute);
  const cut = uncurry(String.prototype.slice);
  const sizeOf = recorder.getter(Blob.prototype, 'size');
  /** Until their addresses are revoked, which the browser keeps as long. @type {Map<string, Blob>} */
  const blobs = new Map();
  // The map's methods as they are now.
  const note = blobs.set.bind(blobs);
  const find = blobs.get.bind(blobs);
  const forget = blobs.delete.bind(blobs);

  URL.createObjectURL = standIn(URL.createObjectURL, {
    apply(/** @type {Function} */ native, /** @type {unknown} */ self, /** @type {any[]} */ args) {
      const url = apply(native, self, args);
      if (isBlob(args[0])) note(url, args[0]);
      return url;
    },
  });

  URL.revokeObjectURL = standIn(URL.revokeObjectURL, {
    apply(/** @type {Function} */ native, /** @type {unknown} */ self, /** @type {any[]} */ args) {
      if (typeof args[0] === 'string') forget(args[0]);
      return apply(native, self, args);
    },
  });

  /** Whether it is one, and so can be handed over. The getter of a blob throws for all else. @param {unknown} value */
  function isBlob(value) {
    try {
      return typeof sizeOf(/** @type {object} */ (value)) === 'number';
    } catch {
      return false;
    }
  }

  return {
    MAX_BYTES,

    /**
     * What a link would download, if that is a blob of this demo.
     * @param {Element} link
     * @returns {{ name: string, blob: Blob, size: number } | undefined}
     */
    of(link) {
      const blob = find(attribute(link, 'href') ?? '');
      return blob && { name: cut(attribute(link, 'download') ?? '', 0, MAX_NAME), blob, size: sizeOf(blob) };
    },
  };
})();
