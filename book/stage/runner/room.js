// @ts-check
// Who is in the demo's rooms, counted from what its sockets hear, so that it holds for edited code as well. A demo may have several sockets: what is told is
// of the one that announced itself last, of those that are still in a room.

/**
 * @param {(count: number, room: string, rooms: number) => void} oncount how many are in that room, this peer included, 0 once it is in none any more; and in how many rooms the demo is
 * @returns {(socket: WebSocket) => void} to be called with each socket of the demo
 */
stage.tapRoom = (oncount) => {
  if (!globalThis.WebSocket) return () => {};
  const { apply, recorder, standIn } = stage;
  const { getter, observer, watch } = recorder;
  const dataOf = getter(MessageEvent.prototype, 'data');
  const parse = JSON.parse;

  /** @typedef {{ room: string, count: number, others: Set<string> }} Membership `others` are those that were heard of */

  /** Of each socket that has announced itself, the last one last. @type {Map<WebSocket, Membership>} */
  const memberships = new Map();

  const observers = [
    observer('message', (/** @type {WebSocket} */ socket, /** @type {Event} */ event) => {
      const data = dataOf(event);
      const membership = memberships.get(socket);
      if (membership && typeof data === 'string' && isNews(membership, data)) tell();
    }),
    observer('close', (/** @type {WebSocket} */ socket) => {
      if (memberships.get(socket)?.count) {
        memberships.delete(socket);
        tell();
      } else memberships.delete(socket);
    }),
  ];

  function tell() {
    const inside = [...memberships.values()].filter(({ count }) => count > 0);
    const last = inside.at(-1);
    oncount(last?.count ?? 0, last?.room ?? '', new Set(inside.map(({ room }) => room)).size);
  }

  /** Takes in a frame. @param {Membership} membership @param {string} frame @returns {boolean} whether it changes how many there are */
  function isNews(membership, frame) {
    const { others, count } = membership;
    const isDirected = frame.startsWith('/to|');
    const [command, id] = (isDirected ? frame.slice(frame.indexOf('|', 4) + 1) : frame).split('|', 2);
    if (command === '/roominfo') {
      membership.count = Number(/"memberCount":(\d+)/.exec(frame)?.[1] ?? 0);
      return true;
    }
    if (command === '/announce' && !others.has(id)) {
      others.add(id);
      // Who answers us in person was there before, and is counted.
      if (!isDirected) membership.count += 1;
    } else if (command === '/leave' && !isDirected) {
      others.delete(id);
      membership.count -= 1;
    }
    return membership.count !== count;
  }

  WebSocket.prototype.send = standIn(WebSocket.prototype.send, {
    apply(/** @type {Function} */ send, /** @type {WebSocket} */ socket, /** @type {any[]} */ args) {
      const room = announcedIn(args[0]);
      if (room !== undefined) enter(socket, room);
      return apply(send, socket, args);
    },
  });

  /** @param {WebSocket} socket @param {string} room */
  function enter(socket, room) {
    const known = memberships.get(socket);
    // Who says it again is still there.
    const membership = known?.room === room ? known : { room, count: 0, others: new Set() };
    memberships.delete(socket);
    memberships.set(socket, membership);
  }

  /** @param {unknown} frame @returns {string | undefined} the room that it announces somebody in */
  function announcedIn(frame) {
    const json = typeof frame === 'string' && /^\/announce\|[^|]*\|(\{.*\})$/.exec(frame)?.[1];
    if (!json) return undefined;
    try {
      const { room } = parse(json);
      // To the server, a number is as good as its digits.
      return typeof room === 'string' || typeof room === 'number' ? String(room) : undefined;
    } catch {
      return undefined; // The server will say what is wrong with it.
    }
  }

  return (socket) => watch(socket, observers);
};
