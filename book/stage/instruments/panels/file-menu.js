// @ts-check
// The menu of what is seldom needed: saving a run or its drawing, and opening a saved one.
//
// May import: ../files/, ../../dom.js, ../../visible.js.

import { button, el } from '../../dom.js';
import { visibleLine } from '../../visible.js';
import { openRecording, saveDrawing, saveRecording } from '../files/files.js';

/** @typedef {import('../files/files.js').Kept} Kept */

/**
 * Creates the menu.
 * @param {string} name of the demo
 * @param {object} hooks
 * @param {ReturnType<typeof import('./ladder.js').createLadder>} hooks.ladder
 * @param {() => Promise<Kept>} hooks.kept what is saved
 * @param {(recording: Kept) => void} hooks.onopen
 */
export function createFileMenu(name, { ladder, kept, onopen }) {
  /** Which file is shown, or why one was not opened. */
  const said = el('span', { class: 'said', role: 'status' });
  const file = el('input', { type: 'file', accept: '.json,application/json', hidden: '' });
  file.addEventListener('change', open);

  async function open() {
    const [chosen] = file.files ?? [];
    if (!chosen) return;
    try {
      onopen(await openRecording(chosen));
      said.textContent = `${visibleLine(chosen.name)} is shown. Follow brings back what runs here.`;
    } catch (error) {
      said.textContent = visibleLine(error instanceof Error ? error.message : String(error));
    }
    file.value = '';
  }

  const element = el(
    'details',
    { class: 'menu' },
    el('summary', {}, 'Files'),
    el(
      'div',
      { class: 'chips' },
      button('Save as JSON', async () => saveRecording(name, await kept())),
      button('Save as SVG', () => saveDrawing(name, ladder.drawing)),
      button('Open a saved one …', () => file.click()),
      file,
    ),
  );

  return {
    element,
    said,
    /** Removes the remark about a file. */
    clear() {
      said.textContent = '';
    },
  };
}
