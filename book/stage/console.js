// @ts-check
// The console under a demo: a log of text entries, the last thousand of them.

import { copy } from './clipboard.js';
import { button, el } from './dom.js';

const MAX_ENTRIES = 1_000;

/** Told apart by a word, not only by colour. @type {Record<string, string>} */
const LEVEL_WORDS = { warn: 'Warning', error: 'Error', info: 'Info', debug: 'Debug' };

/** @typedef {import('./frame.js').Entry} Entry */

/**
 * @param {string} name of the demo
 * @param {(line: number) => void} online the reader asks for a line of the code
 */
export function createConsole(name, online) {
  /** @type {Entry[]} */
  let entries = [];
  const list = el('ol');
  const log = el('div', { role: 'log', 'aria-label': `Console of ${name}`, tabindex: '0', class: 'console-log' }, list);
  const note = el('span', { class: 'console-note' });
  const copyButton = button('Copy console', async () => {
    copyButton.textContent = (await copy(entries.map(lineOf).join('\n'))) ? 'Copied' : 'Copying failed';
    setTimeout(() => (copyButton.textContent = 'Copy console'), 1_500);
  });
  const element = el('div', { class: 'console' },
    el('div', { class: 'console-bar' }, el('span', { class: 'console-title' }, 'Console'), note, button('Clear console', clear), copyButton), log);
  let lost = 0;

  function clear() {
    entries = [];
    lost = 0;
    list.replaceChildren();
    note.textContent = '';
  }

  /**
   * @param {Entry[]} added
   * @param {number} dropped how many before these were lost on their way
   */
  function add(added, dropped) {
    const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
    const excess = Math.max(0, entries.length + added.length - MAX_ENTRIES);
    lost += dropped + excess;
    entries = [...entries, ...added].slice(-MAX_ENTRIES);
    for (let i = 0; i < excess; i += 1) list.firstElementChild?.remove();
    list.append(...added.slice(-MAX_ENTRIES).map(itemOf));
    if (lost > 0) note.textContent = `${lost} older ${lost === 1 ? 'entry is' : 'entries are'} gone`;
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }

  /** @param {Entry} entry */
  function itemOf({ level, text, at, line }) {
    const item = el('li', { class: 'entry', 'data-level': level }, el('span', { class: 'at' }, seconds(at)));
    if (LEVEL_WORDS[level]) item.append(el('span', { class: 'level' }, LEVEL_WORDS[level]));
    item.append(el('span', { class: 'text' }, text));
    if (line) item.append(button(`line ${line}`, () => online(line), { class: 'line' }));
    return item;
  }

  return { element, add, clear };
}

/** @param {Entry} entry */
function lineOf({ level, text, at, line }) {
  const word = LEVEL_WORDS[level] ? ` ${LEVEL_WORDS[level]}:` : '';
  return `${seconds(at)}${word} ${text}${line ? ` (line ${line})` : ''}`;
}

/** @param {number} ms */
const seconds = (ms) => `${(ms / 1_000).toFixed(3)} s`;
