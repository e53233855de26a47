// @ts-check
// The part of the runner that puts requests of the demo's code to the page, and gives the code its answers.
//
// May import: nothing.

/** @typedef {{ id: number, method: string, path: string, body?: string, contentType?: string | null, authorization?: string | null }} Asking */
/** @typedef {{ id: number, status: number, mediaType?: string, body?: ArrayBuffer, location?: string }} Answered status 0 if nobody has answered; `location` from the root of the book */

/** Requests that go to the page within a second; others wait for the next. It ends a run that sends too many messages (stage/iframe.js). */
const MAX_PER_SECOND = 100;

/** @param {any} stage what the runner shares @param {(request: Asking) => void} send to the page */
export function install({ apply, construct, recorder, root }, send) {
  const { getter, now, then } = recorder;
  const later = setTimeout.bind(globalThis);
  const NativeError = TypeError;
  const NativeResponse = Response;
  const [addressOf, methodOf, signalOf, headersOf] = ['url', 'method', 'signal', 'headers'].map((name) =>
    getter(Request.prototype, name),
  );
  const isAborted = getter(AbortSignal.prototype, 'aborted');
  const reasonOf = getter(AbortSignal.prototype, 'reason');
  const { text } = Request.prototype;
  const headerOf = Headers.prototype.get;
  const { defineProperty } = Object;

  /**
   * A request that the page has not answered yet.
   * @typedef {{ url: string, resolve: (response: Response) => void, reject: (reason: unknown) => void }} Asked
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

  return {
    /** @param {Omit<Asked, 'url'> & { request: Request, path: string }} asking `path` from the root of the book */
    ask({ request, path, resolve, reject }) {
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
    },

    /** @param {Answered} answer */
    answered({ id, status, mediaType, body, location: session }) {
      const waiting = find(id);
      if (!waiting) return;
      forget(id);
      if (status === 0) return waiting.reject(new NativeError('Failed to fetch: the server does not answer'));
      /** @type {Record<string, string>} */
      const headers = {};
      if (mediaType) headers['content-type'] = mediaType;
      if (session) headers.location = root.pathFor(`/${session}`);
      const head = { status, headers };
      const response = construct(NativeResponse, [status === 204 ? null : body, head], NativeResponse);
      waiting.resolve(defineProperty(response, 'url', { value: waiting.url }));
    },
  };
}
