// @ts-check
// Which requests of the demo's code, by `fetch`, are for the server's endpoints for lines, labs, ICE servers and the media room. The page asks in its place
// (stage/line/run-requests.js): the server answers pages of the book, and an iframe would have to prove that it is one of theirs. They are put to the page by
// a part of its own (parts/ask-page.js). All other requests go their own way; those to the signaling endpoint lead below the prefix, if the book has one.

/**
 * Wraps `fetch`.
 * @param {(request: object) => void} send to the page
 * @returns {(answer: object) => void} takes what the page answers
 */
stage.tapRequests = (send) => {
  const { apply, construct, parts, recorder, root, standIn } = stage;
  const { getter } = recorder;
  const NativePromise = Promise;
  const NativeError = TypeError;
  const NativeRequest = Request;
  const NativeUrl = URL;
  const baseOf = getter(Node.prototype, 'baseURI');
  const [hostOf, pathOf, queryOf, schemeOf] = ['host', 'pathname', 'search', 'protocol'].map((name) =>
    getter(URL.prototype, name),
  );
  const addressOf = getter(Request.prototype, 'url');
  const { exec } = RegExp.prototype;
  const { host } = location;
  /** From the root of the book; addresses that are relative to the iframe's have the version in them. */
  const ROUTE = /^(?:v\/[^/]+\/)?((?:ice|line|lab|whip|whep|sfu)(?:\/.*)?)$/;
  const part = parts.create('ask-page', 'The server can not be asked for lines, labs and the media room.', send);
  if (parts.speakOf(/fetch|test-network/)) part.load();

  globalThis.fetch = standIn(fetch, {
    apply(/** @type {Function} */ native, /** @type {unknown} */ self, /** @type {any[]} */ args) {
      const url = ownUrl(args[0]);
      const path = url && pathIn(url);
      if (path !== undefined) return ask(path, args);
      const below = url && belowPrefix(url);
      if (below === undefined) return apply(native, self, args);
      const [input, ...others] = args;
      return apply(native, self, [
        input instanceof NativeRequest ? construct(NativeRequest, [below, input]) : below,
        ...others,
      ]);
    },
  });

  /** An address at this host. @param {unknown} input @returns {URL | undefined} */
  function ownUrl(input) {
    try {
      const address = input instanceof NativeRequest ? addressOf(input) : input;
      const url = construct(NativeUrl, [address, baseOf(document)], NativeUrl);
      return hostOf(url) === host ? url : undefined;
    } catch {
      return undefined; // The browser will say what is wrong with it.
    }
  }

  /** What leads to one of the endpoints, from the root of the book. @param {URL} url @returns {string | undefined} */
  function pathIn(url) {
    const found = apply(exec, ROUTE, [root.within(pathOf(url))]);
    return found ? found[1] + queryOf(url) : undefined;
  }

  /** The address of signaling, if this one is that at a host without a prefix. @param {URL} url @returns {string | undefined} */
  function belowPrefix(url) {
    const path = pathOf(url);
    const isSignaling = path === '/' || path === '/primus';
    const inBook = root.pathFor(path);
    return isSignaling && inBook !== path ? `${schemeOf(url)}//${host}${inBook}${queryOf(url)}` : undefined;
  }

  /** @param {string} path @param {any[]} args */
  function ask(path, args) {
    return new NativePromise((resolve, reject) => {
      // The browser checks what it is given. Its error rejects the promise, as that of `fetch` does.
      const request = construct(NativeRequest, args, NativeRequest);
      part.use(
        (/** @type {any} */ asking) => asking.ask({ request, path, resolve, reject }),
        () => reject(new NativeError('Failed to fetch: the page can not be asked')),
      );
    });
  }

  return (answer) => part.now?.answered(answer);
};
