// @ts-check
// The control for stand-in devices, in the bar of a demo that asks for them (runner/devices/ is what they are). Loaded where there is such a demo.
//
// May import: dom.js.

import { el } from './dom.js';

/** How the devices can be, and what the reader reads of it. */
const STATES = {
  working: 'working',
  denied: 'denied: the answer is no',
  busy: 'busy: another program has them',
  none: 'none is there',
  unplugged: 'unplugged, 3 s after they are given',
  each: 'denied, busy, none in turn, then working',
};

/**
 * Fills the place of the control.
 * @param {HTMLElement} place
 * @param {string} chosen how they are at first
 * @param {(state: string) => void} onchange
 */
export function createDevicesChoice(place, chosen, onchange) {
  const options = Object.entries(STATES).map(([state, words]) => el('option', { value: state }, words));
  // On the control itself, a screen reader says it too.
  const what = 'In this demo, a test card and a voice stand in for cameras and microphones. Nothing of yours is used.';
  const select = el('select', { title: what }, ...options);
  select.value = chosen;
  select.addEventListener('change', () => onchange(select.value));
  place.append(el('label', {}, 'Stand-in devices', select));
}
