// @ts-check
// The reader's pair in the panel: how to get one, who is in it, and how to leave. All that it may show is there from the beginning, and hidden: what is
// typed and what has the keyboard stays.
//
// May import: attendance.js, pair-room.js, show-qr.js, ../dom.js.

import { button, el } from '../dom.js';
import { companyOf } from './attendance.js';
import { pairTyped } from './pair-room.js';
import { addressesOf, SIDE, showAddress } from './show-qr.js';

/** Characters of two words. */
const MAX_WORDS = '41';

/**
 * @param {() => string} workshop the address that the host gives to everybody now
 * @param {(message: { type: string } & Record<string, unknown>) => void} act says to the server what the reader wants
 */
export function createPairBox(workshop, act) {
  const who = el('p', { class: 'workshop-who', tabindex: '-1' });
  const words = el('p', { class: 'workshop-words' });
  const how = el('p', {}, 'Say these two words to your neighbour, or let them scan the code.');
  const picture = el('img', { alt: 'QR code of this page in your pair', width: SIDE, height: SIDE });
  const problem = el('p', { role: 'status' });
  const typed = el('input', {
    type: 'text',
    id: 'workshop-pair-words',
    maxlength: MAX_WORDS,
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
  });
  const join = el(
    'form',
    { class: 'workshop-form' },
    el('label', { for: typed.id }, 'Your neighbour’s two words'),
    typed,
    el('button', { type: 'submit' }, 'Join a pair'),
  );
  const wait = button('Pair me with someone', () => act({ type: 'pair-me', wants: true }), { class: 'primary' });
  const open = button('Open a pair', () => act({ type: 'open-pair' }));
  const cancel = button('Don’t wait any more', () => act({ type: 'pair-me', wants: false }));
  const show = button('Show QR', () => pair && showAddress({ workshop: workshop(), name: '', pair }, show), {
    'aria-haspopup': 'dialog',
  });
  const leave = button('Leave the pair', () => act({ type: 'leave' }));
  const element = el(
    'div',
    { class: 'workshop-pair' },
    who,
    words,
    how,
    picture,
    el('div', { class: 'workshop-answers' }, wait, cancel, open, show, leave),
    join,
    problem,
  );
  /** The name of the reader's pair. @type {string | undefined} */
  let pair;
  /** Of the picture, which is asked for when it is first seen. */
  let drawn = '';

  join.addEventListener('submit', (event) => {
    event.preventDefault();
    const name = pairTyped(typed.value);
    problem.textContent = name ? '' : 'A pair has two words, as amber otter.';
    if (name) act({ type: 'join', pair: name });
  });

  return {
    element,

    /** @param {import('./attendance.js').Attendance} state @param {boolean} isSeen the panel is open */
    update({ self, pair: now, isConnected }, isSeen) {
      const focused = document.activeElement;
      const isAlone = now !== undefined && now.members.length < 2;
      const isWaiting = self?.waiting === true;
      if (now && now.name !== pair) typed.value = problem.textContent = '';
      pair = now?.name;
      who.textContent = sentenceOf(now, self, isConnected);
      words.textContent = pair ?? '';
      const offered = isConnected && !isWaiting && (!now || isAlone);
      for (const [part, isThere] of /** @type {[HTMLElement, unknown][]} */ ([
        [words, now],
        [how, isAlone],
        [picture, isAlone],
        [show, now],
        [leave, now],
        [cancel, isWaiting],
        [wait, offered],
        [open, offered && !now],
        [join, offered],
      ]))
        part.hidden = !isThere;
      // Where the keyboard was is gone.
      if (focused instanceof HTMLElement && element.contains(focused) && focused.closest('[hidden]')) who.focus();
      if (!pair || !isAlone || !isSeen) return;
      const { code } = addressesOf({ workshop: workshop(), name: '', pair });
      if (code !== drawn) picture.src = drawn = code;
    },
  };
}

/**
 * @param {import('./attendance.js').Pair | undefined} pair
 * @param {import('./attendance.js').Self | undefined} self
 * @param {boolean} isConnected
 */
function sentenceOf(pair, self, isConnected) {
  if (pair) {
    const company = companyOf(pair, self?.id);
    const closed = pair.locked ? ' The host has closed it: nobody else gets in.' : '';
    const waits = self?.waiting ? ' You wait for somebody who wants a pair too.' : '';
    return `Your pair: ${company}.${closed}${waits}`;
  }
  if (self?.waiting) return 'You wait for somebody who wants a pair too.';
  return isConnected ? 'You are in no pair: your demos meet everybody who runs them.' : 'You are in no pair.';
}
