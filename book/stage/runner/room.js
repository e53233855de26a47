// @ts-check
// Who is in the demo's room, counted from what its sockets hear, so that it holds for edited code as well.

/**
 * @param {(count: number, room: string) => void} oncount this peer included; 0 once it is in no room any more
 * @returns {(socket: WebSocket) => void} to be called with each socket of the demo
 */
stage.tapRoom = (oncount) => {
  /** @param {WebSocket} socket */
  function watch(socket) {
    let count = 0;
    /** @type {Set<string>} */
    const others = new Set();
    socket.addEventListener('message', ({ data }) => {
      if (typeof data !== 'string') return;
      const isDirected = data.startsWith('/to|');
      const [command, id] = (isDirected ? data.slice(data.indexOf('|', 4) + 1) : data).split('|', 2);
      const before = count;
      if (command === '/roominfo') count = Number(/"memberCount":(\d+)/.exec(data)?.[1] ?? 0);
      else if (command === '/announce' && !others.has(id)) {
        others.add(id);
        // Who answers us in person was there before, and is counted.
        if (!isDirected) count += 1;
      } else if (command === '/leave' && !isDirected) {
        others.delete(id);
        count -= 1;
      }
      if (count !== before || command === '/roominfo') oncount(count, rooms.get(socket) ?? '');
    });
    socket.addEventListener('close', () => count > 0 && oncount(0, ''));
  }
  /** The room that each socket has announced itself in. @type {WeakMap<WebSocket, string>} */
  const rooms = new WeakMap();
  WebSocket.prototype.send = stage.standIn(WebSocket.prototype.send, {
    apply(/** @type {Function} */ send, /** @type {WebSocket} */ socket, /** @type {any[]} */ args) {
      const room = announcedIn(args[0]);
      if (room) rooms.set(socket, room);
      return Reflect.apply(send, socket, args);
    },
  });
  /** @param {unknown} frame @returns {string | undefined} the room that it announces somebody in */
  function announcedIn(frame) {
    const json = typeof frame === 'string' && /^\/announce\|[^|]*\|(\{.*\})$/.exec(frame)?.[1];
    if (!json) return undefined;
    try {
      const { room } = JSON.parse(json);
      return typeof room === 'string' ? room : undefined;
    } catch {
      return undefined; // The server will say what is wrong with it.
    }
  }

  return watch;
};
