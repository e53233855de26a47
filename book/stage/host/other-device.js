// @ts-check
// "Open on another device": a dialog with an address that makes another device the host's, as a QR code and as text. It works once, for a minute, and over
// TLS only; where the server speaks none, the dialog has the server's words on what to start. What opens the page is nowhere else, and is gone with the dialog.
//
// May import: host-session.js, ../dom.js, ../put-text.js.

import { button, el } from '../dom.js';
import { put } from '../put-text.js';
import { askCode } from './host-session.js';

/** How long a code is good, in ms, as the server has it. */
const LIFETIME = 60_000;
/** How often the remaining time is written, in ms. */
const TICK = 1_000;
/** Names of the machine itself, as browsers write them: elsewhere the server gives no code. */
const HERE = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Counts dialogs, for the ids that name them. */
let made = 0;

/** Whether a page at this host can give the host's page on. @param {string} hostname */
export const canInvite = (hostname) => HERE.test(hostname);

/**
 * Opens the dialog, which is gone when it is closed.
 * @param {HTMLElement} opener gets the keyboard back
 */
export function inviteDevice(opener) {
  made += 1;
  const ending = new AbortController();
  const { signal } = ending;
  /** When the code ends that is shown, by the clock of `performance.now()`; nothing while none is. @type {number | undefined} */
  let endsAt;
  const heading = el('p', { class: 'host-dialog-title', id: `host-device-${made}` }, 'Open on another device');
  const status = el('p', { role: 'status' });
  const picture = el('img', { class: 'host-device-code', alt: 'QR code of the address' });
  const address = el('p', { class: 'host-device-address' });
  const time = el('p', { class: 'host-device-time' });
  const again = button('Make another code', ask);
  const close = button('Close', () => dialog.close());
  const dialog = el(
    'dialog',
    { class: 'host-dialog', 'aria-labelledby': heading.id },
    heading,
    status,
    picture,
    address,
    time,
    el('span', { class: 'host-bar' }, again, close),
  );
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  dialog.addEventListener('close', () => {
    end();
    dialog.remove();
    opener.focus();
  });
  const ticking = setInterval(tick, TICK);
  document.body.append(dialog);
  hide('Asking the server for a code.');
  dialog.showModal();
  close.focus();
  ask();

  async function ask() {
    const { words, invitation } = await askCode(signal);
    if (signal.aborted) return;
    if (!invitation) return hide(words || 'The server did not answer. Try again.');
    endsAt = performance.now() + LIFETIME;
    picture.src = `data:image/svg+xml,${encodeURIComponent(invitation.svg)}`;
    put(address, invitation.url);
    picture.hidden = address.hidden = time.hidden = false;
    put(status, 'Scan this, or type it. Whoever opens it is the host: keep it off the projector.');
    tick();
  }

  function end() {
    ending.abort();
    clearInterval(ticking);
  }

  function tick() {
    // The session may have ended, and the dashboard with it.
    if (!dialog.isConnected) return end();
    if (endsAt === undefined) return;
    const left = Math.ceil((endsAt - performance.now()) / 1_000);
    if (left <= 0) return hide('The code is over: it was good for a minute.');
    put(time, `It works once, for ${left} s more.`);
  }

  /** A code that opens nothing any more is not left to be scanned. @param {string} words */
  function hide(words) {
    endsAt = undefined;
    picture.removeAttribute('src');
    address.textContent = time.textContent = '';
    picture.hidden = address.hidden = time.hidden = true;
    put(status, words);
  }
}
