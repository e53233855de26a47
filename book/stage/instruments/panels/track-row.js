// @ts-check
// One track of the “Media” panel: its chain, its facts, and why its quality is limited. All of it has its place from the beginning, so that nothing moves when
// numbers come.
//
// May import: table.js, ../drawing/, ../model/, ../../dom.js, ../../put-text.js, ../../visible.js.

import { el } from '../../dom.js';
import { label, put } from '../../put-text.js';
import { visibleLine } from '../../visible.js';
import { createSparkLine } from '../drawing/spark-line.js';
import { factsOf, limitsInWords, limitsOf, reasonInWords } from '../model/facts.js';
import { lineOf } from './table.js';

/** Parts of the lane that are drawn, the newest. */
const MAX_PARTS = 40;

/** The signs of links: what does not move is told by sign and word, and by colour only besides. */
const SIGNS = { moves: '▸', still: '■', other: '·' };

/** @typedef {import('../model/chains.js').Chain} Chain */
/** @typedef {import('../model/links.js').Link} Link */

/** The number of a link, as it is written; empty if there is none. @param {number | null | undefined} value */
export const write = (value) =>
  value === null || value === undefined
    ? ''
    : value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });

/** Creates the row of a track. @param {Chain} chain @param {(line: number) => void} [online] */
export function createTrackRow(chain, online) {
  const { kind } = chain;
  const line = lineIn(chain);
  const title = el('span');
  const links = chain.links.map(createLink);
  const facts = factsOf(chain).map(({ name }) => ({ name: el('dt', {}, name), text: el('dd') }));
  const lane = el('div', { class: 'media-lane', 'aria-hidden': 'true' });
  const limits = el('p', { class: 'media-limits' });
  const element = el(
    'div',
    { class: 'media-track', role: 'group' },
    el('p', { class: 'media-title' }, title, ...(line === undefined ? [] : [' ', lineOf(line, online)])),
    el('ol', { class: 'media-chain' }, ...links.map((link) => link.element)),
    el('dl', { class: 'facts media-facts' }, ...facts.map(({ name, text }) => el('div', {}, name, text))),
    ...(kind === 'video' ? [lane, limits] : []),
  );
  /** What the lane shows. */
  let drawn = '';

  return {
    element,
    line,

    /** @param {Chain} now */
    draw(now) {
      const name = visibleLine(now.title);
      put(title, name);
      label(element, name);
      element.classList.toggle('over', now.isOver);
      now.links.forEach((link, i) => links[i]?.draw(link));
      factsOf(now).forEach(({ text }, i) => facts[i] && put(facts[i].text, visibleLine(text)));
      if (kind === 'video') drawLimits(now);
    },
  };

  /** @param {Chain} now */
  function drawLimits(now) {
    const all = limitsOf(now);
    put(limits, visibleLine(limitsInWords(all)));
    const parts = all.filter(({ time }) => time > 0).slice(-MAX_PARTS);
    const words = parts.map(({ reason, time }) => `${reason} ${Math.round(time)}`).join();
    if (words === drawn) return;
    drawn = words;
    lane.replaceChildren(
      ...parts.map(({ reason, time }) => {
        const part = el(
          'span',
          { 'data-reason': reason === 'none' ? 'none' : 'some' },
          visibleLine(reasonInWords(reason)),
        );
        part.style.flexGrow = String(Math.round(time));
        return part;
      }),
    );
  }
}

/** The line of the code from which a track comes. @param {Chain} chain */
const lineIn = ({ out, in: end, elements }) => out?.track?.line ?? end?.track?.line ?? elements[0]?.line;

/** @param {Link} link */
function createLink({ name }) {
  const number = el('span', { class: 'media-number' });
  const unit = el('span', { class: 'media-unit' });
  const sign = el('span', { 'aria-hidden': 'true' });
  const said = el('span');
  const mark = el('span', { class: 'media-mark' }, sign, ' ', said);
  const spark = createSparkLine();
  const element = el(
    'li',
    { class: 'media-link' },
    el('span', { class: 'media-name' }, name),
    number,
    unit,
    mark,
    spark.element,
  );

  return {
    element,

    /** @param {Link} link */
    draw({ tone, word, unit: of, values, freezes }) {
      const value = write(values[values.length - 1]);
      element.dataset.tone = tone;
      put(number, value || '–');
      put(unit, of);
      put(sign, SIGNS[tone]);
      put(said, visibleLine(word));
      spark.draw(values, freezes);
    },
  };
}
