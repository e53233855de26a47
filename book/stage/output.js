// @ts-check
// The place of a run's frame. While the frame has a picture, and the reader is at the console or the instruments below it, the picture is kept in sight: small,
// in the corner above what is read. Nothing else moves: the place keeps its size, and the frame its layout. The reader can put it away, for all demos of the page.
//
// A browser gives frames that are out of sight no animation frames, and their videos no callbacks, so this also keeps what a demo measures going.
//
// May import: dom.js, small-view.js.

import { button, el } from './dom.js';
import { smallView } from './small-view.js';

/** The reader has put the picture of a demo of this page away. */
let isAway = false;

/**
 * @param {string} name of the demo
 * @param {Element} below what stands right below the frame
 * @param {() => void} onaway the reader has put the picture away, by a button that is gone now
 */
export function createOutput(name, below, onaway) {
  const away = button('Put away', putAway, { 'aria-label': `Put away the picture of ${name}` });
  const view = el('div', { class: 'demo-view' }, away);
  const element = el('div', { class: 'demo-output' }, view);
  /** @type {HTMLIFrameElement | undefined} */
  let frame;
  /** @type {import('./iframe.js').Box | undefined} */
  let picture;
  /** The keyboard has gone into the frame while it was small: what it reaches there has to be seen. */
  let isVisited = false;
  const sizes = globalThis.ResizeObserver && new ResizeObserver(look);
  /** @type {AbortController | undefined} */
  let looking;

  function look() {
    if (!frame || !picture || isAway || isVisited) return rest();
    element.classList.add('kept');
    const small = smallView(picture, {
      width: frame.offsetWidth,
      height: frame.offsetHeight,
      bar: away.offsetHeight,
      window: innerHeight,
    });
    if (!small) return rest();
    view.style.inlineSize = `${small.width}px`;
    view.style.blockSize = `${small.height}px`;
    // So much of the place goes out of sight before the rest sticks (layout.css).
    element.style.setProperty('--output-passed', `${frame.offsetHeight - small.height}px`);
    const sticks = element.getBoundingClientRect().bottom > below.getBoundingClientRect().top + 1;
    element.classList.toggle('small', sticks);
    frame.style.transform = sticks ? small.transform : '';
    frame.style.clipPath = sticks ? small.clip : '';
  }

  /** The frame is shown in its place, wherever the reader is. */
  function rest() {
    element.classList.remove('kept', 'small');
    if (frame) frame.style.transform = frame.style.clipPath = '';
  }

  function putAway() {
    isAway = true;
    rest();
    onaway();
  }

  function listen() {
    looking = new AbortController();
    const { signal } = looking;
    // What scrolls is the window, or a box of the demo, whose events reach the window only on their way down.
    addEventListener('scroll', look, { capture: true, passive: true, signal });
    addEventListener('resize', look, { signal });
    // The document says who has the keyboard only after this event.
    addEventListener('blur', () => setTimeout(visit), { signal });
    addEventListener(
      'focus',
      () => {
        isVisited = false;
        look();
      },
      { signal },
    );
    if (frame) sizes?.observe(frame);
  }

  function visit() {
    if (!frame || document.activeElement !== frame || !element.classList.contains('small')) return;
    isVisited = true;
    rest();
    frame.scrollIntoView({ block: 'nearest' });
  }

  return {
    element,

    /** A run begins: its frame is put into the page. @param {HTMLIFrameElement} started */
    show(started) {
      frame = started;
      element.prepend(started);
    },

    /** @param {import('./iframe.js').Box | undefined} box where the picture is in the frame from now on; undefined if there is none */
    place(box) {
      picture = box;
      if (box && !looking) listen();
      look();
    },

    /** The run has ended. */
    clear() {
      looking?.abort();
      looking = undefined;
      sizes?.disconnect();
      rest();
      frame = picture = undefined;
      isVisited = false;
    },
  };
}
