// @ts-check
// The demo's WebSockets, observed.

/**
 * @param {(socket: WebSocket) => void} onsocket called with each new one, before the demo has it
 * @param {() => boolean} isConnected whether a peer was reached: one that freezes says nothing by any way
 * @returns {() => boolean} whether there ever was one
 */
stage.tapSockets = (onsocket, isConnected) => {
  const { apply, construct, contents, faults, recorder } = stage;
  const { record, watch, here, halt, getter } = recorder;
  const NativeWebSocket = WebSocket;
  const { prototype } = NativeWebSocket;
  const dataOf = getter(MessageEvent.prototype, 'data');
  const codeOf = getter(CloseEvent.prototype, 'code');
  const urlOf = getter(prototype, 'url');
  /** @type {WeakMap<object, string>} */
  const ids = new WeakMap();
  /** @type {Set<WebSocket>} */
  const open = new Set();
  const { close } = prototype;
  /** Nobody answers a socket there. */
  const NOBODY = new URL('nobody', location.href).href.replace('http', 'ws');
  let count = 0;

  faults.onchange(() => {
    if (faults.has('server-away')) for (const socket of open) apply(close, socket, []);
  });

  /** @type {any} */
  const tapped = new Proxy(NativeWebSocket, {
    construct(target, args, newTarget) {
      const trace = here();
      const fault = faults.has('server-away') ? 'server-away' : undefined;
      const socket = construct(target, fault ? [NOBODY] : args, newTarget === tapped ? target : newTarget);
      const on = `ws${(count += 1)}`;
      ids.set(socket, on);
      open.add(socket);
      record({ type: 'new', on, name: 'WebSocket', text: urlOf(socket), fault, trace });
      watch(socket, 'open', () => record({ type: 'state', on, name: 'socket', value: 'open' }));
      watch(socket, 'message', (/** @type {any} */ event) => {
        const fault = faults.has('freeze') && isConnected() ? 'freeze' : undefined;
        record({ type: 'message', on, side: 'in', fault, ...contents(dataOf(event)) });
        if (fault) halt(event);
      });
      watch(socket, 'error', () => record({ type: 'error', on }));
      watch(socket, 'close', (/** @type {any} */ event) => {
        open.delete(socket);
        record({ type: 'state', on, name: 'socket', value: 'closed', text: String(codeOf(event)) });
      });
      onsocket(socket);
      return socket;
    },
  });
  prototype.constructor = tapped;
  globalThis.WebSocket = tapped;

  prototype.send = new Proxy(prototype.send, {
    apply(method, self, args) {
      const on = ids.get(self);
      if (!on) return apply(method, self, args);
      const changed = faults.has('drop-all') && typeof args[0] === 'string' ? withoutCandidates(args[0]) : args[0];
      const fault = changed === args[0] ? undefined : 'drop-all';
      record({ type: 'message', on, side: 'out', trace: here(), fault, ...contents(changed) });
      return apply(method, self, fault ? [changed] : args);
    },
  });
  prototype.close = new Proxy(prototype.close, {
    apply(method, self, args) {
      const on = ids.get(self);
      if (on) record({ type: 'call', on, name: 'close', trace: here() });
      return apply(method, self, args);
    },
  });

  /** A description may carry candidates as well, here as JSON. @param {string} frame */
  function withoutCandidates(frame) {
    return frame.replaceAll(/a=candidate:[^"\\]*\\r\\n/g, '');
  }

  return () => count > 0;
};
