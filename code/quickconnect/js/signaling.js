// @ts-check
// The socket to the signaling server: where it is, when it may be spoken to, and how to come back to it.

import { createBackoff } from './backoff.js';
import { parseFrame } from './frames.js';

/** A server that does not greet is spoken to after this time, in ms: the original's clients wait as long. */
const GREETING_WAIT = 100;
/** How a greeting begins that is worth keeping. */
const GREETING = 'primus::hello|';
/** The first wait before another attempt, and the longest, in ms. */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 10_000;
/** Looks for a server that went away after which a socket is tried blindly, for the first time; and then whenever they have doubled. */
const FIRST_BLIND = 4;
/** A socket that lasted so long, in ms, was a good one. A server that is full takes us in, says so, and closes. */
const STEADY = 5_000;
/** The close code for whose id another connection has taken. To come back would take it from that one. */
const TAKEN_OVER = 4001;

/**
 * @param {string} signalhost an origin, such as `location.origin`, perhaps with a path
 * @param {object} options
 * @param {string[]} options.endpoints paths, tried in order
 * @param {number} options.timeout how long each has, in ms
 * @param {boolean} options.reconnect
 * @param {object} handlers
 * @param {() => void} handlers.onready frames may be sent from now on
 * @param {(frame: import('./frames.js').Frame) => void} handlers.onframe
 * @param {() => void} handlers.onaway the socket is gone, and `close` was not called
 * @param {(error: Error) => void} handlers.onerror once for each time that the server can't be reached
 * @param {(direction: string, frame: unknown) => void} handlers.log
 */
export function createSignaling(signalhost, { endpoints, timeout, reconnect }, { onready, onframe, onaway, onerror, log }) {
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
  /** Frames may be sent. */
  let isReady = false;
  /** Since when. */
  let readyAt = 0;
  let isReported = false;
  let isClosed = false;
  /** How often we have looked for the server since it went away. */
  let looks = 0;
  /** A look that goes on. @type {AbortController | undefined} */
  let look;
  /** What comes next if nothing else happens: there is only ever one such thing. @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function open() {
    const attempt = new WebSocket(urls[current]);
    socket = attempt;
    timer = setTimeout(() => drop(unanswered), timeout);
    attempt.onopen = () => {
      clearTimeout(timer);
      timer = setTimeout(ready, GREETING_WAIT);
    };
    attempt.onmessage = ({ data }) => {
      const isGreeting = String(data).startsWith(GREETING);
      if (!isReady && isGreeting && greeting) attempt.send(greeting);
      if (isGreeting) greeting = data;
      if (!isReady) ready();
      // A listener to `connected` may have closed us.
      if (socket !== attempt) return;
      log('in', data);
      const frame = parseFrame(data);
      if (frame) onframe(frame);
    };
    attempt.onclose = ({ code }) => drop(isReady ? () => away(code) : unanswered);
  }

  function ready() {
    clearTimeout(timer);
    isReady = true;
    isReported = false;
    looks = 0;
    readyAt = performance.now();
    onready();
  }

  /** @param {() => void} next */
  function drop(next) {
    clearTimeout(timer);
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    socket = undefined;
    next();
  }

  function unanswered() {
    current += 1;
    if (current < urls.length) return open();
    current = 0;
    again(`no signaling server answers at ${urls[0]}: is it running?`);
  }

  /** @param {number} code */
  function away(code) {
    isReady = false;
    if (performance.now() - readyAt >= STEADY) backoff.reset();
    onaway();
    if (code === TAKEN_OVER) onerror(new Error('another connection has taken our id: this one stays away'));
    else again(`the signaling server at ${urls[current]} went away: calls go on, but nobody new can join`);
  }

  /** @param {string} message */
  function again(message) {
    // A listener to `disconnected` may have closed us.
    if (isClosed) return;
    if (reconnect) lookLater();
    if (isReported) return;
    isReported = true;
    onerror(new Error(message));
  }

  function lookLater() {
    timer = setTimeout(lookFor, backoff.next());
  }

  /**
   * Sends a request before a socket is tried. Of a page whose sockets have failed, browsers hold back the next ones, Chromium for 5 s and
   * Firefox for up to a minute; of one whose requests have failed they don't. A page's policy may forbid requests: hence the blind tries.
   */
  async function lookFor() {
    const ours = new AbortController();
    look = ours;
    looks += 1;
    timer = setTimeout(() => ours.abort(), timeout);
    const isBlind = looks >= FIRST_BLIND && Number.isInteger(Math.log2(looks));
    const isThere = await answers(urls[0], ours.signal);
    if (look !== ours) return;
    stopWaiting();
    if (isThere || isBlind) open();
    else lookLater();
  }

  function stopWaiting() {
    clearTimeout(timer);
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

    /** @param {string} frame Dropped while the server is away. */
    send(frame) {
      if (!isReady) return;
      log('out', frame);
      socket?.send(frame);
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
    const { status } = await fetch(url.replace('ws', 'http'), { method: 'HEAD', mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal });
    // A proxy whose server is away says so.
    return status < 500;
  } catch {
    return false;
  }
}
