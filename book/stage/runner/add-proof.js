// @ts-check
// How this iframe proves to the server that it is one of the book's: any site can make sandboxed iframes, and all of them have the origin `null`.
// The proof comes from the page (stage/proof.js), stays in this closure, and is added to addresses of this server only.

stage.proof = (() => {
  /** In the query of an address (server/src/admission/proof.rs). */
  const PARAMETER = 'proof=';

  const { apply, recorder } = stage;
  const NativeUrl = URL;
  const { host } = location;
  const hostOf = recorder.getter(URL.prototype, 'host');
  const hrefOf = recorder.getter(URL.prototype, 'href');
  const baseOf = recorder.getter(Node.prototype, 'baseURI');
  const { indexOf } = String.prototype;
  /** @param {string} text @param {string} part */
  const has = (text, part) => apply(indexOf, text, [part]) >= 0;
  let proof = '';

  return {
    /** @param {string} value */
    set(value) {
      proof = value;
    },

    /**
     * An address of this server with the proof at its end.
     * @param {string} address as the demo gave it
     * @returns {{ url: string, added: string } | undefined} undefined if it leads to another server, if it is no address, or if there is no proof
     */
    addTo(address) {
      if (!proof) return undefined;
      let url;
      try {
        url = new NativeUrl(address, baseOf(document));
      } catch {
        return undefined; // The browser will say what is wrong with it.
      }
      const href = hrefOf(url);
      // What stands behind a `#` is not sent.
      if (hostOf(url) !== host || has(href, '#')) return undefined;
      const added = `${has(href, '?') ? '&' : '?'}${PARAMETER}${proof}`;
      return { url: href + added, added };
    },
  };
})();
