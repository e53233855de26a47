// @ts-check
// The diagnosis card below a demo. It is shown while a run does not reach what it should.
//
// May import: table.js, ../diagnosis/, ../model/, ../../dom.js, ../../visible.js.

import { el } from '../../dom.js';
import { visibleLine } from '../../visible.js';
import { diagnose } from '../diagnosis/diagnosis.js';
import { FINDINGS } from '../diagnosis/findings.js';
import { modelOf } from '../model/model.js';
import { lineOf } from './table.js';

/** The time between two diagnoses of a run, in ms. */
const LOOK_INTERVAL = 1_000;
/** Findings that are shown. They come with causes first, so the others are likely consequences. */
const MAX_SHOWN = 3;

/**
 * What is found of audio and video, which is known once it is loaded.
 * @typedef {object} Media
 * @property {(model: import('../model/model.js').Model, now: number) => (import('../diagnosis/diagnosis.js').Finding | undefined)[]} find
 * @property {(id: string) => import('../diagnosis/findings.js').Explanation} explain what `find` has found
 */

/**
 * Shows the diagnosis of a run in an element, and keeps it up to date.
 * @param {HTMLElement} element
 * @param {import('../../recording.js').Recording} recording
 * @param {(line: number) => void} online
 * @param {Media} media
 */
export function createCard(element, recording, online, media) {
  let { run } = recording;
  /**
   * The findings that are shown, by id. Their elements are kept, so that reading one is not disturbed when others come.
   * @type {Map<string, ReturnType<typeof createFinding>>}
   */
  let shown = new Map();
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
    // The card was emptied when the run started.
    if (recording.run !== run) shown = new Map();
    ({ run } = recording);
    const { elapsed } = recording;
    const model = modelOf(recording.events);
    const findings = diagnose(model, elapsed, media.find(model, elapsed)).slice(0, MAX_SHOWN);
    // The tests read from this how long the run has been diagnosed.
    element.dataset.elapsed = String(Math.round(elapsed));
    const before = shown;
    shown = new Map(
      findings.map(({ id }) => [id, before.get(id) ?? createFinding(id, FINDINGS[id] ?? media.explain(id), online)]),
    );
    for (const [id, { article }] of before) if (!shown.has(id)) article.remove();
    findings.forEach((finding, i) => {
      const one = shown.get(finding.id);
      one?.tell(finding);
      // An element in the right place is not moved, because it would lose the focus.
      if (one && element.children[i] !== one.article) element.insertBefore(one.article, element.children[i] ?? null);
    });
  }
  // After a run its findings stay until the next one.
  if (recording.isRunning) look();
  lookWhileItRuns();
}

/** @param {string} id @param {import('../diagnosis/findings.js').Explanation} explanation @param {(line: number) => void} online */
function createFinding(id, { title, causes, fix, links }, online) {
  const evidence = el('p');
  const said = el('span');
  let told = '';
  const article = el(
    'article',
    { class: 'finding', 'data-finding': id, 'aria-label': title },
    el('p', { class: 'finding-title' }, `Diagnosis: ${title}`),
    evidence,
    el(
      'details',
      {},
      el('summary', {}, 'Usual causes, and what to do'),
      el('ol', {}, ...causes.map((cause) => el('li', {}, cause))),
      el('p', {}, el('strong', {}, 'What to do: '), fix),
      el(
        'p',
        {},
        ...links.flatMap(({ text, href }, i) => [
          i > 0 ? ' · ' : '',
          el('a', { href, ...(href.startsWith(location.origin) ? {} : { rel: 'noopener', target: '_blank' }) }, text),
        ]),
      ),
    ),
  );

  return {
    article,

    /** Shows the evidence. If only times and counts have changed, it is not announced again. @param {import('../diagnosis/diagnosis.js').Finding} finding */
    tell({ of, evidence: words, line }) {
      const text = `${of}: ${words}`;
      if (text === told) return;
      const isAnnounced = withoutNumbers(text) !== withoutNumbers(told);
      told = text;
      if (isAnnounced) evidence.removeAttribute('aria-live');
      else evidence.setAttribute('aria-live', 'off');
      said.replaceChildren(visibleLine(text));
      // The button may have the keyboard.
      if (!isAnnounced) return;
      const where = line ? [' ', lineOf(line, online)] : [];
      evidence.replaceChildren(el('strong', {}, 'How one can tell: '), said, ...where);
    },
  };
}

/** @param {string} text */
const withoutNumbers = (text) => text.replaceAll(/[\d.]+/g, '');
