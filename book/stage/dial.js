// @ts-check
// A figure with a value that the reader can drag. A `<figure data-dial="Peers in the room" data-range="2 12 6">` gets a slider from 2 to 12, which begins at 6.
// Elements of its drawing and caption follow the value: in `data-terms="0 -0.5 0.5"` stand the terms of a polynomial, −n/2 + n²/2, whose result becomes their text; in
// `data-x` and `data-y` those of where they stand. What the caption says is what a screen reader hears of the value. Until the reader moves it, and without this script, the
// figure is as the book has it.
//
// May import: dom.js.

import { el, keepArrowKeys } from './dom.js';

/** Makes the dial of each figure of the page that has one. */
export function createDials() {
  for (const figure of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('figure[data-dial]')))
    createDial(figure);
}

/** @param {HTMLElement} figure */
function createDial(figure) {
  const [min, max, value, step = '1'] = (figure.dataset.range ?? '').split(' ');
  const slider = el('input', { type: 'range', min, max, step, value });
  const dial = el('label', { class: 'dial' }, el('span', {}, figure.dataset.dial ?? ''), slider);
  const says = figure.querySelector('.dial-says');
  const parts = /** @type {NodeListOf<HTMLElement | SVGElement>} */ (figure.querySelectorAll('[data-terms], [data-x]'));
  slider.addEventListener('input', show);
  keepArrowKeys(dial);
  figure.querySelector('.diagram')?.after(dial);
  tell();

  function show() {
    const at = slider.valueAsNumber;
    for (const part of parts) {
      const { terms, x, y } = part.dataset;
      if (terms !== undefined)
        part.textContent = resultOf(terms, at).toLocaleString('en', { maximumFractionDigits: 1 });
      else part.setAttribute('transform', `translate(${resultOf(x, at)} ${resultOf(y, at)})`);
    }
    tell();
  }

  function tell() {
    slider.setAttribute('aria-valuetext', says?.textContent?.replaceAll(/\s+/g, ' ').trim() ?? slider.value);
  }
}

/** @param {string | undefined} terms the constant first @param {number} at */
const resultOf = (terms = '0', at) =>
  terms.split(' ').reduce((sum, term, power) => sum + Number(term) * at ** power, 0);
