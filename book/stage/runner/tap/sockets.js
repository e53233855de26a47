// @ts-check
// Records the demo's WebSockets. The addresses of those to this server get the iframe's proof, which the demo does not see in `url`.

/**
 * Wraps the class WebSocket.
 * @param {() => boolean} isConnected whether a peer was reached: one that freezes says nothing by any way
 * @param {(wasOpen: boolean) => void} onlost a socket to this server has closed
 * @returns {() => boolean} whether there ever was one
 */
stage.tapSockets = (isConnected, onlost) => {
  if (!globalThis.WebSocket) return () => false;
  const { apply, construct, contents, faults, lines, proof, recorder, standIn } = stage;
  const { record, observer, watch, here, halt, getter } = recorder;
  const NativeWebSocket = WebSocket;
  const { prototype } = NativeWebSocket;
  const dataOf = getter(MessageEvent.prototype, 'data');
  const codeOf = getter(CloseEvent.prototype, 'code');
  const urlProperty = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(prototype, 'url'));
  const { slice } = String.prototype;
  /** @type {WeakMap<object, string>} */
  const ids = new WeakMap();
  /** @type {Set<WebSocket>} */
  const open = new Set();
  /**
   * What was added to the address of each socket to this server. The map's methods are captured now: replaced ones could reveal the proof
   * to the demo.
   * @type {WeakMap<object, string>}
   */
  const additions = new WeakMap();
  const setAddition = additions.set.bind(additions);
  const additionOf = additions.get.bind(additions);
  /** @type {WeakSet<WebSocket>} */
  const opened = new WeakSet();
  const { close } = prototype;
  const observers = [
    observer('open', (/** @type {WebSocket} */ socket) => {
      opened.add(socket);
      record({ type: 'state', on: ids.get(socket), name: 'socket', value: 'open' });
    }),
    observer('message', (/** @type {WebSocket} */ socket, /** @type {Event} */ event) => {
      const fault = faults.has('freeze') && isConnected() ? 'freeze' : undefined;
      record({ type: 'message', on: ids.get(socket), side: 'in', fault, ...contents(dataOf(event)) });
      if (fault) halt(event);
    }),
    observer('error', (/** @type {WebSocket} */ socket) => record({ type: 'error', on: ids.get(socket) })),
    observer('close', (/** @type {WebSocket} */ socket, /** @type {Event} */ event) => {
      if (additionOf(socket)) onlost(opened.has(socket));
      open.delete(socket);
      record({ type: 'state', on: ids.get(socket), name: 'socket', value: 'closed', text: String(codeOf(event)) });
    }),
  ];
  /** An address at which the server refuses WebSockets. */
  const NOBODY = new URL('nobody', location.href).href.replace('http', 'ws');
  let count = 0;

  faults.onchange(() => {
    if (faults.has('server-away')) for (const socket of open) apply(close, socket, []);
  });

  /** @param {any[]} args @param {Function} newTarget @returns {WebSocket} */
  function connect(args, newTarget) {
    // Converted to a string once, as the browser does.
    if (args.length > 0 && typeof args[0] !== 'symbol') args[0] = `${args[0]}`;
    const own = proof.addTo(args[0]);
    if (!own) return construct(NativeWebSocket, args, newTarget);
    const address = args[0];
    args[0] = own.url;
    try {
      const socket = construct(NativeWebSocket, args, newTarget);
      setAddition(socket, own.added);
      return socket;
    } catch {
      // The demo gets the browser's error for its own address.
      args[0] = address;
      return construct(NativeWebSocket, args, newTarget);
    }
  }

  /** @param {object} socket @returns {string} */
  function shownUrlOf(socket) {
    const url = apply(urlProperty.get, socket, []);
    const added = additionOf(socket);
    return added ? apply(slice, url, [0, -added.length]) : url;
  }

  const shownUrl = standIn(urlProperty.get, {
    apply: (/** @type {Function} */ _, /** @type {WebSocket} */ self) => shownUrlOf(self),
  });
  Object.defineProperty(prototype, 'url', { ...urlProperty, get: shownUrl });

  /** @type {any} */
  const tapped = standIn(NativeWebSocket, {
    construct(/** @type {Function} */ _, /** @type {any[]} */ args, /** @type {Function} */ newTarget) {
      const trace = here();
      const fault = faults.has('server-away') ? 'server-away' : undefined;
      // If a policy refuses the address, there is no stack.
      if (typeof args[0] === 'string') lines.noteAddress(args[0], trace);
      const socket = connect(fault ? [NOBODY] : args, newTarget === tapped ? NativeWebSocket : newTarget);
      const on = `ws${(count += 1)}`;
      ids.set(socket, on);
      open.add(socket);
      record({ type: 'new', on, name: 'WebSocket', text: shownUrlOf(socket), fault, trace });
      watch(socket, observers);
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

  /** Removes the candidates from a description, which is escaped as JSON. @param {string} message */
  function withoutCandidates(message) {
    return message.replaceAll(/a=candidate:[^"\\]*\\r\\n/g, '');
  }

  return () => count > 0;
};
