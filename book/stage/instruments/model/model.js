// @ts-check
// Builds a model of a run from its events: connections with their states, calls, descriptions, candidates and channels. Pure: the same
// events give the same model, whether live, replayed or from a file. Takes linear time and keeps a bounded number of each kind, because a
// recording may come from anybody. The other modules of this folder, all pure:
//   rows.js        the rows of a ladder
//   layers.js      which part of a connection's making an event belongs to
//   folding.js     which rows are shown, and which are folded
//   candidate.js   a candidate taken apart, and in words
//   pairs.js       candidate pairs, and how a connection is connected
//   summary.js     the run in one sentence
//   time.js        times in words
//   title.js       what a connection is called
//   remote-peers.js   with which peer each is connected
//   media.js       tracks and media elements
//   streams.js     what statistics say of the media of a connection (media-history.js: over time; selected-pair.js: by which pair)
//   chains.js      each track from its source to the screen
//   sdp-*.js       a description in sections and lines, in words, and compared with another
//   history.js     statistics over time
//   player.js      which step of a recording is shown
//
// May import: media.js, title.js.

import { createMedia } from './media.js';
import { titleOf } from './title.js';

/** How many of each kind are kept of a run, the newest; `left` counts the others. */
const MAX_CONNECTIONS = 100;
const MAX_SOCKETS = 100;
const MAX_CHANNELS = 200;
/**
 * Entries of one list that are kept, the newest: states of one state machine; calls, descriptions or candidates of one connection. Times of
 * messages are not bounded, since there are no more than events.
 */
const MAX_ENTRIES = 1_000;

/** @typedef {import('../../events.js').TapEvent} TapEvent */
/** @typedef {{ at: number, value: string, line?: number }} State `line` of the code that brought it about, where that is known */
/**
 * @typedef {{ at: number, type: string, sdp: string, session: string, cut: number | undefined, side: 'local' | 'remote', line: number | undefined }} Description in effect, or asked for; `session` names it, `cut` characters are missing at its end
 */
/**
 * @typedef {{ at: number, text: string, mid: string, index: number | undefined, fragment: string, outcome: string, line: number | undefined }} Candidate `text` is empty for the end of them
 */

/**
 * @typedef {object} Call
 * @property {number} at
 * @property {string} on
 * @property {string} name
 * @property {number | undefined} line
 * @property {string} type of the description it was given or gave
 * @property {string} text the description or the candidate it was given, or gave
 * @property {string} session what names the session of that description; empty if it has no such line
 * @property {number | undefined} cut characters that are missing at the end of the text
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
/** @typedef {{ connections: number, sockets: number, channels: number }} Left how many there were before those that are kept */
/** @typedef {import('./media.js').Track} Track */
/** @typedef {import('./media.js').MediaElement} MediaElement */
/**
 * @typedef {{ connections: Connection[], sockets: Socket[], tracks: Track[], elements: MediaElement[], isMediaWhole: boolean, left: Left }} Model `isMediaWhole` is false once there were too many events of tracks and elements to tell their states
 */

const SETS_DESCRIPTION = /^set(Local|Remote)Description$/;

/** @template T @param {T[]} list @param {T} one replaces the oldest if the list is full */
function add(list, one) {
  list.push(one);
  if (list.length > MAX_ENTRIES) list.shift();
}

/** @template T @param {T[] | undefined} list @param {T} one */
function remove(list, one) {
  const place = list?.indexOf(one) ?? -1;
  if (place >= 0) list?.splice(place, 1);
}

/** Identifies the session of a description: user name and session id of its `o=` line (RFC 8866, section 5.2). @param {string} text */
const sessionOf = (text) => /^o=\S+ \S+/m.exec(text)?.[0] ?? '';

/** The last state. @param {State[]} states */
export const current = (states) => states[states.length - 1].value;
/** When the last state began, in ms since Run. @param {State[]} states */
export const since = (states) => states[states.length - 1].at;
/** The first time that a state was reached. @param {State[]} states @param {string} value */
export const reached = (states, value) => states.find((state) => state.value === value);

/** Builds the model of a run. @param {TapEvent[]} events @returns {Model} */
export function modelOf(events) {
  /** @type {Map<string, Connection>} */
  const connections = new Map();
  /** @type {Map<string, Socket>} */
  const sockets = new Map();
  /** @type {Map<string, Channel>} */
  const channels = new Map();
  /** By number; those without one by connection and method. @type {Map<number | string, Call>} */
  const calls = new Map();
  /** Calls that set a description, by connection: the pending ones, and the last one. @type {Map<string, { pending: Call[], last: Call }>} */
  const setting = new Map();
  /** Connections that are left out. @type {Set<string>} */
  const left = new Set();
  const media = createMedia();

  for (const event of events) {
    const { type, on, at } = event;
    if (left.has(on)) continue;
    const kind = on.slice(0, 2);
    if (kind === 'tr' || kind === 'el') {
      media.take(event);
      continue;
    }
    // The beginning of a long run may have been dropped, so an object exists even if its `new` event is missing.
    if (kind === 'pc') connectionEvent(connections.get(on) ?? newConnection(event), event);
    else if (kind === 'ch') channelEvent(channels.get(on) ?? newChannel(event), event);
    else if (type === 'new' || !sockets.has(on))
      keep(
        sockets,
        {
          id: on,
          url: event.text,
          at,
          states: [{ at, value: 'connecting', line: event.line }],
          sent: [],
          received: [],
          isClosedByCode: false,
        },
        MAX_SOCKETS,
      );
    if (kind === 'ws') socketEvent(/** @type {Socket} */ (sockets.get(on)), event);
  }
  const leftOf = (/** @type {string} */ kind) => [...left].filter((id) => id.startsWith(kind)).length;
  return {
    connections: [...connections.values()],
    sockets: [...sockets.values()],
    ...media.all(),
    left: { connections: leftOf('pc'), sockets: leftOf('ws'), channels: leftOf('ch') },
  };

  /**
   * @template {{ id: string }} T
   * @param {Map<string, T>} all
   * @param {T} one
   * @param {number} most
   * @returns {T | undefined} the oldest, if there is no room for it any more
   */
  function keep(all, one, most) {
    all.set(one.id, one);
    if (all.size <= most) return undefined;
    const [oldest] = all.values();
    all.delete(oldest.id);
    left.add(oldest.id);
    return oldest;
  }

  /** @param {TapEvent} event */
  function newConnection({ on, at, line, text, type, value }) {
    /** @param {string} value */
    const first = (value) => [{ at, value, line }];
    /** @type {Connection} */
    const connection = {
      id: on,
      title: titleOf(on, type === 'new' ? value : '', line),
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
    keep(connections, connection, MAX_CONNECTIONS);
    return connection;
  }

  /** @param {TapEvent} event */
  function newChannel(event) {
    const { on, of, at, text, side, type, line } = event;
    /** @type {Channel} */
    const channel = {
      id: on,
      of,
      label: type === 'new' ? text : '',
      side,
      states: [{ at, value: 'connecting', line }],
      sent: [],
      received: [],
      failures: [],
    };
    const over = keep(channels, channel, MAX_CHANNELS);
    if (over) remove(connections.get(over.of)?.channels, over);
    // The `new` event of its connection may have been dropped.
    const connection =
      of && !left.has(of)
        ? (connections.get(of) ?? newConnection({ ...event, on: of, type: 'event', text: '' }))
        : undefined;
    connection?.channels.push(channel);
    return channel;
  }

  /** @param {Connection} connection @param {TapEvent} event */
  function connectionEvent(connection, event) {
    const { at, name, value } = event;
    switch (event.type) {
      case 'state':
        if (Object.hasOwn(connection.states, name))
          add(connection.states[/** @type {'ice'} */ (name)], {
            at,
            value,
            line: name === 'signaling' ? lineInEffect(connection) : undefined,
          });
        break;
      case 'candidate':
        add(connection.localCandidates, candidateOf(event, 'done'));
        break;
      case 'candidate-error':
        add(connection.candidateErrors, { at, value });
        break;
      case 'event':
        if (name === 'negotiationneeded') connection.neededAt = at;
        break;
      case 'call':
        add(connection.calls, callOf(event));
        if (name === 'close') close(connection, event);
        break;
      case 'done':
      case 'failed':
        settle(connection, event);
    }
  }

  /** @param {TapEvent} event @returns {Call} */
  function callOf({ at, on, name, line, value, text, cut, call, fault, mid, index, fragment }) {
    /** @type {Call} */
    const made = {
      at,
      on,
      name,
      line,
      type: value,
      text,
      session: sessionOf(text),
      cut,
      place: { mid, index, fragment },
      outcome: call ? 'pending' : fault ? 'lost' : 'done',
      endedAt: undefined,
      errorName: '',
      errorText: '',
      fault,
    };
    if (call) calls.set(call, made);
    calls.set(`${on} ${name}`, made);
    if (call && SETS_DESCRIPTION.test(name)) {
      const { pending } = setting.get(on) ?? { pending: [] };
      add(pending, made);
      setting.set(on, { pending, last: made });
    }
    return made;
  }

  /** @param {Connection} connection @param {TapEvent} event */
  function settle(connection, event) {
    const { at, on, name, type, value, text, cut } = event;
    const call = calls.get(event.call ? event.call : `${on} ${name}`);
    if (!call) return;
    remove(setting.get(on)?.pending, call);
    call.outcome = type === 'done' ? 'done' : 'failed';
    call.endedAt = at;
    if (type === 'failed') {
      call.errorName = value;
      call.errorText = text;
    } else if (value) {
      Object.assign(call, { type: value, text, session: sessionOf(text), cut });
    }
    if (name === 'addIceCandidate')
      add(connection.remoteCandidates, { at, text: call.text, ...call.place, outcome: call.outcome, line: call.line });
    if (type !== 'done') return;
    const side = name === 'setLocalDescription' ? 'local' : 'remote';
    if (SETS_DESCRIPTION.test(name) && call.type && call.type !== 'rollback') {
      add(connection.descriptions, {
        at,
        type: call.type,
        sdp: call.text,
        session: call.session,
        cut: call.cut,
        side,
        line: call.line,
      });
    }
  }

  /** The line of the call that is changing the signaling state. Calls take effect one after another. @param {Connection} connection */
  function lineInEffect({ id }) {
    const {
      pending: [pending],
      last,
    } = setting.get(id) ?? { pending: [] };
    return (pending ?? last)?.line;
  }

  /** @param {TapEvent} event @param {string} outcome @returns {Candidate} */
  function candidateOf({ at, text, mid, index, fragment }, outcome) {
    return { at, text, mid, index, fragment, outcome, line: undefined };
  }

  /** `close()` changes states without raising events. @param {Connection} connection @param {TapEvent} event */
  function close(connection, { at, line }) {
    connection.closedAt = at;
    for (const name of /** @type {const} */ (['signaling', 'ice', 'connection']))
      add(connection.states[name], { at, value: 'closed', line });
  }

  /** @param {Channel} channel @param {TapEvent} event */
  function channelEvent(channel, { type, at, name, value, text, side, on, line, fault }) {
    if (type === 'state') add(channel.states, { at, value });
    // A message that a fault suppressed has not arrived.
    else if (type === 'message') (side === 'in' ? (fault ? [] : channel.received) : channel.sent).push(at);
    else if (type === 'failed') {
      if (name === 'send') channel.sent.pop();
      add(channel.failures, {
        at,
        on,
        name,
        line,
        type: '',
        text: '',
        session: '',
        cut: undefined,
        place: { mid: '', index: undefined, fragment: '' },
        outcome: 'failed',
        endedAt: at,
        errorName: value,
        errorText: text,
        fault: '',
      });
    }
  }

  /** @param {Socket} socket @param {TapEvent} event */
  function socketEvent(socket, event) {
    if (event.type === 'state') add(socket.states, { at: event.at, value: event.value });
    else if (event.type === 'message' && !event.fault)
      (event.side === 'in' ? socket.received : socket.sent).push(event);
    else if (event.type === 'call' && event.name === 'close' && current(socket.states) !== 'closed')
      socket.isClosedByCode = true;
  }
}
