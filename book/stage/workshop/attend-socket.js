// @ts-check
// The socket to the workshop, one for each tab: opens it, says hello, and opens it again when it was lost. A page that is put aside by the browser has
// none, since an open one would keep it from coming back at once.
//
// May import: nothing.

/** The first wait before another attempt, in ms; each is twice the one before … */
const FIRST_WAIT = 500;
/** … up to this one. */
const LONGEST_WAIT = 15_000;
/** A connection that stood for this long, in ms, was a good one: the next wait is the first again. */
const GOOD_AFTER = 10_000;
/** Characters of the longest message that is read: the text of a demo that the host shows, as JSON. */
const MAX_MESSAGE = 500_000;

/**
 * Opens the socket.
 * @param {string} address of the endpoint, with the scheme of the page
 * @param {object} handlers
 * @param {() => object} handlers.hello the first message of a connection
 * @param {(message: unknown) => void} handlers.onmessage parsed, and not checked
 * @param {() => void} handlers.onaway the connection is lost, or put aside
 */
export function openAttendance(address, { hello, onmessage, onaway }) {
  const url = address.replace(/^http/, 'ws');
  /** @type {WebSocket | undefined} */
  let socket;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let wait = FIRST_WAIT;

  addEventListener('pagehide', close);
  addEventListener('pageshow', ({ persisted }) => persisted && open());
  open();

  function open() {
    clearTimeout(timer);
    if (socket) return;
    const attempt = new WebSocket(url);
    let openedAt = Infinity;
    socket = attempt;
    attempt.onopen = () => {
      openedAt = performance.now();
      attempt.send(JSON.stringify(hello()));
    };
    attempt.onmessage = ({ data }) => {
      if (socket === attempt) onmessage(parsed(data));
    };
    attempt.onclose = () => {
      // It was put aside, and another one may be there by now.
      if (socket !== attempt) return;
      socket = undefined;
      onaway();
      if (performance.now() - openedAt > GOOD_AFTER) wait = FIRST_WAIT;
      // Not all at once, when the server comes back.
      timer = setTimeout(open, wait * (0.5 + Math.random() / 2));
      wait = Math.min(2 * wait, LONGEST_WAIT);
    };
  }

  function close() {
    clearTimeout(timer);
    const closed = socket;
    socket = undefined;
    closed?.close();
    onaway();
  }

  return {
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
