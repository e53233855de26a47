// @ts-check
// The other peers of a demo, as a group of controls: how to get one, and which room it is in with how many.
//
// May import: dom.js, show-qr.js, visible.js.

import { button, el } from './dom.js';
import { createShowQr } from './show-qr.js';
import { visibleLine } from './visible.js';

/**
 * @param {string} name of the demo
 * @param {object} handlers
 * @param {() => void} handlers.invite the reader asks the server to join
 */
export function createPeers(name, { invite }) {
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
  const showQr = createShowQr(name);
  if (showQr) room.before(showQr);

  /** @param {import('./presence.js').Presence | undefined} presence of a run; without one, it is in no room */
  function show(presence) {
    const isInRoom = presence !== undefined && presence.count > 0;
    room.textContent = isInRoom ? `${presence.count} in “${visibleLine(presence.room)}”` : 'In no room';
    room.title = room.textContent;
  }
  show(undefined);

  return { element, show };
}
