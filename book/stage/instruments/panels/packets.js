// @ts-check
// The “Packets” panel: what has passed the lines of a run, packet by packet, and what became of each. The server keeps the packets of a line from
// when this panel first shows it, and of a line that the code has opened with `capture` from its beginning.
//
// May import: connection-choice.js, packet-table.js, ../../dom.js.

import { el } from '../../dom.js';
import { createConnectionChoice } from './connection-choice.js';
import { createPacketTable } from './packet-table.js';

/** Lines that are shown, the newest. */
const MAX_LINES = 10;

/** @typedef {{ id: string, on: string | undefined }} Line of a run: `on` is the connection that was put on it, undefined if the code has opened it */
/** @typedef {ReturnType<typeof createPacketTable>} Table */

/** Creates the “Packets” panel. @param {() => Promise<Line[]> | undefined} linesOfRun */
export function createPackets(linesOfRun) {
  const empty = el(
    'p',
    { class: 'note' },
    'No line yet: packets are seen where they pass the server. Switch on “A bad line” in “Break it”, or open a line in the code, and press Run.',
  );
  const choice = createConnectionChoice(show);
  const body = el('div');
  /** By the id of the line. @type {Map<string, { title: string, table: Table }>} */
  const shown = new Map();
  /** What the connections are called. @type {Map<string, string>} */
  let titles = new Map();
  let isAsking = false;
  /** Of the run whose lines are shown. */
  let runs = 0;

  function show() {
    empty.hidden = shown.size > 0;
    choice.offer([...shown].map(([id, { title }]) => ({ id, title })));
    const elements = [...shown].flatMap(([id, { table }]) => (choice.isShown(id) ? table.element : []));
    // Moved only if it has to be: what has the focus would lose it.
    if (elements.length !== body.children.length || elements.some((element, i) => body.children[i] !== element))
      body.replaceChildren(...elements);
  }

  /** Asks for the packets that are new. */
  async function ask() {
    if (isAsking) return;
    isAsking = true;
    const run = runs;
    try {
      const lines = (await linesOfRun()) ?? [];
      if (run !== runs) return;
      for (const line of lines.slice(-MAX_LINES)) if (!shown.has(line.id)) add(line);
      show();
      const open = new Set(lines.map(({ id }) => id));
      const asked = [...shown].map(async ([id, { table }]) => {
        if (!open.has(id)) table.end();
        else if (choice.isShown(id)) await table.ask();
      });
      await Promise.all(asked);
    } finally {
      isAsking = false;
    }
  }

  /** @param {Line} line */
  function add({ id, on }) {
    const own = [...shown.values()].filter(({ table }) => !table.isOfConnection).length + 1;
    const title = on === undefined ? `Line ${own} of the code` : `Line of ${titles.get(on) ?? on}`;
    shown.set(id, { title, table: createPacketTable(id, title, on !== undefined) });
    const [oldest] = shown.keys();
    if (shown.size > MAX_LINES) shown.delete(oldest);
  }

  return {
    title: 'Packets',
    about:
      'What passes a line, packet by packet, as far as it can be read without the keys, and what became of each. Open one to see its fields.',
    element: el('div', { class: 'packets' }, empty, choice.element, body),
    ask,

    /** @param {Pick<import('./panel.js').View, 'model'>} view */
    draw({ model }) {
      titles = new Map(model.connections.map(({ id, title }) => [id, title]));
    },

    /** Another run has begun. */
    clear() {
      runs += 1;
      shown.clear();
      show();
    },
  };
}
