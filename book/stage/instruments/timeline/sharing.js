// @ts-check
// The control for sharing the events of a demo. It says what is shared before anything is sent; the reader can refuse at any time, and the
// choice is remembered. Layout:
//   session.js       a page among those that share: what it sends, and when
//   sides.js         the other pages in the room, and which of them are shown
//   budget.js        how much a page may send, and is listened to
//   exchange.js      what pages send each other, checked
//   redact.js        what of an event leaves the page
//   merge.js         several sides on one timeline
//   shared-rows.js   that timeline as the rows of a ladder
//
// May import: session.js, ../../dom.js.

import { el } from '../../dom.js';
import { createSession } from './session.js';

/** The key in localStorage, for the whole book. */
const KEY = 'creating-connections share events';
const REFUSED = 'no';

/** @typedef {import('./exchange.js').Side} Side */

let count = 0;

/**
 * Creates the control.
 * @param {import('../../recording.js').Recording} recording
 * @param {() => Promise<import('./session.js').Signaling>} loadSignaling
 * @param {() => void} onchange there is something new of other sides
 */
export function createSharing(recording, loadSignaling, onchange) {
  const box = el('input', { type: 'checkbox', 'aria-describedby': `sharing-${(count += 1)}` });
  const said = el('p', { class: 'note', role: 'status' });
  const element = el(
    'div',
    { class: 'sharing' },
    el('label', {}, box, ' Share events with whoever has this page open in the same room'),
    el(
      'p',
      { class: 'note', id: `sharing-${count}` },
      'Both sides then stand on one timeline. They see what happens here, of which kind, and when: calls, states, frames, candidates. Never addresses, descriptions, messages or your code.',
    ),
    said,
  );
  /** @type {Promise<ReturnType<typeof createSession> | undefined> | undefined} */
  let loading;
  /** @type {ReturnType<typeof createSession> | undefined} */
  let session;
  let isShown = false;
  let room = '';
  let problem = '';

  box.checked = !isRefused();
  box.addEventListener('change', () => {
    remember(box.checked);
    update();
  });
  // The choice in another tab holds here as well.
  addEventListener('storage', ({ key }) => {
    if (key !== KEY) return;
    box.checked = !isRefused();
    update();
  });
  tell();

  function load() {
    loading ??= loadSignaling().then(
      (signaling) => createSession(recording, signaling, change),
      () => {
        loading = undefined;
        problem =
          'The events are not shared: this page is served without the signaling server. Start the guidebook with cargo run --release.';
        return undefined;
      },
    );
    return loading;
  }

  /** Starts or stops sharing. */
  async function update() {
    const wants = () => isShown && box.checked && room !== '';
    if (wants()) session = await load();
    // Asked again, because the answer may have changed while the module was loaded.
    if (wants()) session?.enter(room);
    else session?.leave();
    change();
  }

  function change() {
    tell();
    onchange();
  }

  function tell() {
    const sentence = sentenceOf();
    if (said.textContent !== sentence) said.textContent = sentence;
  }

  function sentenceOf() {
    if (!box.checked) return 'Nothing is shared, and nothing of others is shown.';
    if (!room) return 'Nothing is shared before the demo is in a room.';
    const stands = session?.problem || problem;
    if (stands) return stands;
    const sides = session?.sides() ?? [];
    const here = sides.filter(({ isGone }) => !isGone);
    const lost = sides.reduce((sum, side) => sum + side.lost, 0);
    const uncertainty = Math.max(...here.map((side) => side.uncertainty));
    return [
      here.length === 0
        ? 'Nobody else shares here now.'
        : `On one timeline with ${here.length === 1 ? 'another side' : `${here.length} other sides`}: clocks agree to ± ${uncertainty.toFixed(1)} ms.`,
      lost > 0 ? `${lost} of the others’ events are not here.` : '',
      session && session.ignored > 0
        ? `${session.ignored} messages of others were ignored: they made no sense, or were too many.`
        : '',
    ]
      .filter(Boolean)
      .join(' ');
  }

  return {
    element,
    /** @returns {Side[]} */
    get sides() {
      return box.checked ? (session?.sides() ?? []) : [];
    },
    /** The demo is in this room; in none, if it is empty. @param {string} name */
    enter(name) {
      room = name;
      update();
    },
    show() {
      isShown = true;
      update();
    },
    hide() {
      isShown = false;
      update();
    },
  };
}

function isRefused() {
  try {
    return localStorage.getItem(KEY) === REFUSED;
  } catch {
    return false;
  }
}

/** @param {boolean} isShared */
function remember(isShared) {
  try {
    if (isShared) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, REFUSED);
  } catch {
    // Without storage the choice holds for this page only.
  }
}
