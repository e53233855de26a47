// @ts-check
// The “States” panel: the states of each connection and channel as lanes over time, and as a table.
//
// May import: table.js, ../drawing/, ../model/, ../../dom.js, ../../visible.js.

import { el } from '../../dom.js';
import { visibleLine } from '../../visible.js';
import { fit, hueOf } from '../drawing/ladder-drawing.js';
import { svg } from '../drawing/svg.js';
import { layerOfState } from '../model/layers.js';
import { createTable } from './table.js';

/** The smallest width of the drawing, in CSS pixels. */
const LEAST_WIDTH = 640;
/** The smallest width of a state that is labelled, in CSS pixels. */
const LEAST_WORD = 24;
const LABEL_WIDTH = 120;
const LANE_HEIGHT = 26;
/** Lanes that are drawn, and states of one lane: the newest of each. A note says what is left out. */
const MAX_LANES = 80;
const MAX_STATES = 60;

/** The tones of states. They repeat in colour what the words say. */
const TONES = new Map([
  ['connected', 'good'],
  ['completed', 'good'],
  ['open', 'good'],
  ['complete', 'good'],
  ['failed', 'bad'],
  ['disconnected', 'bad'],
  ['closed', 'over'],
  ['closing', 'over'],
]);

/** @typedef {import('../model/model.js').Model} Model */
/** @typedef {{ of: string, name: string, layer: import('../model/layers.js').Layer, states: import('../model/model.js').State[] }} Lane */

/** Creates the “States” panel. @param {import('./panel.js').Lines} lines */
export function createStates({ online, onrow }) {
  const drawings = el('div', { class: 'lanes-box', tabindex: '0', role: 'group', 'aria-label': 'States over time' });
  const table = createTable('Every state, from when and for how long', ['Of', 'What', 'State', 'From', 'For', 'Code'], {
    online,
    onrow,
  });
  const empty = el('p', { class: 'note' }, 'No connection yet: press Run.');
  const note = el('p', { class: 'note' });
  const element = el(
    'div',
    {},
    empty,
    note,
    drawings,
    el('details', {}, el('summary', {}, 'The states as a table'), table.element),
  );

  /** @type {number | undefined} */
  let litLine;

  /** @param {Pick<import('./panel.js').View, 'model' | 'now'>} view */
  function show({ model, now }) {
    const all = lanesOf(model);
    const lanes = all.slice(-MAX_LANES);
    empty.hidden = lanes.length > 0;
    drawings.hidden = lanes.length === 0;
    note.textContent = missing(
      model,
      all.length - lanes.length,
      lanes.some(({ states }) => states.length > MAX_STATES),
    );
    note.hidden = note.textContent === '';
    // States of one lane are in order. The time after the last change takes at most a third of the width.
    const last = Math.max(...lanes.map(({ states }) => states[states.length - 1].at), 1);
    const first = Math.min(...lanes.map(({ states }) => states[0].at), last);
    const end = Math.min(Math.max(now, last), last + (last - first + 1) / 2);
    drawings.replaceChildren(drawLanes(lanes, first, end, Math.max(LEAST_WIDTH, drawings.clientWidth), onrow));
    table.show(
      lanes.flatMap(({ of, name, states }) =>
        states.map(({ at, value, line }, i) => [
          of,
          name,
          value,
          `${at.toFixed(1)} ms`,
          i + 1 < states.length ? `${(states[i + 1].at - at).toFixed(1)} ms` : 'until now',
          { line },
        ]),
      ),
      lanes.flatMap(({ states }) => states.map(({ line }) => line)),
    );
    light(litLine);
  }

  /** Highlights the states that a line of the code caused. @param {number | undefined} line */
  function light(line) {
    litLine = line;
    table.light(line);
    for (const state of drawings.querySelectorAll('.lane-state'))
      state.classList.toggle('lit', line !== undefined && state.getAttribute('data-line') === String(line));
  }

  return {
    title: 'States',
    about: 'Each lane is one state over time. A lane that stands still while the others move shows where it hangs.',
    element,
    draw: show,
    light,
  };
}

/**
 * Says what is left out.
 * @param {Model} model
 * @param {number} lanes that are not drawn
 * @param {boolean} isLong some lane has more states than are drawn
 */
function missing({ left }, lanes, isLong) {
  return [
    ...Object.entries(left).map(([kind, count]) =>
      count > 0 ? `${count} earlier ${kind} are not kept here: the ladder has them.` : '',
    ),
    lanes > 0 ? `${lanes} earlier lanes are not drawn.` : '',
    isLong ? `Of a lane, the newest ${MAX_STATES} states are drawn.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** @param {Model} model @returns {Lane[]} */
function lanesOf(model) {
  const lanes = model.connections.flatMap(({ title, states, channels }) => [
    ...Object.entries(states).map(([name, list]) => laneOf(title, name, layerOfState(name), list)),
    ...channels.map(({ label, states: list }) => laneOf(title, `channel ${label}`, 'messages', list)),
  ]);
  const titles = new Map(model.connections.map(({ id, title }) => [id, title]));
  const ofTracks = model.tracks.flatMap(({ of, kind, side, states }) =>
    Object.entries(states)
      .filter(([name, list]) => name === 'flow' || list.length > 1)
      .map(([name, list]) =>
        laneOf(titles.get(of) ?? 'Tracks', `${kind} ${side === 'remote' ? 'in' : 'out'}, ${name}`, '', list),
      ),
  );
  const ofElements = model.elements.map(({ id, kind, states }) =>
    laneOf('Elements', `<${kind}> ${id.slice(2)}`, '', states.playback),
  );
  return [
    ...lanes,
    ...ofTracks,
    ...ofElements,
    ...model.sockets.map(({ id, states }) => laneOf(`Socket ${id.slice(2)}`, 'socket', 'signaling', states)),
  ];
}

/** @param {string} of @param {string} name @param {Lane['layer']} layer @param {Lane['states']} states @returns {Lane} */
const laneOf = (of, name, layer, states) => ({ of, name, layer, states });

/** @param {Lane[]} lanes @param {number} first @param {number} end @param {number} width @param {(line: number) => void} onrow */
function drawLanes(lanes, first, end, width, onrow) {
  const groups = lanes.length;
  const headings = new Set(lanes.map(({ of }) => of)).size;
  const height = (groups + headings) * LANE_HEIGHT + LANE_HEIGHT;
  const x = (/** @type {number} */ at) =>
    LABEL_WIDTH + ((Math.min(at, end) - first) / Math.max(end - first, 1)) * (width - LABEL_WIDTH - 4);
  const drawing = svg('svg', {
    class: 'lanes',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'aria-label': 'States over time: see the table for the same as text',
  });
  let y = 0;
  let of = '';
  for (const lane of lanes) {
    if (lane.of !== of) {
      of = lane.of;
      drawing.append(svg('text', { class: 'head', x: 4, y: y + 18 }, of));
      y += LANE_HEIGHT;
    }
    const name = visibleLine(lane.name);
    const hue = hueOf(lane.layer);
    drawing.append(svg('text', { class: `lane-name${hue}`, x: 4, y: y + 17 }, ...fit(name, LABEL_WIDTH - 8, 1)));
    const states = lane.states.slice(-MAX_STATES);
    states.forEach(({ at, value: state, line }, i) => {
      const value = visibleLine(state);
      const left = x(at);
      const right = x(states[i + 1]?.at ?? end);
      const room = right - left;
      const group = svg(
        'g',
        {
          class: `lane-state ${TONES.get(value) ?? ''}${hue}${line ? ' has-line' : ''}`,
          ...(line ? { 'data-line': line } : {}),
        },
        svg('title', {}, `${name}: ${value}, from ${at.toFixed(1)} ms${line ? ` (line ${line})` : ''}`),
        svg('rect', { x: left, y: y + 2, width: Math.max(room - 1, 1), height: LANE_HEIGHT - 4, rx: 3 }),
      );
      if (room > LEAST_WORD) group.append(svg('text', { x: left + 4, y: y + 17 }, ...fit(value, room - 8, 1)));
      if (line) group.addEventListener('click', () => onrow(line));
      drawing.append(group);
    });
    y += LANE_HEIGHT;
  }
  drawing.append(
    svg('text', { class: 'time', x: LABEL_WIDTH, y: y + 16 }, `${first.toFixed(0)} ms`),
    svg('text', { class: 'time', x: width - 4, y: y + 16, 'text-anchor': 'end' }, `${end.toFixed(0)} ms`),
  );
  return drawing;
}
