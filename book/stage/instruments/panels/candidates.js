// @ts-check
// The “Candidates” panel: each candidate in parts, the candidate pairs with their states, and a verdict in words.
//
// May import: connection-choice.js, table.js, ../model/, ../../dom.js, ../../visible.js.

import { el } from '../../dom.js';
import { visibleLine } from '../../visible.js';
import { explainCandidate, parseCandidate, priorityParts } from '../model/candidate.js';
import { pairsIn, verdict } from '../model/pairs.js';
import { createConnectionChoice } from './connection-choice.js';
import { createTable } from './table.js';

/** Connections that are shown together, the newest, and rows of each table. A note says what is left out. */
const MAX_CONNECTIONS = 10;
const MAX_ROWS = 100;

/** @typedef {import('../model/model.js').Connection} Connection */
/** @typedef {import('../../stats.js').Report} Report */

/** @typedef {import('./panel.js').Lines} Lines */
/** @typedef {Pick<import('./panel.js').View, 'model' | 'stats'>} Seen */

/** Creates the “Candidates” panel. @param {Lines} lines */
export function createCandidates(lines) {
  const empty = el('p', { class: 'note' }, 'No connection yet: press Run.');
  const note = el('p', { class: 'note' });
  const body = el('div');
  const choice = createConnectionChoice(() => seen && show(seen));
  /** What was shown last. @type {Seen | undefined} */
  let seen;
  /** @type {Map<string, ReturnType<typeof createView>>} */
  const views = new Map();
  /** @type {number | undefined} */
  let litLine;

  /** @param {Seen} view */
  function show(view) {
    seen = view;
    const {
      model: { connections: all, left },
      stats,
    } = view;
    choice.offer(all);
    const chosen = all.filter(({ id }) => choice.isShown(id));
    const connections = chosen.slice(-MAX_CONNECTIONS);
    const earlier = left.connections + chosen.length - connections.length;
    empty.hidden = all.length > 0;
    note.hidden = earlier === 0;
    note.textContent = `${earlier} earlier connections are not shown here: the ladder has them.`;
    for (const [id, { element }] of views) {
      if (connections.some((connection) => connection.id === id)) continue;
      element.remove();
      views.delete(id);
    }
    for (const connection of connections) {
      let view = views.get(connection.id);
      if (!view) {
        view = createView(connection.title, lines);
        views.set(connection.id, view);
      }
      view.show(connection, stats.get(connection.id) ?? []);
      view.light(litLine);
    }
    const elements = connections.flatMap(({ id }) => views.get(id)?.element ?? []);
    // Moved only if it has to be: what has the focus would lose it.
    if (elements.some((element, i) => body.children[i] !== element)) body.replaceChildren(...elements);
  }

  return {
    title: 'Candidates',
    about:
      'At which addresses each side may be reached, and which pairs of them were tried. The sentence in bold is the verdict.',
    element: el('div', {}, empty, choice.element, note, body),
    draw: show,
    needsStats: true,
    /** Highlights the candidates that a line of the code has added. @param {number | undefined} line */
    light(line) {
      litLine = line;
      for (const view of views.values()) view.light(line);
    },
  };
}

/** @param {string} title of the connection @param {Lines} lines */
function createView(title, lines) {
  const heads = ['Type', 'Protocol', 'Address', 'What it is', 'Priority', 'Foundation', 'Section'];
  const local = createTable(`Found here (${title})`, heads, {}, MAX_ROWS);
  const remote = createTable(`Of the other side (${title})`, [...heads, 'Code'], lines, MAX_ROWS);
  const pairs = createTable(
    `Pairs that were tried (${title})`,
    ['Here', 'There', 'State', 'Selected', 'Round trip', 'Checks answered'],
    {},
    MAX_ROWS,
  );
  const said = el('p', { class: 'verdict' });
  const element = el(
    'div',
    { class: 'candidates', role: 'group', 'aria-label': title },
    el('p', { class: 'panel-head' }, title),
    said,
    pairs.element,
    local.element,
    remote.element,
  );

  /** @param {Connection} connection @param {Report[]} reports */
  function show(connection, reports) {
    const tried = pairsIn(reports);
    said.textContent = visibleLine(
      verdict(
        connection,
        tried.find(({ isSelected }) => isSelected),
      ),
    );
    pairs.element.hidden = tried.length === 0;
    pairs.show(
      tried.map(({ here, there, state, isSelected, roundTrip, answered }) => [
        here,
        there,
        state,
        isSelected ? 'yes' : '',
        inWords(roundTrip),
        answered,
      ]),
    );
    const found = connection.localCandidates.filter(({ text }) => text);
    local.element.hidden = found.length === 0;
    local.show(found.map(cells));
    const given = connection.remoteCandidates.filter(({ text }) => text);
    remote.element.hidden = given.length === 0;
    remote.show(
      given.map((candidate) => [...cells(candidate), { line: candidate.line }]),
      given.map(({ line }) => line),
    );
  }

  return { element, show, light: remote.light };
}

/** @param {import('../model/model.js').Candidate} candidate */
function cells({ text, mid, outcome }) {
  const parts = parseCandidate(text);
  if (!parts) return ['?', '', text.slice(0, 80), 'It can not be read.', '', '', mid];
  const { priority } = parts;
  const { type, local, component } = priorityParts(priority);
  const refused = outcome === 'failed' ? ' It was refused.' : '';
  return [
    parts.type,
    `${parts.protocol}${parts.tcpType ? ` ${parts.tcpType}` : ''}`,
    `${parts.address}:${parts.port}`,
    `${explainCandidate(parts)}${refused}`,
    Number.isSafeInteger(priority) ? `${priority} = type ${type}, local ${local}, component ${component}` : 'no number',
    parts.foundation,
    mid,
  ];
}

/** Browsers measure it in whole ms. @param {number | undefined} roundTrip in s */
function inWords(roundTrip) {
  if (roundTrip === undefined) return '';
  return roundTrip < 0.001 ? 'under 1 ms' : `${(roundTrip * 1_000).toFixed(0)} ms`;
}
