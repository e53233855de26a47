// @ts-check
// "Show QR": a dialog with the address of one demo, as a QR code and as text, for the phones of a workshop. Only a workshop has an address that
// others can open: its server puts it into each page, and draws the codes.
//
// May import: demo-address.js, dom.js, proof.js, root.js.

import { demoAddress } from './demo-address.js';
import { button, el } from './dom.js';
import { wordsOf } from './proof.js';
import { endpoint } from './root.js';

const META = 'meta[name="guidebook-workshop"]';
/** The endpoint that draws a code. */
const CODES = endpoint('qr');
/** Sides of the picture, as the server draws it: its place is there before it comes. */
const SIDE = '1000';

/**
 * The button that opens the dialog; undefined where there is no workshop.
 * @param {string} name of the demo
 */
export function createShowQr(name) {
  const workshop = /** @type {HTMLMetaElement | null} */ (document.querySelector(META))?.content;
  if (!workshop) return undefined;
  const opener = button('Show QR', () => show(name, workshop, opener), { class: 'show-qr', 'aria-haspopup': 'dialog' });
  return opener;
}

/**
 * Opens a dialog, which is gone when it is closed.
 * @param {string} name of the demo
 * @param {string} workshop its address
 * @param {HTMLElement} opener gets the keyboard back
 */
function show(name, workshop, opener) {
  const { href, place } = demoAddress({ workshop, root: endpoint(''), page: location.href, id: `demo-${name}` });
  const code = `${CODES}?${new URLSearchParams({ to: place })}`;
  const title = el('p', { class: 'qr-title', id: `qr-${name}` }, `${name} on a phone`);
  const picture = el('img', { src: code, alt: 'QR code of the address', width: SIDE, height: SIDE });
  const failure = el('p', { role: 'status' });
  const words = el(
    'div',
    { class: 'qr-words' },
    title,
    el('p', { class: 'qr-address' }, href),
    el('p', {}, 'What was edited on this device stays on it.'),
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
