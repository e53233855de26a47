// @ts-check
// The diagnosis card below a demo: there when a run doesn't reach what it should, and gone when it does.

import { el } from '../../dom.js';
import { visibleLine } from '../../visible.js';
import { diagnose } from '../diagnosis/diagnosis.js';
import { FINDINGS } from '../diagnosis/findings.js';
import { modelOf } from '../model/model.js';
import { lineOf } from './table.js';

/** A run is looked at this often, in ms. */
const LOOK_INTERVAL = 1_000;
/** More findings than this are not shown: the first are the roots. */
const MAX_SHOWN = 3;

/**
 * @param {HTMLElement} element
 * @param {import('../../recording.js').Recording} recording
 * @param {(line: number) => void} online
 */
export function createCard(element, recording, online) {
  let { run } = recording;
  /** What is shown, by the id of the finding: whoever reads it is not disturbed when there is more to say. @type {Map<string, ReturnType<typeof createFinding>>} */
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
    // Of the run before, nothing is left in the card.
    if (recording.run !== run) shown = new Map();
    ({ run } = recording);
    const { elapsed } = recording;
    const findings = diagnose(modelOf(recording.events), elapsed).slice(0, MAX_SHOWN);
    // For how long the run has been looked at.
    element.dataset.elapsed = String(Math.round(elapsed));
    const before = shown;
    shown = new Map(findings.map(({ id }) => [id, before.get(id) ?? createFinding(id, online)]));
    for (const [id, { article }] of before) if (!shown.has(id)) article.remove();
    findings.forEach((finding, i) => {
      const one = shown.get(finding.id);
      one?.tell(finding);
      // What stands where it should is left there: to move it would take the keyboard from it.
      if (one && element.children[i] !== one.article) element.insertBefore(one.article, element.children[i] ?? null);
    });
  }
  // What a run left behind stays until the next one.
  if (recording.isRunning) look();
  lookWhileItRuns();
}

/** @param {string} id @param {(line: number) => void} online */
function createFinding(id, online) {
  const { title, causes, fix, links } = FINDINGS[id];
  const evidence = el('p');
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

    /** How one can tell. Times that only go on are not told again. @param {import('../diagnosis/diagnosis.js').Finding} finding */
    tell({ of, evidence: words, line }) {
      const signature = of + words.replaceAll(/[\d.]+ m?s/g, '');
      if (signature === told) return;
      told = signature;
      const where = line ? [' ', lineOf(line, online)] : [];
      evidence.replaceChildren(el('strong', {}, 'How one can tell: '), visibleLine(`${of}: ${words}`), ...where);
    },
  };
}
