// @ts-check
// The other peers of a demo, as a group of controls: how to get one, and which room it is in with how many.
//
// May import: dom.js, visible.js.

import { button, el } from './dom.js';
import { visibleLine } from './visible.js';

/** Only a workshop has an address that others can open: its server puts it into each page. */
const WORKSHOP = 'meta[name="guidebook-workshop"]';

/**
 * @param {string} name of the demo
 * @param {object} handlers
 * @param {() => void} handlers.invite the reader asks the server to join
 * @param {(opener: HTMLElement) => void} handlers.showQr the reader asks for the address of the demo, as a phone opens it
 */
export function createPeers(name, { invite, showQr }) {
  let where = '';
  let company = '';
  const room = el('span', { class: 'demo-room' });
  const tab = el(
    'a',
    { href: `#demo-${name}`, target: '_blank', rel: 'noopener' },
    'Open a second tab',
    el('span', { 'aria-hidden': 'true' }, ' ↗'),
  );
  const element = el(
    'div',
    { class: 'demo-peers', role: 'group', 'aria-label': `Peers of ${name}` },
    tab,
    button('Invite the server', invite),
    room,
  );
  if (document.querySelector(WORKSHOP)) {
    const opener = button('Show QR', () => showQr(opener), { class: 'show-qr', 'aria-haspopup': 'dialog' });
    room.before(opener);
  }

  /** @param {import('./presence.js').Presence | undefined} presence of a run; without one, it is in no room */
  function show(presence) {
    const isInRoom = presence !== undefined && presence.count > 0;
    where = isInRoom ? `${presence.count} in “${visibleLine(presence.room)}”` : 'In no room';
    draw();
  }

  /** @param {string} words who is in the reader's pair; empty without one */
  function showCompany(words) {
    company = words;
    draw();
  }

  function draw() {
    room.textContent = company ? `${company} · ${where}` : where;
    room.title = room.textContent;
  }
  show(undefined);

  return { element, show, showCompany };
}

/** Where a run is, as the status of its demo says it. @param {import('./presence.js').Presence} presence */
export function roomSentence({ count, room, rooms }) {
  if (count === 0) return 'It is in no room any more.';
  const where = rooms > 1 ? `the last of its ${rooms} rooms, “${visibleLine(room)}”` : 'this room';
  return count === 1 ? `1 peer is in ${where}: this one.` : `${count} peers are in ${where}, this one included.`;
}
