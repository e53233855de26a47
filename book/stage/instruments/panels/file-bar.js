// @ts-check
// The buttons above the ladder: zoom, saving and opening.
//
// May import: ../files/, ../../dom.js, ../../visible.js.

import { button, el } from '../../dom.js';
import { visibleLine } from '../../visible.js';
import { openRecording, saveDrawing, saveRecording } from '../files/files.js';

/** @typedef {import('../files/files.js').Kept} Kept */

/**
 * Creates the bar.
 * @param {string} name of the demo
 * @param {object} hooks
 * @param {ReturnType<typeof import('./ladder.js').createLadder>} hooks.ladder
 * @param {() => Kept} hooks.kept what is saved
 * @param {(recording: Kept) => void} hooks.onopen
 */
export function createFileBar(name, { ladder, kept, onopen }) {
  /** Which file is shown, or why one was not opened. */
  const said = el('span', { class: 'said', role: 'status' });
  const file = el('input', {
    type: 'file',
    accept: '.json,application/json',
    'aria-label': 'Open a saved recording',
    class: 'file',
  });
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

  return {
    element: el(
      'div',
      { class: 'instruments-bar' },
      button('Smaller', () => ladder.zoomBy(0.8)),
      button('Larger', () => ladder.zoomBy(1.25)),
      button('Save as SVG', () => saveDrawing(name, ladder.drawing)),
      button('Save as JSON', () => saveRecording(name, kept())),
      el('label', { class: 'file-label' }, 'Open a saved one ', file),
      said,
    ),
    /** Removes the remark about a file. */
    clear() {
      said.textContent = '';
    },
  };
}
