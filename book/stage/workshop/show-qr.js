// @ts-check
// "Show QR": a dialog with the address of a demo, or of the page in the reader's pair, as a QR code and as text, for the phones of a workshop. Only a
// workshop has an address that others can open: its server draws the codes.
//
// May import: demo-address.js, ../dom.js, ../proof.js, ../root.js.

import { button, el } from '../dom.js';
import { wordsOf } from '../proof.js';
import { endpoint } from '../root.js';
import { demoAddress } from './demo-address.js';

/** The endpoint that draws a code. */
const CODES = endpoint('qr');
/** Sides of the picture, as the server draws it: its place is there before it comes. */
export const SIDE = '1000';

/**
 * What is shown.
 * @typedef {object} Shown
 * @property {string} workshop the address that the host gives to everybody
 * @property {string} name of the demo; empty for the page
 * @property {string | undefined} pair the reader's, which who opens it is offered to join
 */

/** The address, and that of its picture. @param {Shown} shown */
export function addressesOf({ workshop, name, pair }) {
  const id = name && `demo-${name}`;
  const { href, place } = demoAddress({ workshop, root: endpoint(''), page: location.href, id, pair });
  return { href, code: `${CODES}?${new URLSearchParams({ to: place })}` };
}

/**
 * Opens a dialog, which is gone when it is closed.
 * @param {Shown} shown
 * @param {HTMLElement} opener gets the keyboard back
 */
export function showAddress(shown, opener) {
  const { name, pair } = shown;
  const { href, code } = addressesOf(shown);
  const title = el('p', { class: 'qr-title', id: `qr-${name}` }, `${name || 'This page'} on a phone`);
  const picture = el('img', { src: code, alt: 'QR code of the address', width: SIDE, height: SIDE });
  const failure = el('p', { role: 'status' });
  const words = el(
    'div',
    { class: 'qr-words' },
    title,
    el('p', { class: 'qr-address' }, href),
    el('p', {}, 'What was edited on this device stays on it.'),
    ...(pair ? [el('p', {}, `Whoever opens it is asked to join your pair, ${pair}.`)] : []),
    failure,
    button('Close', () => dialog.close(), { autofocus: '' }),
  );
  const dialog = el('dialog', { class: 'qr-dialog', 'aria-labelledby': title.id }, picture, words);
  picture.addEventListener('error', async () => {
    picture.remove();
    failure.textContent = await whyMissing(code);
  });
  // mdBook's keys search and turn pages, which nobody sees behind a dialog.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  dialog.addEventListener('close', () => {
    dialog.remove();
    // Safari gives no keyboard to a button that is clicked, and so has none to give back.
    opener.focus();
  });
  opener.after(dialog);
  dialog.showModal();
}

/** Why there is no picture. @param {string} code its address */
async function whyMissing(code) {
  try {
    return (await wordsOf(await fetch(code))) || 'The code can’t be shown: type the address.';
  } catch {
    return 'The server is out of reach.';
  }
}
