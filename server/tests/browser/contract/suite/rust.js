// @ts-check
// The Rust client behind the interface of the JavaScript client, so that the same cases are played with it. The client itself runs in the
// test's process: methods are requests that are waited for, events come over a socket of this module's own. What the Rust client does not
// have is not here either, and an option that it does not have is a TypeError.

/** Options with which no way is found to another who has them. */
export const unreachable = { neverDial: true };

/** The page's own, whatever a case puts in its place later. */
const PageSocket = globalThis.WebSocket;

const OPTIONS = [
  'room',
  'id',
  'manualJoin',
  'reconnect',
  'heartbeat',
  'failTimeout',
  'disconnectTimeout',
  'channelTimeout',
  'neverDial',
];

/**
 * Has the test's process do something, and waits for it.
 * @param {string} path @param {unknown} body @returns {any}
 */
function ask(path, body) {
  const request = new XMLHttpRequest();
  request.open('POST', `/rust/${path}`, false);
  request.send(JSON.stringify(body));
  if (request.status !== 200) throw new TypeError(request.responseText);
  return JSON.parse(request.responseText);
}

/** @param {() => void} act */
function once(act) {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

/** Stands for the connection of a call, which the Rust client does not hand over. */
export class Connection {
  /** As far as events tell. */
  connectionState = 'new';
}

/** A data channel of the Rust client. */
class Channel extends EventTarget {
  readyState = 'open';
  /** @type {((event: MessageEvent) => void) | undefined} */
  onmessage;

  /** @param {number} number @param {string} label @param {RTCDataChannelInit} config @param {(word: object) => void} tell */
  constructor(number, label, config, tell) {
    super();
    Object.assign(this, config, { label });
    this.number = number;
    this.tell = tell;
    this.addEventListener('message', (event) => this.onmessage?.(/** @type {MessageEvent} */ (event)));
  }

  /** @param {string} text */
  send(text) {
    this.tell({ channel: this.number, text: String(text) });
  }

  close() {
    this.tell({ channel: this.number, close: true });
  }
}

/** @param {string} signalhost @param {Record<string, unknown>} options */
export default function quickconnect(signalhost, options) {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const unknown = Object.keys(given).filter((name) => !OPTIONS.includes(name));
  if (unknown.length > 0) throw new TypeError(`the Rust client has no option ${unknown}`);
  // A case has sockets of its own: those of the client go through the page.
  const { WebSocket } = globalThis;
  const isTunneled = WebSocket !== PageSocket;
  const { client, id, room, wire } = ask('start', { ...given, signalhost, isTunneled });
  const toClient = new PageSocket(wire);
  /** @type {string[]} */
  let early = [];
  /** @type {Map<string, Set<(...args: any[]) => void>>} */
  const listeners = new Map();
  /** @type {Map<string, { id: string, data: any, isPresent: boolean }>} */
  const peers = new Map();
  /** @type {Map<string, { pc: Connection, active: boolean, channels: Map<string, Channel> }>} */
  const calls = new Map();
  /** @type {Map<number, { channel: Channel, peer: string }>} */
  const channels = new Map();
  /** @type {Map<number, WebSocket>} */
  const sockets = new Map();
  /** What was announced last. @type {Record<string, unknown>} */
  let announced = {};
  let isClosed = false;

  toClient.onopen = () => early.splice(0).forEach((word) => toClient.send(word));
  toClient.onmessage = ({ data }) => {
    const { event, ...details } = JSON.parse(data);
    if (event === 'filter') filter(details.data);
    else if (event === 'socket') socket(details);
    else hear(event, details);
  };

  /** @param {object} word */
  function tell(word) {
    const text = JSON.stringify(word);
    if (toClient.readyState === PageSocket.CONNECTING) early.push(text);
    else toClient.send(text);
  }

  /** @param {string} method @param {...unknown} args */
  function order(method, ...args) {
    ask(`${client}/${method}`, args);
    return qc;
  }

  /** @param {string} event @param {...any} args */
  function emit(event, ...args) {
    for (const listener of [...(listeners.get(event) ?? [])]) listener(...args);
  }

  /** The client waits for the answer. @param {any} data */
  function filter(data) {
    const filtered = { ...data, allow: true };
    emit('peer:filter', data.id, filtered);
    tell({ allow: filtered.allow });
  }

  /** A socket of the client that goes through the page. @param {{ socket: number, path?: string, text?: string }} word */
  function socket({ socket: number, path, text }) {
    if (path !== undefined) {
      const socket = new WebSocket(signalhost.replace('http', 'ws') + path);
      sockets.set(number, socket);
      const open = once(() => tell({ socket: number, open: true }));
      socket.onopen = open;
      socket.onmessage = ({ data }) => {
        // Those of a case may say something without having opened.
        open();
        tell({ socket: number, text: data });
      };
      socket.onclose = ({ code }) => tell({ socket: number, code });
    } else if (text !== undefined) sockets.get(number)?.send(text);
    else sockets.get(number)?.close();
  }

  /** Nothing is known of a peer that is neither in the room nor in a call. @param {string} id */
  const forget = (id) => peers.get(id)?.isPresent === false && !calls.has(id) && peers.delete(id);

  /** @param {string} event @param {any} details */
  function hear(event, details) {
    const { data } = details;
    const id = data?.id ?? details.peer;
    const peer = peers.get(id);
    const call = calls.get(id);
    if (event === 'local:announce') {
      announced = data;
      emit(event, data);
    } else if (event === 'peer:announce') {
      const peer = { id, data, isPresent: true };
      peers.set(id, peer);
      emit(event, data, peer);
    } else if (event === 'peer:update') {
      Object.assign(peer ?? {}, { data, isPresent: true });
      emit(event, data, id);
    } else if (event === 'peer:left') {
      Object.assign(peer ?? {}, { isPresent: false });
      forget(id);
    } else if (event === 'peer:connect') {
      const pc = new Connection();
      calls.set(id, { pc, active: false, channels: new Map() });
      emit(event, id, pc, peer?.data);
    } else if (event === 'call:ended') {
      calls.delete(id);
      if (call) call.pc.connectionState = 'closed';
      emit(event, id);
      forget(id);
    } else if (event.startsWith('call:')) {
      if (call && event === 'call:started') Object.assign(call, { active: true }).pc.connectionState = 'connected';
      emit(event, id, call?.pc, peer?.data);
    } else if (event === 'channel:opened') {
      const { number, label, config } = details;
      const channel = new Channel(number, label, config, tell);
      channels.set(number, { channel, peer: id });
      call?.channels.set(label, channel);
      for (const name of [event, `${event}:${label}`]) emit(name, id, channel, peer?.data, call?.pc);
    } else if (event === 'channel:closed') closed(details.number);
    else if (event === 'message')
      channels.get(details.number)?.channel.dispatchEvent(new MessageEvent('message', { data: details.text }));
    else if (event.startsWith('message:')) emit(event, ...details.args, peer ?? id);
    else if (event === 'error') emit(event, Object.assign(new Error(details.message), { peerId: id }));
    else if (event === 'disconnected') {
      for (const peer of peers.values()) peer.isPresent = false;
      for (const id of [...peers.keys()]) forget(id);
      emit(event);
    } else emit(event);
  }

  /** @param {number} number */
  function closed(number) {
    const { channel, peer } = /** @type {NonNullable<ReturnType<typeof channels.get>>} */ (channels.get(number));
    const { label } = /** @type {any} */ (channel);
    channels.delete(number);
    channel.readyState = 'closed';
    if (calls.get(peer)?.channels.get(label) === channel) calls.get(peer)?.channels.delete(label);
    for (const name of ['channel:closed', `channel:closed:${label}`]) emit(name, peer, channel, label);
  }

  /** @param {string | null} target */
  const sendTo =
    (target) =>
    (/** @type {string} */ command, /** @type {unknown[]} */ ...args) => {
      if (!command.startsWith('/'))
        throw new TypeError('here commands begin with "/"; those of the Rust client do not');
      return order('send', target, command.slice(1), args);
    };

  const qc = {
    id,
    room,
    peers,
    calls,
    createDataChannel: (/** @type {string} */ label, config = {}) => order('createDataChannel', label, config),
    endCall: (/** @type {string} */ peer) => order('endCall', peer),
    endCalls() {
      for (const peer of calls.keys()) qc.endCall(peer);
      return qc;
    },
    reconnectTo: (/** @type {string} */ peer) => order('reconnectTo', peer),
    join: () => order('join'),
    /** The client is gone for good. */
    close() {
      if (isClosed) return qc;
      isClosed = true;
      order('close');
      for (const socket of sockets.values()) socket.close();
      return qc;
    },
    profile: (/** @type {object} */ data) => order('profile', data),
    get: (/** @type {string} */ name) => announced[name],
    isMaster: (/** @type {string} */ peer) => ask(`${client}/isMaster`, [peer]),
    send: sendTo(null),
    to: (/** @type {string} */ target) => ({ send: sendTo(target) }),
    on(/** @type {string} */ event, /** @type {(...args: any[]) => void} */ listener) {
      if (event === 'peer:filter') order('filter');
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
      return qc;
    },
  };
  return qc;
}
