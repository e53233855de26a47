// @ts-check
// A signaling server inside the page: sockets that a case has in its hands. It stands in for what a real one can't be made to do.

/**
 * @param {string} id of the client
 * @param {object[]} greetings of one socket after the other; the last holds for all that follow
 * @param {{ closesAt?: number, refuses?: boolean }} [faults] the length of a frame for which it closes; it takes no sockets
 */
export function standIn(id, greetings, { closesAt = Infinity, refuses = false } = {}) {
  const { WebSocket } = globalThis;
  /** What it was sent. @type {string[]} */
  const heard = [];
  /** When each socket was opened. @type {number[]} */
  const openedAt = [];
  /** @type {Socket | undefined} */
  let last;
  let room = '';

  class Socket {
    constructor() {
      last = this;
      const greeting = greetings[Math.min(openedAt.length, greetings.length - 1)];
      openedAt.push(performance.now());
      setTimeout(() => {
        if (refuses) return this.onclose?.({ code: 1006 });
        this.onopen?.();
        this.say(`primus::hello|${JSON.stringify({ resume: 'x', ...greeting })}`);
      });
    }
    /** @type {(() => void) | undefined} */
    onopen;
    /** @type {((event: object) => void) | undefined} */
    onmessage;
    /** @type {((event: object) => void) | undefined} */
    onclose;
    say(/** @type {string} */ data) {
      this.onmessage?.({ data });
    }
    send(/** @type {string} */ frame) {
      heard.push(frame);
      if (frame.startsWith('/announce|')) ({ room } = JSON.parse(frame.slice(`/announce|${id}|`.length)));
      if (frame.length >= closesAt) setTimeout(() => this.onclose?.({ code: 1009 }));
    }
    close() {}
  }
  Object.assign(globalThis, { WebSocket: Socket });

  return {
    heard,
    openedAt,
    get sockets() {
      return openedAt.length;
    },
    say: (/** @type {string} */ frame) => last?.say(frame),
    /** Another peer announces itself to everybody. @param {string} peer @param {string} [word] */
    announce: (peer, word) =>
      last?.say(`/announce|${peer}|${JSON.stringify({ id: peer, room, instance: 'page', word })}`),
    /** @param {import('./side.js').Side} me @param {string} command */
    hears: (me, command) =>
      me.until(() => heard.some((frame) => frame.startsWith(`/${command}|`)), `/${command} at the server`),
    stop: () => void Object.assign(globalThis, { WebSocket }),
  };
}
