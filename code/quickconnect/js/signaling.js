// @ts-check
// The WebSocket to the signaling server: finds it, waits for its greeting, reconnects, and learns why this page is refused.
//
// May import: backoff.js, greeting.js, protocol.js, wait.js.

import { createBackoff } from './backoff.js';
import { readGreeting, SMALLEST_LIMIT } from './greeting.js';
import { GREETING, parseMessage, sizeOf, splitMessage } from './protocol.js';
import { wait } from './wait.js';

/** How long to wait for the server's greeting before anything is sent, in ms, as the original's clients do. */
const GREETING_WAIT = 100;
/**
 * The first wait before another attempt, and the longest, in ms: a call over a relay that went away with the server works again within 10 s
 * of its return.
 */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 5_000;
/** The longest time, in ms, that a socket may take to open. The time doubles with each that was too slow. */
const LONGEST_TIMEOUT = 16_000;
/** The next socket may take this many times as long to open as the last one took. */
const PATIENCE = 4;
/**
 * How many of the first timeouts a socket may take before a server that is silent is an error: 1, 2, 4 and 8 s. On a slow link, pages load
 * beside it.
 */
const SLOWEST = 8;
/** Ping periods of the server without a message after which it counts as gone. */
const SILENT_PERIODS = 2;
/** After this many failed look-ups of a server that went away, a socket is tried without one; then again whenever their number has doubled. */
const FIRST_BLIND = 4;
/** After a socket that lasted this long, in ms, the backoff begins anew. Not at once when it opens: a full server accepts us, says so, and closes. */
const STEADY_SOCKET = 5_000;
/** The close code for a connection whose id another one has taken over. We don't reconnect then, since that would take the id back. */
const TAKEN_OVER = 4001;
/** The close code for a connection that was let in until now: with a new token we come back. */
const OVER = 4002;
/** The close code for a message that is too large (https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1). */
const TOO_LARGE = 1009;
/** The close code for a connection that is not let in, as an `/error` has said. */
const NOT_LET_IN = 4003;
/** The statuses of a server that refuses a page: for the page's origin, or for the name by which it asks. */
const REFUSED = [403, 421];
/** Characters of its reason that are told. */
const MAX_WORDS = 1_000;

/**
 * Creates the connection to the server. `open` starts it.
 * @param {string} signalhost an origin, such as `location.origin`, perhaps with a path
 * @param {object} options
 * @param {string[]} options.endpoints paths, tried in order
 * @param {number} options.timeout how long each has at first, in ms
 * @param {boolean} options.reconnect
 * @param {import('./index.js').Options['token']} [options.token]
 * @param {object} handlers
 * @param {() => void} handlers.onready messages may be sent from now on
 * @param {(message: import('./protocol.js').Message) => void} handlers.onmessage
 * @param {() => void} handlers.onaway the socket is gone, and `close` was not called
 * @param {(error: Error) => void} handlers.onerror once for each time that the server can't be reached, and for each message that is too large
 * @param {(direction: string, message: unknown) => void} handlers.log
 */
export function createSignaling(
  signalhost,
  { endpoints, timeout, reconnect, token },
  { onready, onmessage, onaway, onerror, log },
) {
  const urls = endpoints.map((path) => {
    const url = new URL(String(signalhost).replace(/\/$/, '') + path, globalThis.location?.href);
    url.protocol = url.protocol.replace('http', 'ws');
    return url.href;
  });
  const backoff = createBackoff(FIRST_WAIT, LONGEST_WAIT);
  /** @type {WebSocket | undefined} */
  let socket;
  /** The server's last greeting. Sent back on the next socket, its token proves that our id is ours. */
  let greeting = '';
  /** Index of the URL that is tried, or in use. */
  let current = 0;
  /** Messages may be sent. */
  let isReady = false;
  /** When they could be sent first, by the clock of `performance.now()`. */
  let readyAt = 0;
  let isReported = false;
  let isClosed = false;
  /** Look-ups since the server went away. */
  let looks = 0;
  /** The question in progress. @type {AbortController | undefined} */
  let look;
  /** How long a socket may take to open, in ms. */
  let patience = timeout;
  /** How long the server may be silent, in ms; 0 if it has announced no ping period. */
  let silence = 0;
  /** The largest message that the server takes, in bytes. */
  let limit = Infinity;
  /** What the server gives to whoever names no ICE servers. @type {RTCIceServer[]} */
  let iceServers = [];
  /** The largest message that was sent on this socket. */
  let largest = '';
  /** The last error about a message that is too large. The same error is not raised twice in a row. */
  let told = '';
  /** Cancels the pending timeout. There is at most one. */
  let stop = () => {};

  /** @param {number} ms @param {() => void} act */
  function next(ms, act) {
    stop();
    stop = wait(ms, act);
  }

  /** Asks for a token first, if there are tokens. Who is asked may take any time. */
  function open() {
    if (!token) return connect();
    const asked = ask(async () => (typeof token === 'function' ? token() : token), connect);
    const ours = look;
    asked.catch((error) => {
      // Something else may go on by then: we were closed, and perhaps opened again.
      if (!isClosed && !socket && (!look || look === ours)) again(error?.message ?? String(error));
    });
  }

  /** @param {string} [token] */
  function connect(token) {
    const attempt = new WebSocket(urls[current], token && ['token', token]);
    const since = performance.now();
    socket = attempt;
    silence = 0;
    largest = '';
    next(patience, () => {
      slower();
      drop(() => unanswered(true));
    });
    attempt.onopen = () => {
      patience = Math.max(timeout, PATIENCE * (performance.now() - since));
      // On a reconnect the greeting has to come before we announce ourselves: our answer to it gives us our id back.
      next(greeting ? patience : GREETING_WAIT, ready);
    };
    attempt.onmessage = ({ data }) => {
      const isGreeting = String(data).startsWith(`${GREETING}|`);
      if (!isReady && isGreeting && greeting) attempt.send(greeting);
      if (isGreeting) greeted(data);
      if (!isReady) ready();
      // A listener to `connected` may have closed us.
      if (socket !== attempt) return;
      if (silence > 0) next(silence, () => drop(away));
      log('in', data);
      const message = parseMessage(data);
      if (message) onmessage(message);
    };
    attempt.onclose = ({ code }) => drop(() => (isReady ? away(code) : unanswered(false)));
  }

  /** @param {string} text */
  function greeted(text) {
    greeting = text;
    const { pingSeconds, maxFrameBytes, ...given } = readGreeting(text);
    if (pingSeconds) silence = SILENT_PERIODS * pingSeconds * 1_000;
    if (maxFrameBytes) limit = maxFrameBytes;
    iceServers = given.iceServers;
  }

  function ready() {
    stop();
    isReady = true;
    isReported = false;
    looks = 0;
    readyAt = performance.now();
    onready();
  }

  function slower() {
    patience = Math.max(timeout, Math.min(2 * patience, LONGEST_TIMEOUT));
  }

  /** @param {() => void} then */
  function drop(then) {
    stop();
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    socket = undefined;
    then();
  }

  /** @param {boolean} isSlow it may be there, and far away */
  function unanswered(isSlow) {
    current = (current + 1) % urls.length;
    // The browser may hold this socket back because others have failed (see `lookFor`).
    if (isSlow && patience <= SLOWEST * timeout) ask(answers, (isThere) => (isThere === false ? missing() : open()));
    else if (!isSlow && current > 0) open();
    else if (isSlow || isReported) missing();
    else ask(refusal, missing);
  }

  /** @param {string} [words] why it does not let us in, if it is there and says so */
  function missing(words) {
    again(words ?? `no signaling server answers at ${urls[0]}: is it running?`);
  }

  /** @param {number} [code] none if it fell silent */
  function away(code) {
    isReady = false;
    if (performance.now() - readyAt >= STEADY_SOCKET) backoff.reset();
    onaway();
    // A listener to `disconnected` may have closed us, and joined again.
    if (isClosed || socket) return;
    if ((code === OVER || code === NOT_LET_IN) && reconnect) return lookLater();
    if (code === TAKEN_OVER) return onerror(new Error('another connection has taken our id'));
    if (code !== TOO_LARGE || sizeOf(largest) <= SMALLEST_LIMIT) {
      return again(`the signaling server at ${urls[current]} went away: calls go on, but nobody new can join`);
    }
    // The server has announced no limit: it is below the size of what it refused.
    limit = sizeOf(largest) - 1;
    told = tooLarge(largest);
    again(told);
  }

  /** @param {string} message */
  const tooLarge = (message) =>
    `/${splitMessage(message)?.command} has ${sizeOf(message)} bytes, and the signaling server takes at most ${limit}: it is not sent`;

  /** @param {string} message */
  function again(message) {
    if (reconnect) lookLater();
    if (isReported) return;
    isReported = true;
    onerror(new Error(message));
  }

  function lookLater() {
    next(backoff.next(), lookFor);
  }

  /**
   * Sends a request before a socket is tried. Of a page whose sockets have failed, browsers hold back the next ones, Chromium for 5 s and
   * Firefox for up to a minute; of one whose requests have failed they don't. A page's policy may forbid requests: hence the blind tries.
   */
  function lookFor() {
    looks += 1;
    const isBlind = looks >= FIRST_BLIND && Number.isInteger(Math.log2(looks));
    ask(answers, (isThere) => (isThere || isBlind ? open() : lookLater()));
  }

  /**
   * Asks the server, unless something else happens before it answers.
   * @template T
   * @param {(urls: string[], signal: AbortSignal) => Promise<T>} question
   * @param {(answer: T) => void} then
   */
  async function ask(question, then) {
    const ours = new AbortController();
    look = ours;
    next(patience, () => {
      slower();
      ours.abort();
    });
    const answer = await question(urls, ours.signal);
    if (look !== ours) return;
    stopWaiting();
    then(answer);
  }

  function stopWaiting() {
    stop();
    look?.abort();
    look = undefined;
  }

  return {
    get isReady() {
      return isReady;
    },

    /** Begins, if it has not begun. */
    open() {
      if (socket) return;
      isClosed = false;
      stopWaiting();
      open();
    },

    get limit() {
      return limit;
    },

    get iceServers() {
      return iceServers;
    },

    /** @param {string} message Dropped while the server is away. @returns {boolean} whether the server takes a message of this size */
    send(message) {
      const size = sizeOf(message);
      if (size > limit) {
        const before = told;
        told = tooLarge(message);
        if (told !== before) onerror(new Error(told));
        return false;
      }
      if (isReady) {
        if (size > sizeOf(largest)) largest = message;
        log('out', message);
        socket?.send(message);
      }
      return true;
    },

    close() {
      isReady = false;
      isReported = false;
      isClosed = true;
      stopWaiting();
      drop(() => {});
    },
  };
}

/**
 * Whether any server is at an address. What another origin's server says can't be known.
 * @param {string[]} urls of WebSockets
 * @param {AbortSignal} signal
 * @returns {Promise<boolean | undefined>} `undefined` if nothing came in time
 */
async function answers([url], signal) {
  try {
    const { status } = await fetch(url.replace('ws', 'http'), {
      method: 'HEAD',
      mode: 'no-cors',
      cache: 'no-store',
      credentials: 'omit',
      signal,
    });
    // A proxy whose server is away answers with 502 or 504.
    return status < 500;
  } catch {
    return signal.aborted ? undefined : false;
  }
}

/**
 * Asks a workshop server why it refuses this page's WebSockets, whose responses no page can read. It answers at the last of the default
 * endpoints, for pages of all origins.
 * @param {string[]} urls of WebSockets
 * @param {AbortSignal} signal
 * @returns {Promise<string | undefined>} `undefined` if it lets the page in, or if another kind of server or nobody answers
 */
async function refusal(urls, signal) {
  try {
    const response = await fetch(urls[urls.length - 1].replace('ws', 'http'), { method: 'POST', signal });
    if (REFUSED.includes(response.status)) {
      const words = (await response.text()).trim().slice(0, MAX_WORDS);
      return `the signaling server refuses this page: ${words}`;
    }
  } catch {
    // Nobody can be asked.
  }
}
