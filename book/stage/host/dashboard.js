// @ts-check
// The dashboard: puts the latest view of the server into its parts, at most once in a frame of the screen, and says in one sentence what has changed.
//
// May import: attendee-list.js, attendee-rows.js, host-dialog.js, host-requests.js, host-summary.js, host-tools.js, list-filter.js, other-device.js,
// pair-list.js, pair-rows.js, presence-grace.js, present.js, projector.js, reach-table.js, ../dom.js, ../durations.js, ../put-text.js, ../speaker.js.

import { button, el, keepArrowKeys } from '../dom.js';
import { createAttendeeList } from './attendee-list.js';
import { attendeeRows } from './attendee-rows.js';
import { clockOf } from '../durations.js';
import { askHost } from './host-dialog.js';
import { lock, lowerHand, MAX_NAME, pairChosen, remove, rename, split } from './host-requests.js';
import { countsOf, figuresOf, noTlsWords, summaryOf } from './host-summary.js';
import { createHostTools } from './host-tools.js';
import { createListFilter } from './list-filter.js';
import { canInvite, inviteDevice } from './other-device.js';
import { createPairList } from './pair-list.js';
import { pairRows } from './pair-rows.js';
import { createPresence } from './presence-grace.js';
import { createPresent } from './present.js';
import { createProjector, isProjectorKey } from './projector.js';
import { put } from '../put-text.js';
import { createReachTable } from './reach-table.js';
import { createPace, createSpeaker } from '../speaker.js';

/** How often times are written anew, in ms. */
const TICK = 1_000;
/** How often the sentence about the room is said to screen readers, in ms, at most. What is seen is always that of now. */
const POLITE = 15_000;
/** Where letters are typed, or chosen by. */
const FIELDS = 'input:not([type=checkbox]), textarea, select';

/** @typedef {import('./host-view.js').View} View */
/** @typedef {import('./host-requests.js').HostRequest} HostRequest */

/**
 * @param {object} hooks
 * @param {(message: Record<string, unknown>) => boolean} hooks.send whether it could be sent
 * @param {() => void} hooks.leave ends the session
 */
export function createDashboard({ send, leave }) {
  /** @type {View} */
  let view = { attendees: [], pairs: [], noTls: 0, timer: undefined, reach: undefined };
  let viewedAt = performance.now();
  const pace = createPace(POLITE);
  const presence = createPresence();
  /** Ids of attendees. @type {Set<string>} */
  const chosen = new Set();
  const ending = new AbortController();
  let frame = 0;
  let isPressed = false;
  /** What had the keyboard before the projector's view. @type {HTMLElement | undefined} */
  let before;

  const remark = el('span', { class: 'host-remark', role: 'status' });
  const summary = el('span', { class: 'host-summary' });
  const status = el('p', { class: 'host-status' }, remark, ' ', summary);
  const speaker = createSpeaker();
  const noTls = el('p', { class: 'host-no-tls', hidden: '' });
  const timer = el('p', { class: 'host-timer', role: 'timer', hidden: '' });
  const projector = createProjector(() => {
    dashboard.style.visibility = '';
    // What had it may be gone by now.
    (before?.isConnected ? before : toggle).focus();
  });
  const toggle = button('Projector view (P)', openProjector);
  const device = button('Open on another device', () => inviteDevice(device), { 'aria-haspopup': 'dialog' });
  device.hidden = !canInvite(location.hostname);
  const attendees = createAttendeeList(
    {
      rename: (row, opener) => {
        const field = { label: 'Name', value: row.name, maxLength: MAX_NAME };
        const question = { title: `Rename ${row.name}`, words: '', action: 'Rename', field };
        askHost(opener, attendees.element, question, (text) => problemOf(rename(row, text, view.attendees)));
      },
      remove: (row, opener) => {
        const words = 'The others of the pair stay in it. A call between them ends.';
        confirm(opener, { title: `Take ${row.name} out of the pair?`, words, action: 'Take out' }, remove(row));
      },
      lowerHand: (row) => act(lowerHand(row)),
    },
    (id, isChosen) => {
      if (isChosen) chosen.add(id);
      else chosen.delete(id);
      schedule();
    },
  );
  const pairs = createPairList({
    lock: ({ name, locked }) => act(lock(name, !locked)),
    split: ({ name }, opener) => {
      const words = 'Its members are without a pair then, and their call ends.';
      confirm(opener, { title: `Split ${name}?`, words, action: 'Split' }, split(name));
    },
  });
  const filter = createListFilter(schedule, pairThem, chooseNone);
  const nobody = el('p', { class: 'host-nobody' });
  const reach = createReachTable();
  const present = createPresent({ act, say, onchange: schedule }, ending.signal);
  const noPair = el('p', { class: 'host-nobody' }, 'There is no pair.');
  const dashboard = el(
    'div',
    { class: 'host' },
    status,
    speaker.element,
    noTls,
    timer,
    el(
      'div',
      { class: 'host-bar', role: 'group', 'aria-label': 'This page' },
      toggle,
      device,
      button('End this session', leave),
    ),
    createHostTools(act, confirm),
    present.element,
    section('Attendees', filter.element, attendees.element, nobody),
    section('Pairs', pairs.element, noPair),
    reach.element,
  );
  keepArrowKeys(dashboard);
  document.addEventListener('keydown', onkey, { signal: ending.signal });
  // A row that moves between press and release would not be clicked.
  attendees.element.addEventListener('pointerdown', (event) => {
    isPressed = event.button === 0;
  });
  for (const name of ['pointerup', 'pointercancel']) addEventListener(name, release, { signal: ending.signal });
  const ticking = setInterval(schedule, TICK);
  // A row that was kept for the keyboard may go when that has left it.
  attendees.element.addEventListener('focusout', schedule);

  return {
    elements: [dashboard, projector.element],

    /** @param {View} latest */
    show(latest) {
      view = latest;
      viewedAt = performance.now();
      presence.see(view, viewedAt);
      const known = new Set(view.attendees.map(({ id }) => id));
      for (const id of chosen) if (!known.has(id)) chosen.delete(id);
      schedule();
    },

    say,

    /** Takes everything away. */
    end() {
      ending.abort();
      clearInterval(ticking);
      cancelAnimationFrame(frame);
      if (projector.isOpen) projector.close();
      for (const open of document.querySelectorAll('.host-dialog')) open.remove();
      dashboard.remove();
      projector.element.remove();
    },
  };

  function schedule() {
    if (ending.signal.aborted || isPressed) return;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
  }

  function draw() {
    const now = performance.now();
    const room = presence.smooth(view, now);
    const counts = countsOf(room);
    const since = now - viewedAt;
    showTimer(since);
    projector.show(figuresOf(counts, present.countOn(room.attendees)));
    present.show(room.attendees);
    put(noTls, noTlsWords(view.noTls));
    noTls.hidden = view.noTls === 0;
    put(summary, summaryOf(counts));
    if (pace.isDue(summaryOf(counts), now)) speaker.say(summaryOf(counts));
    const rows = attendeeRows(room, { filter: filter.chosen, kept: attendees.focused, since });
    attendees.show(rows, chosen);
    put(nobody, rows.length > 0 ? '' : view.attendees.length > 0 ? 'Nobody of this kind.' : 'Nobody has come yet.');
    nobody.hidden = rows.length > 0;
    filter.show(view.attendees.filter(({ id }) => chosen.has(id)).map(({ name }) => name));
    pairs.show(pairRows(room));
    noPair.hidden = view.pairs.length > 0;
    const names = new Map(view.attendees.map(({ id, name }) => [id, name]));
    reach.show(view.reach, (id) => names.get(id) ?? 'somebody who left');
  }

  /** @param {string} words stands until something else is said */
  function say(words) {
    put(remark, words);
  }

  /** @param {number} since how old the view is, in ms */
  function showTimer(since) {
    const shown = view.timer && { label: view.timer.label, clock: clockOf(view.timer.remaining - since) };
    projector.showTimer(shown);
    put(timer, shown ? [shown.label, shown.clock].filter(Boolean).join(': ') : '');
    timer.hidden = !shown;
  }

  /** Sends what is sound, and says how it went. @param {HostRequest} request */
  function act(request) {
    const problem = problemOf(request);
    if (problem) put(remark, problem);
    return problem === '';
  }

  /** The same; returns what kept it from being sent. @param {HostRequest} request */
  function problemOf(request) {
    if ('problem' in request) return request.problem;
    if (!send(request.message)) return 'That was not sent: there is no connection to the server. Try again.';
    put(remark, request.says);
    return '';
  }

  /** @param {HTMLElement} opener @param {import('./host-dialog.js').Question} question @param {HostRequest} request */
  function confirm(opener, question, request) {
    askHost(opener, attendees.element, question, () => problemOf(request));
  }

  function pairThem() {
    if (act(pairChosen([...chosen]))) chooseNone();
  }

  function chooseNone() {
    chosen.clear();
    schedule();
  }

  function release() {
    isPressed = false;
    // The click comes after this.
    setTimeout(schedule);
  }

  function openProjector() {
    const { activeElement } = document;
    before = activeElement instanceof HTMLElement && dashboard.contains(activeElement) ? activeElement : undefined;
    // What is behind it is not to be seen for a moment either, and keeps its place.
    dashboard.style.visibility = 'hidden';
    projector.open();
  }

  /** @param {KeyboardEvent} event */
  function onkey(event) {
    const target = /** @type {Element} */ (event.target);
    if (isProjectorKey(event) && !target.closest?.(FIELDS) && !document.querySelector('dialog:modal')) openProjector();
  }
}

/** @param {string} title @param {...HTMLElement} children */
function section(title, ...children) {
  return el('section', { 'aria-label': title }, el('h2', {}, title), ...children);
}
