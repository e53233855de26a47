// @ts-check
// The code editor of a demo: the vendored editor, with an accessible name, keys, and marks on lines. It is created when it comes near the viewport or
// is used; until then the code is a `pre` of the same size, because creating many editors would delay the page.
//
// May import: dom.js, reveal.js, vendor/.

import { el } from './dom.js';
import { reveal } from './reveal.js';
import { createEditor, editHistory, editorCommands, insertText } from './vendor/prism-code-editor.js';

/** The margin around the viewport in which editors are created: one screen above and below. */
const NEAR = '100% 0px';

/** Creates the editor of each container that is still waiting for it. @type {WeakMap<Element, () => void>} */
const waiting = new WeakMap();
/** Undefined in browsers without IntersectionObserver: there, all editors are created at once. */
const nearby =
  globalThis.IntersectionObserver &&
  new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) waiting.get(target)?.();
    },
    { rootMargin: NEAR },
  );

/**
 * Puts the editor of one demo into a container.
 * @param {HTMLElement} container
 * @param {object} options
 * @param {string} options.name the file's
 * @param {string} options.id another than that of any editor of the page
 * @param {string} options.code
 * @param {(code: string) => void} options.onedit
 * @param {() => void} options.onrun Ctrl+Enter, or Cmd+Enter
 * @param {() => void} options.onleave Escape
 */
export function mountEditor(container, { name, id, code, onedit, onrun, onleave }) {
  /** @type {ReturnType<typeof createEditor> | undefined} */
  let editor;
  /** The reader has typed since coming in: Tab indents. For who only passes through, it leads on (WCAG 2.1.2). */
  let isWriting = false;
  /** The text is changed by the page, not by the reader. */
  let isAdapting = false;
  const still = el('pre', { tabindex: '0' }, code);
  // Reached with Tab from far away, it becomes the editor at once.
  still.addEventListener('focus', () => mounted().textarea.focus());
  container.append(still);
  waiting.set(container, mounted);
  if (nearby) nearby.observe(container);
  else mounted();

  function mounted() {
    if (editor) return editor;
    nearby?.unobserve(container);
    container.replaceChildren();
    editor = createEditor(
      container,
      { value: code, language: 'javascript', tabSize: 2, lineNumbers: true },
      editHistory(),
      editorCommands(),
    );
    const { textarea } = editor;
    textarea.setAttribute('aria-label', `Code of ${name}`);
    textarea.setAttribute('aria-keyshortcuts', 'Control+Enter Meta+Enter');
    const hint = el('span', { id: `leave-${id}`, class: 'editor-hint' });
    container.append(hint);
    textarea.setAttribute('aria-describedby', hint.id);
    write(false);
    textarea.addEventListener('blur', () => write(false));
    // Before the editor's own listener, which indents.
    container.addEventListener(
      'keydown',
      (event) => event.key === 'Tab' && !isWriting && event.stopPropagation(),
      true,
    );
    textarea.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Escape') {
        write(false);
        onleave();
      }
      if (event.key === 'Enter') write(true);
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      onrun();
    });
    editor.on('update', (/** @type {string} */ value) => {
      if (document.activeElement === textarea && !isAdapting) write(true);
      clearMarks();
      for (const line of container.querySelectorAll('.added-line, .removed-line'))
        line.classList.remove('added-line', 'removed-line');
      if (!isAdapting) onedit(value);
    });
    return editor;

    /** @param {boolean} isBegun */
    function write(isBegun) {
      isWriting = isBegun;
      hint.textContent = isBegun
        ? 'Tab indents. Esc, then Tab, leaves the code.'
        : 'Tab leaves the code, until you type.';
    }
  }

  function clearMarks() {
    for (const line of container.querySelectorAll('.error-line')) line.classList.remove('error-line');
    editor?.textarea.removeAttribute('aria-invalid');
  }

  return {
    get code() {
      return editor ? editor.value : code;
    },

    /** Puts another text in its place; the reader can undo that. @param {string} text */
    replace(text) {
      const editor = mounted();
      if (text === editor.value) return;
      const focused = /** @type {HTMLElement | null} */ (document.activeElement);
      insertText(editor, text, 0, editor.value.length, 0);
      focused?.focus();
    },

    /**
     * Changes the text without a word of the reader: neither focus nor scrolling, nor the place of the cursor. What they could undo is forgotten,
     * because undoing needs the focus when a text is put in.
     * @param {string} text
     */
    adapt(text) {
      if (!editor) {
        code = text;
        still.textContent = text;
        return;
      }
      const { textarea, value } = editor;
      const { selectionStart, selectionEnd } = textarea;
      isAdapting = true;
      editor.setOptions({ value: text });
      isAdapting = false;
      textarea.setSelectionRange(moved(selectionStart, value, text), moved(selectionEnd, value, text));
    },

    clearMarks,

    /** @param {number} line from 1 */
    markError(line) {
      const { lines, textarea } = mounted();
      lines[line]?.classList.add('error-line');
      textarea.setAttribute('aria-invalid', 'true');
    },

    /** Marks what an edit has changed, until the text changes again. @param {import('./patch.js').Change} change */
    markChange({ added, removed }) {
      const { lines } = mounted();
      for (const line of added) lines[line]?.classList.add('added-line');
      for (const line of removed) lines[line]?.classList.add('removed-line');
    },

    /** Highlights the line that what the reader looks at came from. @param {number | undefined} line from 1 */
    light(line) {
      for (const lit of container.querySelectorAll('.lit-line')) lit.classList.remove('lit-line');
      const lit = line ? mounted().lines[line] : undefined;
      if (!lit) return;
      lit.classList.add('lit-line');
      reveal([lit]);
    },

    /** @param {(line: number) => void} listener told when the cursor moves: the line that it is in, from 1 */
    oncursor(listener) {
      const editor = mounted();
      editor.on('selectionChange', ([start]) => listener(editor.value.slice(0, start).split('\n').length));
    },

    /** Moves the cursor to the start of a line, and the page only if the line is out of the window. @param {number} line from 1 */
    goTo(line) {
      const { lines, textarea, value } = mounted();
      const start =
        value
          .split('\n')
          .slice(0, line - 1)
          .join('\n').length + (line > 1 ? 1 : 0);
      textarea.focus({ preventScroll: true });
      textarea.setSelectionRange(start, start);
      const place = lines[line];
      if (!place) return;
      reveal([place]);
      const { top, bottom } = place.getBoundingClientRect();
      if (top < 0 || bottom > innerHeight) place.scrollIntoView({ block: 'center' });
    },
  };
}

/**
 * Where a place of a text is after a change in one part of it.
 * @param {number} place @param {string} before @param {string} after
 */
function moved(place, before, after) {
  let same = 0;
  while (same < before.length && same < after.length && before[same] === after[same]) same += 1;
  return place <= same ? place : Math.max(same, place + after.length - before.length);
}
