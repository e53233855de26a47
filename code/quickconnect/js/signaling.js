// @ts-check
// The socket to the signaling server: when it may speak, what it hears, how it ends.

import { parseFrame } from './frames.js';

/** A server that does not greet is spoken to after this time, in ms: the original's clients wait as long. */
const GREETING_WAIT = 100;

/**
 * @param {string} signalhost an origin, such as `location.origin`
 * @param {object} handlers
 * @param {() => void} handlers.onready frames may be sent from now on
 * @param {(frame: import('./frames.js').Frame) => void} handlers.onframe
 * @param {(wasReady: boolean) => void} handlers.onclose the socket is gone and {@link close} was not called
 */
export function connectSignaling(signalhost, { onready, onframe, onclose }) {
  const url = new URL('/', signalhost);
  url.protocol = url.protocol.replace('http', 'ws');
  const socket = new WebSocket(url);
  let isReady = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let greetingTimer;

  function ready() {
    clearTimeout(greetingTimer);
    if (isReady) return;
    isReady = true;
    onready();
  }

  socket.onopen = () => {
    greetingTimer = setTimeout(ready, GREETING_WAIT);
  };
  socket.onmessage = ({ data }) => {
    ready();
    const frame = parseFrame(data);
    if (frame) onframe(frame);
  };
  socket.onclose = () => {
    clearTimeout(greetingTimer);
    onclose(isReady);
  };

  return {
    url: url.href,

    /** @param {string} frame Dropped when the socket is not open. */
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame);
    },

    close() {
      clearTimeout(greetingTimer);
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(1000);
    },
  };
}
