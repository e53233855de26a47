// @ts-check
// The socket to the workshop, one for each tab: opens it, says hello, and opens it again when it was lost, also without a word: the server pings, and
// says how often. A page that is put aside by the browser has none, since an open one would keep it from coming back at once.
//
// May import: ../pings.js.

import { createWatch, silenceIn } from '../pings.js';

/** The first wait before another attempt, in ms; each is twice the one before … */
const FIRST_WAIT = 500;
/** … up to this one. */
const LONGEST_WAIT = 15_000;
/** A connection that stood for this long, in ms, was a good one: the next wait is the first again. */
const GOOD_AFTER = 10_000;
/** How long the first connection may take until the server's first message, in ms. Each that is too slow doubles it … */
const FIRST_PATIENCE = 10_000;
/** … up to this one: on a slow link the page itself loads beside it. */
const LONGEST_PATIENCE = 80_000;
/** Characters of the longest message that is read: the text of a demo that the host shows, as JSON. */
const MAX_MESSAGE = 500_000;

/**
 * Opens the socket.
 * @param {string} address of the endpoint, with the scheme of the page
 * @param {object} handlers
 * @param {() => object} handlers.hello the first message of a connection
 * @param {(message: unknown) => void} handlers.onmessage parsed, and not checked
 * @param {() => void} handlers.onaway the connection is lost, or put aside
 * @param {() => boolean} [handlers.isHeld] no connection is opened yet: `begin` is called when it may be
 */
export function openAttendance(address, { hello, onmessage, onaway, isHeld = () => false }) {
  const url = address.replace(/^http/, 'ws');
  /** @type {WebSocket | undefined} */
  let socket;
  /** Until the next attempt. @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** Until what is open counts as lost. @type {ReturnType<typeof createWatch> | undefined} */
  let watch;
  let wait = FIRST_WAIT;
  let patience = FIRST_PATIENCE;

  addEventListener('pagehide', close);
  addEventListener('pageshow', ({ persisted }) => persisted && open());
  open();

  function open() {
    clearTimeout(timer);
    if (socket || isHeld()) return;
    const attempt = new WebSocket(url);
    let openedAt = Infinity;
    let hasHeard = false;
    socket = attempt;
    watch = createWatch(() => {
      if (!hasHeard) patience = Math.min(2 * patience, LONGEST_PATIENCE);
      lost(attempt, openedAt);
    }, patience);
    attempt.onopen = () => {
      openedAt = performance.now();
      attempt.send(JSON.stringify(hello()));
    };
    attempt.onmessage = ({ data }) => {
      if (socket !== attempt) return;
      const message = parsed(data);
      hasHeard = true;
      // Any message shows that the connection stands.
      watch?.heard(silenceIn(message));
      onmessage(message);
    };
    attempt.onclose = () => lost(attempt, openedAt);
  }

  /** @param {WebSocket} attempt @param {number} openedAt */
  function lost(attempt, openedAt) {
    // It was put aside, or has been given up, and another one may be there by now.
    if (socket !== attempt) return;
    watch?.stop();
    socket = undefined;
    attempt.close();
    onaway();
    if (performance.now() - openedAt > GOOD_AFTER) wait = FIRST_WAIT;
    // Not all at once, when the server comes back.
    timer = setTimeout(open, wait * (0.5 + Math.random() / 2));
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }

  function close() {
    clearTimeout(timer);
    watch?.stop();
    const closed = socket;
    socket = undefined;
    closed?.close();
    onaway();
  }

  return {
    /** Opens it now if there is none. */
    begin: open,

    /** @param {object} message @returns {boolean} whether there was a connection to send it by */
    send(message) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
  };
}

/** @param {unknown} data @returns {unknown} undefined for what is no message */
function parsed(data) {
  if (typeof data !== 'string' || data.length > MAX_MESSAGE) return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
