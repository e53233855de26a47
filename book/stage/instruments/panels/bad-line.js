// @ts-check
// “A bad line” in the “Break it” panel: what the server is to do to the packets between two peers, and what it has done to them.
//
// May import: ../../dom.js, ../../line/.

import { button, el } from '../../dom.js';
import { presets } from '../../line/line-requests.js';
import { PERFECT, QUANTITIES, stopOf, WAYS } from '../../line/line-settings.js';
import { timelineIn, wordsOf } from '../../line/line-timeline.js';

/** The largest seed (server/network/src/line/link.rs). */
const MAX_SEED = 2 ** 32 - 1;
/** Presets that are offered, and characters of their names. */
const MAX_PRESETS = 20;
const MAX_NAME = 40;
/** Characters of a timeline: 100 steps, as many as the server takes. */
const MAX_TIMELINE = 4_000;

/** What the two ways are called. @type {Record<Direction, { sign: string, words: string }>} */
const NAMES = {
  a_to_b: { sign: 'Out', words: 'to the other side' },
  b_to_a: { sign: 'In', words: 'from the other side' },
};

/** @typedef {import('../../line/line-settings.js').Conditions} Conditions */
/** @typedef {import('../../line/line-settings.js').Direction} Direction */
/** @typedef {import('../../line/line-settings.js').Settings} Settings */
/** @typedef {import('../../line/line-settings.js').Step} Step */
/** @typedef {import('../../line/server-lines.js').Lines} Lines */
/** @typedef {import('../../line/server-lines.js').Reading} Reading */

/**
 * Creates the controls of the line.
 * @param {() => void} onchange the settings have changed
 * @param {() => Promise<Lines | undefined> | undefined} linesOfRun
 */
export function createBadLine(onchange, linesOfRun) {
  /** @type {Record<Direction, Conditions>} */
  const conditions = { a_to_b: { ...PERFECT }, b_to_a: { ...PERFECT } };
  /** @type {Step[]} */
  let timeline = [];
  /** @type {import('../../line/line-requests.js').Preset[]} */
  let offered = [];
  /** They are asked for, or there. */
  let hasAsked = false;

  const like = el('select', {}, el('option', { value: '' }, 'my own settings'));
  like.addEventListener('change', usePreset);
  const alike = el('input', { type: 'checkbox' });
  alike.checked = true;
  alike.addEventListener('change', () => alike.checked && copyOut());
  const seed = el('input', { type: 'number', min: '0', max: String(MAX_SEED), step: '1', required: '' });
  seed.addEventListener('change', changed);
  const rows = QUANTITIES.map((quantity) =>
    createRow(quantity, conditions, (direction) => move(direction, quantity.name)),
  );
  /** @type {[HTMLButtonElement, Direction[]][]} */
  const cuts = [
    [button('Cut', () => cut(0)), ['a_to_b', 'b_to_a']],
    [button('Cut out', () => cut(1)), ['a_to_b']],
    [button('Cut in', () => cut(2)), ['b_to_a']],
  ];
  const steps = el('input', {
    type: 'text',
    maxlength: String(MAX_TIMELINE),
    placeholder: 'cut at 2 s, mend at 5 s',
    spellcheck: 'false',
  });
  steps.addEventListener('change', readTimeline);
  const mistake = el('p', { class: 'note', role: 'status' });
  const problem = el('p', { class: 'note line-problem', role: 'status' });
  const counts = createCounts();
  const controls = el(
    'div',
    { class: 'line-controls', role: 'group', 'aria-label': 'A bad line' },
    el(
      'div',
      { class: 'instruments-bar' },
      el('label', {}, 'Like ', like),
      el('label', {}, alike, ' the same both ways'),
      el('label', {}, 'Seed of the line ', seed),
    ),
    el('div', { class: 'line-rows' }, ...rows.map(({ element }) => element)),
    el(
      'div',
      { class: 'instruments-bar' },
      ...cuts.map(([element]) => element),
      button('New port', rebind, {
        title: 'What this side sends comes from another port, as behind a NAT that forgot it',
      }),
    ),
    el(
      'div',
      { class: 'instruments-bar' },
      el('label', { class: 'line-timeline' }, 'Timeline ', steps),
      button('Start it now', startTimeline),
    ),
    mistake,
    problem,
    counts.element,
  );
  controls.hidden = true;
  put(undefined);

  /** Puts the settings to these; without any, to their beginning. @param {Settings | undefined} given */
  function put(given) {
    seed.value = String(given?.seed ?? 1);
    timeline = given?.timeline ?? [];
    steps.value = wordsOf(timeline);
    mistake.textContent = problem.textContent = '';
    for (const [direction] of WAYS) conditions[direction] = { ...(given?.[direction] ?? PERFECT) };
    alike.checked = isSame(conditions.a_to_b, conditions.b_to_a);
    show();
  }

  function show() {
    for (const row of rows) row.show(conditions);
    for (const [element, ways] of cuts)
      element.setAttribute('aria-pressed', String(ways.every((way) => conditions[way].cut)));
    const same = offered.findIndex((preset) => WAYS.every(([way]) => isSame(preset[way], conditions[way])));
    like.value = same < 0 ? '' : String(same);
  }

  function changed() {
    show();
    onchange();
  }

  /** @param {Direction} direction @param {keyof Conditions} name what was moved */
  function move(direction, name) {
    if (alike.checked) {
      for (const [way] of WAYS) conditions[way] = { ...conditions[way], [name]: conditions[direction][name] };
    }
    changed();
  }

  function copyOut() {
    conditions.b_to_a = { ...conditions.a_to_b };
    changed();
  }

  /** @param {number} index of the button */
  function cut(index) {
    const [, ways] = cuts[index];
    const isCut = !ways.every((way) => conditions[way].cut);
    for (const way of ways) conditions[way] = { ...conditions[way], cut: isCut };
    changed();
  }

  function usePreset() {
    const preset = offered[Number(like.value)];
    if (like.value === '' || !preset) return;
    for (const [way] of WAYS) conditions[way] = { ...preset[way] };
    alike.checked = isSame(conditions.a_to_b, conditions.b_to_a);
    changed();
  }

  /** Asks for what the server offers; again, if it did not answer. */
  async function loadPresets() {
    if (hasAsked) return;
    hasAsked = true;
    try {
      offered = (await presets()).slice(0, MAX_PRESETS);
    } catch (error) {
      hasAsked = false;
      problem.textContent = error instanceof Error ? error.message : '';
      return;
    }
    like.append(...offered.map(({ name }, i) => el('option', { value: String(i) }, String(name).slice(0, MAX_NAME))));
    show();
  }

  function readTimeline() {
    const read = timelineIn(steps.value);
    mistake.textContent = read.mistake;
    if (read.mistake) return;
    timeline = read.steps;
    changed();
  }

  async function startTimeline() {
    (await linesOfRun())?.startTimeline();
  }

  async function rebind() {
    (await linesOfRun())?.rebind();
  }

  /** Shows what the lines of the run have done. */
  async function ask() {
    const reading = await (await linesOfRun())?.read();
    if (!reading) return;
    counts.show(reading);
    // Writing the same text again would make a screen reader repeat it.
    if (problem.textContent !== reading.words) problem.textContent = reading.words;
  }

  return {
    element: controls,

    /** @param {boolean} isOn */
    showIf(isOn) {
      controls.hidden = !isOn;
      if (isOn) loadPresets();
    },

    /** @returns {Settings} */
    settings: () => ({ seed: seedIn(seed), ...conditions, timeline }),

    ask,
    put,
  };
}

/**
 * The sliders of one quantity.
 * @param {import('../../line/line-settings.js').Quantity} quantity
 * @param {Record<Direction, Conditions>} conditions
 * @param {(direction: Direction) => void} onmove
 */
function createRow(quantity, conditions, onmove) {
  const { name, title, about, stops, words } = quantity;
  const sliders = WAYS.map(([direction]) => {
    const { sign, words: way } = NAMES[direction];
    const slider = el('input', {
      type: 'range',
      min: '0',
      max: String(stops.length - 1),
      step: '1',
      'aria-label': `${title}, ${way}`,
    });
    const value = el('output', {});
    slider.addEventListener('input', () => {
      conditions[direction] = { ...conditions[direction], [name]: stops[Number(slider.value)] };
      onmove(direction);
    });
    const element = el('span', { class: 'line-slider' }, el('span', { 'aria-hidden': 'true' }, sign), slider, value);
    return { direction, slider, value, element };
  });
  return {
    element: el(
      'div',
      { class: 'line-row', role: 'group', 'aria-label': title },
      el('span', { class: 'line-name' }, el('strong', {}, title), ` ${about}`),
      ...sliders.map(({ element }) => element),
    ),

    /** @param {Record<Direction, Conditions>} now */
    show(now) {
      for (const { direction, slider, value } of sliders) {
        const said = words(now[direction][name]);
        slider.value = String(stopOf(quantity, now[direction][name]));
        slider.setAttribute('aria-valuetext', said);
        value.textContent = said;
      }
    },
  };
}

/** What became of packets, in the order of the table. @type {[Exclude<keyof import('../../line/server-lines.js').Sum, 'isCut'>, string][]} */
const FATES = [
  ['entered', 'entered'],
  ['delivered', 'delivered'],
  ['lost', 'lost'],
  ['dropped', 'dropped'],
  ['held', 'on their way'],
];

/** The table of what became of packets. */
function createCounts() {
  const heads = WAYS.map(([direction]) => el('th', { scope: 'col' }, NAMES[direction].sign));
  const rows = FATES.map(([fate, words]) => ({ fate, words, cells: WAYS.map(() => el('td', {}, '0')) }));
  const caption = el('caption', {}, 'No line is open: press Run.');
  const element = el(
    'table',
    { class: 'line-counts' },
    caption,
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Packets'), ...heads)),
    el('tbody', {}, ...rows.map(({ words, cells }) => el('tr', {}, el('th', { scope: 'row' }, words), ...cells))),
  );

  /** @param {Reading} reading */
  function show({ count, sums }) {
    caption.textContent =
      count === 0 ? 'No line is open.' : `What ${count === 1 ? 'the line has' : `${count} lines have`} done.`;
    WAYS.forEach(([direction], i) => {
      heads[i].textContent = `${NAMES[direction].sign}${sums[direction].isCut ? ', cut' : ''}`;
      for (const { fate, cells } of rows) cells[i].textContent = sums[direction][fate].toLocaleString('en');
    });
  }
  return { element, show };
}

/** @param {Conditions} one @param {Conditions} other */
const isSame = (one, other) =>
  Object.entries(one).every(([name, value]) => other[/** @type {keyof Conditions} */ (name)] === value);

/** Corrected in the field as well. @param {HTMLInputElement} field */
function seedIn(field) {
  const typed = Math.round(Number(field.value));
  const seed = Number.isFinite(typed) ? Math.min(Math.max(typed, 0), MAX_SEED) : 1;
  field.value = String(seed);
  return seed;
}
