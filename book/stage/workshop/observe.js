// @ts-check
// Looks at what the reader does, for what is shared with the host: the page, the demo that runs or is in view, its last error, how its connections
// go, and which exercises are solved.
//
// May import: place-in-book.js, ways.js, ../kept.js, ../root.js.

import { kept, SOLVED } from '../kept.js';
import { endpoint } from '../root.js';
import { pageIn } from './place-in-book.js';
import { createWays, wayOf } from './ways.js';

/** How often a run is asked for its connections, in ms. */
const ASK_EVERY = 5_000;
/** The parts of a demo in view at which it is looked at again. */
const STEPS = [0, 0.25, 0.5, 0.75, 1];

/** @typedef {import('../cards.js').Demo} Demo */

/**
 * Watches the demos of the page.
 * @param {Demo[]} demos
 * @param {() => void} onchange something may be another now
 * @param {() => boolean} isTold whether anybody is told of it
 */
export function observe(demos, onchange, isTold) {
  /** Pixels of each demo that are in view. @type {Map<Element, number>} */
  const inView = new Map();
  /** Those that run, the last one last. @type {Set<Demo>} */
  const running = new Set();
  /** The last error of each run. @type {Map<Demo, string>} */
  const errors = new Map();
  /** How the connections of the demo go that started last. */
  const ways = createWays();

  /** The run that started last. */
  const current = () => [...running].at(-1);

  if (globalThis.IntersectionObserver) {
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting, intersectionRect } of entries)
          inView.set(target, isIntersecting ? intersectionRect.height : 0);
        onchange();
      },
      { threshold: STEPS },
    );
    for (const { element } of demos) observer.observe(element);
  }
  for (const demo of demos) watchRuns(demo);
  setInterval(askForWays, ASK_EVERY);
  for (const exercise of document.querySelectorAll('.exercise'))
    new MutationObserver(onchange).observe(exercise, { attributeFilter: ['data-verdict'] });
  addEventListener('storage', ({ key }) => key === SOLVED && onchange());

  function askForWays() {
    if (!isTold()) return;
    ways.ask();
    current()?.askStats();
    onchange();
  }

  /** @param {Demo} demo */
  function watchRuns(demo) {
    const { recording } = demo;
    let { run, isRunning } = recording;
    recording.watch(() => {
      if (recording.run === run && recording.isRunning === isRunning) return;
      ({ run, isRunning } = recording);
      running.delete(demo);
      ways.clear();
      if (isRunning) {
        errors.delete(demo);
        running.add(demo);
      }
      onchange();
    });
    demo.onentries((entries) => {
      const failed = entries.findLast(({ isUncaught }) => isUncaught);
      if (!failed) return;
      const { text, line, part } = failed;
      errors.set(demo, line ? `${text.split('\n', 1)[0]} (line ${line}${part && ` of ${part}`})` : text);
      onchange();
    });
    demo.onstats(({ on, reports }) => {
      if (demo !== current()) return;
      ways.take(on, wayOf(on, reports, recording.events));
      onchange();
    });
  }

  return {
    /** Whether a demo of this page runs. */
    get isRunning() {
      return running.size > 0;
    },

    /** What the reader does now. @returns {import('./seen.js').Seen} */
    get seen() {
      const [highest] = demos
        .filter(({ element }) => (inView.get(element) ?? 0) > 0)
        .sort((a, b) => (inView.get(b.element) ?? 0) - (inView.get(a.element) ?? 0));
      const demo = current() ?? highest;
      return {
        page: pageIn(endpoint(''), location.href),
        title: document.querySelector('main h1')?.textContent ?? document.title,
        demo: demo?.name,
        running: demo !== undefined && running.has(demo),
        error: demo && errors.get(demo),
        way: ways.longest,
        solved: kept(SOLVED),
      };
    },
  };
}
