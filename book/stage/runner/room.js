// @ts-check
// Who is in the demo's room, counted from what its sockets hear, so that it holds for edited code as well.

/** @param {(count: number) => void} oncount this peer included */
stage.tapRoom = (oncount) => {
  /** @param {WebSocket} socket */
  function watch(socket) {
    let count = 0;
    /** @type {Set<string>} */
    const others = new Set();
    socket.addEventListener('message', ({ data }) => {
      if (typeof data !== 'string') return;
      const [command, id] = (data.startsWith('/to|') ? data.slice(data.indexOf('|', 4) + 1) : data).split('|');
      const before = count;
      if (command === '/roominfo') count = Number(/"memberCount":(\d+)/.exec(data)?.[1] ?? 0);
      else if (command === '/announce' && !others.has(id)) {
        others.add(id);
        // Who answers us in person was there before, and is counted.
        if (!data.startsWith('/to|')) count += 1;
      } else if (command === '/leave') {
        others.delete(id);
        count -= 1;
      }
      if (count !== before) oncount(count);
    });
  }
  const NativeWebSocket = WebSocket;
  globalThis.WebSocket = new Proxy(NativeWebSocket, {
    construct(target, args, newTarget) {
      const socket = Reflect.construct(target, args, newTarget === globalThis.WebSocket ? target : newTarget);
      watch(socket);
      return socket;
    },
  });
};
