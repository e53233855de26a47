// @ts-check
// Turns the events of a run into rows of the ladder: who did what, or sent what to whom. Pure.
//
// May import: candidate.js, layers.js, media-rows.js, remote-peers.js, title.js, ../../peer-names.js, ../../wire.js.

import { parseValue, splitMessage } from '../../wire.js';
import { briefCandidate } from './candidate.js';
import { NO_NAMES, YOU } from '../../peer-names.js';
import { layerOf, repeatOf } from './layers.js';
import { createMediaRows } from './media-rows.js';
import { remotePeersOf } from './remote-peers.js';
import { named, titleOf } from './title.js';

/** Characters of a text in a label. */
const MAX_LABEL = 60;
/** Connections that have their own column, the newest; the earlier ones share one. */
const MAX_CONNECTIONS = 24;
const EARLIER = 'earlier';

/** @typedef {import('../../events.js').TapEvent} TapEvent */
/** @typedef {import('../../peer-names.js').NameOf} NameOf */
/** @typedef {{ id: string, title: string, peer?: string }} Column `peer` is the id of the one whom the title names */

/**
 * @typedef {object} Row
 * @property {number} event the index of the event
 * @property {number} at ms since Run
 * @property {string} from a column
 * @property {string} to another column, or the same one when it concerns nobody else
 * @property {string} label
 * @property {number | undefined} line of the demo's code
 * @property {'ok' | 'bad' | 'waits'} tone
 * @property {string} fault what was broken on purpose here
 * @property {boolean} isState
 * @property {boolean} isDirect between the peers, over their channel
 * @property {import('./layers.js').Layer} layer
 * @property {import('./layers.js').Repeat | undefined} repeat what it is one of many of
 * @property {import('./folding.js').Fold} [fold] it stands for these rows
 */

/**
 * The ladder of one side.
 * @param {TapEvent[]} events
 * @param {NameOf} [nameOf]
 * @returns {{ columns: Column[], rows: Row[] }}
 */
export function rowsOf(events, nameOf = NO_NAMES) {
  const hasSocket = events.some(({ on }) => on.startsWith('ws'));
  /**
   * The connection that made each description or found each candidate: when another one on this page is given it, the arrow starts there.
   * Candidates are told by their ICE user name too, because a fault may have changed their text.
   * @type {Map<string, string>}
   */
  const makers = new Map();
  /** For each connection, the one on this page that it is connected to. @type {Map<string, string>} */
  const partners = new Map();
  /** @type {Map<string, { pc: string, label: string }>} */
  const channels = new Map();
  /** @type {Map<string, Row>} */
  const open = new Map();
  /** The titles of those that are known. @type {Map<string, string>} */
  const connections = new Map();
  /** @type {Row[]} */
  const rows = [];
  /** Who has spoken to this side. @type {Set<string>} */
  const senders = new Set();
  const media = createMediaRows();
  let usesOther = false;

  events.forEach((event, index) => {
    const { on, type } = event;
    if (type === 'done' || type === 'failed') return settle(event);
    const row = /^(tr|el)/.test(on)
      ? ofMedia(event)
      : on.startsWith('ws')
        ? ofSocket(event)
        : on.startsWith('ch')
          ? ofChannel(event)
          : ofConnection(event);
    if (!row) return;
    if (row.from === 'other' || row.to === 'other') usesOther = true;
    const channel = channels.get(on);
    /** @type {Row} */
    const whole = {
      event: index,
      at: event.at,
      line: event.line,
      tone: 'ok',
      fault: event.fault,
      isState: type === 'state',
      isDirect: on.startsWith('ch'),
      layer: layerOf(event),
      repeat: repeatOf(event, channel?.label ?? '', channel?.pc ?? on),
      ...row,
    };
    rows.push(whole);
    if (event.call) {
      whole.tone = 'waits';
      open.set(`call ${event.call}`, whole);
    } else if (type === 'call' || type === 'message') open.set(`${on} ${event.name || 'send'}`, whole);
  });

  // Without names it would be a search for nothing.
  const remotePeers = nameOf === NO_NAMES ? new Map() : remotePeersOf(events);
  const columns = [...connections]
    .sort(([a], [b]) => Number(a.slice(2)) - Number(b.slice(2)))
    .map(([id, title]) => columnOfConnection(id, title));
  if (hasSocket) columns.unshift({ id: 'code', title: 'Your code' });
  if (hasSocket) columns.push({ id: 'server', title: 'Server' });
  if (usesOther) columns.push(columnOfOthers());
  return { columns, rows };

  /** @param {string} id @param {string} title @returns {Column} */
  function columnOfConnection(id, title) {
    const peer = remotePeers.get(id) ?? '';
    const name = nameOf(peer);
    return name ? { id, title: named(title, name), peer } : { id, title };
  }

  /** Of several others, the column is nobody's. @returns {Column} */
  function columnOfOthers() {
    const [peer = '', ...others] = senders;
    const name = others.length === 0 ? nameOf(peer) : '';
    if (name) return { id: 'other', title: name, peer };
    return { id: 'other', title: hasSocket ? 'Other side' : 'Elsewhere' };
  }

  /** @param {TapEvent} event */
  function settle({ type, on, name, call, value, text, fault }) {
    const key = call ? `call ${call}` : `${on} ${name}`;
    const row = open.get(key);
    // A call has one outcome. A forged second one must not append to its row.
    open.delete(key);
    if (text && (value === 'offer' || value === 'answer')) makers.set(originOf(text), on);
    if (!row) return;
    row.tone = type === 'done' ? 'ok' : 'bad';
    if (fault) row.fault = fault;
    if (type === 'failed') row.label += ` ✗ ${value}${text ? `: ${clip(text)}` : ''}`;
    else if (name.startsWith('create') && value) row.label += ` gives an ${value}`;
  }

  /** @param {TapEvent} event @returns {Pick<Row, 'from' | 'to' | 'label'> | undefined} */
  function ofConnection({ on, type, name, value, text, line, fragment }) {
    if (!connections.has(on)) connections.set(on, titleOf(on, type === 'new' ? value : '', line));
    const own = (/** @type {string} */ label) => ({ from: on, to: on, label });
    if (type === 'new') return own('new RTCPeerConnection()');
    if (type === 'state') return own(`${name}: ${value}`);
    if (type === 'event') return own(name);
    if (type === 'candidate-error') return own(`a server did not help: ${value} ${clip(text)}`);
    if (type === 'candidate') {
      if (text) makers.set(text, on);
      if (fragment) makers.set(`ufrag ${fragment}`, on);
      return own(text ? `found ${briefCandidate(text)}` : 'found all candidates');
    }
    if (type !== 'call') return undefined;
    if (name === 'setLocalDescription' && text) makers.set(originOf(text), on);
    const maker =
      name === 'setRemoteDescription'
        ? makers.get(originOf(text))
        : name === 'addIceCandidate' && text
          ? (makers.get(text) ?? makers.get(`ufrag ${fragment}`))
          : undefined;
    const what = name === 'addIceCandidate' ? (text ? briefCandidate(text) : 'no more candidates') : value;
    const label = `${name}(${what})`;
    if (name === 'createDataChannel' || !maker || maker === on) {
      const isFromElsewhere = !hasSocket && text && /^(setRemoteDescription|addIceCandidate)$/.test(name);
      return isFromElsewhere ? { from: 'other', to: on, label } : own(label);
    }
    partners.set(on, maker);
    partners.set(maker, on);
    return { from: maker, to: on, label };
  }

  /** @param {TapEvent} event @returns {Pick<Row, 'from' | 'to' | 'label'> | undefined} */
  function ofChannel({ on, of, type, name, value, text, side, size }) {
    if (type === 'new') {
      channels.set(on, { pc: of || 'other', label: text });
      if (side === 'local') return undefined;
    }
    const { pc, label } = channels.get(on) ?? { pc: 'other', label: on };
    if (pc !== 'other' && !connections.has(pc)) connections.set(pc, titleOf(pc, '', undefined));
    if (type === 'new') return { from: pc, to: pc, label: `got the channel “${clip(label)}”` };
    if (type === 'state') return { from: pc, to: pc, label: `channel “${clip(label)}”: ${value}` };
    if (type === 'error') return { from: pc, to: pc, label: `channel “${clip(label)}”: error ${clip(text)}` };
    if (type === 'call') return { from: pc, to: pc, label: `channel “${clip(label)}”: ${name}()` };
    if (type !== 'message') return undefined;
    const what = text ? `“${clip(text)}”` : `${size ?? '?'} bytes`;
    const partner = partners.get(pc);
    if (side === 'out') return { from: pc, to: partner ? pc : 'other', label: `send(${what})` };
    return { from: partner ?? 'other', to: pc, label: `message ${what}` };
  }

  /** Tracks and elements are in the column of their connection. @param {TapEvent} event @returns {Pick<Row, 'from' | 'to' | 'label'> | undefined} */
  function ofMedia(event) {
    const row = media.rowOf(event);
    if (!row) return undefined;
    if (!connections.has(row.of)) connections.set(row.of, titleOf(row.of, '', undefined));
    return { from: row.of, to: row.of, label: row.label };
  }

  /** @param {TapEvent} event @returns {Pick<Row, 'from' | 'to' | 'label'> | undefined} */
  function ofSocket({ type, name, value, text, side }) {
    if (type === 'message') {
      const [from, to] = side === 'in' ? ['server', 'code'] : ['code', 'server'];
      const sender = side === 'in' ? splitMessage(text)?.sender : '';
      if (sender) senders.add(sender);
      return { from, to, label: briefMessage(text, nameOf) };
    }
    if (type === 'new') return { from: 'code', to: 'server', label: 'new WebSocket()' };
    if (type === 'state')
      return { from: 'server', to: 'code', label: `socket ${value}${value === 'closed' ? ` (${text})` : ''}` };
    if (type === 'error') return { from: 'server', to: 'code', label: 'socket error' };
    return { from: 'code', to: 'code', label: `socket ${name}()` };
  }
}

/**
 * Keeps a ladder from becoming too wide: of many connections, the earlier ones share a column, and their rows name them.
 * @param {{ columns: Column[], rows: Row[] }} ladder @returns {{ columns: Column[], rows: Row[] }}
 */
export function withFewColumns({ columns, rows }) {
  const earlier = new Set(
    columns
      .filter(({ id }) => id.startsWith('pc'))
      .slice(0, -MAX_CONNECTIONS)
      .map(({ id }) => id),
  );
  if (earlier.size === 0) return { columns, rows };
  const [first] = earlier;
  const kept = columns.filter(({ id }) => id === first || !earlier.has(id));
  const place = (/** @type {string} */ id) => (earlier.has(id) ? EARLIER : id);
  return {
    columns: kept.map((column) =>
      column.id === first ? { id: EARLIER, title: `${earlier.size} earlier connections` } : column,
    ),
    rows: rows.map((row) => {
      const name = [row.to, row.from].find((id) => earlier.has(id));
      return name
        ? { ...row, from: place(row.from), to: place(row.to), label: `[${name.slice(2)}] ${row.label}` }
        : row;
    }),
  };
}

/** Abbreviates a signaling message for a label. @param {string} text @param {NameOf} nameOf */
function briefMessage(text, nameOf) {
  const message = splitMessage(text);
  if (!message) return clip(text);
  const { command, sender, target } = message;
  const what = briefPayload(message);
  const called = (/** @type {string} */ id) => {
    const name = nameOf(id);
    return name === YOU ? 'you' : name || clip(id, 8);
  };
  const who = target === undefined ? sender && ` by ${called(sender)}` : `, to ${called(target)}`;
  return `${command}${what && ` ${clip(what)}`}${who}`;
}

/**
 * Abbreviates the payload of a signaling message; empty for those that carry more than a label can show.
 * @param {import('../../wire.js').Envelope} message
 */
function briefPayload({ command, sender, payload = '' }) {
  if (!sender) return payload;
  if (command === 'sdp') return textOf(parseValue(payload)?.type);
  const candidate = command === 'candidate' ? textOf(parseValue(payload)?.candidate) : '';
  return candidate && briefCandidate(candidate);
}

/** @param {unknown} value */
const textOf = (value) => (typeof value === 'string' ? value : '');

/** Identifies a description by its `o=` line, which stays the same when code changes other lines. @param {string} sdp */
const originOf = (sdp) => /^o=.*$/m.exec(sdp)?.[0] ?? sdp;

/** @param {string} text @param {number} [length] */
function clip(text, length = MAX_LABEL) {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
