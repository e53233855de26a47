// @ts-check
// What a run has come to, told from its events alone: connections with their states, calls, descriptions, candidates and channels.
// Pure: the same events give the same model, live, replayed or opened from a file. Imports nothing.

/** @typedef {import('../events.js').TapEvent} TapEvent */
/** @typedef {{ at: number, value: string, line?: number }} State `line` of the code that brought it about, where that is known */
/** @typedef {{ at: number, type: string, sdp: string, side: 'local' | 'remote', line: number | undefined }} Description in effect, or asked for */
/** @typedef {{ at: number, text: string, mid: string, index: number | undefined, fragment: string, outcome: string, line: number | undefined }} Candidate `text` is empty for the end of them */

/**
 * @typedef {object} Call
 * @property {number} at
 * @property {string} on
 * @property {string} name
 * @property {number | undefined} line
 * @property {string} type of the description it was given or gave
 * @property {string} text the description or the candidate it was given, or gave
 * @property {{ mid: string, index: number | undefined, fragment: string }} place of a candidate
 * @property {'pending' | 'done' | 'failed' | 'lost'} outcome `lost`: a fault kept it from the browser
 * @property {number | undefined} endedAt
 * @property {string} errorName
 * @property {string} errorText
 * @property {string} fault which fault kept it back or changed it
 */

/**
 * @typedef {object} Connection
 * @property {string} id
 * @property {string} title
 * @property {number} at
 * @property {number | undefined} line
 * @property {string} configuration as JSON
 * @property {Record<'signaling' | 'gathering' | 'ice' | 'connection', State[]>} states each begins with its first
 * @property {Call[]} calls
 * @property {Description[]} descriptions that took effect, in order
 * @property {Candidate[]} localCandidates
 * @property {Candidate[]} remoteCandidates those that the code handed over
 * @property {Channel[]} channels
 * @property {State[]} candidateErrors codes of STUN and TURN servers that did not help
 * @property {number | undefined} neededAt when the browser last said that something is to be negotiated
 * @property {number | undefined} closedAt
 */

/**
 * @typedef {object} Channel
 * @property {string} id
 * @property {string} of
 * @property {string} label
 * @property {string} side who made it
 * @property {State[]} states
 * @property {number[]} sent when
 * @property {number[]} received when
 * @property {Call[]} failures calls that threw
 */

/** @typedef {{ id: string, url: string, at: number, states: State[], sent: TapEvent[], received: TapEvent[], isClosedByCode: boolean }} Socket */
/** @typedef {{ connections: Connection[], sockets: Socket[], channels: Map<string, Channel>, calls: Map<number, Call> }} Model */

/** @param {State[]} states */
export const current = (states) => states[states.length - 1].value;
/** @param {State[]} states */
export const since = (states) => states[states.length - 1].at;
/** @param {State[]} states @param {string} value */
export const reached = (states, value) => states.find((state) => state.value === value);

/** @param {TapEvent[]} events @returns {Model} */
export function modelOf(events) {
  /** @type {Map<string, Connection>} */
  const connections = new Map();
  /** @type {Map<string, Socket>} */
  const sockets = new Map();
  /** @type {Map<string, Channel>} */
  const channels = new Map();
  /** @type {Map<number, Call>} */
  const calls = new Map();

  for (const event of events) {
    const { type, on, at } = event;
    const kind = on.slice(0, 2);
    // The beginning of a long run may be gone, so whatever speaks exists.
    if (kind === 'pc') connectionEvent(connections.get(on) ?? newConnection(event), event);
    else if (kind === 'ch') channelEvent(channels.get(on) ?? newChannel(event), event);
    else if (type === 'new' || !sockets.has(on)) sockets.set(on, { id: on, url: event.text, at, states: [{ at, value: 'connecting', line: event.line }], sent: [], received: [], isClosedByCode: false });
    if (kind === 'ws') socketEvent(/** @type {Socket} */ (sockets.get(on)), event);
  }
  return { connections: [...connections.values()], sockets: [...sockets.values()], channels, calls };

  /** @param {TapEvent} event */
  function newConnection({ on, at, line, text, type }) {
    /** @param {string} value */
    const first = (value) => [{ at, value, line }];
    /** @type {Connection} */
    const connection = {
      id: on,
      title: `Connection ${on.slice(2)}`,
      at,
      line,
      configuration: type === 'new' ? text : '',
      states: { signaling: first('stable'), gathering: first('new'), ice: first('new'), connection: first('new') },
      calls: [],
      descriptions: [],
      localCandidates: [],
      remoteCandidates: [],
      channels: [],
      candidateErrors: [],
      neededAt: undefined,
      closedAt: undefined,
    };
    connections.set(on, connection);
    return connection;
  }

  /** @param {TapEvent} event */
  function newChannel({ on, of, at, text, side, type, line }) {
    /** @type {Channel} */
    const channel = { id: on, of, label: type === 'new' ? text : '', side, states: [{ at, value: 'connecting', line }], sent: [], received: [], failures: [] };
    channels.set(on, channel);
    connections.get(of)?.channels.push(channel);
    return channel;
  }

  /** @param {Connection} connection @param {TapEvent} event */
  function connectionEvent(connection, event) {
    const { at, name, value } = event;
    switch (event.type) {
      case 'state':
        if (Object.hasOwn(connection.states, name)) connection.states[/** @type {'ice'} */ (name)].push({ at, value, line: name === 'signaling' ? lineInEffect(connection) : undefined });
        break;
      case 'candidate':
        connection.localCandidates.push(candidateOf(event, 'done'));
        break;
      case 'candidate-error':
        connection.candidateErrors.push({ at, value });
        break;
      case 'event':
        if (name === 'negotiationneeded') connection.neededAt = at;
        break;
      case 'call':
        connection.calls.push(callOf(event));
        if (name === 'close') close(connection, event);
        break;
      case 'done':
      case 'failed':
        settle(connection, event);
    }
  }

  /** @param {TapEvent} event @returns {Call} */
  function callOf({ at, on, name, line, value, text, call, fault, mid, index, fragment }) {
    /** @type {Call} */
    const made = { at, on, name, line, type: value, text, place: { mid, index, fragment }, outcome: call ? 'pending' : fault ? 'lost' : 'done', endedAt: undefined, errorName: '', errorText: '', fault };
    if (call) calls.set(call, made);
    return made;
  }

  /** @param {Connection} connection @param {TapEvent} event */
  function settle(connection, event) {
    const { at, name, type, value, text } = event;
    const call = event.call ? calls.get(event.call) : connection.calls.findLast((made) => made.name === name);
    if (!call) return;
    call.outcome = type === 'done' ? 'done' : 'failed';
    call.endedAt = at;
    if (type === 'failed') {
      call.errorName = value;
      call.errorText = text;
    } else if (value) {
      call.type = value;
      call.text = text;
    }
    if (name === 'addIceCandidate') connection.remoteCandidates.push({ at, text: call.text, ...call.place, outcome: call.outcome, line: call.line });
    if (type !== 'done') return;
    const side = name === 'setLocalDescription' ? 'local' : 'remote';
    if (/^set(Local|Remote)Description$/.test(name) && call.type && call.type !== 'rollback') {
      connection.descriptions.push({ at, type: call.type, sdp: call.text, side, line: call.line });
    }
  }

  /** The line of the call that is changing the signaling state: they take effect one after the other. @param {Connection} connection */
  function lineInEffect({ calls: made }) {
    const setting = made.filter(({ name, outcome }) => /^set(Local|Remote)Description$/.test(name) && outcome !== 'lost');
    return (setting.find(({ outcome }) => outcome === 'pending') ?? setting.at(-1))?.line;
  }

  /** @param {TapEvent} event @param {string} outcome @returns {Candidate} */
  function candidateOf({ at, text, mid, index, fragment }, outcome) {
    return { at, text, mid, index, fragment, outcome, line: undefined };
  }

  /** A connection that the code closes raises no event. @param {Connection} connection @param {TapEvent} event */
  function close(connection, { at, line }) {
    connection.closedAt = at;
    for (const name of /** @type {const} */ (['signaling', 'ice', 'connection'])) connection.states[name].push({ at, value: 'closed', line });
  }

  /** @param {Channel} channel @param {TapEvent} event */
  function channelEvent(channel, { type, at, name, value, text, side, on, line, fault }) {
    if (type === 'state') channel.states.push({ at, value });
    // What a fault kept from the code has not arrived.
    else if (type === 'message') (side === 'in' ? (fault ? [] : channel.received) : channel.sent).push(at);
    else if (type === 'failed') {
      if (name === 'send') channel.sent.pop();
      channel.failures.push({ at, on, name, line, type: '', text: '', place: { mid: '', index: undefined, fragment: '' }, outcome: 'failed', endedAt: at, errorName: value, errorText: text, fault: '' });
    }
  }

  /** @param {Socket} socket @param {TapEvent} event */
  function socketEvent(socket, event) {
    if (event.type === 'state') socket.states.push({ at: event.at, value: event.value });
    else if (event.type === 'message' && !event.fault) (event.side === 'in' ? socket.received : socket.sent).push(event);
    else if (event.type === 'call' && event.name === 'close' && current(socket.states) !== 'closed') socket.isClosedByCode = true;
  }
}
