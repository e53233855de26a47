// @ts-check
// What the host does for all at once: pairs, a page, a message, a timer.
//
// May import: bring-tool.js, host-requests.js, ../dom.js.

import { button, el } from '../dom.js';
import { createBringTool } from './bring-tool.js';
import {
  endTimer,
  MAX_LABEL,
  MAX_MINUTES,
  MAX_SAID,
  pairEveryone,
  reachAll,
  reshuffle,
  say,
  timer,
} from './host-requests.js';

/** Minutes that a timer often has. */
const PRESETS = ['1', '3', '5', '10', '15', '30'];

/** @typedef {import('./host-requests.js').HostRequest} HostRequest */

/**
 * @param {(request: HostRequest) => boolean} act whether it was sent
 * @param {(opener: HTMLElement, question: import('./host-dialog.js').Question, request: HostRequest) => void} confirm acts if the host agrees
 */
export function createHostTools(act, confirm) {
  return el(
    'div',
    { class: 'host-tools' },
    createPairing(act, confirm),
    createBringTool(act),
    createSaying(act),
    createTiming(act),
  );
}

/** @param {(request: HostRequest) => boolean} act @param {Parameters<typeof createHostTools>[1]} confirm */
function createPairing(act, confirm) {
  const size = el('select', {}, el('option', { value: '2' }, 'twos'), el('option', { value: '3' }, 'threes'));
  const shuffle = button('Reshuffle', () => {
    const words = 'Everybody who is here gets somebody new, and leaves the pair that they have. What runs in it ends.';
    confirm(shuffle, { title: 'Reshuffle all pairs?', words, action: 'Reshuffle' }, reshuffle(size.value));
  });
  return el(
    'div',
    { class: 'host-bar', role: 'group', 'aria-label': 'Pairs' },
    button('Pair everyone', () => act(pairEveryone(size.value)), { class: 'primary' }),
    el('label', {}, 'in ', size),
    shuffle,
    button('Who reaches whom', () => act(reachAll())),
  );
}

/** @param {(request: HostRequest) => boolean} act */
function createSaying(act) {
  const text = el('textarea', { rows: '2', maxlength: String(2 * MAX_SAID), 'data-tool': 'message' });
  const body = el(
    'div',
    { class: 'host-bar' },
    el('label', { class: 'host-wide' }, 'Message ', text),
    button('Send to everyone', send),
  );
  return el('details', { class: 'host-tool' }, el('summary', {}, 'A message'), body);

  function send() {
    if (act(say(text.value))) text.value = '';
  }
}

/** @param {(request: HostRequest) => boolean} act */
function createTiming(act) {
  const minutes = el('input', {
    type: 'number',
    min: '1',
    max: String(MAX_MINUTES),
    value: '5',
    'data-tool': 'minutes',
  });
  const label = el('input', { type: 'text', maxlength: String(MAX_LABEL), 'data-tool': 'label', autocomplete: 'off' });
  const presets = PRESETS.map((preset) =>
    button(`${preset} min`, () => {
      minutes.value = preset;
      start();
    }),
  );
  const body = el(
    'div',
    { class: 'host-bar' },
    el('label', {}, 'What for ', label),
    el('span', { class: 'host-bar', role: 'group', 'aria-label': 'Start at once' }, ...presets),
    el('label', {}, 'Minutes ', minutes),
    button('Start', start),
    button('Take it away', () => act(endTimer())),
  );
  return el('details', { class: 'host-tool' }, el('summary', {}, 'A timer'), body);

  function start() {
    act(timer(minutes.value, label.value));
  }
}
