// @ts-check
// The packets of one line as a table, whose rows open, and as a file.
//
// May import: table.js, ../model/, ../../dom.js, ../../line/, ../../save-blob.js, ../../visible.js.

import { button, el } from '../../dom.js';
import { ask, recordingOf, Refusal } from '../../line/line-requests.js';
import { saveBlob } from '../../save-blob.js';
import { visibleLine } from '../../visible.js';
import { PROTOCOLS } from '../model/protocols.js';
import { createTable } from './table.js';

/** Packets that are shown, the newest. The file has all that the server keeps. */
const MAX_PACKETS = 400;
/** Answers of the server that are read at once. Each tells up to 200 packets; what is behind them comes the next time. */
const MAX_ANSWERS = 5;
const PACKETS_AN_ANSWER = 200;
/** How deep the fields of a packet are nested at most. */
const MAX_DEPTH = 8;

const WAITS = 'Newer packets are shown when you scroll to the end.';
const ENDED = 'The line has ended, and the server keeps its packets no longer. Save them while the demo runs.';

/** @type {Record<string, string>} */
const FATES = {
  delivered: 'delivered',
  loss: 'lost',
  queue: 'no room in the queue',
  cut: 'the line was cut',
  bound: 'over a bound of the server',
  nobody: 'the other peer had not shown itself yet',
  'not-sent': 'the server’s system did not take it',
};

/** @typedef {{ name: string, value: string, offset: number, length: number, rows?: Row[] }} Row a field: where it is in the packet, in bytes */
/** @typedef {{ number: number, at: number, way: string, length: number, fate: string, protocol: string, summary: string, rows: Row[] }} Packet */

/**
 * @param {string} id of the line
 * @param {string} title
 * @param {boolean} isOfConnection it was opened for a connection, which is A
 */
export function createPacketTable(id, title, isOfConnection) {
  const ways = isOfConnection ? ['out', 'in'] : ['A → B', 'B → A'];
  const table = createTable(title, ['No.', 'At', 'Way', 'Bytes', 'Protocol', 'What it says', 'Fate'], {}, MAX_PACKETS);
  const box = table.element;
  const note = el('p', { class: 'note', role: 'status' });
  const element = el(
    'div',
    { class: 'packet-line', role: 'group', 'aria-label': title },
    el('div', { class: 'instruments-bar' }, button('Save as pcapng', save), note),
    box,
  );
  /** @type {Packet[]} */
  let packets = [];
  /** Numbers of those that are open. @type {Set<number>} */
  const open = new Set();
  let seen = 0;
  let lost = 0;
  let isKept = false;
  let isOver = false;

  /** Asks for those that are new. */
  async function askServer() {
    if (isOver) return;
    // What the reader looks at must not move away.
    if (packets.length >= MAX_PACKETS && !isAtEnd()) return say(WAITS);
    try {
      if (!isKept) await ask('PATCH', id, { capture: true });
      isKept = true;
      for (let answers = 0; answers < MAX_ANSWERS; answers += 1) {
        const answer = /** @type {{ packets: Packet[], dropped: number }} */ (
          await ask('GET', `${id}/packets?after=${seen}`)
        );
        packets.push(...answer.packets);
        seen = packets.at(-1)?.number ?? seen;
        lost = answer.dropped;
        if (answer.packets.length < PACKETS_AN_ANSWER) break;
      }
      say('');
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) end();
      else say(error instanceof Error ? error.message : '');
    }
    show();
  }

  /** The line is there no longer. */
  function end() {
    isOver = true;
    say(ENDED);
  }

  function show() {
    packets = packets.slice(-MAX_PACKETS);
    for (const number of open) if (number < (packets[0]?.number ?? 0)) open.delete(number);
    const followsNewest = isAtEnd();
    table.show(packets.map(cells));
    if (followsNewest) box.scrollTop = box.scrollHeight;
  }

  const isAtEnd = () => box.scrollTop + box.clientHeight >= box.scrollHeight - 1;

  /** @param {string} problem without one, how many packets are not shown */
  function say(problem) {
    const earlier = (packets.at(-1)?.number ?? 0) - Math.min(packets.length, MAX_PACKETS);
    const gone = lost > 0 ? ` The server keeps ${lost.toLocaleString('en')} of them no longer.` : '';
    const hidden = earlier > 0 ? `${earlier.toLocaleString('en')} earlier packets are not shown.${gone}` : '';
    const words = problem || hidden;
    // Writing the same text again would make a screen reader repeat it.
    if (note.textContent !== words) note.textContent = words;
  }

  /** @param {Packet} packet @returns {import('./table.js').Cell[]} */
  function cells(packet) {
    const { number, at, way, length, fate, protocol } = packet;
    return [
      String(number),
      `${at.toFixed(4)} s`,
      ways[way === 'a-to-b' ? 0 : 1],
      String(length),
      PROTOCOLS.get(protocol) ?? 'unknown',
      summaryOf(packet),
      FATES[fate] ?? fate,
    ];
  }

  /** Its fields are made when it is opened: most never are. @param {Packet} packet */
  function summaryOf({ number, summary, rows }) {
    const details = el('details', {}, el('summary', {}, visibleLine(summary)));
    const fill = () => details.childElementCount === 1 && details.append(fieldsOf(rows));
    if (open.has(number)) {
      details.open = true;
      fill();
    }
    details.addEventListener('toggle', () => {
      if (details.open) {
        open.add(number);
        fill();
      } else open.delete(number);
    });
    return details;
  }

  async function save() {
    if (isOver) return;
    try {
      saveBlob('line.pcapng', await recordingOf(id));
    } catch (error) {
      say(error instanceof Refusal ? error.message : 'It was not saved: the server does not answer.');
    }
  }

  return { element, isOfConnection, ask: askServer, end };
}

/** @param {Row[]} rows @param {number} depth @returns {HTMLElement} */
function fieldsOf(rows, depth = 1) {
  const items = rows.map(({ name, value, offset, length, rows: inner }) => {
    const bytes = length === 1 ? `byte ${offset}` : `bytes ${offset} to ${offset + length - 1}`;
    const words = [value && ` ${visibleLine(value)}`, length > 0 ? el('small', {}, `, ${bytes}`) : ''];
    return el(
      'li',
      {},
      el('strong', {}, visibleLine(name)),
      ...words,
      ...(inner?.length && depth < MAX_DEPTH ? [fieldsOf(inner, depth + 1)] : []),
    );
  });
  return el('ul', { class: 'packet-fields' }, ...items);
}
