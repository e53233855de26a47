// @ts-check
// The demo's WebSockets, observed.

/**
 * @param {(socket: WebSocket) => void} onsocket called with each new one, before the demo has it
 * @param {() => boolean} isConnected whether a peer was reached: one that freezes says nothing by any way
 * @returns {() => boolean} whether there ever was one
 */
stage.tapSockets = (onsocket, isConnected) => {
  if (!globalThis.WebSocket) return () => false;
  const { apply, construct, contents, faults, lines, recorder, standIn } = stage;
  const { record, observer, watch, here, halt, getter } = recorder;
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
  const observers = [
    observer('open', (/** @type {WebSocket} */ socket) => record({ type: 'state', on: ids.get(socket), name: 'socket', value: 'open' })),
    observer('message', (/** @type {WebSocket} */ socket, /** @type {Event} */ event) => {
      const fault = faults.has('freeze') && isConnected() ? 'freeze' : undefined;
      record({ type: 'message', on: ids.get(socket), side: 'in', fault, ...contents(dataOf(event)) });
      if (fault) halt(event);
    }),
    observer('error', (/** @type {WebSocket} */ socket) => record({ type: 'error', on: ids.get(socket) })),
    observer('close', (/** @type {WebSocket} */ socket, /** @type {Event} */ event) => {
      open.delete(socket);
      record({ type: 'state', on: ids.get(socket), name: 'socket', value: 'closed', text: String(codeOf(event)) });
    }),
  ];
  /** Nobody answers a socket there. */
  const NOBODY = new URL('nobody', location.href).href.replace('http', 'ws');
  let count = 0;

  faults.onchange(() => {
    if (faults.has('server-away')) for (const socket of open) apply(close, socket, []);
  });

  /** @type {any} */
  const tapped = standIn(NativeWebSocket, {
    construct(/** @type {Function} */ target, /** @type {any[]} */ args, /** @type {Function} */ newTarget) {
      const trace = here();
      const fault = faults.has('server-away') ? 'server-away' : undefined;
      // A policy that refuses it tells of no stack.
      if (typeof args[0] === 'string') lines.noteAddress(args[0], trace);
      const socket = construct(target, fault ? [NOBODY] : args, newTarget === tapped ? target : newTarget);
      const on = `ws${(count += 1)}`;
      ids.set(socket, on);
      open.add(socket);
      record({ type: 'new', on, name: 'WebSocket', text: urlOf(socket), fault, trace });
      watch(socket, observers);
      onsocket(socket);
      return socket;
    },
  });
  prototype.constructor = tapped;
  globalThis.WebSocket = tapped;

  prototype.send = standIn(prototype.send, {
    apply(/** @type {Function} */ method, /** @type {any} */ self, /** @type {any[]} */ args) {
      const on = ids.get(self);
      if (!on) return apply(method, self, args);
      const changed = faults.has('drop-all') && typeof args[0] === 'string' ? withoutCandidates(args[0]) : args[0];
      const fault = changed === args[0] ? undefined : 'drop-all';
      record({ type: 'message', on, side: 'out', trace: here(), fault, ...contents(changed) });
      return apply(method, self, fault ? [changed] : args);
    },
  });
  prototype.close = standIn(prototype.close, {
    apply(/** @type {Function} */ method, /** @type {any} */ self, /** @type {any[]} */ args) {
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
