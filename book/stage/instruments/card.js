// @ts-check
// The diagnosis card below a demo: there when a run doesn't reach what it should, and gone when it does.

import { button, el } from '../dom.js';
import { diagnose } from './diagnosis.js';
import { FINDINGS } from './findings.js';
import { modelOf } from './model.js';

/** A run is looked at this often, in ms. */
const LOOK_INTERVAL = 1_000;
/** More findings than this are not shown: the first are the roots. */
const MAX_SHOWN = 3;

/**
 * @param {HTMLElement} element
 * @param {import('../recording.js').Recording} recording
 * @param {(line: number) => void} online
 */
export function createCard(element, recording, online) {
  let shown = '';
  let ofRun = recording.events[0];
  element.setAttribute('role', 'status');
  element.setAttribute('aria-label', 'Diagnosis');
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  recording.watch(lookWhileItRuns);

  function lookWhileItRuns() {
    if (recording.isRunning) timer ??= setInterval(look, LOOK_INTERVAL);
    else {
      clearInterval(timer);
      timer = undefined;
    }
  }

  function look() {
    if (recording.events[0] !== ofRun) shown = '';
    ofRun = recording.events[0];
    const { elapsed } = recording;
    const findings = diagnose(modelOf(recording.events), elapsed).slice(0, MAX_SHOWN);
    // For how long the run has been looked at.
    element.dataset.elapsed = String(Math.round(elapsed));
    const signature = findings.map(({ id, of, evidence }) => id + of + evidence.replaceAll(/[\d.]+ m?s/g, '')).join();
    if (signature === shown) return;
    shown = signature;
    element.replaceChildren(...findings.map((finding) => describe(finding, online)));
  }
  // What a run left behind stays until the next one.
  if (recording.isRunning) look();
  lookWhileItRuns();
}

/** @param {import('./diagnosis.js').Finding} finding @param {(line: number) => void} online */
function describe({ id, of, evidence, line }, online) {
  const { title, causes, fix, links } = FINDINGS[id];
  const where = line ? [' ', button(`line ${line}`, () => online(line), { class: 'line', 'aria-label': `Go to line ${line}` })] : [];
  return el('article', { class: 'finding', 'data-finding': id },
    el('h4', {}, `Diagnosis: ${title}`),
    el('p', {}, el('strong', {}, 'How one can tell: '), `${of}. ${evidence}`, ...where),
    el('details', {}, el('summary', {}, 'Usual causes, and what to do'),
      el('ol', {}, ...causes.map((cause) => el('li', {}, cause))),
      el('p', {}, el('strong', {}, 'What to do: '), fix),
      el('p', {}, ...links.flatMap(({ text, href }, i) => [i > 0 ? ' · ' : '', el('a', { href, ...(href.startsWith(location.origin) ? {} : { rel: 'noopener', target: '_blank' }) }, text)]))));
}
