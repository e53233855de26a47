// @ts-check
// The host's page: who is in the workshop, who needs help, and what the host does for all. A `<div class="host-page">` has a text for everybody else; for the host
// this script puts the dashboard above it. Nothing is asked of a server that has no workshop. Layout:
//   host-session.js     the code in the address, and the session that it becomes
//   host-connection.js  the server's socket, made again when it is lost; host-view.js checks what it says
//   dashboard.js        draws the latest view; presence-grace.js smooths it
//   needs.js, attendee-rows.js, pair-rows.js, host-summary.js   from a view to what is shown, without the page
//   attendee-list.js, pair-list.js   the rows; keyed-list.js, row-keys.js keep them in their places and under the keyboard
//   list-filter.js, host-tools.js, bring-tool.js, host-dialog.js   what the host presses
//   other-device.js   the page on another device
//   present.js, speaker-notes.js, talk.js, talk-words.js   the speaker's notes, section by section
//   host-requests.js, book-places.js   what is asked of the server, checked; where everybody can be brought
//   reach-table.js, reach-words.js   who reaches whom directly
//   projector.js        the room in numbers, without names
//   host-flag.js, show-demo.js, shown-lines.js   on other pages in the host's browser: a demo that is shown to everybody
//
// May import: dashboard.js, host-connection.js, host-flag.js, host-session.js, ../dom.js, ../root.js.

import { el, loadStyle } from '../dom.js';
import { endpoint } from '../root.js';
import { createDashboard } from './dashboard.js';
import { createConnection } from './host-connection.js';
import { keepHost } from './host-flag.js';
import { askSession, beginSession, endSession, takeCode } from './host-session.js';

const META = 'meta[name="guidebook-workshop"]';
const SOCKET = endpoint('workshop/host').replace(/^http/, 'ws');
/** What the server says itself where it refuses. */
const HOW_TO_RETURN = 'Press Enter in the terminal of the workshop: it opens this page anew.';

// Before anything else: nobody should read it in the address.
const given = takeCode();

/** Brings the page to life, once. */
export function createHostPage() {
  const place = document.querySelector('.host-page');
  if (place && document.querySelector(META)) enliven(place);
}

/** @param {Element} place */
function enliven(place) {
  const notice = el('p', { class: 'host-notice', role: 'status', tabindex: '-1' });
  const about = [...place.childNodes];
  /** @type {ReturnType<typeof createDashboard> | undefined} */
  let dashboard;
  let run = new AbortController();
  let wasIn = false;
  let refusal = '';
  /** Whether the dashboard says that it waits for the server. */
  let isLost = false;

  const connection = createConnection({
    ask: askSession,
    open: () => new WebSocket(SOCKET),
    ontold,
    onlost,
    onrefused,
  });
  place.prepend(notice);
  addEventListener('pagehide', () => run.abort());
  addEventListener('pageshow', ({ persisted }) => persisted && begin(''));
  // Somebody may paste the address into the page that is open already.
  addEventListener('hashchange', () => {
    const code = takeCode();
    if (code) begin(code);
  });
  begin(given);

  /** @param {string} code empty if there is none */
  async function begin(code) {
    run.abort();
    run = new AbortController();
    const { signal } = run;
    refusal = '';
    isLost = dashboard !== undefined;
    say('Asking the server whether this browser is the host’s.');
    if (code) {
      const { state, words } = await beginSession(code, signal);
      if (signal.aborted) return;
      if (state === 'refused') refusal = words;
      if (state === 'away') refusal = `The server did not answer. ${HOW_TO_RETURN}`;
    }
    await connection.keep(signal);
  }

  /** @param {Exclude<import('./host-view.js').Told, { type: 'ping' }>} told */
  async function ontold(told) {
    if (told.type === 'refused') return say(told.words || 'The server refuses that.');
    const { signal } = run;
    await loadStyle(new URL('host.css', import.meta.url).href);
    if (signal.aborted) return;
    if (!dashboard) open();
    else if (isLost && !refusal) say('Connected to the server again.');
    // An older session goes on where a code was refused.
    if (refusal) say(refusal);
    refusal = '';
    isLost = false;
    dashboard?.show(told.view);
  }

  function open() {
    dashboard = createDashboard({ send: (message) => connection.send(message), leave });
    const text = el(
      'details',
      { class: 'host-about' },
      el('summary', {}, 'What this page sees, and what not'),
      ...about,
    );
    place.replaceChildren(...dashboard.elements, text);
    wasIn = true;
    keepHost(true);
  }

  /** @param {number} wait @param {string} why */
  function onlost(wait, why) {
    const what = dashboard
      ? 'The connection to the server is lost, and the list is as it was.'
      : 'The server is out of reach.';
    say(`${why || what} Trying again in ${Math.max(1, Math.round(wait / 1_000))} s.`);
    isLost = true;
  }

  /** @param {string} words */
  function onrefused(words) {
    keepHost(false);
    close();
    say(refusal || (wasIn ? `The session is over. ${words}` : words));
  }

  async function leave() {
    const { signal } = run;
    const { state, words } = await endSession(signal);
    if (signal.aborted) return;
    // Whether there is one at all, the connection finds out.
    if (state === 'refused') return say(words);
    if (state === 'away') return say('The server is out of reach: the session goes on.');
    run.abort();
    keepHost(false);
    close();
    say(`The session is over. ${HOW_TO_RETURN}`);
    notice.focus();
  }

  /** Nothing of the room stays in the page. */
  function close() {
    const hadKeyboard = document.activeElement?.closest('.host, .host-dialog, .host-projector');
    dashboard?.end();
    dashboard = undefined;
    place.replaceChildren(notice, ...about);
    if (hadKeyboard) notice.focus();
  }

  /** @param {string} words */
  function say(words) {
    if (dashboard) dashboard.say(words);
    else if (notice.textContent !== words) notice.textContent = words;
  }
}
