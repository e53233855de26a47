// @ts-check
// The console under a demo: a log of text entries, the last thousand of them. What the demo has made as a file is saved by a button of its entry, and objects
// that it has logged are unfolded by one (value-tree.js).
//
// May import: clipboard.js, dom.js, made-file.js, save-blob.js, value-tree.js.

import { copy } from './clipboard.js';
import { button, el } from './dom.js';
import { sizeInWords, tooMany } from './made-file.js';
import { saveBlob } from './save-blob.js';

const MAX_ENTRIES = 1_000;
/** A scroll event that comes later than this, in ms, after a key, wheel or touch event was not caused by the reader. */
const READER_SCROLLS_FOR = 1_000;

/** Levels are marked by a word, not by colour alone. @type {Record<string, string>} */
const LEVEL_WORDS = { warn: 'Warning', error: 'Error', info: 'Info', debug: 'Debug' };

/** @typedef {import('./iframe.js').Entry} Entry */
/** @typedef {import('./made-file.js').MadeFile} MadeFile */

/**
 * The console of one demo.
 * @param {string} name of the demo
 * @param {object} handlers
 * @param {(line: number, part: string) => void} handlers.online the reader asks for a line of the code, of the file with this name; of the first, if it is empty
 * @param {(isDone: boolean) => void} handlers.oncopy the reader copied the console, or could not
 * @param {(text: string) => import('./peer-names.js').Named[]} handlers.named the peers whose ids stand in a text
 * @param {(question: import('./iframe.js').Question) => Promise<unknown>} handlers.unfold asks the run for what is in a value; undefined if the run is over
 * @param {() => void} handlers.onlack what shows such values did not load
 */
export function createConsole(name, { online, oncopy, named, unfold, onlack }) {
  /** @type {Entry[]} */
  let entries = [];
  const list = el('ol');
  const log = el('div', { role: 'log', 'aria-label': `Console of ${name}`, tabindex: '0', class: 'console-log' }, list);
  const note = el('span', { class: 'console-note' });
  /** What was unfolded. @type {WeakMap<Entry, import('./value-tree.js').ValueTree>} */
  const trees = new WeakMap();
  const textOf = (/** @type {Entry} */ entry) => lineOf(entry) + (trees.get(entry)?.text() ?? '');
  const copyAll = async () => oncopy(await copy(entries.map(textOf).join('\n')));
  const element = el(
    'div',
    { class: 'console' },
    el(
      'div',
      { class: 'console-bar' },
      el('span', { class: 'console-title' }, 'Console'),
      note,
      button('Clear', clear, { class: 'quiet', 'aria-label': 'Clear console' }),
      button('Copy', copyAll, { class: 'quiet', 'aria-label': 'Copy console' }),
    ),
    log,
  );
  let lost = 0;
  /** What the reader can save, the oldest first. @type {{ file: MadeFile, size: number, save: HTMLElement }[]} */
  let offers = [];

  // The console follows its end until the reader scrolls away. Browsers only estimate the heights of entries out of view
  // (`content-visibility`), so the end also moves by itself.
  let isFollowing = true;
  /** The entry whose values the reader has opened at the end, and not scrolled since: when they close them, it follows again. @type {Entry | undefined} */
  let stoppedBy;
  let touchedAt = 0;
  for (const kind of ['wheel', 'touchmove', 'keydown', 'pointerdown']) {
    log.addEventListener(kind, () => (touchedAt = performance.now()), { passive: true });
  }
  log.addEventListener('scroll', () => {
    if (performance.now() - touchedAt > READER_SCROLLS_FOR) return;
    isFollowing = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
    stoppedBy = undefined;
  });
  const follow = () => isFollowing && (log.scrollTop = log.scrollHeight);
  // Without ResizeObserver it follows when an entry is added.
  if (globalThis.ResizeObserver) new ResizeObserver(follow).observe(list);

  function clear() {
    entries = [];
    offers = [];
    lost = 0;
    // That the reader scrolled away in the cleared entries does not hold for the next ones.
    isFollowing = true;
    keepFocus(list);
    list.replaceChildren();
    note.textContent = '';
  }

  /** Moves the focus before an element that has it is removed. @param {Element} doomed */
  function keepFocus(doomed) {
    if (doomed.contains(document.activeElement)) log.focus({ preventScroll: true });
  }

  /**
   * @param {Entry[]} added
   * @param {number} dropped how many before these were lost on their way
   */
  function add(added, dropped) {
    const excess = Math.max(0, entries.length + added.length - MAX_ENTRIES);
    lost += dropped + excess;
    entries = [...entries, ...added].slice(-MAX_ENTRIES);
    for (const old of [...list.children].slice(0, excess)) {
      keepFocus(old);
      old.remove();
    }
    // Nobody can save what has no button any more.
    for (const { file, save } of offers) if (!list.contains(save)) file.blob = undefined;
    offers = offers.filter(({ file }) => file.blob);
    list.append(...added.slice(-MAX_ENTRIES).map(itemOf));
    if (lost > 0) note.textContent = `${lost} older ${lost === 1 ? 'entry is' : 'entries are'} gone`;
    follow();
  }

  /** A button that saves a file. The oldest ones go when there are too many. @param {MadeFile} file */
  function offer(file) {
    const { name, size } = file;
    const save = button(`Save ${name} (${sizeInWords(size)})`, () => file.blob && saveBlob(name, file.blob), {
      class: 'save',
    });
    offers.push({ file, size, save });
    for (const old of tooMany(offers)) {
      old.file.blob = undefined;
      keepFocus(old.save);
      old.save.replaceWith(`${old.file.name}, which is kept no more`);
      offers.splice(offers.indexOf(old), 1);
    }
    return save;
  }

  /**
   * A button that shows what is in the objects of an entry, and hides it.
   * @param {Entry} entry @param {HTMLElement} item
   */
  function unfoldButton(entry, item) {
    const toggle = button('Values', press, { class: 'line unfold', 'aria-expanded': 'false' });
    return toggle;

    async function press() {
      if (!trees.has(entry)) {
        const module = await import('./value-tree.js').catch(() => undefined);
        if (!module) return onlack();
        if (trees.has(entry)) return;
        const tree = module.createTree((node, from) => unfold({ entry: entry.values, node, from }));
        trees.set(entry, tree);
        item.append(tree.element);
      }
      const isOpen = trees.get(entry)?.toggle() === true;
      toggle.setAttribute('aria-expanded', String(isOpen));
      // What opens grows below the line that is read.
      if (isFollowing) stoppedBy = entry;
      isFollowing = !isOpen && stoppedBy === entry;
      follow();
    }
  }

  /** @param {Entry} entry */
  function itemOf(entry) {
    const { level, text, at, line, part, file } = entry;
    const item = el('li', { class: 'entry', 'data-level': level }, el('span', { class: 'at' }, seconds(at)));
    if (LEVEL_WORDS[level]) item.append(el('span', { class: 'level' }, LEVEL_WORDS[level]));
    item.append(el('span', { class: 'text' }, text), ...namesIn(text));
    if (file) item.append(offer(file));
    if (entry.values) item.append(unfoldButton(entry, item));
    if (line) {
      const words = lineInWords(line, part);
      item.append(button(words, () => online(line, part), { class: 'line', 'aria-label': `Go to ${words}` }));
    }
    return item;
  }

  /** Who is meant by the ids in a text: the page's own words, beside what the demo printed. @param {string} text */
  const namesIn = (text) => named(text).map(({ id, name }) => el('span', { class: 'whom', title: id }, name));

  /** Peers are called otherwise from now on. */
  function renamed() {
    for (const item of list.children) {
      const text = item.querySelector('.text');
      const names = namesIn(text?.textContent ?? '');
      const shown = [...item.querySelectorAll('.whom')];
      // What has not changed stays, or a screen reader would read it again.
      if (names.map(whomOf).join() === shown.map(whomOf).join()) continue;
      for (const old of shown) old.remove();
      text?.after(...names);
    }
  }

  return {
    element,
    add,
    clear,
    renamed,
    /** Gives it the keyboard, and leaves the page where it is. */
    focus: () => log.focus({ preventScroll: true }),
  };
}

/** @param {Entry} entry */
function lineOf({ level, text, at, line, part, file }) {
  const word = LEVEL_WORDS[level] ? ` ${LEVEL_WORDS[level]}:` : '';
  const made = file ? ` ${file.name} (${sizeInWords(file.size)})` : '';
  return `${seconds(at)}${word} ${text}${made}${line ? ` (${lineInWords(line, part)})` : ''}`;
}

/** @param {number} line @param {string} part */
const lineInWords = (line, part) => (part ? `line ${line} of ${part}` : `line ${line}`);

/** @param {number} ms */
const seconds = (ms) => `${(ms / 1_000).toFixed(3)} s`;

/** @param {Element} whom */
const whomOf = (whom) => [whom.getAttribute('title'), whom.textContent];
