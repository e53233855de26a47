// @ts-check
// The closed box of instruments below each demo. Their code is loaded when the box is first opened, or when a run is old enough to be diagnosed: most
// readers of a page need neither.
//
// May import: dom.js, instruments/mount.js, peer-names.js, recording.js.

import { el, loadStyle } from './dom.js';
import { NO_NAMES } from './peer-names.js';
import { createRecording } from './recording.js';

/** The age at which a run is diagnosed for the first time, in ms. */
const DIAGNOSE_AFTER = 3_000;
/** A recording of the book is opened here: one event has happened. */
const FIRST_EVENT = 1;
/** Of the panels, before they are shown. */
const STYLE = new URL('instruments/instruments.css', import.meta.url).href;

/** @typedef {import('./instruments/mount.js').Hooks} Hooks */
/** @typedef {import('./instruments/panels/break-it.js').Chosen} Fault what is broken on purpose, and how much */

/**
 * Instruments without a demo, for a recording that is part of the book. They open at its first event, when they come into sight; each step of the figure
 * that they stand in (figure.js) leads to the event that its sentence is about.
 * @param {HTMLElement} place names the file in `data-recording`, beside the page, and what it is in `data-name`; a sentence has its step in `data-step`, and
 * the number of events that have happened by then in `data-event`
 */
export function createRecorded(place) {
  const { recording = '', name = '' } = place.dataset;
  const nothing = () => undefined;
  const recorded = new URL(recording, document.baseURI).href;
  const instruments = createInstruments(name, {
    recorded,
    canMeet: false,
    light: nothing,
    oncursor: nothing,
    setFaults: nothing,
    askStats: nothing,
    lines: nothing,
    openLines: nothing,
    openLabs: () => [],
    nameOf: NO_NAMES,
  });
  const sight = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    sight.disconnect();
    instruments.open();
  });
  sight.observe(place);
  place.addEventListener('step', (event) => {
    const { detail } = /** @type {CustomEvent<number>} */ (event);
    const sentence = /** @type {HTMLElement | null} */ (place.querySelector(`[data-step='${detail}'][data-event]`));
    instruments.seek(Number(sentence?.dataset.event ?? FIRST_EVENT));
  });
  return el('div', { class: 'demo recorded', role: 'group', 'aria-label': name }, instruments.elements[1]);
}

/**
 * Creates the box of instruments of one demo.
 * @param {string} name of the demo
 * @param {Omit<Hooks, 'card' | 'panels' | 'name'>} hooks
 */
export function createInstruments(name, hooks) {
  const recording = createRecording();
  const card = el('div', { class: 'diagnosis' });
  const panels = el('div', { class: 'instruments-panels' });
  const broken = el('span', { class: 'broken' });
  const details = el('details', { class: 'instruments' }, el('summary', {}, 'Instruments', broken), panels);
  /** @type {Promise<ReturnType<typeof import('./instruments/mount.js').mount>> | undefined} */
  let loading;
  /** @type {Fault[]} */
  let faults = [];
  /** What is broken until the reader changes it. @type {Fault[]} */
  let given = [];
  /** The room that the demo is in, or was in last during this run. */
  let room = '';
  /** Where a recording of the book stands: how many of its events have happened. */
  let position = FIRST_EVENT;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const setFaults = (/** @type {Fault[]} */ chosen) => {
    faults = chosen;
    broken.textContent = chosen.length === 0 ? '' : ` ⚡ ${chosen.length} broken on purpose`;
    hooks.setFaults(chosen);
  };
  const load = () => {
    loading ??= Promise.all([import('./instruments/mount.js'), loadStyle(STYLE)]).then(
      ([{ mount }]) => {
        const instruments = mount(recording, { ...hooks, setFaults, name, card, panels });
        instruments.enter(room);
        if (given.length > 0) instruments.preset(given);
        instruments.seek(position);
        return instruments;
      },
      () => {
        loading = undefined;
        panels.textContent = 'The instruments did not load: is the server still there? Close this and open it again.';
        throw new Error('the instruments did not load');
      },
    );
    return loading;
  };
  details.addEventListener('toggle', () => {
    if (details.open)
      load().then(
        (instruments) => instruments.show(),
        () => {},
      );
    else
      loading?.then(
        (instruments) => instruments.hide(),
        () => {},
      );
  });

  /** Puts the faults back to how they were given: none, unless an exercise has set some. */
  function reset() {
    setFaults(given);
    loading?.then(
      (instruments) => instruments.preset(given),
      () => {},
    );
  }

  return {
    elements: [card, details],
    recording,
    /** The faults that are switched on. */
    get faults() {
      return faults;
    },

    /** @param {import('./stats.js').Stats} stats */
    onstats(stats) {
      loading?.then(
        (instruments) => instruments.onstats(stats),
        () => {},
      );
    },

    /**
     * The demo is in this room now. A demo that has left its room, as when the server is away, keeps sharing events with that room.
     * @param {string} name
     */
    enter(name) {
      if (!name || name === room) return;
      room = name;
      loading?.then(
        (instruments) => instruments.enter(room),
        () => {},
      );
    },

    open() {
      details.open = true;
    },

    /** Goes to a place in a recording of the book. @param {number} to how many of its events have happened */
    seek(to) {
      position = to;
      loading?.then(
        (instruments) => instruments.seek(to),
        () => {},
      );
    },

    /** Peers are called otherwise from now on. */
    renamed() {
      loading?.then(
        (instruments) => instruments.renamed(),
        () => {},
      );
    },

    start() {
      recording.start();
      card.replaceChildren();
      clearTimeout(timer);
      timer = setTimeout(() => load().catch(() => {}), DIAGNOSE_AFTER);
    },
    stop() {
      clearTimeout(timer);
      recording.stop();
      room = '';
      loading?.then(
        (instruments) => instruments.enter(room),
        () => {},
      );
    },
    reset,
    /** Switches these faults on, now and after each reset. @param {Fault[]} faults */
    preset(faults) {
      given = faults;
      reset();
    },
  };
}
