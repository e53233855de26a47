// @ts-check
// The socket to the signaling server: where it is, when it may be spoken to, and how to come back to it.

import { createBackoff } from './backoff.js';
import { GREETING, parseMessage, parseValue, sizeOf, splitMessage } from './protocol.js';
import { wait } from './wait.js';

/** A server that has not greeted us yet is spoken to after this time, in ms: the original's clients wait as long. */
const GREETING_WAIT = 100;
/** The first wait before another attempt, and the longest, in ms. */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 10_000;
/** The longest time, in ms, that a socket has to open. It doubles with each that was too slow. */
const LONGEST_TIMEOUT = 16_000;
/** How many times as long as its last socket took, the next one has to open. */
const PATIENCE = 4;
/** How many of the first timeouts a socket may take before a server that is silent is an error: 1, 2, 4 and 8 s. On a slow link, pages load beside it. */
const SLOWEST = 8;
/** How many of the server's ping periods it may be silent. */
const SILENT_PERIODS = 2;
/** The longest ping period that is taken for one, in s, and the smallest limit of a message, in bytes. */
const LONGEST_PERIOD = 600;
const SMALLEST_LIMIT = 1_024;
/** Looks for a server that went away after which a socket is tried blindly, for the first time; and then whenever they have doubled. */
const FIRST_BLIND = 4;
/** A socket that lasted so long, in ms, was a good one. A server that is full takes us in, says so, and closes. */
const STEADY_SOCKET = 5_000;
/** The close code for whose id another connection has taken. To come back would take it from that one. */
const TAKEN_OVER = 4001;
/** The close code for a message that is too large (https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1). */
const TOO_LARGE = 1009;

/**
 * @param {string} signalhost an origin, such as `location.origin`, perhaps with a path
 * @param {object} options
 * @param {string[]} options.endpoints paths, tried in order
 * @param {number} options.timeout how long each has at first, in ms
 * @param {boolean} options.reconnect
 * @param {object} handlers
 * @param {() => void} handlers.onready messages may be sent from now on
 * @param {(message: import('./protocol.js').Message) => void} handlers.onmessage
 * @param {() => void} handlers.onaway the socket is gone, and `close` was not called
 * @param {(error: Error) => void} handlers.onerror once for each time that the server can't be reached, and for each message that is too large
 * @param {(direction: string, message: unknown) => void} handlers.log
 */
export function createSignaling(
  signalhost,
  { endpoints, timeout, reconnect },
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
  /** What the server greeted us with last. Said back on the next socket, it proves that our id is ours. */
  let greeting = '';
  /** Which of the URLs is tried, or works. */
  let current = 0;
  /** Messages may be sent. */
  let isReady = false;
  /** Since when. */
  let readyAt = 0;
  let isReported = false;
  let isClosed = false;
  /** How often we have looked for the server since it went away. */
  let looks = 0;
  /** A look that goes on. @type {AbortController | undefined} */
  let look;
  /** How long a socket has to open, in ms: more than the last one took, and more after each that was too slow. */
  let patience = timeout;
  /** How long, in ms, the server may be silent; 0 if it promises nothing. */
  let silence = 0;
  /** Bytes of the largest message that the server takes. */
  let limit = Infinity;
  /** The largest message that this socket was given. */
  let largest = '';
  /** What was said last of a message that is too large. The same is not said twice. */
  let told = '';
  /** Stops what comes next if nothing else happens: there is only ever one such thing. */
  let stop = () => {};

  /** @param {number} ms @param {() => void} act */
  function next(ms, act) {
    stop();
    stop = wait(ms, act);
  }

  function open() {
    const attempt = new WebSocket(urls[current]);
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
      // The greeting has to be there before we announce ourselves: with it we get our id back.
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
    const { pingSeconds, maxFrameBytes } = parseValue(text.slice(GREETING.length + 1)) ?? {};
    if (pingSeconds > 0 && pingSeconds <= LONGEST_PERIOD) silence = SILENT_PERIODS * pingSeconds * 1_000;
    if (Number.isInteger(maxFrameBytes) && maxFrameBytes >= SMALLEST_LIMIT) limit = maxFrameBytes;
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
    if (isSlow ? patience <= SLOWEST * timeout : current > 0) open();
    else again(`no signaling server answers at ${urls[0]}: is it running?`);
  }

  /** @param {number} [code] none if it fell silent */
  function away(code) {
    isReady = false;
    if (performance.now() - readyAt >= STEADY_SOCKET) backoff.reset();
    onaway();
    // A listener to `disconnected` may have closed us, and joined again.
    if (isClosed || socket) return;
    if (code === TAKEN_OVER) return onerror(new Error('another connection has taken our id: this one stays away'));
    if (code !== TOO_LARGE || sizeOf(largest) <= SMALLEST_LIMIT) {
      return again(`the signaling server at ${urls[current]} went away: calls go on, but nobody new can join`);
    }
    // A server that names no limit: what it refused is above it.
    limit = sizeOf(largest) - 1;
    told = tooLarge(largest);
    again(told);
  }

  /** @param {string} message */
  const tooLarge = (message) =>
    `/${splitMessage(message)?.command} has ${sizeOf(message)} bytes, and the signaling server takes at most ${limit} in one frame: it is not sent`;

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
  async function lookFor() {
    const ours = new AbortController();
    look = ours;
    looks += 1;
    next(patience, () => {
      slower();
      ours.abort();
    });
    const isBlind = looks >= FIRST_BLIND && Number.isInteger(Math.log2(looks));
    const isThere = await answers(urls[0], ours.signal);
    if (look !== ours) return;
    stopWaiting();
    if (isThere || isBlind) open();
    else lookLater();
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

/** Whether any server is at an address. What another origin's server says can't be known. @param {string} url of a WebSocket @param {AbortSignal} signal */
async function answers(url, signal) {
  try {
    const { status } = await fetch(url.replace('ws', 'http'), {
      method: 'HEAD',
      mode: 'no-cors',
      cache: 'no-store',
      credentials: 'omit',
      signal,
    });
    // A proxy whose server is away says so.
    return status < 500;
  } catch {
    return false;
  }
}
