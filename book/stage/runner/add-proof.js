// @ts-check
// Adds the proof that this iframe is the book's to addresses of this server. It is needed because any site can create sandboxed iframes,
// and all of them have the origin `null`. The proof comes from the page (stage/proof.js) and stays in this closure, out of reach of the
// demo.

stage.proof = (() => {
  /** The query parameter (server/src/admission/proof.rs). */
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
     * Adds the proof to an address of this server.
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
      // A fragment is not sent to the server, so a proof after it would be lost.
      if (hostOf(url) !== host || has(href, '#')) return undefined;
      const added = `${has(href, '?') ? '&' : '?'}${PARAMETER}${proof}`;
      return { url: href + added, added };
    },
  };
})();
