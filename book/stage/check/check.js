// @ts-check
// The page *Check this device*: what works from here, and what to do where it does not. A `<div class="device-check">` has a list of what is checked; this
// script adds buttons, and puts state and finding into its items. Nothing is checked before a button is pressed. Layout:
//   check-rows.js       the items
//   check-list.js       which checks there are, in which order
//   check-run.js        makes them; within.js bounds each, and ends what it has started
//   device-checks.js, server-checks.js, media-check.js   the checks
//   connections.js      connections that a check makes; given-servers.js the servers that they use
//   outcome.js          what a check has found; check-report.js says it of all of them
// In a workshop, ../workshop/checked.js sends it to the host when the reader asks for that.
//
// May import: check-list.js, check-report.js, check-rows.js, check-run.js, ../clipboard.js, ../dom.js,
// ../workshop/workshop.js.

import { copy } from '../clipboard.js';
import { button, el, keepArrowKeys } from '../dom.js';
import { createChecks, MEDIA } from './check-list.js';
import { summaryOf, textOf } from './check-report.js';
import { createRows } from './check-rows.js';
import { runCheck, runChecks } from './check-run.js';

/** Only a workshop has a host: its server says so in each page. */
const WORKSHOP = 'meta[name="guidebook-workshop"]';

/** Adds what checks this device to each place for it. */
export function createDeviceChecks() {
  for (const place of document.querySelectorAll('.device-check')) createDeviceCheck(place);
}

/** @param {Element} place */
function createDeviceCheck(place) {
  const rows = createRows(place);
  /** What runs: all checks but that of camera and microphone, and this one. @type {Record<'all' | 'media', AbortController>} */
  const runs = { all: new AbortController(), media: new AbortController() };
  let sentence = '';
  const checkButton = button('Check', checkAll, { class: 'primary' });
  const status = el('p', { role: 'status', class: 'check-status' });
  const bar = el(
    'div',
    { class: 'card-bar check-bar', role: 'group', 'aria-label': 'Checks of this device' },
    checkButton,
    button('Check camera and microphone', checkMedia),
    button('Copy the result', copyResult),
  );
  if (document.querySelector(WORKSHOP)) bar.append(button('Show the host', showHost));
  // Leaving the page would end what runs.
  keepArrowKeys(bar);
  addEventListener('pagehide', leave);
  place.prepend(bar, status);

  async function checkAll() {
    const { signal } = begin('all');
    checkButton.textContent = 'Check again';
    say('Checking. That takes half a minute at most.');
    await runChecks(createChecks(), signal, show);
    if (!signal.aborted) say(summaryOf(findings().filter(({ section }) => section !== MEDIA.section)));
  }

  async function checkMedia() {
    const { signal } = begin('media');
    say('Answer what the browser asks.');
    await runCheck(MEDIA, signal, show);
    const row = rows.get(MEDIA.section);
    if (row && !signal.aborted) say(`${row.finding.name}: ${row.finding.word}. ${row.finding.says}`);
  }

  /** Ends the run before, and everything it has started. @param {'all' | 'media'} what */
  function begin(what) {
    runs[what].abort();
    runs[what] = new AbortController();
    return runs[what];
  }

  /** The page may come back as it is. */
  function leave() {
    for (const run of Object.values(runs)) run.abort();
    const ended = [...rows.values()].filter(({ state }) => state === 'waiting' || state === 'checking');
    for (const row of ended) row.show('untried');
    if (ended.length > 0) say('Ended, because the page was left.');
  }

  async function copyResult() {
    const page = location.origin + location.pathname;
    const text = textOf({ page, time: new Date(), browser: navigator.userAgent }, findings());
    const remark = (await copy(text))
      ? 'The result is in the clipboard.'
      : 'This browser does not allow copying: select the rows and copy them by hand.';
    put(`${sentence} ${remark}`.trim());
  }

  async function showHost() {
    if (findings().every(({ state }) => state === 'untried')) return put('Check first: there is no result to show.');
    try {
      const { showCheck } = await import('../workshop/workshop.js');
      put(`${sentence} ${showCheck(findings())}`.trim());
    } catch {
      put('This did not load: is the server still there?');
    }
  }

  function findings() {
    return [...rows.values()].map(({ finding }) => finding);
  }

  /** @type {import('./check-run.js').Show} */
  function show(section, state) {
    rows.get(section)?.show(state);
  }

  /** @param {string} said stands until something else is said */
  function say(said) {
    sentence = said;
    put(said);
  }

  /** Writing the same text again would make a screen reader repeat it. @param {string} text */
  function put(text) {
    if (status.textContent !== text) status.textContent = text;
  }
}
