// @ts-check
// What the demo's code asks of the server's endpoints for lines, labs, ICE servers and the media room by `fetch`. The page asks in its place
// (stage/line/run-requests.js): the server answers pages of the book, and an iframe would have to prove that it is one of theirs. All other
// requests go their own way; those to the signaling endpoint lead below the prefix, if the book has one.

/**
 * Wraps `fetch`.
 * @param {(request: Asking) => void} send to the page
 * @returns {(answer: Answered) => void} takes what the page answers; status 0 if nobody has answered it
 * @typedef {{ id: number, method: string, path: string, body?: string, contentType?: string | null, authorization?: string | null }} Asking
 * @typedef {{ id: number, status: number, mediaType?: string, body?: ArrayBuffer, location?: string }} Answered `location` from the root of the book
 */
stage.tapRequests = (send) => {
  /** Requests that go to the page within a second; others wait for the next. It ends a run that sends too many messages (stage/iframe.js). */
  const MAX_PER_SECOND = 100;

  const { apply, construct, recorder, root, standIn } = stage;
  const { getter, now, then } = recorder;
  const later = setTimeout.bind(globalThis);
  const NativePromise = Promise;
  const NativeError = TypeError;
  const NativeRequest = Request;
  const NativeResponse = Response;
  const NativeUrl = URL;
  const baseOf = getter(Node.prototype, 'baseURI');
  const [hostOf, pathOf, queryOf, schemeOf] = ['host', 'pathname', 'search', 'protocol'].map((name) =>
    getter(URL.prototype, name),
  );
  const [addressOf, methodOf, signalOf, headersOf] = ['url', 'method', 'signal', 'headers'].map((name) =>
    getter(Request.prototype, name),
  );
  const isAborted = getter(AbortSignal.prototype, 'aborted');
  const reasonOf = getter(AbortSignal.prototype, 'reason');
  const { text } = Request.prototype;
  const headerOf = Headers.prototype.get;
  const { exec } = RegExp.prototype;
  const { defineProperty } = Object;
  const { host } = location;
  /** From the root of the book; addresses that are relative to the iframe's have the version in them. */
  const ROUTE = /^(?:v\/[^/]+\/)?((?:ice|line|lab|whip|whep|sfu)(?:\/.*)?)$/;
  /** @param {any} Native @param {any[]} args */
  const make = (Native, args) => construct(Native, args, Native);

  /**
   * @typedef {object} Asked a request that the page has not answered yet
   * @property {string} url
   * @property {(response: Response) => void} resolve
   * @property {(reason: unknown) => void} reject
   */
  /** @type {Map<number, Asked>} */
  const asked = new Map();
  // The map's methods as they are now.
  const note = asked.set.bind(asked);
  const find = asked.get.bind(asked);
  const forget = asked.delete.bind(asked);
  let count = 0;
  let secondBegan = -Infinity;
  let inSecond = 0;

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
      const url = make(NativeUrl, [input instanceof NativeRequest ? addressOf(input) : input, baseOf(document)]);
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
      const request = make(NativeRequest, args);
      const signal = signalOf(request);
      const id = (count += 1);
      const stop = () => {
        forget(id);
        reject(reasonOf(signal));
      };
      if (isAborted(signal)) return stop();
      recorder.watch(signal, [recorder.observer('abort', stop)]);
      note(id, { url: addressOf(request), resolve, reject });
      const method = methodOf(request);
      const headers = headersOf(request);
      const contentType = apply(headerOf, headers, ['content-type']);
      const authorization = apply(headerOf, headers, ['authorization']);
      const ask = (/** @type {string} */ body) => pass({ id, method, path, body, contentType, authorization });
      then(apply(text, request, []), ask, reject);
    });
  }

  /** @param {Asking} request */
  function pass(request) {
    const time = now();
    if (time - secondBegan >= 1_000) {
      secondBegan = time;
      inSecond = 0;
    }
    if (inSecond >= MAX_PER_SECOND) return later(() => pass(request), secondBegan + 1_000 - time);
    inSecond += 1;
    send(request);
  }

  return ({ id, status, mediaType, body, location: session }) => {
    const waiting = find(id);
    if (!waiting) return;
    forget(id);
    if (status === 0) return waiting.reject(new NativeError('Failed to fetch: the server does not answer'));
    /** @type {Record<string, string>} */
    const headers = {};
    if (mediaType) headers['content-type'] = mediaType;
    if (session) headers.location = root.pathFor(`/${session}`);
    const head = { status, headers };
    const response = make(NativeResponse, [status === 204 ? null : body, head]);
    waiting.resolve(defineProperty(response, 'url', { value: waiting.url }));
  };
};
