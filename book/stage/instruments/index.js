// @ts-check
// The instruments of one demo: which of its recording is shown, and the panels that show it. Loaded when they are first needed.

import { button, el } from '../dom.js';
import { visibleLine } from '../visible.js';
import { inGuide } from './book.js';
import { createCandidates } from './candidates.js';
import { createCard } from './card.js';
import { createFaults } from './faults.js';
import { openRecording, recordingOf, saveDrawing, saveRecording } from './files.js';
import { createLadder } from './ladder.js';
import { modelOf } from './model.js';
import { createPlayer } from './player.js';
import { createStats } from './plots.js';
import { createSdp } from './sdp.js';
import { merge } from './shared/merge.js';
import { sharedRowsOf } from './shared/rows.js';
import { createSharing } from './shared/sharing.js';
import { createStates } from './states.js';
import { createTabs } from './tabs.js';

/** The panels are drawn anew at most this often, in ms … */
const REDRAW_INTERVAL = 100;
/** … and take no more than one in so many parts of the time, however much there is to draw. */
const DRAWING_PART = 10;
/** The client's own way to the signaling server: only the workshop server serves it. */
const SIGNALING = ['signaling.js', 'frames.js'].map(
  (name) => new URL(`../../code/quickconnect/js/${name}`, import.meta.url).href,
);

/** @returns {Promise<import('./shared/session.js').Signaling>} */
const loadSignaling = async () => Object.assign({}, ...(await Promise.all(SIGNALING.map((url) => import(url)))));

/** Statistics are asked for this often, in ms, while a panel shows them. */
const STATS_INTERVAL = 1_000;

/**
 * @typedef {object} Hooks
 * @property {string} name of the demo
 * @property {boolean} canMeet others, in a room
 * @property {HTMLElement} panels where the panels go
 * @property {HTMLElement} card where a diagnosis goes
 * @property {(line: number) => void} [online] the reader asks for a line of the code; a recording has none
 * @property {(line: number | undefined) => void} light a line is to be shown as belonging to what is chosen
 * @property {(listener: (line: number) => void) => void} oncursor calls with the line of the cursor when it moves
 * @property {(faults: import('./faults.js').Chosen[]) => void} setFaults what is to be broken on purpose from now on
 * @property {string} [recorded] the address of a recording of the book's: it is shown in place of a run
 * @property {() => void} askStats the frame's answers come to `onstats`
 */

/** @param {import('../recording.js').Recording} recording @param {Hooks} hooks */
export function mount(recording, hooks) {
  const { name, online, light } = hooks;
  let isShown = false;
  /** What was opened from a file stands in the place of the recording until the next run. @type {import('./files.js').Kept | undefined} */
  let opened;
  let { run } = recording;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let redrawTimer;
  let redrawInterval = REDRAW_INTERVAL;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let statsTimer;

  /** Of the file that is shown, or was not opened. */
  const said = el('span', { class: 'said', role: 'status' });
  const player = createPlayer(draw);
  const sharing = hooks.canMeet ? createSharing(recording, loadSignaling, redrawSoon) : undefined;
  const lines = { online, onrow: choose };
  const ladder = createLadder(lines);
  const states = createStates(lines);
  const candidates = createCandidates(lines);
  const sdp = createSdp(lines);
  const stats = createStats();
  const faults = createFaults(hooks.setFaults);
  if (online) createCard(hooks.card, recording, online);
  const tabs = createTabs(`Instruments of ${name}`, [
    panel(
      'Ladder',
      'Time runs down, in ms. A box is what somebody did, a rounded one a new state. An arrow went from one to the other; a thick one directly, over the connection itself.',
      [ladderBar(), ...(sharing ? [sharing.element] : []), ladder.element],
      { show: draw },
    ),
    panel(
      'States',
      'Each lane is one state over time. A lane that stands still while the others move shows where it hangs.',
      [states.element],
      { show: draw },
    ),
    panel(
      'Candidates',
      'At which addresses each side may be reached, and which pairs of them were tried. The sentence in bold is the verdict.',
      [candidates.element],
      { show: showStats, hide: hideStats },
    ),
    panel(
      'SDP',
      'What each side said of itself, line by line, with what it means. “≠” marks where the other of the two says something else.',
      [sdp.element],
      { show: draw },
    ),
    // A recording has no statistics, and nothing in it can be broken any more.
    ...(hooks.recorded
      ? []
      : [
          panel('Stats', 'What flows, and how well, asked once a second while this is open.', [stats.element], {
            show: showStats,
            hide: hideStats,
          }),
          panel(
            'Break it',
            'Choose what goes wrong, press Run, and look what becomes of it in the other panels. A card says how one can tell.',
            [faults.element],
          ),
        ]),
  ]);

  const position = el('span', { class: 'position', role: 'status' });
  const playButton = button('Replay at a tenth', () => (player.isPlaying ? player.pause() : player.play()));
  const slider = el('input', { type: 'range', min: '0', 'aria-label': 'Step of the recording' });
  slider.addEventListener('input', () => player.seek(Number(slider.value)));
  const playerBar = el(
    'div',
    { class: 'instruments-bar', role: 'group', 'aria-label': 'Recording' },
    button('Step back', () => player.step(-1)),
    button('Step', () => player.step(1)),
    playButton,
    ...(hooks.recorded ? [] : [button('Follow', follow)]),
    slider,
    position,
  );
  hooks.panels.replaceChildren(playerBar, tabs.element);
  hooks.oncursor((line) => isShown && choose(line));
  recording.watch(redrawSoon);
  if (hooks.recorded) openFromBook(hooks.recorded);

  /**
   * @param {string} title
   * @param {string} about what to look at, for who sees it for the first time
   * @param {HTMLElement[]} children
   * @param {{ show?: () => void, hide?: () => void }} [hooks]
   */
  function panel(title, about, children, hooks) {
    const more = el('a', { href: inGuide(title.toLowerCase().replace(' ', '-')) }, `More about “${title}”`);
    return { title, element: el('div', {}, el('p', { class: 'note' }, `${about} `, more), ...children), ...hooks };
  }

  /** Lights a line of the code and all that came from it. @param {number} line */
  function choose(line) {
    light(line);
    for (const panel of [ladder, states, candidates, sdp]) panel.light(line);
  }

  function redrawSoon() {
    if (redrawTimer !== undefined) return;
    redrawTimer = setTimeout(() => {
      redrawTimer = undefined;
      if (!isShown) return;
      const began = performance.now();
      draw();
      redrawInterval = Math.max(REDRAW_INTERVAL, (performance.now() - began) * DRAWING_PART);
    }, redrawInterval);
  }

  /** @param {string} url */
  async function openFromBook(url) {
    try {
      const answer = await fetch(url);
      opened = recordingOf(await answer.text(), url);
      draw();
    } catch {
      position.textContent = 'The recording did not load: is the server still there?';
    }
  }

  function showStats() {
    clearInterval(statsTimer);
    statsTimer = setInterval(hooks.askStats, STATS_INTERVAL);
    hooks.askStats();
    draw();
  }

  function hideStats() {
    clearInterval(statsTimer);
  }

  function follow() {
    opened = undefined;
    said.textContent = '';
    player.follow();
  }

  function draw() {
    if (recording.run !== run) {
      ({ run } = recording);
      opened = undefined;
      said.textContent = '';
      stats.clear();
    }
    const { events: all, lost, sides } = kept();
    player.take(merge(all, sides), opened ?? run);
    const { shown } = player;
    // The other panels have what others do not share.
    const events = sides.length > 0 ? shown.filter(({ peer }) => peer === undefined) : shown;
    const isLive = !opened && player.position === player.length;
    const { title } = tabs.chosen;
    if (title === 'Ladder') ladder.show(sharedRowsOf(shown, sides), lost);
    else if (title === 'SDP') sdp.show(modelOf(events));
    else if (title === 'Candidates') candidates.show(modelOf(events), isLive ? stats.newest() : new Map());
    else if (title === 'Stats') stats.draw();
    else if (title === 'States') states.show(modelOf(events), isLive ? recording.elapsed : (events.at(-1)?.at ?? 0));
    slider.max = String(player.length);
    slider.value = String(player.position);
    playButton.textContent = player.isPlaying ? 'Pause' : 'Replay at a tenth';
    position.textContent = `${opened ? 'From a file: ' : ''}event ${player.position} of ${player.length}${lost > 0 ? `, without ${lost} that are gone` : ''}`;
  }

  /** What is looked at: what was opened, or what runs here and what others share of it. @returns {import('./files.js').Kept} */
  function kept() {
    return opened ?? { events: recording.events, lost: recording.dropped, sides: sharing?.sides ?? [] };
  }

  function ladderBar() {
    const file = el('input', {
      type: 'file',
      accept: '.json,application/json',
      'aria-label': 'Open a saved recording',
      class: 'file',
    });
    file.addEventListener('change', async () => {
      const [chosen] = file.files ?? [];
      if (!chosen) return;
      try {
        opened = await openRecording(chosen);
        said.textContent = `${visibleLine(chosen.name)} is shown. Follow brings back what runs here.`;
        player.follow();
      } catch (error) {
        said.textContent = visibleLine(error instanceof Error ? error.message : String(error));
      }
      file.value = '';
    });
    return el(
      'div',
      { class: 'instruments-bar' },
      button('Smaller', () => ladder.zoomBy(0.8)),
      button('Larger', () => ladder.zoomBy(1.25)),
      button('Save as SVG', () => saveDrawing(name, ladder.drawing)),
      button('Save as JSON', () => saveRecording(name, kept())),
      el('label', { class: 'file-label' }, 'Open a saved one ', file),
      said,
    );
  }

  return {
    show() {
      isShown = true;
      tabs.show();
      sharing?.show();
    },
    hide() {
      isShown = false;
      sharing?.hide();
      player.pause();
      tabs.hide();
      light(undefined);
    },
    /** The demo is in this room; in none, if it is empty. @param {string} room */
    enter(room) {
      sharing?.enter(room);
    },
    /** @param {import('../stats.js').Stats} answer */
    onstats(answer) {
      stats.add(answer);
      redrawSoon();
    },
    /** Nothing is broken on purpose any more. */
    reset: faults.reset,
  };
}
