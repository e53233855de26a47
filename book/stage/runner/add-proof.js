// @ts-check
// Adds the proof that this iframe is the book's to addresses of this server. It is needed because any site can create sandboxed iframes,
// and all of them have the origin `null`. In a workshop it also adds the reader's ticket to addresses of signaling, which admits the demo to the
// rooms of the reader's pair. Both come from the page (stage/proof.js, stage/workshop/ticket.js) and stay in this closure, out of reach of
// the demo.

stage.proof = (() => {
  /** The query parameter (server/src/admission/proof.rs). */
  const PARAMETER = 'proof=';
  /** The one of a ticket. */
  const TICKET = 'ticket=';

  const { apply, recorder, root } = stage;
  const NativeUrl = URL;
  const { host } = location;
  const hostOf = recorder.getter(URL.prototype, 'host');
  const hrefOf = recorder.getter(URL.prototype, 'href');
  const pathOf = recorder.getter(URL.prototype, 'pathname');
  const queryOf = recorder.getter(URL.prototype, 'search');
  const schemeOf = recorder.getter(URL.prototype, 'protocol');
  const baseOf = recorder.getter(Node.prototype, 'baseURI');
  const { indexOf } = String.prototype;
  /** @param {string} text @param {string} part */
  const has = (text, part) => apply(indexOf, text, [part]) >= 0;
  /** @param {string} path */
  const isSignaling = (path) => {
    const place = root.within(path);
    return place === '' || place === 'primus';
  };
  let proof = '';
  let ticket = '';

  return {
    /** @param {string} value */
    set(value) {
      proof = value;
    },

    /** @param {string} value empty for a reader without one */
    setTicket(value) {
      ticket = value;
    },

    /**
     * Adds the proof to an address of this server, and the ticket to one of signaling.
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
      const path = pathOf(url);
      const inBook = root.pathFor(path);
      const own = inBook === path ? href : `${schemeOf(url)}//${host}${inBook}${queryOf(url)}`;
      const admitted = ticket && isSignaling(path) ? `&${TICKET}${ticket}` : '';
      const added = `${has(href, '?') ? '&' : '?'}${PARAMETER}${proof}${admitted}`;
      return { url: own + added, added };
    },
  };
})();
