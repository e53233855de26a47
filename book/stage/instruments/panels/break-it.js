// @ts-check
// The “Break it” panel: which faults are injected, and with which amounts. The injection happens in the iframe (runner/tap/faults.js), that of
// “A bad line” at the server as well.
//
// May import: bad-line.js, ../../dom.js.

import { button, el } from '../../dom.js';
import { createBadLine } from './bad-line.js';

/** @typedef {{ name: string, label: string, least: number, most: number, step: number, value: number }} Amount `value` is the first one */
/** @typedef {{ name: string, label: string, options: Record<string, string>, value: string }} Choice */
/** @typedef {{ id: string, title: string, about: string, amounts?: (Amount | Choice)[] }} Fault */
/**
 * @typedef {object} Chosen a fault that is on
 * @property {string} id
 * @property {Record<string, number | string>} amounts
 * @property {import('../../line/line-settings.js').Settings} [line] how packets are to fare
 */

/** Has controls of its own (bad-line.js). */
const BAD_LINE = 'bad-line';

/** The faults, in the order of the panel. @type {Fault[]} */
export const FAULTS = [
  {
    id: BAD_LINE,
    title: 'A bad line',
    about:
      'Packets between two peers go through the server, which loses, delays and queues them. For connections that begin from now on.',
  },
  { id: 'hold-answer', title: 'Hold back the answer', about: 'It is delivered when you switch this off.' },
  { id: 'lose-offer', title: 'Lose the offer', about: 'Signaling swallows it.' },
  {
    id: 'lose',
    title: 'Lose some of the signaling',
    about: 'The same seed loses the same ones: the third candidate of a connection, say.',
    amounts: [
      { name: 'percent', label: 'How many, in %', least: 0, most: 100, step: 1, value: 50 },
      {
        name: 'of',
        label: 'Of',
        options: { all: 'everything', descriptions: 'descriptions', candidates: 'candidates' },
        value: 'all',
      },
      { name: 'seed', label: 'Seed', least: 0, most: 9_999, step: 1, value: 1 },
    ],
  },
  {
    id: 'slow',
    title: 'Slow signaling',
    about: 'Each description and candidate arrives late.',
    amounts: [{ name: 'seconds', label: 'Delay, in s', least: 0, most: 10, step: 0.1, value: 2 }],
  },
  {
    id: 'reorder',
    title: 'Reorder the signaling',
    about: 'So many descriptions and candidates, if they come within 0.3 s, arrive with the last one first.',
    amounts: [{ name: 'window', label: 'How many', least: 2, most: 20, step: 1, value: 3 }],
  },
  {
    id: 'answer-twice',
    title: 'Deliver the answer twice',
    about: 'As after an outage, when signaling says things again.',
  },
  {
    id: 'glare',
    title: 'Both sides offer at once',
    about: 'An offer of the other side arrives before its answer: glare.',
  },
  {
    id: 'early-candidates',
    title: 'Candidates overtake the description',
    about: 'Each description arrives 0.6 s late, candidates at once.',
  },
  {
    id: 'drop-one-way',
    title: 'Drop candidates, one way',
    about: 'None of the other side’s reaches this one (the first, when both are on this page).',
  },
  { id: 'drop-all', title: 'Drop all candidates', about: 'None gets through, either way.' },
  {
    id: 'relay-only',
    title: 'Only a relay may be used',
    about: 'No direct way is tried, as where UDP is closed. Takes effect with the next Run.',
  },
  { id: 'wrong-password', title: 'Wrong ICE password', about: 'Descriptions arrive with another a=ice-pwd.' },
  { id: 'server-away', title: 'The signaling server goes away', about: 'Sockets close, and none can be opened.' },
  { id: 'freeze', title: 'The other peer freezes', about: 'It stays connected, and nothing of what it says arrives.' },
];

/**
 * Creates the “Break it” panel.
 * @param {(faults: Chosen[]) => void} onchange
 * @param {() => Promise<import('../../line/server-lines.js').Lines | undefined> | undefined} linesOfRun
 */
export function createFaults(onchange, linesOfRun) {
  const line = createBadLine(() => isBadLine() && tell(), linesOfRun);
  const items = FAULTS.map(({ id, title, about, amounts = [] }) => {
    const box = el('input', { type: 'checkbox', value: id });
    const fields = amounts.map(createField);
    box.addEventListener('change', tell);
    for (const { control } of fields) control.addEventListener('change', () => box.checked && tell());
    const element = el(
      'div',
      { class: 'fault' },
      el('label', {}, box, el('span', {}, el('strong', {}, title), ` ${about}`)),
      ...(id === BAD_LINE ? [line.element] : []),
      ...(fields.length > 0
        ? [
            el(
              'div',
              { class: 'amounts', role: 'group', 'aria-label': title },
              ...fields.map(({ element: field }) => field),
            ),
          ]
        : []),
    );
    return { id, title, box, fields, element };
  });
  const isBadLine = () => items.some(({ id, box }) => id === BAD_LINE && box.checked);
  const said = el('p', { class: 'note', role: 'status' });
  const element = el(
    'div',
    {},
    el(
      'fieldset',
      { class: 'faults' },
      el('legend', {}, 'What is to go wrong, really, with the next Run and with what runs now'),
      ...items.map((item) => item.element),
    ),
    el(
      'div',
      { class: 'instruments-bar' },
      button('Mend everything', () => put([])),
      said,
    ),
  );

  function tell() {
    const on = items.filter(({ box }) => box.checked);
    line.showIf(isBadLine());
    const names = on.map(
      ({ title, fields }) =>
        `${title}${fields.length > 0 ? ` (${fields.map(({ words }) => words()).join(', ')})` : ''}`,
    );
    say(
      on.length === 0
        ? 'Nothing is broken on purpose.'
        : `Broken on purpose: ${names.join('; ')}. Run the demo again to see it from the beginning.`,
    );
    onchange(
      on.map(({ id, fields }) => ({
        id,
        amounts: Object.fromEntries(fields.map(({ name, value }) => [name, value()])),
        ...(id === BAD_LINE && { line: line.settings() }),
      })),
    );
  }

  /** Writing the same text again would make a screen reader repeat it, with each step of a slider. @param {string} sentence */
  function say(sentence) {
    if (said.textContent !== sentence) said.textContent = sentence;
  }

  /** Switches these on, and all others off. @param {Chosen[]} chosen */
  function put(chosen) {
    for (const { id, box, fields } of items) {
      const on = chosen.find((one) => one.id === id);
      box.checked = on !== undefined;
      for (const field of fields) field.put(on?.amounts[field.name]);
    }
    line.put(chosen.find(({ id }) => id === BAD_LINE)?.line);
    tell();
  }
  say('Nothing is broken on purpose.');

  return {
    title: 'Break it',
    about:
      'Choose what goes wrong, press Run, and look what becomes of it in the other panels. A card says how one can tell.',
    element,
    ask: () => isBadLine() && line.ask(),
    put,
  };
}

/** @param {Amount | Choice} field */
function createField(field) {
  const { name, label } = field;
  const control =
    'options' in field
      ? el('select', {}, ...Object.entries(field.options).map(([value, text]) => el('option', { value }, text)))
      : el('input', {
          type: 'number',
          min: String(field.least),
          max: String(field.most),
          step: String(field.step),
          required: '',
        });
  const put = (/** @type {number | string} */ value = field.value) => {
    control.value = String(value);
  };
  put();
  /** The value, corrected in the field as well if it is out of range or no number. */
  const value = () => {
    if ('options' in field) return control.value;
    const typed = control.value === '' ? Number.NaN : Number(control.value);
    const kept = Number.isFinite(typed)
      ? Math.min(field.most, Math.max(field.least, field.step === 1 ? Math.round(typed) : typed))
      : field.value;
    control.value = String(kept);
    return kept;
  };
  const words = () => `${label.toLowerCase()} ${'options' in field ? field.options[control.value] : value()}`;
  return { name, control, element: el('label', {}, `${label} `, control), value, words, put };
}
