// @ts-check
// Exercises: a `<div class="exercise" data-goals="agreeing/lost-answer">` holds a task, a demo, hints and a solution. This script loads the goals
// (`code/agreeing/lost-answer.goals.js`), shows them below the demo, ticks them while it runs, opens hints one by one, and applies the solution.
//
// May import: broken.js, judge.js, ../cards.js, ../dom.js, ../kept.js, ../instruments/model/model.js.

import { createEdits, editButton } from '../cards.js';
import { el } from '../dom.js';
import { modelOf } from '../instruments/model/model.js';
import { keep, kept, SOLVED } from '../kept.js';
import { faultsOf } from './broken.js';
import { createJudge, goalsOf } from './judge.js';

/** @typedef {import('../../../code/goals.js').Goal} Goal */
/** @typedef {import('../cards.js').Demo} Demo */
/** @typedef {import('../load-instruments.js').Fault} Fault */

/** A path below `code/`, without `.goals.js`. */
const NAME = /^[\w-]+(\/[\w-]+)+$/;
/** How often a run is looked at, in ms. */
const LOOK_EVERY = 250;
/** Lines of the console that goals are shown, the newest. */
const MAX_SAID = 500;
/** How often statistics are asked for, in ms, if the goals read them … */
const ASK_EVERY = 1_000;
/** … and how many answers they are shown, the newest. */
const MAX_READINGS = 300;
/** Seconds that a run has, if the exercise does not say, and at most. */
const SECONDS = { usual: 10, most: 120 };

/** Marks, and how they are read out. @type {Record<import('./judge.js').State, [mark: string, word: string]>} */
const MARKS = { open: ['○', 'not yet:'], met: ['✓', 'met:'], missed: ['✗', 'missed:'] };

/** @param {Demo[]} demos those of the page */
export function createExercises(demos) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.exercise'))) {
    const demo = demos.find(({ element }) => place.contains(element));
    if (!demo) continue;
    openHintsOneByOne(place);
    addSolution(place, demo);
    createExercise(place, demo);
  }
}

/** @param {HTMLElement} place */
function openHintsOneByOne(place) {
  const hints = /** @type {HTMLDetailsElement[]} */ ([...place.querySelectorAll('details.hint')]);
  hints.forEach((hint, i) => {
    hint.hidden = i > 0;
    hint.addEventListener('toggle', () => {
      const next = hints[i + 1];
      if (next && hint.open) next.hidden = false;
    });
  });
}

/** @param {HTMLElement} place @param {Demo} demo */
function addSolution(place, demo) {
  const solution = place.querySelector('details.solution');
  if (!solution) return;
  const button = editButton(solution, createEdits(demo));
  solution.querySelector('pre')?.after(el('div', { class: 'card-bar' }, button));
}

/** @param {HTMLElement} place @param {Demo} demo */
async function createExercise(place, demo) {
  const name = place.dataset.goals ?? '';
  const status = el('p', { role: 'status', class: 'goals-status' });
  const list = el('ul');
  const title = el('p', { class: 'goals-title' }, 'Goals');
  demo.element.after(el('div', { class: 'goals', role: 'group', 'aria-label': 'Goals' }, title, list, status));
  const { goals, seconds, faults, readsStats } = await load(name);
  if (goals.length === 0) {
    say('The goals of this exercise did not load: is the server still there? Load the page again.');
    return;
  }
  demo.preset(faults);
  if (faults.length > 0) goals.push(staysBroken(demo, faults));
  const items = goals.map(createItem);
  list.append(...items.map(({ element }) => element));
  say(
    kept(SOLVED).includes(name)
      ? 'You have solved this one. Run it again, if you like.'
      : 'Change the code, and run it.',
  );
  place.dataset.verdict = '';

  /** @type {ReturnType<typeof createJudge> | undefined} */
  let judge;
  /** @type {string[]} */
  let said = [];
  /** @type {import('../stats.js').Stats[]} */
  let readings = [];
  let askedAt = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  const { recording } = demo;
  let { run } = recording;
  /** Of the first so many events: many looks see nothing new. */
  let model = modelOf([]);
  let modelled = 0;

  demo.onentries((entries) => {
    said = [...said, ...entries.map(({ text }) => text)].slice(-MAX_SAID);
  });
  if (readsStats)
    demo.onstats((stats) => {
      readings = [...readings, stats].slice(-MAX_READINGS);
    });
  recording.watch(() => {
    if (recording.run !== run) begin();
    else if (!recording.isRunning && judge) end();
  });

  function begin() {
    ({ run } = recording);
    said = [];
    readings = [];
    model = modelOf([]);
    modelled = 0;
    judge = createJudge(goals, seconds * 1_000);
    clearInterval(timer);
    timer = setInterval(look, LOOK_EVERY);
    place.dataset.verdict = '';
    for (const item of items) item.show('open');
    say('Looking at what happens.');
  }

  function look() {
    if (!judge) return;
    if (readsStats && performance.now() - askedAt >= ASK_EVERY) {
      askedAt = performance.now();
      demo.askStats();
    }
    const { events, elapsed, total } = recording;
    if (total !== modelled) {
      model = modelOf(events);
      modelled = total;
    }
    const { states, isSolved, isOver } = judge.look({ model, events, said, readings, elapsed });
    states.forEach((state, i) => items[i].show(state));
    if (isSolved) {
      clearInterval(timer);
      keep(SOLVED, name, true);
      place.dataset.verdict = 'solved';
      say('Solved.');
    } else if (isOver) {
      place.dataset.verdict = 'missed';
      say('Not solved yet. What is missed says where to look.');
    }
  }

  /** The run was stopped: it is judged by what has happened. */
  function end() {
    clearInterval(timer);
    look();
    judge = undefined;
    if (place.dataset.verdict === '') say('Stopped before all goals were met.');
  }

  /** Writing the same text again would make a screen reader repeat it. @param {string} sentence */
  function say(sentence) {
    if (status.textContent !== sentence) status.textContent = sentence;
  }
}

/** @param {string} name @returns {Promise<{ goals: Goal[], seconds: number, faults: Fault[], readsStats: boolean }>} no goals, if they don't load */
async function load(name) {
  try {
    if (!NAME.test(name)) throw new TypeError(`${name} is no name of goals`);
    const { goals, seconds, faults, readsStats } = await import(
      new URL(`../../code/${name}.goals.js`, import.meta.url).href
    );
    const isTime = seconds > 0 && seconds <= SECONDS.most;
    return {
      goals: goalsOf(goals),
      seconds: isTime ? seconds : SECONDS.usual,
      faults: faultsOf(faults),
      readsStats: readsStats === true,
    };
  } catch {
    return { goals: [], seconds: SECONDS.usual, faults: [], readsStats: false };
  }
}

/** @param {Demo} demo @param {Fault[]} faults @returns {Goal} */
function staysBroken(demo, faults) {
  const isOn = (/** @type {Fault} */ { id, amounts }) =>
    demo.faults.some(
      (on) => on.id === id && Object.entries(amounts).every(([name, value]) => on.amounts[name] === value),
    );
  return {
    says: 'What this exercise breaks stays broken.',
    missed: 'Reset puts it back into Break it.',
    holds: () => faults.every(isOn),
  };
}

/** @param {Goal} goal */
function createItem({ says, missed }) {
  const mark = el('span', { class: 'goal-mark', role: 'img' });
  const advice = el('span', { class: 'goal-missed' });
  const element = el('li', { class: 'goal' }, mark, el('span', {}, says, advice));
  show('open');
  return { element, show };

  /** @param {import('./judge.js').State} state */
  function show(state) {
    if (element.dataset.state === state) return;
    element.dataset.state = state;
    const [shown, word] = MARKS[state];
    mark.textContent = shown;
    mark.setAttribute('aria-label', word);
    advice.textContent = state === 'missed' ? ` ${missed}` : '';
  }
}
