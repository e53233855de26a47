// @ts-check
// The panel of the workshop, and the button in mdBook's menu bar that opens it: who the reader is, their pair, their hand, what is shared, the timer,
// and what the host has said.
//
// May import: panel-pair.js, ../dom.js, ../durations.js, ../put-text.js.

import { button, el } from '../dom.js';
import { clockOf } from '../durations.js';
import { put } from '../put-text.js';
import { createPairBox } from './panel-pair.js';

/** Characters of a name, as the server takes it. */
const MAX_NAME = '24';

const SHARED =
  'The host sees your page, the demo in view and whether it runs, its last error, how you are connected, whom in this room you reach directly if the host asks for that, and the exercises you have solved';
const NOT_SHARED = 'The host sees your name, your pair, your hand, and that you are here; nothing of what you do';

/**
 * @param {object} handlers
 * @param {() => string} handlers.workshop the address that the host gives to everybody now
 * @param {(message: { type: string } & Record<string, unknown>) => void} handlers.act says to the server what the reader wants
 * @param {(name: string) => void} handlers.rename
 * @param {(shares: boolean) => void} handlers.share
 * @param {() => boolean} handlers.wantsToShare until the server says whether the reader does
 * @param {() => string} handlers.whyAway why there is no connection, and what comes of it
 */
export function createPanel({ workshop, act, rename, share, wantsToShare, whyAway }) {
  const time = el('span', { class: 'workshop-time', 'aria-hidden': 'true' });
  const toggle = button('Workshop', () => (panel.hidden ? open() : close()), {
    class: 'workshop-toggle',
    'aria-expanded': 'false',
    'aria-controls': 'workshop-panel',
  });
  toggle.append(time);
  const me = el('p', { tabindex: '-1' });
  const timer = el('p', { class: 'workshop-timer' });
  const name = el('input', { type: 'text', id: 'workshop-name', maxlength: MAX_NAME, autocomplete: 'off' });
  const naming = el(
    'form',
    { class: 'workshop-form' },
    el('label', { for: name.id }, 'Your name here'),
    name,
    el('button', { type: 'submit' }, 'Change the name'),
  );
  const pairBox = createPairBox(workshop, act);
  const hand = button('', () => act({ type: 'hand', raised: hand.dataset.raised !== 'true' }));
  const shares = el('input', { type: 'checkbox' });
  const shared = el('span');
  const said = el('ol', { class: 'workshop-said' });
  const saidBox = el('div', {}, el('p', { id: 'workshop-said-title' }, 'From the host'), said);
  said.setAttribute('aria-labelledby', 'workshop-said-title');
  const panel = el(
    'div',
    { id: 'workshop-panel', class: 'workshop-panel' },
    el(
      'div',
      { class: 'workshop-answers workshop-head' },
      me,
      button('Close', close, { 'aria-label': 'Close workshop' }),
    ),
    timer,
    pairBox.element,
    el('div', { class: 'workshop-answers' }, hand),
    saidBox,
    naming,
    el('label', { class: 'workshop-shares' }, shares, shared),
  );
  panel.hidden = true;
  /** @type {import('./attendance.js').Attendance | undefined} */
  let last;

  naming.addEventListener('submit', (event) => {
    event.preventDefault();
    if (name.value.trim()) rename(name.value);
  });
  shares.addEventListener('change', () => share(shares.checked));
  // mdBook's keys search and turn pages.
  panel.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape') close();
  });

  function open() {
    panel.hidden = false;
    toggle.setAttribute('aria-expanded', 'true');
    if (last) update(last);
    me.focus();
  }

  function close() {
    panel.hidden = true;
    toggle.setAttribute('aria-expanded', 'false');
    toggle.focus();
  }

  /** @param {import('./attendance.js').Attendance} state */
  function update(state) {
    const { self, isConnected } = state;
    // What somebody is typing is theirs.
    if (self && self.name !== last?.self?.name && document.activeElement !== name) name.value = self.name;
    last = state;
    put(me, [self && `You are ${self.name}.`, !isConnected && whyAway()].filter(Boolean).join(' '));
    pairBox.update(state, !panel.hidden);
    hand.dataset.raised = String(self?.hand === true);
    put(hand, self?.hand ? 'Lower your hand' : 'Raise your hand');
    shares.checked = self?.shares ?? wantsToShare();
    put(shared, shares.checked ? `${SHARED}.` : `${NOT_SHARED}.`);
    saidBox.hidden = state.said.length === 0;
    if (said.childElementCount !== state.said.length || said.dataset.last !== String(state.said.at(-1)?.number)) {
      said.replaceChildren(...state.said.map(({ text }) => el('li', {}, text)));
      said.dataset.last = String(state.said.at(-1)?.number);
    }
  }

  return {
    toggle,
    panel,
    update,

    /** @param {{ label: string, left: number } | undefined} shown what is left in ms; undefined without a timer */
    showTime(shown) {
      put(time, shown ? clockOf(shown.left) : '');
      timer.hidden = !shown;
      if (shown) put(timer, `${shown.label ? `${shown.label}: ` : ''}${clockOf(shown.left)}`);
    },
  };
}
