// @ts-check
// One file of a demo: its editor, the reader's edits of it, which this browser keeps, and its text as it runs.
//
// May import: clipboard.js, edit-words.js, editor.js, edits.js.

import { copy } from './clipboard.js';
import { OUTCOMES, wordsOfOtherEdit } from './edit-words.js';
import { mountEditor } from './editor.js';
import { loadEdit, saveEdit, watchEdit } from './edits.js';

/** @typedef {import('./pairing.js').Pairing} Pairing */
/** @typedef {ReturnType<typeof createCodeFile>} CodeFile */

/**
 * @param {HTMLElement} box where the editor is put
 * @param {object} file
 * @param {string} file.name as the reader sees it
 * @param {string} file.key by which its edits are kept: of one page, no other file has it
 * @param {string} file.bookCode the text in the book
 * @param {boolean} file.isOnly the demo has no other: the words need not say which one they are about
 * @param {object} hooks
 * @param {() => Pairing} hooks.pairing what a pair makes of the text
 * @param {() => void} hooks.onedit the text has changed
 * @param {() => void} hooks.onrun
 * @param {() => void} hooks.onleave
 * @param {(words: string) => void} hooks.note
 */
export function createCodeFile(box, { name, key, bookCode, isOnly }, { pairing, onedit, onrun, onleave, note }) {
  const editor = mountEditor(box, { name, id: key, code: loadEdit(key) ?? bookCode, onedit: keep, onrun, onleave });
  /** The text that runs, or has run last. The editor may show another one by now. */
  let running = '';
  watchEdit(key, (kept) => {
    const words = wordsOfOtherEdit(kept, ownCode(), bookCode);
    if (words) note(isOnly ? words : `${name}: ${words}`);
  });

  /** The reader's own text. */
  function ownCode() {
    return pairing().withoutPair(editor.code);
  }

  function keep() {
    note('');
    save();
    onedit();
  }

  /** Keeps the text that is shown, and says so if it can't be kept. */
  function save() {
    const own = ownCode();
    const words = OUTCOMES[saveEdit(key, own === bookCode ? undefined : own)];
    if (words) note(isOnly ? words : `${name}: ${words}`);
  }

  /** @param {string} code the reader's own */
  function replace(code) {
    editor.replace(pairing().withPair(code));
  }

  return {
    name,
    bookCode,
    editor,
    replace,
    save,
    /** Shows a text that is no edit of the reader: it is not kept. @param {string} code as they would have written it */
    adapt: (code) => editor.adapt(pairing().withPair(code)),
    /** The reader's own text. */
    get code() {
      return ownCode();
    },
    get isEdited() {
      return ownCode() !== bookCode;
    },
    get running() {
      return running;
    },

    /** A run begins, with the text that is shown. */
    start() {
      editor.clearMarks();
      running = editor.code;
    },

    reset() {
      editor.clearMarks();
      replace(bookCode);
      // Also if this tab has no edit: another one may have saved its own.
      saveEdit(key, undefined);
      note(isOnly ? 'This is the text of the book again.' : `${name} has the text of the book again.`);
    },

    async copy() {
      const what = isOnly ? 'The code' : `The code of ${name}`;
      const isCopied = await copy(editor.code);
      note(
        isCopied
          ? `${what} is in the clipboard.`
          : 'This browser does not allow copying: select the code and copy it by hand.',
      );
    },

    /** Marks the line of an error, if it is the text that runs, and says where it is. @param {number} line */
    markError(line) {
      const isShown = editor.code === running;
      if (isShown) editor.markError(line);
      const where = isOnly ? `line ${line}` : `line ${line} of ${name}`;
      note(
        `An error in ${where}${isShown ? '' : isOnly ? ' of the code that runs' : ', as it runs'}: see the console.`,
      );
    },
  };
}
