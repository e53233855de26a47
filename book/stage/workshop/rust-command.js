// @ts-check
// The command that runs the Rust twin of a demo in the room of the reader's pair, behind its tab. It carries the ticket, which others could use: the
// ticket is copied, and not shown, since the page may be on a projector.
//
// May import: pair-room.js, ../clipboard.js, ../dom.js.

import { copy } from '../clipboard.js';
import { button, el } from '../dom.js';
import { roomsIn } from './pair-room.js';

/** The command in the text of a twin; its address is this machine's. */
const COMMAND = /^\$ (cargo run --release --example [\w-]+) http/m;
/** Names that every shell takes as they are. */
const PLAIN = /^[\w./-]{1,200}$/;

/**
 * @param {import('../cards.js').Demo} demo
 * @param {() => string} workshop the address that the host gives to everybody now
 */
export function createRustCommand(demo, workshop) {
  const [, command] = COMMAND.exec(twinOf(demo.element)?.textContent ?? '') ?? [];
  const words = el('code');
  const status = el('span', { role: 'status' });
  const copyButton = button('Copy the command', copyAll);
  const element = el(
    'p',
    { class: 'workshop-rust' },
    'In the room of your pair: ',
    words,
    ' ',
    copyButton,
    ' ',
    status,
  );
  /** @type {string | undefined} */
  let pair;
  let ticket = '';

  /** @param {string} shownTicket */
  const lineWith = (shownTicket) => `${command} "${workshop()}?ticket=${shownTicket}" ${roomsIn(demo.shownCode)[0]}`;

  async function copyAll() {
    status.textContent = (await copy(lineWith(ticket)))
      ? 'The command is in the clipboard, with your ticket: keep it to yourself.'
      : 'This browser does not allow copying.';
  }

  function show() {
    const [room = ''] = roomsIn(demo.shownCode);
    if (!command || !pair || !PLAIN.test(room)) return element.remove();
    const line = lineWith('…');
    if (words.textContent !== line) {
      words.textContent = line;
      status.textContent = '';
    }
    if (!element.isConnected) twinOf(demo.element)?.append(element);
  }

  return {
    show,

    /** @param {string | undefined} name of the pair @param {string} own the reader's ticket */
    enter(name, own) {
      pair = name;
      ticket = own;
      show();
    },
  };
}

/** The twin, which is behind its tab by now (twins.js). @param {Element} demo */
const twinOf = (demo) => document.getElementById(`${demo.id}-Rust`)?.querySelector('.twin');
