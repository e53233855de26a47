// @ts-check
// Plays a figure step by step. A `<figure class="playable">` has an SVG and a caption; their elements say in `data-step` to which step they belong.
// A click on one of them leads there, and the arrow keys turn steps while the keyboard is in the bar of the figure. Until the reader starts it, and
// wherever this script does not run, all of it is shown: the figure is complete. Along each `path.way` of a step a dot travels, unless the reader wants
// less motion. The figure has an event `step` for each step that is shown, whose detail is its number.
//
// May import: dom.js.

import { button, el, keepArrowKeys } from './dom.js';

/** How long a step stands while the figure plays, in ms: long enough to read its sentence. */
const STEP_TIME = 3_500;
/** How long a dot travels, in ms. */
const TRAVEL_TIME = 700;
/** Straight parts that the movement along a way consists of. */
const PARTS = 20;
/** The radius of a dot, in units of the figure. */
const RADIUS = 6;

const SVG = 'http://www.w3.org/2000/svg';
const lessMotion = matchMedia('(prefers-reduced-motion: reduce)');

/** Makes every playable figure of the page one that plays. */
export function createPlayers() {
  for (const figure of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('figure.playable')))
    createPlayer(figure);
}

/** @param {HTMLElement} figure */
function createPlayer(figure) {
  const parts = /** @type {(HTMLElement | SVGElement)[]} */ ([...figure.querySelectorAll('[data-step]')]);
  const last = Math.max(...parts.map(stepOf));
  /** The step that is shown; 0 for all of them. */
  let step = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Element[]} */
  let dots = [];

  const playButton = button('Play', () => (timer === undefined ? play() : pause()), { class: 'primary figure-play' });
  const state = el('p', { role: 'status', class: 'figure-state' });
  const bar = el(
    'div',
    { class: 'figure-bar', role: 'group', 'aria-label': 'Steps of the figure' },
    playButton,
    button('Back', () => turn(-1)),
    button('Next', () => turn(1)),
    state,
  );
  bar.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowLeft') turn(-1);
    if (key === 'ArrowRight') turn(1);
  });
  keepArrowKeys(bar);
  figure.addEventListener('click', ({ target }) => goTo(/** @type {Element} */ (target)));
  for (const kind of ['pointerover', 'pointerleave']) figure.addEventListener(kind, pointOut);
  figure.querySelector('figcaption')?.before(bar);
  show(0);

  function play() {
    show((step + 1) % (last + 1));
    playButton.textContent = 'Pause';
    timer = setTimeout(() => (step === last ? end() : play()), STEP_TIME);
  }

  function pause() {
    clearTimeout(timer);
    timer = undefined;
    playButton.textContent = 'Play';
  }

  function end() {
    pause();
    show(0);
  }

  /** @param {1 | -1} by */
  function turn(by) {
    pause();
    show((step + by + last + 1) % (last + 1));
  }

  /** Shows the step of a sentence, or of a part of the drawing. @param {Element} pressed */
  function goTo(pressed) {
    const part = /** @type {HTMLElement | SVGElement | null} */ (pressed.closest('[data-step]'));
    // Who follows a link, or selects words to copy them, wants no step.
    if (!part || pressed.closest('a') || getSelection()?.isCollapsed === false) return;
    pause();
    show(stepOf(part));
  }

  /** What a sentence is about stands out in the drawing while the mouse is on it: the others step aside. A finger never leaves. @param {Event} event */
  function pointOut(event) {
    const { type, target, pointerType } = /** @type {PointerEvent} */ (event);
    const pointed = pointerType === 'touch' ? null : /** @type {Element} */ (target).closest('li[data-step]');
    const sentence = type === 'pointerover' && pointed instanceof HTMLElement ? pointed : undefined;
    for (const part of parts)
      part.toggleAttribute('data-aside', sentence !== undefined && part.dataset.step !== sentence.dataset.step);
  }

  /** @param {number} next */
  function show(next) {
    step = next;
    for (const dot of dots) dot.remove();
    dots = [];
    for (const part of parts) {
      part.dataset.when = whenOf(stepOf(part), step);
      if (part instanceof HTMLElement)
        part.setAttribute('aria-current', part.dataset.when === 'now' ? 'step' : 'false');
    }
    const now = parts.filter((part) => part.dataset.when === 'now');
    const sentence = now.filter((part) => part instanceof HTMLElement).map(({ textContent }) => textContent);
    if (step === 0) state.textContent = `${last} steps`;
    else state.replaceChildren(`${step} of ${last}`, el('span', { class: 'unseen' }, `: ${sentence.join(' ')}`));
    if (!lessMotion.matches) now.forEach(travel);
    figure.dispatchEvent(new CustomEvent('step', { detail: step }));
  }

  /** Sends a dot along each way of a part, one after the other. @param {Element} part */
  function travel(part) {
    for (const [index, way] of /** @type {SVGPathElement[]} */ ([...part.querySelectorAll('.way')]).entries()) {
      const dot = document.createElementNS(SVG, 'circle');
      dot.setAttribute('class', 'traveller');
      dot.setAttribute('r', String(RADIUS));
      way.after(dot);
      dots.push(dot);
      dot.animate(placesAlong(way), { duration: TRAVEL_TIME, delay: index * TRAVEL_TIME });
    }
  }
}

/** @param {HTMLElement | SVGElement} part */
const stepOf = (part) => Number(part.dataset.step);

/** @param {number} own @param {number} shown */
function whenOf(own, shown) {
  if (shown === 0 || own < shown) return 'past';
  return own === shown ? 'now' : 'later';
}

/** @param {SVGPathElement} way */
const placesAlong = (way) =>
  Array.from({ length: PARTS + 1 }, (_, part) => {
    const { x, y } = way.getPointAtLength((way.getTotalLength() * part) / PARTS);
    return { opacity: 1, transform: `translate(${x}px, ${y}px)` };
  });
